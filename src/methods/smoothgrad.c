/* smoothgrad.c - SmoothGrad and its forms: gradients averaged over noise around the input.
 *
 * Planner: f(x); then samples, e and -e in turn, in rounds each as large as all before it. Reducer: moments of the
 * samples (moments.h). Arguments are read in smoothgrad_options.c. */
#include "smoothgrad.h"

#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "entries.h"
#include "moments.h"
#include "noised.h"
#include "smoothgrad_options.h"

typedef struct smoothgrad {
  attrib__question ask_output, ask_gradient;
  attrib__smoothgrad_checked call;
  attrib__noised noised;
  attrib__entries entries; /* what moments are kept of: of the variance, features even where there are groups */
  attrib__moments moments;
  attrib__sum *by_group; /* values and errors of groups, where entries are features */
  double *group_values, *group_errors;
  /* planner */
  bool input_planned;
  int64_t planned, round_end; /* samples */
  attrib__error error;        /* of the rounds before */
  uint32_t stop_reason;       /* of a planner that ended by tolerance or budget */
  /* reducer */
  double output;
  attrib__noised_output samples; /* f at them, and how many there are */
} smoothgrad;

/* -- results ------------------------------------------------------------------------------------------------------ */

typedef struct conclusion {
  int64_t count;
  const double *values, *errors;
} conclusion;

/* Of groups of variances, which are kept by feature: sums, and the sum of their errors as an upper bound. */
static void sum_groups(smoothgrad *self, const double *values, double *sums) {
  memset(self->by_group, 0, (size_t)self->call.n_groups * sizeof *self->by_group);
  for (int64_t i = 0; i < self->noised.n; i++) attrib__sum_add(&self->by_group[self->call.groups[i]], values[i]);
  for (int64_t g = 0; g < self->call.n_groups; g++) sums[g] = attrib__sum_value(&self->by_group[g]);
}

static conclusion conclude(smoothgrad *self) {
  attrib__moments *moments = &self->moments;
  attrib__moments_conclude(moments, self->samples.taken / moments->members);
  if (self->call.constant && self->samples.taken > 0)
    memset(moments->errors, 0, (size_t)moments->count * sizeof(double));
  if (self->by_group == NULL) return (conclusion){moments->count, moments->values, moments->errors};
  sum_groups(self, moments->values, self->group_values);
  sum_groups(self, moments->errors, self->group_errors);
  return (conclusion){self->call.n_groups, self->group_values, self->group_errors};
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* All samples of the round are in: is it enough? */
static bool next_round(smoothgrad *self) {
  if (self->stop_reason != ATTRIB_STOP_NONE) return false;
  conclusion c = conclude(self);
  self->error = attrib__error_find(c.count, c.values, c.errors);
  if (!attrib__sampling_goes_on(&self->call.sampling, self->error, self->planned, self->planned, &self->stop_reason))
    return false;
  self->round_end = 2 * self->planned;
  return true;
}

/* Samples of the round under way. */
static int64_t round_size(const smoothgrad *self) {
  return self->round_end == self->call.first_round ? self->round_end : self->round_end / 2;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  smoothgrad *self = state;
  if (!self->input_planned) {
    self->input_planned = true;
    *row = (attrib__row){.question = &self->ask_output, .baseline = -1, .alpha = (double)NAN};
    return ATTRIB__PLAN_ROW;
  }
  if (self->planned == self->round_end) {
    if (!attrib__sampling_open(&self->call.sampling)) return ATTRIB__PLAN_END;
    if (!settled) return ATTRIB__PLAN_WAIT;
    if (!next_round(self)) return ATTRIB__PLAN_END;
  }
  *row = (attrib__row){.question = &self->ask_gradient,
                       .baseline = self->planned++,
                       .alpha = (double)NAN,
                       .weight = 1 / (double)round_size(self)};
  return ATTRIB__PLAN_ROW;
}

/* Displacements: z for z g, x - z for SmoothTaylor; the others leave it out. */
static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  const smoothgrad *self = state;
  bool taylor = self->call.form == ATTRIB_SMOOTH_TAYLOR;
  row->placed = true;
  row->from = taylor ? gathering->placing.point : NULL;
  row->to = taylor ? self->call.input : gathering->placing.point;
  return ATTRIB_OK;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const smoothgrad *self = state;
  if (row->baseline >= 0)
    attrib__noised_place(&self->noised, row->baseline, placing->point);
  else
    memcpy(placing->point, self->noised.input, (size_t)self->noised.n * attrib__element_size(self->noised.dtype));
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *value) {
  (void)r;
  attrib__moments_take(&((smoothgrad *)state)->moments, row->baseline, begin, n, value);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  smoothgrad *self = state;
  attrib__fault fault = attrib__entries_take(&self->entries, results, take, self);
  int64_t count = fault.status < 0 ? fault.row : results->count;
  for (int64_t r = 0; r < count; r++) {
    if (results->rows[r].baseline < 0)
      self->output = results->outputs[r];
    else
      attrib__noised_output_add(&self->samples, self->call.members, results->outputs[r]);
  }
  return fault;
}

static attrib_status judge_sum(smoothgrad *self, attrib_context *context, const conclusion *c, attrib_report *report) {
  report->output = self->output;
  report->attribution_sum = attrib__attributions_sum(c->count, c->values);
  if (!isfinite(report->attribution_sum))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
  if (self->samples.taken < self->call.members) return ATTRIB_OK;
  report->baseline_output = self->samples.mean;
  if (self->call.form != ATTRIB_SMOOTH_TAYLOR) return ATTRIB_OK;
  return attrib__completeness(context, 0, report);
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  smoothgrad *self = state;
  report->seed = self->call.seed;
  report->sigma = self->call.sigma;
  report->notes = self->call.constant ? ATTRIB_NOTE_CONSTANT_INPUT : 0;
  report->samples = self->samples.taken / self->call.members * self->call.members;
  conclusion c = conclude(self);
  attrib_status status =
      attrib__attributions_check(context, self->call.groups == NULL ? "input" : "group", c.count, c.values);
  if (status < 0) return status;
  report->error_estimate = attrib__error_find(c.count, c.values, c.errors).relative;
  status = judge_sum(self, context, &c, report);
  if (status < 0) return status;
  attrib_status converged = attrib__sampling_judge(context, &self->call.sampling, self->stop_reason, report);
  size_t size = (size_t)c.count * sizeof *c.values;
  if (attributions != NULL) memcpy(attributions, c.values, size);
  if (report->standard_errors != NULL) memcpy(report->standard_errors, c.errors, size);
  return converged;
}

static double error_estimate(const void *state) {
  return ((const smoothgrad *)state)->error.relative;
}

static attrib_status extend(void *state, attrib_context *context, double tolerance, int64_t max_evaluations) {
  smoothgrad *self = state;
  attrib_status status = attrib__sampling_extend(context, &self->call.sampling, tolerance, max_evaluations);
  if (status == ATTRIB_OK) self->stop_reason = ATTRIB_STOP_NONE;
  return status;
}

static const attrib__method method = {plan, gather, place, reduce, result, error_estimate, extend};

/* -- start -------------------------------------------------------------------------------------------------------- */

typedef struct prepared {
  attrib__smoothgrad_checked call;
  const attrib_model *model;
} prepared;

/* What is squared is skewed: of few draws standard errors are too small as often as values are. Measured on networks,
 * standard errors times 1 + widening / draws cover from 100 samples on. */
static double widening_of(uint32_t form) {
  return form == ATTRIB_SMOOTH_SQUARED || form == ATTRIB_SMOOTH_VARIANCE ? 10 : 0;
}

static void layout(void *state, const void *request, attrib__arena *arena) {
  const prepared *p = request;
  bool variance = p->call.form == ATTRIB_SMOOTH_VARIANCE, grouped = p->call.groups != NULL;
  bool by_feature = variance || !grouped;
  int64_t count = by_feature ? p->model->n_inputs : p->call.n_groups;
  smoothgrad parts = {.call = p->call};
  parts.noised = (attrib__noised){.dtype = p->model->dtype,
                                  .n = p->model->n_inputs,
                                  .members = p->call.members,
                                  .input = p->call.input,
                                  .seed = p->call.seed,
                                  .sigma = p->call.sigma,
                                  .range = p->call.range};
  parts.entries = (attrib__entries){.dtype = parts.noised.dtype,
                                    .unit_displacement = p->call.form <= ATTRIB_SMOOTH_VARIANCE,
                                    .squared = p->call.form == ATTRIB_SMOOTH_SQUARED,
                                    .n = parts.noised.n,
                                    .count = count,
                                    .groups = by_feature ? NULL : p->call.groups};
  parts.moments = (attrib__moments){
      .variance = variance, .members = p->call.members, .count = count, .widening = widening_of(p->call.form)};
  attrib__entries_layout(&parts.entries, arena);
  attrib__moments_layout(&parts.moments, arena);
  if (variance && grouped) {
    parts.by_group = attrib__carve(arena, p->call.n_groups, sizeof *parts.by_group);
    parts.group_values = attrib__carve(arena, p->call.n_groups, sizeof(double));
    parts.group_errors = attrib__carve(arena, p->call.n_groups, sizeof(double));
  }
  if (state != NULL) *(smoothgrad *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  smoothgrad *self = state;
  self->ask_output = (attrib__question){.target = self->call.target, .target_weights = self->call.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->output = self->error.relative = (double)NAN;
  self->round_end = self->call.first_round;
  attrib__moments_clear(&self->moments);
}

attrib_status attrib__smoothgrad_prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  prepared p;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .method = &method,
                         .state_size = sizeof(smoothgrad),
                         .layout = layout,
                         .init = init,
                         .request = &p};
  attrib_status status = attrib__smoothgrad_read(context, given, pull, &start.model, &p.call);
  if (status < 0) return status;
  p.model = &start.model;
  if (!attrib__sampling_open(&p.call.sampling))
    start.planned = 1 + p.call.first_round;
  else
    start.first_round = p.call.first_round;
  start.n_groups = p.call.n_groups;
  start.deadline_seconds = p.call.deadline_seconds;
  return attrib__run_create(context, &start, pull, run);
}
