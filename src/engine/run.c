/* run.c - the pull form: one batch at a time through the same steps as the lanes. */
#include <attrib/run.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/first_size.h"
#include "../context/context.h"
#include "engine.h"

static attrib_status enter(attrib_run *run) {
  attrib_status status = attrib__enter_run(run->context);
  if (status == ATTRIB_OK) run->context->message[0] = '\0';
  return status;
}

/* A run that has failed says so again after every call, unless that call failed in a way of its own. */
static void leave(attrib_run *run) {
  attrib_context *context = run->context;
  if (run->status < 0 && context->message[0] == '\0') memcpy(context->message, run->message, sizeof run->message);
  attrib__leave_run(context);
}

attrib_status attrib_run_next(attrib_run *run, attrib_batch **batch) {
  if (batch == NULL) return ATTRIB_E_ARGUMENT;
  *batch = NULL;
  if (run == NULL) return ATTRIB_E_ARGUMENT;
  attrib_status status = enter(run);
  if (status < 0) return status;
  attrib__slot *slot = attrib__run_plan(run);
  if (slot != NULL) {
    attrib__run_fill(run, slot);
    *batch = &slot->batch;
  }
  status = run->status;
  if (status >= 0) run->context->message[0] = '\0'; /* of a failure that waits for the batches before it */
  leave(run);
  return status;
}

static attrib__slot *find_out(attrib_run *run, const attrib_batch *batch) {
  for (int64_t i = 0; i < run->slot_count; i++)
    if (&run->slots[i].batch == batch && run->slots[i].state == ATTRIB__SLOT_OUT) return &run->slots[i];
  return NULL;
}

attrib_status attrib_run_submit(attrib_run *run, attrib_batch *batch, int32_t model_status) {
  if (run == NULL) return ATTRIB_E_ARGUMENT;
  attrib_status status = enter(run);
  if (status < 0) return status;
  attrib__slot *slot = find_out(run, batch);
  if (slot == NULL) {
    status =
        attrib__fail(run->context, ATTRIB_E_ARGUMENT, "batch %p is not one of this run's that is out", (void *)batch);
    leave(run);
    return status;
  }
  attrib__run_return(run, slot, model_status);
  while ((slot = attrib__run_head(run)) != NULL) {
    attrib__fault fault = attrib__run_reduce(run, slot);
    attrib__run_retire(run, slot, &fault);
  }
  /* Asked now, so that attrib_run_done knows that there is nothing more. */
  if (run->status >= 0 && run->stop_reason == ATTRIB_STOP_NONE && run->plan_status == ATTRIB_OK) attrib__run_peek(run);
  attrib__run_progress(run);
  status = run->status;
  leave(run);
  return status;
}

int32_t attrib_run_done(const attrib_run *run) {
  return run == NULL || attrib__run_finished(run) ? 1 : 0;
}

/* What a run is can be changed while its planner is in charge: neither stopped nor failed, nor about to be. */
static attrib_status extend(attrib_run *run, double tolerance, int64_t max_evaluations, double deadline_seconds) {
  attrib_context *context = run->context;
  if (run->status < 0) return run->status;
  if (run->stop_reason != ATTRIB_STOP_NONE || run->plan_status != ATTRIB_OK ||
      (run->plan_ended && !attrib__run_finished(run)))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "run: it was stopped, and cannot be continued");
  if (run->method->extend == NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "run: its method takes no tolerance, and cannot be extended");
  if (!(tolerance >= 0) || !isfinite(tolerance))
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "tolerance = %g: must be finite and not negative", tolerance);
  if (max_evaluations < 0 || max_evaluations > (int64_t)1 << 52)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "max_evaluations = %" PRId64 ": must be from 0 to %" PRId64,
                        max_evaluations, (int64_t)1 << 52);
  attrib_status status = attrib__deadline_check(context, "", deadline_seconds);
  if (status == ATTRIB_OK) status = run->method->extend(run->state, context, tolerance, max_evaluations);
  if (status < 0) return status;
  run->plan_ended = run->paused = false;
  attrib__run_set_deadline(run, deadline_seconds);
  attrib__run_peek(run); /* so that attrib_run_done knows whether there is more to do */
  return ATTRIB_OK;
}

attrib_status attrib_run_extend(attrib_run *run, double tolerance, int64_t max_evaluations, double deadline_seconds) {
  if (run == NULL) return ATTRIB_E_ARGUMENT;
  attrib_status status = enter(run);
  if (status < 0) return status;
  status = extend(run, tolerance, max_evaluations, deadline_seconds);
  leave(run);
  return status;
}

attrib_status attrib_run_set_trace(attrib_run *run, void *trace, int64_t capacity, int64_t stride) {
  if (run == NULL) return ATTRIB_E_ARGUMENT;
  attrib_status status = enter(run);
  if (status < 0) return status;
  if (stride == 0) stride = (int64_t)ATTRIB__FIRST_TRACE_POINT;
  if (run->next_sequence > 0)
    status = attrib__fail(run->context, ATTRIB_E_ARGUMENT, "trace must be set before the first attrib_run_next");
  else if (capacity > 0 && trace == NULL)
    status = attrib__fail(run->context, ATTRIB_E_ARGUMENT, "capacity = %" PRId64 ": trace is NULL", capacity);
  else
    status = attrib__trace_check(run->context, "", capacity, stride);
  if (status == ATTRIB_OK) {
    run->trace = trace;
    run->trace_capacity = capacity;
    run->trace_stride = stride;
  }
  leave(run);
  return status;
}

attrib_status attrib_run_result(attrib_run *run, double *attributions, attrib_report *given) {
  if (run == NULL) return ATTRIB_E_ARGUMENT;
  attrib_status status = enter(run);
  if (status < 0) return status;
  attrib_report report;
  status = attrib__report_read(run->context, given, &report);
  if (status == ATTRIB_OK && given != NULL && given->trace != NULL)
    status = attrib__fail(run->context, ATTRIB_E_ARGUMENT,
                          "report->trace must be NULL: a run is traced through attrib_run_set_trace");
  if (status == ATTRIB_OK) status = attrib__run_finish(run, attributions, &report);
  if (status == ATTRIB_OK || status == ATTRIB_CANCELLED)
    run->context->message[0] = '\0'; /* of what was judged on the way */
  attrib__report_write(run->context->message, status, &report, given);
  leave(run);
  return status;
}

const char *attrib_run_error(const attrib_run *run) {
  return run == NULL ? "" : attrib_context_error(run->context);
}

void attrib_run_destroy(attrib_run *run) {
  if (run == NULL) return;
  attrib_context *context = run->context, *owned = run->owned_context;
  atomic_store(&context->cancel, 0);
  attrib__close_run(context); /* the run lies in the context's workspace: nothing of it is touched from here on */
  attrib_context_destroy(owned);
}
