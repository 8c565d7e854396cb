/* difference_first.h - what a model without gradients is asked first: f along the first line, from which the noise of f
 * and the step of the differences follow. Scalars only. */
#ifndef ATTRIB_SRC_DIFFERENCE_FIRST_H
#define ATTRIB_SRC_DIFFERENCE_FIRST_H

#include <stdint.h>

#include "noise_level.h"

/* Both ends of the line; nine points near its middle; and eight further apart, with the middle one of the nine between
 * them: a runtime that rounds to a shorter type than the model's shows its noise there alone. */
enum { ATTRIB__FIRST_ROWS = 2 + ATTRIB__NOISE_VALUES + ATTRIB__NOISE_VALUES - 1 };

/* Where on the line row `row` of them lies. */
double attrib__difference_first_alpha(uint32_t dtype, int64_t row);

/* What their outputs say. */
typedef struct attrib__difference_found {
  double noise; /* standard deviation; half a rounding of f in double at least */
  double step;
  int scale; /* f is about 2^scale */
} attrib__difference_found;

/* rounding: how far, as a fraction of the displacement, points are off that are rounded to the model's type. Where few
 * features move, roundings may follow the points so closely that no difference shows them: noise is no less than what
 * that makes of the change of f. */
attrib__difference_found attrib__difference_conclude(const double outputs[ATTRIB__FIRST_ROWS], double rounding);

#endif
