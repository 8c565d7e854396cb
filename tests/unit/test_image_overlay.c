/* test_image_overlay.c - colours over a photo, to the byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

/* Every byte of the colours meets every byte of the photo. */
enum { PAIRS = 256 * 256 };

typedef struct bytes {
  uint8_t *photo, *rgba;
} bytes;

static bytes all_pairs(void) {
  bytes all = {malloc(4 * PAIRS), malloc(4 * PAIRS)};
  assert_true(all.photo != NULL && all.rgba != NULL);
  for (int i = 0; i < PAIRS; i++)
    for (int c = 0; c < 4; c++) {
      all.photo[4 * i + c] = (uint8_t)((i >> 8) + 50 * c);
      all.rgba[4 * i + c] = c == 3 ? 255 : (uint8_t)(i + 90 * c);
    }
  return all;
}

static void opacity_0_is_the_photo_and_1_the_colours(void **state) {
  (void)state;
  for (int opacity = 0; opacity <= 1; opacity++) {
    bytes all = all_pairs(), before = all_pairs();
    assert_int_equal(attrib_image_overlay(NULL, PAIRS, all.photo, opacity, all.rgba), ATTRIB_OK);
    assert_memory_equal(all.photo, before.photo, 4 * PAIRS);
    const uint8_t *expected = opacity == 0 ? before.photo : before.rgba;
    for (int i = 0; i < 4 * PAIRS; i++) assert_int_equal(all.rgba[i], i % 4 == 3 ? 255 : expected[i]);
    free(all.photo), free(all.rgba), free(before.photo), free(before.rgba);
  }
}

/* With opacity k / 16 the mixture times 16 is a whole number, and nearest needs no floating point. */
static void rounds_to_nearest(void **state) {
  (void)state;
  for (int k = 1; k < 16; k++) {
    bytes all = all_pairs(), before = all_pairs();
    assert_int_equal(attrib_image_overlay(NULL, PAIRS, all.photo, k / 16.0, all.rgba), ATTRIB_OK);
    for (int i = 0; i < 4 * PAIRS; i++) {
      int expected = (k * before.rgba[i] + (16 - k) * before.photo[i] + 8) / 16;
      if (i % 4 == 3) expected = 255;
      if (all.rgba[i] != expected) fail_msg("opacity %d/16, byte %d: %d, not %d", k, i, all.rgba[i], expected);
    }
    free(all.photo), free(all.rgba), free(before.photo), free(before.rgba);
  }
}

/* The pixel's alpha is a share of the opacity: with 51 k / 255 = k / 5 and opacity 5 / 8, the mixture times 8 is whole.
 */
static void alpha_is_part_of_the_opacity(void **state) {
  (void)state;
  for (int k = 0; k <= 5; k++) {
    bytes all = all_pairs(), before = all_pairs();
    for (int i = 0; i < PAIRS; i++) all.rgba[4 * i + 3] = (uint8_t)(51 * k);
    assert_int_equal(attrib_image_overlay(NULL, PAIRS, all.photo, 5 / 8.0, all.rgba), ATTRIB_OK);
    for (int i = 0; i < 4 * PAIRS; i++) {
      int expected = i % 4 == 3 ? 255 : (k * before.rgba[i] + (8 - k) * before.photo[i] + 4) / 8;
      int tie = i % 4 != 3 && (k * before.rgba[i] + (8 - k) * before.photo[i]) % 8 == 4; /* k / 5 * 5 / 8 is rounded */
      if (all.rgba[i] != expected && !(tie && all.rgba[i] == expected - 1))
        fail_msg("alpha %d/5, byte %d: %d, not %d", k, i, all.rgba[i], expected);
    }
    free(all.photo), free(all.rgba), free(before.photo), free(before.rgba);
  }
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  const uint8_t photo[4] = {10, 20, 30, 0};
  uint8_t rgba[4] = {1, 2, 3, 4};
  const struct {
    int64_t count;
    const uint8_t *photo;
    double opacity;
    uint8_t *rgba;
    attrib_status status;
    const char *part;
  } cases[] = {
      {0, photo, 0.5, rgba, ATTRIB_E_ARGUMENT, "count = 0"},
      {-3, photo, 0.5, rgba, ATTRIB_E_ARGUMENT, "count = -3"},
      {INT64_MAX, photo, 0.5, rgba, ATTRIB_E_OVERFLOW, "count = 9223372036854775807"},
      {1, NULL, 0.5, rgba, ATTRIB_E_ARGUMENT, "photo_rgba is NULL"},
      {1, photo, -0.1, rgba, ATTRIB_E_ARGUMENT, "opacity = -0.1"},
      {1, photo, 1.5, rgba, ATTRIB_E_ARGUMENT, "opacity = 1.5"},
      {1, photo, NAN, rgba, ATTRIB_E_ARGUMENT, "opacity = nan"},
      {1, photo, INFINITY, rgba, ATTRIB_E_ARGUMENT, "opacity = inf"},
      {1, photo, 0.5, NULL, ATTRIB_E_ARGUMENT, "rgba is NULL"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(attrib_image_overlay(context, cases[i].count, cases[i].photo, cases[i].opacity, cases[i].rgba),
                     cases[i].status);
    assert_non_null(strstr(attrib_context_error(context), cases[i].part));
    assert_true(rgba[0] == 1 && rgba[1] == 2 && rgba[2] == 3 && rgba[3] == 4);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opacity_0_is_the_photo_and_1_the_colours),
      cmocka_unit_test(rounds_to_nearest),
      cmocka_unit_test(alpha_is_part_of_the_opacity),
      cmocka_unit_test(refuses_bad_arguments_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
