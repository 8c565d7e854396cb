/* information_options.h - the arguments of a performance information curve at the door. */
#ifndef ATTRIB_SRC_INFORMATION_OPTIONS_H
#define ATTRIB_SRC_INFORMATION_OPTIONS_H

#include <attrib/information.h>

#include "ranking.h"
#include "response.h"

/* The arguments of a call, as they came. */
typedef struct attrib__information_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const double *scores;
  const attrib_information_options *options;
  const double *values; /* callback form: must not be NULL */
} attrib__information_request;

/* Read and checked. */
typedef struct attrib__information_checked {
  const void *input;
  attrib_information_options options; /* defaults filled in, thresholds too */
  attrib__response response;
  attrib__units units;
  attrib__map map;
  int64_t shown; /* pixels from the start */
} attrib__information_checked;

attrib_status attrib__information_read(attrib_context *context, const attrib__information_request *request, bool pull,
                                       attrib_model *model, attrib__information_checked *checked);

#endif
