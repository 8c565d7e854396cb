/* ecnoise.c - see ecnoise.h. */
#include "ecnoise.h"

#include <math.h>
#include <stdbool.h>

enum { MOST = ATTRIB__NOISE_MOST_VALUES };

/* What each order of differences, from 1 on, makes of the noise, and whether they differ in sign, as those of noise
 * do. */
typedef struct orders {
  int count;
  double level[MOST];
  bool alternates[MOST];
} orders;

static bool in_steps(const double *values, int count, double *jump) {
  int equal = 0;
  *jump = 0;
  for (int i = 1; i < count; i++) {
    equal += values[i] == values[i - 1];
    *jump = fmax(*jump, fabs(values[i] - values[i - 1]));
  }
  return 2 * equal >= count - 1;
}

static void tabulate(double *table, orders *o) {
  double variance = 1; /* (2k)! / (k!)^2 */
  for (int k = 1; k <= o->count; k++) {
    const int left = o->count + 1 - k;
    double squares = 0, least = (double)INFINITY, most = -(double)INFINITY;
    for (int i = 0; i < left; i++) {
      table[i] = table[i + 1] - table[i];
      squares += table[i] * table[i];
      least = fmin(least, table[i]);
      most = fmax(most, table[i]);
    }
    variance *= 2 * (2 * (double)k - 1) / (double)k;
    o->level[k] = sqrt(squares / (left * variance));
    o->alternates[k] = least < 0 && most > 0;
  }
}

static attrib__noise_kind choose(const orders *o, double *noise) {
  for (int k = 1; k < o->count; k++) {
    double least = o->level[k], most = o->level[k];
    for (int j = k + 1; j <= k + 2 && j <= o->count; j++) {
      least = fmin(least, o->level[j]);
      most = fmax(most, o->level[j]);
    }
    *noise = o->level[k];
    if (most <= 4 * least && o->alternates[k]) return ATTRIB__NOISE_FOUND;
  }
  for (int k = 1; k <= o->count; k++) *noise = fmin(*noise, o->level[k]);
  return ATTRIB__NOISE_CURVED;
}

attrib__noise_kind attrib__ecnoise(const double *values, int count, double *noise) {
  double table[MOST] = {0}, largest = 0, jump;
  int exponent;
  if (in_steps(values, count, &jump)) {
    *noise = 0.3 * jump; /* the standard deviation of rounding to steps, sqrt(1 / 12) */
    return ATTRIB__NOISE_STEPS;
  }
  for (int i = 0; i < count; i++) largest = fmax(largest, fabs(values[i]));
  frexp(largest, &exponent);
  if (exponent < -1000) exponent = -1000;
  for (int i = 0; i < count; i++) table[i] = ldexp(values[i], -exponent);
  orders o = {.count = count - 1};
  tabulate(table, &o);
  const attrib__noise_kind kind = choose(&o, noise);
  *noise = ldexp(*noise, exponent);
  return kind;
}
