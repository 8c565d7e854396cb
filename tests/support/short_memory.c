/* short_memory.c - to be preloaded: the allocation number $SHORT_MEMORY_AT of the program, counted from 1, fails. At
 * the end the number of allocations is written into the file $SHORT_MEMORY_COUNT. For programs of one thread, with
 * glibc, whose own names of its allocator are used: asking for them at run time would allocate. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static long long taken, failing;

static int fails(void) {
  if (++taken != failing) return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) {
  return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  return fails() ? NULL : __libc_realloc(block, size);
}

/* Counting begins with the program, not with the loader. */
__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("SHORT_MEMORY_AT");
  taken = 0;
  failing = at == NULL ? 0 : strtoll(at, NULL, 10);
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("SHORT_MEMORY_COUNT");
  const long long count = taken;
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%lld\n", count);
  fclose(file);
}
