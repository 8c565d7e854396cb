/* attributions.h - what every method does with its values once it has them: judge, hold against the target, sum. */
#ifndef ATTRIB_SRC_ATTRIBUTIONS_H
#define ATTRIB_SRC_ATTRIBUTIONS_H

#include <stdbool.h>

#include <attrib/report.h>

#include "../context/context.h"
#include "../rows/sum.h"

/* Finite terms may still sum to infinity: E_OVERFLOW names the first value that is not finite; kind is "input",
 * "activation" or "group". */
attrib_status attrib__attributions_check(attrib_context *context, const char *kind, int64_t count,
                                         const double *values);

/* Compensated. */
double attrib__attributions_sum(int64_t count, const double *values);

/* Fills in the report's completeness fields from output, baseline_output and attribution_sum. Above the threshold (0 =
 * none) the answer is NOT_CONVERGED with its message. */
attrib_status attrib__completeness(attrib_context *context, double threshold, attrib_report *report);

/* The same for a target of another kind. */
attrib_status attrib__completeness_of(attrib_context *context, double target, double threshold, attrib_report *report);

/* f at the two ends of a method's paths, as its rows come in. */
typedef struct attrib__ends {
  double output;               /* at the input; NaN = not in */
  attrib__sum baseline_output; /* weighted, at the other ends; */
  int64_t seen, wanted;        /* of which so many are in, of so many */
} attrib__ends;

void attrib__ends_start(attrib__ends *ends, int64_t wanted);
void attrib__ends_add(attrib__ends *ends, double weight, double output);

/* Reports what is in of them. False unless both ends are. */
bool attrib__ends_write(const attrib__ends *ends, attrib_report *report);

/* The same, and completeness where both are in; see attrib__completeness. */
attrib_status attrib__ends_judge(const attrib__ends *ends, attrib_context *context, double threshold,
                                 attrib_report *report);

/* How far values are off, with an error for each: the length of the error vector, and that over the length of the
 * values. 0 where there is no error; NaN where it is not known; relative is infinite where the values are all 0. */
typedef struct attrib__error {
  double absolute, relative;
} attrib__error;

attrib__error attrib__error_find(int64_t count, const double *values, const double *errors);

/* The same for an error vector of known length. */
attrib__error attrib__error_of(int64_t count, const double *values, double absolute);

bool attrib__error_met(const attrib__error *error, double tolerance, double absolute_tolerance);

#endif
