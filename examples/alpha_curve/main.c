/* alpha_curve - how the output grows on the way from the baseline to the picture, and the attribution with it.
 *
 * Writes PREFIX_alpha.csv and PREFIX_alpha.svg from the trace of one run of a method. Where the cumulative attribution
 * leaves the curve of f, the points are too few; where both are flat, the output is saturated. Of expected gradients,
 * which follow no path, PREFIX_running_mean.csv and .svg. */
#include <stdio.h>
#include <stdlib.h>

#include "alpha_chart.h"
#include "arguments.h"
#include "command_line.h"
#include "progress_bar.h"
#include "running_mean.h"

static const char program[] = "alpha_curve";

/* Gradient rows the run may take at most. */
static int64_t most_rows(const arguments *a, const baseline_choice *baseline) {
  const int64_t paths = a->job.baselines == NULL ? a->job.s->net->classes - 1 : baseline->set.count;
  if (a->job.method->axis == NULL) return a->job.samples > 0 ? a->job.samples : a->job.method->rows;
  if (a->common.points == 0) return a->job.method->rows * paths;
  return (a->common.points + 1) * paths;
}

/* The method with a trace of every row. 0, or -1 with a line in message. */
static int trace(method_job *job, attrib_report *report, char *message) {
  double *attributions = malloc((size_t)job->s->net->inputs * sizeof *attributions);
  attrib_status status = attributions == NULL ? ATTRIB_E_MEMORY : attrib_context_create(NULL, &job->context);
  if (status == ATTRIB_OK) status = attrib_context_set_progress(job->context, progress_bar, NULL);
  if (status == ATTRIB_OK) status = job->method->run(job, attributions, report);
  if (status < 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s: %s", attrib_status_text(status),
             report->message[0] != '\0' ? report->message : attrib_context_error(job->context));
  if (status == ATTRIB_NOT_CONVERGED) printf("Not converged: %s\n", report->message);
  attrib_context_destroy(job->context);
  free(attributions);
  return status < 0 ? -1 : 0;
}

static int draw(const arguments *a, const attrib_report *report, const char *title, const char *prefix, char *message) {
  const picture_method *method = a->job.method;
  alpha_curve curve;
  if (method->axis == NULL) return running_mean_write(report, title, prefix, message);
  if (alpha_curve_from_trace(report, (method->flags & METHOD_BACKWARDS) != 0, &curve) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld points", (long long)report->trace_count);
    return -1;
  }
  int status = alpha_curve_write(&curve, title, method->axis, prefix, message);
  alpha_curve_free(&curve);
  return status;
}

static void print(const arguments *a, const attrib_report *report, const char *prefix) {
  char line[4096];
  const char *kind = a->job.method->axis == NULL ? "running_mean" : "alpha";
  printf("f from %.4f to %.4f, sum of attributions %.4f, completeness error %.2f %%\n", report->baseline_output,
         report->output, report->attribution_sum, 100 * report->completeness_relative);
  const char *name = shown_line(prefix, line, sizeof line);
  printf("%s_%s.svg, %s_%s.csv\n", name, kind, name, kind);
}

static int run(arguments *a, baseline_choice *baseline, char *message) {
  if (a->baseline.name != NULL && choose_baseline(&a->baseline, a->job.s, baseline, message) != 0) return -1;
  if (a->baseline.name != NULL) a->job.baselines = &baseline->set;
  if (a->common.rule == ATTRIB_RULE_ADAPTIVE && baseline->set.count > 1) {
    snprintf(message, FILE_MESSAGE_CAPACITY,
             "--rule adaptive places its nodes on each path as it likes: of %lld paths give --points, or --samples 1",
             (long long)baseline->set.count);
    return -1;
  }
  const int64_t most = most_rows(a, baseline), rows = most > 0 ? most : 1;
  char remark[FILE_MESSAGE_CAPACITY] = "";
  attrib_report report = {
      .struct_size = sizeof report, .trace_capacity = rows, .message = remark, .message_capacity = sizeof remark};
  attrib_trace_point *points = calloc((size_t)rows, sizeof *points);
  report.trace = points;
  int status = -1;
  if (points == NULL)
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld points", (long long)rows);
  else
    status = trace(&a->job, &report, message);
  if (status == 0) {
    char of_picture[1024], title[512];
    default_prefix(a->common.picture, of_picture, sizeof of_picture);
    const char *prefix = a->common.prefix == NULL ? of_picture : a->common.prefix;
    method_job_title(&a->job, NULL, baseline->text, title, sizeof title);
    status = draw(a, &report, title, prefix, message);
    if (status == 0) print(a, &report, prefix);
  }
  free(points);
  return status;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  char message[FILE_MESSAGE_CAPACITY] = "out of memory";
  subject s;
  baseline_choice *baseline = calloc(1, sizeof *baseline);
  int status = baseline == NULL ? -1 : subject_open(&s, NULL, a.common.picture, a.common.score, 1, message);
  if (status == 0) {
    int64_t target = a.common.target == NULL ? s.best : subject_find_class(&s, a.common.target, message);
    a.job.s = &s;
    a.job.model = &s.model;
    a.job.target = a.baseline.target = target;
    if (target >= 0) subject_print(&s, a.common.picture);
    status = target < 0 ? -1 : run(&a, baseline, message);
    subject_close(&s);
  }
  if (status == 0) status = finish_output(message, sizeof message);
  if (status != 0) error_line(program, message);
  if (baseline != NULL) choose_baseline_free(baseline);
  free(baseline);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
