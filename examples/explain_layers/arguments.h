/* arguments.h - the command line of explain_layers. */
#ifndef EXPLAIN_LAYERS_ARGUMENTS_H
#define EXPLAIN_LAYERS_ARGUMENTS_H

#include <stdbool.h>

#include "choose_baseline.h"
#include "command_line.h"
#include "common_options.h"
#include "forms.h"

typedef struct arguments {
  common_options common; /* tolerance of the line, points of the path; rule, budget, palette and seed are not taken */
  baseline_request baseline;
  int forms; /* how many, and which, as the user has them in order */
  const layer_form *form[FORMS];
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after help (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
