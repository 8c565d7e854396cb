/* test_sort.c - sorting values against a sort by insertion. */
#include "fixture.h"

#include "base/sort.h"

static void insert_all(int64_t count, const double *values, double *sorted) {
  for (int64_t i = 0; i < count; i++) {
    int64_t place = i;
    for (; place > 0 && sorted[place - 1] > values[i]; place--) sorted[place] = sorted[place - 1];
    sorted[place] = values[i];
  }
}

static void expect_sorted(int64_t count, const double *values) {
  const size_t size = (size_t)count * sizeof *values;
  double *given = exact_copy(values, size), *scratch = exact_block(size), *expected = exact_block(size);
  insert_all(count, values, expected);
  attrib__sort_ascending(count, given, scratch);
  assert_memory_equal(given, expected, size);
  free(expected);
  free(scratch);
  free(given);
}

/* Of every size, few of them different, or all of one exponent. */
static void random_values(void **state) {
  (void)state;
  enum { MOST = 300 };
  double values[MOST];
  for (int64_t count = 1; count <= MOST; count++)
    for (uint64_t kind = 0; kind < 3; kind++) {
      fill_random((uint64_t)count * 3 + kind, values, count);
      for (int64_t i = 0; i < count; i++) {
        if (kind == 0) values[i] = exp(700 * values[i]);
        if (kind == 1) values[i] = floor(fabs(values[i]) * 5);
        if (kind == 2) values[i] = 1 + fabs(values[i]);
      }
      expect_sorted(count, values);
    }
}

static void ends_of_the_range(void **state) {
  (void)state;
  const double inf = (double)INFINITY, most = 1.7976931348623157e308, least = 4.9406564584124654e-324;
  expect_sorted(7, (const double[]){inf, least, most, 0, inf, 1, 2 * least});
  expect_sorted(3, (const double[]){inf, inf, inf});
  expect_sorted(2, (const double[]){0, 0});
  attrib__sort_ascending(0, NULL, NULL);
}

/* One pass, from one buffer into the other, or none: the result lies where the values were. */
static void any_number_of_passes(void **state) {
  (void)state;
  expect_sorted(4, (const double[]){4, 3, 2, 1});
  expect_sorted(3, (const double[]){1 + 0x1p-52, 1, 1 + 0x1p-51});
  expect_sorted(3, (const double[]){1 + 0x1p-52, 1, 1 + 0x1p-40});
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_values),
      cmocka_unit_test(ends_of_the_range),
      cmocka_unit_test(any_number_of_passes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
