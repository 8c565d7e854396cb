/* test_subsets.c - random subsets: their sizes, that each is as likely as another, and that a number is enough to know
 * one. */
#include "statistics.h"

#include "metrics/subsets.h"

enum { STREAM = 20 };

static int64_t taken(const unsigned char *kept, int64_t count) {
  int64_t n = 0;
  for (int64_t i = 0; i < count; i++) {
    assert_true(kept[i] <= 1);
    n += kept[i] == 0;
  }
  return n;
}

static void a_subset_has_its_size(void **state) {
  (void)state;
  static const int64_t counts[] = {1, 2, 3, 511, 512, 513, 2000};
  for (int64_t c = 0; c < COUNT(counts); c++)
    for (int64_t size = 0; size <= counts[c]; size += 1 + counts[c] / 7)
      for (uint64_t number = 0; number < 20; number++) {
        unsigned char *kept = exact_block((size_t)counts[c]);
        attrib__subset_of_size(5, STREAM, number, counts[c], size, kept);
        assert_int_equal(taken(kept, counts[c]), size);
        attrib__subset_of_size(5, STREAM, number, counts[c], counts[c], kept);
        assert_int_equal(taken(kept, counts[c]), counts[c]);
        free(kept);
      }
}

/* The 20 subsets of 3 out of 6 are equally frequent. */
static void every_subset_is_as_likely(void **state) {
  (void)state;
  enum { DRAWS = 40000, UNITS = 6, CELLS = 20 };
  int64_t counts[1 << UNITS] = {0}, found[CELLS];
  for (uint64_t number = 0; number < DRAWS; number++) {
    unsigned char kept[UNITS];
    int code = 0;
    attrib__subset_of_size(77, STREAM, number, UNITS, 3, kept);
    for (int i = 0; i < UNITS; i++) code |= (kept[i] == 0) << i;
    counts[code]++;
  }
  int64_t cells = 0;
  for (int code = 0; code < 1 << UNITS; code++)
    if (counts[code] > 0) {
      assert_true(cells < CELLS);
      found[cells++] = counts[code];
    }
  assert_int_equal(cells, CELLS);
  assert_true(chi_square(found, CELLS, (double)DRAWS / CELLS) < chi_square_bound(CELLS - 1));
}

/* Of many, the first as often as the last. */
static void every_unit_is_as_likely(void **state) {
  (void)state;
  enum { DRAWS = 3000, UNITS = 1200, SIZE = 300 };
  int64_t counts[UNITS] = {0};
  unsigned char kept[UNITS];
  for (uint64_t number = 0; number < DRAWS; number++) {
    attrib__subset_of_size(1, STREAM, number, UNITS, SIZE, kept);
    for (int i = 0; i < UNITS; i++) counts[i] += kept[i] == 0;
  }
  /* Each count is of variance DRAWS p (1 - p), p = 1 / 4: less than the DRAWS p that chi-square takes it for. */
  const double expected = (double)DRAWS * SIZE / UNITS;
  const double sum = chi_square(counts, UNITS, expected) / (1 - (double)SIZE / UNITS);
  assert_true(sum < chi_square_bound(UNITS - 1));
  assert_true(sum > 2 * (UNITS - 1) - chi_square_bound(UNITS - 1));
}

static void coins_have_their_probability(void **state) {
  (void)state;
  enum { UNITS = 20000 };
  static const double probabilities[] = {.1, .5, .9};
  unsigned char *kept = exact_block(UNITS);
  for (int64_t k = 0; k < COUNT(probabilities); k++) {
    const double p = probabilities[k];
    attrib__subset_by_coins(3, STREAM, (uint64_t)k, UNITS, p, kept);
    assert_true(fabs((double)taken(kept, UNITS) - UNITS * p) <= MOST_SIGMAS * sqrt(UNITS * p * (1 - p)));
  }
  attrib__subset_by_coins(3, STREAM, 0, UNITS, 1, kept);
  assert_int_equal(taken(kept, UNITS), UNITS);
  free(kept);
}

static void a_number_is_enough(void **state) {
  (void)state;
  enum { UNITS = 600 };
  unsigned char first[UNITS], again[UNITS], other[UNITS];
  attrib__subset_of_size(9, STREAM, 4, UNITS, 100, first);
  attrib__subset_of_size(9, STREAM, 5, UNITS, 100, other);
  attrib__subset_of_size(9, STREAM, 4, UNITS, 100, again);
  assert_memory_equal(first, again, UNITS);
  assert_true(memcmp(first, other, UNITS) != 0);
  attrib__subset_of_size(10, STREAM, 4, UNITS, 100, other);
  assert_true(memcmp(first, other, UNITS) != 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_subset_has_its_size),   cmocka_unit_test(every_subset_is_as_likely),
      cmocka_unit_test(every_unit_is_as_likely), cmocka_unit_test(coins_have_their_probability),
      cmocka_unit_test(a_number_is_enough),
  };
  return cmocka_run_group_tests_name("subsets", tests, NULL, NULL);
}
