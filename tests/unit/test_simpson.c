/* test_simpson.c - the rule by its weights and by the polynomials it integrates. */
#include "fixture.h"

#include "quadrature/simpson.h"

enum { MOST = 41 };

/* The weight of each value, in 24ths. */
static void weights_are_the_known_ones(void **state) {
  (void)state;
  static const double expected[8][7] = {
      {0},                       /* no value */
      {0},                       /* one */
      {12, 12},                  /* the trapezoid */
      {8, 32, 8},                /* Simpson */
      {9, 27, 27, 9},            /* 3/8 */
      {8, 32, 16, 32, 8},        /* Simpson twice */
      {8, 32, 8 + 9, 27, 27, 9}, /* Simpson, then 3/8 */
      {8, 32, 16, 32, 16, 32, 8},
  };
  for (int64_t count = 0; count < 8; count++)
    for (int64_t k = 0; k < count; k++) {
      double *values = exact_block((size_t)count * sizeof *values);
      for (int64_t i = 0; i < count; i++) values[i] = i == k ? 24 : 0;
      assert_near(attrib__simpson(count, values), expected[count][k], ROUND_OFF, 24);
      assert_near(24 * attrib__simpson_weight(count, k), expected[count][k], ROUND_OFF, 24);
      free(values);
    }
  assert_true(attrib__simpson(0, NULL) == 0);
}

/* Values that come one by one. */
static void weights_sum_up_to_the_area(void **state) {
  (void)state;
  for (int64_t count = 1; count <= MOST; count++) {
    double *values = exact_block((size_t)count * sizeof *values), sum = 0;
    fill_random((uint64_t)count, values, count);
    for (int64_t k = 0; k < count; k++) sum += attrib__simpson_weight(count, k) * values[k];
    assert_near(sum, attrib__simpson(count, values), ROUND_OFF, (double)count);
    free(values);
  }
}

static double power(double x, int degree) {
  double product = 1;
  for (int i = 0; i < degree; i++) product *= x;
  return product;
}

/* Integral of x^degree about the middle of the values, so that odd and even powers both count. */
static double missed(int64_t count, int degree) {
  const double begin = -1.25, end = begin + (double)(count - 1);
  double *values = exact_block((size_t)count * sizeof *values), size = 0;
  for (int64_t i = 0; i < count; i++) {
    values[i] = power(begin + (double)i, degree);
    size += fabs(values[i]);
  }
  double exact = (power(end, degree + 1) - power(begin, degree + 1)) / (degree + 1);
  double error = (attrib__simpson(count, values) - exact) / size;
  free(values);
  return error;
}

static void cubics_are_integrated_exactly(void **state) {
  (void)state;
  for (int64_t count = 3; count <= MOST; count++)
    for (int degree = 0; degree <= 3; degree++) assert_near(missed(count, degree), 0, ROUND_OFF, 1);
  assert_near(missed(2, 1), 0, ROUND_OFF, 1); /* the trapezoid: straight lines */
}

/* The error of x^4 is known: 4! h^5 / 90 for a pair of intervals, 4! 3 h^5 / 80 for the 3/8 rule. */
static void quartics_are_not(void **state) {
  (void)state;
  for (int64_t count = 3; count <= MOST; count++) {
    double *values = exact_block((size_t)count * sizeof *values);
    for (int64_t i = 0; i < count; i++) values[i] = power((double)i, 4);
    int64_t intervals = count - 1, threes = intervals % 2, pairs = (intervals - 3 * threes) / 2;
    double exact = power((double)intervals, 5) / 5, excess = (double)pairs * 24 / 90 + (double)threes * 24 * 3 / 80;
    assert_near(attrib__simpson(count, values), exact + excess, ROUND_OFF, exact);
    free(values);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weights_are_the_known_ones),
      cmocka_unit_test(weights_sum_up_to_the_area),
      cmocka_unit_test(cubics_are_integrated_exactly),
      cmocka_unit_test(quartics_are_not),
  };
  return cmocka_run_group_tests_name("simpson", tests, NULL, NULL);
}
