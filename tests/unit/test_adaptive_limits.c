/* The adaptive rule where there is nothing to integrate, nothing left to refine, or nothing left to spend. */
#include "fixture.h"
#include "line_models.h"

/* Neither the input nor the gradient's direction matters: x is the baseline. */
static void no_displacement(void **state) {
  (void)state;
  const analytic_fn waves = f_waves;
  const double x[] = {0.5, -0.25, 3};
  for (int64_t count = 1; count <= 3; count += 2) {
    analytic a;
    attrib_model model = single_model(&a, &waves, ATTRIB_F64, 3, NULL);
    double *rows = exact_block((size_t)(3 * count) * sizeof *rows);
    for (int64_t k = 0; k < 3 * count; k++) rows[k] = x[k % 3];
    attrib_baselines set = rows_of(rows, count, NULL);
    const attrib_ig_options options = to_tolerance(1e-6, 0);
    outcome o = integrate_set(&model, x, &set, &options);
    assert_outcome(o, ATTRIB_OK);
    check_adaptive_report(&o, &options);
    for (int i = 0; i < 3; i++) assert_true(o.phi[i] == 0 && o.errors[i] == 0);
    assert_true(o.report.error_estimate == 0);
    assert_near(o.report.completeness_error, 0, ROUND_OFF, 1);
    free_outcome(&o);
    free(rows);
  }
}

static double f_constant(const double *x, int64_t n, double *g, const void *parameters) {
  (void)x, (void)parameters;
  if (g != NULL) memset(g, 0, (size_t)n * sizeof *g);
  return 7;
}

static void a_constant_model(void **state) {
  (void)state;
  const analytic_fn constant = f_constant;
  const double x[] = {0.5, -0.25, 3}, rows[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (int64_t count = 1; count <= 3; count++) {
    analytic a;
    attrib_model model = single_model(&a, &constant, ATTRIB_F64, 3, NULL);
    attrib_baselines set = rows_of(rows, count, NULL);
    const attrib_ig_options options = to_tolerance(1e-9, 0);
    outcome o = integrate_set(&model, x, &set, &options);
    assert_outcome(o, ATTRIB_OK);
    check_adaptive_report(&o, &options);
    for (int i = 0; i < 3; i++) assert_true(o.phi[i] == 0);
    assert_true(o.report.error_estimate == 0 && o.report.output == 7);
    assert_near(o.report.baseline_output, 7, ROUND_OFF, 1);
    free_outcome(&o);
  }
}

/* The first input's gradient is infinite; f is the second. */
static double f_infinite_slope(const double *x, int64_t n, double *g, const void *parameters) {
  (void)n, (void)parameters;
  if (g != NULL) g[0] = INFINITY;
  if (g != NULL) g[1] = 2 * x[1];
  return x[1] * x[1];
}

/* Where an input does not move its gradient is not looked at; where it moves from one baseline of several, it is. */
static void gradients_that_nobody_looks_at(void **state) {
  (void)state;
  const analytic_fn infinite = f_infinite_slope;
  const double x[] = {1, 2};
  for (int64_t count = 1; count <= 5; count += 2)
    for (int moves = 0; moves < 2; moves++) {
      analytic a;
      attrib_model model = single_model(&a, &infinite, ATTRIB_F64, 2, NULL);
      double *rows = exact_block((size_t)(2 * count) * sizeof *rows);
      for (int64_t k = 0; k < count; k++) {
        rows[2 * k] = moves && k == count - 1 ? 0.5 : 1;
        rows[2 * k + 1] = 0.25 * (double)k;
      }
      attrib_baselines set = rows_of(rows, count, NULL);
      const attrib_ig_options options = to_tolerance(1e-3, 0);
      outcome o = integrate_set(&model, x, &set, &options);
      assert_outcome(o, moves ? ATTRIB_E_NONFINITE : ATTRIB_OK);
      if (moves) assert_names(o.message, "the gradient of input 0 is inf");
      if (!moves) assert_true(o.phi[0] == 0 && o.errors[0] == 0);
      if (!moves) assert_true(fabs(o.report.completeness_relative) <= 1e-3);
      free_outcome(&o);
      free(rows);
    }
}

/* Attributions that cancel to nothing: no relative tolerance is ever met, an absolute one is. */
static void attributions_that_cancel(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_WAVE, 0, 1, 1}, {PROFILE_WAVE, 0, 0.5, -2}};
  attrib_ig_options options = to_tolerance(0.01, 300);
  outcome o = integrate_profiles(profiles, 2, &options);
  assert_outcome(o, ATTRIB_NOT_CONVERGED);
  check_adaptive_report(&o, &options);
  free_outcome(&o);
  for (double absolute = 0.1; absolute > 1e-4; absolute /= 10) {
    options.absolute_tolerance = absolute;
    o = integrate_profiles(profiles, 2, &options);
    assert_outcome(o, ATTRIB_OK);
    check_adaptive_report(&o, &options);
    assert_true(length_of(o.phi, 2) <= absolute);
    assert_true(o.report.error_estimate * length_of(o.phi, 2) <= absolute * (1 + ROUND_OFF));
    assert_true(o.report.error_estimate > options.tolerance);
    free_outcome(&o);
  }
}

/* f(x) = f(b) and attributions that do not cancel. */
static void no_change_of_f(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_SIGMOID, 0.3, 0.05, 1}, {PROFILE_SIGMOID, 0.7, 0.05, -1}};
  const attrib_ig_options options = to_tolerance(1e-3, 0);
  outcome o = integrate_profiles(profiles, 2, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_true(profiles_error(profiles, &o) <= 1.3e-3);
  assert_true(fabs(o.report.completeness_target) < 1e-14);
  free_outcome(&o);
}

/* What no double reaches: the budget ends it. */
static void a_tolerance_below_rounding(void **state) {
  (void)state;
  static const int64_t budgets[] = {17, 18, 33, 34, 100, 1000, 8000};
  const profile profiles[] = {{PROFILE_STEP, 0.2345, 0, 1}, {PROFILE_KINK, 0.71, 0, 1}, {PROFILE_SIGMOID, 0.5, 0.1, 1}};
  double before = INFINITY;
  for (int64_t k = 0; k < COUNT(budgets); k++) {
    const attrib_ig_options options = to_tolerance(1e-15, budgets[k]);
    outcome o = integrate_profiles(profiles, 3, &options);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    check_adaptive_report(&o, &options);
    assert_int_equal(o.report.stop_reason, ATTRIB_STOP_BUDGET);
    assert_names(o.message, "options->tolerance = 1e-15");
    char budget[60];
    snprintf(budget, sizeof budget, "options->max_evaluations = %" PRId64, budgets[k]);
    assert_names(o.message, budget);
    assert_true(o.report.evaluations > budgets[k] - 16); /* a round more did not fit */
    assert_true(o.report.error_estimate <= before);
    before = o.report.error_estimate;
    free_outcome(&o);
  }
  assert_true(before < 1e-3);
}

static double f_jump(const double *x, int64_t n, double *g, const void *parameters) {
  if (g != NULL) memset(g, 0, (size_t)n * sizeof *g);
  return x[0] > *(const double *)parameters ? 1 : 0;
}

/* A jump of f that no gradient shows is looked for down to what floats can tell apart, and not for ever. */
static void nothing_left_to_refine(void **state) {
  (void)state;
  const analytic_fn jump = f_jump;
  const double rows[] = {0, 0.1, 0.2}, x = 1, at = 0.34567;
  for (int64_t count = 1; count <= 3; count += 2)
    for (int64_t vectors = 20; vectors <= 100; vectors += 80) {
      analytic a;
      attrib_model model = single_model(&a, &jump, ATTRIB_F64, 1, &at);
      attrib_baselines set = rows_of(rows, count, NULL);
      attrib_ig_options options = to_tolerance(0.05, 1 << 30);
      options.max_vectors = vectors;
      outcome o = integrate_set(&model, &x, &set, &options);
      assert_outcome(o, ATTRIB_NOT_CONVERGED);
      check_adaptive_report(&o, &options);
      assert_int_equal(o.report.stop_reason, ATTRIB_STOP_COMPLETE);
      assert_names(o.message, "no stretch of the path can be refined any further");
      assert_true(o.phi[0] == 0 && o.report.error_estimate == (double)INFINITY);
      assert_true(o.report.completeness_relative == 1);
      free_outcome(&o);
    }
}

/* 17 rows, or the most of 3, 5, 9 that the budget pays for; and no row beyond it. */
static void budgets_below_the_start(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_SQUARE, 0, 0, 1}, {PROFILE_KINK, 0.3, 0, 2}};
  for (int64_t budget = 3; budget <= 17; budget++) {
    const int64_t start = budget >= 17 ? 17 : budget >= 9 ? 9 : budget >= 5 ? 5 : 3;
    attrib_ig_options options = to_tolerance(1e-9, budget);
    options.round_rows = 16;
    outcome o = integrate_profiles(profiles, 2, &options);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    check_adaptive_report(&o, &options);
    assert_int_equal(o.report.evaluations, start);
    double trapezoid[2] = {0, 0};
    for (int64_t k = 0; k < start; k++) {
      double t = (double)k / (double)(start - 1), weight = (k == 0 || k == start - 1 ? 0.5 : 1) / (double)(start - 1);
      for (int i = 0; i < 2; i++) trapezoid[i] += weight * profiles[i].weight * profile_slope(&profiles[i], t);
    }
    for (int i = 0; i < 2; i++) assert_near(o.phi[i], trapezoid[i], ROUND_OFF, 2);
    free_outcome(&o);
    options.round_rows = 1; /* what is left over is spent */
    o = integrate_profiles(profiles, 2, &options);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    assert_int_equal(o.report.evaluations, budget);
    free_outcome(&o);
  }
}

/* Neither the size of a round nor that of the memory takes a row too many, nor changes what is certified. */
static void budgets_are_never_exceeded(void **state) {
  (void)state;
  static const uint32_t rounds[] = {1, 2, 5, 16, 17, 64, 1000};
  static const int64_t vectors[] = {20, 21, 36, 100};
  const profile profiles[] = {{PROFILE_SPIKE, 0.4, 0.01, 1}, {PROFILE_STEP, 0.77, 0, 2}, {PROFILE_KINK, 0.3, 0, 2}};
  for (int64_t r = 0; r < COUNT(rounds); r++)
    for (int64_t v = 0; v < COUNT(vectors); v++)
      for (int64_t budget = 17; budget <= 500; budget += 23) {
        attrib_ig_options options = to_tolerance(budget < 100 ? 1e-12 : 0.02, budget);
        options.round_rows = rounds[r];
        options.max_vectors = vectors[v];
        outcome o = integrate_profiles(profiles, 3, &options);
        check_adaptive_report(&o, &options);
        if (o.status == ATTRIB_OK) assert_true(profiles_error(profiles, &o) <= 1.3 * options.tolerance);
        if (o.status != ATTRIB_OK) assert_true(o.report.evaluations + rounds[r] > budget);
        free_outcome(&o);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_displacement),
      cmocka_unit_test(a_constant_model),
      cmocka_unit_test(gradients_that_nobody_looks_at),
      cmocka_unit_test(attributions_that_cancel),
      cmocka_unit_test(no_change_of_f),
      cmocka_unit_test(a_tolerance_below_rounding),
      cmocka_unit_test(nothing_left_to_refine),
      cmocka_unit_test(budgets_below_the_start),
      cmocka_unit_test(budgets_are_never_exceeded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
