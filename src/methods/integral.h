/* integral.h - path integrals of the gradient, in whatever form they were asked for. */
#ifndef ATTRIB_SRC_INTEGRAL_H
#define ATTRIB_SRC_INTEGRAL_H

#include <stdbool.h>

#include <attrib/methods.h>
#include <attrib/run.h>

#include "integral_adaptive.h"

typedef enum attrib__integral_kind {
  ATTRIB__INTEGRAL_GRADIENT,
  ATTRIB__INTEGRAL_BASELINES,
  ATTRIB__INTEGRAL_PATH
} attrib__integral_kind;

/* The arguments of a call, as they came. */
typedef struct attrib__integral_request {
  attrib__integral_kind kind;
  const attrib_model *model;
  const void *input;
  int64_t target;
  const attrib_baselines *baselines;
  const attrib_path *path;
  const attrib_ig_options *options;
  const double *attributions; /* callback form: must not be NULL */
} attrib__integral_request;

/* The same, read and checked. */
typedef struct attrib__integral_checked {
  int64_t target;
  bool second;               /* it is the second of two models that is asked */
  bool differences;          /* gradients are put together from differences */
  attrib_ig_options options; /* resolved */
  attrib__lines lines;
  attrib__adaptive_request adaptive; /* describe's */
} attrib__integral_checked;

/* Completes `start`, whose models have been read, for attrib__run_create. `checked` stays where it is until then. */
attrib_status attrib__integral_describe(attrib_context *context, attrib__start *start,
                                        attrib__integral_checked *checked);

/* An attrib__prepare_fn (engine.h). */
attrib_status attrib__integral_prepare(attrib_context *context, const void *given, bool pull, attrib_run **run);

#endif
