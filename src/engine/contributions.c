/* contributions.c - see contributions.h. */
#include "contributions.h"

#include <math.h>

#include "../rows/rows.h"

typedef struct block {
  uint32_t dtype;
  bool unit_displacement;
  int64_t begin, n;
  double *sums; /* of the block, or NULL */
} block;

/* Rows [0, count) of the block. Returns the first row with a fault, or count. */
static int64_t take_block(attrib__results *results, const block *b, int64_t count, attrib__take_fn take, void *state,
                          attrib__fault *fault) {
  double displacement[ATTRIB__BLOCK], contribution[ATTRIB__BLOCK];
  const void *from = NULL, *to = NULL;
  if (b->unit_displacement)
    for (int64_t i = 0; i < b->n; i++) displacement[i] = 1;
  for (int64_t r = 0; r < count; r++) {
    attrib__row *row = &results->rows[r];
    if (!b->unit_displacement && (row->from != from || row->to != to)) {
      from = row->from;
      to = row->to;
      attrib__rows_displacement(b->dtype, to, from, b->begin, b->n, displacement);
    }
    const void *gradient = attrib__const_element(b->dtype, results->gradients, r * results->gradient_stride);
    if (r + 1 < count)
      attrib__rows_expect(b->dtype, results->gradients, (r + 1) * results->gradient_stride + b->begin, b->n);
    int64_t bad = b->sums == NULL
                      ? attrib__rows_contribution(b->dtype, gradient, b->begin, b->n, displacement, contribution)
                      : attrib__rows_accumulate(b->dtype, gradient, b->begin, b->n, displacement, row->weight,
                                                take != NULL || results->traced, contribution, b->sums);
    if (bad < b->n) {
      *fault = (attrib__fault){.status = ATTRIB_E_NONFINITE, .row = r, .index = b->begin + bad, .in_gradient = true};
      attrib__rows_load(b->dtype, gradient, b->begin + bad, 1, &fault->value);
      fault->product = isfinite(fault->value);
      if (fault->product) {
        fault->value = contribution[bad];
        fault->status = ATTRIB_E_OVERFLOW;
      }
      return r;
    }
    if (take != NULL) take(state, row, r, b->begin, b->n, contribution);
    for (int64_t i = 0; i < b->n && results->traced; i++) attrib__sum_add(&row->slope, contribution[i]);
  }
  return count;
}

attrib__results attrib__results_row(const attrib__results *results, uint32_t dtype, int64_t r) {
  attrib__results row = *results;
  row.rows = results->rows + r;
  row.count = 1;
  row.outputs = results->outputs + r * results->output_columns;
  row.gradients = attrib__const_element(dtype, results->gradients, r * results->gradient_stride);
  return row;
}

attrib__fault attrib__contributions(attrib__results *results, uint32_t dtype, int64_t n, bool unit_displacement,
                                    double *sums, attrib__take_fn take, void *state) {
  attrib__fault fault = {.status = ATTRIB_OK};
  int64_t count = results->gradients == NULL ? 0 : results->count;
  block b = {.dtype = dtype, .unit_displacement = unit_displacement};
  /* A later block looks only at the rows before the fault found so far: its row is the one reported. */
  for (; b.begin < n && count > 0; b.begin += ATTRIB__BLOCK) {
    b.n = attrib__block_length(b.begin, n);
    b.sums = sums == NULL ? NULL : sums + b.begin;
    count = take_block(results, &b, count, take, state, &fault);
  }
  return fault;
}
