/* test_sides.c - where the two sides of a node lie, and where there are none. */
#include "fixture.h"

#include "methods/sides.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

static double epsilon_of(uint32_t dtype) {
  return dtype == ATTRIB_F32 ? (double)FLT_EPSILON : DBL_EPSILON;
}

/* Of the second of three features. */
static attrib__sides sides_of(uint32_t dtype, double from, double to, double alpha, double width) {
  void *start = as_row(dtype, (const double[]){5, from, 6}, 3), *end = as_row(dtype, (const double[]){7, to, 8}, 3);
  const attrib__row row = {.from = start, .to = end, .alpha = alpha};
  const attrib__sides sides = attrib__sides_of(dtype, &row, 1, width, false);
  free(start);
  free(end);
  return sides;
}

static void a_width_is_taken_as_it_is(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    const attrib__sides at_start = sides_of(dtypes[t], -1, 3, 0, .125), at_end = sides_of(dtypes[t], -1, 3, 1, .125),
                        between = sides_of(dtypes[t], -1, 3, .25, 8);
    assert_true(at_start.way == 4 && at_start.offset == .125);
    assert_true(at_start.above == -.875 && at_start.below == -1.125);
    assert_true(at_end.above == 3.125 && at_end.below == 2.875);
    assert_true(between.above == 8 && between.below == -8);
    assert_true(sides_of(dtypes[t], 3, -1, .5, 1).way == -4);
  }
}

/* The end is reached bit for bit, and the sides are numbers of the type. */
static void sides_are_rounded_as_points_are(void **state) {
  (void)state;
  const double from = 1.0 / 3, to = 9e7;
  assert_true(sides_of(ATTRIB_F64, 1e16, 1, 1, .5).above == 1.5); /* the way is rounded to 1e16 */
  const double start = (double)(float)from;
  for (int k = 0; k <= 10; k++) {
    const double alpha = k / 10.0;
    const attrib__sides sides = sides_of(ATTRIB_F32, from, to, alpha, .1);
    volatile float node = (float)(start + alpha * (to - start));
    volatile float above = (float)((double)node + .1), below = (float)((double)node - .1);
    assert_true(sides.above == (double)above && sides.below == (double)below);
  }
}

/* The cube root of the rounding error, of the way or, where that is shorter, of as much of the distance from 0. */
static void without_a_width_it_is_for_derivatives(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    const double root = cbrt(epsilon_of(dtypes[t]));
    assert_near(sides_of(dtypes[t], 0, 1, .5, 0).offset, root, ROUND_OFF, root);
    assert_near(sides_of(dtypes[t], 0, -1, 0, 0).offset, root, ROUND_OFF, root);
    assert_near(sides_of(dtypes[t], 2, 2.5, .5, 0).offset, root / 2, ROUND_OFF, root);
    assert_near(sides_of(dtypes[t], 0, 1024, .5, 0).offset, 1024 * root, ROUND_OFF, 1024 * root);
    const double far = 1 / root; /* from here on the distance from 0 counts */
    assert_near(sides_of(dtypes[t], far * 2, far * 2 + 1, 0, 0).offset, 2 * root, 1e-2, 2 * root);
    assert_near(sides_of(dtypes[t], -far * 2, -far * 2 - 1, 0, 0).offset, 2 * root, 1e-2, 2 * root);
  }
  assert_true(sides_of(ATTRIB_F32, 0, 0x1p-149, 1, 0).offset == (double)FLT_MIN);
  assert_true(sides_of(ATTRIB_F64, 0, 0x1p-1074, 1, 0).offset == DBL_MIN);
}

/* Far from 0 too the sides are apart, by what a hundred roundings and more of the points do not change. */
static void without_a_width_sides_are_always_apart(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 2000; k++) {
      const int most = dtypes[t] == ATTRIB_F32 ? 120 : 1000;
      const double from = ldexp(random_number(&seed), (int)(most * random_number(&seed)));
      const double to = k % 2 == 0 ? from * (1 + 2 * epsilon_of(dtypes[t]))
                                   : ldexp(random_number(&seed), (int)(most * random_number(&seed)));
      void *start = as_row(dtypes[t], &from, 1), *end = as_row(dtypes[t], &to, 1);
      attrib__row row = {.from = start, .to = end};
      assert_int_equal(attrib__sides_check(NULL, dtypes[t], &row, 0, 0), ATTRIB_OK);
      for (row.alpha = 0; row.alpha <= 1; row.alpha += .25) {
        const attrib__sides sides = attrib__sides_of(dtypes[t], &row, 0, 0, true);
        const double node = from + row.alpha * (to - from);
        assert_true(sides.above - sides.below >= 100 * epsilon_of(dtypes[t]) * fabs(node));
        assert_near(sides.above - sides.below, 2 * sides.offset, 1e-2, 2 * sides.offset);
      }
      free(start);
      free(end);
    }
}

static void check(attrib_context *context, uint32_t dtype, double from, double to, double width, attrib_status expected,
                  const char *names) {
  void *start = as_row(dtype, (const double[]){0, from}, 2), *end = as_row(dtype, (const double[]){0, to}, 2);
  const attrib__row row = {.from = start, .to = end, .baseline = 17};
  assert_status(attrib__sides_check(context, dtype, &row, 1, width), expected, context);
  if (names != NULL) assert_names(attrib_context_error(context), names);
  free(start);
  free(end);
}

static void a_width_that_is_lost_is_refused(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  check(context, ATTRIB_F64, 0, 1, 1e-15, ATTRIB_OK, NULL);
  check(context, ATTRIB_F64, 0, 1, 1e-17, ATTRIB_E_ARGUMENT, "options->width = 1e-17: too small beside input 1");
  check(context, ATTRIB_F64, 1e9, 1, 1e-9, ATTRIB_E_ARGUMENT, "which is 1e+09 at baseline 17");
  check(context, ATTRIB_F32, 0, 1, 1e-6, ATTRIB_OK, NULL);
  check(context, ATTRIB_F32, 0, 1, 1e-9, ATTRIB_E_ARGUMENT, "options->width = 1e-09: too small");
  check(context, ATTRIB_F32, 0, 1, 1e39, ATTRIB_E_OVERFLOW, "baseline 17: input 1 = 0, and 1e+39 off it");
  check(context, ATTRIB_F64, 0, DBL_MAX, 1e300, ATTRIB_E_OVERFLOW, "input 1 = 1.79769e+308, and 1e+300 off it");
  check(context, ATTRIB_F32, 0, (double)FLT_MAX, 0, ATTRIB_E_OVERFLOW, "off it there is no number");
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_width_is_taken_as_it_is),
      cmocka_unit_test(sides_are_rounded_as_points_are),
      cmocka_unit_test(without_a_width_it_is_for_derivatives),
      cmocka_unit_test(without_a_width_sides_are_always_apart),
      cmocka_unit_test(a_width_that_is_lost_is_refused),
  };
  return cmocka_run_group_tests_name("sides", tests, NULL, NULL);
}
