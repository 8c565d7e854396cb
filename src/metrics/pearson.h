/* pearson.h - the correlation of two sides whose values are known to so and so many digits. */
#ifndef ATTRIB_SRC_PEARSON_H
#define ATTRIB_SRC_PEARSON_H

#include <stdint.h>

typedef enum attrib__correlated {
  ATTRIB__CORRELATED,
  ATTRIB__CONSTANT_LEFT, /* no value is farther from the mean than values may be off by; also where both are constant */
  ATTRIB__CONSTANT_RIGHT
} attrib__correlated;

/* Pearson's r of count pairs of finite numbers, in [-1, 1], whatever their magnitude; NaN where a side is constant.
 * left_off, right_off: by how much a value may be off. */
attrib__correlated attrib__pearson(int64_t count, const double *left, double left_off, const double *right,
                                   double right_off, double *r);

#endif
