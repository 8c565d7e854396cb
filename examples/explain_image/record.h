/* record.h - what a run was asked for and what came out, as JSON: enough to repeat it and to tell whether every bit
 * agrees. Of bytes, not of text: a file name that is no UTF-8 is {"hex": "..."}. Numbers that there are none of (NaN)
 * are null. */
#ifndef EXPLAIN_IMAGE_RECORD_H
#define EXPLAIN_IMAGE_RECORD_H

#include <jansson.h>

#include "output.h"

#define RECORD_FORMAT "explain_image record"
enum { RECORD_VERSION = 1 };

/* One that is being written. All functions that fill it may run out of memory: record_begin_file says so. */
typedef struct record {
  json_t *root; /* NULL: none is written */
  json_t *results;
  bool failed;
} record;

/* A new one, of a run under way. */
void record_init(record *r, const settings *s, const network *net, const char *network_digest,
                 const char *labels_digest);
void record_add_picture(record *r, const char *path, const char *digest, const subject *s);

/* prefix: of its files, whose names go in without folder, for the record is in the same one. style: as drawn. */
void record_add_result(record *r, int64_t picture, const pair *p, const target_choice *target, const explanation *e,
                       const output *o, const heat_map_style *style, const char *prefix);

/* Takes the last one back: its files could not be written. */
void record_drop_result(record *r);

/* "running", "complete", "interrupted" or "failed", and why. */
void record_set_status(record *r, const char *status, const char *why);

/* The whole file, up to the commit, or NULL with one line in message (FILE_MESSAGE_CAPACITY bytes). */
atomic_file *record_begin_file(record *r, const char *path, char *message);
void record_free(record *r);

/* Parts, for record_report.c and record_settings.c: adds to an object; notes in r where there is no memory. */
void record_put(record *r, json_t *object, const char *key, json_t *value);
json_t *record_number(double value);    /* null where it is not finite */
json_t *record_bytes(const char *text); /* a string, or {"hex": ...}; null for NULL */
json_t *record_settings(record *r, const settings *s);
json_t *record_source(record *r, const settings *s, const network *net, const char *network_digest,
                      const char *labels_digest);
json_t *record_report(record *r, const attrib_report *report);

#endif
