/* expected_options.h - the arguments of expected gradients at the door. */
#ifndef ATTRIB_SRC_EXPECTED_OPTIONS_H
#define ATTRIB_SRC_EXPECTED_OPTIONS_H

#include "../path/lines.h"
#include "entries.h"
#include "expected.h"
#include "sampling.h"

typedef struct attrib__expected_options {
  uint32_t sampler; /* resolved */
  uint64_t seed;
  attrib__sampling sampling;
  bool then_lattice;   /* strata while there are fewer draws than baselines, then a lattice */
  int64_t first_round; /* draws of the first round, of a lattice by baseline */
  double completeness_threshold, deadline_seconds;
  const double *target_weights;
  int64_t max_vectors; /* of the pool, as round_rows */
  uint32_t round_rows;
  bool differences; /* gradients are put together from differences, of this step */
  double difference_step;
} attrib__expected_options;

/* A call's arguments, read and checked. */
typedef struct attrib__expected_checked {
  int64_t target, planned; /* planned: rows in all; 0 = not known */
  attrib__expected_options options;
  attrib__lines lines;
  attrib__entries entries;
} attrib__expected_checked;

attrib_status attrib__expected_read(attrib_context *context, const attrib__expected_request *request, bool pull,
                                    attrib_model *model, attrib__expected_checked *checked);

#endif
