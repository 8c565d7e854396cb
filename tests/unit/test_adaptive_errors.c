/* Standard errors of the adaptive rule against true errors, and against the estimate that it stops by. */
#include "fixture.h"
#include "line_models.h"
#include "statistics.h"

/* A random network of ReLUs and two points, and what the rule makes of it. */
enum { INPUTS = 40, UNITS = 60 };
typedef struct rough {
  relu_net net;
  double from[INPUTS], to[INPUTS], expected[INPUTS];
  outcome o;
} rough;

static void explain_rough(rough *r, uint64_t seed, uint32_t dtype, const attrib_ig_options *options) {
  const analytic_fn function = f_relu_net;
  analytic a;
  r->net = new_relu_net(seed, INPUTS, UNITS);
  attrib_model model = single_model(&a, &function, dtype, INPUTS, &r->net);
  fill_random(1000 + seed, r->from, INPUTS);
  fill_random(2000 + seed, r->to, INPUTS);
  for (int i = 0; i < INPUTS; i++) r->from[i] = (double)(float)r->from[i];
  for (int i = 0; i < INPUTS; i++) r->to[i] = (double)(float)r->to[i];
  void *from = as_row(dtype, r->from, INPUTS), *to = as_row(dtype, r->to, INPUTS);
  attrib_baselines set = one_baseline(from);
  r->o = integrate_set(&model, to, &set, options);
  relu_net_attributions(&r->net, INPUTS, r->from, r->to, r->expected);
  free(from);
  free(to);
}

static void free_rough(rough *r) {
  free_relu_net(&r->net);
  free_outcome(&r->o);
}

/* Share of the entries that lie within two standard errors. */
static double coverage_of(const rough *r) {
  int held = 0;
  for (int i = 0; i < INPUTS; i++) held += fabs(r->o.phi[i] - r->expected[i]) <= 2 * r->o.errors[i];
  return (double)held / INPUTS;
}

/* At every budget, in nodes as in panels: 90 % in the median over models. */
static void two_standard_errors_hold(void **state) {
  (void)state;
  enum { MODELS = 41 };
  static const int64_t budgets[] = {17, 33, 65, 97, 193};
  for (int64_t b = 0; b < COUNT(budgets); b++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      double shares[MODELS];
      for (int k = 0; k < MODELS; k++) {
        rough r;
        const attrib_ig_options options = to_tolerance(1e-12, budgets[b]);
        explain_rough(&r, (uint64_t)k, dtype, &options);
        shares[k] = coverage_of(&r);
        free_rough(&r);
      }
      double *sorted = sorted_copy(shares, MODELS);
      if (!(sorted[MODELS / 2] >= 0.9)) fail_msg("after %d rows %g in the median", (int)budgets[b], sorted[MODELS / 2]);
      free(sorted);
    }
}

/* Rough models, too, meet their tolerance: of all certified 97 %, and none far off. */
static void rough_models_meet_their_tolerance(void **state) {
  (void)state;
  static const double tolerances[] = {0.1, 0.05, 0.02, 0.01};
  int met = 0, tried = 0;
  for (int64_t t = 0; t < COUNT(tolerances); t++)
    for (uint64_t seed = 0; seed < 60; seed++) {
      rough r;
      const attrib_ig_options options = to_tolerance(tolerances[t], 4000);
      explain_rough(&r, seed, seed % 2 ? ATTRIB_F32 : ATTRIB_F64, &options);
      check_adaptive_report(&r.o, &options);
      met += meets_tolerance(&r.o, r.expected, tolerances[t]);
      tried++;
      free_rough(&r);
    }
  assert_true(met >= 0.97 * tried);
}

/* In squares they add up to the estimate, in nodes as in panels, with a residual and without. */
static void standard_errors_add_up(void **state) {
  (void)state;
  static const int64_t budgets[] = {17, 25, 33, 49, 65, 129, 300};
  for (uint32_t flags = 0; flags <= ATTRIB_MEAN_GRADIENT; flags += ATTRIB_MEAN_GRADIENT)
    for (int64_t vectors = 20; vectors <= 400; vectors += 380)
      for (int64_t b = 0; b < COUNT(budgets); b++)
        for (uint64_t seed = 0; seed < 5; seed++) {
          rough r;
          attrib_ig_options options = to_tolerance(1e-12, budgets[b]);
          options.flags = flags;
          options.round_rows = 8;
          options.max_vectors = vectors;
          explain_rough(&r, seed, ATTRIB_F64, &options);
          double sum = length_of(r.o.errors, INPUTS) / length_of(r.o.phi, INPUTS);
          assert_true(sum > 0);
          assert_near(sum, r.o.report.error_estimate, 1e-9, sum);
          free_rough(&r);
        }
}

/* After the start, every second node of which cuts a gap: the error of each half goes to the inputs in proportion to
 * the squares of what their gradients change by across it. */
static void the_shape_of_standard_errors(void **state) {
  (void)state;
  enum { N = 3, START = 17 };
  const profile profiles[N] = {
      {PROFILE_SIGMOID, 0.13, 0.02, 1}, {PROFILE_KINK, 0.61, 0, 9}, {PROFILE_SQUARE, 0, 0, 20}};
  const attrib_ig_options options = to_tolerance(1e-12, START);
  outcome o = integrate_profiles(profiles, N, &options);
  assert_int_equal(o.report.evaluations, START);
  double squares[N] = {0}, sum = 0;
  for (int k = 1; k < START; k += 2) {
    double change[2][N], length[2] = {0, 0}, bend = 0;
    for (int i = 0; i < N; i++) {
      double v[3];
      for (int j = 0; j < 3; j++)
        v[j] = profiles[i].weight * profile_slope(&profiles[i], (double)(k - 1 + j) / (START - 1));
      for (int j = 0; j < 2; j++) change[j][i] = v[j + 1] - v[j];
      for (int j = 0; j < 2; j++) length[j] += change[j][i] * change[j][i];
      bend += (change[0][i] - change[1][i]) * (change[0][i] - change[1][i]);
    }
    for (int j = 0; j < 2; j++)
      for (int i = 0; i < N && length[j] > 0; i++)
        squares[i] += bend * length[j] / (length[0] + length[1]) * change[j][i] * change[j][i] / length[j];
  }
  for (int i = 0; i < N; i++) sum += squares[i];
  for (int i = 0; i < N; i++) assert_near(o.errors[i] / length_of(o.errors, N), sqrt(squares[i] / sum), 1e-9, 1);
  free_outcome(&o);
}

/* Where f changes and no gradient shows it, any input may have changed it. */
static void a_change_that_no_gradient_shows(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_RAMP, 0.53, 1e-3, 2}, {PROFILE_RAMP, 0.53, 1e-3, 1}};
  const attrib_ig_options options = to_tolerance(0.01, 17);
  outcome o = integrate_profiles(profiles, 2, &options);
  assert_outcome(o, ATTRIB_NOT_CONVERGED);
  for (int i = 0; i < 2; i++) assert_near(o.errors[i], 1.4 * 3 / sqrt(2), ROUND_OFF, 3);
  free_outcome(&o);
}

/* An error in one direction alone: the residual tells it whole. */
static void the_residual_counts(void **state) {
  (void)state;
  for (int64_t budget = 17; budget < 400; budget += 31)
    for (int k = 0; k < 10; k++) {
      const profile profiles[] = {{PROFILE_SPIKE, (k + 0.5) / 10, 0.003, 1}};
      const attrib_ig_options options = to_tolerance(1e-12, budget);
      outcome o = integrate_profiles(profiles, 1, &options);
      assert_near(o.report.completeness_target, 1, 1e-6, 1);
      double missed = 1.4 * fabs(o.report.completeness_error) / fabs(o.phi[0]);
      assert_true(o.report.error_estimate >= missed * (1 - 1e-9));
      free_outcome(&o);
    }
}

/* A mean gradient knows of no residual: the same estimate whatever f does. */
static void a_mean_gradient_has_no_residual(void **state) {
  (void)state;
  for (int k = 0; k < 2; k++) {
    const profile profiles[] = {{k == 0 ? PROFILE_LINE : PROFILE_RAMP, 0.53, 1e-3, 1}, {PROFILE_SQUARE, 0, 0, 1}};
    attrib_ig_options options = to_tolerance(0.01, 17);
    options.flags = ATTRIB_MEAN_GRADIENT;
    outcome o = integrate_profiles(profiles, 2, &options);
    assert_outcome(o, ATTRIB_OK); /* the ramp is not seen: nothing could show it */
    assert_true(o.report.error_estimate <= ROUND_OFF);
    assert_true(isnan(o.report.completeness_error) && isnan(o.report.completeness_target));
    free_outcome(&o);
  }
}

/* -- trace -------------------------------------------------------------------------------------------------------- */

static int by_alpha(const void *a, const void *b) {
  double left = ((const attrib_trace_point *)a)->alpha, right = ((const attrib_trace_point *)b)->alpha;
  return (left > right) - (left < right);
}

/* The trapezoidal rule over the slopes of the first `count` points. */
static double trapezoid_of(const attrib_trace_point *trace, int64_t count) {
  attrib_trace_point *sorted = exact_copy(trace, (size_t)count * sizeof *sorted);
  qsort(sorted, (size_t)count, sizeof *sorted, by_alpha);
  double sum = 0;
  for (int64_t k = 1; k < count; k++) {
    assert_true(sorted[k].alpha > sorted[k - 1].alpha); /* no node twice */
    sum += (sorted[k].alpha - sorted[k - 1].alpha) * (sorted[k].slope + sorted[k - 1].slope) / 2;
  }
  assert_true(sorted[0].alpha == 0 && sorted[count - 1].alpha == 1);
  free(sorted);
  return sum;
}

/* Rows have no weight of their own; in order of alpha they are the nodes of a trapezoidal rule. Of panels the last
 * rows may belong to a halving that is not whole, and count for nothing. */
static void the_trace_is_a_trapezoidal_rule(void **state) {
  (void)state;
  static const int64_t vectors[] = {20, 36, 400};
  for (int64_t v = 0; v < COUNT(vectors); v++)
    for (int64_t budget = 17; budget <= 400; budget += 19) {
      rough r;
      attrib_ig_options options = to_tolerance(1e-12, budget);
      options.max_vectors = vectors[v];
      options.round_rows = 7;
      explain_rough(&r, 3, ATTRIB_F64, &options);
      const attrib_report *report = &r.o.report;
      assert_int_equal(report->trace_count, report->evaluations);
      for (int64_t k = 0; k < report->trace_count; k++) {
        assert_true(isnan(r.o.trace[k].weight) && isnan(r.o.trace[k].error));
        assert_int_equal(r.o.trace[k].baseline, 0);
        assert_int_equal(r.o.trace[k].row_id, k);
        double point[INPUTS], alpha = r.o.trace[k].alpha;
        for (int i = 0; i < INPUTS; i++) point[i] = r.from[i] + alpha * (r.to[i] - r.from[i]);
        assert_near(r.o.trace[k].output, f_relu_net(point, INPUTS, NULL, &r.net), 1e-12, UNITS);
      }
      int64_t count = report->trace_count, whole = count <= vectors[v] - 3 ? count : 17;
      while (count > whole && fabs(trapezoid_of(r.o.trace, count) - report->attribution_sum) > 1e-10) count--;
      assert_near(trapezoid_of(r.o.trace, count), report->attribution_sum, 1e-10, 1);
      free_rough(&r);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_standard_errors_hold),        cmocka_unit_test(rough_models_meet_their_tolerance),
      cmocka_unit_test(standard_errors_add_up),          cmocka_unit_test(the_shape_of_standard_errors),
      cmocka_unit_test(a_change_that_no_gradient_shows), cmocka_unit_test(the_residual_counts),
      cmocka_unit_test(a_mean_gradient_has_no_residual), cmocka_unit_test(the_trace_is_a_trapezoidal_rule),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
