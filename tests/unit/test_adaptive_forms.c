/* What else can be integrated to a tolerance: path gradients over knots and curves, pooled expected gradients, mean
 * gradients, groups, weighted outputs; each against what it must come to. */
#include "fixture.h"
#include "line_models.h"

enum { INPUTS = 6 };

static const profile profiles[INPUTS] = {{PROFILE_KINK, 0.3, 0, 2},       {PROFILE_STEP, 0.6, 0, -1},
                                         {PROFILE_SIGMOID, 0.5, 0.05, 1}, {PROFILE_SQUARE, 0, 0, 1},
                                         {PROFILE_RAMP, 0.4, 0.2, 1},     {PROFILE_SPIKE, 0.45, 0.05, 1}};

static attrib_model profiles_model(analytic *a, uint32_t dtype) {
  static const analytic_fn function = f_profiles;
  return single_model(a, &function, dtype, INPUTS, profiles);
}

/* Values that both types hold. */
static void fill_points(uint64_t seed, double *values, int64_t n) {
  fill_random(seed, values, n);
  for (int64_t i = 0; i < n; i++) values[i] = (double)(float)((values[i] + 1) / 2);
}

static void expect_attributions(const outcome *o, const double *from, const double *to, double tolerance) {
  double expected[INPUTS];
  for (int i = 0; i < INPUTS; i++) expected[i] = profile_attribution(&profiles[i], from[i], to[i]);
  double error = distance_to(o->phi, expected, INPUTS);
  if (!(error <= 1.3 * tolerance)) fail_msg("%g for %g", error, tolerance);
}

/* Segments in one pool; corners at knots cost nothing. */
static void knots(void **state) {
  (void)state;
  for (int64_t count = 2; count <= 9; count++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
      for (uint64_t seed = 1; seed <= 3; seed++) {
        analytic a;
        attrib_model model = profiles_model(&a, dtype);
        double *values = exact_block((size_t)(count * INPUTS) * sizeof *values);
        fill_points(seed, values, count * INPUTS);
        const double *last = values + (count - 1) * INPUTS;
        void *rows = as_row(dtype, values, count * INPUTS);
        const attrib_path path = {.struct_size = sizeof path, .knots = count, .rows = rows};
        const attrib_ig_options options = to_tolerance(0.01, 100000);
        outcome o = integrate_path(&model, &path, &options);
        assert_outcome(o, ATTRIB_OK);
        check_adaptive_report(&o, &options);
        expect_attributions(&o, values, last, 0.01);
        double round_off = dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
        assert_near(o.report.output, f_profiles(last, INPUTS, NULL, profiles), round_off, 10);
        assert_near(o.report.baseline_output, f_profiles(values, INPUTS, NULL, profiles), round_off, 10);
        for (int64_t k = 0; k < o.report.trace_count; k++) assert_in_range(o.trace[k].baseline, 0, count - 2);
        assert_int_equal(isnan(o.report.error_from), count > 2);
        free_outcome(&o);
        free(rows);
        free(values);
      }
}

/* f at the ends of the path is said as soon as it is known, and nothing else in its place. */
static void ends_of_a_path_under_way(void **state) {
  (void)state;
  analytic a;
  attrib_model model = profiles_model(&a, ATTRIB_F64);
  double rows[5 * INPUTS];
  fill_points(8, rows, 5 * INPUTS);
  const attrib_path path = {.struct_size = sizeof path, .knots = 5, .rows = rows};
  const attrib_ig_options options = to_tolerance(0.01, 1000);
  attrib_run *run;
  int64_t known = 0;
  model.max_rows = 1;
  assert_int_equal(attrib_path_gradients_start(NULL, &model, 0, &path, &options, &run), ATTRIB_OK);
  while (!attrib_run_done(run)) {
    attrib_report report = {.struct_size = sizeof report};
    attrib_batch *batch;
    assert_int_equal(attrib_run_result(run, NULL, &report), ATTRIB_OK);
    assert_int_equal(isnan(report.baseline_output), report.evaluations == 0);
    if (known > 0) assert_false(isnan(report.output));
    if (!isnan(report.output)) assert_true(report.output == f_profiles(rows + 4 * INPUTS, INPUTS, NULL, profiles));
    known += !isnan(report.output);
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &a)), ATTRIB_OK);
  }
  assert_true(known > 0);
  attrib_run_destroy(run);
}

/* Two straight segments are one straight line. */
static void a_straight_path_of_knots(void **state) {
  (void)state;
  analytic a;
  attrib_model model = profiles_model(&a, ATTRIB_F64);
  double rows[3 * INPUTS];
  for (int i = 0; i < INPUTS; i++) rows[i] = 0;
  for (int i = 0; i < INPUTS; i++) rows[INPUTS + i] = 0.25;
  for (int i = 0; i < INPUTS; i++) rows[2 * INPUTS + i] = 1;
  const attrib_path path = {.struct_size = sizeof path, .knots = 3, .rows = rows};
  const attrib_ig_options options = to_tolerance(1e-3, 100000);
  outcome o = integrate_path(&model, &path, &options);
  assert_outcome(o, ATTRIB_OK);
  expect_attributions(&o, rows, rows + 2 * INPUTS, 1e-3);
  free_outcome(&o);
}

/* x_i = alpha^(1 + i / 2), in which nothing is straight. */
static int32_t ATTRIB_CALL powers(double alpha, void *point, void *tangent, void *user) {
  const uint32_t *dtype = user;
  for (int i = 0; i < INPUTS; i++) {
    double power = 1 + i / 2.0, p = pow(alpha, power), t = power * pow(alpha, power - 1);
    if (*dtype == ATTRIB_F32) {
      ((float *)point)[i] = (float)p;
      if (tangent != NULL) ((float *)tangent)[i] = (float)t;
    } else {
      ((double *)point)[i] = p;
      if (tangent != NULL) ((double *)tangent)[i] = t;
    }
  }
  return 0;
}

static void curves(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (double tolerance = 0.05; tolerance > 1e-3; tolerance /= 5) {
      analytic a;
      attrib_model model = profiles_model(&a, dtype);
      const attrib_path path = {.struct_size = sizeof path, .at = powers, .user = &dtype};
      attrib_ig_options options = to_tolerance(tolerance, 100000);
      options.max_vectors = 20;
      outcome o = integrate_path(&model, &path, &options);
      const double from[INPUTS] = {0}, to[INPUTS] = {1, 1, 1, 1, 1, 1};
      assert_outcome(o, ATTRIB_OK);
      check_adaptive_report(&o, &options);
      expect_attributions(&o, from, to, tolerance);
      assert_near(o.report.completeness_target,
                  f_profiles(to, INPUTS, NULL, profiles) - f_profiles(from, INPUTS, NULL, profiles), 1e-6, 1);
      free_outcome(&o);
    }
}

/* The mean of the gradient: what h changes by over the displacement. */
static void mean_gradients(void **state) {
  (void)state;
  for (int64_t count = 1; count <= 5; count += 2) {
    analytic a;
    attrib_model model = profiles_model(&a, ATTRIB_F64);
    double *rows = exact_block((size_t)(count * INPUTS) * sizeof *rows), x[INPUTS], expected[INPUTS] = {0};
    fill_points(77, rows, count * INPUTS);
    for (int i = 0; i < INPUTS; i++) x[i] = 1.25;
    for (int64_t k = 0; k < count * INPUTS; k++)
      expected[k % INPUTS] +=
          profile_attribution(&profiles[k % INPUTS], rows[k], 1.25) / (1.25 - rows[k]) / (double)count;
    attrib_baselines set = rows_of(rows, count, NULL);
    attrib_ig_options options = to_tolerance(0.01, 100000);
    options.flags = ATTRIB_MEAN_GRADIENT;
    outcome o = integrate_set(&model, x, &set, &options);
    assert_outcome(o, ATTRIB_OK);
    assert_true(distance_to(o.phi, expected, INPUTS) <= 2 * 0.01); /* no residual to help: two jumps may deceive */
    assert_true(isnan(o.report.completeness_target) && isnan(o.report.completeness_error));
    free_outcome(&o);
    free(rows);
  }
}

/* Groups: sums over their features; the tolerance is about these sums. */
static void groups(void **state) {
  (void)state;
  const int32_t labels[INPUTS] = {2, 0, 1, 0, 2, 1};
  int32_t *exact = exact_copy(labels, sizeof labels);
  for (int64_t count = 1; count <= 4; count++) {
    analytic a;
    attrib_model model = profiles_model(&a, ATTRIB_F32);
    double values[4 * INPUTS], x[INPUTS], expected[3] = {0};
    fill_points(5, values, 4 * INPUTS);
    for (int i = 0; i < INPUTS; i++) x[i] = 1;
    for (int64_t k = 0; k < count * INPUTS; k++)
      expected[labels[k % INPUTS]] += profile_attribution(&profiles[k % INPUTS], values[k], 1) / (double)count;
    void *rows = as_row(ATTRIB_F32, values, count * INPUTS), *input = as_row(ATTRIB_F32, x, INPUTS);
    attrib_baselines set = rows_of(rows, count, NULL);
    attrib_ig_options options = to_tolerance(0.005, 100000);
    options.groups = exact;
    options.n_groups = 3;
    outcome o = integrate_set(&model, input, &set, &options);
    assert_outcome(o, ATTRIB_OK);
    check_adaptive_report(&o, &options);
    assert_true(distance_to(o.phi, expected, 3) <= 1.3 * 0.005);
    free_outcome(&o);
    free(rows);
    free(input);
  }
  free(exact);
}

/* Of groups nothing is kept in floats: a linear model of floats is exact. */
static void groups_are_kept_in_double(void **state) {
  (void)state;
  enum { MANY = 300 };
  const analytic_fn linear = f_linear;
  analytic a;
  double weights[MANY], x[MANY], b[MANY], expected[2] = {0};
  fill_random(1, weights, MANY);
  fill_random(2, x, MANY);
  fill_random(3, b, MANY);
  for (int i = 0; i < MANY; i++)
    expected[i % 2] += (double)(float)weights[i] * ((double)(float)x[i] - (double)(float)b[i]);
  int32_t *labels = exact_block(MANY * sizeof *labels);
  for (int i = 0; i < MANY; i++) labels[i] = i % 2;
  void *input = as_row(ATTRIB_F32, x, MANY), *from = as_row(ATTRIB_F32, b, MANY);
  attrib_model model = single_model(&a, &linear, ATTRIB_F32, MANY, weights);
  attrib_baselines set = one_baseline(from);
  attrib_ig_options options = to_tolerance(1e-12, 60);
  options.groups = labels;
  options.n_groups = 2;
  outcome o = integrate_set(&model, input, &set, &options);
  for (int i = 0; i < 2; i++) assert_near(o.phi[i], expected[i], ROUND_OFF, MANY);
  free_outcome(&o);
  free(input);
  free(from);
  free(labels);
}

/* Two outputs, weighted: their attributions are, too, as f is linear in the weights. */
static void weighted_outputs(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_profiles, f_waves};
  analytic a = {
      .functions = functions, .n_outputs = 2, .n_inputs = INPUTS, .parameters = profiles, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  double *weights = exact_copy((double[]){1, -0.5}, 2 * sizeof *weights), x[INPUTS], b[INPUTS], both[INPUTS];
  fill_points(3, x, INPUTS);
  fill_points(4, b, INPUTS);
  attrib_baselines set = one_baseline(b);
  attrib_ig_options options = to_tolerance(1e-3, 100000);
  options.target_weights = weights;
  outcome o = integrate_set(&model, x, &set, &options), dense;
  prepare_outcome(&dense, INPUTS);
  const attrib_ig_options midpoint = with_rule(ATTRIB_RULE_MIDPOINT, 2000);
  dense.status = attrib_integrated_gradients(NULL, &model, x, 1, &set, &midpoint, dense.phi, &dense.report);
  for (int i = 0; i < INPUTS; i++) both[i] = profile_attribution(&profiles[i], b[i], x[i]) - 0.5 * dense.phi[i];
  assert_outcome(o, ATTRIB_OK);
  assert_true(distance_to(o.phi, both, INPUTS) <= 1.3e-3);
  free_outcome(&dense);
  free_outcome(&o);
  free(weights);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knots),
      cmocka_unit_test(ends_of_a_path_under_way),
      cmocka_unit_test(a_straight_path_of_knots),
      cmocka_unit_test(curves),
      cmocka_unit_test(mean_gradients),
      cmocka_unit_test(groups),
      cmocka_unit_test(groups_are_kept_in_double),
      cmocka_unit_test(weighted_outputs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
