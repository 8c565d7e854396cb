/* draws.h - which baselines expected gradients visit, how often, and at which alphas. Everything is computed from the
 * seed where it is wanted: no list of draws is kept.
 *
 * Draws come in rounds. A round is a sequence of visits, each to one baseline for some draws in a row:
 *   IID, STRATIFIED  `size` draws of equal weight; round r is independent of those before it
 *   LATTICE          every baseline of positive weight once, for `size` draws; the rounds of a lattice that is doubled
 *                    (sizes m, m, 2m, 4m, ...) together are the equispaced points of one lattice with shift */
#ifndef ATTRIB_SRC_DRAWS_H
#define ATTRIB_SRC_DRAWS_H

#include "../rows/sum.h"
#include "baselines.h"

typedef struct attrib__draws {
  const attrib__baselines *set;
  uint32_t sampler; /* ATTRIB_SAMPLER_IID, STRATIFIED or LATTICE */
  uint64_t seed;
  int64_t round, size;
  /* the walk through the round */
  int64_t position;    /* in the permuted order of the set */
  int64_t next;        /* draw, or visit of a lattice, that comes next */
  double target;       /* IID, STRATIFIED: where the next draw falls in the cumulated weights, 0 to 1 */
  double spacings;     /* IID: sum of all spacings */
  attrib__sum spaced;  /* and of those so far */
  attrib__sum covered; /* cumulated weights up to and including `position`; unused where they are equal */
} attrib__draws;

typedef struct attrib__visit {
  int64_t baseline;
  int64_t first, draws; /* draw numbers first .. first + draws - 1 of the round; of a lattice, `first` counts visits */
  double mass;          /* of one draw: 1, or the baseline's weight in a lattice */
} attrib__visit;

/* Begins round `round` (or begins it again). */
void attrib__draws_begin(attrib__draws *draws, int64_t round, int64_t size);

/* The next visit of the round; false where there is none. */
bool attrib__draws_visit(attrib__draws *draws, attrib__visit *visit);

/* Alpha of the visit's draw number k, 0 <= k < visit->draws. */
double attrib__draws_alpha(const attrib__draws *draws, const attrib__visit *visit, int64_t k);

#endif
