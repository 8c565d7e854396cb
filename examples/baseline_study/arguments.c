#define _GNU_SOURCE /* getopt_long */
#include "arguments.h"

#include <getopt.h>
#include <stdio.h>

#include "command_line.h"

static const char program[] = "baseline_study";
static const char help[] =
    "Usage: baseline_study [options]\n"
    "Twelve ways to choose the baseline of integrated gradients, and a random ranking for control, put through\n"
    "the tests that judge maps: ablation (top-k, centre of mass, deletion, insertion), DiffID, the mass inside\n"
    "the object; of some pictures sensitivity-n, infidelity, maximum sensitivity, and sweeps over the width of\n"
    "blur and noise and over the number of samples. On held-out pictures that the bundled network gets right.\n"
    "\n"
    "Writes into the folder of --out: results.csv, every picture, map and test; summary.csv, means and standard\n"
    "deviations; a figure for each test; warnings.csv, two ways in which maps mislead, measured on small networks\n"
    "that are trained for it. A run that was broken off goes on where it was when it is started again with the\n"
    "same options.\n"
    "\n"
    "  --out FOLDER     default: baseline_study; made where it is not there\n"
    "  --quick          a tenth of everything: --pictures 20 --few 2\n"
    "  --pictures N     held-out pictures, from the first on (default 200)\n"
    "  --few N          pictures of the slow tests and of the sweeps (default 20; 0: none)\n"
    "  --points N       gradients of integrated gradients (default 50)\n"
    "  --samples N      of expected gradients (default 200)\n"
    "  --seed N         of everything random (default 0)\n"
    "  --workers N      threads (default 1, at most 64); the results have the same bits for any number\n"
    "  --net FILE       weights of the network; default: the bundled ones\n"
    "  --guide FILE     also writes the tables into a page, between two marked lines\n"
    "  --from FILE      a summary.csv of before, warnings.csv beside it: draws and writes what is made of it, and "
    "measures nothing\n"
    "  --help           this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

typedef struct given {
  bool quick, pictures, few, measuring; /* measuring: the last option that has no meaning with --from */
} given;

static bool take(int option, arguments *a, given *g) {
  settings *s = &a->settings;
  int64_t number = 0;
  bool ok = true;
  if (option != 'o' && option != 'g' && option != 'f') g->measuring = true;
  switch (option) {
    case 'o': a->out = optarg; return *optarg != '\0' || usage_error(program, "--out is empty");
    case 'q': g->quick = true; return true;
    case 'n': g->pictures = true; return parse_count(program, "--pictures", optarg, 1, 1000000, &s->pictures);
    case 'k': g->few = true; return parse_count(program, "--few", optarg, 0, 1000000, &s->few);
    case 'p': return parse_count(program, "--points", optarg, 1, 1000000, &s->points);
    case 'm': return parse_count(program, "--samples", optarg, 1, 1000000, &s->samples);
    case 's': return parse_count(program, "--seed", optarg, 0, INT64_MAX / 2, &s->seed);
    case 'w':
      ok = parse_count(program, "--workers", optarg, 1, 64, &number);
      a->workers = (uint32_t)number;
      return ok;
    case 'e': a->net = optarg; return true;
    case 'g': a->guide = optarg; return *optarg != '\0' || usage_error(program, "--guide is empty");
    case 'f': a->from = optarg; return true;
    default: return false;
  }
}

static bool settle(arguments *a, const given *g) {
  if (g->quick && (g->pictures || g->few))
    return usage_error(program, "--quick says how many pictures: not with --%s", g->pictures ? "pictures" : "few");
  if (a->from != NULL && g->measuring)
    return usage_error(program, "--from measures nothing: only --out and --guide go with it");
  if (g->quick) {
    a->settings.pictures = 20;
    a->settings.few = 2;
  } else if (!g->few && a->settings.few > a->settings.pictures / 10) {
    a->settings.few = a->settings.pictures / 10;
  }
  return true;
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                          {"quick", no_argument, NULL, 'q'},
                                          {"pictures", required_argument, NULL, 'n'},
                                          {"few", required_argument, NULL, 'k'},
                                          {"points", required_argument, NULL, 'p'},
                                          {"samples", required_argument, NULL, 'm'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"workers", required_argument, NULL, 'w'},
                                          {"net", required_argument, NULL, 'e'},
                                          {"guide", required_argument, NULL, 'g'},
                                          {"from", required_argument, NULL, 'f'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  *a = (arguments){
      .settings = {.pictures = 200, .few = 20, .points = 50, .samples = 200}, .workers = 1, .out = "baseline_study"};
  given g = {.quick = false};
  *code = EXIT_USAGE;
  for (int option;;) {
    if (!next_option(program, argc, argv, options, &option)) return false;
    if (option == -1) break;
    if (option == 'h') {
      fputs(help, stdout);
      *code = EXIT_DONE;
      return false;
    }
    if (!take(option, a, &g)) return false;
  }
  if (optind != argc) return usage_error(program, "'%.60s': the pictures are the bundled ones", argv[optind]);
  return settle(a, &g);
}
