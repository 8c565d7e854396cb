/* At which alphas baselines are drawn, and that baselines and alphas together are drawn without bias. */
#include "fixture.h"
#include "statistics.h"
#include "walk.h"

/* One alpha in every part of [0, 1], in a random order, anywhere in its part. */
static void strata_hold_one_alpha_each(void **state) {
  (void)state;
  enum { MOST = 50, SEEDS = 40 };
  const int64_t sizes[] = {1, 2, 3, 10, MOST};
  for (int64_t s = 0; s < COUNT(sizes); s++) {
    attrib__baselines set = set_of(7, NULL);
    const int64_t size = sizes[s];
    double places[SEEDS * MOST], products[SEEDS * MOST];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
      int64_t count;
      bool met[MOST] = {false};
      drawn *list = walk_round(&set, ATTRIB_SAMPLER_STRATIFIED, seed, (int64_t)seed % 3, size, &count);
      for (int64_t k = 0; k < size; k++) {
        double place = list[k].alpha * (double)size;
        assert_false(met[(int64_t)place]);
        met[(int64_t)place] = true;
        places[(int64_t)seed * size + k] = place - floor(place);
        products[(int64_t)seed * size + k] = (list[k].alpha - .5) * ((double)(2 * k + 1) / (double)size - 1);
      }
      free(list);
    }
    assert_true(kolmogorov(places, SEEDS * size, uniform_cdf) < KOLMOGOROV);
    if (size > 2) assert_unbiased(products, SEEDS * size, 0);
  }
}

/* Of one long round, and of the first draws of many seeds. */
static void independent_alphas_are_uniform(void **state) {
  (void)state;
  enum { SIZE = 20000 };
  attrib__baselines set = set_of(3, NULL);
  int64_t count;
  double *alphas = exact_block(SIZE * sizeof *alphas), *products = exact_block(SIZE * sizeof *products);
  drawn *list = walk_round(&set, ATTRIB_SAMPLER_IID, 9, 0, SIZE, &count);
  for (int64_t k = 0; k < SIZE; k++) {
    alphas[k] = list[k].alpha;
    products[k] = (list[k].alpha - .5) * (list[(k + 1) % SIZE].alpha - .5);
  }
  free(list);
  assert_true(kolmogorov(alphas, SIZE, uniform_cdf) < KOLMOGOROV);
  assert_unbiased(products, SIZE, 0);
  for (int64_t seed = 0; seed < SIZE / 2; seed++) {
    list = walk_round(&set, ATTRIB_SAMPLER_IID, (uint64_t)seed, 1, 2, &count);
    for (int k = 0; k < 2; k++) alphas[2 * seed + k] = list[k].alpha;
    free(list);
  }
  assert_true(kolmogorov(alphas, SIZE, uniform_cdf) < KOLMOGOROV);
  free(products);
  free(alphas);
}

/* The alphas of every baseline over rounds of m, m, 2m, ... in one list by place of visit: `used` rows of `points`. */
static double *lattice_alphas(const attrib__baselines *set, uint64_t seed, int64_t m, int64_t rounds, int64_t *points) {
  *points = m << (rounds - 1);
  double *alphas = exact_block((size_t)(*points * set->used) * sizeof *alphas);
  int64_t taken = 0;
  for (int64_t round = 0; round < rounds; round++) {
    int64_t count, size = round < 2 ? m : m << (round - 1);
    drawn *list = walk_round(set, ATTRIB_SAMPLER_LATTICE, seed, round, size, &count);
    for (int64_t k = 0; k < count; k++) alphas[list[k].visit * *points + taken + k % size] = list[k].alpha;
    taken += size;
    free(list);
  }
  assert_int_equal(taken, *points);
  return alphas;
}

static void rounds_of_a_lattice_are_one_lattice(void **state) {
  (void)state;
  const double weights[] = {1, 0, 2, .25, 0, 7};
  attrib__baselines sets[3] = {set_of(1, NULL), set_of(5, NULL), set_of(6, weights)};
  const int64_t sizes[] = {1, 2, 3, 8};
  for (int s = 0; s < 3; s++)
    for (int64_t z = 0; z < COUNT(sizes); z++)
      for (int64_t rounds = 1; rounds <= 4; rounds++)
        for (uint64_t seed = 0; seed < 5; seed++) {
          int64_t points;
          double *alphas = lattice_alphas(&sets[s], seed, sizes[z], rounds, &points);
          for (int64_t j = 0; j < sets[s].used; j++) {
            double *sorted = sorted_copy(alphas + j * points, points), spacing = 1 / (double)points;
            assert_true(sorted[0] >= 0 && sorted[0] < spacing);
            for (int64_t k = 0; k < points; k++) assert_near(sorted[k], sorted[0] + (double)k * spacing, ROUND_OFF, 1);
            free(sorted);
          }
          free(alphas);
        }
}

/* The first alpha of each is its shift: one per M-th of (0, 1), and over seeds uniform and independent of one another.
 * The others of the round follow it around the circle. */
static void shifts_of_a_lattice_are_stratified(void **state) {
  (void)state;
  enum { USED = 6, SEEDS = 500 };
  const double weights[USED + 2] = {1, 2, 3, 0, 4, 5, 0, 6};
  attrib__baselines set = set_of(USED + 2, weights);
  double shifts[USED][SEEDS], places[USED * SEEDS], products[SEEDS];
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    int64_t points, met = 0;
    double *alphas = lattice_alphas(&set, seed, 4, 1, &points);
    for (int j = 0; j < USED; j++) {
      double shift = alphas[j * points];
      shifts[j][seed] = shift;
      met |= INT64_C(1) << (int)(shift * USED);
      places[j * SEEDS + (int64_t)seed] = shift * USED - floor(shift * USED);
      for (int64_t k = 1; k < points; k++)
        assert_near(fmod(alphas[j * points + k] - shift + 1, 1), (double)k / (double)points, ROUND_OFF, 1);
    }
    assert_int_equal(met, (1 << USED) - 1);
    free(alphas);
  }
  assert_true(kolmogorov(places, USED * SEEDS, uniform_cdf) < KOLMOGOROV);
  for (int j = 0; j < USED; j++) assert_true(kolmogorov(shifts[j], SEEDS, uniform_cdf) < KOLMOGOROV);
  for (int j = 1; j < USED; j++) { /* strata without replacement: -1 / (12 (M - 1)) (1 - 1 / M^2) */
    for (int k = 0; k < SEEDS; k++) products[k] = (shifts[0][k] - .5) * (shifts[j][k] - .5);
    assert_unbiased(products, SEEDS, -(1 - 1.0 / (USED * USED)) / (12 * (USED - 1)));
  }
}

/* Of baseline b and alpha: parts that depend on one of them, and parts that are neither a sum nor a product of such. */
static double test_function(int64_t b, double alpha) {
  return 2 * (double)b + 3 * alpha + sin(3 * alpha + (double)b) + (double)(b * b) * alpha * alpha / 4;
}

static double exact_mean(const attrib__baselines *set) {
  double sum = 1.5;
  for (int64_t i = 0; i < set->set.count; i++) {
    double b = (double)i;
    sum += attrib__baselines_weight(set, i) * (2 * b + (cos(b) - cos(3 + b)) / 3 + b * b / 12);
  }
  return sum;
}

enum { SEEDS = 2000 };

static void estimate(const attrib__baselines *set, uint32_t sampler, int64_t round, int64_t size, double *estimates) {
  for (int64_t seed = 0; seed < SEEDS; seed++) {
    int64_t count;
    drawn *list = walk_round(set, sampler, (uint64_t)seed, round, size, &count);
    estimates[seed] = 0;
    for (int64_t k = 0; k < count; k++)
      estimates[seed] += list[k].mass * test_function(list[k].baseline, list[k].alpha) / (double)size;
    free(list);
  }
}

/* Fewer draws than baselines, as many, more; any round. The better sampler has the smaller error. */
static void every_sampler_is_unbiased(void **state) {
  (void)state;
  const double weights[] = {1, 0, 2.5, .5, 3};
  attrib__baselines sets[2] = {set_of(5, NULL), set_of(5, weights)};
  const int64_t sizes[] = {1, 2, 5, 8};
  double estimates[SEEDS];
  for (int s = 0; s < 2; s++)
    for (int64_t z = 0; z < COUNT(sizes); z++) {
      double errors[3];
      for (int k = 0; k < 3; k++) {
        estimate(&sets[s], all_samplers[k], z % 3, sizes[z], estimates);
        assert_unbiased(estimates, SEEDS, exact_mean(&sets[s]));
        errors[k] = error_of(estimates, SEEDS) * sqrt(k == 2 ? (double)sets[s].used : 1); /* as of `size` draws */
      }
      if (sizes[z] < 5) continue;
      assert_true(errors[1] < .8 * errors[0]);
      assert_true(errors[2] < .8 * errors[1]);
    }
}

/* Rounds are averaged: what one missed the next must not miss, too. */
static void rounds_are_independent(void **state) {
  (void)state;
  attrib__baselines set = set_of(5, NULL);
  double first[SEEDS], second[SEEDS];
  for (int k = 0; k < 2; k++) {
    estimate(&set, all_samplers[k], 0, 3, first);
    estimate(&set, all_samplers[k], 1, 3, second);
    for (int64_t i = 0; i < SEEDS; i++) first[i] = (first[i] - exact_mean(&set)) * (second[i] - exact_mean(&set));
    assert_unbiased(first, SEEDS, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(strata_hold_one_alpha_each),          cmocka_unit_test(independent_alphas_are_uniform),
      cmocka_unit_test(rounds_of_a_lattice_are_one_lattice), cmocka_unit_test(shifts_of_a_lattice_are_stratified),
      cmocka_unit_test(every_sampler_is_unbiased),           cmocka_unit_test(rounds_are_independent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
