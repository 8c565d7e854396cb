/* recorder.h - a model that writes down every row it is asked for, so that a test can compute for itself what a method
 * should make of them. Include after fixture.h. */
#ifndef ATTRIB_TESTS_RECORDER_H
#define ATTRIB_TESTS_RECORDER_H

#include "fixture.h"

/* Row k of the vectors is the row of id k; NaN where there was none. */
typedef struct recorder {
  analytic inner;
  analytic_fn function;
  int64_t capacity, rows; /* rows: one more than the greatest id */
  double *points, *gradients, *outputs;
  bool *with_gradient;
} recorder;

static inline double element_of(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

static inline int32_t ATTRIB_CALL record_batch(const attrib_batch *b, void *user) {
  recorder *r = user;
  int32_t status = analytic_evaluate(b, &r->inner);
  for (int64_t k = 0; k < b->rows && status == 0; k++) {
    int64_t id = b->row_ids[k], n = b->n_inputs;
    if (id >= r->capacity) return -77;
    if (id >= r->rows) r->rows = id + 1;
    r->outputs[id] = b->outputs[k * b->output_stride];
    r->with_gradient[id] = b->gradients != NULL;
    for (int64_t i = 0; i < n; i++) {
      r->points[id * n + i] = element_of(b->dtype, b->inputs, k * b->input_stride + i);
      if (b->gradients == NULL) continue;
      r->gradients[id * n + i] = element_of(b->dtype, b->gradients, k * b->gradient_stride + i);
    }
  }
  return status;
}

static inline void forget_rows(recorder *r) {
  for (int64_t k = 0; k < r->capacity * r->inner.n_inputs; k++) r->points[k] = r->gradients[k] = (double)NAN;
  for (int64_t k = 0; k < r->capacity; k++) r->outputs[k] = (double)NAN;
  r->rows = 0;
}

/* The recorder stays where it is until freed: the model points to it. Not CONCURRENT, so that rows come one by one. */
static inline attrib_model recorded_model(recorder *r, analytic_fn function, uint32_t dtype, int64_t n,
                                          const void *parameters, int64_t capacity) {
  *r = (recorder){.function = function, .capacity = capacity};
  attrib_model model = single_model(&r->inner, &r->function, dtype, n, parameters);
  r->points = exact_block((size_t)(capacity * n) * sizeof(double));
  r->gradients = exact_block((size_t)(capacity * n) * sizeof(double));
  r->outputs = exact_block((size_t)capacity * sizeof(double));
  r->with_gradient = exact_block((size_t)capacity * sizeof(bool));
  forget_rows(r);
  model.flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
  model.evaluate = record_batch;
  model.user = r;
  return model;
}

static inline void free_recorder(recorder *r) {
  free(r->points);
  free(r->gradients);
  free(r->outputs);
  free(r->with_gradient);
}

#endif
