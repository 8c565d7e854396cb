/* Expected gradients against what a test makes of the rows that the model was asked for. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "statistics.h"

enum { MOST_SETS = 12, MOST_DRAWS = 300, MOST_ENTRIES = 1100, MOST_VALUES = 33000 };

/* A call with a model that mixes neighbouring inputs, and everything about it. */
typedef struct problem {
  uint32_t dtype;
  int64_t n, count; /* inputs, baselines */
  void *input, *rows;
  const double *weights;
  const int32_t *groups;
  recorder recorder;
  attrib_model model;
  attrib_baselines baselines;
  attrib_eg_options options;
  outcome o;
  double values[MOST_VALUES]; /* draws x entries */
} problem;

static problem p;

static void pose(uint32_t dtype, int64_t n, int64_t count, const double *weights) {
  p = (problem){.dtype = dtype, .n = n, .count = count, .weights = weights};
  double *values = exact_block((size_t)(n * count) * sizeof *values);
  fill_random(41, values, n);
  p.input = as_row(dtype, values, n);
  fill_random(42, values, n * count);
  p.rows = as_row(dtype, values, n * count);
  free(values);
  p.model = recorded_model(&p.recorder, f_waves, dtype, n, NULL, 2 * MOST_DRAWS);
  p.baselines = rows_of(p.rows, count, weights);
}

static void tear_down(void) {
  free_outcome(&p.o);
  free_recorder(&p.recorder);
  free(p.rows);
  free(p.input);
}

static double weight_of(int64_t b) {
  long double total = 0;
  for (int64_t k = 0; k < p.count; k++) total += p.weights == NULL ? 1 : (long double)p.weights[k];
  return (double)((p.weights == NULL ? 1 : (long double)p.weights[b]) / total);
}

static double element(const void *rows, int64_t b, int64_t i) {
  return element_of(p.dtype, rows, b * p.n + i);
}

static bool is_baseline(int64_t row, int64_t b) {
  for (int64_t i = 0; i < p.n; i++)
    if (p.recorder.points[row * p.n + i] != element(p.rows, b, i)) return false;
  return true;
}

/* Row 0 is the input, those up to the first gradient are baselines, each once: outputs[b] is f there, else NaN. */
static void read_outputs(double *outputs) {
  const recorder *r = &p.recorder;
  const attrib_report *report = &p.o.report;
  for (int64_t b = 0; b < p.count; b++) outputs[b] = (double)NAN;
  assert_int_equal(r->rows, report->evaluations + report->output_evaluations);
  for (int64_t i = 0; i < p.n; i++) assert_true(r->points[i] == element(p.input, 0, i));
  assert_true(r->outputs[0] == report->output);
  for (int64_t k = 0; k < report->output_evaluations; k++) {
    assert_false(r->with_gradient[k]);
    for (int64_t b = 0; b < p.count && k > 0; b++) {
      if (!is_baseline(k, b)) continue;
      assert_true(isnan(outputs[b]) && weight_of(b) > 0);
      outputs[b] = r->outputs[k];
    }
  }
}

/* Draw k lies where its trace says; its contributions by entry go to values. */
static void read_draw(int64_t k) {
  const recorder *r = &p.recorder;
  const attrib_trace_point *t = &p.o.trace[k];
  long double sums[MOST_ENTRIES] = {0}, slope = 0;
  assert_int_equal(t->row_id, p.o.report.output_evaluations + k);
  assert_true(r->with_gradient[t->row_id] && t->output == r->outputs[t->row_id]);
  for (int64_t i = 0; i < p.n; i++) {
    double from = element(p.rows, t->baseline, i), displacement = element(p.input, 0, i) - from;
    double point = from + t->alpha * displacement;
    if (p.dtype == ATTRIB_F32) point = (double)(float)point;
    assert_true(r->points[t->row_id * p.n + i] == point);
    long double gradient = (long double)r->gradients[t->row_id * p.n + i];
    long double value = p.options.flags & ATTRIB_MEAN_GRADIENT ? gradient : gradient * (long double)displacement;
    sums[p.groups == NULL ? i : p.groups[i]] += value;
    slope += value;
  }
  for (int64_t i = 0; i < p.o.count; i++) p.values[k * p.o.count + i] = (double)sums[i];
  assert_near(t->slope, (double)slope, ROUND_OFF, (double)p.n);
}

/* By mass: equal, or the baseline's weight over its m draws. */
static double mass_of(int64_t k) {
  const attrib_report *report = &p.o.report;
  if (report->sampler != ATTRIB_SAMPLER_LATTICE) return 1 / (double)report->samples;
  return weight_of(p.o.trace[k].baseline) / (double)report->points;
}

static double entry_mean(int64_t entry) {
  long double sum = 0;
  for (int64_t k = 0; k < p.o.report.samples; k++)
    sum += (long double)mass_of(k) * (long double)p.values[k * p.o.count + entry];
  return (double)sum;
}

/* sqrt(1.25^2 / 3 sum of w^2 ((A - B) / 2)^2). */
static double lattice_error(int64_t entry) {
  long double sum = 0;
  int64_t m = p.o.report.points;
  for (int64_t first = 0; first < p.o.report.samples; first += m) {
    long double halves[2] = {0, 0};
    for (int64_t k = 0; k < m; k++) halves[k % 2] += (long double)p.values[(first + k) * p.o.count + entry];
    long double half = halves[0] / (long double)((m + 1) / 2) - halves[1] / (long double)(m / 2);
    sum += powl((long double)weight_of(p.o.trace[first].baseline) * half / 2, 2);
  }
  return (double)sqrtl(1.5625L / 3 * sum);
}

/* Weighted sample standard deviation / sqrt(N), as for independent draws. */
static double spread_error(int64_t entry) {
  long double mean = (long double)entry_mean(entry), squares = 0, of_squares = 0;
  for (int64_t k = 0; k < p.o.report.samples; k++) {
    long double d = (long double)p.values[k * p.o.count + entry] - mean, mass = (long double)mass_of(k);
    squares += mass * d * d;
    of_squares += mass * mass;
  }
  return (double)sqrtl(squares * of_squares / (1 - of_squares));
}

/* Those of a lattice of two draws or more sum to at least twice what the identity is off by. */
static double widening(void) {
  const attrib_report *report = &p.o.report;
  long double sum = 0;
  for (int64_t i = 0; i < p.o.count; i++) sum += (long double)lattice_error(i);
  double off = 2 * fabs(report->attribution_sum - (report->output - report->baseline_output));
  return p.options.flags & ATTRIB_MEAN_GRADIENT ? 1 : fmax(1, off / (double)sum);
}

static void expect_errors(void) {
  const attrib_report *report = &p.o.report;
  bool halves = report->sampler == ATTRIB_SAMPLER_LATTICE && report->points > 1;
  double factor = halves ? widening() : 1, scale = p.groups == NULL ? 4 : (double)p.n;
  for (int64_t i = 0; i < p.o.count; i++) {
    double error = halves ? factor * lattice_error(i) : spread_error(i);
    if (report->samples > 1)
      assert_near(p.o.errors[i], error, sum_round_off(report->samples), factor * scale);
    else
      assert_true(isnan(p.o.errors[i]));
  }
}

static void expect_values(void) {
  const attrib_report *report = &p.o.report;
  long double error_squares = 0, value_squares = 0, total = 0;
  for (int64_t i = 0; i < p.o.count; i++) {
    double scale = p.groups == NULL ? 4 : (double)p.n;
    assert_near(p.o.phi[i], entry_mean(i), sum_round_off(report->samples), scale);
    error_squares += (long double)p.o.errors[i] * (long double)p.o.errors[i];
    value_squares += (long double)p.o.phi[i] * (long double)p.o.phi[i];
    total += (long double)p.o.phi[i];
  }
  assert_near(report->attribution_sum, (double)total, ROUND_OFF, (double)p.n);
  if (report->samples > 1) {
    double estimate = (double)sqrtl(error_squares / value_squares);
    assert_near(report->error_estimate, estimate, ROUND_OFF, estimate);
  } else {
    assert_true(isnan(report->error_estimate));
  }
}

/* The target is f(x) - the mean of f over the draws, which of a lattice is that over the set. */
static void expect_target(const double *outputs) {
  const attrib_report *report = &p.o.report;
  long double mean = 0;
  bool drawn[MOST_SETS] = {false};
  int64_t distinct = 0;
  for (int64_t k = 0; k < report->samples; k++) {
    int64_t b = p.o.trace[k].baseline;
    assert_true(b >= 0 && b < p.count && !isnan(outputs[b])); /* f was asked for */
    distinct += !drawn[b];
    drawn[b] = true;
    mean += (long double)mass_of(k) * (long double)outputs[b];
    assert_near(p.o.trace[k].weight, mass_of(k), ROUND_OFF, 1);
  }
  assert_int_equal(report->output_evaluations, 1 + distinct);
  assert_near(report->baseline_output, (double)mean, sum_round_off(p.count), (double)p.n);
  if (p.options.flags & ATTRIB_MEAN_GRADIENT) {
    assert_true(isnan(report->completeness_target) && isnan(report->completeness_error));
    return;
  }
  assert_true(report->completeness_target == report->output - report->baseline_output);
  assert_true(report->completeness_error == report->attribution_sum - report->completeness_target);
}

static void solve(uint32_t sampler, int64_t samples, uint64_t seed) {
  double outputs[MOST_SETS];
  p.options.struct_size = sizeof p.options;
  p.options.sampler = sampler;
  p.options.samples = samples;
  p.options.seed = seed;
  forget_rows(&p.recorder);
  free_outcome(&p.o);
  p.o = expect_gradients(&p.model, p.input, &p.baselines, &p.options);
  assert_outcome(p.o, ATTRIB_OK);
  assert_int_equal(p.o.report.trace_count, p.o.report.evaluations);
  assert_int_equal(p.o.report.samples, p.o.report.evaluations);
  assert_true(p.o.report.seed == seed && p.o.report.stop_reason == ATTRIB_STOP_COMPLETE);
  read_outputs(outputs);
  for (int64_t k = 0; k < p.o.report.samples; k++) read_draw(k);
  expect_values();
  expect_errors();
  expect_target(outputs);
}

static int64_t baselines_used(void) {
  int64_t used = 0;
  for (int64_t b = 0; b < p.count; b++) used += weight_of(b) > 0;
  return used;
}

/* Every sampler with that many samples; a lattice where they suffice. */
static void solve_all(int64_t samples) {
  int64_t used = baselines_used();
  solve(ATTRIB_SAMPLER_IID, samples, 3);
  assert_true(p.o.report.sampler == ATTRIB_SAMPLER_IID && p.o.report.samples == samples && p.o.report.points == 0);
  solve(ATTRIB_SAMPLER_STRATIFIED, samples, 4);
  assert_true(p.o.report.sampler == ATTRIB_SAMPLER_STRATIFIED && p.o.report.samples == samples);
  if (samples >= used) {
    solve(ATTRIB_SAMPLER_LATTICE, samples, 5);
    assert_int_equal(p.o.report.sampler, ATTRIB_SAMPLER_LATTICE);
    assert_int_equal(p.o.report.points, samples / used);
    assert_int_equal(p.o.report.samples, samples / used * used);
    assert_int_equal(p.o.report.output_evaluations, 1 + used);
  }
  solve(ATTRIB_SAMPLER_DEFAULT, samples, 5);
  assert_int_equal(p.o.report.sampler, samples < used ? ATTRIB_SAMPLER_STRATIFIED : ATTRIB_SAMPLER_LATTICE);
}

/* Fewer draws than baselines, as many, once and many times as many, and numbers that are no multiple; weights that are
 * 0 first, last, between, and but for one. */
static void every_number_of_draws_and_weights(void **state) {
  (void)state;
  const double some[] = {0, 1, 0, 2.5, .5, 0}, one[] = {0, 0, 0, 3, 0, 0};
  const double *const weights[] = {NULL, some, one};
  const int64_t samples[] = {1, 2, 3, 4, 6, 7, 12, 13, 23, 100, 102};
  for (int t = 0; t < 2; t++)
    for (int w = 0; w < 3; w++) {
      pose(t == 0 ? ATTRIB_F64 : ATTRIB_F32, 5, 6, weights[w]);
      for (int64_t k = 0; k < COUNT(samples); k++) solve_all(samples[k]);
      tear_down();
    }
}

static void a_set_of_one(void **state) {
  (void)state;
  pose(ATTRIB_F64, 3, 1, NULL);
  for (int64_t samples = 1; samples <= 18; samples++) solve_all(samples);
  tear_down();
}

static void more_baselines_than_draws(void **state) {
  (void)state;
  pose(ATTRIB_F64, 3, MOST_SETS, NULL);
  for (int64_t samples = 2; samples < MOST_SETS; samples += 3) {
    solve(ATTRIB_SAMPLER_DEFAULT, samples, 9);
    assert_int_equal(p.o.report.sampler, ATTRIB_SAMPLER_STRATIFIED);
    assert_int_equal(p.o.report.output_evaluations, 1 + samples); /* without replacement */
  }
  tear_down();
}

/* Inputs in several blocks. */
static void many_inputs(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    pose(t == 0 ? ATTRIB_F64 : ATTRIB_F32, 1030, 4, NULL);
    solve_all(3);
    solve_all(14);
    tear_down();
  }
}

/* One group has no feature, one has one. */
static void groups_have_values_and_errors_of_their_own(void **state) {
  (void)state;
  enum { N = 600 };
  int32_t *groups = exact_block(N * sizeof *groups);
  for (int i = 0; i < N; i++) groups[i] = i == 17 ? 1 : i % 2 == 0 ? 0 : 3;
  pose(ATTRIB_F64, N, 5, NULL);
  p.groups = p.options.groups = groups;
  p.options.n_groups = 4;
  solve_all(4);
  solve_all(15);
  assert_true(p.o.phi[2] == 0 && p.o.errors[2] == 0);
  tear_down();
  free(groups);
}

static void the_mean_gradient_leaves_the_displacement_out(void **state) {
  (void)state;
  pose(ATTRIB_F64, 6, 5, NULL);
  p.options.flags = ATTRIB_MEAN_GRADIENT;
  solve_all(3);
  solve_all(17);
  tear_down();
}

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  size_t size = (size_t)p.n * (p.dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  assert_ptr_equal(user, &p);
  assert_true(index >= 0 && index < p.count && weight_of(index) > 0);
  memcpy(row, (const char *)p.rows + (size_t)index * size, size);
  return 0;
}

/* Fetched, or farther apart in memory: the same bits. */
static void rows_come_from_anywhere(void **state) {
  (void)state;
  const double weights[] = {1, 2, 0, 1, .5};
  for (int t = 0; t < 2; t++)
    for (int64_t samples = 3; samples <= 12; samples += 9) {
      pose(t == 0 ? ATTRIB_F64 : ATTRIB_F32, 5, 5, weights);
      solve(ATTRIB_SAMPLER_DEFAULT, samples, 1);
      double *phi = exact_copy(p.o.phi, 5 * sizeof *phi), *errors = exact_copy(p.o.errors, 5 * sizeof *errors);
      p.baselines = (attrib_baselines){
          .struct_size = sizeof p.baselines, .count = 5, .weights = weights, .fetch = fetch_row, .fetch_user = &p};
      solve(ATTRIB_SAMPLER_DEFAULT, samples, 1);
      assert_same_bits(p.o.phi, phi, 5);
      assert_same_bits(p.o.errors, errors, 5);
      size_t size = p.dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
      char *apart = exact_block((4 * 7 + 5) * size);
      memset(apart, 0xff, (4 * 7 + 5) * size);
      for (size_t b = 0; b < 5; b++) memcpy(apart + 7 * b * size, (const char *)p.rows + 5 * b * size, 5 * size);
      p.baselines = rows_of(apart, 5, weights);
      p.baselines.stride = 7;
      solve(ATTRIB_SAMPLER_DEFAULT, samples, 1);
      assert_same_bits(p.o.phi, phi, 5);
      free(apart);
      free(errors);
      free(phi);
      tear_down();
    }
}

static void noise_is_a_set(void **state) {
  (void)state;
  pose(ATTRIB_F32, 7, 8, NULL);
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_UNIFORM,
                        .n_inputs = 7,
                        .seed = 5,
                        .low = -2,
                        .high = 1};
  for (int64_t b = 0; b < 8; b++) assert_int_equal(attrib_noise_fetch(b, (float *)p.rows + 7 * b, &noise), 0);
  p.baselines = (attrib_baselines){
      .struct_size = sizeof p.baselines, .count = 8, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  solve_all(5);
  solve_all(29);
  tear_down();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_number_of_draws_and_weights),
      cmocka_unit_test(a_set_of_one),
      cmocka_unit_test(more_baselines_than_draws),
      cmocka_unit_test(many_inputs),
      cmocka_unit_test(groups_have_values_and_errors_of_their_own),
      cmocka_unit_test(the_mean_gradient_leaves_the_displacement_out),
      cmocka_unit_test(rows_come_from_anywhere),
      cmocka_unit_test(noise_is_a_set),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
