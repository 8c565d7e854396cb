/* summary.h - what the pictures say together: mean and standard deviation for each test, map and point. Figures and the
 * guide's tables are made from the file alone, so that they can be made again without measuring. */
#ifndef BASELINE_STUDY_SUMMARY_H
#define BASELINE_STUDY_SUMMARY_H

#include "plan.h"
#include "results.h"

/* Over the pictures for which the number exists; sd with divisor n. n 0: there is none. */
typedef struct spread {
  int64_t n;
  double mean, sd;
} spread;

typedef struct summary {
  char settings[512]; /* as text */
  int64_t right;      /* pictures that the network gets right, of those of the settings */
  spread score[TESTS][MAPS], at[TESTS][MAPS][MOST_POINTS];
} summary;

/* From all whole units of the results. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int summarise(const results *r, const study_pictures *p, const settings *s, summary *of, char *message);

int summary_write(const summary *of, const char *path, char *message);
int summary_read(const char *path, summary *of, char *message);

/* Whether the test has any number for the map. */
bool summary_has(const summary *of, study_test test, study_map map);

/* 1.96 standard errors of the mean, half of what is called its 95 % interval; 0 where one picture tells of none. */
double spread_margin(const spread *s);

/* Maps of a test in the order of their scores, the best first; how many there are. */
int summary_rank(const summary *of, study_test test, study_map *maps);

#endif
