/* attributions.c - see attributions.h. */
#include "attributions.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "../rows/rows.h"
#include "../rows/sum.h"
#include "../rows/vectors.h"

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

attrib_status attrib__completeness_of(attrib_context *context, double target, double threshold, attrib_report *report) {
  report->completeness_target = target;
  report->completeness_error = report->attribution_sum - target;
  report->completeness_relative = fabs(report->completeness_error) / fmax(fabs(target), DBL_MIN);
  if (threshold == 0 || report->completeness_relative <= threshold) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_NOT_CONVERGED,
                      "the relative completeness error %g is above options->completeness_threshold = %g",
                      report->completeness_relative, threshold);
}

attrib_status attrib__completeness(attrib_context *context, double threshold, attrib_report *report) {
  double target = report->output - report->baseline_output;
  if (!isfinite(target))
    return attrib__fail(context, ATTRIB_E_OVERFLOW, "f(input) - f(baseline) = %g - %g overflows", report->output,
                        report->baseline_output);
  return attrib__completeness_of(context, target, threshold, report);
}

void attrib__ends_start(attrib__ends *ends, int64_t wanted) {
  *ends = (attrib__ends){.output = (double)NAN, .wanted = wanted};
}

void attrib__ends_add(attrib__ends *ends, double weight, double output) {
  attrib__sum_add(&ends->baseline_output, weight * output);
  ends->seen++;
}

bool attrib__ends_write(const attrib__ends *ends, attrib_report *report) {
  report->output = ends->output;
  if (ends->seen < ends->wanted) return false;
  report->baseline_output = attrib__sum_value(&ends->baseline_output);
  return !isnan(ends->output);
}

attrib_status attrib__ends_judge(const attrib__ends *ends, attrib_context *context, double threshold,
                                 attrib_report *report) {
  return attrib__ends_write(ends, report) ? attrib__completeness(context, threshold, report) : ATTRIB_OK;
}

/* A length as scale * norm, scale a power of two so that squares neither overflow nor vanish; scale is 0, NaN or
 * infinite where the length is. */
typedef struct size {
  double scale, norm;
} size;

static double sum_of_squares(int64_t count, const double *values, double scale) {
  enum { PIECE = 512 };
  double scaled[PIECE];
  attrib__sum sum = {0};
  for (int64_t i = 0, n; i < count; i += n) {
    n = count - i < PIECE ? count - i : PIECE;
    if (scale != 1) attrib__vector_scale(n, scale, values + i, scaled);
    attrib__sum_add(&sum, attrib__vector_square(n, scale == 1 ? values + i : scaled));
  }
  return attrib__sum_value(&sum);
}

static size size_of(int64_t count, const double *values) {
  double plain = sqrt(sum_of_squares(count, values, 1));
  if (plain > 1e-100 && plain < 1e100) return (size){1, plain};
  double largest = attrib__vector_largest(count, values);
  int exponent;
  for (int64_t i = 0; i < count && isinf(largest); i++)
    if (isnan(values[i])) largest = values[i];
  if (!isfinite(largest)) return (size){largest, 1};
  frexp(largest, &exponent);
  double scale = ldexp(1, exponent > -1000 ? exponent - 1 : -1001);
  double norm = sqrt(sum_of_squares(count, values, 1 / scale)); /* NaN where a value is */
  return norm > 0 ? (size){scale, norm} : (size){norm, 1};
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
