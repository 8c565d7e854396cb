/* log_rule.c - see log_rule.h.
 *
 * Antiderivatives of the weights would do, but their differences lose points^2 times the rounding of their values. Here
 * every piece of the path, from (m - 1) / points to m / points, is measured from its upper end: with c = (m - u) /
 * points
 *   -ln c = -ln(m / points) - ln(1 - u / m),   0 <= u <= 1
 * and what u is weighted with leaves sums of positive terms. */
#include "log_rule.h"

#include <math.h>

/* Integrals over u in [0, 1] of -ln(1 - u / m) times the polynomials they are named after. */
typedef struct moments {
  double falling;        /* 1 - u */
  double rising;         /* u */
  double arch;           /* u (1 - u) */
  double rising_squared; /* u^2 */
} moments;

/* -ln(1 - v) = v + v^2 / 2 + v^3 / 3 ..., term by term. */
static moments moments_of(int64_t m) {
  if (m == 1) return (moments){1.0 / 4, 3.0 / 4, 5.0 / 36, 11.0 / 18};
  moments sums = {0};
  double power = 1;
  for (int term = 1; power > 0x1p-56; term++) {
    const double j = term;
    power /= (double)m;
    sums.falling += power / (j * (j + 1) * (j + 2));
    sums.rising += power / (j * (j + 2));
    sums.arch += power / (j * (j + 2) * (j + 3));
    sums.rising_squared += power / (j * (j + 3));
  }
  return sums;
}

/* -ln(m / points); near 1 from the distance to it, which is known exactly. */
static double level(int64_t points, int64_t m) {
  double n = (double)points;
  return 2 * m > points ? -log1p(-(double)(points - m) / n) : -log((double)m / n);
}

void attrib__log_rule(int64_t points, int64_t k, double *plain, double *times_c) {
  double n = (double)points;
  *plain = *times_c = 0;
  if (k > 0) { /* the piece below: the hat is 1 - u */
    moments part = moments_of(k);
    double m = (double)k, top = level(points, k);
    *plain += (top / 2 + part.falling) / n;
    *times_c += (top * (m / 2 - 1.0 / 6) + m * part.falling - part.arch) / n / n;
  }
  if (k < points) { /* the piece above: the hat is u */
    moments part = moments_of(k + 1);
    double m = (double)(k + 1), top = level(points, k + 1);
    *plain += (top / 2 + part.rising) / n;
    *times_c += (top * (m / 2 - 1.0 / 3) + m * part.rising - part.rising_squared) / n / n;
  }
}
