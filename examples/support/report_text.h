/* report_text.h - numbers, texts and bytes as they stand in a page of HTML. */
#ifndef EXAMPLES_REPORT_TEXT_H
#define EXAMPLES_REPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "atomic_file.h"

/* text as markup_clean shows it. To be freed; NULL: no memory. text may be NULL. */
char *clean_text(const char *text);

/* A number in four digits; "none" for NaN. */
void write_number(atomic_file *file, double value);

/* A share in percent with two or three digits. */
void write_percent(atomic_file *file, double share);

/* A whole number with thin spaces between thousands; "none" where it is negative. */
void write_count(atomic_file *file, int64_t value);

/* Milliseconds or seconds; "none" for NaN. */
void write_seconds(atomic_file *file, double seconds);

/* Bytes in kB, MB or GB; "none" where it is negative. */
void write_bytes(atomic_file *file, int64_t bytes);

/* Base 64 in pieces: begin with {file}, end with base64_end. */
typedef struct base64 {
  atomic_file *file;
  size_t held;
  uint8_t rest[3];
} base64;

void base64_write(base64 *to, const void *bytes, size_t size);
void base64_end(base64 *to);

#endif
