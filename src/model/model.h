/* model.h - the caller's model and target, checked at the door. */
#ifndef ATTRIB_SRC_MODEL_H
#define ATTRIB_SRC_MODEL_H

#include <stdbool.h>

#include <attrib/model.h>

#include "../context/context.h"

/* What a call is going to ask of the model. */
typedef struct attrib__model_use {
  const char *name; /* of the argument, for messages; NULL = "model" */
  bool gradients, all_outputs, pull;
  bool differences; /* a model without gradients is asked for outputs alone instead */
  int64_t target;
  const double *target_weights;
} attrib__model_use;

/* Reads the model into the latest form and checks it, the target and the weights against each other. */
attrib_status attrib__model_read(attrib_context *context, const attrib_model *given, const attrib__model_use *use,
                                 attrib_model *model);

/* E_ARGUMENT for NULL, E_NONFINITE with the index for a row that holds NaN or infinity. `name` is the argument's. */
attrib_status attrib__check_row(attrib_context *context, const char *name, const attrib_model *model, const void *row);

#endif
