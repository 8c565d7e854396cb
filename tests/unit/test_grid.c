/* test_grid.c - how many units are ablated at each point. */
#include "fixture.h"

#include "metrics/grid.h"

/* floor(i total / parts) by counting up. */
static void equal_parts(void **state) {
  (void)state;
  for (int64_t total = 1; total <= 40; total++)
    for (int64_t parts = 1; parts <= 25; parts++) {
      const attrib__grid grid = {.total = total, .parts = parts};
      for (int64_t i = 0; i <= parts; i++) {
        int64_t count = 0;
        while ((count + 1) * parts <= i * total) count++;
        assert_int_equal(attrib__grid_count(&grid, i), count);
      }
    }
}

/* 3 units in ten parts: 0 0 0 0 1 1 1 2 2 2 3. */
static void points_that_share(void **state) {
  (void)state;
  const attrib__grid grid = {.total = 3, .parts = 10};
  const int64_t counts[] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3}, ends[] = {4, 4, 4, 4, 7, 7, 7, 10, 10, 10, 11};
  for (int64_t i = 0; i <= 10; i++) {
    assert_int_equal(attrib__grid_count(&grid, i), counts[i]);
    assert_int_equal(attrib__grid_end(&grid, i, 10), ends[i]);
  }
  assert_int_equal(attrib__grid_end(&grid, 1, 2), 3);
}

static void products_beyond_64_bits(void **state) {
  (void)state;
  const int64_t total = INT64_MAX - 1, parts = ATTRIB__GRID_MOST_PARTS;
  const attrib__grid grid = {.total = total, .parts = parts}, steps = {.total = total, .step = total / 2};
  assert_int_equal(attrib__grid_count(&grid, parts), total);
  assert_int_equal(attrib__grid_count(&grid, parts / 2), total / 2);
  assert_int_equal(attrib__grid_count(&grid, 1), total / parts);
  assert_int_equal(attrib__grid_count(&steps, 2), total);
  assert_int_equal(attrib__grid_count(&steps, 3), total);
}

static void steps_of_units(void **state) {
  (void)state;
  const attrib__grid grid = {.total = 10, .step = 4}, exact = {.total = 8, .step = 4};
  const int64_t counts[] = {0, 4, 8, 10, 10};
  for (int64_t i = 0; i < 5; i++) {
    assert_int_equal(attrib__grid_count(&grid, i), counts[i]);
    assert_int_equal(attrib__grid_count(&exact, i), i < 2 ? 4 * i : 8);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_parts),
      cmocka_unit_test(points_that_share),
      cmocka_unit_test(products_beyond_64_bits),
      cmocka_unit_test(steps_of_units),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
