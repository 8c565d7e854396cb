/* near_zero_rows.c - see near_zero_rows.h. */
#include "near_zero_rows.h"

#include <math.h>
#include <string.h>

#include "../rows/length.h"
#include "../rows/rows.h"
#include "../rows/sum.h"

/* Newton's steps along a piecewise linear function: in practice a handful. */
enum { PASSES = 60 };

static size_t row_size(const attrib__near_rows *rows) {
  return (size_t)rows->n * attrib__element_size(rows->dtype);
}

void attrib__near_layout(attrib__near_rows *rows, attrib__arena *arena) {
  rows->current = attrib__carve(arena, rows->n, attrib__element_size(rows->dtype));
  rows->trial = attrib__carve(arena, rows->n, attrib__element_size(rows->dtype));
  rows->gradient = attrib__carve(arena, rows->n, sizeof *rows->gradient);
}

void attrib__near_begin(attrib__near_rows *rows) {
  rows->scale = 1;
  memset(rows->gradient, 0, (size_t)rows->n * sizeof *rows->gradient);
  memcpy(rows->current, rows->start, row_size(rows));
  memcpy(rows->trial, rows->start, row_size(rows));
}

void attrib__near_scale_gradient(attrib__near_rows *rows) {
  attrib__length length = {.scale = 1};
  attrib__length_find(ATTRIB_F64, rows->gradient, rows->n, &length);
  for (int64_t i = 0; i < rows->n; i++) rows->gradient[i] *= length.scale;
  rows->scale = length.scale;
}

/* An element of the start may lie on a bound that the type rounds outwards, a rounding beyond the range. Such an
 * element may stay there, as a step of 0 has it, but nowhere else beyond the bound: between the two lies no value of
 * the type, so that what is rounded lies at the start or within the range. With the start in every element's interval
 * the change of the function along a way is convex. */
static double clip(const attrib__range *range, double start, double value) {
  if (!range->clipped) return value;
  const double low = start < range->low ? start : range->low, high = start > range->high ? start : range->high;
  return value < low ? low : value > high ? high : value;
}

/* What the function changes by, seen from the current row, where every element of `from` moves by -by times its
 * gradient and is clipped; and how fast that falls with `by`, by the elements that are not clipped. */
typedef struct moved {
  double change, slope;
} moved;

static moved move(attrib__near_rows *rows, const void *from, double by, bool write) {
  double values[ATTRIB__BLOCK], current[ATTRIB__BLOCK], start[ATTRIB__BLOCK];
  attrib__sum change = {0}, slope = {0};
  for (int64_t begin = 0; begin < rows->n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, rows->n);
    attrib__rows_load(rows->dtype, from, begin, m, values);
    attrib__rows_load(rows->dtype, rows->current, begin, m, current);
    attrib__rows_load(rows->dtype, rows->start, begin, m, start);
    for (int64_t i = 0; i < m; i++) {
      const double g = rows->gradient[begin + i], wanted = values[i] - by * g;
      values[i] = clip(&rows->range, start[i], wanted);
      attrib__sum_add(&change, g * (values[i] - current[i]));
      if (values[i] == wanted) attrib__sum_add(&slope, g * g);
    }
    if (write) attrib__rows_store(rows->dtype, rows->trial, begin, m, values);
  }
  return (moved){attrib__sum_value(&change), attrib__sum_value(&slope)};
}

/* The change falls and is convex in `by`, so Newton's steps come near from one side: each takes the elements along that
 * the range does not hold yet. */
static bool solve(attrib__near_rows *rows, const void *from, double wanted) {
  double by = 0;
  for (int k = 0; k < PASSES; k++) {
    const moved there = move(rows, from, by, false);
    const double next = by + (there.change - wanted * rows->scale) / there.slope;
    if (there.change <= wanted * rows->scale || !(next > by) || !isfinite(next)) break;
    by = next;
  }
  move(rows, from, by, true);
  return memcmp(rows->trial, rows->current, row_size(rows)) != 0 &&
         attrib__rows_find_nonfinite(rows->dtype, rows->trial, rows->n) < 0;
}

bool attrib__near_step(attrib__near_rows *rows, double wanted) {
  return solve(rows, rows->current, wanted);
}

bool attrib__near_project(attrib__near_rows *rows, double wanted) {
  return solve(rows, rows->start, wanted);
}

/* The trial row = from + by (to - from), within the range: rounding may lead past an end. */
static void between(attrib__near_rows *rows, const void *from, const void *to, double by) {
  double start[ATTRIB__BLOCK], values[ATTRIB__BLOCK], near[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < rows->n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, rows->n);
    attrib__rows_load(rows->dtype, rows->start, begin, m, start);
    attrib__rows_load(rows->dtype, from, begin, m, near);
    attrib__rows_load(rows->dtype, to, begin, m, values);
    for (int64_t i = 0; i < m; i++) values[i] = clip(&rows->range, start[i], near[i] + by * (values[i] - near[i]));
    attrib__rows_store(rows->dtype, rows->trial, begin, m, values);
  }
}

void attrib__near_along(attrib__near_rows *rows, double by) {
  between(rows, rows->start, rows->current, by);
}

void attrib__near_retreat(attrib__near_rows *rows) {
  between(rows, rows->current, rows->trial, 0.5);
}

void attrib__near_stretch(attrib__near_rows *rows, double by) {
  between(rows, rows->start, rows->trial, by);
}

void attrib__near_accept(attrib__near_rows *rows) {
  void *row = rows->current;
  rows->current = rows->trial;
  rows->trial = row;
}

double attrib__near_distance(const attrib__near_rows *rows, const void *row) {
  double displacement[ATTRIB__BLOCK];
  attrib__sum square = {0};
  for (int64_t begin = 0; begin < rows->n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, rows->n);
    attrib__rows_displacement(rows->dtype, row, rows->start, begin, m, displacement);
    for (int64_t i = 0; i < m; i++) attrib__sum_add(&square, displacement[i] * displacement[i]);
  }
  return sqrt(attrib__sum_value(&square));
}
