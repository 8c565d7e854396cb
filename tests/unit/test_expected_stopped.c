/* Expected gradients that are stopped, looked at while under way, or that change from strata to a lattice. */
#include "fixture.h"
#include "outcome.h"
#include "statistics.h"

#include "methods/expected_options.h"

enum { MOST_ROWS = 140, N = 2 };

typedef struct problem {
  analytic a;
  analytic_fn f;
  spoiler stop;
  attrib_model model;
  double input[N], rows[MOST_ROWS * N];
  int64_t count;
  attrib_baselines baselines;
} problem;

static problem p;

static void pose(int64_t count) {
  p = (problem){.f = f_waves, .count = count};
  fill_random(6, p.input, N);
  fill_random(7, p.rows, MOST_ROWS * N);
  p.model = single_model(&p.a, &p.f, ATTRIB_F64, N, NULL);
  p.baselines = rows_of(p.rows, count, NULL);
}

static attrib_eg_options tolerant(uint32_t sampler, double tolerance, int64_t budget) {
  attrib_eg_options options = eg_options(sampler, 0, 12);
  options.tolerance = tolerance;
  options.max_evaluations = budget;
  return options;
}

static outcome solve(uint32_t sampler, double tolerance, int64_t budget) {
  attrib_eg_options options = tolerant(sampler, tolerance, budget);
  return expect_gradients(&p.model, p.input, &p.baselines, &options);
}

/* The call whose model stops it at row `row`. */
static outcome stopped_at(const attrib_eg_options *options, int64_t row) {
  p.stop = (spoiler){.inner = &p.a, .output_row = -1, .gradient_row = -1, .fail_from_row = row, .fail_code = 1};
  attrib_model model = spoiled_model(&p.stop);
  model.max_rows = 1;
  outcome o = expect_gradients(&model, p.input, &p.baselines, options);
  assert_outcome(o, ATTRIB_CANCELLED);
  return o;
}

static void expect_same(const outcome *o, const outcome *whole) {
  assert_same_bits(o->phi, whole->phi, N);
  assert_same_bits(o->errors, whole->errors, N);
  assert_same_bits(&o->report.error_estimate, &whole->report.error_estimate, 1);
  assert_same_bits(&o->report.baseline_output, &whole->report.baseline_output, 1);
  assert_same_bits(&o->report.completeness_error, &whole->report.completeness_error, 1);
  assert_int_equal(o->report.samples, whole->report.samples);
  assert_int_equal(o->report.points, whole->report.points);
  assert_int_equal(o->report.sampler, whole->report.sampler);
}

/* Of the first doubling the mean of the draws so far, and no standard error. */
static void expect_first(const outcome *o) {
  double squares = 0;
  assert_true(isnan(o->errors[0]) && isnan(o->errors[1]) && isnan(o->report.error_estimate));
  assert_true(isnan(o->report.baseline_output) && isnan(o->report.completeness_error));
  assert_int_equal(o->report.samples, o->report.evaluations);
  for (int64_t k = 0; k < o->report.samples; k++) squares += o->trace[k].slope;
  if (o->report.samples == 0) return;
  assert_near(o->phi[0] + o->phi[1], squares / (double)o->report.samples, sum_round_off(o->report.samples), 4);
}

/* Wherever it is stopped: what its last whole doubling gave, or the draws so far. */
static void a_stopped_call_gives_its_last_whole_doubling(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    pose(8);
    attrib_eg_options options = tolerant(sampler, 1e-9, 256);
    outcome whole[3] = {solve(sampler, 1e-9, 64), solve(sampler, 1e-9, 128), solve(sampler, 1e-9, 256)};
    int64_t end = whole[2].report.evaluations + whole[2].report.output_evaluations;
    assert_int_equal(whole[2].report.evaluations, 256);
    for (int64_t row = 0; row < end; row += 1 + row % 7) {
      outcome o = stopped_at(&options, row);
      assert_int_equal(o.report.evaluations + o.report.output_evaluations, row);
      if (o.report.evaluations < 64)
        expect_first(&o);
      else
        expect_same(&o, &whole[o.report.evaluations < 128 ? 0 : 1]);
      free_outcome(&o);
    }
    for (int k = 0; k < 3; k++) free_outcome(&whole[k]);
  }
}

typedef struct listener {
  int64_t stop_at; /* rows */
} listener;

static int32_t ATTRIB_CALL stop_at_rows(const attrib_progress *progress, void *user) {
  return progress->evaluations >= ((listener *)user)->stop_at;
}

/* Progress says stop as the last draw of a doubling comes in, before it is known whether there is to be another. */
static void a_doubling_that_is_in_counts(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    pose(8);
    p.model.max_rows = 1;
    attrib_eg_options options = tolerant(sampler, 1e-9, 512);
    outcome whole[3] = {solve(sampler, 1e-9, 64), solve(sampler, 1e-9, 128), solve(sampler, 1e-9, 256)};
    for (int k = 0; k < 3; k++)
      for (int more = -1; more <= 1; more++) {
        outcome o;
        listener l = {whole[k].report.evaluations + whole[k].report.output_evaluations + more};
        attrib_context *context = new_context(1, 0);
        assert_int_equal(attrib_context_set_progress(context, stop_at_rows, &l), ATTRIB_OK);
        prepare_outcome(&o, N);
        o.status = attrib_expected_gradients(context, &p.model, p.input, 0, &p.baselines, &options, o.phi, &o.report);
        assert_outcome(o, ATTRIB_CANCELLED);
        if (more < 0 && k == 0)
          expect_first(&o);
        else
          expect_same(&o, &whole[more < 0 ? k - 1 : k]);
        free_outcome(&o);
        attrib_context_destroy(context);
      }
    for (int k = 0; k < 3; k++) free_outcome(&whole[k]);
  }
}

/* A number of draws is one doubling. */
static void a_stopped_call_without_a_tolerance(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    pose(5);
    attrib_eg_options options = eg_options(sampler, 40, 3);
    for (int64_t row = 0; row < 45; row++) {
      outcome o = stopped_at(&options, row);
      expect_first(&o);
      free_outcome(&o);
    }
  }
}

/* The row whose gradient is not a number is not one that was used. */
static void a_call_that_fails(void **state) {
  (void)state;
  pose(5);
  for (int64_t row = 6; row < 46; row += 13) {
    attrib_eg_options options = eg_options(ATTRIB_SAMPLER_LATTICE, 40, 3);
    p.stop =
        (spoiler){.inner = &p.a, .output_row = -1, .gradient_row = row, .gradient = (double)NAN, .fail_from_row = -1};
    attrib_model model = spoiled_model(&p.stop);
    model.max_rows = 1;
    outcome o = expect_gradients(&model, p.input, &p.baselines, &options);
    assert_outcome(o, ATTRIB_E_NONFINITE);
    assert_true(o.report.failed_row == row && o.report.evaluations == row - 6 && o.report.samples == row - 6);
    assert_true(is_untouched(o.phi, N) && is_untouched(o.errors, N));
    free_outcome(&o);
  }
}

/* Drives a run to its end; `looks` times after each batch somebody asks for the result so far. */
static outcome drive_run(const attrib_eg_options *options, int looks) {
  outcome o, look;
  attrib_run *run;
  attrib_batch *batch;
  attrib_model model = p.model;
  model.max_rows = 8;
  prepare_outcome(&o, N);
  prepare_outcome(&look, N);
  look.report.trace = NULL;
  o.report.trace = NULL;
  attrib_status status = attrib_expected_gradients_start(NULL, &model, p.input, 0, &p.baselines, options, &run);
  assert_int_equal(status, ATTRIB_OK);
  while (!attrib_run_done(run)) {
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_non_null(batch);
    assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &p.a)), ATTRIB_OK);
    for (int k = 0; k < looks; k++) assert_true(attrib_run_result(run, look.phi, &look.report) >= 0);
  }
  o.status = attrib_run_result(run, o.phi, &o.report);
  attrib_run_destroy(run);
  free_outcome(&look);
  return o;
}

/* Looking changes nothing. */
static void results_may_be_asked_for_at_any_time(void **state) {
  (void)state;
  for (uint32_t sampler = ATTRIB_SAMPLER_DEFAULT; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
    for (int64_t count = 3; count <= MOST_ROWS; count += 137) {
      pose(count);
      attrib_eg_options options = tolerant(sampler, 1e-9, 2000);
      outcome whole = solve(sampler, 1e-9, 2000);
      for (int looks = 0; looks < 3; looks++) {
        outcome o = drive_run(&options, looks);
        assert_outcome(o, ATTRIB_NOT_CONVERGED);
        expect_same(&o, &whole);
        assert_int_equal(o.report.evaluations, whole.report.evaluations);
        free_outcome(&o);
      }
      free_outcome(&whole);
    }
}

/* -- the default sampler ------------------------------------------------------------------------------------------ */

/* A lattice uses a multiple of M of N draws: strata where that leaves half of them or more unused, or has too few. */
static void the_default_without_a_tolerance(void **state) {
  (void)state;
  for (int64_t count = 1; count <= 9; count++)
    for (int64_t samples = 1; samples <= 4 * count; samples++) {
      pose(count);
      attrib_eg_options options = eg_options(ATTRIB_SAMPLER_DEFAULT, samples, 1);
      outcome o = expect_gradients(&p.model, p.input, &p.baselines, &options);
      assert_outcome(o, ATTRIB_OK);
      bool lattice = samples >= 2 * count || (samples >= count && 2 * samples < 3 * count);
      assert_int_equal(o.report.sampler, lattice ? ATTRIB_SAMPLER_LATTICE : ATTRIB_SAMPLER_STRATIFIED);
      assert_int_equal(o.report.samples, lattice ? samples / count * count : samples);
      free_outcome(&o);
    }
}

/* Of 130 baselines 64 and 128 draws in strata, and then a lattice of 2, 4, 8, ... of each. */
static void many_baselines_begin_with_strata(void **state) {
  (void)state;
  enum { COUNT_ROWS = 130 };
  pose(COUNT_ROWS);
  for (int64_t budget = 1; budget <= 1400; budget += 1 + budget / 20) {
    outcome o = solve(ATTRIB_SAMPLER_DEFAULT, 1e-9, budget);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    int64_t strata = budget < 64 ? budget : budget < 128 ? 64 : budget < 256 ? 128 : 256, lattice = 2 * COUNT_ROWS;
    bool changes = budget >= 128 + lattice;
    while (128 + 2 * lattice <= budget) lattice *= 2;
    assert_int_equal(o.report.sampler, changes ? ATTRIB_SAMPLER_LATTICE : ATTRIB_SAMPLER_STRATIFIED);
    assert_int_equal(o.report.evaluations, changes ? 128 + lattice : strata);
    assert_int_equal(o.report.samples, changes ? lattice : strata);
    assert_int_equal(o.report.points, changes ? lattice / COUNT_ROWS : 0);
    assert_true(o.report.evaluations <= budget && !isnan(o.report.completeness_error));
    free_outcome(&o);
  }
}

/* The lattice starts anew: it is the one that is asked for by name. */
static void the_lattice_after_strata_is_a_lattice(void **state) {
  (void)state;
  pose(130);
  for (int64_t m = 2; m <= 8; m *= 2) {
    outcome o = solve(ATTRIB_SAMPLER_DEFAULT, 1e-9, 128 + 130 * m);
    outcome named = solve(ATTRIB_SAMPLER_LATTICE, 1e-9, 130 * m);
    expect_same(&o, &named);
    assert_int_equal(o.report.evaluations, 128 + 130 * m);
    assert_int_equal(o.report.output_evaluations, 1 + 64 + 64 + 130);
    assert_same_bits(&o.report.attribution_sum, &named.report.attribution_sum, 1);
    free_outcome(&named);
    free_outcome(&o);
  }
}

static void strata_may_be_enough(void **state) {
  (void)state;
  pose(130);
  outcome strata[2] = {solve(ATTRIB_SAMPLER_STRATIFIED, 1e-9, 64), solve(ATTRIB_SAMPLER_STRATIFIED, 1e-9, 128)};
  for (int k = 0; k < 2; k++) {
    outcome o = solve(ATTRIB_SAMPLER_DEFAULT, strata[k].report.error_estimate, 4096);
    assert_outcome(o, ATTRIB_OK);
    expect_same(&o, &strata[k]);
    assert_int_equal(o.report.stop_reason, ATTRIB_STOP_TOLERANCE);
    free_outcome(&o);
    free_outcome(&strata[k]);
  }
  pose(128); /* few enough for a pool, or with less of a budget a lattice, at once */
  outcome o = solve(ATTRIB_SAMPLER_DEFAULT, 1e6, 4096);
  assert_true(o.report.sampler == ATTRIB_SAMPLER_POOLED && o.report.evaluations == 257);
  free_outcome(&o);
  o = solve(ATTRIB_SAMPLER_DEFAULT, 1e6, 1000);
  assert_true(o.report.sampler == ATTRIB_SAMPLER_LATTICE && o.report.evaluations == 256);
  free_outcome(&o);
}

/* In the lattice's first doubling the last whole one is that of the strata. */
static void a_call_that_is_stopped_as_it_changes(void **state) {
  (void)state;
  pose(130);
  attrib_eg_options options = tolerant(ATTRIB_SAMPLER_DEFAULT, 1e-9, 4096);
  outcome strata = solve(ATTRIB_SAMPLER_STRATIFIED, 1e-9, 128), lattice = solve(ATTRIB_SAMPLER_LATTICE, 1e-9, 260);
  const int64_t first = 1 + 64 + 64 + 64 + 64; /* row of the lattice's first output */
  for (int64_t row = first; row < first + 130 + 260; row += 13) {
    outcome o = stopped_at(&options, row);
    expect_same(&o, &strata);
    assert_int_equal(o.report.evaluations, 128 + (row < first + 130 ? 0 : row - first - 130));
    free_outcome(&o);
  }
  outcome o = stopped_at(&options, first + 130 + 260 + 1);
  expect_same(&o, &lattice);
  free_outcome(&o);
  free_outcome(&strata);
  free_outcome(&lattice);
}

/* -- what progress is told ---------------------------------------------------------------------------------------- */

static int32_t ATTRIB_CALL keep_planned(const attrib_progress *progress, void *user) {
  *(int64_t *)user = progress->planned;
  return 0;
}

/* All rows of a number of draws; of a tolerance nobody knows. */
static void progress_is_told_the_number_of_rows(void **state) {
  (void)state;
  int64_t planned = -1;
  attrib_context *context = new_context(1, 0);
  assert_int_equal(attrib_context_set_progress(context, keep_planned, &planned), ATTRIB_OK);
  for (int64_t count = 1; count <= 7; count += 2)
    for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
      for (int64_t samples = count; samples <= 20; samples += 3) {
        pose(count);
        attrib_eg_options options = eg_options(sampler, samples, 1);
        double phi[N];
        attrib_report report = {.struct_size = sizeof report};
        assert_status(attrib_expected_gradients(context, &p.model, p.input, 0, &p.baselines, &options, phi, &report),
                      ATTRIB_OK, context);
        assert_int_equal(planned, report.evaluations + report.output_evaluations);
        options = tolerant(sampler, 1e6, 0);
        assert_status(attrib_expected_gradients(context, &p.model, p.input, 0, &p.baselines, &options, phi, NULL),
                      ATTRIB_OK, context);
        assert_int_equal(planned, 0);
        attrib_smoothgrad_options smooth_of = smooth_options(ATTRIB_SMOOTH_MEAN, 0, samples, 1);
        assert_status(attrib_smoothgrad(context, &p.model, p.input, 0, &smooth_of, phi, NULL), ATTRIB_OK, context);
        assert_int_equal(planned, 1 + samples + samples % 2);
      }
  attrib_context_destroy(context);
}

static int64_t planned_for(uint32_t sampler, int64_t samples, int64_t count) {
  static const double rows[1] = {0};
  const double x = 1, phi = 0;
  const attrib_model given = {
      .struct_size = sizeof given, .dtype = ATTRIB_F64, .n_inputs = 1, .n_outputs = 1, .evaluate = analytic_evaluate};
  const attrib_baselines baselines = rows_of(rows, count, NULL);
  const attrib_eg_options options = eg_options(sampler, samples, 1);
  const attrib__expected_request request = {&given, &x, 0, &baselines, &options, &phi};
  attrib__expected_checked checked;
  attrib_model model;
  assert_int_equal(attrib__expected_read(NULL, &request, false, &model, &checked), ATTRIB_OK);
  return checked.planned;
}

/* What baselines more than a million draws meet is not found out beforehand. */
static void the_number_of_rows_is_not_worth_a_second(void **state) {
  (void)state;
  const int64_t million = INT64_C(1) << 20;
  assert_int_equal(planned_for(ATTRIB_SAMPLER_STRATIFIED, million, 2), 1 + 2 + million);
  assert_int_equal(planned_for(ATTRIB_SAMPLER_STRATIFIED, million + 1, 2), 0);
  assert_int_equal(planned_for(ATTRIB_SAMPLER_STRATIFIED, 3, million), 1 + 3 + 3);
  assert_int_equal(planned_for(ATTRIB_SAMPLER_STRATIFIED, 3, million + 1), 0);
  assert_int_equal(planned_for(ATTRIB_SAMPLER_LATTICE, 4 * million, million + 1), 1 + 4 * (million + 1));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stopped_call_gives_its_last_whole_doubling),
      cmocka_unit_test(a_doubling_that_is_in_counts),
      cmocka_unit_test(a_stopped_call_without_a_tolerance),
      cmocka_unit_test(a_call_that_fails),
      cmocka_unit_test(results_may_be_asked_for_at_any_time),
      cmocka_unit_test(the_default_without_a_tolerance),
      cmocka_unit_test(many_baselines_begin_with_strata),
      cmocka_unit_test(the_lattice_after_strata_is_a_lattice),
      cmocka_unit_test(strata_may_be_enough),
      cmocka_unit_test(a_call_that_is_stopped_as_it_changes),
      cmocka_unit_test(progress_is_told_the_number_of_rows),
      cmocka_unit_test(the_number_of_rows_is_not_worth_a_second),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
