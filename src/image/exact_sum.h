/* exact_sum.h - sums of doubles without rounding, to be added to and taken from as often as needed.
 *
 * All values of a set are whole multiples of one power of two, so a sum of them is an integer. It is kept in two's
 * complement in words of 32 bits, lowest first: as many as the set's range of magnitudes takes, 4 or 5 for ordinary
 * maps, at most 67. Equal sets have equal sums, whatever the order in which they were formed. */
#ifndef ATTRIB_SRC_EXACT_SUM_H
#define ATTRIB_SRC_EXACT_SUM_H

#include <stdint.h>

/* How the sums of a set are written down. */
typedef struct attrib__exact {
  int32_t exponent; /* a sum counts in units of 2^exponent */
  int32_t words;    /* uint32_t of one sum; all 0 = 0 */
} attrib__exact;

/* For sums of any of these values, each once. They are finite; 0 <= count < 2^31. */
attrib__exact attrib__exact_format(const double *values, int64_t count);

/* sum += value. Give -value to take it away again. */
void attrib__exact_add(const attrib__exact *format, uint32_t *sum, double value);

/* Which mean is larger: < 0, 0 or > 0 as a / a_count is less than, equal to or more than b / b_count. The counts are in
 * [1, 2^31). */
int attrib__exact_compare_means(const attrib__exact *format, const uint32_t *a, int64_t a_count, const uint32_t *b,
                                int64_t b_count);

/* The double nearest to sum / count, of two equally near the even one. 1 <= count < 2^31. */
double attrib__exact_mean(const attrib__exact *format, const uint32_t *sum, int64_t count);

#endif
