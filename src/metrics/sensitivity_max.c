/* sensitivity_max.c - maximum sensitivity: how far a map moves when its input hardly does.
 *
 * No model is asked here, but a callback that explains a point: a plain loop, with the room it needs in the context's
 * workspace. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include <attrib/faithfulness.h>

#include "../base/first_size.h"
#include "../base/arena.h"
#include "../engine/engine.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "../model/range.h"
#include "../random/philox.h"
#include "../rows/length.h"
#include "../rows/rows.h"
#include "explanations.h"

enum { DEFAULT_SAMPLES = 10 };
static const double DEFAULT_RADIUS = 0.02;

typedef struct neighbourhood {
  attrib_context *context;
  attrib_model shape; /* dtype and n_inputs alone: for checks of rows */
  const void *input;
  int64_t n_attributions;
  attrib__explanations maps;
  attrib_sensitivity_max_options options; /* defaults filled in */
  attrib__range range;
  void *point;            /* vector of dtype */
  double *first, *second; /* vectors of n_attributions: the map of the input, and of a point */
  attrib__length length;  /* of the first */
  double most;            /* of the ratios so far; NaN = none */
  int64_t told;
  attrib_report *report;
} neighbourhood;

/* -- points ------------------------------------------------------------------------------------------------------- */

/* Writes point number `index`. What is rounded stays within the radius: rounding goes inwards. */
static void place(const neighbourhood *n, int64_t index) {
  const double radius = n->options.radius;
  const uint32_t dtype = n->shape.dtype;
  double values[ATTRIB__BLOCK], uniforms[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < n->shape.n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t m = n->shape.n_inputs - begin < ATTRIB__BLOCK ? n->shape.n_inputs - begin : ATTRIB__BLOCK;
    attrib__random_uniforms(n->options.seed, ATTRIB__STREAM_NEIGHBOUR, (uint64_t)index, begin, m, uniforms);
    attrib__rows_load(dtype, n->input, begin, m, values);
    for (int64_t i = 0; i < m; i++) {
      double low = values[i] - radius, high = values[i] + radius;
      attrib__rows_narrow(dtype, &low, &high);
      const double value = fmin(high, fmax(low, values[i] + radius * (2 * uniforms[i] - 1)));
      values[i] = attrib__range_clip(&n->range, value);
    }
    attrib__rows_store(dtype, n->point, begin, m, values);
  }
}

/* -- explanations ------------------------------------------------------------------------------------------------- */

static const char *point_name(const void *namer, int64_t index, char *text, size_t size) {
  (void)namer;
  snprintf(text, size, "point %" PRId64, index);
  return text;
}

/* Takes the map of a point. */
static attrib_status compare(neighbourhood *n) {
  attrib__length moved;
  for (int64_t i = 0; i < n->n_attributions; i++) n->second[i] -= n->first[i];
  double ratio = (double)INFINITY;
  if (attrib__length_find(ATTRIB_F64, n->second, n->n_attributions, &moved))
    ratio = sqrt(moved.square / n->length.square) * (n->length.scale / moved.scale);
  if (!isfinite(ratio))
    return attrib__fail(n->context, ATTRIB_E_OVERFLOW, "the attributions move farther than a double can say");
  if (!(n->most >= ratio)) n->most = ratio;
  return ATTRIB_OK;
}

/* -- the loop ----------------------------------------------------------------------------------------------------- */

/* Between explanations: whether to go on; `made` of them are. */
static bool goes_on(neighbourhood *n, int64_t made) {
  attrib_context *context = n->context;
  if (made > n->told && context->progress != NULL) {
    const attrib_progress progress = {.struct_size = sizeof progress,
                                      .evaluations = made,
                                      .planned = n->options.samples + 1,
                                      .error_estimate = (double)NAN};
    n->told = made;
    if (context->progress(&progress, context->progress_user) != 0 && made <= n->options.samples)
      n->report->stop_reason = ATTRIB_STOP_PROGRESS;
  }
  if (n->report->stop_reason == ATTRIB_STOP_NONE && made <= n->options.samples && atomic_load(&context->cancel) != 0)
    n->report->stop_reason = ATTRIB_STOP_CANCEL;
  return n->report->stop_reason == ATTRIB_STOP_NONE;
}

static attrib_status walk(neighbourhood *n) {
  if (!goes_on(n, 0)) return ATTRIB_CANCELLED;
  attrib_status status = attrib__explanations_ask(&n->maps, 0, n->input, n->first);
  if (status != ATTRIB_OK) return status;
  attrib__length_find(ATTRIB_F64, n->first, n->n_attributions, &n->length);
  if (n->length.square == 0)
    return attrib__fail(n->context, ATTRIB_UNDEFINED,
                        "all attributions of the input are 0: there is no length to compare with");
  for (int64_t k = 1; k <= n->options.samples; k++) {
    if (!goes_on(n, k)) return ATTRIB_CANCELLED;
    place(n, k);
    status = attrib__explanations_ask(&n->maps, k, n->point, n->second);
    if (status == ATTRIB_OK) status = compare(n);
    if (status != ATTRIB_OK) return status;
    n->report->samples = k;
  }
  goes_on(n, n->options.samples + 1);
  return attrib__explanations_judge(&n->maps);
}

/* -- start -------------------------------------------------------------------------------------------------------- */

static attrib_status read_options(attrib_context *context, const attrib_sensitivity_max_options *given,
                                  attrib_sensitivity_max_options *options) {
  attrib_status status =
      attrib__read_options(context, given, ATTRIB__FIRST_SENSITIVITY_MAX_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows none",
                        options->flags);
  if (options->samples == 0) options->samples = DEFAULT_SAMPLES;
  if (options->radius == 0) options->radius = DEFAULT_RADIUS;
  if (!(options->radius > 0) || !isfinite(options->radius))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "options->radius = %g: must be finite and not negative",
                        options->radius);
  return attrib__option_count(context, "samples", options->samples, 1, INT64_C(1) << 52);
}

static attrib_status read_arguments(neighbourhood *n, const attrib_sensitivity_max_options *given) {
  attrib_context *context = n->context;
  if (attrib__element_size(n->shape.dtype) == 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "dtype = %" PRIu32 ": must be ATTRIB_F32 (1) or ATTRIB_F64 (2)",
                        n->shape.dtype);
  if (n->shape.n_inputs < 1 || n->shape.n_inputs > ATTRIB__RANDOM_ELEMENTS)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "n_inputs = %" PRId64 ": must be from 1 to %" PRId64,
                        n->shape.n_inputs, ATTRIB__RANDOM_ELEMENTS);
  if (n->n_attributions < 1)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "n_attributions = %" PRId64 ": must be at least 1",
                        n->n_attributions);
  if (n->maps.explain == NULL) return attrib__fail(context, ATTRIB_E_ARGUMENT, "explain is NULL");
  attrib_status status = read_options(context, given, &n->options);
  if (status == ATTRIB_OK) status = attrib__check_row(context, "input", &n->shape, n->input);
  if (status == ATTRIB_OK)
    status = attrib__range_read(context, n->shape.dtype, n->options.low, n->options.high, &n->range);
  return status == ATTRIB_OK ? attrib__range_holds(context, &n->range, "input", &n->shape, n->input) : status;
}

static void lay_out(void *state, attrib__arena *arena) {
  neighbourhood *n = state;
  n->point = attrib__carve(arena, n->shape.n_inputs, attrib__element_size(n->shape.dtype));
  n->first = attrib__carve(arena, n->n_attributions, sizeof(double));
  n->second = attrib__carve(arena, n->n_attributions, sizeof(double));
}

static attrib_status make_room(neighbourhood *n) {
  size_t bytes;
  const attrib_status status = attrib__lay_out(n->context, lay_out, n, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(n->context, ATTRIB_E_OVERFLOW,
                        "n_inputs = %" PRId64 ", n_attributions = %" PRId64 ": do not fit the address space",
                        n->shape.n_inputs, n->n_attributions);
  if (status < 0) return status;
  n->report->peak_bytes = (int64_t)(n->context->base_size + bytes);
  return ATTRIB_OK;
}

static attrib_status measure(neighbourhood *n, const attrib_sensitivity_max_options *options, double *value) {
  const double started = attrib__seconds();
  if (value == NULL) return attrib__fail(n->context, ATTRIB_E_ARGUMENT, "value is NULL");
  attrib_status status = read_arguments(n, options);
  if (status == ATTRIB_OK) status = make_room(n);
  if (status < 0) return status;
  n->maps.seed = n->options.seed;
  status = walk(n);
  if (n->report->stop_reason == ATTRIB_STOP_NONE)
    n->report->stop_reason = status == ATTRIB_CANCELLED ? ATTRIB_STOP_CALLBACK : ATTRIB_STOP_COMPLETE;
  n->report->seed = n->options.seed;
  n->report->sigma = n->options.radius;
  n->report->objective = status == ATTRIB_UNDEFINED ? (double)NAN : n->most;
  n->report->peak_bytes += n->maps.inner_bytes;
  n->report->elapsed_seconds = attrib__seconds() - started;
  if (status < 0) return status;
  *value = n->report->objective;
  if (n->report->standard_errors != NULL) n->report->standard_errors[0] = (double)NAN;
  return status;
}

attrib_status attrib_sensitivity_max(attrib_context *given, uint32_t dtype, int64_t n_inputs, const void *input,
                                     int64_t n_attributions, attrib_explain_fn explain, void *user,
                                     const attrib_sensitivity_max_options *options, double *value,
                                     attrib_report *given_report) {
  attrib_context local, *context;
  attrib_report report;
  attrib_status status = attrib__call_enter(given, &local, &context, given_report, &report);
  if (status < 0) return status;
  neighbourhood n = {.context = context,
                     .shape = {.dtype = dtype, .n_inputs = n_inputs},
                     .input = input,
                     .n_attributions = n_attributions,
                     .most = (double)NAN,
                     .report = &report};
  n.maps = (attrib__explanations){.context = context,
                                  .callback = "explain",
                                  .explain = explain,
                                  .user = user,
                                  .count = n_attributions,
                                  .name = point_name,
                                  .report = &report,
                                  .rough_index = -1};
  status = measure(&n, options, value);
  atomic_store(&context->cancel, 0);
  attrib__call_leave(context, &local, status, &report, given_report);
  return status;
}
