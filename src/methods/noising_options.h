/* noising_options.h - the arguments of adaptive noising at the door. */
#ifndef ATTRIB_SRC_NOISING_OPTIONS_H
#define ATTRIB_SRC_NOISING_OPTIONS_H

#include <stdbool.h>

#include <attrib/noising.h>

#include "../model/range.h"

/* The arguments of a call, as they came. */
typedef struct attrib__noising_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_noising_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__noising_request;

/* Read and checked. */
typedef struct attrib__noising_checked {
  uint32_t dtype;
  int64_t n, target;
  const void *input;
  attrib_noising_options options; /* defaults filled in */
  attrib_image shape;
  attrib__range range; /* low to high */
  int64_t members;     /* 2: antithetic pairs; 1 */
  int64_t together;    /* most rows that do not wait for one another */
  double start;        /* PUBLISHED: the first sigma */
} attrib__noising_checked;

attrib_status attrib__noising_read(attrib_context *context, const attrib__noising_request *request, bool pull,
                                   attrib_model *model, attrib__noising_checked *checked);

#endif
