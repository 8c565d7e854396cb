/* What must hold of every method, of the methods there are: that the checks pass on what is known to be sound. */
#include "methods.h"

#include "method_checks.h"

static attrib_status call_case(attrib_context *context, const attrib_model *models, void *attributions,
                               attrib_report *report, void *user) {
  call c = ((method_case *)user)->call;
  c.model = models[0];
  return make_call(context, &c, attributions, report);
}

static attrib_status start_case(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  call c = ((method_case *)user)->call;
  c.model = models[0];
  return start_call(context, &c, run);
}

static checked_method checked_case(method_case *c) {
  return (checked_method){.name = c->name,
                          .models = {c->call.model},
                          .model_count = 1,
                          .attributions = c->attributions,
                          .expected = ATTRIB_OK,
                          .spoilt_feature = {2},
                          .call = call_case,
                          .start = start_case,
                          .user = c};
}

static void check_case(int which, uint32_t dtype, bool trace_sums) {
  method_case c;
  make_method(&c, which, dtype, 5);
  checked_method checked = checked_case(&c);
  checked.trace_sums = trace_sums;
  method_check_all(&checked);
  free_method(&c);
}

static void integrated_gradients(void **state) {
  (void)state;
  check_case(4, ATTRIB_F64, true);  /* midpoint rule */
  check_case(8, ATTRIB_F32, true);  /* weighted baselines */
  check_case(13, ATTRIB_F64, true); /* groups */
}

static void adaptive_integrals(void **state) {
  (void)state;
  check_case(METHOD_ADAPTIVE_PANELS, ATTRIB_F64, false);
}

static void expected_gradients(void **state) {
  (void)state;
  check_case(METHOD_EG_STRATIFIED, ATTRIB_F64, true);
  check_case(METHOD_EG_STRATIFIED_ROUNDS, ATTRIB_F64, false);
}

static void smoothgrad(void **state) {
  (void)state;
  check_case(METHOD_SMOOTH_PAIRS, ATTRIB_F32, true);
  check_case(METHOD_SMOOTH_VARIANCE, ATTRIB_F64, false);
}

/* The budget ends before the tolerance is met. */
static void a_call_that_does_not_converge(void **state) {
  (void)state;
  method_case c;
  make_method(&c, METHOD_ADAPTIVE_NODES, ATTRIB_F64, 5);
  c.options.max_evaluations = 15;
  checked_method checked = checked_case(&c);
  checked.expected = ATTRIB_NOT_CONVERGED;
  method_check_all(&checked);
  free_method(&c);
}

/* A feature that moves from one baseline alone: the gradients of the others' rows are not looked at. */
static void gradients_that_are_skipped(void **state) {
  (void)state;
  method_case c;
  make_method(&c, 8, ATTRIB_F64, 5);
  ((double *)c.rows)[2] = ((const double *)c.input)[2];
  checked_method checked = checked_case(&c);
  checked.skips_gradients = true;
  method_check_all(&checked);
  free_method(&c);
}

/* Results in the model's type, of a method without a pull form. */
static attrib_status call_for_floats(attrib_context *context, const attrib_model *models, void *attributions,
                                     attrib_report *report, void *user) {
  const method_case *c = user;
  double *wide = untouched(c->attributions);
  attrib_status status = call_case(context, models, wide, report, user);
  for (int64_t i = 0; i < c->attributions && status >= 0; i++) ((float *)attributions)[i] = (float)wide[i];
  free(wide);
  return status;
}

static void floats_without_a_pull_form(void **state) {
  (void)state;
  method_case c;
  make_method(&c, 10, ATTRIB_F32, 5);
  checked_method checked = checked_case(&c);
  checked.attribution_size = sizeof(float);
  checked.call = call_for_floats;
  checked.start = NULL;
  method_check_all(&checked);
  free_method(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integrated_gradients),
      cmocka_unit_test(adaptive_integrals),
      cmocka_unit_test(expected_gradients),
      cmocka_unit_test(smoothgrad),
      cmocka_unit_test(a_call_that_does_not_converge),
      cmocka_unit_test(gradients_that_are_skipped),
      cmocka_unit_test(floats_without_a_pull_form),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
