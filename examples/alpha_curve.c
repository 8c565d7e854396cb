/* alpha_curve - how the output grows on the way from the baseline to the picture, and the attribution with it.
 *
 * Writes PREFIX_alpha.csv and PREFIX_alpha.svg from the trace of one run of integrated gradients. Where the cumulative
 * attribution leaves the curve of f, the points are too few; where both are flat, the output is saturated. */
#define _GNU_SOURCE /* getopt_long */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "alpha_chart.h"
#include "choose_baseline.h"
#include "command_line.h"
#include "progress_bar.h"

static const char program[] = "alpha_curve";
static const char help[] =
    "Usage: alpha_curve [options] PICTURE\n"
    "Writes PREFIX_alpha.svg and PREFIX_alpha.csv: the output of the bundled network along the straight path\n"
    "from a baseline to the picture, and the attribution summed up to there.\n"
    "\n"
    "  --baseline NAME   black (default), white, grey, another colour (name, #rrggbb, or R,G,B each 0 to 1),\n"
    "                    max-distance, blur, uniform, gaussian, gaussian-truncated; of several rows the mean\n"
    "                    is drawn\n"
    "  --sigma S, --samples N, --seed N, --target CLASS, --score NAME, --out PREFIX: as of explain_image\n"
    "  --rule NAME       midpoint (default), left, right, trapezoid, gauss-legendre\n"
    "  --points N        nodes on the path (default 100)\n"
    "  --help            this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

typedef struct arguments {
  const char *picture, *target, *prefix;
  baseline_request baseline;
  uint32_t rule, score;
  int64_t points;
} arguments;

static bool take(int option, void *of) {
  arguments *a = of;
  static const named_value scores[] = {{"logit", SMALL_NET_LOGIT}, {"probability", SMALL_NET_PROBABILITY}, {NULL, 0}};
  int64_t number = 0;
  bool ok = true;
  switch (option) {
    case 'b': a->baseline.name = optarg; return true;
    case 'g': return parse_positive(program, "--sigma", optarg, 1e6, &a->baseline.sigma);
    case 'n': return parse_count(program, "--samples", optarg, 1, 10000, &a->baseline.samples);
    case 's':
      ok = parse_count(program, "--seed", optarg, 0, INT64_MAX, &number);
      a->baseline.seed = (uint64_t)number;
      a->baseline.seeded = true;
      return ok;
    case 'r': return parse_name(program, "--rule", optarg, rule_names + 1, &a->rule); /* fixed ones */
    case 'p': return parse_count(program, "--points", optarg, 2, 10000, &a->points);
    case 't': a->target = optarg; return true;
    case 'c': return parse_name(program, "--score", optarg, scores, &a->score);
    case 'o': a->prefix = optarg; return true;
    default: return false; /* getopt_long has said why */
  }
}

static bool parse(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"baseline", required_argument, NULL, 'b'},
                                          {"sigma", required_argument, NULL, 'g'},
                                          {"samples", required_argument, NULL, 'n'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"rule", required_argument, NULL, 'r'},
                                          {"points", required_argument, NULL, 'p'},
                                          {"target", required_argument, NULL, 't'},
                                          {"score", required_argument, NULL, 'c'},
                                          {"out", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  *a = (arguments){.baseline = {.name = "black"}, .rule = ATTRIB_RULE_MIDPOINT, .points = 100};
  const command_line line = {program, help, options, take, NULL};
  return parse_command_line(&line, argc, argv, a, &a->picture, code);
}

/* Integrated gradients with a trace of every row. 0, or -1 with a line in message. */
static int trace(const arguments *a, const subject *s, int64_t target, const baseline_choice *baseline,
                 attrib_report *report, char *message) {
  double *attributions = malloc(SMALL_NET_INPUTS * sizeof *attributions);
  attrib_context *context = NULL;
  attrib_status status = attributions == NULL ? ATTRIB_E_MEMORY : attrib_context_create(NULL, &context);
  const attrib_ig_options options = {.struct_size = sizeof options, .rule = a->rule, .points = a->points};
  if (status == ATTRIB_OK) status = attrib_context_set_progress(context, progress_bar, NULL);
  if (status == ATTRIB_OK)
    status = attrib_integrated_gradients(context, &s->model, s->input.pixels, target, &baseline->set, &options,
                                         attributions, report);
  if (status < 0)
    snprintf(message, FILE_MESSAGE_CAPACITY, "%s: %s", attrib_status_text(status), attrib_context_error(context));
  attrib_context_destroy(context);
  free(attributions);
  return status < 0 ? -1 : 0;
}

static int run(const arguments *a, const subject *s, int64_t target, baseline_choice *baseline, char *message) {
  if (choose_baseline(&a->baseline, s, baseline, message) != 0) return -1;
  int64_t rows = a->points * baseline->set.count;
  attrib_report report = {.struct_size = sizeof report, .trace_capacity = rows};
  attrib_trace_point *points = calloc((size_t)rows, sizeof *points);
  alpha_curve curve = {.points = a->points, .at = calloc((size_t)a->points, sizeof *curve.at)};
  report.trace = points;
  int status = -1;
  if (points == NULL || curve.at == NULL)
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld points", (long long)rows);
  else
    status = trace(a, s, target, baseline, &report, message);
  if (status == 0) {
    char prefix[1024], title[256];
    default_prefix(a->picture, prefix, sizeof prefix);
    snprintf(title, sizeof title, "%s of '%s' from %.60s to the picture",
             a->score == SMALL_NET_LOGIT ? "Logit" : "Probability", small_net_class_name(s->net, target),
             a->baseline.name);
    alpha_curve_from_trace(&report, &curve);
    status = alpha_curve_write(&curve, title, a->prefix == NULL ? prefix : a->prefix, message);
    if (status == 0)
      printf("f from %.4f to %.4f, sum of attributions %.4f, completeness error %.2f %%\n%s_alpha.svg, %s_alpha.csv\n",
             report.baseline_output, report.output, report.attribution_sum, 100 * report.completeness_relative,
             a->prefix == NULL ? prefix : a->prefix, a->prefix == NULL ? prefix : a->prefix);
  }
  free(curve.at);
  free(points);
  return status;
}

int main(int argc, char **argv) {
  arguments a;
  int code;
  if (!parse(argc, argv, &a, &code)) return code;
  char message[FILE_MESSAGE_CAPACITY] = "out of memory";
  subject s;
  baseline_choice *baseline = calloc(1, sizeof *baseline);
  int status = baseline == NULL ? -1 : subject_open(&s, NULL, a.picture, a.score, 1, message);
  if (status == 0) {
    int64_t target = a.target == NULL ? s.best : subject_find_class(&s, a.target, message);
    if (target >= 0) subject_print(&s, a.picture);
    status = target < 0 ? -1 : run(&a, &s, target, baseline, message);
    subject_close(&s);
  }
  if (status == 0) status = finish_output(message, sizeof message);
  if (status != 0) error_line(program, message);
  if (baseline != NULL) choose_baseline_free(baseline);
  free(baseline);
  return status == 0 ? EXIT_DONE : EXIT_FAILED;
}
