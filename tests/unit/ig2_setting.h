/* ig2_setting.h - what the tests of IG2 share: arguments in blocks of their size, and linear representations. */
#ifndef ATTRIB_TESTS_IG2_SETTING_H
#define ATTRIB_TESTS_IG2_SETTING_H

#include "step_setting.h"

static inline attrib_ig2_options with_steps(uint32_t rule, int64_t steps, double step) {
  return (attrib_ig2_options){.struct_size = sizeof(attrib_ig2_options), .rule = rule, .steps = steps, .step = step};
}

enum { LINES = 3 };

/* Arguments in blocks of their size. */
typedef struct setting {
  sines f, h;
  attrib_model model, space;
  const attrib_model *representation; /* NULL = the model itself */
  int64_t n;
  double *x, *r; /* as the model's type holds them */
  void *input, *rows;
  double *weights, *target_weights;
  attrib_baselines set;
  int64_t fetched;
} setting;

/* Three references, of which the second has no weight. */
static inline void set_up(setting *s, uint64_t seed, uint32_t dtype, int64_t n) {
  *s = (setting){.f = new_sines(seed, dtype, n, 3), .h = new_sines(seed + 50, dtype, n, 4), .n = n};
  s->model = sines_model(&s->f);
  s->space = sines_model(&s->h);
  s->representation = &s->space;
  s->x = exact_block((size_t)n * sizeof *s->x);
  s->r = exact_block((size_t)(LINES * n) * sizeof *s->r);
  fill_random(seed + 100, s->x, n);
  fill_random(seed + 200, s->r, LINES * n);
  s->input = rounded_row(dtype, s->x, n);
  s->rows = rounded_row(dtype, s->r, LINES * n);
  s->weights = exact_copy((double[]){3, 0, 1}, LINES * sizeof *s->weights);
  s->target_weights = exact_copy((double[]){.5, -1, 2}, 3 * sizeof *s->target_weights);
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = LINES, .rows = s->rows, .weights = s->weights};
}

static inline void tear_down(setting *s) {
  free_sines(&s->f);
  free_sines(&s->h);
  free(s->x);
  free(s->r);
  free(s->input);
  free(s->rows);
  free(s->weights);
  free(s->target_weights);
}

static inline int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  setting *s = user;
  const size_t size = (size_t)s->n * attrib__element_size(s->f.dtype);
  s->fetched++;
  memcpy(row, (const char *)s->rows + (size_t)index * size, size);
  return 0;
}

/* To be freed by the caller. */
static inline double *explain(const setting *s, const attrib_ig2_options *options, attrib_report *report) {
  double *phi = untouched(s->n);
  const int64_t target = options->target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  assert_int_equal(attrib_ig2(NULL, &s->model, s->representation, s->input, target, &s->set, options, phi, report),
                   ATTRIB_OK);
  return phi;
}

/* Output k is row k of a matrix times x, scaled. */
typedef struct matrix {
  int64_t n_inputs, n_outputs;
  const double *rows;
  double unit;
  uint32_t dtype;
} matrix;

static inline int32_t ATTRIB_CALL matrix_evaluate(const attrib_batch *b, void *user) {
  const matrix *a = user;
  const int64_t n = a->n_inputs;
  double x[64], g[64];
  if (n > 64 || b->rows != 1) return -97;
  attrib__rows_load(a->dtype, b->inputs, 0, n, x);
  if (b->gradients == NULL) {
    for (int64_t k = 0; k < a->n_outputs; k++) b->outputs[k] = a->unit * inner_product(a->rows + k * n, x, n);
    return (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0 ? 0 : -96;
  }
  b->outputs[0] = 0;
  for (int64_t i = 0; i < n; i++) {
    g[i] = 0;
    for (int64_t k = 0; k < a->n_outputs; k++) g[i] += b->target_weights[k] * (a->unit * a->rows[k * n + i]);
    b->outputs[0] += g[i] * x[i];
  }
  attrib__rows_store(a->dtype, b->gradients, 0, n, g);
  return 0;
}

static inline attrib_model matrix_model(matrix *a) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = a->dtype,
                        .n_inputs = a->n_inputs,
                        .n_outputs = a->n_outputs,
                        .evaluate = matrix_evaluate,
                        .user = a};
}

#endif
