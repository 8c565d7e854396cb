/* layer_point.c - layer attributions from the gradient at one point.
 *
 * Planner: h at the activations, h at the baseline's, one of them with its gradient. Reducer: one product per
 * activation. */
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../image/gaussian.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "layer.h"
#include "total.h"

typedef struct layer_point {
  attrib__question ask_output, ask_gradient;
  attrib__layer layer;
  attrib__total total;
  attrib__ends ends;
  int64_t planned;
  /* ODAM */
  void *gradient; /* vector of dtype */
  void *scratch;
} layer_point;

/* Which of the two rows, at the activations (0) and at the baseline's (1), has the gradient. */
static int64_t gradient_row(uint32_t form) {
  if (form == ATTRIB_LAYER_DIFFERENCE) return -1;
  return form == ATTRIB_LAYER_TAYLOR ? 1 : 0;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  layer_point *self = state;
  if (self->planned == 2) return ATTRIB__PLAN_END;
  const bool gradient = self->planned == gradient_row(self->layer.options.form);
  *row = (attrib__row){
      .question = gradient ? &self->ask_gradient : &self->ask_output, .alpha = self->planned == 0 ? 1 : 0, .weight = 1};
  self->planned++;
  return ATTRIB__PLAN_ROW;
}

/* The products are with a - a' where the gradient is taken at a', with a where it is taken there. */
static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)gathering;
  const layer_point *self = state;
  row->to = self->layer.features;
  row->from = row->alpha == 0 ? self->layer.base_features : NULL;
  return ATTRIB_OK;
}

/* a_i g_i where g_i is positive, which it is where a_i g_i has the sign of a_i. */
static void take_positive(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *product) {
  (void)r;
  layer_point *self = state;
  double values[ATTRIB__BLOCK];
  attrib__rows_load(self->layer.dtype, self->layer.features, begin, n, values);
  for (int64_t i = 0; i < n; i++) {
    const bool positive = (product[i] > 0 && values[i] > 0) || (product[i] < 0 && values[i] < 0);
    self->total.sums[begin + i] = positive ? product[i] : 0;
    attrib__sum_add(&row->slope, (positive ? 0 : -product[i])); /* the trace had all of them */
  }
}

static attrib__fault take_blurred(layer_point *self, attrib__results *results) {
  const attrib__layer *layer = &self->layer;
  attrib__fault fault = attrib__contributions(results, layer->dtype, layer->n, true, NULL, NULL, NULL);
  if (fault.status < 0) return fault;
  results->rows->slope = (attrib__sum){0};
  memcpy(self->gradient, results->gradients, (size_t)layer->n * attrib__element_size(layer->dtype));
  attrib__gaussian gaussian;
  attrib__gaussian_begin(&gaussian, layer->dtype, &layer->shape, layer->options.sigma, self->scratch);
  for (int64_t c = 0; c < layer->shape.channels; c++)
    attrib__gaussian_channel(&gaussian, c, self->gradient, self->gradient);
  attrib__results blurred = *results;
  blurred.gradients = self->gradient;
  return attrib__contributions(&blurred, layer->dtype, layer->n, false, self->total.sums, NULL, NULL);
}

static attrib__fault take_gradient(layer_point *self, attrib__results *results) {
  const attrib__layer *layer = &self->layer;
  const bool unit = layer->options.form == ATTRIB_LAYER_GRADIENT;
  if (layer->options.form == ATTRIB_LAYER_ODAM) return take_blurred(self, results);
  if (layer->options.form == ATTRIB_LAYER_CAM)
    return attrib__contributions(results, layer->dtype, layer->n, false, NULL, take_positive, self);
  return attrib__contributions(results, layer->dtype, layer->n, unit, self->total.sums, NULL, NULL);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  layer_point *self = state;
  const attrib__layer *layer = &self->layer;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->gradients != NULL && results->count > 0) fault = take_gradient(self, results);
  for (int64_t r = 0; r < results->count && fault.status == ATTRIB_OK; r++) {
    if (results->rows[r].alpha == 0)
      attrib__ends_add(&self->ends, 1, results->outputs[r]);
    else
      self->ends.output = results->outputs[r];
    if (layer->options.form == ATTRIB_LAYER_DIFFERENCE)
      attrib__rows_displacement(layer->dtype, layer->features, layer->base_features, 0, layer->n, self->total.sums);
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  layer_point *self = state;
  report->points = 1;
  if (self->layer.options.form == ATTRIB_LAYER_ODAM) report->sigma = self->layer.options.sigma;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  status = attrib__ends_judge(&self->ends, context, self->layer.options.completeness_threshold, report);
  if (status >= 0) attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__layer *layer = request;
  layer_point parts = {.layer = *layer};
  parts.total = (attrib__total){.n = layer->n,
                                .n_groups = layer->options.n_groups,
                                .groups = layer->options.groups,
                                .kind = layer->cut ? "activation" : NULL};
  attrib__total_layout(&parts.total, arena);
  if (layer->options.form == ATTRIB_LAYER_ODAM) {
    size_t bytes = 0;
    if (!attrib__gaussian_scratch(&layer->shape, layer->options.sigma, &bytes)) arena->overflow = true;
    parts.gradient = attrib__carve(arena, layer->n, attrib__element_size(layer->dtype));
    parts.scratch = attrib__carve(arena, 1, bytes);
  }
  if (state != NULL) *(layer_point *)state = parts;
}

static void init(void *state, const void *request) {
  layer_point *self = state;
  const attrib__layer *layer = request;
  self->ask_output = (attrib__question){
      .target = layer->target, .target_weights = layer->options.target_weights, .second = layer->cut};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  attrib__ends_start(&self->ends, 1);
  attrib__total_clear(&self->total);
}

void attrib__layer_point_describe(attrib__start *start, const attrib__layer *layer) {
  start->planned = 2;
  start->method = &method;
  start->state_size = sizeof(layer_point);
  start->layout = layout;
  start->init = init;
  start->request = layer;
}
