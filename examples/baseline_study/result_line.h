/* result_line.h - one line of results as text. */
#ifndef BASELINE_STUDY_RESULT_LINE_H
#define BASELINE_STUDY_RESULT_LINE_H

#include "measure.h"

enum { RESULT_LINE_CAPACITY = 128 + 20 * (MOST_POINTS + 1) };
#define RESULTS_MAGIC "# baseline_study 1"

/* Writes the line of a picture, newline and zero included; how many bytes that is, without the zero. */
size_t result_line_write(const study_pictures *p, int64_t number, const measurement *line, char *text);

/* Reads the line from text to newline: whether it is of the picture, and of the map and test that line has. */
bool result_line_read(const study_pictures *p, int64_t number, const char *text, const char *newline,
                      measurement *line);

#endif
