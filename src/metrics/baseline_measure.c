/* baseline_measure.c - see baseline_measure.h. */
#include "baseline_measure.h"

#include <math.h>

#include <attrib/agreement.h>

#include "../rows/rows.h"
#include "../rows/sum.h"

/* A stretch of a baseline, and how far it is from the input there. */
typedef struct stretch {
  int64_t n;
  double values[ATTRIB__BLOCK], distances[ATTRIB__BLOCK];
} stretch;

static void load(uint32_t dtype, int64_t n, const void *input, const void *row, int64_t begin, stretch *s) {
  s->n = n - begin < ATTRIB__BLOCK ? n - begin : ATTRIB__BLOCK;
  attrib__rows_load(dtype, input, begin, s->n, s->distances);
  attrib__rows_load(dtype, row, begin, s->n, s->values);
  for (int64_t i = 0; i < s->n; i++) s->distances[i] = fabs(s->distances[i] - s->values[i]);
}

/* Scaled by the largest, so that no square overflows. */
static double length_of(uint32_t dtype, int64_t n, const void *input, const void *row, double largest) {
  stretch s;
  int exponent;
  attrib__sum squares = {0, 0};
  frexp(largest, &exponent);
  for (int64_t begin = 0; begin < n; begin += s.n) {
    load(dtype, n, input, row, begin, &s);
    for (int64_t i = 0; i < s.n; i++) {
      const double distance = ldexp(s.distances[i], -exponent);
      attrib__sum_add(&squares, distance * distance);
    }
  }
  return ldexp(sqrt(attrib__sum_value(&squares)), exponent);
}

void attrib__baseline_measure(uint32_t dtype, int64_t n, const void *input, const void *row, double tolerance,
                              const attrib__range *range, double *columns) {
  stretch s;
  double largest = 0;
  int64_t blind = 0, outside = 0;
  for (int64_t begin = 0; begin < n; begin += s.n) {
    load(dtype, n, input, row, begin, &s);
    for (int64_t i = 0; i < s.n; i++) {
      largest = fmax(largest, s.distances[i]);
      blind += s.distances[i] <= tolerance;
      outside += s.values[i] < range->lowest || s.values[i] > range->highest;
    }
  }
  columns[ATTRIB_BASELINE_BLIND] = (double)blind / (double)n;
  columns[ATTRIB_BASELINE_OUTSIDE] = range->clipped ? (double)outside / (double)n : (double)NAN;
  columns[ATTRIB_BASELINE_LARGEST] = largest;
  columns[ATTRIB_BASELINE_DISTANCE] = isinf(largest) ? largest : length_of(dtype, n, input, row, largest);
}
