/* start.c - lays a run out in the context's workspace, and the two forms in which it is driven. */
#include <string.h>

#include "../context/context.h"
#include "../rows/rows.h"
#include "engine.h"

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

/* Rows that can be out at once as far as the method goes. */
static int64_t rows_together(const attrib__start *start) {
  int64_t rows = start->planned > 0 ? start->planned : INT64_MAX;
  return start->together > 0 ? least(start->together, rows) : rows;
}

/* Bytes that a row of a batch takes: input and gradient, and outputs where there are many. */
static int64_t bytes_per_row(const attrib_model *model, int64_t columns) {
  int64_t elements = (int64_t)attrib__element_size(model->dtype) * 2, outputs = (int64_t)sizeof(double);
  if (model->n_inputs > INT64_MAX / elements / 2 || columns > INT64_MAX / outputs / 2) return INT64_MAX;
  return model->n_inputs * elements + (columns > 1 ? columns * outputs : 0);
}

/* Unless the model says, as many rows as keep inputs, gradients and outputs within 8 MiB, 1 to 64, and enough batches
 * to occupy every worker. Never more than the run has. */
static int64_t rows_per_batch(const attrib_context *context, const attrib__start *start, const attrib_model *model,
                              int64_t columns) {
  int64_t rows = model->max_rows, workers = context->workers, together = rows_together(start);
  if (rows == 0) {
    const int64_t budget = (int64_t)8 << 20, bytes = bytes_per_row(model, columns);
    rows = bytes > budget ? 1 : least(64, budget / bytes);
    /* Of a round, one batch per worker: nothing follows it that would keep a worker busy. */
    if (workers > 1) rows = least(rows, (together - 1) / (start->together > 0 ? workers : 2 * workers) + 1);
    if (workers > 1 && start->first_round > 0) rows = least(rows, (start->first_round - 1) / workers + 1);
  }
  return least(rows, together);
}

/* What the slots of a run are to hold. */
typedef struct extent {
  int64_t rows[ATTRIB__MODELS]; /* of a batch for each model; 0 = there is none */
  int64_t slots;
} extent;

/* One batch at a time needs one slot; lanes and pulling callers get as many as the context allows. */
static extent measure(const attrib_context *context, const attrib__start *start, bool pull) {
  extent e = {.rows = {rows_per_batch(context, start, &start->model, start->output_columns)},
              .slots = context->in_flight};
  if (start->second.n_inputs > 0) e.rows[1] = rows_per_batch(context, start, &start->second, start->second_columns);
  if (e.slots == 0) e.slots = context->workers == 1 && !pull ? 1 : 2 * (int64_t)context->workers;
  const int64_t fewest = e.rows[1] > 0 ? least(e.rows[0], e.rows[1]) : e.rows[0];
  e.slots = least(e.slots, (rows_together(start) - 1) / fewest + 1);
  return e;
}

/* The larger of what the models need: rows * each of the first, or of the second. */
static bool larger(const extent *e, int64_t first, int64_t second, int64_t *count) {
  int64_t other;
  if (!attrib__count_multiply(e->rows[0], first, count) || !attrib__count_multiply(e->rows[1], second, &other))
    return false;
  if (other > *count) *count = other;
  return true;
}

static void lay_out_slot(attrib__slot *slot, const attrib__start *start, const extent *e, attrib__arena *arena) {
  int64_t rows, elements, outputs;
  if (!larger(e, 1, 1, &rows) || !larger(e, start->model.n_inputs, start->second.n_inputs, &elements) ||
      !larger(e, start->output_columns, start->second_columns, &outputs)) {
    arena->overflow = true;
    return;
  }
  size_t size = attrib__element_size(start->model.dtype);
  attrib__slot parts = {0};
  parts.rows = attrib__carve(arena, rows, sizeof *parts.rows);
  parts.row_ids = attrib__carve(arena, rows, sizeof *parts.row_ids);
  parts.outputs = attrib__carve(arena, outputs, sizeof *parts.outputs);
  parts.inputs = attrib__carve(arena, elements, size);
  if (start->gradients) parts.gradients = attrib__carve(arena, elements, size);
  if (start->spare_rows) parts.spare = attrib__carve(arena, elements, size);
  if (slot != NULL) *slot = parts;
}

/* Everything a run needs, in one piece. NULL while counting. */
static attrib_run *lay_out(const attrib__start *start, const extent *e, attrib__arena *arena) {
  attrib_run *run = attrib__carve(arena, 1, sizeof *run);
  void *state = attrib__carve(arena, 1, start->state_size);
  attrib__slot *slot = attrib__carve(arena, e->slots, sizeof *slot);
  if (run != NULL) {
    memset(run, 0, sizeof *run);
    memset(state, 0, start->state_size);
    run->state = state;
    run->slots = slot;
    run->slot_count = e->slots;
    memcpy(run->batch_rows, e->rows, sizeof run->batch_rows);
  }
  start->layout(state, start->request, arena);
  for (int64_t i = 0; i < e->slots && !arena->overflow; i++)
    lay_out_slot(run == NULL ? NULL : &slot[i], start, e, arena);
  return run;
}

attrib_status attrib__run_create(attrib_context *context, const attrib__start *start, bool pull, attrib_run **run) {
  const extent e = measure(context, start, pull);
  attrib__arena arena = {0};
  lay_out(start, &e, &arena);
  if (arena.overflow || arena.used > (size_t)INT64_MAX)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "the workspace does not fit the address space: %lld batches of %lld rows of %lld inputs, %lld "
                        "groups",
                        (long long)e.slots, (long long)e.rows[0], (long long)start->model.n_inputs,
                        (long long)start->n_groups);
  size_t bytes = arena.used;
  arena.memory = attrib__workspace(context, bytes);
  if (arena.memory == NULL) return attrib__fail_memory(context, bytes);
  arena.used = 0;
  attrib_run *laid = lay_out(start, &e, &arena);
  laid->context = context;
  laid->models[0] = start->model;
  laid->models[1] = start->second;
  laid->method = start->method;
  laid->planned = start->planned;
  laid->end = INT64_MAX;
  laid->failed_row = -1;
  laid->peak_bytes = (int64_t)(context->base_size + bytes);
  laid->started = attrib__seconds();
  attrib__run_set_deadline(laid, start->deadline_seconds);
  start->init(laid->state, start->request);
  *run = laid;
  return ATTRIB_OK;
}

attrib_status attrib__run_call(attrib_context *given, attrib__prepare_fn prepare, const void *request,
                               double *attributions, attrib_report *given_report) {
  attrib_context local, *context;
  attrib_report report;
  attrib_status status = attrib__call_enter(given, &local, &context, given_report, &report);
  if (status < 0) return status;
  attrib_run *run;
  status = prepare(context, request, false, &run);
  if (status == ATTRIB_OK) {
    run->trace = report.trace;
    run->trace_capacity = report.trace == NULL ? 0 : report.trace_capacity;
    run->trace_stride = report.trace_stride;
    attrib__run_evaluate(run);
    status = attrib__run_finish(run, attributions, &report);
    atomic_store(&context->cancel, 0);
  }
  attrib__call_leave(context, &local, status, &report, given_report);
  return status;
}

attrib_status attrib__run_open(attrib_context *given, attrib__prepare_fn prepare, const void *request,
                               attrib_run **run) {
  if (run == NULL) return ATTRIB_E_ARGUMENT;
  *run = NULL;
  attrib_context *owned = NULL, *context = given;
  attrib_status status;
  if (given == NULL) {
    status = attrib_context_create(NULL, &owned);
    if (status < 0) return status;
    context = owned;
  }
  status = attrib__begin(context, NULL, &context);
  if (status < 0) return status;
  attrib_run *opened;
  status = prepare(context, request, true, &opened);
  if (status < 0) {
    attrib__end(context, NULL);
    attrib_context_destroy(owned);
    return status;
  }
  opened->owned_context = owned;
  *run = opened;
  attrib__open_run(context);
  return ATTRIB_OK;
}
