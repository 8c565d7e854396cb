/* sheet.h - draws a filled plan. */
#ifndef COMPARE_BASELINES_SHEET_H
#define COMPARE_BASELINES_SHEET_H

#include "plan.h"

/* What stands beside the picture itself. */
typedef struct sheet_head {
  char name[64]; /* of the picture */
  char found[64], explained[64];
  char score[32]; /* "logit" or "probability" */
  double output;  /* f(picture) */
} sheet_head;

/* Whether the file can be written, before the work. 0, or -1 with one line in message. */
int sheet_check(const char *path, char *message);

/* Writes the strip as a PNG, whole or not at all. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int sheet_write(const plan *p, const subject *s, const sheet_head *head, uint32_t palette, const char *path,
                char *message);

/* The completeness error, with a mark where the attributions are off by more than a tenth. Returns text. */
char *sheet_completeness(const cell *c, char *text, size_t capacity);

/* The error estimate, with a mark where it is above the tolerance that was asked for. Returns text. */
char *sheet_error(const attrib_report *report, char *text, size_t capacity);

#endif
