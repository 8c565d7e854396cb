/* smoothgrad_options.h - the arguments of SmoothGrad at the door. */
#ifndef ATTRIB_SRC_SMOOTHGRAD_OPTIONS_H
#define ATTRIB_SRC_SMOOTHGRAD_OPTIONS_H

#include "../model/range.h"
#include "sampling.h"
#include "smoothgrad.h"

/* A call's arguments, read and checked. */
typedef struct attrib__smoothgrad_checked {
  const void *input;
  int64_t target;
  const double *target_weights;
  int64_t n_groups;
  const int32_t *groups;
  uint32_t form;
  uint64_t seed;
  attrib__sampling sampling;
  int64_t members;     /* 2: antithetic pairs; 1 */
  int64_t first_round; /* samples */
  double deadline_seconds, sigma;
  attrib__range range; /* noised points are clipped to */
  bool constant;       /* constant: sigma is 0 because the input has no range */
} attrib__smoothgrad_checked;

attrib_status attrib__smoothgrad_read(attrib_context *context, const attrib__smoothgrad_request *request, bool pull,
                                      attrib_model *model, attrib__smoothgrad_checked *checked);

#endif
