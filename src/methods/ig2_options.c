/* ig2_options.c - see ig2_options.h. */
#include "ig2_options.h"

#include <inttypes.h>

#include "../base/first_size.h"
#include "../model/model.h"
#include "options.h"

enum { DEFAULT_STEPS = 201 };

static attrib_status read_options(attrib_context *context, const attrib_ig2_options *given,
                                  attrib_ig2_options *options) {
  attrib_status status = attrib__read_options(context, given, ATTRIB__FIRST_IG2_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0 || options->reserved0 != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "options->flags = 0x%" PRIx32 ", reserved0 = %" PRIu32 ": this version knows none",
                        options->flags, options->reserved0);
  status = attrib__path_rule(context, &options->rule);
  if (status < 0) return status;
  status = attrib__option_steps(context, &options->steps, DEFAULT_STEPS);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "step", options->step);
  if (status < 0) return status;
  return attrib__threshold_check(context, options->completeness_threshold, 0);
}

/* The representation: the model itself, or one of its own over the same inputs. */
static attrib_status read_representation(attrib_context *context, const attrib_model *given, bool pull,
                                         attrib__start *start, attrib__ig2_checked *checked) {
  const attrib__model_use use = {.name = given == NULL ? "model" : "representation",
                                 .gradients = true,
                                 .all_outputs = true,
                                 .pull = pull,
                                 .target = ATTRIB_NO_TARGET};
  attrib_model representation;
  attrib_status status = attrib__model_read(context, given == NULL ? &start->model : given, &use, &representation);
  if (status < 0) return status;
  if (!(representation.flags & ATTRIB_MODEL_TARGET_WEIGHTS))
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "%s->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS, which the way to a reference needs", use.name);
  checked->n_features = representation.n_outputs;
  checked->second = given != NULL;
  if (given == NULL) {
    start->output_columns = representation.n_outputs;
    return ATTRIB_OK;
  }
  if (representation.n_inputs != start->model.n_inputs || representation.dtype != start->model.dtype)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "representation->n_inputs = %" PRId64 ", dtype = %" PRIu32 ": the model has %" PRId64
                        " inputs of dtype %" PRIu32,
                        representation.n_inputs, representation.dtype, start->model.n_inputs, start->model.dtype);
  start->second = representation;
  start->second_columns = representation.n_outputs;
  return ATTRIB_OK;
}

attrib_status attrib__ig2_read(attrib_context *context, const attrib__ig2_request *request, bool pull,
                               attrib__start *start, attrib__ig2_checked *checked) {
  *checked = (attrib__ig2_checked){.model = &start->model, .input = request->input, .target = request->target};
  const attrib_model *model = &start->model;
  attrib_ig2_options *options = &checked->options;
  attrib_status status = attrib__result_check(context, pull, "attributions", request->attributions);
  if (status == ATTRIB_OK) status = read_options(context, request->options, options);
  if (status < 0) return status;
  const attrib__model_use use = {
      .gradients = true, .pull = pull, .target = request->target, .target_weights = options->target_weights};
  status = attrib__model_read(context, request->model, &use, &start->model);
  if (status < 0) return status;
  status = attrib__groups_check(context, options->n_groups, options->groups, model->n_inputs);
  if (status == ATTRIB_OK) status = read_representation(context, request->representation, pull, start, checked);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", model, request->input);
  if (status == ATTRIB_OK)
    status = attrib__baselines_read(context, "references", request->references, model, &checked->references);
  if (status == ATTRIB_OK)
    status = attrib__range_read(context, model->dtype, options->low, options->high, &checked->range);
  return status < 0 ? status : attrib__range_holds(context, &checked->range, "input", model, request->input);
}
