/* arena.h - lays blocks out in one piece of memory. The same code runs twice: without memory to count, then with it. */
#ifndef ATTRIB_SRC_ARENA_H
#define ATTRIB_SRC_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "size.h"

typedef struct attrib__arena {
  char *memory; /* NULL while counting */
  size_t used;
  bool overflow; /* the size does not fit */
} attrib__arena;

/* count x size bytes, aligned to 64; NULL while counting. */
static inline void *attrib__carve(attrib__arena *arena, int64_t count, size_t size) {
  void *block = arena->memory == NULL ? NULL : arena->memory + arena->used;
  size_t used = arena->used;
  if (!attrib__size_add(&used, (uint64_t)count, size) || used > PTRDIFF_MAX - 63)
    arena->overflow = true;
  else
    arena->used = (used + 63) / 64 * 64;
  return block;
}

#endif
