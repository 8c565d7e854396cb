/* information.c - performance information curves: how much of a picture must be shown until f is what it is for all of
 * it.
 *
 * Planner: the input, the start, then threshold by threshold. Every picture but the first is made, and its size asked
 * for, in gather: this is where callbacks may run, and where filling in has its scratch. Reducer: keeps f. Arguments
 * are read in information_options.c. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/order.h"
#include "../engine/engine.h"
#include "../image/picture_size.h"
#include "../random/permutation.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "../rows/sum.h"
#include "ablate.h"
#include "curve.h"
#include "information_options.h"
#include "reveal.h"

/* What a row is, row->baseline; from THRESHOLDS on one for each. */
enum { INPUT = 0, START = 1, THRESHOLDS = 2 };

typedef struct information {
  attrib__information_checked call;
  attrib__ranking ranking;
  attrib__reveal reveal;
  unsigned char *first, *marks; /* per pixel: shown from the start; shown now */
  int64_t next;                 /* row */
  double *sizes, *outputs;      /* of each row, NaN = not known */
  /* result */
  double *x, *y, *keys; /* of each threshold */
  int64_t *order, *scratch;
} information;

static int64_t row_count(const information *self) {
  return THRESHOLDS + self->call.options.n_thresholds;
}

/* -- planner ------------------------------------------------------------------------------------------------------ */

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  (void)settled; /* no row depends on a result */
  information *self = state;
  if (self->next == row_count(self)) return ATTRIB__PLAN_END;
  *row = (attrib__row){
      .question = &self->call.response.question, .baseline = self->next, .alpha = (double)NAN, .placed = true};
  self->next++;
  return ATTRIB__PLAN_ROW;
}

static attrib_status ask_size(information *self, int64_t which, attrib__gathering *gathering) {
  const attrib_information_options *options = &self->call.options;
  const void *picture = gathering->placing.point;
  double size = (double)NAN;
  if (options->size == NULL) {
    size = attrib__picture_size(self->call.units.dtype, &self->call.units.shape, picture, options->low, options->high);
  } else {
    const int32_t code = options->size(picture, &size, options->size_user);
    if (code != 0) gathering->callback_status = code;
    if (code > 0) return ATTRIB_CANCELLED;
    if (code < 0)
      return attrib__fail(gathering->context, ATTRIB_E_CALLBACK,
                          "options->size returned %" PRId32 " for picture %" PRId64, code, which);
  }
  if (!isfinite(size) || size < 0)
    return attrib__fail(gathering->context, ATTRIB_E_NONFINITE,
                        "options->size gave %g for picture %" PRId64 ": must be finite and not negative", size, which);
  self->sizes[which] = size;
  return ATTRIB_OK;
}

static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  information *self = state;
  const attrib__units *units = &self->call.units;
  void *point = gathering->placing.point;
  row->placed = true;
  if (row->baseline == INPUT) {
    memcpy(point, self->call.input, (size_t)units->n * attrib__element_size(units->dtype));
    return ask_size(self, INPUT, gathering);
  }
  int64_t count = 0;
  if (row->baseline >= THRESHOLDS)
    count = attrib__fraction_count(self->call.options.thresholds[row->baseline - THRESHOLDS], units->count);
  for (int64_t p = 0; p < units->count; p++) self->marks[p] = self->first[p] != 0 || self->ranking.ranks[p] < count;
  attrib__reveal_write(&self->reveal, self->marks, self->call.input, point);
  return ask_size(self, row->baseline, gathering);
}

/* -- reducer ------------------------------------------------------------------------------------------------------ */

static attrib__fault reduce(void *state, attrib__results *results) {
  information *self = state;
  for (int64_t r = 0; r < results->count; r++)
    self->outputs[results->rows[r].baseline] =
        attrib__response_value(&self->call.response, results->outputs + r * results->output_columns);
  return (attrib__fault){.status = ATTRIB_OK};
}

/* -- result ------------------------------------------------------------------------------------------------------- */

static double share(double from, double value, double to) {
  const double part = attrib__curve_share(from, value, to);
  return isnan(part) ? part : fmin(fmax(part, 0), 1);
}

/* x and y at the thresholds, NaN where they are not known; y of AS_IT_IS f, else the largest so far. */
static void find_points(information *self) {
  const double *f = self->outputs, *sizes = self->sizes;
  const bool as_it_is = (self->call.options.flags & ATTRIB_INFORMATION_AS_IT_IS) != 0;
  double most = 0;
  for (int64_t k = 0; k < self->call.options.n_thresholds; k++) {
    const double there = f[THRESHOLDS + k], y = share(f[START], there, f[INPUT]);
    if (y > most) most = y;
    self->x[k] = share(sizes[START], isnan(there) ? there : sizes[THRESHOLDS + k], sizes[INPUT]);
    self->y[k] = isnan(y) || as_it_is ? y : most;
  }
}

/* Of pieces between points by rising x, of equal ones by threshold. */
static double area_under(information *self) {
  const int64_t n = self->call.options.n_thresholds;
  attrib__sum area = {0};
  double x = 0, y = 0;
  for (int64_t k = 0; k < n; k++) self->keys[k] = -self->x[k];
  attrib__order_descending(n, self->keys, self->order, self->scratch);
  for (int64_t i = 0; i < n; i++) {
    const int64_t k = self->order[i];
    attrib__sum_add(&area, (self->x[k] - x) * (y + self->y[k]) / 2);
    x = self->x[k];
    y = self->y[k];
  }
  attrib__sum_add(&area, (1 - x) * (y + 1) / 2);
  return attrib__sum_value(&area);
}

static attrib_status judge(const information *self, attrib_context *context) {
  const double f = self->outputs[INPUT], start = self->outputs[START];
  if (f < self->call.options.least_output)
    return attrib__fail(context, ATTRIB_UNDEFINED, "f(input) = %g is less than options->least_output = %g", f,
                        self->call.options.least_output);
  if (start >= f)
    return attrib__fail(context, ATTRIB_UNDEFINED,
                        "f is %g with hardly any pixel shown, and %g with all of them: there is nothing to win", start,
                        f);
  if (self->sizes[START] >= self->sizes[INPUT])
    return attrib__fail(context, ATTRIB_UNDEFINED,
                        "the picture has a size of %g with hardly any pixel shown, and of %g with all of them",
                        self->sizes[START], self->sizes[INPUT]);
  return ATTRIB_OK;
}

static attrib_status result(void *state, attrib_context *context, double *values, attrib_report *report) {
  information *self = state;
  const int64_t n = self->call.options.n_thresholds;
  report->points = n;
  report->seed = self->call.options.seed;
  report->output = self->outputs[INPUT];
  report->baseline_output = self->outputs[START];
  attrib_status status = ATTRIB_OK;
  if (!isnan(self->outputs[INPUT]) && !isnan(self->outputs[START])) status = judge(self, context);
  find_points(self);
  for (int64_t k = 0; k < n && values != NULL; k++) {
    values[k] = status == ATTRIB_OK ? self->x[k] : (double)NAN;
    values[n + k] = status == ATTRIB_OK ? self->y[k] : (double)NAN;
  }
  if (status == ATTRIB_OK && !isnan(self->outputs[row_count(self) - 1])) report->objective = area_under(self);
  return status;
}

static const attrib__method method = {plan, gather, NULL, reduce, result, NULL, NULL};

/* -- start -------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__information_checked *call = request;
  information parts = {.call = *call};
  const int64_t rows = row_count(&parts);
  attrib__units_layout(&parts.call.units, arena);
  attrib__ranking_layout(&parts.ranking, &call->units, arena);
  attrib__reveal_layout(&parts.reveal, call->units.dtype, &call->units.shape, arena);
  parts.first = attrib__carve(arena, call->units.count, sizeof *parts.first);
  parts.marks = attrib__carve(arena, call->units.count, sizeof *parts.marks);
  parts.sizes = attrib__carve(arena, rows, sizeof *parts.sizes);
  parts.outputs = attrib__carve(arena, rows, sizeof *parts.outputs);
  parts.x = attrib__carve(arena, rows, sizeof *parts.x);
  parts.y = attrib__carve(arena, rows, sizeof *parts.y);
  parts.keys = attrib__carve(arena, rows, sizeof *parts.keys);
  parts.order = attrib__carve(arena, rows, sizeof *parts.order);
  parts.scratch = attrib__carve(arena, rows, sizeof *parts.scratch);
  if (state != NULL) *(information *)state = parts;
}

static void init(void *state, const void *request) {
  (void)request;
  information *self = state;
  const attrib__units *units = &self->call.units;
  for (int64_t r = 0; r < row_count(self); r++) self->sizes[r] = self->outputs[r] = (double)NAN;
  attrib__units_build(units);
  attrib__ranking_score(&self->ranking, units, &self->call.map);
  attrib__ranking_rank(&self->ranking, units);
  memset(self->first, 0, (size_t)units->count);
  for (int64_t k = 0; k < self->call.shown; k++) {
    const int64_t p = attrib__random_permutation(self->call.options.seed, ATTRIB__STREAM_SHOWN, 0, units->count, k);
    self->first[p] = 1;
  }
}

static attrib_status prepare(attrib_context *context, const void *given, bool pull, attrib_run **run) {
  attrib__information_checked checked;
  attrib__start start = {
      .method = &method, .state_size = sizeof(information), .layout = layout, .init = init, .request = &checked};
  attrib_status status = attrib__information_read(context, given, pull, &start.model, &checked);
  if (status < 0) return status;
  start.output_columns = checked.response.columns;
  start.planned = THRESHOLDS + checked.options.n_thresholds;
  return attrib__run_create(context, &start, pull, run);
}

attrib_status attrib_information_curve(attrib_context *context, const attrib_model *model, const void *input,
                                       int64_t target, const double *scores, const attrib_information_options *options,
                                       double *values, attrib_report *report) {
  const attrib__information_request request = {model, input, target, scores, options, values};
  return attrib__run_call(context, prepare, &request, values, report);
}

attrib_status attrib_information_curve_start(attrib_context *context, const attrib_model *model, const void *input,
                                             int64_t target, const double *scores,
                                             const attrib_information_options *options, attrib_run **run) {
  const attrib__information_request request = {model, input, target, scores, options, NULL};
  return attrib__run_open(context, prepare, &request, run);
}
