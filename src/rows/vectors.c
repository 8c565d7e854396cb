/* vectors.c - see vectors.h. */
#include "vectors.h"

#include <math.h>

#include "../base/clones.h"

enum { LANES = 16 };

static inline double sum_lanes(double *lanes) {
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int k = 0; k < width; k++) lanes[k] += lanes[k + width];
  return lanes[0];
}

ATTRIB__CLONES double attrib__vector_sum(int64_t n, const double *x) {
  double lanes[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lanes[k] += x[i + k];
  for (int k = 0; i + k < n; k++) lanes[k] += x[i + k];
  return sum_lanes(lanes);
}

ATTRIB__CLONES double attrib__vector_square(int64_t n, const double *x) {
  double lanes[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lanes[k] += x[i + k] * x[i + k];
  for (int k = 0; i + k < n; k++) lanes[k] += x[i + k] * x[i + k];
  return sum_lanes(lanes);
}

ATTRIB__CLONES double attrib__vector_dot(int64_t n, const double *x, const double *y) {
  double lanes[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lanes[k] += x[i + k] * y[i + k];
  for (int k = 0; i + k < n; k++) lanes[k] += x[i + k] * y[i + k];
  return sum_lanes(lanes);
}

ATTRIB__CLONES void attrib__vector_scale(int64_t n, double weight, const double *restrict x, double *restrict y) {
  for (int64_t i = 0; i < n; i++) y[i] = weight * x[i];
}

ATTRIB__CLONES void attrib__vector_add(int64_t n, double weight, const double *restrict x, double *restrict y) {
  for (int64_t i = 0; i < n; i++) y[i] += weight * x[i];
}

ATTRIB__CLONES void attrib__vector_subtract(int64_t n, const double *restrict x, const double *restrict y,
                                            double *restrict difference) {
  for (int64_t i = 0; i < n; i++) difference[i] = x[i] - y[i];
}

ATTRIB__CLONES double attrib__vector_largest(int64_t n, const double *x) {
  double lanes[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lanes[k] = fabs(x[i + k]) > lanes[k] ? fabs(x[i + k]) : lanes[k];
  for (int k = 0; i + k < n; k++) lanes[k] = fabs(x[i + k]) > lanes[k] ? fabs(x[i + k]) : lanes[k];
  double largest = 0;
  for (int k = 0; k < LANES; k++) largest = fmax(largest, lanes[k]);
  return largest;
}

ATTRIB__CLONES void attrib__vector_add_square(int64_t n, double weight, const double *restrict x, double *restrict y) {
  for (int64_t i = 0; i < n; i++) y[i] += weight * (x[i] * x[i]);
}
