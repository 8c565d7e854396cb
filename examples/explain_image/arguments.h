/* arguments.h - the command line of explain_image. */
#ifndef EXPLAIN_IMAGE_ARGUMENTS_H
#define EXPLAIN_IMAGE_ARGUMENTS_H

#include <stdbool.h>

#include "command_line.h"
#include "common_options.h"
#include "heat_map.h"
#include "method_table.h"

typedef struct arguments {
  common_options common;
  method_job job; /* method, options, sigma, samples */
  baseline_request baseline;
  int64_t pixel; /* what job.pixel points to, where it is given */
  heat_map_style style;
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after text (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
