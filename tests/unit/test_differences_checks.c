/* What must hold of every attribution method, of those that go without gradients: fixed rules, the adaptive rule, paths
 * and samplers. */
#include "methods.h"

#include "method_checks.h"

enum { N = 4, FIRST_ROWS = 19 };

typedef struct differences_case {
  method_case method;
  int64_t nodes; /* as the undisturbed call says */
} differences_case;

static attrib_status make(attrib_context *context, const attrib_model *models, void *attributions,
                          attrib_report *report, void *user) {
  differences_case *c = user;
  call copy = c->method.call;
  copy.model = models[0];
  return make_call(context, &copy, attributions, report);
}

static attrib_status open_run(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  differences_case *c = user;
  call copy = c->method.call;
  copy.model = models[0];
  return start_call(context, &copy, run);
}

static void use_groups(method_case *c) {
  c->options.groups = c->eg_options.groups = c->groups;
  c->options.n_groups = c->eg_options.n_groups = c->attributions = 3;
}

static void check(int which, uint32_t dtype, bool grouped, attrib_status expected, void (*change)(method_case *c)) {
  differences_case c;
  make_method(&c.method, which, dtype, N);
  if (grouped) use_groups(&c.method);
  if (change != NULL) change(&c.method);
  c.method.call.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  double *values = exact_block((size_t)c.method.attributions * sizeof *values);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(make_call(NULL, &c.method.call, values, &report), expected);
  assert_true(report.evaluations == 0 && report.difference_nodes > 0);
  assert_true(report.output_evaluations > FIRST_ROWS + report.difference_nodes * (2 * c.method.attributions + 1));
  free(values);
  const bool fixed = c.method.call.kind != CALL_EXPECTED && c.method.options.rule != 0 &&
                     c.method.options.rule != ATTRIB_RULE_ADAPTIVE;
  const checked_method method = {.name = c.method.name,
                                 .models = {c.method.call.model},
                                 .model_count = 1,
                                 .attributions = c.method.attributions,
                                 .expected = expected,
                                 .traced_outputs = report.difference_nodes,
                                 .trace_sums = fixed,
                                 .call = make,
                                 .start = open_run,
                                 .user = &c};
  method_check_all(&method);
  free_method(&c.method);
}

static void few_points(method_case *c) {
  c->options.points = c->options.points == 0 ? 0 : 3;
}

static void loose(method_case *c) {
  c->options.tolerance = 0.2;
  c->options.max_evaluations = 30;
}

static void fixed_rules(void **state) {
  (void)state;
  check(4, ATTRIB_F32, true, ATTRIB_OK, few_points);
  check(8, ATTRIB_F64, true, ATTRIB_OK, few_points);
  check(9, ATTRIB_F32, false, ATTRIB_OK, few_points); /* fetched, with nodes at the baselines */
  check(16, ATTRIB_F64, true, ATTRIB_OK, few_points); /* with nodes at both ends */
}

static void along_paths(void **state) {
  (void)state;
  check(14, ATTRIB_F64, true, ATTRIB_OK, few_points);
  check(15, ATTRIB_F32, false, ATTRIB_OK, few_points);
}

static void few_vectors(method_case *c) {
  c->options.tolerance = 0.01; /* goes on to panels */
  c->options.round_rows = 7;
  c->options.max_vectors = 20;
}

static void adaptive(void **state) {
  (void)state;
  check(METHOD_ADAPTIVE_DEFAULT, ATTRIB_F32, true, ATTRIB_OK, NULL);
  check(METHOD_ADAPTIVE_NODES, ATTRIB_F64, true, ATTRIB_OK, few_vectors);
  check(METHOD_ADAPTIVE_POOL, ATTRIB_F64, true, ATTRIB_OK, loose);
}

static void few_draws(method_case *c) {
  c->eg_options.samples = 7;
}

static void rounds(method_case *c) {
  c->eg_options.tolerance = 0.5;
}

static void samplers(void **state) {
  (void)state;
  check(METHOD_EG_IID, ATTRIB_F64, true, ATTRIB_OK, few_draws);
  check(METHOD_EG_LATTICE_TWICE, ATTRIB_F32, true, ATTRIB_OK, few_draws);
  check(METHOD_EG_STRATIFIED_ROUNDS, ATTRIB_F64, true, ATTRIB_OK, rounds);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(fixed_rules), cmocka_unit_test(along_paths),
                                     cmocka_unit_test(adaptive), cmocka_unit_test(samplers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
