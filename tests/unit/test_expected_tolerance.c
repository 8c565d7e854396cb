/* Expected gradients with a tolerance: doublings, where they stop, and what they hold then. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "statistics.h"

enum { COUNT_ROWS = 7, MOST_INPUTS = 4 };

/* Baselines 1 and 4 weigh nothing in the weighted set. */
static const double some[COUNT_ROWS] = {1, 0, 2.5, .5, 0, 3, 1};

typedef struct problem {
  analytic a;
  analytic_fn f;
  attrib_model model;
  double input[MOST_INPUTS], rows[COUNT_ROWS * MOST_INPUTS];
  const double *weights;
  int64_t count, used;
  attrib_baselines baselines;
} problem;

/* The first `count` rows, weighted where all are used. */
static void pose(problem *p, int64_t n, int64_t count, bool weighted) {
  *p = (problem){
      .f = f_waves, .count = count, .used = weighted ? COUNT_ROWS - 2 : count, .weights = weighted ? some : NULL};
  fill_random(6, p->input, MOST_INPUTS);
  fill_random(7, p->rows, COUNT_ROWS * MOST_INPUTS);
  p->model = single_model(&p->a, &p->f, ATTRIB_F64, n, NULL);
  p->baselines = rows_of(p->rows, count, p->weights);
}

static outcome solve(problem *p, uint32_t sampler, double tolerance, int64_t budget) {
  attrib_eg_options options = eg_options(sampler, 0, 12);
  options.tolerance = tolerance;
  options.max_evaluations = budget;
  return expect_gradients(&p->model, p->input, &p->baselines, &options);
}

static outcome solve_fixed(problem *p, uint32_t sampler, int64_t samples) {
  attrib_eg_options options = eg_options(sampler, samples, 12);
  return expect_gradients(&p->model, p->input, &p->baselines, &options);
}

/* Rows of the first round: 64, or all there are; of a lattice 2, 4, 8, ... for each baseline until they are 64. */
static int64_t first_round(uint32_t sampler, int64_t used, int64_t budget) {
  if (sampler != ATTRIB_SAMPLER_LATTICE) return budget < 64 ? budget : 64;
  int64_t m = 2;
  while (m * used < 64) m *= 2;
  return m * used <= budget ? m * used : budget / used * used;
}

static int64_t last_doubling(int64_t first, int64_t budget) {
  while (2 * first <= budget) first *= 2;
  return first;
}

static void expect_out_of_budget(const outcome *o, int64_t used, int64_t budget) {
  const attrib_report *r = &o->report;
  char text[80];
  assert_outcome(*o, ATTRIB_NOT_CONVERGED);
  assert_int_equal(r->evaluations, last_doubling(first_round(r->sampler, used, budget), budget));
  assert_true(r->evaluations <= budget && r->samples == r->evaluations);
  assert_int_equal(r->stop_reason, ATTRIB_STOP_BUDGET);
  assert_int_equal(r->points, r->sampler == ATTRIB_SAMPLER_LATTICE ? r->evaluations / used : 0);
  assert_true(r->tolerance == 1e-9 && r->seed == 12 && r->completeness_target == r->output - r->baseline_output);
  assert_true(r->evaluations == 1 || (r->sampler == ATTRIB_SAMPLER_LATTICE && used == 1 && r->points == 1)
                  ? isnan(r->error_estimate)
                  : r->error_estimate > 1e-9);
  for (int64_t i = 0; i < o->count; i++) assert_true(isfinite(o->phi[i]));
  assert_names(o->message, "options->tolerance = 1e-09");
  snprintf(text, sizeof text, "options->max_evaluations = %" PRId64, budget);
  assert_names(o->message, text);
}

/* All budgets from 1 to 300, for sets of 1, 2, 5 of 7, and 7. */
static void no_budget_is_exceeded(void **state) {
  (void)state;
  for (int64_t count = 1; count <= COUNT_ROWS; count += count < 2 ? 1 : 5)
    for (int weighted = 0; weighted <= (count == COUNT_ROWS); weighted++)
      for (uint32_t sampler = ATTRIB_SAMPLER_DEFAULT; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
        for (int64_t budget = 1; budget <= 300; budget += 1 + budget / 70) {
          problem p;
          pose(&p, 2, count, weighted);
          if (sampler == ATTRIB_SAMPLER_LATTICE && budget < p.used) continue;
          outcome o = solve(&p, sampler, 1e-9, budget);
          bool fewer = budget < 2 * p.used;
          uint32_t resolved = (budget - 1) / 8 >= p.used ? ATTRIB_SAMPLER_POOLED
                              : fewer                    ? ATTRIB_SAMPLER_STRATIFIED
                                                         : ATTRIB_SAMPLER_LATTICE;
          assert_int_equal(o.report.sampler, sampler == ATTRIB_SAMPLER_DEFAULT ? resolved : sampler);
          if (o.report.sampler == ATTRIB_SAMPLER_POOLED)
            assert_true(o.status >= 0 && o.report.evaluations <= budget);
          else
            expect_out_of_budget(&o, p.used, budget);
          assert_int_equal(p.a.gradient_rows, o.report.evaluations);
          assert_int_equal(p.a.rows, o.report.evaluations + o.report.output_evaluations);
          free_outcome(&o);
        }
}

static void the_default_budget_is_4096(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    problem p;
    pose(&p, 3, COUNT_ROWS, false);
    outcome o = solve(&p, sampler, 1e-9, 0);
    expect_out_of_budget(&o, COUNT_ROWS, 4096);
    assert_int_equal(o.report.evaluations, sampler == ATTRIB_SAMPLER_LATTICE ? 7 * 16 * 32 : 4096);
    free_outcome(&o);
  }
}

/* The estimates that budgets of one doubling, two, three, ... end with are those that tolerances are held against. */
static void it_stops_at_the_first_estimate_that_is_met(void **state) {
  (void)state;
  enum { DOUBLINGS = 6 };
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    problem p;
    double estimates[DOUBLINGS];
    pose(&p, 3, COUNT_ROWS, sampler != ATTRIB_SAMPLER_STRATIFIED);
    int64_t first = first_round(sampler, p.used, 1000);
    for (int k = 0; k < DOUBLINGS; k++) {
      outcome o = solve(&p, sampler, 1e-9, first << k);
      expect_out_of_budget(&o, p.used, first << k);
      estimates[k] = o.report.error_estimate;
      free_outcome(&o);
    }
    for (int k = 0; k < 2 * DOUBLINGS; k++) {
      double tolerance = k % 2 == 0 ? estimates[k / 2] : estimates[k / 2] * 1.0001;
      int stop = 0;
      while (!(estimates[stop] <= tolerance)) stop++;
      outcome o = solve(&p, sampler, tolerance, 100000);
      assert_outcome(o, ATTRIB_OK);
      assert_int_equal(o.report.evaluations, first << stop);
      assert_true(o.report.error_estimate == estimates[stop] && o.report.tolerance == tolerance);
      assert_true(o.report.stop_reason == ATTRIB_STOP_TOLERANCE && o.message[0] == '\0');
      free_outcome(&o);
    }
  }
}

/* A call that ends with its first round is the call with that many samples, to the last bit. */
static void the_first_round_is_a_call_of_its_size(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
    for (int weighted = 0; weighted < 2; weighted++) {
      problem p;
      pose(&p, MOST_INPUTS, COUNT_ROWS, weighted);
      outcome o = solve(&p, sampler, 1e6, 0);
      assert_outcome(o, ATTRIB_OK);
      assert_int_equal(o.report.evaluations, first_round(o.report.sampler, p.used, 4096));
      outcome fixed = solve_fixed(&p, sampler, o.report.evaluations);
      assert_outcome(fixed, ATTRIB_OK);
      assert_same_bits(o.phi, fixed.phi, MOST_INPUTS);
      assert_same_bits(o.errors, fixed.errors, MOST_INPUTS);
      assert_same_bits(&o.report.error_estimate, &fixed.report.error_estimate, 1);
      assert_same_bits(&o.report.completeness_error, &fixed.report.completeness_error, 1);
      assert_true(o.report.sampler == fixed.report.sampler && isnan(fixed.report.tolerance));
      free_outcome(&fixed);
      free_outcome(&o);
    }
}

/* The points of all rounds of a lattice are those of one lattice of their number. */
static void rounds_of_a_lattice_are_one_lattice(void **state) {
  (void)state;
  for (int weighted = 0; weighted < 2; weighted++)
    for (int rounds = 2; rounds <= 4; rounds++) {
      problem p;
      pose(&p, MOST_INPUTS, COUNT_ROWS, weighted);
      int64_t all = first_round(ATTRIB_SAMPLER_LATTICE, p.used, 4096) << (rounds - 1);
      outcome o = solve(&p, ATTRIB_SAMPLER_LATTICE, 1e-9, all), fixed = solve_fixed(&p, ATTRIB_SAMPLER_LATTICE, all);
      assert_outcome(o, ATTRIB_NOT_CONVERGED);
      assert_int_equal(o.report.evaluations, all);
      assert_int_equal(o.report.points, all / p.used);
      for (int i = 0; i < MOST_INPUTS; i++) assert_near(o.phi[i], fixed.phi[i], sum_round_off(all), 1);
      assert_near(o.report.baseline_output, fixed.report.baseline_output, ROUND_OFF, 4);
      assert_int_equal(o.report.output_evaluations, 1 + p.used);
      free_outcome(&fixed);
      free_outcome(&o);
    }
}

/* Of one input a draw's slope is its contribution, so that the trace holds all that there is to a standard error. */
static double half_lattice_squares(const problem *p, const attrib_trace_point *t, int64_t m, double *mean) {
  double total = 0, squares = 0, weights = 0;
  for (int64_t b = 0; b < p->count; b++) total += p->weights == NULL ? 1 : p->weights[b];
  *mean = 0;
  for (int64_t j = 0; j < p->used; j++, t += m) {
    double halves[2] = {0, 0}, weight = (p->weights == NULL ? 1 : p->weights[t->baseline]) / total;
    for (int64_t k = 0; k < m; k++) halves[k % 2] += t[k].slope / ((double)m / 2);
    for (int64_t k = 0; k < m; k++) weights += t[k].weight;
    squares += weight * weight * (halves[0] - halves[1]) * (halves[0] - halves[1]) / 4;
    *mean += weight * (halves[0] + halves[1]) / 2;
  }
  assert_near(weights, 1, sum_round_off(m * p->used), 1); /* within its doubling */
  return squares;
}

/* 1.25^2 / 3 S of the last round, shrunk by how far it came out from those before it (tally.h); or twice what the sum
 * is off by, if more. */
static void errors_of_a_lattice_in_rounds(void **state) {
  (void)state;
  for (int weighted = 0; weighted < 2; weighted++)
    for (int rounds = 1; rounds <= 5; rounds++) {
      problem p;
      pose(&p, 1, COUNT_ROWS, weighted);
      int64_t first = first_round(ATTRIB_SAMPLER_LATTICE, p.used, 4096), m = first / p.used;
      outcome o = solve(&p, ATTRIB_SAMPLER_LATTICE, 1e-9, first << (rounds - 1));
      double before, mean, expected = 1.5625 / 3 * half_lattice_squares(&p, o.trace, m, &before);
      for (int r = 1; r < rounds; r++) {
        int64_t size = m << (r - 1);
        double s = half_lattice_squares(&p, o.trace + size * p.used, size, &mean);
        double ratio = (before - mean) * (before - mean) / 4 / s;
        expected = 1.5625 / 3 * s * fmin(1, fmax(.25, ratio));
        before = (before + mean) / 2;
      }
      double off = 2 * fabs(o.report.completeness_error);
      assert_near(o.phi[0], before, sum_round_off(o.report.samples), 1);
      assert_near(o.errors[0] * o.errors[0], fmax(expected, off * off), sum_round_off(o.report.samples), 1e-3);
      free_outcome(&o);
    }
}

static double f_of_row(const problem *p, int64_t b) {
  return f_waves(&p->rows[b], 1, NULL, NULL);
}

/* Of draws and strata all draws are one sample, over all rounds, and so are the baselines that they used. */
static void errors_of_draws_in_rounds(void **state) {
  (void)state;
  enum { DRAWS = 512 };
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_STRATIFIED; sampler++)
    for (int weighted = 0; weighted < 2; weighted++) {
      problem p;
      pose(&p, 1, COUNT_ROWS, weighted);
      outcome o = solve(&p, sampler, 1e-9, DRAWS);
      assert_outcome(o, ATTRIB_NOT_CONVERGED);
      double values[DRAWS], outputs[DRAWS];
      for (int k = 0; k < DRAWS; k++) {
        values[k] = o.trace[k].slope;
        outputs[k] = f_of_row(&p, o.trace[k].baseline);
        assert_true(o.trace[k].weight == 1.0 / (k < 128 ? 64 : k < 256 ? 128 : 256));  /* within its doubling */
        for (int j = 0; j < k; j++) assert_true(o.trace[j].alpha != o.trace[k].alpha); /* no round is another's copy */
      }
      assert_near(o.phi[0], mean_of(values, DRAWS), sum_round_off(DRAWS), 1);
      assert_near(o.errors[0], error_of(values, DRAWS), sum_round_off(DRAWS), 1);
      assert_near(o.report.baseline_output, mean_of(outputs, DRAWS), sum_round_off(DRAWS), 1);
      free_outcome(&o);
    }
}

/* f(x); then per doubling the outputs of the baselines it uses, each once, and its draws; of a lattice outputs once. */
static void the_order_of_rows(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_STRATIFIED; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    problem p;
    recorder r;
    pose(&p, 2, COUNT_ROWS, false);
    p.model = recorded_model(&r, f_waves, ATTRIB_F64, 2, NULL, 1000);
    int64_t round = first_round(sampler, COUNT_ROWS, 4096), row = 1, draws = 0;
    outcome o = solve(&p, sampler, 1e-9, 4 * round);
    assert_false(r.with_gradient[0]);
    for (int k = 0; k < 3; k++) {
      if (k == 2) round *= 2;
      for (int64_t b = 0; b < COUNT_ROWS && (k == 0 || sampler != ATTRIB_SAMPLER_LATTICE); b++)
        assert_false(r.with_gradient[row++]);
      for (int64_t d = 0; d < round; d++) {
        assert_true(r.with_gradient[row]);
        assert_int_equal(o.trace[draws++].row_id, row++);
      }
    }
    assert_int_equal(row, r.rows);
    assert_int_equal(o.report.output_evaluations, sampler == ATTRIB_SAMPLER_LATTICE ? 8 : 22);
    free_outcome(&o);
    free_recorder(&r);
  }
}

/* The threshold is looked at, too, and does not hide that the tolerance was not met. */
static void completeness_is_judged_as_well(void **state) {
  (void)state;
  problem p;
  pose(&p, 3, COUNT_ROWS, false);
  attrib_eg_options options = eg_options(ATTRIB_SAMPLER_STRATIFIED, 64, 1);
  options.completeness_threshold = 1e-9;
  outcome o = expect_gradients(&p.model, p.input, &p.baselines, &options);
  assert_outcome(o, ATTRIB_NOT_CONVERGED);
  assert_names(o.message, "options->completeness_threshold = 1e-09");
  assert_true(o.report.stop_reason == ATTRIB_STOP_COMPLETE && !is_untouched(o.phi, 3));
  free_outcome(&o);
  options.completeness_threshold = 1e9;
  o = expect_gradients(&p.model, p.input, &p.baselines, &options);
  assert_outcome(o, ATTRIB_OK);
  free_outcome(&o);
  options.samples = 0;
  options.tolerance = 1e-9;
  options.max_evaluations = 64;
  o = expect_gradients(&p.model, p.input, &p.baselines, &options);
  assert_outcome(o, ATTRIB_NOT_CONVERGED);
  assert_names(o.message, "options->tolerance = 1e-09");
  free_outcome(&o);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_budget_is_exceeded),
      cmocka_unit_test(the_default_budget_is_4096),
      cmocka_unit_test(it_stops_at_the_first_estimate_that_is_met),
      cmocka_unit_test(the_first_round_is_a_call_of_its_size),
      cmocka_unit_test(rounds_of_a_lattice_are_one_lattice),
      cmocka_unit_test(errors_of_a_lattice_in_rounds),
      cmocka_unit_test(errors_of_draws_in_rounds),
      cmocka_unit_test(the_order_of_rows),
      cmocka_unit_test(completeness_is_judged_as_well),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
