/* test_units.c - inputs, pixels and groups as units; their scores, ranks, and copies of them. */
#include "fixture.h"

#include "context/context.h"
#include "metrics/units.h"

static attrib_status read_units(uint32_t dtype, int64_t n, const attrib_image *shape, int64_t n_groups,
                                const int32_t *groups, attrib__units *units, const char *text) {
  attrib_context local, *context;
  assert_int_equal(attrib__begin(NULL, &local, &context), ATTRIB_OK);
  const attrib_status status = attrib__units_read(context, dtype, n, shape, n_groups, groups, units);
  if (text != NULL) assert_names(context->message, text);
  attrib__end(context, &local);
  return status;
}

/* Lays the units out in a block of their own; the caller frees it. */
static void *build(attrib__units *units) {
  attrib__arena arena = {0};
  attrib__units counted = *units;
  attrib__units_layout(&counted, &arena);
  void *memory = exact_block(arena.used + 64);
  arena = (attrib__arena){.memory = memory};
  attrib__units_layout(units, &arena);
  attrib__units_build(units);
  return memory;
}

static void single_inputs(void **state) {
  (void)state;
  attrib__units units;
  assert_int_equal(read_units(ATTRIB_F32, 5, NULL, 0, NULL, &units, NULL), ATTRIB_OK);
  void *memory = build(&units);
  assert_true(units.count == 5 && units.n == 5 && !units.pixels && units.groups == NULL && units.shape.width == 0);
  for (int64_t i = 0; i < 5; i++) assert_int_equal(attrib__units_of(&units, i), i);
  free(memory);
}

/* Pixel y * width + x of every element, however they lie. */
static void expect_pixels(const attrib_image *shape) {
  attrib__units units;
  const int64_t n = shape->width * shape->height * shape->channels;
  assert_int_equal(read_units(ATTRIB_F64, n, shape, 0, NULL, &units, NULL), ATTRIB_OK);
  assert_int_equal(units.count, shape->width * shape->height);
  void *memory = build(&units);
  const int64_t x_stride = units.shape.x_stride, y_stride = units.shape.y_stride, stride = units.shape.channel_stride;
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++)
      for (int64_t c = 0; c < shape->channels; c++)
        assert_int_equal(attrib__units_of(&units, x * x_stride + y * y_stride + c * stride), y * shape->width + x);
  free(memory);
}

static attrib_image picture(int64_t x_stride, int64_t y_stride, int64_t channel_stride) {
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = 4,
                        .height = 3,
                        .channels = 2,
                        .x_stride = x_stride,
                        .y_stride = y_stride,
                        .channel_stride = channel_stride};
}

static void pixels(void **state) {
  (void)state;
  const attrib_image interleaved = picture(0, 0, 0), planes = picture(1, 4, 12), columns = picture(3, 1, 12);
  expect_pixels(&interleaved);
  expect_pixels(&planes);
  expect_pixels(&columns);
}

static void shapes_that_do_not_fit(void **state) {
  (void)state;
  attrib__units units;
  const attrib_image padded = picture(2, 9, 1), interleaved = picture(0, 0, 0);
  assert_int_equal(read_units(ATTRIB_F32, 24, &padded, 0, NULL, &units, "the last at 25"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F32, 26, &padded, 0, NULL, &units, "model's 26 inputs"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F32, 23, &interleaved, 0, NULL, &units, "4 x 3 pixels of 2"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F32, 25, &interleaved, 0, NULL, &units, "4 x 3 pixels of 2"), ATTRIB_E_ARGUMENT);
  attrib_image none = picture(0, 0, 0);
  none.width = 0;
  assert_int_equal(read_units(ATTRIB_F32, 24, &none, 0, NULL, &units, "width"), ATTRIB_E_ARGUMENT);
}

static void groups_may_be_empty(void **state) {
  (void)state;
  const int32_t labels[] = {2, 0, 2, 2, 0};
  const double scores[] = {1, 2, 4, 8, -16};
  attrib__units units;
  double sums[4];
  assert_int_equal(read_units(ATTRIB_F64, 5, NULL, 4, labels, &units, NULL), ATTRIB_OK);
  assert_true(units.count == 4 && !units.pixels);
  void *memory = build(&units);
  attrib__units_scores(&units, false, false, scores, sums);
  assert_true(sums[0] == -14 && sums[1] == 0 && sums[2] == 13 && sums[3] == 0);
  attrib__units_scores(&units, false, true, scores, sums);
  assert_true(sums[0] == 14 && sums[1] == 0 && sums[2] == 13 && sums[3] == 0);
  attrib__units_scores(&units, true, false, scores, sums);
  assert_true(sums[0] == 1 && sums[1] == 2 && sums[2] == 4 && sums[3] == 8);
  free(memory);
}

/* The same scores in another order tie, and what cancels leaves no rounding behind. */
static void sums_do_not_depend_on_their_order(void **state) {
  (void)state;
  const int32_t labels[] = {0, 0, 0, 1, 1, 1, 2, 2, 2};
  const double scores[] = {.3, .2, .1, .1, .2, .3, 1, 1e17, -1e17};
  attrib__units units;
  double sums[3];
  assert_int_equal(read_units(ATTRIB_F64, 9, NULL, 3, labels, &units, NULL), ATTRIB_OK);
  void *memory = build(&units);
  attrib__units_scores(&units, false, false, scores, sums);
  assert_true(sums[0] == sums[1] && sums[2] == 1);
  free(memory);
}

static void groups_with_a_shape(void **state) {
  (void)state;
  int32_t labels[24] = {0};
  const attrib_image planes = picture(1, 4, 12);
  attrib__units units;
  labels[23] = 1;
  assert_int_equal(read_units(ATTRIB_F64, 24, &planes, 2, labels, &units, NULL), ATTRIB_OK);
  assert_true(units.count == 2 && !units.pixels && units.groups == labels && units.shape.width == 4);
}

static void wrong_groups(void **state) {
  (void)state;
  const int32_t labels[] = {0, 1, 2};
  attrib__units units;
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, 4, labels, &units, "n_groups = 4"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, 2, labels, &units, "groups[2] = 2"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, 0, labels, &units, "n_groups = 0"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, 3, NULL, &units, "n_groups = 3"), ATTRIB_E_ARGUMENT);
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, -1, NULL, &units, "n_groups = -1"), ATTRIB_E_ARGUMENT);
}

static void expect_scores(const attrib__units *units, bool per_unit, const double *scores, attrib_status wanted,
                          const char *text) {
  attrib_context local, *context;
  assert_int_equal(attrib__begin(NULL, &local, &context), ATTRIB_OK);
  assert_status(attrib__units_check_scores(context, units, per_unit, scores), wanted, context);
  assert_names(context->message, text);
  attrib__end(context, &local);
}

static void bad_scores(void **state) {
  (void)state;
  const int32_t labels[] = {0, 1, 1};
  attrib__units units;
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, 2, labels, &units, NULL), ATTRIB_OK);
  double *scores = exact_block(3 * sizeof *scores), *per_unit = exact_block(2 * sizeof *per_unit);
  scores[0] = scores[1] = scores[2] = per_unit[0] = 1;
  per_unit[1] = -(double)INFINITY;
  expect_scores(&units, false, scores, ATTRIB_OK, "");
  expect_scores(&units, false, NULL, ATTRIB_E_ARGUMENT, "scores is NULL");
  expect_scores(&units, true, per_unit, ATTRIB_E_NONFINITE, "scores[1] = -inf");
  scores[2] = (double)NAN;
  expect_scores(&units, false, scores, ATTRIB_E_NONFINITE, "scores[2]");
  scores[1] = scores[2] = 1e308;
  expect_scores(&units, false, scores, ATTRIB_E_OVERFLOW, "scores");
  per_unit[0] = per_unit[1] = 1e308; /* of which no sum is formed */
  expect_scores(&units, true, per_unit, ATTRIB_OK, "");
  assert_int_equal(read_units(ATTRIB_F64, 3, NULL, 0, NULL, &units, NULL), ATTRIB_OK);
  expect_scores(&units, false, scores, ATTRIB_OK, "");
  free(per_unit);
  free(scores);
}

static void ranks_with_ties(void **state) {
  (void)state;
  const double scores[] = {1, 3, 3, -0.0, 0, 3};
  const int64_t wanted[] = {3, 0, 1, 4, 5, 2};
  attrib__units units;
  int64_t ranks[6], order[6], scratch[6];
  assert_int_equal(read_units(ATTRIB_F64, 6, NULL, 0, NULL, &units, NULL), ATTRIB_OK);
  attrib__units_rank(&units, scores, ranks, order, scratch);
  for (int64_t i = 0; i < 6; i++) {
    assert_int_equal(ranks[i], wanted[i]);
    assert_int_equal(order[ranks[i]], i);
  }
}

static void copies(void **state) {
  (void)state;
  const int32_t labels[] = {1, 0, 2, 1, 3};
  const double from[] = {1, 2, 3, 4, 5}, to[] = {-1, -2, -3, -4, -5};
  const int64_t ranks[] = {2, 0, 3, 1};
  const unsigned char marks[] = {0, 1, 0, 200};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    attrib__units units;
    assert_int_equal(read_units(dtype, 5, NULL, 4, labels, &units, NULL), ATTRIB_OK);
    const size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
    void *source = as_row(dtype, from, 5), *point = as_row(dtype, to, 5);
    const double all[] = {-1, 2, -3, -4, 5}, some[] = {1, -2, -3, 4, 5};
    attrib__units_copy_ranked(&units, ranks, 1, 1, source, point); /* nothing */
    void *expected = as_row(dtype, to, 5);
    assert_memory_equal(point, expected, 5 * size);
    free(expected);
    attrib__units_copy_ranked(&units, ranks, 1, 3, source, point); /* units 3 and 0 */
    expected = as_row(dtype, all, 5);
    assert_memory_equal(point, expected, 5 * size);
    free(expected);
    free(point);
    point = as_row(dtype, to, 5);
    attrib__units_copy_marked(&units, marks, source, point); /* units 1 and 3 */
    expected = as_row(dtype, some, 5);
    assert_memory_equal(point, expected, 5 * size);
    free(expected);
    free(point);
    free(source);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(single_inputs),
      cmocka_unit_test(pixels),
      cmocka_unit_test(shapes_that_do_not_fit),
      cmocka_unit_test(groups_may_be_empty),
      cmocka_unit_test(sums_do_not_depend_on_their_order),
      cmocka_unit_test(groups_with_a_shape),
      cmocka_unit_test(wrong_groups),
      cmocka_unit_test(bad_scores),
      cmocka_unit_test(ranks_with_ties),
      cmocka_unit_test(copies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
