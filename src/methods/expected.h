/* expected.h - expected gradients. */
#ifndef ATTRIB_SRC_EXPECTED_H
#define ATTRIB_SRC_EXPECTED_H

#include <stdbool.h>

#include <attrib/methods.h>
#include <attrib/run.h>

/* The arguments of a call, as they came. */
typedef struct attrib__expected_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_eg_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__expected_request;

/* An attrib__prepare_fn (engine.h). */
attrib_status attrib__expected_prepare(attrib_context *context, const void *given, bool pull, attrib_run **run);

#endif
