#include "check_subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/check.h>

#include "arguments.h"
#include "command_line.h"
#include "progress.h"

enum { SENTENCES = 8192, FINDINGS = 32 };

static attrib_status call(const subject *s, const check_request *of, attrib_check_report *report, char *message) {
  message[0] = '\0'; /* what is none yet is found below */
  progress bar;
  attrib_context *context;
  const attrib_context_options workers = {.struct_size = sizeof workers, .workers = of->workers};
  attrib_check_options options = {.struct_size = sizeof options, .seed = of->seed, .shape = &s->net->shape};
  double *weights = calloc((size_t)s->net->classes, sizeof *weights);
  attrib_status status = weights == NULL ? ATTRIB_E_MEMORY : attrib_context_create(&workers, &context);
  if (status == ATTRIB_OK) {
    const int64_t class_number = target_weights(s->net, of->target, weights, &options.target_weights);
    progress_begin(&bar, 1, 1);
    progress_map(&bar, 1);
    status = attrib_context_set_progress(context, progress_show, &bar);
    if (status == ATTRIB_OK)
      status = attrib_model_check(context, &s->model, s->input.pixels, class_number, of->row, &options, report);
    progress_end(&bar);
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s", attrib_context_error(context));
    attrib_context_destroy(context);
  }
  if (status < 0 && message[0] == '\0')
    snprintf(message, FILE_MESSAGE_CAPACITY, "the check: %s", attrib_status_text(status));
  free(weights);
  return status;
}

/* A line for each finding: text has one of its own for each of them. */
static void print_findings(const attrib_check_finding *findings, int64_t count, char *text, check_tally *tally) {
  char *line = text, *end;
  for (int64_t i = 0; i < count && *line != '\0'; i++, line = end) {
    const uint32_t verdict = findings[i].verdict;
    end = line + strcspn(line, "\n");
    if (*end != '\0') *end++ = '\0';
    printf("  %-10s  %s\n",
           verdict == ATTRIB_CHECK_FAILED   ? "FAULT"
           : verdict == ATTRIB_CHECK_PASSED ? "ok"
                                            : "not judged",
           one_line(line));
    tally->faults += verdict == ATTRIB_CHECK_FAILED;
    tally->ok += verdict == ATTRIB_CHECK_PASSED;
    tally->skipped += verdict == ATTRIB_CHECK_SKIPPED;
  }
}

int check_subject(const subject *s, const check_request *of, check_tally *tally, char *message) {
  char text[512], against[128], sentences[SENTENCES] = "";
  attrib_check_finding findings[FINDINGS];
  attrib_check_report report = {.struct_size = sizeof report,
                                .finding_capacity = FINDINGS,
                                .finding_stride = sizeof findings[0],
                                .text_capacity = sizeof sentences,
                                .findings = findings,
                                .text = sentences};
  const attrib_status status = call(s, of, &report, message);
  if (status == ATTRIB_CANCELLED) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "interrupted");
    return EXIT_INTERRUPTED;
  }
  if (status < 0) return EXIT_FAILED;
  printf(
      "Check of the network for '%s' against %s\n  f(picture) %.4f, f(baseline) %.4f; %lld rows with gradient and "
      "%lld without\n",
      one_line(target_text(s->net, of->target, text, sizeof text)), shown_line(of->against, against, sizeof against),
      report.output, report.baseline_output, (long long)report.evaluations, (long long)report.output_evaluations);
  print_findings(findings, report.finding_count, sentences, tally);
  fflush(stdout);
  return report.verdict == ATTRIB_CHECK_FAILED ? EXIT_FAULTY : EXIT_DONE;
}

void check_print_verdict(const check_tally *tally) {
  const long long all = (long long)tally->ok + tally->faults + tally->skipped;
  if (tally->faults > 0)
    printf("FAULTY: %lld of %lld checks found a fault, %lld are ok, %lld not judged\n", (long long)tally->faults, all,
           (long long)tally->ok, (long long)tally->skipped);
  else
    printf("No fault in %lld checks: %lld are ok, %lld not judged\n", all, (long long)tally->ok,
           (long long)tally->skipped);
}
