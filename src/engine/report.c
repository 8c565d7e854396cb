/* report.c - the caller's report: read at the door, written on the way out. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../base/first_size.h"
#include "engine.h"

double attrib__seconds(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

attrib_status attrib__deadline_check(attrib_context *context, const char *prefix, double seconds) {
  if (seconds >= 0 && isfinite(seconds)) return ATTRIB_OK;
  return attrib__fail(context, ATTRIB_E_ARGUMENT, "%sdeadline_seconds = %g: must be finite and not negative", prefix,
                      seconds);
}

void attrib__run_set_deadline(attrib_run *run, double seconds) {
  run->deadline_seconds = seconds;
  run->deadline = seconds > 0 ? attrib__seconds() + seconds : 0;
}

/* Numbers that say nothing: 0, and NaN for doubles. */
static void clear(attrib_report *report) {
  *report = (attrib_report){.failed_row = -1};
  const double none = (double)NAN;
  report->output = report->baseline_output = report->attribution_sum = none;
  report->completeness_target = report->completeness_error = report->completeness_relative = none;
  report->error_estimate = report->error_from = report->error_to = none;
  report->tolerance = report->sigma = none;
  report->objective = report->unassigned = none;
  report->difference_step = report->output_noise = none;
  report->truncation_error = report->roundoff_error = none;
}

attrib_status attrib__trace_check(attrib_context *context, const char *prefix, int64_t capacity, int64_t stride) {
  if (capacity < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "%scapacity = %" PRId64 ": must not be negative", prefix, capacity);
  if (stride < (int64_t)ATTRIB__FIRST_TRACE_POINT)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "%sstride = %" PRId64 ": must be 0 or at least %" PRId64 ", the size of a trace point", prefix,
                        stride, (int64_t)ATTRIB__FIRST_TRACE_POINT);
  if (capacity > PTRDIFF_MAX / stride)
    return attrib__fail(context, ATTRIB_E_OVERFLOW,
                        "%scapacity = %" PRId64 ", stride = %" PRId64 ": do not fit the address space", prefix,
                        capacity, stride);
  return ATTRIB_OK;
}

static attrib_status check_buffers(attrib_context *context, const attrib_report *report) {
  if (report->trace != NULL) {
    attrib_status status = attrib__trace_check(context, "report->trace_", report->trace_capacity, report->trace_stride);
    if (status < 0) return status;
  }
  if (report->message != NULL && report->message_capacity < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "report->message_capacity = %" PRId64 ": must not be negative",
                        report->message_capacity);
  if (report->reserved != NULL)
    return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "report->reserved: this version knows no use for it");
  return ATTRIB_OK;
}

attrib_status attrib__report_read(attrib_context *context, const attrib_report *given, attrib_report *report) {
  clear(report);
  if (given == NULL) return ATTRIB_OK;
  if (given->struct_size < ATTRIB__FIRST_REPORT)
    return attrib__fail(context, ATTRIB_E_STRUCT,
                        "report->struct_size = %" PRIu32 ": must be sizeof the struct, at least %zu",
                        given->struct_size, ATTRIB__FIRST_REPORT);
  report->trace = given->trace;
  report->trace_capacity = given->trace_capacity;
  report->trace_stride = given->trace_stride == 0 ? (int64_t)ATTRIB__FIRST_TRACE_POINT : given->trace_stride;
  report->standard_errors = given->standard_errors;
  report->message = given->message;
  report->message_capacity = given->message_capacity;
  report->reserved = given->reserved;
  /* Of later versions, as far as the caller's struct reaches. */
  if (given->struct_size >= ATTRIB__THROUGH(attrib_report, positive)) report->positive = given->positive;
  if (given->struct_size >= ATTRIB__THROUGH(attrib_report, negative)) report->negative = given->negative;
  if (given->struct_size >= ATTRIB__THROUGH(attrib_report, kept_weight)) report->kept_weight = given->kept_weight;
  if (given->struct_size >= ATTRIB__THROUGH(attrib_report, kept)) report->kept = given->kept;
  return check_buffers(context, report);
}

/* A report from a newer caller is longer than ours: what it does not know stays as it was. */
void attrib__report_write(const char *message, attrib_status status, const attrib_report *report,
                          attrib_report *given) {
  if (given == NULL || given->struct_size < ATTRIB__FIRST_REPORT) return;
  attrib_report out = *report;
  out.struct_size = given->struct_size;
  out.filled_size = given->struct_size < sizeof out ? given->struct_size : (uint32_t)sizeof out;
  out.trace_stride = given->trace_stride;
  if (status < 0) out.stop_reason = ATTRIB_STOP_ERROR;
  memcpy(given, &out, out.filled_size);
  if (given->message != NULL && given->message_capacity > 0) {
    size_t capacity = (size_t)given->message_capacity;
    snprintf(given->message, capacity, "%s", status == ATTRIB_OK || status == ATTRIB_CANCELLED ? "" : message);
  }
}

attrib_status attrib__call_enter(attrib_context *given, attrib_context *local, attrib_context **context,
                                 attrib_report *given_report, attrib_report *report) {
  attrib_status status = attrib__begin(given, local, context);
  if (status < 0) {
    if (attrib__report_read(NULL, given_report, report) == ATTRIB_OK)
      attrib__report_write(attrib_status_text(status), status, report, given_report);
    return status;
  }
  status = attrib__report_read(*context, given_report, report);
  if (status < 0) attrib__call_leave(*context, local, status, report, given_report);
  return status;
}

void attrib__call_leave(attrib_context *context, attrib_context *local, attrib_status status,
                        const attrib_report *report, attrib_report *given_report) {
  if (status == ATTRIB_OK || status == ATTRIB_CANCELLED) context->message[0] = '\0';
  attrib__report_write(context->message, status, report, given_report);
  attrib__end(context, local);
}
