#define _POSIX_C_SOURCE 200809L /* gmtime_r */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json_memory.h"
#include "names.h"
#include "record.h"
#include "utf8.h"

void record_put(record *r, json_t *object, const char *key, json_t *value) {
  if (object == NULL || value == NULL || json_object_set_new(object, key, value) != 0) r->failed = true;
}

json_t *record_number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

json_t *record_bytes(const char *text) {
  static const char digits[] = "0123456789abcdef";
  if (text == NULL) return json_null();
  const size_t length = strlen(text);
  if (is_utf8(text, length)) return json_string(text);
  char *hex = malloc(2 * length + 1);
  if (hex == NULL) return NULL;
  for (size_t i = 0; i < length; i++) {
    hex[2 * i] = digits[(unsigned char)text[i] >> 4];
    hex[2 * i + 1] = digits[(unsigned char)text[i] & 15];
  }
  hex[2 * length] = '\0';
  json_t *object = json_pack("{s:s}", "hex", hex);
  free(hex);
  return object;
}

const char *const record_statuses[] = {"running", "complete", "interrupted", "failed", NULL};

/* Now, as ISO 8601 has it. */
static json_t *utc(void) {
  char text[32] = "";
  const time_t now = time(NULL);
  struct tm parts;
  if (gmtime_r(&now, &parts) != NULL) (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return json_string(text);
}

void record_init(record *r, const arguments *a, const network *net, const char *network_digest,
                 const char *labels_digest) {
  json_memory_watch();
  *r = (record){.root = json_object(), .results = json_array()};
  record_put(r, r->root, "format", json_string(RECORD_FORMAT));
  record_put(r, r->root, "version", json_integer(RECORD_VERSION));
  record_put(r, r->root, "library_version", json_string(attrib_version_string()));
  record_put(r, r->root, "status", json_string("running"));
  record_put(r, r->root, "reason", json_string(""));
  record_put(r, r->root, "begun", utc());
  record_put(r, r->root, "network", record_source(r, &a->settings, net, network_digest, labels_digest));
  record_put(r, r->root, "options", record_options(r, a));
  record_put(r, r->root, "pictures", json_array());
  if (r->results != NULL) json_incref(r->results);
  record_put(r, r->root, "results", r->results);
}

/* The classes that subject_print shows, best first. */
static json_t *most_probable(record *r, const subject *s) {
  int64_t classes[MOST_PROBABLE];
  const int count = subject_most_probable(s, classes);
  json_t *array = json_array();
  for (int i = 0; i < count; i++) {
    json_t *object = json_object();
    record_put(r, object, "class", json_integer(classes[i]));
    record_put(r, object, "name", record_bytes(network_class_name(s->net, classes[i])));
    record_put(r, object, "probability", record_number(s->probabilities[classes[i]]));
    if (json_array_append_new(array, object) != 0) r->failed = true;
  }
  return array;
}

void record_add_picture(record *r, const char *path, const char *digest, const subject *s) {
  json_t *picture = json_object();
  record_put(r, picture, "file", record_bytes(path));
  record_put(r, picture, "sha256", json_string(digest));
  record_put(r, picture, "width", json_integer(s->original.width));
  record_put(r, picture, "height", json_integer(s->original.height));
  record_put(r, picture, "resized", json_boolean(s->resized));
  record_put(r, picture, "most_probable", most_probable(r, s));
  if (json_array_append_new(json_object_get(r->root, "pictures"), picture) != 0) r->failed = true;
}

static json_t *make_target(record *r, const explanation *e, const target_choice *target) {
  json_t *classes = json_array(), *object = json_object();
  for (int i = 0; i < target->count; i++)
    if (json_array_append_new(classes, json_integer(target->classes[i])) != 0) r->failed = true;
  record_put(r, object, "name", record_bytes(e->target));
  record_put(r, object, "classes", classes);
  return object;
}

static json_t *make_files(record *r, const output *o, const char *prefix) {
  json_t *files = json_array();
  for (int i = 0; i < OUTPUT_FILES; i++) {
    char path[PATH_CAPACITY + 32];
    if (o->suffixes[i] == NULL) continue;
    snprintf(path, sizeof path, "%s%s", file_name(prefix), o->suffixes[i]);
    if (json_array_append_new(files, record_bytes(path)) != 0) r->failed = true;
  }
  return files;
}

json_t *record_result(record *r, int64_t picture, const pair *p, const target_choice *target, const explanation *e,
                      double scale) {
  json_t *result = json_object(), *shape = json_array();
  resolved list;
  resolve(p, e, &list);
  for (int i = 0; i < NPY_DIMENSIONS; i++)
    if (json_array_append_new(shape, json_integer(e->shape[i])) != 0) r->failed = true;
  record_put(r, result, "picture", json_integer(picture));
  record_put(r, result, "method", json_string(p->method->name));
  record_put(r, result, "baseline", p->baseline[0] == '\0' ? json_null() : json_string(p->baseline));
  record_put(r, result, "baseline_text", record_bytes(e->baseline.text));
  record_put(r, result, "target", make_target(r, e, target));
  record_put(r, result, "status", json_string(attrib_status_name(e->status)));
  record_put(r, result, "remark", record_bytes(e->remark));
  record_put(r, result, "feature",
             json_integer((p->method->flags & METHOD_OF_FEATURE) != 0 ? (json_int_t)e->feature : -1));
  record_put(r, result, "shape", shape);
  record_put(r, result, "sha256", json_string(e->digest));
  record_put(r, result, "full_colour", record_number(scale));
  record_put(r, result, "resolved", record_resolved(r, &list));
  record_put(r, result, "report", record_report(r, &e->report));
  return result;
}

void record_add_result(record *r, int64_t picture, const pair *p, const target_choice *target, const explanation *e,
                       const output *o, double scale, const char *prefix) {
  json_t *result = record_result(r, picture, p, target, e, scale);
  record_put(r, result, "note", json_string(o->note));
  record_put(r, result, "files", make_files(r, o, prefix));
  if (json_array_append_new(r->results, result) != 0) r->failed = true;
}

void record_drop_result(record *r) {
  const size_t count = json_array_size(r->results);
  if (count > 0) (void)json_array_remove(r->results, count - 1);
}

void record_set_status(record *r, const char *status, const char *why) {
  record_put(r, r->root, "status", json_string(status));
  record_put(r, r->root, "reason", record_bytes(why));
}

static int write_part(const char *text, size_t size, void *file) {
  return atomic_file_write(file, text, size);
}

/* Written as it is dumped: json_dumps keeps the text in memory, and where that runs out within a key the key is left
 * out, without a word. */
atomic_file *record_begin_file(record *r, const char *path, char *message) {
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the record");
  atomic_file *file =
      r->failed || json_memory_lacked() ? NULL : atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return NULL;
  const int dumped = json_dump_callback(r->root, write_part, file, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
  const int written = atomic_file_write(file, "\n", 1);
  if ((dumped == 0 && !json_memory_lacked()) || written != 0)
    return file; /* what could not be written is told by the commit */
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the record");
  atomic_file_abort(file);
  return NULL;
}

void record_free(record *r) {
  json_decref(r->results);
  json_decref(r->root);
  *r = (record){.root = NULL};
}
