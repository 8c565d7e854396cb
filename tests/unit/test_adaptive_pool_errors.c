/* Standard errors and the estimate of a pool: of lines that err each for itself, and of lines that err together. */
#include "fixture.h"
#include "line_models.h"
#include "statistics.h"

enum { INPUTS = 40, UNITS = 60, MOST_BASELINES = 40 };

/* A random network, an input, and a set; the pool over it after `budget` rows, and the truth. */
typedef struct rough {
  relu_net net;
  double *input, *rows, expected[INPUTS];
  outcome o;
} rough;

static void explain_rough(rough *r, uint64_t seed, int64_t count, const attrib_ig_options *options) {
  const analytic_fn function = f_relu_net;
  analytic a;
  r->net = new_relu_net(seed, INPUTS, UNITS);
  attrib_model model = single_model(&a, &function, ATTRIB_F64, INPUTS, &r->net);
  r->input = exact_block(INPUTS * sizeof(double));
  r->rows = exact_block((size_t)(count * INPUTS) * sizeof(double));
  fill_random(1000 + seed, r->input, INPUTS);
  fill_random(2000 + seed, r->rows, count * INPUTS);
  attrib_baselines set = rows_of(r->rows, count, NULL);
  r->o = integrate_set(&model, r->input, &set, options);
  memset(r->expected, 0, sizeof r->expected);
  for (int64_t k = 0; k < count; k++) {
    double one[INPUTS];
    relu_net_attributions(&r->net, INPUTS, r->rows + k * INPUTS, r->input, one);
    for (int i = 0; i < INPUTS; i++) r->expected[i] += one[i] / (double)count;
  }
}

static void free_rough(rough *r) {
  free_relu_net(&r->net);
  free(r->input);
  free(r->rows);
  free_outcome(&r->o);
}

static const int64_t counts[] = {2, 3, 8, 15, MOST_BASELINES};

/* Rows of the start: what the least budget that is not refused uses up. */
static int64_t start_of(int64_t count) {
  for (int64_t budget = 3;; budget++) {
    const attrib_ig_options options = to_tolerance(1e-12, budget);
    rough r;
    explain_rough(&r, 1, count, &options);
    bool accepted = r.o.status == ATTRIB_NOT_CONVERGED;
    int64_t rows = r.o.report.evaluations;
    free_rough(&r);
    if (accepted) return rows;
  }
}

/* Of what is certified, 90 % in the median over models. */
static void two_standard_errors_hold(void **state) {
  (void)state;
  enum { MODELS = 101 };
  static const double tolerances[] = {0.1, 0.05, 0.02, 0.01};
  for (int64_t c = 0; c < COUNT(counts); c++)
    for (int64_t t = 0; t < COUNT(tolerances); t++) {
      double shares[MODELS];
      for (int k = 0; k < MODELS; k++) {
        const attrib_ig_options options = to_tolerance(tolerances[t], 100000);
        rough r;
        explain_rough(&r, (uint64_t)k, counts[c], &options);
        int held = 0;
        for (int i = 0; i < INPUTS; i++) held += fabs(r.o.phi[i] - r.expected[i]) <= 2 * r.o.errors[i];
        shares[k] = (double)held / INPUTS;
        free_rough(&r);
      }
      double *sorted = sorted_copy(shares, MODELS);
      if (!(sorted[MODELS / 2] >= 0.9))
        fail_msg("%d baselines to %g: %g in the median", (int)counts[c], tolerances[t], sorted[MODELS / 2]);
      free(sorted);
    }
}

static void pools_meet_their_tolerance(void **state) {
  (void)state;
  static const double tolerances[] = {0.1, 0.05, 0.02, 0.01};
  int met = 0, tried = 0;
  for (int64_t c = 0; c < COUNT(counts); c++)
    for (int64_t t = 0; t < COUNT(tolerances); t++)
      for (uint64_t seed = 0; seed < 20; seed++) {
        const attrib_ig_options options = to_tolerance(tolerances[t], 100000);
        rough r;
        explain_rough(&r, seed, counts[c], &options);
        check_adaptive_report(&r.o, &options);
        met += meets_tolerance(&r.o, r.expected, tolerances[t]);
        tried++;
        free_rough(&r);
      }
  assert_true(met >= 0.97 * tried);
}

/* In squares they add up to the estimate. */
static void standard_errors_add_up(void **state) {
  (void)state;
  for (int64_t c = 0; c < COUNT(counts); c++) {
    int64_t start = start_of(counts[c]);
    for (int64_t budget = start; budget < 5 * start; budget += start / 2) {
      attrib_ig_options options = to_tolerance(1e-12, budget);
      options.flags = budget % 2 ? ATTRIB_MEAN_GRADIENT : 0;
      rough r;
      explain_rough(&r, 4, counts[c], &options);
      double sum = length_of(r.o.errors, INPUTS) / length_of(r.o.phi, INPUTS);
      assert_true(sum > 0);
      assert_near(sum, r.o.report.error_estimate, 1e-9, sum);
      free_rough(&r);
    }
  }
}

/* Lines that are all the same err together: the pool is no better than one of them. By f nothing of it is seen, since
 * what two inputs are given cancels; a third one is straight and has no error. */
static void lines_that_err_together(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_KINK, 0.4, 0, 2}, {PROFILE_KINK, 0.4, 0, -2}, {PROFILE_SQUARE, 0, 0, 1}};
  const analytic_fn function = f_profiles;
  for (int64_t count = 4; count <= MOST_BASELINES; count += 12) {
    analytic a;
    attrib_model model = single_model(&a, &function, ATTRIB_F64, 3, profiles);
    const double x[] = {1, 1, 1};
    double *rows = exact_block((size_t)(3 * count) * sizeof *rows);
    memset(rows, 0, (size_t)(3 * count) * sizeof *rows);
    attrib_baselines set = rows_of(rows, count, NULL);
    const attrib_ig_options options = to_tolerance(1e-12, start_of(count));
    outcome o = integrate_set(&model, x, &set, &options);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    assert_true(fabs(o.report.completeness_error) <= ROUND_OFF);
    int64_t steps = 0;
    for (int64_t k = 0; k < o.report.trace_count; k++) steps += o.trace[k].baseline == 0 && o.trace[k].alpha < 1;
    double fine[2] = {0, 0}; /* the trapezoidal rule of a line with all its steps, and with half of them */
    for (int64_t k = 0; k <= steps; k++) {
      double value = 2 * fabs((double)k / (double)steps - 0.4) * (k == 0 || k == steps ? 0.5 : 1) / (double)steps;
      fine[0] += value;
      if (k % 2 == 0) fine[1] += 2 * value;
    }
    double change = sqrt(2) * fabs(fine[0] - fine[1]) / sqrt(3);
    assert_near(fabs(o.phi[0]), fine[0], ROUND_OFF, 1);
    assert_true(change > 0);
    assert_true(o.report.error_estimate * length_of(o.phi, 3) >= 1.4 * change * (1 - 1e-9));
    assert_near(length_of(o.errors, 3), o.report.error_estimate * length_of(o.phi, 3), 1e-9, 1);
    /* Their standard errors are those of the change, too, and not of what is steep. */
    if (count > 12) assert_true(o.errors[2] <= o.errors[0] / 2);
    assert_near(o.errors[0], o.errors[1], 1e-9, o.errors[0]);
    free_outcome(&o);
    free(rows);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_standard_errors_hold),
      cmocka_unit_test(pools_meet_their_tolerance),
      cmocka_unit_test(standard_errors_add_up),
      cmocka_unit_test(lines_that_err_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
