/* The canvas: what is drawn where, and that nothing is drawn outside. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <math.h>
#include <string.h>

#include "canvas.h"
#include "image_io.h"
#include "percent.h"

static char message[FILE_MESSAGE_CAPACITY];

static uint32_t at(const canvas *c, int x, int y) {
  const uint8_t *pixel = c->rgb + 3 * (y * c->width + x);
  return (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
}

static void expect_all(const canvas *c, uint32_t colour) {
  for (int y = 0; y < c->height; y++)
    for (int x = 0; x < c->width; x++) assert_int_equal(at(c, x, y), colour);
}

static void test_fill(void **state) {
  (void)state;
  canvas c;
  assert_int_equal(canvas_create(&c, 7, 5, message), 0);
  expect_all(&c, 0xffffff);
  canvas_fill(&c, 2, 1, 3, 2, 0x123456);
  for (int y = 0; y < 5; y++)
    for (int x = 0; x < 7; x++)
      assert_int_equal(at(&c, x, y), x >= 2 && x < 5 && y >= 1 && y < 3 ? 0x123456 : 0xffffff);
  canvas_fill(&c, 7, 0, 9, 9, 0); /* beside, above, empty, reversed */
  canvas_fill(&c, 0, -4, 7, 4, 0);
  canvas_fill(&c, 0, 0, 0, 5, 0);
  canvas_fill(&c, 3, 3, -2, -2, 0);
  assert_int_equal(at(&c, 0, 0), 0xffffff);
  canvas_fill(&c, INT32_MIN, -3, INT32_MAX, 100, 0);
  assert_int_equal(at(&c, 0, 0), 0xffffff);
  canvas_fill(&c, -3, -3, INT32_MAX, INT32_MAX, 0xabcdef);
  expect_all(&c, 0xabcdef);
  canvas_free(&c);
  assert_null(c.rgb);
}

static void test_frame(void **state) {
  (void)state;
  canvas c;
  assert_int_equal(canvas_create(&c, 9, 8, message), 0);
  canvas_frame(&c, 3, 2, 4, 3, 0x123456);
  for (int y = 0; y < 8; y++)
    for (int x = 0; x < 9; x++) {
      const int around = x >= 2 && x <= 7 && y >= 1 && y <= 5, inside = x >= 3 && x < 7 && y >= 2 && y < 5;
      assert_int_equal(at(&c, x, y), around && !inside ? 0x123456 : 0xffffff);
    }
  canvas_free(&c);
}

static void expect_percent(double share, const char *expected) {
  char text[16];
  assert_ptr_equal(percent_text(share, text, sizeof text), text);
  assert_string_equal(text, expected);
}

static void test_percent(void **state) {
  (void)state;
  expect_percent(0, "0.00 %");
  expect_percent(0.00005, "<0.01 %");
  expect_percent(0.0456, "4.56 %");
  expect_percent(0.456, "45.6 %");
  expect_percent(0.09996, "10.0 %"); /* three digits after rounding, too */
  expect_percent(0.99996, "100 %");
  expect_percent(45.6, "4560 %");
  expect_percent(1e300, ">99999 %");
  expect_percent(NAN, "-");
}

static void test_size(void **state) {
  (void)state;
  canvas c;
  assert_int_equal(canvas_create(&c, 0, 5, message), -1);
  assert_non_null(strstr(message, "0 x 5"));
  assert_null(c.rgb);
  assert_int_equal(canvas_create(&c, 5, IMAGE_MAX_SIDE + 1, message), -1);
  assert_non_null(strstr(message, "over the limit"));
  assert_int_equal(canvas_create(&c, INT64_MAX, INT64_MAX, message), -1);
  canvas_free(&c);
}

static void test_picture(void **state) {
  (void)state;
  static const uint8_t rgba[16] = {255, 0, 0, 255, 0, 255, 0, 0, 0, 0, 255, 7, 1, 2, 3, 255};
  static const uint32_t colours[4] = {0xff0000, 0x00ff00, 0x0000ff, 0x010203};
  canvas c;
  assert_int_equal(canvas_create(&c, 8, 8, message), 0);
  canvas_picture(&c, 1, 2, rgba, 2, 2, 3);
  for (int y = 0; y < 8; y++)
    for (int x = 0; x < 8; x++) {
      const int inside = x >= 1 && x < 7 && y >= 2;
      assert_int_equal(at(&c, x, y), inside ? colours[(y - 2) / 3 * 2 + (x - 1) / 3] : 0xffffff);
    }
  canvas_picture(&c, 6, -4, rgba, 2, 2, 4); /* half outside */
  assert_int_equal(at(&c, 6, 0), 0x0000ff);
  assert_int_equal(at(&c, 5, 0), 0xffffff);
  canvas_free(&c);
}

/* Every character leaves ink, another one than the others do, within its own width and the height of a line. */
static void test_text(void **state) {
  (void)state;
  char seen[256][8 * CANVAS_LINE];
  int count = 0;
  for (int character = '!'; character <= '~'; character++) {
    const char text[2] = {(char)character, '\0'};
    canvas c;
    assert_int_equal(canvas_create(&c, 9, CANVAS_LINE, message), 0);
    int32_t end = canvas_text(&c, 0, 0, 1, 0x000000, text);
    assert_int_equal(end, canvas_text_width(1, text));
    assert_int_equal(canvas_text_width(3, text), 3 * end);
    assert_true(end >= 3 && end <= 9);
    int ink = 0;
    for (int i = 0; i < 8 * CANVAS_LINE; i++) ink += seen[count][i] = at(&c, i % 8, i / 8) == 0;
    assert_true(ink > 0);
    for (int k = 0; k < count; k++) /* the font draws "|" as it draws "l" */
      assert_true(character == '|' || memcmp(seen[k], seen[count], sizeof seen[0]) != 0);
    for (int y = 0; y < CANVAS_LINE; y++)
      for (int x = end; x < 9; x++) assert_int_equal(at(&c, x, y), 0xffffff);
    count++;
    canvas_free(&c);
  }
}

static void test_odd_text(void **state) {
  (void)state;
  canvas c;
  assert_int_equal(canvas_create(&c, 40, 12, message), 0);
  assert_int_equal(canvas_text(&c, 5, 0, 2, 0, ""), 5);
  expect_all(&c, 0xffffff);
  assert_int_equal(canvas_text_width(2, "\n\xff\x01"), canvas_text_width(2, "???"));
  canvas_text(&c, -7, -3, 4, 0, "cut at every edge, and longer than the canvas is wide");
  canvas_free(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fill),     cmocka_unit_test(test_frame),   cmocka_unit_test(test_percent),
      cmocka_unit_test(test_size),     cmocka_unit_test(test_picture), cmocka_unit_test(test_text),
      cmocka_unit_test(test_odd_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
