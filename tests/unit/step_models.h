/* step_models.h - for tests of paths that are made step by step: smooth models with any number of inputs and outputs,
 * and a watcher that keeps what a model was asked. */
#ifndef ATTRIB_TESTS_STEP_MODELS_H
#define ATTRIB_TESTS_STEP_MODELS_H

#include "fixture.h"

#include "rows/rows.h"

/* Output k is the sum over i of size_ki sin(phase_ki + x_i + x_{i+1} / 2), the last input followed by the first. */
typedef struct sines {
  int64_t n_inputs, n_outputs;
  double *sizes, *phases;
  uint32_t dtype;
} sines;

static inline sines new_sines(uint64_t seed, uint32_t dtype, int64_t n_inputs, int64_t n_outputs) {
  sines s = {.n_inputs = n_inputs,
             .n_outputs = n_outputs,
             .sizes = exact_block((size_t)(n_inputs * n_outputs) * sizeof(double)),
             .phases = exact_block((size_t)(n_inputs * n_outputs) * sizeof(double)),
             .dtype = dtype};
  fill_random(2 * seed, s.sizes, n_inputs * n_outputs);
  fill_random(2 * seed + 1, s.phases, n_inputs * n_outputs);
  for (int64_t i = 0; i < n_inputs * n_outputs; i++) s.phases[i] *= 3;
  return s;
}

static inline void free_sines(sines *s) {
  free(s->sizes);
  free(s->phases);
}

/* Sum over k of weights[k] times output k; gradient (may be NULL) in double. */
static inline double sines_at(const sines *s, const double *weights, const double *x, double *gradient) {
  double f = 0;
  for (int64_t i = 0; i < s->n_inputs && gradient != NULL; i++) gradient[i] = 0;
  for (int64_t k = 0; k < s->n_outputs; k++) {
    if (weights[k] == 0) continue;
    for (int64_t i = 0; i < s->n_inputs; i++) {
      const int64_t next = (i + 1) % s->n_inputs;
      const double phase = s->phases[k * s->n_inputs + i] + x[i] + x[next] / 2;
      const double size = weights[k] * s->sizes[k * s->n_inputs + i];
      f += size * sin(phase);
      if (gradient == NULL) continue;
      gradient[i] += size * cos(phase);
      gradient[next] += size * cos(phase) / 2;
    }
  }
  return f;
}

static inline double sines_output(const sines *s, int64_t k, const double *x, double *gradient) {
  double *weights = calloc((size_t)s->n_outputs, sizeof *weights);
  if (weights == NULL) abort();
  weights[k] = 1;
  const double f = sines_at(s, weights, x, gradient);
  free(weights);
  return f;
}

static inline int32_t ATTRIB_CALL sines_evaluate(const attrib_batch *b, void *user) {
  const sines *s = user;
  double *x = exact_block(2 * (size_t)s->n_inputs * sizeof *x), *g = x + s->n_inputs;
  const bool all = (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  for (int64_t r = 0; r < b->rows; r++) {
    double *gradient = b->gradients == NULL ? NULL : g;
    attrib__rows_load(s->dtype, b->inputs, r * b->input_stride, s->n_inputs, x);
    for (int64_t k = 0; k < s->n_outputs && all; k++)
      b->outputs[r * b->output_stride + k] = sines_output(s, k, x, NULL);
    if (b->target_weights == NULL && b->target < 0) continue;
    const double f = b->target_weights != NULL ? sines_at(s, b->target_weights, x, gradient)
                                               : sines_output(s, b->target, x, gradient);
    if (!all) b->outputs[r * b->output_stride] = f;
    if (gradient != NULL) attrib__rows_store(s->dtype, b->gradients, r * b->gradient_stride, s->n_inputs, g);
  }
  free(x);
  return 0;
}

static inline attrib_model sines_model(sines *s) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = s->dtype,
                        .n_inputs = s->n_inputs,
                        .n_outputs = s->n_outputs,
                        .evaluate = sines_evaluate,
                        .user = s};
}

/* -- what was asked ----------------------------------------------------------------------------------------------- */

enum { MOST_ASKED = 4096 };

/* A row that a model was asked for, at a point of its inputs in double. */
typedef struct asked_row {
  uint32_t flags;
  int64_t target;
  double *point;
} asked_row;

typedef struct watcher {
  attrib_model inner;
  uint32_t second; /* ATTRIB_BATCH_SECOND_MODEL where the model is the second of its call, else 0 */
  int64_t count;
  asked_row rows[MOST_ASKED];
} watcher;

static inline int32_t ATTRIB_CALL watcher_evaluate(const attrib_batch *b, void *user) {
  watcher *w = user;
  const int64_t n = w->inner.n_inputs;
  if (b->rows != 1 || b->n_inputs != n || (b->flags & ATTRIB_BATCH_SECOND_MODEL) != w->second) return -98;
  if (w->count == MOST_ASKED) return -97;
  asked_row *row = &w->rows[w->count++];
  *row = (asked_row){b->flags, b->target, exact_block((size_t)n * sizeof(double))};
  attrib__rows_load(w->inner.dtype, b->inputs, 0, n, row->point);
  return w->inner.evaluate(b, w->inner.user);
}

/* A model that answers as `inner` does, in batches of one row; to be closed. */
static inline attrib_model watch(watcher *w, attrib_model inner, bool second) {
  w->inner = inner;
  w->second = second ? (uint32_t)ATTRIB_BATCH_SECOND_MODEL : 0;
  w->count = 0;
  inner.evaluate = watcher_evaluate;
  inner.user = w;
  return inner;
}

static inline void stop_watching(watcher *w) {
  for (int64_t r = 0; r < w->count; r++) free(w->rows[r].point);
  w->count = 0;
}

static inline int64_t asked_with(const watcher *w, uint32_t flag, bool set) {
  int64_t count = 0;
  for (int64_t r = 0; r < w->count; r++) count += ((w->rows[r].flags & flag) != 0) == set;
  return count;
}

/* -- numbers ------------------------------------------------------------------------------------------------------ */

static inline double inner_product(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static inline double distance_between(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum);
}

/* `values` as the model's type holds them, and a row of them. */
static inline void *rounded_row(uint32_t dtype, double *values, int64_t n) {
  if (n < 1) abort(); /* and so every value is written, says the compiler */
  for (int64_t i = 0; i < n; i++) values[i] = attrib__rows_round(dtype, values[i]);
  return as_row(dtype, values, n);
}

#endif
