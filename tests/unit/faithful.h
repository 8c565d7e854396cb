/* faithful.h - calls of the metrics of faithfulness.h for their tests: a model, an input, scores, baselines and options
 * in blocks of their very size. Include after cmocka's headers. */
#ifndef ATTRIB_TESTS_FAITHFUL_H
#define ATTRIB_TESTS_FAITHFUL_H

#include "fixture.h"
#include "recorder.h"

enum { FAITHFUL_BASELINES = 3 };

/* A picture of 4 x 3 pixels with two channels. */
static const attrib_image faithful_shape = {
    .struct_size = sizeof faithful_shape, .width = 4, .height = 3, .channels = 2};
enum { FAITHFUL_N = 24 };

typedef struct faithful {
  uint32_t dtype;
  int64_t n;
  void *input, *rows;
  double *values, *row_values; /* input and baselines as the model sees them */
  double *scores, *weights;
  attrib_baselines baselines;
  recorder recorder;
  attrib_model model;
  attrib_sensitivity_n_options sizes;
  attrib_infidelity_options infidelity;
  attrib_report report;
  double errors[16];
  char message[600];
} faithful;

/* n inputs, scores that are about right, and three baselines of which the first is used. */
static inline void open_faithful(faithful *f, uint32_t dtype, int64_t n, analytic_fn function, const void *parameters,
                                 int64_t rows) {
  *f = (faithful){.dtype = dtype, .n = n};
  double *numbers = exact_block((size_t)(n * (1 + FAITHFUL_BASELINES)) * sizeof *numbers);
  fill_random(91, numbers, n * (1 + FAITHFUL_BASELINES));
  f->input = as_row(dtype, numbers, n);
  f->rows = as_row(dtype, numbers + n, n * FAITHFUL_BASELINES);
  free(numbers);
  f->values = exact_block((size_t)n * sizeof(double));
  f->row_values = exact_block((size_t)(n * FAITHFUL_BASELINES) * sizeof(double));
  for (int64_t i = 0; i < n; i++) f->values[i] = element_of(dtype, f->input, i);
  for (int64_t i = 0; i < n * FAITHFUL_BASELINES; i++) f->row_values[i] = element_of(dtype, f->rows, i);
  f->scores = exact_block((size_t)n * sizeof(double));
  fill_random(17, f->scores, n);
  f->weights = exact_copy((double[]){2, 0, 1}, FAITHFUL_BASELINES * sizeof(double));
  f->baselines = (attrib_baselines){.struct_size = sizeof f->baselines, .count = 1, .rows = f->rows};
  f->model = recorded_model(&f->recorder, function, dtype, n, parameters, rows);
  f->sizes = (attrib_sensitivity_n_options){.struct_size = sizeof f->sizes};
  f->infidelity = (attrib_infidelity_options){.struct_size = sizeof f->infidelity};
}

static inline void close_faithful(faithful *f) {
  free(f->input);
  free(f->rows);
  free(f->values);
  free(f->row_values);
  free(f->scores);
  free(f->weights);
  free_recorder(&f->recorder);
}

static inline int32_t ATTRIB_CALL fetch_faithful(int64_t index, void *row, void *user) {
  const faithful *f = user;
  const size_t size = (size_t)f->n * (f->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)f->rows + (size_t)index * size, size);
  return 0;
}

static inline void fetch_baselines(faithful *f) {
  f->baselines.rows = NULL;
  f->baselines.fetch = fetch_faithful;
  f->baselines.fetch_user = f;
}

static inline void renew_report(faithful *f) {
  forget_rows(&f->recorder);
  f->report = (attrib_report){.struct_size = sizeof f->report,
                              .standard_errors = f->errors,
                              .message = f->message,
                              .message_capacity = sizeof f->message};
}

static inline attrib_status call_sensitivity_n(faithful *f, attrib_context *context, double *values) {
  renew_report(f);
  return attrib_sensitivity_n(context, &f->model, f->input, f->sizes.target_weights != NULL ? ATTRIB_NO_TARGET : 0,
                              f->scores, &f->baselines, &f->sizes, values, &f->report);
}

static inline attrib_status call_infidelity(faithful *f, attrib_context *context, double *value) {
  const bool alone = f->infidelity.perturbation == ATTRIB_INFIDELITY_GAUSSIAN;
  renew_report(f);
  return attrib_infidelity(context, &f->model, f->input, f->infidelity.target_weights != NULL ? ATTRIB_NO_TARGET : 0,
                           f->scores, alone ? NULL : &f->baselines, &f->infidelity, value, &f->report);
}

/* Of two sides in plain loops and long double. */
static inline double plain_pearson(const double *x, const double *y, int64_t count) {
  long double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
  for (int64_t k = 0; k < count; k++) mx += (long double)x[k], my += (long double)y[k];
  mx /= (long double)count, my /= (long double)count;
  for (int64_t k = 0; k < count; k++) {
    const long double a = (long double)x[k] - mx, b = (long double)y[k] - my;
    xx += a * a, xy += a * b, yy += b * b;
  }
  return (double)(xy / sqrtl(xx * yy));
}

/* The point of a row that the model was asked for. */
static inline const double *point_of(const faithful *f, int64_t row) {
  return f->recorder.points + row * f->n;
}

#endif
