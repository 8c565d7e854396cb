/* guided.c - Guided IG: a path on which the features with the smallest gradients move first.
 *
 * Planner: with the left rule f(x); then from each baseline point by point, each from the gradient at the last.
 * Reducer: takes the gradient of a point, chooses the next one, and adds gradient times moves to a running sum per
 * feature. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/size.h"
#include "../engine/contributions.h"
#include "../engine/engine.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "guided_options.h"
#include "guided_path.h"
#include "total.h"

typedef struct guided {
  attrib__question ask_output, ask_gradient;
  attrib_guided_options options;
  attrib__lines lines;
  attrib__total total;
  attrib__ends ends;
  attrib__guided_path path;
  double *current, *previous; /* vectors: alphas at this point and at the one before; path.alphas are the next one's */
  double *products;           /* vector: displacement times gradient */
  /* planner */
  bool input_planned;
  int64_t line, point;
} guided;

/* -- planner ------------------------------------------------------------------------------------------------------ */

static bool is_left(const guided *self) {
  return self->options.rule == ATTRIB_RULE_LEFT;
}

/* Gradient rows of a path. */
static int64_t points_of(const attrib_guided_options *options) {
  return options->rule == ATTRIB_RULE_LEFT ? options->steps : options->steps + 1;
}

/* Of a row in the sum over its path, for the trace: the stretch of the path that it stands for. */
static double cell(const guided *self, int64_t point) {
  const bool end = !is_left(self) && (point == 0 || point == self->options.steps);
  return (end ? 0.5 : 1) / (double)self->options.steps;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  guided *self = state;
  if (!settled) return ATTRIB__PLAN_WAIT;
  if (is_left(self) && !self->input_planned) {
    self->input_planned = true;
    *row = (attrib__row){.question = &self->ask_output, .baseline = -1, .alpha = (double)NAN};
    return ATTRIB__PLAN_ROW;
  }
  if (self->point == points_of(&self->options)) {
    self->point = 0;
    self->line++;
  }
  while (self->line < self->lines.count && attrib__lines_weight(&self->lines, self->line) == 0) self->line++;
  if (self->line == self->lines.count) return ATTRIB__PLAN_END;
  *row = (attrib__row){.question = &self->ask_gradient,
                       .baseline = self->line,
                       .alpha = (double)self->point / (double)self->options.steps,
                       .weight = cell(self, self->point) * attrib__lines_weight(&self->lines, self->line),
                       .nth = self->point,
                       .of = points_of(&self->options)};
  self->point++;
  return ATTRIB__PLAN_ROW;
}

static void begin_path(guided *self, const attrib__row *row) {
  attrib__rows_displacement(self->lines.dtype, row->to, row->from, 0, self->total.n, self->path.lengths);
  attrib__guided_begin(&self->path);
  memset(self->previous, 0, (size_t)self->total.n * sizeof *self->previous);
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  guided *self = state;
  row->placed = true;
  if (row->baseline < 0) return ATTRIB_OK;
  attrib_status status = attrib__lines_gather(&self->lines, row, gathering);
  if (status == ATTRIB_OK && row->nth == 0) begin_path(self, row);
  return status;
}

/* Every feature at its own part of the way; bit for bit at the ends. */
static void place_block(const guided *self, const attrib__row *row, int64_t begin, int64_t m, void *point) {
  double start[ATTRIB__BLOCK], displacement[ATTRIB__BLOCK], end[ATTRIB__BLOCK];
  attrib__rows_load(self->lines.dtype, row->from, begin, m, start);
  attrib__rows_load(self->lines.dtype, row->to, begin, m, end);
  attrib__rows_displacement(self->lines.dtype, row->to, row->from, begin, m, displacement);
  for (int64_t i = 0; i < m; i++) {
    const double alpha = self->path.alphas[begin + i];
    if (alpha < 1) end[i] = alpha > 0 ? start[i] + alpha * displacement[i] : start[i];
  }
  attrib__rows_store(self->lines.dtype, point, begin, m, end);
}

/* One row at a time is out, so the state is the placing thread's alone. */
static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const guided *self = state;
  if (row->baseline < 0) {
    memcpy(placing->point, self->lines.input, (size_t)self->total.n * attrib__element_size(self->lines.dtype));
    return;
  }
  for (int64_t begin = 0; begin < self->total.n; begin += ATTRIB__BLOCK)
    place_block(self, row, begin, attrib__block_length(begin, self->total.n), placing->point);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void take(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *contribution) {
  (void)row, (void)r;
  memcpy(((guided *)state)->products + begin, contribution, (size_t)n * sizeof *contribution);
}

/* This point's gradient counts for the move from it, or for half of those to it and from it. */
static void add_moves(guided *self, attrib__row *row) {
  const double *from = is_left(self) ? self->current : self->previous, half = is_left(self) ? 1 : 0.5;
  const double weight = attrib__lines_weight(&self->lines, row->baseline), stretch = cell(self, row->nth);
  row->slope = (attrib__sum){0};
  for (int64_t i = 0; i < self->total.n; i++) {
    const double product = half * (self->path.alphas[i] - from[i]) * self->products[i];
    self->total.sums[i] += weight * product;
    attrib__sum_add(&row->slope, product / stretch);
  }
}

static attrib__fault reduce(void *state, attrib__results *results) {
  guided *self = state;
  if (results->count == 0) return (attrib__fault){.status = ATTRIB_OK};
  attrib__row *row = results->rows;
  if (row->baseline < 0) {
    self->ends.output = results->outputs[0];
    return (attrib__fault){.status = ATTRIB_OK};
  }
  attrib__fault fault = attrib__contributions(results, self->lines.dtype, self->total.n, false, NULL, take, self);
  if (fault.status < 0) return fault;
  if (row->nth == 0)
    attrib__ends_add(&self->ends, attrib__lines_weight(&self->lines, row->baseline), results->outputs[0]);
  if (row->nth == self->options.steps) self->ends.output = results->outputs[0];
  memcpy(self->current, self->path.alphas, (size_t)self->total.n * sizeof *self->current);
  if (row->nth < self->options.steps) {
    attrib__rows_load(self->lines.dtype, results->gradients, 0, self->total.n, self->path.sizes);
    attrib__guided_advance(&self->path, row->nth + 1);
  }
  add_moves(self, row);
  double *swap = self->previous;
  self->previous = self->current;
  self->current = swap;
  return fault;
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  guided *self = state;
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
  const attrib__guided_checked *checked = request;
  const int64_t n = checked->lines.n;
  guided parts = {.options = checked->options, .lines = checked->lines};
  parts.total = (attrib__total){.n = n, .n_groups = checked->options.n_groups, .groups = checked->options.groups};
  attrib__total_layout(&parts.total, arena);
  parts.path = (attrib__guided_path){.n = n,
                                     .steps = checked->options.steps,
                                     .fraction = checked->options.fraction,
                                     .max_distance = checked->options.max_distance};
  attrib__guided_layout(&parts.path, arena);
  parts.current = attrib__carve(arena, n, sizeof *parts.current);
  parts.previous = attrib__carve(arena, n, sizeof *parts.previous);
  parts.products = attrib__carve(arena, n, sizeof *parts.products);
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(guided *)state = parts;
}

static void init(void *state, const void *request) {
  guided *self = state;
  self->ask_output = (attrib__question){.target = ((const attrib__guided_checked *)request)->target,
                                        .target_weights = self->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  attrib__ends_start(&self->ends, attrib__lines_starts(&self->lines));
  attrib__total_clear(&self->total);
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__guided_checked checked;
  const attrib_guided_options *options = &checked.options;
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .together = 1,
                         .method = &method,
                         .state_size = sizeof(guided),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  attrib_status status = attrib__guided_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.n_groups = options->n_groups;
  start.spare_rows = attrib__lines_need_spare(&checked.lines);
  if (!attrib__count_multiply(attrib__lines_used(&checked.lines), points_of(options), &start.planned) ||
      start.planned == INT64_MAX)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "options->steps = %" PRId64 " for %" PRId64 " baselines: too many rows", options->steps,
                        attrib__lines_used(&checked.lines));
  start.planned += options->rule == ATTRIB_RULE_LEFT ? 1 : 0;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_guided_integrated_gradients(attrib_context *context, const attrib_model *model, const void *input,
                                                 int64_t target, const attrib_baselines *baselines,
                                                 const attrib_guided_options *options, double *attributions,
                                                 attrib_report *report) {
  const attrib__guided_request request = {model, input, target, baselines, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_guided_integrated_gradients_start(attrib_context *context, const attrib_model *model,
                                                       const void *input, int64_t target,
                                                       const attrib_baselines *baselines,
                                                       const attrib_guided_options *options, attrib_run **run) {
  const attrib__guided_request request = {model, input, target, baselines, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
