/* noise_level.h - how large the noise of a computed function is, told from its values at points so near one another
 * that the function itself hardly changes, and the step of central differences that it allows. Scalars only. */
#ifndef ATTRIB_SRC_NOISE_LEVEL_H
#define ATTRIB_SRC_NOISE_LEVEL_H

enum { ATTRIB__NOISE_VALUES = 9 };

/* The step's bounds. Below the lower one, about the cube root of double's epsilon, rounding is all there is even of a
 * function without noise of its own; above the upper one a difference speaks of another stretch of the path. */
#define ATTRIB__LEAST_STEP 0x1p-17
#define ATTRIB__MOST_STEP 0x1p-4

/* Standard deviation of the noise in values at equal distances, from the table of their differences (ECnoise: More,
 * Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011): the differences of higher order of what is
 * smooth vanish, those of noise do not, and the order from which on three agree tells it. 0 where half of neighbouring
 * values or more are the same: the points are too near one another, or there is no noise. */
double attrib__noise_level(const double values[ATTRIB__NOISE_VALUES]);

/* The largest power of two h, within the bounds, for which h^3 <= 3 noise / change: where the third derivative is of
 * the size of the function's change, rounding and truncation are then of one size. A power of two, because most points
 * are then met exactly, and because cube roots differ from machine to machine. change 0: the upper bound. */
double attrib__noise_step(double noise, double change);

#endif
