/* attributions.c - see attributions.h. */
#include "attributions.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "../rows/rows.h"
#include "../rows/sum.h"

#include <attrib/model.h>

attrib_status attrib__attributions_check(attrib_context *context, const char *kind, int64_t count,
                                         const double *values) {
  int64_t bad = attrib__rows_find_nonfinite(ATTRIB_F64, values, count);
  if (bad < 0) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_OVERFLOW, "the attribution of %s %" PRId64 " overflows", kind, bad);
}

double attrib__attributions_sum(int64_t count, const double *values) {
  attrib__sum total = {0};
  for (int64_t i = 0; i < count; i++) attrib__sum_add(&total, values[i]);
  return attrib__sum_value(&total);
}

attrib_status attrib__completeness(attrib_context *context, double threshold, attrib_report *report) {
  double target = report->output - report->baseline_output;
  if (!isfinite(target))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "f(input) - f(baseline) = %g - %g overflows", report->output,
                        report->baseline_output);
  report->completeness_target = target;
  report->completeness_error = report->attribution_sum - target;
  report->completeness_relative = fabs(report->completeness_error) / fmax(fabs(target), DBL_MIN);
  if (threshold == 0 || report->completeness_relative <= threshold) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                      "the relative completeness error %g is above options->completeness_threshold = %g",
                      report->completeness_relative, threshold);
}

/* Size of the largest value; NaN where one is NaN. */
static double largest(int64_t count, const double *values) {
  double most = 0;
  for (int64_t i = 0; i < count; i++) {
    if (isnan(values[i])) return values[i];
    if (fabs(values[i]) > most) most = fabs(values[i]);
  }
  return most;
}

/* Formed so that squares neither overflow nor vanish. */
static double length(int64_t count, const double *values) {
  double scale = largest(count, values);
  if (scale == 0 || !isfinite(scale)) return scale;
  attrib__sum sum = {0};
  for (int64_t i = 0; i < count; i++) attrib__sum_add(&sum, values[i] / scale * (values[i] / scale));
  return scale * sqrt(attrib__sum_value(&sum));
}

attrib__error attrib__error_of(int64_t count, const double *values, double absolute) {
  double values_length = length(count, values);
  attrib__error error = {absolute, absolute};
  if (absolute > 0) error.relative = values_length > 0 ? absolute / values_length : (double)INFINITY;
  return error;
}

attrib__error attrib__error_find(int64_t count, const double *values, const double *errors) {
  return attrib__error_of(count, values, length(count, errors));
}

bool attrib__error_met(const attrib__error *error, double tolerance, double absolute_tolerance) {
  return error->relative <= tolerance || error->absolute <= absolute_tolerance;
}

attrib_status attrib__tolerance_check(attrib_context *context, const char *name, double tolerance) {
  if (tolerance >= 0 && isfinite(tolerance)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s = %g: must be finite and not negative", name, tolerance);
}
