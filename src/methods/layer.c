/* layer.c - layer attributions: the activations at input and baseline, and then whatever form was asked for, as a
 * method of its own whose start is wrapped here. */
#include "layer.h"

#include <math.h>
#include <string.h>

#include "../model/model.h"
#include "../rows/rows.h"
#include "integral.h"
#include "options.h"

typedef struct layer_request {
  const attrib_model *body, *head;
  const void *input;
  int64_t target;
  const void *baseline;
  const attrib_layer_options *options;
  double *attributions;
} layer_request;

typedef struct layer_checked {
  attrib__layer layer;
  attrib__integral_checked integral; /* of LINE */
  attrib__start form;
} layer_checked;

typedef struct staged {
  attrib__question ask_body;
  uint32_t dtype;
  int64_t n_inputs, n;
  const void *ends[2]; /* the caller's baseline and input */
  void *features[2];   /* their activations */
  int64_t planned;     /* of the two rows */
  bool found;          /* both are in */
  const attrib__method *form;
  void *form_state;
} staged;

int64_t attrib__layer_store(uint32_t dtype, int64_t n, const double *outputs, void *row) {
  attrib__rows_store(dtype, row, 0, n, outputs);
  return attrib__rows_find_nonfinite(dtype, row, n);
}

/* -- the wrapped method ------------------------------------------------------------------------------------------- */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  staged *self = state;
  if (self->planned < 2) {
    *row = (attrib__row){.question = &self->ask_body, .alpha = (double)self->planned, .nth = self->planned};
    self->planned++;
    return ATTRIB__PLAN_ROW;
  }
  /* The form's rows lie on activations, so these must be in. */
  if (!self->found && !settled) return ATTRIB__PLAN_WAIT;
  self->found = true;
  return self->form->plan(self->form_state, settled, row);
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  staged *self = state;
  if (row->question != &self->ask_body) return self->form->gather(self->form_state, row, gathering);
  row->from = self->ends[0];
  row->to = self->ends[1];
  return ATTRIB_OK;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  staged *self = state;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  if (results->rows->question != &self->ask_body) return self->form->reduce(self->form_state, results);
  for (int64_t r = 0; r < results->count; r++) {
    const double *outputs = results->outputs + r * results->output_columns;
    const int64_t bad = attrib__layer_store(self->dtype, self->n, outputs, self->features[results->rows[r].nth]);
    if (bad >= 0) return (attrib__fault){.status = ATTRIB_E_OVERFLOW, .row = r, .index = bad, .value = outputs[bad]};
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  staged *self = state;
  return self->form->result(self->form_state, context, attributions, report);
}

static double error_estimate(const void *state) {
  const staged *self = state;
  return self->form->error_estimate == NULL ? (double)NAN : self->form->error_estimate(self->form_state);
}

static attrib_status extend(void *state, attrib_context *context, double tolerance, int64_t max_evaluations) {
  staged *self = state;
  if (self->form->extend != NULL) return self->form->extend(self->form_state, context, tolerance, max_evaluations);
  return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "run: its form takes no tolerance, and cannot be extended");
}

static const attrib__method method = {plan, gather, NULL, reduce, result, error_estimate, extend};

/* -- start -------------------------------------------------------------------------------------------------------- */

/* The form's request learns where the activations lie before the form lays out its state. */
static void layout(void *state, const void *request, attrib__arena *arena) {
  layer_checked *checked = (layer_checked *)request; /* prepare's own */
  attrib__layer *layer = &checked->layer;
  const size_t size = attrib__element_size(layer->dtype);
  staged parts = {.dtype = layer->dtype,
                  .n_inputs = layer->n_inputs,
                  .n = layer->n,
                  .ends = {layer->baseline, layer->input},
                  .form = checked->form.method};
  for (int k = 0; k < 2; k++) parts.features[k] = attrib__carve(arena, layer->n, size);
  parts.form_state = attrib__carve(arena, 1, checked->form.state_size);
  layer->base_features = parts.features[0];
  layer->features = parts.features[1];
  checked->integral.lines.baselines.set.rows = checked->integral.adaptive.lines.baselines.set.rows = parts.features[0];
  checked->integral.lines.input = checked->integral.adaptive.lines.input = parts.features[1];
  if (state != NULL) memset(parts.form_state, 0, checked->form.state_size);
  checked->form.layout(parts.form_state, checked->form.request, arena);
  if (state != NULL) *(staged *)state = parts;
}

static void init(void *state, const void *request) {
  const layer_checked *checked = request;
  staged *self = state;
  self->ask_body = (attrib__question){.target = ATTRIB_NO_TARGET, .all_outputs = true};
  checked->form.init(self->form_state, checked->form.request);
}

/* The straight line between two rows that are there when its first row is gathered. */
static attrib__lines line_between(const attrib__layer *layer) {
  return (attrib__lines){.kind = ATTRIB__LINES_BASELINES,
                         .dtype = layer->dtype,
                         .n = layer->n,
                         .count = 1,
                         .input = layer->features,
                         .baselines = {.set = {.struct_size = sizeof(attrib_baselines),
                                               .count = 1,
                                               .stride = layer->n,
                                               .rows = layer->base_features},
                                       .name = "baseline",
                                       .dtype = layer->dtype,
                                       .n = layer->n,
                                       .used = 1,
                                       .total_weight = 1,
                                       .cached = -1,
                                       .checked = -1}};
}

/* The form as if it stood alone. */
static attrib_status describe_form(attrib_context *context, layer_checked *checked) {
  attrib__layer *layer = &checked->layer;
  if (layer->options.form == ATTRIB_LAYER_PATH) {
    attrib__layer_path_describe(&checked->form, layer);
  } else if (layer->options.form != ATTRIB_LAYER_LINE) {
    attrib__layer_point_describe(&checked->form, layer);
  } else {
    checked->integral.lines = line_between(layer);
    checked->integral.target = layer->target;
    checked->integral.second = layer->cut;
    return attrib__integral_describe(context, &checked->form, &checked->integral);
  }
  return ATTRIB_OK;
}

static attrib_status create(attrib_context *context, layer_checked *checked, bool pull, attrib_run **run) {
  attrib__start start = checked->form;
  if (!checked->layer.cut) return attrib__run_create(context, &start, pull, run);
  start.planned = checked->form.planned > 0 ? checked->form.planned + 2 : 0;
  if (start.together == 1) start.together = 2;
  /* All but PATH ask the body for the two ends alone: batches need no room for the activations of more. */
  uint32_t *most = &start.model.max_rows;
  if (checked->layer.options.form != ATTRIB_LAYER_PATH && (*most == 0 || *most > 2)) *most = 2;
  start.method = &method;
  start.state_size = sizeof(staged);
  start.layout = layout;
  start.init = init;
  start.request = checked;
  return attrib__run_create(context, &start, pull, run);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const layer_request *request = given;
  layer_checked checked = {.layer = {.target = request->target, .cut = request->body != NULL}};
  attrib__layer *layer = &checked.layer;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK)
    status = attrib__layer_options_read(context, request->options, layer, &checked.integral.options);
  if (status == ATTRIB_OK)
    status = attrib__layer_models_read(context, request->body, request->head, pull, layer, &checked.form);
  if (status < 0) return status;
  const attrib_model *first = &checked.form.model;
  status = attrib__check_row(context, "input", first, request->input);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "baseline", first, request->baseline);
  if (status == ATTRIB_OK)
    status = attrib__groups_check(context, layer->options.n_groups, layer->options.groups, layer->n);
  if (status == ATTRIB_OK) status = attrib__layer_shape_read(context, layer);
  if (status < 0) return status;
  layer->input = layer->features = request->input;
  layer->baseline = layer->base_features = request->baseline;
  status = describe_form(context, &checked);
  return status == ATTRIB_OK ? create(context, &checked, pull, run) : status;
}

attrib_status attrib_layer_attributions(attrib_context *context, const attrib_model *body, const attrib_model *head,
                                        const void *input, int64_t target, const void *baseline,
                                        const attrib_layer_options *options, double *attributions,
                                        attrib_report *report) {
  const layer_request request = {body, head, input, target, baseline, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_layer_attributions_start(attrib_context *context, const attrib_model *body,
                                              const attrib_model *head, const void *input, int64_t target,
                                              const void *baseline, const attrib_layer_options *options,
                                              attrib_run **run) {
  const layer_request request = {body, head, input, target, baseline, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
