/* test_difference_first.c - noise of known size is found to a factor from nine values, under functions that bend; and
 * the step that it allows. */
#include "fixture.h"

#include "methods/difference_first.h"

enum { V = ATTRIB__NOISE_MOST_VALUES };

/* 0 where the values move in steps. */
static double found(const double *values) {
  double noise;
  return attrib__ecnoise(values, V, &noise) == ATTRIB__NOISE_STEPS ? 0 : noise;
}

/* Uniform noise of standard deviation 1. */
static double noise(uint64_t *state) {
  return sqrt(3) * random_number(state);
}

/* a + b t + c t^2 + e^t, at steps of `step` about 0, with noise. */
static double level_of(double step, double sigma, double scale, uint64_t seed) {
  double values[V];
  for (int i = 0; i < V; i++) {
    const double t = step * (i - V / 2);
    values[i] = scale * (3 - 2 * t + 5 * t * t + exp(t) + sigma * noise(&seed));
  }
  return found(values);
}

/* Of 200 each: within a factor of 3, and within 2 in most. */
static void noise_is_found(void **state) {
  (void)state;
  static const double sigmas[] = {1e-13, 1e-7, 1e-3}, scales[] = {1e-200, 1, -1e200};
  for (int64_t k = 0; k < COUNT(sigmas); k++)
    for (int64_t j = 0; j < COUNT(scales); j++) {
      int within_two = 0;
      for (uint64_t seed = 0; seed < 200; seed++) {
        const double ratio = level_of(sigmas[k], sigmas[k], scales[j], seed) / (sigmas[k] * fabs(scales[j]));
        assert_true(ratio > 1.0 / 5 && ratio < 3);
        within_two += ratio > 0.5 && ratio < 2;
      }
      assert_true(within_two >= 180);
    }
}

static void no_noise(void **state) {
  (void)state;
  double values[V] = {0};
  assert_true(found(values) == 0);
  for (int i = 0; i < V; i++) values[i] = 2.5;
  assert_true(found(values) == 0);
  for (int i = 0; i < V; i++) values[i] = i < 5 ? 1 : 2 + i; /* four of eight neighbours are the same */
  assert_true(found(values) == 0);
  values[0] = 0.5; /* three are */
  assert_true(found(values) > 0);
  for (int i = 0; i < V; i++) values[i] = ldexp(1 + i % 2, -1074); /* the smallest numbers there are */
  assert_true(found(values) >= 0);
}

/* The largest power of two whose square is within noise / change. */
static void steps(void **state) {
  (void)state;
  assert_true(attrib__difference_step(1, 0x1p10) == 0x1p-5);
  assert_true(attrib__difference_step(1, 0x1.00001p10) == 0x1p-6);
  assert_true(attrib__difference_step(1, 3 * 0x1p10) == 0x1p-6);
  assert_true(attrib__difference_step(1e-16, 1) == ATTRIB__LEAST_STEP);
  assert_true(attrib__difference_step(0, 1) == ATTRIB__LEAST_STEP);
  assert_true(attrib__difference_step(1, 1) == ATTRIB__MOST_STEP);
  assert_true(attrib__difference_step(1, 0) == ATTRIB__MOST_STEP);
  for (double r = 1e-14; r < 1e-4; r *= 1.7) {
    const double h = attrib__difference_step(r, 1);
    assert_true((h * h <= r && 4 * h * h > r) || (h == ATTRIB__LEAST_STEP && h * h > r));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(noise_is_found), cmocka_unit_test(no_noise),
                                     cmocka_unit_test(steps)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
