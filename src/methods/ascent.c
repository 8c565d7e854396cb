/* ascent.c - the ascent reference: the input moved against the signs of the gradient.
 *
 * Planner: the gradients, step by step, and at last the output. Reducer: steps. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/first_size.h"
#include "../engine/contributions.h"
#include "../engine/points.h"
#include "../model/model.h"
#include "../rows/rows.h"
#include "options.h"
#include "search.h"

enum { DEFAULT_STEPS = 1 };
static const double DEFAULT_STEP = 0.05;

typedef struct ascent_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_ascent_options *options;
  const void *row; /* callback form: must not be NULL */
} ascent_request;

typedef struct ascent {
  attrib__question ask_output, ask_gradient;
  attrib_ascent_options options;
  attrib__range range;
  uint32_t dtype;
  int64_t n, target;
  const void *input;
  bool pull;
  void *current; /* vector of dtype */
  int64_t planned, taken;
  double output, end_output;
} ascent;

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  ascent *self = state;
  if (!settled) return ATTRIB__PLAN_WAIT;
  if (self->planned > self->options.steps) return ATTRIB__PLAN_END;
  *row = (attrib__row){.question = self->planned < self->options.steps ? &self->ask_gradient : &self->ask_output,
                       .baseline = self->planned,
                       .alpha = (double)NAN};
  self->planned++;
  return ATTRIB__PLAN_ROW;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  (void)row;
  const ascent *self = state;
  memcpy(placing->point, self->current, (size_t)self->n * attrib__element_size(self->dtype));
}

/* Once the whole gradient is known to be finite: a prefix of the run has whole steps. */
static void step(ascent *self, const void *gradient) {
  double values[ATTRIB__BLOCK], slopes[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < self->n; begin += ATTRIB__BLOCK) {
    const int64_t m = attrib__block_length(begin, self->n);
    attrib__rows_load(self->dtype, self->current, begin, m, values);
    attrib__rows_load(self->dtype, gradient, begin, m, slopes);
    for (int64_t i = 0; i < m; i++) {
      const double sign = (slopes[i] > 0) - (slopes[i] < 0);
      const double moved = attrib__range_clip(&self->range, values[i] - self->options.step * sign);
      /* A start on a bound that dtype cannot hold lies a rounding beyond it: clipping must not move it up the slope. */
      if ((values[i] - moved) * sign > 0) values[i] = moved;
    }
    attrib__rows_store(self->dtype, self->current, begin, m, values);
  }
}

static attrib__fault reduce(void *state, attrib__results *results) {
  ascent *self = state;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  if (results->gradients == NULL) {
    self->end_output = results->outputs[0];
    return fault;
  }
  if (self->taken == 0) self->output = results->outputs[0];
  fault = attrib__contributions(results, self->dtype, self->n, true, NULL, NULL, NULL);
  if (fault.status < 0) return fault;
  step(self, results->gradients);
  self->taken++;
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  (void)context;
  const ascent *self = state;
  report->points = self->taken;
  report->output = self->output;
  report->baseline_output = report->objective = self->end_output;
  attrib__search_write(self->dtype, self->n, self->pull, self->current, attributions);
  return ATTRIB_OK;
}

static const attrib__method method = {plan, attrib__points_placed, place, reduce, result, NULL, NULL};

static void layout(void *state, const void *request, attrib__arena *arena) {
  ascent parts = *(const ascent *)request;
  parts.current = attrib__carve(arena, parts.n, attrib__element_size(parts.dtype));
  if (state != NULL) *(ascent *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  ascent *self = state;
  self->ask_output = (attrib__question){.target = self->target, .target_weights = self->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = self->ask_gradient.untraced = true;
  self->output = self->end_output = (double)NAN;
  memcpy(self->current, self->input, (size_t)self->n * attrib__element_size(self->dtype));
}

static attrib_status read_options(attrib_context *context, const attrib_ascent_options *given,
                                  attrib_ascent_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_ASCENT_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0 || options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved = %p: this version knows none", options->flags,
                        options->reserved);
  status = attrib__option_steps(context, &options->steps, DEFAULT_STEPS);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "step", options->step);
  if (status < 0) return status;
  if (options->step == 0) options->step = DEFAULT_STEP;
  return ATTRIB_OK;
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const ascent_request *request = given;
  ascent parts = {.target = request->target, .input = request->input, .pull = pull};
  attrib_status status = attrib__result_check(context, pull, "row", request->row);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &parts.options);
  if (status < 0) return status;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = parts.options.target_weights};
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .together = 1,
                         .planned = parts.options.steps + 1,
                         .method = &method,
                         .state_size = sizeof(ascent),
                         .layout = layout,
                         .init = init,
                         .request = &parts};
  status = attrib__model_read(context, request->model, &use, &start.model);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", &start.model, request->input);
  if (status < 0) return status;
  parts.dtype = start.model.dtype;
  parts.n = start.model.n_inputs;
  if (!isfinite(attrib__rows_round(parts.dtype, parts.options.step)))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->step = %g: is beyond the model's dtype",
                        parts.options.step);
  status = attrib__range_read(context, parts.dtype, parts.options.low, parts.options.high, &parts.range);
  if (status == ATTRIB_OK) status = attrib__range_holds(context, &parts.range, "input", &start.model, request->input);
  return status == ATTRIB_OK ? attrib__run_create(context, &start, pull, run) : status;
}

attrib_status attrib_baseline_ascent(attrib_context *context, const attrib_model *model, const void *input,
                                     int64_t target, const attrib_ascent_options *options, void *row,
                                     attrib_report *report) {
  const ascent_request request = {model, input, target, options, row};
  return attrib__run_call(context, prepare, &request, row, report);
}

attrib_status attrib_baseline_ascent_start(attrib_context *context, const attrib_model *model, const void *input,
                                           int64_t target, const attrib_ascent_options *options, attrib_run **run) {
  const ascent_request request = {model, input, target, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
