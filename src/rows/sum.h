/* sum.h - a running sum that carries its rounding error (Neumaier 1974). The order of terms is the order of calls, so a
 * sum has the same bits wherever it is formed. */
#ifndef ATTRIB_SRC_SUM_H
#define ATTRIB_SRC_SUM_H

#include <math.h>

typedef struct attrib__sum {
  double total, carry;
} attrib__sum;

static inline void attrib__sum_add(attrib__sum *sum, double term) {
  double total = sum->total + term;
  if (fabs(sum->total) >= fabs(term))
    sum->carry += (sum->total - total) + term;
  else
    sum->carry += (term - total) + sum->total;
  sum->total = total;
}

static inline double attrib__sum_value(const attrib__sum *sum) {
  return sum->total + sum->carry;
}

#endif
