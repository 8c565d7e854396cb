/* The adaptive rule on integrands whose integrals are known: what it certifies is true. */
#include "fixture.h"
#include "line_models.h"

enum { MOST_INPUTS = 12 };

/* True error over tolerance of what was certified; as the bounds have it. */
#define MOST_EXCESS 1.3

/* Must come to its tolerance within the budget. */
static void expect_certified(const profile *profiles, int64_t n, double tolerance, int64_t budget) {
  const attrib_ig_options options = to_tolerance(tolerance, budget);
  outcome o = integrate_profiles(profiles, n, &options);
  assert_outcome(o, ATTRIB_OK);
  check_adaptive_report(&o, &options);
  double error = profiles_error(profiles, &o);
  if (!(error <= MOST_EXCESS * tolerance))
    fail_msg("kind %d at %g, width %g: error %g for %g after %d rows", profiles[0].kind, profiles[0].center,
             profiles[0].width, error, tolerance, (int)o.report.evaluations);
  free_outcome(&o);
}

static void lines_are_exact(void **state) {
  (void)state;
  const profile profiles[] = {
      {PROFILE_SQUARE, 0, 0, 3}, {PROFILE_LINE, 0, 0, -2}, {PROFILE_SQUARE, 0, 0, -0.125}, {PROFILE_LINE, 0, 0, 0}};
  const attrib_ig_options options = to_tolerance(0, 0);
  outcome o = integrate_profiles(profiles, COUNT(profiles), &options);
  assert_outcome(o, ATTRIB_OK);
  check_adaptive_report(&o, &options);
  assert_true(profiles_error(profiles, &o) <= ROUND_OFF);
  assert_true(o.report.error_estimate <= ROUND_OFF && o.report.completeness_relative <= ROUND_OFF);
  assert_true(o.report.evaluations <= 17); /* the start was enough */
  for (int i = 0; i < 4; i++) assert_true(o.errors[i] <= ROUND_OFF);
  assert_true(o.phi[3] == 0);
  free_outcome(&o);
}

/* v linear in alpha for every input, though f mixes them. */
static void quadratics_are_exact(void **state) {
  (void)state;
  const analytic_fn quadratic = f_quadratic;
  const double a[] = {2, -1, 0.5, -1, 3, 0, 0.5, 0, -4}, x[] = {1, -2, 0.5}, b[] = {0.25, 1, 0.5};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic m;
    attrib_model model = single_model(&m, &quadratic, dtype, 3, a);
    void *input = as_row(dtype, x, 3), *from = as_row(dtype, b, 3);
    attrib_baselines set = one_baseline(from);
    const attrib_ig_options options = to_tolerance(1e-4, 0);
    outcome o = integrate_set(&model, input, &set, &options);
    assert_outcome(o, ATTRIB_OK);
    check_adaptive_report(&o, &options);
    for (int i = 0; i < 3; i++) {
      double gradient = 0;
      for (int j = 0; j < 3; j++) gradient += a[3 * i + j] * (x[j] + b[j]) / 2;
      assert_near(o.phi[i], (x[i] - b[i]) * gradient, dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF, 10);
    }
    assert_near(o.report.output, f_quadratic(x, 3, NULL, a), F32_ROUND_OFF, 10);
    assert_near(o.report.baseline_output, f_quadratic(b, 3, NULL, a), F32_ROUND_OFF, 10);
    free_outcome(&o);
    free(from);
    free(input);
  }
}

/* `count` profiles of one kind at random places. */
static void scatter(profile *profiles, int64_t n, profile_kind kind, double width, uint64_t seed) {
  for (int64_t i = 0; i < n; i++)
    profiles[i] = (profile){kind, (random_number(&seed) + 1) / 2, width, 1 + random_number(&seed) / 2};
}

static void kinks_and_steps(void **state) {
  (void)state;
  static const double tolerances[] = {0.1, 0.05, 0.01, 2e-3};
  profile profiles[MOST_INPUTS];
  for (uint64_t seed = 1; seed <= 6; seed++)
    for (int64_t t = 0; t < COUNT(tolerances); t++)
      for (int64_t n = 1; n <= MOST_INPUTS; n += 11) {
        scatter(profiles, n, PROFILE_KINK, 0, seed);
        expect_certified(profiles, n, tolerances[t], 5000);
        scatter(profiles, n, PROFILE_STEP, 0, seed);
        expect_certified(profiles, n, tolerances[t], 5000);
      }
}

/* Of widths that a start may step over: beside something smooth, by which alone it would look all right. */
static void spikes_that_change_f(void **state) {
  (void)state;
  static const double widths[] = {1e-2, 1e-3}, tolerances[] = {0.05, 0.01};
  for (int64_t w = 0; w < COUNT(widths); w++)
    for (int64_t t = 0; t < COUNT(tolerances); t++)
      for (int k = 0; k < 40; k++) {
        double center = (k + 0.5 + 0.37 * (k % 3)) / 42;
        const profile profiles[] = {
            {PROFILE_SPIKE, center, widths[w], 1}, {PROFILE_SQUARE, 0, 0, 1}, {PROFILE_LINE, 0, 0, -0.5}};
        expect_certified(profiles, 3, tolerances[t], 5000);
        expect_certified(profiles, 1, tolerances[t], 5000);
      }
}

static void sigmoids(void **state) {
  (void)state;
  for (double steepness = 10; steepness <= 1e4; steepness *= sqrt(10))
    for (int k = 1; k < 16; k++) {
      const profile profiles[] = {{PROFILE_SIGMOID, k / 16.3, 1 / steepness, 1},
                                  {PROFILE_SIGMOID, k / 16.3, 1 / steepness, -2},
                                  {PROFILE_SIGMOID, k / 17.0, 2 / steepness, 0.5}};
      expect_certified(profiles, 3, 0.05, 5000);
      expect_certified(profiles, 3, 0.01, 5000);
    }
}

/* f changes in one narrow place and nowhere else: every gradient of the start is exactly 0. */
static void nothing_is_certified_while_all_gradients_are_zero(void **state) {
  (void)state;
  for (int k = 0; k < 16; k++)
    for (int64_t budget = 3; budget <= 17; budget += k == 7 ? 1 : 14) {
      const profile profiles[] = {{PROFILE_RAMP, (k + 0.4) / 16, 1e-3, 1}, {PROFILE_RAMP, (k + 0.4) / 16, 1e-3, -3}};
      const attrib_ig_options options = to_tolerance(0.05, budget);
      outcome o = integrate_profiles(profiles, 2, &options);
      assert_outcome(o, ATTRIB_NOT_CONVERGED);
      check_adaptive_report(&o, &options);
      assert_int_equal(o.report.stop_reason, ATTRIB_STOP_BUDGET);
      assert_true(o.report.error_estimate == (double)INFINITY);
      assert_true(o.phi[0] == 0 && o.phi[1] == 0);
      free_outcome(&o);
      expect_certified(profiles, 2, 0.05, 5000); /* and it is found */
    }
}

/* Plateaus: f moves along a few ramps, and most gradients are 0. */
static void plateaus(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 10; seed++) {
    profile profiles[MOST_INPUTS];
    scatter(profiles, MOST_INPUTS, PROFILE_RAMP, 0.02, seed);
    for (int i = 0; i < MOST_INPUTS; i++) profiles[i].center *= 0.98;
    expect_certified(profiles, MOST_INPUTS, 0.05, 5000);
    expect_certified(profiles, 2, 0.02, 5000);
  }
}

/* Certified or not, with whatever budget: never certified and wrong. */
static void what_hides_is_not_certified(void **state) {
  (void)state;
  int certified = 0, tried = 0;
  for (int64_t budget = 17; budget <= 600; budget += 29)
    for (int k = 0; k < 60; k++) {
      const profile profiles[] = {{PROFILE_SPIKE, (k + 0.5) / 60, 1e-3, 1}, {PROFILE_SQUARE, 0, 0, 2}};
      const attrib_ig_options options = to_tolerance(0.05, budget);
      outcome o = integrate_profiles(profiles, 2, &options);
      check_adaptive_report(&o, &options);
      if (o.status == ATTRIB_OK) assert_true(profiles_error(profiles, &o) <= MOST_EXCESS * 0.05);
      certified += o.status == ATTRIB_OK;
      tried++;
      free_outcome(&o);
    }
  assert_true(certified > tried / 2);
}

/* The stretch that holds most of the error is where the spike is. */
static void the_report_names_the_worst_stretch(void **state) {
  (void)state;
  static const int64_t budgets[] = {17, 33, 49, 97};
  for (int k = 0; k < 15; k++)
    for (int64_t b = 0; b < COUNT(budgets); b++) {
      const profile profiles[] = {{PROFILE_SPIKE, (k + 1) / 16.0, 1e-2, 1}, {PROFILE_SQUARE, 0, 0, 1}};
      const attrib_ig_options options = to_tolerance(1e-9, budgets[b]);
      outcome o = integrate_profiles(profiles, 2, &options);
      assert_outcome(o, ATTRIB_NOT_CONVERGED);
      check_adaptive_report(&o, &options);
      assert_true(o.report.error_from >= 0 && o.report.error_from < o.report.error_to && o.report.error_to <= 1);
      assert_true(o.report.error_from - 0.05 <= profiles[0].center && profiles[0].center <= o.report.error_to + 0.05);
      assert_true(o.report.error_to - o.report.error_from <= 1 / 16.0);
      free_outcome(&o);
    }
}

/* And where nothing but f tells that there is one. */
static void a_stretch_that_only_f_tells(void **state) {
  (void)state;
  for (int k = 0; k < 16; k++) {
    const profile profiles[] = {{PROFILE_RAMP, (k + 0.4) / 16, 1e-3, 1}};
    const attrib_ig_options options = to_tolerance(0.05, 17);
    outcome o = integrate_profiles(profiles, 1, &options);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    assert_true(o.report.error_from <= profiles[0].center && profiles[0].center + 1e-3 <= o.report.error_to);
    assert_near(o.report.error_to - o.report.error_from, 1 / 16.0, ROUND_OFF, 1);
    free_outcome(&o);
  }
}

/* f in other units, by a power of two: the same rows, and the same bits but for the exponent. Where squares of
 * gradients overflow or vanish nothing can be told, and nothing is certified. */
static void scales_of_f(void **state) {
  (void)state;
  const attrib_ig_options options = to_tolerance(0.01, 1000);
  profile profiles[4];
  outcome first = {0};
  for (int k = 0; k < 6; k++) {
    static const int exponents[] = {0, -400, 60, 400, -600, 600};
    const double scale = ldexp(1, exponents[k]), weights[] = {scale, -scale, 2 * scale, -2 * scale};
    for (int i = 0; i < 4; i++)
      profiles[i] =
          i < 2 ? (profile){PROFILE_SPIKE, 0.41, 0.01, weights[i]} : (profile){PROFILE_STEP, 0.77, 0, weights[i]};
    outcome o = integrate_profiles(profiles, 4, &options);
    if (k == 0) assert_outcome(o, ATTRIB_OK);
    if (k == 0) assert_true(profiles_error(profiles, &o) <= 0.013);
    if (k == 0) first = o;
    for (int i = 0; i < 4; i++) o.phi[i] = ldexp(o.phi[i], -exponents[k]);
    if (k <= 3 || o.status == ATTRIB_OK) assert_same_bits(o.phi, first.phi, 4);
    if (k <= 3) assert_same_bits(&o.report.error_estimate, &first.report.error_estimate, 1);
    if (k > 0) free_outcome(&o);
  }
  free_outcome(&first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_are_exact),
      cmocka_unit_test(quadratics_are_exact),
      cmocka_unit_test(kinks_and_steps),
      cmocka_unit_test(spikes_that_change_f),
      cmocka_unit_test(sigmoids),
      cmocka_unit_test(nothing_is_certified_while_all_gradients_are_zero),
      cmocka_unit_test(plateaus),
      cmocka_unit_test(what_hides_is_not_certified),
      cmocka_unit_test(the_report_names_the_worst_stretch),
      cmocka_unit_test(a_stretch_that_only_f_tells),
      cmocka_unit_test(scales_of_f),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
