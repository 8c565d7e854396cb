/* integral_adaptive.h - path integrals of the gradient to a tolerance. */
#ifndef ATTRIB_SRC_INTEGRAL_ADAPTIVE_H
#define ATTRIB_SRC_INTEGRAL_ADAPTIVE_H

#include "../engine/engine.h"
#include "../path/lines.h"
#include "entries.h"

/* What the rule is asked for; resolved. */
typedef struct attrib__adaptive_request {
  int64_t target;
  bool second; /* it is the second of two models that is asked */
  attrib_ig_options options;
  attrib__lines lines;
  attrib__entries entries;
  bool apart; /* gradients are put together from differences: each holds along its own line alone */
  /* As ATTRIB_SAMPLER_POOLED of expected gradients: */
  uint32_t sampler; /* 0 = not */
  uint64_t seed;    /* for the report */
  bool spend;       /* no tolerance: the whole budget is to be spent */
} attrib__adaptive_request;

/* Completes `start`, whose model has been read, for attrib__run_create; resolves the budget. `request` stays where it
 * is until then. */
attrib_status attrib__adaptive_describe(attrib_context *context, attrib__start *start,
                                        attrib__adaptive_request *request);

#endif
