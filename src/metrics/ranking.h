/* ranking.h - the units of a metric from the first to the last, by their scores. */
#ifndef ATTRIB_SRC_RANKING_H
#define ATTRIB_SRC_RANKING_H

#include <attrib/model.h>

#include "units.h"

/* Where the order comes from. */
typedef struct attrib__map {
  uint32_t flags; /* ABSOLUTE, UNIT_SCORES, LOWEST_FIRST and RANDOM count */
  uint64_t seed;
  const double *scores; /* NULL with RANDOM */
} attrib__map;

typedef struct attrib__ranking {
  double *sums;   /* score of each unit; with LOWEST_FIRST its opposite */
  int64_t *ranks; /* of each unit: 0 = it comes first */
  int64_t *order, *scratch;
} attrib__ranking;

/* Scores and seed against flags, and the scores themselves. */
attrib_status attrib__map_check(attrib_context *context, const attrib__units *units, const attrib__map *map);

/* Units that are ranked, from options->shape or else n_groups and groups; then the map, as above. */
attrib_status attrib__ranked_units_read(attrib_context *context, const attrib_model *model, const attrib_image *shape,
                                        int64_t n_groups, const int32_t *groups, const attrib__map *map,
                                        attrib__units *units);

/* Carves the vectors. */
void attrib__ranking_layout(attrib__ranking *ranking, const attrib__units *units, attrib__arena *arena);

/* Forms the scores of the units, and ranks by them. */
void attrib__ranking_score(const attrib__ranking *ranking, const attrib__units *units, const attrib__map *map);
void attrib__ranking_rank(const attrib__ranking *ranking, const attrib__units *units);

#endif
