/* ranks.h - rank correlation of two maps, ties at their average rank. */
#ifndef ATTRIB_SRC_RANKS_H
#define ATTRIB_SRC_RANKS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"

/* Scratch to rank `count` values with. */
typedef struct attrib__ranker {
  int64_t count;
  double *values;
  int64_t *order, *scratch;
} attrib__ranker;

void attrib__ranker_layout(attrib__ranker *ranker, int64_t count, attrib__arena *arena);

/* deviations[i] = twice what the rank of map[i] is above the mean rank: an integer, so nothing is rounded. absolute: of
 * sizes. The ranker's order is that of the values afterwards, the largest first. False for a map of one value
 * everywhere, whose deviations are all 0. */
bool attrib__rank_deviations(const attrib__ranker *ranker, const double *map, bool absolute, double *deviations);

/* Spearman's correlation from the deviations of two maps; NaN where one of them has none. */
double attrib__rank_correlation(int64_t count, const double *a, const double *b);

#endif
