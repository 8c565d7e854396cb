/* test_log_rule.c - the weights against their antiderivatives, and the rule by what it integrates. */
#include "fixture.h"

#include "quadrature/log_rule.h"

/* Antiderivatives of -ln c, -c ln c and -c^2 ln c from 0 on: c^(p + 1) (1 - (p + 1) ln c) / (p + 1)^2. */
static long double antiderivative(int power, long double c) {
  const long double p = power + 1;
  return c == 0 ? 0 : powl(c, p) * (1 - p * logl(c)) / (p * p);
}

static long double between(int power, long double a, long double b) {
  return antiderivative(power, b) - antiderivative(power, a);
}

/* The integral of -c^power ln c times the hat of node k. */
static long double weight_of(int power, int64_t points, int64_t k) {
  const long double n = (long double)points, before = (long double)(k - 1) / n, node = (long double)k / n;
  const long double after = (long double)(k + 1) / n;
  long double sum = 0;
  if (k > 0) sum += n * (between(power + 1, before, node) - before * between(power, before, node));
  if (k < points) sum += n * (after * between(power, node, after) - between(power + 1, node, after));
  return sum;
}

/* Long doubles lose points^2 roundings and more in these differences: 2^-63 times 500 at 16 points. */
static void weights_are_integrals_of_hats(void **state) {
  (void)state;
  for (int64_t points = 1; points <= 16; points++)
    for (int64_t k = 0; k <= points; k++) {
      double plain, times_c;
      attrib__log_rule(points, k, &plain, &times_c);
      assert_near(plain, (double)weight_of(0, points, k), ROUND_OFF, (double)weight_of(0, points, k));
      assert_near(times_c, (double)weight_of(1, points, k), ROUND_OFF, (double)weight_of(1, points, k));
    }
}

/* By hand. */
static void one_piece(void **state) {
  (void)state;
  double plain, times_c;
  attrib__log_rule(1, 0, &plain, &times_c);
  assert_near(plain, 3.0 / 4, ROUND_OFF, 1);
  assert_near(times_c, 5.0 / 36, ROUND_OFF, 1);
  attrib__log_rule(1, 1, &plain, &times_c);
  assert_near(plain, 1.0 / 4, ROUND_OFF, 1);
  assert_near(times_c, 1.0 / 9, ROUND_OFF, 1);
}

/* The integral of c is 1/4 and 1/9, that of 1 is 1 and 1/4: both to a few roundings, whatever the points. */
static void what_is_linear_is_integrated_exactly(void **state) {
  (void)state;
  static const int64_t many[] = {1, 2, 3, 5, 10, 50, 999, 100000, 1000003};
  for (int64_t m = 0; m < COUNT(many); m++) {
    const int64_t points = many[m];
    long double sums[4] = {0};
    for (int64_t k = 0; k <= points; k++) {
      double plain, times_c, c = (double)k / (double)points;
      attrib__log_rule(points, k, &plain, &times_c);
      assert_true(plain > 0 && times_c > 0);
      sums[0] += (long double)plain;
      sums[1] += (long double)plain * (long double)c;
      sums[2] += (long double)times_c;
      sums[3] += (long double)times_c * (long double)c;
    }
    assert_near((double)sums[0], 1, ROUND_OFF, 1);
    assert_near((double)sums[1], 1.0 / 4, ROUND_OFF, 1.0 / 4);
    assert_near((double)sums[2], 1.0 / 4, ROUND_OFF, 1.0 / 4);
    assert_near((double)sums[3], 1.0 / 9, ROUND_OFF, 1.0 / 9);
  }
}

/* Far more points than could be summed: a weight is the density at the node over the points, but for a relative
 * 1 / (12 k^2), and at the upper end the integral of the density's slope, 1 / (6 n^2). */
static void weights_keep_their_digits(void **state) {
  (void)state;
  const int64_t points = INT64_C(1) << 40;
  const double n = 0x1p40;
  double plain, times_c;
  for (int64_t k = INT64_C(1) << 28; k < points; k += points / 7) {
    attrib__log_rule(points, k, &plain, &times_c);
    const double c = (double)k / n;
    assert_near(plain * n, -log(c), ROUND_OFF, -log(c));
    assert_near(times_c * n, -c * log(c), ROUND_OFF, -c * log(c));
  }
  attrib__log_rule(points, points - 3, &plain, &times_c);
  assert_near(plain * n, -log1p(-3 / n) + 1 / (12 * n * n), ROUND_OFF, 3 / n);
  attrib__log_rule(points, points, &plain, &times_c);
  assert_near(plain * n * n, 1.0 / 6, 0x1p-38, 1.0 / 6);
  assert_near(times_c * n * n, 1.0 / 6, 0x1p-38, 1.0 / 6);
  const double odd = 1e12; /* where quotients are rounded */
  attrib__log_rule((int64_t)odd, (int64_t)odd - 3, &plain, &times_c);
  assert_near(plain * odd, -log1p(-3 / odd) + 1 / (12 * odd * odd), ROUND_OFF, 3 / odd);
}

/* Of e^c the integrals are the sums of 1 / (k! (k + 1)^2) and of 1 / (k! (k + 2)^2). */
static void smooth_functions_converge_in_second_order(void **state) {
  (void)state;
  double exact[2] = {0, 0}, factorial = 1, last[2] = {0, 0};
  for (int k = 0; k < 25; k++) {
    if (k > 0) factorial *= k;
    exact[0] += 1 / (factorial * (k + 1) * (k + 1));
    exact[1] += 1 / (factorial * (k + 2) * (k + 2));
  }
  for (int64_t points = 4; points <= 1024; points *= 2) {
    double errors[2] = {-exact[0], -exact[1]};
    for (int64_t k = 0; k <= points; k++) {
      double plain, times_c, value = exp((double)k / (double)points);
      attrib__log_rule(points, k, &plain, &times_c);
      errors[0] += plain * value;
      errors[1] += times_c * value;
    }
    for (int w = 0; w < 2; w++) {
      /* Hats lie above a convex function, by the square of the step times a twelfth of the second derivative. At 0,
       * where the weights have no derivative, pieces are off by one more power of the step. */
      assert_near(errors[w] * 12 * (double)(points * points), exact[w], .2 / (double)points, exact[w]);
      if (points > 4) assert_near(last[w] / errors[w], 4, .4 / (double)points, 4);
      last[w] = errors[w];
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weights_are_integrals_of_hats),
      cmocka_unit_test(one_piece),
      cmocka_unit_test(what_is_linear_is_integrated_exactly),
      cmocka_unit_test(weights_keep_their_digits),
      cmocka_unit_test(smooth_functions_converge_in_second_order),
  };
  return cmocka_run_group_tests_name("log_rule", tests, NULL, NULL);
}
