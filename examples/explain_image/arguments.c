#define _GNU_SOURCE /* getopt_long */
#include "arguments.h"

#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: explain_image [options] PICTURE\n"
    "Explains what the bundled network sees in a picture (PPM, PNG or JPEG): writes PREFIX_heat.png and\n"
    "PREFIX_overlay.png, and prints probabilities, completeness error and cost.\n"
    "\n"
    "  --method NAME     integrated-gradients (default), gradient, gradient-times-input, mean-gradient\n"
    "  --baseline NAME   black (default), white, grey, R,G,B (each 0 to 1), max-distance, blur, uniform,\n"
    "                    gaussian, gaussian-truncated\n"
    "  --sigma S         of blur in pixels of the network's input (default 5), of gaussian in pixel\n"
    "                    values (default 0.5)\n"
    "  --samples N       rows of a random baseline to average over (default 10)\n"
    "  --seed N          of random baselines (default 0); the same seed gives the same bits\n"
    "  --rule NAME       left, right, midpoint (default), trapezoid, gauss-legendre\n"
    "  --points N        gradients per baseline (default 50)\n"
    "  --target CLASS    number or name; default: the most probable class\n"
    "  --score NAME      logit (default), probability\n"
    "  --palette NAME    diverging (default: signed, red for, blue against), sequential (size alone)\n"
    "  --scale X         attribution that gets the full colour; default: the map's 99th percentile, which\n"
    "                    is printed, so that the next map can be drawn with the same\n"
    "  --workers N       threads (default 1, at most 64); the result has the same bits for any number\n"
    "  --net FILE        weights of the network; default: the bundled ones\n"
    "  --out PREFIX      default: the picture's name without folder and extension\n"
    "  --help            this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

static const char program[] = "explain_image";

static const named_value methods[] = {{"integrated-gradients", METHOD_IG},
                                      {"gradient", METHOD_GRADIENT},
                                      {"gradient-times-input", METHOD_GRADIENT_TIMES_INPUT},
                                      {"mean-gradient", METHOD_MEAN_GRADIENT},
                                      {NULL, 0}};
static const named_value palettes[] = {
    {"diverging", ATTRIB_PALETTE_DIVERGING}, {"sequential", ATTRIB_PALETTE_SEQUENTIAL}, {NULL, 0}};
static const named_value scores[] = {{"logit", SMALL_NET_LOGIT}, {"probability", SMALL_NET_PROBABILITY}, {NULL, 0}};

static bool take(int option, arguments *a) {
  int64_t number = 0;
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
    case 's':
      ok = parse_count(program, "--seed", optarg, 0, INT64_MAX, &number);
      a->baseline.seed = (uint64_t)number;
      a->baseline.seeded = true;
      return ok;
    case 'r': return parse_name(program, "--rule", optarg, rule_names, &a->rule);
    case 'p': return parse_count(program, "--points", optarg, 1, 1000000, &a->points);
    case 't': a->target = optarg; return true;
    case 'c': return parse_name(program, "--score", optarg, scores, &a->score);
    case 'l': return parse_name(program, "--palette", optarg, palettes, &a->style.palette);
    case 'w':
      ok = parse_count(program, "--workers", optarg, 1, 64, &number);
      a->workers = (uint32_t)number;
      return ok;
    case 'x': return parse_positive(program, "--scale", optarg, 1e300, &a->style.scale);
    case 'e': a->net = optarg; return true;
    case 'o': a->prefix = optarg; return *optarg != '\0' || usage_error(program, "--out is empty");
    default: return false; /* getopt_long has said why */
  }
}

/* Options that say nothing about the chosen method are errors, as in the library. */
static bool check_method(const arguments *a) {
  bool point = a->method == METHOD_GRADIENT || a->method == METHOD_GRADIENT_TIMES_INPUT;
  if (!point) return true;
  if (a->baseline.name != NULL || a->baseline.sigma > 0 || a->baseline.samples > 0 || a->baseline.seeded)
    return usage_error(program, "--method %s looks at no baseline", a->method_name);
  if (a->rule != 0 || a->points != 0)
    return usage_error(program, "--method %s takes no --rule and no --points", a->method_name);
  return true;
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {
      {"method", required_argument, NULL, 'm'},  {"baseline", required_argument, NULL, 'b'},
      {"sigma", required_argument, NULL, 'g'},   {"samples", required_argument, NULL, 'n'},
      {"seed", required_argument, NULL, 's'},    {"rule", required_argument, NULL, 'r'},
      {"points", required_argument, NULL, 'p'},  {"target", required_argument, NULL, 't'},
      {"score", required_argument, NULL, 'c'},   {"palette", required_argument, NULL, 'l'},
      {"workers", required_argument, NULL, 'w'}, {"net", required_argument, NULL, 'e'},
      {"scale", required_argument, NULL, 'x'},   {"out", required_argument, NULL, 'o'},
      {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
  *a = (arguments){.method_name = "integrated-gradients", .style = {.palette = ATTRIB_PALETTE_DIVERGING}, .workers = 1};
  *code = EXIT_USAGE;
  int option;
  while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
    if (option == 'h') {
      fputs(help, stdout);
      *code = EXIT_DONE;
      return false;
    }
    if (!take(option, a)) return false;
  }
  if (optind + 1 != argc)
    return usage_error(program, "%s", optind == argc ? "no picture was given" : "one picture at a time");
  a->picture = argv[optind];
  if (!check_method(a)) return false;
  if (a->baseline.name == NULL) a->baseline.name = "black";
  return true;
}
