/* same.c - how far two results for one row are apart. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "../rows/length.h"
#include "../rows/rows.h"
#include "checking.h"

double attrib__check_least(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? (double)FLT_MIN : DBL_MIN;
}

/* Of equal elements, NaN and NaN too, whatever their payloads. */
static double difference(double a, double b) {
  if (a == b || (isnan(a) && isnan(b))) return 0;
  const double apart = fabs(a - b);
  return isfinite(apart) ? apart : (double)INFINITY;
}

/* |a - b| / the longer of a and b, elements taken by the largest so that no square overflows. What is below the least
 * normal number has few digits, or was flushed to 0, and is no difference. */
static double gradient_difference(uint32_t dtype, const void *a, const void *b, int64_t n) {
  double left[ATTRIB__BLOCK], right[ATTRIB__BLOCK], largest = 0, apart = 0, lengths[2] = {0, 0};
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, n);
    attrib__rows_load(dtype, a, begin, m, left);
    attrib__rows_load(dtype, b, begin, m, right);
    for (int64_t i = 0; i < m; i++) {
      if (isfinite(left[i])) largest = fmax(largest, fabs(left[i]));
      if (isfinite(right[i])) largest = fmax(largest, fabs(right[i]));
    }
  }
  if (largest == 0) largest = 1;
  for (int64_t begin = 0; begin < n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, n);
    attrib__rows_load(dtype, a, begin, m, left);
    attrib__rows_load(dtype, b, begin, m, right);
    for (int64_t i = 0; i < m; i++) {
      const bool tiny = fabs(left[i] - right[i]) < attrib__check_least(dtype);
      const double off = tiny ? 0 : difference(left[i] / largest, right[i] / largest);
      apart += off * off;
      if (isfinite(left[i])) lengths[0] += left[i] / largest * (left[i] / largest);
      if (isfinite(right[i])) lengths[1] += right[i] / largest * (right[i] / largest);
    }
  }
  const double length = fmax(lengths[0], lengths[1]);
  return apart == 0 ? 0 : length == 0 ? (double)INFINITY : sqrt(apart / length);
}

attrib__apart attrib__check_apart(const attrib__checking *c, const attrib__answer *a, int i, const attrib__answer *b,
                                  int k) {
  attrib__apart apart = {0};
  const double off = difference(a->outputs[i], b->outputs[k]);
  apart.output = off == 0 ? 0 : off / fmax(fmax(c->scale, fabs(a->outputs[i])), fabs(b->outputs[k]));
  if (isnan(apart.output)) apart.output = (double)INFINITY; /* both infinite, and not the same */
  apart.bits = off != 0;
  if (!attrib__check_gradients(c)) return apart;
  const uint32_t dtype = c->model.dtype;
  const int64_t n = c->model.n_inputs;
  const void *left = attrib__const_element(dtype, a->gradients, i * n);
  const void *right = attrib__const_element(dtype, b->gradients, k * n);
  if (memcmp(left, right, (size_t)n * attrib__element_size(dtype)) == 0) return apart;
  apart.gradient = gradient_difference(dtype, left, right, n);
  apart.bits = apart.bits || apart.gradient > 0;
  return apart;
}

void attrib__apart_most(attrib__apart *most, const attrib__apart *another) {
  most->bits = most->bits || another->bits;
  most->output = fmax(most->output, another->output);
  most->gradient = fmax(most->gradient, another->gradient);
}

static bool exact(const attrib__checking *c) {
  return c->model.dtype == ATTRIB_F64 && !c->floats;
}

double attrib__check_output_bound(const attrib__checking *c) {
  return exact(c) ? 0x1p-30 : 0x1p-13;
}

double attrib__check_gradient_bound(const attrib__checking *c) {
  return exact(c) ? 0x1p-27 : 0x1p-10;
}

bool attrib__check_close(const attrib__checking *c, const attrib__apart *apart) {
  return apart->output <= attrib__check_output_bound(c) && apart->gradient <= attrib__check_gradient_bound(c);
}
