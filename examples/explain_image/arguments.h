/* arguments.h - the command line of explain_image. */
#ifndef EXPLAIN_IMAGE_ARGUMENTS_H
#define EXPLAIN_IMAGE_ARGUMENTS_H

#include <stdbool.h>

#include "choose_baseline.h"
#include "command_line.h"
#include "heat_map.h"

typedef enum explain_method {
  METHOD_IG,
  METHOD_GRADIENT,
  METHOD_GRADIENT_TIMES_INPUT,
  METHOD_MEAN_GRADIENT
} explain_method;

typedef struct arguments {
  const char *picture, *net, *target,
      *prefix; /* target NULL = the most probable class; prefix NULL = from the picture */
  explain_method method;
  const char *method_name;
  baseline_request baseline;
  uint32_t rule, score, workers;
  heat_map_style style;
  int64_t points;
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after help (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
