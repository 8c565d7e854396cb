#include "report_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* Reads the bytes that follow the first one of a character; 0 where one of them does not. */
static size_t take_tail(const unsigned char *bytes, size_t length, uint32_t lead, uint32_t least) {
  uint32_t code = lead;
  for (size_t i = 1; i < length; i++) {
    if ((bytes[i] & 0xC0U) != 0x80) return 0; /* the end of the text, too */
    code = code << 6 | (bytes[i] & 0x3FU);
  }
  const int surrogate = code >= 0xD800 && code <= 0xDFFF, control = code >= 0x80 && code < 0xA0;
  /* Marks that turn the direction of what follows could make a name read as another one. */
  const int turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return code < least || code > 0x10FFFF || surrogate || control || turns ? 0 : length;
}

size_t shown_character(const char *text) {
  const unsigned char *bytes = (const unsigned char *)text;
  if (bytes[0] < 0x80) return (bytes[0] >= 0x20 && bytes[0] != 0x7F) || bytes[0] == '\n' || bytes[0] == '\t';
  if (bytes[0] >= 0xC2 && bytes[0] < 0xE0) return take_tail(bytes, 2, bytes[0] & 0x1FU, 0x80);
  if (bytes[0] >= 0xE0 && bytes[0] < 0xF0) return take_tail(bytes, 3, bytes[0] & 0x0FU, 0x800);
  if (bytes[0] >= 0xF0 && bytes[0] < 0xF5) return take_tail(bytes, 4, bytes[0] & 0x07U, 0x10000);
  return 0;
}

char *clean_text(const char *text) {
  if (text == NULL) text = "";
  const size_t most = sizeof replacement - 1;
  char *clean = malloc(most * strlen(text) + 1), *end = clean;
  if (clean == NULL) return NULL;
  while (*text != '\0') {
    const size_t length = shown_character(text), copied = length > 0 ? length : most;
    memcpy(end, length > 0 ? text : replacement, copied);
    end += copied;
    text += length > 0 ? length : 1;
  }
  *end = '\0';
  return clean;
}

static const char *reference(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
  }
}

void write_text(atomic_file *file, const char *text) {
  while (text != NULL && *text != '\0') {
    const char *instead = reference(*text);
    const size_t length = shown_character(text);
    if (instead == NULL && length == 0) instead = replacement;
    if (instead != NULL)
      atomic_file_write(file, instead, strlen(instead));
    else
      atomic_file_write(file, text, length);
    text += length > 0 ? length : 1;
  }
}

void write_number(atomic_file *file, double value) {
  if (isnan(value))
    atomic_file_printf(file, "none");
  else
    atomic_file_printf(file, "%.4g", value);
}

void write_percent(atomic_file *file, double share) {
  const double percent = 100 * share;
  if (isnan(share))
    atomic_file_printf(file, "none");
  else if (fabs(percent) > 99999)
    atomic_file_printf(file, "%.3g&nbsp;%%", percent);
  else
    atomic_file_printf(file, "%.*f&nbsp;%%", fabs(percent) < 10 ? 2 : 1, percent);
}

void write_count(atomic_file *file, int64_t value) {
  char digits[24];
  if (value < 0) {
    atomic_file_printf(file, "none");
    return;
  }
  const int length = snprintf(digits, sizeof digits, "%" PRId64, value);
  for (int i = 0; i < length; i++)
    atomic_file_printf(file, "%s%c", i > 0 && (length - i) % 3 == 0 ? "&#8239;" : "", digits[i]);
}

void write_seconds(atomic_file *file, double seconds) {
  if (isnan(seconds))
    atomic_file_printf(file, "none");
  else if (seconds < 0.9995)
    atomic_file_printf(file, "%.3g&nbsp;ms", 1000 * seconds);
  else if (seconds < 100)
    atomic_file_printf(file, "%.3g&nbsp;s", seconds);
  else
    atomic_file_printf(file, "%.0f&nbsp;s", seconds);
}

void write_bytes(atomic_file *file, int64_t bytes) {
  static const char *const units[] = {"kB", "MB", "GB"};
  double amount = (double)bytes / 1000;
  int unit = 0;
  for (; unit < 2 && amount >= 999.5; unit++) amount /= 1000;
  if (bytes < 0)
    atomic_file_printf(file, "none");
  else
    atomic_file_printf(file, "%.3g&nbsp;%s", amount, units[unit]);
}

/* The held bytes, those that are missing as zeros. */
static void put_group(const base64 *to, char *text) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint32_t group = (uint32_t)to->rest[0] << 16 | (uint32_t)to->rest[1] << 8 | to->rest[2];
  for (int i = 0; i < 4; i++) text[i] = digits[group >> (18 - 6 * i) & 63U];
}

void base64_write(base64 *to, const void *bytes, size_t size) {
  char text[4096];
  size_t used = 0;
  for (size_t i = 0; i < size; i++) {
    to->rest[to->held++] = ((const uint8_t *)bytes)[i];
    if (to->held < 3) continue;
    put_group(to, text + used);
    to->held = 0;
    used += 4;
    if (used < sizeof text) continue;
    atomic_file_write(to->file, text, used);
    used = 0;
  }
  if (used > 0) atomic_file_write(to->file, text, used);
}

void base64_end(base64 *to) {
  char text[4];
  if (to->held == 0) return;
  for (size_t i = to->held; i < 3; i++) to->rest[i] = 0;
  put_group(to, text);
  for (size_t i = to->held + 1; i < 4; i++) text[i] = '=';
  atomic_file_write(to->file, text, 4);
  to->held = 0;
}
