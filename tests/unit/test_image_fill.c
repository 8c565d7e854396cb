/* test_image_fill.c - a picture of one colour, in every layout. */
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

static void interleaved_without_padding_by_default(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 2, .channels = 3};
  const double colour[3] = {0.25, -1, 0.1};
  double *row = malloc(12 * sizeof *row);
  assert_non_null(row);
  assert_int_equal(attrib_image_fill(NULL, ATTRIB_F64, &shape, colour, row), ATTRIB_OK);
  for (int i = 0; i < 12; i++) assert_true(row[i] == colour[i % 3]);
  free(row);
}

static void f32_rounds_to_nearest(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 3, .height = 1, .channels = 1};
  const double colour = 0.1;
  float *row = malloc(3 * sizeof *row);
  assert_non_null(row);
  assert_int_equal(attrib_image_fill(NULL, ATTRIB_F32, &shape, &colour, row), ATTRIB_OK);
  for (int i = 0; i < 3; i++) assert_true(row[i] == 0.1f);
  free(row);
}

/* Two padded planes, and padded interleaved rows: what lies between the elements keeps its value. */
static void leaves_the_padding_alone(void **state) {
  (void)state;
  const double colour[2] = {5, 6};
  attrib_image planes = {sizeof planes, 0, 3, 2, 2, 1, 4, 9};
  attrib_image rows = {sizeof rows, 0, 3, 2, 2, 2, 8, 1};
  const attrib_image *shapes[2] = {&planes, &rows};
  const char *expected[2] = {"555.555..666.666", "565656..565656"};
  for (int k = 0; k < 2; k++) {
    size_t n = strlen(expected[k]);
    double *row = malloc(n * sizeof *row);
    assert_non_null(row);
    for (size_t i = 0; i < n; i++) row[i] = -7;
    assert_int_equal(attrib_image_fill(NULL, ATTRIB_F64, shapes[k], colour, row), ATTRIB_OK);
    for (size_t i = 0; i < n; i++) assert_true(row[i] == (expected[k][i] == '.' ? -7 : expected[k][i] - '0'));
    free(row);
  }
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = {.struct_size = sizeof shape, .width = 1, .height = 1, .channels = 2};
  const double good[2] = {1, 2}, nan[2] = {1, NAN}, infinite[2] = {-INFINITY, 1}, large[2] = {0, 1e39};
  double row[2] = {7, 8};
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, NULL, row), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "values is NULL"));
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, good, NULL), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "row is NULL"));
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, nan, row), ATTRIB_E_NONFINITE);
  assert_non_null(strstr(attrib_context_error(context), "values[1] = nan"));
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, infinite, row), ATTRIB_E_NONFINITE);
  assert_non_null(strstr(attrib_context_error(context), "values[0] = -inf"));
  assert_int_equal(attrib_image_fill(context, ATTRIB_F32, &shape, large, row), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "values[1] = 1e+39"));
  assert_true(row[0] == 7 && row[1] == 8);
  assert_int_equal(attrib_image_fill(context, ATTRIB_F64, &shape, large, row), ATTRIB_OK);
  assert_string_equal(attrib_context_error(context), "");
  assert_true(row[0] == 0 && row[1] == 1e39);
  attrib_context_destroy(context);
}

static void fills_with_the_largest_float(void **state) {
  (void)state;
  attrib_image shape = {.struct_size = sizeof shape, .width = 1, .height = 1, .channels = 1};
  const double colour = -(double)FLT_MAX;
  float row = 0;
  assert_int_equal(attrib_image_fill(NULL, ATTRIB_F32, &shape, &colour, &row), ATTRIB_OK);
  assert_true(row == -FLT_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(interleaved_without_padding_by_default),
      cmocka_unit_test(f32_rounds_to_nearest),
      cmocka_unit_test(leaves_the_padding_alone),
      cmocka_unit_test(refuses_bad_arguments_by_name),
      cmocka_unit_test(fills_with_the_largest_float),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
