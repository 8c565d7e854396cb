/* test_variation.c - total variation at one scale and over the pyramid: exact values, the definition once more in plain
 * loops, and figures of another library. */
#include "fixture.h"

#include "methods/variation.h"
#include "plain_variation.h"

static double *random_map(uint64_t seed, int64_t count) {
  double *map = exact_block((size_t)count * sizeof *map);
  fill_random(seed, map, count);
  return map;
}

static double variation_of(int64_t height, int64_t width, const double *map) {
  double *scratch = untouched(height * width);
  double found = attrib__variation(height, width, map, scratch);
  free(scratch);
  return found;
}

static double area_of(int64_t height, int64_t width, const double *map) {
  double *scratch = untouched(attrib__variation_scratch(height, width));
  double found = attrib__variation_area(height, width, map, scratch);
  free(scratch);
  return found;
}

/* -- tests -------------------------------------------------------------------------------------------------------- */

static void four_pixels(void **state) {
  (void)state;
  const double map[] = {0, 1, 2, 4}, other[] = {0, -1, 2, -4}; /* p99 = 3.94 */
  assert_near(variation_of(2, 2, map), 0.5, ROUND_OFF, 1);
  assert_near(variation_of(2, 2, other), 0.5, ROUND_OFF, 1);
  assert_near(variation_of(1, 4, map), 1.0 / 4, ROUND_OFF, 1); /* all the way from 0 to 1 */
  assert_near(variation_of(4, 1, map), 1.0 / 4, ROUND_OFF, 1);
  assert_true(variation_of(1, 1, &map[3]) == 0);
}

/* Also where no constant is a float: nothing may be made of rounding errors at any level. */
static void constant_maps_have_none(void **state) {
  (void)state;
  static const double constants[] = {0, 1, 0.1, -1.0 / 3, 1e300, 1e-310};
  double *map = exact_block(100 * 150 * sizeof *map);
  for (int c = 0; c < COUNT(constants); c++) {
    for (int i = 0; i < 100 * 150; i++) map[i] = constants[c];
    assert_true(variation_of(100, 150, map) == 0);
    assert_true(area_of(100, 150, map) == 0);
  }
  for (int i = 0; i < 100 * 150; i++) map[i] = i % 150 < 140 || i / 150 > 9 ? 0 : i; /* less than a hundredth */
  assert_true(variation_of(100, 150, map) == 0);
  free(map);
}

static void variations_are_as_defined(void **state) {
  (void)state;
  static const int64_t sizes[][2] = {{1, 2}, {2, 3}, {7, 5}, {29, 31}, {64, 64}, {10, 200}};
  for (int s = 0; s < COUNT(sizes); s++) {
    const int64_t height = sizes[s][0], width = sizes[s][1];
    double *map = random_map((uint64_t)s, height * width);
    const double expected = plain_variation(height, width, map);
    assert_true(expected > 0);
    assert_near(variation_of(height, width, map), expected, ROUND_OFF, (double)(height * width) * expected);
    free(map);
  }
}

static void areas_are_as_defined(void **state) {
  (void)state;
  static const int64_t sizes[][3] = {{30, 30, 1},  {43, 200, 1}, {200, 43, 1}, {44, 44, 2},   {64, 64, 2},
                                     {64, 100, 2}, {66, 70, 3},  {98, 105, 4}, {150, 149, 5}, {222, 230, 6}};
  for (int s = 0; s < COUNT(sizes); s++) {
    const int64_t height = sizes[s][0], width = sizes[s][1];
    int64_t levels;
    double *map = random_map((uint64_t)s, height * width);
    for (int64_t i = 0; i < height * width / 2; i++) map[i] *= 0.1; /* something for coarse levels, too */
    const double expected = plain_variation_area(height, width, map, &levels), found = area_of(height, width, map);
    assert_int_equal(levels, sizes[s][2]);
    assert_true((found == 0) == (levels == 1));
    assert_near(found, expected, 1e-12, expected); /* sums of up to 50 000 terms, added here without compensation */
    free(map);
  }
}

/* scipy 1.10.1, numpy 1.24.2: ndimage.gaussian_filter with sigma 0.5 and its default border, ndimage.zoom with order 1
 * and grid_mode to the rounded-up size, percentile; of the same random numbers. */
static void another_library_says_the_same(void **state) {
  (void)state;
  static const struct {
    int64_t height, width;
    double variation, area;
  } known[] = {{224, 224, 0.668947192061967, 2.51682120306303},
               {101, 67, 0.66761169737005, 1.10048593041135},
               {64, 150, 0.669666465958323, 0.605596825590299}};
  for (int k = 0; k < COUNT(known); k++) {
    double *map = random_map(11 + (uint64_t)k, known[k].height * known[k].width);
    assert_near(variation_of(known[k].height, known[k].width, map), known[k].variation, 1e-13, 1);
    assert_near(area_of(known[k].height, known[k].width, map), known[k].area, 1e-13, known[k].area);
    free(map);
  }
}

/* Neither matters: to the bit, as scales that are powers of two are exact. */
static void scale_and_sign_do_not_matter(void **state) {
  (void)state;
  static const double scales[] = {-1, 0x1p-900, -0x1p1000};
  enum { HEIGHT = 101, WIDTH = 67, PIXELS = HEIGHT * WIDTH };
  double *map = random_map(7, PIXELS), *scaled = exact_block(PIXELS * sizeof *scaled);
  const double variation = variation_of(HEIGHT, WIDTH, map), area = area_of(HEIGHT, WIDTH, map);
  for (int s = 0; s < COUNT(scales); s++) {
    for (int i = 0; i < PIXELS; i++) scaled[i] = scales[s] * map[i];
    assert_true(variation_of(HEIGHT, WIDTH, scaled) == variation);
    assert_true(area_of(HEIGHT, WIDTH, scaled) == area);
  }
  for (int i = 0; i < PIXELS; i++) scaled[i] = i % 3 ? map[i] : -map[i];
  assert_true(variation_of(HEIGHT, WIDTH, scaled) == variation);
  assert_true(area_of(HEIGHT, WIDTH, scaled) != area); /* coarser levels are of signed values */
  free(map);
  free(scaled);
}

/* What the objective is for: a blurred map has less of it. */
static void grain_has_more_than_a_gradient(void **state) {
  (void)state;
  enum { SIDE = 100, PIXELS = SIDE * SIDE };
  double *grain = random_map(3, PIXELS), *slope = exact_block(PIXELS * sizeof *slope);
  for (int i = 0; i < PIXELS; i++) slope[i] = i % SIDE;
  assert_true(area_of(SIDE, SIDE, grain) > 20 * area_of(SIDE, SIDE, slope));
  assert_near(variation_of(SIDE, SIDE, slope), 1.0 / SIDE, ROUND_OFF, 1); /* every row once from 0 to 1 */
  free(grain);
  free(slope);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(four_pixels),
      cmocka_unit_test(constant_maps_have_none),
      cmocka_unit_test(variations_are_as_defined),
      cmocka_unit_test(areas_are_as_defined),
      cmocka_unit_test(another_library_says_the_same),
      cmocka_unit_test(scale_and_sign_do_not_matter),
      cmocka_unit_test(grain_has_more_than_a_gradient),
  };
  return cmocka_run_group_tests_name("variation", tests, NULL, NULL);
}
