/* test_baseline_fill.c - the constant reference row. */
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

/* Exact-size rows around the block of 512 elements. */
static const int64_t sizes[] = {1, 2, 511, 512, 513, 1500};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void every_element_gets_the_value_rounded_to_dtype(void **state) {
  (void)state;
  const double values[] = {0, -1, 0.1, 1e-30, -2.5e38};
  for (size_t k = 0; k < SIZES; k++)
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
      size_t n = (size_t)sizes[k];
      float *row32 = malloc(n * sizeof *row32);
      double *row64 = malloc(n * sizeof *row64);
      assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F32, sizes[k], values[v], row32), ATTRIB_OK);
      assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F64, sizes[k], values[v], row64), ATTRIB_OK);
      for (size_t i = 0; i < n; i++) assert_true(row32[i] == (float)values[v] && row64[i] == values[v]);
      free(row32);
      free(row64);
    }
}

static void the_range_of_dtype_ends_where_rounding_gives_infinity(void **state) {
  (void)state;
  const double largest = FLT_MAX, half_unit = ldexp(1, 103);
  float row;
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F32, 1, largest, &row), ATTRIB_OK);
  assert_true(row == FLT_MAX);
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F32, 1, -nextafter(largest + half_unit, 0), &row), ATTRIB_OK);
  assert_true(row == -FLT_MAX);
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F32, 1, largest + half_unit, &row), ATTRIB_E_ARGUMENT);
  double wide;
  assert_int_equal(attrib_baseline_fill(NULL, ATTRIB_F64, 1, DBL_MAX, &wide), ATTRIB_OK);
  assert_true(wide == DBL_MAX);
}

static void wrong_arguments_are_named_and_change_nothing(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  float row[2] = {7, 8}, *some = row;
  const struct {
    uint32_t dtype;
    int64_t n;
    double value;
    void *row;
    const char *message;
  } wrong[] = {
      {0, 2, 0, some, "dtype = 0"},
      {3, 2, 0, some, "dtype = 3"},
      {ATTRIB_F32, 0, 0, some, "n = 0"},
      {ATTRIB_F32, -4, 0, some, "n = -4"},
      {ATTRIB_F32, 2, NAN, some, "value = "},
      {ATTRIB_F64, 2, -INFINITY, some, "value = -inf"},
      {ATTRIB_F32, 2, 1e39, some, "value = 1e+39"},
      {ATTRIB_F32, 2, 0, NULL, "row is NULL"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    assert_int_equal(attrib_baseline_fill(context, wrong[k].dtype, wrong[k].n, wrong[k].value, wrong[k].row),
                     ATTRIB_E_ARGUMENT);
    assert_non_null(strstr(attrib_context_error(context), wrong[k].message));
    assert_true(row[0] == 7 && row[1] == 8);
  }
  assert_int_equal(attrib_baseline_fill(context, ATTRIB_F32, 2, 1, row), ATTRIB_OK);
  assert_string_equal(attrib_context_error(context), "");
  attrib_context_destroy(context);
}

static void a_context_in_use_is_refused(void **state) {
  (void)state;
  attrib_context *context, local, *inside;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  assert_int_equal(attrib__begin(context, &local, &inside), ATTRIB_OK);
  double row = 5;
  assert_int_equal(attrib_baseline_fill(context, ATTRIB_F64, 1, 0, &row), ATTRIB_E_BUSY);
  assert_true(row == 5);
  attrib__end(inside, &local);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_element_gets_the_value_rounded_to_dtype),
      cmocka_unit_test(the_range_of_dtype_ends_where_rounding_gives_infinity),
      cmocka_unit_test(wrong_arguments_are_named_and_change_nothing),
      cmocka_unit_test(a_context_in_use_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
