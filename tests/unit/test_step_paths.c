/* Paths that are made as they go: Guided IG, AGI, IG2. Exact values, and what holds of every method. */
#include "fixture.h"

#include "method_checks.h"

/* -- models ------------------------------------------------------------------------------------------------------- */

enum { N = 6 };

/* w.x, -w.x + 1 and a third that bends: three classes. */
static double f_first(const double *x, int64_t n, double *g, const void *p) {
  return f_linear(x, n, g, p);
}

static double f_second(const double *x, int64_t n, double *g, const void *p) {
  double f = -f_linear(x, n, g, p);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = -g[i];
  return f;
}

static const analytic_fn classes[] = {f_waves, f_second, f_first};

/* The features of a representation: x_k + x_{k+1}^2 / 4, three of them. */
static double feature(const double *x, int64_t n, double *g, int64_t k) {
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  if (g != NULL) {
    g[k] = 1;
    g[k + 1] = x[k + 1] / 2;
  }
  return x[k] + x[k + 1] * x[k + 1] / 4;
}
static double h_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  return feature(x, n, g, 0);
}
static double h_second(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  return feature(x, n, g, 2);
}
static double h_third(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  return feature(x, n, g, 4);
}
static const analytic_fn features[] = {h_first, h_second, h_third};

static double x_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0];
}
static double x_second(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 1;
  return x[1];
}
static const analytic_fn identity[] = {x_first, x_second};

/* -- exact values ------------------------------------------------------------------------------------------------- */

static void guided_exact(void **state) {
  (void)state;
  static const analytic_fn product = f_product;
  const double x[] = {1.1, 1}, b[] = {.1, 0};
  const attrib_baselines set = one_baseline(b);
  /* rule, max_distance, attributions */
  static const double cases[][4] = {{ATTRIB_RULE_LEFT, 1, 0, 1.1},
                                    {ATTRIB_RULE_LEFT, 1e-300, .4975, .5975},
                                    {ATTRIB_RULE_LEFT, 0, .4584, .6368},
                                    {ATTRIB_RULE_TRAPEZOID, 1e-300, .5, .6},
                                    {0, 1, 0, 1.1}};
  for (int64_t i = 0; i < COUNT(cases); i++) {
    analytic a;
    const attrib_model model = single_model(&a, &product, ATTRIB_F64, 2, NULL);
    const attrib_guided_options options = {
        .struct_size = sizeof options, .rule = (uint32_t)cases[i][0], .max_distance = cases[i][1]};
    attrib_report report = {.struct_size = sizeof report};
    double v[2];
    assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, x, 0, &set, &options, v, &report), ATTRIB_OK);
    assert_near(v[0], cases[i][2], 1e-10, 1);
    assert_near(v[1], cases[i][3], 1e-10, 1);
    assert_int_equal(report.points, 200);
    assert_int_equal(report.evaluations, cases[i][0] == ATTRIB_RULE_LEFT ? 200 : 201);
    assert_int_equal(report.output_evaluations, cases[i][0] == ATTRIB_RULE_LEFT ? 1 : 0);
    assert_near(report.completeness_target, 1.1, ROUND_OFF, 1);
  }
}

/* Unlike the published program, which starts every step from x: .9 of the way is .9 of the difference. */
static void agi_exact(void **state) {
  (void)state;
  static const analytic_fn two[] = {f_first, f_second};
  const double w[] = {1, -2}, x[] = {.5, 1.5};
  for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_TRAPEZOID; rule += 3) {
    analytic a = {.functions = two, .n_outputs = 2, .n_inputs = 2, .parameters = w, .dtype = ATTRIB_F64};
    const attrib_model model = analytic_model(&a);
    const attrib_agi_options options = {.struct_size = sizeof options, .rule = rule, .steps = 3, .step = .1};
    attrib_report report = {.struct_size = sizeof report};
    double v[2];
    /* outputs -2.5 and 2.5: class 1 stays the largest */
    assert_int_equal(attrib_agi(NULL, &model, x, 1, &options, v, &report), ATTRIB_OK);
    assert_near(v[0], .3, ROUND_OFF, 1);
    assert_near(v[1], .6, ROUND_OFF, 1);
    assert_near(report.completeness_target, .9, ROUND_OFF, 1);
    assert_near(report.completeness_error, 0, ROUND_OFF, 1);
  }
}

static void ig2_exact(void **state) {
  (void)state;
  static const analytic_fn linear = f_linear;
  const double w[] = {1, 2}, x[] = {3, 4}, r[] = {0, 0};
  const attrib_baselines set = one_baseline(r);
  for (int64_t steps = 5; steps < 9; steps++) { /* more steps than it takes: the path ends at the reference */
    analytic a, h = {.functions = identity, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
    const attrib_model model = single_model(&a, &linear, ATTRIB_F64, 2, w), space = analytic_model(&h);
    const attrib_ig2_options options = {.struct_size = sizeof options, .steps = steps, .step = 1};
    attrib_report report = {.struct_size = sizeof report};
    double v[2];
    assert_int_equal(attrib_ig2(NULL, &model, &space, x, 0, &set, &options, v, &report), ATTRIB_OK);
    assert_near(v[0], 3, ROUND_OFF, 4);
    assert_near(v[1], 8, ROUND_OFF, 8);
    assert_near(report.objective, 0, ROUND_OFF, 8);
    assert_near(report.completeness_target, 11, ROUND_OFF, 11);
    assert_int_equal(report.evaluations, 11);
  }
}

/* -- what holds of every method ----------------------------------------------------------------------------------- */

typedef struct path_case {
  void *input, *rows;
  int64_t *others;
  double *target_weights, *weights;
  int32_t *groups;
  int64_t target;
  attrib_baselines set;
  attrib_guided_options guided;
  attrib_agi_options agi;
  attrib_ig2_options ig2;
} path_case;

static attrib_status call_guided(attrib_context *context, const attrib_model *models, void *values,
                                 attrib_report *report, void *user) {
  const path_case *c = user;
  return attrib_guided_integrated_gradients(context, models, c->input, c->target, &c->set, &c->guided, values, report);
}
static attrib_status start_guided(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const path_case *c = user;
  return attrib_guided_integrated_gradients_start(context, models, c->input, c->target, &c->set, &c->guided, run);
}
static attrib_status call_agi(attrib_context *context, const attrib_model *models, void *values, attrib_report *report,
                              void *user) {
  const path_case *c = user;
  return attrib_agi(context, models, c->input, c->target, &c->agi, values, report);
}
static attrib_status start_agi(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const path_case *c = user;
  return attrib_agi_start(context, models, c->input, c->target, &c->agi, run);
}
static attrib_status call_ig2(attrib_context *context, const attrib_model *models, void *values, attrib_report *report,
                              void *user) {
  const path_case *c = user;
  return attrib_ig2(context, models, &models[1], c->input, c->target, &c->set, &c->ig2, values, report);
}
static attrib_status start_ig2(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const path_case *c = user;
  return attrib_ig2_start(context, models, &models[1], c->input, c->target, &c->set, &c->ig2, run);
}
static attrib_status call_ig2_self(attrib_context *context, const attrib_model *models, void *values,
                                   attrib_report *report, void *user) {
  const path_case *c = user;
  return attrib_ig2(context, models, NULL, c->input, c->target, &c->set, &c->ig2, values, report);
}
static attrib_status start_ig2_self(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const path_case *c = user;
  return attrib_ig2_start(context, models, NULL, c->input, c->target, &c->set, &c->ig2, run);
}

static void make_case(path_case *c, uint32_t dtype, bool grouped) {
  double values[2 * N];
  *c = (path_case){.target = grouped ? ATTRIB_NO_TARGET : 0};
  fill_random(11, values, N);
  c->input = as_row(dtype, values, N);
  fill_random(12, values, 2 * N);
  c->rows = as_row(dtype, values, 2 * N);
  c->others = exact_copy((int64_t[]){2, 1}, 2 * sizeof(int64_t));
  c->target_weights = exact_copy((double[]){.5, -1, 2}, 3 * sizeof(double));
  c->weights = exact_copy((double[]){1, 3}, 2 * sizeof(double));
  c->groups = exact_copy((int32_t[]){1, 0, 1, 2, 2, 0}, N * sizeof(int32_t));
  c->set = (attrib_baselines){.struct_size = sizeof c->set, .count = 2, .rows = c->rows, .weights = c->weights};
  c->guided = (attrib_guided_options){.struct_size = sizeof c->guided, .steps = 6, .max_distance = .3};
  c->agi = (attrib_agi_options){
      .struct_size = sizeof c->agi, .steps = 4, .n_classes = 2, .low = -1, .high = 1, .classes = c->others};
  c->ig2 = (attrib_ig2_options){.struct_size = sizeof c->ig2, .steps = 4};
  if (!grouped) return;
  c->guided.rule = c->agi.rule = c->ig2.rule = ATTRIB_RULE_LEFT;
  c->guided.groups = c->agi.groups = c->ig2.groups = c->groups;
  c->guided.n_groups = c->agi.n_groups = c->ig2.n_groups = 3;
  c->guided.target_weights = c->agi.target_weights = c->ig2.target_weights = c->target_weights;
}

static void free_case(path_case *c) {
  free(c->input);
  free(c->rows);
  free(c->others);
  free(c->target_weights);
  free(c->weights);
  free(c->groups);
}

/* Gradient rows that say where a path goes: as many as it takes. */
static int64_t off_the_path(const checked_method *method) {
  enum { PLENTY = 200 };
  double values[N];
  attrib_trace_point *trace = exact_block(PLENTY * sizeof *trace);
  attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = PLENTY};
  assert_int_equal(method->call(NULL, method->models, values, &report, method->user), ATTRIB_OK);
  assert_true(report.trace_count < PLENTY);
  free(trace);
  return report.evaluations - report.trace_count;
}

static void check_all(checked_method method) {
  const double w[N] = {.5, -1, .25, 2, -.75, 1};
  for (int which = 0; which < 2; which++) {
    const uint32_t dtype = which == 0 ? ATTRIB_F64 : ATTRIB_F32;
    path_case c;
    make_case(&c, dtype, which == 1);
    analytic a = {.functions = classes, .n_outputs = 3, .n_inputs = N, .parameters = w, .dtype = dtype};
    analytic h = {.functions = features, .n_outputs = 3, .n_inputs = N, .dtype = dtype};
    method.models[0] = analytic_model(&a);
    method.models[1] = analytic_model(&h);
    method.attributions = which == 1 ? 3 : N;
    method.trace_sums = true;
    method.user = &c;
    method.untraced_rows = off_the_path(&method);
    method_check_all(&method);
    free_case(&c);
  }
}

static void guided_like_every_method(void **state) {
  (void)state;
  check_all((checked_method){.name = "guided", .model_count = 1, .call = call_guided, .start = start_guided});
}

static void agi_like_every_method(void **state) {
  (void)state;
  check_all(
      (checked_method){.name = "agi", .model_count = 1, .skips_gradients = true, .call = call_agi, .start = start_agi});
}

static void ig2_like_every_method(void **state) {
  (void)state;
  check_all(
      (checked_method){.name = "ig2", .model_count = 2, .skips_gradients = true, .call = call_ig2, .start = start_ig2});
  check_all((checked_method){.name = "ig2 of itself",
                             .model_count = 1,
                             .skips_gradients = true,
                             .call = call_ig2_self,
                             .start = start_ig2_self});
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(guided_exact),
      cmocka_unit_test(agi_exact),
      cmocka_unit_test(ig2_exact),
      cmocka_unit_test(guided_like_every_method),
      cmocka_unit_test(agi_like_every_method),
      cmocka_unit_test(ig2_like_every_method),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
