/* record.h - what a run was asked for and what came out, as JSON: enough to repeat it and to tell whether every bit
 * agrees. Of bytes, not of text: a file name that is no UTF-8 is {"hex": "..."}. Numbers that there are none of (NaN)
 * are null.
 *
 *   format, version, library_version, status, reason
 *   begun     when, UTC; a replay does not look at it
 *   network   the file, its digest, and what the network was told to be: size, mean and deviation as used
 *   options   what was asked for: 0 and null are what was not given; targets as typed
 *   pictures  files, their digests, sizes, and the most probable classes
 *   results   for each map: method, baseline, target; `resolved`, the options as they came to be for this map
 *             (resolved.h); the digest of the attributions; `report`, what the library said; the files
 *
 * A replay compares all of a result but seconds, peak_bytes, note and files, and options that decide no bits. */
#ifndef EXPLAIN_IMAGE_RECORD_H
#define EXPLAIN_IMAGE_RECORD_H

#include <jansson.h>

#include "arguments.h"
#include "output.h"
#include "resolved.h"

#define RECORD_FORMAT "explain_image record"
enum { RECORD_VERSION = 2 };

/* One that is being written. All functions that fill it may run out of memory: record_begin_file says so. */
typedef struct record {
  json_t *root; /* NULL: none is written */
  json_t *results;
  bool failed;
} record;

/* A new one, of a run under way. */
void record_init(record *r, const arguments *a, const network *net, const char *network_digest,
                 const char *labels_digest);
void record_add_picture(record *r, const char *path, const char *digest, const subject *s);

/* prefix: of its files, whose names go in without folder, for the record is in the same one. scale: the attribution of
 * full colour. */
void record_add_result(record *r, int64_t picture, const pair *p, const target_choice *target, const explanation *e,
                       const output *o, double scale, const char *prefix);

/* Takes the last one back: its files could not be written. */
void record_drop_result(record *r);

/* "running", "complete", "interrupted" or "failed", and why. */
void record_set_status(record *r, const char *status, const char *why);
extern const char *const record_statuses[]; /* ends with NULL */

/* The whole file, up to the commit, or NULL with one line in message (FILE_MESSAGE_CAPACITY bytes). */
atomic_file *record_begin_file(record *r, const char *path, char *message);
void record_free(record *r);

/* Parts. What makes a value gives NULL where there is no memory; record_put adds it to an object, and notes that in r.
 */
void record_put(record *r, json_t *object, const char *key, json_t *value);
json_t *record_number(double value);    /* null where it is not finite */
json_t *record_bytes(const char *text); /* a string, or {"hex": ...}; null for NULL */
json_t *record_options(record *r, const arguments *a);
json_t *record_source(record *r, const settings *s, const network *net, const char *network_digest,
                      const char *labels_digest);
json_t *record_resolved(record *r, const resolved *list);
json_t *record_report(record *r, const attrib_report *report);

/* All of a result that a replay can compare, and seconds and peak_bytes. */
json_t *record_result(record *r, int64_t picture, const pair *p, const target_choice *target, const explanation *e,
                      double scale);

/* Key number i of a report, or NULL behind the last. Number 0 is the rule, the others are numbers. */
const char *record_report_key(int i);

#endif
