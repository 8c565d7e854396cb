/* diff_id.c - DiffID: f without the lowest units less f without the highest, what is taken out filled with the mean of
 * what is left.
 *
 * Planner: the input; then for each number of units that differs INS and DEL. Reducer: keeps f of both. Arguments are
 * read in diff_id_options.c. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "diff_id_options.h"

typedef struct diff_id {
  attrib__diff_id_checked call;
  attrib__ranking ranking;
  int64_t *ranks[ATTRIB__DIFF_ID_KINDS];
  /* planner */
  bool input_planned;
  int64_t point;
  int64_t kind; /* next */
  /* reducer */
  double output, *outputs[ATTRIB__DIFF_ID_KINDS]; /* f without the units of each point; NaN = not known */
} diff_id;

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* The points [nth, of) share a row. Those without units have none. */
static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  diff_id *self = state;
  const int64_t points = self->call.options.points;
  *row =
      (attrib__row){.question = &self->call.response.question, .baseline = ATTRIB__DIFF_ID_INPUT, .alpha = (double)NAN};
  if (!self->input_planned) {
    self->input_planned = true;
    return ATTRIB__PLAN_ROW;
  }
  while (self->point <= points && attrib__grid_count(&self->call.grid, self->point) == 0) self->point++;
  if (self->point > points) return ATTRIB__PLAN_END;
  row->baseline = self->kind;
  row->nth = self->point;
  row->of = attrib__grid_end(&self->call.grid, self->point, points);
  if (self->kind == ATTRIB__DIFF_ID_DEL) self->point = row->of;
  self->kind = self->kind == ATTRIB__DIFF_ID_INS ? ATTRIB__DIFF_ID_DEL : ATTRIB__DIFF_ID_INS;
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  (void)state, (void)gathering;
  row->placed = true;
  return ATTRIB_OK;
}

/* The mean of all elements whose units stay, 0 where there are none: the first one and the mean difference from it, so
 * that of equal ones it is what they are, to the last bit. */
static double mean_of_rest(const diff_id *self, const int64_t *ranks, int64_t out) {
  const attrib__units *units = &self->call.units;
  attrib__sum sum = {0};
  double first = 0, value;
  int64_t count = 0;
  for (int64_t i = 0; i < units->n; i++) {
    if (ranks[attrib__units_of(units, i)] < out) continue;
    attrib__rows_load(units->dtype, self->call.input, i, 1, &value);
    if (count++ == 0) first = value;
    attrib__sum_add(&sum, value - first);
  }
  return count == 0 ? 0 : first + attrib__sum_value(&sum) / (double)count;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const diff_id *self = state;
  const attrib__units *units = &self->call.units;
  memcpy(placing->point, self->call.input, (size_t)units->n * attrib__element_size(units->dtype));
  if (row->baseline == ATTRIB__DIFF_ID_INPUT) return;
  const int64_t *ranks = self->ranks[row->baseline], out = attrib__grid_count(&self->call.grid, row->nth);
  const double mean = mean_of_rest(self, ranks, out);
  for (int64_t i = 0; i < units->n; i++)
    if (ranks[attrib__units_of(units, i)] < out) attrib__rows_store(units->dtype, placing->point, i, 1, &mean);
}

/* -- reducer and result ------------------------------------------------------------------------------------------- */

static attrib__fault reduce(void *state, attrib__results *results) {
  diff_id *self = state;
  for (int64_t r = 0; r < results->count; r++) {
    const attrib__row *row = &results->rows[r];
    const double f = attrib__response_value(&self->call.response, results->outputs + r * results->output_columns);
    if (row->baseline == ATTRIB__DIFF_ID_INPUT) self->output = f;
    for (int64_t i = row->nth; i < row->of; i++) self->outputs[row->baseline][i - 1] = f;
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

/* f at a point, as the metric has it. */
static double share(const diff_id *self, int64_t kind, int64_t i) {
  const double f = attrib__grid_count(&self->call.grid, i) == 0 ? self->output : self->outputs[kind][i - 1];
  if (self->call.options.flags & ATTRIB_METRIC_ACCURACY) return f;
  return self->output == 0 ? (double)NAN : f / self->output;
}

static attrib_status result(void *state, attrib_context *context, double *values, attrib_report *report) {
  const diff_id *self = state;
  const int64_t points = self->call.options.points;
  report->points = points;
  report->seed = self->call.options.seed;
  report->output = self->output;
  attrib__sum sum = {0};
  bool known = true;
  for (int64_t i = 1; i <= points; i++) {
    const double ins = share(self, ATTRIB__DIFF_ID_INS, i), del = share(self, ATTRIB__DIFF_ID_DEL, i);
    if (isinf(ins) || isinf(del))
      return attrib__fail(context, ATTRIB_E_OVERFLOW, "values at r = %" PRId64 " / %" PRId64 " overflow", i,
                          points + 1);
    attrib__sum_add(&sum, ins - del);
    known = known && !isnan(ins - del);
  }
  report->objective = known ? attrib__sum_value(&sum) / (double)points : (double)NAN;
  if (known && !isfinite(report->objective))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of the differences overflows");
  for (int64_t i = 1; i <= points && values != NULL; i++) {
    values[i - 1] = share(self, ATTRIB__DIFF_ID_INS, i);
    values[points + i - 1] = share(self, ATTRIB__DIFF_ID_DEL, i);
    values[2 * points + i - 1] = values[i - 1] - values[points + i - 1];
  }
  if (self->output != 0 || (self->call.options.flags & ATTRIB_METRIC_ACCURACY)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_UNDEFINED, "f(input) is 0, and DiffID divides by it");
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__diff_id_checked *call = request;
  diff_id parts = {.call = *call};
  attrib__units_layout(&parts.call.units, arena);
  attrib__ranking_layout(&parts.ranking, &call->units, arena);
  parts.ranks[ATTRIB__DIFF_ID_INS] = parts.ranking.ranks;
  parts.ranks[ATTRIB__DIFF_ID_DEL] = attrib__carve(arena, call->units.count, sizeof *parts.ranks[ATTRIB__DIFF_ID_DEL]);
  for (int k = 0; k < ATTRIB__DIFF_ID_KINDS; k++)
    parts.outputs[k] = attrib__carve(arena, call->options.points, sizeof(double));
  if (state != NULL) *(diff_id *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  diff_id *self = state;
  const attrib__units *units = &self->call.units;
  self->output = (double)NAN;
  self->point = 1;
  attrib__units_build(units);
  for (int k = 0; k < ATTRIB__DIFF_ID_KINDS; k++) {
    self->ranking.ranks = self->ranks[k];
    attrib__ranking_score(&self->ranking, units, &self->call.map[k]);
    attrib__ranking_rank(&self->ranking, units);
    for (int64_t i = 0; i < self->call.options.points; i++) self->outputs[k][i] = (double)NAN;
  }
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__diff_id_checked checked;
  attrib__start start = {
      .method = &method, .state_size = sizeof(diff_id), .layout = layout, .init = init, .request = &checked};
  attrib_status status = attrib__diff_id_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.n_groups = checked.options.n_groups;
  start.output_columns = checked.response.columns;
  start.planned = 1;
  for (int64_t i = 1; i <= checked.options.points; i = attrib__grid_end(&checked.grid, i, checked.options.points))
    start.planned += attrib__grid_count(&checked.grid, i) == 0 ? 0 : ATTRIB__DIFF_ID_KINDS;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_diff_id(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                             const double *scores, const attrib_diff_id_options *options, double *values,
                             attrib_report *report) {
  const attrib__diff_id_request request = {model, input, target, scores, options, values};
  return attrib__run_call(context, prepare, &request, values, report);
}

attrib_status attrib_diff_id_start(attrib_context *context, const attrib_model *model, const void *input,
                                   int64_t target, const double *scores, const attrib_diff_id_options *options,
                                   attrib_run **run) {
  const attrib__diff_id_request request = {model, input, target, scores, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
