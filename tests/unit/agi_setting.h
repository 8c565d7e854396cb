/* agi_setting.h - what the tests of adversarial gradient integration share: arguments in blocks of their size, and
 * classes with gradients that are known. */
#ifndef ATTRIB_TESTS_AGI_SETTING_H
#define ATTRIB_TESTS_AGI_SETTING_H

#include "step_setting.h"

static inline attrib_agi_options with_steps(uint32_t rule, int64_t steps, double step) {
  return (attrib_agi_options){.struct_size = sizeof(attrib_agi_options), .rule = rule, .steps = steps, .step = step};
}

/* Arguments in blocks of their size. */
typedef struct setting {
  sines f;
  attrib_model model;
  int64_t n, target; /* ATTRIB_NO_TARGET: weights */
  double *x;         /* as the model's type holds it */
  double *target_weights;
  void *input;
} setting;

static inline void set_up(setting *s, uint64_t seed, uint32_t dtype, int64_t n, int64_t n_outputs, int64_t target) {
  *s = (setting){.f = new_sines(seed, dtype, n, n_outputs), .n = n, .target = target};
  s->model = sines_model(&s->f);
  s->x = exact_block((size_t)n * sizeof *s->x);
  fill_random(seed + 100, s->x, n);
  s->input = rounded_row(dtype, s->x, n);
  s->target_weights = calloc((size_t)n_outputs, sizeof *s->target_weights);
  assert_non_null(s->target_weights);
  if (target == ATTRIB_NO_TARGET)
    fill_random(seed + 200, s->target_weights, n_outputs);
  else
    s->target_weights[target] = 1;
}

static inline void tear_down(setting *s) {
  free_sines(&s->f);
  free(s->x);
  free(s->input);
  free(s->target_weights);
}

/* To be freed by the caller. */
static inline double *explain(const setting *s, const attrib_agi_options *options, attrib_report *report) {
  double *phi = untouched(s->n);
  attrib_agi_options given = *options;
  if (s->target == ATTRIB_NO_TARGET) given.target_weights = s->target_weights;
  assert_int_equal(attrib_agi(NULL, &s->model, s->input, s->target, &given, phi, report), ATTRIB_OK);
  return phi;
}

/* x1 - 1, x2, and a class that nothing changes. */
static inline double f_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0] - 1;
}
static inline double f_second(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 1;
  return x[1];
}
static inline double f_flat(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i % 2 == 0 ? -0.0 : 0;
  return -5;
}
static const analytic_fn corners[] = {f_first, f_second, f_flat};

#endif
