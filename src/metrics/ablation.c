/* ablation.c - how f changes as units of the input are replaced, in the order of their scores or by boxes.
 *
 * Planner: the input; then replacement by replacement the points that are not the input, those alike as one row; where
 * it is wanted the whole replacement. Every point is the replacement with some units of the input in it. Reducer: the
 * mean of f over the replacements, point by point. Arguments are read in ablation_options.c. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../rows/rows.h"
#include "ablation_options.h"
#include "box.h"
#include "curve.h"

typedef struct ablation {
  attrib__ablation_checked call;
  attrib__ranking ranking;
  attrib__centre centre; /* of boxes */
  /* planner */
  bool input_planned;
  int64_t replacement, point; /* to be planned next */
  /* reducer */
  double output;
  attrib__sum *changes; /* points + 2: mean of f - f(input), scaled: of equal values 0 whatever the weights are; the
                           last one that of a whole replacement that is no point */
  int64_t known;        /* of these so many are whole, but for points that are the input */
} ablation;

/* -- planner ------------------------------------------------------------------------------------------------------ */

/* row->baseline: the replacement, -1 = the input; [nth, of): the points that share the row. */
static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  ablation *self = state;
  *row = (attrib__row){.question = &self->call.response.question, .baseline = -1, .alpha = (double)NAN};
  if (!self->input_planned) {
    self->input_planned = true;
    return ATTRIB__PLAN_ROW;
  }
  for (; self->replacement <= self->call.last_replacement; self->replacement++, self->point = 0) {
    row->weight = attrib__baselines_weight(&self->call.replacements, self->replacement);
    if (!(row->weight > 0) || !attrib__ablation_next(&self->call, self->point, &row->nth, &row->of)) continue;
    row->baseline = self->replacement;
    self->point = row->of;
    return ATTRIB__PLAN_ROW;
  }
  return ATTRIB__PLAN_END;
}

static size_t row_size(const ablation *self) {
  return (size_t)self->call.units.n * attrib__element_size(self->call.units.dtype);
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  ablation *self = state;
  row->placed = true;
  row->from = self->call.input;
  if (row->baseline < 0) return ATTRIB_OK;
  attrib_status status = attrib__baselines_row(gathering->context, &self->call.replacements, row->baseline, &row->from,
                                               &gathering->callback_status);
  if (status != ATTRIB_OK || self->call.replacements.set.fetch == NULL) return status;
  memcpy(gathering->placing.point, row->from, row_size(self)); /* the next fetch overwrites it */
  row->from = gathering->placing.point;
  return ATTRIB_OK;
}

/* Units of the input that are there at a point. */
static void keep(const ablation *self, int64_t i, void *point) {
  const attrib__ablation_checked *call = &self->call;
  const bool inserted = call->options.order == ATTRIB_ABLATION_INSERTION;
  const int64_t count = attrib__grid_count(&call->grid, i);
  if (call->options.selection == ATTRIB_SELECT_RANKED) {
    attrib__units_copy_ranked(&call->units, self->ranking.ranks, inserted ? 0 : count,
                              inserted ? count : call->units.count, call->input, point);
    return;
  }
  const attrib__box box = attrib__box_at(call->units.shape.width, call->units.shape.height, self->centre, count,
                                         call->grid.total, call->options.selection == ATTRIB_SELECT_CENTRE_AREA);
  attrib__box_copy(&call->units, &box, inserted, call->input, point);
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const ablation *self = state;
  if (row->from != placing->point) memcpy(placing->point, row->from, row_size(self));
  if (row->baseline >= 0 && row->nth <= self->call.options.points) keep(self, row->nth, placing->point);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

/* Halves where a difference from f(input) may overflow; beside numbers below 1 none does, and halves of the smallest
 * would vanish. */
static double scale_of(const ablation *self) {
  return fabs(self->output) < 1 ? 1 : 0.5;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  ablation *self = state;
  for (int64_t r = 0; r < results->count; r++) {
    const attrib__row *row = &results->rows[r];
    const double f = attrib__response_value(&self->call.response, results->outputs + r * results->output_columns);
    if (row->baseline < 0) self->output = f;
    const double scale = scale_of(self);
    for (int64_t i = row->nth; i < row->of; i++)
      attrib__sum_add(&self->changes[i], row->weight * (scale * f - scale * self->output));
    if (row->baseline == self->call.last_replacement) self->known = row->of;
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

/* -- result ------------------------------------------------------------------------------------------------------- */

/* f at a point, NaN where it is not known. */
static double f_at(const ablation *self, int64_t i) {
  if (i < 0) return (double)NAN;
  if (i <= self->call.options.points && attrib__ablation_is_input(&self->call, i)) return self->output;
  if (i >= self->known) return (double)NAN;
  const double change = attrib__sum_value(&self->changes[i]);
  return change == 0 ? self->output : (scale_of(self) * self->output + change) / scale_of(self);
}

/* Judges the values; their area, or the mean decrease of f: NaN where not all is known. */
static attrib_status summarise(const ablation *self, attrib_context *context, const attrib__curve *curve,
                               double *objective) {
  const int64_t points = self->call.options.points;
  const bool by_area = self->call.options.summary == ATTRIB_SUMMARY_AREA;
  attrib__area area = {.begun = false};
  attrib__sum decrease = {0};
  bool known = true;
  for (int64_t i = 0; i <= points; i++) {
    const double f = f_at(self, i), value = attrib__curve_value(curve, f);
    if (isinf(value)) return attrib__fail(context, ATTRIB_E_OVERFLOW, "values[%" PRId64 "] overflows", i);
    attrib__area_add(&area, attrib__grid_count(&self->call.grid, i), value);
    attrib__sum_add(&decrease, curve->output - f);
    known = known && !isnan(by_area ? value : f);
  }
  *objective = by_area ? attrib__area_value(&area) : attrib__sum_value(&decrease) / (double)(points + 1);
  if (known && !isfinite(*objective))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum over the curve overflows");
  return ATTRIB_OK;
}

static attrib_status result(void *state, attrib_context *context, double *values, attrib_report *report) {
  const ablation *self = state;
  const attrib_ablation_options *options = &self->call.options;
  const attrib__curve curve = {.kind = options->curve, .output = self->output, .whole = f_at(self, self->call.whole)};
  report->points = options->points;
  report->seed = options->seed;
  report->output = curve.output;
  report->baseline_output = curve.whole;
  attrib_status status = summarise(self, context, &curve, &report->objective);
  if (status < 0) return status;
  for (int64_t i = 0; i <= options->points && values != NULL; i++)
    values[i] = attrib__curve_value(&curve, f_at(self, i));
  if (attrib__curve_exists(&curve)) return ATTRIB_OK;
  if (options->curve == ATTRIB_CURVE_RATIO)
    return attrib__fail(context, ATTRIB_UNDEFINED, "f(input) is 0, and ATTRIB_CURVE_RATIO divides by it");
  return attrib__fail(context, ATTRIB_UNDEFINED,
                      "f(input) and f(replacement) are both %g, and ATTRIB_CURVE_MINMAX divides by their difference",
                      curve.output);
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__ablation_checked *call = request;
  ablation parts = {.call = *call};
  attrib__units_layout(&parts.call.units, arena);
  attrib__ranking_layout(&parts.ranking, &call->units, arena);
  parts.changes = attrib__carve(arena, call->options.points + 2, sizeof *parts.changes);
  attrib__baselines_layout(&parts.call.replacements, arena);
  if (state != NULL) *(ablation *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  ablation *self = state;
  const attrib__units *units = &self->call.units;
  self->output = (double)NAN;
  for (int64_t i = 0; i < self->call.options.points + 2; i++) self->changes[i] = (attrib__sum){0};
  attrib__units_build(units);
  attrib__ranking_score(&self->ranking, units, &self->call.map);
  if (self->call.options.selection == ATTRIB_SELECT_RANKED)
    attrib__ranking_rank(&self->ranking, units);
  else
    self->centre = attrib__box_centre(units->shape.width, units->shape.height, self->ranking.sums);
}

/* Rows in all; 0 where they cannot be counted. */
static int64_t count_rows(const attrib__ablation_checked *call) {
  int64_t each = 0, rows;
  for (int64_t begin, end = 0; attrib__ablation_next(call, end, &begin, &end);) each++;
  if (!attrib__count_multiply(each, call->replacements.used, &rows) || rows == INT64_MAX) return 0;
  return rows + 1;
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__ablation_checked checked;
  attrib__start start = {
      .method = &method, .state_size = sizeof(ablation), .layout = layout, .init = init, .request = &checked};
  attrib_status status = attrib__ablation_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.n_groups = checked.options.n_groups;
  start.output_columns = checked.response.columns;
  start.planned = count_rows(&checked);
  if (start.planned == 0)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "options->points = %" PRId64 " for %" PRId64 " replacements: too many rows",
                        checked.options.points, checked.replacements.used);
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_ablation(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                              const double *scores, const attrib_baselines *replacements,
                              const attrib_ablation_options *options, double *values, attrib_report *report) {
  const attrib__ablation_request request = {model, input, target, scores, replacements, options, values};
  return attrib__run_call(context, prepare, &request, values, report);
}

attrib_status attrib_ablation_start(attrib_context *context, const attrib_model *model, const void *input,
                                    int64_t target, const double *scores, const attrib_baselines *replacements,
                                    const attrib_ablation_options *options, attrib_run **run) {
  const attrib__ablation_request request = {model, input, target, scores, replacements, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
