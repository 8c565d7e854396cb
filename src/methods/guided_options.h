/* guided_options.h - the arguments of guided integrated gradients at the door. */
#ifndef ATTRIB_SRC_GUIDED_OPTIONS_H
#define ATTRIB_SRC_GUIDED_OPTIONS_H

#include <attrib/paths.h>

#include "../path/lines.h"

typedef struct attrib__guided_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_guided_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__guided_request;

/* The same, read and checked. */
typedef struct attrib__guided_checked {
  int64_t target;
  attrib_guided_options options; /* resolved */
  attrib__lines lines;
} attrib__guided_checked;

attrib_status attrib__guided_read(attrib_context *context, const attrib__guided_request *request, bool pull,
                                  attrib_model *model, attrib__guided_checked *checked);

#endif
