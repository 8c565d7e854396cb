#include "record_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "json_memory.h"
#include "record.h"
#include "whole_file.h"

enum { SIDE_MOST = 16384, COUNT_MOST = 100000000 };

const char *recorded_bytes(recorded *to, json_reader *r, const json_t *in, const char *key, bool may_be_null) {
  char *owned;
  const char *text = read_bytes(r, in, key, may_be_null, &owned);
  if (owned == NULL) return text;
  char **grown = realloc((void *)to->owned, (size_t)(to->n_owned + 1) * sizeof *grown);
  if (grown == NULL) {
    free(owned);
    json_reader_fail(r, key, "does not fit in memory");
    return "";
  }
  to->owned = grown;
  to->owned[to->n_owned++] = owned;
  return text;
}

const char *recorded_digest(json_reader *r, const json_t *in, const char *key, bool may_be_null) {
  const char *text = read_string(r, in, key, may_be_null);
  if (text != NULL && !r->failed &&
      (strlen(text) != DIGEST_TEXT - 1 || strspn(text, "0123456789abcdef") != DIGEST_TEXT - 1))
    json_reader_fail(r, key, "must be 64 hexadecimal digits");
  return text;
}

static void read_triple(json_reader *r, const json_t *in, const char *key, double least, double *values) {
  const json_t *array = read_array(r, in, key);
  if (array != NULL && json_array_size(array) != 3) json_reader_fail(r, key, "must have three numbers");
  for (size_t i = 0; i < 3 && !r->failed; i++) {
    values[i] = json_number_value(json_array_get(array, i));
    if (!json_is_number(json_array_get(array, i)) || !(values[i] >= least && values[i] <= 1e6))
      json_reader_fail(r, key, "must have three numbers in their range");
  }
}

static void read_source(recorded *to, json_reader *r) {
  const json_t *in = read_object(r, to->root, "network");
  network_source *source = &to->settings.source;
  snprintf(r->where, sizeof r->where, "network.");
  const char *kind = read_string(r, in, "kind", false);
  const bool torch = !r->failed && strcmp(kind, "torchscript") == 0;
  if (!r->failed && !torch && strcmp(kind, "bundled") != 0)
    json_reader_fail(r, "kind", "must be bundled or torchscript");
  const char *file = recorded_bytes(to, r, in, "file", !torch);
  source->torch.path = torch ? file : NULL;
  source->weights = torch ? NULL : file;
  to->network_digest = recorded_digest(r, in, "sha256", false);
  to->libtorch = torch ? read_string(r, in, "libtorch", false) : NULL;
  source->torch.width = read_integer(r, in, "width", 1, SIDE_MOST);
  source->torch.height = read_integer(r, in, "height", 1, SIDE_MOST);
  if (torch) read_triple(r, in, "mean", -1e6, source->torch.mean);
  if (torch) read_triple(r, in, "deviation", 1e-300, source->torch.deviation);
  to->classes = read_integer(r, in, "classes", 1, COUNT_MOST);
  source->labels = recorded_bytes(to, r, in, "labels", true);
  to->labels_digest = recorded_digest(r, in, "labels_sha256", true);
  if (!r->failed && (source->labels == NULL) != (to->labels_digest == NULL))
    json_reader_fail(r, "labels", "and labels_sha256 are given together");
}

static uint32_t read_name(json_reader *r, const json_t *in, const char *key, bool may_be_null,
                          const named_value *names) {
  const char *text = read_string(r, in, key, may_be_null);
  if (text == NULL || r->failed) return 0;
  for (const named_value *n = names; n->name != NULL; n++)
    if (strcmp(n->name, text) == 0) return n->value;
  json_reader_fail(r, key, "is none of the names it can have");
  return 0;
}

/* As they were typed; what became of them is in the results. */
static void read_targets(json_reader *r, const json_t *in) {
  const json_t *targets = read_array(r, in, "targets");
  for (size_t i = 0; i < json_array_size(targets); i++) {
    json_t *value = json_array_get(targets, i);
    if (!json_is_string(value) && !json_is_string(json_object_get(value, "hex")))
      json_reader_fail(r, "targets", "must be strings");
  }
}

/* Within the network's pictures, whose size has been read. */
static void read_pixel(json_reader *r, const json_t *in, settings *s) {
  const json_t *pixel = read_any(r, in, "pixel");
  const int64_t sides[2] = {s->source.torch.width, s->source.torch.height};
  s->of_pixel = pixel != NULL && !json_is_null(pixel);
  for (size_t i = 0; i < 2 && s->of_pixel; i++) {
    const json_t *value = json_array_get(pixel, i);
    s->pixel[i] = json_integer_value(value);
    if (json_array_size(pixel) != 2 || !json_is_integer(value) || s->pixel[i] < 0 || s->pixel[i] >= sides[i])
      json_reader_fail(r, "pixel", "must be two whole numbers within the network's pictures, or null");
  }
}

static void read_options(recorded *to, json_reader *r) {
  static const named_value scores[] = {{"logit", SMALL_NET_LOGIT}, {"probability", SMALL_NET_PROBABILITY}, {NULL, 0}};
  static const named_value palettes[] = {
      {"diverging", ATTRIB_PALETTE_DIVERGING}, {"sequential", ATTRIB_PALETTE_SEQUENTIAL}, {NULL, 0}};
  const json_t *in = read_object(r, to->root, "options");
  settings *s = &to->settings;
  snprintf(r->where, sizeof r->where, "options.");
  common_options_init(&s->common);
  s->common.score = read_name(r, in, "score", false, scores);
  s->common.rule = read_name(r, in, "rule", true, rule_names);
  s->common.points = read_integer(r, in, "points", 0, 1000000);
  s->common.max_evaluations = read_integer(r, in, "max_evaluations", 0, COUNT_MOST);
  s->common.tolerance = read_real(r, in, "tolerance", 0, 1);
  s->common.seed = (uint64_t)read_integer(r, in, "seed", 0, INT64_MAX);
  s->common.seeded = read_boolean(r, in, "seed_given");
  s->common.workers = (uint32_t)read_integer(r, in, "workers", 1, 64);
  s->common.palette = read_name(r, in, "palette", false, palettes);
  to->scale = read_real(r, in, "scale", 0, 1e300);
  (void)read_boolean(r, in, "report");
  s->sigma = read_real(r, in, "sigma", 0, 1e6);
  s->samples = read_integer(r, in, "samples", 0, 1000000);
  s->grid = read_integer(r, in, "grid", 0, SIDE_MOST);
  s->width = read_real(r, in, "width", 0, 1);
  s->layer = recorded_bytes(to, r, in, "layer", true);
  read_targets(r, in);
  read_pixel(r, in, s);
}

static void read_head(recorded *to, json_reader *r) {
  char text[160];
  const char *format = read_string(r, to->root, "format", false);
  if (!r->failed && strcmp(format, RECORD_FORMAT) != 0)
    json_reader_fail(r, "format", "this is no record of explain_image");
  const int64_t version = read_integer(r, to->root, "version", 0, INT32_MAX);
  snprintf(text, sizeof text, "the record has version %lld, this program reads %d", (long long)version, RECORD_VERSION);
  if (!r->failed && version != RECORD_VERSION) json_reader_fail(r, "version", text);
  const char *library = read_string(r, to->root, "library_version", false);
  snprintf(text, sizeof text, "the record is of attrib %.40s, this is %s: bits may differ, so it is not repeated",
           library, attrib_version_string());
  if (!r->failed && strcmp(library, attrib_version_string()) != 0) json_reader_fail(r, "library_version", text);
  to->status = read_string(r, to->root, "status", false);
  bool known = false;
  for (int i = 0; record_statuses[i] != NULL; i++) known = known || strcmp(to->status, record_statuses[i]) == 0;
  if (!known) json_reader_fail(r, "status", "must be running, complete, interrupted or failed");
  (void)recorded_bytes(to, r, to->root, "reason", false);
  (void)read_string(r, to->root, "begun", false);
}

static json_t *parse(const char *path, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  size_t size;
  json_error_t error;
  char *text = whole_file_read(path, &size, message);
  if (text == NULL) return NULL;
  json_memory_watch();
  json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
  free(text);
  if (json_memory_lacked()) {
    json_decref(root);
    (void)file_fail(&report, -1, "out of memory for what is in it");
    return NULL;
  }
  if (root == NULL) (void)file_fail(&report, -1, "line %d is no JSON: %.120s", error.line, error.text);
  return root;
}

int record_read(const char *path, recorded *r, char *message) {
  json_reader reader = {.path = path, .message = message};
  *r = (recorded){.root = parse(path, message)};
  if (r->root == NULL) return -1;
  if (!json_is_object(r->root)) json_reader_fail(&reader, "the record", "must be an object");
  read_head(r, &reader);
  read_source(r, &reader);
  reader.where[0] = '\0';
  read_options(r, &reader);
  record_read_pictures(r, &reader);
  record_read_results(r, &reader);
  if (!reader.failed) return 0;
  recorded_free(r);
  return -1;
}

void recorded_free(recorded *r) {
  for (int64_t i = 0; i < r->n_owned; i++) free(r->owned[i]);
  free((void *)r->owned);
  free(r->pictures);
  free(r->results);
  json_decref(r->root);
  *r = (recorded){.root = NULL};
}
