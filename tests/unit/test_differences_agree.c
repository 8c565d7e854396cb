/* Differences against gradients at the same nodes: every rule, path and sampler, and how often the stated errors cover
 * over many random networks. */
#include "methods.h"

#include "random_nets.h"

enum { N = 6 };

static double distance_to(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum);
}

static double length_of(const double *a, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += a[i] * a[i];
  return sqrt(sum);
}

/* The same call with and without gradients. Under a tolerance rounds may differ by what is rounded; a pool also shares
 * the end of its lines with gradients alone. */
static void agree(int which, uint32_t dtype) {
  method_case c;
  double with[N], without[N];
  make_method(&c, which, dtype, N);
  if (c.options.flags != 0 || c.eg_options.flags != 0) { /* a mean gradient */
    free_method(&c);
    return;
  }
  attrib_report first = {.struct_size = sizeof first}, second = first;
  assert_int_equal(make_call(NULL, &c.call, with, &first), ATTRIB_OK);
  c.call.model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  c.model.gradient_rows = 0;
  /* Tolerances of 1e-4 in float: of these smooth functions a wide step, at which noise is less. */
  if (method_has_tolerance(which) && dtype == ATTRIB_F32)
    c.options.difference_step = c.eg_options.difference_step = 0x1p-7;
  assert_int_equal(make_call(NULL, &c.call, without, &second), ATTRIB_OK);
  assert_int_equal(c.model.gradient_rows, 0);
  double bound = 2 * (second.truncation_error + second.roundoff_error);
  if (method_has_tolerance(which)) bound += first.error_estimate + second.error_estimate;
  const double error = distance_to(with, without, c.attributions) / length_of(without, c.attributions);
  if (!(error <= bound)) print_error("%s, dtype %u: %g is not within %g\n", c.name, dtype, error, bound);
  assert_true(error <= bound);
  /* Of what is smooth at most as much as if all that the check nodes have not seen were kinks. */
  assert_true(second.truncation_error + second.roundoff_error < (dtype == ATTRIB_F32 ? 2e-3 : second.difference_step));
  if (!method_has_tolerance(which)) {
    assert_int_equal(second.difference_nodes, first.evaluations);
    assert_near(second.output, first.output, 0, 1);
    assert_near(second.baseline_output, first.baseline_output, ROUND_OFF, 1 + fabs(first.baseline_output));
  }
  free_method(&c);
}

static void every_method(void **state) {
  (void)state;
  for (int which = 2; which < METHOD_SMOOTH_PAIRS; which++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) agree(which, dtype);
}

/* -- coverage ------------------------------------------------------------------------------------------------------ */

typedef struct tally {
  int64_t cases, within;
} tally;

static void count(tally *t, const random_net *net, uint64_t seed, uint32_t rule, bool grouped) {
  static const analytic_fn f = f_random_net;
  const int64_t n = net->width[0];
  double x[20], b[20], with[20], without[20];
  int32_t groups[20];
  analytic a;
  fill_random(2 * seed + 1, x, n);
  fill_random(2 * seed + 2, b, n);
  for (int64_t i = 0; i < n; i++) groups[i] = (int32_t)(i * 3 / n);
  void *input = as_row(net->dtype, x, n), *base = as_row(net->dtype, b, n);
  attrib_model model = single_model(&a, &f, net->dtype, n, net);
  const attrib_baselines set = one_baseline(base);
  attrib_ig_options options = with_rule(rule, rule == ATTRIB_RULE_ADAPTIVE ? 0 : 20);
  options.n_groups = grouped ? 3 : 0;
  options.groups = grouped ? groups : NULL;
  attrib_report report = {.struct_size = sizeof report};
  assert_true(attrib_integrated_gradients(NULL, &model, input, 0, &set, &options, with, NULL) >= 0);
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  assert_true(attrib_integrated_gradients(NULL, &model, input, 0, &set, &options, without, &report) >= 0);
  const int64_t m = grouped ? 3 : n;
  const double said = report.truncation_error + report.roundoff_error;
  const double off = distance_to(with, without, m) / length_of(without, m) / said;
  t->cases++;
  t->within += off <= 1;
  free(input);
  free(base);
}

/* What the header says of these very networks. */
static void stated_errors_cover(void **state) {
  (void)state;
  tally all = {0};
  for (uint64_t seed = 0; seed < 24; seed++)
    for (int kind = RELU; kind < ACTIVATIONS; kind++)
      for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
        random_net net;
        make_net(&net, seed, (activation)kind, 8, seed % 4 == 3 ? 1 : 0, dtype);
        for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++)
          for (int grouped = 0; grouped < 2; grouped++) count(&all, &net, seed, rule, grouped != 0);
      }
  print_message("%" PRId64 " cases: %" PRId64 " within the errors\n", all.cases, all.within);
  assert_int_equal(all.cases, 24 * ACTIVATIONS * 2 * 5 * 2);
  assert_int_equal(all.within, all.cases);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_method), cmocka_unit_test(stated_errors_cover)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
