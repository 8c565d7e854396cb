/* Attributions that are known in closed form, through the public calls. */
#include "fixture.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

static double round_off(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
}

/* f from b to x with one rule, in both element types. Values are of the order of 1 to 10. */
static void expect(analytic_fn f, const void *parameters, int64_t n, const double *b, const double *x, uint32_t rule,
                   int64_t points, const double *expected, double tolerance) {
  for (int t = 0; t < 2; t++) {
    analytic a;
    attrib_model model = single_model(&a, &f, dtypes[t], n, parameters);
    void *input = as_row(dtypes[t], x, n), *start = as_row(dtypes[t], b, n);
    attrib_baselines baselines = one_baseline(start);
    attrib_ig_options options = with_rule(rule, points);
    double *phi = untouched(n);
    assert_int_equal(attrib_integrated_gradients(NULL, &model, input, 0, &baselines, &options, phi, NULL), ATTRIB_OK);
    for (int64_t i = 0; i < n; i++) assert_near(phi[i], expected[i], fmax(tolerance, round_off(dtypes[t])), 10);
    free(phi);
    free(start);
    free(input);
  }
}

#define VALUES(...)  \
  (const double[]) { \
    __VA_ARGS__      \
  }

/* The gradient is linear along the line, so midpoint is exact with one point and Gauss-Legendre with any number. */
static void products_are_exact_with_one_point(void **state) {
  (void)state;
  static const uint32_t rules[] = {ATTRIB_RULE_MIDPOINT, ATTRIB_RULE_GAUSS_LEGENDRE};
  const double a[] = {2, 1, 1, 3};
  for (int r = 0; r < 2; r++)
    for (int64_t points = 1; points <= 7; points += 3) {
      expect(f_product, NULL, 2, VALUES(0, 0), VALUES(1, 1), rules[r], points, VALUES(.5, .5), 0);
      expect(f_product, NULL, 2, VALUES(2, 0), VALUES(1, 1), rules[r], points, VALUES(-.5, 1.5), 0);
      expect(f_product, NULL, 2, VALUES(1, 2), VALUES(3, 5), rules[r], points, VALUES(7, 6), 0);
      expect(f_quadratic, a, 2, VALUES(.5, 1), VALUES(1, -2), rules[r], points, VALUES(.5, 2.25), 0);
      expect(f_chain, NULL, 3, VALUES(0, 0, 0), VALUES(1, 2, 3), rules[r], points, VALUES(1, 4, 3), 0);
      expect(f_product, NULL, 2, VALUES(-1, 1), VALUES(.5, -.25), rules[r], points, VALUES(.5625, .3125), 0);
    }
  for (int64_t points = 2; points <= 5; points++)
    expect(f_product, NULL, 2, VALUES(1, 2), VALUES(3, 5), ATTRIB_RULE_TRAPEZOID, points, VALUES(7, 6), 0);
}

/* delta .* (A (x + b)) / 2, for a matrix that is not 2 x 2. */
static void a_quadratic_form_is_exact(void **state) {
  (void)state;
  enum { N = 7 };
  double a[N * N], b[N], x[N], expected[N];
  fill_random(11, a, N * N);
  fill_random(12, b, N);
  fill_random(13, x, N);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < i; j++) a[i * N + j] = a[j * N + i];
  for (int i = 0; i < N; i++) {
    double row = 0;
    for (int j = 0; j < N; j++) row += a[i * N + j] * (x[j] + b[j]);
    expected[i] = (x[i] - b[i]) * row / 2;
  }
  expect(f_quadratic, a, N, b, x, ATTRIB_RULE_MIDPOINT, 1, expected, 0);
}

/* Kinks at a rational alpha: a rule whose cells end there is exact; others are off by at most a node's weight times the
 * jump. */
static void kinks_are_exact_where_cells_end_on_them(void **state) {
  (void)state;
  expect(f_saturating, NULL, 1, VALUES(0), VALUES(2), ATTRIB_RULE_MIDPOINT, 50, VALUES(1), 0);
  expect(f_saturating, NULL, 1, VALUES(0), VALUES(2), ATTRIB_RULE_GAUSS_LEGENDRE, 50, VALUES(1), 0);
  expect(f_saturating, NULL, 1, VALUES(0), VALUES(2), ATTRIB_RULE_LEFT, 50, VALUES(1), 0);
  expect(f_max, NULL, 2, VALUES(0, 0), VALUES(3, 1), ATTRIB_RULE_MIDPOINT, 3, VALUES(3, 0), 0);
  expect(f_max, NULL, 2, VALUES(0, 2), VALUES(3, 1), ATTRIB_RULE_MIDPOINT, 10, VALUES(1.5, -.5), 0);
  expect(f_relu_a, NULL, 2, VALUES(0, 0), VALUES(3, 1), ATTRIB_RULE_MIDPOINT, 10, VALUES(1.5, -.5), 0);
  expect(f_relu_b, NULL, 2, VALUES(0, 0), VALUES(3, 1), ATTRIB_RULE_MIDPOINT, 10, VALUES(1.5, -.5), 0);
  expect(f_saturating, NULL, 1, VALUES(0), VALUES(2), ATTRIB_RULE_MIDPOINT, 51, VALUES(50.0 / 51), 0);
}

/* The middle node of 51 sits on the kink, where the model says the slope is 0: its weight is missing. */
static void a_node_on_a_kink_takes_the_models_subgradient(void **state) {
  (void)state;
  expect(f_saturating, NULL, 1, VALUES(0), VALUES(2), ATTRIB_RULE_GAUSS_LEGENDRE, 51, VALUES(0.969500537579), 5e-14);
}

static void a_cube_has_each_rules_own_value(void **state) {
  (void)state;
  const double n = 25;
  expect(f_cube, NULL, 1, VALUES(0), VALUES(1), ATTRIB_RULE_LEFT, 25, VALUES(.9408), 0);
  expect(f_cube, NULL, 1, VALUES(0), VALUES(1), ATTRIB_RULE_RIGHT, 25, VALUES(1.0608), 0);
  expect(f_cube, NULL, 1, VALUES(0), VALUES(1), ATTRIB_RULE_MIDPOINT, 25, VALUES(.9996), 0);
  expect(f_cube, NULL, 1, VALUES(0), VALUES(1), ATTRIB_RULE_TRAPEZOID, 25, VALUES(1 + 1 / (2 * (n - 1) * (n - 1))), 0);
  expect(f_cube, NULL, 1, VALUES(0), VALUES(1), ATTRIB_RULE_GAUSS_LEGENDRE, 2, VALUES(1), 0);
}

/* Zero in rule and points, and no options at all, are one thing: the adaptive rule. Points alone: midpoint. A fixed
 * rule without points: 50. */
static void defaults_of_rule_and_points(void **state) {
  (void)state;
  const analytic_fn f = f_cube;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 1, NULL);
  const double x = 1, b = 0;
  attrib_baselines baselines = one_baseline(&b);
  attrib_ig_options zero = with_rule(0, 0);
  double phi[2];
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &baselines, NULL, &phi[0], &report), ATTRIB_OK);
  assert_int_equal(report.rule, ATTRIB_RULE_ADAPTIVE);
  assert_true(report.tolerance == .05 && report.error_estimate <= .05);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &baselines, &zero, &phi[1], NULL), ATTRIB_OK);
  assert_same_bits(&phi[0], &phi[1], 1);
  assert_near(phi[0], 1, .05, 1);
  zero = with_rule(0, 10);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &baselines, &zero, &phi[0], NULL), ATTRIB_OK);
  assert_near(phi[0], 1 - 1.0 / (4 * 10 * 10), ROUND_OFF, 1);
  zero = with_rule(ATTRIB_RULE_MIDPOINT, 0);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &baselines, &zero, &phi[0], NULL), ATTRIB_OK);
  assert_near(phi[0], 1 - 1.0 / (4 * 50 * 50), ROUND_OFF, 1);
}

static void gradient_and_gradient_times_input(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    const analytic_fn f = f_chain;
    analytic a;
    attrib_model model = single_model(&a, &f, dtypes[t], 3, NULL);
    void *input = as_row(dtypes[t], VALUES(1.5, -2, 0), 3);
    attrib_ig_options options = {.struct_size = sizeof options, .flags = ATTRIB_TIMES_INPUT};
    double *plain = untouched(3), *times = untouched(3);
    assert_int_equal(attrib_gradient(NULL, &model, input, 0, NULL, plain, NULL), ATTRIB_OK);
    assert_int_equal(attrib_gradient(NULL, &model, input, 0, &options, times, NULL), ATTRIB_OK);
    assert_same_bits(plain, VALUES(-2, 1.5, -2), 3);
    for (int i = 0; i < 3; i++) assert_near(times[i], VALUES(-3, -3, 0)[i], 0, 1);
    assert_int_equal(a.rows, 2);
    free(times);
    free(plain);
    free(input);
  }
}

/* The mean gradient times the displacement is the attribution; along a flat feature it is still a gradient. */
static void mean_gradient_leaves_the_displacement_out(void **state) {
  (void)state;
  const analytic_fn f = f_chain;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 3, NULL);
  const double x[] = {1, 2, 3}, b[] = {0, 2, 5};
  attrib_baselines baselines = one_baseline(b);
  attrib_ig_options options = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 2);
  options.flags = ATTRIB_MEAN_GRADIENT;
  double *mean = untouched(3);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &baselines, &options, mean, &report), ATTRIB_OK);
  for (int i = 0; i < 3; i++) assert_near(mean[i], VALUES(2, 4.5, 2)[i], ROUND_OFF, 5);
  assert_true(isnan(report.completeness_target) && isnan(report.completeness_error) &&
              isnan(report.completeness_relative));
  assert_near(report.attribution_sum, 8.5, ROUND_OFF, 10);
  free(mean);
}

static void target_weights_are_a_linear_combination(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_chain, f_product, f_cube};
  analytic a = {.functions = functions, .n_outputs = 3, .n_inputs = 3, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  const double x[] = {1, 2, 3}, b[] = {-1, .5, 0};
  double *weights = exact_copy(VALUES(2, 0, -.5), 3 * sizeof(double));
  attrib_baselines baselines = one_baseline(b);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 6);
  double phi[3][3], *combined = untouched(3);
  for (int k = 0; k < 3; k++)
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, k, &baselines, &options, phi[k], NULL), ATTRIB_OK);
  options.target_weights = weights;
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(
      attrib_integrated_gradients(NULL, &model, x, ATTRIB_NO_TARGET, &baselines, &options, combined, &report),
      ATTRIB_OK);
  for (int i = 0; i < 3; i++) assert_near(combined[i], 2 * phi[0][i] - .5 * phi[2][i], ROUND_OFF, 20);
  assert_near(report.output, 2 * 8 - .5 * 1, ROUND_OFF, 20);
  assert_near(report.baseline_output, 2 * -.5 + .5, ROUND_OFF, 20);
  free(combined);
  free(weights);
}

/* n_groups doubles are written, and an empty group is 0. */
static void groups_sum_the_attributions_of_their_features(void **state) {
  (void)state;
  enum { N = 1025, GROUPS = 5 };
  static const analytic_fn functions[] = {f_waves};
  analytic a = {.functions = functions, .n_outputs = 1, .n_inputs = N, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  double *x = exact_block(N * sizeof *x), *b = exact_block(N * sizeof *b);
  fill_random(5, x, N);
  fill_random(6, b, N);
  int32_t *labels = exact_block(N * sizeof *labels);
  long double expected[GROUPS] = {0};
  for (int i = 0; i < N; i++) labels[i] = i == 17 ? 4 : i % 3; /* group 3 has no feature, group 4 has one */
  attrib_baselines baselines = one_baseline(b);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 4);
  double *each = untouched(N), *grouped = untouched(GROUPS), *gradient = untouched(GROUPS);
  attrib_report report[2] = {{.struct_size = sizeof *report}, {.struct_size = sizeof *report}};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &baselines, &options, each, &report[0]), ATTRIB_OK);
  options.groups = labels;
  options.n_groups = GROUPS;
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &baselines, &options, grouped, &report[1]),
                   ATTRIB_OK);
  for (int i = 0; i < N; i++) expected[labels[i]] += each[i];
  for (int g = 0; g < GROUPS; g++) assert_near(grouped[g], (double)expected[g], ROUND_OFF, N);
  assert_true(grouped[3] == 0);
  assert_same_bits(&grouped[4], &each[17], 1);
  assert_same_bits(&report[0].attribution_sum, &report[1].attribution_sum, 1);

  attrib_ig_options plain = {.struct_size = sizeof plain, .groups = labels, .n_groups = GROUPS};
  assert_int_equal(attrib_gradient(NULL, &model, x, 0, &plain, gradient, NULL), ATTRIB_OK);
  assert_true(gradient[3] == 0 && gradient[0] != 0);
  free(gradient);
  free(grouped);
  free(each);
  free(labels);
  free(b);
  free(x);
}

/* Writes down the row it sees at alpha 0 and 1 as f. */
static double first_element(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0];
}

/* b + 1 (x - b) is 0 for b = 1e17, x = 1, and 0.1 + (0.3 - 0.1) is not 0.3: the ends are copied, not computed. */
static void ends_are_reached_bit_for_bit(void **state) {
  (void)state;
  const double starts[] = {1e17, .1, -0.0, 1e-320}, ends[] = {1, .3, 1.0 / 3, 1e300};
  static const uint32_t rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_RIGHT, ATTRIB_RULE_TRAPEZOID, ATTRIB_RULE_MIDPOINT};
  const analytic_fn f = first_element;
  for (int k = 0; k < 4; k++)
    for (int r = 0; r < 4; r++) {
      analytic a;
      attrib_model model = single_model(&a, &f, ATTRIB_F64, 1, NULL);
      attrib_baselines baselines = one_baseline(&starts[k]);
      attrib_ig_options options = with_rule(rules[r], 3);
      attrib_report report = {.struct_size = sizeof report};
      double phi;
      assert_int_equal(attrib_integrated_gradients(NULL, &model, &ends[k], 0, &baselines, &options, &phi, &report),
                       ATTRIB_OK);
      assert_same_bits(&report.output, &ends[k], 1);
      assert_near(report.baseline_output, starts[k], 0, 1); /* a mean over one baseline: exact, but for the sign of 0 */
    }
}

/* Every product is finite and their sum is not: an error that names the feature or group, never an infinity in the
 * result. */
static void sums_that_overflow(void **state) {
  (void)state;
  const double slopes[] = {1, 1}, x[] = {1.5e308, 1.5e308}, b[] = {0, 0};
  const double rows[] = {0, 0, 0, 1.2e308, 0, -3e307};
  const analytic_fn linear = f_linear, steep = f_max;
  attrib_context *context = new_context(1, 0);
  double *phi = untouched(2);
  analytic a;

  /* max(x1, x2) goes up by 1.2e308 and, with -1 for a slope on the way down, up again. */
  attrib_model model = single_model(&a, &steep, ATTRIB_F64, 2, NULL);
  spoiler bad = {.inner = &a, .output_row = -1, .gradient_row = 3, .feature = 1, .gradient = -1, .fail_from_row = -1};
  model = spoiled_model(&bad);
  attrib_path path = {.struct_size = sizeof path, .knots = 3, .rows = rows};
  attrib_ig_options one_point = with_rule(ATTRIB_RULE_MIDPOINT, 1);
  assert_status(attrib_path_gradients(context, &model, 0, &path, &one_point, phi, NULL), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "input 1");
  assert_true(is_untouched(phi, 2));

  int32_t labels[] = {0, 0};
  model = single_model(&a, &linear, ATTRIB_F64, 2, slopes);
  bad = (spoiler){.inner = &a, .output_row = 0, .gradient_row = -1, .fail_from_row = -1};
  model = spoiled_model(&bad); /* f(x) overflows, too: it is said to be 0 */
  attrib_baselines baselines = one_baseline(b);
  attrib_ig_options grouped = {.struct_size = sizeof grouped, .groups = labels, .n_groups = 1};
  grouped.rule = ATTRIB_RULE_LEFT;
  grouped.points = 1;
  attrib_status status = attrib_integrated_gradients(context, &model, x, 0, &baselines, &grouped, phi, NULL);
  assert_status(status, ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "group 0");
  assert_true(is_untouched(phi, 2));
  free(phi);
  attrib_context_destroy(context);
}

/* {1e16, 1, -1e16} sums to 1 only if the sum carries its rounding error: over features, groups, slopes and baselines.
 */
static void sums_over_features_are_compensated(void **state) {
  (void)state;
  const double weights[] = {1e16, 1, -1e16}, x[] = {1, 1, 1}, zero[] = {0, 0, 0};
  const int32_t labels[] = {0, 0, 0};
  const analytic_fn linear = f_linear;
  analytic a;
  attrib_model model = single_model(&a, &linear, ATTRIB_F64, 3, weights);
  attrib_baselines baselines = one_baseline(zero);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 1);
  attrib_trace_point point;
  double errors[3] = {0, 0, 0}, phi[3];
  attrib_report report = {
      .struct_size = sizeof report, .trace = &point, .trace_capacity = 1, .standard_errors = errors};
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &baselines, &options, phi, &report), ATTRIB_OK);
  assert_true(report.attribution_sum == 1 && point.slope == 1);
  for (int i = 0; i < 3; i++) assert_true(isnan(errors[i])); /* this rule estimates none, and says so */
  options.groups = labels;
  options.n_groups = 1;
  report.standard_errors = NULL;
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &baselines, &options, phi, &report), ATTRIB_OK);
  assert_true(phi[0] == 1);

  /* f = x1 at the baselines 3e16, 3 and -3e16: their mean is 1. */
  const double one[] = {1}, starts[] = {3e16, 3, -3e16}, end[] = {0};
  model = single_model(&a, &linear, ATTRIB_F64, 1, one);
  baselines = one_baseline(starts);
  baselines.count = 3;
  report = (attrib_report){.struct_size = sizeof report};
  options = with_rule(ATTRIB_RULE_MIDPOINT, 1);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, end, 0, &baselines, &options, phi, &report), ATTRIB_OK);
  assert_true(report.baseline_output == 1);
}

/* Attributions that are finite and a sum that is not. */
static void the_sum_itself_overflows(void **state) {
  (void)state;
  const double slopes[] = {1, 1}, x[] = {1.5e308, 1.5e308}, b[] = {0, 0};
  const analytic_fn linear = f_linear;
  analytic a;
  attrib_model model = single_model(&a, &linear, ATTRIB_F64, 2, slopes);
  spoiler zero_output = {.inner = &a, .output_row = 0, .gradient_row = -1, .fail_from_row = -1};
  model = spoiled_model(&zero_output);
  attrib_baselines baselines = one_baseline(b);
  attrib_ig_options options = with_rule(ATTRIB_RULE_LEFT, 1);
  attrib_context *context = new_context(1, 0);
  double *phi = untouched(2);
  assert_int_equal(attrib_integrated_gradients(context, &model, x, 0, &baselines, &options, phi, NULL),
                   ATTRIB_E_OVERFLOW);
  assert_non_null(strstr(attrib_context_error(context), "sum of the attributions"));
  assert_true(is_untouched(phi, 2));
  free(phi);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(products_are_exact_with_one_point),
      cmocka_unit_test(a_quadratic_form_is_exact),
      cmocka_unit_test(kinks_are_exact_where_cells_end_on_them),
      cmocka_unit_test(a_node_on_a_kink_takes_the_models_subgradient),
      cmocka_unit_test(a_cube_has_each_rules_own_value),
      cmocka_unit_test(defaults_of_rule_and_points),
      cmocka_unit_test(gradient_and_gradient_times_input),
      cmocka_unit_test(mean_gradient_leaves_the_displacement_out),
      cmocka_unit_test(target_weights_are_a_linear_combination),
      cmocka_unit_test(groups_sum_the_attributions_of_their_features),
      cmocka_unit_test(ends_are_reached_bit_for_bit),
      cmocka_unit_test(sums_that_overflow),
      cmocka_unit_test(sums_over_features_are_compensated),
      cmocka_unit_test(the_sum_itself_overflows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
