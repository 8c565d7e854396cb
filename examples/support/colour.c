#include "colour.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  double rgb[3];
} names[] = {{"black", {0, 0, 0}}, {"white", {1, 1, 1}},  {"grey", {0.5, 0.5, 0.5}}, {"gray", {0.5, 0.5, 0.5}},
             {"red", {1, 0, 0}},   {"green", {0, 1, 0}},  {"blue", {0, 0, 1}},       {"yellow", {1, 1, 0}},
             {"cyan", {0, 1, 1}},  {"magenta", {1, 0, 1}}};

static const char *read_name(const char *text, double *colour) {
  size_t length = strcspn(text, ",");
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strlen(names[i].name) == length && strncmp(text, names[i].name, length) == 0) {
      memcpy(colour, names[i].rgb, sizeof names[i].rgb);
      return text + length;
    }
  return NULL;
}

static const char *read_hexadecimal(const char *text, double *colour) {
  for (int c = 0; c < 3; c++) {
    char digits[3] = "";
    for (int d = 0; d < 2; d++) {
      digits[d] = text[1 + 2 * c + d];
      if (!isxdigit((unsigned char)digits[d])) return NULL;
    }
    colour[c] = (double)strtol(digits, NULL, 16) / 255;
  }
  return text + 7;
}

static const char *read_numbers(const char *text, double *colour) {
  for (int c = 0; c < 3; c++) {
    char *end;
    colour[c] = strtod(text, &end);
    if (end == text || !(colour[c] >= 0 && colour[c] <= 1) || (c < 2 && *end != ',')) return NULL;
    text = c < 2 ? end + 1 : end;
  }
  return text;
}

const char *read_colour(const char *text, double *colour) {
  const char *end = read_name(text, colour);
  if (end == NULL) end = *text == '#' ? read_hexadecimal(text, colour) : read_numbers(text, colour);
  return end != NULL && (*end == '\0' || *end == ',') ? end : NULL;
}

const char *colour_name(size_t number) {
  return number < sizeof names / sizeof names[0] ? names[number].name : NULL;
}
