/* common_options.h - the options that every program which explains a picture takes. */
#ifndef EXAMPLES_COMMON_OPTIONS_H
#define EXAMPLES_COMMON_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <attrib/methods.h>

/* NULL and 0 = not given; score and workers always hold a value. */
typedef struct common_options {
  const char *picture, *target, *net, *prefix; /* target NULL = the most probable class */
  uint32_t rule, score, workers;
  uint32_t palette; /* ATTRIB_PALETTE_* */
  int64_t points, max_evaluations;
  double tolerance;
  uint64_t seed;
  bool seeded; /* the user gave the seed */
} common_options;

/* For the array of getopt_long; needs <getopt.h>. The numbers are above every character. */
#define COMMON_OPTIONS                                                                                      \
  {"rule", required_argument, NULL, OPTION_RULE}, {"points", required_argument, NULL, OPTION_POINTS},       \
      {"tolerance", required_argument, NULL, OPTION_TOLERANCE},                                             \
      {"max-evaluations", required_argument, NULL, OPTION_MAX_EVALUATIONS},                                 \
      {"target", required_argument, NULL, OPTION_TARGET}, {"score", required_argument, NULL, OPTION_SCORE}, \
      {"palette", required_argument, NULL, OPTION_PALETTE}, {"seed", required_argument, NULL, OPTION_SEED}, \
      {"workers", required_argument, NULL, OPTION_WORKERS}, {"net", required_argument, NULL, OPTION_NET},   \
      {"out", required_argument, NULL, OPTION_OUT}, {                                                       \
    "help", no_argument, NULL, 'h'                                                                          \
  }
enum {
  OPTION_RULE = 256,
  OPTION_POINTS,
  OPTION_TOLERANCE,
  OPTION_MAX_EVALUATIONS,
  OPTION_TARGET,
  OPTION_SCORE,
  OPTION_PALETTE,
  OPTION_SEED,
  OPTION_WORKERS,
  OPTION_NET,
  OPTION_OUT
};

/* Their part of a help text; --seed is the program's to explain. */
#define COMMON_HELP                                                                                     \
  "  --tolerance X     error of integrated gradients to reach, relative to the map (default 0.05)\n"    \
  "  --max-evaluations N  most gradients for it (default 256, or 16 per baseline)\n"                    \
  "  --points N        that many gradients per baseline instead, whatever the error\n"                  \
  "  --rule NAME       adaptive (default); midpoint (default with --points), left, right, trapezoid,\n" \
  "                    gauss-legendre\n"                                                                \
  "  --target CLASS    number or name; default: the most probable class\n"                              \
  "  --score NAME      logit (default), probability\n"                                                  \
  "  --palette NAME    diverging (default: signed, red for, blue against), sequential (size alone)\n"   \
  "  --workers N       threads (default 1, at most 64); the result has the same bits for any number\n"  \
  "  --net FILE        weights of the network; default: the bundled ones\n"                             \
  "  --out PREFIX      default: the picture's name without folder and extension\n"                      \
  "  --help            this text\n"                                                                     \
  "\n"                                                                                                  \
  "Exit codes: 0 done, 1 failed, 2 wrong options.\n"

void common_options_init(common_options *o);

/* How the integral is to be taken. */
attrib_ig_options common_options_integral(const common_options *o);

/* "points", "tolerance" or "max-evaluations", whichever does not go with rule and points; NULL = none. */
const char *common_options_clash(const common_options *o);

/* The same; false after a line on stderr. */
bool common_options_check(const char *program, const common_options *o);

/* Takes one of COMMON_OPTIONS, with its value in optarg; false after a line on stderr. */
bool common_options_take(const char *program, int option, common_options *o);

#endif
