/* SmoothGrad and its forms against what a test makes of the rows that the model was asked for. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "statistics.h"

enum { MOST_SAMPLES = 130, MOST_ENTRIES = 1100, FORMS = 5 };

typedef struct problem {
  uint32_t dtype;
  int64_t n, members, draws;
  void *input;
  const int32_t *groups;
  recorder recorder;
  attrib_model model;
  attrib_smoothgrad_options options;
  outcome o;
} problem;

static problem p;

static void pose(uint32_t dtype, int64_t n) {
  p = (problem){.dtype = dtype, .n = n};
  double *values = exact_block((size_t)n * sizeof *values);
  fill_random(51, values, n);
  p.input = as_row(dtype, values, n);
  free(values);
  p.model = recorded_model(&p.recorder, f_waves, dtype, n, NULL, MOST_SAMPLES + 1);
}

static void tear_down(void) {
  free_outcome(&p.o);
  free_recorder(&p.recorder);
  free(p.input);
}

static double gradient(int64_t sample, int64_t i) {
  return p.recorder.gradients[(1 + sample) * p.n + i];
}

static double point(int64_t sample, int64_t i) {
  return p.recorder.points[(1 + sample) * p.n + i];
}

static double input(int64_t i) {
  return element_of(p.dtype, p.input, i);
}

static double mean_gradient(int64_t i) {
  long double sum = 0;
  for (int64_t k = 0; k < p.o.report.samples; k++) sum += (long double)gradient(k, i);
  return (double)(sum / (long double)p.o.report.samples);
}

/* What sample k says of feature i; of a variance its squared deviation from the mean. */
static double feature_value(int64_t k, int64_t i, double mean) {
  double g = gradient(k, i);
  switch (p.options.form) {
    case ATTRIB_SMOOTH_SQUARED: return g * g;
    case ATTRIB_SMOOTH_VARIANCE: return (g - mean) * (g - mean);
    case ATTRIB_SMOOTH_TIMES_INPUT: return point(k, i) * g;
    case ATTRIB_SMOOTH_TAYLOR: return (input(i) - point(k, i)) * g;
    default: return g;
  }
}

/* Standard errors of what is skewed are widened: methods.h. */
static double widening(void) {
  double share = p.options.form == ATTRIB_SMOOTH_SQUARED || p.options.form == ATTRIB_SMOOTH_VARIANCE ? 10 : 0;
  return 1 + share / (double)p.draws;
}

/* Adds the value and standard error of the features [begin, end) of an entry, drawn together. */
static void add_features(int64_t entry, int64_t begin, int64_t end, double *value, double *error) {
  double draws[MOST_SAMPLES];
  for (int64_t d = 0; d < p.draws; d++) draws[d] = 0;
  for (int64_t i = begin; i < end; i++) {
    if (p.groups != NULL && p.groups[i] != entry) continue;
    double mean = p.options.form == ATTRIB_SMOOTH_VARIANCE ? mean_gradient(i) : 0;
    for (int64_t k = 0; k < p.draws * p.members; k++)
      draws[k / p.members] += feature_value(k, i, mean) / (double)p.members;
  }
  *value += mean_of(draws, p.draws);
  *error += p.draws < 2 ? (double)NAN : error_of(draws, p.draws) * widening();
}

/* Groups of variances have the sum of their features' errors, others the error of the sum. */
static void expected_entry(int64_t entry, double *value, double *error) {
  *value = *error = 0;
  if (p.groups == NULL) {
    add_features(entry, entry, entry + 1, value, error);
  } else if (p.options.form == ATTRIB_SMOOTH_VARIANCE) {
    for (int64_t i = 0; i < p.n; i++)
      if (p.groups[i] == entry) add_features(entry, i, i + 1, value, error);
  } else {
    add_features(entry, 0, p.n, value, error);
  }
}

static void expect_rows(void) {
  const recorder *r = &p.recorder;
  assert_int_equal(r->rows, 1 + p.o.report.samples);
  assert_false(r->with_gradient[0]);
  for (int64_t i = 0; i < p.n; i++) assert_true(r->points[i] == input(i));
  assert_int_equal(p.o.report.trace_count, p.o.report.samples);
  for (int64_t k = 0; k < p.o.report.samples; k++) {
    const attrib_trace_point *t = &p.o.trace[k];
    assert_true(r->with_gradient[1 + k] && t->row_id == 1 + k && t->baseline == k && isnan(t->alpha));
    assert_true(t->output == r->outputs[1 + k]);
    assert_near(t->weight, 1 / (double)p.o.report.samples, ROUND_OFF, 1);
  }
}

static void expect_values(void) {
  double scale = p.groups == NULL ? 20 : 20 * (double)p.n;
  long double errors = 0, values = 0, total = 0;
  for (int64_t k = 0; k < p.o.count; k++) {
    double value, error;
    expected_entry(k, &value, &error);
    assert_near(p.o.phi[k], value, sum_round_off(p.o.report.samples), scale);
    if (isnan(error))
      assert_true(isnan(p.o.errors[k]));
    else if (p.options.form != ATTRIB_SMOOTH_VARIANCE)
      assert_near(p.o.errors[k], error, sum_round_off(p.o.report.samples), scale);
    else /* its square is what is formed from differences of numbers of that size */
      assert_near(p.o.errors[k] * p.o.errors[k], error * error, sum_round_off(p.o.report.samples), scale * scale);
    errors += (long double)p.o.errors[k] * (long double)p.o.errors[k];
    values += (long double)p.o.phi[k] * (long double)p.o.phi[k];
    total += (long double)p.o.phi[k];
  }
  assert_near(p.o.report.attribution_sum, (double)total, ROUND_OFF, scale * (double)p.n);
  if (p.draws < 2)
    assert_true(isnan(p.o.report.error_estimate));
  else
    assert_near(p.o.report.error_estimate, (double)sqrtl(errors / values), ROUND_OFF, (double)sqrtl(errors / values));
}

static void expect_report(int64_t samples) {
  const attrib_report *r = &p.o.report;
  assert_true(r->samples == samples && r->evaluations == samples && r->output_evaluations == 1);
  assert_true(r->seed == p.options.seed && r->notes == 0 && r->sampler == 0 && isnan(r->tolerance));
  assert_int_equal(r->stop_reason, ATTRIB_STOP_COMPLETE);
  assert_true(r->output == p.recorder.outputs[0]);
  assert_near(r->baseline_output, mean_of(p.recorder.outputs + 1, samples), sum_round_off(samples), (double)p.n);
  if (p.options.form == ATTRIB_SMOOTH_TAYLOR) {
    assert_true(r->completeness_target == r->output - r->baseline_output);
    assert_true(r->completeness_error == r->attribution_sum - r->completeness_target);
  } else {
    assert_true(isnan(r->completeness_target) && isnan(r->completeness_error) && isnan(r->completeness_relative));
  }
}

static void solve(uint32_t form, uint32_t flags, int64_t samples, double sigma) {
  p.options.struct_size = sizeof p.options;
  p.options.form = form;
  p.options.flags = flags;
  p.options.samples = samples;
  p.options.sigma = sigma;
  p.options.seed = 17 + form;
  p.members = flags & ATTRIB_SMOOTH_INDEPENDENT ? 1 : 2;
  p.draws = (samples + p.members - 1) / p.members;
  forget_rows(&p.recorder);
  free_outcome(&p.o);
  p.o = smooth(&p.model, p.input, &p.options);
  assert_outcome(p.o, ATTRIB_OK);
  assert_true(p.o.report.sigma == sigma);
  expect_report(p.draws * p.members);
  expect_rows();
  expect_values();
}

static void solve_all(int64_t samples, double sigma) {
  for (uint32_t form = 0; form < FORMS; form++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
      if (form == ATTRIB_SMOOTH_VARIANCE && flags && samples == 2) continue; /* two values: test_moments.c */
      solve(form, flags, samples, sigma);
    }
}

static void every_form_and_number_of_samples(void **state) {
  (void)state;
  const int64_t samples[] = {1, 2, 3, 4, 7, 50, 64, 65, 128};
  for (int t = 0; t < 2; t++) {
    pose(t == 0 ? ATTRIB_F64 : ATTRIB_F32, 5);
    for (int64_t k = 0; k < COUNT(samples); k++) solve_all(samples[k], .4);
    solve_all(10, 3);
    tear_down();
  }
}

/* No neighbour to mix with. */
static void one_input(void **state) {
  (void)state;
  pose(ATTRIB_F64, 1);
  solve_all(2, .5);
  solve_all(9, .5);
  tear_down();
}

/* Inputs in several blocks. */
static void many_inputs(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    pose(t == 0 ? ATTRIB_F64 : ATTRIB_F32, 1030);
    solve_all(6, .3);
    tear_down();
  }
}

/* One group has no feature, one has one. */
static void groups_have_values_and_errors_of_their_own(void **state) {
  (void)state;
  enum { N = 540 };
  int32_t *groups = exact_block(N * sizeof *groups);
  for (int i = 0; i < N; i++) groups[i] = i == 17 ? 1 : i % 2 == 0 ? 0 : 3;
  for (int t = 0; t < 2; t++) {
    pose(t == 0 ? ATTRIB_F64 : ATTRIB_F32, N);
    p.groups = p.options.groups = groups;
    p.options.n_groups = 4;
    solve_all(8, .3);
    assert_true(p.o.phi[2] == 0 && p.o.errors[2] == 0);
    tear_down();
  }
  free(groups);
}

/* The error of a sum is at most the sum of the errors: that of a group of variances is a bound. */
static void the_error_of_a_group_of_variances_is_a_bound(void **state) {
  (void)state;
  static const int32_t groups[] = {0, 0, 0, 0, 0, 0};
  pose(ATTRIB_F64, 6);
  p.groups = p.options.groups = groups;
  p.options.n_groups = 1;
  for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
    solve(ATTRIB_SMOOTH_VARIANCE, flags, 100, .4);
    double value = 0, error = 0;
    add_features(0, 0, 6, &value, &error);
    assert_near(p.o.phi[0], value, sum_round_off(100), 10);
    assert_true(p.o.errors[0] > error && p.o.errors[0] < 6 * error);
  }
  tear_down();
}

/* The same samples explain a weighted sum and its terms, where the form is linear in the gradient. */
static void target_weights_are_a_linear_combination(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_chain, f_waves, f_cube};
  static const uint32_t forms[] = {ATTRIB_SMOOTH_MEAN, ATTRIB_SMOOTH_TIMES_INPUT, ATTRIB_SMOOTH_TAYLOR};
  analytic a = {.functions = functions, .n_outputs = 3, .n_inputs = 3, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  const double x[] = {1, 2, 3}, weights[] = {2, 0, -.5};
  for (int f = 0; f < 3; f++) {
    attrib_smoothgrad_options options = smooth_options(forms[f], 0, 12, 7);
    double phi[3][3];
    for (int k = 0; k < 3; k++)
      assert_int_equal(attrib_smoothgrad(NULL, &model, x, k, &options, phi[k], NULL), ATTRIB_OK);
    options.target_weights = weights;
    outcome o = smooth(&model, x, &options);
    assert_outcome(o, ATTRIB_OK);
    for (int i = 0; i < 3; i++) assert_near(o.phi[i], 2 * phi[0][i] - .5 * phi[2][i], ROUND_OFF, 50);
    assert_near(o.report.output, 2 * 8 - .5, ROUND_OFF, 50);
    free_outcome(&o);
  }
}

/* No options at all are 50 samples in pairs of the mean. */
static void defaults(void **state) {
  (void)state;
  pose(ATTRIB_F64, 4);
  double *phi = untouched(4);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_smoothgrad(NULL, &p.model, p.input, 0, NULL, phi, &report), ATTRIB_OK);
  assert_true(report.samples == 50 && report.seed == 0);
  attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_MEAN, 0, 50, 0);
  forget_rows(&p.recorder);
  p.o = smooth(&p.model, p.input, &options);
  assert_same_bits(p.o.phi, phi, 4);
  free(phi);
  tear_down();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_form_and_number_of_samples),
      cmocka_unit_test(one_input),
      cmocka_unit_test(many_inputs),
      cmocka_unit_test(groups_have_values_and_errors_of_their_own),
      cmocka_unit_test(the_error_of_a_group_of_variances_is_a_bound),
      cmocka_unit_test(target_weights_are_a_linear_combination),
      cmocka_unit_test(defaults),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
