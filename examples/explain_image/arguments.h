/* arguments.h - the command line of explain_image. */
#ifndef EXPLAIN_IMAGE_ARGUMENTS_H
#define EXPLAIN_IMAGE_ARGUMENTS_H

#include <stdbool.h>

#include "heat_map.h"
#include "pairs.h"

/* Beside those of command_line.h. */
enum { EXIT_DIFFERENT = 3, EXIT_FAULTY = 4, EXIT_INTERRUPTED = 130 };

enum { PAIRS_MOST = METHODS_MOST * BASELINES_MOST, TARGET_OPTIONS_MOST = 16 };

typedef struct arguments {
  settings settings;
  const picture_method *methods[METHODS_MOST];
  char baselines[BASELINES_MOST][BASELINE_TEXT];
  const char *targets[TARGET_OPTIONS_MOST];
  int n_methods, n_baselines, n_targets;
  char *const *pictures;
  int n_pictures;
  heat_map_style style;
  const char *replay;
  bool report;            /* the page is wanted */
  bool check;             /* the network alone, without maps */
  int others;             /* options given that --replay does not go with */
  const char *of_maps;    /* the first option given that --check does not go with; NULL = none */
  pair pairs[PAIRS_MOST]; /* methods, each with each baseline it looks at */
  int n_pairs;
} arguments;

/* Fills a, which is large and may be static: nothing is allocated here. Returns true to go on; false to exit with
 * *code, after text (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
