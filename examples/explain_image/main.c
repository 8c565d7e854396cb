/* explain_image - a picture in, a heat map and an overlay out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "progress_bar.h"

typedef struct explanation {
  double attributions[SMALL_NET_INPUTS];
  double positive[SMALL_NET_INPUTS], negative[SMALL_NET_INPUTS], kept_weight[SMALL_NET_INPUTS];
  int64_t feature; /* of interactions: whose */
  baseline_choice baseline;
  attrib_report report;
  char remark[FILE_MESSAGE_CAPACITY]; /* why the result is not what was asked for; "" = it is */
  char message[FILE_MESSAGE_CAPACITY];
  char prefix[1024]; /* of the results, where the user gives none */
} explanation;

/* The method on a context of its own. 0, or -1 with e->message. */
static int explain(method_job *job, const baseline_request *request, explanation *e) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = job->options->workers};
  attrib_context *context;
  if (request->name != NULL && choose_baseline(request, job->s, &e->baseline, e->message) != 0) return -1;
  attrib_status status = attrib_context_create(&options, &context);
  if (status < 0) {
    snprintf(e->message, sizeof e->message, "%u workers: %s", (unsigned)options.workers, attrib_status_text(status));
    return -1;
  }
  e->report =
      (attrib_report){.struct_size = sizeof e->report, .message = e->message, .message_capacity = sizeof e->message};
  if ((job->method->flags & METHOD_KEEPS) != 0) {
    e->report.positive = e->positive;
    e->report.negative = e->negative;
    e->report.kept_weight = e->kept_weight;
  }
  job->context = context;
  job->feature = &e->feature;
  job->baselines = request->name != NULL ? &e->baseline.set : NULL;
  status = attrib_context_set_progress(context, progress_bar, NULL);
  if (status == ATTRIB_OK) status = job->method->run(job, e->attributions, &e->report);
  attrib_context_destroy(context);
  if (status == ATTRIB_NOT_CONVERGED) snprintf(e->remark, sizeof e->remark, "%s", e->message);
  return status < 0 ? -1 : 0;
}

static int run(arguments *a, const subject *s, explanation *e) {
  int64_t target = a->common.target == NULL ? s->best : subject_find_class(s, a->common.target, e->message);
  if (target < 0) return -1;
  default_prefix(a->common.picture, e->prefix, sizeof e->prefix);
  if (a->common.prefix == NULL) a->common.prefix = e->prefix;
  if (heat_map_check(a->common.prefix, e->message) != 0) return -1;
  subject_print(s, a->common.picture);
  fflush(stdout);
  a->job.s = s;
  a->job.model = &s->model;
  a->job.target = a->baseline.target = target;
  if (explain(&a->job, &a->baseline, e) != 0) return -1;
  const int64_t pixel = e->feature % SMALL_NET_PIXELS;
  if ((a->job.method->flags & METHOD_OF_FEATURE) != 0) a->style.mark = &pixel;
  if (heat_map_write(s, e->attributions, &a->style, a->common.prefix, e->message) != 0) return -1;
  char relation[160];
  method_job_relation(&a->job, e->baseline.text, relation, sizeof relation);
  print_result(&a->job, relation, &e->report, e->remark);
  printf("  %s_heat.png, %s_overlay.png, full colour at %.4g\n", a->common.prefix, a->common.prefix, a->style.scale);
  return 0;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  subject s;
  explanation *e = calloc(1, sizeof *e); /* too large for a stack */
  if (e == NULL) {
    fputs("explain_image: out of memory\n", stderr);
    return EXIT_FAILED;
  }
  int status = subject_open(&s, a.common.net, a.common.picture, a.common.score, a.common.workers, e->message);
  if (status == 0) {
    if (e->message[0] != '\0') printf("%s\n", e->message); /* a remark on the picture, such as its transparency */
    status = run(&a, &s, e);
    subject_close(&s);
  }
  if (status == 0) status = finish_output(e->message, sizeof e->message);
  if (status != 0) error_line("explain_image", e->message);
  choose_baseline_free(&e->baseline);
  free(e);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
