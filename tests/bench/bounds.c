/* bounds.c - see bounds.h. */
#include "bounds.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bounds_note(bounds *b, bool holds, const char *format, ...) {
  if (b->count == MOST_BOUNDS) abort();
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(b->list[b->count].text, sizeof b->list[b->count].text, format, arguments);
  va_end(arguments);
  b->list[b->count++].holds = holds;
}

int bounds_print(const bounds *b) {
  int failed = 0;
  printf("\n## Bounds\n\n| bound and what was measured | |\n|---|---|\n");
  for (int i = 0; i < b->count; i++) {
    printf("| %s | %s |\n", b->list[i].text, b->list[i].holds ? "PASS" : "FAIL");
    failed += !b->list[i].holds;
  }
  return failed;
}
