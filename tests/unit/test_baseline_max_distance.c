/* test_baseline_max_distance.c - the reference row farthest from the input. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/baselines.h>

#include "context/context.h"

static void the_farther_end_is_taken_and_a_tie_goes_low(void **state) {
  (void)state;
  const float input32[3] = {-0.3f, 0, 0.7f};
  float row32[3];
  assert_int_equal(attrib_baseline_max_distance(NULL, ATTRIB_F32, 3, input32, -1, 1, row32), ATTRIB_OK);
  assert_true(row32[0] == 1 && row32[1] == -1 && row32[2] == -1);
  /* Inputs outside the range are taken like any other. */
  const double input64[5] = {0.5, 0.49999999999999994, -7, 9, 0.75};
  double row64[5];
  assert_int_equal(attrib_baseline_max_distance(NULL, ATTRIB_F64, 5, input64, 0.25, 0.75, row64), ATTRIB_OK);
  const double expected[5] = {0.25, 0.75, 0.75, 0.25, 0.25};
  assert_memory_equal(row64, expected, sizeof expected);
}

static void long_rows_are_exact(void **state) {
  (void)state;
  for (int64_t n = 510; n <= 1026; n += 129) {
    double *input = malloc((size_t)n * sizeof *input), *row = malloc((size_t)n * sizeof *row);
    for (int64_t i = 0; i < n; i++) input[i] = sin((double)i);
    assert_int_equal(attrib_baseline_max_distance(NULL, ATTRIB_F64, n, input, -2, 4, row), ATTRIB_OK);
    for (int64_t i = 0; i < n; i++) assert_true(row[i] == (input[i] < 1 ? 4 : -2));
    free(input);
    free(row);
  }
}

static void a_range_whose_width_overflows_has_a_middle(void **state) {
  (void)state;
  const double input[2] = {DBL_MAX, -1};
  double row[2];
  assert_int_equal(attrib_baseline_max_distance(NULL, ATTRIB_F64, 2, input, 0.5 * DBL_MAX, DBL_MAX, row), ATTRIB_OK);
  assert_true(row[0] == 0.5 * DBL_MAX && row[1] == DBL_MAX);
}

static void wrong_arguments_are_named_and_change_nothing(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  float row[2] = {7, 8};
  const float input[2] = {0, 0}, holes[2] = {0, NAN}, endless[2] = {-INFINITY, 0};
  void *some = row;
  const struct {
    uint32_t dtype;
    int64_t n;
    const float *input;
    double low, high;
    void *row;
    attrib_status status;
    const char *message;
  } wrong[] = {
      {9, 2, input, -1, 1, some, ATTRIB_E_ARGUMENT, "dtype = 9"},
      {ATTRIB_F32, 0, input, -1, 1, some, ATTRIB_E_ARGUMENT, "n = 0"},
      {ATTRIB_F32, 2, NULL, -1, 1, some, ATTRIB_E_ARGUMENT, "input is NULL"},
      {ATTRIB_F32, 2, input, -1, 1, NULL, ATTRIB_E_ARGUMENT, "row is NULL"},
      {ATTRIB_F32, 2, input, 1, 1, some, ATTRIB_E_ARGUMENT, "low = 1: must be below high = 1"},
      {ATTRIB_F32, 2, input, 2, -3, some, ATTRIB_E_ARGUMENT, "low = 2: must be below high = -3"},
      {ATTRIB_F32, 2, input, NAN, 1, some, ATTRIB_E_ARGUMENT, "low = "},
      {ATTRIB_F32, 2, input, -1, INFINITY, some, ATTRIB_E_ARGUMENT, "high = inf"},
      {ATTRIB_F32, 2, input, -1e300, 1, some, ATTRIB_E_ARGUMENT, "low = -1e+300"},
      {ATTRIB_F32, 2, input, -1, 4e38, some, ATTRIB_E_ARGUMENT, "high = 4e+38"},
      {ATTRIB_F32, 2, holes, -1, 1, some, ATTRIB_E_NONFINITE, "input[1] = "},
      {ATTRIB_F32, 2, endless, -1, 1, some, ATTRIB_E_NONFINITE, "input[0] = -inf"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    assert_int_equal(attrib_baseline_max_distance(context, wrong[k].dtype, wrong[k].n, wrong[k].input, wrong[k].low,
                                                  wrong[k].high, wrong[k].row),
                     wrong[k].status);
    assert_non_null(strstr(attrib_context_error(context), wrong[k].message));
    assert_true(row[0] == 7 && row[1] == 8);
  }
  attrib_context_destroy(context);
}

static void a_context_in_use_is_refused(void **state) {
  (void)state;
  attrib_context *context, local, *inside;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  assert_int_equal(attrib__begin(context, &local, &inside), ATTRIB_OK);
  double row = 5;
  assert_int_equal(attrib_baseline_max_distance(context, ATTRIB_F64, 1, &row, -1, 1, &row), ATTRIB_E_BUSY);
  assert_true(row == 5);
  attrib__end(inside, &local);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_farther_end_is_taken_and_a_tie_goes_low),
      cmocka_unit_test(long_rows_are_exact),
      cmocka_unit_test(a_range_whose_width_overflows_has_a_middle),
      cmocka_unit_test(wrong_arguments_are_named_and_change_nothing),
      cmocka_unit_test(a_context_in_use_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
