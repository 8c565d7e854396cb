/* test_order.c - sorting by value against a sort by counting. */
#include "fixture.h"

#include "base/order.h"

/* Checks the order of these values: the place of each is the number of larger ones, and of equal ones before it. */
static void expect_order(int64_t count, const double *values) {
  double *given = exact_copy(values, (size_t)count * sizeof *given);
  int64_t *order = exact_block((size_t)count * sizeof *order), *scratch = exact_block((size_t)count * sizeof *scratch);
  for (int64_t i = 0; i < count; i++) order[i] = scratch[i] = -1;
  attrib__order_descending(count, given, order, scratch);
  assert_memory_equal(given, values, (size_t)count * sizeof *given);
  for (int64_t i = 0; i < count; i++) {
    int64_t place = 0;
    for (int64_t j = 0; j < count; j++) place += values[j] > values[i] || (values[j] == values[i] && j < i);
    assert_int_equal(order[place], i);
  }
  free(scratch);
  free(order);
  free(given);
}

static void random_values(void **state) {
  (void)state;
  enum { MOST = 130 };
  double values[MOST];
  for (int64_t count = 1; count <= MOST; count++)
    for (uint64_t kinds = 0; kinds < 3; kinds++) { /* all different; few; two */
      fill_random((uint64_t)count * 3 + kinds, values, count);
      for (int64_t i = 0; i < count && kinds > 0; i++) values[i] = floor(values[i] * (kinds == 1 ? 5 : 1));
      expect_order(count, values);
    }
}

static void sorted_and_reversed(void **state) {
  (void)state;
  enum { MOST = 40 };
  double rising[MOST], falling[MOST], equal[MOST];
  for (int64_t count = 1; count <= MOST; count++) {
    for (int64_t i = 0; i < count; i++) {
      rising[i] = (double)i;
      falling[i] = -(double)i;
      equal[i] = -7;
    }
    expect_order(count, rising);
    expect_order(count, falling);
    expect_order(count, equal);
  }
}

static void zeros_and_extremes(void **state) {
  (void)state;
  const double zeros[] = {0, -0.0, 0, -0.0, -0.0};
  const double extremes[] = {DBL_MAX, -DBL_MAX, 0x1p-1074, -0x1p-1074, -0.0, 0, DBL_MAX, 1};
  expect_order(COUNT(zeros), zeros);
  expect_order(COUNT(extremes), extremes);
}

static void nothing(void **state) {
  (void)state;
  int64_t order = 5, scratch = 6;
  attrib__order_descending(0, NULL, &order, &scratch);
  assert_true(order == 5 && scratch == 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_values),
      cmocka_unit_test(sorted_and_reversed),
      cmocka_unit_test(zeros_and_extremes),
      cmocka_unit_test(nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
