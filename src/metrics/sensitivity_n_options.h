/* sensitivity_n_options.h - the arguments of sensitivity-n at the door, and the sizes of its subsets. */
#ifndef ATTRIB_SRC_SENSITIVITY_N_OPTIONS_H
#define ATTRIB_SRC_SENSITIVITY_N_OPTIONS_H

#include <stdbool.h>

#include <attrib/faithfulness.h>

#include "../baselines/baselines.h"
#include "response.h"
#include "units.h"

/* The arguments of a call, as they came. */
typedef struct attrib__sensitivity_n_request {
  const attrib_model *model;
  const void *input;
  int64_t target;
  const double *scores;
  const attrib_baselines *baselines;
  const attrib_sensitivity_n_options *options;
  const double *values; /* callback form: must not be NULL */
} attrib__sensitivity_n_request;

/* Read and checked. */
typedef struct attrib__sensitivity_n_checked {
  const void *input;
  const double *scores;
  attrib_sensitivity_n_options options; /* n_sizes and subsets resolved */
  attrib__units units;
  attrib__response response;
  attrib__baselines set;
  int64_t rows; /* in all */
} attrib__sensitivity_n_checked;

attrib_status attrib__sensitivity_n_read(attrib_context *context, const attrib__sensitivity_n_request *request,
                                         bool pull, attrib_model *model, attrib__sensitivity_n_checked *checked);

/* Size number i: units of a subset; with coins the probability of each unit, which need not be a number of units. */
bool attrib__sensitivity_n_coins(const attrib__sensitivity_n_checked *call);
int64_t attrib__sensitivity_n_size(const attrib__sensitivity_n_checked *call, int64_t i);
double attrib__sensitivity_n_probability(const attrib__sensitivity_n_checked *call, int64_t i);

/* There is one such subset only: all units. */
bool attrib__sensitivity_n_whole(const attrib__sensitivity_n_checked *call, int64_t i);

#endif
