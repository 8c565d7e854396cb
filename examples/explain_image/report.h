/* report.h - the maps of a run, kept for the HTML page of --report. */
#ifndef EXPLAIN_IMAGE_REPORT_H
#define EXPLAIN_IMAGE_REPORT_H

#include "explain.h"

typedef struct report_book report_book;

/* NULL: no memory. */
report_book *report_create(void);
void report_free(report_book *r); /* NULL is fine */

/* The maps that follow are of this picture. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int report_add_picture(report_book *r, const subject *s, const char *path, const char *digest, char *message);

/* Keeps a copy of all that the page shows of a map, with curves of deletion and insertion, for which it takes 43 rows
 * of the model. EXPLAIN_DONE; EXPLAIN_INTERRUPTED, where the map is kept without these curves; or EXPLAIN_FAILED with
 * one line in message. */
int report_add_map(report_book *r, const pair *p, const target_choice *target, const explanation *e, progress *bar,
                   char *message);

/* Writes the page, whole or not at all; note: how the run ended, or "". 0, or -1 with one line in message. */
int report_write(report_book *r, const char *network_digest, const char *note, const char *path, char *message);

#endif
