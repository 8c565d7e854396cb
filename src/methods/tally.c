/* tally.c - see tally.h. */
#include "tally.h"

#include <math.h>
#include <string.h>

#include "../rows/sum.h"

/* See tally.h: between 1 / 3 and 1. */
static const double lattice_share = 1.25 * 1.25 / 3;

void attrib__tally_layout(attrib__tally *tally, attrib__arena *arena) {
  int64_t count = tally->count;
  tally->mean = attrib__carve(arena, count, sizeof(double));
  tally->squares = attrib__carve(arena, count, sizeof(double));
  tally->errors = attrib__carve(arena, count, sizeof(double));
  tally->settled = attrib__carve(arena, count, sizeof(double));
  tally->settled_squares = attrib__carve(arena, count, sizeof(double));
  if (!tally->halves) return;
  tally->even = attrib__carve(arena, count, sizeof(double));
  tally->odd = attrib__carve(arena, count, sizeof(double));
}

void attrib__tally_clear(attrib__tally *tally) {
  memset(tally->mean, 0, (size_t)tally->count * sizeof(double));
  memset(tally->squares, 0, (size_t)tally->count * sizeof(double));
}

void attrib__tally_take(attrib__tally *tally, const attrib__row *row, int64_t begin, int64_t n, const double *value) {
  double *squares = tally->squares + begin;
  attrib__spread_add(tally->mean + begin, tally->halves ? NULL : squares, row->mass, row->share, n, value);
  if (!tally->halves) return;
  const int64_t taken = row->nth / 2 + 1; /* of its half, this one included */
  double *even = tally->even + begin, *odd = tally->odd + begin, *means = row->nth % 2 == 0 ? even : odd;
  if (row->nth < 2)
    memcpy(means, value, (size_t)n * sizeof *value);
  else
    attrib__spread_add(means, NULL, 1, 1 / (double)taken, n, value);
  for (int64_t i = 0; i < n && row->nth == row->of - 1; i++) {
    double half = row->mass * (even[i] / 2 - odd[i] / 2);
    squares[i] += half * half;
  }
}

/* How much smaller S is for the points of all rounds than for this round's: between the two laws, and more where the
 * rounds differ more than either allows. */
static double find_shrinkage(const attrib__tally *tally) {
  attrib__sum apart = {0}, expected = {0};
  for (int64_t i = 0; i < tally->count; i++) {
    double half = tally->settled[i] / 2 - tally->mean[i] / 2;
    attrib__sum_add(&apart, half * half);
    attrib__sum_add(&expected, tally->squares[i]);
  }
  double ratio = attrib__sum_value(&apart) / attrib__sum_value(&expected);
  return ratio < 0.25 ? 0.25 : ratio < 1 ? ratio : 1;
}

void attrib__tally_settle(attrib__tally *tally) {
  if (tally->anew) tally->rounds = 0;
  tally->anew = false;
  bool joins = tally->lattice && tally->rounds > 0; /* a round as large as all before it */
  tally->shrinkage = joins ? find_shrinkage(tally) : 1;
  for (int64_t i = 0; i < tally->count; i++) {
    tally->settled[i] = joins ? tally->settled[i] / 2 + tally->mean[i] / 2 : tally->mean[i];
    tally->settled_squares[i] = tally->squares[i];
  }
  tally->settled_masses = tally->masses;
  tally->rounds++;
}

void attrib__tally_restart(attrib__tally *tally) {
  attrib__tally_clear(tally);
  tally->masses = (attrib__masses){0};
}

void attrib__tally_change(attrib__tally *tally) {
  tally->lattice = tally->halves = tally->anew = true;
}

const double *attrib__tally_conclude(attrib__tally *tally, bool whole) {
  bool settled = tally->rounds > 0;
  const double *squares = settled ? tally->settled_squares : tally->squares;
  double factor = lattice_share * (settled ? tally->shrinkage : 1);
  for (int64_t i = 0; i < tally->count; i++) {
    if (!settled && !whole)
      tally->errors[i] = (double)NAN;
    else if (tally->halves && !tally->anew)
      tally->errors[i] = sqrt(factor * squares[i]);
    else
      tally->errors[i] = attrib__spread_error(settled ? &tally->settled_masses : &tally->masses, squares[i]);
  }
  return settled ? tally->settled : tally->mean;
}
