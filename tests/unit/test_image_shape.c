/* test_image_shape.c - what every function that takes a picture says about its shape. fill is the door that is knocked
 * at; reduce and blur are shown to have the same one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

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

static void assert_says(const char *part) {
  const char *message = attrib_context_error(context);
  if (strstr(message, part) == NULL || strchr(message, '\n') != NULL)
    fail_msg("message \"%s\" is not one line with \"%s\"", message, part);
}

static attrib_image rgb(int64_t width, int64_t height) {
  return (attrib_image){.struct_size = sizeof(attrib_image), .width = width, .height = height, .channels = 3};
}

/* Knocks with a shape that must not get in: nothing may be written, by any of the three. */
static void assert_refused(uint32_t dtype, const attrib_image *shape, attrib_status expected, const char *part) {
  const double colour[3] = {1, 2, 3};
  double untouched = 42, input = 0;
  assert_int_equal(attrib_image_fill(context, dtype, shape, colour, &untouched), expected);
  assert_says(part);
  assert_int_equal(attrib_image_blur(context, dtype, shape, &input, 1, &untouched), expected);
  assert_says(part);
  if (dtype == ATTRIB_F64) {
    assert_int_equal(attrib_image_reduce(context, shape, &input, ATTRIB_REDUCE_SUM, &untouched), expected);
    assert_says(part);
  }
  assert_true(untouched == 42);
}

static void refuses_a_dtype_that_does_not_exist(void **state) {
  (void)state;
  attrib_image shape = rgb(1, 1);
  assert_refused(0, &shape, ATTRIB_E_ARGUMENT, "dtype = 0");
  assert_refused(7, &shape, ATTRIB_E_ARGUMENT, "dtype = 7");
}

static void reads_the_struct_at_the_door(void **state) {
  (void)state;
  assert_refused(ATTRIB_F64, NULL, ATTRIB_E_ARGUMENT, "shape is NULL");
  attrib_image shape = rgb(1, 1);
  shape.struct_size = sizeof shape - 8;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_STRUCT, "shape->struct_size");
  struct {
    attrib_image shape;
    int64_t newer;
  } larger = {rgb(1, 1), 1};
  larger.shape.struct_size = sizeof larger;
  assert_refused(ATTRIB_F64, &larger.shape, ATTRIB_E_UNSUPPORTED, "shape->struct_size");
  larger.newer = 0;
  double row[3];
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &larger.shape, (double[]){1, 2, 3}, row), ATTRIB_OK);
}

static void refuses_bad_numbers_by_name(void **state) {
  (void)state;
  attrib_image shape = rgb(1, 1);
  shape.flags = 4;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_UNSUPPORTED, "shape->flags = 0x4");
  shape = rgb(0, 1);
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->width = 0");
  shape = rgb(1, -5);
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->height = -5");
  shape = rgb(1, 1);
  shape.channels = 0;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->channels = 0");
}

static void strides_are_all_zero_or_all_positive(void **state) {
  (void)state;
  attrib_image shape = rgb(1, 1);
  shape.y_stride = 3, shape.channel_stride = 1;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->x_stride = 0");
  shape.x_stride = 3, shape.y_stride = -3;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->y_stride = -3");
  shape.y_stride = 3, shape.channel_stride = INT64_MIN;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->channel_stride = -9223372036854775808");
}

static void refuses_elements_that_share_an_address(void **state) {
  (void)state;
  attrib_image shape = rgb(2, 2);
  shape.x_stride = 3, shape.y_stride = 5, shape.channel_stride = 1;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->y_stride = 5");
  shape.x_stride = 2, shape.y_stride = 6;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->x_stride = 2");
  shape.x_stride = 1, shape.y_stride = 2, shape.channel_stride = 2;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_ARGUMENT, "shape->channel_stride = 2");
}

static void an_axis_of_one_element_may_have_any_stride(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 1, .height = 2, .channels = 3};
  shape.x_stride = 1, shape.y_stride = 3, shape.channel_stride = 1;
  double row[6], colour[3] = {1, 2, 3};
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, colour, row), ATTRIB_OK);
  shape.x_stride = INT64_MAX;
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, colour, row), ATTRIB_OK);
  const double expected[6] = {1, 2, 3, 1, 2, 3};
  assert_memory_equal(row, expected, sizeof row);
}

static void reports_sizes_that_do_not_fit(void **state) {
  (void)state;
  attrib_image shape = rgb(INT64_MAX / 2, 1);
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_OVERFLOW, "4611686018427387903");
  shape = rgb(INT64_C(1) << 31, INT64_C(1) << 31);
  assert_refused(ATTRIB_F32, &shape, ATTRIB_E_OVERFLOW, "shape");
  /* The offset of the last element fits in 64 bits, its address does not. */
  shape = rgb(2, 1);
  shape.x_stride = INT64_MAX - 2, shape.y_stride = 1, shape.channel_stride = 1;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_OVERFLOW, "shape");
  /* Nor does the end of the last element, where its beginning does: 2^61 doubles. */
  shape.x_stride = (INT64_C(1) << 61) - 3;
  assert_refused(ATTRIB_F64, &shape, ATTRIB_E_OVERFLOW, "shape");
  shape.x_stride = INT64_MAX - 1;
  assert_refused(ATTRIB_F32, &shape, ATTRIB_E_OVERFLOW, "shape");
  shape.height = 3, shape.x_stride = 1, shape.y_stride = INT64_MAX / 2 + 1;
  assert_refused(ATTRIB_F32, &shape, ATTRIB_E_OVERFLOW, "shape");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(refuses_a_dtype_that_does_not_exist),
      cmocka_unit_test(reads_the_struct_at_the_door),
      cmocka_unit_test(refuses_bad_numbers_by_name),
      cmocka_unit_test(strides_are_all_zero_or_all_positive),
      cmocka_unit_test(refuses_elements_that_share_an_address),
      cmocka_unit_test(an_axis_of_one_element_may_have_any_stride),
      cmocka_unit_test(reports_sizes_that_do_not_fit),
  };
  return cmocka_run_group_tests(tests, create, destroy);
}
