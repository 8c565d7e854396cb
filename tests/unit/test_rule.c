/* test_rule.c - the quadrature rules on their own: weights, nodes, exactness, order, and how they differ from peers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>

#include <attrib/methods.h>

#include "quadrature/rule.h"
#include "rows/sum.h"

static const uint32_t rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_RIGHT, ATTRIB_RULE_MIDPOINT, ATTRIB_RULE_TRAPEZOID,
                                 ATTRIB_RULE_GAUSS_LEGENDRE};
enum { RULES = sizeof rules / sizeof rules[0] };

static int64_t fewest_points(uint32_t rule) {
  return rule == ATTRIB_RULE_TRAPEZOID ? 2 : 1;
}

typedef double (*integrand)(double);

static double integral(uint32_t rule, int64_t points, integrand f) {
  attrib__sum sum = {0, 0};
  for (int64_t j = 0; j < points; j++) {
    double alpha, weight;
    attrib__rule_node(rule, points, j, &alpha, &weight);
    attrib__sum_add(&sum, weight * f(alpha));
  }
  return attrib__sum_value(&sum);
}

static void check_nodes_and_weights(uint32_t rule, int64_t points) {
  attrib__sum sum = {0, 0};
  double before = -1;
  for (int64_t j = 0; j < points; j++) {
    double alpha = NAN, weight = NAN, mirror_alpha, mirror_weight;
    attrib__rule_node(rule, points, j, &alpha, &weight);
    assert_true(alpha >= 0 && alpha <= 1);
    assert_true(alpha > before);
    assert_true(weight > 0);
    before = alpha;
    attrib__sum_add(&sum, weight);
    if (rule == ATTRIB_RULE_LEFT || rule == ATTRIB_RULE_RIGHT) continue;
    attrib__rule_node(rule, points, points - 1 - j, &mirror_alpha, &mirror_weight);
    assert_true(fabs(mirror_alpha - (1 - alpha)) <= DBL_EPSILON / 2);
    assert_true(mirror_weight == weight);
  }
  assert_true(fabs(attrib__sum_value(&sum) - 1) <= 4 * DBL_EPSILON);
}

static void weights_sum_to_one_and_nodes_increase(void **state) {
  (void)state;
  const int64_t many[] = {500, 997, 1000, 5000, 65537};
  for (int r = 0; r < RULES; r++) {
    for (int64_t points = fewest_points(rules[r]); points <= 100; points++) check_nodes_and_weights(rules[r], points);
    for (size_t k = 0; k < sizeof many / sizeof many[0]; k++)
      if (rules[r] != ATTRIB_RULE_GAUSS_LEGENDRE || many[k] <= 1000) check_nodes_and_weights(rules[r], many[k]);
  }
}

static void rational_nodes_are_correctly_rounded(void **state) {
  (void)state;
  for (int64_t n = 2; n <= 200; n++)
    for (int64_t j = 0; j < n; j++) {
      double alpha, weight;
      attrib__rule_node(ATTRIB_RULE_LEFT, n, j, &alpha, &weight);
      assert_true(alpha == (double)j / (double)n && weight == 1 / (double)n);
      attrib__rule_node(ATTRIB_RULE_RIGHT, n, j, &alpha, &weight);
      assert_true(alpha == (double)(j + 1) / (double)n && weight == 1 / (double)n);
      attrib__rule_node(ATTRIB_RULE_MIDPOINT, n, j, &alpha, &weight);
      assert_true(alpha == ((double)j + 0.5) / (double)n && weight == 1 / (double)n);
      attrib__rule_node(ATTRIB_RULE_TRAPEZOID, n, j, &alpha, &weight);
      assert_true(alpha == (double)j / (double)(n - 1));
      assert_true(weight == (j == 0 || j == n - 1 ? 0.5 : 1.0) / (double)(n - 1));
    }
}

static void ends_are_exact(void **state) {
  (void)state;
  for (int64_t n = 2; n < 3000; n++) {
    double first, last, weight;
    attrib__rule_node(ATTRIB_RULE_TRAPEZOID, n, 0, &first, &weight);
    attrib__rule_node(ATTRIB_RULE_TRAPEZOID, n, n - 1, &last, &weight);
    assert_true(first == 0 && last == 1);
    attrib__rule_node(ATTRIB_RULE_LEFT, n, 0, &first, &weight);
    attrib__rule_node(ATTRIB_RULE_RIGHT, n, n - 1, &last, &weight);
    assert_true(first == 0 && last == 1);
  }
}

static double one(double t) {
  return t == t;
}

static double line(double t) {
  return 2 * t;
}

/* Slope of x^3 along 0 -> 1. */
static double cube_slope(double t) {
  return 3 * t * t;
}

static double smooth(double t) {
  return exp(t);
}

/* Slope of relu(x - (sqrt 2 - 1)). */
static double kinked(double t) {
  return t < 0.41421356237309505 ? 0 : 1;
}

static void rules_are_exact_to_their_degree(void **state) {
  (void)state;
  for (int r = 0; r < RULES; r++)
    for (int64_t n = fewest_points(rules[r]); n <= 64; n++) {
      assert_true(fabs(integral(rules[r], n, one) - 1) <= 4 * DBL_EPSILON);
      double error = integral(rules[r], n, line) - 1;
      double exact = rules[r] == ATTRIB_RULE_LEFT ? -1 / (double)n : rules[r] == ATTRIB_RULE_RIGHT ? 1 / (double)n : 0;
      assert_true(fabs(error - exact) <= 4 * DBL_EPSILON);
    }
}

/* Exact values for f = x^3 from 0 to 1. */
static void rules_give_the_exact_values_for_a_cube(void **state) {
  (void)state;
  assert_true(fabs(integral(ATTRIB_RULE_LEFT, 25, cube_slope) - 0.9408) < 1e-15);
  assert_true(fabs(integral(ATTRIB_RULE_RIGHT, 25, cube_slope) - 1.0608) < 1e-15);
  assert_true(fabs(integral(ATTRIB_RULE_MIDPOINT, 25, cube_slope) - 0.9996) < 1e-15);
  assert_true(fabs(integral(ATTRIB_RULE_TRAPEZOID, 25, cube_slope) - 1.0 - 0.5 / 576) < 1e-15);
  assert_true(fabs(integral(ATTRIB_RULE_GAUSS_LEGENDRE, 2, cube_slope) - 1) <= 2 * DBL_EPSILON);
}

/* Error with n points over error with 2 n (trapezoid: 2 n - 1) points, on exp. */
static double error_ratio(uint32_t rule, int64_t n) {
  int64_t finer = rule == ATTRIB_RULE_TRAPEZOID ? 2 * n - 1 : 2 * n;
  const double exact = expm1(1);
  return (integral(rule, n, smooth) - exact) / (integral(rule, finer, smooth) - exact);
}

static void errors_fall_at_the_stated_order(void **state) {
  (void)state;
  assert_true(fabs(error_ratio(ATTRIB_RULE_LEFT, 100) - 2) < 0.01);
  assert_true(fabs(error_ratio(ATTRIB_RULE_RIGHT, 100) - 2) < 0.01);
  assert_true(fabs(error_ratio(ATTRIB_RULE_MIDPOINT, 100) - 4) < 0.01);
  assert_true(fabs(error_ratio(ATTRIB_RULE_TRAPEZOID, 101) - 4) < 0.01);
  assert_true(fabs(integral(ATTRIB_RULE_GAUSS_LEGENDRE, 7, smooth) - expm1(1)) < 1e-15);
  /* A jump in the slope: every rule is within the largest weight, 1 / n or pi / (2 n), and of no better order. */
  for (int r = 0; r < RULES; r++) {
    double worst = 0;
    for (int64_t n = 200; n < 220; n++)
      worst = fmax(worst, (double)n * fabs(integral(rules[r], n, kinked) - (1 - 0.41421356237309505)));
    assert_true(worst > 0.3 && worst < 1.6);
  }
}

/* IG of x1 + 2 x2 from (0, 0) to (1, 1): the gradient is constant. captum's trapezoid weighs 1 / n and half of it at
 * the ends, n = 50, and so loses 2 % of a linear model. */
static void unlike_peers_trapezoid_keeps_a_linear_model(void **state) {
  (void)state;
  const double gradient[2] = {1, 2};
  double ours[2] = {0, 0}, captum[2] = {0, 0};
  for (int64_t j = 0; j < 50; j++) {
    double alpha, weight;
    attrib__rule_node(ATTRIB_RULE_TRAPEZOID, 50, j, &alpha, &weight);
    for (int i = 0; i < 2; i++) {
      ours[i] += weight * gradient[i];
      captum[i] += (j == 0 || j == 49 ? 0.5 : 1.0) / 50 * gradient[i];
    }
  }
  assert_true(fabs(ours[0] - 1) < 1e-15 && fabs(ours[1] - 2) < 2e-15);
  assert_true(fabs(captum[0] - 0.98) < 1e-14 && fabs(captum[1] - 1.96) < 1e-14);
}

/* PAIR, Distill and path_explain average the trapezoid's nodes with equal weights, which adds a pull of 1 / n towards
 * the mean of the ends: 49 / 48 for the cube with 25 points. */
static void unlike_peers_trapezoid_halves_its_ends(void **state) {
  (void)state;
  double equal = 0, captum = 0;
  for (int64_t j = 0; j < 25; j++) {
    double alpha, weight;
    attrib__rule_node(ATTRIB_RULE_TRAPEZOID, 25, j, &alpha, &weight);
    equal += cube_slope(alpha) / 25;
    captum += (j == 0 || j == 24 ? 0.5 : 1.0) / 25 * cube_slope(alpha);
  }
  double ours = integral(ATTRIB_RULE_TRAPEZOID, 25, cube_slope);
  assert_true(fabs(equal - 49.0 / 48) < 1e-14);
  assert_true(fabs(captum - 0.9608333333333333) < 1e-14);
  assert_true(fabs(equal - (ours + (1.5 - ours) / 25)) < 1e-14);
  assert_true(fabs(ours - 1) < 1e-3 && fabs(equal - 1) > 2e-2 && fabs(captum - 1) > 3e-2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weights_sum_to_one_and_nodes_increase),
      cmocka_unit_test(rational_nodes_are_correctly_rounded),
      cmocka_unit_test(ends_are_exact),
      cmocka_unit_test(rules_are_exact_to_their_degree),
      cmocka_unit_test(rules_give_the_exact_values_for_a_cube),
      cmocka_unit_test(errors_fall_at_the_stated_order),
      cmocka_unit_test(unlike_peers_trapezoid_keeps_a_linear_model),
      cmocka_unit_test(unlike_peers_trapezoid_halves_its_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
