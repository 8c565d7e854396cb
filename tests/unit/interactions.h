/* interactions.h - a row of interactions, and the whole matrix, for tests. Include after fixture.h. */
#ifndef ATTRIB_TESTS_INTERACTIONS_H
#define ATTRIB_TESTS_INTERACTIONS_H

#include "fixture.h"

static inline attrib_interactions_options with_points(int64_t points, double width) {
  return (attrib_interactions_options){
      .struct_size = sizeof(attrib_interactions_options), .points = points, .width = width};
}

/* f, and where b leads to x. Numbers are rounded to dtype before anything is made of them. */
typedef struct question {
  analytic_fn f;
  const void *parameters;
  uint32_t dtype;
  int64_t n;
  const double *b, *x;
} question;

/* Row i of the matrix, in a block of its size that the caller frees. */
static inline double *row_of(const question *q, int64_t i, int64_t points, double width, attrib_status expected,
                             attrib_report *report) {
  analytic a;
  attrib_model model = single_model(&a, &q->f, q->dtype, q->n, q->parameters);
  void *input = as_row(q->dtype, q->x, q->n), *start = as_row(q->dtype, q->b, q->n);
  attrib_baselines set = one_baseline(start);
  attrib_interactions_options options = with_points(points, width);
  attrib_context *context = new_context(1, 0);
  double *row = untouched(q->n);
  *report = (attrib_report){.struct_size = sizeof *report};
  assert_status(attrib_interactions(context, &model, input, 0, i, &set, &options, row, report), expected, context);
  attrib_context_destroy(context);
  free(start);
  free(input);
  return row;
}

/* n x n, each row by a call of its own. */
static inline double *matrix_of(const question *q, int64_t points, double width) {
  double *matrix = exact_block((size_t)(q->n * q->n) * sizeof *matrix);
  for (int64_t i = 0; i < q->n; i++) {
    attrib_report report;
    double *row = row_of(q, i, points, width, ATTRIB_OK, &report), sum = 0, size = 0;
    for (int64_t j = 0; j < q->n; j++) sum += row[j];
    for (int64_t j = 0; j < q->n; j++) size += fabs(row[j]);
    assert_near(report.attribution_sum, sum, ROUND_OFF, size);
    assert_near(report.completeness_error, sum - report.completeness_target, ROUND_OFF, size);
    memcpy(matrix + i * q->n, row, (size_t)q->n * sizeof *row);
    free(row);
  }
  return matrix;
}

/* As the type has it. */
static inline double rounded(uint32_t dtype, double value) {
  volatile float single = (float)value;
  return dtype == ATTRIB_F32 ? (double)single : value;
}

static inline void fill_rounded(uint32_t dtype, uint64_t seed, double *values, int64_t n) {
  fill_random(seed, values, n);
  for (int64_t i = 0; i < n; i++) values[i] = rounded(dtype, values[i]);
}

#endif
