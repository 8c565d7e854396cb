/* arguments.h - the command line of explain_image. */
#ifndef EXPLAIN_IMAGE_ARGUMENTS_H
#define EXPLAIN_IMAGE_ARGUMENTS_H

#include <stdbool.h>

#include "choose_baseline.h"
#include "command_line.h"
#include "common_options.h"
#include "heat_map.h"

typedef enum explain_method {
  METHOD_IG,
  METHOD_GRADIENT,
  METHOD_GRADIENT_TIMES_INPUT,
  METHOD_MEAN_GRADIENT
} explain_method;

typedef struct arguments {
  common_options common;
  explain_method method;
  const char *method_name;
  baseline_request baseline;
  heat_map_style style;
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after help (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
