/* agi_options.h - the arguments of adversarial gradient integration at the door. */
#ifndef ATTRIB_SRC_AGI_OPTIONS_H
#define ATTRIB_SRC_AGI_OPTIONS_H

#include <attrib/paths.h>
#include <attrib/recalibrate.h>

#include "../model/range.h"

typedef struct attrib__agi_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_agi_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__agi_request;

/* The same, read and checked. */
typedef struct attrib__agi_checked {
  const attrib_model *model; /* as attrib__agi_read has left it */
  const void *input;
  int64_t target;
  attrib_agi_options options; /* resolved */
  attrib__range range;
} attrib__agi_checked;

attrib_status attrib__agi_read(attrib_context *context, const attrib__agi_request *request, bool pull,
                               attrib_model *model, attrib__agi_checked *checked);

#endif
