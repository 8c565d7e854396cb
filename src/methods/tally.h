/* tally.h - the mean of draws and its standard error, by entry, for expected gradients.
 *
 * Independent draws and strata: running mean and spread (spread.h) over all rounds. Stratification makes this standard
 * error too large rather than too small.
 *
 * Lattice of m >= 2 draws per baseline: every round is a mean of its own, and rounds, being as large as all before
 * them, are averaged. Our own formula for the standard error: a lattice of m points with a random shift integrates a
 * jump of height J on the circle with variance J^2 / (12 m^2), so over baselines of weight w the variance is sum over
 * baselines of w^2 * sum over neighbouring draws of (value - neighbour)^2 / (12 m^2) with m the points of all rounds
 * and the differences those of the last round. A steady slope is a jump where the circle closes. */
#ifndef ATTRIB_SRC_TALLY_H
#define ATTRIB_SRC_TALLY_H

#include <stdbool.h>

#include "../engine/arena.h"
#include "../rows/row.h"
#include "spread.h"

typedef struct attrib__tally {
  bool lattice, neighbours;         /* neighbours: a lattice of at least two draws per baseline and round */
  int64_t count;                    /* entries; the vectors' length */
  double *mean, *squares;           /* of all draws; of a lattice, of this round's */
  double *settled, *settled_change; /* of a lattice's whole rounds: mean, and `squares` of the last of them */
  double *first, *previous;         /* of the baseline under way: first contribution, last one so far */
  double *errors;                   /* written by conclude */
  attrib__masses masses;            /* of the draws in `mean` */
  int64_t rounds;                   /* settled ones of a lattice */
} attrib__tally;

void attrib__tally_layout(attrib__tally *tally, attrib__arena *arena);
void attrib__tally_clear(attrib__tally *tally);

/* An attrib__take_fn's work: entries [begin, begin + n) of a row with mass, share, nth, of. */
void attrib__tally_take(attrib__tally *tally, const attrib__row *row, int64_t begin, int64_t n, const double *value);

/* A lattice's round is in. */
void attrib__tally_settle(attrib__tally *tally);

/* Another round of a lattice begins. */
void attrib__tally_restart(attrib__tally *tally);

/* The mean, and its standard errors in tally->errors: of a lattice over its settled rounds, or over the draws so far
 * where there is none, in which case the errors are NaN unless `whole` (its first round is in). points: draws per
 * baseline in what is concluded on. */
const double *attrib__tally_conclude(attrib__tally *tally, bool whole, int64_t points);

#endif
