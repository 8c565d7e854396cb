/* json_reader.h - values of a JSON file that must be of a kind, or one line says which is not. */
#ifndef EXPLAIN_IMAGE_JSON_READER_H
#define EXPLAIN_IMAGE_JSON_READER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

typedef struct json_reader {
  const char *path;
  char where[64]; /* "options." or "results[3]." */
  char *message;  /* of the first that is wrong */
  bool failed;    /* once something is, nothing more is read */
} json_reader;

/* "PATH: WHERE.KEY: TEXT"; always false. */
bool json_reader_fail(json_reader *r, const char *key, const char *text);

/* Members of an object. Each returns a value that does no harm where the reader has failed. */
const json_t *read_any(json_reader *r, const json_t *in, const char *key);
const json_t *read_object(json_reader *r, const json_t *in, const char *key);
const json_t *read_array(json_reader *r, const json_t *in, const char *key);
const char *read_string(json_reader *r, const json_t *in, const char *key, bool may_be_null);
int64_t read_integer(json_reader *r, const json_t *in, const char *key, int64_t least, int64_t most);
double read_real(json_reader *r, const json_t *in, const char *key, double least, double most);
void read_number_or_null(json_reader *r, const json_t *in, const char *key);
bool read_boolean(json_reader *r, const json_t *in, const char *key);

/* Also {"hex": ...}: then *owned is the string, to be freed by the caller; else NULL. */
const char *read_bytes(json_reader *r, const json_t *in, const char *key, bool may_be_null, char **owned);

#endif
