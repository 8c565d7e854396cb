/* smooth_models.h - models whose averages over normal noise are known in closed form. Include after fixture.h. */
#ifndef ATTRIB_TESTS_SMOOTH_MODELS_H
#define ATTRIB_TESTS_SMOOTH_MODELS_H

#include "fixture.h"

static inline double f_cosines(const double *x, int64_t n, double *g, const void *parameters) {
  double f = 0;
  (void)parameters;
  for (int64_t i = 0; i < n; i++) {
    f += cos(x[i]);
    if (g != NULL) g[i] = -sin(x[i]);
  }
  return f;
}

/* What form `form` tends to for input x_i of sum cos. */
static inline double limit_of_cosines(uint32_t form, double x, double sigma) {
  double s2 = sigma * sigma, mean = -exp(-s2 / 2) * sin(x), squared = (1 - exp(-2 * s2) * cos(2 * x)) / 2;
  double taylor = s2 * exp(-s2 / 2) * cos(x);
  switch (form) {
    case ATTRIB_SMOOTH_SQUARED: return squared;
    case ATTRIB_SMOOTH_VARIANCE: return squared - mean * mean;
    case ATTRIB_SMOOTH_TIMES_INPUT: return x * mean - taylor;
    case ATTRIB_SMOOTH_TAYLOR: return taylor;
    default: return mean;
  }
}

/* And for input i of x'Ax / 2, A symmetric. */
static inline double limit_of_quadratic(uint32_t form, const double *a, int64_t n, const double *x, int64_t i,
                                        double sigma) {
  double mean = 0, variance = 0, taylor = -sigma * sigma * a[i * n + i];
  for (int64_t j = 0; j < n; j++) {
    mean += a[i * n + j] * x[j];
    variance += sigma * sigma * a[i * n + j] * a[i * n + j];
  }
  switch (form) {
    case ATTRIB_SMOOTH_SQUARED: return mean * mean + variance;
    case ATTRIB_SMOOTH_VARIANCE: return variance;
    case ATTRIB_SMOOTH_TIMES_INPUT: return x[i] * mean - taylor;
    case ATTRIB_SMOOTH_TAYLOR: return taylor;
    default: return mean;
  }
}

#endif
