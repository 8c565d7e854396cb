/* bounds.h - what a benchmark must show: noted with what was measured, printed at the end. */
#ifndef ATTRIB_TESTS_BOUNDS_H
#define ATTRIB_TESTS_BOUNDS_H

#include <stdbool.h>

enum { MOST_BOUNDS = 24 };

typedef struct bounds {
  struct {
    char text[120];
    bool holds;
  } list[MOST_BOUNDS];
  int count;
} bounds;

#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
void bounds_note(bounds *b, bool holds, const char *format, ...);

/* Prints them as a table; how many do not hold. */
int bounds_print(const bounds *b);

#endif
