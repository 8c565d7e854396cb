/* shapes.h - small grey pictures to train on, as many as wanted: a shape on a textured background, and two sets made to
 * mislead.
 *
 * A picture depends on (seed, index) alone. Values are in [0, 1], row by row. No file, no allocation, no libm: the same
 * bits on every machine. */
#ifndef EXAMPLES_SHAPES_H
#define EXAMPLES_SHAPES_H

#include <stdint.h>

enum { SHAPES_SIDE = 24, SHAPES_PIXELS = SHAPES_SIDE * SHAPES_SIDE, SHAPES_CLASSES = 4, SHAPES_CORNER = 4 };

/* What is in the pictures of a set, and what says the class. */
typedef enum shapes_kind {
  SHAPES_PLAIN,    /* the shape: disc, ring, triangle or cross, brighter than the background */
  SHAPES_DECOY,    /* one of four blocks of the top left corner that is bright; the shape says nothing */
  SHAPES_SCATTERED /* how bright the dots are that are scattered over black, as many in every picture; no shape */
} shapes_kind;

typedef struct shapes_set {
  shapes_kind kind;
  uint64_t seed;
} shapes_set;

/* "disc", ... of a class of the plain set; NULL for no class. */
const char *shapes_class_name(int32_t class_number);

/* Renders picture `index` >= 0 and returns its class. mask, or NULL: 1 where the shape covers at least half of a pixel,
 * of SCATTERED where a dot is, else 0. */
int32_t shapes_render(const shapes_set *set, int64_t index, float *pixels, uint8_t *mask);

/* Pictures [first, first + count), one after the other, and their classes. */
void shapes_render_all(const shapes_set *set, int64_t first, int64_t count, float *pixels, int32_t *labels);

/* Size of the Sobel gradient of a picture, its border pixels repeated: where edges are, whatever any network does. */
void shapes_edges(const float *pixels, double *edges);

#endif
