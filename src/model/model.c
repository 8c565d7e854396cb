/* model.c - see model.h. */
#include "model.h"

#include <inttypes.h>
#include <math.h>

#include "../base/first_size.h"
#include "../rows/rows.h"

enum {
  KNOWN_FLAGS =
      ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS | ATTRIB_MODEL_NO_GRADIENTS
};

static attrib_status check_model(attrib_context *context, const attrib_model *model, const attrib__model_use *use) {
  size_t element = attrib__element_size(model->dtype);
  if (model->flags & ~(uint32_t)KNOWN_FLAGS)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "%s->flags = 0x%" PRIx32 ": this version knows 0x%x", use->name,
                        model->flags, (unsigned)KNOWN_FLAGS);
  if (element == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->dtype = %" PRIu32 ": must be ATTRIB_F32 (1) or ATTRIB_F64 (2)",
                        use->name, model->dtype);
  if (model->n_inputs < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->n_inputs = %" PRId64 ": must be at least 1", use->name,
                        model->n_inputs);
  if ((uint64_t)model->n_inputs > PTRDIFF_MAX / sizeof(double) / 4)
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "%s->n_inputs = %" PRId64 ": does not fit the address space",
                        use->name, model->n_inputs);
  if (model->n_outputs < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->n_outputs = %" PRId64 ": must not be negative", use->name,
                        model->n_outputs);
  if (model->evaluate == NULL && !use->pull)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s->evaluate is NULL", use->name);
  if (use->gradients && !use->differences && (model->flags & ATTRIB_MODEL_NO_GRADIENTS))
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "%s->flags has ATTRIB_MODEL_NO_GRADIENTS, and this method needs gradients: without them "
                        "attrib_integrated_gradients, attrib_path_gradients and attrib_expected_gradients work",
                        use->name);
  return ATTRIB_OK;
}

static attrib_status check_weights(attrib_context *context, const attrib_model *model, const attrib__model_use *use) {
  if (use->target != ATTRIB_NO_TARGET)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "target = %" PRId64 ": must be ATTRIB_NO_TARGET (-1) where target_weights are given",
                        use->target);
  if (!(model->flags & ATTRIB_MODEL_TARGET_WEIGHTS))
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "target_weights are given, but %s->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS", use->name);
  if (model->n_outputs == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "target_weights are given, but %s->n_outputs is not stated (0)",
                        use->name);
  for (int64_t k = 0; k < model->n_outputs; k++)
    if (!isfinite(use->target_weights[k]))
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "target_weights[%" PRId64 "] = %g: must be finite", k,
                          use->target_weights[k]);
  return ATTRIB_OK;
}

static attrib_status check_target(attrib_context *context, const attrib_model *model, const attrib__model_use *use) {
  if (use->target_weights != NULL) return check_weights(context, model, use);
  if (use->all_outputs) {
    if (model->n_outputs == 0)
      return attrib__fail(context, ATTRIB_E_ARGUMENT, "all outputs are asked for, but %s->n_outputs is not stated (0)",
                          use->name);
    if (!(model->flags & ATTRIB_MODEL_ALL_OUTPUTS))
      return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                          "all outputs are asked for, but %s->flags lacks ATTRIB_MODEL_ALL_OUTPUTS", use->name);
    return ATTRIB_OK;
  }
  if (use->target < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "target = %" PRId64 ": must not be negative without target_weights",
                        use->target);
  if (model->n_outputs > 0 && use->target >= model->n_outputs)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "target = %" PRId64 ": the model has %" PRId64 " outputs",
                        use->target, model->n_outputs);
  return ATTRIB_OK;
}

attrib_status attrib__model_read(attrib_context *context, const attrib_model *given, const attrib__model_use *use,
                                 attrib_model *model) {
  attrib__model_use named = *use;
  if (named.name == NULL) named.name = "model";
  attrib_status status = attrib__read_struct(context, named.name, given, ATTRIB__FIRST_MODEL, model, sizeof *model);
  if (status < 0) return status;
  status = check_model(context, model, &named);
  return status < 0 ? status : check_target(context, model, &named);
}

attrib_status attrib__check_row(attrib_context *context, const char *name, const attrib_model *model, const void *row) {
  if (row == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s is NULL", name);
  int64_t bad = attrib__rows_find_nonfinite(model->dtype, row, model->n_inputs);
  if (bad < 0) return ATTRIB_OK;
  double value;
  attrib__rows_load(model->dtype, row, bad, 1, &value);
  return attrib__fail(context, ATTRIB_E_NONFINITE, "%s[%" PRId64 "] = %g: must be finite", name, bad, value);
}
