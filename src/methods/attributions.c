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

/* A length as scale * norm, so that squares neither overflow nor vanish; norm is 1 where there is no scale. */
typedef struct size {
  double scale, norm;
} size;

static size size_of(int64_t count, const double *values) {
  size s = {largest(count, values), 1};
  if (s.scale == 0 || !isfinite(s.scale)) return s;
  attrib__sum sum = {0};
  for (int64_t i = 0; i < count; i++) attrib__sum_add(&sum, values[i] / s.scale * (values[i] / s.scale));
  s.norm = sqrt(attrib__sum_value(&sum));
  return s;
}

static attrib__error compare(const size *errors, const size *values) {
  attrib__error error = {errors->scale * errors->norm, errors->scale};
  if (errors->scale > 0) /* else 0 or NaN */
    error.relative =
        values->scale > 0 ? errors->scale / values->scale * (errors->norm / values->norm) : (double)INFINITY;
  return error;
}

attrib__error attrib__error_of(int64_t count, const double *values, double absolute) {
  const size errors = {absolute, 1}, lengths = size_of(count, values);
  return compare(&errors, &lengths);
}

attrib__error attrib__error_find(int64_t count, const double *values, const double *errors) {
  const size lengths = size_of(count, errors), of = size_of(count, values);
  return compare(&lengths, &of);
}

bool attrib__error_met(const attrib__error *error, double tolerance, double absolute_tolerance) {
  return error->relative <= tolerance || error->absolute <= absolute_tolerance;
}

attrib_status attrib__tolerance_check(attrib_context *context, const char *name, double tolerance) {
  if (tolerance >= 0 && isfinite(tolerance)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%s = %g: must be finite and not negative", name, tolerance);
}
