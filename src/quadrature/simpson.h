/* simpson.h - area under a curve known at equally spaced places. */
#ifndef ATTRIB_SRC_SIMPSON_H
#define ATTRIB_SRC_SIMPSON_H

#include <stdint.h>

/* Of values one unit apart. Simpson's rule on pairs of intervals; where their number is odd, his 3/8 rule on the last
 * three: cubics are integrated exactly from three values on. Two values: the trapezoid; one or none: 0. */
double attrib__simpson(int64_t count, const double *values);

/* The weight of value k in it, for values that come one by one. */
double attrib__simpson_weight(int64_t count, int64_t k);

#endif
