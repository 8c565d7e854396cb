/* segments.h - the segments of label maps: which there are, where they lie, and which ones a pixel is of.
 *
 * A segment is the pixels that carry one label in one map, grown by a disc. Grown segments overlap, so a pixel may be
 * of several in each map. No such list is stored: the labels within reach of the pixel are it. */
#ifndef ATTRIB_SRC_SEGMENTS_H
#define ATTRIB_SRC_SEGMENTS_H

#include <stdint.h>

typedef struct attrib__segment {
  int32_t map, label;
  int32_t left, right, top, bottom; /* the box around the label's own pixels, last column and row included */
  int32_t uncovered;                /* pixels of the grown segment that are in no region yet */
  int32_t touched;                  /* the last region that took pixels from it */
  int32_t seen;                     /* the last pixel at which it was found */
} attrib__segment;

/* maps * height * width < 2^31, so that segments and pixels have numbers of 32 bits. */
typedef struct attrib__segment_list {
  int64_t width, height, maps;
  const int32_t *labels; /* the caller's */
  int64_t rows;          /* how many rows up and down the disc reaches, itself not counted; less than height */
  int32_t *reach;        /* rows + 1: how many columns left and right it reaches that many rows away */
  int64_t *first;        /* maps + 1: map m has the segments first[m] to first[m + 1] - 1, by rising label */
  attrib__segment *at;
} attrib__segment_list;

/* The disc of a radius >= 0 around a pixel: all pixels whose centres are no further away. attrib__disc_rows gives
 * list->rows, attrib__disc_build fills list->reach. */
int64_t attrib__disc_rows(const attrib__segment_list *list, int64_t radius);
void attrib__disc_build(attrib__segment_list *list, int64_t radius);

/* The number of segments of one map. sorted: scratch, height * width labels. */
int64_t attrib__segments_count(const attrib__segment_list *list, int64_t map, int32_t *sorted);

/* Fills list->first and list->at: names and boxes, nothing uncovered, touched and seen -1. */
void attrib__segments_build(attrib__segment_list *list, int32_t *sorted);

/* Writes the numbers of the segments that the pixel is of, each once, and returns how many they are. A second look at
 * the same pixel needs `seen` to be set to -1 before. */
int64_t attrib__segments_find(attrib__segment_list *list, int64_t x, int64_t y, int32_t *found);

#endif
