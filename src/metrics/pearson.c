/* pearson.c - see pearson.h. Two passes: the means, then products of what differs from them, which is not lost beside
 * the means. All of it in units of a power of two near the largest value, so that nothing overflows. */
#include "pearson.h"

#include <math.h>

#include "../rows/sum.h"

/* Of one side; the mean and the spread times the scale. */
typedef struct side {
  double scale, mean, spread; /* spread: the largest distance from the mean */
} side;

static side look_at(int64_t count, const double *values) {
  enum { MOST = 1000 };
  double largest = 0;
  for (int64_t k = 0; k < count; k++) largest = fmax(largest, fabs(values[k]));
  int exponent;
  frexp(largest, &exponent);
  side s = {.scale = ldexp(1, -exponent < MOST ? -exponent - 1 : MOST)};
  attrib__sum sum = {0};
  for (int64_t k = 0; k < count; k++) attrib__sum_add(&sum, s.scale * values[k]);
  s.mean = attrib__sum_value(&sum) / (double)count;
  for (int64_t k = 0; k < count; k++) s.spread = fmax(s.spread, fabs(s.scale * values[k] - s.mean));
  return s;
}

/* In [-1, 1]. */
static double deviation(const side *s, double value) {
  return (s->scale * value - s->mean) / s->spread;
}

attrib__correlated attrib__pearson(int64_t count, const double *left, double left_off, const double *right,
                                   double right_off, double *r) {
  const side x = look_at(count, left), y = look_at(count, right);
  *r = (double)NAN;
  if (!(x.spread > 0 && x.spread > x.scale * left_off)) return ATTRIB__CONSTANT_LEFT;
  if (!(y.spread > 0 && y.spread > y.scale * right_off)) return ATTRIB__CONSTANT_RIGHT;
  attrib__sum xx = {0}, xy = {0}, yy = {0};
  for (int64_t k = 0; k < count; k++) {
    const double a = deviation(&x, left[k]), b = deviation(&y, right[k]);
    attrib__sum_add(&xx, a * a);
    attrib__sum_add(&xy, a * b);
    attrib__sum_add(&yy, b * b);
  }
  const double value = attrib__sum_value(&xy) / sqrt(attrib__sum_value(&xx) * attrib__sum_value(&yy));
  *r = fmin(1, fmax(-1, value));
  return ATTRIB__CORRELATED;
}
