/* What every method does with its values: judge them, sum them, hold them against the target. */
#include "fixture.h"
#include "statistics.h"

#include "methods/attributions.h"

static double relative(int64_t count, const double *values, const double *errors) {
  double *v = exact_copy(values, (size_t)count * sizeof *v), *e = exact_copy(errors, (size_t)count * sizeof *e);
  double found = attrib__error_find(count, v, e).relative;
  free(e);
  free(v);
  return found;
}

#define VALUES(...)  \
  (const double[]) { \
    __VA_ARGS__      \
  }

static void the_error_is_a_ratio_of_norms(void **state) {
  (void)state;
  assert_near(relative(2, VALUES(3, -4), VALUES(.6, .8)), .2, ROUND_OFF, 1);
  assert_near(relative(3, VALUES(0, 12, -5), VALUES(2, 1, 2)), 3.0 / 13, ROUND_OFF, 1);
  assert_near(relative(1, VALUES(-2), VALUES(5)), 2.5, ROUND_OFF, 1);
  assert_near(relative(4, VALUES(1, 1, 1, 1), VALUES(1, 1, 1, 1)), 1, ROUND_OFF, 1);
}

/* Their squares overflow, or vanish. */
static void norms_of_any_size(void **state) {
  (void)state;
  for (int exponent = -1070; exponent <= 1020; exponent += 95) {
    double scale = ldexp(1, exponent);
    assert_near(relative(2, VALUES(3 * scale, -4 * scale), VALUES(scale, 0)), .2, ROUND_OFF, 1);
    if (exponent < -1000) continue; /* .6 of it is not held exactly */
    assert_near(relative(2, VALUES(3, 4), VALUES(.6 * scale, .8 * scale)), .2 * scale, ROUND_OFF, scale);
  }
  assert_near(relative(2, VALUES(1e300, 1e-300), VALUES(1e-300, 1e290)), 1e-10, ROUND_OFF, 1e-10);
}

static void no_error_is_none_whatever_the_values(void **state) {
  (void)state;
  assert_true(relative(2, VALUES(1, 2), VALUES(0, 0)) == 0);
  assert_true(relative(2, VALUES(0, 0), VALUES(0, 0)) == 0);
}

static void what_is_not_known(void **state) {
  (void)state;
  assert_true(isnan(relative(2, VALUES(1, 2), VALUES((double)NAN, 1))));
  assert_true(isnan(relative(2, VALUES(1, 2), VALUES(1, (double)NAN))));
  assert_true(isnan(relative(2, VALUES(0, 0), VALUES((double)NAN, (double)NAN))));
  assert_true(relative(2, VALUES(0, 0), VALUES(0, 1e-300)) == (double)INFINITY);
  assert_true(relative(2, VALUES(1, 2), VALUES(1, (double)INFINITY)) == (double)INFINITY);
  assert_true(isnan(relative(2, VALUES(1, 2), VALUES((double)INFINITY, (double)NAN))));
}

static void sums_are_compensated(void **state) {
  (void)state;
  assert_true(attrib__attributions_sum(4, VALUES(1e16, 1, 1, -1e16)) == 2);
  assert_true(attrib__attributions_sum(1, VALUES(.1)) == .1);
}

static void the_first_value_that_overflows_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  const double good[] = {1, -2, 0}, bad[] = {1, -2, -(double)INFINITY, (double)NAN};
  assert_status(attrib__attributions_check(context, "input", 3, good), ATTRIB_OK, context);
  assert_status(attrib__attributions_check(context, "input", 4, bad), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "the attribution of input 2 overflows");
  assert_status(attrib__attributions_check(context, "group", 1, bad + 3), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "group 0");
  attrib_context_destroy(context);
}

static attrib_report report_of(double output, double baseline_output, double sum) {
  return (attrib_report){.struct_size = sizeof(attrib_report),
                         .output = output,
                         .baseline_output = baseline_output,
                         .attribution_sum = sum};
}

static void completeness_is_held_against_the_target(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  attrib_report report = report_of(3, 5, -2.5);
  assert_status(attrib__completeness(context, 0, &report), ATTRIB_OK, context);
  assert_true(report.completeness_target == -2 && report.completeness_error == -.5);
  assert_true(report.completeness_relative == .25);
  assert_status(attrib__completeness(context, .25, &report), ATTRIB_OK, context);
  assert_status(attrib__completeness(context, .2499, &report), ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "0.25 is above options->completeness_threshold = 0.2499");
  report = report_of(1, 1, 0);
  assert_status(attrib__completeness(context, 1e-9, &report), ATTRIB_OK, context);
  assert_true(report.completeness_relative == 0);
  report = report_of(1, 1, 1e-20);
  assert_status(attrib__completeness(context, 1, &report), ATTRIB_NOT_CONVERGED, context);
  assert_near(report.completeness_relative, 1e-20 / DBL_MIN, ROUND_OFF, 1e-20 / DBL_MIN);
  report = report_of(1.5e308, -1.5e308, 0);
  assert_status(attrib__completeness(context, 0, &report), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "1.5e+308 - -1.5e+308 overflows");
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_error_is_a_ratio_of_norms),
      cmocka_unit_test(norms_of_any_size),
      cmocka_unit_test(no_error_is_none_whatever_the_values),
      cmocka_unit_test(what_is_not_known),
      cmocka_unit_test(sums_are_compensated),
      cmocka_unit_test(the_first_value_that_overflows_is_named),
      cmocka_unit_test(completeness_is_held_against_the_target),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
