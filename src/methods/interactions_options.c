/* interactions_options.c - see interactions_options.h. */
#include "interactions_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../model/model.h"
#include "../rows/rows.h"
#include "options.h"

enum { DEFAULT_POINTS = 50 };
static const int64_t MOST_POINTS = (int64_t)1 << 50;

bool attrib__interactions_leave_out(const attrib__lines *lines, int64_t feature, int64_t line) {
  const attrib_baselines *set = &lines->baselines.set;
  if (attrib__lines_weight(lines, line) == 0) return true;
  if (set->rows == NULL) return false;
  double from, to;
  attrib__rows_load(lines->dtype, set->rows, line * set->stride + feature, 1, &from);
  attrib__rows_load(lines->dtype, lines->input, feature, 1, &to);
  return from == to;
}

static attrib_status read_options(attrib_context *context, const attrib_interactions_options *given,
                                  attrib_interactions_options *options) {
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_INTERACTIONS_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows none",
                        options->flags);
  if (options->points == 0) options->points = DEFAULT_POINTS;
  status = attrib__option_count(context, "points", options->points, 1, MOST_POINTS);
  if (status < 0) return status;
  status = attrib__option_amount(context, "width", options->width);
  if (status < 0) return status;
  return attrib__threshold_check(context, options->completeness_threshold, 0);
}

/* Lines that take rows. */
static int64_t count_lines(const attrib__lines *lines, int64_t feature) {
  if (lines->baselines.set.rows == NULL) return attrib__lines_used(lines);
  int64_t taken = 0;
  for (int64_t k = 0; k < lines->count; k++) taken += attrib__interactions_leave_out(lines, feature, k) ? 0 : 1;
  return taken;
}

attrib_status attrib__interactions_read(attrib_context *context, const attrib__interactions_request *request, bool pull,
                                        attrib_model *model, attrib__interactions_checked *checked) {
  *checked = (attrib__interactions_checked){.target = request->target, .feature = request->feature};
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &checked->options);
  if (status < 0) return status;
  const attrib_interactions_options *options = &checked->options;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status < 0) return status;
  if (request->feature < 0 || request->feature >= model->n_inputs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "feature = %" PRId64 ": must be in [0, %" PRId64 ")",
                        request->feature, model->n_inputs);
  status = attrib__groups_check(context, options->n_groups, options->groups, model->n_inputs);
  if (status < 0) return status;
  status = attrib__lines_from_baselines(context, model, request->input, request->baselines, &checked->lines);
  if (status < 0) return status;
  checked->lines_taken = count_lines(&checked->lines, checked->feature);
  if (attrib__count_multiply(checked->lines_taken, 2 * (options->points + 1), &checked->rows)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "options->points = %" PRId64 " for %" PRId64 " baselines: too many rows", options->points,
                      attrib__lines_used(&checked->lines));
}
