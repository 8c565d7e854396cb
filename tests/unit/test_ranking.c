/* test_ranking.c - units from the first to the last, by scores or by chance. */
#include "fixture.h"

#include "context/context.h"
#include "metrics/ranking.h"
#include "random/normal.h"
#include "random/philox.h"
#include "rows/rows.h"

enum { N = 2 * ATTRIB__BLOCK + 5 };

/* Ranks of n single inputs into a block that the caller frees; sums are the unit scores. */
static int64_t *rank(int64_t n, const attrib__map *map, double *sums) {
  const attrib__units units = {.dtype = ATTRIB_F64, .n = n, .count = n};
  attrib__ranking ranking = {0};
  attrib__arena arena = {0};
  attrib__ranking_layout(&ranking, &units, &arena);
  void *memory = exact_block(arena.used);
  arena = (attrib__arena){.memory = memory};
  attrib__ranking_layout(&ranking, &units, &arena);
  attrib__ranking_score(&ranking, &units, map);
  attrib__ranking_rank(&ranking, &units);
  int64_t *ranks = exact_copy(ranking.ranks, (size_t)n * sizeof *ranks);
  memcpy(sums, ranking.sums, (size_t)n * sizeof *sums);
  free(memory);
  return ranks;
}

static void every_order(void **state) {
  (void)state;
  const double scores[] = {2, -3, 0, 2, -2};
  const int64_t wanted[4][5] = {{0, 4, 2, 1, 3}, {1, 0, 4, 2, 3}, {3, 0, 2, 4, 1}, {1, 4, 0, 2, 3}};
  for (uint32_t k = 0; k < 4; k++) {
    double sums[5];
    const attrib__map map = {.flags = (k & 1 ? ATTRIB_METRIC_ABSOLUTE : 0U) | (k & 2 ? ATTRIB_METRIC_LOWEST_FIRST : 0U),
                             .scores = scores};
    int64_t *ranks = rank(5, &map, sums);
    for (int64_t i = 0; i < 5; i++) assert_int_equal(ranks[i], wanted[k][i]);
    free(ranks);
  }
}

static void random_scores_are_the_draws(void **state) {
  (void)state;
  double *sums = exact_block(N * sizeof *sums), *others = exact_block(N * sizeof *others), mean = 0, square = 0;
  attrib__map map = {.flags = ATTRIB_METRIC_RANDOM, .seed = 11};
  free(rank(N, &map, sums));
  attrib__random_uniforms(11, ATTRIB__STREAM_RANDOM_SCORES, 0, 0, N, others);
  for (int64_t i = 0; i < N; i++) {
    assert_true(sums[i] == attrib__normal_quantile(others[i]));
    mean += sums[i] / N;
    square += sums[i] * sums[i] / N;
  }
  assert_near(mean, 0, .1, 1);
  assert_near(square, 1, .1, 1);
  map.flags |= ATTRIB_METRIC_ABSOLUTE;
  free(rank(N, &map, others));
  for (int64_t i = 0; i < N; i++) assert_true(others[i] == fabs(sums[i]));
  map = (attrib__map){.flags = ATTRIB_METRIC_RANDOM, .seed = 12};
  free(rank(N, &map, others));
  assert_memory_not_equal(sums, others, N * sizeof *sums);
  free(others);
  free(sums);
}

static void expect_map(const attrib__map *map, int64_t count, attrib_status wanted, const char *text) {
  const attrib__units units = {.dtype = ATTRIB_F64, .n = count, .count = count};
  attrib_context local, *context;
  assert_int_equal(attrib__begin(NULL, &local, &context), ATTRIB_OK);
  assert_status(attrib__map_check(context, &units, map), wanted, context);
  assert_names(context->message, text);
  attrib__end(context, &local);
}

static void what_goes_with_what(void **state) {
  (void)state;
  const double scores[] = {1, 2};
  const uint32_t random = ATTRIB_METRIC_RANDOM;
  expect_map(&(attrib__map){.scores = scores}, 2, ATTRIB_OK, "");
  expect_map(&(attrib__map){.seed = 5, .scores = scores}, 2, ATTRIB_E_ARGUMENT, "options->seed = 5");
  expect_map(&(attrib__map){.flags = random, .scores = scores}, 2, ATTRIB_E_ARGUMENT, "scores: must be NULL");
  expect_map(&(attrib__map){.flags = random | ATTRIB_METRIC_UNIT_SCORES}, 2, ATTRIB_E_ARGUMENT, "UNIT_SCORES");
  expect_map(&(attrib__map){.flags = random, .seed = 5}, 2, ATTRIB_OK, "");
  expect_map(&(attrib__map){.flags = random}, ATTRIB__RANDOM_ELEMENTS + 1, ATTRIB_E_OVERFLOW, "8589934593 units");
  expect_map(&(attrib__map){0}, 2, ATTRIB_E_ARGUMENT, "scores is NULL");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_order),
      cmocka_unit_test(random_scores_are_the_draws),
      cmocka_unit_test(what_goes_with_what),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
