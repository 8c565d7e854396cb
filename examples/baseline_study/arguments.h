/* arguments.h - the command line of baseline_study. */
#ifndef BASELINE_STUDY_ARGUMENTS_H
#define BASELINE_STUDY_ARGUMENTS_H

#include "plan.h"

typedef struct arguments {
  settings settings; /* without checksums */
  uint32_t workers;
  const char *net;   /* NULL = the bundled one */
  const char *out;   /* folder */
  const char *from;  /* a summary to draw from; NULL = measure */
  const char *guide; /* a page whose block of results is to be written; NULL = none */
} arguments;

/* Fills a. Returns true to go on; false to exit with *code, after help (stdout) or one line (stderr). */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
