/* rows.c - see rows.h. */
#include "rows.h"

#include <math.h>
#include <string.h>

#include <attrib/model.h>

#include "../base/clones.h"

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#  error "-ffast-math removes the checks for NaN and infinity and the compensation of sums: compile without it"
#endif

#define ELEMENT float
#define BITS uint32_t
#define MARK UINT32_C(0x7fc5a77b)
#define NAME(x) f32_##x
#include "kernels.inc"

#define ELEMENT double
#define BITS uint64_t
#define MARK UINT64_C(0x7ffc5a77b1a77b15)
#define NAME(x) f64_##x
#include "kernels.inc"

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

void attrib__rows_interpolate(uint32_t dtype, const void *from, const void *to, double alpha, int64_t n, void *point) {
  /* from + 1 * (to - from) rounds; the ends must not. */
  if (alpha == 0 || alpha == 1)
    memcpy(point, alpha == 0 ? from : to, (size_t)n * attrib__element_size(dtype));
  else if (dtype == ATTRIB_F32)
    f32_interpolate(from, to, alpha, n, point);
  else
    f64_interpolate(from, to, alpha, n, point);
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

int64_t attrib__rows_contribution(uint32_t dtype, const void *gradient, int64_t begin, int64_t n,
                                  const double *displacement, double *contribution) {
  bool trouble = dtype == ATTRIB_F32 ? f32_product((const float *)gradient + begin, n, displacement, contribution)
                                     : f64_product((const double *)gradient + begin, n, displacement, contribution);
  if (!trouble) return n;
  /* Rare: sort out features whose displacement is 0, where the gradient is not looked at. */
  for (int64_t i = 0; i < n; i++) {
    if (displacement[i] == 0)
      contribution[i] = 0;
    else if (!isfinite(contribution[i]))
      return i;
  }
  return n;
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
