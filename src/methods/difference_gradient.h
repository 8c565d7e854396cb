/* difference_gradient.h - points moved along the displacement of one group of features, and the gradient that stands
 * for what f does there: the shortest with the given directional derivatives (differences.h). */
#ifndef ATTRIB_SRC_DIFFERENCE_GRADIENT_H
#define ATTRIB_SRC_DIFFERENCE_GRADIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"
#include "../rows/row.h"

typedef struct attrib__difference_gradient {
  uint32_t dtype;
  int64_t n, count;      /* features, groups */
  const int32_t *groups; /* n labels; NULL = each feature by itself */
  double *scales;        /* count: a power of two that takes the displacement of the group, of the row that was measured
                            last, to about 1; 0 = it does not move */
  double *squares;       /* count: sum of its squares at that scale, so that none overflows or vanishes */
  void *values;          /* n, dtype: the gradient */
} attrib__difference_gradient;

void attrib__difference_gradient_layout(attrib__difference_gradient *gradient, attrib__arena *arena);

/* Half a rounding of the largest element of the line, over its largest displacement. A curve, whose ends are not at
 * hand: as if these were of one size. */
double attrib__difference_rounding(const attrib__difference_gradient *gradient, const attrib__row *row);

/* point += by * displacement of row->group, rounded once. */
void attrib__difference_move(const attrib__difference_gradient *gradient, const attrib__row *row, double by,
                             void *point);

/* Takes the displacement of a row. */
void attrib__difference_measure(attrib__difference_gradient *gradient, const attrib__row *row);

/* Whether the group moved at all in the row measured. */
static inline bool attrib__difference_moves(const attrib__difference_gradient *gradient, int64_t group) {
  return gradient->scales[group] > 0;
}

/* Writes the gradient for the row measured: displacement times gradient sums to slopes[g] over group g. */
void attrib__difference_write(attrib__difference_gradient *gradient, const attrib__row *row, const double *slopes);

#endif
