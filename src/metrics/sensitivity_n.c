/* sensitivity_n.c - sensitivity-n: how well scores foretell what random subsets of units change in f.
 *
 * Planner: the input; then size by size, subset by subset, the input with the subset replaced by each baseline. place
 * draws the subset and adds up its scores. Reducer: keeps both sides of the subsets of one size, and correlates them
 * when the last is in. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "pearson.h"
#include "sensitivity_n_options.h"
#include "subsets.h"

typedef struct sensitivity {
  attrib__sensitivity_n_checked call;
  double *unit_scores;
  /* planner: where the next row is */
  bool began;
  int64_t size, subset, baseline;
  /* reducer */
  double output;
  int64_t taken;        /* baselines of the subset that is under way */
  attrib__sum replaced; /* f, over these */
  double *said, *fell;  /* of the subsets of the size that is under way: both sides */
  double said_size, rounding;
  bool overflows;
  double *values;
  int64_t missing, first_missing; /* sizes without a correlation */
  attrib__correlated why;         /* of the first; ATTRIB__CORRELATED where it has one subset alone */
} sensitivity;

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled;
  sensitivity *self = state;
  const attrib__sensitivity_n_checked *call = &self->call;
  row->question = &self->call.response.question;
  row->alpha = (double)NAN;
  if (!self->began) {
    self->began = true;
    row->baseline = -1;
    return ATTRIB__PLAN_ROW;
  }
  while (self->size < call->options.n_sizes && attrib__sensitivity_n_whole(call, self->size)) self->size++;
  if (self->size == call->options.n_sizes) return ATTRIB__PLAN_END;
  row->baseline = attrib__baselines_used_from(&call->set, self->baseline);
  row->nth = self->size * call->options.subsets + self->subset;
  self->baseline = attrib__baselines_used_from(&call->set, row->baseline + 1);
  if (self->baseline < call->set.set.count) return ATTRIB__PLAN_ROW;
  self->baseline = 0;
  if (++self->subset < call->options.subsets) return ATTRIB__PLAN_ROW;
  self->subset = 0;
  self->size++;
  return ATTRIB__PLAN_ROW;
}

/* The baseline as it is: place puts the input back where it is kept. */
static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  sensitivity *self = state;
  attrib__baselines *set = &self->call.set;
  row->placed = true;
  const void *source = self->call.input;
  if (row->baseline >= 0) {
    attrib_status status =
        attrib__baselines_row(gathering->context, set, row->baseline, &source, &gathering->callback_status);
    if (status != ATTRIB_OK) return status;
  }
  memcpy(gathering->placing.point, source, (size_t)set->n * attrib__element_size(set->dtype));
  return ATTRIB_OK;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const sensitivity *self = state;
  const attrib__sensitivity_n_checked *call = &self->call;
  if (row->baseline < 0) return;
  unsigned char *kept = placing->spare; /* an element for each input: more than a byte for each unit */
  const int64_t count = call->units.count, i = row->nth / call->options.subsets;
  const uint64_t number = (uint64_t)i << 32 | (uint64_t)(row->nth % call->options.subsets);
  if (attrib__sensitivity_n_coins(call))
    attrib__subset_by_coins(call->options.seed, ATTRIB__STREAM_SENSITIVITY_N, number, count,
                            attrib__sensitivity_n_probability(call, i), kept);
  else
    attrib__subset_of_size(call->options.seed, ATTRIB__STREAM_SENSITIVITY_N, number, count,
                           attrib__sensitivity_n_size(call, i), kept);
  attrib__units_copy_marked(&call->units, kept, call->input, placing->point);
  attrib__sum said = {0}, size = {0};
  for (int64_t u = 0; u < count; u++) {
    if (kept[u] != 0) continue;
    attrib__sum_add(&said, self->unit_scores[u]);
    attrib__sum_add(&size, fabs(self->unit_scores[u]));
  }
  row->said = attrib__sum_value(&said);
  row->said_size = attrib__sum_value(&size);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static void leave_out(sensitivity *self, int64_t i, attrib__correlated why) {
  if (self->missing == 0 || i < self->first_missing) {
    self->first_missing = i;
    self->why = why;
  }
  self->missing++;
}

static void conclude(sensitivity *self, int64_t i) {
  const attrib__correlated found = attrib__pearson(self->call.options.subsets, self->said,
                                                   attrib__response_unit(self->call.set.dtype) * self->said_size,
                                                   self->fell, self->rounding, &self->values[i]);
  if (found != ATTRIB__CORRELATED) leave_out(self, i, found);
}

static void take(sensitivity *self, const attrib__row *row, const double *outputs) {
  const attrib__sensitivity_n_checked *call = &self->call;
  const double value = attrib__response_value(&call->response, outputs);
  const double rounding = attrib__response_rounding(&call->response, call->set.dtype, outputs);
  if (row->baseline < 0) {
    self->output = value;
    return;
  }
  const int64_t i = row->nth / call->options.subsets, k = row->nth % call->options.subsets;
  if (k == 0 && self->taken == 0) self->said_size = self->rounding = 0;
  if (self->taken == 0) self->replaced = (attrib__sum){0};
  attrib__sum_add(&self->replaced, attrib__baselines_weight(&call->set, row->baseline) * value);
  self->said_size = fmax(self->said_size, row->said_size);
  self->rounding = fmax(self->rounding, rounding);
  if (++self->taken < call->set.used) return;
  self->taken = 0;
  self->said[k] = row->said;
  self->fell[k] = -attrib__sum_value(&self->replaced); /* f(x) is in all of them: it changes no correlation */
  self->overflows = self->overflows || !isfinite(row->said_size) || !isfinite(self->fell[k]);
  if (k == call->options.subsets - 1 && !self->overflows) conclude(self, i);
}

static attrib__fault reduce(void *state, attrib__results *results) {
  for (int64_t r = 0; r < results->count; r++)
    take(state, &results->rows[r], results->outputs + r * results->output_columns);
  return (attrib__fault){.status = ATTRIB_OK};
}

/* -- result ------------------------------------------------------------------------------------------------------- */

static attrib_status say_what_is_missing(const sensitivity *self, attrib_context *context) {
  static const char *const reasons[] = {"there is one subset of all units only",
                                        "the scores of all subsets have the same sum, to rounding",
                                        "f changes by the same for all subsets, to rounding"};
  const attrib__sensitivity_n_checked *call = &self->call;
  const char *reason = reasons[self->why];
  if (attrib__sensitivity_n_coins(call) && call->options.sizes == NULL)
    return attrib__fail(
        context, ATTRIB_UNDEFINED, "%" PRId64 " of %" PRId64 " sizes have no correlation, first %g of the units: %s",
        self->missing, call->options.n_sizes, attrib__sensitivity_n_probability(call, self->first_missing), reason);
  return attrib__fail(context, ATTRIB_UNDEFINED,
                      "%" PRId64 " of %" PRId64 " sizes have no correlation, first n = %" PRId64 " of %" PRId64
                      " units: %s",
                      self->missing, call->options.n_sizes, attrib__sensitivity_n_size(call, self->first_missing),
                      call->units.count, reason);
}

static attrib_status result(void *state, attrib_context *context, double *values, attrib_report *report) {
  const sensitivity *self = state;
  const attrib_sensitivity_n_options *options = &self->call.options;
  report->seed = options->seed;
  report->samples = options->subsets;
  report->points = options->n_sizes;
  report->output = self->output;
  if (self->overflows)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "scores: sums of them, or differences of f, are beyond double");
  attrib__sum sum = {0};
  int64_t defined = 0;
  for (int64_t i = 0; i < options->n_sizes; i++) {
    if (report->standard_errors != NULL) report->standard_errors[i] = (double)NAN;
    if (isnan(self->values[i])) continue;
    attrib__sum_add(&sum, self->values[i]);
    defined++;
  }
  if (defined > 0) report->objective = attrib__sum_value(&sum) / (double)defined;
  if (values != NULL) memcpy(values, self->values, (size_t)options->n_sizes * sizeof *values);
  return self->missing > 0 ? say_what_is_missing(self, context) : ATTRIB_OK;
}

static const attrib__method method = {plan, gather, place, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *given, attrib__arena *arena) {
  const attrib__sensitivity_n_checked *call = given;
  sensitivity parts = {.call = *call};
  attrib__units_layout(&parts.call.units, arena);
  parts.unit_scores = attrib__carve(arena, call->units.count, sizeof(double));
  parts.said = attrib__carve(arena, call->options.subsets, sizeof(double));
  parts.fell = attrib__carve(arena, call->options.subsets, sizeof(double));
  parts.values = attrib__carve(arena, call->options.n_sizes, sizeof(double));
  attrib__baselines_layout(&parts.call.set, arena);
  if (state != NULL) *(sensitivity *)state = parts;
}

static void init(void *state, const void *given) {
  (void)given;
  sensitivity *self = state;
  const attrib__sensitivity_n_checked *call = &self->call;
  attrib__units_build(&call->units);
  attrib__units_scores(&call->units, (call->options.flags & ATTRIB_METRIC_UNIT_SCORES) != 0,
                       (call->options.flags & ATTRIB_METRIC_ABSOLUTE) != 0, call->scores, self->unit_scores);
  self->output = (double)NAN;
  for (int64_t i = 0; i < call->options.n_sizes; i++) {
    self->values[i] = (double)NAN;
    if (attrib__sensitivity_n_whole(call, i)) leave_out(self, i, ATTRIB__CORRELATED);
  }
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__sensitivity_n_checked call;
  attrib__start start = {.spare_rows = true,
                         .method = &method,
                         .state_size = sizeof(sensitivity),
                         .layout = layout,
                         .init = init,
                         .request = &call};
  attrib_status status = attrib__sensitivity_n_read(context, given, pull, &start.model, &call);
  if (status < 0) return status;
  start.planned = call.rows;
  start.output_columns = call.response.columns;
  start.n_groups = call.options.n_groups;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_sensitivity_n(attrib_context *context, const attrib_model *model, const void *input,
                                   int64_t target, const double *scores, const attrib_baselines *baselines,
                                   const attrib_sensitivity_n_options *options, double *values, attrib_report *report) {
  const attrib__sensitivity_n_request asked = {model, input, target, scores, baselines, options, values};
  return attrib__run_call(context, prepare, &asked, values, report);
}

attrib_status attrib_sensitivity_n_start(attrib_context *context, const attrib_model *model, const void *input,
                                         int64_t target, const double *scores, const attrib_baselines *baselines,
                                         const attrib_sensitivity_n_options *options, attrib_run **run) {
  const attrib__sensitivity_n_request asked = {model, input, target, scores, baselines, options, NULL};
  return attrib__run_open(context, prepare, &asked, run);
}
