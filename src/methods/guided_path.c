/* guided_path.c - see guided_path.h. */
#include "guided_path.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../base/select.h"
#include "../rows/sum.h"
#include "../rows/vectors.h"

/* Of the whole way: a move that short is none. */
static const double NO_MOVE = 1e-9;

void attrib__guided_layout(attrib__guided_path *path, attrib__arena *arena) {
  path->alphas = attrib__carve(arena, path->n, sizeof *path->alphas);
  path->lengths = attrib__carve(arena, path->n, sizeof *path->lengths);
  path->sizes = attrib__carve(arena, path->n, sizeof *path->sizes);
}

void attrib__guided_begin(attrib__guided_path *path) {
  memset(path->alphas, 0, (size_t)path->n * sizeof *path->alphas);
  const double longest = attrib__vector_largest(path->n, path->lengths);
  attrib__sum way = {0};
  for (int64_t i = 0; i < path->n && longest > 0; i++) {
    path->lengths[i] = fabs(path->lengths[i]) / longest;
    attrib__sum_add(&way, path->lengths[i]);
  }
  path->way = attrib__sum_value(&way);
}

static double as_it_is(double value, uint32_t mode) {
  (void)mode;
  return value;
}

/* L1 distance from the next point to the input, once features that lag behind are lifted to `low`. */
static double lift(attrib__guided_path *path, double low) {
  attrib__sum left = {0};
  for (int64_t i = 0; i < path->n; i++) {
    if (path->alphas[i] < low) path->alphas[i] = low;
    attrib__sum_add(&left, path->lengths[i] * (1 - path->alphas[i]));
  }
  return attrib__sum_value(&left);
}

/* Moves the features with the smallest gradients, by at most `wanted` in L1. False where there is no more to do. */
static bool move_some(attrib__guided_path *path, double high, double wanted) {
  const int64_t n = path->n, rank = (int64_t)(path->fraction * (double)(n - 1));
  for (int64_t i = 0; i < n; i++)
    if (path->alphas[i] >= high) path->sizes[i] = (double)INFINITY;
  const double threshold = attrib__select(n, path->sizes, as_it_is, 0, rank);
  attrib__sum room = {0};
  for (int64_t i = 0; i < n; i++)
    if (path->sizes[i] <= threshold && isfinite(path->sizes[i]))
      attrib__sum_add(&room, path->lengths[i] * (high - path->alphas[i]));
  const double all = attrib__sum_value(&room);
  if (!(all > 0)) return false;
  const double part = wanted < all ? wanted / all : 1;
  for (int64_t i = 0; i < n; i++)
    if (path->sizes[i] <= threshold && isfinite(path->sizes[i]))
      path->alphas[i] = part < 1 ? path->alphas[i] + part * (high - path->alphas[i]) : high;
  return part == 1;
}

void attrib__guided_advance(attrib__guided_path *path, int64_t s) {
  for (int64_t i = 0; i < path->n; i++) path->sizes[i] = path->lengths[i] > 0 ? fabs(path->sizes[i]) : (double)INFINITY;
  const double share = (double)s / (double)path->steps;
  const double low = fmax(share - path->max_distance, 0), high = fmin(share + path->max_distance, 1);
  const double target = path->way * (1 - share);
  double wanted;
  do wanted = lift(path, low) - target;
  while (wanted > NO_MOVE * path->way && move_some(path, high, wanted));
  for (int64_t i = 0; i < path->n && s == path->steps; i++) path->alphas[i] = 1;
}
