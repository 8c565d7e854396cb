#include "arguments.h"

#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: explain_image [options] PICTURE\n"
    "Explains what the bundled network sees in a picture (PPM, PNG or JPEG): writes PREFIX_heat.png and\n"
    "PREFIX_overlay.png, and prints probabilities, completeness error, error estimate and cost.\n"
    "\n"
    "  --method NAME     ig (integrated gradients, the default), expected-gradients, smoothgrad, guided-ig, ...\n"
    "  --list            all methods, with what they cost, and all baselines\n"
    "  --baseline NAME   black (default of most methods), white, grey, another colour (name, #rrggbb, or R,G,B\n"
    "                    each 0 to 1), max-distance, blur, uniform, gaussian, gaussian-truncated, training,\n"
    "                    other-class, max-entropy, near-zero, ascent\n"
    "  --sigma S         of blur in pixels of the network's input (default 5; of blur-ig 10), of gaussian and of\n"
    "                    the noise of smoothgrad and its kin in pixel values (default 0.5; of these 15 % of the\n"
    "                    picture's range)\n"
    "  --samples N       rows of a random baseline to average over (default 10), training pictures; draws of\n"
    "                    expected-gradients (default 200), smoothgrad and its kin (default 50)\n"
    "  --pixel X,Y       of interactions: of which pixel of the network's input, from 0,0 at the top left (default:\n"
    "                    that with the largest attribution, as among the channels of one)\n"
    "  --width W         of interactions: gradients are compared W on both sides of the pixel's value (default 0.1)\n"
    "  --layer NAME      of the layer-... methods: picture, conv1, relu1, ... (default conv2); the map is the sum "
    "over\n"
    "                    the layer's channels, each of its cells as large as in the picture\n"
    "  --seed N          of everything random (default 0); the same seed gives the same bits\n"
    "  --scale X         attribution that gets the full colour; default: the map's 99th percentile, which\n"
    "                    is printed, so that the next map can be drawn with the same\n" COMMON_HELP;

static const char program[] = "explain_image";

static bool take_pixel(const char *text, int64_t *pixel) {
  static const int64_t sides[2] = {SMALL_NET_WIDTH, SMALL_NET_HEIGHT};
  list_value values[2];
  int64_t at[2];
  int count;
  if (!parse_list(program, "--pixel", text, 2, values, &count)) return false;
  if (count != 2) return usage_error(program, "--pixel '%.60s': must be X,Y", text);
  for (int i = 0; i < 2; i++)
    if (!parse_count(program, "--pixel", values[i], 0, sides[i] - 1, &at[i])) return false;
  *pixel = at[1] * SMALL_NET_WIDTH + at[0];
  return true;
}

static bool take(int option, void *of) {
  arguments *a = of;
  switch (option) {
    case 'm': a->job.method = method_find(program, optarg); return a->job.method != NULL;
    case 'b': a->baseline.name = optarg; return true;
    case 'g': return parse_positive(program, "--sigma", optarg, 1e6, &a->baseline.sigma);
    case 'n': return parse_count(program, "--samples", optarg, 1, 1000000, &a->baseline.samples);
    case 'p': a->job.pixel = &a->pixel; return take_pixel(optarg, &a->pixel);
    case 'w': return parse_positive(program, "--width", optarg, 1, &a->job.width);
    case 'y': a->job.layer = optarg; return true;
    case 'x': return parse_positive(program, "--scale", optarg, 1e300, &a->style.scale);
    default: return common_options_take(program, option, &a->common);
  }
}

static void list(void) {
  method_list(false);
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
                                          COMMON_OPTIONS,
                                          {NULL, 0, NULL, 0}};
  static const command_line line = {program, help, options, take, list};
  *a = (arguments){.job = {.method = picture_methods}};
  common_options_init(&a->common);
  if (!parse_command_line(&line, argc, argv, a, &a->common.picture, code)) return false;
  a->job.options = &a->common;
  a->style.palette = a->common.palette;
  *code = EXIT_USAGE;
  return method_settle(program, &a->job, &a->baseline) && common_options_check(program, &a->common);
}
