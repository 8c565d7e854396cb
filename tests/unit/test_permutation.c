/* Random orders that take no memory: every one a bijection, all of them about equally often. */
#include "fixture.h"
#include "golden_sampling.h"
#include "statistics.h"

#include "random/permutation.h"
#include "random/philox.h"

enum { ORDER = ATTRIB__STREAM_BASELINE_ORDER, STRATUM = ATTRIB__STREAM_ALPHA_STRATUM };

static void expect_bijection(uint64_t seed, uint32_t stream, uint64_t number, int64_t size) {
  bool *seen = exact_block((size_t)size * sizeof *seen);
  memset(seen, 0, (size_t)size * sizeof *seen);
  for (int64_t i = 0; i < size; i++) {
    int64_t value = attrib__random_permutation(seed, stream, number, size, i);
    assert_in_range(value, 0, size - 1);
    assert_false(seen[value]);
    seen[value] = true;
  }
  free(seen);
}

static void every_size_is_a_bijection(void **state) {
  (void)state;
  for (int64_t size = 1; size <= 70; size++)
    for (uint64_t k = 0; k < 20; k++) expect_bijection(k << 31, k % 2 ? ORDER : STRATUM, k * k * k * k, size);
  expect_bijection(1, ORDER, 0, 1000);
  expect_bijection(UINT64_MAX, STRATUM, UINT64_MAX, 1024);
  expect_bijection(1, ORDER, 3, 1025);
  expect_bijection(2, STRATUM, 1, 65536);
  expect_bijection(2, STRATUM, 1, 65537);
}

/* Beyond what can be gone through: in range, no value twice among the first, and both halves of the range are met. */
static void the_largest_sizes(void **state) {
  (void)state;
  enum { SHOWN = 300 };
  const int64_t sizes[] = {INT64_C(1) << 32, (INT64_C(1) << 32) + 1, (INT64_C(1) << 60) + 1, (INT64_C(1) << 62) - 1,
                           INT64_C(1) << 62};
  for (int64_t k = 0; k < COUNT(sizes); k++) {
    double values[SHOWN];
    for (int64_t i = 0; i < SHOWN; i++) {
      int64_t value = attrib__random_permutation(5, ORDER, 9, sizes[k], i % 2 ? i : sizes[k] - 1 - i);
      assert_true(value >= 0 && value < sizes[k]);
      values[i] = (double)value / (double)sizes[k];
    }
    assert_true(kolmogorov(values, SHOWN, uniform_cdf) < KOLMOGOROV);
    double *sorted = sorted_copy(values, SHOWN);
    for (int64_t i = 1; i < SHOWN; i++) assert_true(sorted[i] > sorted[i - 1]);
    free(sorted);
  }
}

/* The number of an order among all of the size, 0 to size! - 1: its Lehmer code. */
static int64_t rank_of(const int64_t *order, int64_t size) {
  int64_t rank = 0;
  for (int64_t i = 0; i < size; i++) {
    int64_t smaller = 0;
    for (int64_t j = i + 1; j < size; j++) smaller += order[j] < order[i];
    rank = rank * (size - i) + smaller;
  }
  return rank;
}

typedef enum what_varies { SEEDS, HIGH_SEEDS, NUMBERS } what_varies;

static void draw_order(what_varies what, int64_t k, int64_t size, int64_t *order) {
  uint64_t seed = what == SEEDS ? (uint64_t)k : what == HIGH_SEEDS ? (uint64_t)k << 32 : 77;
  uint64_t number = what == NUMBERS ? (uint64_t)k << 20 : 0;
  for (int64_t i = 0; i < size; i++) order[i] = attrib__random_permutation(seed, ORDER, number, size, i);
}

/* That many of each, on average. */
static void expect_every_order(what_varies what, int64_t size, int64_t each) {
  enum { MOST = 120 };
  const int64_t factorial[] = {1, 1, 2, 6, 24, 120}, orders = factorial[size];
  int64_t counts[MOST] = {0}, order[5];
  for (int64_t k = 0; k < orders * each; k++) {
    draw_order(what, k, size, order);
    counts[rank_of(order, size)]++;
  }
  for (int64_t k = 0; k < orders; k++) assert_true(counts[k] > 0);
  assert_true(chi_square(counts, orders, (double)each) < chi_square_bound(orders - 1));
}

static void every_order_comes_about_as_often(void **state) {
  (void)state;
  for (int64_t size = 2; size <= 5; size++) {
    expect_every_order(SEEDS, size, 1000);
    expect_every_order(HIGH_SEEDS, size, 100);
    expect_every_order(NUMBERS, size, 100);
  }
}

/* A network of Feistel's is an even permutation of its square, which a size that nearly fills it would show. */
static void orders_are_odd_as_often_as_even(void **state) {
  (void)state;
  enum { DRAWS = 600, MOST = 64 };
  const int64_t sizes[] = {2, 13, 16, 60, 64};
  for (int64_t k = 0; k < COUNT(sizes); k++) {
    int64_t size = sizes[k], counts[2] = {0}, order[MOST];
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
      for (int64_t i = 0; i < size; i++) order[i] = attrib__random_permutation(seed, ORDER, 0, size, i);
      int64_t inversions = 0;
      for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < i; j++) inversions += order[j] > order[i];
      counts[inversions % 2]++;
    }
    assert_true(chi_square(counts, 2, DRAWS / 2.0) < chi_square_bound(1));
  }
}

/* With 8, or 16 (where no value is outside): each pair of values at each pair of places, which sees more than each
 * value at each place. */
static void pairs_come_about_as_often(void **state) {
  (void)state;
  enum { MOST = 16 * 15, DRAWS = 24000 };
  const int64_t sizes[] = {8, 16}, places[][2] = {{0, 1}, {0, 5}, {7, 2}};
  for (int64_t s = 0; s < COUNT(sizes); s++)
    for (int64_t p = 0; p < COUNT(places); p++) {
      int64_t counts[MOST] = {0}, size = sizes[s], cells = size * (size - 1);
      for (uint64_t seed = 0; seed < DRAWS; seed++) {
        int64_t a = attrib__random_permutation(seed, STRATUM, 1, size, places[p][0]);
        int64_t b = attrib__random_permutation(seed, STRATUM, 1, size, places[p][1]);
        counts[a * (size - 1) + b - (b > a)]++;
      }
      assert_true(chi_square(counts, cells, DRAWS / (double)cells) < chi_square_bound(cells - 1));
    }
}

static int64_t agreements(uint64_t seed, uint32_t stream, uint64_t number) {
  int64_t same = 0;
  for (int64_t i = 0; i < 1000; i++)
    same +=
        attrib__random_permutation(3, ORDER, 4, 1000, i) == attrib__random_permutation(seed, stream, number, 1000, i);
  return same;
}

/* Two orders that have nothing to do with one another agree at one place on average. Every bit of seed and number
 * counts. */
static void seeds_streams_and_numbers_make_orders_of_their_own(void **state) {
  (void)state;
  assert_int_equal(agreements(3, ORDER, 4), 1000);
  assert_in_range(agreements(3, STRATUM, 4), 0, 8);
  for (int bit = 0; bit < 64; bit++) {
    assert_in_range(agreements(3 ^ UINT64_C(1) << bit, ORDER, 4), 0, 8);
    assert_in_range(agreements(3, ORDER, 4 ^ UINT64_C(1) << bit), 0, 8);
  }
}

static void published_orders_never_change(void **state) {
  (void)state;
  for (int64_t k = 0; k < COUNT(golden_permutations); k++) {
    const golden_permutation *g = &golden_permutations[k];
    for (int64_t i = 0; i < g->shown; i++)
      assert_int_equal(attrib__random_permutation(g->seed, g->stream, g->number, g->size, i), g->elements[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_size_is_a_bijection),
      cmocka_unit_test(the_largest_sizes),
      cmocka_unit_test(every_order_comes_about_as_often),
      cmocka_unit_test(orders_are_odd_as_often_as_even),
      cmocka_unit_test(pairs_come_about_as_often),
      cmocka_unit_test(seeds_streams_and_numbers_make_orders_of_their_own),
      cmocka_unit_test(published_orders_never_change),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
