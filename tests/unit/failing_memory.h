/* failing_memory.h - the n-th allocation of the code under test fails: for programs linked with --wrap=malloc,calloc.
 */
#ifndef ATTRIB_TESTS_FAILING_MEMORY_H
#define ATTRIB_TESTS_FAILING_MEMORY_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

static int64_t allocations_left = -1; /* -1 = any number */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int may_allocate(void) {
  if (allocations_left == 0) {
    errno = ENOMEM; /* as the real ones leave it */
    return 0;
  }
  if (allocations_left > 0) allocations_left--;
  return 1;
}

void *__wrap_malloc(size_t size) {
  return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size) {
  return may_allocate() ? __real_calloc(count, size) : NULL;
}

#endif
