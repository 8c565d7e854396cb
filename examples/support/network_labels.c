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

/* Whether nothing of it can be seen: spaces, joiners, marks of direction, fillers. */
static bool is_blank(const char *line, size_t length) {
  static const struct {
    uint32_t first, last;
  } unseen[] = {{0x09, 0x20},     {0xA0, 0xA0},     {0xAD, 0xAD},     {0x034F, 0x034F},  {0x061C, 0x061C},
                {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F},  {0x2000, 0x200F},
                {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000},  {0x3164, 0x3164},
                {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xE0000, 0xE0FFF}};
  for (size_t i = 0, taken; i < length; i += taken) {
    uint32_t code = 0;
    bool seen = true;
    taken = utf8_character(line + i, length - i, &code);
    if (taken == 0) return false;
    for (size_t k = 0; k < sizeof unseen / sizeof *unseen; k++)
      if (code >= unseen[k].first && code <= unseen[k].last) seen = false;
    if (seen) return false;
  }
  return true;
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
                      : !is_utf8(line, length)    ? "is no UTF-8"
                      : has_control(line, length) ? "holds a control character"
                      : is_blank(line, length)    ? "holds nothing that can be seen"
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

/* The names of `lines` lines, or NULL after a message. */
static char **read_names(const char *text, size_t size, int64_t lines, const file_report *report) {
  char **names = calloc((size_t)lines, sizeof *names);
  if (names == NULL) (void)file_fail(report, -1, "out of memory");
  for (int64_t k = 0; names != NULL && k < lines; k++) {
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

/* A line that is no name is said before there are too many or too few of them, of which it may be the cause. */
static char **read_all(const char *text, size_t size, int64_t classes, const file_report *report) {
  static const char mark[] = "\xEF\xBB\xBF"; /* of the order of bytes: some editors begin with it */
  if (size >= 3 && memcmp(text, mark, 3) == 0) text += 3, size -= 3;
  const int64_t lines = count_lines(text, size);
  char **names = lines == 0 ? NULL : read_names(text, size, lines, report);
  if (lines != 0 && (names == NULL || lines == classes)) return names;
  (void)file_fail(report, -1, "%lld label%s, the network has %lld classes", (long long)lines, lines == 1 ? "" : "s",
                  (long long)classes);
  free_names(names, lines);
  return NULL;
}

int network_read_labels(network *net, const char *path, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  size_t size;
  char *text = whole_file_read(path, &size, message);
  if (text == NULL) return -1;
  char **names = read_all(text, size, net->classes, &report);
  free(text);
  if (names == NULL) return -1;
  free_names(net->names, net->classes);
  net->names = names;
  net->named = true;
  return 0;
}
