/* walk.h - the draws of a round of expected gradients as a list. Include after fixture.h. */
#ifndef ATTRIB_TESTS_WALK_H
#define ATTRIB_TESTS_WALK_H

#include "fixture.h"

#include "baselines/draws.h"

typedef struct drawn {
  int64_t baseline, visit;
  double alpha, mass;
} drawn;

static const uint32_t all_samplers[] = {ATTRIB_SAMPLER_IID, ATTRIB_SAMPLER_STRATIFIED, ATTRIB_SAMPLER_LATTICE};

/* A set of which only the number and the weights are looked at. */
static inline attrib__baselines set_of(int64_t count, const double *weights) {
  static const double no_rows[1] = {0};
  const attrib_model model = {.struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = 1};
  const attrib_baselines given = {.struct_size = sizeof given, .count = count, .rows = no_rows, .weights = weights};
  attrib__baselines set;
  assert_int_equal(attrib__baselines_read(NULL, "baselines", &given, &model, &set), ATTRIB_OK);
  return set;
}

/* The baselines were visited before. */
static inline bool was_visited(const drawn *list, int64_t count, int64_t baseline) {
  for (int64_t k = 0; k < count; k++)
    if (list[k].baseline == baseline) return true;
  return false;
}

static inline int64_t take_visit(const attrib__draws *draws, const attrib__visit *visit, int64_t nth, drawn *list,
                                 int64_t count) {
  bool lattice = draws->sampler == ATTRIB_SAMPLER_LATTICE;
  assert_in_range(visit->baseline, 0, draws->set->set.count - 1);
  assert_false(was_visited(list, count, visit->baseline)); /* the draws of one follow one another */
  assert_int_equal(visit->first, lattice ? nth : count);
  assert_true(visit->draws >= 1 && (!lattice || visit->draws == draws->size));
  assert_true(visit->mass == (lattice ? attrib__baselines_weight(draws->set, visit->baseline) : 1));
  for (int64_t k = 0; k < visit->draws; k++)
    list[count + k] = (drawn){visit->baseline, nth, attrib__draws_alpha(draws, visit, k), visit->mass};
  return count + visit->draws;
}

/* All draws of the round, `*count` of them, in a block of the caller's to free. */
static inline drawn *walk_round(const attrib__baselines *set, uint32_t sampler, uint64_t seed, int64_t round,
                                int64_t size, int64_t *count) {
  attrib__draws draws = {.set = set, .sampler = sampler, .seed = seed};
  attrib__visit visit;
  int64_t expected = sampler == ATTRIB_SAMPLER_LATTICE ? size * set->used : size, visits = 0;
  drawn *list = exact_block((size_t)expected * sizeof *list);
  attrib__draws_begin(&draws, round, size);
  *count = 0;
  while (attrib__draws_visit(&draws, &visit)) *count = take_visit(&draws, &visit, visits++, list, *count);
  assert_int_equal(*count, expected);
  assert_false(attrib__draws_visit(&draws, &visit));
  for (int64_t k = 0; k < expected; k++) assert_true(list[k].alpha >= 0 && list[k].alpha < 1);
  return list;
}

/* How often every baseline of the set is drawn. */
static inline void count_draws(const attrib__baselines *set, uint32_t sampler, uint64_t seed, int64_t round,
                               int64_t size, int64_t *counts) {
  int64_t total;
  drawn *list = walk_round(set, sampler, seed, round, size, &total);
  memset(counts, 0, (size_t)set->set.count * sizeof *counts);
  for (int64_t k = 0; k < total; k++) counts[list[k].baseline]++;
  free(list);
}

#endif
