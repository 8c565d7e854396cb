#define _GNU_SOURCE /* getopt_long */
#include "arguments.h"

#include <getopt.h>
#include <stdio.h>

#include <attrib/methods.h>

#include "command_line.h"
#include "table_net.h"

static const char program[] = "explain_row";
static const char help[] =
    "Usage: explain_row [options]\n"
    "Explains what the bundled network makes of one row of a table, a penguin whose sex it tells from\n"
    "measurements: expected gradients over the table's training rows. Prints what each column adds and writes\n"
    "PREFIX_bars.svg, bars with error bars, and PREFIX_bars.csv.\n"
    "\n"
    "  --row N              row of the table, from 1 (default: the first that is held out)\n"
    "  --target CLASS       number or name; default: the most probable class\n"
    "  --score NAME         logit (default: ln p / (1 - p) of the class's probability p), probability\n"
    "  --samples N          draws (default 200)\n"
    "  --tolerance X        draw until the error estimate, relative to the attributions, is at most X\n"
    "  --max-evaluations N  most draws with --tolerance (default 4096)\n"
    "  --sampler NAME       default (by the numbers of draws and training rows; which, is printed), iid,\n"
    "                       stratified, lattice, pooled (no draws: all training rows by the adaptive rule)\n"
    "  --seed N             of the draws (default 0); the same seed gives the same bits\n"
    "  --workers N          threads (default 1, at most 64); the result has the same bits for any number\n"
    "  --table FILE         CSV with the network's columns, and a column 'split' that says training or\n"
    "                       held-out; default: the bundled penguins\n"
    "  --net FILE           weights of the network; default: the bundled ones\n"
    "  --out PREFIX         default: the table's name and the row\n"
    "  --help               this text\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong options.\n";

static const named_value scores[] = {{"logit", TABLE_NET_LOGIT}, {"probability", TABLE_NET_PROBABILITY}, {NULL, 0}};
static const named_value samplers[] = {{"default", ATTRIB_SAMPLER_DEFAULT},       {"iid", ATTRIB_SAMPLER_IID},
                                       {"stratified", ATTRIB_SAMPLER_STRATIFIED}, {"lattice", ATTRIB_SAMPLER_LATTICE},
                                       {"pooled", ATTRIB_SAMPLER_POOLED},         {NULL, 0}};

const char *sampler_name(uint32_t sampler) {
  for (const named_value *s = samplers; s->name != NULL; s++)
    if (s->value == sampler) return s->name;
  return "?";
}

static bool take(int option, arguments *a) {
  int64_t number = 0;
  bool ok = true;
  switch (option) {
    case 'r': return parse_count(program, "--row", optarg, 1, INT64_MAX, &a->row);
    case 't': a->target = optarg; return true;
    case 'c': return parse_name(program, "--score", optarg, scores, &a->score);
    case 'n': return parse_count(program, "--samples", optarg, 1, 100000000, &a->samples);
    case 'x': return parse_positive(program, "--tolerance", optarg, 1, &a->tolerance);
    case 'm': return parse_count(program, "--max-evaluations", optarg, 1, 100000000, &a->max_evaluations);
    case 'p': return parse_name(program, "--sampler", optarg, samplers, &a->sampler);
    case 's':
      ok = parse_count(program, "--seed", optarg, 0, INT64_MAX, &number);
      a->seed = (uint64_t)number;
      return ok;
    case 'w':
      ok = parse_count(program, "--workers", optarg, 1, 64, &number);
      a->workers = (uint32_t)number;
      return ok;
    case 'b': a->table = optarg; return true;
    case 'e': a->net = optarg; return true;
    case 'o': a->prefix = optarg; return *optarg != '\0' || usage_error(program, "--out is empty");
    default: return false;
  }
}

bool parse_arguments(int argc, char **argv, arguments *a, int *code) {
  static const struct option options[] = {{"row", required_argument, NULL, 'r'},
                                          {"target", required_argument, NULL, 't'},
                                          {"score", required_argument, NULL, 'c'},
                                          {"samples", required_argument, NULL, 'n'},
                                          {"tolerance", required_argument, NULL, 'x'},
                                          {"max-evaluations", required_argument, NULL, 'm'},
                                          {"sampler", required_argument, NULL, 'p'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"workers", required_argument, NULL, 'w'},
                                          {"table", required_argument, NULL, 'b'},
                                          {"net", required_argument, NULL, 'e'},
                                          {"out", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  *a = (arguments){.workers = 1};
  *code = EXIT_USAGE;
  int option;
  for (;;) {
    if (!next_option(program, argc, argv, options, &option)) return false;
    if (option == -1) break;
    if (option == 'h') {
      fputs(help, stdout);
      *code = EXIT_DONE;
      return false;
    }
    if (!take(option, a)) return false;
  }
  if (optind != argc)
    return usage_error(program, "'%.60s': rows are given with --row, tables with --table", argv[optind]);
  if (a->samples > 0 && a->tolerance > 0) return usage_error(program, "--samples and --tolerance exclude each other");
  if (a->max_evaluations > 0 && !(a->tolerance > 0)) return usage_error(program, "--max-evaluations takes --tolerance");
  return true;
}
