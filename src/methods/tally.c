/* tally.c - see tally.h. */
#include "tally.h"

#include <math.h>
#include <string.h>

void attrib__tally_layout(attrib__tally *tally, attrib__arena *arena) {
  int64_t count = tally->count;
  tally->mean = attrib__carve(arena, count, sizeof(double));
  tally->squares = attrib__carve(arena, count, sizeof(double));
  tally->errors = attrib__carve(arena, count, sizeof(double));
  if (!tally->lattice) return;
  tally->settled = attrib__carve(arena, count, sizeof(double));
  tally->settled_change = attrib__carve(arena, count, sizeof(double));
  if (!tally->neighbours) return;
  tally->first = attrib__carve(arena, count, sizeof(double));
  tally->previous = attrib__carve(arena, count, sizeof(double));
}

void attrib__tally_clear(attrib__tally *tally) {
  memset(tally->mean, 0, (size_t)tally->count * sizeof(double));
  memset(tally->squares, 0, (size_t)tally->count * sizeof(double));
}

static void add_change(double *squares, double weight, int64_t n, const double *a, const double *b) {
  for (int64_t i = 0; i < n; i++) squares[i] += weight * ((a[i] - b[i]) * (a[i] - b[i]));
}

void attrib__tally_take(attrib__tally *tally, const attrib__row *row, int64_t begin, int64_t n, const double *value) {
  double *squares = tally->squares + begin;
  attrib__spread_add(tally->mean + begin, tally->neighbours ? NULL : squares, row->mass, row->share, n, value);
  if (!tally->neighbours) return;
  double weight = row->mass * row->mass, *first = tally->first + begin, *previous = tally->previous + begin;
  if (row->nth == 0)
    memcpy(first, value, (size_t)n * sizeof *value);
  else
    add_change(squares, weight, n, value, previous);
  if (row->nth == row->of - 1) add_change(squares, weight, n, value, first); /* the circle closes */
  memcpy(previous, value, (size_t)n * sizeof *value);
}

void attrib__tally_settle(attrib__tally *tally) {
  for (int64_t i = 0; i < tally->count; i++) {
    tally->settled[i] = tally->rounds == 0 ? tally->mean[i] : (tally->settled[i] + tally->mean[i]) / 2;
    tally->settled_change[i] = tally->squares[i];
  }
  tally->rounds++;
}

void attrib__tally_restart(attrib__tally *tally) {
  attrib__tally_clear(tally);
  tally->masses = (attrib__masses){0};
}

const double *attrib__tally_conclude(attrib__tally *tally, bool whole, int64_t points) {
  bool settled = tally->rounds > 0;
  const double *squares = settled ? tally->settled_change : tally->squares;
  for (int64_t i = 0; i < tally->count; i++) {
    if (tally->neighbours)
      tally->errors[i] = sqrt(squares[i] / 12) / (double)points;
    else
      tally->errors[i] = attrib__spread_error(&tally->masses, squares[i]);
    if (tally->lattice && !settled && !whole) tally->errors[i] = (double)NAN;
  }
  return settled ? tally->settled : tally->mean;
}
