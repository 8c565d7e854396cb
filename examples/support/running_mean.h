/* running_mean.h - how the sum of expected gradients settles while draws are made, as CSV and SVG.
 *
 * Draw k is of some baseline and some place on its path, and what it gives, summed over the features, is a random
 * number whose mean is the sum of attributions. Drawn is the mean of the first k of them. It is no alpha-curve: draws
 * have an order, but no way from the baseline to the picture. */
#ifndef EXAMPLES_RUNNING_MEAN_H
#define EXAMPLES_RUNNING_MEAN_H

#include <attrib/report.h>

#include "atomic_file.h"

/* Writes PREFIX_running_mean.csv and PREFIX_running_mean.svg from a trace that holds every draw. 0, or -1 with one line
 * in message (FILE_MESSAGE_CAPACITY bytes). */
int running_mean_write(const attrib_report *report, const char *title, const char *prefix, char *message);

/* The same up to the commit, which is the caller's; both are NULL on failure. */
int running_mean_begin(const attrib_report *report, const char *title, const char *prefix, atomic_file **svg,
                       atomic_file **csv, char *message);

#endif
