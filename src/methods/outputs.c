/* outputs.c - the model's outputs for a set of rows, through the same engine and the same checks. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <attrib/methods.h>

#include "../baselines/baselines.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "../rows/rows.h"

typedef struct outputs_request {
  const attrib_model *model;
  const attrib_baselines *rows;
  int64_t target;
  const double *target_weights;
  double *outputs; /* the caller's, count x columns */
  attrib__baselines set;
} outputs_request;

typedef struct collector {
  attrib__question question;
  attrib__baselines set;
  double *outputs;
  int64_t next;
} collector;

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled;
  collector *self = state;
  if (self->next == self->set.set.count) return ATTRIB__PLAN_END;
  row->baseline = self->next++;
  row->question = &self->question;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  collector *self = state;
  const void *source;
  row->placed = true;
  attrib_status status =
      attrib__baselines_row(gathering->context, &self->set, row->baseline, &source, &gathering->callback_status);
  if (status == ATTRIB_OK)
    memcpy(gathering->placing.point, source, (size_t)self->set.n * attrib__element_size(self->set.dtype));
  return status;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  collector *self = state;
  int64_t columns = results->output_columns;
  if (results->count == 0) return (attrib__fault){.status = ATTRIB_OK};
  memcpy(self->outputs + results->rows[0].baseline * columns, results->outputs,
         (size_t)(results->count * columns) * sizeof *self->outputs);
  return (attrib__fault){.status = ATTRIB_OK};
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  (void)state;
  (void)context;
  (void)attributions; /* the rows went to the caller's buffer as they came */
  (void)report;
  return ATTRIB_OK;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

static void layout(void *state, const void *request, attrib__arena *arena) {
  const outputs_request *checked = request;
  attrib__baselines set = checked->set;
  attrib__baselines_layout(&set, arena);
  if (state != NULL) ((collector *)state)->set = set;
}

static void init(void *state, const void *request) {
  collector *self = state;
  const outputs_request *checked = request;
  self->outputs = checked->outputs;
  self->question =
      (attrib__question){.target = checked->target,
                         .target_weights = checked->target_weights,
                         .all_outputs = checked->target == ATTRIB_NO_TARGET && checked->target_weights == NULL};
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  outputs_request checked = *(const outputs_request *)given;
  attrib__model_use use = {.all_outputs = checked.target == ATTRIB_NO_TARGET && checked.target_weights == NULL,
                           .pull = pull,
                           .target = checked.target,
                           .target_weights = checked.target_weights};
  attrib__start start = {
      .method = &method, .state_size = sizeof(collector), .layout = layout, .init = init, .request = &checked};
  if (checked.outputs == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "outputs is NULL");
  attrib_status status = attrib__model_read(context, checked.model, &use, &start.model);
  if (status < 0) return status;
  start.output_columns = use.all_outputs ? start.model.n_outputs : 1;
  status = attrib__baselines_read(context, "rows", checked.rows, &start.model, &checked.set);
  if (status < 0) return status;
  if (checked.set.set.weights != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "rows->weights must be NULL: nothing is averaged here");
  int64_t count;
  if (!attrib__count_multiply(checked.set.set.count, use.all_outputs ? start.model.n_outputs : 1, &count) ||
      (uint64_t)count > PTRDIFF_MAX / sizeof(double))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "rows->count = %" PRId64 ": too many outputs",
                        checked.set.set.count);
  start.planned = checked.set.set.count;
  status = attrib__run_create(context, &start, pull, run);
  /* From here on only the model can fail; what is not reached stays NaN. */
  for (int64_t i = 0; i < count && status == ATTRIB_OK; i++) checked.outputs[i] = (double)NAN;
  return status;
}

attrib_status attrib_outputs(attrib_context *context, const attrib_model *model, const attrib_baselines *rows,
                             int64_t target, const double *target_weights, double *outputs, attrib_report *report) {
  const outputs_request request = {
      .model = model, .rows = rows, .target = target, .target_weights = target_weights, .outputs = outputs};
  return attrib__run_call(context, prepare, &request, outputs, report);
}
