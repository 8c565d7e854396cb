/* size.h - arithmetic on sizes and counts that reports overflow instead of wrapping. */
#ifndef ATTRIB_SRC_SIZE_H
#define ATTRIB_SRC_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *total += count * size. False, with *total unchanged, where the result is larger than any object can be. */
static inline bool attrib__size_add(size_t *total, uint64_t count, uint64_t size) {
  if (size != 0 && count > PTRDIFF_MAX / size) return false;
  size_t bytes = (size_t)(count * size);
  if (*total > PTRDIFF_MAX || bytes > PTRDIFF_MAX - *total) return false;
  *total += bytes;
  return true;
}

/* *product = a * b for a, b >= 0. False where it does not fit. */
static inline bool attrib__count_multiply(int64_t a, int64_t b, int64_t *product) {
  if (b != 0 && a > INT64_MAX / b) return false;
  *product = a * b;
  return true;
}

#endif
