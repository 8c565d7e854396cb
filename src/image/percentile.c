/* percentile.c - see percentile.h. */
#include "percentile.h"

#include "../base/select.h"

/* The product is formed before the division, so a percentile that falls on an order statistic gives it exactly. */
double attrib__image_percentile(int64_t count, double percentile, uint32_t mode, const double *map) {
  double position = percentile * (double)(count - 1) / 100;
  int64_t rank = (int64_t)position;
  double fraction = position - (double)rank;
  double value = attrib__select(count, map, attrib__image_shown, mode, rank);
  if (fraction > 0) value += fraction * (attrib__select(count, map, attrib__image_shown, mode, rank + 1) - value);
  return value;
}
