/* agi.c - adversarial gradient integration: paths that climb towards other classes.
 *
 * Planner: class by class, point by point; at each point a row for the gradient of the adversarial class, which says
 * where the next point lies, then a row for that of the explained output. Reducer: steps, and adds the latter gradient
 * times moves to a running sum per feature. */

#include <string.h>

#include "../engine/contributions.h"
#include "../engine/engine.h"
#include "../engine/points.h"
#include "../rows/rows.h"
#include "../rows/vectors.h"
#include "agi_options.h"
#include "attributions.h"
#include "entries.h"
#include "kept.h"
#include "scores.h"
#include "steps.h"
#include "total.h"

typedef enum agi_phase { TOWARDS, EXPLAINED } agi_phase;

typedef struct agi {
  attrib__question ask_output, ask_gradient, ask_class;
  const void *input;
  attrib_agi_options options;
  attrib__range range;
  int64_t n_outputs, target;
  attrib__total total;
  attrib__ends ends;
  attrib__steps steps;
  /* recalibrated */
  bool recalibrated, by_class; /* by_class: what is judged is the mean over a path's points */
  attrib__entries entries;
  attrib__kept kept;
  double *means;          /* by entry, of the path under way: sums, until it ends */
  int64_t points, judged; /* of this path, and in all: what has been judged, points or paths */
  /* planner */
  int64_t path; /* index of the class */
  /* reducer */
  int64_t reached; /* classes seen to be the largest */
  bool stood;      /* on a path no step led away from the input, and not for having reached the class */
  agi_phase phase;
  bool completed; /* the path's last row is planned */
} agi;

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* Without a list: as many classes as asked for, evenly over all but the target. */
static int64_t class_of(const agi *self, int64_t path) {
  if (self->options.classes != NULL) return self->options.classes[path];
  const int64_t others = self->n_outputs - (self->target == ATTRIB_NO_TARGET ? 0 : 1);
  const int64_t steps = others / self->options.n_classes, rest = others % self->options.n_classes;
  const int64_t other = path * steps + path * rest / self->options.n_classes;
  return self->target != ATTRIB_NO_TARGET && other >= self->target ? other + 1 : other;
}

static void begin_path(agi *self) {
  attrib__steps_begin(&self->steps, self->input);
  self->completed = false;
  self->ask_class.target = class_of(self, self->path);
}

/* The next point of a path, or the first of the next one. False after the last. */
static bool next_point(agi *self) {
  if (self->completed && self->path < self->options.n_classes) self->path++;
  if (self->path == self->options.n_classes) return false; /* asked again, it ends again */
  if (self->completed || self->ask_class.target < 0)
    begin_path(self);
  else
    attrib__steps_go_on(&self->steps);
  self->steps.ended = self->steps.point == self->steps.most;
  return true;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  agi *self = state;
  if (!settled) return ATTRIB__PLAN_WAIT;
  for (;;) {
    if (self->phase == TOWARDS && !next_point(self)) return ATTRIB__PLAN_END;
    *row = (attrib__row){.baseline = self->path};
    attrib__steps_row(&self->steps, row);
    if (self->phase == TOWARDS && !self->steps.ended) {
      row->question = &self->ask_class;
      self->phase = EXPLAINED;
      return ATTRIB__PLAN_ROW;
    }
    const bool gradient = self->recalibrated || !self->steps.ended || !self->steps.left;
    row->question = gradient ? &self->ask_gradient : &self->ask_output;
    self->phase = TOWARDS;
    self->completed = self->steps.ended;
    if (!self->recalibrated || self->steps.point > 0) return ATTRIB__PLAN_ROW; /* else x - x has no product */
  }
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  (void)row;
  attrib__steps_place(&((const agi *)state)->steps, placing);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void step(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *gradient) {
  (void)row, (void)r;
  agi *self = state;
  double values[ATTRIB__BLOCK];
  attrib__rows_load(self->steps.dtype, self->steps.current, begin, n, values);
  for (int64_t i = 0; i < n; i++) {
    const double sign = (gradient[i] > 0) - (gradient[i] < 0);
    values[i] = attrib__range_clip(&self->range, values[i] + self->options.step * sign);
  }
  attrib__rows_store(self->steps.dtype, self->steps.next, begin, n, values);
}

static attrib__fault take_class(agi *self, attrib__results *results) {
  attrib__fault fault = attrib__contributions(results, self->steps.dtype, self->steps.n, true, NULL, step, self);
  if (fault.status < 0) return fault;
  if (self->ask_class.all_outputs &&
      attrib__scores_predicted(results->output_columns, results->outputs) == self->ask_class.target) {
    self->steps.ended = true;
    self->reached++;
  } else if (!attrib__steps_move(&self->steps)) {
    self->steps.ended = true;
    if (self->steps.point == 0) self->stood = true;
  }
  return self->steps.ended ? fault : attrib__steps_check(&self->steps);
}

static void judge(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *contribution) {
  (void)row, (void)r;
  agi *self = state;
  if (!self->by_class) {
    attrib__kept_take(&self->kept, 1, begin, n, contribution);
    return;
  }
  double *means = self->means + begin;
  if (self->points == 1) memset(means, 0, (size_t)n * sizeof *means);
  attrib__vector_add(n, 1, contribution, means);
  if (!self->steps.ended) return;
  for (int64_t i = 0; i < n; i++) means[i] /= (double)self->points;
  attrib__kept_take(&self->kept, 1, begin, n, means);
}

/* (x - x_m) times the gradient at x_m, kept or dropped by its sign. */
static attrib__fault take_recalibrated(agi *self, attrib__results *results) {
  results->rows->from = self->steps.current;
  results->rows->to = self->input;
  self->points = self->steps.point;
  attrib__fault fault = attrib__entries_take(&self->entries, results, judge, self);
  if (fault.status == ATTRIB_OK && (!self->by_class || self->steps.ended)) self->judged++;
  return fault;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  agi *self = state;
  if (results->count == 0) return (attrib__fault){.status = ATTRIB_OK};
  const attrib__row *row = results->rows;
  if (row->question == &self->ask_class) return take_class(self, results);
  if (self->recalibrated) return take_recalibrated(self, results);
  attrib__fault fault = {.status = ATTRIB_OK};
  const double weight = 1 / (double)self->options.n_classes;
  if (results->gradients != NULL) fault = attrib__steps_take(&self->steps, results, weight, self->total.sums);
  if (fault.status < 0) return fault;
  if (row->nth == 0) self->ends.output = results->outputs[0];
  if (self->steps.ended) attrib__ends_add(&self->ends, weight, results->outputs[0]);
  return fault;
}

static attrib_status result_recalibrated(agi *self, attrib_context *context, double *attributions,
                                         attrib_report *report) {
  const double total = self->judged > 0 ? (double)self->judged : 1;
  self->kept.unit = total;
  attrib_status status = attrib__kept_judge(&self->kept, context, total, report);
  if (status == ATTRIB_OK) attrib__kept_write(&self->kept, total, attributions, report);
  return status;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  agi *self = state;
  report->rule = self->options.rule;
  report->points = self->options.steps;
  if (self->stood) report->notes |= ATTRIB_NOTE_NO_STEP;
  if (self->ask_class.all_outputs && self->path == self->options.n_classes)
    report->objective = (double)self->reached / (double)self->options.n_classes;
  if (self->recalibrated) return result_recalibrated(self, context, attributions, report);
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  status = attrib__ends_judge(&self->ends, context, self->options.completeness_threshold, report);
  if (status >= 0) attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, attrib__points_placed, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void lay_out_recalibrated(agi *parts, const attrib_model *model, attrib__arena *arena) {
  const attrib_agi_options *options = &parts->options;
  parts->by_class = options->mode == ATTRIB_RECALIBRATE_VALID_REF;
  parts->entries = (attrib__entries){.dtype = model->dtype,
                                     .n = model->n_inputs,
                                     .count = attrib__total_count(&parts->total),
                                     .groups = options->groups};
  parts->kept = (attrib__kept){.strict = (options->flags & ATTRIB_RECALIBRATE_STRICT) != 0,
                               .undivided = (options->flags & ATTRIB_RECALIBRATE_NORM_ALL) != 0,
                               .kind = options->groups != NULL ? "group" : "input",
                               .count = parts->entries.count};
  attrib__entries_layout(&parts->entries, arena);
  attrib__kept_layout(&parts->kept, arena);
  if (parts->by_class) parts->means = attrib__carve(arena, parts->entries.count, sizeof *parts->means);
}

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__agi_checked *checked = request;
  const attrib_model *model = checked->model;
  agi parts = {.input = checked->input,
               .options = checked->options,
               .range = checked->range,
               .n_outputs = model->n_outputs,
               .target = checked->target};
  parts.total =
      (attrib__total){.n = model->n_inputs, .n_groups = checked->options.n_groups, .groups = checked->options.groups};
  parts.recalibrated = checked->options.mode != 0;
  if (parts.recalibrated)
    lay_out_recalibrated(&parts, model, arena);
  else
    attrib__total_layout(&parts.total, arena);
  parts.steps = (attrib__steps){.dtype = model->dtype,
                                .left = checked->options.rule == ATTRIB_RULE_LEFT,
                                .n = model->n_inputs,
                                .most = checked->options.steps};
  attrib__steps_layout(&parts.steps, arena);
  if (state != NULL) *(agi *)state = parts;
}

static void init(void *state, const void *request) {
  agi *self = state;
  const attrib__agi_checked *checked = request;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = checked->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->ask_class = (attrib__question){
      .target = -1,
      .gradients = true,
      .all_outputs = (checked->model->flags & ATTRIB_MODEL_ALL_OUTPUTS) != 0 && checked->model->n_outputs > 0,
      .untraced = true};
  attrib__ends_start(&self->ends, self->options.n_classes);
  if (self->recalibrated) {
    self->ask_gradient.untraced = true; /* no path: what is kept of a point is not what it adds */
    attrib__kept_clear(&self->kept);
  } else {
    attrib__total_clear(&self->total);
  }
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__agi_checked checked;
  attrib__start start = {.gradients = true,
                         .together = 1,
                         .method = &method,
                         .state_size = sizeof(agi),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__agi_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  const bool all = start.model.flags & ATTRIB_MODEL_ALL_OUTPUTS && start.model.n_outputs > 0;
  start.output_columns = all ? start.model.n_outputs : 1;
  start.n_groups = checked.options.n_groups;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_agi(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                         const attrib_agi_options *options, double *attributions, attrib_report *report) {
  const attrib__agi_request request = {model, input, target, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_agi_start(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                               const attrib_agi_options *options, attrib_run **run) {
  const attrib__agi_request request = {model, input, target, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
