/* guided_setting.h - what the tests of guided integrated gradients share: arguments in blocks of their size. */
#ifndef ATTRIB_TESTS_GUIDED_SETTING_H
#define ATTRIB_TESTS_GUIDED_SETTING_H

#include "step_setting.h"

static const double one_hot[] = {1, 0, 0};

static inline attrib_guided_options with_steps(uint32_t rule, int64_t steps, double fraction, double max_distance) {
  return (attrib_guided_options){.struct_size = sizeof(attrib_guided_options),
                                 .rule = rule,
                                 .steps = steps,
                                 .fraction = fraction,
                                 .max_distance = max_distance};
}

enum { LINES = 3 };

/* Arguments in blocks of their size. */
typedef struct setting {
  sines f;
  attrib_model model;
  int64_t n;
  double *x, *b; /* as the model's type holds them */
  void *input, *rows;
  double *weights;
  attrib_baselines set;
  int64_t fetched;
} setting;

/* Three baselines, of which the second has no weight; every fifth feature of the first, from the third on, is the
 * input's. */
static inline void set_up(setting *s, uint64_t seed, uint32_t dtype, int64_t n) {
  *s = (setting){.f = new_sines(seed, dtype, n, 3), .n = n};
  s->model = sines_model(&s->f);
  s->x = exact_block((size_t)n * sizeof *s->x);
  s->b = exact_block((size_t)(LINES * n) * sizeof *s->b);
  fill_random(seed + 100, s->x, n);
  fill_random(seed + 200, s->b, LINES * n);
  for (int64_t i = 2; i < n; i += 5) s->b[i] = s->x[i];
  s->input = rounded_row(dtype, s->x, n);
  s->rows = rounded_row(dtype, s->b, LINES * n);
  s->weights = exact_copy((double[]){3, 0, 1}, LINES * sizeof *s->weights);
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = LINES, .rows = s->rows, .weights = s->weights};
}

static inline void tear_down(setting *s) {
  free_sines(&s->f);
  free(s->x);
  free(s->b);
  free(s->input);
  free(s->rows);
  free(s->weights);
}

static inline int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  setting *s = user;
  const size_t size = (size_t)s->n * attrib__element_size(s->f.dtype);
  s->fetched++;
  memcpy(row, (const char *)s->rows + (size_t)index * size, size);
  return 0;
}

/* To be freed by the caller. */
static inline double *explain(const setting *s, const attrib_guided_options *options, attrib_report *report) {
  double *phi = untouched(s->n);
  assert_int_equal(attrib_guided_integrated_gradients(NULL, &s->model, s->input,
                                                      options->target_weights != NULL ? ATTRIB_NO_TARGET : 0, &s->set,
                                                      options, phi, report),
                   ATTRIB_OK);
  return phi;
}

#endif
