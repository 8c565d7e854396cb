/* guards.c - what a model did to the elements about its rows, and to rows that it is to read alone. */
#include <string.h>

#include "checking.h"

/* Elements of the bytes [from, to) that are no guard any more. */
static int64_t touched(const unsigned char *bytes, size_t from, size_t to, size_t size) {
  int64_t count = 0;
  for (size_t i = from; i < to; i += size) {
    bool whole = true;
    for (size_t k = 0; k < size; k++) whole = whole && bytes[i + k] == ATTRIB__GUARD;
    count += !whole;
  }
  return count;
}

/* Of a buffer with rows of `length` elements, `stride` apart: what was written between them and about them. */
void attrib__guards_find(const unsigned char *bytes, size_t total, size_t size, int64_t rows, int64_t length,
                         int64_t stride, int64_t *gaps, int64_t *beyond) {
  size_t seen = ATTRIB__GUARD_MARGIN * size;
  *beyond += touched(bytes, 0, seen, size);
  for (int64_t r = 0; r < rows; r++) {
    const size_t row = (size_t)(ATTRIB__GUARD_MARGIN + r * stride) * size;
    *gaps += touched(bytes, seen, row, size);
    seen = row + (size_t)length * size;
  }
  *beyond += touched(bytes, seen, total, size);
}

/* Counts what is not as it was in a row of inputs. */
int64_t attrib__guards_changes(const unsigned char *was, const unsigned char *is, int64_t n, size_t size,
                               int64_t *first) {
  int64_t count = 0;
  if (memcmp(was, is, (size_t)n * size) == 0) return 0;
  for (int64_t i = 0; i < n; i++) {
    if (memcmp(was + (size_t)i * size, is + (size_t)i * size, size) == 0) continue;
    if (*first < 0) *first = i;
    count++;
  }
  return count;
}
