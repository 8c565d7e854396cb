/* absolute_tolerance of everything that has a tolerance: enough by itself, and enough beside a relative one. */
#include "methods.h"

enum { N = 9 };

static void set_tolerances(method_case *c, double relative, double absolute) {
  const bool drawn = c->call.kind == CALL_EXPECTED, noised = c->call.kind == CALL_SMOOTHGRAD;
  *(drawn ? &c->eg_options.tolerance : noised ? &c->smooth_options.tolerance : &c->options.tolerance) = relative;
  *(drawn    ? &c->eg_options.absolute_tolerance
    : noised ? &c->smooth_options.absolute_tolerance
             : &c->options.absolute_tolerance) = absolute;
}

typedef struct result {
  double phi[N], errors[N], length;
  attrib_report report;
} result;

static attrib_status explain(const method_case *c, result *r) {
  r->report = (attrib_report){.struct_size = sizeof r->report, .standard_errors = r->errors};
  attrib_status status = make_call(NULL, &c->call, r->phi, &r->report);
  r->length = 0;
  for (int64_t i = 0; i < c->attributions; i++) r->length += r->phi[i] * r->phi[i];
  r->length = sqrt(r->length);
  return status;
}

/* The error of the method's usual result, given as an absolute tolerance, stops where the relative one did. */
static void either_is_enough(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    method_case c;
    result usual, alone, both, loose;
    make_method(&c, which, ATTRIB_F64, N);
    assert_int_equal(explain(&c, &usual), ATTRIB_OK);
    const double error = usual.report.error_estimate * usual.length, slack = 1 + 1e-9;

    /* A relative tolerance that is never met: of the adaptive rule 0 would be its default. */
    set_tolerances(&c, method_is_adaptive(which) ? 1e-12 : 0, error * slack);
    assert_int_equal(explain(&c, &alone), ATTRIB_OK);
    assert_int_equal(alone.report.stop_reason, ATTRIB_STOP_TOLERANCE);
    assert_true(alone.report.error_estimate * alone.length <= error * slack * slack);
    assert_true(alone.report.evaluations <= usual.report.evaluations);

    set_tolerances(&c, usual.report.tolerance, 1e-12);
    assert_int_equal(explain(&c, &both), ATTRIB_OK);
    assert_same_bits(both.phi, usual.phi, c.attributions);
    assert_int_equal(both.report.evaluations, usual.report.evaluations);

    set_tolerances(&c, 1e-12, 1e6); /* the first error there is, is good enough */
    assert_int_equal(explain(&c, &loose), ATTRIB_OK);
    assert_int_equal(loose.report.stop_reason, ATTRIB_STOP_TOLERANCE);
    assert_true(loose.report.evaluations <= alone.report.evaluations);
    assert_true(loose.report.error_estimate > 1e-12);
    free_method(&c);
  }
}

/* A run that met its absolute tolerance goes on where the relative one is not met, only if that is all there is. */
static void it_stays_when_a_run_is_extended(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    method_case c;
    attrib_run *run;
    int64_t most_out;
    make_method(&c, which, ATTRIB_F64, N);
    set_tolerances(&c, 1e-12, 1e6);
    assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
    assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
    attrib_report before = {.struct_size = sizeof before}, after = {.struct_size = sizeof after};
    assert_int_equal(attrib_run_result(run, NULL, &before), ATTRIB_OK);
    assert_int_equal(attrib_run_extend(run, 1e-13, 0, 0), ATTRIB_OK);
    assert_int_equal(attrib_run_done(run), 1);
    assert_int_equal(attrib_run_result(run, NULL, &after), ATTRIB_OK);
    assert_int_equal(after.evaluations, before.evaluations);
    attrib_run_destroy(run);
    free_method(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(either_is_enough),
      cmocka_unit_test(it_stays_when_a_run_is_extended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
