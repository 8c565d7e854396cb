/* test_gauss_legendre.c - nodes and weights against published and high-precision values, and polynomials. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "quadrature/gauss_legendre.h"
#include "rows/sum.h"

/* Correctly rounded, so equal to the decimal value converted; a unit is left for how the compiler reads that. */
static void assert_correct(double value, double expected) {
  if (!(fabs(value - expected) <= DBL_EPSILON * fabs(expected))) fail_msg("%.17g is not %.17g", value, expected);
}

static void check(int64_t n, int64_t j, double expected_alpha, double expected_weight) {
  double alpha = NAN, weight = NAN;
  attrib__gauss_legendre_node(n, j, &alpha, &weight);
  assert_correct(alpha, expected_alpha);
  assert_correct(weight, expected_weight);
}

static void few_points_have_their_closed_forms(void **state) {
  (void)state;
  check(1, 0, 0.5, 1);
  check(2, 0, 1 / (3 + sqrt(3)), 0.5); /* (1 - 1 / sqrt 3) / 2 without cancellation */
  check(2, 1, (3 + sqrt(3)) / 6, 0.5);
  check(3, 0, 1 / (5 + sqrt(15)), 5.0 / 18);
  check(3, 1, 0.5, 4.0 / 9);
  check(3, 2, (5 + sqrt(15)) / 10, 5.0 / 18);
}

/* Abramowitz & Stegun, table 25.4: positive abscissas and weights on [-1, 1], to 15 places. */
static void few_points_agree_with_the_published_table(void **state) {
  (void)state;
  const struct {
    int64_t n, j;
    double x, w;
  } table[] = {{2, 1, 0.577350269189626, 1.000000000000000}, {3, 2, 0.774596669241483, 0.555555555555556},
               {3, 1, 0.000000000000000, 0.888888888888889}, {4, 2, 0.339981043584856, 0.652145154862546},
               {4, 3, 0.861136311594053, 0.347854845137454}, {5, 2, 0.000000000000000, 0.568888888888889},
               {5, 3, 0.538469310105683, 0.478628670499366}, {5, 4, 0.906179845938664, 0.236926885056189}};
  for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
    double alpha, weight;
    attrib__gauss_legendre_node(table[k].n, table[k].j, &alpha, &weight);
    assert_true(fabs(2 * alpha - 1 - table[k].x) < 7e-16);
    assert_true(fabs(2 * weight - table[k].w) < 7e-16);
  }
}

/* mpmath 1.3, 50 digits, Newton's method on the three-term recurrence; alpha = (1 - x) / 2, weight on [0, 1]. */
static void many_points_agree_with_high_precision(void **state) {
  (void)state;
  check(10, 0, 0.01304673574141413996102, 0.03333567215434406879678);
  check(10, 4, 0.4255628305091843945576, 0.1477621123573764350869);
  check(64, 0, 0.0003474791321139302715472, 0.000891640360848216473648);
  check(64, 31, 0.4878248536682877837455, 0.02434547850456986019168);
  check(101, 50, 0.5, 0.01547563811987827323369);
  check(1000, 0, 0.000001444350962244715061855, 0.000003706669208216035758738);
  check(1000, 1, 0.000007610183541290837850958, 0.000008628384886869615058882);
  check(1000, 250, 0.1471411874053522967146, 0.001112342089334146472064);
  check(1000, 499, 0.4992149947599584030855, 0.001570009190091433893498);
  check(5000, 0, 5.782029368517517682865e-8, 1.483855426204398689509e-7);
  check(5000, 2499, 0.4998429360770813829561, 0.0003141278355049086889377);
  /* The mirror image. */
  check(1000, 999, 1 - 0.000001444350962244715061855, 0.000003706669208216035758738);
  check(5000, 2500, 1 - 0.4998429360770813829561, 0.0003141278355049086889377);
}

/* alpha^degree, relative error of the integral 1 / (degree + 1). Rounding a node by eps / 2 moves the power by degree
 * eps / 2. */
static double power_error(int64_t n, int degree) {
  attrib__sum sum = {0, 0};
  for (int64_t j = 0; j < n; j++) {
    double alpha, weight;
    attrib__gauss_legendre_node(n, j, &alpha, &weight);
    attrib__sum_add(&sum, weight * pow(alpha, degree));
  }
  return fabs(attrib__sum_value(&sum) * (degree + 1) - 1);
}

static void polynomials_to_degree_2n_minus_1_are_exact(void **state) {
  (void)state;
  for (int64_t n = 1; n <= 64; n++)
    for (int degree = 0; degree < 2 * n; degree++)
      assert_true(power_error(n, degree) <= (2 + 0.5 * degree) * DBL_EPSILON);
  /* and of degree 2n are not: the error is (n!)^4 / ((2n)!)^2, relative to the integral's 1 / (2n + 1) times that */
  for (int n = 1; n <= 8; n++) {
    double error = pow(tgamma(n + 1), 4) / pow(tgamma(2 * n + 1), 2);
    assert_true(fabs(power_error(n, 2 * n) / error - 1) < 1e-3);
  }
}

/* Integral over [0, 1] of the Chebyshev polynomial T_degree(2 alpha - 1), of size 1: 1 / (1 - degree^2) or 0. */
static void chebyshev_polynomials_are_exact(void **state) {
  (void)state;
  for (int64_t n = 2; n <= 64; n += 1 + n / 8)
    for (int degree = 2; degree < 2 * n; degree++) {
      attrib__sum sum = {0, 0};
      for (int64_t j = 0; j < n; j++) {
        double alpha, weight;
        attrib__gauss_legendre_node(n, j, &alpha, &weight);
        /* 2 alpha - 1 = -cos(2 asin(sqrt(alpha))); the sign of T for odd degrees does not matter to an integral of 0 */
        attrib__sum_add(&sum, weight * cos(2 * degree * asin(sqrt(alpha))));
      }
      double exact = degree % 2 == 1 ? 0 : 1 / (1 - (double)degree * degree);
      assert_true(fabs(attrib__sum_value(&sum) - exact) <= (4 + degree) * DBL_EPSILON);
    }
}

/* 1 - relu(1 - x) from 0 to 2 with slope 0 taken at the kink, which an odd rule has a node on: 1 - middle weight. */
static void a_kink_on_the_middle_node_costs_its_weight(void **state) {
  (void)state;
  double attribution = 0;
  for (int64_t j = 0; j < 51; j++) {
    double alpha, weight;
    attrib__gauss_legendre_node(51, j, &alpha, &weight);
    attribution += 2 * weight * (2 * alpha < 1 ? 1 : 0);
  }
  assert_true(fabs(attribution - 0.969500537579) < 1e-12);
}

static void halves_are_mirror_images_to_the_bit(void **state) {
  (void)state;
  for (int64_t n = 1; n <= 120; n++)
    for (int64_t j = 0; j < n; j++) {
      double alpha, weight, mirror_alpha, mirror_weight;
      attrib__gauss_legendre_node(n, j, &alpha, &weight);
      attrib__gauss_legendre_node(n, n - 1 - j, &mirror_alpha, &mirror_weight);
      assert_true(weight == mirror_weight);
      assert_true(fabs(alpha + mirror_alpha - 1) <= DBL_EPSILON / 2);
      if (2 * j + 1 == n) assert_true(alpha == 0.5);
    }
}

/* Every weight is rounded once, so their exact sum strays from 1 by far less than one weight's error each. */
static void weights_sum_to_one_to_the_last_bit(void **state) {
  (void)state;
  for (int64_t n = 1; n <= 1000; n += n < 100 ? 1 : 150) {
    attrib__sum sum = {0, 0};
    for (int64_t j = 0; j < n; j++) {
      double alpha, weight;
      attrib__gauss_legendre_node(n, j, &alpha, &weight);
      attrib__sum_add(&sum, weight);
    }
    assert_true(fabs(attrib__sum_value(&sum) - 1) <= DBL_EPSILON);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_points_have_their_closed_forms),
      cmocka_unit_test(few_points_agree_with_the_published_table),
      cmocka_unit_test(many_points_agree_with_high_precision),
      cmocka_unit_test(polynomials_to_degree_2n_minus_1_are_exact),
      cmocka_unit_test(chebyshev_polynomials_are_exact),
      cmocka_unit_test(a_kink_on_the_middle_node_costs_its_weight),
      cmocka_unit_test(halves_are_mirror_images_to_the_bit),
      cmocka_unit_test(weights_sum_to_one_to_the_last_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
