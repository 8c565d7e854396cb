/* agi_options.c - see agi_options.h. */
#include "agi_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../model/model.h"
#include "options.h"

enum { DEFAULT_STEPS = 15, DEFAULT_CLASSES = 15 };
#define MOST_CLASSES (INT64_C(1) << 31) /* so that the square does not overflow */
static const double DEFAULT_STEP = 0.05;

/* The path integral, or what of it is valid; and the options that only one of them has. */
static attrib_status read_mode(attrib_context *context, attrib_agi_options *options) {
  const uint32_t known = ATTRIB_RECALIBRATE_STRICT | ATTRIB_RECALIBRATE_NORM_ALL;
  if (options->flags & ~known || options->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved = %p: this version knows flags 0x%" PRIx32,
                        options->flags, options->reserved, known);
  if (options->mode == 0) {
    if (options->flags != 0)
      return attrib__option_unused(context, "flags", options->flags, "they belong to the modes of recalibration");
    attrib_status status = attrib__path_rule(context, &options->rule);
    return status < 0 ? status : attrib__threshold_check(context, options->completeness_threshold, 0);
  }
  if (options->mode != ATTRIB_RECALIBRATE_VALID_REF && options->mode != ATTRIB_RECALIBRATE_VALID_IP)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->mode = %" PRIu32 ": must be ATTRIB_RECALIBRATE_VALID_REF (2), VALID_IP (3) or 0",
                        options->mode);
  const char *why = "what is valid is no path integral";
  if (options->rule != 0) return attrib__option_unused(context, "rule", options->rule, why);
  if (options->completeness_threshold != 0)
    return attrib__option_unused(context, "completeness_threshold", options->completeness_threshold, why);
  return ATTRIB_OK;
}

static attrib_status read_options(attrib_context *context, const attrib_agi_options *given,
                                  attrib_agi_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_AGI_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  status = read_mode(context, options);
  if (status < 0) return status;
  status = attrib__option_steps(context, &options->steps, DEFAULT_STEPS);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "step", options->step);
  if (status < 0) return status;
  if (options->step == 0) options->step = DEFAULT_STEP;
  return ATTRIB_OK;
}

/* A number of classes that the model has, or the default for it. */
static attrib_status check_grid(attrib_context *context, const attrib_model *model, int64_t target,
                                int64_t *n_classes) {
  const int64_t others = model->n_outputs - (target == ATTRIB_NO_TARGET ? 0 : 1);
  if (model->n_outputs == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->classes is NULL, and model->n_outputs is not stated (0): name the classes");
  if (*n_classes == 0) *n_classes = others < DEFAULT_CLASSES ? others : DEFAULT_CLASSES;
  if (*n_classes > others || others == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->n_classes = %" PRId64 ": the model has %" PRId64 " outputs beside the target",
                        *n_classes, others);
  return ATTRIB_OK;
}

static attrib_status check_class(attrib_context *context, const attrib_model *model, int64_t target, int64_t k,
                                 int64_t q) {
  if (q < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->classes[%" PRId64 "] = %" PRId64 ": must not be negative",
                        k, q);
  if (model->n_outputs > 0 && q >= model->n_outputs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->classes[%" PRId64 "] = %" PRId64 ": the model has %" PRId64 " outputs", k, q,
                        model->n_outputs);
  if (q == target)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->classes[%" PRId64 "] = %" PRId64 ": that is the target",
                        k, q);
  return ATTRIB_OK;
}

static attrib_status check_classes(attrib_context *context, const attrib_model *model, int64_t target,
                                   attrib_agi_options *options) {
  if (options->classes != NULL && options->n_classes == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->n_classes = 0: classes are given, say how many");
  attrib_status status = options->n_classes == 0
                             ? ATTRIB_OK
                             : attrib__option_count(context, "n_classes", options->n_classes, 1, MOST_CLASSES);
  if (status == ATTRIB_OK && options->classes == NULL) return check_grid(context, model, target, &options->n_classes);
  for (int64_t k = 0; k < options->n_classes && status == ATTRIB_OK; k++)
    status = check_class(context, model, target, k, options->classes[k]);
  return status;
}

attrib_status attrib__agi_read(attrib_context *context, const attrib__agi_request *request, bool pull,
                               attrib_model *model, attrib__agi_checked *checked) {
  *checked = (attrib__agi_checked){.model = model, .input = request->input, .target = request->target};
  attrib_agi_options *options = &checked->options;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, options);
  if (status < 0) return status;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  status = attrib__model_read(context, request->model, &use, model);
  if (status < 0) return status;
  status = attrib__groups_check(context, options->n_groups, options->groups, model->n_inputs);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status == ATTRIB_OK) status = check_classes(context, model, request->target, options);
  if (status == ATTRIB_OK)
    status = attrib__range_read(context, model->dtype, options->low, options->high, &checked->range);
  return status < 0 ? status : attrib__range_holds(context, &checked->range, "input", model, request->input);
}
