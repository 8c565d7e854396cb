#include "arguments.h"

#include <getopt.h>

#include <string_view>

#include "choose_baseline.h"
#include "command_line.h"

namespace {

const char program[] = "opencv_regions";

const char help[] =
    "Usage: opencv_regions [options] PICTURE\n"
    "Explains what a network in an ONNX file, run by OpenCV, sees in a picture (PPM, PNG or JPEG), without gradients:\n"
    "by central differences over regions. Writes PREFIX_heat.png and PREFIX_overlay.png, and prints the regions'\n"
    "attributions, completeness, the errors of the differences, and the cost in rows of the network.\n"
    "\n"
    "  --grid N          regions are squares of N pixels of the network's 64 x 64 (default 8)\n"
    "  --baseline NAME   black (default), white, grey, another colour (name, #rrggbb, or R,G,B each 0 to 1),\n"
    "                    max-distance, blur\n"
    "  --target CLASS    number of an output, or of the bundled network the name of a class; default: the output with\n"
    "                    the highest score\n"
    "  --tolerance X     error of the integral to reach, relative to the map (default 0.05)\n"
    "  --max-evaluations N  most nodes on the path for it (default 256), of two rows per region each\n"
    "  --points N        that many nodes instead, whatever the error\n"
    "  --step X          half the width of a difference, as a part of the way from baseline to picture, 2^-30 to "
    "0.25,\n"
    "                    rounded down to a power of two (default: from the noise of the scores)\n"
    "  --compare         explain the bundled network by its own backward pass, too, and say how far apart they are;\n"
    "                    with --points (default 32), so that both stand on the same nodes\n"
    "  --model FILE      the network: takes 3 x 64 x 64 values in [0, 1], gives one vector of scores; default: the\n"
    "                    bundled one\n"
    "  --out PREFIX      default: the picture's name without folder and extension\n"
    "  --help            this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

constexpr double smallest_step = 1.0 / (1 << 30);

bool take_baseline(const char *name, const char **baseline) {
  *baseline = name;
  double unused[3];
  const char *end = read_colour(name, unused);
  const std::string_view text(name);
  if ((end != nullptr && *end == '\0') || text == "max-distance" || text == "blur") return true;
  return usage_error(program, "--baseline '%.60s': must be " COLOUR_FORMS "; max-distance or blur", name);
}

bool take(int option, void *of) {
  auto *a = static_cast<arguments *>(of);
  switch (option) {
    case 'g': return parse_count(program, "--grid", optarg, 1, SMALL_NET_WIDTH, &a->grid);
    case 'b': return take_baseline(optarg, &a->baseline);
    case 't': a->target = optarg; return true;
    case 'e': return parse_positive(program, "--tolerance", optarg, 1, &a->tolerance);
    case 'x': return parse_count(program, "--max-evaluations", optarg, 3, 1000000, &a->max_evaluations);
    case 'p': return parse_count(program, "--points", optarg, 1, 1000000, &a->points);
    case 's':
      return parse_positive(program, "--step", optarg, 0.25, &a->step) &&
             (a->step >= smallest_step || usage_error(program, "--step '%.60s': must be at least 2^-30", optarg));
    case 'c': a->compare = true; return true;
    case 'm': a->model = optarg; return true;
    case 'o': a->prefix = optarg; return *optarg != '\0' || usage_error(program, "--out is empty");
    default: return false;
  }
}

bool check(const arguments &a) {
  const bool adaptive = a.tolerance > 0 || a.max_evaluations > 0;
  const char *option = a.tolerance > 0 ? "tolerance" : "max-evaluations";
  if (a.points > 0 && adaptive) return usage_error(program, "--%s has no meaning with --points", option);
  if (a.compare && adaptive) return usage_error(program, "--compare takes --points, not --%s", option);
  if (a.compare && a.model != nullptr)
    return usage_error(program, "--compare is for the bundled network: it takes no --model");
  return true;
}

}  // namespace

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const option options[] = {{"grid", required_argument, nullptr, 'g'},
                                   {"baseline", required_argument, nullptr, 'b'},
                                   {"target", required_argument, nullptr, 't'},
                                   {"tolerance", required_argument, nullptr, 'e'},
                                   {"max-evaluations", required_argument, nullptr, 'x'},
                                   {"points", required_argument, nullptr, 'p'},
                                   {"step", required_argument, nullptr, 's'},
                                   {"compare", no_argument, nullptr, 'c'},
                                   {"model", required_argument, nullptr, 'm'},
                                   {"out", required_argument, nullptr, 'o'},
                                   {"help", no_argument, nullptr, 'h'},
                                   {nullptr, 0, nullptr, 0}};
  static const command_line line = {program, help, options, take, nullptr, nullptr};
  *a = arguments{};
  if (!parse_command_line(&line, argc, argv, a, &a->picture, code)) return false;
  *code = EXIT_USAGE;
  if (!check(*a)) return false;
  const int64_t default_points = 32;
  if (a->compare && a->points == 0) a->points = default_points;
  return true;
}
