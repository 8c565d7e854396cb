#include "arguments.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "help.h"
#include "report.h"

static const char program[] = "explain_image";

enum { SIDE_MOST = 16384 };

static bool take_pixel(const char *text, settings *s) {
  list_value values[2];
  int count;
  if (!parse_list(program, "--pixel", text, 2, values, &count)) return false;
  if (count != 2) return usage_error(program, "--pixel '%.60s': must be X,Y", text);
  s->of_pixel = true;
  return parse_count(program, "--pixel", values[0], 0, SIDE_MOST - 1, &s->pixel[0]) &&
         parse_count(program, "--pixel", values[1], 0, SIDE_MOST - 1, &s->pixel[1]);
}

static bool take_methods(const char *text, arguments *a) {
  for (a->n_methods = 0; text != NULL;) {
    const size_t length = strcspn(text, ",");
    char name[64]; /* longer ones there are none of, nor of their beginnings */
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
    const picture_method *method = method_find(program, name);
    if (method == NULL) return false;
    for (int i = 0; i < a->n_methods; i++)
      if (a->methods[i] == method) return usage_error(program, "--method: %s is given twice", method->name);
    a->methods[a->n_methods++] = method; /* none twice, so they fit */
    text = text[length] == ',' ? text + length + 1 : NULL;
  }
  return true;
}

/* Where a baseline's name ends: at a comma, unless it is a colour of three numbers; NULL where none begins. */
static const char *baseline_end(const char *text) {
  double unused[3];
  char name[BASELINE_TEXT];
  const size_t length = strcspn(text, ",");
  if (length >= sizeof name) return NULL;
  memcpy(name, text, length);
  name[length] = '\0';
  return is_baseline_name(name) ? text + length : read_colour(text, unused);
}

/* What is no list of names is one name, of which it is said later that there is none. */
static bool take_baselines(const char *text, arguments *a) {
  a->baseline_text = text;
  for (a->n_baselines = 0; text != NULL;) {
    const char *end = baseline_end(text);
    const size_t length = end == NULL ? 0 : (size_t)(end - text);
    if (end == NULL || length >= BASELINE_TEXT) break;
    if (a->n_baselines == BASELINES_MOST)
      return usage_error(program, "--baseline: more than %d values", BASELINES_MOST);
    char *kept = a->baselines[a->n_baselines];
    memcpy(kept, text, length);
    kept[length] = '\0';
    for (int i = 0; i < a->n_baselines; i++)
      if (strcmp(a->baselines[i], kept) == 0) return usage_error(program, "--baseline: %s is given twice", kept);
    a->n_baselines++;
    text = *end == ',' ? end + 1 : NULL;
  }
  if (text == NULL) return true;
  a->n_baselines = 1;
  snprintf(a->baselines[0], sizeof a->baselines[0], "%s", a->baseline_text[0] == '\0' ? "?" : a->baseline_text);
  return true;
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
  if (a->n_targets == TARGET_OPTIONS_MOST)
    return usage_error(program, "--target: given more than %d times", TARGET_OPTIONS_MOST);
  a->targets[a->n_targets++] = text;
  return true;
}

static bool take(int option, void *of) {
  arguments *a = of;
  settings *s = &a->settings;
  a->others += option != 'R' && option != OPTION_WORKERS;
  switch (option) {
    case 'm': return take_methods(optarg, a);
    case 'b': return take_baselines(optarg, a);
    case 'g': return parse_positive(program, "--sigma", optarg, 1e6, &s->sigma);
    case 'n': return parse_count(program, "--samples", optarg, 1, 1000000, &s->samples);
    case 'p': return take_pixel(optarg, s);
    case 'w': return parse_positive(program, "--width", optarg, 1, &s->width);
    case 'y': s->layer = optarg; return true;
    case 'x': return parse_positive(program, "--scale", optarg, 1e300, &a->style.scale);
    case 'G': return take_grid(optarg, s);
    case 'M': s->source.torch.path = optarg; return true;
    case 'S': return take_size(optarg, &s->source.torch);
    case 'e': return take_channels("--mean", optarg, false, s->source.torch.mean);
    case 'd': return take_channels("--deviation", optarg, true, s->source.torch.deviation);
    case 'L': s->source.labels = optarg; return true;
    case 'R': a->replay = optarg; return true;
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
  return strict || pairs_take_all(program, &a->settings, a->pairs, a->n_pairs);
}

static bool check(arguments *a) {
  const torch_source *torch = &a->settings.source.torch;
  if (a->replay != NULL && (a->others > 0 || a->n_pictures > 0))
    return usage_error(program, "--replay takes everything from the record: give --workers beside it, or nothing");
  if (a->replay != NULL) return true;
  if (a->n_pictures == 0) return usage_error(program, "no picture was given");
  if (a->report && a->check) return usage_error(program, "--check makes no maps, so there is nothing to --report");
  if (torch->path != NULL && a->settings.source.weights != NULL)
    return usage_error(program, "--net is for the bundled network, not for --model");
  if (torch->path == NULL && (torch->width > 0 || torch->mean[0] != 0 || torch->mean[1] != 0 || torch->mean[2] != 0 ||
                              torch->deviation[0] > 0))
    return usage_error(program, "--size, --mean and --deviation are for --model");
  if (torch->path == NULL && a->settings.of_pixel &&
      (a->settings.pixel[0] >= SMALL_NET_WIDTH || a->settings.pixel[1] >= SMALL_NET_HEIGHT))
    return usage_error(program, "--pixel: must be 0,0 to %d,%d", SMALL_NET_WIDTH - 1, SMALL_NET_HEIGHT - 1);
  return make_pairs(a);
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
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
                                          COMMON_OPTIONS,
                                          {NULL, 0, NULL, 0}};
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

bool baselines_exist(const arguments *a, char *message) {
  if (a->n_baselines != 1 || is_baseline_name(a->baselines[0])) return true; /* of several all do */
  snprintf(message, FILE_MESSAGE_CAPACITY, "baseline '%.60s' is none of: " BASELINE_NAMES, a->baseline_text);
  return false;
}
