/* ecnoise.h - the noise of a computed function, from its values at equally spaced neighbouring points. */
#ifndef ATTRIB_SRC_ECNOISE_H
#define ATTRIB_SRC_ECNOISE_H

enum { ATTRIB__NOISE_MOST_VALUES = 9 };

typedef enum attrib__noise_kind {
  ATTRIB__NOISE_FOUND,
  ATTRIB__NOISE_STEPS, /* half or more of neighbouring values are equal: the spacing is below what f resolves */
  ATTRIB__NOISE_CURVED /* differences tell of the function, not of noise: kinks, or too wide a spacing */
} attrib__noise_kind;

/* Standard deviation of the noise in count values, 4 to ATTRIB__NOISE_MOST_VALUES, all finite (ECnoise: More, Wild,
 * "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011). Differences of higher order of what is smooth
 * vanish; those of order k of independent noise of standard deviation s have mean square s^2 (2k)! / (k!)^2. s is taken
 * of the lowest order from which three estimates agree within a factor of 4 (two at the end of the table) and whose
 * differences change sign. CURVED: the smallest estimate, which is still no less than the noise. STEPS: 0.3 of the
 * largest jump, as of rounding to steps of that size. Neither overflows nor vanishes on the way. */
attrib__noise_kind attrib__ecnoise(const double *values, int count, double *noise);

#endif
