/* spread.c - see spread.h. */
#include "spread.h"

#include <math.h>
#include <stddef.h>

void attrib__spread_add(double *mean, double *squares, double mass, double share, int64_t n, const double *value) {
  for (int64_t i = 0; i < n; i++) {
    double before = value[i] - mean[i];
    mean[i] += share * before;
    if (squares != NULL) squares[i] += mass * before * (value[i] - mean[i]);
  }
}

double attrib__spread_error(const attrib__masses *masses, double squares) {
  if (!(masses->crossed > 0)) return (double)NAN;
  return sqrt(squares / masses->sum * (masses->of_squares / (2 * masses->crossed)));
}
