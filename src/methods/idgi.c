/* idgi.c - IDGI: what f gains from point to point of a straight path, shared out by the squares of the gradient.
 *
 * Planner: f(input); then baseline by baseline the points of the left rule, from the input back. So f at the end of a
 * step is known before the gradient at its start comes in, whatever the batches, and only one number is kept from row
 * to row. Reducer: one running sum per feature. */
#include <inttypes.h>
#include <math.h>

#include <attrib/paths.h>

#include "../base/first_size.h"
#include "../engine/engine.h"
#include "../model/model.h"
#include "../path/lines.h"
#include "../quadrature/rule.h"
#include "../rows/length.h"
#include "../rows/rows.h"
#include "attributions.h"
#include "options.h"
#include "total.h"

enum { DEFAULT_POINTS = 50 };
static const int64_t MOST_POINTS = (int64_t)1 << 52;

typedef struct idgi_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_idgi_options *options;
  const double *attributions; /* callback form: must not be NULL */
} idgi_request;

/* A call's arguments, read and checked. */
typedef struct checked_request {
  int64_t target;
  attrib_idgi_options options;
  attrib__lines lines;
} checked_request;

typedef struct idgi {
  attrib__question ask_output, ask_gradient;
  attrib_idgi_options options;
  attrib__lines lines;
  attrib__total total;
  /* planner */
  bool input_planned;
  int64_t line, step; /* step 0 ends at the input */
  /* reducer */
  attrib__ends ends;
  double step_end; /* f where the next row's step ends */
  attrib__sum unassigned;
} idgi;

/* -- options ------------------------------------------------------------------------------------------------------ */

static attrib_status read_options(attrib_context *context, const attrib_idgi_options *given,
                                  attrib_idgi_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_IDGI_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows none",
                        options->flags);
  if (options->points == 0) options->points = DEFAULT_POINTS;
  status = attrib__option_count(context, "points", options->points, 1, MOST_POINTS);
  return status < 0 ? status : attrib__threshold_check(context, options->completeness_threshold, 0);
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  idgi *self = state;
  if (!self->input_planned) {
    self->input_planned = true;
    row->question = &self->ask_output;
    row->baseline = attrib__lines_last(&self->lines);
    row->alpha = 1;
    return ATTRIB__PLAN_ROW;
  }
  while (self->line < self->lines.count && attrib__lines_weight(&self->lines, self->line) == 0) self->line++;
  if (self->line == self->lines.count) return ATTRIB__PLAN_END;
  const int64_t points = self->options.points;
  row->question = &self->ask_gradient;
  row->baseline = self->line;
  row->nth = self->step++;
  row->of = points;
  attrib__rule_node(ATTRIB_RULE_LEFT, points, points - 1 - row->nth, &row->alpha, &row->weight);
  row->weight *= attrib__lines_weight(&self->lines, self->line);
  if (self->step == points) {
    self->step = 0;
    self->line++;
  }
  return ATTRIB__PLAN_ROW;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  return attrib__lines_gather(&((idgi *)state)->lines, row, gathering);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

/* One step of f. False: an element of its gradient is not finite. */
static bool take_step(idgi *self, attrib__row *row, double output, const void *gradient) {
  attrib__length length;
  if (!attrib__length_find(self->lines.dtype, gradient, self->lines.n, &length)) return false;
  double line_weight = attrib__lines_weight(&self->lines, row->baseline);
  double gain = (row->nth == 0 ? self->ends.output : self->step_end) - output;
  if (length.square > 0) {
    attrib__length_add_squares(self->lines.dtype, gradient, self->lines.n, &length, line_weight * gain / length.square,
                               self->total.sums);
    row->slope.total = (double)row->of * gain;
  } else {
    attrib__sum_add(&self->unassigned, line_weight * gain);
  }
  self->step_end = output;
  if (row->nth + 1 == row->of) attrib__ends_add(&self->ends, line_weight, output); /* the baseline itself */
  return true;
}

static attrib__fault reduce(void *state, attrib__results *results) {
  idgi *self = state;
  for (int64_t r = 0; r < results->count; r++) {
    if (results->gradients == NULL) {
      self->ends.output = results->outputs[r];
      continue;
    }
    const void *gradient = attrib__const_element(self->lines.dtype, results->gradients, r * results->gradient_stride);
    if (take_step(self, &results->rows[r], results->outputs[r], gradient)) continue;
    attrib__fault fault = {.status = ATTRIB_E_NONFINITE, .row = r, .in_gradient = true};
    fault.index = attrib__rows_find_nonfinite(self->lines.dtype, gradient, self->lines.n);
    attrib__rows_load(self->lines.dtype, gradient, fault.index, 1, &fault.value);
    return fault;
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  idgi *self = state;
  report->points = self->options.points;
  report->output = self->ends.output;
  attrib_status status = attrib__total_judge(&self->total, context, report);
  if (status < 0) return status;
  report->unassigned = attrib__sum_value(&self->unassigned);
  if (!isfinite(report->unassigned))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "the sum of what is given to no feature overflows");
  status = attrib__ends_judge(&self->ends, context, self->options.completeness_threshold, report);
  if (status >= 0) attrib__total_write(&self->total, attributions, report);
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const checked_request *checked = request;
  const attrib_idgi_options *options = &checked->options;
  idgi parts = {.lines = checked->lines,
                .total = {.n = checked->lines.n, .n_groups = options->n_groups, .groups = options->groups}};
  attrib__total_layout(&parts.total, arena);
  attrib__baselines_layout(&parts.lines.baselines, arena);
  if (state != NULL) *(idgi *)state = parts;
}

static void init(void *state, const void *request) {
  idgi *self = state;
  const checked_request *checked = request;
  self->options = checked->options;
  self->ask_output = (attrib__question){.target = checked->target, .target_weights = self->options.target_weights};
  self->ask_gradient = self->ask_output;
  self->ask_gradient.gradients = true;
  attrib__ends_start(&self->ends, attrib__lines_starts(&self->lines));
  attrib__total_clear(&self->total);
}

static bool count_rows(const checked_request *checked, int64_t *rows) {
  if (!attrib__count_multiply(attrib__lines_used(&checked->lines), checked->options.points, rows)) return false;
  if (*rows == INT64_MAX) return false;
  *rows += 1; /* the input */
  return true;
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  const idgi_request *request = given;
  checked_request checked = {.target = request->target};
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &checked.options);
  if (status < 0) return status;
  attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = checked.options.target_weights};
  attrib__start start = {.gradients = true,
                         .output_columns = 1,
                         .n_groups = checked.options.n_groups,
                         .method = &method,
                         .state_size = sizeof(idgi),
                         .layout = layout,
                         .init = init,
                         .request = &checked};
  status = attrib__model_read(context, request->model, &use, &start.model);
  if (status < 0) return status;
  status = attrib__groups_check(context, checked.options.n_groups, checked.options.groups, start.model.n_inputs);
  if (status < 0) return status;
  status = attrib__lines_from_baselines(context, &start.model, request->input, request->baselines, &checked.lines);
  if (status < 0) return status;
  start.spare_rows = attrib__lines_need_spare(&checked.lines);
  if (!count_rows(&checked, &start.planned))
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "options->points = %" PRId64 " for %" PRId64 " baselines: too many rows",
                        checked.options.points, attrib__lines_used(&checked.lines));
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_idgi(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                          const attrib_baselines *baselines, const attrib_idgi_options *options, double *attributions,
                          attrib_report *report) {
  const idgi_request request = {model, input, target, baselines, options, attributions};
  return attrib__run_call(context, prepare, &request, attributions, report);
}

attrib_status attrib_idgi_start(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const attrib_baselines *baselines, const attrib_idgi_options *options,
                                attrib_run **run) {
  const idgi_request request = {model, input, target, baselines, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
