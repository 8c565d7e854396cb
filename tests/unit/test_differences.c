/* Models without gradients: what central differences over groups give in closed form, which rows they ask for, what the
 * report says, and what is refused. */
#include "methods.h"

#include "step_models.h"

enum { N = 6, GROUPS = 3, FIRST_ROWS = 19 };

static const int32_t labels[N] = {0, 1, 2, 0, 1, 2};

/* Dyadic, so that nothing is rounded. */
static const double input[N] = {1, -2, 0.5, 3, 1.5, -1}, base[N] = {0, 1, 0.5, -1, 2, 0.25};

static attrib_ig_options grouped(uint32_t rule, int64_t points) {
  attrib_ig_options options = with_rule(rule, points);
  options.n_groups = GROUPS;
  options.groups = labels;
  return options;
}

static attrib_status explain(analytic_fn f, const void *parameters, uint32_t dtype, int64_t n,
                             const attrib_ig_options *options, double *values, attrib_report *report) {
  analytic a;
  attrib_model model = single_model(&a, &f, dtype, n, parameters);
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  void *x = as_row(dtype, input, n), *b = as_row(dtype, base, n);
  const attrib_baselines set = one_baseline(b);
  *report = (attrib_report){.struct_size = sizeof *report};
  attrib_status status = attrib_integrated_gradients(NULL, &model, x, 0, &set, options, values, report);
  assert_int_equal(a.gradient_rows, 0);
  free(x);
  free(b);
  return status;
}

/* w . x by group, to the last bit: whatever the step, dyadic points are met exactly. */
static void linear(void **state) {
  (void)state;
  static const double w[N] = {3, -1, 2, 0.5, 4, -2};
  double exact[GROUPS] = {0}, values[N];
  attrib_report report;
  for (int i = 0; i < N; i++) exact[labels[i]] += w[i] * (input[i] - base[i]);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_MIDPOINT; rule++) {
      attrib_ig_options options = grouped(rule, 4);
      assert_int_equal(explain(f_linear, w, dtype, N, &options, values, &report), ATTRIB_OK);
      for (int g = 0; g < GROUPS; g++) assert_near(values[g], exact[g], dtype == ATTRIB_F32 ? 0x1p-22 : 0x1p-50, 40);
      assert_true(report.truncation_error == 0 && report.roundoff_error > 0);
      assert_true(report.completeness_relative < 1e-6);
      options = with_rule(rule, 4); /* by feature; the third does not move */
      assert_int_equal(explain(f_linear, w, dtype, N, &options, values, &report), ATTRIB_OK);
      for (int i = 0; i < N; i++)
        assert_near(values[i], w[i] * (input[i] - base[i]), dtype == ATTRIB_F32 ? 0x1p-22 : 0x1p-50, 10);
      assert_true(values[2] == 0);
    }
}

/* x1 x2 along the line, by group of one: central differences of a quadratic have no truncation. */
static void quadratic(void **state) {
  (void)state;
  double values[2];
  attrib_report report;
  const attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 4);
  assert_int_equal(explain(f_product, NULL, ATTRIB_F64, 2, &options, values, &report), ATTRIB_OK);
  /* integral of d1 (b2 + a d2): the midpoint rule is exact for it */
  assert_near(values[0], 1 * (1 - 3.0 / 2), 0x1p-40, 1);
  assert_near(values[1], -3 * (0 + 1.0 / 2), 0x1p-40, 1);
  assert_near(report.attribution_sum, report.completeness_target, 0x1p-40, 1);
  assert_true(report.truncation_error < 1e-9);
  assert_true(report.output == -2 && report.baseline_output == 0);
}

/* x^3 from 0 to 1: D is too large by h^2 everywhere, and the estimate says so. */
static void cubic(void **state) {
  (void)state;
  for (int k = 3; k <= 8; k++) {
    double value;
    attrib_report report;
    attrib_ig_options options = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 20);
    options.difference_step = ldexp(1.25, -k); /* is rounded down */
    assert_int_equal(explain(f_cube, NULL, ATTRIB_F64, 1, &options, &value, &report), ATTRIB_OK);
    const double h = ldexp(1, -k), error = value - 1;
    assert_true(report.difference_step == h);
    assert_near(error, h * h, 1e-6, h * h);
    const double said = report.truncation_error * value;
    assert_true(said > 0.999 * error && said < (k < 5 ? 1.3 : 1.02) * error);
  }
}

/* relu at its kink all along the path: a gradient is 0 or 1, the difference 1/2, the estimate that half. */
static double f_kink(const double *x, int64_t n, double *g, const void *p) {
  (void)n, (void)p;
  const double z = x[0] - x[1];
  if (g != NULL) {
    g[0] = z > 0 ? 1 : 0;
    g[1] = -g[0];
  }
  return x[2] + (z > 0 ? z : 0);
}

static void kinks_at_the_nodes(void **state) {
  (void)state;
  static const analytic_fn f = f_kink;
  analytic a;
  double values[3];
  static const double x[3] = {1, 1, 1}, zeros[3];
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 3, NULL);
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  const attrib_baselines set = one_baseline(zeros);
  const attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 16);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &options, values, &report), ATTRIB_OK);
  assert_near(values[0], 0.5, 1e-9, 1);
  assert_near(values[1], -0.5, 1e-9, 1);
  assert_near(values[2], 1, 1e-9, 1);
  const double error = sqrt(0.5), length = sqrt(1.5); /* of gradients that are 0 there */
  assert_true(report.truncation_error * length >= error && report.truncation_error * length < 1.5 * error);
}

/* -- rows ---------------------------------------------------------------------------------------------------------- */

/* f(p), both sides of each group, and at check nodes of two both at twice the step. */
static void rows(void **state) {
  (void)state;
  static const analytic_fn f = f_waves;
  analytic a;
  watcher w;
  attrib_model model = watch(&w, single_model(&a, &f, ATTRIB_F64, N, NULL), false);
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  model.max_rows = 1;
  const attrib_baselines set = one_baseline(base);
  attrib_ig_options options = grouped(ATTRIB_RULE_MIDPOINT, 4); /* check nodes: 1 and 3 */
  options.difference_step = 0x1p-6;
  double values[GROUPS];
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, input, 0, &set, &options, values, &report), ATTRIB_OK);
  const int64_t each = 2 * GROUPS + 1, all = FIRST_ROWS + 2 + 4 * each + 2 * 2 * GROUPS;
  assert_int_equal(w.count, all);
  assert_int_equal(report.output_evaluations, all);
  assert_true(report.evaluations == 0 && report.difference_nodes == 4 && report.points == 4);
  assert_int_equal(asked_with(&w, ATTRIB_BATCH_GRADIENTS, true), 0);
  assert_same_bits(w.rows[0].point, base, N);
  assert_same_bits(w.rows[1].point, input, N);
  assert_same_bits(w.rows[FIRST_ROWS].point, input, N);
  assert_same_bits(w.rows[FIRST_ROWS + 1].point, base, N);
  int64_t at = FIRST_ROWS + 2;
  for (int node = 0; node < 4; node++) {
    static const double shifts[] = {1, -1, 2, -2};
    const double alpha = (node + 0.5) / 4;
    const double *p = w.rows[at++].point;
    for (int i = 0; i < N; i++) assert_near(p[i], base[i] + alpha * (input[i] - base[i]), ROUND_OFF, 4);
    for (int g = 0; g < GROUPS; g++)
      for (int k = 0; k < (node % 2 == 1 ? 4 : 2); k++) {
        const double *moved = w.rows[at++].point;
        for (int i = 0; i < N; i++)
          assert_near(moved[i], p[i] + (labels[i] == g ? shifts[k] * 0x1p-6 * (input[i] - base[i]) : 0), ROUND_OFF, 4);
      }
  }
  assert_int_equal(at, all);
  stop_watching(&w);
}

/* A path's curve is asked for every row, and brings the tangent. */
static void a_trace_has_a_point_for_each_node(void **state) {
  (void)state;
  for (int which = 15; which <= 16; which++) {
    method_case c;
    attrib_trace_point with[64], without[64];
    make_method(&c, which, ATTRIB_F64, N);
    double *values = exact_block(N * sizeof *values);
    attrib_report report = {
        .struct_size = sizeof report, .trace = with, .trace_capacity = 64, .trace_stride = sizeof *with};
    assert_int_equal(make_call(NULL, &c.call, values, &report), ATTRIB_OK);
    const int64_t nodes = report.trace_count;
    assert_int_equal(nodes, report.evaluations);
    c.call.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
    report.trace = without;
    assert_int_equal(make_call(NULL, &c.call, values, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, nodes);
    assert_int_equal(report.difference_nodes, nodes);
    for (int64_t k = 0; k < nodes; k++) {
      assert_true(with[k].alpha == without[k].alpha && with[k].weight == without[k].weight);
      assert_true(with[k].output == without[k].output && with[k].baseline == without[k].baseline);
      assert_near(without[k].slope, with[k].slope, 1e-8, 1 + fabs(with[k].slope));
    }
    assert_int_equal(without[nodes - 1].row_id, report.output_evaluations - 1);
    free(values);
    free_method(&c);
  }
}

/* Continued to a tighter tolerance: one long run, bit for bit. */
static void a_run_goes_on(void **state) {
  (void)state;
  double values[2][N];
  attrib_report reports[2];
  for (int k = 0; k < 2; k++) {
    method_case c;
    attrib_run *run;
    int64_t most_out;
    make_method(&c, METHOD_ADAPTIVE_DEFAULT, ATTRIB_F64, N);
    c.options = grouped(ATTRIB_RULE_ADAPTIVE, 0);
    c.options.tolerance = k == 0 ? 0.2 : 1e-3;
    c.options.max_evaluations = 1000;
    c.call.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
    assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
    assert_int_equal(drive(run, &c.model, SHUFFLED, 3, &most_out), ATTRIB_OK);
    reports[k] = (attrib_report){.struct_size = sizeof reports[k]};
    assert_int_equal(attrib_run_result(run, values[k], &reports[k]), ATTRIB_OK);
    if (k == 0) {
      assert_true(reports[k].difference_nodes == 17);
      assert_int_equal(attrib_run_extend(run, 1e-3, 0, 0), ATTRIB_OK);
      assert_int_equal(drive(run, &c.model, REVERSED, 3, &most_out), ATTRIB_OK);
      assert_int_equal(attrib_run_result(run, values[k], &reports[k]), ATTRIB_OK);
    }
    attrib_run_destroy(run);
    free_method(&c);
  }
  assert_true(reports[0].difference_nodes > 17);
  assert_same_bits(values[0], values[1], GROUPS);
  reports[0].model_calls = reports[1].model_calls = 0;
  expect_same_report(&reports[0], &reports[1]);
}

/* The budget counts nodes, and so do its messages. */
static void budgets_count_nodes(void **state) {
  (void)state;
  double values[N];
  char message[300];
  method_case c;
  make_method(&c, METHOD_ADAPTIVE_DEFAULT, ATTRIB_F64, N);
  c.options = grouped(ATTRIB_RULE_ADAPTIVE, 0);
  c.options.tolerance = 1e-9;
  c.options.max_evaluations = 30;
  c.call.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  assert_int_equal(make_call(NULL, &c.call, values, &report), ATTRIB_NOT_CONVERGED);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_BUDGET);
  assert_true(report.difference_nodes == 25 && report.points == 25 && report.evaluations == 0);
  assert_names(message, "max_evaluations = 30 is too small to go on from 25 rows");
  free_method(&c);
}

/* -- callbacks ----------------------------------------------------------------------------------------------------- */

typedef struct failing {
  method_case *inner;
  int64_t calls, fails_at;
  int32_t code;
} failing;

static int32_t ATTRIB_CALL failing_curve(double alpha, void *point, void *tangent, void *user) {
  failing *f = user;
  return f->calls++ == f->fails_at ? f->code : parabola(alpha, point, tangent, f->inner);
}

static int32_t ATTRIB_CALL failing_fetch(int64_t index, void *row, void *user) {
  failing *f = user;
  return f->calls++ == f->fails_at ? f->code : fetch_from_case(index, row, f->inner);
}

/* Fails or stops at every call: the row is named, nothing is written; or there is a result of the nodes before. */
static void fail_everywhere(int which, bool curve) {
  method_case c;
  double values[N];
  make_method(&c, which, ATTRIB_F64, N);
  c.options.points = 3;
  c.call.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  failing f = {.inner = &c, .fails_at = -1};
  c.path.at = curve ? failing_curve : NULL;
  c.path.user = c.baselines.fetch_user = &f;
  c.baselines.fetch = failing_fetch;
  assert_int_equal(make_call(NULL, &c.call, values, NULL), ATTRIB_OK);
  const int64_t calls = f.calls;
  assert_true(calls > 2);
  for (int64_t at = 0; at < calls; at += curve ? 5 : 1)
    for (f.code = -3; f.code <= 4; f.code += 7) {
      attrib_report report = {.struct_size = sizeof report};
      double *untouched_values = untouched(N);
      f.calls = 0;
      f.fails_at = at;
      assert_int_equal(make_call(NULL, &c.call, untouched_values, &report),
                       f.code < 0 ? ATTRIB_E_CALLBACK : ATTRIB_CANCELLED);
      assert_int_equal(report.model_status, f.code);
      assert_int_equal(is_untouched(untouched_values, N), f.code < 0);
      assert_int_equal(report.failed_row, report.output_evaluations);
      free(untouched_values);
    }
  free_method(&c);
}

static void callbacks_fail(void **state) {
  (void)state;
  fail_everywhere(15, true);
  fail_everywhere(9, false);
}

/* -- sizes --------------------------------------------------------------------------------------------------------- */

/* Displacements from 1e-150 to 1e150, in one group and apart; and groups without any. */
static void displacements_of_all_sizes(void **state) {
  (void)state;
  static const double sizes[] = {1e-150, 1e-20, 1, 1e20, 1e150};
  static const int32_t pairs[N] = {0, 0, 0, 1, 1, 3}; /* of five groups */
  static const analytic_fn f = f_linear;
  for (int64_t k = 0; k < COUNT(sizes); k++) {
    double x[N], zeros[N] = {0}, w[N], values[5];
    analytic a;
    for (int i = 0; i < N; i++) {
      x[i] = i == 5 ? 0 : sizes[k] * (i + 1);
      w[i] = (1 + i) / sizes[k];
    }
    attrib_model model = single_model(&a, &f, ATTRIB_F64, N, w);
    model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
    const attrib_baselines set = one_baseline(zeros);
    attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 3);
    options.groups = pairs;
    options.n_groups = 5;
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &options, values, &report), ATTRIB_OK);
    assert_near(values[0], 14, 1e-9, 14);
    assert_near(values[1], 41, 1e-9, 41);
    for (int g = 2; g < 5; g++) assert_true(values[g] == 0);
    assert_true(isfinite(report.roundoff_error) && isfinite(report.truncation_error));
  }
}

/* An output difference beyond double is named. */
static void overflow_is_named(void **state) {
  (void)state;
  static const analytic_fn f = f_linear;
  static const double w[2] = {1e308, 1}, x[2] = {1.7, 1}, b[2] = {-1.7, 0};
  analytic a;
  attrib_context *context = new_context(1, 0);
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, w);
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  const attrib_baselines set = one_baseline(b);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 3);
  options.difference_step = 0x1p-20;
  double values[2] = {7, 7};
  const attrib_status status = attrib_integrated_gradients(context, &model, x, 0, &set, &options, values, NULL);
  assert_status(status, ATTRIB_E_OVERFLOW, context);
  assert_true(values[0] == 7 && values[1] == 7);
  attrib_context_destroy(context);
}

/* -- refused ------------------------------------------------------------------------------------------------------- */

static int32_t ATTRIB_CALL never(const attrib_batch *batch, void *user) {
  (void)batch, (void)user;
  return -1;
}

static void too_many_features(void **state) {
  (void)state;
  enum { MANY = 150528 };
  float *x = calloc(2 * MANY, sizeof *x);
  double *values = untouched(MANY);
  attrib_context *context = new_context(1, 0);
  const attrib_model model = {.struct_size = sizeof model,
                              .flags = ATTRIB_MODEL_NO_GRADIENTS,
                              .dtype = ATTRIB_F32,
                              .n_inputs = MANY,
                              .evaluate = never};
  attrib_baselines set = one_baseline(x);
  attrib_ig_options options = with_rule(0, 50);
  assert_status(attrib_integrated_gradients(context, &model, x, 0, &set, &options, values, NULL), ATTRIB_E_UNSUPPORTED,
                context);
  assert_names(attrib_context_error(context),
               "model->flags has ATTRIB_MODEL_NO_GRADIENTS and options->groups is NULL: 150528 features cost 301056 "
               "rows per node, 15052800 for points = 50; give options->groups");
  set.count = 2;
  assert_status(attrib_integrated_gradients(context, &model, x, 0, &set, &options, values, NULL), ATTRIB_E_UNSUPPORTED,
                context);
  assert_names(attrib_context_error(context), "30105600 for points = 50 on each of 2 lines");
  assert_status(attrib_integrated_gradients(context, &model, x, 0, &set, NULL, values, NULL), ATTRIB_E_UNSUPPORTED,
                context);
  assert_names(attrib_context_error(context), "up to 77070336 for max_evaluations = 256");
  assert_status(attrib_expected_gradients(context, &model, x, 0, &set, NULL, values, NULL), ATTRIB_E_UNSUPPORTED,
                context);
  assert_names(attrib_context_error(context), "60211200 for samples = 200");
  assert_true(is_untouched(values, MANY));
  attrib_context_destroy(context);
  free(values);
  free(x);
}

/* A thousand features go one by one; of one more the call is refused. */
static void up_to_a_thousand(void **state) {
  (void)state;
  static const analytic_fn f = f_linear;
  double *x = exact_block(1001 * sizeof *x), *w = exact_block(1001 * sizeof *w), *zeros = calloc(1001, sizeof *zeros);
  double *values = exact_block(1001 * sizeof *values);
  fill_random(1, x, 1001);
  fill_random(2, w, 1001);
  for (int64_t n = 1000; n <= 1001; n++) {
    analytic a;
    attrib_model model = single_model(&a, &f, ATTRIB_F64, n, w);
    model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
    const attrib_baselines set = one_baseline(zeros);
    const attrib_ig_options options = with_rule(ATTRIB_RULE_RIGHT, 1);
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &set, &options, values, NULL),
                     n == 1000 ? ATTRIB_OK : ATTRIB_E_UNSUPPORTED);
    for (int64_t i = 0; i < n && n == 1000; i++) assert_near(values[i], w[i] * x[i], 1e-9, 1);
  }
  free(x);
  free(w);
  free(zeros);
  free(values);
}

/* Memory does not grow with nodes. */
static void memory_is_flat(void **state) {
  (void)state;
  double values[N];
  attrib_report few, many;
  for (int64_t points = 50; points <= 5000; points *= 100) {
    const attrib_ig_options options = grouped(ATTRIB_RULE_MIDPOINT, points);
    assert_int_equal(explain(f_waves, NULL, ATTRIB_F32, N, &options, values, points == 50 ? &few : &many), ATTRIB_OK);
  }
  assert_int_equal(few.peak_bytes, many.peak_bytes);
}

/* With gradients nothing of all this is in the report. */
static void reports_of_models_with_gradients(void **state) {
  (void)state;
  method_case c;
  make_method(&c, 4, ATTRIB_F64, N);
  double values[N];
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(make_call(NULL, &c.call, values, &report), ATTRIB_OK);
  assert_true(isnan(report.difference_step) && isnan(report.output_noise) && isnan(report.truncation_error) &&
              isnan(report.roundoff_error) && report.difference_nodes == 0 && report.evaluations > 0);
  free_method(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(linear),
      cmocka_unit_test(quadratic),
      cmocka_unit_test(cubic),
      cmocka_unit_test(kinks_at_the_nodes),
      cmocka_unit_test(rows),
      cmocka_unit_test(a_trace_has_a_point_for_each_node),
      cmocka_unit_test(a_run_goes_on),
      cmocka_unit_test(budgets_count_nodes),
      cmocka_unit_test(callbacks_fail),
      cmocka_unit_test(displacements_of_all_sizes),
      cmocka_unit_test(overflow_is_named),
      cmocka_unit_test(too_many_features),
      cmocka_unit_test(up_to_a_thousand),
      cmocka_unit_test(memory_is_flat),
      cmocka_unit_test(reports_of_models_with_gradients),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
