/* guided_path.c - see guided_path.h. */
#include "guided_path.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../base/sort.h"
#include "../rows/sum.h"
#include "../rows/vectors.h"

/* Of the whole way: a move that short is none. */
static const double NO_MOVE = 1e-9;

void attrib__guided_layout(attrib__guided_path *path, attrib__arena *arena) {
  path->alphas = attrib__carve(arena, path->n, sizeof *path->alphas);
  path->lengths = attrib__carve(arena, path->n, sizeof *path->lengths);
  path->sizes = attrib__carve(arena, path->n, sizeof *path->sizes);
  path->sorted = attrib__carve(arena, path->n, sizeof *path->sorted);
  path->scratch = attrib__carve(arena, path->n, sizeof *path->scratch);
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

/* L1 distance from the next point to the input, once features that lag behind are lifted to `low`. */
static double lift(attrib__guided_path *path, double low) {
  attrib__sum left = {0};
  for (int64_t i = 0; i < path->n; i++) {
    if (path->alphas[i] < low) path->alphas[i] = low;
    attrib__sum_add(&left, path->lengths[i] * (1 - path->alphas[i]));
  }
  return attrib__sum_value(&left);
}

/* -- turns -------------------------------------------------------------------------------------------------------- */

/* In a move features take turns: of those that are not at the limit yet the `fraction` with the smallest gradients, and
 * those whose gradient is as small as the last one's. A turn takes its features to the limit; where that would be too
 * far it is the last, and takes them a part of the way. Which features are in which turn follows from the gradients
 * alone, so the last one is found by bisection: what is left to go falls from turn to turn, as far as a sum of n terms
 * can be told from another. */
typedef struct turn {
  double done, last; /* |gradient| of its features: above the one, no larger than the other */
} turn;

/* The sizes of the features that may move, in order. */
static void sort_sizes(attrib__guided_path *path, double high) {
  for (int64_t i = 0; i < path->n; i++)
    if (path->alphas[i] >= high) path->sizes[i] = (double)INFINITY;
  memcpy(path->sorted, path->sizes, (size_t)path->n * sizeof *path->sorted);
  attrib__sort_ascending(path->n, path->sorted, path->scratch);
  path->movable = path->n;
  while (path->movable > 0 && !isfinite(path->sorted[path->movable - 1])) path->movable--;
}

/* Turn k. False where the features end before it: `done` is then the largest size of all. */
static bool find_turn(const attrib__guided_path *path, int64_t k, turn *found) {
  const int64_t rank = (int64_t)(path->fraction * (double)(path->n - 1)), movable = path->movable;
  const double *sorted = path->sorted;
  for (int64_t begin = 0, end = 0, t = 0;; t++, begin = end) {
    found->done = found->last = begin > 0 ? sorted[begin - 1] : -1;
    if (begin == movable) return false;
    end = movable - begin > rank ? begin + rank + 1 : movable;
    while (end < movable && sorted[end] == sorted[end - 1]) end++;
    found->last = sorted[end - 1];
    if (t == k) return true;
  }
}

/* L1 distance from the next point to the input, were the turns before this one made. */
static double left_before(const attrib__guided_path *path, const turn *now, double high) {
  attrib__sum left = {0};
  for (int64_t i = 0; i < path->n; i++)
    attrib__sum_add(&left, path->lengths[i] * (1 - (path->sizes[i] <= now->done ? high : path->alphas[i])));
  return attrib__sum_value(&left);
}

static bool takes(const turn *now, double size) {
  return size > now->done && size <= now->last;
}

/* How far the features of this turn may go. */
static double room_of(const attrib__guided_path *path, const turn *now, double high) {
  attrib__sum room = {0};
  for (int64_t i = 0; i < path->n; i++)
    if (takes(now, path->sizes[i])) attrib__sum_add(&room, path->lengths[i] * (high - path->alphas[i]));
  return attrib__sum_value(&room);
}

/* The move ends before turn k, or within it: then `part` is what it takes of its way, else 0. */
static bool ends(const attrib__guided_path *path, double high, double target, int64_t k, turn *found, double *part) {
  *part = 0;
  if (!find_turn(path, k, found)) return true;
  const double wanted = left_before(path, found, high) - target;
  if (!(wanted > NO_MOVE * path->way)) return true;
  const double room = room_of(path, found, high);
  if (!(wanted < room)) return false;
  *part = wanted / room;
  return true;
}

/* Moves the features with the smallest gradients until the distance left is the target. */
static void take_turns(attrib__guided_path *path, double high, double target) {
  turn now = {-1, -1};
  double part;
  int64_t before = -1, at = 0; /* turns that are made whole; that the move ends with */
  for (int64_t step = 1; !ends(path, high, target, at, &now, &part); step *= 2) {
    before = at;
    at += step;
  }
  while (at - before > 1) {
    const int64_t middle = before + (at - before) / 2;
    *(ends(path, high, target, middle, &now, &part) ? &at : &before) = middle;
  }
  (void)ends(path, high, target, at, &now, &part);
  for (int64_t i = 0; i < path->n; i++)
    if (path->sizes[i] <= now.done)
      path->alphas[i] = high;
    else if (part > 0 && takes(&now, path->sizes[i]))
      path->alphas[i] += part * (high - path->alphas[i]);
}

/* -- moves -------------------------------------------------------------------------------------------------------- */

void attrib__guided_advance(attrib__guided_path *path, int64_t s) {
  for (int64_t i = 0; i < path->n; i++) path->sizes[i] = path->lengths[i] > 0 ? fabs(path->sizes[i]) : (double)INFINITY;
  const double share = (double)s / (double)path->steps;
  const double low = fmax(share - path->max_distance, 0), high = fmin(share + path->max_distance, 1);
  const double target = path->way * (1 - share);
  if (lift(path, low) - target > NO_MOVE * path->way) {
    sort_sizes(path, high);
    take_turns(path, high, target);
  }
  for (int64_t i = 0; i < path->n && s == path->steps; i++) path->alphas[i] = 1;
}
