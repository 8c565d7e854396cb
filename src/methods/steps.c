/* steps.c - see steps.h. */
#include "steps.h"

#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../rows/rows.h"

static size_t point_size(const attrib__steps *steps) {
  return (size_t)steps->n * attrib__element_size(steps->dtype);
}

void attrib__steps_layout(attrib__steps *steps, attrib__arena *arena) {
  const size_t size = attrib__element_size(steps->dtype);
  steps->previous = attrib__carve(arena, steps->n, size);
  steps->current = attrib__carve(arena, steps->n, size);
  steps->next = attrib__carve(arena, steps->n, size);
}

void attrib__steps_begin(attrib__steps *steps, const void *input) {
  memcpy(steps->current, input, point_size(steps));
  memcpy(steps->previous, input, point_size(steps));
  steps->point = 0;
  steps->ended = false;
}

void attrib__steps_go_on(attrib__steps *steps) {
  void *last = steps->previous;
  steps->previous = steps->current;
  steps->current = steps->next;
  steps->next = last;
  steps->point++;
}

/* By value: a zero that changes its sign does not move. */
bool attrib__steps_move(const attrib__steps *steps) {
  double way[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < steps->n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, steps->n);
    attrib__rows_displacement(steps->dtype, steps->next, steps->current, begin, m, way);
    for (int64_t i = 0; i < m; i++)
      if (way[i] != 0) return true;
  }
  return false;
}

attrib__fault attrib__steps_check(const attrib__steps *steps) {
  const int64_t out = attrib__rows_find_nonfinite(steps->dtype, steps->next, steps->n);
  if (out < 0) return (attrib__fault){.status = ATTRIB_OK};
  return (attrib__fault){
      .status = ATTRIB_E_OVERFLOW, .index = out, .value = (double)INFINITY, .in_gradient = true, .product = true};
}

void attrib__steps_row(const attrib__steps *steps, attrib__row *row) {
  row->alpha = (double)(steps->most - steps->point) / (double)steps->most;
  row->nth = steps->point;
  row->of = steps->most + 1;
}

void attrib__steps_place(const attrib__steps *steps, const attrib__placing *placing) {
  memcpy(placing->point, steps->current, point_size(steps));
}

attrib__fault attrib__steps_take(const attrib__steps *steps, attrib__results *results, double weight, double *sums) {
  attrib__row *row = results->rows;
  const double half = steps->left ? 1 : 0.5;
  row->to = steps->left ? steps->current : steps->previous;
  row->from = steps->ended ? steps->current : steps->next;
  row->weight = half * weight;
  attrib__fault fault = attrib__contributions(results, steps->dtype, steps->n, false, sums, NULL, NULL);
  const bool end = !steps->left && (steps->point == 0 || steps->ended);
  const double stretch = (end ? 0.5 : 1) / (double)steps->most;
  row->slope = (attrib__sum){.total = half * attrib__sum_value(&row->slope) / stretch};
  row->weight = stretch * weight;
  return fault;
}
