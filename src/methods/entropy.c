/* entropy.c - the maximum entropy baseline: projected gradients on KL(uniform || p), whose least value, 0, is known.
 *
 * Steps are Polyak's (1987), twice the divergence over the squared length of the gradient, which for a quadratic goes
 * all the way, and half of the last step again (heavy ball); where the divergence has not fallen below the highest of
 * the last few, they are halved. Planner: the outputs at the start; then the gradient there, and outputs of one trial
 * after the other. Reducer: does the arithmetic in between. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../engine/points.h"
#include "../rows/length.h"
#include "../rows/rows.h"
#include "scores.h"
#include "search.h"

/* How many values back a fall is judged by, and the least one; how often a step is halved. */
enum { MEMORY = 10, HALVINGS = 30 };
static const double FALL = 1e-4;

/* What steps are of D over the squared gradient, at the start and at most, and how much of the last step is taken
 * again. Measured on the bundled network: from mid-grey the first manner takes 90 rows, the second some 800. But long
 * steps may end where every ReLU is off: outputs are nearly even there, no gradient leads out, and the search begins
 * anew in the next manner. */
typedef struct manner {
  double full, momentum;
} manner;
static const manner manners[] = {{2, 0.5}, {0.3, 0.8}, {0.1, 0.9}};
enum { MANNERS = sizeof manners / sizeof manners[0] };

/* How the part of D shrinks and grows with failures and successes. */
static const double SHRINK = 0.7, GROW = 1.1, LEAST = 0.05;

/* A goal of a thousandth of the entropy. */
static const double DEFAULT_GOAL = 1e-3;

typedef enum entropy_phase { FIRST, GRADIENT, TRIAL } entropy_phase;

typedef struct entropy {
  attrib__trials trials;
  void *current, *trial;   /* vectors of dtype */
  double *gradient, *step; /* vectors: of the divergence, times a power of two; the last step */
  const manner *manner;
  attrib__flatness here;
  double history[MEMORY]; /* divergences of the last rows */
  int64_t first_step;     /* steps taken before the search last began */
  double factor, part;    /* of steps, at present; of the step that is tried, by halvings */
  double length;          /* that the gradient is multiplied with */
  int64_t halvings;
  entropy_phase phase; /* of the next row */
} entropy;

/* -- arithmetic --------------------------------------------------------------------------------------------------- */

/* From the start, or the middle of the range. */
static void set_out(entropy *self, const manner *in_which) {
  const attrib__search *search = &self->trials.search;
  self->phase = FIRST;
  self->manner = in_which;
  self->factor = in_which->full;
  self->first_step = self->trials.steps;
  memset(self->step, 0, (size_t)search->n * sizeof *self->step);
  if (search->start != NULL) {
    memcpy(self->current, search->start, (size_t)search->n * attrib__element_size(search->dtype));
    return;
  }
  double middle[ATTRIB__BLOCK];
  for (int64_t i = 0; i < ATTRIB__BLOCK; i++) middle[i] = 0.5 * search->range.low + 0.5 * search->range.high;
  for (int64_t k = 0; k < search->n; k += ATTRIB__BLOCK)
    attrib__rows_store(search->dtype, self->current, k, attrib__block_length(k, search->n), middle);
}

static double missing(const entropy *self) {
  return 1 - self->here.entropy / log((double)self->trials.search.n_outputs);
}

static void write_trial(entropy *self) {
  const attrib__search *search = &self->trials.search;
  const double length = self->part * self->length, momentum = self->halvings > 1 ? 0 : self->manner->momentum;
  double values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < search->n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, search->n);
    attrib__rows_load(search->dtype, self->current, begin, m, values);
    for (int64_t i = 0; i < m; i++)
      values[i] = attrib__range_clip(&search->range,
                                     values[i] - length * self->gradient[begin + i] + momentum * self->step[begin + i]);
    attrib__rows_store(search->dtype, self->trial, begin, m, values);
  }
}

/* The longest trial left to be made that holds finite numbers; a trial that is the current row ends the search, for
 * shorter ones are it, too. */
static void place_trial(entropy *self) {
  const attrib__search *search = &self->trials.search;
  self->phase = TRIAL;
  while (self->halvings <= HALVINGS) {
    write_trial(self);
    if (attrib__rows_find_nonfinite(search->dtype, self->trial, search->n) < 0) {
      if (memcmp(self->trial, self->current, (size_t)search->n * attrib__element_size(search->dtype)) != 0) return;
      if (self->halvings > 1) break; /* before, a part of the last step comes on top */
    }
    self->halvings++;
    self->part *= 0.5;
  }
  self->trials.stop_reason = ATTRIB_STOP_COMPLETE;
}

/* The trial row becomes the current one. */
static void accept(entropy *self, attrib__flatness there) {
  const attrib__search *search = &self->trials.search;
  for (int64_t begin = 0; begin < search->n; begin += ATTRIB__BLOCK)
    attrib__rows_displacement(search->dtype, self->trial, self->current, begin, attrib__block_length(begin, search->n),
                              self->step + begin);
  void *row = self->current;
  self->current = self->trial;
  self->trial = row;
  attrib__trials_accept(&self->trials);
  self->here = there;
  self->history[(self->trials.steps - self->first_step) % MEMORY] = there.divergence;
  self->factor = fmin(self->manner->full, GROW * self->factor);
  self->phase = GRADIENT;
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  entropy *self = state;
  return attrib__trials_plan(&self->trials, settled, self->phase == GRADIENT, row);
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  (void)row;
  const entropy *self = state;
  attrib__trials_place(&self->trials, self->phase == TRIAL ? self->trial : self->current, placing);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *gradient) {
  (void)row, (void)r;
  entropy *self = state;
  memcpy(self->gradient + begin, gradient, (size_t)n * sizeof *gradient);
}

static attrib__fault take_gradient(entropy *self, attrib__results *results) {
  const attrib__search *search = &self->trials.search;
  attrib__fault fault = attrib__contributions(results, search->dtype, search->n, true, NULL, take, self);
  if (fault.status < 0) return fault;
  attrib__length size;
  attrib__length_find(ATTRIB_F64, self->gradient, search->n, &size); /* finite: contributions said so */
  for (int64_t i = 0; i < search->n; i++) self->gradient[i] *= size.scale;
  self->length = self->factor * self->here.divergence / size.square * size.scale;
  if (!(size.square > 0) && self->trials.steps > self->first_step && self->manner + 1 < manners + MANNERS) {
    set_out(self, self->manner + 1);
    return fault;
  }
  if (!(size.square > 0) || !isfinite(self->length)) {
    self->trials.stop_reason = ATTRIB_STOP_COMPLETE;
    return fault;
  }
  self->part = 1;
  self->halvings = 0;
  place_trial(self);
  return fault;
}

static void take_trial(entropy *self, attrib__flatness there) {
  double highest = self->history[0];
  for (int64_t k = 1; k < MEMORY && k <= self->trials.steps - self->first_step; k++)
    highest = fmax(highest, self->history[k]);
  if (there.divergence < (1 - FALL) * highest) {
    accept(self, there);
    return;
  }
  self->factor = fmax(LEAST * self->manner->full, SHRINK * self->factor);
  self->part *= 0.5;
  self->halvings++;
  place_trial(self);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  entropy *self = state;
  const attrib__search *search = &self->trials.search;
  if (results->count == 0) return (attrib__fault){.status = ATTRIB_OK};
  if (self->phase == GRADIENT) return take_gradient(self, results);
  const attrib__fault fault = attrib__trials_check(&self->trials, results);
  if (fault.status < 0) return fault;
  const attrib__flatness found = attrib__scores_flatness(
      search->n_outputs, results->outputs, (search->options.flags & ATTRIB_SEARCH_PROBABILITIES) != 0,
      self->phase == FIRST ? self->trials.weights : self->trials.trial_weights);
  if (self->phase == FIRST) {
    self->here = found;
    self->trials.started = true;
    self->history[0] = found.divergence;
    self->phase = GRADIENT;
  } else {
    take_trial(self, found);
  }
  if (missing(self) <= search->options.goal) self->trials.stop_reason = ATTRIB_STOP_TOLERANCE;
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  entropy *self = state;
  const attrib__search *search = &self->trials.search;
  const double most = log((double)search->n_outputs);
  attrib__trials_write(&self->trials, self->here.entropy, self->current, attributions, report);
  if (self->trials.stop_reason == ATTRIB_STOP_TOLERANCE || self->trials.stop_reason == ATTRIB_STOP_NONE)
    return ATTRIB_OK;
  return attrib__fail(
      context, ATTRIB_NOT_CONVERGED,
      "the entropy is %.6g of %.6g after %" PRId64 " steps, %" PRId64 " rows: %s; another start may do",
      self->here.entropy, most, self->trials.steps, self->trials.rows,
      self->trials.stop_reason == ATTRIB_STOP_BUDGET ? "max_evaluations ended" : "no step makes it larger");
}

static const attrib__method method = {plan, attrib__points_placed, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__search *search = request;
  entropy parts = {.trials.search = *search};
  const size_t size = attrib__element_size(search->dtype);
  parts.current = attrib__carve(arena, search->n, size);
  parts.trial = attrib__carve(arena, search->n, size);
  parts.gradient = attrib__carve(arena, search->n, sizeof(double));
  parts.step = attrib__carve(arena, search->n, sizeof(double));
  attrib__trials_layout(&parts.trials, arena);
  if (state != NULL) *(entropy *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  entropy *self = state;
  attrib__trials_begin(&self->trials);
  set_out(self, manners);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__search search;
  attrib__start start = {
      .method = &method, .state_size = sizeof(entropy), .layout = layout, .init = init, .request = &search};
  attrib_status status = attrib__search_read(context, given, pull, true, DEFAULT_GOAL, &start, &search);
  return status < 0 ? status : attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_baseline_max_entropy(attrib_context *context, const attrib_model *model, const void *begin,
                                          const attrib_search_options *options, void *row, attrib_report *report) {
  const attrib__search_request request = {model, begin, ATTRIB_NO_TARGET, options, row};
  return attrib__run_call(context, prepare, &request, row, report);
}

attrib_status attrib_baseline_max_entropy_start(attrib_context *context, const attrib_model *model, const void *begin,
                                                const attrib_search_options *options, attrib_run **run) {
  const attrib__search_request request = {model, begin, ATTRIB_NO_TARGET, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
