/* results.h - a study as a table, as CSV and as a chart. */
#ifndef RETRAINING_RESULTS_H
#define RETRAINING_RESULTS_H

#include "study.h"

void results_print(const study *s);

/* Writes PREFIX_retraining.csv and PREFIX_retraining.svg, both or neither. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes). */
int results_write(const study *s, char *message);

#endif
