/* test_windows.c - the best windows against a search that knows nothing of sums or marks. */
#include "fixture.h"

#include "methods/windows.h"

/* Corners in a block of the exact size; most is how many are asked for, the return how many there are. */
static int64_t choose(int64_t height, int64_t width, const double *map, int64_t side, int64_t most, int64_t **corners) {
  const int64_t doubles = attrib__windows_scratch(height, width, side);
  double *scratch = untouched(doubles);
  *corners = exact_block((size_t)most * sizeof **corners);
  for (int64_t i = 0; i < most; i++) (*corners)[i] = -7;
  const int64_t count = attrib__windows_choose(height, width, map, side, most, scratch, *corners);
  assert_in_range(count, 0, most);
  for (int64_t i = count; i < most; i++) assert_int_equal((*corners)[i], -7);
  free(scratch);
  return count;
}

static double score(int64_t width, const double *map, int64_t side, int64_t corner) {
  double sum = 0;
  for (int64_t i = 0; i < side * side; i++) sum += fabs(map[corner + i / side * width + i % side]);
  return sum / (double)(side * side);
}

static bool overlap(int64_t width, int64_t side, int64_t a, int64_t b) {
  return llabs(a / width - b / width) < side && llabs(a % width - b % width) < side;
}

/* The best corner that overlaps none of the chosen ones; -1 if there is none. */
static int64_t search(int64_t height, int64_t width, const double *map, int64_t side, const int64_t *chosen,
                      int64_t count) {
  int64_t best = -1;
  for (int64_t corner = 0; corner < height * width; corner++) {
    bool possible = corner / width + side <= height && corner % width + side <= width;
    for (int64_t k = 0; k < count && possible; k++) possible = !overlap(width, side, corner, chosen[k]);
    if (possible && (best < 0 || score(width, map, side, corner) > score(width, map, side, best))) best = corner;
  }
  return best;
}

static void assert_chosen(int64_t height, int64_t width, const double *map, int64_t side, int64_t most) {
  int64_t *corners;
  const int64_t count = choose(height, width, map, side, most, &corners);
  for (int64_t k = 0; k < count; k++) assert_int_equal(corners[k], search(height, width, map, side, corners, k));
  if (count < most) assert_int_equal(search(height, width, map, side, corners, count), -1);
  free(corners);
}

static const int64_t shapes[][4] = {/* height, width, side, most */
                                    {1, 1, 1, 1},    {5, 4, 1, 30},   {9, 9, 3, 30},   {12, 17, 5, 30},
                                    {17, 12, 5, 4},  {15, 15, 15, 2}, {15, 16, 15, 2}, {20, 8, 8, 30},
                                    {24, 24, 7, 30}, {33, 29, 4, 100}};

static void windows_are_those_of_a_search(void **state) {
  (void)state;
  for (int s = 0; s < COUNT(shapes); s++) {
    const int64_t height = shapes[s][0], width = shapes[s][1];
    double *map = exact_block((size_t)(height * width) * sizeof *map);
    for (uint64_t seed = 0; seed < 3; seed++) {
      fill_random(seed, map, height * width);
      assert_chosen(height, width, map, shapes[s][2], shapes[s][3]);
      /* Small whole numbers: sums are exact, and many windows tie. */
      for (int64_t i = 0; i < height * width; i++) map[i] = trunc(3 * map[i]);
      assert_chosen(height, width, map, shapes[s][2], shapes[s][3]);
    }
    free(map);
  }
}

/* Equal to the bit wherever they lie: so they are laid out row by row. */
static void equal_windows_go_by_their_place(void **state) {
  (void)state;
  static const double constants[] = {0, 0.1, -1.0 / 3};
  enum { HEIGHT = 20, WIDTH = 23, SIDE = 5, ROWS = HEIGHT / SIDE, COLUMNS = WIDTH / SIDE };
  double *map = exact_block(HEIGHT * WIDTH * sizeof *map);
  for (int c = 0; c < COUNT(constants); c++) {
    int64_t *corners;
    for (int i = 0; i < HEIGHT * WIDTH; i++) map[i] = constants[c];
    assert_int_equal(choose(HEIGHT, WIDTH, map, SIDE, 30, &corners), ROWS * COLUMNS);
    for (int k = 0; k < ROWS * COLUMNS; k++)
      assert_int_equal(corners[k], k / COLUMNS * SIDE * WIDTH + k % COLUMNS * SIDE);
    free(corners);
  }
  free(map);
}

/* The last row and column of places are places too. */
static void windows_reach_every_corner(void **state) {
  (void)state;
  enum { HEIGHT = 11, WIDTH = 14, SIDE = 4 };
  static const int64_t pixels[] = {0, WIDTH - 1, (HEIGHT - 1) * WIDTH, HEIGHT * WIDTH - 1};
  static const int64_t expected[] = {0, WIDTH - SIDE, (HEIGHT - SIDE) * WIDTH, (HEIGHT - SIDE) * WIDTH + WIDTH - SIDE};
  for (int k = 0; k < COUNT(pixels); k++) {
    int64_t *corners;
    double *map = exact_block(HEIGHT * WIDTH * sizeof *map);
    for (int i = 0; i < HEIGHT * WIDTH; i++) map[i] = 0;
    map[pixels[k]] = -1;
    assert_int_equal(choose(HEIGHT, WIDTH, map, SIDE, 1, &corners), 1);
    assert_int_equal(corners[0], expected[k]);
    free(corners);
    free(map);
  }
}

/* A huge value does not drown the others: a running sum or an integral image would have lost them. */
static void sums_do_not_drift(void **state) {
  (void)state;
  enum { SIZE = 16, SIDE = 4 };
  double *map = exact_block(SIZE * SIZE * sizeof *map);
  for (int i = 0; i < SIZE * SIZE; i++) map[i] = 1e-3;
  map[0] = 1e30;
  map[9 * SIZE + 9] = 2e-3;
  map[13 * SIZE + 2] = 3e-3;
  int64_t *corners;
  assert_int_equal(choose(SIZE, SIZE, map, SIDE, 3, &corners), 3);
  assert_int_equal(corners[0], 0);
  assert_int_equal(corners[1], 10 * SIZE);    /* the first place that holds pixel (13, 2) */
  assert_int_equal(corners[2], 6 * SIZE + 6); /* and (9, 9) */
  free(corners);
  free(map);
}

static void a_window_that_does_not_fit(void **state) {
  (void)state;
  const double map[6] = {1, 2, 3, 4, 5, 6};
  assert_int_equal(attrib__windows_scratch(2, 3, 3), 0);
  assert_int_equal(attrib__windows_scratch(3, 2, 3), 0);
  assert_int_equal(attrib__windows_choose(2, 3, map, 3, 30, NULL, NULL), 0);
  assert_int_equal(attrib__windows_choose(3, 2, map, 3, 30, NULL, NULL), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(windows_are_those_of_a_search), cmocka_unit_test(equal_windows_go_by_their_place),
      cmocka_unit_test(windows_reach_every_corner),    cmocka_unit_test(sums_do_not_drift),
      cmocka_unit_test(a_window_that_does_not_fit),
  };
  return cmocka_run_group_tests_name("windows", tests, NULL, NULL);
}
