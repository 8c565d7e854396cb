/* recalibrated_options.c - see recalibrated_options.h. */
#include "recalibrated_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../base/size.h"
#include "../model/model.h"
#include "../random/philox.h"
#include "options.h"

enum { DEFAULT_POINTS = 5 };

enum {
  DROPS = ATTRIB_RECALIBRATE_STRICT | ATTRIB_RECALIBRATE_NORM_ALL, /* flags for modes that drop something */
  KNOWN = DROPS | ATTRIB_RECALIBRATE_SQUARED | ATTRIB_RECALIBRATE_RANDOM_ALPHA
};

static attrib_status check_known(attrib_context *context, const attrib_recalibration_options *options) {
  if (options->flags & ~(uint32_t)KNOWN)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows 0x%x",
                        options->flags, KNOWN);
  if (options->reserved0 != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->reserved0 = %" PRIu32 ": this version knows no use",
                        options->reserved0);
  if (options->mode > ATTRIB_RECALIBRATE_VALID_IP)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->mode = %" PRIu32 ": must be one of ATTRIB_RECALIBRATE_DEFAULT to VALID_IP (0 to 3)",
                        options->mode);
  if (options->point_factor > ATTRIB_POINT_FACTOR_FROM_REFERENCE)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->point_factor = %" PRIu32 ": must be one of ATTRIB_POINT_FACTOR_* (0 to 2)",
                        options->point_factor);
  return ATTRIB_OK;
}

/* What the mode has no use for. */
static attrib_status check_mode(attrib_context *context, const attrib_recalibration_options *options) {
  if (options->mode != ATTRIB_RECALIBRATE_VANILLA) return ATTRIB_OK;
  if (options->flags & DROPS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->flags = 0x%" PRIx32
                        ": ATTRIB_RECALIBRATE_VANILLA drops nothing, so STRICT and "
                        "NORM_ALL (0x%x) must be off",
                        options->flags, DROPS);
  if (options->point_factor != 0 && (options->flags & ATTRIB_RECALIBRATE_SQUARED))
    return attrib__option_unused(context, "point_factor", options->point_factor,
                                 "ATTRIB_RECALIBRATE_VANILLA of SQUARED is displaced once for all points");
  return ATTRIB_OK;
}

static attrib_status resolve_points(attrib_context *context, attrib_recalibration_options *options) {
  if (options->points == 0) options->points = DEFAULT_POINTS;
  if (options->flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA) {
    if (options->rule != 0)
      return attrib__option_unused(context, "rule", options->rule, "ATTRIB_RECALIBRATE_RANDOM_ALPHA has none");
    return attrib__option_count(context, "points", options->points, 1, ATTRIB__RANDOM_ELEMENTS);
  }
  if (options->seed != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->seed = %" PRIu64 ": must be 0, it belongs to ATTRIB_RECALIBRATE_RANDOM_ALPHA",
                        options->seed);
  if (options->rule > ATTRIB_RULE_GAUSS_LEGENDRE)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->rule = %" PRIu32 ": must be one of ATTRIB_RULE_LEFT to GAUSS_LEGENDRE (0 to 5)",
                        options->rule);
  const attrib_ig_options asked = {.struct_size = sizeof asked, .rule = options->rule, .points = options->points};
  attrib_ig_options fixed;
  attrib_status status = attrib__ig_options_read(context, &asked, false, &fixed);
  options->rule = fixed.rule;
  return status;
}

static attrib_status read_options(attrib_context *context, const attrib_recalibration_options *given,
                                  attrib_recalibration_options *options) {
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_RECALIBRATION_OPTIONS, options, sizeof *options);
  if (status == ATTRIB_OK) status = check_known(context, options);
  if (status < 0) return status;
  if (options->mode == ATTRIB_RECALIBRATE_DEFAULT) options->mode = ATTRIB_RECALIBRATE_VALID_IP;
  status = check_mode(context, options);
  return status == ATTRIB_OK ? resolve_points(context, options) : status;
}

attrib_status attrib__recalibrated_read(attrib_context *context, const attrib__recalibrated_request *request, bool pull,
                                        attrib_model *model, attrib__recalibrated_checked *checked) {
  *checked = (attrib__recalibrated_checked){.target = request->target};
  attrib_recalibration_options *options = &checked->options;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, options);
  if (status < 0) return status;
  attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status == ATTRIB_OK) status = attrib__groups_check(context, options->n_groups, options->groups, model->n_inputs);
  if (status == ATTRIB_OK)
    status = attrib__lines_from_baselines(context, model, request->input, request->baselines, &checked->lines);
  if (status < 0) return status;
  int64_t used = attrib__lines_used(&checked->lines);
  if (attrib__count_multiply(used, options->points, &checked->planned)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW,
                      "options->points = %" PRId64 " for %" PRId64 " baselines: too many rows", options->points, used);
}
