/* variation.h - how grainy a map is: average total variation, at one scale and over many (AUTVC). What adaptive noising
 * may minimise (Goh et al., "Understanding Integrated Gradients with SmoothTaylor for Deep Neural Network Attribution",
 * 2020).
 *
 * Maps are height x width doubles without padding, row by row, height and width >= 1, finite and no larger than a
 * quarter of the largest double, so that no difference overflows. Arrays in, a number out: nothing is allocated. */
#ifndef ATTRIB_SRC_VARIATION_H
#define ATTRIB_SRC_VARIATION_H

#include <stdbool.h>
#include <stdint.h>

/* Average total variation of a map h: with n(h) = clip((|h| - min |h|) / (p99 |h| - min |h|), 0, 1), where p99 is the
 * 99th percentile, linear between order statistics,
 *   ATV = (sum |n(x + 1, y) - n(x, y)| + sum |n(x, y + 1) - n(x, y)|) / (height width).
 * In [0, 2). Neither the scale of h matters nor the sign of a pixel. 0 where p99 = min: of a constant map, and of one
 * that is 0 but for less than a hundredth of it. normalised: scratch of height x width doubles. */
double attrib__variation(int64_t height, int64_t width, const double *map, double *normalised);

/* Area under the curve of ATV over the levels of a Gaussian pyramid, one unit apart, by attrib__simpson: AUTVC. Level 0
 * is the map; each next one has sides smaller by 1.5, rounded up, and there are as many as have no side below 30. So a
 * second one needs sides of 44 and more; of a map with a smaller one the area is 0.
 *
 * To the next level, signed values: smoothing by a Gaussian of sigma 1/2, cut off at 2 pixels, border reflected
 * (c b a | a b c | c b a), then linear interpolation at the centres of the new pixels (pixel i of n lies at
 * (i + 1/2) / n of the side). Factor, smallest side and normalisation are the published ones, and so is sigma, 2 * 1.5
 * / 6; cut-off, rounding, interpolation and the rule for an odd number of intervals are our own choice. */
double attrib__variation_area(int64_t height, int64_t width, const double *map, double *scratch);

/* Whether a map has a second level. */
bool attrib__variation_has_area(int64_t height, int64_t width);

/* Doubles of scratch for attrib__variation_area. */
int64_t attrib__variation_scratch(int64_t height, int64_t width);

#endif
