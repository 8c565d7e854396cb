/* ig2_options.h - the arguments of IG2 at the door. */
#ifndef ATTRIB_SRC_IG2_OPTIONS_H
#define ATTRIB_SRC_IG2_OPTIONS_H

#include <attrib/paths.h>

#include "../baselines/baselines.h"
#include "../engine/engine.h"
#include "../model/range.h"

typedef struct attrib__ig2_request {
  const attrib_model *model, *representation;
  const void *input;
  int64_t target;
  const attrib_baselines *references;
  const attrib_ig2_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__ig2_request;

/* The same, read and checked. */
typedef struct attrib__ig2_checked {
  const attrib_model *model; /* of the start that it was read into */
  const void *input;
  int64_t n_features; /* of the representation */
  bool second;        /* it is a model of its own */
  int64_t target;
  attrib_ig2_options options; /* resolved, but for a step of 0 */
  attrib__range range;
  attrib__baselines references;
} attrib__ig2_checked;

/* Reads the arguments; the models, and what columns they have, into `start`. */
attrib_status attrib__ig2_read(attrib_context *context, const attrib__ig2_request *request, bool pull,
                               attrib__start *start, attrib__ig2_checked *checked);

#endif
