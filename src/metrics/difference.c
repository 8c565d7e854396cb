/* difference.c - see difference.h. */
#include "difference.h"

#include <math.h>

#include "../rows/sum.h"

/* The exponent by which values up to `largest` are brought to at most 1, so that squares neither overflow nor vanish
 * together. */
static int exponent_of(double largest) {
  int exponent;
  frexp(largest, &exponent);
  return exponent;
}

attrib__difference attrib__difference_find(int64_t count, const double *a, const double *b) {
  attrib__difference d = {.relative = (double)NAN, .largest = fabs(a[0] - b[0])};
  double of_a = 0;
  for (int64_t i = 0; i < count; i++) {
    of_a = fmax(of_a, fabs(a[i]));
    if (fabs(a[i] - b[i]) <= d.largest) continue;
    d.largest = fabs(a[i] - b[i]);
    d.largest_index = i;
  }
  if (isinf(d.largest)) d.relative = (double)INFINITY;
  if (of_a == 0 || isinf(d.largest)) return d;
  const int to_a = exponent_of(of_a), to_largest = exponent_of(d.largest);
  attrib__sum length = {0, 0}, distance = {0, 0};
  for (int64_t i = 0; i < count; i++) {
    const double value = ldexp(a[i], -to_a), off = ldexp(a[i] - b[i], -to_largest);
    attrib__sum_add(&length, value * value);
    attrib__sum_add(&distance, off * off);
  }
  d.relative = ldexp(sqrt(attrib__sum_value(&distance)) / sqrt(attrib__sum_value(&length)), to_largest - to_a);
  return d;
}
