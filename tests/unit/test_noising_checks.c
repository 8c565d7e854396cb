/* test_noising_checks.c - what holds of every attribution method holds of adaptive noising. */
#include "noising.h"

#include "method_checks.h"

static attrib_status call_it(attrib_context *context, const attrib_model *models, void *attributions,
                             attrib_report *report, void *user) {
  const noising_case *c = user;
  const int64_t target = c->options.target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  return attrib_adaptive_noising(context, models, c->input, target, &c->options, attributions, report);
}

static attrib_status start_it(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const noising_case *c = user;
  const int64_t target = c->options.target_weights != NULL ? ATTRIB_NO_TARGET : 0;
  return attrib_adaptive_noising_start(context, models, c->input, target, &c->options, run);
}

static checked_method method_of(noising_case *c, const char *name) {
  return (checked_method){.name = name,
                          .models = {c->model},
                          .model_count = 1,
                          .attributions = c->count,
                          .expected = ATTRIB_OK,
                          .untraced_rows = c->report.evaluations,
                          .nan_prefix = true,
                          .call = call_it,
                          .start = start_it,
                          .user = c};
}

/* 41 rows; the best sigma is none of the first two, which are the ends of the bracket. */
static void aupc(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    noising_case c;
    open_case(&c, dtype, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
    c.options.seed = 1;
    c.options.samples = 4;
    c.options.max_sigmas = 4;
    c.options.windows = 2;
    c.options.fills = 3;
    assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
    assert_true(c.report.sigma > c.options.sigma_low && c.report.sigma < c.options.sigma_high);
    assert_int_equal(c.report.evaluations, 16);
    assert_int_equal(c.report.output_evaluations, 1 + 4 * 6);
    const checked_method method = method_of(&c, "adaptive noising, AUPC");
    method_check_all(&method);
    close_case(&c);
  }
}

static void autvc(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUTVC);
  c.options.flags = ATTRIB_SMOOTH_INDEPENDENT;
  c.options.samples = 3;
  c.options.max_sigmas = 3;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  assert_true(c.report.evaluations == 9 && c.report.output_evaluations == 1);
  const checked_method method = method_of(&c, "adaptive noising, AUTVC");
  method_check_all(&method);
  close_case(&c);
}

static void by_group(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_waves, f_bumps};
  static const double target_weights[] = {.5, 2};
  noising_case c;
  open_case(&c, ATTRIB_F32, ATTRIB_NOISING_BRACKETED, ATTRIB_NOISING_AUPC);
  c.options.samples = 2;
  c.options.max_sigmas = 5;
  c.options.windows = 1;
  c.options.fills = 2;
  use_groups(&c, 4);
  c.analytic.functions = functions;
  c.analytic.n_outputs = 2;
  c.model = analytic_model(&c.analytic);
  c.options.target_weights = target_weights;
  c.report = (attrib_report){.struct_size = sizeof c.report};
  assert_int_equal(call_it(NULL, &c.model, c.phi, &c.report, &c), ATTRIB_OK);
  assert_true(c.report.evaluations == 10 && c.report.output_evaluations == 11);
  const checked_method method = method_of(&c, "adaptive noising by group");
  method_check_all(&method);
  close_case(&c);
}

/* Of the published walk, whose rows are many, the one thing in which it differs: what it asks for next. */
static void published(void **state) {
  (void)state;
  noising_case c;
  open_case(&c, ATTRIB_F64, ATTRIB_NOISING_PUBLISHED, ATTRIB_NOISING_AUPC);
  c.options.samples = 2;
  c.options.windows = 2;
  c.options.fills = 2;
  assert_int_equal(call_case(&c, NULL), ATTRIB_OK);
  const checked_method method = method_of(&c, "adaptive noising, published");
  method_check_same_bits(&method);
  close_case(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(aupc),
      cmocka_unit_test(autvc),
      cmocka_unit_test(by_group),
      cmocka_unit_test(published),
  };
  return cmocka_run_group_tests_name("noising checks", tests, NULL, NULL);
}
