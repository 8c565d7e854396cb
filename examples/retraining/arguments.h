/* arguments.h - the options of retrain_and_compare. */
#ifndef RETRAINING_ARGUMENTS_H
#define RETRAINING_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

enum { MOST_FRACTIONS = 12 };

typedef struct arguments {
  int64_t pictures, hidden, epochs, repeats; /* pictures: to train on; a third as many to test on */
  uint64_t seed;
  bool own_class; /* maps of the picture's class alone */
  int fractions;
  double fraction[MOST_FRACTIONS];
  const char *prefix;
} arguments;

/* True to go on; false to exit with *code, after the help on stdout or one line on stderr. */
bool parse_arguments(int argc, char **argv, arguments *a, int *code);

#endif
