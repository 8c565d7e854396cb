#include "arguments.h"

#include <getopt.h>

#include "command_line.h"

static const char program[] = "alpha_curve";
static const char help[] =
    "Usage: alpha_curve [options] PICTURE\n"
    "Writes PREFIX_alpha.svg and PREFIX_alpha.csv: the output of the bundled network along a method's path, and\n"
    "the attribution summed up to there. Of expected-gradients, which draws points and follows no path:\n"
    "PREFIX_running_mean.svg and .csv, the sum of attributions as draws are added, against its target.\n"
    "\n"
    "  --method NAME     ig (default), guided-ig, blur-ig, idgi, agi, ig2; expected-gradients; and of a layer\n"
    "                    layer-line, layer-path\n"
    "  --layer NAME      of these: picture, conv1, relu1, ... (default conv2)\n"
    "  --list            these, with what they cost by default, and all baselines\n"
    "  --baseline NAME, --sigma S, --samples N, --seed N, --target CLASS, --score NAME, --out PREFIX: as of\n"
    "                    explain_image; of several rows the mean is drawn\n"
    "  --rule NAME       of ig and layer-line: midpoint (default), left, right, trapezoid, gauss-legendre;\n"
    "                    adaptive, from one baseline; of guided-ig: trapezoid (default), left\n"
    "  --points N        nodes on the path (default: of ig and layer-line 100, of others as of explain_image)\n"
    "  --tolerance X     of --rule adaptive (default 0.05)\n"
    "  --help            this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

static bool take(int option, void *of) {
  arguments *a = of;
  switch (option) {
    case 'm': a->job.method = method_find(program, optarg); return a->job.method != NULL;
    case 'b': a->baseline.name = optarg; return true;
    case 'g': return parse_positive(program, "--sigma", optarg, 1e6, &a->baseline.sigma);
    case 'n': return parse_count(program, "--samples", optarg, 1, 10000, &a->baseline.samples);
    case 'y': a->job.layer = optarg; return true;
    case OPTION_POINTS: return parse_count(program, "--points", optarg, 2, 10000, &a->common.points);
    default: return common_options_take(program, option, &a->common);
  }
}

static void list(void) {
  method_list(true);
}

/* Why a method has no curve of f beside what it has attributed so far. */
static const char *no_curve(const picture_method *method) {
  if ((method->flags & METHOD_LAYER) != 0) return "looks at one point of the layer: see layer-line and layer-path";
  if ((method->flags & METHOD_KEEPS) != 0)
    return method->baseline == NULL
               ? "keeps other points or references for each pixel, which are no one path: see that of agi"
               : "keeps other points or references for each pixel, which are no one path: see that of ig";
  if ((method->flags & METHOD_OF_FEATURE) != 0) return "sums to the attribution of one pixel, which is no curve of f";
  if ((method->flags & METHOD_RANKS) != 0) return "ranks regions by attributions of ig: see the path of that";
  if (method->baseline != NULL && method->unit != UNIT_OUTPUT) return "sums gradients, which is no part of f: see ig";
  return "follows no path";
}

static bool check(arguments *a) {
  const picture_method *method = a->job.method;
  const bool backwards = (method->flags & METHOD_BACKWARDS) != 0;
  if (method->axis == NULL && (method->flags & METHOD_RUNNING_MEAN) == 0)
    return usage_error(program, "--method %s %s; --list names what has an alpha-curve", method->name, no_curve(method));
  if (backwards && a->common.rule != 0) /* where a path of the left rule ends is in no row of the trace */
    return usage_error(program, "--method %s is drawn with the trapezoidal rule alone", method->name);
  if (a->common.tolerance > 0 && a->common.rule != ATTRIB_RULE_ADAPTIVE)
    return usage_error(program, "--tolerance is for --rule adaptive");
  if (!method_settle(program, &a->job, &a->baseline) || !common_options_check(program, &a->common)) return false;
  const bool adaptive = (method->takes & TAKES_TOLERANCE) != 0 && method->axis != NULL; /* by default */
  if (adaptive && a->common.points == 0 && a->common.rule != ATTRIB_RULE_ADAPTIVE) a->common.points = 100;
  return true;
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"method", required_argument, NULL, 'm'},
                                          {"list", no_argument, NULL, 'l'},
                                          {"baseline", required_argument, NULL, 'b'},
                                          {"sigma", required_argument, NULL, 'g'},
                                          {"samples", required_argument, NULL, 'n'},
                                          {"layer", required_argument, NULL, 'y'},
                                          {"seed", required_argument, NULL, OPTION_SEED},
                                          {"rule", required_argument, NULL, OPTION_RULE},
                                          {"points", required_argument, NULL, OPTION_POINTS},
                                          {"tolerance", required_argument, NULL, OPTION_TOLERANCE},
                                          {"target", required_argument, NULL, OPTION_TARGET},
                                          {"score", required_argument, NULL, OPTION_SCORE},
                                          {"out", required_argument, NULL, OPTION_OUT},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  static const command_line line = {program, help, options, take, list, NULL};
  *a = (arguments){.job = {.method = picture_methods}};
  common_options_init(&a->common);
  a->job.options = &a->common;
  if (!parse_command_line(&line, argc, argv, a, &a->common.picture, code)) return false;
  *code = EXIT_USAGE;
  return check(a);
}
