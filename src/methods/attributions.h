/* attributions.h - what every method does with its values once it has them: judge, hold against the target, sum. */
#ifndef ATTRIB_SRC_ATTRIBUTIONS_H
#define ATTRIB_SRC_ATTRIBUTIONS_H

#include <attrib/report.h>

#include "../context/context.h"

/* Finite terms may still sum to infinity: E_OVERFLOW names the first value that is not finite; kind is "input" or
 * "group". */
attrib_status attrib__attributions_check(attrib_context *context, const char *kind, int64_t count,
                                         const double *values);

/* Compensated. */
double attrib__attributions_sum(int64_t count, const double *values);

/* Fills in the report's completeness fields from output, baseline_output and attribution_sum. Above the threshold (0 =
 * none) the answer is NOT_CONVERGED with its message. */
attrib_status attrib__completeness(attrib_context *context, double threshold, attrib_report *report);

/* sqrt(sum of errors^2 / sum of values^2), 0 where there is no error; NaN or infinity where it is not known or the
 * values are all 0. */
double attrib__relative_error(int64_t count, const double *values, const double *errors);

#endif
