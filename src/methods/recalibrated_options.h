/* recalibrated_options.h - the arguments of recalibrated attributions, read and checked. */
#ifndef ATTRIB_SRC_RECALIBRATED_OPTIONS_H
#define ATTRIB_SRC_RECALIBRATED_OPTIONS_H

#include <stdbool.h>

#include <attrib/recalibrate.h>

#include "../context/context.h"
#include "../path/lines.h"

/* The arguments of a call, as they came. */
typedef struct attrib__recalibrated_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_recalibration_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__recalibrated_request;

typedef struct attrib__recalibrated_checked {
  int64_t target, planned;              /* planned: rows in all */
  attrib_recalibration_options options; /* mode, rule (0 with RANDOM_ALPHA) and points resolved */
  attrib__lines lines;
} attrib__recalibrated_checked;

attrib_status attrib__recalibrated_read(attrib_context *context, const attrib__recalibrated_request *request, bool pull,
                                        attrib_model *model, attrib__recalibrated_checked *checked);

#endif
