/* arguments.h - the command line of explain_row. */
#ifndef TABULAR_ARGUMENTS_H
#define TABULAR_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct arguments {
  const char *table, *net, *target, *prefix; /* NULL = bundled, bundled, the most probable class, from table and row */
  int64_t row;                               /* from 1; 0 = the first held-out one */
  int64_t samples, max_evaluations;
  uint64_t seed;
  uint32_t score, sampler, workers;
  double tolerance;
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after help (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

/* The name of a sampler, as --sampler takes it. */
const char *sampler_name(uint32_t sampler);

#endif
