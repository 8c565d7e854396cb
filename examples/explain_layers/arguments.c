#include "arguments.h"

#include <getopt.h>
#include <string.h>

static const char program[] = "explain_layers";
static const char help[] =
    "Usage: explain_layers [options] PICTURE\n"
    "One picture explained at every layer of the bundled network, in seven ways: PREFIX_layers.png holds a row\n"
    "of maps for each way and a column for each layer that has planes, PREFIX_layers.csv all of it as numbers.\n"
    "\n"
    "Each way attributes T = f(picture) - f(baseline) to a layer's activations: integrated gradients on the\n"
    "line between their two ends, and along the image of the input's path, which sum to T; and gradient x\n"
    "activation, LayerCAM, ODAM, the difference map and a first-order Taylor term, which mostly do not. Under\n"
    "each map stands its attribution error, |sum - T| / |T|. It tells whether a map accounts for T, not whether\n"
    "it puts it in the right place.\n"
    "\n"
    "  --baseline NAME   black (default), white, grey, another colour (name, #rrggbb, or R,G,B each 0 to 1),\n"
    "                    max-distance, blur; or one that is searched for: max-entropy, near-zero, ascent\n"
    "  --tolerance X     of the line: error of its integral to reach, relative to the map (default 0.05)\n"
    "  --points N        of the path: its chords, one gradient each (default 50)\n"
    "  --target CLASS    number or name; default: the most probable class\n"
    "  --score NAME      logit (default), probability\n"
    "  --workers N       threads (default 1, at most 64); the result has the same bits for any number\n"
    "  --net FILE        weights of the network; default: the bundled ones\n"
    "  --out PREFIX      default: the picture's name without folder and extension\n"
    "  --help            this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

static bool take(int option, void *of) {
  arguments *a = of;
  if (option != 'b') return common_options_take(program, option, &a->common);
  static const char *const several[] = {"uniform", "gaussian", "gaussian-truncated", "training", "other-class"};
  for (size_t i = 0; i < sizeof several / sizeof several[0]; i++)
    if (strcmp(optarg, several[i]) == 0)
      return usage_error(program, "--baseline %s is of many rows: layers are explained from one", optarg);
  a->baseline.name = optarg;
  return true;
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"baseline", required_argument, NULL, 'b'},
                                          {"tolerance", required_argument, NULL, OPTION_TOLERANCE},
                                          {"points", required_argument, NULL, OPTION_POINTS},
                                          {"target", required_argument, NULL, OPTION_TARGET},
                                          {"score", required_argument, NULL, OPTION_SCORE},
                                          {"workers", required_argument, NULL, OPTION_WORKERS},
                                          {"net", required_argument, NULL, OPTION_NET},
                                          {"out", required_argument, NULL, OPTION_OUT},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  static const command_line line = {program, help, options, take, NULL};
  *a = (arguments){.baseline = {.name = "black"}};
  common_options_init(&a->common);
  return parse_command_line(&line, argc, argv, a, &a->common.picture, code);
}
