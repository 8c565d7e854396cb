/* measure.h - makes the maps of a picture and puts each of them through the tests of a part. */
#ifndef BASELINE_STUDY_MEASURE_H
#define BASELINE_STUDY_MEASURE_H

#include "pictures.h"

/* A line of results. NaN: does not exist for this map and picture. */
typedef struct measurement {
  study_map map;
  study_test test;
  double score;
  double value[MOST_POINTS]; /* as many as the test has points */
} measurement;

typedef struct measurer measurer;

/* 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). Free with measurer_free. */
int measurer_create(const study_pictures *p, const settings *s, uint32_t workers, measurer **created, char *message);
void measurer_free(measurer *m);

/* Fills plan_lines(part) lines for a picture. done is told the share of the unit that is behind, now and then. 0, or -1
 * with a message. */
int measure_unit(measurer *m, study_part part, int64_t number, measurement *lines, void (*done)(double share),
                 char *message);

#endif
