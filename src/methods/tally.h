/* tally.h - the mean of draws and its standard error, by entry, for expected gradients.
 *
 * Independent draws and strata: running mean and spread (spread.h) over all rounds. Stratification makes this standard
 * error too large rather than too small.
 *
 * Lattice of m >= 2 draws per baseline: every round is a mean of its own, and rounds, being as large as all before
 * them, are averaged. The standard error is a formula of our own. With A, B the means of a baseline's even and odd
 * draws and w its weight, S = sum over baselines of w^2 ((A - B) / 2)^2 is the variance of the mean where values are
 * noise to the lattice, and three times that where they are jumps that it resolves, since then errors of the halves
 * cancel; measured on networks the truth lies between, and 1.25^2 / 3 S covers. A later round tells S of its own, which
 * is for half of the points that there are then: to be divided by 2 where values are noise, by 4 where they are jumps.
 * Which of the two, how far the round came out from those before it says. */
#ifndef ATTRIB_SRC_TALLY_H
#define ATTRIB_SRC_TALLY_H

#include <stdbool.h>

#include "../base/arena.h"
#include "../rows/row.h"
#include "spread.h"

typedef struct attrib__tally {
  bool lattice, halves;              /* halves: a lattice of at least two draws per baseline and round */
  int64_t count;                     /* entries; the vectors' length */
  double *mean, *squares;            /* of all draws; of a lattice, of this round's: its mean, and S or the spread */
  double *settled, *settled_squares; /* of whole rounds: mean, and spread or, of a lattice, the last round's S */
  double *even, *odd;                /* means of the draws of the baseline under way */
  double *errors;                    /* written by conclude */
  attrib__masses masses, settled_masses; /* of the draws in `mean` and in `settled` */
  int64_t rounds;                        /* settled ones */
  bool anew;        /* the round under way is the first of a lattice: what is settled is that of the draws before it */
  double shrinkage; /* of S from a round to all rounds */
} attrib__tally;

void attrib__tally_layout(attrib__tally *tally, attrib__arena *arena);
void attrib__tally_clear(attrib__tally *tally);

/* An attrib__take_fn's work: entries [begin, begin + n) of a row with mass, share, nth, of. */
void attrib__tally_take(attrib__tally *tally, const attrib__row *row, int64_t begin, int64_t n, const double *value);

/* A round is in. */
void attrib__tally_settle(attrib__tally *tally);

/* Another round of a lattice begins. */
void attrib__tally_restart(attrib__tally *tally);

/* A lattice begins after independent draws: what they came to stays settled until its first round is in. */
void attrib__tally_change(attrib__tally *tally);

/* The mean, and its standard errors in tally->errors: over the settled rounds; over the draws so far where there is
 * none, and then the errors are NaN unless `whole` (the first round is in): the draws of a round come baseline by
 * baseline, so that those of a part are no sample of the whole. */
const double *attrib__tally_conclude(attrib__tally *tally, bool whole);

#endif
