#define _POSIX_C_SOURCE 200809L /* strndup */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "utf8.h"
#include "whole_file.h"

enum { LONGEST_LABEL = 200 };

/* Lines of a text; a last line end adds none. */
static int64_t count_lines(const char *text, size_t size) {
  int64_t lines = 0;
  for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
  return lines + (size > 0 && text[size - 1] != '\n');
}

static bool has_control(const char *line, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)line[i] < ' ' || line[i] == 127) return true;
  return false;
}

/* The name in a line, without the space around it; NULL after a message. */
static char *read_line(const char *line, size_t length, int64_t number, const file_report *report) {
  while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL && line[length - 1] != '\0') length--;
  while (length > 0 && (*line == ' ' || *line == '\t')) line++, length--;
  const char *fault = length == 0                 ? "is empty"
                      : length > LONGEST_LABEL    ? "is longer than 200 bytes"
                      : has_control(line, length) ? "holds a control character"
                      : !is_utf8(line, length)    ? "is no UTF-8"
                                                  : NULL;
  char *name = fault == NULL ? strndup(line, length) : NULL;
  if (name == NULL)
    (void)file_fail(report, -1, "line %lld %s", (long long)number, fault != NULL ? fault : "does not fit in memory");
  return name;
}

static void free_names(char **names, int64_t count) {
  for (int64_t k = 0; k < count; k++) free(names[k]);
  free((void *)names);
}

/* The names of `classes` lines, or NULL after a message. */
static char **read_names(const char *text, size_t size, int64_t classes, const file_report *report) {
  const int64_t lines = count_lines(text, size);
  if (lines != classes || lines == 0) {
    (void)file_fail(report, -1, "%lld label%s, the network has %lld classes", (long long)lines, lines == 1 ? "" : "s",
                    (long long)classes);
    return NULL;
  }
  char **names = calloc((size_t)classes, sizeof *names);
  if (names == NULL) (void)file_fail(report, -1, "out of memory");
  for (int64_t k = 0; names != NULL && k < classes; k++) {
    const char *end = memchr(text, '\n', size);
    const size_t length = end != NULL ? (size_t)(end - text) : size;
    names[k] = read_line(text, length, k + 1, report);
    if (names[k] == NULL) {
      free_names(names, k);
      return NULL;
    }
    if (end != NULL) text = end + 1, size -= length + 1;
  }
  return names;
}

int network_read_labels(network *net, const char *path, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  size_t size;
  char *text = whole_file_read(path, &size, message);
  if (text == NULL) return -1;
  char **names = read_names(text, size, net->classes, &report);
  free(text);
  if (names == NULL) return -1;
  free_names(net->names, net->classes);
  net->names = names;
  return 0;
}
