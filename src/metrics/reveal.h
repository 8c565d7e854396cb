/* reveal.h - a picture of which some pixels are known, with the others filled in from these: pull-push (Gortler,
 * Grzeszczuk, Szeliski, Cohen 1996).
 *
 * Pull: pixels are averaged 2 x 2 at a time, those that are known alone, until one is left. Push: from there on, finer
 * and finer, each pixel that is not known becomes what lies there between the centres of the coarser ones, beyond the
 * outermost centres the outermost. */
#ifndef ATTRIB_SRC_REVEAL_H
#define ATTRIB_SRC_REVEAL_H

#include <stdbool.h>

#include <attrib/image.h>

#include "../base/arena.h"

enum { ATTRIB__REVEAL_LEVELS = 64 };

typedef struct attrib__reveal {
  uint32_t dtype;
  attrib_image shape;
  int64_t levels;
  int64_t width[ATTRIB__REVEAL_LEVELS], height[ATTRIB__REVEAL_LEVELS], first[ATTRIB__REVEAL_LEVELS];
  double *values;       /* of one channel, level by level */
  unsigned char *known; /* likewise, of the pixels of all channels */
} attrib__reveal;

/* Sizes, and the memory for them. */
void attrib__reveal_layout(attrib__reveal *reveal, uint32_t dtype, const attrib_image *shape, attrib__arena *arena);

/* point: the picture with pixels whose mark is not 0, of which there must be one. Both are elements of dtype, laid out
 * as shape says. marks: one byte per pixel. */
void attrib__reveal_write(const attrib__reveal *reveal, const unsigned char *marks, const void *picture, void *point);

#endif
