/* test_perturbation.c - the area under the perturbation curve against its definition in plain loops. */
#include "fixture.h"
#include "recorder.h"
#include "statistics.h"

#include "image/shape.h"
#include "methods/perturbation.h"
#include "quadrature/simpson.h"
#include "random/philox.h"

enum { HEIGHT = 11, WIDTH = 9, CHANNELS = 2, SIDE = 3, WINDOWS = 12, FIT = 9, FILLS = 6, MOST_INPUTS = 400 };

typedef struct setting {
  attrib__perturbation p;
  void *input, *row;
  double map[HEIGHT * WIDTH];
} setting;

static const attrib_image shapes[] = {
    {.struct_size = sizeof(attrib_image), .width = WIDTH, .height = HEIGHT, .channels = CHANNELS},
    {.struct_size = sizeof(attrib_image),
     .width = WIDTH,
     .height = HEIGHT,
     .channels = CHANNELS,
     .x_stride = 1,
     .y_stride = WIDTH,
     .channel_stride = WIDTH * HEIGHT},
    {.struct_size = sizeof(attrib_image), /* elements between pixels, rows and channels */
     .width = WIDTH,
     .height = HEIGHT,
     .channels = CHANNELS,
     .x_stride = 3,
     .y_stride = 3 * WIDTH + 5,
     .channel_stride = 1}};

static void lay_out(attrib__perturbation *p) {
  attrib__perturbation sizes = *p;
  attrib__arena arena = {0};
  attrib__perturbation_layout(&sizes, &arena);
  arena.memory = exact_block(arena.used);
  arena.used = 0;
  attrib__perturbation_layout(p, &arena);
}

static void set_up(setting *s, uint32_t dtype, int which, uint64_t seed) {
  *s = (setting){.p = {.dtype = dtype,
                       .n = which == 2 ? MOST_INPUTS : HEIGHT * WIDTH * CHANNELS,
                       .side = SIDE,
                       .windows = WINDOWS,
                       .fills = FILLS,
                       .seed = seed,
                       .low = -.3,
                       .high = 1.1}};
  attrib__perturbation *p = &s->p;
  assert_int_equal(attrib__image_read_shape(NULL, dtype, &shapes[which], &p->shape), ATTRIB_OK);
  assert_int_equal(attrib__range_read(NULL, dtype, -.3, 1.1, &p->range), ATTRIB_OK);
  double values[MOST_INPUTS];
  fill_random(seed + 1, values, MOST_INPUTS);
  s->input = as_row(dtype, values, p->n);
  s->row = as_row(dtype, values, p->n);
  p->input = s->input;
  lay_out(p);
  fill_random(seed + 2, s->map, HEIGHT * WIDTH);
}

static void tear_down(setting *s) {
  free(s->p.picture); /* the first vector: the block begins there */
  free(s->input);
  free(s->row);
}

/* A function of every element, of either sign. */
static double f_of(uint32_t dtype, int64_t n, const void *row) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += sin(1 + (double)(i % 17)) * element_of(dtype, row, i);
  return sum + .7;
}

static double run(setting *s) {
  attrib__perturbation *p = &s->p;
  attrib__perturbation_begin(p, s->map, f_of(p->dtype, p->n, s->input));
  while (!attrib__perturbation_ended(p))
    for (int64_t k = 0; k < p->fills; k++) {
      attrib__perturbation_place(p, k, s->row);
      attrib__perturbation_take(p, k, f_of(p->dtype, p->n, s->row));
    }
  return attrib__perturbation_area(p);
}

/* -- the definition ----------------------------------------------------------------------------------------------- */

static double score(const double *map, int64_t corner) {
  double sum = 0;
  for (int64_t i = 0; i < SIDE * SIDE; i++) sum += fabs(map[corner + i / SIDE * WIDTH + i % SIDE]);
  return sum;
}

static bool overlap(int64_t a, int64_t b) {
  return llabs(a / WIDTH - b / WIDTH) < SIDE && llabs(a % WIDTH - b % WIDTH) < SIDE;
}

/* The best window that overlaps none of those before it; -1 if there is none. */
static int64_t best_window(const double *map, const int64_t *chosen, int64_t count) {
  int64_t best = -1;
  for (int64_t corner = 0; corner < HEIGHT * WIDTH; corner++) {
    bool possible = corner / WIDTH + SIDE <= HEIGHT && corner % WIDTH + SIDE <= WIDTH;
    for (int64_t k = 0; k < count && possible; k++) possible = !overlap(corner, chosen[k]);
    if (possible && (best < 0 || score(map, corner) > score(map, best))) best = corner;
  }
  return best;
}

static void set_element(uint32_t dtype, void *row, int64_t i, double value) {
  if (dtype == ATTRIB_F32)
    ((float *)row)[i] = (float)value;
  else
    ((double *)row)[i] = value;
}

static void fill_plainly(const setting *s, int64_t corner, int64_t window, int64_t fill, void *row) {
  const attrib_image *shape = &s->p.shape;
  for (int64_t j = 0; j < SIDE * SIDE * CHANNELS; j++) {
    double u;
    attrib__random_uniforms(s->p.seed, ATTRIB__STREAM_WINDOW_FILL, (uint64_t)(window * FILLS + fill), j, 1, &u);
    const int64_t y = corner / WIDTH + j / CHANNELS / SIDE, x = corner % WIDTH + j / CHANNELS % SIDE;
    set_element(s->p.dtype, row, y * shape->y_stride + x * shape->x_stride + j % CHANNELS * shape->channel_stride,
                (1 - u) * -.3 + u * 1.1);
  }
}

/* The area; the windows that there were in *count. */
static double area_plainly(const setting *s, int64_t *count) {
  const uint32_t dtype = s->p.dtype;
  const size_t size = (size_t)s->p.n * (dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  void *picture = exact_copy(s->input, size), *tries[FILLS];
  const double start = f_of(dtype, s->p.n, s->input);
  double curve[WINDOWS + 1] = {start / fabs(start)};
  int64_t chosen[WINDOWS], corner;
  for (*count = 0; *count < WINDOWS && (corner = best_window(s->map, chosen, *count)) >= 0; ++*count) {
    double outputs[FILLS];
    for (int64_t k = 0; k < FILLS; k++) {
      tries[k] = exact_copy(picture, size);
      fill_plainly(s, corner, *count, k, tries[k]);
      outputs[k] = f_of(dtype, s->p.n, tries[k]);
    }
    double *sorted = sorted_copy(outputs, FILLS);
    for (int64_t k = FILLS - 1; k >= 0; k--)
      if (outputs[k] == sorted[(FILLS - 1) / 2]) memcpy(picture, tries[k], size);
    chosen[*count] = corner;
    curve[*count + 1] = mean_of(outputs, FILLS) / fabs(start);
    for (int64_t k = 0; k < FILLS; k++) free(tries[k]);
    free(sorted);
  }
  for (int64_t k = *count; k < FIT; k++) curve[k + 1] = curve[k];
  free(picture);
  return attrib__simpson(FIT + 1, curve);
}

static void the_area_is_that_of_the_definition(void **state) {
  (void)state;
  int64_t least = FIT, most = 0;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int which = 0; which < COUNT(shapes); which++)
      for (uint64_t seed = 0; seed < 10; seed++) {
        setting s;
        int64_t count;
        set_up(&s, dtype, which, seed);
        assert_int_equal(s.p.windows, FIT);
        const double expected = area_plainly(&s, &count);
        assert_near(run(&s), expected, ROUND_OFF, 100);
        assert_int_equal(s.p.count, count);
        if (count < least) least = count;
        if (count > most) most = count;
        tear_down(&s);
      }
  assert_true(least < most && most <= FIT); /* of both kinds: full curves and such that keep their last value */
}

/* -- parts -------------------------------------------------------------------------------------------------------- */

/* Nothing but the window changes, and it within the range. */
static void fills_are_uniform_within_the_window(void **state) {
  (void)state;
  enum { MANY = 200, ELEMENTS = SIDE * SIDE * CHANNELS };
  double uniforms[MANY * ELEMENTS];
  setting s;
  set_up(&s, ATTRIB_F64, 2, 3);
  s.p.fills = MANY;
  attrib__perturbation_begin(&s.p, s.map, 1);
  const int64_t corner = s.p.corners[0], y = corner / WIDTH, x = corner % WIDTH;
  int64_t filled = 0;
  for (int64_t k = 0; k < MANY; k++) {
    attrib__perturbation_place(&s.p, k, s.row);
    int64_t changed = 0;
    for (int64_t i = 0; i < s.p.n; i++) changed += ((double *)s.row)[i] != ((const double *)s.input)[i];
    assert_int_equal(changed, ELEMENTS);
    for (int64_t j = 0; j < ELEMENTS; j++) {
      const int64_t i =
          attrib__image_offset(&s.p.shape, x + j / CHANNELS % SIDE, y + j / CHANNELS / SIDE, j % CHANNELS);
      const double value = ((double *)s.row)[i];
      assert_true(value >= -.3 && value <= 1.1 && value != ((const double *)s.input)[i]);
      uniforms[filled++] = (value + .3) / 1.4;
    }
  }
  assert_true(kolmogorov(uniforms, filled, uniform_cdf) < KOLMOGOROV);
  tear_down(&s);
}

/* Whatever the map: window for window the same values, in another place. */
static void fills_do_not_depend_on_the_map(void **state) {
  (void)state;
  setting a, b;
  set_up(&a, ATTRIB_F64, 0, 5);
  set_up(&b, ATTRIB_F64, 0, 5);
  fill_random(99, b.map, HEIGHT * WIDTH);
  attrib__perturbation_begin(&a.p, a.map, 1);
  attrib__perturbation_begin(&b.p, b.map, 1);
  assert_true(a.p.corners[0] != b.p.corners[0]);
  attrib__perturbation_place(&a.p, 4, a.row);
  attrib__perturbation_place(&b.p, 4, b.row);
  for (int64_t j = 0; j < SIDE * SIDE; j++)
    for (int64_t c = 0; c < CHANNELS; c++) {
      const int64_t in_a = (a.p.corners[0] + j / SIDE * WIDTH + j % SIDE) * CHANNELS + c;
      const int64_t in_b = (b.p.corners[0] + j / SIDE * WIDTH + j % SIDE) * CHANNELS + c;
      assert_true(((double *)a.row)[in_a] == ((double *)b.row)[in_b]);
    }
  tear_down(&a);
  tear_down(&b);
}

/* The lower one of two in the middle, the first of equal ones, whatever the signs. */
static void the_picture_keeps_the_median(void **state) {
  (void)state;
  static const struct {
    double outputs[FILLS];
    int64_t kept;
  } cases[] = {{{6, 5, 4, 3, 2, 1}, 3},     {{-1, -2, -3, -4, -5, -6}, 3}, {{1, -1, 2, -2, 3, -3}, 1},
               {{0, 0, 0, 0, 0, 0}, 0},     {{7, 2, 2, 2, 9, 9}, 1},       {{-0.0, 0, 1, 1, 0, -0.0}, 0},
               {{-5, 1, 2, 3, 4, -6}, 1},   {{-5, -4, -3, 9, 9, 9}, 2},    {{1e300, -1e300, 5e-324, 0, -5e-324, 2}, 3},
               {{-4, -4, -4, -4, 1, -9}, 0}};
  for (int64_t k = 0; k < COUNT(cases); k++) {
    setting s;
    set_up(&s, ATTRIB_F32, 1, 8);
    attrib__perturbation_begin(&s.p, s.map, -2);
    attrib__perturbation_place(&s.p, cases[k].kept, s.row);
    for (int64_t i = 0; i < FILLS; i++) {
      assert_true(memcmp(s.p.picture, s.input, (size_t)s.p.n * sizeof(float)) == 0);
      assert_int_equal(s.p.window, 0);
      attrib__perturbation_take(&s.p, i, cases[k].outputs[i]);
    }
    assert_true(memcmp(s.p.picture, s.row, (size_t)s.p.n * sizeof(float)) == 0);
    assert_int_equal(s.p.window, 1);
    assert_true(s.p.curve[0] == -1);
    assert_near(s.p.curve[1], mean_of(cases[k].outputs, FILLS) / 2, ROUND_OFF, largest_of(cases[k].outputs, FILLS) + 1);
    tear_down(&s);
  }
}

/* One window in the middle leaves no room for another: two would fit. */
static void areas_are_over_the_same_length(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64, 0, 1);
  free(s.p.picture);
  s.p.side = 5;
  s.p.windows = 30;
  lay_out(&s.p);
  assert_int_equal(s.p.windows, 2);
  for (int64_t i = 0; i < HEIGHT * WIDTH; i++) s.map[i] = 0;
  for (int64_t i = 0; i < 25; i++) s.map[(3 + i / 5) * WIDTH + 2 + i % 5] = 1;
  attrib__perturbation_begin(&s.p, s.map, 4);
  assert_int_equal(s.p.count, 1);
  for (int64_t k = 0; k < FILLS; k++) attrib__perturbation_take(&s.p, k, 1);
  assert_true(attrib__perturbation_ended(&s.p));
  assert_near(attrib__perturbation_area(&s.p), (1 + 4 * .25 + .25) / 3, ROUND_OFF, 1);
  tear_down(&s);
}

/* Of an odd number of fills, and of one. */
static void any_number_of_fills(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64, 0, 1);
  free(s.p.picture);
  s.p.fills = 1;
  s.p.windows = 2;
  lay_out(&s.p);
  attrib__perturbation_begin(&s.p, s.map, 2);
  attrib__perturbation_place(&s.p, 0, s.row);
  attrib__perturbation_take(&s.p, 0, -1);
  assert_true(memcmp(s.p.picture, s.row, (size_t)s.p.n * sizeof(double)) == 0);
  attrib__perturbation_take(&s.p, 0, 4);
  assert_true(attrib__perturbation_ended(&s.p));
  assert_near(attrib__perturbation_area(&s.p), (1 + 4 * -.5 + 2) / 3, ROUND_OFF, 1);
  tear_down(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_area_is_that_of_the_definition), cmocka_unit_test(fills_are_uniform_within_the_window),
      cmocka_unit_test(fills_do_not_depend_on_the_map),     cmocka_unit_test(the_picture_keeps_the_median),
      cmocka_unit_test(areas_are_over_the_same_length),     cmocka_unit_test(any_number_of_fills),
  };
  return cmocka_run_group_tests_name("perturbation", tests, NULL, NULL);
}
