/* arguments.h - the command line of alpha_curve. */
#ifndef ALPHA_CURVE_ARGUMENTS_H
#define ALPHA_CURVE_ARGUMENTS_H

#include <stdbool.h>

#include "method_table.h"

typedef struct arguments {
  common_options common; /* rule, points and tolerance; target, score, seed, picture, prefix */
  method_job job;        /* method, options, samples */
  baseline_request baseline;
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after text (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
