/* normal.c - see normal.h. */
#include "normal.h"

#include <math.h>

/* Intervals narrower than this many sigmas get a closed form: differences of the cdf across them would cancel. Here
 * both forms are off by about 1e-11 of the interval. */
#define NARROW 1e-5

/* Intervals that begin more than this many sigmas out get a closed form: farther on, masses underflow. */
#define FAR 36.0

#define SQRT_HALF 0.70710678118654752440

/* Coefficients of Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
 * (1988) 477-484, routine PPND16; ascending powers, numerator then denominator. */
enum { TERMS = 8 };
static const double centre_numerator[TERMS] = {
    3.3871328727963666080,    1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
};
static const double centre_denominator[TERMS] = {
    1.0,
    4.2313330701600911252e+1,
    6.8718700749205790830e+2,
    5.3941960214247511077e+3,
    2.1213794301586595867e+4,
    3.9307895800092710610e+4,
    2.8729085735721942674e+4,
    5.2264952788528545610e+3,
};
static const double tail_numerator[TERMS] = {
    1.42343711074968357734, 4.63033784615654529590,    5.76949722146069140550,    3.64784832476320460504,
    1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
};
static const double tail_denominator[TERMS] = {
    1.0,
    2.05319162663775882187,
    1.67638483018380384940,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
};
static const double far_numerator[TERMS] = {
    6.65790464350110377720,    5.46378491116411436990,    1.78482653991729133580,    2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
};
static const double far_denominator[TERMS] = {
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
};

static double ratio(const double *numerator, const double *denominator, double x) {
  double above = numerator[TERMS - 1], below = denominator[TERMS - 1];
  for (int i = TERMS - 2; i >= 0; i--) {
    above = above * x + numerator[i];
    below = below * x + denominator[i];
  }
  return above / below;
}

/* AS 241: three rational fits, in (p - 1/2)^2 near the middle and in sqrt(-log tail) beyond. */
double attrib__normal_quantile(double p) {
  if (p <= 0) return -INFINITY;
  if (p >= 1) return INFINITY;
  double q = p - 0.5;
  if (fabs(q) <= 0.425) return q * ratio(centre_numerator, centre_denominator, 0.180625 - q * q);
  double r = sqrt(-log(q < 0 ? p : 1 - p));
  double z = r <= 5 ? ratio(tail_numerator, tail_denominator, r - 1.6) : ratio(far_numerator, far_denominator, r - 5);
  return q < 0 ? -z : z;
}

double attrib__normal_cdf(double z) {
  return 0.5 * erfc(-z * SQRT_HALF);
}

/* Where in a narrow interval the quantile lies, from 0 to 1 (the mean is left of it). Across the interval the density
 * is exp(-tilt t) but for a factor within width^2 / 8 of 1. */
static double narrow_quantile(double tilt, double u) {
  return tilt < 1e-12 ? u : -log1p(u * expm1(-tilt)) / tilt;
}

/* How far beyond `bound` > FAR, in sigmas, the quantile in [bound, bound + width] lies. With z^2 = bound^2 + 2 e, e is
 * exponential but for a factor bound / z, which is within 1e-3 of 1 where the mass is (Marsaglia 1964, without his
 * rejection step). */
static double far_quantile(double bound, double width, double u) {
  double e = -log1p(u * expm1(-width * (bound + 0.5 * width)));
  return 2 * e / (bound + sqrt(bound * bound + 2 * e));
}

/* Quantile in [a, b], a <= 0, in sigmas: from whichever tail is the smaller, so that small masses are not lost. */
static double middle_quantile(double a, double b, double u) {
  double below = attrib__normal_cdf(a);
  double mass = attrib__normal_cdf(b) - below;
  double p = below + u * mass;
  if (p <= 0.5) return attrib__normal_quantile(p);
  return -attrib__normal_quantile(attrib__normal_cdf(-b) + (1 - u) * mass);
}

static double clamp(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

double attrib__truncated_normal(double mean, double sigma, double low, double high, double u) {
  if (sigma == 0) return clamp(mean, low, high);
  double a = (low - mean) / sigma, b = (high - mean) / sigma, width = (high - low) / sigma;
  double middle = 0.5 * a + 0.5 * b;
  double value;
  if (width < NARROW && middle >= 0)
    value = low + (high - low) * narrow_quantile(middle * width, u);
  else if (width < NARROW)
    value = high - (high - low) * narrow_quantile(-middle * width, 1 - u);
  else if (a > FAR)
    value = low + sigma * far_quantile(a, width, u);
  else if (b < -FAR)
    value = high - sigma * far_quantile(-b, width, 1 - u);
  else if (a > 0)
    value = mean - sigma * middle_quantile(-b, -a, 1 - u);
  else
    value = mean + sigma * middle_quantile(a, b, u);
  return clamp(value, low, high);
}
