/* expected_state.h - what expected gradients know from row to row, for its planner (expected_plan.c), its reducer and
 * result (expected_result.c) and its start (expected.c). */
#ifndef ATTRIB_SRC_EXPECTED_STATE_H
#define ATTRIB_SRC_EXPECTED_STATE_H

#include "../baselines/draws.h"
#include "../engine/engine.h"
#include "../path/lines.h"
#include "../rows/rows.h"
#include "entries.h"
#include "expected_options.h"
#include "tally.h"

typedef enum attrib__phase {
  ATTRIB__PHASE_INPUT,
  ATTRIB__PHASE_OUTPUTS,
  ATTRIB__PHASE_DRAWS,
  ATTRIB__PHASE_ROUND_END
} attrib__phase;

typedef struct attrib__expected {
  attrib__question ask_output, ask_gradient;
  attrib__expected_options options;
  attrib__lines lines;
  attrib__entries entries;
  attrib__tally tally;
  /* planner */
  attrib__draws draws;
  attrib__visit visit;
  attrib__phase phase;
  int64_t in_visit;     /* draws of the visit planned */
  double planned_mass;  /* of draws: share needs it */
  int64_t rounds;       /* before the one under way */
  int64_t planned;      /* draws */
  int64_t discarded;    /* of these, draws that were followed by a lattice */
  attrib__error error;  /* of the rounds before */
  bool judged;          /* the round has ended, and is in the estimate */
  uint32_t stop_reason; /* of a planner that ended by tolerance or budget */
  /* reducer */
  int64_t taken; /* draws */
  double output;
  double baseline_output; /* mean of f(baseline) over the draws for which it was asked, by mass; and their mass */
  double output_mass, settled_baseline_output;
} attrib__expected;

/* Draws of the first `rounds` rounds together, of a lattice by baseline: m, 2m, 4m, ... */
static inline int64_t attrib__expected_draws_of(const attrib__expected *self, int64_t rounds) {
  return rounds == 0 ? 0 : self->options.first_round << (rounds - 1);
}

/* Every draw of the round is in. */
static inline bool attrib__expected_round_is_in(const attrib__expected *self) {
  return self->phase == ATTRIB__PHASE_ROUND_END && self->taken == self->planned;
}

/* Of attrib__method. */
attrib__plan attrib__expected_plan(void *state, bool settled, attrib__row *row);
attrib__fault attrib__expected_reduce(void *state, attrib__results *results);
attrib_status attrib__expected_result(void *state, attrib_context *context, double *attributions,
                                      attrib_report *report);

/* The attributions of the draws that are in, and their standard errors in the tally; the round that is in becomes one
 * of those that they are of. */
const double *attrib__expected_conclude(attrib__expected *self);
void attrib__expected_settle(attrib__expected *self);

#endif
