/* figures.h - one SVG for each test, from a summary. */
#ifndef BASELINE_STUDY_FIGURES_H
#define BASELINE_STUDY_FIGURES_H

#include "summary.h"

/* Writes FOLDER/TEST.svg, making the folder where there is none, for every test that has numbers, and
 * FOLDER/mass_inside_by_object.svg. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int figures_write(const summary *of, const char *folder, char *message);

#endif
