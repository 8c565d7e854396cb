/* results.h - the file of results: a line of settings, a line of column names, then unit after unit, each added as a
 * whole. A run that was broken off goes on after the last whole unit.
 *
 *   # baseline_study 1 pictures 200 few 20 ...
 *   picture,object,test,map,score,values
 *   0,coloured,"top-k, mean",black,0.123456789,1 0.98 ...                (values: one for each point of the test)
 *
 * Empty where a quantity does not exist. Numbers have nine digits, so that text says what a float is. */
#ifndef BASELINE_STUDY_RESULTS_H
#define BASELINE_STUDY_RESULTS_H

#include <stdio.h>

#include "measure.h"

/* The units of a study in their order: all ablations, then all slow tests, then all sweeps. */
int64_t unit_count(const study_pictures *p, const settings *s);
study_part unit_of(const study_pictures *p, const settings *s, int64_t unit, int64_t *number);

typedef struct results {
  int file;
  int64_t done; /* units that are in it */
  char path[4096];
} results;

/* Opens FOLDER/results.csv, makes both where there is none, and cuts off what follows the last whole unit. Refused: a
 * file of other settings, one that is no such file, one that another run is writing. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes). */
int results_open(results *r, const char *folder, const study_pictures *p, const settings *s, char *message);
void results_close(results *r);

/* Adds the next unit, on the device when it returns. 0 or -1 with a message. */
int results_add(results *r, const study_pictures *p, study_part part, int64_t number, const measurement *lines,
                char *message);

/* Hands every line of all units that are in the file to use, in order. 0 or -1 with a message. */
typedef void (*results_use)(object_colour object, const measurement *line, void *user);
int results_read(const results *r, const study_pictures *p, const settings *s, results_use use, void *user,
                 char *message);

#endif
