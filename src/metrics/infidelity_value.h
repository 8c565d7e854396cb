/* infidelity_value.h - the mean square of what scores say less what f does, once both are known. */
#ifndef ATTRIB_SRC_INFIDELITY_VALUE_H
#define ATTRIB_SRC_INFIDELITY_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* Sum of weight (beta said - fell)^2 over count >= 1 draws: NULL = equal weights of random draws, else they sum to 1.
 * beta is 1 or, scaled, what makes the sum smallest. *standard_error: of random draws, NaN for one; 0 with weights. Not
 * finite where squares do not fit a double. */
double attrib__infidelity_value(int64_t count, const double *said, const double *fell, const double *weights,
                                bool scaled, double *standard_error);

#endif
