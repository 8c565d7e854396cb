/* Which baselines are drawn, how often, and in which order. */
#include "fixture.h"
#include "golden_sampling.h"
#include "statistics.h"
#include "walk.h"

enum { MOST = 200 };

/* Without weights: no baseline twice before all have been drawn once, and so on. */
static void strata_go_through_the_set_evenly(void **state) {
  (void)state;
  const int64_t sets[] = {1, 2, 3, 7, 16, 100};
  for (int64_t s = 0; s < COUNT(sets); s++)
    for (int64_t size = 1; size <= 2 * sets[s] + 3; size += 1 + sets[s] / 16)
      for (uint64_t seed = 0; seed < 10; seed++) {
        attrib__baselines set = set_of(sets[s], NULL);
        int64_t counts[MOST], least = size / sets[s], most = (size + sets[s] - 1) / sets[s];
        count_draws(&set, ATTRIB_SAMPLER_STRATIFIED, seed, (int64_t)seed % 3, size, counts);
        for (int64_t b = 0; b < sets[s]; b++) assert_in_range(counts[b], least, most);
      }
}

/* Two of five: every pair is as likely. */
static void strata_choose_every_subset_as_often(void **state) {
  (void)state;
  enum { SEEDS = 5000 };
  attrib__baselines set = set_of(5, NULL);
  int64_t pairs[10] = {0};
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    int64_t count;
    drawn *list = walk_round(&set, ATTRIB_SAMPLER_STRATIFIED, seed, 0, 2, &count);
    int64_t a = list[0].baseline, b = list[1].baseline, low = a < b ? a : b, high = a < b ? b : a;
    pairs[high * (high - 1) / 2 + low]++;
    free(list);
  }
  assert_true(chi_square(pairs, 10, SEEDS / 10.0) < chi_square_bound(9));
}

/* Systematic sampling: N w rounded down or up; the bound's slack is that of the cumulated weights. */
static void strata_honour_weights(void **state) {
  (void)state;
  const double sets[][6] = {
      {1, 1, 1, 1, 1, 1}, {.3, 0, 2, 5, .01, 1}, {0, 0, 1, 1e-3, 1e3, 0}, {1e300, 1e299, 0, 1, 1e298, 3e299}};
  const int64_t sizes[] = {1, 2, 5, 6, 30, 1000};
  for (int64_t s = 0; s < COUNT(sets); s++)
    for (int64_t k = 0; k < COUNT(sizes); k++)
      for (uint64_t seed = 0; seed < 20; seed++) {
        attrib__baselines set = set_of(6, sets[s]);
        int64_t counts[6];
        count_draws(&set, ATTRIB_SAMPLER_STRATIFIED, seed, 0, sizes[k], counts);
        for (int64_t b = 0; b < 6; b++) {
          double expected = (double)sizes[k] * attrib__baselines_weight(&set, b);
          assert_true(fabs((double)counts[b] - expected) < 1 + 1e-9);
          assert_true(sets[s][b] > 0 || counts[b] == 0);
        }
      }
}

/* Which of down and up is fair: over seeds the counts are N w on average. */
static void strata_draw_by_weight_on_average(void **state) {
  (void)state;
  enum { SEEDS = 2000, SIZE = 7 };
  const double weights[] = {.3, 0, 2, 5, .01, 1};
  attrib__baselines set = set_of(6, weights);
  double *counts = exact_block(6 * SEEDS * sizeof *counts);
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    int64_t drawn_counts[6];
    count_draws(&set, ATTRIB_SAMPLER_STRATIFIED, seed, 1, SIZE, drawn_counts);
    for (int64_t b = 0; b < 6; b++) counts[b * SEEDS + (int64_t)seed] = (double)drawn_counts[b];
  }
  for (int64_t b = 0; b < 6; b++) assert_unbiased(counts + b * SEEDS, SEEDS, SIZE * attrib__baselines_weight(&set, b));
  free(counts);
}

/* Means N p, variances N p (1 - p), covariances -N p q. */
static void expect_multinomial(const attrib__baselines *set, int64_t size) {
  enum { SEEDS = 3000 };
  const int64_t count = set->set.count;
  double *counts = exact_block((size_t)(count * SEEDS) * sizeof *counts), products[SEEDS];
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    int64_t drawn_counts[MOST];
    count_draws(set, ATTRIB_SAMPLER_IID, seed, (int64_t)seed % 2, size, drawn_counts);
    for (int64_t b = 0; b < count; b++) counts[b * SEEDS + (int64_t)seed] = (double)drawn_counts[b];
  }
  for (int64_t b = 0; b < count; b++)
    for (int64_t c = 0; c <= b; c++) {
      double p = attrib__baselines_weight(set, b), q = attrib__baselines_weight(set, c);
      double n = (double)size;
      for (int64_t k = 0; k < SEEDS; k++)
        products[k] = (counts[b * SEEDS + k] - n * p) * (counts[c * SEEDS + k] - n * q);
      if (b == c) assert_unbiased(counts + b * SEEDS, SEEDS, n * p);
      assert_unbiased(products, SEEDS, b == c ? n * p * (1 - p) : -n * p * q);
    }
  free(counts);
}

static void independent_draws_are_multinomial(void **state) {
  (void)state;
  const double weights[] = {2, 0, 1, .5, 4.5, 0};
  attrib__baselines equal = set_of(4, NULL), weighted = set_of(6, weights), two = set_of(2, NULL);
  expect_multinomial(&equal, 5);
  expect_multinomial(&equal, 2);
  expect_multinomial(&weighted, 9);
  expect_multinomial(&two, 1);
}

/* Equal weights are no weights. */
static void equal_weights_change_nothing(void **state) {
  (void)state;
  double weights[13];
  for (int k = 0; k < 13; k++) weights[k] = .7;
  attrib__baselines set = set_of(13, NULL), weighted = set_of(13, weights);
  for (int64_t s = 0; s < COUNT(all_samplers); s++)
    for (uint64_t seed = 0; seed < 30; seed++) {
      int64_t count, same;
      drawn *list = walk_round(&set, all_samplers[s], seed, 2, 8, &count);
      drawn *other = walk_round(&weighted, all_samplers[s], seed, 2, 8, &same);
      assert_int_equal(count, same);
      for (int64_t k = 0; k < count; k++) {
        assert_int_equal(list[k].baseline, other[k].baseline);
        assert_true(list[k].alpha == other[k].alpha);
        assert_near(other[k].mass, list[k].mass, ROUND_OFF, 1);
      }
      free(other);
      free(list);
    }
}

/* Wherever they stand in the set, and so, over seeds, in its permuted order. */
static void weight_zero_is_never_drawn(void **state) {
  (void)state;
  for (int pattern = 1; pattern < 16; pattern++) {
    double weights[4];
    int64_t positive = 0, counts[4];
    for (int b = 0; b < 4; b++) positive += (weights[b] = pattern >> b & 1 ? 1 + b : 0) > 0;
    attrib__baselines set = set_of(4, weights);
    assert_int_equal(set.used, positive);
    for (int64_t s = 0; s < COUNT(all_samplers); s++)
      for (uint64_t seed = 0; seed < 60; seed++) {
        count_draws(&set, all_samplers[s], seed, (int64_t)seed % 2, 3, counts);
        for (int b = 0; b < 4; b++) {
          assert_true(weights[b] > 0 || counts[b] == 0);
          if (positive == 1 && weights[b] > 0) assert_int_equal(counts[b], 3);
          if (all_samplers[s] == ATTRIB_SAMPLER_LATTICE) assert_int_equal(counts[b], weights[b] > 0 ? 3 : 0);
        }
      }
  }
}

/* Cumulated weights may end below 1 by rounding, here by half: what falls beyond them is the last positive one's. */
static void draws_beyond_the_weights_go_to_the_last(void **state) {
  (void)state;
  const double weights[] = {1, 2, 0, 1, 0};
  for (uint64_t seed = 0; seed < 40; seed++) {
    attrib__baselines set = set_of(5, weights);
    attrib__draws draws = {.set = &set, .sampler = ATTRIB_SAMPLER_STRATIFIED, .seed = seed};
    attrib__visit visit;
    int64_t total = 0;
    set.total_weight *= 2;
    attrib__draws_begin(&draws, 0, 40);
    while (attrib__draws_visit(&draws, &visit)) {
      assert_true(weights[visit.baseline] > 0);
      total += visit.draws;
      if (total == 40)
        assert_in_range(visit.draws, 20 + 5 * (int)weights[visit.baseline] - 1,
                        20 + 5 * (int)weights[visit.baseline] + 1);
    }
    assert_int_equal(total, 40);
  }
}

static void a_lattice_visits_every_baseline_in_one_order(void **state) {
  (void)state;
  const double weights[] = {1, 0, 3, 2, 0, 4, .5, 0};
  attrib__baselines set = set_of(8, weights);
  bool moved = false;
  for (uint64_t seed = 0; seed < 20; seed++) {
    int64_t order[5] = {0};
    for (int64_t round = 0; round < 4; round++) {
      int64_t count, size = round < 2 ? 3 : 3 << (round - 1);
      drawn *list = walk_round(&set, ATTRIB_SAMPLER_LATTICE, seed, round, size, &count);
      for (int64_t j = 0; j < 5; j++) {
        if (round == 0) order[j] = list[j * size].baseline;
        assert_int_equal(list[j * size].baseline, order[j]);
        assert_near(list[j * size].mass, weights[order[j]] / 10.5, ROUND_OFF, 1);
      }
      free(list);
    }
    for (int64_t j = 1; j < 5; j++) moved = moved || order[j] < order[j - 1];
  }
  assert_true(moved);
}

/* How many draws of two rounds are the same in baseline and alpha. */
static int64_t count_same(const attrib__baselines *set, uint32_t sampler, const uint64_t seeds[2],
                          const int64_t rounds[2]) {
  int64_t count, same = 0;
  drawn *list = walk_round(set, sampler, seeds[0], rounds[0], 12, &count);
  drawn *other = walk_round(set, sampler, seeds[1], rounds[1], 12, &count);
  for (int64_t k = 0; k < count; k++) same += list[k].baseline == other[k].baseline && list[k].alpha == other[k].alpha;
  free(other);
  free(list);
  return same;
}

static void a_seed_and_a_round_say_it_all(void **state) {
  (void)state;
  const double weights[] = {1, 2, 0, 1, 3};
  attrib__baselines sets[2] = {set_of(5, NULL), set_of(5, weights)};
  for (int k = 0; k < 2; k++)
    for (int64_t s = 0; s < COUNT(all_samplers); s++) {
      int64_t all = all_samplers[s] == ATTRIB_SAMPLER_LATTICE ? 12 * sets[k].used : 12;
      const uint64_t same[] = {5, 5}, near[] = {5, 6}, far[] = {5, 5 | UINT64_C(1) << 40};
      assert_int_equal(count_same(&sets[k], all_samplers[s], same, (const int64_t[]){0, 0}), all);
      assert_int_equal(count_same(&sets[k], all_samplers[s], same, (const int64_t[]){3, 3}), all);
      assert_int_equal(count_same(&sets[k], all_samplers[s], same, (const int64_t[]){0, 1}), 0);
      assert_int_equal(count_same(&sets[k], all_samplers[s], near, (const int64_t[]){0, 0}), 0);
      assert_int_equal(count_same(&sets[k], all_samplers[s], far, (const int64_t[]){0, 0}), 0);
    }
}

/* Baselines of a round that are drawn in different orders: the order is another one in every round. */
static void every_round_has_an_order_of_its_own(void **state) {
  (void)state;
  attrib__baselines set = set_of(MOST, NULL);
  for (int64_t s = 0; s < 2; s++) {
    int64_t count, agree = 0;
    drawn *list = walk_round(&set, all_samplers[s], 8, 0, MOST, &count);
    drawn *other = walk_round(&set, all_samplers[s], 8, 1, MOST, &count);
    for (int64_t k = 0; k < count; k++) agree += list[k].baseline == other[k].baseline;
    assert_in_range(agree, 0, 8);
    free(other);
    free(list);
  }
}

/* A set of 10^12 is not gone through. */
static void a_set_without_end(void **state) {
  (void)state;
  const int64_t size = INT64_C(1000000000000);
  attrib__baselines set = set_of(size, NULL);
  for (int64_t s = 0; s < 2; s++) {
    int64_t count;
    double places[50];
    drawn *list = walk_round(&set, all_samplers[s], 3, 0, 50, &count);
    for (int64_t k = 0; k < count; k++) places[k] = (double)list[k].baseline / (double)size;
    assert_true(kolmogorov(places, 50, uniform_cdf) < KOLMOGOROV);
    free(list);
  }
}

/* IID alphas are the generator's own numbers; the others are rounded a few times. */
static void published_draws_never_change(void **state) {
  (void)state;
  const double weights[] = {1, 0, 2.5, .5};
  for (int64_t k = 0; k < COUNT(golden_rounds); k++) {
    const golden_round *g = &golden_rounds[k];
    attrib__baselines set = set_of(4, g->weighted ? weights : NULL);
    int64_t count;
    drawn *list = walk_round(&set, g->sampler, GOLDEN_DRAWS_SEED, g->round, g->size, &count);
    assert_int_equal(count, g->count);
    for (int64_t i = 0; i < count; i++) {
      assert_int_equal(list[i].baseline, g->draws[i].baseline);
      assert_near(list[i].alpha, g->draws[i].alpha, g->sampler == ATTRIB_SAMPLER_IID ? 0 : 4 * DBL_EPSILON, 1);
    }
    free(list);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(strata_go_through_the_set_evenly),
      cmocka_unit_test(strata_choose_every_subset_as_often),
      cmocka_unit_test(strata_honour_weights),
      cmocka_unit_test(strata_draw_by_weight_on_average),
      cmocka_unit_test(independent_draws_are_multinomial),
      cmocka_unit_test(equal_weights_change_nothing),
      cmocka_unit_test(weight_zero_is_never_drawn),
      cmocka_unit_test(draws_beyond_the_weights_go_to_the_last),
      cmocka_unit_test(a_lattice_visits_every_baseline_in_one_order),
      cmocka_unit_test(a_seed_and_a_round_say_it_all),
      cmocka_unit_test(every_round_has_an_order_of_its_own),
      cmocka_unit_test(a_set_without_end),
      cmocka_unit_test(published_draws_never_change),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
