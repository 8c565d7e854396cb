/* ask.c - batches as the model gets them: between guards, with or without gaps between the rows. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../engine/engine.h"
#include "../rows/rows.h"
#include "checking.h"

/* Elements about a buffer that are watched. Gradients of neighbouring rows are no whole number of rows apart, so that
 * strides that are mixed up show; a multiple of 16, so that rows lie as they are wont to. */
enum { MARGIN = ATTRIB__GUARD_MARGIN, GRADIENT_GAP = 16, OUTPUT_STRIDE = 3 };
static const int64_t MOST_OUTPUT_MARGIN = 65536;

/* A float, and none that a model comes to. */
const double attrib__check_fill = -321.03125;

bool attrib__check_gradients(const attrib__checking *c) {
  return (c->model.flags & ATTRIB_MODEL_NO_GRADIENTS) == 0;
}

const void *attrib__check_point(const attrib__checking *c, int point) {
  if (point == ATTRIB__AT_BASELINE) return c->baseline;
  return point == ATTRIB__AT_INPUT ? c->input : c->inner[point];
}

/* Two rows' room for each row, and the gap. */
void attrib__check_buffers(attrib__checking *c, attrib__arena *arena) {
  const int64_t n = c->model.n_inputs;
  const size_t size = attrib__element_size(c->model.dtype);
  const int64_t rows = ATTRIB__ASK_ROWS, margins = 2 * (int64_t)MARGIN;
  const int64_t inputs = 2 * rows * n + margins;
  const int64_t gradients = rows * (2 * n + GRADIENT_GAP) + margins;
  const bool all = (c->model.flags & ATTRIB_MODEL_ALL_OUTPUTS) != 0 && c->model.n_outputs > 0;
  const int64_t margin = c->model.n_outputs > MOST_OUTPUT_MARGIN / 4 ? MOST_OUTPUT_MARGIN : 4 * c->model.n_outputs;
  c->output_margin = MARGIN + margin;
  const int64_t outputs = rows * OUTPUT_STRIDE + (all ? c->model.n_outputs : 0) + c->output_margin + MARGIN;
  c->input_bytes = (size_t)inputs * size;
  c->gradient_bytes = attrib__check_gradients(c) ? (size_t)gradients * size : 0;
  c->output_bytes = (size_t)outputs * sizeof(double);
  c->inputs = attrib__carve(arena, inputs, size);
  c->gradients = attrib__carve(arena, attrib__check_gradients(c) ? gradients : 0, size);
  c->outputs = attrib__carve(arena, outputs, sizeof(double));
}

attrib_status attrib__check_goes_on(attrib__checking *c) {
  attrib_context *context = c->context;
  attrib_check_report *report = c->report;
  const int64_t rows = report->evaluations + report->output_evaluations;
  if (context->progress != NULL && rows > 0) {
    const attrib_progress progress = {
        .struct_size = sizeof progress, .evaluations = rows, .error_estimate = (double)NAN};
    if (context->progress(&progress, context->progress_user) != 0) report->stop_reason = ATTRIB_STOP_PROGRESS;
  }
  if (report->stop_reason == ATTRIB_STOP_NONE && atomic_load(&context->cancel) != 0)
    report->stop_reason = ATTRIB_STOP_CANCEL;
  return report->stop_reason == ATTRIB_STOP_NONE ? ATTRIB_OK : ATTRIB_CANCELLED;
}

/* -- one batch ---------------------------------------------------------------------------------------------------- */

/* Guards everywhere, then rows. A gap between inputs holds the row before it once more: who takes rows to lie back to
 * back evaluates that one twice. */
static void fill(attrib__checking *c, const attrib__asked *asked, const attrib_batch *b, int64_t from) {
  const size_t size = attrib__element_size(b->dtype), row = (size_t)b->n_inputs * size;
  unsigned char *inputs = c->inputs + MARGIN * size;
  memset(c->inputs, ATTRIB__GUARD, c->input_bytes);
  memset(c->outputs, ATTRIB__GUARD, c->output_bytes);
  if (c->gradient_bytes > 0) memset(c->gradients, ATTRIB__GUARD, c->gradient_bytes);
  const double held = asked->spaced ? attrib__check_fill : 0;
  const double held_output = asked->all_outputs ? attrib__check_fill : held;
  for (int64_t r = 0; r < b->rows; r++) {
    const int64_t columns = asked->all_outputs ? b->n_outputs : 1;
    memcpy(inputs + (size_t)(r * b->input_stride) * size, asked->rows[from + r], row);
    if (asked->spaced) memcpy(inputs + (size_t)(r * b->input_stride) * size + row, asked->rows[from + r], row);
    for (int64_t k = 0; k < columns; k++) b->outputs[r * b->output_stride + k] = held_output;
    for (int64_t i = 0; i < b->n_inputs && b->gradients != NULL; i++)
      attrib__rows_store(b->dtype, b->gradients, r * b->gradient_stride + i, 1, &held);
  }
}

static void inspect(attrib__checking *c, const attrib__asked *asked, const attrib_batch *b, int64_t from) {
  const size_t size = attrib__element_size(b->dtype);
  const int64_t n = b->n_inputs, columns = asked->all_outputs ? b->n_outputs : 1;
  attrib__stains *stains = &c->stains;
  int64_t unused = 0;
  attrib__guards_find((unsigned char *)c->outputs, c->output_bytes, sizeof(double), b->rows, columns, b->output_stride,
                      &stains->output_gaps, &stains->output_beyond);
  if (c->gradient_bytes > 0)
    attrib__guards_find(c->gradients, c->gradient_bytes, size, b->gradients == NULL ? 0 : b->rows, n,
                        b->gradient_stride, &stains->gradient_gaps, &stains->gradient_beyond);
  attrib__guards_find(c->inputs, c->input_bytes, size, b->rows, asked->spaced ? 2 * n : n, b->input_stride, &unused,
                      &stains->input_beyond);
  for (int64_t r = 0; r < b->rows; r++) {
    const unsigned char *row = c->inputs + (size_t)(MARGIN + r * b->input_stride) * size;
    stains->inputs += attrib__guards_changes(asked->rows[from + r], row, n, size, &stains->input_element);
    if (asked->spaced)
      stains->inputs +=
          attrib__guards_changes(asked->rows[from + r], row + (size_t)n * size, n, size, &stains->input_element);
  }
}

static void take_answers(attrib__checking *c, const attrib__asked *asked, const attrib_batch *b, int64_t from,
                         attrib__answer *answer) {
  const size_t size = attrib__element_size(b->dtype);
  const int64_t columns = asked->all_outputs ? b->n_outputs : 1;
  for (int64_t r = 0; r < b->rows; r++) {
    memcpy(answer->outputs + (from + r) * columns, b->outputs + r * b->output_stride, (size_t)columns * sizeof(double));
    if (b->gradients != NULL && answer->gradients != NULL)
      memcpy((char *)answer->gradients + (size_t)((from + r) * b->n_inputs) * size,
             (const char *)b->gradients + (size_t)(r * b->gradient_stride) * size, (size_t)b->n_inputs * size);
    const double f = b->outputs[r * b->output_stride];
    if (!asked->all_outputs && asked->weights == c->options.target_weights && isfinite(f)) {
      c->floats = c->floats && (double)(float)f == f;
      c->different_outputs += f != c->last_output;
      c->last_output = f;
    }
  }
}

static void describe(attrib__checking *c, const attrib__asked *asked, int64_t from, int64_t rows, const int64_t *ids,
                     attrib_batch *b) {
  const size_t size = attrib__element_size(c->model.dtype);
  const int64_t n = c->model.n_inputs;
  *b = (attrib_batch){
      .struct_size = sizeof *b,
      .flags = ATTRIB_BATCH_OUTPUTS | (asked->gradients ? ATTRIB_BATCH_GRADIENTS : 0U) |
               (asked->all_outputs ? ATTRIB_BATCH_ALL_OUTPUTS : 0U),
      .rows = rows,
      .n_inputs = n,
      .n_outputs = c->model.n_outputs,
      .target = asked->target,
      .input_stride = asked->spaced ? 2 * n : n,
      .gradient_stride = asked->spaced ? 2 * n + GRADIENT_GAP : n,
      .output_stride = asked->all_outputs ? c->model.n_outputs
                       : asked->spaced    ? OUTPUT_STRIDE
                                          : 1,
      .row_ids = ids,
      .inputs = c->inputs + MARGIN * size,
      .outputs = c->outputs + MARGIN,
      .gradients = asked->gradients ? c->gradients + MARGIN * size : NULL,
      .target_weights = asked->weights,
      .dtype = c->model.dtype,
  };
  fill(c, asked, b, from);
}

static attrib_status evaluate(attrib__checking *c, const attrib__asked *asked, int64_t from, int64_t rows,
                              attrib__answer *answer) {
  attrib_batch b;
  int64_t ids[ATTRIB__ASK_ROWS];
  attrib_check_report *report = c->report;
  attrib_status status = attrib__check_goes_on(c);
  if (status != ATTRIB_OK) return status;
  for (int64_t r = 0; r < rows; r++) ids[r] = asked->points[from + r];
  describe(c, asked, from, rows, ids, &b);
  const attrib_batch handed = b; /* whatever happens to it */
  const int32_t code = c->model.evaluate(&handed, c->model.user);
  c->left -= rows;
  if (code > 0) report->stop_reason = ATTRIB_STOP_CALLBACK;
  if (code != 0) report->model_status = code;
  if (code > 0) return ATTRIB_CANCELLED;
  if (code < 0)
    return attrib__fail(c->context, ATTRIB_E_CALLBACK,
                        "the model returned %" PRId32 " for a batch of %" PRId64 " row%s (input_stride %" PRId64
                        ", gradient_stride %" PRId64 ", output_stride %" PRId64 ")",
                        code, rows, rows == 1 ? "" : "s", b.input_stride, b.gradient_stride, b.output_stride);
  report->model_calls++;
  *(asked->gradients ? &report->evaluations : &report->output_evaluations) += rows;
  inspect(c, asked, &b, from);
  take_answers(c, asked, &b, from, answer);
  return ATTRIB_OK;
}

attrib_status attrib__check_ask(attrib__checking *c, const attrib__asked *asked, attrib__answer *answer) {
  const uint32_t limit = c->model.max_rows;
  const int64_t most = limit == 0 || limit > ATTRIB__ASK_ROWS ? ATTRIB__ASK_ROWS : (int64_t)limit;
  attrib_status status = ATTRIB_OK;
  for (int64_t from = 0; from < asked->count && status == ATTRIB_OK; from += most) {
    const int64_t rows = asked->count - from < most ? asked->count - from : most;
    status = evaluate(c, asked, from, rows, answer);
  }
  return status;
}

attrib_status attrib__check_output(attrib__checking *c, int point, const void *row, double *output) {
  attrib__answer answer = {.outputs = output};
  const attrib__asked asked = {
      .count = 1, .points = {point}, .rows = {row}, .target = c->target, .weights = c->options.target_weights};
  return attrib__check_ask(c, &asked, &answer);
}
