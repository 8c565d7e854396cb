/* near_zero.c - the near-zero-score baseline: a small perturbation of a row of another class that brings the target's
 * probability under a bound.
 *
 * m is ln(p / (1 - p)) of the target's p, less that of the bound: wanted is m <= 0. Planner: outputs at the start; then
 * DESCENT, gradient and outputs in turn, until m <= 0; HALVING of the way from the start, outputs alone; REFINEMENT,
 * the row nearest to the start where m, linear about the last row, is 0. Reducer: decides; near_zero_rows.c does the
 * arithmetic. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../engine/points.h"
#include "../rows/rows.h"
#include "near_zero_rows.h"
#include "scores.h"
#include "search.h"

static const double DEFAULT_GOAL = 1e-3;

/* A step goes a fiftieth too far, as DeepFool's does, so that it arrives. */
static const double OVERSHOOT = 0.02;

/* What refinement leaves below the bound, and the part of the distance from the start that it must gain to go on. */
static const double CLEARANCE = 1e-3, LEAST_GAIN = 2e-3;

enum { HALVINGS = 8, HALVINGS_AGAIN = 3, REFINEMENTS = 20, RETREATS = 4, SHORTENINGS = 6 };

typedef enum near_zero_phase { FIRST, DESCENT, HALVING, REFINEMENT } near_zero_phase;

typedef struct near_zero {
  attrib__trials trials; /* m is what is sought for */
  attrib__near_rows rows;
  double bound;  /* margin of the probability to get under */
  double margin; /* at the current row, less the bound */
  bool refused;  /* the start is of the target's class */
  near_zero_phase phase;
  bool wants_gradient; /* the next row is for the gradient, at the current row; else for outputs, at the trial */
  double low, high;    /* HALVING: parts of the way that are too short, and long enough */
  int64_t halvings;    /* left */
  int64_t refinements; /* begun */
  int64_t retreats;    /* of a trial towards the current row */
  bool stretched;      /* REFINEMENT: the trial has been drawn out to where it just gains enough */
} near_zero;

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  near_zero *self = state;
  return attrib__trials_plan(&self->trials, settled, self->wants_gradient, row);
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  (void)row;
  const near_zero *self = state;
  attrib__trials_place(&self->trials, self->wants_gradient ? self->rows.current : self->rows.trial, placing);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *gradient) {
  (void)row, (void)r;
  memcpy(((near_zero *)state)->rows.gradient + begin, gradient, (size_t)n * sizeof *gradient);
}

/* The trial row becomes the current one. */
static void accept(near_zero *self, double margin) {
  attrib__near_accept(&self->rows);
  attrib__trials_accept(&self->trials);
  self->margin = margin;
}

/* Of the way from the start to the current row, whose part `low` is too short. */
static void begin_halving(near_zero *self, double low, int64_t halvings) {
  self->phase = HALVING;
  self->low = low;
  self->high = 1;
  self->halvings = halvings;
  self->wants_gradient = false;
  attrib__near_along(&self->rows, 0.5 * (self->low + self->high));
}

static void begin_refinement(near_zero *self) {
  self->phase = REFINEMENT;
  self->wants_gradient = true;
  if (self->refinements++ == REFINEMENTS) self->trials.stop_reason = ATTRIB_STOP_TOLERANCE;
}

static void take_gradient(near_zero *self) {
  self->wants_gradient = self->stretched = false;
  self->retreats = 0;
  attrib__near_scale_gradient(&self->rows);
  const bool descent = self->phase == DESCENT;
  const bool moves = descent ? attrib__near_step(&self->rows, -(1 + OVERSHOOT) * self->margin)
                             : attrib__near_project(&self->rows, -CLEARANCE - self->margin);
  if (!moves) self->trials.stop_reason = descent ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_TOLERANCE;
}

static void take_descent(near_zero *self, double margin) {
  if (margin < self->margin) {
    accept(self, margin);
    self->wants_gradient = true;
    if (margin <= 0) begin_halving(self, 0, HALVINGS);
  } else if (++self->retreats > SHORTENINGS) {
    self->trials.stop_reason = ATTRIB_STOP_COMPLETE;
  } else {
    attrib__near_retreat(&self->rows);
  }
}

/* The current row is the end of the way until the halvings are over: then it moves to where m <= 0 was last seen. */
static void take_halving(near_zero *self, double margin) {
  const double tried = 0.5 * (self->low + self->high);
  const bool enough = self->halvings == 0 || margin <= 0; /* 0: seen already, and asked for once more */
  if (self->halvings > 0) {
    *(enough ? &self->high : &self->low) = tried;
    self->halvings--;
  }
  if (self->halvings > 0) {
    attrib__near_along(&self->rows, 0.5 * (self->low + self->high));
  } else if (self->high == 1) {
    begin_refinement(self);
  } else if (enough) {
    accept(self, margin);
    begin_refinement(self);
  } else {
    attrib__near_along(&self->rows, self->high);
  }
}

/* A trial that is not under the bound is drawn out to where it would just gain enough; where that fails, too, it comes
 * nearer to the current row, about which m was taken as linear. */
static void take_refinement(near_zero *self, double margin) {
  const double far = attrib__near_distance(&self->rows, self->rows.current);
  const double near = attrib__near_distance(&self->rows, self->rows.trial), worth = (1 - LEAST_GAIN) * far;
  if (margin <= 0 && near < far) {
    const double short_part = self->low / near;
    accept(self, margin);
    if (self->stretched && short_part < 1)
      begin_halving(self, short_part, HALVINGS_AGAIN);
    else
      begin_refinement(self);
    if (!self->stretched && near > worth) self->trials.stop_reason = ATTRIB_STOP_TOLERANCE;
  } else if (margin > 0 && near < worth && near > 0 && !self->stretched) {
    self->stretched = true;
    self->low = near;
    attrib__near_stretch(&self->rows, worth / near);
  } else if (++self->retreats > RETREATS) {
    self->trials.stop_reason = ATTRIB_STOP_TOLERANCE;
  } else {
    self->stretched = false;
    attrib__near_retreat(&self->rows);
  }
}

static void take_first(near_zero *self, const double *outputs, double margin) {
  const attrib__search *search = &self->trials.search;
  self->trials.started = true;
  self->margin = margin;
  memcpy(self->trials.weights, self->trials.trial_weights, (size_t)search->n_outputs * sizeof *self->trials.weights);
  self->refused = attrib__scores_predicted(search->n_outputs, outputs) == search->target;
  self->phase = DESCENT;
  self->wants_gradient = true;
  if (self->refused) self->trials.stop_reason = ATTRIB_STOP_COMPLETE;
  if (margin <= 0) self->trials.stop_reason = ATTRIB_STOP_TOLERANCE;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  near_zero *self = state;
  const attrib__search *search = &self->trials.search;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  if (self->wants_gradient) {
    fault = attrib__contributions(results, search->dtype, search->n, true, NULL, take, self);
    if (fault.status == ATTRIB_OK) take_gradient(self);
    return fault;
  }
  fault = attrib__trials_check(&self->trials, results);
  if (fault.status < 0) return fault;
  const bool probabilities = (search->options.flags & ATTRIB_SEARCH_PROBABILITIES) != 0;
  const double margin = attrib__scores_margin(search->n_outputs, results->outputs, probabilities, search->target,
                                              self->trials.trial_weights) -
                        self->bound;
  switch (self->phase) {
    case FIRST: take_first(self, results->outputs, margin); break;
    case DESCENT: take_descent(self, margin); break;
    case HALVING: take_halving(self, margin); break;
    case REFINEMENT: take_refinement(self, margin); break;
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  near_zero *self = state;
  const attrib__search *search = &self->trials.search;
  if (self->refused)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "target = %" PRId64
                        ": it is the model's largest output at start already; start from a row of "
                        "another class",
                        search->target);
  const double probability = attrib__scores_probability(self->margin + self->bound);
  attrib__trials_write(&self->trials, probability, self->rows.current, attributions, report);
  if (self->trials.stop_reason == ATTRIB_STOP_NONE || (self->trials.started && self->margin <= 0)) return ATTRIB_OK;
  return attrib__fail(
      context, ATTRIB_NOT_CONVERGED,
      "the probability of output %" PRId64 " is %.3g, not under %.3g, after %" PRId64 " rows: %s", search->target,
      probability, search->options.goal, self->trials.rows,
      self->trials.stop_reason == ATTRIB_STOP_BUDGET ? "max_evaluations ended" : "no step makes it smaller");
}

static const attrib__method method = {plan, attrib__points_placed, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__search *search = request;
  near_zero parts = {
      .trials.search = *search,
      .rows = {.range = search->range, .dtype = search->dtype, .n = search->n, .start = search->start},
  };
  attrib__near_layout(&parts.rows, arena);
  attrib__trials_layout(&parts.trials, arena);
  if (state != NULL) *(near_zero *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  near_zero *self = state;
  const double goal = self->trials.search.options.goal;
  attrib__trials_begin(&self->trials);
  self->bound = log(goal) - log1p(-goal);
  self->margin = (double)NAN;
  attrib__near_begin(&self->rows);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__search search;
  attrib__start start = {
      .method = &method, .state_size = sizeof(near_zero), .layout = layout, .init = init, .request = &search};
  attrib_status status = attrib__search_read(context, given, pull, false, DEFAULT_GOAL, &start, &search);
  if (status < 0) return status;
  if (search.target < 0 || search.target >= search.n_outputs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "target = %" PRId64 ": the model has %" PRId64 " outputs",
                        search.target, search.n_outputs);
  if ((search.options.flags & ATTRIB_SEARCH_PROBABILITIES) && search.options.goal < ATTRIB__LEAST_PROBABILITY)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->goal = %g: must be at least %g of probabilities",
                        search.options.goal, ATTRIB__LEAST_PROBABILITY);
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_baseline_near_zero(attrib_context *context, const attrib_model *model, const void *begin,
                                        int64_t target, const attrib_search_options *options, void *row,
                                        attrib_report *report) {
  const attrib__search_request request = {model, begin, target, options, row};
  return attrib__run_call(context, prepare, &request, row, report);
}

attrib_status attrib_baseline_near_zero_start(attrib_context *context, const attrib_model *model, const void *begin,
                                              int64_t target, const attrib_search_options *options, attrib_run **run) {
  const attrib__search_request request = {model, begin, target, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
