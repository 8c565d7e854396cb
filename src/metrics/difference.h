/* difference.h - how far one map is from another. */
#ifndef ATTRIB_SRC_DIFFERENCE_H
#define ATTRIB_SRC_DIFFERENCE_H

#include <stdint.h>

/* largest, at largest_index: of |a - b|, of equal ones the first. relative: |a - b| / |a| in Euclidean lengths; NaN
 * where a is 0 everywhere. Infinite where it does not fit. */
typedef struct attrib__difference {
  double relative, largest;
  int64_t largest_index;
} attrib__difference;

attrib__difference attrib__difference_find(int64_t count, const double *a, const double *b);

#endif
