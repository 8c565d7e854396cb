/* Means of values and of their squared deviations, single or in pairs, against two passes in long double. */
#include "fixture.h"
#include "statistics.h"

#include "methods/moments.h"

/* Eight entries fill what is laid out for a vector: a step too far lands in the next. */
enum { ENTRIES = 8, MOST = 240 };

typedef struct bench {
  attrib__moments moments;
  void *memory;
} bench;

static void set_up(bench *b, bool variance, int64_t members) {
  *b = (bench){.moments = {.variance = variance, .members = members, .count = ENTRIES}};
  attrib__arena arena = {0};
  attrib__moments_layout(&b->moments, &arena);
  size_t size = arena.used;
  b->memory = exact_block(size);
  memset(b->memory, 0xff, size); /* all NaN: nothing may be read before it is written */
  arena = (attrib__arena){.memory = b->memory};
  attrib__moments_layout(&b->moments, &arena);
  assert_true(arena.used == size && !arena.overflow);
  attrib__moments_clear(&b->moments);
}

static void take(bench *b, int64_t index, const double *values, int64_t piece) {
  for (int64_t begin = 0; begin < ENTRIES; begin += piece) {
    int64_t n = ENTRIES - begin < piece ? ENTRIES - begin : piece;
    double *part = exact_copy(values + begin, (size_t)n * sizeof *part);
    attrib__moments_take(&b->moments, index, begin, n, part);
    free(part);
  }
}

/* The value of an entry and its standard error from `count` values: of each draw the mean of its members' values, or of
 * their squared deviations from the mean of all. Differences from the first value are exact where a mean is large. */
static void two_passes(double (*values)[ENTRIES], int64_t count, int entry, bool variance, int64_t members,
                       double *value, double *error) {
  long double mean = 0, first = (long double)values[0][entry];
  double draws[MOST];
  int64_t n = count / members;
  for (int64_t k = 0; k < n * members; k++) mean += (long double)values[k][entry] - first;
  mean /= (long double)(n * members);
  for (int64_t d = 0; d < n; d++) {
    long double sum = 0;
    for (int64_t k = d * members; k < (d + 1) * members; k++) {
      long double v = (long double)values[k][entry] - first;
      sum += variance ? (v - mean) * (v - mean) : v + first;
    }
    draws[d] = (double)(sum / (long double)members);
  }
  *value = mean_of(draws, n);
  *error = n < 2 || (variance && n * members < 3) ? (double)NAN : error_of(draws, n);
}

static void expect(double (*values)[ENTRIES], int64_t count, bool variance, int64_t members, int64_t piece,
                   double tolerance) {
  bench b;
  set_up(&b, variance, members);
  for (int64_t k = 0; k < count; k++) take(&b, k, values[k], piece);
  attrib__moments_conclude(&b.moments, count / members);
  for (int i = 0; i < ENTRIES; i++) {
    double value, error;
    two_passes(values, count, i, variance, members, &value, &error);
    assert_near(b.moments.values[i], value, tolerance, 1);
    if (isnan(error))
      assert_true(isnan(b.moments.errors[i]));
    else /* its square is what is formed from differences of numbers about 1 */
      assert_near(b.moments.errors[i] * b.moments.errors[i], error * error, tolerance, 1);
  }
  free(b.memory);
}

static void moments_are_those_of_two_passes(void **state) {
  (void)state;
  static double values[MOST][ENTRIES];
  fill_random(31, values[0], MOST * ENTRIES);
  for (int k = 0; k < MOST; k++) values[k][2] = k % 2 == 0 || k == 0 ? values[k][2] : -values[k - 1][2]; /* mirrored */
  const int64_t counts[] = {4, 6, 50, MOST};
  for (int variance = 0; variance < 2; variance++)
    for (int64_t members = 1; members <= 2; members++)
      for (int64_t k = 0; k < COUNT(counts); k++)
        for (int64_t piece = 1; piece <= ENTRIES; piece += 2)
          expect(values, counts[k], variance == 1, members, piece, sum_round_off(counts[k]));
}

/* Of 1 and 3, of 1, 2, 3, 6, and in the pairs (1, 2), (3, 6). Squared deviations from 3 are 4, 1, 0, 9; with s their
 * standard deviation over sqrt 4, or that of the pairs' 2.5 and 4.5 over sqrt 2. */
static void moments_by_hand(void **state) {
  (void)state;
  const double values[] = {1, 2, 3, 6};
  for (int64_t members = 1; members <= 2; members++)
    for (int variance = 0; variance < 2; variance++) {
      bench b;
      set_up(&b, variance == 1, members);
      for (int k = 0; k < 4; k++) take(&b, k, (double[ENTRIES]){values[k], values[k]}, 1);
      attrib__moments_conclude(&b.moments, 4 / members);
      double single = variance ? sqrt((.25 + 6.25 + 12.25 + 30.25) / 12) : sqrt(14.0 / 12);
      double paired = variance ? sqrt(2.0 / 2) : sqrt(2 * 1.5 * 1.5 / 2);
      assert_near(b.moments.values[0], variance ? 3.5 : 3, ROUND_OFF, 4);
      assert_near(b.moments.errors[1], members == 1 ? single : paired, ROUND_OFF, 4);
      assert_true(b.moments.values[4] == 0 && b.moments.errors[4] == 0);
      free(b.memory);
    }
}

/* A value whose pair is not there is not used. */
static void half_a_pair_does_not_count(void **state) {
  (void)state;
  static double values[MOST][ENTRIES];
  fill_random(8, values[0], MOST * ENTRIES);
  for (int variance = 0; variance < 2; variance++) {
    bench whole, more;
    set_up(&whole, variance == 1, 2);
    set_up(&more, variance == 1, 2);
    for (int k = 0; k < 9; k++) take(&more, k, values[k], 3);
    for (int k = 0; k < 8; k++) take(&whole, k, values[k], 3);
    attrib__moments_conclude(&whole.moments, 4);
    attrib__moments_conclude(&more.moments, 4);
    assert_same_bits(whole.moments.values, more.moments.values, ENTRIES);
    assert_same_bits(whole.moments.errors, more.moments.errors, ENTRIES);
    free(more.memory);
    free(whole.memory);
  }
}

/* Nor have two single values one of their variance: from their mean they are equally far, whatever they are, so that
 * the formula gives 0, which a tolerance would take for convergence. */
static void too_few_draws_have_no_error(void **state) {
  (void)state;
  static double values[2][ENTRIES];
  fill_random(8, values[0], 2 * ENTRIES);
  expect(values, 1, false, 1, 2, ROUND_OFF);
  expect(values, 2, false, 2, 2, ROUND_OFF);
  expect(values, 2, true, 2, 2, ROUND_OFF);
  expect(values, 2, true, 1, 2, ROUND_OFF);
  bench b;
  set_up(&b, true, 1);
  take(&b, 0, values[0], 2);
  attrib__moments_conclude(&b.moments, 1);
  for (int i = 0; i < ENTRIES; i++) assert_true(b.moments.values[i] == 0 && isnan(b.moments.errors[i]));
  free(b.memory);
}

/* A standard deviation of 0.1 about 1e2 to 1e14: mean of squares - square of the mean has no digit of it left. What
 * is left of the values themselves is kept. */
static void a_small_variance_about_a_large_mean_is_kept(void **state) {
  (void)state;
  static double values[MOST][ENTRIES];
  uint64_t seed = 2;
  for (int k = 0; k < MOST; k++)
    for (int i = 0; i < ENTRIES; i++) values[k][i] = (i == 0 ? 0 : pow(10, 2 * i)) + .1 * random_number(&seed);
  for (int64_t members = 1; members <= 2; members++) expect(values, MOST, true, members, 2, sum_round_off(MOST));
}

/* Equal values: no variance and no error, not even of rounding. */
static void equal_values_do_not_vary(void **state) {
  (void)state;
  for (int variance = 0; variance < 2; variance++)
    for (int64_t members = 1; members <= 2; members++) {
      const double values[ENTRIES] = {.1, -1.0 / 3, 1e300, 0, 1e-300};
      bench b;
      set_up(&b, variance == 1, members);
      for (int k = 0; k < 10; k++) take(&b, k, values, 4);
      attrib__moments_conclude(&b.moments, 10 / members);
      for (int i = 0; i < ENTRIES; i++) {
        assert_true(b.moments.values[i] == (variance ? 0 : values[i]));
        assert_true(b.moments.errors[i] == 0);
      }
      free(b.memory);
    }
}

/* Halves of a pair are added, so that no pair of finite values overflows. */
static void the_largest_values(void **state) {
  (void)state;
  bench b;
  set_up(&b, false, 2);
  for (int k = 0; k < 4; k++) take(&b, k, (double[ENTRIES]){1.5e308, -1.5e308, 1.7e308, 0, 1}, 5);
  attrib__moments_conclude(&b.moments, 2);
  assert_true(b.moments.values[0] == 1.5e308 && b.moments.values[1] == -1.5e308 && b.moments.values[2] == 1.7e308);
  free(b.memory);
}

/* Never below 0 and never NaN, though it is a difference, of values about which the first is an outlier. */
static void a_variance_is_not_negative(void **state) {
  (void)state;
  uint64_t seed = 77;
  for (int trial = 0; trial < 3000; trial++) {
    bench b;
    set_up(&b, true, 1);
    int64_t count = 3 + trial % 5;
    double far = pow(10, 3 * random_number(&seed));
    for (int64_t k = 0; k < count; k++) {
      double values[ENTRIES];
      for (int i = 0; i < ENTRIES; i++) values[i] = k == 0 ? random_number(&seed) : far;
      take(&b, k, values, ENTRIES);
    }
    attrib__moments_conclude(&b.moments, count);
    for (int i = 0; i < ENTRIES; i++) assert_true(b.moments.values[i] >= 0 && b.moments.errors[i] >= 0);
    free(b.memory);
  }
}

/* The errors say how far values are from the truth over many samples: of the variance of normal numbers, too. */
static void errors_are_what_values_vary_by(void **state) {
  (void)state;
  enum { TRIALS = 1500 };
  uint64_t seed = 5;
  for (int variance = 0; variance < 2; variance++)
    for (int64_t members = 1; members <= 2; members++) {
      static double off[TRIALS];
      for (int t = 0; t < TRIALS; t++) {
        bench b;
        set_up(&b, variance == 1, members);
        for (int k = 0; k < MOST; k++) {
          double values[ENTRIES] = {0};
          for (int j = 0; j < 12; j++) values[0] += random_number(&seed) / 2; /* nearly normal, variance 1 */
          take(&b, k, values, ENTRIES);
        }
        attrib__moments_conclude(&b.moments, MOST / members);
        double truth = variance ? 1 - 1.0 / MOST : 0;
        off[t] = (b.moments.values[0] - truth) / b.moments.errors[0];
        off[t] *= off[t];
        free(b.memory);
      }
      assert_near(mean_of(off, TRIALS), 1, 1, .16); /* 4 sqrt(2 / 1500), and what 120 draws leave open */
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_are_those_of_two_passes),
      cmocka_unit_test(moments_by_hand),
      cmocka_unit_test(half_a_pair_does_not_count),
      cmocka_unit_test(too_few_draws_have_no_error),
      cmocka_unit_test(a_small_variance_about_a_large_mean_is_kept),
      cmocka_unit_test(equal_values_do_not_vary),
      cmocka_unit_test(the_largest_values),
      cmocka_unit_test(a_variance_is_not_negative),
      cmocka_unit_test(errors_are_what_values_vary_by),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
