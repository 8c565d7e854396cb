/* Running mean and spread of draws, equal and weighted, against two passes in long double. */
#include "fixture.h"
#include "statistics.h"

#include "methods/spread.h"

enum { ENTRIES = 3, DRAWS = 400 };

typedef struct sample {
  double values[DRAWS][ENTRIES], masses[DRAWS];
  double mean[ENTRIES], squares[ENTRIES];
  attrib__masses taken;
} sample;

static void take_all(sample *s, int64_t draws, bool with_squares) {
  double total = 0;
  s->taken = (attrib__masses){0};
  for (int i = 0; i < ENTRIES; i++) s->mean[i] = s->squares[i] = 0;
  for (int64_t k = 0; k < draws; k++) {
    total += s->masses[k];
    attrib__spread_add(s->mean, with_squares ? s->squares : NULL, s->masses[k], s->masses[k] / total, ENTRIES,
                       s->values[k]);
    attrib__masses_add(&s->taken, s->masses[k]);
  }
}

/* Weighted mean and sum of mass * (value - mean)^2 of an entry. */
static void two_passes(const sample *s, int64_t draws, int entry, long double *mean, long double *squares) {
  long double mass = 0, sum = 0;
  *squares = 0;
  for (int64_t k = 0; k < draws; k++) {
    mass += (long double)s->masses[k];
    sum += (long double)s->masses[k] * (long double)s->values[k][entry];
  }
  *mean = sum / mass;
  for (int64_t k = 0; k < draws; k++) {
    long double d = (long double)s->values[k][entry] - *mean;
    *squares += (long double)s->masses[k] * d * d;
  }
}

static void expect_two_passes(sample *s, int64_t draws, double scale) {
  take_all(s, draws, true);
  for (int i = 0; i < ENTRIES; i++) {
    long double mean, squares;
    two_passes(s, draws, i, &mean, &squares);
    assert_near(s->mean[i], (double)mean, sum_round_off(draws), scale);
    /* Each deviation is off by a rounding error of the values. */
    double error =
        sum_round_off(draws) * (double)(squares + sqrtl(squares * (long double)s->taken.sum) * (long double)scale);
    assert_near(s->squares[i], (double)squares, 1, error);
  }
}

static void means_and_squares_are_those_of_two_passes(void **state) {
  (void)state;
  static sample s;
  for (int weighted = 0; weighted < 2; weighted++) {
    uint64_t seed = 7;
    for (int k = 0; k < DRAWS; k++) {
      s.masses[k] = weighted ? exp(3 * random_number(&seed)) : 1;
      for (int i = 0; i < ENTRIES; i++) s.values[k][i] = random_number(&seed) * (double)(1 + i);
    }
    const int64_t draws[] = {1, 2, 3, 50, DRAWS};
    for (int64_t d = 0; d < COUNT(draws); d++) expect_two_passes(&s, draws[d], ENTRIES);
  }
}

/* A mean of 1e4 and a standard deviation of 0.1: the sum of squares over N - mean^2 of it would be off by a per cent in
 * double, and altogether in float. */
static void a_small_spread_about_a_large_mean_is_kept(void **state) {
  (void)state;
  static sample s;
  uint64_t seed = 3;
  for (int k = 0; k < DRAWS; k++) {
    s.masses[k] = k % 3 + 1;
    for (int i = 0; i < ENTRIES; i++) s.values[k][i] = pow(10, 4 * i) + .1 * random_number(&seed);
  }
  take_all(&s, DRAWS, true);
  for (int i = 0; i < ENTRIES; i++) {
    long double mean, squares;
    two_passes(&s, DRAWS, i, &mean, &squares);
    assert_near(s.squares[i], (double)squares, pow(10, 4 * i) * 1e-14, (double)squares * 10);
  }
}

static void equal_values_have_no_spread(void **state) {
  (void)state;
  static sample s;
  for (int k = 0; k < DRAWS; k++) {
    s.masses[k] = .3 + k % 5;
    for (int i = 0; i < ENTRIES; i++) s.values[k][i] = 1.1 * i - .7;
  }
  take_all(&s, DRAWS, true);
  for (int i = 0; i < ENTRIES; i++) assert_true(s.mean[i] == s.values[0][i] && s.squares[i] == 0);
  assert_true(attrib__spread_error(&s.taken, 0) == 0);
}

static void the_mean_alone_is_the_same(void **state) {
  (void)state;
  static sample s;
  fill_random(4, s.values[0], DRAWS * ENTRIES);
  for (int k = 0; k < DRAWS; k++) s.masses[k] = 1 + k % 2;
  take_all(&s, DRAWS, true);
  double mean[ENTRIES];
  memcpy(mean, s.mean, sizeof mean);
  take_all(&s, DRAWS, false);
  assert_same_bits(s.mean, mean, ENTRIES);
  for (int i = 0; i < ENTRIES; i++) assert_true(s.squares[i] == 0);
}

static void masses_are_counted(void **state) {
  (void)state;
  attrib__masses masses = {0};
  attrib__masses_add(&masses, 2);
  attrib__masses_add(&masses, .5);
  assert_true(masses.sum == 2.5 && masses.of_squares == 4.25 && masses.crossed == 1);
}

/* Equal weights: sqrt(squares / (N (N - 1))), whatever the weight. */
static void errors_of_equal_draws(void **state) {
  (void)state;
  for (int64_t n = 2; n < 40; n += 5) {
    attrib__masses ones = {0}, thirds = {0};
    for (int64_t k = 0; k < n; k++) {
      attrib__masses_add(&ones, 1);
      attrib__masses_add(&thirds, 1.0 / 3);
    }
    double expected = sqrt(7.5 / ((double)n * (double)(n - 1)));
    assert_near(attrib__spread_error(&ones, 7.5), expected, ROUND_OFF, expected);
    assert_near(attrib__spread_error(&thirds, 2.5), expected, sum_round_off(n), expected);
  }
}

/* Of weights 1, 2, 5 on 1, 4, 2: mean 19 / 8, squares 1 * 121 / 64 + 2 * 169 / 64 + 5 * 9 / 64 = 504 / 64, of which
 * over 8 (1 - 30 / 64) a draw has variance 504 / (8 * 34), and the mean 30 / 64 of that. */
static void errors_of_weighted_draws(void **state) {
  (void)state;
  const double values[] = {1, 4, 2}, weights[] = {1, 2, 5};
  double mean = 0, squares = 0, total = 0;
  attrib__masses masses = {0};
  for (int k = 0; k < 3; k++) {
    total += weights[k];
    attrib__spread_add(&mean, &squares, weights[k], weights[k] / total, 1, &values[k]);
    attrib__masses_add(&masses, weights[k]);
  }
  assert_near(mean, 19.0 / 8, ROUND_OFF, 1);
  assert_near(squares, 504.0 / 64, ROUND_OFF, 8);
  assert_near(attrib__spread_error(&masses, squares), sqrt(504.0 / (8 * 34) * 30 / 64), ROUND_OFF, 1);
}

/* The error squared is the variance of the mean, on average over samples, also of draws that weigh differently. */
static void errors_are_what_means_vary_by(void **state) {
  (void)state;
  enum { TRIALS = 4000, N = 6 };
  const double weights[N] = {1, 1, .2, 3, 2, .5};
  double *means = exact_block(TRIALS * sizeof *means), *variances = exact_block(TRIALS * sizeof *variances);
  uint64_t seed = 12;
  for (int t = 0; t < TRIALS; t++) {
    double squares = 0, total = 0, mean = 0;
    attrib__masses masses = {0};
    for (int k = 0; k < N; k++) {
      double value = random_number(&seed);
      total += weights[k];
      attrib__spread_add(&mean, &squares, weights[k], weights[k] / total, 1, &value);
      attrib__masses_add(&masses, weights[k]);
    }
    double error = attrib__spread_error(&masses, squares);
    means[t] = mean * mean;
    variances[t] = error * error;
  }
  const double of_squares = 1 + 1 + .04 + 9 + 4 + .25, sum = 7.7, expected = of_squares / (sum * sum) / 3;
  assert_unbiased(means, TRIALS, expected);
  assert_unbiased(variances, TRIALS, expected);
  free(variances);
  free(means);
}

static void fewer_than_two_draws_have_no_error(void **state) {
  (void)state;
  attrib__masses masses = {0};
  assert_true(isnan(attrib__spread_error(&masses, 0)));
  attrib__masses_add(&masses, 1);
  assert_true(isnan(attrib__spread_error(&masses, 0)) && isnan(attrib__spread_error(&masses, 1)));
  attrib__masses_add(&masses, 0); /* nothing is left for another */
  assert_true(isnan(attrib__spread_error(&masses, 1)));
  attrib__masses_add(&masses, 1);
  assert_true(attrib__spread_error(&masses, 0) == 0);
}

/* Two draws d apart, of weights 1 and e, say that a draw has variance d^2 / 2, and so has the mean where e is small.
 * That is found as a difference of numbers about 1: as exactly as e is held in their place. */
static void one_weight_may_outweigh_all_others(void **state) {
  (void)state;
  const double small[] = {1e-3, 1e-6, 1e-9};
  for (int64_t k = 0; k < COUNT(small); k++)
    for (int first = 0; first < 2; first++) {
      const double values[] = {2, 5}, weights[] = {first ? small[k] : 1, first ? 1 : small[k]};
      double mean = 0, squares = 0, total = 0;
      attrib__masses masses = {0};
      for (int d = 0; d < 2; d++) {
        total += weights[d];
        attrib__spread_add(&mean, &squares, weights[d], weights[d] / total, 1, &values[d]);
        attrib__masses_add(&masses, weights[d]);
      }
      assert_near(attrib__spread_error(&masses, squares), sqrt(4.5 * (1 + small[k] * small[k])) / (1 + small[k]),
                  4 * DBL_EPSILON / small[k], 3);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(means_and_squares_are_those_of_two_passes),
      cmocka_unit_test(a_small_spread_about_a_large_mean_is_kept),
      cmocka_unit_test(equal_values_have_no_spread),
      cmocka_unit_test(the_mean_alone_is_the_same),
      cmocka_unit_test(masses_are_counted),
      cmocka_unit_test(errors_of_equal_draws),
      cmocka_unit_test(errors_of_weighted_draws),
      cmocka_unit_test(errors_are_what_means_vary_by),
      cmocka_unit_test(fewer_than_two_draws_have_no_error),
      cmocka_unit_test(one_weight_may_outweigh_all_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
