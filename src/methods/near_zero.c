/* near_zero.c - the near-zero-score baseline: a small perturbation of a row of another class that brings the target's
 * probability under a bound.
 *
 * m is ln(p / (1 - p)) of the target's p, less that of the bound: wanted is m <= 0. Planner: outputs at the start; then
 * DESCENT, gradient and outputs in turn, until m <= 0; HALVING of the way from the start, outputs alone; REFINEMENT,
 * the point nearest to the start where m, linear about the last point, is 0. Reducer: the arithmetic in between. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../rows/rows.h"
#include "scores.h"
#include "search.h"

static const double DEFAULT_GOAL = 1e-3;

/* A step goes a fiftieth too far, as DeepFool's does, so that it arrives. */
static const double OVERSHOOT = 0.02;

/* What refinement leaves below the bound, and the least it must gain in length to go on. */
static const double CLEARANCE = 1e-3, LEAST_GAIN = 1e-3;

enum { HALVINGS = 8, REFINEMENTS = 8, RETREATS = 3, SHORTENINGS = 6, BISECTIONS = 60 };

typedef enum near_zero_phase { FIRST, DESCENT, HALVING, REFINEMENT } near_zero_phase;

typedef struct near_zero {
  attrib__search search;
  attrib__question ask_outputs, ask_gradient;
  void *current, *trial; /* vectors of dtype: best so far; being tried */
  double *gradient;      /* vector: of m at the current row */
  double *weights, *trial_weights;
  double bound;          /* margin of the probability to get under */
  double margin;         /* at the current row, less the bound */
  bool started, refused; /* refused: the start is of the target's class */
  near_zero_phase phase;
  bool wants_gradient; /* the next row is for the gradient, at the current row; else for outputs, at the trial */
  double low, high;    /* HALVING: parts of the way that are too short, and long enough */
  int64_t count;       /* in the phase: halvings, refinements */
  int64_t retreats;    /* of a trial towards the current row */
  int64_t steps, rows;
  uint32_t stop_reason;
} near_zero;

/* -- rows --------------------------------------------------------------------------------------------------------- */

typedef double (*element_fn)(const near_zero *self, double start, double current, double trial, double gradient,
                             double by);

static double along(const near_zero *self, double start, double current, double trial, double gradient, double by) {
  (void)self, (void)trial, (void)gradient;
  return start + by * (current - start);
}
static double retreated(const near_zero *self, double start, double current, double trial, double gradient, double by) {
  (void)self, (void)start, (void)gradient;
  return trial + by * (current - trial);
}
static double stepped(const near_zero *self, double start, double current, double trial, double gradient, double by) {
  (void)trial, (void)start;
  return attrib__range_clip(&self->search.range, current - by * gradient);
}
static double projected(const near_zero *self, double start, double current, double trial, double gradient, double by) {
  (void)trial, (void)current;
  return attrib__range_clip(&self->search.range, start - by * gradient);
}

/* Writes the trial row, element by element, where `write`; returns gradient . (it - current). */
static double form(near_zero *self, element_fn element, double by, bool write) {
  const attrib__search *s = &self->search;
  double start[ATTRIB__BLOCK], current[ATTRIB__BLOCK], trial[ATTRIB__BLOCK];
  attrib__sum change = {0};
  for (int64_t begin = 0; begin < s->n; begin += ATTRIB__BLOCK) {
    const int64_t m = s->n - begin < ATTRIB__BLOCK ? s->n - begin : ATTRIB__BLOCK;
    attrib__rows_load(s->dtype, s->start, begin, m, start);
    attrib__rows_load(s->dtype, self->current, begin, m, current);
    attrib__rows_load(s->dtype, self->trial, begin, m, trial);
    for (int64_t i = 0; i < m; i++) {
      const double g = self->gradient[begin + i];
      trial[i] = element(self, start[i], current[i], trial[i], g, by);
      attrib__sum_add(&change, g * (trial[i] - current[i]));
    }
    if (write) attrib__rows_store(s->dtype, self->trial, begin, m, trial);
  }
  return attrib__sum_value(&change);
}

/* Squared distance of a row from the start. */
static double distance(const near_zero *self, const void *row) {
  const attrib__search *s = &self->search;
  double displacement[ATTRIB__BLOCK];
  attrib__sum square = {0};
  for (int64_t begin = 0; begin < s->n; begin += ATTRIB__BLOCK) {
    const int64_t m = s->n - begin < ATTRIB__BLOCK ? s->n - begin : ATTRIB__BLOCK;
    attrib__rows_displacement(s->dtype, row, s->start, begin, m, displacement);
    for (int64_t i = 0; i < m; i++) attrib__sum_add(&square, displacement[i] * displacement[i]);
  }
  return attrib__sum_value(&square);
}

/* The trial row at which m, linear about the current row, has changed by `wanted` (< 0), or as far as the range lets
 * it: the least `by` that gets there, doubled and then bisected, since clipping makes the change piecewise linear. */
static void solve(near_zero *self, element_fn element, double wanted) {
  attrib__sum square = {0};
  for (int64_t i = 0; i < self->search.n; i++) attrib__sum_add(&square, self->gradient[i] * self->gradient[i]);
  const double norm = attrib__sum_value(&square);
  double low = 0, high = norm > 0 ? fabs(wanted) / norm : 0;
  for (int k = 0; k < BISECTIONS && form(self, element, high, false) > wanted; k++) {
    low = high;
    high *= 2;
  }
  for (int k = 0; k < BISECTIONS && low < high; k++) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (form(self, element, middle, false) > wanted)
      low = middle;
    else
      high = middle;
  }
  form(self, element, high, true);
}

static void accept(near_zero *self, double margin) {
  void *row = self->current;
  self->current = self->trial;
  self->trial = row;
  double *weights = self->weights;
  self->weights = self->trial_weights;
  self->trial_weights = weights;
  self->ask_gradient.target_weights = self->weights;
  self->margin = margin;
  self->steps++;
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  near_zero *self = state;
  if (!settled) return ATTRIB__PLAN_WAIT;
  if (self->stop_reason != ATTRIB_STOP_NONE) return ATTRIB__PLAN_END;
  if (self->rows == self->search.options.max_evaluations) {
    self->stop_reason = ATTRIB_STOP_BUDGET;
    return ATTRIB__PLAN_END;
  }
  *row = (attrib__row){.question = self->wants_gradient ? &self->ask_gradient : &self->ask_outputs,
                       .baseline = self->rows,
                       .alpha = (double)NAN};
  self->rows++;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)state, (void)gathering;
  row->placed = true;
  return ATTRIB_OK;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  (void)row;
  const near_zero *self = state;
  memcpy(placing->point, self->wants_gradient || self->phase == FIRST ? self->current : self->trial,
         (size_t)self->search.n * attrib__element_size(self->search.dtype));
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *gradient) {
  (void)row, (void)r;
  memcpy(((near_zero *)state)->gradient + begin, gradient, (size_t)n * sizeof *gradient);
}

static void begin_halving(near_zero *self) {
  self->phase = HALVING;
  self->low = 0;
  self->high = 1;
  self->count = 0;
  self->wants_gradient = false;
  form(self, along, 0.5, true);
}

static void begin_refinement(near_zero *self) {
  self->phase = REFINEMENT;
  self->count++;
  self->retreats = 0;
  self->wants_gradient = true;
  if (self->count > REFINEMENTS) self->stop_reason = ATTRIB_STOP_TOLERANCE;
}

static void take_gradient(near_zero *self) {
  self->wants_gradient = false;
  self->retreats = 0;
  if (self->phase == DESCENT)
    solve(self, stepped, -(1 + OVERSHOOT) * self->margin - 1e-6);
  else
    solve(self, projected, -CLEARANCE - self->margin);
  const size_t size = (size_t)self->search.n * attrib__element_size(self->search.dtype);
  if (memcmp(self->trial, self->current, size) == 0) /* no slope, or nothing that may move */
    self->stop_reason = self->phase == DESCENT ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_TOLERANCE;
}

static void take_descent(near_zero *self, double margin) {
  if (margin < self->margin) {
    accept(self, margin);
    self->wants_gradient = true;
    if (margin <= 0) begin_halving(self);
    return;
  }
  if (++self->retreats > SHORTENINGS)
    self->stop_reason = ATTRIB_STOP_COMPLETE;
  else
    form(self, retreated, 0.5, true);
}

/* The current row is the end of the way until the halvings are over: then it moves to where m <= 0 was last seen. */
static void take_halving(near_zero *self, double margin) {
  const double tried = 0.5 * (self->low + self->high);
  if (self->count == HALVINGS) {
    accept(self, margin);
    self->count = 0;
    begin_refinement(self);
    return;
  }
  if (margin <= 0)
    self->high = tried;
  else
    self->low = tried;
  self->count++;
  form(self, along, self->count == HALVINGS ? self->high : 0.5 * (self->low + self->high), true);
}

static void take_refinement(near_zero *self, double margin) {
  const double far = distance(self, self->current);
  if (margin <= 0 && distance(self, self->trial) < far) {
    const bool gains = distance(self, self->trial) < (1 - LEAST_GAIN) * far;
    accept(self, margin);
    begin_refinement(self);
    if (!gains) self->stop_reason = ATTRIB_STOP_TOLERANCE;
    return;
  }
  if (++self->retreats > RETREATS)
    self->stop_reason = ATTRIB_STOP_TOLERANCE;
  else
    form(self, retreated, 0.5, true);
}

static void take_first(near_zero *self, const double *outputs, double margin) {
  self->started = true;
  self->margin = margin;
  memcpy(self->weights, self->trial_weights, (size_t)self->search.n_outputs * sizeof *self->weights);
  self->refused = attrib__scores_predicted(self->search.n_outputs, outputs) == self->search.target;
  self->phase = DESCENT;
  self->wants_gradient = true;
  if (self->refused) self->stop_reason = ATTRIB_STOP_COMPLETE;
  if (margin <= 0) self->stop_reason = ATTRIB_STOP_TOLERANCE;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  near_zero *self = state;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  if (self->wants_gradient) {
    fault = attrib__contributions(results, self->search.dtype, self->search.n, true, NULL, take, self);
    if (fault.status == ATTRIB_OK) take_gradient(self);
    return fault;
  }
  const bool probabilities = (self->search.options.flags & ATTRIB_SEARCH_PROBABILITIES) != 0;
  const double margin = attrib__scores_margin(self->search.n_outputs, results->outputs, probabilities,
                                              self->search.target, self->trial_weights) -
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
  if (self->refused)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "target = %" PRId64
                        ": it is the model's largest output at start already; start from a row of "
                        "another class",
                        self->search.target);
  const double probability = attrib__scores_probability(self->margin + self->bound);
  report->points = self->steps;
  report->tolerance = self->search.options.goal;
  if (self->started) report->objective = probability;
  if (report->stop_reason == ATTRIB_STOP_COMPLETE && self->stop_reason != ATTRIB_STOP_NONE)
    report->stop_reason = self->stop_reason;
  attrib__search_write(self->search.dtype, self->search.n, self->search.pull, self->current, attributions);
  if (self->stop_reason == ATTRIB_STOP_NONE || (self->started && self->margin <= 0)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                      "the probability of output %" PRId64 " is %.3g, not under %.3g, after %" PRId64 " rows: %s",
                      self->search.target, probability, self->search.options.goal, self->rows,
                      self->stop_reason == ATTRIB_STOP_BUDGET ? "max_evaluations ended" : "no step makes it smaller");
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__search *search = request;
  near_zero parts = {.search = *search};
  const size_t size = attrib__element_size(search->dtype);
  parts.current = attrib__carve(arena, search->n, size);
  parts.trial = attrib__carve(arena, search->n, size);
  parts.gradient = attrib__carve(arena, search->n, sizeof(double));
  parts.weights = attrib__carve(arena, search->n_outputs, sizeof(double));
  parts.trial_weights = attrib__carve(arena, search->n_outputs, sizeof(double));
  if (state != NULL) *(near_zero *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  near_zero *self = state;
  const attrib__search *search = &self->search;
  const size_t size = (size_t)search->n * attrib__element_size(search->dtype);
  self->ask_outputs = (attrib__question){.target = ATTRIB_NO_TARGET, .all_outputs = true};
  self->ask_gradient = (attrib__question){
      .target = ATTRIB_NO_TARGET, .target_weights = self->weights, .gradients = true, .untraced = true};
  self->bound = log(search->options.goal) - log1p(-search->options.goal);
  self->margin = (double)NAN;
  memset(self->gradient, 0, (size_t)search->n * sizeof *self->gradient);
  memcpy(self->current, search->start, size);
  memcpy(self->trial, search->start, size);
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
