/* Completeness: attributions sum to f(x) - f(b), up to what the rule leaves, which shrinks at the rule's order. */
#include "../unit/fixture.h"

static const analytic_fn waves = f_waves;
static const int64_t sizes[] = {1, 2, 7, 511, 512, 513, 1025};

enum { SEEDS = 3 };

typedef struct setting {
  analytic analytic;
  attrib_model model;
  void *input, *start;
  attrib_baselines set;
} setting;

static void set_up(setting *s, uint32_t dtype, int64_t n, uint64_t seed) {
  double *values = exact_block((size_t)n * sizeof *values);
  s->model = single_model(&s->analytic, &waves, dtype, n, NULL);
  fill_random(2 * seed + 100, values, n);
  s->input = as_row(dtype, values, n);
  fill_random(2 * seed + 101, values, n);
  s->start = as_row(dtype, values, n);
  s->set = one_baseline(s->start);
  free(values);
}

static void tear_down(setting *s) {
  free(s->start);
  free(s->input);
}

/* The attributions; the report's sum, target and error agree with them and with each other. */
static double *integrate(setting *s, uint32_t rule, int64_t points, attrib_report *report) {
  int64_t n = s->model.n_inputs;
  double *phi = untouched(n);
  attrib_ig_options options = with_rule(rule, points);
  *report = (attrib_report){.struct_size = sizeof *report};
  assert_int_equal(attrib_integrated_gradients(NULL, &s->model, s->input, 0, &s->set, &options, phi, report),
                   ATTRIB_OK);
  long double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += phi[i];
  assert_near(report->attribution_sum, (double)sum, ROUND_OFF, (double)n);
  assert_true(report->completeness_target == report->output - report->baseline_output);
  assert_true(report->completeness_error == report->attribution_sum - report->completeness_target);
  return phi;
}

/* Degree 47 leaves nothing of these sines. In floats, the model's inputs and gradients are rounded. */
static void gauss_is_complete_to_round_off(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int64_t k = 0; k < COUNT(sizes); k++)
      for (uint64_t seed = 0; seed < SEEDS; seed++) {
        setting s;
        attrib_report report;
        set_up(&s, dtype, sizes[k], seed);
        free(integrate(&s, ATTRIB_RULE_GAUSS_LEGENDRE, 24, &report));
        assert_near(report.completeness_error, 0, dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF, (double)sizes[k]);
        tear_down(&s);
      }
}

static double distance(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum);
}

/* With h halved the error of all attributions together falls to 1/2 (left, right) or 1/4 (midpoint, trapezoid). */
static void errors_fall_at_the_rules_order(void **state) {
  (void)state;
  static const struct {
    uint32_t rule;
    double ratio;
  } rules[] = {{ATTRIB_RULE_LEFT, 2}, {ATTRIB_RULE_RIGHT, 2}, {ATTRIB_RULE_MIDPOINT, 4}, {ATTRIB_RULE_TRAPEZOID, 4}};
  for (int64_t k = 0; k < COUNT(sizes); k++)
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
      setting s;
      attrib_report report;
      int64_t n = sizes[k];
      set_up(&s, ATTRIB_F64, n, seed);
      double *exact = integrate(&s, ATTRIB_RULE_GAUSS_LEGENDRE, 24, &report);
      for (int64_t r = 0; r < COUNT(rules); r++) {
        int64_t ends = rules[r].rule == ATTRIB_RULE_TRAPEZOID; /* 33 nodes make 32 cells */
        double *coarse = integrate(&s, rules[r].rule, 32 + ends, &report);
        double *fine = integrate(&s, rules[r].rule, 64 + ends, &report);
        double error = distance(coarse, exact, n);
        assert_true(error > 1e-12); /* there is something to fall */
        assert_near(error / distance(fine, exact, n), rules[r].ratio, .05, rules[r].ratio);
        free(fine);
        free(coarse);
      }
      free(exact);
      tear_down(&s);
    }
}

/* Midpoint and trapezoid bracket: their leading errors are -1 : 2, so (2 M + T) / 3, Simpson's rule, is far better. */
static void midpoint_errs_half_as_much_as_trapezoid(void **state) {
  (void)state;
  setting s;
  attrib_report m, t;
  set_up(&s, ATTRIB_F64, 513, 7);
  free(integrate(&s, ATTRIB_RULE_MIDPOINT, 40, &m));
  free(integrate(&s, ATTRIB_RULE_TRAPEZOID, 41, &t));
  assert_near(t.completeness_error / m.completeness_error, -2, .01, 2);
  tear_down(&s);
}

/* Over many baselines the target is f(x) less the weighted mean of f(b). */
static void the_target_over_weighted_baselines(void **state) {
  (void)state;
  enum { N = 513, COUNT_ROWS = 4 };
  setting s;
  set_up(&s, ATTRIB_F64, N, 9);
  double *rows = exact_block(COUNT_ROWS * N * sizeof *rows), *phi = untouched(N), mean = 0;
  const double weights[COUNT_ROWS] = {3, 1, 0, 4};
  fill_random(77, rows, COUNT_ROWS * N);
  attrib_baselines set = {.struct_size = sizeof set, .count = COUNT_ROWS, .rows = rows, .weights = weights};
  for (int r = 0; r < COUNT_ROWS; r++) mean += weights[r] / 8 * f_waves(rows + r * N, N, NULL, NULL);
  for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++) {
    attrib_ig_options options = with_rule(rule, 20);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_integrated_gradients(NULL, &s.model, s.input, 0, &set, &options, phi, &report), ATTRIB_OK);
    assert_near(report.baseline_output, mean, ROUND_OFF, N);
    assert_true(report.output == f_waves(s.input, N, NULL, NULL));
    assert_near(report.completeness_error, 0, rule == ATTRIB_RULE_GAUSS_LEGENDRE ? ROUND_OFF : .1, N);
  }
  free(phi);
  free(rows);
  tear_down(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gauss_is_complete_to_round_off),
      cmocka_unit_test(errors_fall_at_the_rules_order),
      cmocka_unit_test(midpoint_errs_half_as_much_as_trapezoid),
      cmocka_unit_test(the_target_over_weighted_baselines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
