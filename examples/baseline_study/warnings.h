/* warnings.h - the two warnings of support/misleading.h, measured, kept in a file and told. */
#ifndef BASELINE_STUDY_WARNINGS_H
#define BASELINE_STUDY_WARNINGS_H

#include "misleading.h"

typedef struct warnings {
  misleading_plan plan;
  decoy_result decoy;
  randomisation_result scattered, plain;
} warnings;

/* Reads FOLDER/warnings.csv. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int warnings_read(const char *folder, warnings *w, char *message);

/* Measures and writes it, unless it is there for the same plan: a second or two. quick: as of misleading_defaults. */
int warnings_measure(const char *folder, int quick, char *message);

#endif
