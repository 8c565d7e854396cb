/* test_image_regions_refused.c - what attrib_image_regions does not take, and memory that runs out. */
#include "fixture.h"
#include "meter.h"
#include "ranked.h"

static attrib_context *context;

static int create(void **state) {
  (void)state;
  return attrib_context_create(NULL, &context) == ATTRIB_OK ? 0 : -1;
}

static int destroy(void **state) {
  (void)state;
  attrib_context_destroy(context);
  return 0;
}

/* A call that is right. */
typedef struct wrong {
  int64_t width, height;
  double map[4];
  int32_t labels[8];
  attrib_segments segments;
} wrong;

static wrong right(void) {
  return (wrong){.width = 2,
                 .height = 2,
                 .map = {1, 2, 3, 4},
                 .labels = {0, 0, 1, 1, /**/ 0, 1, -1, 1},
                 .segments = segments_of(2, NULL, 1, 0)};
}

static void expect_refused(wrong *w, attrib_status expected, const char *part) {
  int32_t order[4] = {UNSET, UNSET, UNSET, UNSET};
  double gains[4] = {-1, -1, -1, -1};
  int64_t regions = UNSET;
  w->segments.labels = w->labels;
  attrib_status status =
      attrib_image_regions(context, w->width, w->height, w->map, &w->segments, order, gains, &regions);
  assert_status(status, expected, context);
  assert_names(attrib_context_error(context), part);
  assert_null(strchr(attrib_context_error(context), '\n'));
  assert_int_equal(regions, UNSET);
  for (int i = 0; i < 4; i++) assert_true(order[i] == UNSET && gains[i] == -1);
}

static void bad_numbers_by_name(void **state) {
  (void)state;
  wrong w = right();
  w.width = 0;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "width = 0: must be at least 1");
  w.width = -4;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "width = -4: must be at least 1");
  w = right(), w.height = 0;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "height = 0: must be at least 1");
  w.height = INT64_MIN;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "height = -9223372036854775808: must be at least 1");
  w = right(), w.segments.count = 0;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "segments->count = 0: must be at least 1");
  w = right(), w.segments.dilation = -1;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "segments->dilation = -1: must not be negative");
  w = right(), w.segments.min_pixels = -2;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "segments->min_pixels = -2: must not be negative");
  w = right(), w.segments.flags = 8;
  expect_refused(&w, ATTRIB_E_UNSUPPORTED, "segments->flags = 0x8");
  w = right(), w.segments.reserved = &w;
  expect_refused(&w, ATTRIB_E_UNSUPPORTED, "segments->reserved");
  w = right(), w.labels[5] = -2;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "segments->labels: -2 in map 1 at x = 1, y = 0: must be at least 0");
  w.labels[5] = INT32_MIN;
  expect_refused(&w, ATTRIB_E_ARGUMENT, "segments->labels: -2147483648 in map 1 at x = 1, y = 0");
}

static void sizes_that_do_not_fit(void **state) {
  (void)state;
  wrong w = right();
  w.width = INT64_C(1) << 31, w.height = 1;
  expect_refused(&w, ATTRIB_E_OVERFLOW, "2147483648 x 1 pixels");
  w.width = 46341, w.height = 46341; /* just over */
  expect_refused(&w, ATTRIB_E_OVERFLOW, "46341 x 46341 pixels");
  w.width = w.height = INT64_MAX;
  expect_refused(&w, ATTRIB_E_OVERFLOW, "9223372036854775807 x 9223372036854775807 pixels");
  w = right(), w.segments.count = INT64_C(1) << 29; /* 2^31 labels */
  expect_refused(&w, ATTRIB_E_OVERFLOW, "segments->count = 536870912 maps of 4 pixels");
  w.segments.count = INT64_MAX;
  expect_refused(&w, ATTRIB_E_OVERFLOW, "segments->count = 9223372036854775807 maps of 4 pixels");
}

static void maps_that_are_not_finite(void **state) {
  (void)state;
  const double bad[] = {NAN, INFINITY, -INFINITY};
  for (int k = 0; k < COUNT(bad); k++) {
    wrong w = right();
    w.map[3] = bad[k];
    w.labels[3] = w.labels[7] = -1; /* even where no segment looks */
    expect_refused(&w, ATTRIB_E_NONFINITE, "map[3] = ");
  }
}

static void pointers_that_are_null(void **state) {
  (void)state;
  const double map[1] = {1};
  const int32_t label[1] = {0};
  int32_t order[1] = {UNSET};
  int64_t regions = UNSET;
  attrib_segments s = segments_of(1, label, 0, 0);
  assert_status(attrib_image_regions(context, 1, 1, NULL, &s, order, NULL, &regions), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "map is NULL");
  assert_status(attrib_image_regions(context, 1, 1, map, NULL, order, NULL, &regions), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "segments is NULL");
  assert_status(attrib_image_regions(context, 1, 1, map, &s, NULL, NULL, &regions), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "order is NULL");
  assert_status(attrib_image_regions(context, 1, 1, map, &s, order, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "regions is NULL");
  s.labels = NULL;
  assert_status(attrib_image_regions(context, 1, 1, map, &s, order, NULL, &regions), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "segments->labels is NULL");
  assert_true(order[0] == UNSET && regions == UNSET);
}

enum { WIDTH = 24, HEIGHT = 16, PIXELS = WIDTH * HEIGHT, MAPS = 2 };

static void fill(double *map, int32_t *labels) {
  fill_random(21, map, PIXELS);
  for (int i = 0; i < MAPS * PIXELS; i++) labels[i] = (i / PIXELS + 2) * (i % WIDTH / 5) + i % PIXELS / WIDTH / 3 * 50;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  double map[PIXELS];
  int32_t labels[MAPS * PIXELS];
  fill(map, labels);
  const attrib_segments s = segments_of(MAPS, labels, 2, 0);
  ranked expected = rank(NULL, WIDTH, HEIGHT, map, &s);
  assert_int_equal(expected.status, ATTRIB_OK);
  int64_t n = 0;
  for (attrib_status status = ATTRIB_E_MEMORY; status != ATTRIB_OK; n++) {
    meter m;
    meter_start(&m);
    m.fail_at = n;
    attrib_context *its = meter_context(&m, 1, 0, &status);
    assert_true(n < 20);
    if (status == ATTRIB_OK) {
      ranked r = rank(its, WIDTH, HEIGHT, map, &s);
      status = r.status;
      if (status == ATTRIB_OK) {
        assert_memory_equal(r.order, expected.order, PIXELS * sizeof *r.order);
        assert_same_bits(r.gains, expected.gains, PIXELS);
      } else {
        assert_true(nothing_written(&r));
        assert_names(attrib_context_error(its), "out of memory");
      }
      free_ranked(&r);
    }
    assert_true(status == ATTRIB_OK || status == ATTRIB_E_MEMORY);
    attrib_context_destroy(its);
    meter_finish(&m);
  }
  assert_int_equal(n,
                   4); /* the context, its memory for one map's labels, for all segments; and the call that went well */
  free_ranked(&expected);
}

static void a_repeat_allocates_nothing(void **state) {
  (void)state;
  double map[PIXELS];
  int32_t labels[MAPS * PIXELS];
  fill(map, labels);
  const attrib_segments s = segments_of(MAPS, labels, 2, 0);
  meter m;
  meter_start(&m);
  attrib_context *its = meter_context(&m, 1, 0, NULL);
  ranked first = rank(its, WIDTH, HEIGHT, map, &s);
  int64_t allocations = m.allocations, bytes = attrib_context_memory(its);
  ranked second = rank(its, WIDTH, HEIGHT, map, &s);
  assert_int_equal(m.allocations, allocations);
  assert_int_equal(attrib_context_memory(its), bytes);
  assert_memory_equal(first.order, second.order, PIXELS * sizeof *first.order);
  assert_same_bits(first.gains, second.gains, PIXELS);
  free_ranked(&first);
  free_ranked(&second);
  attrib_context_destroy(its);
  meter_finish(&m);
}

/* What the header says of scratch: it depends on pixels and segments, not on how far these are grown. */
static void memory_is_that_of_pixels_and_segments(void **state) {
  (void)state;
  double map[PIXELS];
  int32_t labels[MAPS * PIXELS];
  fill(map, labels);
  int64_t segments = 0, least = 0;
  for (int m = 0; m < MAPS; m++)
    for (int i = 0; i < PIXELS; i++) {
      bool known = false;
      for (int k = 0; k < i; k++) known = known || labels[m * PIXELS + k] == labels[m * PIXELS + i];
      segments += !known;
    }
  for (int64_t dilation = 0; dilation <= 16; dilation += 4) {
    attrib_context *its = new_context(1, 0);
    const attrib_segments s = segments_of(MAPS, labels, dilation, 0);
    int64_t before = attrib_context_memory(its);
    ranked r = rank(its, WIDTH, HEIGHT, map, &s);
    int64_t scratch = attrib_context_memory(its) - before;
    if (dilation == 0) least = scratch;
    assert_true(scratch <= 4 * PIXELS + (48 + 20) * segments + 4 * HEIGHT + 8 * (MAPS + 1) + 20);
    assert_true(scratch - least <= 4 * (HEIGHT - 1));
    free_ranked(&r);
    attrib_context_destroy(its);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bad_numbers_by_name),
      cmocka_unit_test(sizes_that_do_not_fit),
      cmocka_unit_test(maps_that_are_not_finite),
      cmocka_unit_test(pointers_that_are_null),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(a_repeat_allocates_nothing),
      cmocka_unit_test(memory_is_that_of_pixels_and_segments),
  };
  return cmocka_run_group_tests(tests, create, destroy);
}
