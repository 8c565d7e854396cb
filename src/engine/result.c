/* result.c - attributions, report and status of a run, over the rows reduced so far. */
#include <inttypes.h>
#include <string.h>

#include "engine.h"

static uint32_t stop_reason(const attrib_run *run) {
  if (run->stop_reason != ATTRIB_STOP_NONE) return run->stop_reason;
  if (run->paused && attrib__run_finished(run)) return ATTRIB_STOP_DEADLINE;
  return attrib__run_finished(run) ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_NONE;
}

attrib_status attrib__run_finish(attrib_run *run, double *attributions, attrib_report *report) {
  report->model_status = run->model_status;
  report->failed_row = run->failed_row;
  report->evaluations = run->evaluations;
  report->output_evaluations = run->output_evaluations;
  report->model_calls = run->model_calls;
  report->peak_bytes = run->peak_bytes;
  report->trace_count = run->trace_count;
  report->elapsed_seconds = attrib__seconds() - run->started;
  report->stop_reason = stop_reason(run);
  if (run->status < 0) {
    const attrib_report given = *report;
    report->standard_errors = report->positive = report->negative = report->kept_weight = NULL;
    report->kept = NULL; /* nothing of the caller's but the report is written */
    run->method->result(run->state, run->context, NULL, report);
    report->standard_errors = given.standard_errors;
    report->positive = given.positive;
    report->negative = given.negative;
    report->kept_weight = given.kept_weight;
    report->kept = given.kept;
    memcpy(run->context->message, run->message, sizeof run->message);
    return run->status;
  }
  /* Only a run that its planner ended is judged, whatever reason the method gives for that: a prefix is what it is. */
  bool ended = report->stop_reason == ATTRIB_STOP_COMPLETE;
  attrib_status judged = run->method->result(run->state, run->context, attributions, report);
  if (judged < 0 || ended) return judged;
  if (report->stop_reason != ATTRIB_STOP_DEADLINE) return run->status;
  return attrib__fail(run->context, ATTRIB_NOT_CONVERGED,
                      "deadline_seconds = %g had passed after %" PRId64 " rows; the error estimate is %g",
                      run->deadline_seconds, run->evaluations + run->output_evaluations, report->error_estimate);
}
