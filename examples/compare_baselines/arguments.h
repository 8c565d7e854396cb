/* arguments.h - the command line of compare_baselines. */
#ifndef COMPARE_BASELINES_ARGUMENTS_H
#define COMPARE_BASELINES_ARGUMENTS_H

#include <stdbool.h>

#include "command_line.h"
#include "common_options.h"
#include "method_table.h"

enum { MOST_VALUES = 12, MOST_COLUMNS = 24 };

/* What the strip goes through: the baselines, the values of one option, or the methods. Bits, so that an option can say
 * where it has a meaning. */
typedef enum sweep {
  SWEEP_BASELINES = 1,
  SWEEP_COLOUR = 2,
  SWEEP_SIGMA = 4,
  SWEEP_SAMPLES = 8,
  SWEEP_METHODS = 16,
  SWEEP_SEARCHED = 32,
  SWEEP_AGAINST = 64 /* --method, --baseline */
} sweep;

typedef struct arguments {
  common_options common;
  const char *bank; /* NULL = the bundled one */
  sweep sweep;
  const picture_method *method; /* of AGAINST */
  const char *layer;            /* of layer forms; NULL = as layer_find has it */
  int baselines;
  list_value against[MOST_VALUES];
  bool own_scale, scale_given;
  int64_t columns; /* 0 = 5 */
  /* The lists, at least one value each after parsing, defaults included; of AGAINST no samples = the
   * method's. */
  int colours, sigmas, samples;
  bool sigma_given;
  list_value colour[MOST_VALUES];
  double sigma[MOST_VALUES];
  int64_t sample[MOST_VALUES];
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after help (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

/* "baselines", "colour", "sigma", "samples", "methods", "searched"; "baselines" of AGAINST, too: what results of the
 * sweep are called. */
const char *sweep_name(sweep which);

#endif
