/* record_read.h - a record as it is read back: everything in it is checked, for it may have been edited. */
#ifndef EXPLAIN_IMAGE_RECORD_READ_H
#define EXPLAIN_IMAGE_RECORD_READ_H

#include <jansson.h>

#include "explain.h"

typedef struct recorded_picture {
  const char *path, *digest;
} recorded_picture;

typedef struct recorded_result {
  int64_t picture;
  const picture_method *method;
  const char *baseline; /* "" = none */
  target_choice target;
  const char *target_name, *digest;
  const json_t *report;
} recorded_result;

/* What a record says; strings belong to it. */
typedef struct recorded {
  json_t *root;
  char **owned; /* strings that are not the root's */
  int64_t n_owned;
  settings settings;
  const char *status, *network_digest, *labels_digest; /* labels_digest NULL = no labels */
  int64_t classes;
  recorded_picture *pictures;
  int64_t n_pictures;
  recorded_result *results;
  int64_t n_results;
} recorded;

/* Reads a record of this program's version and of this library's. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes) that names what is wrong; then there is nothing to free. */
int record_read(const char *path, recorded *r, char *message);
void recorded_free(recorded *r);

#endif
