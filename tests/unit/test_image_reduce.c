/* test_image_reduce.c - four ways to make one number of a pixel's channels. */
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

/* Pixels (1, -2, 4) and (-3, 1, 1): the four modes put them in different orders. */
static const double pixels[6] = {1, -2, 4, -3, 1, 1};

static void four_modes_by_hand(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 3};
  const double expected[4][2] = {{3, -1}, {3, 1}, {7, 5}, {4, 3}};
  double *attributions = malloc(sizeof pixels), *map = malloc(2 * sizeof *map);
  assert_true(attributions != NULL && map != NULL);
  memcpy(attributions, pixels, sizeof pixels);
  for (uint32_t mode = ATTRIB_REDUCE_SUM; mode <= ATTRIB_REDUCE_MAX_ABS; mode++) {
    assert_int_equal(attrib_image_reduce(NULL, &shape, attributions, mode, map), ATTRIB_OK);
    assert_true(map[0] == expected[mode - 1][0] && map[1] == expected[mode - 1][1]);
  }
  free(attributions);
  free(map);
}

/* Value of element (x, y, c) of a 4 x 3 picture with 2 channels; no two are alike. */
static double value_at(int64_t x, int64_t y, int64_t c) {
  return (double)(x * 7 - y * 5 + c * 11) - 9.5;
}

static void every_layout_gives_the_same_map(void **state) {
  (void)state;
  const attrib_image layouts[] = {
      {sizeof(attrib_image), 0, 4, 3, 2, 0, 0, 0},  /* HWC */
      {sizeof(attrib_image), 0, 4, 3, 2, 2, 11, 1}, /* HWC, rows padded by 3 */
      {sizeof(attrib_image), 0, 4, 3, 2, 1, 4, 12}, /* CHW */
      {sizeof(attrib_image), 0, 4, 3, 2, 1, 5, 17}, /* CHW, rows and planes padded */
      {sizeof(attrib_image), 0, 4, 3, 2, 3, 1, 13}, /* columns first */
  };
  for (size_t k = 0; k < sizeof layouts / sizeof *layouts; k++) {
    attrib_image at = layouts[k];
    if (at.x_stride == 0) at.x_stride = 2, at.y_stride = 8, at.channel_stride = 1;
    size_t n = (size_t)(3 * at.x_stride + 2 * at.y_stride + at.channel_stride + 1);
    double *attributions = malloc(n * sizeof *attributions), *map = malloc(12 * sizeof *map);
    assert_true(attributions != NULL && map != NULL);
    for (size_t i = 0; i < n; i++) attributions[i] = NAN; /* padding is not looked at */
    for (int64_t i = 0; i < 24; i++)
      attributions[i % 4 * at.x_stride + i / 4 % 3 * at.y_stride + i / 12 * at.channel_stride] =
          value_at(i % 4, i / 4 % 3, i / 12);
    assert_int_equal(attrib_image_reduce(NULL, &layouts[k], attributions, ATTRIB_REDUCE_SUM, map), ATTRIB_OK);
    for (int64_t i = 0; i < 12; i++) assert_true(map[i] == value_at(i % 4, i / 4, 0) + value_at(i % 4, i / 4, 1));
    free(attributions);
    free(map);
  }
}

/* A channel that cancels another does not take the small one with it: the map keeps completeness. */
static void the_sum_is_compensated(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 1, .height = 1, .channels = 3};
  const double attributions[3] = {1e17, 1, -1e17};
  double map = 0;
  assert_int_equal(attrib_image_reduce(NULL, &shape, attributions, ATTRIB_REDUCE_SUM, &map), ATTRIB_OK);
  assert_true(map == 1);
}

static void zeros_give_zeros(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 2, .channels = 1};
  const double attributions[4] = {0, 0, 0, 0};
  for (uint32_t mode = ATTRIB_REDUCE_SUM; mode <= ATTRIB_REDUCE_MAX_ABS; mode++) {
    double map[4] = {9, 9, 9, 9};
    assert_int_equal(attrib_image_reduce(NULL, &shape, attributions, mode, map), ATTRIB_OK);
    for (int i = 0; i < 4; i++) assert_true(map[i] == 0);
  }
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 3};
  double map[2] = {-7, -8};
  assert_int_equal(attrib_image_reduce(context, &shape, NULL, ATTRIB_REDUCE_SUM, map), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "attributions is NULL"));
  assert_int_equal(attrib_image_reduce(context, &shape, pixels, 0, map), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "mode = 0"));
  assert_int_equal(attrib_image_reduce(context, &shape, pixels, 5, map), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "mode = 5"));
  assert_int_equal(attrib_image_reduce(context, &shape, pixels, ATTRIB_REDUCE_SUM, NULL), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "map is NULL"));
  assert_true(map[0] == -7 && map[1] == -8);
  attrib_context_destroy(context);
}

static void names_the_element_that_is_not_finite(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 3};
  const double bad[3] = {NAN, INFINITY, -INFINITY};
  for (uint32_t mode = ATTRIB_REDUCE_SUM; mode <= ATTRIB_REDUCE_MAX_ABS; mode++)
    for (int k = 0; k < 3; k++) {
      double attributions[6], map[2] = {-7, -8};
      memcpy(attributions, pixels, sizeof pixels);
      attributions[5] = bad[k];
      assert_int_equal(attrib_image_reduce(context, &shape, attributions, mode, map), ATTRIB_E_NONFINITE);
      assert_non_null(strstr(attrib_context_error(context), "attributions"));
      assert_non_null(strstr(attrib_context_error(context), "x = 1, y = 0, channel 2"));
      assert_true(map[0] == -7 && map[1] == -8);
    }
  attrib_context_destroy(context);
}

static void a_sum_that_overflows_is_no_infinity_in_the_map(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 2};
  const double attributions[4] = {1, 2, -DBL_MAX, -DBL_MAX};
  double map[2] = {-7, -8};
  for (uint32_t mode = ATTRIB_REDUCE_SUM; mode <= ATTRIB_REDUCE_SUM_ABS; mode++) {
    assert_int_equal(attrib_image_reduce(context, &shape, attributions, mode, map), ATTRIB_E_NONFINITE);
    assert_non_null(strstr(attrib_context_error(context), "x = 1, y = 0: the sum of the channels overflows"));
    assert_true(map[0] == -7 && map[1] == -8);
  }
  assert_int_equal(attrib_image_reduce(context, &shape, attributions, ATTRIB_REDUCE_MAX_ABS, map), ATTRIB_OK);
  assert_true(map[0] == 2 && map[1] == DBL_MAX);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(four_modes_by_hand),
      cmocka_unit_test(every_layout_gives_the_same_map),
      cmocka_unit_test(the_sum_is_compensated),
      cmocka_unit_test(zeros_give_zeros),
      cmocka_unit_test(refuses_bad_arguments_by_name),
      cmocka_unit_test(names_the_element_that_is_not_finite),
      cmocka_unit_test(a_sum_that_overflows_is_no_infinity_in_the_map),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
