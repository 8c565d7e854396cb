/* check.c - the model's self-test: arguments, room, the checks in turn, the report. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/first_size.h"
#include "../engine/engine.h"
#include "../image/shape.h"
#include "../methods/options.h"
#include "../model/model.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "checks.h"

enum { DEFAULT_ROWS = 40, LEAST_ROWS = 13 };
static const double DEFAULT_TOLERANCE = 0.05, OFF_LINE = 0x1p-4;

/* Within the line, and at no fraction that a model may have a kink at for a reason. */
double attrib__check_alpha(int point) {
  static const double alphas[ATTRIB__POINTS] = {0.5537, 0.2113, 0.8619, 0, 1};
  return alphas[point];
}

/* -- arguments ---------------------------------------------------------------------------------------------------- */

static attrib_status read_options(attrib__checking *c, const attrib_check_options *given) {
  attrib_check_options *options = &c->options;
  attrib_status status = attrib__read_options(c->context, given, ATTRIB__FIRST_CHECK_OPTIONS, options, sizeof *options);
  if (status < 0) return status;
  if (options->flags != 0)
    return attrib__fail(c->context, ATTRIB_E_UNSUPPORTED, "options->flags = 0x%" PRIx32 ": this version knows none",
                        options->flags);
  if (options->max_evaluations == 0) options->max_evaluations = DEFAULT_ROWS;
  if (options->tolerance == 0) options->tolerance = DEFAULT_TOLERANCE;
  if (!(options->tolerance > 0 && options->tolerance <= 0.5))
    return attrib__fail(c->context, ATTRIB_E_ARGUMENT, "options->tolerance = %g: must be 0 or above 0, at most 0.5",
                        options->tolerance);
  c->left = options->max_evaluations;
  return attrib__option_count(c->context, "max_evaluations", options->max_evaluations, LEAST_ROWS, INT64_C(1) << 52);
}

static attrib_status read_shape(attrib__checking *c) {
  if (c->options.shape == NULL) return ATTRIB_OK;
  attrib_status status = attrib__image_read_shape(c->context, c->model.dtype, c->options.shape, &c->shape);
  if (status == ATTRIB_OK)
    status = attrib__image_check_covers(c->context, &c->shape, c->model.n_inputs, "model", "inputs");
  return status;
}

static attrib_status check_outputs(attrib__checking *c) {
  const bool listed = (c->model.flags & (ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS)) != 0;
  if (listed && (uint64_t)c->model.n_outputs > PTRDIFF_MAX / sizeof(double) / 16)
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW, "model->n_outputs = %" PRId64 ": does not fit the address space",
                        c->model.n_outputs);
  if (c->model.n_inputs > ATTRIB__RANDOM_ELEMENTS || (uint64_t)c->model.n_inputs > PTRDIFF_MAX / sizeof(double) / 64)
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW, "model->n_inputs = %" PRId64 ": is more than can be checked",
                        c->model.n_inputs);
  return ATTRIB_OK;
}

static attrib_status check_displacement(attrib__checking *c) {
  double displacement[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < c->model.n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, c->model.n_inputs);
    attrib__rows_displacement(c->model.dtype, c->input, c->baseline, begin, n, displacement);
    for (int64_t i = 0; i < n; i++) {
      if (!isfinite(displacement[i]))
        return attrib__fail(c->context, ATTRIB_E_OVERFLOW, "input[%" PRId64 "] - baseline[%" PRId64 "] overflows",
                            begin + i, begin + i);
      c->displaced = c->displaced || displacement[i] != 0;
    }
  }
  return ATTRIB_OK;
}

static attrib_status read_arguments(attrib__checking *c, const attrib_model *model,
                                    const attrib_check_options *options) {
  attrib_status status = read_options(c, options);
  if (status < 0) return status;
  const attrib__model_use use = {.target = c->target, .target_weights = c->options.target_weights};
  status = attrib__model_read(c->context, model, &use, &c->model);
  if (status == ATTRIB_OK) status = check_outputs(c);
  if (status == ATTRIB_OK) status = read_shape(c);
  if (status == ATTRIB_OK) status = attrib__check_row(c->context, "input", &c->model, c->input);
  if (status == ATTRIB_OK) status = attrib__check_row(c->context, "baseline", &c->model, c->baseline);
  return status == ATTRIB_OK ? check_displacement(c) : status;
}

/* -- room --------------------------------------------------------------------------------------------------------- */

static attrib__answer lay_out_answer(const attrib__checking *c, int64_t rows, attrib__arena *arena) {
  attrib__answer answer = {.outputs = attrib__carve(arena, rows, sizeof(double))};
  if (attrib__check_gradients(c))
    answer.gradients = attrib__carve(arena, rows * c->model.n_inputs, attrib__element_size(c->model.dtype));
  return answer;
}

static void lay_out(void *state, attrib__arena *arena) {
  attrib__checking *c = state;
  const int64_t n = c->model.n_inputs;
  const size_t size = attrib__element_size(c->model.dtype);
  for (int k = 0; k < ATTRIB__INNER; k++) c->inner[k] = attrib__carve(arena, n, size);
  c->trial = attrib__carve(arena, n, size);
  attrib__check_buffers(c, arena);
  attrib__check_lanes(c, arena);
  c->first = lay_out_answer(c, ATTRIB__INNER, arena);
  c->spaced = lay_out_answer(c, ATTRIB__INNER, arena);
  c->turned = lay_out_answer(c, 4, arena);
  c->alone = lay_out_answer(c, ATTRIB__INNER, arena);
  c->aside = lay_out_answer(c, 1, arena);
  if (c->model.flags & ATTRIB_MODEL_TARGET_WEIGHTS)
    c->weights = attrib__carve(arena, c->model.n_outputs, sizeof(double));
  if (!(c->model.flags & ATTRIB_MODEL_ALL_OUTPUTS)) return;
  c->all = attrib__carve(arena, c->model.n_outputs, sizeof(double));
  c->all_behind = attrib__carve(arena, c->model.n_outputs, sizeof(double));
  c->all_ahead = attrib__carve(arena, c->model.n_outputs, sizeof(double));
}

static attrib_status make_room(attrib__checking *c) {
  size_t bytes;
  const attrib_status status = attrib__lay_out(c->context, lay_out, c, &bytes);
  if (status == ATTRIB_E_OVERFLOW)
    return attrib__fail(c->context, ATTRIB_E_OVERFLOW,
                        "model->n_inputs = %" PRId64 ", n_outputs = %" PRId64 ": do not fit the address space",
                        c->model.n_inputs, c->model.n_outputs);
  if (status < 0) return status;
  c->report->peak_bytes = (int64_t)(c->context->base_size + bytes);
  return ATTRIB_OK;
}

/* On the line itself features that are equal, such as the pixels of a plain background, stay equal, and a maximum over
 * them has no gradient there. So each feature is off the line by as much as a number of its own says. */
static void place_points(attrib__checking *c) {
  double start[ATTRIB__BLOCK], displacement[ATTRIB__BLOCK], uniforms[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < c->model.n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, c->model.n_inputs);
    attrib__rows_load(c->model.dtype, c->baseline, begin, n, start);
    attrib__rows_displacement(c->model.dtype, c->input, c->baseline, begin, n, displacement);
    for (int k = 0; k < ATTRIB__INNER; k++) {
      double values[ATTRIB__BLOCK];
      attrib__random_uniforms(c->options.seed, ATTRIB__STREAM_CHECK_POINT, (uint64_t)k, begin, n, uniforms);
      for (int64_t i = 0; i < n; i++)
        values[i] = start[i] + (attrib__check_alpha(k) + OFF_LINE * (2 * uniforms[i] - 1)) * displacement[i];
      attrib__rows_store(c->model.dtype, c->inner[k], begin, n, values);
    }
  }
}

/* -- the checks --------------------------------------------------------------------------------------------------- */

static void skip_the_rest(attrib__checking *c) {
  for (int check = 1; check <= ATTRIB__CHECKS; check++)
    if (c->findings[check].verdict == 0) attrib__check_skip(c, check, "not reached: the call was stopped");
}

static attrib_status run_checks(attrib__checking *c) {
  place_points(c);
  attrib_status status = attrib__check_contract(c);
  if (status == ATTRIB_OK) status = attrib__check_targets(c);
  if (status == ATTRIB_OK) status = attrib__check_workers(c);
  if (status == ATTRIB_OK) status = attrib__check_noise(c);
  if (status == ATTRIB_OK) status = attrib__check_slopes(c);
  if (status == ATTRIB_OK) status = attrib__check_ends(c);
  if (status < 0) return status;
  if (status == ATTRIB_OK) {
    attrib__check_weights_again(c);
    attrib__check_strides(c); /* once more, of all batches */
    attrib__check_inputs(c);
    attrib__check_goes_on(c); /* the last rows are told, too */
    c->report->stop_reason = ATTRIB_STOP_COMPLETE;
  }
  skip_the_rest(c);
  if (status != ATTRIB_OK) return status;
  for (int check = 1; check <= ATTRIB__CHECKS; check++)
    if (attrib__check_failed(c, check))
      return attrib__fail(c->context, ATTRIB_DISAGREE, "%s", c->findings[check].sentence);
  return ATTRIB_OK;
}

attrib_status attrib_model_check(attrib_context *given, const attrib_model *model, const void *input, int64_t target,
                                 const void *baseline, const attrib_check_options *options,
                                 attrib_check_report *given_report) {
  attrib_context local, *context;
  attrib_check_report report;
  attrib_status status = attrib__begin(given, &local, &context);
  if (status < 0) return status;
  const double started = attrib__seconds();
  attrib__checking c = {.context = context,
                        .input = input,
                        .baseline = baseline,
                        .target = target,
                        .other = -1,
                        .stains = {.input_element = -1},
                        .floats = true,
                        .last_output = (double)NAN,
                        .report = &report};
  status = attrib__check_report_read(context, given_report, &report);
  if (status == ATTRIB_OK) {
    status = read_arguments(&c, model, options);
    if (status == ATTRIB_OK) status = make_room(&c);
    if (status == ATTRIB_OK) {
      status = run_checks(&c);
      atomic_store(&context->cancel, 0);
    }
    report.elapsed_seconds = attrib__seconds() - started;
    if (status == ATTRIB_OK || status == ATTRIB_CANCELLED) context->message[0] = '\0';
    attrib__check_report_write(&c, status, given_report);
  }
  attrib__end(context, &local);
  return status;
}
