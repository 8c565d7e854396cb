#include "arguments.h"

#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: explain_image [options] PICTURE\n"
    "Explains what the bundled network sees in a picture (PPM, PNG or JPEG): writes PREFIX_heat.png and\n"
    "PREFIX_overlay.png, and prints probabilities, completeness error, error estimate and cost.\n"
    "\n"
    "  --method NAME     integrated-gradients (default), gradient, gradient-times-input, mean-gradient\n"
    "  --baseline NAME   black (default), white, grey, another colour (name, #rrggbb, or R,G,B each 0 to 1),\n"
    "                    max-distance, blur, uniform, gaussian, gaussian-truncated\n"
    "  --sigma S         of blur in pixels of the network's input (default 5), of gaussian in pixel\n"
    "                    values (default 0.5)\n"
    "  --samples N       rows of a random baseline to average over (default 10)\n"
    "  --seed N          of random baselines (default 0); the same seed gives the same bits\n"
    "  --scale X         attribution that gets the full colour; default: the map's 99th percentile, which\n"
    "                    is printed, so that the next map can be drawn with the same\n" COMMON_HELP;

static const char program[] = "explain_image";

static const named_value methods[] = {{"integrated-gradients", METHOD_IG},
                                      {"gradient", METHOD_GRADIENT},
                                      {"gradient-times-input", METHOD_GRADIENT_TIMES_INPUT},
                                      {"mean-gradient", METHOD_MEAN_GRADIENT},
                                      {NULL, 0}};

static bool take(int option, void *of) {
  arguments *a = of;
  uint32_t value = 0;
  bool ok = true;
  switch (option) {
    case 'm':
      ok = parse_name(program, "--method", optarg, methods, &value);
      a->method = (explain_method)value;
      a->method_name = optarg;
      return ok;
    case 'b': a->baseline.name = optarg; return true;
    case 'g': return parse_positive(program, "--sigma", optarg, 1e6, &a->baseline.sigma);
    case 'n': return parse_count(program, "--samples", optarg, 1, 1000000, &a->baseline.samples);
    case 'x': return parse_positive(program, "--scale", optarg, 1e300, &a->style.scale);
    default: return common_options_take(program, option, &a->common);
  }
}

/* Options that say nothing about the chosen method are errors, as in the library. */
static bool check_method(const arguments *a) {
  bool point = a->method == METHOD_GRADIENT || a->method == METHOD_GRADIENT_TIMES_INPUT;
  if (!point) return true;
  if (a->baseline.name != NULL || a->baseline.sigma > 0 || a->baseline.samples > 0 || a->common.seeded)
    return usage_error(program, "--method %s looks at no baseline", a->method_name);
  const common_options *o = &a->common;
  if (o->rule != 0 || o->points != 0 || o->tolerance > 0 || o->max_evaluations > 0)
    return usage_error(program, "--method %s takes no --rule, --points, --tolerance, --max-evaluations",
                       a->method_name);
  return true;
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"method", required_argument, NULL, 'm'},
                                          {"baseline", required_argument, NULL, 'b'},
                                          {"sigma", required_argument, NULL, 'g'},
                                          {"samples", required_argument, NULL, 'n'},
                                          {"scale", required_argument, NULL, 'x'},
                                          COMMON_OPTIONS,
                                          {NULL, 0, NULL, 0}};
  *a = (arguments){.method_name = "integrated-gradients"};
  common_options_init(&a->common);
  if (!parse_command_line(program, argc, argv, options, help, take, a, &a->common.picture, code)) return false;
  if (!check_method(a) || !common_options_check(program, &a->common)) return false;
  if (a->baseline.name == NULL) a->baseline.name = "black";
  a->style.palette = a->common.palette;
  a->baseline.seed = a->common.seed;
  a->baseline.seeded = a->common.seeded;
  return true;
}
