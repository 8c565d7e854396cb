/* integral_adaptive.h - path integrals of the gradient to a tolerance. */
#ifndef ATTRIB_SRC_INTEGRAL_ADAPTIVE_H
#define ATTRIB_SRC_INTEGRAL_ADAPTIVE_H

#include "../engine/engine.h"
#include "../path/lines.h"
#include "entries.h"

/* What the rule is asked for; resolved. */
typedef struct attrib__adaptive_request {
  int64_t target;
  attrib_ig_options options;
  attrib__lines lines;
  attrib__entries entries;
  /* As ATTRIB_SAMPLER_POOLED of expected gradients: */
  uint32_t sampler; /* 0 = not */
  uint64_t seed;    /* for the report */
  bool spend;       /* no tolerance: the whole budget is to be spent */
} attrib__adaptive_request;

/* Completes `start`, whose model has been read, resolves the budget, and creates the run. */
attrib_status attrib__adaptive_start(attrib_context *context, attrib__start *start, attrib__adaptive_request *request,
                                     bool pull, attrib_run **run);

#endif
