/* sort.c - see sort.h. Non-negative doubles are ordered as their bits are, so they are sorted byte by byte, from the
 * lowest up, each time without changing the order of those whose byte is the same. */
#include "sort.h"

#include <stdbool.h>
#include <string.h>

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* False where one byte is that of all: then nothing is written. */
static bool sort_by_byte(int64_t count, const double *from, double *to, int shift) {
  int64_t places[256] = {0}, before = 0;
  for (int64_t i = 0; i < count; i++) places[bits_of(from[i]) >> shift & 255]++;
  if (count == 0 || places[bits_of(from[0]) >> shift & 255] == count) return false;
  for (int byte = 0; byte < 256; byte++) {
    const int64_t here = places[byte];
    places[byte] = before;
    before += here;
  }
  for (int64_t i = 0; i < count; i++) to[places[bits_of(from[i]) >> shift & 255]++] = from[i];
  return true;
}

void attrib__sort_ascending(int64_t count, double *values, double *scratch) {
  double *from = values, *to = scratch;
  for (int shift = 0; shift < 64; shift += 8) {
    if (!sort_by_byte(count, from, to, shift)) continue;
    double *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != values) memcpy(values, from, (size_t)count * sizeof *values);
}
