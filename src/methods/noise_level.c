/* noise_level.c - see noise_level.h. */
#include "noise_level.h"

#include <math.h>
#include <stdbool.h>

enum { N = ATTRIB__NOISE_VALUES, ORDERS = N - 1, JUDGED = ORDERS - 2 };

/* What each order of differences makes of the noise, and whether they differ in sign, as those of noise do. */
typedef struct orders {
  double level[ORDERS];
  bool alternates[ORDERS];
} orders;

/* Differences of order k of independent noise have (2k)! / (k!)^2 times its variance. */
static void fill(double *table, orders *o) {
  double variance = 1;
  for (int k = 1; k <= ORDERS; k++) {
    double sum = 0, least = 0, most = 0;
    for (int i = 0; i + k < N; i++) {
      table[i] = table[i + 1] - table[i];
      sum += table[i] * table[i];
      least = i == 0 || table[i] < least ? table[i] : least;
      most = i == 0 || table[i] > most ? table[i] : most;
    }
    variance *= 2 * (2 * (double)k - 1) / (double)k;
    o->level[k - 1] = sqrt(sum / ((double)(N - k) * variance));
    o->alternates[k - 1] = least < 0 && most > 0;
  }
}

/* The first of three orders that agree within a factor of four. Where none do, the points are too far apart, and the
 * least of all is still no smaller than the noise. */
static double choose(const orders *o) {
  double lowest = o->level[0];
  for (int k = 0; k < JUDGED; k++) {
    double least = fmin(o->level[k], fmin(o->level[k + 1], o->level[k + 2]));
    double most = fmax(o->level[k], fmax(o->level[k + 1], o->level[k + 2]));
    if (o->alternates[k] && most <= 4 * least) return o->level[k];
    lowest = fmin(lowest, o->level[k]);
  }
  return lowest;
}

double attrib__noise_level(const double values[ATTRIB__NOISE_VALUES]) {
  double table[N], largest = 0;
  int same = 0, exponent;
  for (int i = 0; i < N; i++) largest = fmax(largest, fabs(values[i]));
  for (int i = 1; i < N; i++) same += values[i] == values[i - 1];
  if (2 * same >= N - 1) return 0;
  frexp(largest, &exponent); /* squares neither overflow nor vanish */
  if (exponent < -1000) exponent = -1000;
  for (int i = 0; i < N; i++) table[i] = ldexp(values[i], -exponent);
  orders o;
  fill(table, &o);
  return ldexp(choose(&o), exponent);
}

double attrib__noise_step(double noise, double change) {
  double step = ATTRIB__MOST_STEP;
  while (step > ATTRIB__LEAST_STEP && step * step * change > noise) step /= 2;
  return step;
}
