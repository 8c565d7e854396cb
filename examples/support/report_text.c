#include "report_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"

char *clean_text(const char *text) {
  enum { LONGEST = 3 }; /* U+FFFD, instead of one byte */
  if (text == NULL) text = "";
  char *clean = malloc(LONGEST * strlen(text) + 1), *end = clean;
  if (clean == NULL) return NULL;
  while (*text != '\0') {
    const markup_piece piece = markup_clean(text);
    memcpy(end, piece.shown, piece.size);
    end += piece.size;
    text += piece.taken;
  }
  *end = '\0';
  return clean;
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
