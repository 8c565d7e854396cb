/* test_image_colorize.c - exact colours, and what makes the palettes readable: lightness, grey, colour vision. */
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

static void color_of(double value, uint32_t palette, uint8_t rgba[4]) {
  assert_int_equal(attrib_image_colorize(NULL, 1, &value, palette, rgba), ATTRIB_OK);
}

static void assert_color(double value, uint32_t palette, int red, int green, int blue) {
  uint8_t rgba[4];
  color_of(value, palette, rgba);
  if (rgba[0] != red || rgba[1] != green || rgba[2] != blue || rgba[3] != 255)
    fail_msg("palette %u at %g: %d %d %d %d, not %d %d %d 255", palette, value, rgba[0], rgba[1], rgba[2], rgba[3], red,
             green, blue);
}

static void ends_and_middle_are_exact(void **state) {
  (void)state;
  assert_color(0, ATTRIB_PALETTE_SEQUENTIAL, 20, 11, 42);
  assert_color(0.5, ATTRIB_PALETTE_SEQUENTIAL, 213, 66, 111);
  assert_color(1, ATTRIB_PALETTE_SEQUENTIAL, 251, 249, 202);
  assert_color(-1, ATTRIB_PALETTE_DIVERGING, 25, 62, 136);
  assert_color(0, ATTRIB_PALETTE_DIVERGING, 246, 246, 246);
  assert_color(-0.0, ATTRIB_PALETTE_DIVERGING, 246, 246, 246);
  assert_color(1, ATTRIB_PALETTE_DIVERGING, 130, 23, 34);
}

static void between_points_the_bytes_are_interpolated_and_rounded(void **state) {
  (void)state;
  /* Half way from (20, 11, 42) to (43, 20, 75): 31.5, 15.5, 58.5. */
  assert_color(1.0 / 24, ATTRIB_PALETTE_SEQUENTIAL, 32, 16, 59);
  /* A quarter of the way from (246, 246, 246) to (206, 225, 235) and to (237, 218, 208). */
  assert_color(-1.0 / 32, ATTRIB_PALETTE_DIVERGING, 236, 241, 243);
  assert_color(1.0 / 32, ATTRIB_PALETTE_DIVERGING, 244, 239, 237);
}

static void values_beyond_the_range_are_clipped(void **state) {
  (void)state;
  const double beyond[4] = {1.0001, 2, 1e300, DBL_MAX};
  for (int i = 0; i < 4; i++) {
    assert_color(beyond[i], ATTRIB_PALETTE_SEQUENTIAL, 251, 249, 202);
    assert_color(-beyond[i], ATTRIB_PALETTE_SEQUENTIAL, 20, 11, 42);
    assert_color(beyond[i], ATTRIB_PALETTE_DIVERGING, 130, 23, 34);
    assert_color(-beyond[i], ATTRIB_PALETTE_DIVERGING, 25, 62, 136);
  }
  assert_color(-1e-9, ATTRIB_PALETTE_SEQUENTIAL, 20, 11, 42);
}

/* A whole map gives what its values give one by one, and no byte more. */
static void a_map_is_colored_value_by_value(void **state) {
  (void)state;
  enum { N = 33 };
  for (uint32_t palette = ATTRIB_PALETTE_SEQUENTIAL; palette <= ATTRIB_PALETTE_DIVERGING; palette++) {
    double *map = malloc(N * sizeof *map);
    uint8_t *rgba = malloc(4 * N);
    assert_true(map != NULL && rgba != NULL);
    for (int i = 0; i < N; i++) map[i] = (i * 7 % N) / 10.0 - 1.6;
    assert_int_equal(attrib_image_colorize(NULL, N, map, palette, rgba), ATTRIB_OK);
    for (int i = 0; i < N; i++) {
      uint8_t expected[4];
      color_of(map[i], palette, expected);
      assert_memory_equal(rgba + 4 * i, expected, 4);
    }
    free(map);
    free(rgba);
  }
}

typedef struct lab {
  double lightness, a, b; /* CIELAB under D65; lightness 0 .. 100 */
} lab;

static double lab_root(double t) {
  return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* Colour of a value as it is seen through `vision`, a matrix on linear RGB. */
static lab seen(double value, uint32_t palette, const double vision[9]) {
  uint8_t rgba[4];
  double linear[3], eye[3];
  color_of(value, palette, rgba);
  for (int c = 0; c < 3; c++)
    linear[c] = rgba[c] <= 10 ? rgba[c] / 255.0 / 12.92 : pow((rgba[c] / 255.0 + 0.055) / 1.055, 2.4);
  for (int c = 0; c < 3; c++) {
    eye[c] = vision[3 * c] * linear[0] + vision[3 * c + 1] * linear[1] + vision[3 * c + 2] * linear[2];
    eye[c] = fmin(fmax(eye[c], 0), 1);
  }
  double x = lab_root((0.4124 * eye[0] + 0.3576 * eye[1] + 0.1805 * eye[2]) / 0.9505);
  double y = lab_root(0.2126 * eye[0] + 0.7152 * eye[1] + 0.0722 * eye[2]);
  double z = lab_root((0.0193 * eye[0] + 0.1192 * eye[1] + 0.9505 * eye[2]) / 1.0891);
  return (lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double distance(lab p, lab q) {
  return hypot(hypot(p.lightness - q.lightness, p.a - q.a), p.b - q.b);
}

/* Full colour vision, and protanopia, deuteranopia and tritanopia (Machado, Oliveira, Fernandes 2009, severity 1). */
static const double visions[4][9] = {
    {1, 0, 0, 0, 1, 0, 0, 0, 1},
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
};

enum { STEPS = 255 };

/* In grey the order of the values is the order of the lightness, at an even pace: between half and twice the mean. */
static void sequential_lightness_rises_steadily(void **state) {
  (void)state;
  double last = seen(0, ATTRIB_PALETTE_SEQUENTIAL, visions[0]).lightness;
  assert_true(last < 10);
  for (int i = 1; i <= STEPS; i++) {
    double lightness = seen((double)i / STEPS, ATTRIB_PALETTE_SEQUENTIAL, visions[0]).lightness;
    if (!(lightness > last)) fail_msg("step %d: lightness %g after %g", i, lightness, last);
    last = lightness;
  }
  assert_true(last > 95);
  for (int i = 0; i < 12; i++) {
    double rise = seen((i + 1) / 12.0, ATTRIB_PALETTE_SEQUENTIAL, visions[0]).lightness -
                  seen(i / 12.0, ATTRIB_PALETTE_SEQUENTIAL, visions[0]).lightness;
    if (!(fabs(rise - 92.0 / 12) < 0.5)) fail_msg("twelfth %d: lightness rises by %g", i, rise);
  }
}

static void diverging_lightness_is_symmetric_and_falls_to_both_sides(void **state) {
  (void)state;
  double last = seen(0, ATTRIB_PALETTE_DIVERGING, visions[0]).lightness;
  assert_true(last > 95);
  for (int i = 1; i <= STEPS; i++) {
    double value = (double)i / STEPS;
    double red = seen(value, ATTRIB_PALETTE_DIVERGING, visions[0]).lightness;
    double blue = seen(-value, ATTRIB_PALETTE_DIVERGING, visions[0]).lightness;
    if (!(fabs(red - blue) < 1)) fail_msg("at %g lightness is %g for red, %g for blue", value, red, blue);
    if (!(red < last + 0.2 && blue < last + 0.2)) fail_msg("at %g lightness %g, %g after %g", value, red, blue, last);
    last = fmax(red, blue);
  }
  assert_true(last < 30);
}

/* Steps of a sixteenth stay apart for every eye. A CIELAB distance of 2.3 is just noticeable. */
static void neighbours_differ_in_every_vision(void **state) {
  (void)state;
  for (int v = 0; v < 4; v++)
    for (int i = 0; i < 16; i++) {
      double sequential = distance(seen(i / 16.0, ATTRIB_PALETTE_SEQUENTIAL, visions[v]),
                                   seen((i + 1) / 16.0, ATTRIB_PALETTE_SEQUENTIAL, visions[v]));
      double diverging = distance(seen(i / 8.0 - 1, ATTRIB_PALETTE_DIVERGING, visions[v]),
                                  seen((i + 1) / 8.0 - 1, ATTRIB_PALETTE_DIVERGING, visions[v]));
      if (!(sequential > 5 && diverging > 7)) fail_msg("vision %d, step %d: %g, %g", v, i, sequential, diverging);
    }
}

/* Lightness alone does not tell +v from -v: the hues must, for every eye, and the more the further out. */
static void signs_differ_in_every_vision(void **state) {
  (void)state;
  for (int v = 0; v < 4; v++)
    for (int i = 1; i <= 8; i++) {
      double apart = distance(seen(i / 8.0, ATTRIB_PALETTE_DIVERGING, visions[v]),
                              seen(-i / 8.0, ATTRIB_PALETTE_DIVERGING, visions[v]));
      if (!(apart > (i == 1 ? 10 : i == 2 ? 25 : 40))) fail_msg("vision %d, at %d/8: %g apart", v, i, apart);
    }
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  const double map[2] = {0, 1}, nan[2] = {0, NAN}, infinite[2] = {0, -INFINITY};
  uint8_t rgba[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const uint8_t untouched[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const struct {
    int64_t count;
    const double *map;
    uint8_t *rgba;
    uint32_t palette;
    attrib_status status;
    const char *part;
  } cases[] = {
      {0, map, rgba, ATTRIB_PALETTE_DIVERGING, ATTRIB_E_ARGUMENT, "count = 0"},
      {INT64_MIN, map, rgba, ATTRIB_PALETTE_DIVERGING, ATTRIB_E_ARGUMENT, "count = -9223372036854775808"},
      {INT64_MAX, map, rgba, ATTRIB_PALETTE_DIVERGING, ATTRIB_E_OVERFLOW, "count = 9223372036854775807"},
      {2, NULL, rgba, ATTRIB_PALETTE_DIVERGING, ATTRIB_E_ARGUMENT, "map is NULL"},
      {2, map, NULL, ATTRIB_PALETTE_DIVERGING, ATTRIB_E_ARGUMENT, "rgba is NULL"},
      {2, map, rgba, 0, ATTRIB_E_ARGUMENT, "palette = 0"},
      {2, map, rgba, 3, ATTRIB_E_ARGUMENT, "palette = 3"},
      {2, nan, rgba, ATTRIB_PALETTE_SEQUENTIAL, ATTRIB_E_NONFINITE, "map[1] = nan"},
      {2, infinite, rgba, ATTRIB_PALETTE_DIVERGING, ATTRIB_E_NONFINITE, "map[1] = -inf"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(attrib_image_colorize(context, cases[i].count, cases[i].map, cases[i].palette, cases[i].rgba),
                     cases[i].status);
    assert_non_null(strstr(attrib_context_error(context), cases[i].part));
    assert_memory_equal(rgba, untouched, sizeof rgba);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ends_and_middle_are_exact),
      cmocka_unit_test(between_points_the_bytes_are_interpolated_and_rounded),
      cmocka_unit_test(values_beyond_the_range_are_clipped),
      cmocka_unit_test(a_map_is_colored_value_by_value),
      cmocka_unit_test(sequential_lightness_rises_steadily),
      cmocka_unit_test(diverging_lightness_is_symmetric_and_falls_to_both_sides),
      cmocka_unit_test(neighbours_differ_in_every_vision),
      cmocka_unit_test(signs_differ_in_every_vision),
      cmocka_unit_test(refuses_bad_arguments_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
