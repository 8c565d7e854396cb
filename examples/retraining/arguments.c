#include "arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command_line.h"
#include "tiny_net.h"

static const char program[] = "retrain_and_compare";
static const char help[] =
    "Usage: retrain_and_compare [options]\n"
    "Which map finds the pixels that hold the information? Renders pictures of four shapes, trains a small network\n"
    "on them and explains them all: gradient, integrated gradients (IG), beside an edge detector and an order by\n"
    "chance, which know no network. Then it trains again and again on pictures of which each map's first pixels\n"
    "were replaced by the mean (ROAR), or of which the first, or the last, alone were kept (DiffROAR).\n"
    "Writes PREFIX_retraining.csv and PREFIX_retraining.svg.\n"
    "\n"
    "  --pictures N      to train on; a third as many more to test on (default 1500)\n"
    "  --hidden N        units of the hidden layer, 0 = none (default 24)\n"
    "  --epochs N        passes over the pictures (default 10)\n"
    "  --fractions LIST  of the pixels, with commas between (default 0.05,0.1,0.3,0.5,0.7,0.9)\n"
    "  --repeats N       trainings of each kind, with other seeds (default 3)\n"
    "  --seed N          of the pictures and of all trainings (default 0)\n"
    "  --own-class       maps of each picture's own class; default: sizes of the maps of all classes, added. A map of\n"
    "                    one class may tell the class by its places alone, whatever the pixels there hold: then\n"
    "                    accuracy rises as they are taken away\n"
    "  --quick           600 pictures, 12 epochs, fractions 0.1,0.5, 2 repeats, where not given otherwise\n"
    "  --out PREFIX      default: shapes\n"
    "  --help            this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

static bool take_fractions(const char *text, arguments *a) {
  list_value values[MOST_FRACTIONS];
  if (!parse_list(program, "--fractions", text, MOST_FRACTIONS, values, &a->fractions)) return false;
  for (int i = 0; i < a->fractions; i++)
    if (!parse_positive(program, "--fractions", values[i], 1, &a->fraction[i])) return false;
  return true;
}

static bool take(int option, arguments *a, bool *quick) {
  int64_t seed;
  switch (option) {
    case 'n': return parse_count(program, "--pictures", optarg, 30, 100000, &a->pictures);
    case 'u': return parse_count(program, "--hidden", optarg, 0, TINY_NET_MAX_HIDDEN, &a->hidden);
    case 'e': return parse_count(program, "--epochs", optarg, 1, 1000, &a->epochs);
    case 'r': return parse_count(program, "--repeats", optarg, 1, 100, &a->repeats);
    case 'f': return take_fractions(optarg, a);
    case 'o': a->prefix = optarg; return true;
    case 'c': a->own_class = true; return true;
    case 'q': *quick = true; return true;
    case 's':
      if (!parse_count(program, "--seed", optarg, 0, INT64_MAX, &seed)) return false;
      a->seed = (uint64_t)seed;
      return true;
    default: return false; /* getopt_long has written a line */
  }
}

static void set_defaults(arguments *a, bool quick) {
  static const double all[] = {0.05, 0.1, 0.3, 0.5, 0.7, 0.9}, few[] = {0.1, 0.5};
  if (a->pictures == 0) a->pictures = quick ? 600 : 1500;
  if (a->hidden < 0) a->hidden = 24;
  if (a->epochs == 0) a->epochs = quick ? 12 : 10;
  if (a->repeats == 0) a->repeats = quick ? 2 : 3;
  if (a->fractions > 0) return;
  a->fractions = quick ? 2 : 6;
  memcpy(a->fraction, quick ? few : all, (size_t)a->fractions * sizeof *a->fraction);
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"pictures", required_argument, NULL, 'n'},
                                          {"hidden", required_argument, NULL, 'u'},
                                          {"epochs", required_argument, NULL, 'e'},
                                          {"fractions", required_argument, NULL, 'f'},
                                          {"repeats", required_argument, NULL, 'r'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"own-class", no_argument, NULL, 'c'},
                                          {"quick", no_argument, NULL, 'q'},
                                          {"out", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  bool quick = false;
  int option;
  *a = (arguments){.hidden = -1, .prefix = "shapes"};
  *code = EXIT_USAGE;
  while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
    if (option == 'h') {
      char message[64];
      fputs(help, stdout);
      *code = finish_output(message, sizeof message) == 0 ? EXIT_DONE : EXIT_FAILED;
      if (*code != EXIT_DONE) error_line(program, message);
      return false;
    }
    if (!take(option, a, &quick)) return false;
  }
  if (optind < argc) return usage_error(program, "'%.60s': it takes no picture, it makes them", argv[optind]);
  set_defaults(a, quick);
  return true;
}
