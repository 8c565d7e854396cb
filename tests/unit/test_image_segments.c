/* test_image_segments.c - which segments there are, and which ones a pixel is of. */
#include "fixture.h"

#include "image/segments.h"

enum { MOST = 600 };

/* A list in blocks of their very size. */
typedef struct listed {
  attrib__segment_list list;
  int32_t *sorted, *found;
  int64_t count;
} listed;

static listed list_of(int64_t width, int64_t height, int64_t maps, const int32_t *labels, int64_t radius) {
  listed l = {.list = {.width = width, .height = height, .maps = maps}};
  size_t pixels = (size_t)(width * height);
  l.list.labels = exact_copy(labels, (size_t)maps * pixels * sizeof *labels);
  l.sorted = exact_block(pixels * sizeof *l.sorted);
  for (int64_t map = 0; map < maps; map++) l.count += attrib__segments_count(&l.list, map, l.sorted);
  l.list.rows = attrib__disc_rows(&l.list, radius);
  l.list.reach = exact_block((size_t)(l.list.rows + 1) * sizeof *l.list.reach);
  l.list.first = exact_block((size_t)(maps + 1) * sizeof *l.list.first);
  l.list.at = exact_block((size_t)(l.count + (l.count == 0)) * sizeof *l.list.at);
  l.found = exact_block((size_t)(l.count + (l.count == 0)) * sizeof *l.found);
  attrib__disc_build(&l.list, radius);
  attrib__segments_build(&l.list, l.sorted);
  assert_int_equal(l.list.first[maps], l.count);
  return l;
}

static void free_list(listed *l) {
  free((void *)(uintptr_t)l->list.labels);
  free(l->sorted);
  free(l->list.reach);
  free(l->list.first);
  free(l->list.at);
  free(l->found);
}

/* The numbers of lattice points in circles, as Gauss counted them. */
static void discs_have_the_pixels_of_circles(void **state) {
  (void)state;
  const int64_t expected[] = {1, 5, 13, 29, 49, 81, 113, 149, 197, 253, 317};
  int32_t labels[21 * 21] = {0};
  for (int64_t radius = 0; radius <= 10; radius++) {
    listed l = list_of(21, 21, 1, labels, radius);
    int64_t pixels = 2 * l.list.reach[0] + 1;
    for (int64_t away = 1; away <= l.list.rows; away++) pixels += 2 * (2 * l.list.reach[away] + 1);
    assert_int_equal(l.list.rows, radius);
    assert_int_equal(pixels, expected[radius]);
    free_list(&l);
  }
}

static void a_large_disc_is_the_picture(void **state) {
  (void)state;
  const int64_t radii[] = {8, 9, 1000, INT32_MAX, INT64_MAX};
  const int32_t labels[15] = {0};
  for (int k = 0; k < COUNT(radii); k++) {
    listed l = list_of(3, 5, 1, labels, radii[k]);
    assert_int_equal(l.list.rows, 4);
    for (int away = 0; away <= 4; away++) assert_int_equal(l.list.reach[away], 3);
    free_list(&l);
  }
}

static void names_and_boxes(void **state) {
  (void)state;
  const int32_t labels[2][12] = {{7, 7, -1, INT32_MAX, /**/ 7, 0, 0, -1, /**/ -1, -1, 0, 7},
                                 {-1, -1, -1, -1, /**/ -1, 5, -1, -1, /**/ -1, -1, -1, -1}};
  const int32_t expected[4][6] = {
      {0, 0, 1, 2, 1, 2}, {0, 7, 0, 3, 0, 2}, {0, INT32_MAX, 3, 3, 0, 0}, {1, 5, 1, 1, 1, 1}};
  listed l = list_of(4, 3, 2, labels[0], 0);
  assert_int_equal(l.count, 4);
  assert_int_equal(l.list.first[0], 0);
  assert_int_equal(l.list.first[1], 3);
  for (int k = 0; k < 4; k++) {
    const attrib__segment *s = &l.list.at[k];
    const int32_t found[6] = {s->map, s->label, s->left, s->right, s->top, s->bottom};
    assert_memory_equal(found, expected[k], sizeof found);
    assert_true(s->uncovered == 0 && s->touched == -1 && s->seen == -1);
  }
  free_list(&l);
}

static bool near(const attrib__segment_list *list, const attrib__segment *s, int64_t x, int64_t y, int64_t radius) {
  const int32_t *labels = list->labels + s->map * list->height * list->width;
  for (int64_t v = 0; v < list->height; v++)
    for (int64_t u = 0; u < list->width; u++)
      if (labels[v * list->width + u] == s->label && (u - x) * (u - x) + (v - y) * (v - y) <= radius * radius)
        return true;
  return false;
}

/* Every pixel's segments are those whose label is within the radius, found once each. */
static void check_membership(int64_t width, int64_t height, int64_t maps, const int32_t *labels, int64_t radius) {
  listed l = list_of(width, height, maps, labels, radius);
  for (int64_t y = 0; y < height; y++)
    for (int64_t x = 0; x < width; x++) {
      int64_t found = attrib__segments_find(&l.list, x, y, l.found), expected = 0;
      bool is_found[MOST] = {false};
      for (int64_t i = 0; i < found; i++) {
        assert_true(l.found[i] >= 0 && l.found[i] < l.count && !is_found[l.found[i]]);
        is_found[l.found[i]] = true;
      }
      for (int64_t k = 0; k < l.count; k++) {
        assert_int_equal(is_found[k], near(&l.list, &l.list.at[k], x, y, radius));
        expected += is_found[k];
      }
      assert_int_equal(found, expected);
    }
  free_list(&l);
}

static void members_are_within_the_radius(void **state) {
  (void)state;
  const int64_t sizes[][2] = {{1, 1}, {7, 1}, {1, 9}, {6, 5}, {11, 8}};
  const int32_t names[] = {0, 1, 2, 3, -1, 5, 900, INT32_MAX - 1, INT32_MAX};
  uint64_t seed = 7;
  for (int s = 0; s < COUNT(sizes); s++)
    for (int64_t radius = 0; radius < 8; radius += radius < 3 ? 1 : 4)
      for (int kind = 0; kind < 3; kind++) {
        enum { MAPS = 3 };
        int64_t width = sizes[s][0], height = sizes[s][1];
        int32_t labels[MAPS * 88];
        for (int64_t i = 0; i < MAPS * width * height; i++) {
          int64_t draw = (int64_t)(fabs(random_number(&seed)) * 9);
          labels[i] = kind == 0 ? names[draw] : kind == 1 ? (int32_t)(i % width / 2) : (int32_t)i; /* all different */
        }
        check_membership(width, height, MAPS, labels, radius);
      }
}

static void no_segment_at_all(void **state) {
  (void)state;
  const int32_t labels[] = {-1, -1, -1, -1};
  listed l = list_of(2, 2, 1, labels, 1);
  assert_int_equal(l.count, 0);
  assert_int_equal(attrib__segments_find(&l.list, 1, 1, l.found), 0);
  free_list(&l);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(discs_have_the_pixels_of_circles),
      cmocka_unit_test(a_large_disc_is_the_picture),
      cmocka_unit_test(names_and_boxes),
      cmocka_unit_test(members_are_within_the_radius),
      cmocka_unit_test(no_segment_at_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
