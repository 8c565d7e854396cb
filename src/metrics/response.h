/* response.h - the number that a metric reads off the model for a row: an output, its probability, or whether it is the
 * largest. */
#ifndef ATTRIB_SRC_RESPONSE_H
#define ATTRIB_SRC_RESPONSE_H

#include <stdbool.h>

#include <attrib/model.h>

#include "../context/context.h"
#include "../rows/row.h"

typedef struct attrib__response {
  attrib__question question; /* to be asked of every row: without gradients */
  uint32_t flags;            /* ATTRIB_METRIC_SOFTMAX or ACCURACY */
  int64_t target, columns;   /* columns: outputs that come back for a row */
  const double *target_weights;
} attrib__response;

/* Reads the model, target and weights; flags are those of options->flags that say what is read off. `model` is the
 * latest form. */
attrib_status attrib__response_read(attrib_context *context, const attrib_model *given, uint32_t flags, int64_t target,
                                    const double *target_weights, bool pull, attrib_model *model,
                                    attrib__response *response);

/* Of one row's outputs, `columns` of them. */
double attrib__response_value(const attrib__response *response, const double *outputs);

/* What a number from the model, or one that was made with it, may be off by, as a part of it: 16 roundings of the
 * model's type. */
double attrib__response_unit(uint32_t dtype);

/* By how much the value of a row may be off through rounding, where each output is off by as much as that. */
double attrib__response_rounding(const attrib__response *response, uint32_t dtype, const double *outputs);

#endif
