/* difference_gradient.c - see difference_gradient.h. */
#include "difference_gradient.h"

#include <math.h>
#include <string.h>

#include <attrib/model.h>

#include "../rows/rows.h"

void attrib__difference_gradient_layout(attrib__difference_gradient *gradient, attrib__arena *arena) {
  gradient->scales = attrib__carve(arena, gradient->count, sizeof *gradient->scales);
  gradient->squares = attrib__carve(arena, gradient->count, sizeof *gradient->squares);
  gradient->values = attrib__carve(arena, gradient->n, attrib__element_size(gradient->dtype));
}

double attrib__difference_rounding(const attrib__difference_gradient *g, const attrib__row *row) {
  const double half = g->dtype == ATTRIB_F32 ? 0x1p-24 : 0x1p-53;
  double from[ATTRIB__BLOCK], to[ATTRIB__BLOCK], largest = 0, moved = 0;
  if (row->from == NULL || row->to == NULL) return half;
  for (int64_t begin = 0; begin < g->n; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, g->n);
    attrib__rows_load(g->dtype, row->from, begin, n, from);
    attrib__rows_load(g->dtype, row->to, begin, n, to);
    for (int64_t i = 0; i < n; i++) {
      if (from[i] == to[i]) continue;
      largest = fmax(largest, fmax(fabs(from[i]), fabs(to[i])));
      moved = fmax(moved, fabs(to[i] - from[i]));
    }
  }
  return moved > 0 ? half * (largest / moved) : 0;
}

static int64_t group_of(const attrib__difference_gradient *g, int64_t feature) {
  return g->groups != NULL ? g->groups[feature] : feature;
}

static bool holds(const attrib__difference_gradient *g, int64_t begin, int64_t n, int64_t group) {
  if (g->groups == NULL) return group >= begin && group < begin + n;
  for (int64_t i = begin; i < begin + n; i++)
    if (g->groups[i] == group) return true;
  return false;
}

void attrib__difference_move(const attrib__difference_gradient *g, const attrib__row *row, double by, void *point) {
  double displacement[ATTRIB__BLOCK], values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < g->n; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, g->n);
    if (!holds(g, begin, n, row->group)) continue;
    attrib__rows_displacement(g->dtype, row->to, row->from, begin, n, displacement);
    attrib__rows_load(g->dtype, point, begin, n, values);
    for (int64_t i = 0; i < n; i++)
      if (group_of(g, begin + i) == row->group) values[i] += by * displacement[i];
    attrib__rows_store(g->dtype, point, begin, n, values);
  }
}

/* The powers of two are kept where their squares would be at hand, too. */
static double scale_for(double largest) {
  int exponent;
  if (!(largest > 0)) return 0;
  frexp(largest, &exponent);
  exponent = exponent < -1000 ? -1000 : exponent;
  return ldexp(1, -exponent);
}

void attrib__difference_measure(attrib__difference_gradient *g, const attrib__row *row) {
  double displacement[ATTRIB__BLOCK];
  memset(g->scales, 0, (size_t)g->count * sizeof *g->scales);
  memset(g->squares, 0, (size_t)g->count * sizeof *g->squares);
  for (int64_t begin = 0; begin < g->n; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, g->n);
    attrib__rows_displacement(g->dtype, row->to, row->from, begin, n, displacement);
    for (int64_t i = 0; i < n; i++) {
      double *largest = &g->scales[group_of(g, begin + i)];
      if (fabs(displacement[i]) > *largest) *largest = fabs(displacement[i]);
    }
  }
  for (int64_t k = 0; k < g->count; k++) g->scales[k] = scale_for(g->scales[k]);
  for (int64_t begin = 0; begin < g->n; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, g->n);
    attrib__rows_displacement(g->dtype, row->to, row->from, begin, n, displacement);
    for (int64_t i = 0; i < n; i++) {
      const int64_t group = group_of(g, begin + i);
      const double scaled = displacement[i] * g->scales[group];
      g->squares[group] += scaled * scaled;
    }
  }
}

void attrib__difference_write(attrib__difference_gradient *g, const attrib__row *row, const double *slopes) {
  double displacement[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < g->n; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, g->n);
    attrib__rows_displacement(g->dtype, row->to, row->from, begin, n, displacement);
    for (int64_t i = 0; i < n; i++) {
      const int64_t group = group_of(g, begin + i);
      const double scale = g->scales[group];
      displacement[i] = scale > 0 ? slopes[group] / g->squares[group] * (displacement[i] * scale) * scale : 0;
    }
    attrib__rows_store(g->dtype, g->values, begin, n, displacement);
  }
}
