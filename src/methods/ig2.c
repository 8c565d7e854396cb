/* ig2.c - IG2: a path from the input towards references, in the space of a representation.
 *
 * Planner: by reference its representation; then point by point a row for the point's representation, a row for the
 * gradient of its distance to the reference's, which says where the next point lies, and a row for the explained
 * output. Reducer: steps, and adds the last gradient times moves to a running sum per feature. */
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../rows/length.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "ig2_options.h"
#include "steps.h"
#include "total.h"

/* Without a step of the caller's: a third more than the way is long. */
static const double DEFAULT_REACH = 4.0 / 3;

typedef enum ig2_phase { REFERENCE, REPRESENTED, TOWARDS, EXPLAINED } ig2_phase;

typedef struct ig2 {
  attrib__question ask_output, ask_gradient, ask_representation, ask_distance;
  const void *input;
  attrib_ig2_options options;
  attrib__range range;
  attrib__baselines references;
  int64_t n_features;
  attrib__total total;
  attrib__ends ends;
  attrib__steps steps;
  double *uphill;           /* gradient of the distance of representations */
  double *goal, *direction; /* n_features: the reference's, and from there to the point's, of length 1 */
  double distance;          /* from the point's to the reference's */
  double final_distance;    /* weighted, of the paths that have ended */
  double step;              /* length of this path's */
  bool stood;               /* on a path no step led away from the input, which is not at the reference */
  /* planner */
  int64_t line;    /* number of the reference */
  ig2_phase phase; /* of the next row */
} ig2;

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* What follows the row of `phase`, whose results are in. */
static ig2_phase next_phase(ig2 *self) {
  switch (self->phase) {
    case REFERENCE: return REPRESENTED;
    case REPRESENTED: return self->steps.ended ? EXPLAINED : TOWARDS;
    case TOWARDS: return EXPLAINED;
    case EXPLAINED: break;
  }
  if (!self->steps.ended) {
    attrib__steps_go_on(&self->steps);
    return REPRESENTED;
  }
  self->line++;
  return REFERENCE;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  ig2 *self = state;
  if (!settled) return ATTRIB__PLAN_WAIT;
  self->phase = next_phase(self);
  const int64_t count = self->references.set.count;
  while (self->line < count && attrib__baselines_weight(&self->references, self->line) == 0) self->line++;
  if (self->line == count) {
    self->phase = EXPLAINED; /* asked again, it ends again */
    self->steps.ended = true;
    self->line--;
    return ATTRIB__PLAN_END;
  }
  *row = (attrib__row){.baseline = self->line};
  attrib__steps_row(&self->steps, row);
  switch (self->phase) {
    case REFERENCE:
      row->question = &self->ask_representation;
      row->alpha = 0;
      break;
    case REPRESENTED: row->question = &self->ask_representation; break;
    case TOWARDS: row->question = &self->ask_distance; break;
    case EXPLAINED:
      row->question = self->steps.ended && self->steps.left ? &self->ask_output : &self->ask_gradient;
      break;
  }
  return ATTRIB__PLAN_ROW;
}

static double length_of(const attrib__length *length) {
  return sqrt(length->square) / length->scale;
}

/* A path begins: at the input, with steps that suit its reference. */
static void begin_path(ig2 *self, const void *reference) {
  attrib__steps_begin(&self->steps, self->input);
  self->step = self->options.step;
  if (self->step > 0) return;
  attrib__length way;
  double *displacement = self->uphill; /* has no other use yet */
  attrib__rows_displacement(self->steps.dtype, reference, self->input, 0, self->steps.n, displacement);
  const bool finite = attrib__length_find(ATTRIB_F64, displacement, self->steps.n, &way);
  self->step = finite ? DEFAULT_REACH * length_of(&way) / (double)self->options.steps : (double)INFINITY;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  ig2 *self = state;
  row->placed = true;
  if (self->phase != REFERENCE) return ATTRIB_OK;
  attrib_status status = attrib__baselines_row(gathering->context, &self->references, row->baseline, &row->from,
                                               &gathering->callback_status);
  if (status == ATTRIB_OK) begin_path(self, row->from);
  return status;
}

/* One row at a time is out, so the phase is this row's. */
static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const ig2 *self = state;
  if (self->phase != REFERENCE) {
    attrib__steps_place(&self->steps, placing);
    return;
  }
  memcpy(placing->point, row->from, (size_t)self->steps.n * attrib__element_size(self->steps.dtype));
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static attrib__fault take_representation(ig2 *self, const double *outputs) {
  attrib__length length;
  for (int64_t k = 0; k < self->n_features; k++) self->direction[k] = outputs[k] - self->goal[k];
  if (!attrib__length_find(ATTRIB_F64, self->direction, self->n_features, &length)) {
    const int64_t k = attrib__rows_find_nonfinite(ATTRIB_F64, self->direction, self->n_features);
    return (attrib__fault){.status = ATTRIB_E_OVERFLOW, .index = k, .value = outputs[k]};
  }
  self->distance = length_of(&length);
  self->steps.ended = self->steps.point == self->steps.most || length.square == 0;
  for (int64_t k = 0; k < self->n_features && !self->steps.ended; k++)
    self->direction[k] = self->direction[k] * length.scale / sqrt(length.square);
  return (attrib__fault){.status = ATTRIB_OK};
}

static void take_uphill(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *gradient) {
  (void)row, (void)r;
  memcpy(((ig2 *)state)->uphill + begin, gradient, (size_t)n * sizeof *gradient);
}

/* From this point towards the reference, no farther than to where the distance would be 0 if it went on falling as it
 * does here. Of a linear representation the distance is convex, so the reference is not nearer than that. */
static attrib__fault step_on(ig2 *self) {
  attrib__length slope;
  self->steps.ended = true;
  if (!attrib__length_find(ATTRIB_F64, self->uphill, self->steps.n, &slope) || slope.square == 0) {
    if (self->steps.point == 0) self->stood = true;
    return (attrib__fault){.status = ATTRIB_OK};
  }
  const double norm = sqrt(slope.square), step = fmin(self->step, self->distance * slope.scale / norm);
  double values[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < self->steps.n; begin += ATTRIB__BLOCK) {
    int64_t m = attrib__block_length(begin, self->steps.n);
    attrib__rows_load(self->steps.dtype, self->steps.current, begin, m, values);
    for (int64_t i = 0; i < m; i++)
      values[i] = attrib__range_clip(&self->range, values[i] - step * (self->uphill[begin + i] * slope.scale / norm));
    attrib__rows_store(self->steps.dtype, self->steps.next, begin, m, values);
  }
  self->steps.ended = !attrib__steps_move(&self->steps);
  if (self->steps.ended && self->steps.point == 0) self->stood = true;
  return attrib__steps_check(&self->steps);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  ig2 *self = state;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  const double weight = attrib__baselines_weight(&self->references, results->rows->baseline);
  switch (self->phase) {
    case REFERENCE: memcpy(self->goal, results->outputs, (size_t)self->n_features * sizeof *self->goal); break;
    case REPRESENTED: fault = take_representation(self, results->outputs); break;
    case TOWARDS:
      fault = attrib__contributions(results, self->steps.dtype, self->steps.n, true, NULL, take_uphill, self);
      if (fault.status == ATTRIB_OK) fault = step_on(self);
      break;
    case EXPLAINED:
      if (results->gradients != NULL) fault = attrib__steps_take(&self->steps, results, weight, self->total.sums);
      if (fault.status < 0) break;
      if (self->steps.point == 0) self->ends.output = results->outputs[0];
      if (!self->steps.ended) break;
      attrib__ends_add(&self->ends, weight, results->outputs[0]);
      self->final_distance += weight * self->distance;
      break;
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  ig2 *self = state;
  report->rule = self->options.rule;
  report->points = self->options.steps;
  if (self->stood) report->notes |= ATTRIB_NOTE_NO_STEP;
  if (self->ends.seen == self->ends.wanted) report->objective = self->final_distance;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  status = attrib__ends_judge(&self->ends, context, self->options.completeness_threshold, report);
  if (status >= 0) attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__ig2_checked *checked = request;
  const int64_t n = checked->model->n_inputs;
  ig2 parts = {.input = checked->input,
               .options = checked->options,
               .range = checked->range,
               .references = checked->references,
               .n_features = checked->n_features};
  parts.total = (attrib__total){.n = n, .n_groups = checked->options.n_groups, .groups = checked->options.groups};
  attrib__total_layout(&parts.total, arena);
  parts.steps = (attrib__steps){.dtype = checked->model->dtype,
                                .left = checked->options.rule == ATTRIB_RULE_LEFT,
                                .n = n,
                                .most = checked->options.steps};
  attrib__steps_layout(&parts.steps, arena);
  parts.uphill = attrib__carve(arena, n, sizeof *parts.uphill);
  parts.goal = attrib__carve(arena, parts.n_features, sizeof *parts.goal);
  parts.direction = attrib__carve(arena, parts.n_features, sizeof *parts.direction);
  attrib__baselines_layout(&parts.references, arena);
  if (state != NULL) *(ig2 *)state = parts;
}

static void init(void *state, const void *request) {
  ig2 *self = state;
  const attrib__ig2_checked *checked = request;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = checked->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->ask_representation =
      (attrib__question){.target = ATTRIB_NO_TARGET, .all_outputs = true, .second = checked->second};
  self->ask_distance = (attrib__question){.target = ATTRIB_NO_TARGET,
                                          .target_weights = self->direction,
                                          .gradients = true,
                                          .second = checked->second,
                                          .untraced = true};
  self->phase = EXPLAINED; /* of the path before the first */
  self->steps.ended = true;
  self->line = -1;
  attrib__ends_start(&self->ends, self->references.used);
  attrib__total_clear(&self->total);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__ig2_checked checked;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .together = 1,
                         .method = &method,
                         .state_size = sizeof(ig2),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__ig2_read(context, given, pull, &start, &checked);
  if (status < 0) return status;
  start.n_groups = checked.options.n_groups;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_ig2(attrib_context *context, const attrib_model *model, const attrib_model *representation,
                         const void *input, int64_t target, const attrib_baselines *references,
                         const attrib_ig2_options *options, double *attributions, attrib_report *report) {
  const attrib__ig2_request request = {model, representation, input, target, references, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_ig2_start(attrib_context *context, const attrib_model *model, const attrib_model *representation,
                               const void *input, int64_t target, const attrib_baselines *references,
                               const attrib_ig2_options *options, attrib_run **run) {
  const attrib__ig2_request request = {model, representation, input, target, references, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
