#include "json_memory.h"

#include <stdlib.h>

#include <jansson.h>

static bool lacked;

static void *allocate(size_t size) {
  void *block = malloc(size);
  if (block == NULL && size > 0) lacked = true;
  return block;
}

void json_memory_watch(void) {
  json_set_alloc_funcs(allocate, free); /* what malloc gave before is freed by free, too */
}

bool json_memory_lacked(void) {
  return lacked;
}
