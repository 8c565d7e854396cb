/* guided_options.c - see guided_options.h. */
#include "guided_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../model/model.h"
#include "options.h"

enum { DEFAULT_STEPS = 200 };
static const double DEFAULT_FRACTION = 0.25, DEFAULT_DISTANCE = 0.02;

static attrib_status check_share(attrib_context *context, const char *name, double *value, double by_default) {
  if (*value == 0) *value = by_default;
  if (*value > 0 && *value <= 1) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %g: must be in (0, 1], or 0", name, *value);
}

static attrib_status read_options(attrib_context *context, const attrib_guided_options *given,
                                  attrib_guided_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_GUIDED_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0 || options->reserved0 != 0 || options->reserved1 != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved0 = %" PRIu32
                        ", reserved1 = %g: this version knows none",
                        options->flags, options->reserved0, options->reserved1);
  status = attrib__path_rule(context, &options->rule);
  if (status < 0) return status;
  status = attrib__option_steps(context, &options->steps, DEFAULT_STEPS);
  if (status < 0) return status;
  status = check_share(context, "fraction", &options->fraction, DEFAULT_FRACTION);
  if (status < 0) return status;
  status = check_share(context, "max_distance", &options->max_distance, DEFAULT_DISTANCE);
  return status < 0 ? status : attrib__threshold_check(context, options->completeness_threshold, 0);
}

attrib_status attrib__guided_read(attrib_context *context, const attrib__guided_request *request, bool pull,
                                  attrib_model *model, attrib__guided_checked *checked) {
  *checked = (attrib__guided_checked){.target = request->target};
  const attrib_guided_options *options = &checked->options;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, &checked->options);
  if (status < 0) return status;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status < 0) return status;
  status = attrib__groups_check(context, options->n_groups, options->groups, model->n_inputs);
  if (status < 0) return status;
  return attrib__lines_from_baselines(context, model, request->input, request->baselines, &checked->lines);
}
