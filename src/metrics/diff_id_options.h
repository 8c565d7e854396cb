/* diff_id_options.h - the arguments of DiffID at the door. */
#ifndef ATTRIB_SRC_DIFF_ID_OPTIONS_H
#define ATTRIB_SRC_DIFF_ID_OPTIONS_H

#include <attrib/metrics.h>

#include "grid.h"
#include "ranking.h"
#include "response.h"

/* What a row is: the input, without the lowest units, or without the highest. */
enum { ATTRIB__DIFF_ID_INPUT = -1, ATTRIB__DIFF_ID_INS = 0, ATTRIB__DIFF_ID_DEL = 1, ATTRIB__DIFF_ID_KINDS = 2 };

/* The arguments of a call, as they came. */
typedef struct attrib__diff_id_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const double *scores;
  const attrib_diff_id_options *options;
  const double *values; /* callback form: must not be NULL */
} attrib__diff_id_request;

/* Read and checked. */
typedef struct attrib__diff_id_checked {
  const void *input;
  attrib_diff_id_options options; /* defaults filled in */
  attrib__response response;
  attrib__units units;
  attrib__map map[ATTRIB__DIFF_ID_KINDS]; /* whose first units are taken out */
  attrib__grid grid;                      /* point i, from 1: at r = i / (points + 1) */
} attrib__diff_id_checked;

attrib_status attrib__diff_id_read(attrib_context *context, const attrib__diff_id_request *request, bool pull,
                                   attrib_model *model, attrib__diff_id_checked *checked);

#endif
