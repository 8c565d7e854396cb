/* adaptive_nodes.c - see adaptive.h: one line, node by node. */
#include <string.h>

#include "adaptive_parts.h"

/* -- choosing ----------------------------------------------------------------------------------------------------- */

/* Every second node of the start in order, then those between, which tell the first errors. */
static int64_t choose_start(attrib__adaptive *a) {
  for (int64_t i = 0; i < a->start; i++) {
    double place = i < a->coarse ? 2 * (double)i : 2 * (double)(i - a->coarse) + 1;
    a->steps[i] = (attrib__step){.line = a->mesh.line, .alpha = place / (double)(a->start - 1)};
  }
  return a->start;
}

int64_t attrib__nodes_choose(attrib__adaptive *a, int64_t wanted) {
  if (a->taken == 0) return choose_start(a);
  attrib__panels_state state = attrib__adaptive_look(a);
  wanted = attrib__mesh_choose(&a->mesh, &state, wanted, a->alphas, a->candidates);
  for (int64_t i = 0; i < wanted; i++) a->steps[i] = (attrib__step){.line = a->mesh.line, .alpha = a->alphas[i]};
  return wanted;
}

/* -- taking ------------------------------------------------------------------------------------------------------- */

/* A node of the coarse start: the trapezoidal weights are known. */
static void take_coarse(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *v) {
  (void)row, (void)r;
  attrib__adaptive *a = state;
  attrib__rows_store(a->dtype, attrib__adaptive_vector(a, a->own), begin, n, v);
  attrib__vector_add(n, a->weight, v, a->integral + begin);
  attrib__sum_add(&a->sums->slope, attrib__vector_sum(n, v));
  attrib__sum_add(&a->sums->norm, attrib__vector_dot(n, v, v));
}

/* A node that cuts a gap: the integral changes by a quarter of the gap times how far v is from a straight line. */
static void take_cut(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *v) {
  (void)row, (void)r;
  attrib__adaptive *a = state;
  attrib__row_sums *sums = a->sums;
  double before[ATTRIB__BLOCK], after[ATTRIB__BLOCK];
  double left[ATTRIB__BLOCK], right[ATTRIB__BLOCK], bend[ATTRIB__BLOCK];
  for (int64_t done = 0, m; done < n; done += m, v += m) {
    m = n - done < ATTRIB__BLOCK ? n - done : ATTRIB__BLOCK;
    int64_t at = begin + done;
    attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->left), at, m, before);
    attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->right), at, m, after);
    attrib__vector_subtract(m, v, before, left);
    attrib__vector_subtract(m, after, v, right);
    attrib__vector_subtract(m, left, right, bend);
    attrib__vector_add(m, a->weight, bend, a->integral + at);
    attrib__rows_store(a->dtype, attrib__adaptive_vector(a, a->own), at, m, v);
    attrib__sum_add(&sums->slope, attrib__vector_sum(m, v));
    attrib__sum_add(&sums->norm, attrib__vector_dot(m, v, v));
    attrib__sum_add(&sums->left, attrib__vector_dot(m, left, left));
    attrib__sum_add(&sums->right, attrib__vector_dot(m, right, right));
    attrib__sum_add(&sums->across, attrib__vector_dot(m, left, right));
  }
}

/* squares = for each gap its error, shared out over the entries as the change of v across the gap is. */
void attrib__nodes_squares(const attrib__adaptive *a, double *squares) {
  int64_t count = a->entries->count;
  double start[ATTRIB__BLOCK], end[ATTRIB__BLOCK];
  memset(squares, 0, (size_t)count * sizeof *squares);
  for (int64_t at = 0, m; at < count; at += m) {
    m = count - at < ATTRIB__BLOCK ? count - at : ATTRIB__BLOCK;
    for (int64_t k = 0; k + 1 < a->mesh.count; k++) {
      const attrib__panel *gap = &a->mesh.gaps[k];
      if (gap->change == 0) continue;
      double part = gap->square / gap->change;
      attrib__rows_load(a->dtype, attrib__adaptive_vector(a, gap->vector), at, m, start);
      attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->mesh.nodes[k + 1].vector), at, m, end);
      for (int64_t i = 0; i < m; i++) squares[at + i] += part * ((end[i] - start[i]) * (end[i] - start[i]));
    }
  }
}

/* In place: a node's vector is needed for the gap to its left before that to its right overwrites it. */
static void make_panels(attrib__adaptive *a) {
  attrib__nodes_squares(a, a->squares);
  int64_t count = a->entries->count;
  double start[ATTRIB__BLOCK], end[ATTRIB__BLOCK];
  for (int64_t at = 0, m; at < count; at += m) {
    m = count - at < ATTRIB__BLOCK ? count - at : ATTRIB__BLOCK;
    for (int64_t k = 0; k + 1 < a->mesh.count; k++) {
      const attrib__panel *gap = &a->mesh.gaps[k];
      attrib__rows_load(a->dtype, attrib__adaptive_vector(a, gap->vector), at, m, start);
      attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->mesh.nodes[k + 1].vector), at, m, end);
      for (int64_t i = 0; i < m; i++) start[i] = gap->width / 2 * (start[i] + end[i]);
      attrib__rows_store(a->dtype, attrib__adaptive_vector(a, gap->vector), at, m, start);
    }
  }
  for (int64_t k = 0; k + 1 < a->mesh.count; k++) {
    a->halvings.gaps[k] = (attrib__gap){.line = a->mesh.line, .start = a->mesh.gaps[k].start, .next = -1};
    a->mesh.gaps[k].first = k;
  }
  a->halvings.panels = a->mesh.gaps;
  a->halvings.count = a->mesh.count - 1;
  a->panels = true;
}

attrib__fault attrib__nodes_take(attrib__adaptive *a, const attrib__results *results, int64_t r) {
  attrib__results row = attrib__adaptive_one(a, results, r);
  bool coarse = a->taken < a->coarse;
  double alpha = row.rows->alpha;
  int64_t gap = coarse ? 0 : attrib__mesh_find(&a->mesh, alpha);
  a->own = (int32_t)a->mesh.count;
  *a->sums = (attrib__row_sums){0};
  if (coarse) {
    double width = 1 / (double)(a->coarse - 1);
    a->weight = alpha == 0 || alpha == 1 ? width / 2 : width;
  } else {
    a->left = a->mesh.nodes[gap].vector;
    a->right = a->mesh.nodes[gap + 1].vector;
    a->weight = a->mesh.gaps[gap].width / 4;
  }
  attrib__fault fault = attrib__entries_take(a->entries, &row, coarse ? take_coarse : take_cut, a);
  fault.row += r;
  if (fault.status < 0) return fault;
  const attrib__node node = {.alpha = alpha,
                             .output = row.outputs[0],
                             .slope = attrib__sum_value(&a->sums->slope),
                             .norm = attrib__sum_value(&a->sums->norm),
                             .vector = a->own};
  if (coarse)
    attrib__mesh_append(&a->mesh, &node);
  else
    attrib__mesh_insert(&a->mesh, gap, &node, attrib__sum_value(&a->sums->left), attrib__sum_value(&a->sums->right),
                        attrib__sum_value(&a->sums->across));
  a->taken++;
  if (a->mesh.count == a->capacity) make_panels(a);
  return fault;
}
