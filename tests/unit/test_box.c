/* test_box.c - boxes about the centre of mass. */
#include "fixture.h"

#include "context/context.h"
#include "metrics/box.h"

static void expect_box(int64_t width, int64_t height, attrib__centre centre, int64_t part, int64_t parts, bool by_area,
                       const attrib__box *wanted) {
  const attrib__box box = attrib__box_at(width, height, centre, part, parts, by_area);
  assert_int_equal(box.left, wanted->left);
  assert_int_equal(box.right, wanted->right);
  assert_int_equal(box.top, wanted->top);
  assert_int_equal(box.bottom, wanted->bottom);
}

/* All mass in row 1, column 3 of 5 x 5. */
static void one_pixel(void **state) {
  (void)state;
  double scores[25] = {0};
  scores[1 * 5 + 3] = 1;
  const attrib__centre centre = attrib__box_centre(5, 5, scores);
  const attrib__box half = {.left = 1, .right = 4, .top = 0, .bottom = 3};
  assert_true(centre.x == 3 && centre.y == 1);
  expect_box(5, 5, centre, 1, 2, false, &half);
}

/* By signed scores the centre would be at row -26, column 30. */
static void both_signs(void **state) {
  (void)state;
  double scores[25] = {0};
  scores[1 * 5 + 3] = 1;
  scores[4 * 5 + 0] = -.9;
  const attrib__centre centre = attrib__box_centre(5, 5, scores);
  const attrib__box half = {.left = 0, .right = 3, .top = 1, .bottom = 3};
  assert_near(centre.y, (1 + 4 * .9) / 1.9, 0x1p-20, 1);
  assert_near(centre.x, 3 / 1.9, 0x1p-20, 1);
  expect_box(5, 5, centre, 1, 2, false, &half);
}

static void nothing_and_constants(void **state) {
  (void)state;
  static const int64_t sizes[][2] = {{1, 1}, {5, 4}, {7, 3}, {2, 1}, {16, 16}};
  static const double values[] = {0, 1, -.1, .3, 1e308, 1e-308, 0x1p-1074};
  for (int64_t s = 0; s < COUNT(sizes); s++)
    for (int64_t v = 0; v < COUNT(values); v++) {
      const int64_t width = sizes[s][0], height = sizes[s][1];
      double scores[256];
      for (int64_t i = 0; i < width * height; i++) scores[i] = values[v];
      const attrib__centre centre = attrib__box_centre(width, height, scores);
      assert_true(centre.x == .5 * (double)(width - 1) && centre.y == .5 * (double)(height - 1));
    }
}

/* A factor changes nothing. */
static void random_maps(void **state) {
  (void)state;
  double scores[12 * 9], scaled[12 * 9];
  for (uint64_t seed = 1; seed <= 50; seed++) {
    long double mass = 0, x_mass = 0, y_mass = 0;
    fill_random(seed, scores, 12 * 9);
    for (int64_t i = 0; i < 12 * 9; i++) {
      mass += fabsl((long double)scores[i]);
      x_mass += fabsl((long double)scores[i]) * (long double)(i % 12);
      y_mass += fabsl((long double)scores[i]) * (long double)(i / 12);
      scaled[i] = -0x1p1000 * scores[i];
    }
    const attrib__centre centre = attrib__box_centre(12, 9, scores), again = attrib__box_centre(12, 9, scaled);
    assert_near(centre.x, (double)(x_mass / mass), 0x1p-20, .50001);
    assert_near(centre.y, (double)(y_mass / mass), 0x1p-20, .50001);
    assert_true(centre.x == again.x && centre.y == again.y);
  }
}

static void nine_percent(void **state) {
  (void)state;
  const attrib__centre centre = {.x = 50, .y = 50};
  const attrib__box box = {.left = 35, .right = 65, .top = 35, .bottom = 65}, quarter = {25, 75, 25, 75};
  expect_box(100, 100, centre, 3, 10, false, &box); /* 900 of 10000 pixels */
  expect_box(100, 100, centre, 1, 4, true, &quarter);
}

/* Of whole centres the borders are exact, for every fraction. */
static void whole_numbers(void **state) {
  (void)state;
  for (int64_t length = 1; length <= 30; length++)
    for (int64_t c = 0; c < length; c++)
      for (int64_t parts = 1; parts <= 12; parts++)
        for (int64_t part = 0; part <= parts; part++) {
          const attrib__centre centre = {.x = (double)c, .y = (double)c};
          const attrib__box box = attrib__box_at(length, length, centre, part, parts, false);
          assert_int_equal(box.left, c * (parts - part) / parts);
          assert_int_equal(box.right, (c * (parts - part) + length * part) / parts);
          assert_true(box.top == box.left && box.bottom == box.right);
        }
}

/* Nothing at 0, everything at 1, and never smaller than before; by area about that share of the pixels. */
static void grow(void **state) {
  (void)state;
  uint64_t seed = 4;
  for (int k = 0; k < 200; k++) {
    const attrib__centre centre = {.x = 99 * fabs(random_number(&seed)), .y = 79 * fabs(random_number(&seed))};
    for (int by_area = 0; by_area < 2; by_area++) {
      attrib__box before = attrib__box_at(100, 80, centre, 0, 7, by_area != 0);
      assert_true(before.left == before.right && before.top == before.bottom);
      for (int64_t part = 1; part <= 7; part++) {
        const attrib__box box = attrib__box_at(100, 80, centre, part, 7, by_area != 0);
        assert_true(box.left <= before.left && box.right >= before.right);
        assert_true(box.top <= before.top && box.bottom >= before.bottom);
        const double share = (double)((box.right - box.left) * (box.bottom - box.top)) / 8000;
        const double k_share = (double)part / 7;
        assert_near(share, by_area ? k_share : k_share * k_share, .03, 1);
        before = box;
      }
      assert_true(before.left == 0 && before.right == 100 && before.top == 0 && before.bottom == 80);
    }
  }
}

static void copies(void **state) {
  (void)state;
  const attrib_image planes = {sizeof planes, 0, 3, 2, 2, 1, 3, 6};
  const attrib__box box = {.left = 1, .right = 3, .top = 1, .bottom = 2};
  const double from[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int inside = 0; inside < 2; inside++) {
      const attrib__units units = {.dtype = dtype, .n = 12, .count = 6, .pixels = true, .shape = planes};
      double wanted[12] = {0};
      for (int64_t i = 0; i < 12; i++)
        if ((i % 6 == 4 || i % 6 == 5) == (inside != 0)) wanted[i] = from[i];
      const double zeros[12] = {0};
      void *source = as_row(dtype, from, 12), *point = as_row(dtype, zeros, 12), *expected = as_row(dtype, wanted, 12);
      attrib__box_copy(&units, &box, inside != 0, source, point);
      assert_memory_equal(point, expected, 12 * (dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double)));
      free(expected);
      free(point);
      free(source);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_pixel),   cmocka_unit_test(both_signs),   cmocka_unit_test(nothing_and_constants),
      cmocka_unit_test(random_maps), cmocka_unit_test(nine_percent), cmocka_unit_test(whole_numbers),
      cmocka_unit_test(grow),        cmocka_unit_test(copies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
