/* record_read.h - a record as it is read back: everything in it is checked, for it may have been edited. */
#ifndef EXPLAIN_IMAGE_RECORD_READ_H
#define EXPLAIN_IMAGE_RECORD_READ_H

#include <jansson.h>

#include "explain.h"
#include "json_reader.h"

typedef struct recorded_picture {
  const char *path, *digest;
} recorded_picture;

typedef struct recorded_result {
  int64_t picture;
  const picture_method *method;
  const char *baseline; /* "" = none */
  target_choice target;
  const char *digest;
  const json_t *object; /* all of it: the members that record_result gives are there */
} recorded_result;

/* What a record says; strings belong to it. */
typedef struct recorded {
  json_t *root;
  char **owned; /* strings that are not the root's */
  int64_t n_owned;
  settings settings;
  const char *status, *network_digest, *labels_digest; /* labels_digest NULL = no labels */
  const char *libtorch;                                /* NULL = the bundled network */
  double scale;                                        /* of --scale; 0 = each map's own */
  int64_t classes;
  recorded_picture *pictures;
  int64_t n_pictures;
  recorded_result *results;
  int64_t n_results;
} recorded;

/* Reads a record of this program's version and of this library's. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes) that names what is wrong; then there is nothing to free. */
/* Parts: the pictures, and what came of them. */
void record_read_pictures(recorded *to, json_reader *reader);
void record_read_results(recorded *to, json_reader *reader);

/* A string of the record, or NULL where it may be null; it is kept for as long as the record. */
const char *recorded_bytes(recorded *to, json_reader *reader, const json_t *in, const char *key, bool may_be_null);
const char *recorded_digest(json_reader *reader, const json_t *in, const char *key, bool may_be_null);

int record_read(const char *path, recorded *r, char *message);
void recorded_free(recorded *r);

#endif
