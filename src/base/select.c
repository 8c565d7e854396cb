/* select.c - see select.h. Non-negative doubles are ordered as their bits are, so an order statistic is found byte by
 * byte from the top. */
#include "select.h"

#include <string.h>

double attrib__select(int64_t count, const double *values, double (*shown)(double value, uint32_t mode), uint32_t mode,
                      int64_t rank) {
  uint64_t prefix = 0; /* the bytes of the answer found so far; candidates are the values that begin with them */
  for (int shift = 56; shift >= 0; shift -= 8) {
    int64_t counts[256] = {0};
    uint64_t found = shift == 56 ? 0 : ~UINT64_C(0) << (shift + 8);
    for (int64_t i = 0; i < count; i++) {
      double value = shown(values[i], mode);
      uint64_t bits;
      memcpy(&bits, &value, sizeof bits);
      if ((bits & found) == prefix) counts[bits >> shift & 255]++;
    }
    uint64_t byte = 0;
    while (rank >= counts[byte]) rank -= counts[byte++];
    prefix |= byte << shift;
  }
  double value;
  memcpy(&value, &prefix, sizeof value);
  return value;
}
