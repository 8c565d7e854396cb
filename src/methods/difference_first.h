/* difference_first.h - what a model without gradients is asked first: f along the first line, from which the noise of f
 * and the step of the differences follow. Scalars only. */
#ifndef ATTRIB_SRC_DIFFERENCE_FIRST_H
#define ATTRIB_SRC_DIFFERENCE_FIRST_H

#include <stdint.h>

#include "../base/ecnoise.h"

/* The step's bounds. At the lower one, about the cube root of double's epsilon, truncation of what is smooth is below
 * rounding in double; above the upper one a difference speaks of another stretch of the path. */
#define ATTRIB__LEAST_STEP 0x1p-17
#define ATTRIB__MOST_STEP 0x1p-4

/* Both ends of the line; nine points near its middle; and eight further apart, with the middle one of the nine between
 * them: a runtime that rounds to a shorter type than the model's shows its noise there alone. */
enum { ATTRIB__FIRST_ROWS = 2 + ATTRIB__NOISE_MOST_VALUES + ATTRIB__NOISE_MOST_VALUES - 1 };

/* Where on the line row `row` of them lies. */
double attrib__difference_first_alpha(uint32_t dtype, int64_t row);

/* What their outputs say. */
typedef struct attrib__difference_found {
  double noise; /* standard deviation; half a rounding of f in double at least */
  double step;
  int scale; /* f is about 2^scale */
} attrib__difference_found;

/* The largest power of two h, within the bounds, for which h^2 <= noise / change: what noise leaves in a difference,
 * noise / h, is then what a kink within h of the point leaves, at most h times the change. Of a smooth function h^3 <=
 * 3 noise / change would leave less; that its noise is of no account without it is the smaller evil. A power of two,
 * because most points are then met exactly. change 0: the upper bound. */
double attrib__difference_step(double noise, double change);

/* rounding: how far, as a fraction of the displacement, points are off that are rounded to the model's type. Where few
 * features move, roundings may follow the points so closely that no difference shows them: noise is no less than what
 * that makes of the change of f. Where f does not change on the line, the step is one for changes of the size of f and
 * the noise of a sum in the model's type. */
attrib__difference_found attrib__difference_conclude(uint32_t dtype, const double outputs[ATTRIB__FIRST_ROWS],
                                                     double rounding);

#endif
