/* ablation_options.c - see ablation_options.h. */
#include "ablation_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "flags.h"

enum { DEFAULT_POINTS = 10 };

/* -- what does not depend on the model ---------------------------------------------------------------------------- */

static attrib_status check_kind(attrib_context *context, const char *name, uint32_t kind, uint32_t most,
                                const char *kinds) {
  if (kind <= most) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %" PRIu32 ": must be one of %s (0 to %" PRIu32 ")",
                      name, kind, kinds, most);
}

static attrib_status check_kinds(attrib_context *context, const attrib_ablation_options *options) {
  attrib_status status = check_kind(context, "order", options->order, 1, "ATTRIB_ABLATION_*");
  if (status == ATTRIB_OK) status = check_kind(context, "selection", options->selection, 2, "ATTRIB_SELECT_*");
  if (status == ATTRIB_OK) status = check_kind(context, "curve", options->curve, 2, "ATTRIB_CURVE_*");
  if (status == ATTRIB_OK) status = check_kind(context, "summary", options->summary, 1, "ATTRIB_SUMMARY_*");
  if (status < 0) return status;
  return options->reserved == NULL ? ATTRIB_OK : attrib__option_reserved(context, options->reserved);
}

static attrib_status check_box(attrib_context *context, const attrib_ablation_options *options) {
  const char *why = "a box is measured by its share of the picture";
  if (options->step != 0) return attrib__option_unused(context, "step", (double)options->step, why);
  if (options->groups != NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->groups is given: must be NULL, a box is one of pixels");
  if (options->shape == NULL)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->shape is NULL: a box of pixels needs it");
  return ATTRIB_OK;
}

static attrib_status read_options(attrib_context *context, const attrib_ablation_options *given,
                                  attrib_ablation_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_ABLATION_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = check_kinds(context, options);
  if (status < 0) return status;
  const bool box = options->selection != ATTRIB_SELECT_RANKED;
  const uint32_t order = ATTRIB_METRIC_ABSOLUTE | ATTRIB_METRIC_LOWEST_FIRST;
  const uint32_t others =
      ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_METRIC_UNIT_SCORES | ATTRIB_METRIC_RANDOM;
  status = attrib__metric_flags(context, options->flags, box ? others : others | order);
  if (status == ATTRIB_OK && box) status = check_box(context, options);
  return status;
}

/* -- points ------------------------------------------------------------------------------------------------------- */

static attrib_status resolve_points(attrib_context *context, attrib__ablation_checked *checked) {
  attrib_ablation_options *options = &checked->options;
  const int64_t units = checked->units.count;
  if (options->step != 0) {
    attrib_status status = attrib__option_count(context, "step", options->step, 1, units);
    const int64_t all = status == ATTRIB_OK ? (units - 1) / options->step + 1 : 0;
    if (options->points == 0) options->points = all;
    if (status == ATTRIB_OK) status = attrib__option_count(context, "points", options->points, 1, all);
    checked->grid = (attrib__grid){.total = units, .step = options->step};
    return status;
  }
  if (options->points == 0) options->points = DEFAULT_POINTS;
  const bool box = options->selection != ATTRIB_SELECT_RANKED;
  checked->grid = (attrib__grid){.total = box ? options->points : units, .parts = options->points};
  return attrib__option_count(context, "points", options->points, 1, ATTRIB__GRID_MOST_PARTS);
}

bool attrib__ablation_is_input(const attrib__ablation_checked *checked, int64_t i) {
  const int64_t count = attrib__grid_count(&checked->grid, i);
  return count == (checked->options.order == ATTRIB_ABLATION_DELETION ? 0 : checked->grid.total);
}

bool attrib__ablation_next(const attrib__ablation_checked *checked, int64_t point, int64_t *begin, int64_t *end) {
  const int64_t last = checked->options.points;
  while (point <= last && attrib__ablation_is_input(checked, point)) point++;
  *begin = point;
  *end = point + 1;
  if (point <= last) {
    *end = attrib__grid_end(&checked->grid, point, last);
    return true;
  }
  return point == last + 1 && checked->whole == point;
}

static void find_whole(attrib__ablation_checked *checked) {
  const attrib_ablation_options *options = &checked->options;
  if (options->order == ATTRIB_ABLATION_INSERTION)
    checked->whole = 0;
  else if (attrib__grid_count(&checked->grid, options->points) == checked->grid.total)
    checked->whole = options->points;
  else
    checked->whole = options->curve == ATTRIB_CURVE_MINMAX ? options->points + 1 : -1;
}

static void find_last_replacement(attrib__ablation_checked *checked) {
  int64_t last = checked->replacements.set.count - 1;
  while (!(attrib__baselines_weight(&checked->replacements, last) > 0)) last--;
  checked->last_replacement = last;
}

/* -- the whole ---------------------------------------------------------------------------------------------------- */

attrib_status attrib__ablation_read(attrib_context *context, const attrib__ablation_request *request, bool pull,
                                    attrib_model *model, attrib__ablation_checked *checked) {
  *checked = (attrib__ablation_checked){.input = request->input};
  attrib_status status = attrib__result_check(context, pull, "values", request->values);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &checked->options);
  if (status < 0) return status;
  status = attrib__response_read(context, request->model, checked->options.flags, request->target,
                                 checked->options.target_weights, pull, model, &checked->response);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  const attrib_ablation_options *options = &checked->options;
  checked->map = (attrib__map){.flags = options->flags, .seed = options->seed, .scores = request->scores};
  if (status == ATTRIB_OK)
    status = attrib__ranked_units_read(context, model, options->shape, options->n_groups, options->groups,
                                       &checked->map, &checked->units);
  if (status == ATTRIB_OK) status = resolve_points(context, checked);
  if (status == ATTRIB_OK)
    status = attrib__baselines_read(context, "replacements", request->replacements, model, &checked->replacements);
  if (status < 0) return status;
  find_whole(checked);
  find_last_replacement(checked);
  return ATTRIB_OK;
}
