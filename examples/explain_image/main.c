/* explain_image - a picture in, a heat map and an overlay out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "heat_map.h"
#include "progress_bar.h"

typedef struct explanation {
  double attributions[SMALL_NET_INPUTS];
  baseline_choice baseline;
  attrib_report report;
  char remark[FILE_MESSAGE_CAPACITY]; /* why the result is not what was asked for; "" = it is */
  char message[FILE_MESSAGE_CAPACITY];
  char prefix[1024]; /* of the results, where the user gives none */
} explanation;

static attrib_status call(attrib_context *context, const arguments *a, const subject *s, int64_t target,
                          explanation *e) {
  const bool point = a->method == METHOD_GRADIENT || a->method == METHOD_GRADIENT_TIMES_INPUT;
  attrib_ig_options options = common_options_integral(&a->common);
  if (a->method == METHOD_GRADIENT_TIMES_INPUT) options.flags = ATTRIB_TIMES_INPUT;
  if (a->method == METHOD_MEAN_GRADIENT) options.flags = ATTRIB_MEAN_GRADIENT;
  e->report =
      (attrib_report){.struct_size = sizeof e->report, .message = e->message, .message_capacity = sizeof e->message};
  if (point) return attrib_gradient(context, &s->model, s->input.pixels, target, &options, e->attributions, &e->report);
  return attrib_integrated_gradients(context, &s->model, s->input.pixels, target, &e->baseline.set, &options,
                                     e->attributions, &e->report);
}

/* Runs the method on its own context. 0, or -1 with e->message. */
static int explain(const arguments *a, const subject *s, int64_t target, explanation *e) {
  const attrib_context_options options = {.struct_size = sizeof options, .workers = a->common.workers};
  attrib_context *context;
  if (choose_baseline(&a->baseline, s, &e->baseline, e->message) != 0) return -1;
  attrib_status status = attrib_context_create(&options, &context);
  if (status < 0) {
    snprintf(e->message, sizeof e->message, "%u workers: %s", (unsigned)a->common.workers, attrib_status_text(status));
    return -1;
  }
  status = attrib_context_set_progress(context, progress_bar, NULL);
  if (status == ATTRIB_OK) status = call(context, a, s, target, e);
  attrib_context_destroy(context);
  if (status == ATTRIB_NOT_CONVERGED) snprintf(e->remark, sizeof e->remark, "%s", e->message);
  return status < 0 ? -1 : 0;
}

static void print_result(const arguments *a, const subject *s, int64_t target, const explanation *e) {
  const attrib_report *r = &e->report;
  const bool ig = a->method == METHOD_IG || a->method == METHOD_MEAN_GRADIENT;
  printf("%s of the %s of '%s'", a->method_name, a->common.score == SMALL_NET_LOGIT ? "logit" : "probability",
         small_net_class_name(s->net, target));
  if (ig) printf(" against %s", a->baseline.name);
  printf("\n");
  if (ig)
    printf("  f(picture) %.4f, f(baseline) %.4f, sum of attributions %.4f\n", r->output, r->baseline_output,
           r->attribution_sum);
  else
    printf("  f(picture) %.4f, sum %.4f (no baseline, so no completeness)\n", r->output, r->attribution_sum);
  if (a->method == METHOD_IG)
    printf("  completeness error %+.2e, %.2f %% of the difference\n", r->completeness_error,
           100 * r->completeness_relative);
  if (ig && !isnan(r->error_estimate))
    printf("  error estimate %.2f %% of the map, %.3g %% asked for\n", 100 * r->error_estimate, 100 * r->tolerance);
  if (e->remark[0] != '\0') printf("  Not converged: %s\n", e->remark);
  printf("  %lld gradient rows, %lld output rows, %.0f ms, %.1f MB\n", (long long)r->evaluations,
         (long long)r->output_evaluations, 1e3 * r->elapsed_seconds, (double)r->peak_bytes / 1e6);
}

static int run(arguments *a, const subject *s, explanation *e) {
  int64_t target = a->common.target == NULL ? s->best : subject_find_class(s, a->common.target, e->message);
  if (target < 0) return -1;
  default_prefix(a->common.picture, e->prefix, sizeof e->prefix);
  if (a->common.prefix == NULL) a->common.prefix = e->prefix;
  if (heat_map_check(a->common.prefix, e->message) != 0) return -1;
  subject_print(s, a->common.picture);
  fflush(stdout);
  if (explain(a, s, target, e) != 0) return -1;
  if (heat_map_write(s, e->attributions, &a->style, a->common.prefix, e->message) != 0) return -1;
  print_result(a, s, target, e);
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
  free(e);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
