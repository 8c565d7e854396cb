/* ecnoise.c - see ecnoise.h. */
#include "ecnoise.h"

#include <math.h>

enum { VALUES = ATTRIB__NOISE_VALUES, ORDERS = VALUES - 1 };

static bool in_steps(const double *values, double *jump) {
  int equal = 0;
  *jump = 0;
  for (int i = 1; i < VALUES; i++) {
    equal += values[i] == values[i - 1];
    *jump = fmax(*jump, fabs(values[i] - values[i - 1]));
  }
  return 2 * equal >= ORDERS;
}

attrib__noise_kind attrib__ecnoise(const double values[ATTRIB__NOISE_VALUES], double *noise) {
  double table[VALUES], estimate[ORDERS + 1], smallest = (double)INFINITY, factor = 1;
  bool changes_sign[ORDERS + 1];
  if (in_steps(values, noise)) {
    *noise *= 0.3; /* the standard deviation of rounding to steps, sqrt(1 / 12) */
    return ATTRIB__NOISE_STEPS;
  }
  for (int i = 0; i < VALUES; i++) table[i] = values[i];
  for (int k = 1; k <= ORDERS; k++) {
    double squares = 0, low = (double)INFINITY, high = -(double)INFINITY;
    factor *= (double)k / (2.0 * (2 * k - 1)); /* (k!)^2 / (2k)! */
    for (int i = 0; i < VALUES - k; i++) {
      table[i] = table[i + 1] - table[i];
      squares += table[i] * table[i];
      low = fmin(low, table[i]);
      high = fmax(high, table[i]);
    }
    estimate[k] = sqrt(factor * squares / (VALUES - k));
    changes_sign[k] = low * high < 0;
    smallest = fmin(smallest, estimate[k]);
  }
  for (int k = 1; k <= ORDERS - 1; k++) {
    const int last = k + 2 <= ORDERS ? k + 2 : ORDERS;
    double least = estimate[k], most = estimate[k];
    for (int j = k + 1; j <= last; j++) {
      least = fmin(least, estimate[j]);
      most = fmax(most, estimate[j]);
    }
    *noise = estimate[k];
    if (most <= 4 * least && changes_sign[k]) return ATTRIB__NOISE_FOUND;
  }
  *noise = smallest;
  return ATTRIB__NOISE_CURVED;
}
