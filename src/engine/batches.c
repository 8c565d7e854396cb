/* batches.c - the life of a batch.
 *
 *   plan ──► fill ──► (evaluated by the model) ──► return ──► reduce ──► retire
 *
 * plan, return and retire change the run and are serialised by whoever drives it. fill and the model work on one batch
 * alone and may overlap with everything. reduce works on one batch at a time, in sequence, beside the others. */
#include <math.h>
#include <string.h>

#include "../rows/rows.h"
#include "engine.h"
#include "points.h"

static void stop(attrib_run *run, uint32_t stop_reason) {
  if (run->stop_reason != ATTRIB_STOP_NONE) return;
  run->stop_reason = stop_reason;
  run->status = ATTRIB_CANCELLED;
  run->plan_ended = true;
  run->has_pending = false;
  if (run->end > run->next_sequence) run->end = run->next_sequence;
}

void attrib__run_stop(attrib_run *run, uint32_t stop_reason) {
  attrib__run_peek(run); /* may find that there is nothing left to stop */
  if (!run->plan_ended) stop(run, stop_reason);
}

/* The message of a failure outlives those of harmless mistakes made on the run later. */
static void keep_message(attrib_run *run) {
  memcpy(run->message, run->context->message, sizeof run->message);
}

static void fail(attrib_run *run, attrib_status status, int64_t row_id) {
  run->status = status;
  run->stop_reason = ATTRIB_STOP_ERROR;
  run->failed_row = row_id;
  run->plan_ended = true;
}

bool attrib__run_finished(const attrib_run *run) {
  if (run->status < 0) return true;
  return (run->plan_ended || run->paused) &&
         run->retired >= (run->end < run->next_sequence ? run->end : run->next_sequence);
}

bool attrib__run_peek(attrib_run *run) {
  if (run->has_pending) return true;
  if (run->plan_ended) return false;
  memset(&run->pending, 0, sizeof run->pending);
  /* By rows, not by batches: those of the batch that is being made have been planned, too. */
  bool settled = run->evaluations + run->output_evaluations == run->next_id;
  switch (run->method->plan(run->state, settled, &run->pending)) {
    case ATTRIB__PLAN_ROW: run->has_pending = true; return true;
    case ATTRIB__PLAN_WAIT: run->plan_ended = settled; return false; /* settled: it would wait for ever */
    case ATTRIB__PLAN_END: run->plan_ended = true; return false;
  }
  return false;
}

static attrib__slot *free_slot(attrib_run *run) {
  for (int64_t i = 0; i < run->slot_count; i++)
    if (run->slots[i].state == ATTRIB__SLOT_FREE) return &run->slots[i];
  return NULL;
}

const attrib_model *attrib__run_model(const attrib_run *run, const attrib__question *question) {
  return &run->models[question->second ? 1 : 0];
}

static void describe_batch(const attrib_run *run, attrib__slot *slot, int64_t rows) {
  const attrib__question *question = slot->rows[0].question;
  const attrib_model *model = attrib__run_model(run, question);
  slot->batch = (attrib_batch){
      .struct_size = sizeof slot->batch,
      .flags = ATTRIB_BATCH_OUTPUTS | (question->gradients ? ATTRIB_BATCH_GRADIENTS : 0U) |
               (question->all_outputs ? ATTRIB_BATCH_ALL_OUTPUTS : 0U) |
               (question->second ? ATTRIB_BATCH_SECOND_MODEL : 0U),
      .rows = rows,
      .n_inputs = model->n_inputs,
      .n_outputs = model->n_outputs,
      .target = question->target,
      .input_stride = model->n_inputs,
      .gradient_stride = model->n_inputs,
      .output_stride = question->all_outputs ? model->n_outputs : 1,
      .row_ids = slot->row_ids,
      .inputs = slot->inputs,
      .outputs = slot->outputs,
      .gradients = question->gradients ? slot->gradients : NULL,
      .target_weights = question->target_weights,
      .dtype = model->dtype,
      .worker = (uint32_t)(slot - run->slots),
  };
}

static attrib__placing placing_of(const attrib_run *run, const attrib__slot *slot, int64_t r) {
  const attrib_model *model = attrib__run_model(run, slot->rows[r].question);
  int64_t begin = r * model->n_inputs;
  return (attrib__placing){
      .point = attrib__element(model->dtype, slot->inputs, begin),
      .spare = slot->spare == NULL ? NULL : attrib__element(model->dtype, slot->spare, begin),
  };
}

/* Completes a planned row. A failure takes effect once the batches before it are in, so that of several failures the
 * first in row order is reported. */
static attrib_status gather(attrib_run *run, attrib__slot *slot, int64_t r) {
  attrib__gathering gathering = {
      .context = run->context, .previous = r == 0 ? NULL : &slot->rows[r - 1], .placing = placing_of(run, slot, r)};
  attrib_status status = run->method->gather(run->state, &slot->rows[r], &gathering);
  if (status != ATTRIB_OK) {
    run->plan_status = status;
    run->plan_model_status = gathering.callback_status;
    run->plan_ended = true;
    run->has_pending = false;
    if (status < 0) keep_message(run);
  }
  return status;
}

/* Once everything before it is in. */
static void take_plan_status(attrib_run *run) {
  if (run->plan_status == ATTRIB_OK || run->retired < run->next_sequence) return;
  run->model_status = run->plan_model_status;
  if (run->plan_status < 0) {
    fail(run, run->plan_status, run->next_id);
  } else {
    run->failed_row = run->next_id;
    stop(run, ATTRIB_STOP_CALLBACK);
  }
}

/* Takes rows of one kind, in order, until the batch is full. Rows planned before a wait are given out: nothing says
 * that the wait ends before they come back. */
attrib__slot *attrib__run_plan(attrib_run *run) {
  if (run->status < 0) return NULL;
  if (atomic_load(&run->context->cancel) != 0) attrib__run_stop(run, ATTRIB_STOP_CANCEL);
  if (run->stop_reason != ATTRIB_STOP_NONE || run->plan_status != ATTRIB_OK) return NULL;
  attrib__slot *slot = free_slot(run);
  if (slot == NULL || !attrib__run_peek(run)) return NULL;
  run->paused = run->deadline > 0 && attrib__seconds() >= run->deadline;
  if (run->paused) return NULL; /* the pending row waits */

  const attrib__question *question = run->pending.question;
  int model = question->second ? 1 : 0;
  int64_t rows = 0;
  while (rows < run->batch_rows[model] && attrib__run_peek(run) && run->pending.question == question) {
    attrib__row *row = &slot->rows[rows];
    *row = run->pending;
    row->id = run->next_id;
    if (gather(run, slot, rows) != ATTRIB_OK) break;
    slot->row_ids[rows] = row->id;
    run->has_pending = false;
    run->next_id++;
    rows++;
  }
  if (rows == 0) {
    take_plan_status(run);
    return NULL;
  }
  describe_batch(run, slot, rows);
  slot->first_gradients = question->gradients && !run->gradients_seen[model];
  run->gradients_seen[model] |= question->gradients;
  slot->sequence = run->next_sequence++;
  slot->state = ATTRIB__SLOT_OUT;
  return slot;
}

void attrib__run_fill(attrib_run *run, attrib__slot *slot) {
  uint32_t dtype = slot->batch.dtype;
  int64_t n = slot->batch.n_inputs, rows = slot->batch.rows;
  attrib__points_fill(slot->rows, rows, dtype, n, slot->inputs);
  for (int64_t r = 0; r < rows && run->method->place != NULL; r++) {
    const attrib__placing placing = placing_of(run, slot, r);
    run->method->place(run->state, &slot->rows[r], &placing);
  }
  attrib__rows_mark(ATTRIB_F64, slot->outputs, 0, rows * slot->batch.output_stride);
  if (slot->batch.gradients == NULL) return;
  if (slot->first_gradients)
    attrib__rows_mark(dtype, slot->gradients, 0, rows * n);
  else
    for (int64_t r = 0; r < rows; r++) attrib__rows_mark(dtype, slot->gradients, r * n + n - 1, 1);
}

void attrib__run_return(attrib_run *run, attrib__slot *slot, int32_t model_status) {
  slot->state = ATTRIB__SLOT_BACK;
  slot->model_status = model_status;
  if (model_status == 0) return;
  run->plan_ended = true; /* nothing after this batch will be used */
  run->has_pending = false;
}

attrib__slot *attrib__run_head(attrib_run *run) {
  if (run->status < 0) return NULL;
  for (int64_t i = 0; i < run->slot_count; i++) {
    attrib__slot *slot = &run->slots[i];
    if (slot->state == ATTRIB__SLOT_BACK && slot->sequence == run->retired && slot->sequence < run->end) return slot;
  }
  return NULL;
}

attrib__fault attrib__run_reduce(attrib_run *run, attrib__slot *slot) {
  if (slot->model_status != 0)
    return (attrib__fault){.status = ATTRIB_OK}; /* not used: retire says what becomes of it */
  attrib__fault fault = attrib__fault_find(slot);
  /* Rows before a fault are reduced all the same: the reducer may find an earlier one. */
  attrib__results results = {.rows = slot->rows,
                             .count = fault.status < 0 ? fault.row : slot->batch.rows,
                             .outputs = slot->outputs,
                             .output_columns = slot->batch.output_stride,
                             .gradients = slot->batch.gradients,
                             .gradient_stride = slot->batch.gradient_stride,
                             .traced = run->trace_count < run->trace_capacity && !slot->rows[0].question->untraced};
  attrib__fault found = run->method->reduce(run->state, &results);
  return found.status < 0 ? found : fault;
}

static void report_fault(attrib_run *run, const attrib__slot *slot, const attrib__fault *fault) {
  attrib__fault_message(run->context, &slot->rows[fault->row], fault);
  keep_message(run);
  fail(run, fault->status, slot->rows[fault->row].id);
}

/* A gradient row, or the last of the rows that stand for one. */
static bool is_traced(const attrib__slot *slot, const attrib__row *row) {
  if (row->question->untraced) return false;
  return slot->batch.gradients != NULL || row->ends_node;
}

static double output_of(const attrib__slot *slot, int64_t r) {
  const attrib__row *row = &slot->rows[r];
  int64_t column = row->question->all_outputs ? row->question->target : 0;
  return row->ends_node ? row->node_output : slot->outputs[r * slot->batch.output_stride + column];
}

static void trace(attrib_run *run, const attrib__slot *slot) {
  for (int64_t r = 0; r < slot->batch.rows && run->trace_count < run->trace_capacity; r++) {
    const attrib__row *row = &slot->rows[r];
    if (!is_traced(slot, row)) continue;
    attrib_trace_point point = {
        row->alpha,    row->weight, output_of(slot, r), attrib__sum_value(&row->slope), (double)NAN,
        row->baseline, row->id};
    size_t size = run->trace_stride < (int64_t)sizeof point ? (size_t)run->trace_stride : sizeof point;
    memcpy((char *)run->trace + run->trace_count * run->trace_stride, &point, size);
    run->trace_count++;
  }
}

/* The batch is used up; what came of it becomes the run's. */
void attrib__run_retire(attrib_run *run, attrib__slot *slot, const attrib__fault *fault) {
  slot->state = ATTRIB__SLOT_FREE;
  if (slot->model_status < 0) {
    run->model_status = slot->model_status;
    attrib__fail(run->context, ATTRIB_E_CALLBACK, "the %smodel returned %d for the %lld rows from row %lld",
                 slot->rows[0].question->second ? "second " : "", slot->model_status, (long long)slot->batch.rows,
                 (long long)slot->row_ids[0]);
    keep_message(run);
    fail(run, ATTRIB_E_CALLBACK, slot->row_ids[0]);
  } else if (slot->model_status > 0) {
    run->model_status = slot->model_status;
    run->failed_row = slot->row_ids[0];
    run->end = slot->sequence;
    stop(run, ATTRIB_STOP_CALLBACK);
  } else if (fault->status < 0) {
    report_fault(run, slot, fault);
  } else {
    run->retired = slot->sequence + 1;
    run->model_calls++;
    *(slot->batch.gradients != NULL ? &run->evaluations : &run->output_evaluations) += slot->batch.rows;
    trace(run, slot);
    take_plan_status(run);
  }
}

void attrib__run_progress(attrib_run *run) {
  int64_t rows = run->evaluations + run->output_evaluations;
  if (run->context->progress == NULL || rows == run->told) return;
  run->told = rows;
  attrib_progress progress = {
      .struct_size = sizeof progress, .evaluations = rows, .planned = run->planned, .error_estimate = (double)NAN};
  if (run->method->error_estimate != NULL) progress.error_estimate = run->method->error_estimate(run->state);
  if (run->context->progress(&progress, run->context->progress_user) != 0) attrib__run_stop(run, ATTRIB_STOP_PROGRESS);
}
