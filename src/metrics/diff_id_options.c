/* diff_id_options.c - see diff_id_options.h. */
#include "diff_id_options.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "../model/range.h"
#include "flags.h"

enum { DEFAULT_POINTS = 9 };

static attrib_status read_options(attrib_context *context, const attrib_diff_id_options *given,
                                  attrib_diff_id_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_DIFF_ID_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->reserved != NULL) return attrib__option_reserved(context, options->reserved);
  const uint32_t useful = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY | ATTRIB_METRIC_ABSOLUTE |
                          ATTRIB_METRIC_UNIT_SCORES | ATTRIB_METRIC_RANDOM;
  status = attrib__metric_flags(context, options->flags, useful);
  if (options->points == 0) options->points = DEFAULT_POINTS;
  if (status < 0) return status;
  return attrib__option_count(context, "points", options->points, 1, ATTRIB__GRID_MOST_PARTS - 1);
}

attrib_status attrib__diff_id_read(attrib_context *context, const attrib__diff_id_request *request, bool pull,
                                   attrib_model *model, attrib__diff_id_checked *checked) {
  *checked = (attrib__diff_id_checked){.input = request->input};
  attrib_status status = attrib__result_check(context, pull, "values", request->values);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &checked->options);
  if (status < 0) return status;
  status = attrib__response_read(context, request->model, checked->options.flags, request->target,
                                 checked->options.target_weights, pull, model, &checked->response);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  const attrib_diff_id_options *options = &checked->options;
  const attrib__map map = {.flags = options->flags, .seed = options->seed, .scores = request->scores};
  if (status == ATTRIB_OK)
    status = attrib__ranked_units_read(context, model, options->shape, options->n_groups, options->groups, &map,
                                       &checked->units);
  if (status < 0) return status;
  checked->map[ATTRIB__DIFF_ID_DEL] = checked->map[ATTRIB__DIFF_ID_INS] = map;
  checked->map[ATTRIB__DIFF_ID_INS].flags |= ATTRIB_METRIC_LOWEST_FIRST;
  checked->grid = (attrib__grid){.total = checked->units.count, .parts = options->points + 1};
  double low, high; /* no sum of differences between elements is larger than this */
  attrib__row_extent(model, request->input, &low, &high);
  if (isfinite((high - low) * (double)model->n_inputs)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW, "input: the sum over its elements, from %g to %g, overflows", low,
                      high);
}
