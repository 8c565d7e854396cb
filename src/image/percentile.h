/* percentile.h - percentiles of what a sign mode shows of a map. */
#ifndef ATTRIB_SRC_PERCENTILE_H
#define ATTRIB_SRC_PERCENTILE_H

#include <math.h>
#include <stdint.h>

#include <attrib/image.h>

/* What the mode (ATTRIB_SIGN_*) shows of a value: >= 0, and never -0. */
static inline double attrib__image_shown(double value, uint32_t mode) {
  switch (mode) {
    case ATTRIB_SIGN_POSITIVE: return value > 0 ? value : 0;
    case ATTRIB_SIGN_NEGATIVE: return value < 0 ? -value : 0;
    default: return fabs(value);
  }
}

/* Linear between the order statistics around percentile / 100 * (count - 1). 0 <= percentile <= 100, count >= 1; the
 * map is finite. */
double attrib__image_percentile(int64_t count, double percentile, uint32_t mode, const double *map);

#endif
