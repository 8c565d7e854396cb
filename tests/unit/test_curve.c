/* test_curve.c - values of a curve, and the area under it. */
#include "fixture.h"

#include "metrics/curve.h"

static void values(void **state) {
  (void)state;
  const attrib__curve raw = {.kind = ATTRIB_CURVE_RAW, .output = 4, .whole = -1};
  const attrib__curve ratio = {.kind = ATTRIB_CURVE_RATIO, .output = 4, .whole = -1};
  const attrib__curve minmax = {.kind = ATTRIB_CURVE_MINMAX, .output = 4, .whole = -1};
  assert_true(attrib__curve_value(&raw, 3) == 3);
  assert_true(attrib__curve_value(&ratio, 3) == .75);
  assert_true(attrib__curve_value(&minmax, 3) == .8);
  assert_true(attrib__curve_value(&minmax, 4) == 1 && attrib__curve_value(&minmax, -1) == 0);
  assert_true(isnan(attrib__curve_value(&raw, (double)NAN)));
}

/* Differences of numbers near the end of the range. */
static void no_needless_overflow(void **state) {
  (void)state;
  const attrib__curve minmax = {.kind = ATTRIB_CURVE_MINMAX, .output = 1.5e308, .whole = -1.5e308};
  assert_true(attrib__curve_value(&minmax, 0) == .5 && attrib__curve_value(&minmax, 1.5e308) == 1);
}

static void what_does_not_exist(void **state) {
  (void)state;
  attrib__curve curve = {.kind = ATTRIB_CURVE_RATIO, .output = 0, .whole = 1};
  assert_true(!attrib__curve_exists(&curve) && isnan(attrib__curve_value(&curve, 2)));
  curve.output = -0.0;
  assert_true(!attrib__curve_exists(&curve));
  curve.kind = ATTRIB_CURVE_MINMAX;
  assert_true(attrib__curve_exists(&curve));
  curve.whole = 0;
  assert_true(!attrib__curve_exists(&curve) && isnan(attrib__curve_value(&curve, 0)));
  curve.kind = ATTRIB_CURVE_RAW;
  assert_true(attrib__curve_exists(&curve) && attrib__curve_value(&curve, 2) == 2);
  curve = (attrib__curve){.kind = ATTRIB_CURVE_MINMAX, .output = 1, .whole = (double)NAN}; /* not yet known */
  assert_true(attrib__curve_exists(&curve) && isnan(attrib__curve_value(&curve, 0)));
}

static double area_of(int64_t count, const int64_t *places, const double *heights) {
  attrib__area area = {.begun = false};
  for (int64_t i = 0; i < count; i++) attrib__area_add(&area, places[i], heights[i]);
  return attrib__area_value(&area);
}

static void areas(void **state) {
  (void)state;
  const int64_t even[] = {0, 1, 2, 3}, uneven[] = {0, 4, 8, 10}, still[] = {0, 0, 1, 1};
  const double deletion[] = {6, 3, 1, 0}, line[] = {0, 4, 8, 10}, jump[] = {5, 5, 7, 7};
  const double broken[] = {1, (double)NAN, 2, 3}, large[] = {1.5e308, 1.5e308};
  assert_true(area_of(4, even, deletion) == 7.0 / 3);
  assert_true(area_of(3, even, deletion) == 3.25); /* over a part of the way, by its length */
  assert_true(area_of(4, uneven, line) == 5);
  assert_true(area_of(4, still, jump) == 6);
  assert_true(isnan(area_of(4, even, broken)));
  assert_true(area_of(2, even, large) == 1.5e308);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values),
      cmocka_unit_test(no_needless_overflow),
      cmocka_unit_test(what_does_not_exist),
      cmocka_unit_test(areas),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
