/* test_kinks.c - slopes that account for a function's changes, and slopes that do not. */
#include "fixture.h"

#include "methods/kinks.h"

typedef struct curve {
  double (*value)(double c);
  double (*slope)(double c);
} curve;

static double linear(double c) {
  return 2 * c - 1;
}
static double linear_slope(double c) {
  (void)c;
  return 2;
}
static double parabola(double c) {
  return 3 * c * c - 2 * c;
}
static double parabola_slope(double c) {
  return 6 * c - 2;
}
static double wave(double c) {
  return sin(9 * c);
}
static double wave_slope(double c) {
  return 9 * cos(9 * c);
}
/* Jumps from 1 to 4 and down to 2. */
static double steps(double c) {
  return c < .31 ? 1 : c < .77 ? 4 : 2;
}
static double no_slope(double c) {
  (void)c;
  return 0;
}
static double constant(double c) {
  (void)c;
  return 7;
}

static void add(attrib__kinks *kinks, const curve *f, int64_t points, double weight, double scale, double rounding) {
  attrib__kinks_begin(kinks);
  for (int64_t k = 0; k <= points; k++) {
    const double c = (double)k / (double)points;
    const attrib__kink_node node = {.value = scale * f->value(c),
                                    .slope = scale * f->slope(c),
                                    .value_rounding = rounding * fabs(scale * f->value(c)),
                                    .slope_rounding = 1000 * rounding * fabs(scale)};
    attrib__kinks_add(kinks, weight, 1 / (double)points, &node);
  }
}

static double share_of(double (*value)(double), double (*slope)(double), int64_t points) {
  attrib__kinks kinks = {0};
  const curve f = {value, slope};
  add(&kinks, &f, points, 1, 1, DBL_EPSILON);
  return attrib__kinks_share(&kinks);
}

static void smooth_functions_are_explained(void **state) {
  (void)state;
  for (int64_t points = 1; points <= 100; points++) {
    assert_true(share_of(linear, linear_slope, points) == 0);
    assert_true(share_of(parabola, parabola_slope, points) == 0);
    assert_true(share_of(constant, no_slope, points) == 0);
  }
  /* The trapezoid's error is a twelfth of step^2 times the second derivative of the slope, 81 times the slope. */
  assert_near(share_of(wave, wave_slope, 50), 81.0 / 12 / 2500, .01, 81.0 / 12 / 2500);
  assert_near(share_of(wave, wave_slope, 500), 81.0 / 12 / 250000, .001, 81.0 / 12 / 250000);
}

static void steps_are_not(void **state) {
  (void)state;
  for (int64_t points = 1; points <= 100; points++) assert_near(share_of(steps, no_slope, points), 1, 1e-12, 1);
}

/* A difference quotient that a kink has come between: it stands for half of a piece on either side. */
static void a_spike_is_more_than_everything(void **state) {
  (void)state;
  attrib__kinks kinks = {0};
  attrib__kinks_begin(&kinks);
  for (int k = 0; k <= 10; k++) {
    const attrib__kink_node node = {.value = k < 5 ? 0 : 1, .slope = k == 5 ? 1e5 : 0};
    attrib__kinks_add(&kinks, 1, .1, &node);
  }
  assert_near(attrib__kinks_share(&kinks), 1e4 - 1, ROUND_OFF, 1e4); /* |1 - 5000| + |0 - 5000| over 1 */
}

/* Paths by their weights; the step from the end of one to the start of the next is none. */
static void paths_are_apart(void **state) {
  (void)state;
  const curve kinked = {steps, no_slope}, smooth = {linear, linear_slope};
  attrib__kinks kinks = {0};
  add(&kinks, &smooth, 10, 3, 1, 0);
  assert_true(attrib__kinks_share(&kinks) < 1e-12);
  add(&kinks, &kinked, 10, 1, 1, 0); /* changes by 5, the other one by 2 */
  assert_near(attrib__kinks_share(&kinks), 5.0 / (3 * 2 + 5), 1e-12, 1);
  add(&kinks, &kinked, 10, 2, -1, 0);
  assert_near(attrib__kinks_share(&kinks), 15.0 / (3 * 2 + 15), 1e-12, 1);
}

/* Whatever its unit. */
static void scale_does_not_matter(void **state) {
  (void)state;
  const curve kinked = {steps, no_slope}, smooth = {wave, wave_slope};
  for (int e = -300; e <= 300; e += 50) {
    attrib__kinks kinks = {0};
    add(&kinks, &kinked, 20, 1, ldexp(1, e), DBL_EPSILON);
    assert_near(attrib__kinks_share(&kinks), 1, 1e-12, 1);
    kinks = (attrib__kinks){0};
    add(&kinks, &smooth, 20, 1, ldexp(1, e), 0);
    assert_near(attrib__kinks_share(&kinks), 81.0 / 12 / 400, .1, 81.0 / 12 / 400);
  }
}

/* A value and a slope that are rounding alone say nothing; a slope of 0 has none, whatever it might have. */
static void rounding_is_no_kink(void **state) {
  (void)state;
  attrib__kinks kinks = {0};
  uint64_t seed = 1;
  attrib__kinks_begin(&kinks);
  for (int k = 0; k <= 50; k++) {
    const attrib__kink_node node = {.value = 1 + 1e-16 * random_number(&seed),
                                    .slope = 1e-3 * random_number(&seed),
                                    .value_rounding = 1e-16,
                                    .slope_rounding = 1e-3};
    attrib__kinks_add(&kinks, 1, .02, &node);
  }
  assert_true(kinks.unexplained > 10 * kinks.changed);
  assert_true(attrib__kinks_share(&kinks) == 0);
  kinks = (attrib__kinks){0};
  attrib__kinks_begin(&kinks);
  for (int k = 0; k <= 50; k++) {
    const attrib__kink_node node = {.value = k < 20 ? 1 : 2, .slope = 0, .slope_rounding = 1e3};
    attrib__kinks_add(&kinks, 1, .02, &node);
  }
  assert_true(attrib__kinks_share(&kinks) == 1);
}

/* Slopes without any change: a wave that the nodes fall in step with. */
static void what_goes_to_and_fro_between_nodes(void **state) {
  (void)state;
  attrib__kinks kinks = {0};
  attrib__kinks_begin(&kinks);
  for (int k = 0; k <= 10; k++) {
    const attrib__kink_node node = {.value = 1, .slope = 2, .value_rounding = 1e-16};
    attrib__kinks_add(&kinks, 1, .1, &node);
  }
  assert_true(isinf(attrib__kinks_share(&kinks)));
  kinks = (attrib__kinks){0};
  assert_true(attrib__kinks_share(&kinks) == 0); /* of nothing, nothing is missed */
}

/* Second derivatives of this length; jumps are twice as long at odd nodes. */
static bool jumps_along(int64_t points, double (*length)(double c), double jump, double rounding) {
  attrib__jumps jumps = {0};
  attrib__jumps_begin(&jumps);
  for (int64_t k = 0; k <= points; k++)
    attrib__jumps_add(&jumps, 1, length((double)k / (double)points) + (k % 2 == 1 ? 2 : 1) * jump, rounding);
  return attrib__jumps_rule(&jumps);
}

static double eight(double c) {
  (void)c;
  return 8;
}
static double peak(double c) {
  return exp(-50 * (c - .5) * (c - .5));
}

static void lengths_that_follow_the_width_are_jumps(void **state) {
  (void)state;
  for (int64_t points = 4; points <= 101; points++) {
    assert_true(jumps_along(points, no_slope, 1e6, 1));
    assert_true(jumps_along(points, eight, 8.1, 0)); /* (8 + 16.2) / (8 + 8.1) */
    assert_false(jumps_along(points, eight, 7.9, 0));
    assert_false(jumps_along(points, no_slope, 1e6, 5.1e5));
    assert_false(jumps_along(points, no_slope, 0, 0));
    if (points >= 8) assert_false(jumps_along(points, peak, 0, 0));
  }
  for (int64_t points = 1; points < 4; points++) assert_false(jumps_along(points, no_slope, 1, 0));
}

/* Kinks that only the wider differences meet, at even nodes. */
static void lengths_that_are_gone_are_jumps(void **state) {
  (void)state;
  static const struct {
    double even, odd, rounding;
    bool jumps;
  } cases[] = {{1e6, 0, 1, true}, {8, 3.9, 0, true}, {8, 4.1, 0, false}, {8, 0, 7.9, true}, {8, 0, 8.1, false}};
  for (int k = 0; k < COUNT(cases); k++)
    for (int64_t points = 4; points <= 101; points++) {
      attrib__jumps jumps = {0};
      attrib__jumps_begin(&jumps);
      for (int64_t i = 0; i <= points; i++)
        attrib__jumps_add(&jumps, 1, i % 2 == 0 ? cases[k].even : cases[k].odd, cases[k].rounding);
      assert_int_equal(attrib__jumps_rule(&jumps), cases[k].jumps);
    }
}

/* Odd and even are counted on each path from its start, and paths count by weight. */
static void jumps_of_paths_are_apart(void **state) {
  (void)state;
  for (int heavy = 0; heavy < 2; heavy++) {
    attrib__jumps jumps = {0};
    for (int path = 0; path < 2; path++) {
      attrib__jumps_begin(&jumps);
      for (int k = 0; k <= 6; k++)
        attrib__jumps_add(&jumps, path == heavy ? 1 : .01, path == 0 && k % 2 == 1 ? 2 : 1, 0);
    }
    assert_int_equal(attrib__jumps_rule(&jumps), heavy == 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(smooth_functions_are_explained),
      cmocka_unit_test(steps_are_not),
      cmocka_unit_test(a_spike_is_more_than_everything),
      cmocka_unit_test(paths_are_apart),
      cmocka_unit_test(scale_does_not_matter),
      cmocka_unit_test(rounding_is_no_kink),
      cmocka_unit_test(what_goes_to_and_fro_between_nodes),
      cmocka_unit_test(lengths_that_follow_the_width_are_jumps),
      cmocka_unit_test(lengths_that_are_gone_are_jumps),
      cmocka_unit_test(jumps_of_paths_are_apart),
  };
  return cmocka_run_group_tests_name("kinks", tests, NULL, NULL);
}
