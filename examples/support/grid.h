/* grid.h - a picture's inputs in groups: squares of a few pixels, all channels together. */
#ifndef EXAMPLES_GRID_H
#define EXAMPLES_GRID_H

#include <attrib/image.h>

/* Columns and rows of squares with sides of `side` pixels; those at the right and lower edge may be cut. */
typedef struct grid {
  int64_t side, columns, rows;
} grid;

grid grid_of(const attrib_image *shape, int64_t side);

/* The group of each input, y / side * columns + x / side, in labels: one per input of the shape. */
void grid_labels(const grid *g, const attrib_image *shape, int32_t *labels);

/* Draws the groups' values as regions: each pixel of the first channel gets its group's value, the other channels 0. */
void grid_draw(const grid *g, const attrib_image *shape, const double *values, double *inputs);

#endif
