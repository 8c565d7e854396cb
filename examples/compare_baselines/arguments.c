#include "arguments.h"

#include <getopt.h>
#include <string.h>

#include "colour.h"

static const char program[] = "compare_baselines";
static const char help[] =
    "Usage: compare_baselines [options] PICTURE\n"
    "One picture explained from many baselines, side by side: PREFIX_baselines.png holds integrated gradients\n"
    "(IG) from a constant colour, max-distance, blur, uniform, gaussian and one training picture, each baseline\n"
    "in small; the average over many uniform ones; expected gradients over the training pictures; SmoothGrad.\n"
    "Under each map: completeness error, error estimate where the method gives one (with a ! where it is above\n"
    "the tolerance that was asked for; after completeness where it is above 10 %), rows of the model used.\n"
    "\n"
    "  --sweep NAME      baselines (default); methods: PREFIX_methods.png holds the picture's maps by all\n"
    "                    methods, each with its defaults; searched: PREFIX_searched.png, IG from baselines that\n"
    "                    are searched for with the network\n"
    "  --method NAME     PREFIX_baselines.png holds the picture by that method of --list, against each baseline\n"
    "  --baseline LIST   these baselines of --list instead, by the method (default ig); noise and training pictures\n"
    "                    are one row each, or --samples N; of methods over several as of explain_image\n"
    "  --layer NAME      of the layer-... methods (default conv2)\n"
    "  --list            all methods, with what they cost, and all baselines\n"
    "  --colour LIST     of the constant baseline: names such as black, white, grey or red, #rrggbb, or R,G,B\n"
    "                    each 0 to 1 (default black)\n"
    "  --sigma LIST      S: blur of S pixels of the network's input, gaussian and SmoothGrad noise of S/10 of\n"
    "                    the pixels' range (default: 5; SmoothGrad: 15 % of the picture's own range)\n"
    "  --samples LIST    gradients of the average, expected gradients and SmoothGrad (default 500)\n"
    "                    A list has commas between its values, at most 12. One option with several values\n"
    "                    makes a strip of that sweep instead, PREFIX_colour.png, PREFIX_sigma.png (blur,\n"
    "                    gaussian and SmoothGrad) or PREFIX_samples.png (average, expected gradients and\n"
    "                    SmoothGrad).\n"
    "  --seed N          of everything random (default 0); the training picture is number N of them, modulo\n"
    "                    their count\n"
    "  --bank FILE       training pictures, 64 x 64, one below the other; default: the bundled 96\n"
    "  --scale NAME      shared (default: one scale for all attributions, and one for SmoothGrad, which is a\n"
    "                    gradient), own (default of methods: each map's 99th percentile gets the full colour)\n"
    "  --columns N       maps side by side (default 5, methods 8, searched 3; sigma, samples: a row for each\n"
    "                    method)\n" COMMON_HELP;

static const named_value scales[] = {{"shared", 0}, {"own", 1}, {NULL, 0}};
static const named_value sweeps[] = {
    {"baselines", SWEEP_BASELINES}, {"methods", SWEEP_METHODS}, {"searched", SWEEP_SEARCHED}, {NULL, 0}};

const char *sweep_name(sweep which) {
  return which == SWEEP_COLOUR     ? "colour"
         : which == SWEEP_SIGMA    ? "sigma"
         : which == SWEEP_SAMPLES  ? "samples"
         : which == SWEEP_METHODS  ? "methods"
         : which == SWEEP_SEARCHED ? "searched"
                                   : "baselines";
}

/* Where a baseline's name ends; NULL where none begins. */
static const char *read_baseline(const char *text, double *unused) {
  const size_t length = strcspn(text, ",");
  list_value name;
  if (length >= sizeof name) return read_colour(text, unused);
  memcpy(name, text, length);
  name[length] = '\0';
  return is_baseline_name(name) ? text + length : read_colour(text, unused);
}

/* R,G,B has the comma of the list, but no name and no #rrggbb begins with a digit. */
static bool take_list(const char *option, const char *forms, const char *(*read)(const char *text, double *unused),
                      const char *text, list_value *values, int *count) {
  for (*count = 0; text != NULL; ++*count) {
    double unused[3];
    const char *end = read(text, unused);
    if (end == NULL) return usage_error(program, "%s '%.60s': must begin with %s", option, text, forms);
    if (*count == MOST_VALUES)
      return usage_error(program, "%s: more than %d values, at most %d are taken", option, MOST_VALUES, MOST_VALUES);
    size_t length = (size_t)(end - text);
    if (length >= sizeof values[0]) return usage_error(program, "%s '%.60s': longer than a value can be", option, text);
    memcpy(values[*count], text, length);
    values[*count][length] = '\0';
    text = *end == ',' ? end + 1 : NULL;
  }
  return true;
}

static bool take_colours(const char *text, arguments *a) {
  return take_list("--colour", COLOUR_FORMS, read_colour, text, a->colour, &a->colours);
}

static bool take_baselines(const char *text, arguments *a) {
  return take_list("--baseline", "one of " BASELINE_NAMES, read_baseline, text, a->against, &a->baselines);
}

static bool take_sigmas(const char *text, arguments *a) {
  list_value values[MOST_VALUES];
  bool ok = parse_list(program, "--sigma", text, MOST_VALUES, values, &a->sigmas);
  for (int i = 0; i < a->sigmas && ok; i++) ok = parse_positive(program, "--sigma", values[i], 1000, &a->sigma[i]);
  a->sigma_given = true;
  return ok;
}

static bool take_samples(const char *text, arguments *a) {
  list_value values[MOST_VALUES];
  bool ok = parse_list(program, "--samples", text, MOST_VALUES, values, &a->samples);
  for (int i = 0; i < a->samples && ok; i++)
    ok = parse_count(program, "--samples", values[i], 1, 1000000, &a->sample[i]);
  return ok;
}

static bool take(int option, void *of) {
  arguments *a = of;
  uint32_t value = 0;
  bool ok = true;
  switch (option) {
    case 'c': return take_colours(optarg, a);
    case 'm': a->method = method_find(program, optarg); return a->method != NULL;
    case 'y': a->layer = optarg; return true;
    case 'a': return take_baselines(optarg, a);
    case 'g': return take_sigmas(optarg, a);
    case 'n': return take_samples(optarg, a);
    case 'b': a->bank = optarg; return true;
    case 'k': return parse_count(program, "--columns", optarg, 1, MOST_COLUMNS, &a->columns);
    case 'x':
      ok = parse_name(program, "--scale", optarg, scales, &value);
      a->own_scale = value == 1;
      a->scale_given = true;
      return ok;
    case 'w':
      ok = parse_name(program, "--sweep", optarg, sweeps, &value);
      a->sweep = (sweep)value;
      return ok;
    default: return common_options_take(program, option, &a->common);
  }
}

/* Which sweep it is; options that say nothing about it are errors, as in the library. */
static bool choose_sweep(arguments *a) {
  int several = (a->colours > 1) + (a->sigmas > 1) + (a->samples > 1);
  const bool against = a->method != NULL || a->baselines > 0;
  if (several + (a->sweep != 0) + against > 1)
    return usage_error(program,
                       "one sweep at a time: --colour, --sigma or --samples with several values, --sweep, or "
                       "--method and --baseline");
  if (against) a->sweep = SWEEP_AGAINST;
  if (a->sweep == 0)
    a->sweep = a->colours > 1   ? SWEEP_COLOUR
               : a->sigmas > 1  ? SWEEP_SIGMA
               : a->samples > 1 ? SWEEP_SAMPLES
                                : SWEEP_BASELINES;
  const unsigned integrals = SWEEP_BASELINES | SWEEP_COLOUR | SWEEP_SIGMA | SWEEP_SEARCHED | SWEEP_AGAINST;
  const unsigned rows = SWEEP_BASELINES | SWEEP_SAMPLES | SWEEP_METHODS | SWEEP_AGAINST; /* of noise, of the bank */
  const struct {
    const char *name;
    bool given;
    unsigned sweeps; /* where it has a meaning */
  } options[] = {
      {"colour", a->colours > 0, SWEEP_BASELINES | SWEEP_COLOUR | SWEEP_METHODS | SWEEP_SEARCHED},
      {"sigma", a->sigma_given, SWEEP_BASELINES | SWEEP_SIGMA | SWEEP_SAMPLES},
      {"samples", a->samples > 0, SWEEP_BASELINES | SWEEP_SIGMA | SWEEP_SAMPLES | SWEEP_AGAINST},
      {"layer", a->layer != NULL, SWEEP_METHODS | SWEEP_AGAINST},
      {"seed", a->common.seeded, rows | SWEEP_SIGMA},
      {"bank", a->bank != NULL, rows | SWEEP_SEARCHED},
      {"columns", a->columns > 0, SWEEP_BASELINES | SWEEP_COLOUR | SWEEP_METHODS | SWEEP_SEARCHED | SWEEP_AGAINST},
      {"rule", a->common.rule != 0, integrals},
      {"points", a->common.points != 0, integrals},
      {"tolerance", a->common.tolerance > 0, integrals},
      {"max-evaluations", a->common.max_evaluations > 0, integrals}};
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    if (options[i].given && (options[i].sweeps & (unsigned)a->sweep) == 0)
      return against ? usage_error(program, "--%s has no meaning with --method or --baseline", options[i].name)
                     : usage_error(program, "--%s has no meaning %s%s%s", options[i].name,
                                   a->sweep >= SWEEP_METHODS ? "with --sweep " : "where --", sweep_name(a->sweep),
                                   a->sweep >= SWEEP_METHODS ? "" : " has several values");
  return true;
}

static const char usual_baselines[] =
    "black,white,grey,max-distance,blur,uniform,gaussian,training,other-class,max-entropy,near-zero,ascent";

/* What is not said of a strip by --method and --baseline; and that the method has a use for what is said. */
static bool settle_against(arguments *a) {
  if (a->method == NULL) a->method = picture_methods;
  if (a->method->baseline == NULL)
    return usage_error(program, "--method %s looks at no baseline: --sweep methods has it", a->method->name);
  if (a->baselines == 0) take_baselines(usual_baselines, a);
  common_options said = a->common;
  said.seeded = false; /* of the random ones among the baselines */
  method_job job = {.method = a->method, .options = &said, .layer = a->layer};
  baseline_request request = {.name = a->against[0]};
  return method_settle(program, &job, &request);
}

static void list(void) {
  method_list(false);
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"sweep", required_argument, NULL, 'w'},
                                          {"list", no_argument, NULL, 'l'},
                                          {"method", required_argument, NULL, 'm'},
                                          {"baseline", required_argument, NULL, 'a'},
                                          {"layer", required_argument, NULL, 'y'},
                                          {"colour", required_argument, NULL, 'c'},
                                          {"sigma", required_argument, NULL, 'g'},
                                          {"samples", required_argument, NULL, 'n'},
                                          {"bank", required_argument, NULL, 'b'},
                                          {"scale", required_argument, NULL, 'x'},
                                          {"columns", required_argument, NULL, 'k'},
                                          COMMON_OPTIONS,
                                          {NULL, 0, NULL, 0}};
  static const command_line line = {program, help, options, take, list, NULL};
  *a = (arguments){.bank = NULL};
  common_options_init(&a->common);
  if (!parse_command_line(&line, argc, argv, a, &a->common.picture, code)) return false;
  *code = EXIT_USAGE;
  if (!choose_sweep(a) || !common_options_check(program, &a->common)) return false;
  if (a->sweep == SWEEP_AGAINST && !settle_against(a)) return false;
  if (a->columns == 0) a->columns = a->sweep == SWEEP_METHODS ? 8 : a->sweep == SWEEP_SEARCHED ? 3 : 5;
  if (!a->scale_given) a->own_scale = a->sweep == SWEEP_METHODS;
  if (a->colours == 0) take_colours("black", a);
  if (a->sigmas == 0) a->sigma[a->sigmas++] = 5;
  if (a->samples == 0 && a->sweep != SWEEP_AGAINST) a->sample[a->samples++] = 500;
  return true;
}
