/* select.h - order statistics. */
#ifndef ATTRIB_SRC_SELECT_H
#define ATTRIB_SRC_SELECT_H

#include <stdint.h>

/* Order statistic number `rank` (0 = smallest) of shown(values[i], mode), which must be >= 0, never -0 and never NaN;
 * infinity is fine. Eight passes over the values, the same cost whatever they are; no copy of them. */
double attrib__select(int64_t count, const double *values, double (*shown)(double value, uint32_t mode), uint32_t mode,
                      int64_t rank);

#endif
