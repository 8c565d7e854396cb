/* test_ecnoise.c - the noise of a function from six of its values: known noise is found within a factor, and nothing is
 * taken for it that is not. */
#include "fixture.h"

#include "base/ecnoise.h"

enum { VALUES = 6 };

/* Over many draws the estimate is the standard deviation, about; of uniform noise on [-a, a] that is a / sqrt(3). */
static void known_noise(void **state) {
  (void)state;
  static const double amplitudes[] = {1e-12, 1e-6, 1e-3};
  for (int k = 0; k < COUNT(amplitudes); k++) {
    const double sigma = amplitudes[k] / sqrt(3);
    uint64_t seed = 17;
    double sum = 0, found;
    for (int draw = 0; draw < 1000; draw++) {
      double values[VALUES];
      for (int i = 0; i < VALUES; i++) {
        const double x = 1e-4 * i;
        values[i] = 1 + 0.3 * x + 0.2 * x * x + amplitudes[k] * random_number(&seed);
      }
      attrib__ecnoise(values, VALUES, &found);
      assert_true(found >= 0 && found < 8 * sigma + 1e-4);
      sum += found;
    }
    if (k > 0) assert_true(sum / 1000 > 0.5 * sigma && sum / 1000 < 2 * sigma);
  }
}

/* By hand, of +1, -1, +1, ...: differences of order k are 2^k, so the estimates are 2^k k! / sqrt((2k)!):
 * sqrt(2), 1.63, 1.79, 1.91, 2.02. The first three agree and change sign. */
static void by_hand(void **state) {
  (void)state;
  const double values[VALUES] = {1, -1, 1, -1, 1, -1};
  double found;
  assert_int_equal(attrib__ecnoise(values, VALUES, &found), ATTRIB__NOISE_FOUND);
  assert_near(found, sqrt(2), ROUND_OFF, 1);
}

static void no_noise(void **state) {
  (void)state;
  double values[VALUES], found;
  for (int i = 0; i < VALUES; i++) values[i] = 3;
  assert_int_equal(attrib__ecnoise(values, VALUES, &found), ATTRIB__NOISE_STEPS);
  assert_true(found == 0);
  for (int i = 0; i < VALUES; i++) values[i] = i < 3 ? 1 : 2;
  assert_int_equal(attrib__ecnoise(values, VALUES, &found), ATTRIB__NOISE_STEPS);
  assert_near(found, 0.3, ROUND_OFF, 1);
  for (int i = 0; i < VALUES; i++) values[i] = (double)(i * i);
  assert_int_equal(attrib__ecnoise(values, VALUES, &found), ATTRIB__NOISE_CURVED);
  assert_true(found == 0);
}

/* One kink among the values is no more than its bend. */
static void kink(void **state) {
  (void)state;
  double values[VALUES], found;
  for (int at = 1; at < VALUES - 1; at++) {
    for (int i = 0; i < VALUES; i++) values[i] = fabs((double)(i - at));
    attrib__ecnoise(values, VALUES, &found);
    assert_true(found <= 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(known_noise), cmocka_unit_test(by_hand),
                                     cmocka_unit_test(no_noise), cmocka_unit_test(kink)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
