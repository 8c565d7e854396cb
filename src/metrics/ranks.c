/* ranks.c - see ranks.h. */
#include "ranks.h"

#include <math.h>

#include "../base/order.h"
#include "../rows/sum.h"

void attrib__ranker_layout(attrib__ranker *ranker, int64_t count, attrib__arena *arena) {
  ranker->count = count;
  ranker->values = attrib__carve(arena, count, sizeof *ranker->values);
  ranker->order = attrib__carve(arena, count, sizeof *ranker->order);
  ranker->scratch = attrib__carve(arena, count, sizeof *ranker->scratch);
}

bool attrib__rank_deviations(const attrib__ranker *ranker, const double *map, bool absolute, double *deviations) {
  const int64_t count = ranker->count;
  const int64_t *order = ranker->order;
  double *values = ranker->values;
  for (int64_t i = 0; i < count; i++) values[i] = absolute ? fabs(map[i]) : map[i];
  attrib__order_descending(count, values, ranker->order, ranker->scratch);
  /* Values that are equal take the places from first to last; the rank counts from the smallest value up. */
  int64_t last;
  for (int64_t first = 0; first < count; first = last + 1) {
    last = first;
    while (last + 1 < count && values[order[last + 1]] == values[order[first]]) last++;
    for (int64_t place = first; place <= last; place++) deviations[order[place]] = (double)(count - 1 - first - last);
  }
  return values[order[0]] != values[order[count - 1]];
}

/* Where the orders are the same or opposite the three sums are the same to the last bit, and the root of a rounded
 * square is what was squared. */
double attrib__rank_correlation(int64_t count, const double *a, const double *b) {
  attrib__sum both = {0, 0}, of_a = {0, 0}, of_b = {0, 0};
  for (int64_t i = 0; i < count; i++) {
    attrib__sum_add(&both, a[i] * b[i]);
    attrib__sum_add(&of_a, a[i] * a[i]);
    attrib__sum_add(&of_b, b[i] * b[i]);
  }
  const double square = attrib__sum_value(&of_a) * attrib__sum_value(&of_b);
  if (square == 0) return (double)NAN;
  return fmax(-1, fmin(1, attrib__sum_value(&both) / sqrt(square)));
}
