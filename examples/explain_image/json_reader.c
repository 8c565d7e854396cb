#include "json_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"

bool json_reader_fail(json_reader *r, const char *key, const char *text) {
  const file_report report = {r->path, r->message, FILE_MESSAGE_CAPACITY};
  if (!r->failed) (void)file_fail(&report, -1, "%s%s: %s", r->where, key, text);
  r->failed = true;
  return false;
}

const json_t *read_any(json_reader *r, const json_t *in, const char *key) {
  const json_t *value = r->failed ? NULL : json_object_get(in, key);
  if (!r->failed && value == NULL) json_reader_fail(r, key, "is missing");
  return value;
}

const json_t *read_object(json_reader *r, const json_t *in, const char *key) {
  const json_t *value = read_any(r, in, key);
  if (value != NULL && !json_is_object(value)) json_reader_fail(r, key, "must be an object");
  return r->failed ? NULL : value;
}

const json_t *read_array(json_reader *r, const json_t *in, const char *key) {
  const json_t *value = read_any(r, in, key);
  if (value != NULL && !json_is_array(value)) json_reader_fail(r, key, "must be an array");
  return r->failed ? NULL : value;
}

const char *read_string(json_reader *r, const json_t *in, const char *key, bool may_be_null) {
  const json_t *value = read_any(r, in, key);
  if (value != NULL && may_be_null && json_is_null(value)) return NULL;
  if (value != NULL && !json_is_string(value)) json_reader_fail(r, key, "must be a string");
  return r->failed ? "" : json_string_value(value);
}

int64_t read_integer(json_reader *r, const json_t *in, const char *key, int64_t least, int64_t most) {
  char text[96];
  const json_t *value = read_any(r, in, key);
  const int64_t number = value != NULL && json_is_integer(value) ? (int64_t)json_integer_value(value) : least;
  snprintf(text, sizeof text, "must be a whole number from %lld to %lld", (long long)least, (long long)most);
  if (value != NULL && (!json_is_integer(value) || number < least || number > most)) json_reader_fail(r, key, text);
  return r->failed ? least : number;
}

double read_real(json_reader *r, const json_t *in, const char *key, double least, double most) {
  char text[96];
  const json_t *value = read_any(r, in, key);
  const double number = value != NULL && json_is_number(value) ? json_number_value(value) : least;
  snprintf(text, sizeof text, "must be a number from %g to %g", least, most);
  if (value != NULL && (!json_is_number(value) || !(number >= least && number <= most))) json_reader_fail(r, key, text);
  return r->failed ? least : number;
}

void read_number_or_null(json_reader *r, const json_t *in, const char *key) {
  const json_t *value = read_any(r, in, key);
  if (value != NULL && !json_is_number(value) && !json_is_null(value))
    json_reader_fail(r, key, "must be a number or null");
}

bool read_boolean(json_reader *r, const json_t *in, const char *key) {
  const json_t *value = read_any(r, in, key);
  if (value != NULL && !json_is_boolean(value)) json_reader_fail(r, key, "must be true or false");
  return !r->failed && json_is_true(value);
}

static int digit(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *at = c == '\0' ? NULL : strchr(digits, c);
  return at == NULL ? -1 : (int)(at - digits);
}

/* NULL: no hexadecimal digits, a zero byte, or no memory. */
static char *from_hex(const char *hex) {
  const size_t length = strlen(hex);
  char *bytes = length % 2 == 0 && length > 0 ? malloc(length / 2 + 1) : NULL;
  for (size_t i = 0; bytes != NULL && i < length; i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0 || high + low == 0) {
      free(bytes);
      return NULL;
    }
    bytes[i / 2] = (char)(16 * high + low);
  }
  if (bytes != NULL) bytes[length / 2] = '\0';
  return bytes;
}

const char *read_bytes(json_reader *r, const json_t *in, const char *key, bool may_be_null, char **owned) {
  const json_t *value = read_any(r, in, key), *hex = json_object_get(value, "hex");
  *owned = NULL;
  if (!json_is_string(hex)) return read_string(r, in, key, may_be_null);
  *owned = from_hex(json_string_value(hex));
  if (*owned == NULL) json_reader_fail(r, key, "hex must be bytes, two digits each, none of them 00");
  return *owned;
}
