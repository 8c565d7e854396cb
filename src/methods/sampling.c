/* sampling.c - see sampling.h. */
#include "sampling.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "options.h"

/* A budget that networks of a millisecond a row use up in seconds and hard cases exceed: saturated probabilities. */
enum { DEFAULT_BUDGET = 4096 };

static const int64_t most_rows = (int64_t)1 << 52;

bool attrib__sampling_open(const attrib__sampling *sampling) {
  return sampling->tolerance > 0 || sampling->absolute_tolerance > 0;
}

static attrib_status check_count(attrib_context *context, const char *name, int64_t value) {
  if (value >= 0 && value <= most_rows) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->%s = %" PRId64 ": must be from 0 to %" PRId64, name, value,
                      most_rows);
}

attrib_status attrib__sampling_read(attrib_context *context, attrib__sampling *sampling, int64_t default_samples) {
  attrib_status status = check_count(context, "samples", sampling->samples);
  if (status == ATTRIB_OK) status = check_count(context, "max_evaluations", sampling->max_evaluations);
  if (status < 0) return status;
  status = attrib__option_amount(context, "tolerance", sampling->tolerance);
  if (status == ATTRIB_OK) status = attrib__option_amount(context, "absolute_tolerance", sampling->absolute_tolerance);
  if (status < 0) return status;
  if (!attrib__sampling_open(sampling)) {
    if (sampling->max_evaluations != 0)
      return attrib__fail(context, ATTRIB_E_ARGUMENT,
                          "options->max_evaluations = %" PRId64 ": must be 0 without a tolerance",
                          sampling->max_evaluations);
    if (sampling->samples == 0) sampling->samples = default_samples;
    return ATTRIB_OK;
  }
  if (sampling->samples != 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "options->samples = %" PRId64 ": must be 0 with a tolerance, which decides it",
                        sampling->samples);
  if (sampling->max_evaluations == 0) sampling->max_evaluations = DEFAULT_BUDGET;
  return ATTRIB_OK;
}

attrib_status attrib__sampling_extend(attrib_context *context, attrib__sampling *sampling, double tolerance,
                                      int64_t max_evaluations) {
  if (!attrib__sampling_open(sampling))
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED,
                        "run: it was started with a number of samples and no tolerance, and cannot be extended");
  if (tolerance > 0) sampling->tolerance = tolerance;
  if (max_evaluations > 0) sampling->max_evaluations = max_evaluations;
  return ATTRIB_OK;
}

bool attrib__sampling_goes_on(const attrib__sampling *sampling, attrib__error error, int64_t rows, int64_t next,
                              uint32_t *stop_reason) {
  if (attrib__error_met(&error, sampling->tolerance, sampling->absolute_tolerance))
    *stop_reason = ATTRIB_STOP_TOLERANCE;
  else if (next > sampling->max_evaluations - rows)
    *stop_reason = ATTRIB_STOP_BUDGET;
  else
    return true;
  return false;
}

/* "above options->tolerance = 0.05": what the error estimate is. */
static void name_asked(const attrib__sampling *sampling, char *text, size_t size) {
  if (sampling->tolerance > 0)
    snprintf(text, size, "above options->tolerance = %g", sampling->tolerance);
  else
    snprintf(text, size, "that of an error above options->absolute_tolerance = %g", sampling->absolute_tolerance);
}

attrib_status attrib__sampling_judge(attrib_context *context, const attrib__sampling *sampling, uint32_t stop_reason,
                                     attrib_report *report) {
  char asked[100];
  if (!attrib__sampling_open(sampling)) return ATTRIB_OK;
  report->tolerance = sampling->tolerance;
  if (stop_reason == ATTRIB_STOP_NONE || report->stop_reason != ATTRIB_STOP_COMPLETE) return ATTRIB_OK;
  report->stop_reason = stop_reason;
  if (stop_reason == ATTRIB_STOP_TOLERANCE) return ATTRIB_OK;
  name_asked(sampling, asked, sizeof asked);
  if (isnan(report->error_estimate))
    return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                        "%" PRId64 " rows tell no error, and options->max_evaluations = %" PRId64
                        " is too small to go on; options->tolerance = %g",
                        report->evaluations, sampling->max_evaluations, sampling->tolerance);
  if (stop_reason == ATTRIB_STOP_COMPLETE)
    return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                        "the error estimate %g is %s, and no stretch of the path can be refined any further",
                        report->error_estimate, asked);
  return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                      "the error estimate %g is %s, and options->max_evaluations = %" PRId64
                      " is too small to go on from %" PRId64 " rows",
                      report->error_estimate, asked, sampling->max_evaluations, report->evaluations);
}
