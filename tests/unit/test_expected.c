/* Expected gradients that are known in closed form. */
#include "fixture.h"
#include "outcome.h"
#include "statistics.h"

static const double quadratic[] = {2, 1, 1, 3};

static attrib_noise noise_of(uint32_t kind, int64_t n, uint64_t seed, double range, double sigma,
                             const double *around) {
  return (attrib_noise){.struct_size = sizeof(attrib_noise),
                        .dtype = ATTRIB_F64,
                        .kind = kind,
                        .n_inputs = n,
                        .seed = seed,
                        .low = -range,
                        .high = range,
                        .sigma = sigma,
                        .around = around};
}

static attrib_baselines set_of_noise(attrib_noise *noise, int64_t count) {
  return (attrib_baselines){
      .struct_size = sizeof(attrib_baselines), .count = count, .fetch = attrib_noise_fetch, .fetch_user = noise};
}

/* Of a set: the mean of (x - b) .* A (x + b) / 2. */
static void quadratic_over_set(attrib_noise *noise, int64_t count, const double *x, double *expected) {
  expected[0] = expected[1] = 0;
  for (int64_t k = 0; k < count; k++) {
    double b[2];
    assert_int_equal(attrib_noise_fetch(k, b, noise), 0);
    for (int i = 0; i < 2; i++) {
      double row = quadratic[2 * i] * (x[0] + b[0]) + quadratic[2 * i + 1] * (x[1] + b[1]);
      expected[i] += (x[i] - b[i]) * row / 2 / (double)count;
    }
  }
}

typedef struct coverage {
  int64_t runs, within_two, within_four;
} coverage;

static void count_coverage(coverage *c, const outcome *o, const double *expected) {
  for (int64_t i = 0; i < o->count; i++) {
    double off = fabs(o->phi[i] - expected[i]) / o->errors[i];
    c->runs++;
    c->within_two += off <= 2;
    c->within_four += off <= 4;
  }
}

/* f = x'Ax / 2 from uniform noise: phi_i = ((x_i - 0) sum over j != i of A_ij x_j + A_ii (x_i^2 - 1 / 3)) / 2. A
 * million rows are as good as all; a lattice goes through a few and is held against what these give. */
static void uniform_noise_under_a_quadratic(void **state) {
  (void)state;
  enum { SEEDS = 200 };
  const double x[] = {.3, -1.2}, limit[] = {-.42333333333333333, 1.48};
  analytic a;
  const analytic_fn f = f_quadratic;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, quadratic);
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    bool lattice = sampler == ATTRIB_SAMPLER_LATTICE;
    coverage c = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
      attrib_noise noise = noise_of(ATTRIB_NOISE_UNIFORM, 2, 1000 + seed, 1, 0, NULL);
      attrib_baselines baselines = set_of_noise(&noise, lattice ? 32 : 1000000);
      attrib_eg_options options = eg_options(sampler, 256, seed);
      double expected[2];
      if (lattice) quadratic_over_set(&noise, 32, x, expected);
      outcome o = expect_gradients(&model, x, &baselines, &options);
      assert_outcome(o, ATTRIB_OK);
      count_coverage(&c, &o, lattice ? expected : limit);
      free_outcome(&o);
    }
    assert_int_equal(c.within_four, c.runs);
    assert_true((double)c.within_two >= fewest_of(c.runs, .9545));
    if (sampler == ATTRIB_SAMPLER_IID) assert_true((double)c.within_two <= .99 * (double)c.runs);
  }
}

/* x1 x2 at (1, 1) from (0, 0), (2, 0), (0, 2): (1, 1) / 2. Each line's mean alpha is at most 1 / 2m from a half, and
 * the gradient is linear in it; the target is 1 - 0 whatever is drawn. */
static void a_product_from_three_references(void **state) {
  (void)state;
  const double x[] = {1, 1}, rows[] = {0, 0, 2, 0, 0, 2};
  analytic a;
  const analytic_fn f = f_product;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
  attrib_baselines baselines = rows_of(rows, 3, NULL);
  for (int64_t m = 1; m <= 64; m *= 2)
    for (uint64_t seed = 0; seed < 20; seed++) {
      attrib_eg_options options = eg_options(ATTRIB_SAMPLER_LATTICE, 3 * m, seed);
      outcome o = expect_gradients(&model, x, &baselines, &options);
      assert_outcome(o, ATTRIB_OK);
      for (int i = 0; i < 2; i++) assert_near(o.phi[i], .5, 1 / (2 * (double)m) + ROUND_OFF, 1);
      for (int i = 0; i < 2 && m > 1; i++) assert_near(o.phi[i], .5, 4 * o.errors[i], 1);
      assert_true(o.report.baseline_output == 0 && o.report.completeness_target == 1);
      free_outcome(&o);
    }
}

/* f = sum of w_i x_i: w_i (x_i - mean b_i) over the draws used, and the sum is the target. */
static void a_linear_model_is_exact(void **state) {
  (void)state;
  const double w[] = {2, -1, .5}, x[] = {.5, 3, -2}, weights[] = {1, 3, 0, .5};
  const double rows[] = {1, 2, 3, -1, 0, 4, 9, 9, 9, .25, -3, 1};
  analytic a;
  const analytic_fn f = f_linear;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 3, w);
  for (int weighted = 0; weighted < 2; weighted++)
    for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
      for (int64_t samples = 4; samples <= 40; samples += 9) {
        attrib_baselines baselines = rows_of(rows, 4, weighted ? weights : NULL);
        attrib_eg_options options = eg_options(sampler, samples, (uint64_t)samples);
        outcome o = expect_gradients(&model, x, &baselines, &options);
        assert_outcome(o, ATTRIB_OK);
        for (int i = 0; i < 3; i++) {
          double mean = 0;
          for (int64_t k = 0; k < o.report.samples; k++) mean += o.trace[k].weight * rows[3 * o.trace[k].baseline + i];
          assert_near(o.phi[i], w[i] * (x[i] - mean), sum_round_off(samples), 10);
          if (sampler == ATTRIB_SAMPLER_LATTICE && samples >= 8) assert_near(o.errors[i], 0, ROUND_OFF, 10);
        }
        assert_near(o.report.completeness_error, 0, sum_round_off(samples), 20);
        free_outcome(&o);
      }
}

static double square(const double *x, int64_t n, double *g, const void *parameters) {
  (void)n, (void)parameters;
  if (g != NULL) g[0] = 2 * x[0];
  return x[0] * x[0];
}

/* f = x^2 from noise around x: f(x) - E f(b) = -sigma^2, negative (printed formulas have the sign wrong). */
static void noise_around_the_input_has_the_right_sign(void **state) {
  (void)state;
  const double x[] = {.7};
  analytic a;
  const analytic_fn f = square;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 1, NULL);
  attrib_noise noise = noise_of(ATTRIB_NOISE_GAUSSIAN_CLIPPED, 1, 3, 50, 1.5, x);
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_STRATIFIED; sampler++) {
    attrib_baselines baselines = set_of_noise(&noise, 1000000);
    attrib_eg_options options = eg_options(sampler, 4000, 8);
    outcome o = expect_gradients(&model, x, &baselines, &options);
    assert_outcome(o, ATTRIB_OK);
    assert_true(o.phi[0] < 0 && o.errors[0] < .1);
    assert_near(o.phi[0], -2.25, 4 * o.errors[0], 1);
    free_outcome(&o);
  }
}

/* 2x at 0.5 from noise clipped to [-1, 1]: only what is clipped counts, 2 (.5 - .33151). */
static void clipped_noise_under_a_linear_model(void **state) {
  (void)state;
  const double x[] = {.5}, w[] = {2};
  analytic a;
  const analytic_fn f = f_linear;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 1, w);
  attrib_noise noise = noise_of(ATTRIB_NOISE_GAUSSIAN_CLIPPED, 1, 11, 1, 1, x);
  attrib_baselines baselines = set_of_noise(&noise, 1000000);
  attrib_eg_options options = eg_options(ATTRIB_SAMPLER_STRATIFIED, 4000, 0);
  outcome o = expect_gradients(&model, x, &baselines, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_near(o.phi[0], .3369795273, 4 * o.errors[0], 1);
  free_outcome(&o);
}

/* Integrated gradients over the set are the limit: a lattice comes near as 1 / m, within its errors. */
static void a_lattice_tends_to_integrated_gradients(void **state) {
  (void)state;
  enum { N = 6, COUNT_ROWS = 5 };
  const double weights[] = {1, 2, .5, 0, 3};
  double x[N], rows[N * COUNT_ROWS], exact[N], last = 1;
  fill_random(1, x, N);
  fill_random(2, rows, N * COUNT_ROWS);
  analytic a;
  const analytic_fn f = f_waves;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, N, NULL);
  attrib_baselines baselines = rows_of(rows, COUNT_ROWS, weights);
  attrib_ig_options gauss = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 30);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 0, &baselines, &gauss, exact, NULL), ATTRIB_OK);
  for (int64_t m = 2; m <= 512; m *= 4) {
    double estimate = 0, off = 0, scale = 0;
    for (uint64_t seed = 0; seed < 10; seed++) {
      attrib_eg_options options = eg_options(ATTRIB_SAMPLER_LATTICE, 4 * m, seed);
      outcome o = expect_gradients(&model, x, &baselines, &options);
      assert_outcome(o, ATTRIB_OK);
      for (int i = 0; i < N; i++) {
        estimate += o.errors[i] * o.errors[i];
        off += (o.phi[i] - exact[i]) * (o.phi[i] - exact[i]);
        scale += exact[i] * exact[i];
      }
      free_outcome(&o);
    }
    assert_true(off < estimate); /* the factor of 1.25 is for jumps, which the circle's closing is */
    assert_true(estimate < 4 * off + 1e-20 * scale);
    if (m > 2) assert_near(sqrt(estimate) / last, .25, .05, 1);
    last = sqrt(estimate);
  }
}

/* A step of 2 at 0.3 in the first input, a slope of 1 in the others. */
static double steep_step(const double *x, int64_t n, double *g, const void *parameters) {
  double f = tanh(1e6 * (x[0] - .3)), slope = 1e6 * (1 - f * f);
  (void)parameters;
  for (int64_t i = 0; i < n; i++) {
    if (i > 0) f += x[i];
    if (g != NULL) g[i] = i > 0 ? 1 : slope;
  }
  return f;
}

/* No draw meets the step: the draws agree and are wrong, which the identity tells. */
static void what_draws_miss_the_identity_shows(void **state) {
  (void)state;
  enum { N = 8 }; /* which fill what is laid out for a vector */
  const double x[N] = {1, .5, -.25}, rows[2 * N] = {0, 0, 0, 0, 0, 0, 0, 0, -1, 1};
  analytic a;
  const analytic_fn f = steep_step;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, N, NULL);
  attrib_baselines baselines = rows_of(rows, 2, NULL);
  attrib_eg_options options = eg_options(ATTRIB_SAMPLER_LATTICE, 16, 1);
  outcome o = expect_gradients(&model, x, &baselines, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_near(o.report.completeness_error, -2, ROUND_OFF, 1);
  double sum = 0;
  for (int i = 0; i < N; i++) sum += o.errors[i];
  assert_near(sum, 4, ROUND_OFF, 4);
  assert_true(o.errors[0] > 0 && o.report.error_estimate > .3);
  assert_near(o.phi[1], 0, ROUND_OFF, 1); /* the mean of .5 and -.5 */
  assert_near(o.phi[2], -.25, ROUND_OFF, 1);
  free_outcome(&o);
  options.flags = ATTRIB_MEAN_GRADIENT; /* which has no identity */
  o = expect_gradients(&model, x, &baselines, &options);
  assert_outcome(o, ATTRIB_OK);
  for (int i = 0; i < N; i++) assert_near(o.errors[i], 0, ROUND_OFF, 1);
  free_outcome(&o);
  options = eg_options(ATTRIB_SAMPLER_LATTICE, 0, 1);
  options.tolerance = .1;
  options.max_evaluations = 128;
  o = expect_gradients(&model, x, &baselines, &options);
  assert_outcome(o, ATTRIB_NOT_CONVERGED);
  free_outcome(&o);
}

/* Nothing to attribute: zeros, with no doubt about it. */
static void an_input_equal_to_all_baselines(void **state) {
  (void)state;
  const double rows[] = {1, 2, 3, 1, 2, 3, 1, 2, 3};
  analytic a;
  const analytic_fn f = f_waves;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 3, NULL);
  attrib_baselines baselines = rows_of(rows, 3, NULL);
  for (uint32_t sampler = ATTRIB_SAMPLER_DEFAULT; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
    for (int with_tolerance = 0; with_tolerance < 2; with_tolerance++) {
      attrib_eg_options options = eg_options(sampler, with_tolerance ? 0 : 12, 1);
      options.tolerance = with_tolerance ? 1e-6 : 0;
      outcome o = expect_gradients(&model, rows, &baselines, &options);
      assert_outcome(o, ATTRIB_OK);
      for (int i = 0; i < 3; i++) assert_true(o.phi[i] == 0 && o.errors[i] == 0);
      assert_true(o.report.error_estimate == 0 && o.report.completeness_relative == 0);
      assert_true(o.report.stop_reason == (with_tolerance ? ATTRIB_STOP_TOLERANCE : ATTRIB_STOP_COMPLETE));
      free_outcome(&o);
    }
}

/* The same draws explain a weighted sum and its terms. */
static void target_weights_are_a_linear_combination(void **state) {
  (void)state;
  static const analytic_fn functions[] = {f_chain, f_waves, f_cube};
  analytic a = {.functions = functions, .n_outputs = 3, .n_inputs = 3, .dtype = ATTRIB_F64};
  attrib_model model = analytic_model(&a);
  const double x[] = {1, 2, 3}, rows[] = {0, 0, 0, 1, -1, 2, 3, 3, 3}, weights[] = {2, 0, -.5};
  attrib_baselines baselines = rows_of(rows, 3, NULL);
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++) {
    attrib_eg_options options = eg_options(sampler, 12, 7);
    double phi[3][3];
    attrib_report reports[3];
    for (int k = 0; k < 3; k++) {
      reports[k] = (attrib_report){.struct_size = sizeof reports[k]};
      assert_int_equal(attrib_expected_gradients(NULL, &model, x, k, &baselines, &options, phi[k], &reports[k]),
                       ATTRIB_OK);
    }
    options.target_weights = weights;
    outcome o = expect_gradients(&model, x, &baselines, &options);
    assert_outcome(o, ATTRIB_OK);
    for (int i = 0; i < 3; i++) assert_near(o.phi[i], 2 * phi[0][i] - .5 * phi[2][i], ROUND_OFF, 50);
    assert_near(o.report.output, 2 * reports[0].output - .5 * reports[2].output, ROUND_OFF, 50);
    double expected = 2 * reports[0].baseline_output - .5 * reports[2].baseline_output;
    assert_near(o.report.baseline_output, expected, ROUND_OFF, 50);
    free_outcome(&o);
  }
}

static void a_seed_says_it_all(void **state) {
  (void)state;
  double x[4], rows[20], first[4];
  fill_random(1, x, 4);
  fill_random(2, rows, 20);
  analytic a;
  const analytic_fn f = f_waves;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 4, NULL);
  attrib_baselines baselines = rows_of(rows, 5, NULL);
  for (uint32_t sampler = ATTRIB_SAMPLER_IID; sampler <= ATTRIB_SAMPLER_LATTICE; sampler++)
    for (int k = 0; k < 3; k++) {
      attrib_eg_options options = eg_options(sampler, 15, k == 2 ? 8 : 7);
      outcome o = expect_gradients(&model, x, &baselines, &options);
      assert_outcome(o, ATTRIB_OK);
      if (k == 1) assert_same_bits(o.phi, first, 4);
      if (k == 2) assert_true(o.phi[0] != first[0] && o.phi[3] != first[3]);
      memcpy(first, o.phi, sizeof first);
      free_outcome(&o);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(uniform_noise_under_a_quadratic),
      cmocka_unit_test(a_product_from_three_references),
      cmocka_unit_test(a_linear_model_is_exact),
      cmocka_unit_test(noise_around_the_input_has_the_right_sign),
      cmocka_unit_test(clipped_noise_under_a_linear_model),
      cmocka_unit_test(a_lattice_tends_to_integrated_gradients),
      cmocka_unit_test(what_draws_miss_the_identity_shows),
      cmocka_unit_test(an_input_equal_to_all_baselines),
      cmocka_unit_test(target_weights_are_a_linear_combination),
      cmocka_unit_test(a_seed_says_it_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
