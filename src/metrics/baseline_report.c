/* baseline_report.c - what each of several baselines is: f there, how far it is from the input, where it is blind, and
 * how the maps from them agree.
 *
 * Planner: the input, then the baselines. gather measures a baseline as it hands its row out; the reducer adds f. The
 * maps' correlations need no rows: init forms them. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <attrib/agreement.h>

#include "../base/first_size.h"
#include "../baselines/baselines.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "../model/range.h"
#include "../rows/rows.h"
#include "baseline_measure.h"
#include "flags.h"
#include "ranks.h"
#include "response.h"

enum { COLUMNS = ATTRIB_BASELINE_LARGEST + 1 };

typedef struct report_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_baseline_report_options *given;
  double *values;
  /* As checked. */
  attrib_baseline_report_options options;
  attrib__baselines set;
  attrib__range range;
  attrib__response response;
} report_request;

typedef struct reporter {
  attrib__baselines set;
  attrib__range range;
  attrib__response response;
  const void *input;
  double tolerance;
  double *table;      /* count x COLUMNS */
  double *agreement;  /* 2 x count x count, with maps; else NULL */
  double *deviations; /* count x map_length: of the maps' ranks */
  attrib__ranker ranker;
  int64_t flat;      /* the first map without a correlation; -1 = none */
  bool flat_in_size; /* it has one of signed values */
  int64_t next;      /* baseline to be planned; -1 = the input */
  int64_t reduced;   /* baselines whose f is in; -1 = not even that of the input */
  double output;
  attrib__sum baseline_output;
} reporter;

/* -- rows --------------------------------------------------------------------------------------------------------- */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled;
  reporter *self = state;
  if (self->next == self->set.set.count) return ATTRIB__PLAN_END;
  *row = (attrib__row){.baseline = self->next++, .alpha = (double)NAN, .question = &self->response.question};
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  reporter *self = state;
  const void *source = self->input;
  row->placed = true;
  if (row->baseline >= 0) {
    attrib_status status =
        attrib__baselines_row(gathering->context, &self->set, row->baseline, &source, &gathering->callback_status);
    if (status != ATTRIB_OK) return status;
    double *columns = self->table + row->baseline * COLUMNS;
    attrib__baseline_measure(self->set.dtype, self->set.n, self->input, source, self->tolerance, &self->range, columns);
    if (isinf(columns[ATTRIB_BASELINE_DISTANCE]))
      return attrib__fail(gathering->context, ATTRIB_E_OVERFLOW,
                          "baselines: the distance from row %" PRId64 " to the input overflows", row->baseline);
  }
  memcpy(gathering->placing.point, source, (size_t)self->set.n * attrib__element_size(self->set.dtype));
  return ATTRIB_OK;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  reporter *self = state;
  for (int64_t r = 0; r < results->count; r++) {
    const int64_t baseline = results->rows[r].baseline;
    const double output = attrib__response_value(&self->response, results->outputs + r * results->output_columns);
    self->reduced = baseline + 1;
    if (baseline < 0) {
      self->output = output;
      continue;
    }
    const double weight = attrib__baselines_weight(&self->set, baseline);
    self->table[baseline * COLUMNS + ATTRIB_BASELINE_OUTPUT] = output;
    if (weight > 0) attrib__sum_add(&self->baseline_output, weight * output);
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  const reporter *self = state;
  const int64_t count = self->set.set.count;
  for (int64_t i = 0; i < count * COLUMNS && attributions != NULL; i++)
    attributions[i] = i / COLUMNS < self->reduced ? self->table[i] : (double)NAN;
  if (attributions != NULL && self->agreement != NULL)
    memcpy(attributions + count * COLUMNS, self->agreement, (size_t)(2 * count * count) * sizeof *attributions);
  report->output = self->output;
  if (self->reduced == count) report->baseline_output = attrib__sum_value(&self->baseline_output);
  if (self->flat < 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_UNDEFINED,
                      "options->maps: map %" PRId64 " is %s everywhere, so it has no rank correlation%s", self->flat,
                      self->flat_in_size ? "of one size" : "the same", self->flat_in_size ? " of sizes" : "");
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

/* -- agreement ---------------------------------------------------------------------------------------------------- */

static void correlate(reporter *self, const double *maps, bool absolute, double *matrix) {
  const int64_t count = self->set.set.count, length = self->ranker.count;
  for (int64_t k = 0; k < count; k++) {
    const bool varies =
        attrib__rank_deviations(&self->ranker, maps + k * length, absolute, self->deviations + k * length);
    if (varies || (self->flat >= 0 && self->flat <= k)) continue;
    self->flat = k;
    self->flat_in_size = absolute;
  }
  for (int64_t k = 0; k < count; k++)
    for (int64_t m = k; m < count; m++)
      matrix[k * count + m] = matrix[m * count + k] =
          attrib__rank_correlation(length, self->deviations + k * length, self->deviations + m * length);
}

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const report_request *checked = request;
  const int64_t count = checked->set.set.count, length = checked->options.map_length;
  reporter parts = {.set = checked->set,
                    .range = checked->range,
                    .response = checked->response,
                    .input = checked->input,
                    .tolerance = checked->options.tolerance};
  parts.table = attrib__carve(arena, count, COLUMNS * sizeof *parts.table);
  attrib__baselines_layout(&parts.set, arena);
  if (checked->options.maps != NULL) {
    parts.agreement = attrib__carve(arena, 2 * count * count, sizeof *parts.agreement);
    parts.deviations = attrib__carve(arena, count * length, sizeof *parts.deviations);
    attrib__ranker_layout(&parts.ranker, length, arena);
  }
  if (state != NULL) *(reporter *)state = parts;
}

static void init(void *state, const void *request) {
  reporter *self = state;
  const report_request *checked = request;
  const int64_t count = self->set.set.count;
  self->flat = self->next = self->reduced = -1;
  self->output = (double)NAN;
  if (self->agreement == NULL) return;
  correlate(self, checked->options.maps, false, self->agreement);
  correlate(self, checked->options.maps, true, self->agreement + count * count);
}

static attrib_status read_options(attrib_context *context, report_request *checked) {
  attrib_baseline_report_options *options = &checked->options;
  const uint32_t used = (uint32_t)ATTRIB_METRIC_SOFTMAX | (uint32_t)ATTRIB_METRIC_ACCURACY;
  attrib_status status =
      attrib__read_options(context, checked->given, ATTRIB__FIRST_BASELINE_REPORT_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = attrib__metric_flags(context, options->flags, used);
  if (status < 0) return status;
  if (options->map_length < 0 || (options->map_length > 0 && options->maps == NULL))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->map_length = %" PRId64 ": must %s", options->map_length,
                        options->map_length < 0 ? "not be negative" : "be 0 where maps is NULL");
  if (!(options->tolerance >= 0) || !isfinite(options->tolerance))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->tolerance = %g: must be finite and not negative",
                        options->tolerance);
  return ATTRIB_OK;
}

/* That values and maps can exist, and that maps are finite. */
static attrib_status check_sizes(attrib_context *context, report_request *checked) {
  const int64_t count = checked->set.set.count;
  attrib_baseline_report_options *options = &checked->options;
  size_t bytes = 0;
  int64_t pairs, elements = 0;
  if (options->map_length == 0) options->map_length = checked->set.n;
  bool fits = attrib__size_add(&bytes, (uint64_t)count, COLUMNS * sizeof(double));
  if (options->maps != NULL)
    fits = fits && attrib__count_multiply(count, count, &pairs) &&
           attrib__size_add(&bytes, (uint64_t)pairs, 2 * sizeof(double)) &&
           attrib__count_multiply(count, options->map_length, &elements) &&
           attrib__size_add(&bytes, (uint64_t)elements, sizeof(double));
  if (!fits) return attrib__fail(context, ATTRIB_E_OVERFLOW, "baselines->count = %" PRId64 ": too many values", count);
  for (int64_t i = 0; i < elements; i++)
    if (!isfinite(options->maps[i]))
      return attrib__fail(context, ATTRIB_E_NONFINITE, "options->maps[%" PRId64 "] = %g: must be finite", i,
                          options->maps[i]);
  return ATTRIB_OK;
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  report_request checked = *(const report_request *)given;
  attrib__start start = {
      .method = &method, .state_size = sizeof(reporter), .layout = layout, .init = init, .request = &checked};
  attrib_status status = read_options(context, &checked);
  if (status == ATTRIB_OK)
    status = attrib__response_read(context, checked.model, checked.options.flags, checked.target,
                                   checked.options.target_weights, pull, &start.model, &checked.response);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", &start.model, checked.input);
  if (status == ATTRIB_OK)
    status = attrib__baselines_read(context, "baselines", checked.baselines, &start.model, &checked.set);
  if (status == ATTRIB_OK)
    status = attrib__range_read(context, start.model.dtype, checked.options.low, checked.options.high, &checked.range);
  if (status == ATTRIB_OK && !pull && checked.values == NULL)
    status = attrib__fail(context, ATTRIB_E_ARGUMENT, "values is NULL");
  if (status == ATTRIB_OK) status = check_sizes(context, &checked);
  if (status < 0) return status;
  start.output_columns = checked.response.columns;
  start.planned = checked.set.set.count + 1;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_baseline_report(attrib_context *context, const attrib_model *model, const void *input,
                                     int64_t target, const attrib_baselines *baselines,
                                     const attrib_baseline_report_options *options, double *values,
                                     attrib_report *report) {
  const report_request request = {
      .model = model, .input = input, .target = target, .baselines = baselines, .given = options, .values = values};
  return attrib__run_call(context, prepare, &request, values, report);
}

attrib_status attrib_baseline_report_start(attrib_context *context, const attrib_model *model, const void *input,
                                           int64_t target, const attrib_baselines *baselines,
                                           const attrib_baseline_report_options *options, attrib_run **run) {
  const report_request request = {
      .model = model, .input = input, .target = target, .baselines = baselines, .given = options};
  return attrib__run_open(context, prepare, &request, run);
}
