/* test_image_percentile.c - percentiles against a sorted copy. */
#include "fixture.h"

#include "image/percentile.h"

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

static double sorted_percentile(int64_t count, double percentile, uint32_t mode, const double *map) {
  double *sorted = exact_block((size_t)count * sizeof *sorted);
  for (int64_t i = 0; i < count; i++) sorted[i] = attrib__image_shown(map[i], mode);
  qsort(sorted, (size_t)count, sizeof *sorted, ascending);
  double position = percentile * (double)(count - 1) / 100, below = floor(position);
  int64_t rank = (int64_t)below;
  double value = sorted[rank];
  if (position > below) value += (position - below) * (sorted[rank + 1] - sorted[rank]);
  free(sorted);
  return value;
}

static void percentiles_are_those_of_the_sorted_map(void **state) {
  (void)state;
  static const double percentiles[] = {0, 1e-9, 1, 33.3, 50, 99, 99.9, 100};
  static const int64_t counts[] = {1, 2, 3, 101, 997};
  for (int c = 0; c < COUNT(counts); c++) {
    double *map = exact_block((size_t)counts[c] * sizeof *map);
    fill_random((uint64_t)c, map, counts[c]);
    for (int64_t i = 0; i < counts[c]; i += 3) map[i] = ldexp(map[i], (int)(i % 7) * 300 - 900); /* all exponents */
    for (int64_t i = 1; i < counts[c]; i += 5) map[i] = i % 2 ? 0.0 : -0.0;                      /* and ties */
    for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= ATTRIB_SIGN_ABSOLUTE; mode++)
      for (int p = 0; p < COUNT(percentiles); p++) {
        double found = attrib__image_percentile(counts[c], percentiles[p], mode, map);
        double expected = sorted_percentile(counts[c], percentiles[p], mode, map);
        assert_same_bits(&found, &expected, 1);
      }
    free(map);
  }
}

static void what_is_shown_has_no_sign(void **state) {
  (void)state;
  static const double values[] = {-2, -0.0, 0.0, 3}, both[] = {2, 0, 0, 3}, positive[] = {0, 0, 0, 3},
                      negative[] = {2, 0, 0, 0};
  const double *const expected[] = {both, positive, negative, both};
  for (uint32_t mode = ATTRIB_SIGN_BOTH; mode <= ATTRIB_SIGN_ABSOLUTE; mode++)
    for (int i = 0; i < 4; i++) {
      double shown = attrib__image_shown(values[i], mode);
      assert_same_bits(&shown, &expected[mode - ATTRIB_SIGN_BOTH][i], 1);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(percentiles_are_those_of_the_sorted_map),
      cmocka_unit_test(what_is_shown_has_no_sign),
  };
  return cmocka_run_group_tests_name("image_percentile", tests, NULL, NULL);
}
