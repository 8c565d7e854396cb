/* integral_adaptive.c - see integral_adaptive.h.
 *
 * Planner: rounds of options.round_rows rows, each chosen from the results of all before it; a round that does not fit
 * the budget is not begun, so that a run that is continued equals one long run. The mathematics is in adaptive.c. */
#include "integral_adaptive.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../rows/rows.h"
#include "adaptive.h"
#include "attributions.h"
#include "sampling.h"

typedef struct adaptive_integral {
  attrib__question question;
  attrib__sampling sampling;
  double completeness_threshold;
  uint32_t round_rows, sampler;
  uint64_t seed;
  attrib__lines lines;
  attrib__entries entries;
  attrib__adaptive adaptive;
  /* planner */
  int64_t planned, round, at; /* rows; of the round, and of it planned */
  attrib__error error;        /* of the rounds before */
  uint32_t stop_reason;
  /* reducer */
  attrib__ends ends;
} adaptive_integral;

/* -- planner ------------------------------------------------------------------------------------------------------ */

static bool next_round(adaptive_integral *self) {
  if (self->stop_reason != ATTRIB_STOP_NONE) return false;
  int64_t wanted = attrib__adaptive_next(&self->adaptive, self->round_rows);
  if (self->planned > 0) {
    self->error = attrib__adaptive_error(&self->adaptive);
    if (!attrib__sampling_goes_on(&self->sampling, self->error, self->planned, wanted, &self->stop_reason))
      return false;
  }
  self->at = 0;
  self->round = attrib__adaptive_choose(&self->adaptive, wanted);
  if (self->round == 0) self->stop_reason = ATTRIB_STOP_COMPLETE; /* nothing is left to refine */
  return self->round > 0;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  adaptive_integral *self = state;
  if (self->at == self->round) {
    if (!settled) return ATTRIB__PLAN_WAIT;
    if (!next_round(self)) return ATTRIB__PLAN_END;
  }
  *row = (attrib__row){.question = &self->question, .weight = (double)NAN};
  attrib__adaptive_row(&self->adaptive, self->at++, row);
  self->planned++;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  return attrib__lines_gather(&((adaptive_integral *)state)->lines, row, gathering);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

/* Every line ends at the input. */
static bool is_shared(const adaptive_integral *self) {
  return self->lines.kind == ATTRIB__LINES_BASELINES;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  adaptive_integral *self = state;
  attrib__fault fault = attrib__adaptive_take(&self->adaptive, results);
  int64_t count = fault.status < 0 ? fault.row : results->count;
  for (int64_t r = 0; r < count; r++) {
    const attrib__row *row = &results->rows[r];
    double weight = row->alpha == 0 ? attrib__lines_start_weight(&self->lines, row->baseline) : 0;
    if (weight > 0) attrib__ends_add(&self->ends, weight, results->outputs[r]);
    if (row->alpha == 1 && (is_shared(self) || row->baseline == attrib__lines_last(&self->lines)))
      self->ends.output = results->outputs[r];
  }
  return fault;
}

static attrib_status judge_sum(adaptive_integral *self, attrib_context *context, attrib_report *report) {
  const bool both = attrib__ends_write(&self->ends, report);
  report->attribution_sum = attrib__attributions_sum(self->entries.count, self->adaptive.integral);
  if (!isfinite(report->attribution_sum))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the attributions overflows");
  if (!both || self->entries.unit_displacement) return ATTRIB_OK;
  return attrib__completeness(context, self->completeness_threshold, report);
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  adaptive_integral *self = state;
  const int64_t count = self->entries.count;
  report->rule = ATTRIB_RULE_ADAPTIVE;
  report->round_rows = self->round_rows;
  report->points = self->adaptive.taken;
  report->sampler = self->sampler;
  report->samples = self->sampler != 0 ? self->adaptive.taken : 0;
  report->seed = self->seed;
  const char *kind = self->entries.groups != NULL ? "group" : self->question.second ? "activation" : "input";
  attrib_status status = attrib__attributions_check(context, kind, count, self->adaptive.integral);
  if (status < 0) return status;
  report->error_estimate = attrib__adaptive_error(&self->adaptive).relative;
  attrib__adaptive_worst(&self->adaptive, &report->error_from, &report->error_to);
  status = judge_sum(self, context, report);
  if (status < 0) return status;
  attrib_status converged = attrib__sampling_judge(context, &self->sampling, self->stop_reason, report);
  if (attributions != NULL) memcpy(attributions, self->adaptive.integral, (size_t)count * sizeof *attributions);
  if (report->standard_errors != NULL) attrib__adaptive_errors(&self->adaptive, report->standard_errors);
  return converged != ATTRIB_OK ? converged : status;
}

static double error_estimate(const void *state) {
  return ((const adaptive_integral *)state)->error.relative;
}

static attrib_status extend(void *state, attrib_context *context, double tolerance, int64_t max_evaluations) {
  adaptive_integral *self = state;
  attrib_status status = attrib__sampling_extend(context, &self->sampling, tolerance, max_evaluations);
  if (status == ATTRIB_OK) self->stop_reason = ATTRIB_STOP_NONE;
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, error_estimate, extend};

/* -- start -------------------------------------------------------------------------------------------------------- */

static attrib__adaptive describe(const attrib__adaptive_request *request, const attrib__lines *lines,
                                 attrib__entries *entries) {
  attrib__adaptive adaptive = {
      .entries = entries,
      .lines = lines,
      .dtype = entries->groups == NULL ? entries->dtype : ATTRIB_F64,
      .capacity = request->options.max_vectors - ATTRIB__ADAPTIVE_OTHERS,
      .residual = !entries->unit_displacement,
      .apart = request->apart,
  };
  attrib__adaptive_plan(&adaptive, request->options.max_evaluations);
  return adaptive;
}

static void layout(void *state, const void *given, attrib__arena *arena) {
  const attrib__adaptive_request *request = given;
  adaptive_integral parts = {.lines = request->lines, .entries = request->entries};
  attrib__entries_layout(&parts.entries, arena);
  parts.adaptive = describe(request, &parts.lines, &parts.entries);
  attrib__adaptive_layout(&parts.adaptive, request->options.round_rows, arena);
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(adaptive_integral *)state = parts;
}

static void init(void *state, const void *given) {
  const attrib__adaptive_request *request = given;
  adaptive_integral *self = state;
  const attrib_ig_options *options = &request->options;
  self->sampling = (attrib__sampling){.max_evaluations = options->max_evaluations}; /* no tolerance: all are spent */
  if (!request->spend) {
    self->sampling.tolerance = options->tolerance;
    self->sampling.absolute_tolerance = options->absolute_tolerance;
  }
  self->completeness_threshold = options->completeness_threshold;
  self->round_rows = options->round_rows;
  self->sampler = request->sampler;
  self->seed = request->seed;
  self->question = (attrib__question){.target = request->target,
                                      .target_weights = request->options.target_weights,
                                      .gradients = true,
                                      .second = request->second};
  self->adaptive.entries = &self->entries;
  self->adaptive.lines = &self->lines;
  self->error.relative = (double)NAN;
  attrib__ends_start(&self->ends, attrib__lines_starts(&self->lines));
  attrib__adaptive_clear(&self->adaptive);
}

/* A few doublings of the start. */
static int64_t default_budget(int64_t lines) {
  int64_t budget = lines <= INT64_MAX / 16 ? 16 * lines : INT64_MAX;
  return budget < 256 ? 256 : budget;
}

attrib_status attrib__adaptive_describe(attrib_context *context, attrib__start *start,
                                        attrib__adaptive_request *request) {
  int64_t used = attrib__lines_used(&request->lines);
  if (used > INT64_MAX / 64) return attrib__fail(context, ATTRIB_E_OVERFLOW, "%" PRId64 " baselines: too many", used);
  if (request->options.max_evaluations == 0) request->options.max_evaluations = default_budget(used);
  attrib__lines lines = request->lines;
  attrib__entries entries = request->entries;
  int64_t first = describe(request, &lines, &entries).start, later = request->options.round_rows;
  if (first > request->options.max_evaluations)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->%s = %" PRId64 ": %s begins with %" PRId64 " rows for %" PRId64
                        " baselines or segments",
                        request->spend ? "samples" : "max_evaluations", request->options.max_evaluations,
                        request->sampler != 0 ? "ATTRIB_SAMPLER_POOLED" : "ATTRIB_RULE_ADAPTIVE", first, used);
  start->together = first > later ? first : later;
  start->first_round = later; /* every round is to occupy all workers */
  start->deadline_seconds = request->options.deadline_seconds;
  start->method = &method;
  start->state_size = sizeof(adaptive_integral);
  start->layout = layout;
  start->init = init;
  start->request = request;
  return ATTRIB_OK;
}
