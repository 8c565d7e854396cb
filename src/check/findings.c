/* findings.c - verdicts and sentences, and how they reach the caller. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <attrib/report.h>

#include "../base/first_size.h"
#include "../metrics/result.h"
#include "checking.h"

static const char *const names[ATTRIB__CHECKS + 1] = {
    "",        "writes", "strides", "inputs",      "finite",  "repeat",        "batch",    "order",
    "forward", "target", "weights", "all outputs", "workers", "zero gradient", "gradient", "precision"};

static attrib__finding *say(attrib__checking *c, int check, uint32_t verdict, const char *format, va_list arguments) {
  attrib__finding *finding = &c->findings[check];
  *finding = (attrib__finding){.verdict = verdict, .element = -1, .measured = (double)NAN, .bound = (double)NAN};
  const int used = snprintf(finding->sentence, sizeof finding->sentence, "%s: ", names[check]);
  vsnprintf(finding->sentence + used, sizeof finding->sentence - (size_t)used, format, arguments);
  return finding;
}

void attrib__check_pass(attrib__checking *c, int check, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(c, check, ATTRIB_CHECK_PASSED, format, arguments);
  va_end(arguments);
}

void attrib__check_skip(attrib__checking *c, int check, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(c, check, ATTRIB_CHECK_SKIPPED, format, arguments);
  va_end(arguments);
}

attrib__finding *attrib__check_fail(attrib__checking *c, int check, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  attrib__finding *finding = say(c, check, ATTRIB_CHECK_FAILED, format, arguments);
  va_end(arguments);
  return finding;
}

bool attrib__check_failed(const attrib__checking *c, int check) {
  return c->findings[check].verdict == ATTRIB_CHECK_FAILED;
}

bool attrib__check_hopeless(attrib__checking *c, int check) {
  if (c->stale)
    attrib__check_skip(c, check, "not judged: results belong to other calls (see writes)");
  else if (c->random)
    attrib__check_skip(c, check, "not judged: results are others every time (see repeat)");
  else
    return false;
  return true;
}

/* -- the caller's report ------------------------------------------------------------------------------------------ */

attrib_status attrib__check_report_read(attrib_context *context, const attrib_check_report *given,
                                        attrib_check_report *report) {
  const double none = (double)NAN;
  *report = (attrib_check_report){.output = none, .baseline_output = none, .noise = none};
  if (given == NULL) return ATTRIB_OK;
  const attrib_status status = attrib__out_struct_check(context, "report", given, ATTRIB__FIRST_CHECK_REPORT);
  if (status < 0) return status;
  report->findings = given->findings;
  report->finding_capacity = given->finding_capacity;
  report->finding_stride = given->finding_stride;
  report->text = given->text;
  report->text_capacity = given->text_capacity;
  const int64_t stride = given->finding_stride == 0 ? (int64_t)ATTRIB__FIRST_CHECK_FINDING : given->finding_stride;
  if (given->findings != NULL && given->finding_capacity < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "report->finding_capacity = %" PRId64 ": must not be negative",
                        given->finding_capacity);
  if (given->findings != NULL && stride < (int64_t)ATTRIB__FIRST_CHECK_FINDING)
    return attrib__fail(context, ATTRIB_E_ARGUMENT,
                        "report->finding_stride = %" PRId64 ": must be 0 or at least %zu, the size of a finding",
                        given->finding_stride, ATTRIB__FIRST_CHECK_FINDING);
  if (given->text != NULL && given->text_capacity < 0)
    return attrib__fail(context, ATTRIB_E_ARGUMENT, "report->text_capacity = %" PRId64 ": must not be negative",
                        given->text_capacity);
  return ATTRIB_OK;
}

/* Adds a line to the text, as much of it as there is room for. */
static void add_line(attrib_check_report *report, const char *line) {
  const int64_t length = (int64_t)strlen(line), capacity = report->text_capacity;
  for (int64_t i = 0; i <= length && report->text != NULL; i++) {
    const int64_t place = report->text_length + i;
    if (place < capacity - 1) report->text[place] = i < length ? line[i] : '\n';
  }
  report->text_length += length + 1;
}

static void write_findings(const attrib__checking *c, attrib_status status, attrib_check_report *report) {
  const int64_t stride = report->finding_stride == 0 ? (int64_t)ATTRIB__FIRST_CHECK_FINDING : report->finding_stride;
  for (uint32_t check = 1; check <= ATTRIB__CHECKS; check++) {
    const attrib__finding *finding = &c->findings[check];
    if (finding->verdict == ATTRIB_CHECK_FAILED) report->failed |= 1U << check;
    if (finding->verdict == ATTRIB_CHECK_SKIPPED) report->skipped |= 1U << check;
    add_line(report, finding->sentence);
    if (report->findings == NULL || report->finding_count >= report->finding_capacity) continue;
    const attrib_check_finding out = {.check = check,
                                      .verdict = finding->verdict,
                                      .cause = finding->cause,
                                      .element = finding->element,
                                      .measured = finding->measured,
                                      .bound = finding->bound};
    /* A longer one from a newer caller stays as it was beyond. */
    memcpy((char *)report->findings + report->finding_count * stride, &out, sizeof out);
    report->finding_count++;
  }
  report->verdict = report->failed != 0 ? ATTRIB_CHECK_FAILED : status == ATTRIB_CANCELLED ? 0 : ATTRIB_CHECK_PASSED;
}

void attrib__check_report_write(const attrib__checking *c, attrib_status status, attrib_check_report *given) {
  attrib_check_report *report = c->report;
  if (given == NULL) return;
  if (status >= 0)
    write_findings(c, status, report);
  else
    add_line(report, c->context->message);
  if (report->text != NULL && report->text_capacity > 0) {
    const int64_t end = report->text_length < report->text_capacity ? report->text_length : report->text_capacity - 1;
    report->text[end] = '\0';
  }
  if (status < 0) report->stop_reason = ATTRIB_STOP_ERROR;
  report->struct_size = given->struct_size;
  attrib__out_struct_write(report, sizeof *report, given);
}
