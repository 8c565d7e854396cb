/* infidelity_value.c - see infidelity_value.h. */
#include "infidelity_value.h"

#include <math.h>
#include <stddef.h>

#include "../rows/sum.h"

typedef struct draws {
  int64_t count;
  const double *said, *fell, *weights;
} draws;

/* beta = ratio * unit, a power of two near the inverse of the largest of what was said, so that nothing of that
 * vanishes in its square. */
typedef struct scale {
  double ratio, unit;
} scale;

static double weight_of(const draws *d, int64_t k) {
  return d->weights != NULL ? d->weights[k] : 1 / (double)d->count;
}

static scale find_scale(const draws *d) {
  enum { MOST = 1000 };
  double largest = 0;
  for (int64_t k = 0; k < d->count; k++) largest = fmax(largest, fabs(d->said[k]));
  if (largest == 0) return (scale){0, 1};
  if (!isfinite(largest)) return (scale){(double)NAN, 1};
  int exponent;
  frexp(largest, &exponent);
  scale found = {.unit = ldexp(1, -exponent < MOST ? -exponent : MOST)};
  attrib__sum products = {0}, squares = {0};
  for (int64_t k = 0; k < d->count; k++) {
    const double weight = weight_of(d, k), said = found.unit * d->said[k];
    attrib__sum_add(&products, weight * said * d->fell[k]);
    attrib__sum_add(&squares, weight * said * said);
  }
  found.ratio = attrib__sum_value(&products) / attrib__sum_value(&squares);
  return found;
}

static double squared_error(const draws *d, const scale *beta, int64_t k) {
  const double error = beta->ratio * (beta->unit * d->said[k]) - d->fell[k];
  return error * error;
}

double attrib__infidelity_value(int64_t count, const double *said, const double *fell, const double *weights,
                                bool scaled, double *standard_error) {
  const draws d = {count, said, fell, weights};
  const scale beta = scaled ? find_scale(&d) : (scale){1, 1};
  attrib__sum mean = {0}, squares = {0};
  for (int64_t k = 0; k < count; k++) attrib__sum_add(&mean, weight_of(&d, k) * squared_error(&d, &beta, k));
  const double value = attrib__sum_value(&mean);
  for (int64_t k = 0; k < count; k++) {
    const double deviation = squared_error(&d, &beta, k) - value;
    attrib__sum_add(&squares, deviation / (double)(count - 1) * deviation / (double)count);
  }
  *standard_error = weights != NULL ? 0 : count > 1 ? sqrt(attrib__sum_value(&squares)) : (double)NAN;
  return value;
}
