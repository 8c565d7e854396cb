/* ranking.c - see ranking.h. */
#include "ranking.h"

#include <inttypes.h>
#include <math.h>

#include <attrib/metrics.h>

#include "../random/normal.h"
#include "../random/philox.h"
#include "../rows/rows.h"

static attrib_status check_random(attrib_context *context, const attrib__units *units, const attrib__map *map) {
  if (map->scores != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "scores: must be NULL where options->flags has ATTRIB_METRIC_RANDOM, which draws them");
  if (map->flags & ATTRIB_METRIC_UNIT_SCORES)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags has RANDOM and UNIT_SCORES: random scores are one per unit already");
  if (units->count > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "%" PRId64 " units: random scores are for at most %" PRId64,
                        units->count, ATTRIB__RANDOM_ELEMENTS);
  return ATTRIB_OK;
}

attrib_status attrib__map_check(attrib_context *context, const attrib__units *units, const attrib__map *map) {
  if (map->flags & ATTRIB_METRIC_RANDOM) return check_random(context, units, map);
  if (map->seed != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->seed = %" PRIu64 ": must be 0, it is for RANDOM scores",
                        map->seed);
  return attrib__units_check_scores(context, units, (map->flags & ATTRIB_METRIC_UNIT_SCORES) != 0, map->scores);
}

attrib_status attrib__ranked_units_read(attrib_context *context, const attrib_model *model, const attrib_image *shape,
                                        int64_t n_groups, const int32_t *groups, const attrib__map *map,
                                        attrib__units *units) {
  if (groups != NULL && shape != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->shape is given: must be NULL where units are those of options->groups");
  attrib_status status = attrib__units_read(context, model->dtype, model->n_inputs, shape, n_groups, groups, units);
  return status < 0 ? status : attrib__map_check(context, units, map);
}

void attrib__ranking_layout(attrib__ranking *ranking, const attrib__units *units, attrib__arena *arena) {
  ranking->sums = attrib__carve(arena, units->count, sizeof *ranking->sums);
  ranking->ranks = attrib__carve(arena, units->count, sizeof *ranking->ranks);
  ranking->order = attrib__carve(arena, units->count, sizeof *ranking->order);
  ranking->scratch = attrib__carve(arena, units->count, sizeof *ranking->scratch);
}

static void draw(const attrib__units *units, uint64_t seed, double *sums) {
  for (int64_t begin = 0; begin < units->count; begin += ATTRIB__BLOCK) {
    const int64_t n = units->count - begin < ATTRIB__BLOCK ? units->count - begin : ATTRIB__BLOCK;
    attrib__random_uniforms(seed, ATTRIB__STREAM_RANDOM_SCORES, 0, begin, n, sums + begin);
    for (int64_t i = begin; i < begin + n; i++) sums[i] = attrib__normal_quantile(sums[i]);
  }
}

void attrib__ranking_score(const attrib__ranking *ranking, const attrib__units *units, const attrib__map *map) {
  const bool absolute = (map->flags & ATTRIB_METRIC_ABSOLUTE) != 0;
  double *sums = ranking->sums;
  if (map->flags & ATTRIB_METRIC_RANDOM) {
    draw(units, map->seed, sums);
    for (int64_t u = 0; u < units->count && absolute; u++) sums[u] = fabs(sums[u]);
  } else {
    attrib__units_scores(units, (map->flags & ATTRIB_METRIC_UNIT_SCORES) != 0, absolute, map->scores, sums);
  }
  for (int64_t u = 0; u < units->count && (map->flags & ATTRIB_METRIC_LOWEST_FIRST) != 0; u++) sums[u] = -sums[u];
}

void attrib__ranking_rank(const attrib__ranking *ranking, const attrib__units *units) {
  attrib__units_rank(units, ranking->sums, ranking->ranks, ranking->order, ranking->scratch);
}
