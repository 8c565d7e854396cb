/* expected.c - expected gradients: the mean of displacement * gradient over random draws of baseline and alpha.
 *
 * Planner: f(x); then rounds of draws, each as large as all before it: outputs of the baselines a round visits, then
 * its draws, visit by visit. Reducer: a tally of the draws (tally.h). Arguments are read in expected_options.c. */
#include "expected.h"

#include <math.h>
#include <string.h>

#include "../baselines/draws.h"
#include "../engine/engine.h"
#include "../path/lines.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "differences.h"
#include "entries.h"
#include "expected_options.h"
#include "integral_adaptive.h"
#include "tally.h"

typedef enum phase { INPUT, OUTPUTS, DRAWS, ROUND_END } phase;

typedef struct expected {
  attrib__question ask_output, ask_gradient;
  attrib__expected_options options;
  attrib__lines lines;
  attrib__entries entries;
  attrib__tally tally;
  /* planner */
  attrib__draws draws;
  attrib__visit visit;
  phase phase;
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
} expected;

static bool is_lattice(const expected *self) {
  return self->tally.lattice;
}

/* Draws of the first `rounds` rounds together, of a lattice by baseline: m, 2m, 4m, ... */
static int64_t draws_of(const expected *self, int64_t rounds) {
  return rounds == 0 ? 0 : self->options.first_round << (rounds - 1);
}

static int64_t round_size(const expected *self) {
  return draws_of(self, self->rounds + 1) - draws_of(self, self->rounds);
}

static int64_t round_rows(const expected *self) {
  return round_size(self) * (is_lattice(self) ? self->lines.baselines.used : 1);
}

/* Every draw of the round is in. */
static bool round_is_in(const expected *self) {
  return self->phase == ROUND_END && self->taken == self->planned;
}

/* What the errors add up to, the identity says. Where half of the standard errors' sum does not cover it, they are too
 * small: draws that matter were missed. Then they are widened until they account for it. */
static void widen(expected *self, const double *values) {
  double *errors = self->tally.errors, target = self->output - self->baseline_output;
  double off = 2 * fabs(attrib__attributions_sum(self->entries.count, values) - target);
  double sum = attrib__attributions_sum(self->entries.count, errors);
  if (!(off > sum) || !isfinite(off)) return;
  bool noise = sum <= 1e-6 * off; /* no draw shows anything: nothing says whose error it is */
  for (int64_t i = 0; i < self->entries.count; i++)
    errors[i] = noise ? off / (double)self->entries.count : errors[i] * (off / sum);
}

static const double *conclude(expected *self) {
  const double *values = attrib__tally_conclude(&self->tally, round_is_in(self));
  if (self->tally.halves && !self->tally.anew && !self->entries.unit_displacement) widen(self, values);
  return values;
}

static void settle(expected *self) {
  attrib__tally_settle(&self->tally);
  self->settled_baseline_output = self->baseline_output;
}

/* Draws that the values hold. */
static int64_t samples(const expected *self) {
  if (self->tally.anew) return self->discarded;
  if (self->tally.rounds == 0) return self->taken;
  return draws_of(self, self->tally.rounds) * (is_lattice(self) ? self->lines.baselines.used : 1);
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static void begin_round(expected *self) {
  self->phase = is_lattice(self) && self->rounds > 0 ? DRAWS : OUTPUTS;
  self->in_visit = self->visit.draws = 0;
  attrib__draws_begin(&self->draws, self->rounds, round_size(self));
}

/* f(x), from the first baseline that is visited: every line ends at the input. */
static bool plan_input(expected *self, attrib__row *row) {
  attrib__visit visit;
  attrib__draws_visit(&self->draws, &visit);
  begin_round(self);
  row->alpha = 1;
  row->baseline = visit.baseline;
  return true;
}

static bool plan_output(expected *self, attrib__row *row) {
  attrib__visit visit;
  if (!attrib__draws_visit(&self->draws, &visit)) {
    begin_round(self);
    self->phase = DRAWS;
    return false;
  }
  row->alpha = 0;
  row->baseline = visit.baseline;
  row->mass = visit.mass * (double)visit.draws;
  return true;
}

static bool plan_draw(expected *self, attrib__row *row) {
  attrib__visit *visit = &self->visit;
  if (self->in_visit == visit->draws) {
    self->in_visit = 0;
    if (!attrib__draws_visit(&self->draws, visit)) {
      self->phase = ROUND_END;
      return false;
    }
  }
  self->planned_mass += visit->mass;
  *row = (attrib__row){.question = &self->ask_gradient,
                       .baseline = visit->baseline,
                       .alpha = attrib__draws_alpha(&self->draws, visit, self->in_visit),
                       .weight = visit->mass / (double)self->draws.size,
                       .nth = self->in_visit++,
                       .of = visit->draws,
                       .mass = visit->mass,
                       .share = visit->mass / self->planned_mass};
  self->planned++;
  return true;
}

/* Strata have come near the number of baselines and were not enough, and the budget pays for a lattice over them all.
 */
static bool changes_to_lattice(const expected *self) {
  int64_t used = self->lines.baselines.used;
  return self->options.then_lattice && !is_lattice(self) && self->planned >= used / 2 &&
         2 * used <= self->options.sampling.max_evaluations - self->planned;
}

static void change_to_lattice(expected *self) {
  self->options.sampler = self->draws.sampler = ATTRIB_SAMPLER_LATTICE;
  self->options.first_round = 2;
  attrib__tally_change(&self->tally);
  self->rounds = 0;
  self->discarded = self->planned;
  self->output_mass = self->baseline_output = 0;
}

/* All draws of the round are in: is it enough? */
static bool next_round(expected *self) {
  if (self->stop_reason != ATTRIB_STOP_NONE) return false;
  if (!self->judged) {
    settle(self);
    self->error = attrib__error_find(self->entries.count, conclude(self), self->tally.errors);
    self->rounds++;
    self->judged = true;
  }
  bool change = changes_to_lattice(self);
  int64_t next = change ? 2 * self->lines.baselines.used : round_rows(self);
  if (!attrib__sampling_goes_on(&self->options.sampling, self->error, self->planned, next, &self->stop_reason))
    return false;
  self->judged = false;
  if (change) change_to_lattice(self);
  if (is_lattice(self)) {
    attrib__tally_restart(&self->tally);
    self->planned_mass = 0;
  }
  begin_round(self);
  return true;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  expected *self = state;
  row->question = &self->ask_output;
  if (self->phase == INPUT && plan_input(self, row)) return ATTRIB__PLAN_ROW;
  for (;;) {
    if (self->phase == OUTPUTS && plan_output(self, row)) return ATTRIB__PLAN_ROW;
    if (self->phase == DRAWS && plan_draw(self, row)) return ATTRIB__PLAN_ROW;
    if (self->phase != ROUND_END) continue;
    if (!attrib__sampling_open(&self->options.sampling)) return ATTRIB__PLAN_END;
    if (!settled) return ATTRIB__PLAN_WAIT;
    if (!next_round(self)) return ATTRIB__PLAN_END;
  }
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  return attrib__lines_gather(&((expected *)state)->lines, row, gathering);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *value) {
  (void)r;
  attrib__tally_take(&((expected *)state)->tally, row, begin, n, value);
}

static void take_output(expected *self, const attrib__row *row, double output) {
  if (row->question->gradients) {
    attrib__masses_add(&self->tally.masses, row->mass);
    self->taken++;
  } else if (row->alpha == 1) {
    self->output = output;
  } else {
    self->output_mass += row->mass;
    self->baseline_output += row->mass / self->output_mass * (output - self->baseline_output);
  }
}

static attrib__fault reduce(void *state, attrib__results *results) {
  expected *self = state;
  attrib__fault fault = attrib__entries_take(&self->entries, results, take, self);
  int64_t count = fault.status < 0 ? fault.row : results->count;
  for (int64_t r = 0; r < count; r++) take_output(self, &results->rows[r], results->outputs[r]);
  return fault;
}

/* Only of whole rounds is the mean of f over the draws used known. */
static attrib_status judge_sum(expected *self, attrib_context *context, const double *values, attrib_report *report) {
  report->output = self->output;
  report->attribution_sum = attrib__attributions_sum(self->entries.count, values);
  if (!isfinite(report->attribution_sum))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
  if (!round_is_in(self) && self->tally.rounds == 0) return ATTRIB_OK;
  report->baseline_output = self->tally.rounds > 0 ? self->settled_baseline_output : self->baseline_output;
  if (self->entries.unit_displacement) return ATTRIB_OK;
  return attrib__completeness(context, self->options.completeness_threshold, report);
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  expected *self = state;
  const int64_t count = self->entries.count;
  report->seed = self->options.seed;
  /* A doubling that came in after the run was stopped, which the planner has not seen. */
  if (round_is_in(self) && (self->tally.anew || self->taken - self->discarded > samples(self))) settle(self);
  report->samples = samples(self);
  report->sampler = self->tally.anew ? ATTRIB_SAMPLER_STRATIFIED : self->options.sampler;
  if (report->sampler == ATTRIB_SAMPLER_LATTICE)
    report->points = draws_of(self, self->tally.rounds > 0 ? self->tally.rounds : 1);
  const double *values = conclude(self);
  attrib_status status =
      attrib__attributions_check(context, self->entries.groups == NULL ? "input" : "group", count, values);
  if (status < 0) return status;
  report->error_estimate = attrib__error_find(count, values, self->tally.errors).relative;
  status = judge_sum(self, context, values, report);
  if (status < 0) return status;
  attrib_status converged = attrib__sampling_judge(context, &self->options.sampling, self->stop_reason, report);
  size_t size = (size_t)count * sizeof *values;
  if (attributions != NULL) memcpy(attributions, values, size);
  if (report->standard_errors != NULL) memcpy(report->standard_errors, self->tally.errors, size);
  return converged != ATTRIB_OK ? converged : status;
}

static double error_estimate(const void *state) {
  return ((const expected *)state)->error.relative;
}

static attrib_status extend(void *state, attrib_context *context, double tolerance, int64_t max_evaluations) {
  expected *self = state;
  if (is_lattice(self) && !self->tally.halves)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "run: options->max_evaluations paid for one draw per baseline, which cannot be extended");
  attrib_status status = attrib__sampling_extend(context, &self->options.sampling, tolerance, max_evaluations);
  if (status == ATTRIB_OK) self->stop_reason = ATTRIB_STOP_NONE;
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, error_estimate, extend};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__expected_checked *checked = request;
  bool lattice = checked->options.sampler == ATTRIB_SAMPLER_LATTICE;
  bool halves = lattice && checked->options.first_round > 1;
  expected parts = {.lines = checked->lines, .entries = checked->entries};
  parts.tally = (attrib__tally){
      .lattice = lattice, .halves = halves || checked->options.then_lattice, .count = checked->entries.count};
  attrib__entries_layout(&parts.entries, arena);
  attrib__tally_layout(&parts.tally, arena);
  parts.tally.halves = halves;
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(expected *)state = parts;
}

static void init(void *state, const void *request) {
  const attrib__expected_checked *checked = request;
  expected *self = state;
  self->options = checked->options;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = checked->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->output = self->error.relative = (double)NAN;
  attrib__tally_clear(&self->tally);
  self->draws = (attrib__draws){
      .set = &self->lines.baselines, .sampler = checked->options.sampler, .seed = checked->options.seed};
  attrib__draws_begin(&self->draws, 0, self->options.first_round);
}

/* A model without gradients: the same from differences. */
static attrib_status create(attrib_context *context, const attrib__start *start,
                            const attrib__expected_checked *checked, bool pull, attrib_run **run) {
  const attrib__expected_options *options = &checked->options;
  if (!options->differences) return attrib__run_create(context, start, pull, run);
  const bool open = attrib__sampling_open(&options->sampling), fixed = start->planned > 0;
  int64_t draws = options->first_round;
  if (options->sampler == ATTRIB_SAMPLER_LATTICE) draws *= checked->lines.baselines.used;
  const int64_t most = open ? options->sampling.max_evaluations : options->sampling.samples;
  const attrib__differences differences = {
      .form = *start,
      .ask = {.target = checked->target, .target_weights = options->target_weights},
      .n_groups = checked->entries.groups == NULL ? 0 : checked->entries.count,
      .groups = checked->entries.groups,
      .step = options->difference_step,
      .line = attrib__differences_line(&checked->lines),
      .nodes = fixed ? draws : 0,
      .by_mass = true,
      .total = 1,
      .counted = open ? "max_evaluations" : "samples",
      .counted_value = most,
      .most_nodes = most,
      .up_to = open};
  return attrib__differences_create(context, &differences, pull, run);
}

/* The pool is the adaptive rule over all baselines at once. */
static attrib_status start_pool(attrib_context *context, attrib__start *start, const attrib__expected_checked *checked,
                                bool pull, attrib_run **run) {
  const attrib__expected_options *options = &checked->options;
  bool spend = !attrib__sampling_open(&options->sampling);
  attrib__adaptive_request request = {
      .target = checked->target,
      .options = {.max_evaluations = spend ? options->sampling.samples : options->sampling.max_evaluations,
                  .tolerance = options->sampling.tolerance,
                  .absolute_tolerance = options->sampling.absolute_tolerance,
                  .max_vectors = options->max_vectors,
                  .round_rows = options->round_rows,
                  .completeness_threshold = options->completeness_threshold,
                  .deadline_seconds = options->deadline_seconds,
                  .target_weights = options->target_weights},
      .lines = checked->lines,
      .entries = checked->entries,
      .apart = options->differences,
      .sampler = ATTRIB_SAMPLER_POOLED,
      .seed = options->seed,
      .spend = spend};
  attrib_status status = attrib__adaptive_describe(context, start, &request);
  return status < 0 ? status : create(context, start, checked, pull, run);
}

attrib_status attrib__expected_prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__expected_checked checked;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .method = &method,
                         .state_size = sizeof(expected),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__expected_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  if (checked.options.sampler == ATTRIB_SAMPLER_POOLED) {
    start.n_groups = checked.entries.groups == NULL ? 0 : checked.entries.count;
    start.spare_rows = attrib__lines_need_spare(&checked.lines);
    return start_pool(context, &start, &checked, pull, run);
  }
  start.planned = checked.planned;
  start.deadline_seconds = checked.options.deadline_seconds;
  if (start.planned == 0)
    start.first_round = checked.options.first_round *
                        (checked.options.sampler == ATTRIB_SAMPLER_LATTICE ? checked.lines.baselines.used : 1);
  start.n_groups = checked.entries.groups == NULL ? 0 : checked.entries.count;
  start.spare_rows = attrib__lines_need_spare(&checked.lines);
  return create(context, &start, &checked, pull, run);
}
