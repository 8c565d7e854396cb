/* test_normal.c - the normal distribution and its inverses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "random/normal.h"
#include "random/philox.h"

static void assert_close(double value, double expected, double relative) {
  if (!(fabs(value - expected) <= relative * fabs(expected)))
    fail_msg("%.17g is not %.17g within %g relative", value, expected, relative);
}

static void quantiles_are_the_known_ones(void **state) {
  (void)state;
  /* p = 0.001, 0.25, 1e-20: the test values printed with AS 241, to more digits. These and the rest: mpmath 1.3, erfc
   * to 50 digits, solved by bisection for the double nearest to p. */
  const double known[][2] = {
      {0.25, -0.6744897501960817432022},   {0.001, -3.090232306167813535358},   {1e-20, -9.262340089798407579572},
      {0.975, 1.959963984540053855604},    {0.05, -1.644853626951472687952},    {0.075, -1.43953147093845593495},
      {0x1p-53, -8.209536151601386855631}, {0x1p-54, -8.292361075813595538234}, {1e-300, -37.04709629936119923655}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
    assert_close(attrib__normal_quantile(known[k][0]), known[k][1], 4 * DBL_EPSILON);
  assert_true(attrib__normal_quantile(0.5) == 0);
  assert_true(attrib__normal_quantile(0) == -INFINITY);
  assert_true(attrib__normal_quantile(1) == INFINITY);
}

/* Phi(z) moves by z^2 eps, relatively, when z moves by eps: 1e-14 near the middle, and what z can say in the tail. */
static void cdf_undoes_the_quantile(void **state) {
  (void)state;
  for (double p = 1e-305; p < 0.5; p *= 1.37) {
    double z = attrib__normal_quantile(p);
    assert_close(attrib__normal_cdf(z), p, 4 * DBL_EPSILON * (1 + z * z));
    if (p > 1e-3) assert_close(attrib__normal_cdf(z), p, 1e-14);
  }
  for (int i = 1; i < 1000; i++)
    assert_close(attrib__normal_cdf(attrib__normal_quantile(i / 1000.0)), i / 1000.0, 1e-14);
}

static void cdf_has_the_known_values(void **state) {
  (void)state;
  assert_true(attrib__normal_cdf(0) == 0.5);
  assert_true(attrib__normal_cdf(INFINITY) == 1);
  assert_true(attrib__normal_cdf(-INFINITY) == 0);
  /* Abramowitz & Stegun, table 26.1: P(1), and Q(5) of table 26.2. */
  assert_close(attrib__normal_cdf(1), 0.841344746068543, 1e-15);
  assert_close(attrib__normal_cdf(-5), 2.86651571879194e-7, 1e-14);
}

static void quantile_is_odd_and_increasing(void **state) {
  (void)state;
  double u[4096], before = -INFINITY;
  attrib__random_uniforms(1, 1, 0, 0, 4096, u);
  for (int i = 0; i < 4096; i++) assert_true(attrib__normal_quantile(1 - u[i]) == -attrib__normal_quantile(u[i]));
  /* Across the seams of the three fits (p = .075 and exp(-25)), too. */
  for (double p = 1e-13; p < 0.99; p *= 1.0001) {
    double z = attrib__normal_quantile(p);
    assert_true(z > before);
    before = z;
  }
}

/* u of the truncated distribution, from the value: only where nothing cancels. */
static double truncated_cdf(double mean, double sigma, double low, double high, double x) {
  double below = attrib__normal_cdf((low - mean) / sigma), above = attrib__normal_cdf((high - mean) / sigma);
  return (attrib__normal_cdf((x - mean) / sigma) - below) / (above - below);
}

static void truncated_normal_inverts_its_cdf(void **state) {
  (void)state;
  double u[512];
  attrib__random_uniforms(3, 1, 0, 0, 512, u);
  const double cases[][4] = {{0, 1, -1, 1}, {0.5, 1, -1, 1}, {0.9, 0.3, -1, 1},
                             {2, 1, -1, 1}, {7, 1, -1, 1},   {-7, 1, -1, 1}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const double *c = cases[k];
    for (int i = 0; i < 512; i++) {
      double x = attrib__truncated_normal(c[0], c[1], c[2], c[3], u[i]);
      double mirrored = attrib__truncated_normal(-c[0], c[1], -c[3], -c[2], 1 - u[i]);
      assert_true(x >= c[2] && x <= c[3]);
      assert_true(fabs(x + mirrored) < 1e-14);
      /* For a mean below the interval the cdf of what is above 1 - u loses digits: its mirror image does not. */
      double back = c[0] < c[2] ? 1 - truncated_cdf(-c[0], c[1], -c[3], -c[2], mirrored)
                                : truncated_cdf(c[0], c[1], c[2], c[3], x);
      assert_true(fabs(back - u[i]) < 1e-13);
    }
  }
}

/* The far end of an interval that holds the mean: from the upper tail's mass, since the lower one's rounds to 1. */
static void truncated_normal_keeps_the_tail_of_a_wide_interval(void **state) {
  (void)state;
  for (double tail = 0.25; tail >= 0x1p-53; tail /= 2) {
    double x = attrib__truncated_normal(0, 1, -1, 12, 1 - tail);
    assert_close(x, -attrib__truncated_normal(0, 1, -12, 1, tail), 1e-14);
    assert_close(attrib__normal_cdf(-x), tail * attrib__normal_cdf(1), 1e-13);
  }
}

static void truncated_normal_tends_to_the_uniform(void **state) {
  (void)state;
  const double sigmas[] = {1e3, 1.9e5, 2.1e5, 1e8, 1e17, 1e300};
  for (size_t k = 0; k < sizeof sigmas / sizeof sigmas[0]; k++)
    for (double u = 0x1p-53; u < 1; u += 0.03125) {
      double x = attrib__truncated_normal(0.3, sigmas[k], -1, 1, u);
      assert_true(fabs(x - (2 * u - 1)) < 1 / sigmas[k] + 1e-10);
    }
}

/* Mean of n values at the midpoints of n equal cells of u, less `bound`. */
static double mean_excess(double mean, double low, double high, double bound) {
  enum { N = 100000 };
  double sum = 0;
  for (int i = 0; i < N; i++) sum += attrib__truncated_normal(mean, 1, low, high, (i + 0.5) / N) - bound;
  return sum / N;
}

static void truncated_normal_reaches_far_tails(void **state) {
  (void)state;
  /* Mean excess over the bound, of N(0, 1) on [a, b], from mpmath 1.3 by quadrature of exp(-a s - s^2 / 2). */
  assert_close(mean_excess(0, 40, 42, 40), 0.0249688472072637, 1e-3);
  assert_close(mean_excess(0, 100, 200, 100), 0.00999800099926071, 2e-4);
  assert_close(mean_excess(0, -42, -40, -40), -0.0249688472072637, 1e-3);
  /* The seam at 36 sigmas. */
  for (double u = 0.01; u < 1; u += 0.01) {
    double before = attrib__truncated_normal(0, 1, 35.999999, 37.999999, u) - 35.999999;
    double after = attrib__truncated_normal(0, 1, 36.000001, 38.000001, u) - 36.000001;
    assert_close(after, before, 2e-3);
  }
  /* Wide in sigmas, far out: 1e5 sigmas from the mean, 2e-5 wide, tilted by e^2 from end to end. */
  const double e = 0.86466471676338730811; /* 1 - exp(-2) */
  assert_true(fabs(attrib__truncated_normal(-1e5, 1, 0, 2e-5, 0.5) + log(1 - 0.5 * e) / 1e5) < 1e-12);
  assert_true(fabs(attrib__truncated_normal(-1e5, 1, 0, 0.9e-5, 0.5) + log(1 - 0.5 * (1 - exp(-0.9))) / 1e5) < 1e-12);
}

static void truncated_normal_survives_extremes(void **state) {
  (void)state;
  const double means[] = {-1e308, -1e5, -50, -1, 0, 0.3, 1, 50, 1e5, 1e308};
  const double sigmas[] = {0, 5e-324, 1e-300, 1e-3, 1, 1e5, 1e300, 1.7e308};
  const double us[] = {0x1p-53, 0.25, 0.5, 1 - 0x1p-53};
  const double ranges[][2] = {{-1, 1}, {0, 5e-324}, {-1.7e308, 1.7e308}, {1, 1 + DBL_EPSILON}};
  for (size_t m = 0; m < sizeof means / sizeof means[0]; m++)
    for (size_t s = 0; s < sizeof sigmas / sizeof sigmas[0]; s++)
      for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++)
        for (size_t k = 0; k < sizeof us / sizeof us[0]; k++) {
          double x = attrib__truncated_normal(means[m], sigmas[s], ranges[r][0], ranges[r][1], us[k]);
          assert_true(x >= ranges[r][0] && x <= ranges[r][1]); /* false for NaN */
        }
  assert_true(attrib__truncated_normal(0.25, 0, -1, 1, 0.9) == 0.25);
  assert_true(attrib__truncated_normal(3, 0, -1, 1, 0.1) == 1);
  assert_true(attrib__truncated_normal(1e308, 1e-300, -1, 1, 0.1) == 1);
  assert_true(attrib__truncated_normal(-1e308, 1e-300, -1, 1, 0.9) == -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quantiles_are_the_known_ones),
      cmocka_unit_test(cdf_undoes_the_quantile),
      cmocka_unit_test(cdf_has_the_known_values),
      cmocka_unit_test(quantile_is_odd_and_increasing),
      cmocka_unit_test(truncated_normal_keeps_the_tail_of_a_wide_interval),
      cmocka_unit_test(truncated_normal_inverts_its_cdf),
      cmocka_unit_test(truncated_normal_tends_to_the_uniform),
      cmocka_unit_test(truncated_normal_reaches_far_tails),
      cmocka_unit_test(truncated_normal_survives_extremes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
