/* randomisation.c - does a method's map depend on what the layers of the model have learnt? */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <attrib/sanity.h>

#include "../engine/engine.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "explanations.h"
#include "randomisation_options.h"
#include "reference.h"

enum { COLUMNS = ATTRIB_SANITY_DIFFERENCE + 1 };

/* Of a row: the model as it is, before anything was randomised. */
enum { TRAINED = -1 };

typedef struct checking {
  attrib_context *context;
  attrib_randomisable subject;
  attrib_randomisation_options options;
  const void *input;
  double *values; /* the caller's */
  double *table;  /* (layers + 1) x COLUMNS */
  double *map;
  attrib__reference reference; /* the map of the model as it is */
  bool changed;                /* the model is not what it was */
  const char *missing;         /* what does not exist, the first of it; NULL = nothing */
  int64_t missing_row;
  attrib__explanations maps;
  attrib_report *report;
} checking;

/* -- callbacks ---------------------------------------------------------------------------------------------------- */

/* Map 0 is that of the model as it is, map k + 1 that of row k. */
static const char *map_name(const void *namer, int64_t index, char *name, size_t size) {
  const checking *c = namer;
  if (index == 0) return "the map of the model as it is";
  if (index == c->subject.layers + 1) return "the map of the restored model";
  snprintf(name, size, "the map with layer %" PRId64 " randomised", index - 1);
  return name;
}

static attrib_status randomise(checking *c, int64_t layer) {
  const uint32_t counter[4] = {0, ATTRIB__STREAM_LAYER_SEED, (uint32_t)layer, (uint32_t)((uint64_t)layer >> 32)};
  const uint32_t key[2] = {(uint32_t)c->options.seed, (uint32_t)(c->options.seed >> 32)};
  uint32_t words[4];
  attrib__philox(counter, key, words);
  const uint64_t seed = (uint64_t)words[1] << 32 | words[0];
  c->changed = true;
  const int32_t answer = c->subject.randomise(ATTRIB_RANDOMISE_LAYER, layer, seed, c->subject.randomise_user);
  if (answer == 0) return ATTRIB_OK;
  c->report->model_status = answer;
  if (answer < 0)
    return attrib__fail(c->context, ATTRIB_E_CALLBACK, "subject->randomise returned %" PRId32 " for layer %" PRId64,
                        answer, layer);
  c->report->stop_reason = ATTRIB_STOP_CALLBACK;
  return ATTRIB_CANCELLED;
}

static attrib_status restore(checking *c) {
  if (!c->changed) return ATTRIB_OK;
  c->changed = false;
  const int32_t answer = c->subject.randomise(ATTRIB_RANDOMISE_RESTORE, 0, 0, c->subject.randomise_user);
  if (answer == 0) return ATTRIB_OK;
  c->report->model_status = answer;
  return attrib__fail(c->context, ATTRIB_E_CALLBACK,
                      "subject->randomise returned %" PRId32
                      " for ATTRIB_RANDOMISE_RESTORE: the model may not be what "
                      "it was",
                      answer);
}

/* Nonzero where the caller wants the check to end. */
static attrib_status cancelled(checking *c, bool told) {
  uint32_t reason = atomic_load(&c->context->cancel) != 0 ? ATTRIB_STOP_CANCEL : ATTRIB_STOP_NONE;
  if (told && c->context->progress != NULL && reason == ATTRIB_STOP_NONE) {
    const attrib_progress progress = {.struct_size = sizeof progress,
                                      .evaluations = c->report->evaluations + c->report->output_evaluations,
                                      .error_estimate = (double)NAN};
    if (c->context->progress(&progress, c->context->progress_user) != 0) reason = ATTRIB_STOP_PROGRESS;
  }
  if (reason == ATTRIB_STOP_NONE) return ATTRIB_OK;
  c->report->stop_reason = reason;
  return ATTRIB_CANCELLED;
}

static attrib_status explain(checking *c, int64_t row, double *map) {
  attrib_status status = cancelled(c, false);
  if (status != ATTRIB_OK) return status;
  status = attrib__explanations_ask(&c->maps, row + 1, c->input, map);
  if (status == ATTRIB_CANCELLED) c->report->stop_reason = ATTRIB_STOP_CALLBACK;
  return status;
}

/* -- rows --------------------------------------------------------------------------------------------------------- */

static attrib_status take_map(checking *c, int64_t row) {
  char name[60];
  double *columns = c->table + row * COLUMNS;
  const attrib__likeness found = attrib__reference_compare(&c->reference, c->map);
  columns[ATTRIB_SANITY_RANKS] = found.ranks;
  columns[ATTRIB_SANITY_ABSOLUTE_RANKS] = found.absolute_ranks;
  columns[ATTRIB_SANITY_SSIM] = found.ssim;
  columns[ATTRIB_SANITY_DIFFERENCE] = found.difference;
  if (isinf(found.difference))
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW, "the difference to %s overflows",
                        map_name(c, row + 1, name, sizeof name));
  if (found.missing == NULL || c->missing != NULL) return ATTRIB_OK;
  c->missing = found.missing;
  c->missing_row = row;
  return ATTRIB_OK;
}

/* Of a row without a map all is NaN, and the others go on. */
static attrib_status run_row(checking *c, int64_t row) {
  attrib_status status = explain(c, row, c->map);
  if (status == ATTRIB_UNDEFINED) {
    if (c->missing == NULL) c->missing_row = row;
    if (c->missing == NULL) c->missing = "explain has no attributions";
    c->report->failed_row = -1;
    status = ATTRIB_OK;
  } else if (status == ATTRIB_OK) {
    status = take_map(c, row);
  }
  if (status != ATTRIB_OK) return status;
  const attrib_status wish = cancelled(c, true);
  return row < c->subject.layers ? wish : ATTRIB_OK; /* too late after the last map */
}

static attrib_status run_layers(checking *c) {
  attrib_status status = ATTRIB_OK;
  for (int64_t layer = 0; layer < c->subject.layers && status == ATTRIB_OK; layer++) {
    status = randomise(c, layer);
    if (status == ATTRIB_OK) status = run_row(c, layer);
    if (status == ATTRIB_OK && c->options.order == ATTRIB_SANITY_INDEPENDENT) status = restore(c);
  }
  return status;
}

/* Whatever happens the model is put back; a failure to do so outweighs any other. */
static attrib_status run_check(checking *c) {
  char name[60];
  attrib_status status = explain(c, TRAINED, c->reference.map);
  if (status != ATTRIB_OK) return status;
  attrib__reference_take(&c->reference);
  status = cancelled(c, true);
  if (status == ATTRIB_OK) status = run_layers(c);
  const attrib_status restored = restore(c);
  if (restored < 0) return restored;
  if (status == ATTRIB_OK) status = run_row(c, c->subject.layers);
  if (status != ATTRIB_OK) return status;
  c->report->stop_reason = ATTRIB_STOP_COMPLETE;
  if (c->missing == NULL) return attrib__explanations_judge(&c->maps);
  return attrib__fail(c->context, ATTRIB_UNDEFINED, "%s: seen first at %s", c->missing,
                      map_name(c, c->missing_row + 1, name, sizeof name));
}

/* -- the call ----------------------------------------------------------------------------------------------------- */

static void lay_out(void *state, attrib__arena *arena) {
  checking *c = state;
  int64_t values = 0;
  if (c->subject.layers == INT64_MAX || !attrib__count_multiply(c->subject.layers + 1, COLUMNS, &values))
    arena->overflow = true;
  c->table = attrib__carve(arena, values, sizeof *c->table);
  c->map = attrib__carve(arena, c->subject.map_length, sizeof *c->map);
  attrib__reference_layout(&c->reference, arena);
}

static attrib_status prepare(checking *c) {
  if (c->values == NULL) return attrib__fail(c->context, ATTRIB_E_ARGUMENT, "values is NULL");
  c->reference.count = c->subject.map_length;
  size_t bytes;
  const attrib_status status = attrib__lay_out(c->context, lay_out, c, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW,
                        "subject->map_length = %" PRId64 ", layers = %" PRId64 ": need more scratch than memory can be",
                        c->subject.map_length, c->subject.layers);
  if (status < 0) return status;
  for (int64_t i = 0; i < (c->subject.layers + 1) * COLUMNS; i++) c->table[i] = (double)NAN;
  c->report->peak_bytes = (int64_t)(c->context->base_size + bytes);
  c->report->seed = c->options.seed;
  return ATTRIB_OK;
}

attrib_status attrib_randomisation_check(attrib_context *given, const attrib_randomisable *subject, const void *input,
                                         const attrib_randomisation_options *options, double *values,
                                         attrib_report *given_report) {
  attrib_context local, *context;
  attrib_report report;
  attrib_status status = attrib__call_enter(given, &local, &context, given_report, &report);
  if (status < 0) return status;
  const double started = attrib__seconds();
  checking c = {.context = context, .input = input, .values = values, .report = &report};
  status = attrib__randomisation_read(context, subject, options, &c.subject, &c.options, &c.reference.shape);
  if (status == ATTRIB_OK) status = prepare(&c);
  if (status == ATTRIB_OK) {
    c.maps = (attrib__explanations){.context = context,
                                    .callback = "subject->explain",
                                    .explain = c.subject.explain,
                                    .user = c.subject.explain_user,
                                    .count = c.subject.map_length,
                                    .seed = c.options.seed,
                                    .name = map_name,
                                    .namer = &c,
                                    .report = &report,
                                    .rough_index = -1};
    status = run_check(&c);
    report.peak_bytes += c.maps.inner_bytes;
    atomic_store(&context->cancel, 0);
  }
  if (status >= 0 && c.table != NULL)
    memcpy(values, c.table, (size_t)((c.subject.layers + 1) * COLUMNS) * sizeof *values);
  report.elapsed_seconds = attrib__seconds() - started;
  attrib__call_leave(context, &local, status, &report, given_report);
  return status;
}
