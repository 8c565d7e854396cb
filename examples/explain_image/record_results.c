/* What a record says of its pictures and results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "record_read.h"

void record_read_pictures(recorded *to, json_reader *r) {
  r->where[0] = '\0';
  const json_t *array = read_array(r, to->root, "pictures");
  to->n_pictures = (int64_t)json_array_size(array);
  to->pictures = calloc((size_t)to->n_pictures + 1, sizeof *to->pictures);
  if (to->pictures == NULL) json_reader_fail(r, "pictures", "do not fit in memory");
  for (int64_t i = 0; to->pictures != NULL && i < to->n_pictures && !r->failed; i++) {
    const json_t *in = json_array_get(array, (size_t)i);
    snprintf(r->where, sizeof r->where, "pictures[%lld].", (long long)i);
    to->pictures[i].path = recorded_bytes(to, r, in, "file", false);
    to->pictures[i].digest = recorded_digest(r, in, "sha256", false);
  }
}

static void read_target(recorded *to, json_reader *r, const json_t *in, recorded_result *result) {
  char where[64];
  const json_t *object = read_object(r, in, "target");
  snprintf(where, sizeof where, "%s", r->where);
  snprintf(r->where, sizeof r->where, "%.50starget.", where);
  const json_t *classes = read_array(r, object, "classes");
  (void)recorded_bytes(to, r, object, "name", false);
  result->target.count = (int)json_array_size(classes);
  if (!r->failed && result->target.count != 1 && result->target.count != 2)
    json_reader_fail(r, "classes", "must have one number, or two");
  for (int i = 0; i < result->target.count && !r->failed; i++) {
    const json_t *value = json_array_get(classes, (size_t)i);
    const int64_t number = json_integer_value(value);
    result->target.classes[i] = number;
    if (!json_is_integer(value) || number < 0 || number >= to->classes)
      json_reader_fail(r, "classes", "must be numbers of the network's classes");
  }
  if (!r->failed && result->target.count == 2 && result->target.classes[0] == result->target.classes[1])
    json_reader_fail(r, "classes", "must be two that differ");
  snprintf(r->where, sizeof r->where, "%s", where);
}

/* What a replay compares, and does not need before: that it is there, and of a kind. */
static void read_rest(recorded *to, json_reader *r, const json_t *in) {
  const json_t *shape = read_array(r, in, "shape");
  if (shape != NULL && json_array_size(shape) != NPY_DIMENSIONS)
    json_reader_fail(r, "shape", "must have three numbers");
  for (size_t i = 0; i < json_array_size(shape); i++)
    if (!json_is_integer(json_array_get(shape, i))) json_reader_fail(r, "shape", "must have three whole numbers");
  (void)recorded_bytes(to, r, in, "baseline_text", false);
  (void)recorded_bytes(to, r, in, "remark", false);
  (void)read_string(r, in, "status", false);
  (void)read_integer(r, in, "feature", -1, INT64_MAX);
  read_number_or_null(r, in, "full_colour");
  (void)read_object(r, in, "resolved");
  const json_t *report = read_object(r, in, "report");
  const size_t used = strlen(r->where);
  snprintf(r->where + used, sizeof r->where - used, "report.");
  (void)read_string(r, report, "rule", true);
  for (int i = 1; record_report_key(i) != NULL; i++) read_number_or_null(r, report, record_report_key(i));
}

static void read_result(recorded *to, json_reader *r, const json_t *in, recorded_result *result) {
  result->picture = read_integer(r, in, "picture", 0, to->n_pictures > 0 ? to->n_pictures - 1 : 0);
  const char *method = read_string(r, in, "method", false);
  for (const picture_method *m = picture_methods; m->name != NULL && !r->failed; m++)
    if (strcmp(m->name, method) == 0) result->method = m;
  if (result->method == NULL) {
    json_reader_fail(r, "method", "is none that this program has");
    return;
  }
  result->baseline = read_string(r, in, "baseline", result->method->baseline == NULL);
  if (result->baseline == NULL) result->baseline = "";
  if (!r->failed && result->method->baseline == NULL && result->baseline[0] != '\0')
    json_reader_fail(r, "baseline", "must be null: the method looks at none");
  if (!r->failed && result->method->baseline != NULL &&
      (!is_baseline_name(result->baseline) || strlen(result->baseline) >= BASELINE_TEXT))
    json_reader_fail(r, "baseline", "is none that this program has");
  read_target(to, r, in, result);
  result->digest = recorded_digest(r, in, "sha256", false);
  result->object = in;
  read_rest(to, r, in);
}

void record_read_results(recorded *to, json_reader *r) {
  r->where[0] = '\0';
  const json_t *array = read_array(r, to->root, "results");
  to->n_results = (int64_t)json_array_size(array);
  to->results = calloc((size_t)to->n_results + 1, sizeof *to->results);
  if (to->results == NULL) json_reader_fail(r, "results", "do not fit in memory");
  if (!r->failed && to->n_results == 0) json_reader_fail(r, "results", "there are none to repeat");
  if (!r->failed && to->n_pictures == 0) json_reader_fail(r, "pictures", "there are none");
  for (int64_t i = 0; to->results != NULL && i < to->n_results && !r->failed; i++) {
    snprintf(r->where, sizeof r->where, "results[%lld].", (long long)i);
    read_result(to, r, json_array_get(array, (size_t)i), &to->results[i]);
  }
}
