/* test_image_normalise.c - the scale of a map, and maps on a scale. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

enum { MODES = 4 };

static double scale_of(int64_t count, double percentile, uint32_t mode, const double *map) {
  double scale = -1;
  assert_int_equal(attrib_image_scale(NULL, count, percentile, mode, map, &scale), ATTRIB_OK);
  return scale;
}

static void each_mode_scales_what_it_shows(void **state) {
  (void)state;
  const double map[5] = {-10, 3, -0.0, 1, -2};
  const double largest[MODES] = {10, 3, 10, 10}; /* both, positive, negative, absolute */
  const double median[MODES] = {2, 0, 0, 2};     /* of 10 3 0 1 2; 0 3 0 1 0; 10 0 0 0 2 */
  for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= MODES; mode++) {
    assert_true(scale_of(5, 100, mode, map) == largest[mode - 1]);
    double expected = median[mode - 1] > 0 ? median[mode - 1] : largest[mode - 1];
    assert_true(scale_of(5, 50, mode, map) == expected);
  }
  assert_true(scale_of(5, 75, ATTRIB_SIGN_POSITIVE, map) == 1);
  assert_true(scale_of(5, 75, ATTRIB_SIGN_NEGATIVE, map) == 2);
}

static void percentiles_are_linear_between_order_statistics(void **state) {
  (void)state;
  const double map[4] = {8, -1, 4, 2}; /* sizes 1 2 4 8 at 0, 33.3, 66.7 and 100 per cent */
  assert_true(scale_of(4, 50, ATTRIB_SIGN_BOTH, map) == 3);
  assert_true(scale_of(4, 25, ATTRIB_SIGN_BOTH, map) == 1.75);
  assert_true(fabs(scale_of(4, 99, ATTRIB_SIGN_BOTH, map) - 7.88) < 1e-14);
  assert_true(scale_of(4, 0, ATTRIB_SIGN_BOTH, map) == scale_of(4, 99, ATTRIB_SIGN_BOTH, map));
  assert_true(fabs(scale_of(4, 1e-300, ATTRIB_SIGN_BOTH, map) - 1) < 1e-15);
  assert_true(scale_of(1, 37, ATTRIB_SIGN_BOTH, map) == 8);
}

/* 0, 1 .. 100 in a scrambled order: every whole percentile is its own number, exactly. */
static void percentiles_that_fall_on_a_value_are_exact(void **state) {
  (void)state;
  double *map = malloc(101 * sizeof *map);
  assert_non_null(map);
  for (int i = 0; i < 101; i++) map[i] = (i % 2 == 0 ? 1 : -1) * (double)(i * 37 % 101);
  for (int p = 1; p <= 100; p++) assert_true(scale_of(101, p, ATTRIB_SIGN_ABSOLUTE, map) == p);
  free(map);
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

/* The selection against a sort, over values whose bits differ in every byte, with ties. */
static void selection_agrees_with_sorting(void **state) {
  (void)state;
  enum { N = 1001 };
  double *map = malloc(N * sizeof *map), *sorted = malloc(N * sizeof *sorted);
  assert_true(map != NULL && sorted != NULL);
  uint64_t random = 12345;
  for (int i = 0; i < N; i++) {
    random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    map[i] = ldexp((double)(random >> 11), (int)(random % 97) - 100) * (random >> 40 & 1 ? 1 : -1);
    if (i % 10 == 9) map[i] = -map[i - 1];
    sorted[i] = fabs(map[i]);
  }
  qsort(sorted, N, sizeof *sorted, ascending);
  for (int i = 1; i < N; i++) {
    double expected = sorted[i], found = scale_of(N, i / 10.0, ATTRIB_SIGN_BOTH, map);
    if (fabs(found - expected) > 1e-12 * sorted[i + (i < N - 1)]) fail_msg("rank %d: %g, not %g", i, found, expected);
  }
  free(map);
  free(sorted);
}

static void a_percentile_of_zero_gives_way_to_the_largest_value(void **state) {
  (void)state;
  double *map = calloc(1000, sizeof *map);
  assert_non_null(map);
  map[500] = -0.25;
  map[501] = 0.125;
  const double expected[MODES] = {0.25, 0.125, 0.25, 0.25};
  for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= MODES; mode++)
    assert_true(scale_of(1000, 50, mode, map) == expected[mode - 1]);
  free(map);
}

static void a_map_with_nothing_to_show_has_scale_0_and_becomes_0(void **state) {
  (void)state;
  for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= MODES; mode++) {
    double map[3] = {0, -0.0, 0};
    if (mode == ATTRIB_SIGN_POSITIVE) map[0] = -5;
    if (mode == ATTRIB_SIGN_NEGATIVE) map[0] = 5;
    assert_true(scale_of(3, 100, mode, map) == 0);
    assert_int_equal(attrib_image_normalise(NULL, 3, 0, mode, 0, map), ATTRIB_OK);
    for (int i = 0; i < 3; i++) assert_true(map[i] == 0);
  }
}

static void each_mode_shows_its_part(void **state) {
  (void)state;
  const double values[5] = {-8, -2, 0, 1, 4};
  const double expected[MODES][5] = {
      {-1, -0.5, 0, 0.25, 1}, {0, 0, 0, 0.25, 1}, {1, 0.5, 0, 0, 0}, {1, 0.5, 0, 0.25, 1}};
  for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= MODES; mode++) {
    double *map = malloc(sizeof values);
    assert_non_null(map);
    memcpy(map, values, sizeof values);
    assert_int_equal(attrib_image_normalise(NULL, 5, 0, mode, 4, map), ATTRIB_OK);
    for (int i = 0; i < 5; i++) assert_true(map[i] == expected[mode - 1][i]);
    free(map);
  }
}

static void normalise_uses_the_scale_that_scale_gives(void **state) {
  (void)state;
  const double values[7] = {3, -14, 15, 9, -26, 5, 35};
  for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= MODES; mode++) {
    double by_percentile[7], by_scale[7];
    memcpy(by_percentile, values, sizeof values);
    memcpy(by_scale, values, sizeof values);
    assert_int_equal(attrib_image_normalise(NULL, 7, 80, mode, 0, by_percentile), ATTRIB_OK);
    double scale = scale_of(7, 80, mode, values);
    assert_int_equal(attrib_image_normalise(NULL, 7, 0, mode, scale, by_scale), ATTRIB_OK);
    assert_memory_equal(by_percentile, by_scale, sizeof by_scale);
  }
}

/* Maps on one scale compare: half as much is half as bright. On scales of their own they look the same. */
static void two_maps_share_a_scale(void **state) {
  (void)state;
  double first[3] = {-2, 1, 4}, second[3] = {-1, 0.5, 2};
  double scale = scale_of(3, 100, ATTRIB_SIGN_BOTH, first);
  assert_int_equal(attrib_image_normalise(NULL, 3, 0, ATTRIB_SIGN_BOTH, scale, first), ATTRIB_OK);
  assert_int_equal(attrib_image_normalise(NULL, 3, 0, ATTRIB_SIGN_BOTH, scale, second), ATTRIB_OK);
  for (int i = 0; i < 3; i++) assert_true(second[i] == first[i] / 2);
  assert_int_equal(attrib_image_normalise(NULL, 3, 100, ATTRIB_SIGN_BOTH, 0, second), ATTRIB_OK);
  assert_memory_equal(first, second, sizeof first);
}

static void maps_at_the_ends_of_the_number_range(void **state) {
  (void)state;
  double tiny[3] = {5e-324, -1e-310, 1e-310}, large[3] = {-DBL_MAX, DBL_MAX / 2, 5e-324}, mixed[2] = {1e300, -5e-324};
  assert_int_equal(attrib_image_normalise(NULL, 3, 100, ATTRIB_SIGN_BOTH, 0, tiny), ATTRIB_OK);
  assert_true(tiny[0] > 0 && tiny[0] < 1e-13 && tiny[1] == -1 && tiny[2] == 1);
  assert_int_equal(attrib_image_normalise(NULL, 3, 100, ATTRIB_SIGN_BOTH, 0, large), ATTRIB_OK);
  assert_true(large[0] == -1 && large[1] == 0.5 && large[2] == 0);
  assert_int_equal(attrib_image_normalise(NULL, 2, 0, ATTRIB_SIGN_BOTH, 1e-310, mixed), ATTRIB_OK);
  assert_true(mixed[0] == 1 && mixed[1] < 0 && mixed[1] > -1e-13);
  /* Interpolation between 0 and the smallest number rounds to 0: the largest value steps in. */
  const double smallest[2] = {0, 5e-324};
  assert_true(scale_of(2, 25, ATTRIB_SIGN_BOTH, smallest) == 5e-324);
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  double map[2] = {3, 5};
  const struct {
    int64_t count;
    double percentile, fixed_scale;
    uint32_t mode;
    attrib_status status;
    double *map;
    const char *part;
  } cases[] = {
      {0, 0, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "count = 0"},
      {-1, 0, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "count = -1"},
      {INT64_MAX / 2, 0, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_OVERFLOW, map, "count = 4611686018427387903"},
      {2, -1, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "percentile = -1"},
      {2, 100.5, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "percentile = 100.5"},
      {2, NAN, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "percentile = nan"},
      {2, 0, 0, 0, ATTRIB_E_ARGUMENT, map, "mode = 0"},
      {2, 0, 0, 5, ATTRIB_E_ARGUMENT, map, "mode = 5"},
      {2, 0, 0, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, NULL, "map is NULL"},
      {2, 0, -2, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "fixed_scale = -2"},
      {2, 0, NAN, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "fixed_scale = nan"},
      {2, 0, INFINITY, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "fixed_scale = inf"},
      {2, 99, 2, ATTRIB_SIGN_BOTH, ATTRIB_E_ARGUMENT, map, "percentile = 99"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    attrib_status status = attrib_image_normalise(context, cases[i].count, cases[i].percentile, cases[i].mode,
                                                  cases[i].fixed_scale, cases[i].map);
    assert_int_equal(status, cases[i].status);
    assert_non_null(strstr(attrib_context_error(context), cases[i].part));
    if (cases[i].fixed_scale != 0) continue;
    double scale = -7;
    status = attrib_image_scale(context, cases[i].count, cases[i].percentile, cases[i].mode, cases[i].map, &scale);
    assert_int_equal(status, cases[i].status);
    assert_non_null(strstr(attrib_context_error(context), cases[i].part));
    assert_true(scale == -7);
  }
  assert_int_equal(attrib_image_scale(context, 2, 0, ATTRIB_SIGN_BOTH, map, NULL), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "scale is NULL"));
  assert_true(map[0] == 3 && map[1] == 5);
  attrib_context_destroy(context);
}

static void names_the_value_that_is_not_finite(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  const double bad[3] = {NAN, INFINITY, -INFINITY};
  for (int k = 0; k < 3; k++)
    for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= MODES; mode++) {
      double map[3] = {1, 2, bad[k]}, scale = -7;
      assert_int_equal(attrib_image_scale(context, 3, 0, mode, map, &scale), ATTRIB_E_NONFINITE);
      assert_non_null(strstr(attrib_context_error(context), "map[2]"));
      assert_int_equal(attrib_image_normalise(context, 3, 0, mode, 0, map), ATTRIB_E_NONFINITE);
      assert_int_equal(attrib_image_normalise(context, 3, 0, mode, 1, map), ATTRIB_E_NONFINITE);
      assert_non_null(strstr(attrib_context_error(context), "map[2]"));
      assert_true(scale == -7 && map[0] == 1 && map[1] == 2);
    }
  attrib_context_destroy(context);
}

static void *ATTRIB_CALL no_second_block(size_t size, size_t alignment, void *user) {
  int *calls = user;
  (void)alignment;
  return ++*calls == 1 ? malloc(size) : NULL; /* the context itself */
}

static void ATTRIB_CALL release(void *block, size_t size, void *user) {
  (void)size;
  (void)user;
  free(block);
}

/* The order statistics are found in place: no map is too large for memory. */
static void needs_no_memory(void **state) {
  (void)state;
  int calls = 0;
  attrib_allocator allocator = {.struct_size = sizeof allocator, .allocate = no_second_block, .release = release};
  allocator.user = &calls;
  attrib_context_options options = {.struct_size = sizeof options, .allocator = &allocator};
  attrib_context *context;
  assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
  double map[3] = {1, 2, 4};
  assert_int_equal(attrib_image_normalise(context, 3, 50, ATTRIB_SIGN_BOTH, 0, map), ATTRIB_OK);
  assert_true(map[0] == 0.5 && map[1] == 1 && map[2] == 1);
  assert_int_equal(calls, 1);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_mode_scales_what_it_shows),
      cmocka_unit_test(percentiles_are_linear_between_order_statistics),
      cmocka_unit_test(percentiles_that_fall_on_a_value_are_exact),
      cmocka_unit_test(selection_agrees_with_sorting),
      cmocka_unit_test(a_percentile_of_zero_gives_way_to_the_largest_value),
      cmocka_unit_test(a_map_with_nothing_to_show_has_scale_0_and_becomes_0),
      cmocka_unit_test(each_mode_shows_its_part),
      cmocka_unit_test(normalise_uses_the_scale_that_scale_gives),
      cmocka_unit_test(two_maps_share_a_scale),
      cmocka_unit_test(maps_at_the_ends_of_the_number_range),
      cmocka_unit_test(refuses_bad_arguments_by_name),
      cmocka_unit_test(names_the_value_that_is_not_finite),
      cmocka_unit_test(needs_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
