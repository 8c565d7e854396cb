/* What all sampling methods make of samples, tolerance and budget. */
#include "fixture.h"
#include "outcome.h"

#include "methods/sampling.h"

static attrib__sampling read_sampling(int64_t samples, int64_t budget, double tolerance) {
  attrib__sampling sampling = {.samples = samples, .max_evaluations = budget, .tolerance = tolerance};
  assert_int_equal(attrib__sampling_read(NULL, &sampling, 77), ATTRIB_OK);
  return sampling;
}

static void defaults_are_resolved(void **state) {
  (void)state;
  attrib__sampling s = read_sampling(0, 0, 0);
  assert_true(s.samples == 77 && s.max_evaluations == 0 && s.tolerance == 0);
  s = read_sampling(5, 0, 0);
  assert_true(s.samples == 5 && s.max_evaluations == 0);
  s = read_sampling(0, 0, .5);
  assert_true(s.samples == 0 && s.max_evaluations == 4096 && s.tolerance == .5);
  s = read_sampling(0, 3, 1e300);
  assert_true(s.samples == 0 && s.max_evaluations == 3);
  s = read_sampling(INT64_C(1) << 52, 0, 0);
  assert_true(s.samples == INT64_C(1) << 52);
}

/* The tolerance is met by an equal estimate; not by one that is not known; the budget may be used up to the last row.
 */
static void a_round_is_followed_by_another(void **state) {
  (void)state;
  const attrib__sampling s = {.max_evaluations = 100, .tolerance = .1};
  static const struct {
    double estimate;
    int64_t rows, next;
    bool goes_on;
    uint32_t reason;
  } cases[] = {
      {.1, 10, 10, false, ATTRIB_STOP_TOLERANCE},
      {0, 10, 10, false, ATTRIB_STOP_TOLERANCE},
      {.1, 90, 90, false, ATTRIB_STOP_TOLERANCE},
      {.11, 10, 10, true, ATTRIB_STOP_NONE},
      {.11, 50, 50, true, ATTRIB_STOP_NONE},
      {.11, 51, 51, false, ATTRIB_STOP_BUDGET},
      {.11, 50, 51, false, ATTRIB_STOP_BUDGET},
      {(double)NAN, 10, 10, true, ATTRIB_STOP_NONE},
      {(double)NAN, 90, 90, false, ATTRIB_STOP_BUDGET},
      {(double)INFINITY, 10, 90, true, ATTRIB_STOP_NONE},
      {.11, 100, INT64_MAX, false, ATTRIB_STOP_BUDGET},
  };
  for (int64_t k = 0; k < COUNT(cases); k++) {
    uint32_t reason = ATTRIB_STOP_NONE;
    const attrib__error error = {cases[k].estimate, cases[k].estimate};
    assert_true(attrib__sampling_goes_on(&s, error, cases[k].rows, cases[k].next, &reason) == cases[k].goes_on);
    assert_int_equal(reason, cases[k].reason);
  }
}

/* Either tolerance is enough. */
static void an_error_is_small_enough_either_way(void **state) {
  (void)state;
  const attrib__error error = {.absolute = 2, .relative = .5};
  const attrib__sampling cases[] = {{.max_evaluations = 100, .tolerance = .5},
                                    {.max_evaluations = 100, .absolute_tolerance = 2},
                                    {.max_evaluations = 100, .tolerance = .1, .absolute_tolerance = 3},
                                    {.max_evaluations = 100, .tolerance = .4, .absolute_tolerance = 1.5}};
  for (int64_t k = 0; k < COUNT(cases); k++) {
    uint32_t reason = ATTRIB_STOP_NONE;
    assert_true(attrib__sampling_open(&cases[k]));
    assert_true(attrib__sampling_goes_on(&cases[k], error, 10, 10, &reason) == (k == 3));
    assert_int_equal(reason, k == 3 ? ATTRIB_STOP_NONE : ATTRIB_STOP_TOLERANCE);
  }
  assert_false(attrib__sampling_open(&(attrib__sampling){.samples = 5}));
}

/* Only a run that its planner ended is judged. */
static void the_reason_goes_to_the_report(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  const attrib__sampling with = {.max_evaluations = 100, .tolerance = .1}, without = {.samples = 5};
  attrib_report report = {
      .stop_reason = ATTRIB_STOP_COMPLETE, .error_estimate = .25, .evaluations = 64, .tolerance = -1};
  assert_status(attrib__sampling_judge(context, &without, ATTRIB_STOP_NONE, &report), ATTRIB_OK, context);
  assert_true(report.tolerance == -1 && report.stop_reason == ATTRIB_STOP_COMPLETE);
  assert_status(attrib__sampling_judge(context, &with, ATTRIB_STOP_TOLERANCE, &report), ATTRIB_OK, context);
  assert_true(report.tolerance == .1 && report.stop_reason == ATTRIB_STOP_TOLERANCE);
  report.stop_reason = ATTRIB_STOP_CANCEL;
  assert_status(attrib__sampling_judge(context, &with, ATTRIB_STOP_BUDGET, &report), ATTRIB_OK, context);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_CANCEL);
  report.stop_reason = ATTRIB_STOP_NONE;
  assert_status(attrib__sampling_judge(context, &with, ATTRIB_STOP_NONE, &report), ATTRIB_OK, context);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_NONE);
  assert_string_equal(attrib_context_error(context), "");
  report.stop_reason = ATTRIB_STOP_COMPLETE;
  assert_status(attrib__sampling_judge(context, &with, ATTRIB_STOP_BUDGET, &report), ATTRIB_NOT_CONVERGED, context);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_BUDGET);
  assert_names(attrib_context_error(context), "0.25");
  assert_names(attrib_context_error(context), "options->tolerance = 0.1");
  assert_names(attrib_context_error(context), "options->max_evaluations = 100");
  assert_names(attrib_context_error(context), "from 64 rows");
  const attrib__sampling absolute = {.max_evaluations = 100, .absolute_tolerance = 3};
  report.stop_reason = ATTRIB_STOP_COMPLETE;
  assert_status(attrib__sampling_judge(context, &absolute, ATTRIB_STOP_BUDGET, &report), ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "options->absolute_tolerance = 3");
  report.stop_reason = ATTRIB_STOP_COMPLETE;
  assert_status(attrib__sampling_judge(context, &with, ATTRIB_STOP_COMPLETE, &report), ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "no stretch of the path");
  attrib_context_destroy(context);
}

/* 0 everywhere, but for its slopes. */
static double cliffs(const double *x, int64_t n, double *g, const void *parameters) {
  const double *slopes = parameters;
  (void)x;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = slopes[i];
  return 0;
}

static void expect_overflow(const outcome *o, const char *names) {
  assert_outcome(*o, ATTRIB_E_OVERFLOW);
  assert_names(o->message, names);
  assert_true(is_untouched(o->phi, o->count) && is_untouched(o->errors, o->count));
}

/* From two rows one below the input, and around it. */
static void overflow_both(const double *slopes, int64_t n_groups, const int32_t *groups, const char *names) {
  static const double x[2] = {0, 0}, rows[4] = {-1, -1, -1, -1};
  analytic a;
  const analytic_fn f = cliffs;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, slopes);
  attrib_baselines baselines = rows_of(rows, 2, NULL);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_LATTICE, 4, 0);
  attrib_smoothgrad_options sg = smooth_options(ATTRIB_SMOOTH_MEAN, 0, 4, 0);
  eg.groups = sg.groups = groups;
  eg.n_groups = sg.n_groups = n_groups;
  sg.sigma = .1;
  outcome expected = expect_gradients(&model, x, &baselines, &eg), smoothed = smooth(&model, x, &sg);
  expect_overflow(&expected, names);
  expect_overflow(&smoothed, names);
  free_outcome(&smoothed);
  free_outcome(&expected);
}

/* Every value of every row is finite: an error that names what they come to, never an infinity in the result. */
static void sums_that_overflow(void **state) {
  (void)state;
  const double slopes[] = {1.5e308, 1.5e308}, x[] = {0, 0}, rows[] = {-1, 0, 1, 0};
  const int32_t second[] = {1, 1};
  overflow_both(slopes, 0, NULL, "the sum of the attributions overflows");
  overflow_both(slopes, 2, second, "the attribution of group 1 overflows");
  analytic a;
  const analytic_fn f = cliffs, steep = f_linear;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, slopes);
  attrib_baselines baselines = rows_of(rows, 2, NULL);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_LATTICE, 4, 0);
  outcome o = expect_gradients(&model, x, &baselines, &eg); /* 1.5e308 and -1.5e308 are too far apart for a mean */
  expect_overflow(&o, "the attribution of input 0 overflows");
  free_outcome(&o);
  const double large[] = {1e200, 1e200};
  attrib_smoothgrad_options sg = smooth_options(ATTRIB_SMOOTH_SQUARED, 0, 4, 0);
  sg.sigma = .1;
  model = single_model(&a, &steep, ATTRIB_F64, 2, large);
  o = smooth(&model, x, &sg);
  expect_overflow(&o, "the attribution of input 0 overflows");
  free_outcome(&o);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_resolved),
      cmocka_unit_test(a_round_is_followed_by_another),
      cmocka_unit_test(an_error_is_small_enough_either_way),
      cmocka_unit_test(the_reason_goes_to_the_report),
      cmocka_unit_test(sums_that_overflow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
