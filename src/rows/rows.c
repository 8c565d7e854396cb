/* rows.c - see rows.h. */
#include "rows.h"

#include <math.h>
#include <string.h>

#include <attrib/model.h>

#include "../base/clones.h"
#include "vectors.h"

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#  error "-ffast-math removes the checks for NaN and infinity and the compensation of sums: compile without it"
#endif

#define ELEMENT float
#define BITS uint32_t
#define EXPONENT UINT32_C(0x7f800000)
#define MARK UINT32_C(0x7fc5a77b)
#define NAME(x) f32_##x
#include "kernels.inc"

#define ELEMENT double
#define BITS uint64_t
#define EXPONENT UINT64_C(0x7ff0000000000000)
#define MARK UINT64_C(0x7ffc5a77b1a77b15)
#define NAME(x) f64_##x
#include "kernels.inc"

/* Of floats alone, whose products cannot overflow, so that the gradient tells beforehand whether all are finite. */
ATTRIB__CLONES static void f32_multiply_add(const float *restrict gradient, int64_t n,
                                            const double *restrict displacement, double weight,
                                            double *restrict contribution, double *restrict sums) {
  for (int64_t i = 0; i < n; i++) {
    double product = displacement[i] * (double)gradient[i];
    contribution[i] = product;
    sums[i] += weight * product;
  }
}

ATTRIB__CLONES static void f32_only_add(const float *restrict gradient, int64_t n, const double *restrict displacement,
                                        double weight, double *restrict sums) {
  for (int64_t i = 0; i < n; i++) sums[i] += weight * (displacement[i] * (double)gradient[i]);
}

size_t attrib__element_size(uint32_t dtype) {
  switch (dtype) {
    case ATTRIB_F32: return sizeof(float);
    case ATTRIB_F64: return sizeof(double);
    default: return 0;
  }
}

void *attrib__element(uint32_t dtype, void *row, int64_t i) {
  return (char *)row + (size_t)i * attrib__element_size(dtype);
}

const void *attrib__const_element(uint32_t dtype, const void *row, int64_t i) {
  return (const char *)row + (size_t)i * attrib__element_size(dtype);
}

void attrib__rows_load(uint32_t dtype, const void *row, int64_t begin, int64_t n, double *values) {
  if (dtype == ATTRIB_F32)
    f32_load((const float *)row + begin, n, values);
  else
    f64_load((const double *)row + begin, n, values);
}

void attrib__rows_store(uint32_t dtype, void *row, int64_t begin, int64_t n, const double *values) {
  if (dtype == ATTRIB_F32)
    f32_store((float *)row + begin, n, values);
  else
    f64_store((double *)row + begin, n, values);
}

void attrib__rows_interpolate(uint32_t dtype, const double *start, const double *displacement, double alpha,
                              int64_t begin, int64_t n, void *point) {
  if (dtype == ATTRIB_F32)
    f32_interpolate(start, displacement, alpha, n, (float *)point + begin);
  else
    f64_interpolate(start, displacement, alpha, n, (double *)point + begin);
}

void attrib__rows_copy(uint32_t dtype, const void *row, int64_t begin, int64_t n, void *copy) {
  memcpy(attrib__element(dtype, copy, begin), attrib__const_element(dtype, row, begin),
         (size_t)n * attrib__element_size(dtype));
}

void attrib__rows_displacement(uint32_t dtype, const void *to, const void *from, int64_t begin, int64_t n,
                               double *displacement) {
  if (from == NULL)
    attrib__rows_load(dtype, to, begin, n, displacement);
  else if (dtype == ATTRIB_F32)
    f32_displacement((const float *)to + begin, (const float *)from + begin, n, displacement);
  else
    f64_displacement((const double *)to + begin, (const double *)from + begin, n, displacement);
}

/* Sorts out features whose displacement is 0, where the gradient is not looked at. */
static int64_t drop_still(int64_t n, const double *displacement, double *contribution) {
  for (int64_t i = 0; i < n; i++) {
    if (displacement[i] == 0)
      contribution[i] = 0;
    else if (!isfinite(contribution[i]))
      return i;
  }
  return n;
}

int64_t attrib__rows_contribution(uint32_t dtype, const void *gradient, int64_t begin, int64_t n,
                                  const double *displacement, double *contribution) {
  bool finite;
  if (dtype == ATTRIB_F32) { /* products of floats do not overflow */
    finite = f32_is_finite((const float *)gradient + begin, n);
    f32_multiply((const float *)gradient + begin, n, displacement, contribution);
  } else {
    f64_multiply((const double *)gradient + begin, n, displacement, contribution);
    finite = f64_is_finite(contribution, n);
  }
  return finite ? n : drop_still(n, displacement, contribution);
}

int64_t attrib__rows_accumulate(uint32_t dtype, const void *gradient, int64_t begin, int64_t n,
                                const double *displacement, double weight, bool wanted, double *contribution,
                                double *sums) {
  const float *floats = gradient;
  if (dtype == ATTRIB_F32 && f32_is_finite(floats + begin, n)) {
    if (wanted)
      f32_multiply_add(floats + begin, n, displacement, weight, contribution, sums);
    else
      f32_only_add(floats + begin, n, displacement, weight, sums);
    return n;
  }
  int64_t bad = attrib__rows_contribution(dtype, gradient, begin, n, displacement, contribution);
  if (bad == n) attrib__vector_add(n, weight, contribution, sums);
  return bad;
}

void attrib__rows_cut(uint32_t dtype, const attrib__cutting *c, int64_t begin, int64_t n, const double *v) {
  if (dtype == ATTRIB_F32)
    f32_cut((const float *)c->before + begin, (const float *)c->after + begin, n, v, c->weight, (float *)c->own + begin,
            c->integral + begin, c->left, c->right);
  else
    f64_cut((const double *)c->before + begin, (const double *)c->after + begin, n, v, c->weight,
            (double *)c->own + begin, c->integral + begin, c->left, c->right);
}

void attrib__rows_join(uint32_t dtype, void *start, const void *end, int64_t begin, int64_t n, double width,
                       double part, double *squares) {
  if (dtype == ATTRIB_F32)
    f32_join((float *)start + begin, (const float *)end + begin, n, width / 2, part, squares);
  else
    f64_join((double *)start + begin, (const double *)end + begin, n, width / 2, part, squares);
}

void attrib__rows_halve(uint32_t dtype, void *panel, int64_t begin, int64_t n, const attrib__halved *h) {
  if (dtype == ATTRIB_F32)
    f32_halve((float *)panel + begin, n, h->midpoints, h->keep, h->integral, h->squares, h->change);
  else
    f64_halve((double *)panel + begin, n, h->midpoints, h->keep, h->integral, h->squares, h->change);
}

/* Through memory: gcc 12 leaves (double)(float) away where it vectorises two of them side by side. */
double attrib__rows_round(uint32_t dtype, double value) {
  volatile float rounded = dtype == ATTRIB_F32 ? (float)value : 0;
  return dtype == ATTRIB_F32 ? (double)rounded : value;
}

void attrib__rows_narrow(uint32_t dtype, double *low, double *high) {
  if (dtype != ATTRIB_F32) return;
  float lowest = (float)*low, highest = (float)*high;
  if ((double)lowest < *low) lowest = nextafterf(lowest, INFINITY);
  if ((double)highest > *high) highest = nextafterf(highest, -INFINITY);
  *low = (double)lowest;
  *high = (double)highest;
}

int64_t attrib__rows_find_nonfinite(uint32_t dtype, const void *row, int64_t n) {
  return dtype == ATTRIB_F32 ? f32_find_nonfinite(row, n) : f64_find_nonfinite(row, n);
}

void attrib__rows_mark(uint32_t dtype, void *row, int64_t begin, int64_t n) {
  if (dtype == ATTRIB_F32)
    f32_mark((float *)row + begin, n);
  else
    f64_mark((double *)row + begin, n);
}

int64_t attrib__rows_find_mark(uint32_t dtype, const void *row, int64_t begin, int64_t n) {
  int64_t found = dtype == ATTRIB_F32 ? f32_find_mark((const float *)row + begin, n)
                                      : f64_find_mark((const double *)row + begin, n);
  return found < 0 ? found : begin + found;
}

void attrib__rows_expect(uint32_t dtype, const void *row, int64_t begin, int64_t n) {
#ifdef __GNUC__
  enum { CACHE_LINE = 64 };
  const char *bytes = attrib__const_element(dtype, row, begin);
  size_t size = (size_t)n * attrib__element_size(dtype);
  for (size_t i = 0; i < size; i += CACHE_LINE) __builtin_prefetch(bytes + i);
#else
  (void)dtype, (void)row, (void)begin, (void)n;
#endif
}
