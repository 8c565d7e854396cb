/* sampling.h - how many rows a method that goes round by round asks for, sampling or adaptive: a fixed number, or
 * rounds until the error estimate meets a tolerance or the budget ends. */
#ifndef ATTRIB_SRC_SAMPLING_H
#define ATTRIB_SRC_SAMPLING_H

#include <stdbool.h>

#include <attrib/report.h>

#include "../context/context.h"
#include "attributions.h"

typedef struct attrib__sampling {
  int64_t samples;         /* draws without a tolerance; 0 with one */
  int64_t max_evaluations; /* with a tolerance */
  double tolerance;        /* 0 = none, as with the next one */
  double absolute_tolerance;
} attrib__sampling;

/* Checks and resolves the options of sampling methods. */
attrib_status attrib__sampling_read(attrib_context *context, attrib__sampling *sampling, int64_t default_samples);

/* attrib_run_extend. */
attrib_status attrib__sampling_extend(attrib_context *context, attrib__sampling *sampling, double tolerance,
                                      int64_t max_evaluations);

/* Whether a round that is in is to be followed by one of `next` more rows; where not, *stop_reason says why. */
bool attrib__sampling_goes_on(const attrib__sampling *sampling, attrib__error error, int64_t rows, int64_t next,
                              uint32_t *stop_reason);

/* Whether the number of draws is left to a tolerance. */
bool attrib__sampling_open(const attrib__sampling *sampling);

/* Fills in the report; NOT_CONVERGED with its message where the budget ended first, or (stop_reason COMPLETE) nothing
 * was left to refine. */
attrib_status attrib__sampling_judge(attrib_context *context, const attrib__sampling *sampling, uint32_t stop_reason,
                                     attrib_report *report);

#endif
