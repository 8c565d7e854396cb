/* baseline_measure.h - how far a baseline is from an input, where it is blind, and whether it is a valid row. */
#ifndef ATTRIB_SRC_BASELINE_MEASURE_H
#define ATTRIB_SRC_BASELINE_MEASURE_H

#include <stdint.h>

#include "../model/range.h"

/* Fills in columns[ATTRIB_BASELINE_BLIND], OUTSIDE, DISTANCE and LARGEST (see agreement.h). Both rows are finite;
 * distances that overflow are infinite. */
void attrib__baseline_measure(uint32_t dtype, int64_t n, const void *input, const void *row, double tolerance,
                              const attrib__range *range, double *columns);

#endif
