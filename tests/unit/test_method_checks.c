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

static void check_case(int which, uint32_t dtype, bool trace_sums) {
  method_case c;
  make_method(&c, which, dtype, 5);
  const checked_method checked = {.name = c.name,
                                  .models = {c.call.model},
                                  .model_count = 1,
                                  .attributions = c.attributions,
                                  .expected = ATTRIB_OK,
                                  .spoilt_feature = {2},
                                  .trace_sums = trace_sums,
                                  .call = call_case,
                                  .start = start_case,
                                  .user = &c};
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integrated_gradients),
      cmocka_unit_test(adaptive_integrals),
      cmocka_unit_test(expected_gradients),
      cmocka_unit_test(smoothgrad),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
