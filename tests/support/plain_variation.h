/* plain_variation.h - total variation of a map at one scale and over the pyramid, and Simpson's rule, by their
 * definitions in plain loops: what tests hold the library against (src/methods/variation.h, src/quadrature/simpson.h).
 */
#ifndef ATTRIB_TESTS_PLAIN_VARIATION_H
#define ATTRIB_TESTS_PLAIN_VARIATION_H

#include <stdint.h>

double plain_variation(int64_t height, int64_t width, const double *map);

/* And how many levels there were. */
double plain_variation_area(int64_t height, int64_t width, const double *map, int64_t *levels);

/* Of values one unit apart. */
double plain_simpson(int64_t count, const double *values);

#endif
