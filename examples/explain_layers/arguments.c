#include "arguments.h"

#include <getopt.h>

static const char program[] = "explain_layers";
static const char help[] =
    "Usage: explain_layers [options] PICTURE\n"
    "One picture explained at every layer of the bundled network, in eight ways: PREFIX_layers.png holds a row\n"
    "of maps for each way and a column for each layer that has planes, PREFIX_layers.csv all of it as numbers.\n"
    "\n"
    "Each way attributes T = f(picture) - f(baseline) to a layer's activations: integrated gradients on the\n"
    "line between their two ends, and along the image of the input's path, which sum to T; and gradient x\n"
    "activation, LayerCAM, ODAM, the difference map, a first-order Taylor term and the gradient itself, which\n"
    "mostly do not. Under each map stands its attribution error, |sum - T| / |T|. It tells whether a\n"
    "map accounts for T, not whether it puts it in the right place.\n"
    "\n"
    "  --form LIST       which of them, with commas: line, path, times-activation, cam, odam, difference, taylor,\n"
    "                    gradient (default: all)\n"
    "  --list            all forms, with the baseline that each implies and what it takes, and the baselines\n"
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

static bool take_forms(const char *text, arguments *a) {
  list_value values[FORMS];
  if (!parse_list(program, "--form", text, FORMS, values, &a->forms)) return false;
  for (int i = 0; i < a->forms; i++) {
    a->form[i] = layer_form_find(values[i]);
    if (a->form[i] == NULL) return usage_error(program, "--form '%.60s' is none of --list", values[i]);
    for (int k = 0; k < i; k++)
      if (a->form[k] == a->form[i]) return usage_error(program, "--form: %s is given twice", values[i]);
  }
  return true;
}

static bool has_form(const arguments *a, uint32_t form) {
  for (int i = 0; i < a->forms; i++)
    if (a->form[i]->form == form) return true;
  return false;
}

static bool take(int option, void *of) {
  arguments *a = of;
  if (option == 'f') return take_forms(optarg, a);
  if (option != 'b') return common_options_take(program, option, &a->common);
  if (is_of_many_rows(optarg))
    return usage_error(program, "--baseline %s is of many rows: layers are explained from one", optarg);
  a->baseline.name = optarg;
  return true;
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"form", required_argument, NULL, 'f'},
                                          {"list", no_argument, NULL, 'l'},
                                          {"baseline", required_argument, NULL, 'b'},
                                          {"tolerance", required_argument, NULL, OPTION_TOLERANCE},
                                          {"points", required_argument, NULL, OPTION_POINTS},
                                          {"target", required_argument, NULL, OPTION_TARGET},
                                          {"score", required_argument, NULL, OPTION_SCORE},
                                          {"workers", required_argument, NULL, OPTION_WORKERS},
                                          {"net", required_argument, NULL, OPTION_NET},
                                          {"out", required_argument, NULL, OPTION_OUT},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  static const command_line line = {program, help, options, take, layer_forms_list, NULL};
  *a = (arguments){.baseline = {.name = "black"}, .forms = FORMS};
  for (int i = 0; i < FORMS; i++) a->form[i] = &layer_forms[i];
  common_options_init(&a->common);
  if (!parse_command_line(&line, argc, argv, a, &a->common.picture, code)) return false;
  *code = EXIT_USAGE;
  if (a->common.points > 0 && !has_form(a, ATTRIB_LAYER_PATH))
    return usage_error(program, "--points is for the path, which is not among --form");
  if (a->common.tolerance > 0 && !has_form(a, ATTRIB_LAYER_LINE))
    return usage_error(program, "--tolerance is for the line, which is not among --form");
  return true;
}
