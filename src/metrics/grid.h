/* grid.h - how many units are ablated at each point of a curve. */
#ifndef ATTRIB_SRC_GRID_H
#define ATTRIB_SRC_GRID_H

#include <stdint.h>

/* Most points of a grid of equal parts: products of two of them fit. */
#define ATTRIB__GRID_MOST_PARTS (INT64_C(1) << 24)

typedef struct attrib__grid {
  int64_t total; /* units */
  int64_t step;  /* from one point to the next; 0 = of equal parts: */
  int64_t parts; /* at point i, floor(i total / parts) units */
} attrib__grid;

/* At point i >= 0; of equal parts i <= parts <= ATTRIB__GRID_MOST_PARTS. In integers: no fraction is ever rounded. */
int64_t attrib__grid_count(const attrib__grid *grid, int64_t i);

/* One past the last point, of those up to `last`, with as many units as point i. */
int64_t attrib__grid_end(const attrib__grid *grid, int64_t i, int64_t last);

#endif
