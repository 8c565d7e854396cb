/* expected.c - expected gradients: the mean of displacement * gradient over random draws of baseline and alpha.
 * Planner: expected_plan.c; reducer and result: expected_result.c; arguments: expected_options.c. Here: how a run of it
 * starts. */
#include "expected.h"

#include <math.h>

#include "differences.h"
#include "expected_state.h"
#include "integral_adaptive.h"

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  return attrib__lines_gather(&((attrib__expected *)state)->lines, row, gathering);
}

static double error_estimate(const void *state) {
  return ((const attrib__expected *)state)->error.relative;
}

static attrib_status extend(void *state, attrib_context *context, double tolerance, int64_t max_evaluations) {
  attrib__expected *self = state;
  if (self->tally.lattice && !self->tally.halves)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "run: options->max_evaluations paid for one draw per baseline, which cannot be extended");
  attrib_status status = attrib__sampling_extend(context, &self->options.sampling, tolerance, max_evaluations);
  if (status == ATTRIB_OK) self->stop_reason = ATTRIB_STOP_NONE;
  return status;
}

static const attrib__method method = {attrib__expected_plan,   gather,         NULL,  attrib__expected_reduce,
                                      attrib__expected_result, error_estimate, extend};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__expected_checked *checked = request;
  bool lattice = checked->options.sampler == ATTRIB_SAMPLER_LATTICE;
  bool halves = lattice && checked->options.first_round > 1;
  attrib__expected parts = {.lines = checked->lines, .entries = checked->entries};
  parts.tally = (attrib__tally){
      .lattice = lattice, .halves = halves || checked->options.then_lattice, .count = checked->entries.count};
  attrib__entries_layout(&parts.entries, arena);
  attrib__tally_layout(&parts.tally, arena);
  parts.tally.halves = halves;
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(attrib__expected *)state = parts;
}

static void init(void *state, const void *request) {
  const attrib__expected_checked *checked = request;
  attrib__expected *self = state;
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
                         .state_size = sizeof(attrib__expected),
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
