/* dot.h - sums over a block in eight lanes of a fixed order: fast, and the same bits with every compiler. For the sums
 * over blocks use attrib__sum. */
#ifndef ATTRIB_SRC_DOT_H
#define ATTRIB_SRC_DOT_H

#include <stdint.h>

enum { ATTRIB__LANES = 8 };

static inline double attrib__lanes_value(const double *lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

static inline double attrib__block_sum(int64_t n, const double *x) {
  double lanes[ATTRIB__LANES] = {0};
  int64_t i = 0;
  for (; i + ATTRIB__LANES <= n; i += ATTRIB__LANES)
    for (int k = 0; k < ATTRIB__LANES; k++) lanes[k] += x[i + k];
  for (int k = 0; i + k < n; k++) lanes[k] += x[i + k];
  return attrib__lanes_value(lanes);
}

static inline double attrib__block_dot(int64_t n, const double *x, const double *y) {
  double lanes[ATTRIB__LANES] = {0};
  int64_t i = 0;
  for (; i + ATTRIB__LANES <= n; i += ATTRIB__LANES)
    for (int k = 0; k < ATTRIB__LANES; k++) lanes[k] += x[i + k] * y[i + k];
  for (int k = 0; i + k < n; k++) lanes[k] += x[i + k] * y[i + k];
  return attrib__lanes_value(lanes);
}

#endif
