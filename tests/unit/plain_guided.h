/* plain_guided.h - the moves of guided integrated gradients by plain loops and a sort, from the published definition,
 * to hold the library's against. Include after fixture.h. */
#ifndef ATTRIB_TESTS_PLAIN_GUIDED_H
#define ATTRIB_TESTS_PLAIN_GUIDED_H

#include "statistics.h"

/* The features with the smallest gradients move, by no more than the surplus, to `high`. False: that was all. */
static inline bool plain_turn(int64_t n, const double *way, double *part, double *sizes, double high, double surplus,
                              double fraction) {
  double room = 0, threshold;
  for (int64_t i = 0; i < n; i++)
    if (way[i] == 0 || part[i] >= high) sizes[i] = (double)INFINITY;
  double *sorted = sorted_copy(sizes, n);
  threshold = sorted[(int64_t)floor(fraction * (double)(n - 1))];
  free(sorted);
  for (int64_t i = 0; i < n; i++)
    if (!isinf(sizes[i]) && sizes[i] <= threshold) room += way[i] * (high - part[i]);
  if (room == 0) return false;
  const double gamma = surplus / room;
  for (int64_t i = 0; i < n; i++)
    if (!isinf(sizes[i]) && sizes[i] <= threshold) part[i] = gamma > 1 ? high : part[i] + gamma * (high - part[i]);
  return gamma > 1;
}

/* Where the features are after move s, from where they were; `sizes` are |gradient|, spoilt on the way. */
static inline void plain_move(int64_t n, const double *way, double *part, double *sizes, int64_t s,
                              const attrib_guided_options *o) {
  const double middle = (double)s / (double)o->steps;
  double whole = 0;
  for (int64_t i = 0; i < n; i++) whole += way[i];
  for (bool more = true; more;) {
    double left = 0;
    for (int64_t i = 0; i < n; i++) part[i] = fmax(part[i], middle - o->max_distance);
    for (int64_t i = 0; i < n; i++) left += way[i] * (1 - part[i]);
    const double surplus = left - whole * (1 - middle);
    more = surplus > 1e-9 * whole &&
           plain_turn(n, way, part, sizes, fmin(middle + o->max_distance, 1), surplus, o->fraction);
  }
  for (int64_t i = 0; i < n && s == o->steps; i++) part[i] = 1;
}

#endif
