#include "result_line.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Up to the score. */
static size_t write_place(const study_pictures *p, int64_t number, const measurement *line, char *text) {
  return (size_t)snprintf(text, RESULT_LINE_CAPACITY, "%lld,%s,\"%s\",%s,", (long long)number,
                          object_name(picture_object(p, number)), plan_test(line->test)->name, plan_map(line->map));
}

static size_t write_number(double value, char *text) {
  return isfinite(value) ? (size_t)snprintf(text, 20, "%.9g", value) : 0;
}

size_t result_line_write(const study_pictures *p, int64_t number, const measurement *line, char *text) {
  size_t used = write_place(p, number, line, text);
  used += write_number(line->score, text + used);
  text[used++] = ',';
  for (int i = 0; i < plan_test(line->test)->points; i++) {
    if (i > 0) text[used++] = ' ';
    used += write_number(line->value[i], text + used);
  }
  text[used++] = '\n';
  text[used] = '\0';
  return used;
}

/* A number or nothing, and then that character. */
static bool read_number(const char **text, char behind, double *value) {
  *value = (double)NAN;
  if (**text != behind) {
    char *end;
    *value = strtod(*text, &end);
    if (end == *text || !isfinite(*value)) return false;
    *text = end;
  }
  return *(*text)++ == behind;
}

bool result_line_read(const study_pictures *p, int64_t number, const char *text, const char *newline,
                      measurement *line) {
  char place[RESULT_LINE_CAPACITY];
  const int points = plan_test(line->test)->points;
  const size_t length = write_place(p, number, line, place);
  if ((size_t)(newline - text) < length || memcmp(text, place, length) != 0) return false;
  text += length;
  if (!read_number(&text, ',', &line->score)) return false;
  for (int i = 0; i < points; i++)
    if (!read_number(&text, i + 1 < points ? ' ' : '\n', &line->value[i])) return false;
  return points > 0 ? text == newline + 1 : text == newline;
}
