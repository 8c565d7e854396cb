/* test_image_mean_fill.c - the mean colour of a picture. */
#include "fixture.h"

/* Padded planes and padded interleaved rows; what lies between the elements keeps its value, and is not looked at. */
static void by_channel_in_every_layout(void **state) {
  (void)state;
  const attrib_image planes = {sizeof planes, 0, 2, 2, 2, 1, 3, 7}, rows = {sizeof rows, 0, 2, 2, 2, 2, 5, 1};
  const attrib_image *shapes[] = {&planes, &rows};
  const double nan = (double)NAN;
  const double inputs[2][12] = {{1, 2, nan, 3, 6, nan, nan, -1, -2, nan, -3, 0},
                                {1, -1, 2, -2, nan, 3, -3, 6, 0, nan, nan, nan}};
  const int64_t sizes[] = {12, 9};
  for (int k = 0; k < 2; k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      double wanted[12];
      for (int64_t i = 0; i < sizes[k]; i++)
        wanted[i] = isnan(inputs[k][i]) ? 77 : (k == 0 ? i >= 7 : i % 5 % 2 == 1) ? -1.5 : 3;
      double before[12];
      for (int64_t i = 0; i < 12; i++) before[i] = 77;
      void *input = as_row(dtype, inputs[k], sizes[k]), *row = as_row(dtype, before, sizes[k]);
      void *expected = as_row(dtype, wanted, sizes[k]);
      assert_int_equal(attrib_image_mean_fill(NULL, dtype, shapes[k], input, row), ATTRIB_OK);
      assert_memory_equal(row, expected, (size_t)sizes[k] * (dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double)));
      free(expected);
      free(row);
      free(input);
    }
}

static void of_equal_pixels_what_they_are(void **state) {
  (void)state;
  const attrib_image shape = {.struct_size = sizeof shape, .width = 49, .height = 31, .channels = 2};
  enum { N = 49 * 31 * 2 };
  double *input = exact_block(N * sizeof *input);
  for (int64_t i = 0; i < N; i++) input[i] = i % 2 == 0 ? .1 : -1.5e308;
  double *row = exact_copy(input, N * sizeof *row);
  assert_int_equal(attrib_image_mean_fill(NULL, ATTRIB_F64, &shape, row, row), ATTRIB_OK); /* in place */
  assert_same_bits(row, input, N);
  free(row);
  free(input);
}

static void against_long_double(void **state) {
  (void)state;
  const attrib_image shape = {.struct_size = sizeof shape, .width = 13, .height = 7, .channels = 3};
  enum { N = 13 * 7 * 3 };
  double input[N], row[N];
  for (uint64_t seed = 1; seed <= 20; seed++) {
    long double sums[3] = {0};
    fill_random(seed, input, N);
    for (int64_t i = 0; i < N; i++) sums[i % 3] += (long double)input[i];
    assert_int_equal(attrib_image_mean_fill(NULL, ATTRIB_F64, &shape, input, row), ATTRIB_OK);
    for (int64_t i = 0; i < N; i++) assert_near(row[i], (double)(sums[i % 3] / 91), 0x1p-52, 1);
  }
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  const attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 1, .channels = 2};
  attrib_image none = shape;
  none.channels = 0;
  const double nan[4] = {1, 2, 3, (double)NAN}, large[4] = {0, 1.5e308, 0, -1.5e308}, good[4] = {1, 2, 3, 4};
  double row[4] = {7, 8, 9, 10};
  assert_status(attrib_image_mean_fill(context, ATTRIB_F64, NULL, good, row), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "shape");
  assert_status(attrib_image_mean_fill(context, ATTRIB_F64, &none, good, row), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "channels");
  assert_status(attrib_image_mean_fill(context, 9, &shape, good, row), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "dtype");
  assert_status(attrib_image_mean_fill(context, ATTRIB_F64, &shape, NULL, row), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "input is NULL");
  assert_status(attrib_image_mean_fill(context, ATTRIB_F64, &shape, good, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "row is NULL");
  assert_status(attrib_image_mean_fill(context, ATTRIB_F64, &shape, nan, row), ATTRIB_E_NONFINITE, context);
  assert_names(attrib_context_error(context), "x = 1, y = 0, channel 1");
  assert_status(attrib_image_mean_fill(context, ATTRIB_F64, &shape, large, row), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "channel 1");
  assert_true(row[0] == 7 && row[1] == 8 && row[2] == 9 && row[3] == 10);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_channel_in_every_layout),
      cmocka_unit_test(of_equal_pixels_what_they_are),
      cmocka_unit_test(against_long_double),
      cmocka_unit_test(refuses_bad_arguments_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
