/* layer_path.c - layer attributions along the image of the input's straight path.
 *
 * The image is followed by chords. Planner: h at both ends; then, a few chords at a time, the body at their ends, and
 * the head's gradient at their middles. Reducer: keeps the ends, and one running sum per activation of chord times
 * gradient. */
#include <math.h>
#include <string.h>

#include "../engine/contributions.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "layer.h"
#include "total.h"

/* At a time: so many knots are kept, and the same bits need the same number always. */
enum { CHORDS = 8 };

typedef struct layer_path {
  attrib__question ask_body, ask_output, ask_gradient;
  attrib__layer layer;
  attrib__total total;
  attrib__ends ends;
  void *knots[CHORDS + 1]; /* vectors of dtype: ends of the chords at hand */
  /* planner */
  int64_t ends_planned;
  int64_t first;  /* number of knots[0] on the path */
  int64_t chords; /* at hand, and of them the rows planned: of the body, then of the head */
  int64_t planned;
} layer_path;

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* The last knot becomes the first of the next chords. False at the end of the path. */
static bool next_chords(layer_path *self) {
  const int64_t next = self->first + self->chords, left = self->layer.options.points - next;
  if (left == 0) return false;
  self->first = next;
  const size_t size = (size_t)self->layer.n * attrib__element_size(self->layer.dtype);
  memcpy(self->knots[0], self->first == 0 ? self->layer.base_features : self->knots[self->chords], size);
  self->chords = left < CHORDS ? left : CHORDS;
  self->planned = 0;
  /* The path's own end is known, bit for bit. */
  if (self->chords == left) memcpy(self->knots[self->chords], self->layer.features, size);
  return true;
}

/* Knots at hand that the body is to be asked for. */
static int64_t knots_asked(const layer_path *self) {
  return self->first + self->chords == self->layer.options.points ? self->chords - 1 : self->chords;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  layer_path *self = state;
  *row = (attrib__row){.question = &self->ask_output, .weight = 1};
  if (self->ends_planned < 2) {
    row->alpha = self->ends_planned++ == 0 ? 1 : 0;
    return ATTRIB__PLAN_ROW;
  }
  if (self->planned == knots_asked(self) + self->chords) {
    if (!settled) return ATTRIB__PLAN_WAIT;
    if (!next_chords(self)) return ATTRIB__PLAN_END;
  }
  const int64_t knots = knots_asked(self);
  if (self->planned == knots && !settled) return ATTRIB__PLAN_WAIT;
  if (self->planned < knots) {
    row->question = &self->ask_body;
    row->nth = self->planned + 1;
    row->alpha = (double)(self->first + row->nth) / (double)self->layer.options.points;
  } else {
    row->question = &self->ask_gradient;
    row->nth = self->planned - knots;
    row->baseline = self->first + row->nth;
    row->alpha = 0.5;
  }
  self->planned++;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)gathering;
  const layer_path *self = state;
  if (row->question == &self->ask_body) {
    row->from = self->layer.baseline;
    row->to = self->layer.input;
  } else if (row->question == &self->ask_output) {
    row->from = self->layer.base_features;
    row->to = self->layer.features;
  } else {
    row->from = self->knots[row->nth];
    row->to = self->knots[row->nth + 1];
  }
  return ATTRIB_OK;
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static attrib__fault keep_knots(layer_path *self, const attrib__results *results) {
  for (int64_t r = 0; r < results->count; r++) {
    const double *outputs = results->outputs + r * results->output_columns;
    const int64_t bad =
        attrib__layer_store(self->layer.dtype, self->layer.n, outputs, self->knots[results->rows[r].nth]);
    if (bad >= 0) return (attrib__fault){.status = ATTRIB_E_OVERFLOW, .row = r, .index = bad, .value = outputs[bad]};
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

static attrib__fault reduce(void *state, attrib__results *results) {
  layer_path *self = state;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  if (results->rows->question == &self->ask_body) return keep_knots(self, results);
  if (results->gradients != NULL)
    return attrib__contributions(results, self->layer.dtype, self->layer.n, false, self->total.sums, NULL, NULL);
  for (int64_t r = 0; r < results->count; r++) {
    if (results->rows[r].alpha == 1)
      self->ends.output = results->outputs[r];
    else
      attrib__ends_add(&self->ends, 1, results->outputs[r]);
  }
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  layer_path *self = state;
  report->rule = ATTRIB_RULE_MIDPOINT;
  report->points = self->layer.options.points;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  status = attrib__ends_judge(&self->ends, context, self->layer.options.completeness_threshold, report);
  if (status >= 0) attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__layer *layer = request;
  layer_path parts = {.layer = *layer};
  parts.total = (attrib__total){
      .n = layer->n, .n_groups = layer->options.n_groups, .groups = layer->options.groups, .kind = "activation"};
  attrib__total_layout(&parts.total, arena);
  for (int k = 0; k <= CHORDS; k++) parts.knots[k] = attrib__carve(arena, layer->n, attrib__element_size(layer->dtype));
  if (state != NULL) *(layer_path *)state = parts;
}

static void init(void *state, const void *request) {
  layer_path *self = state;
  const attrib__layer *layer = request;
  self->ask_body = (attrib__question){.target = ATTRIB_NO_TARGET, .all_outputs = true};
  self->ask_output =
      (attrib__question){.target = layer->target, .target_weights = layer->options.target_weights, .second = true};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  attrib__ends_start(&self->ends, 1);
  attrib__total_clear(&self->total);
}

void attrib__layer_path_describe(attrib__start *start, const attrib__layer *layer) {
  start->planned = 1 + 2 * layer->options.points; /* two ends, a knot between every two chords, the chords */
  start->together = CHORDS;
  start->method = &method;
  start->state_size = sizeof(layer_path);
  start->layout = layout;
  start->init = init;
  start->request = layer;
}
