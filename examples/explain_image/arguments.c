#include "arguments.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "help.h"
#include "option_lists.h"
#include "report_page.h"
#include "targets.h"

static const char program[] = "explain_image";

enum { SIDE_MOST = 16384 };

static const struct option options[] = {{"method", required_argument, NULL, 'm'},
                                        {"list", no_argument, NULL, 'l'},
                                        {"baseline", required_argument, NULL, 'b'},
                                        {"sigma", required_argument, NULL, 'g'},
                                        {"samples", required_argument, NULL, 'n'},
                                        {"pixel", required_argument, NULL, 'p'},
                                        {"width", required_argument, NULL, 'w'},
                                        {"layer", required_argument, NULL, 'y'},
                                        {"scale", required_argument, NULL, 'x'},
                                        {"groups", required_argument, NULL, 'G'},
                                        {"model", required_argument, NULL, 'M'},
                                        {"size", required_argument, NULL, 'S'},
                                        {"mean", required_argument, NULL, 'e'},
                                        {"deviation", required_argument, NULL, 'd'},
                                        {"labels", required_argument, NULL, 'L'},
                                        {"replay", required_argument, NULL, 'R'},
                                        {"report", no_argument, NULL, 'H'},
                                        {"check", no_argument, NULL, 'C'},
                                        {"version", no_argument, NULL, 'V'},
                                        COMMON_OPTIONS,
                                        {NULL, 0, NULL, 0}};

static bool take_pixel(const char *text, settings *s) {
  list_value values[2];
  int count;
  if (!parse_list(program, "--pixel", text, 2, values, &count)) return false;
  if (count != 2) return usage_error(program, "--pixel '%.60s': must be X,Y", text);
  s->of_pixel = true;
  return parse_count(program, "--pixel", values[0], 0, SIDE_MOST - 1, &s->pixel[0]) &&
         parse_count(program, "--pixel", values[1], 0, SIDE_MOST - 1, &s->pixel[1]);
}

static bool take_grid(const char *text, settings *s) {
  if (strncmp(text, "grid:", 5) != 0) return usage_error(program, "--groups '%.60s': must be grid:N", text);
  return parse_count(program, "--groups grid", text + 5, 1, SIDE_MOST, &s->grid);
}

static bool take_size(const char *text, torch_source *torch) {
  char width[16];
  const size_t length = strcspn(text, "x");
  if (length >= sizeof width || text[length] != 'x')
    return usage_error(program, "--size '%.60s': must be WxH, such as 224x224", text);
  memcpy(width, text, length);
  width[length] = '\0';
  return parse_count(program, "--size", width, 1, SIDE_MOST, &torch->width) &&
         parse_count(program, "--size", text + length + 1, 1, SIDE_MOST, &torch->height);
}

static bool take_channels(const char *option, const char *text, bool positive, double *values) {
  list_value parts[3];
  int count;
  if (!parse_list(program, option, text, 3, parts, &count)) return false;
  for (int i = 0; i < 3; i++) {
    char *end = parts[0];
    values[i] = count == 3 ? strtod(parts[i], &end) : 0;
    if (end == parts[i] || *end != '\0' || !(fabs(values[i]) <= 1e6) || (positive && values[i] <= 0) || count != 3)
      return usage_error(program, "%s '%.60s': must be three numbers R,G,B%s", option, text,
                         positive ? " above 0" : "");
  }
  return true;
}

static bool take_target(const char *text, arguments *a) {
  if (*text == '\0') return usage_error(program, "--target is empty");
  if (a->n_targets == TARGET_OPTIONS_MOST)
    return usage_error(program, "--target: given more than %d times", TARGET_OPTIONS_MOST);
  a->targets[a->n_targets++] = text;
  return true;
}

/* Whether an option says something about --check: what of the network, for what, and against what. */
static bool is_of_check(int option) {
  static const int of_check[] = {
      'C', 'b', 'g', 'M', 'S', 'e', 'd', 'L', OPTION_TARGET, OPTION_SCORE, OPTION_SEED, OPTION_WORKERS, OPTION_NET};
  for (size_t i = 0; i < sizeof of_check / sizeof of_check[0]; i++)
    if (option == of_check[i]) return true;
  return false;
}

static const char *option_name(int option) {
  const struct option *o = options;
  while (o->name != NULL && o->val != option) o++;
  return o->name;
}

static bool take(int option, void *of) {
  arguments *a = of;
  settings *s = &a->settings;
  a->others += option != 'R' && option != OPTION_WORKERS;
  if (a->of_maps == NULL && !is_of_check(option)) a->of_maps = option_name(option);
  switch (option) {
    case 'm': return take_methods(program, optarg, a);
    case 'b': return take_baselines(program, optarg, a);
    case 'g': return parse_positive(program, "--sigma", optarg, 1e6, &s->sigma);
    case 'n': return parse_count(program, "--samples", optarg, 1, 1000000, &s->samples);
    case 'p': return take_pixel(optarg, s);
    case 'w': return parse_positive(program, "--width", optarg, 1, &s->width);
    case 'y': s->layer = optarg; return true;
    case 'x': return parse_positive(program, "--scale", optarg, 1e300, &a->style.scale);
    case 'G': return take_grid(optarg, s);
    case 'M': return parse_text(program, "--model", optarg, &s->source.torch.path);
    case 'S': return take_size(optarg, &s->source.torch);
    case 'e': return take_channels("--mean", optarg, false, s->source.torch.mean);
    case 'd': return take_channels("--deviation", optarg, true, s->source.torch.deviation);
    case 'L': return parse_text(program, "--labels", optarg, &s->source.labels);
    case 'R': return parse_text(program, "--replay", optarg, &a->replay);
    case 'H': a->report = true; return true;
    case 'C': a->check = true; return true;
    case OPTION_TARGET: return take_target(optarg, a);
    default: return common_options_take(program, option, &s->common);
  }
}

static void list(void) {
  method_list(false);
}

/* The pairs of methods and baselines. */
static bool make_pairs(arguments *a) {
  const bool strict = a->n_methods == 1 && a->n_baselines <= 1;
  bool looks = false;
  for (int m = 0; m < a->n_methods; m++) {
    const picture_method *method = a->methods[m];
    const bool against = method->baseline != NULL;
    const int count = a->n_baselines > 0 && (against || strict) ? a->n_baselines : 1;
    looks = looks || against;
    for (int b = 0; b < count; b++)
      if (!pair_make(program, &a->settings, method, a->n_baselines > 0 && (against || strict) ? a->baselines[b] : "",
                     strict, &a->pairs[a->n_pairs++]))
        return false;
  }
  if (!looks && a->n_baselines > 0) return usage_error(program, "--method: none of these looks at a baseline");
  for (int i = 0; i < a->n_pairs; i++)
    if (!pair_is_possible(program, &a->settings, &a->pairs[i])) return false;
  return pairs_take_all(program, &a->settings, a->pairs, a->n_pairs);
}

/* What is wrong with a target whatever the picture is; of names and numbers the network has to be asked. */
static bool check_targets(const arguments *a) {
  for (int i = 0; i < a->n_targets && a->settings.source.labels == NULL; i++) { /* of which one may be "top:x" */
    const char *text = a->targets[i];
    char *end;
    if (strncmp(text, "top:", 4) != 0) continue;
    const long number = text[4] >= '0' && text[4] <= '9' ? strtol(text + 4, &end, 10) : 0;
    if (number < 1 || number > TARGETS_MOST || *end != '\0')
      return usage_error(program, "--target '%.60s': must be top:1 to top:%d", text, TARGETS_MOST);
  }
  return true;
}

static bool check_network(const arguments *a) {
  const torch_source *torch = &a->settings.source.torch;
  const int64_t width = torch->path != NULL ? torch->width : SMALL_NET_WIDTH;
  const int64_t height = torch->path != NULL ? torch->height : SMALL_NET_HEIGHT;
  if (torch->path != NULL && a->settings.source.weights != NULL)
    return usage_error(program, "--net is for the bundled network, not for --model");
  if (torch->path == NULL && (torch->width > 0 || torch->mean[0] != 0 || torch->mean[1] != 0 || torch->mean[2] != 0 ||
                              torch->deviation[0] > 0))
    return usage_error(program, "--size, --mean and --deviation are for --model");
  if (a->settings.of_pixel && (a->settings.pixel[0] >= width || a->settings.pixel[1] >= height))
    return usage_error(program, "--pixel: must be 0,0 to %lld,%lld", (long long)width - 1, (long long)height - 1);
  return true;
}

/* What the page can show is less than what a run can make. */
static bool check_page(const arguments *a) {
  const torch_source *torch = &a->settings.source.torch; /* the bundled network's pictures are small */
  if (!a->report) return true;
  if (torch->width > REPORT_MOST_SIDE || torch->height > REPORT_MOST_SIDE)
    return usage_error(program, "--report: the page shows pictures up to %dx%d, --size is %lldx%lld", REPORT_MOST_SIDE,
                       REPORT_MOST_SIDE, (long long)torch->width, (long long)torch->height);
  if (a->n_pictures <= REPORT_MOST_ITEMS) return true;
  return usage_error(program, "--report: the page shows up to %d pictures, not %d", REPORT_MOST_ITEMS, a->n_pictures);
}

static bool check(arguments *a) {
  if (a->replay != NULL && (a->others > 0 || a->n_pictures > 0))
    return usage_error(program, "--replay takes everything from the record: give --workers beside it, or nothing");
  if (a->replay != NULL) return true;
  if (a->n_pictures == 0) return usage_error(program, "no picture was given");
  for (int i = 0; i < a->n_pictures; i++)
    if (a->pictures[i][0] == '\0') return usage_error(program, "picture %d: its path is empty", i + 1);
  if (a->check && a->of_maps != NULL)
    return usage_error(program, "--check makes no maps: --%s has no meaning for it", a->of_maps);
  if (a->check) a->settings.common.seeded = false; /* it draws directions, whatever the baseline */
  return check_network(a) && check_page(a) && check_targets(a) && make_pairs(a);
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const command_line line = {program, explain_image_help, options, take, list, explain_image_more_help};
  *a = (arguments){.methods = {picture_methods}, .n_methods = 1};
  common_options_init(&a->settings.common);
  if (!parse_command_options(&line, argc, argv, a, code)) return false;
  a->pictures = argv + optind;
  a->n_pictures = argc - optind;
  a->style.palette = a->settings.common.palette;
  a->settings.source.weights = a->settings.common.net;
  if (a->settings.source.torch.path != NULL && a->settings.source.torch.width == 0)
    a->settings.source.torch.width = a->settings.source.torch.height = 224;
  *code = EXIT_USAGE;
  return check(a);
}
