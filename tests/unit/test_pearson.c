/* test_pearson.c - Pearson's correlation, and when there is none. */
#include "faithful.h"

#include "metrics/pearson.h"

enum { PAIRS = 60 };

static void by_the_book(void **state) {
  (void)state;
  double x[PAIRS], y[PAIRS], r;
  fill_random(1, x, PAIRS);
  fill_random(2, y, PAIRS);
  for (int64_t n = 2; n <= PAIRS; n++) {
    assert_int_equal(attrib__pearson(n, x, 0, y, 0, &r), ATTRIB__CORRELATED);
    assert_near(r, plain_pearson(x, y, n), ROUND_OFF, 1);
  }
  static const double left[] = {1, 4, 3}, right[] = {2, 8, 6}, against[] = {-1, -4, -3};
  assert_int_equal(attrib__pearson(3, left, 0, right, 0, &r), ATTRIB__CORRELATED);
  assert_near(r, 1, ROUND_OFF, 1);
  assert_int_equal(attrib__pearson(3, left, 0, against, 0, &r), ATTRIB__CORRELATED);
  assert_near(r, -1, ROUND_OFF, 1);
  assert_true(r >= -1);
}

/* Neither scale nor place: to the ends of double, and where all that differs is far behind the point. */
static void whatever_the_magnitude(void **state) {
  (void)state;
  double x[PAIRS], y[PAIRS], large[PAIRS], small[PAIRS], far[PAIRS], r, expected;
  fill_random(3, x, PAIRS);
  fill_random(4, y, PAIRS);
  for (int k = 0; k < PAIRS; k++) {
    x[k] = floor(x[k] * 1000);
    large[k] = ldexp(x[k], 1013);
    small[k] = ldexp(x[k], -1070);
    far[k] = x[k] + 0x1p40;
  }
  assert_int_equal(attrib__pearson(PAIRS, x, 0, y, 0, &expected), ATTRIB__CORRELATED);
  const double *const sides[] = {large, small, far};
  for (int k = 0; k < 3; k++) {
    assert_int_equal(attrib__pearson(PAIRS, sides[k], 0, y, 0, &r), ATTRIB__CORRELATED);
    assert_near(r, expected, ROUND_OFF, 1);
    assert_int_equal(attrib__pearson(PAIRS, y, 0, sides[k], 0, &r), ATTRIB__CORRELATED);
    assert_near(r, expected, ROUND_OFF, 1);
  }
}

static void a_constant_has_none(void **state) {
  (void)state;
  double x[PAIRS], same[PAIRS], nearly[PAIRS], r;
  fill_random(5, x, PAIRS);
  for (int k = 0; k < PAIRS; k++) {
    same[k] = .1;
    nearly[k] = .1 + (k % 3) * 0x1p-54;
  }
  assert_int_equal(attrib__pearson(PAIRS, same, 0, x, 0, &r), ATTRIB__CONSTANT_LEFT);
  assert_true(isnan(r));
  assert_int_equal(attrib__pearson(PAIRS, x, 0, same, 0, &r), ATTRIB__CONSTANT_RIGHT);
  assert_true(isnan(r));
  assert_int_equal(attrib__pearson(PAIRS, same, 0, same, 0, &r), ATTRIB__CONSTANT_LEFT);
  assert_int_equal(attrib__pearson(PAIRS, x, 0, nearly, 0x1p-52, &r), ATTRIB__CONSTANT_RIGHT);
  assert_int_equal(attrib__pearson(PAIRS, nearly, 0x1p-52, x, 0, &r), ATTRIB__CONSTANT_LEFT);
  assert_int_equal(attrib__pearson(PAIRS, x, 0, nearly, 0, &r), ATTRIB__CORRELATED);
  static const double zeros[PAIRS];
  assert_int_equal(attrib__pearson(PAIRS, zeros, 0, x, 0, &r), ATTRIB__CONSTANT_LEFT);
  assert_int_equal(attrib__pearson(1, x, 0, x, 0, &r), ATTRIB__CONSTANT_LEFT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_the_book),
      cmocka_unit_test(whatever_the_magnitude),
      cmocka_unit_test(a_constant_has_none),
  };
  return cmocka_run_group_tests_name("pearson", tests, NULL, NULL);
}
