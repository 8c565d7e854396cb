/* ecnoise.h - the noise of a computed function, from its values at equally spaced neighbouring points. */
#ifndef ATTRIB_SRC_ECNOISE_H
#define ATTRIB_SRC_ECNOISE_H

#include <stdbool.h>

enum { ATTRIB__NOISE_VALUES = 6 };

typedef enum attrib__noise_kind {
  ATTRIB__NOISE_FOUND,
  ATTRIB__NOISE_STEPS, /* half or more of neighbouring values are equal: the spacing is below what f resolves */
  ATTRIB__NOISE_CURVED /* differences tell of the function, not of noise: kinks, or too wide a spacing */
} attrib__noise_kind;

/* ECnoise of More and Wild (2011): table of differences; differences of order k of pure noise of standard deviation s
 * have mean square s^2 (2k)! / (k!)^2. s is taken of the lowest order from which three estimates agree within a factor
 * of 4 (here two at the end of the table, which has five orders) and whose differences change sign. CURVED: the
 * smallest estimate. STEPS: 0.3 of the largest jump. Values are finite. */
attrib__noise_kind attrib__ecnoise(const double values[ATTRIB__NOISE_VALUES], double *noise);

#endif
