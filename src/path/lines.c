/* lines.c - see lines.h. */
#include "lines.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/first_size.h"
#include "../context/context.h"
#include "../model/model.h"
#include "../rows/rows.h"

/* to - from must be finite, which only doubles can fail. */
static attrib_status check_displacement(attrib_context *context, const attrib__lines *lines, const void *from,
                                        const void *to, const char *what, int64_t index) {
  if (lines->dtype != ATTRIB_F64) return ATTRIB_OK;
  const double *start = from, *end = to;
  for (int64_t i = 0; i < lines->n; i++)
    if (!isfinite(end[i] - start[i]))
      return attrib__fail(context, ATTRIB_E_OVERFLOW,
                          "%s %" PRId64 ": element %" PRId64 " runs from %g to %g, too far apart", what, index, i,
                          start[i], end[i]);
  return ATTRIB_OK;
}

attrib_status attrib__lines_from_point(attrib_context *context, const attrib_model *model, const void *input,
                                       attrib__lines *lines) {
  *lines = (attrib__lines){
      .kind = ATTRIB__LINES_POINT, .dtype = model->dtype, .n = model->n_inputs, .count = 1, .input = input};
  return attrib__check_row(context, "input", model, input);
}

attrib_status attrib__lines_from_baselines(attrib_context *context, const attrib_model *model, const void *input,
                                           const attrib_baselines *baselines, attrib__lines *lines) {
  *lines =
      (attrib__lines){.kind = ATTRIB__LINES_BASELINES, .dtype = model->dtype, .n = model->n_inputs, .input = input};
  attrib_status status = attrib__check_row(context, "input", model, input);
  if (status < 0) return status;
  status = attrib__baselines_read(context, "baselines", baselines, model, &lines->baselines);
  lines->count = lines->baselines.set.count;
  return status;
}

static const void *knot(const attrib__lines *lines, int64_t k) {
  return attrib__const_element(lines->dtype, lines->path.rows, k * lines->path.stride);
}

static attrib_status check_knots(attrib_context *context, const attrib_model *model, attrib__lines *lines) {
  attrib_path *path = &lines->path;
  if (path->knots < 2)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "path->knots = %" PRId64 ": must be at least 2", path->knots);
  lines->count = path->knots - 1;
  if (path->stride == 0) path->stride = lines->n;
  if (path->stride < lines->n)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "path->stride = %" PRId64 ": must be 0 or at least the model's %" PRId64 " inputs",
                        path->stride, lines->n);
  if (path->stride > (int64_t)(PTRDIFF_MAX / attrib__element_size(lines->dtype)) / path->knots)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "path: %" PRId64 " knots, %" PRId64 " apart, do not fit the address space", path->knots,
                        path->stride);
  for (int64_t k = 0; k < path->knots; k++) {
    int64_t bad = attrib__rows_find_nonfinite(model->dtype, knot(lines, k), lines->n);
    if (bad >= 0)
      return attrib__fail(context, ATTRIB_E_NONFINITE,
                          "path->rows: knot %" PRId64 ", element %" PRId64 " is not finite", k, bad);
    attrib_status status =
        k == 0 ? ATTRIB_OK : check_displacement(context, lines, knot(lines, k - 1), knot(lines, k), "segment", k - 1);
    if (status < 0) return status;
  }
  return ATTRIB_OK;
}

attrib_status attrib__lines_from_path(attrib_context *context, const attrib_model *model, const attrib_path *given,
                                      attrib__lines *lines) {
  *lines = (attrib__lines){.dtype = model->dtype, .n = model->n_inputs};
  attrib_path *path = &lines->path;
  attrib_status status = attrib__read_struct(context, "path", given, ATTRIB__FIRST_PATH, path, sizeof *path);
  if (status < 0) return status;
  if (path->flags != 0 || path->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "path->flags = 0x%" PRIx32 ", reserved = %p: this version knows none", path->flags,
                        path->reserved);
  if ((path->rows == NULL) == (path->at == NULL))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "path: exactly one of rows and at must be given, not %s",
                        path->rows == NULL ? "neither" : "both");
  lines->kind = path->rows != NULL ? ATTRIB__LINES_KNOTS : ATTRIB__LINES_CURVE;
  lines->count = 1;
  if (path->rows != NULL) return check_knots(context, model, lines);
  if (path->knots != 0 || path->stride != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "path->knots = %" PRId64 ", stride = %" PRId64 ": must be 0 where at is given", path->knots,
                        path->stride);
  return ATTRIB_OK;
}

bool attrib__lines_need_spare(const attrib__lines *lines) {
  return lines->kind == ATTRIB__LINES_CURVE ||
         (lines->kind == ATTRIB__LINES_BASELINES && lines->baselines.set.fetch != NULL);
}

double attrib__lines_weight(const attrib__lines *lines, int64_t k) {
  return lines->kind == ATTRIB__LINES_BASELINES ? attrib__baselines_weight(&lines->baselines, k) : 1;
}

double attrib__lines_start_weight(const attrib__lines *lines, int64_t k) {
  if (lines->kind == ATTRIB__LINES_POINT) return 0;
  return lines->kind == ATTRIB__LINES_BASELINES ? attrib__baselines_weight(&lines->baselines, k) : (k == 0 ? 1 : 0);
}

int64_t attrib__lines_used(const attrib__lines *lines) {
  return lines->kind == ATTRIB__LINES_BASELINES ? lines->baselines.used : lines->count;
}

int64_t attrib__lines_starts(const attrib__lines *lines) {
  if (lines->kind == ATTRIB__LINES_POINT) return 0;
  return lines->kind == ATTRIB__LINES_BASELINES ? lines->baselines.used : 1;
}

int64_t attrib__lines_last(const attrib__lines *lines) {
  if (lines->kind != ATTRIB__LINES_BASELINES) return lines->count - 1;
  int64_t k = 0; /* every line ends at the input: the first one is at hand when the starts follow */
  while (attrib__lines_weight(lines, k) == 0) k++;
  return k;
}

/* Rows that were fetched must outlive the cache: the batch keeps a copy, shared by its rows of the same baseline. */
static attrib_status gather_baseline(attrib__lines *lines, attrib__row *row, attrib__gathering *gathering) {
  attrib__baselines *set = &lines->baselines;
  const attrib__row *previous = gathering->previous;
  row->to = lines->input;
  if (previous != NULL && previous->baseline == row->baseline) {
    row->from = previous->from;
    return ATTRIB_OK;
  }
  bool known = set->checked == row->baseline;
  attrib_status status =
      attrib__baselines_row(gathering->context, set, row->baseline, &row->from, &gathering->callback_status);
  if (status == ATTRIB_OK && !known)
    status = check_displacement(gathering->context, lines, row->from, row->to, "baseline", row->baseline);
  if (status == ATTRIB_OK && set->set.fetch != NULL)
    row->from = memcpy(gathering->placing.spare, row->from, (size_t)lines->n * attrib__element_size(lines->dtype));
  return status;
}

/* What the curve has written must be finite. */
static attrib_status check_written(attrib_context *context, const attrib__lines *lines, const attrib__row *row,
                                   const void *written, const char *what) {
  int64_t bad = attrib__rows_find_nonfinite(lines->dtype, written, lines->n);
  if (bad < 0) return ATTRIB_OK;
  bool unwritten = attrib__rows_find_mark(lines->dtype, written, bad, 1) >= 0;
  return attrib__fail(context, ATTRIB_E_NONFINITE, "path->at: element %" PRId64 " of the %s at alpha = %.17g %s", bad,
                      what, row->alpha, unwritten ? "was left unwritten" : "is not finite");
}

static attrib_status gather_curve(attrib__lines *lines, attrib__row *row, attrib__gathering *gathering) {
  const attrib_path *path = &lines->path;
  void *point = gathering->placing.point, *tangent = row->question->gradients ? gathering->placing.spare : NULL;
  attrib__rows_mark(lines->dtype, point, 0, lines->n);
  if (tangent != NULL) attrib__rows_mark(lines->dtype, tangent, 0, lines->n);
  int32_t code = path->at(row->alpha, point, tangent, path->user);
  if (code != 0) gathering->callback_status = code;
  if (code > 0) return ATTRIB_CANCELLED;
  if (code < 0)
    return attrib__fail(gathering->context, ATTRIB_E_CALLBACK, "path->at returned %" PRId32 " for alpha = %.17g", code,
                        row->alpha);
  row->placed = true;
  row->to = tangent; /* the displacement is the tangent: from NULL */
  attrib_status status = check_written(gathering->context, lines, row, point, "point");
  if (status == ATTRIB_OK && tangent != NULL)
    status = check_written(gathering->context, lines, row, tangent, "tangent");
  return status;
}

attrib_status attrib__lines_gather(attrib__lines *lines, attrib__row *row, attrib__gathering *gathering) {
  switch (lines->kind) {
    case ATTRIB__LINES_BASELINES: return gather_baseline(lines, row, gathering);
    case ATTRIB__LINES_CURVE: return gather_curve(lines, row, gathering);
    case ATTRIB__LINES_KNOTS:
      row->from = knot(lines, row->baseline);
      row->to = knot(lines, row->baseline + 1);
      return ATTRIB_OK;
    case ATTRIB__LINES_POINT: row->to = lines->input; return ATTRIB_OK;
  }
  return ATTRIB_OK;
}
