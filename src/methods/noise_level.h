/* noise_level.h - how large the noise of a computed function is, told from its values at points so near one another
 * that the function itself hardly changes, and the step of central differences that it allows. Scalars only. */
#ifndef ATTRIB_SRC_NOISE_LEVEL_H
#define ATTRIB_SRC_NOISE_LEVEL_H

enum { ATTRIB__NOISE_VALUES = 9 };

/* The step's bounds. At the lower one, about the cube root of double's epsilon, truncation of what is smooth is below
 * rounding in double; above the upper one a difference speaks of another stretch of the path. */
#define ATTRIB__LEAST_STEP 0x1p-17
#define ATTRIB__MOST_STEP 0x1p-4

/* Standard deviation of the noise in values at equal distances, from the table of their differences (ECnoise: More,
 * Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011): the differences of higher order of what is
 * smooth vanish, those of noise do not, and the order from which on three agree tells it. 0 where half of neighbouring
 * values or more are the same: the points are too near one another, or there is no noise. */
double attrib__noise_level(const double values[ATTRIB__NOISE_VALUES]);

/* The largest power of two h, within the bounds, for which h^2 <= noise / change: what noise leaves in a difference,
 * noise / h, is then what a kink within h of the point leaves, at most h times the change. Of a smooth function h^3 <=
 * 3 noise / change would leave less; that its noise is of no account without it is the smaller evil. A power of two,
 * because most points are then met exactly. change 0: the upper bound. */
double attrib__noise_step(double noise, double change);

#endif
