/* order.c - see order.h. A merge sort from runs of two up: stable, and the same work whatever the values are. */
#include "order.h"

#include <stdbool.h>

/* Two neighbouring runs, [begin, middle) and [middle, end), into one. */
static void merge(const double *values, const int64_t *from, int64_t begin, int64_t middle, int64_t end, int64_t *to) {
  int64_t left = begin, right = middle;
  for (int64_t k = begin; k < end; k++) {
    const bool take_right = right < end && (left == middle || values[from[right]] > values[from[left]]);
    to[k] = take_right ? from[right++] : from[left++];
  }
}

void attrib__order_descending(int64_t count, const double *values, int64_t *order, int64_t *scratch) {
  int64_t *from = order, *to = scratch;
  for (int64_t i = 0; i < count; i++) from[i] = i;
  for (int64_t width = 1; width < count; width *= 2) {
    for (int64_t begin = 0; begin < count; begin += 2 * width) {
      const int64_t middle = count - begin < width ? count : begin + width;
      const int64_t end = count - begin < 2 * width ? count : begin + 2 * width;
      merge(values, from, begin, middle, end, to);
    }
    int64_t *merged = to;
    to = from;
    from = merged;
  }
  if (from != order)
    for (int64_t i = 0; i < count; i++) order[i] = from[i];
}
