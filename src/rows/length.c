/* length.c - see length.h. */
#include "length.h"

#include <math.h>

#include "rows.h"
#include "sum.h"
#include "vectors.h"

static double sum_of_squares(uint32_t dtype, const void *row, int64_t n, double scale) {
  double values[ATTRIB__BLOCK], scaled[ATTRIB__BLOCK];
  attrib__sum sum = {0};
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    int64_t m = attrib__block_length(begin, n);
    attrib__rows_load(dtype, row, begin, m, values);
    if (scale != 1) attrib__vector_scale(m, scale, values, scaled);
    attrib__sum_add(&sum, attrib__vector_square(m, scale == 1 ? values : scaled));
  }
  return attrib__sum_value(&sum);
}

static double largest_of(uint32_t dtype, const void *row, int64_t n) {
  double values[ATTRIB__BLOCK], largest = 0;
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    int64_t m = attrib__block_length(begin, n);
    attrib__rows_load(dtype, row, begin, m, values);
    largest = fmax(largest, attrib__vector_largest(m, values));
  }
  return largest;
}

/* The power of two that takes `size` to [1, 2), or as far there as it and its inverse are numbers. */
static double scale_for(double size) {
  enum { MOST = 1022 };
  int exponent;
  frexp(size, &exponent);
  exponent = 1 - exponent;
  return ldexp(1, exponent > MOST ? MOST : exponent < -MOST ? -MOST : exponent);
}

bool attrib__length_find(uint32_t dtype, const void *row, int64_t n, attrib__length *length) {
  double plain = sum_of_squares(dtype, row, n, 1);
  if (plain > 1e-200 && plain < 1e200) { /* what vanished in it does not count */
    double scale = scale_for(sqrt(plain));
    *length = (attrib__length){scale, plain * scale * scale};
    return true;
  }
  if (attrib__rows_find_nonfinite(dtype, row, n) >= 0) return false;
  double scale = scale_for(largest_of(dtype, row, n));
  *length = (attrib__length){scale, sum_of_squares(dtype, row, n, scale)};
  return true;
}

void attrib__length_add_squares(uint32_t dtype, const void *row, int64_t n, const attrib__length *length, double weight,
                                double *sums) {
  double values[ATTRIB__BLOCK], scaled[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    int64_t m = attrib__block_length(begin, n);
    attrib__rows_load(dtype, row, begin, m, values);
    attrib__vector_scale(m, length->scale, values, scaled);
    attrib__vector_add_square(m, weight, scaled, sums + begin);
  }
}
