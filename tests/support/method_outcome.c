/* method_outcome.c - what a call came to: blocks that show whether they were written, and comparing. */
#include "method_trial.h"

enum { PATTERN = 0x5a };

static void *pattern_block(size_t size) {
  return memset(exact_block(size), PATTERN, size);
}

static bool holds_pattern(const void *block, size_t size) {
  const unsigned char *bytes = block;
  for (size_t i = 0; i < size; i++)
    if (bytes[i] != PATTERN) return false;
  return true;
}

/* Elements that were not written. */
static int64_t unwritten(const void *block, int64_t count, size_t size) {
  int64_t unwritten = 0;
  for (int64_t i = 0; i < count; i++) unwritten += holds_pattern((const char *)block + (size_t)i * size, size);
  return unwritten;
}

enum { BUFFERS = 5 };

static void *buffer_of(const outcome *o, int which) {
  void *const buffers[BUFFERS] = {o->standard_errors, o->positive, o->negative, o->kept_weight, o->kept};
  return buffers[which];
}

void outcome_open(outcome *o, const trial *t, bool traced) {
  const checked_method *m = t->method;
  size_t length = (size_t)m->attributions * sizeof(double);
  memset(o, 0, sizeof *o);
  o->count = m->attributions;
  o->size = (size_t)m->attributions * (m->attribution_size == 0 ? sizeof(double) : m->attribution_size);
  o->attributions = pattern_block(o->size);
  o->standard_errors = pattern_block(length);
  o->positive = pattern_block(length);
  o->negative = pattern_block(length);
  o->kept_weight = pattern_block(length);
  o->kept = pattern_block(length);
  if (traced) o->trace = pattern_block((size_t)trial_traced(t) * sizeof *o->trace);
  memset(o->message, '#', sizeof o->message);
  o->report = (attrib_report){.struct_size = sizeof o->report,
                              .message_capacity = sizeof o->message,
                              .message = o->message,
                              .standard_errors = o->standard_errors,
                              .positive = o->positive,
                              .negative = o->negative,
                              .kept_weight = o->kept_weight,
                              .kept = o->kept};
}

void outcome_close(outcome *o) {
  for (int i = 0; i < BUFFERS; i++) free(buffer_of(o, i));
  free(o->attributions);
  free(o->trace);
}

void expect_written(const trial *t, const outcome *o) {
  expect(t, unwritten(o->attributions, o->count, o->size / (size_t)o->count) == 0);
  for (int i = 0; i < BUFFERS; i++) { /* those that the method knows, as a whole */
    int64_t left = unwritten(buffer_of(o, i), o->count, sizeof(double));
    expect(t, left == 0 || left == o->count);
  }
}

bool outcome_is_finite(const outcome *o) {
  for (int64_t i = 0; i < o->count; i++)
    if (!isfinite(o->size / (size_t)o->count == sizeof(float) ? (double)((const float *)o->attributions)[i]
                                                              : ((const double *)o->attributions)[i]))
      return false;
  return true;
}

/* Of a report, what is computed; what was lent, and how long it took and in how many pieces, aside. */
static attrib_report numbers_of(const attrib_report *report, bool ends) {
  attrib_report r = *report;
  r.elapsed_seconds = 0;
  r.peak_bytes = r.model_calls = 0;
  r.trace_capacity = r.trace_count = 0;
  r.trace = NULL;
  r.standard_errors = r.positive = r.negative = r.kept_weight = NULL;
  r.kept = NULL;
  r.message = NULL;
  if (!ends) {
    r.model_status = 0;
    r.stop_reason = 0;
    r.failed_row = 0;
  }
  return r;
}

/* Says where two blocks of 8-byte elements part. */
static bool same_bytes(const trial *t, const char *what, const void *block, const void *expected, size_t size) {
  if (memcmp(block, expected, size) == 0) return true;
  for (size_t i = 0; i + 8 <= size; i += 8) {
    double values[2];
    int64_t numbers[2];
    memcpy(&values[0], (const char *)block + i, 8);
    memcpy(&values[1], (const char *)expected + i, 8);
    memcpy(numbers, values, sizeof numbers);
    if (numbers[0] == numbers[1]) continue;
    print_error("%s: %s, byte %zu: %.17g (%" PRId64 ") is not %.17g (%" PRId64 ")\n", t->method->name, what, i,
                values[0], numbers[0], values[1], numbers[1]);
    break;
  }
  return false;
}

void expect_same(const trial *t, const outcome *o, const outcome *expected, bool ends) {
  static const char *const buffers[BUFFERS] = {"standard_errors", "positive", "negative", "kept_weight", "kept"};
  attrib_report left = numbers_of(&o->report, ends), right = numbers_of(&expected->report, ends);
  if (ends && o->status != expected->status)
    print_error("%s: %s: %s\n", t->method->name, attrib_status_name(o->status), o->context_message);
  expect(t, !ends || o->status == expected->status);
  expect(t, same_bytes(t, "attributions", o->attributions, expected->attributions, o->size));
  for (int i = 0; i < BUFFERS; i++)
    expect(t, same_bytes(t, buffers[i], buffer_of(o, i), buffer_of(expected, i), (size_t)o->count * sizeof(double)));
  expect(t, same_bytes(t, "report", &left, &right, sizeof left));
  if (!ends) return;
  expect(t, strcmp(o->message, expected->message) == 0);
  expect(t, strcmp(o->context_message, expected->context_message) == 0);
  expect(t, o->rows == expected->rows && o->asked == expected->asked);
}

void expect_untouched(const trial *t, const outcome *o) {
  expect(t, holds_pattern(o->attributions, o->size));
  for (int i = 0; i < BUFFERS; i++) expect(t, holds_pattern(buffer_of(o, i), (size_t)o->count * sizeof(double)));
}
