/* halving.h - the second part of the adaptive rule: panels whose parts are halved together, one after another, and the
 * queue of nodes that this takes. Scalars only, as in panels.h. */
#ifndef ATTRIB_SRC_HALVING_H
#define ATTRIB_SRC_HALVING_H

#include "panels.h"

/* A node to evaluate: the middle of a part of a panel. */
typedef struct attrib__step {
  int64_t line;
  double alpha;
  double half; /* width of the new parts: the node's weight in the panel's integral */
  double kept; /* share of the error that is not this panel's, when the round was chosen */
  int64_t gap;
  int32_t panel;
  bool first, last; /* of its panel's halving */
} attrib__step;

typedef struct attrib__halving {
  int32_t panel;
  int64_t parts; /* before it */
} attrib__halving;

typedef struct attrib__halvings {
  attrib__panel *panels;
  int64_t count;
  attrib__gap *gaps;
  attrib__halving *queue; /* room for one more than the nodes of a round */
  int64_t queued, taken;  /* halvings in the queue; nodes of the first of them that are taken */
  int64_t gap, part;      /* where the next node of it lies */
  /* of the halving whose results are coming in: sums over its nodes of half times p, |v|^2, p^2 */
  double slope, norm, slope_square;
} attrib__halvings;

/* The next `wanted` nodes; less where nothing can be halved any more. */
int64_t attrib__halvings_choose(attrib__halvings *halvings, const attrib__panels_state *state, int64_t wanted,
                                attrib__step *steps);

/* A node's result is in; after the last one of a halving the panel's numbers follow with change2 = |change of the
 * integral|^2. */
void attrib__halvings_take(attrib__halvings *halvings, const attrib__step *step, double slope, double norm);
void attrib__halvings_finish(attrib__halvings *halvings, const attrib__step *step, double change2);

#endif
