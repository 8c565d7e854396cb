/* agi.c - adversarial gradient integration: paths that climb towards other classes.
 *
 * Planner: class by class, point by point; at each point a row for the gradient of the adversarial class, which says
 * where the next point lies, then a row for that of the explained output. Reducer: steps, and adds the latter gradient
 * times moves to a running sum per feature. */
#include <inttypes.h>
#include <math.h>

#include <attrib/paths.h>

#include "../base/first_size.h"
#include "../engine/contributions.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "../model/range.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "options.h"
#include "scores.h"
#include "steps.h"
#include "total.h"

enum { DEFAULT_STEPS = 15, DEFAULT_CLASSES = 15 };
#define MOST_STEPS (INT64_C(1) << 40)
#define MOST_CLASSES (INT64_C(1) << 31) /* so that the square does not overflow */
static const double DEFAULT_STEP = 0.05;

typedef struct agi_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_agi_options *options;
  double *attributions;
} agi_request;

typedef struct agi_checked {
  const attrib_model *model;
  const void *input;
  int64_t target;
  attrib_agi_options options;
  attrib__range range;
} agi_checked;

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
  /* planner */
  int64_t path; /* index of the class */
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

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  agi *self = state;
  if (!settled) return ATTRIB__PLAN_WAIT;
  if (self->phase == TOWARDS) {
    if (self->completed && self->path < self->options.n_classes) self->path++;
    if (self->path == self->options.n_classes) return ATTRIB__PLAN_END; /* asked again, it ends again */
    if (self->completed || self->ask_class.target < 0)
      begin_path(self);
    else
      attrib__steps_go_on(&self->steps);
    self->steps.ended = self->steps.point == self->steps.most;
  }
  *row = (attrib__row){.baseline = self->path};
  attrib__steps_row(&self->steps, row);
  if (self->phase == TOWARDS && !self->steps.ended) {
    row->question = &self->ask_class;
    self->phase = EXPLAINED;
    return ATTRIB__PLAN_ROW;
  }
  row->question = self->steps.ended && self->steps.left ? &self->ask_output : &self->ask_gradient;
  self->phase = TOWARDS;
  self->completed = self->steps.ended;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)state, (void)gathering;
  row->placed = true;
  return ATTRIB_OK;
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
  if (self->ask_class.all_outputs &&
      attrib__scores_predicted(results->output_columns, results->outputs) == self->ask_class.target)
    self->steps.ended = true;
  if (fault.status == ATTRIB_OK && !attrib__steps_move(&self->steps)) self->steps.ended = true;
  return fault;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  agi *self = state;
  if (results->count == 0) return (attrib__fault){.status = ATTRIB_OK};
  const attrib__row *row = results->rows;
  if (row->question == &self->ask_class) return take_class(self, results);
  attrib__fault fault = {.status = ATTRIB_OK};
  const double weight = 1 / (double)self->options.n_classes;
  if (results->gradients != NULL) fault = attrib__steps_take(&self->steps, results, weight, self->total.sums);
  if (fault.status < 0) return fault;
  if (row->nth == 0) self->ends.output = results->outputs[0];
  if (self->steps.ended) attrib__ends_add(&self->ends, weight, results->outputs[0]);
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  agi *self = state;
  report->rule = self->options.rule;
  report->points = self->options.steps;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  status = attrib__ends_judge(&self->ends, context, self->options.completeness_threshold, report);
  if (status >= 0) attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const agi_checked *checked = request;
  const attrib_model *model = checked->model;
  agi parts = {.input = checked->input,
               .options = checked->options,
               .range = checked->range,
               .n_outputs = model->n_outputs,
               .target = checked->target};
  parts.total =
      (attrib__total){.n = model->n_inputs, .n_groups = checked->options.n_groups, .groups = checked->options.groups};
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
  const agi_checked *checked = request;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = checked->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  self->ask_class = (attrib__question){
      .target = -1,
      .gradients = true,
      .all_outputs = (checked->model->flags & ATTRIB_MODEL_ALL_OUTPUTS) != 0 && checked->model->n_outputs > 0,
      .untraced = true};
  attrib__ends_start(&self->ends, self->options.n_classes);
  attrib__total_clear(&self->total);
}

static attrib_status read_options(attrib_context *context, const attrib_agi_options *given,
                                  attrib_agi_options *options) {
  *options = (attrib_agi_options){.struct_size = sizeof *options};
  if (given != NULL) {
    attrib_status status =
        attrib__read_struct(context, "options", given, ATTRIB__FIRST_AGI_OPTIONS, options, sizeof *options);
    if (status < 0) return status;
  }
  if (options->flags != 0 || options->reserved0 != 0 || options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved0 = %" PRIu32
                        ", reserved = %p: this version knows none",
                        options->flags, options->reserved0, options->reserved);
  attrib_status status = attrib__path_rule(context, &options->rule);
  if (status < 0) return status;
  if (options->steps == 0) options->steps = DEFAULT_STEPS;
  status = attrib__option_count(context, "steps", options->steps, 1, MOST_STEPS);
  if (status < 0) return status;
  if (!(options->step >= 0) || !isfinite(options->step))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->step = %g: must be finite and not negative",
                        options->step);
  if (options->step == 0) options->step = DEFAULT_STEP;
  return attrib__threshold_check(context, options->completeness_threshold, 0);
}

/* A number of classes that the model has, or the default for it. */
static attrib_status check_grid(attrib_context *context, const attrib_model *model, int64_t target,
                                int64_t *n_classes) {
  const int64_t others = model->n_outputs - (target == ATTRIB_NO_TARGET ? 0 : 1);
  if (model->n_outputs == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->classes is NULL, and model->n_outputs is not stated (0): name the classes");
  if (*n_classes == 0) *n_classes = others < DEFAULT_CLASSES ? others : DEFAULT_CLASSES;
  if (*n_classes > others || others == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->n_classes = %" PRId64 ": the model has %" PRId64 " outputs beside the target",
                        *n_classes, others);
  return ATTRIB_OK;
}

static attrib_status check_class(attrib_context *context, const attrib_model *model, int64_t target, int64_t k,
                                 int64_t q) {
  if (q < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->classes[%" PRId64 "] = %" PRId64 ": must not be negative",
                        k, q);
  if (model->n_outputs > 0 && q >= model->n_outputs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->classes[%" PRId64 "] = %" PRId64 ": the model has %" PRId64 " outputs", k, q,
                        model->n_outputs);
  if (q == target)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->classes[%" PRId64 "] = %" PRId64 ": that is the target",
                        k, q);
  return ATTRIB_OK;
}

static attrib_status check_classes(attrib_context *context, const attrib_model *model, int64_t target,
                                   attrib_agi_options *options) {
  if (options->classes != NULL && options->n_classes == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->n_classes = 0: classes are given, say how many");
  attrib_status status = options->n_classes == 0
                             ? ATTRIB_OK
                             : attrib__option_count(context, "n_classes", options->n_classes, 1, MOST_CLASSES);
  if (status == ATTRIB_OK && options->classes == NULL) return check_grid(context, model, target, &options->n_classes);
  for (int64_t k = 0; k < options->n_classes && status == ATTRIB_OK; k++)
    status = check_class(context, model, target, k, options->classes[k]);
  return status;
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const agi_request *request = given;
  agi_checked checked = {.input = request->input, .target = request->target};
  if (!pull && request->attributions == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "attributions is NULL");
  attrib_status status = read_options(context, request->options, &checked.options);
  if (status < 0) return status;
  attrib_agi_options *options = &checked.options;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  attrib__start start = {.gradients = true,
                         .together = 1,
                         .n_groups = options->n_groups,
                         .method = &method,
                         .state_size = sizeof(agi),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  status = attrib__model_read(context, request->model, &use, &start.model);
  if (status < 0) return status;
  checked.model = &start.model;
  start.output_columns =
      start.model.flags & ATTRIB_MODEL_ALL_OUTPUTS && start.model.n_outputs > 0 ? start.model.n_outputs : 1;
  status = attrib__groups_check(context, options->n_groups, options->groups, start.model.n_inputs);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", &start.model, request->input);
  if (status == ATTRIB_OK) status = check_classes(context, &start.model, request->target, options);
  if (status == ATTRIB_OK)
    status = attrib__range_read(context, start.model.dtype, options->low, options->high, &checked.range);
  if (status == ATTRIB_OK) status = attrib__range_holds(context, &checked.range, "input", &start.model, request->input);
  return status == ATTRIB_OK ? attrib__run_create(context, &start, pull, run) : status;
}

attrib_status attrib_agi(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                         const attrib_agi_options *options, double *attributions, attrib_report *report) {
  const agi_request request = {model, input, target, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_agi_start(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                               const attrib_agi_options *options, attrib_run **run) {
  const agi_request request = {model, input, target, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
