/* sampling.h - the options that all sampling methods share, and how many draws these ask for: a fixed number, or
 * doublings until the error estimate meets a tolerance. */
#ifndef ATTRIB_SRC_SAMPLING_H
#define ATTRIB_SRC_SAMPLING_H

#include <stdbool.h>

#include <attrib/report.h>

#include "../context/context.h"

typedef struct attrib__sampling {
  int64_t samples;         /* draws without a tolerance; 0 with one */
  int64_t max_evaluations; /* with a tolerance */
  double tolerance;        /* 0 = none */
} attrib__sampling;

/* Checks and resolves. The fields that belong to later versions must be 0. */
attrib_status attrib__sampling_read(attrib_context *context, attrib__sampling *sampling, int64_t default_samples,
                                    uint32_t round_rows, double deadline_seconds);

/* Whether a round that is in is to be followed by one of `next` more rows; where not, *stop_reason says why. */
bool attrib__sampling_goes_on(const attrib__sampling *sampling, double estimate, int64_t rows, int64_t next,
                              uint32_t *stop_reason);

/* Fills in the report; NOT_CONVERGED with its message where the budget ended first. */
attrib_status attrib__sampling_judge(attrib_context *context, const attrib__sampling *sampling, uint32_t stop_reason,
                                     attrib_report *report);

#endif
