/* alpha_chart.h - the output along a path and the cumulative attribution, from a run's trace, as CSV and SVG. */
#ifndef EXAMPLES_ALPHA_CHART_H
#define EXAMPLES_ALPHA_CHART_H

#include <stdbool.h>

#include <attrib/report.h>

#include "atomic_file.h"

typedef struct alpha_point {
  double alpha;       /* of a curve that goes backwards 1 less it */
  double output;      /* f there; the mean where there are several paths */
  double slope;       /* what is attributed per alpha, likewise: d f / d alpha by the gradient */
  double attribution; /* summed up to alpha, likewise */
} alpha_point;

typedef struct alpha_curve {
  bool backwards;    /* it begins at the picture, and the attribution is what f has lost since */
  double start, end; /* f at its ends, means over the paths */
  double sum;        /* of attributions: where `attribution` ends */
  int64_t steps;     /* backwards: of the whole way, of which paths may go a part */
  int64_t points;
  alpha_point *at;
} alpha_curve;

/* Fills the curve from a trace that holds every row of the run; its rows may come in any order. Weights of NaN, the
 * adaptive rule's, are those of a trapezoidal rule. Paths count alike; backwards some may end before others, and keep
 * what they have reached. The others have the same nodes, so the adaptive rule is for one path. The attribution is 0 at
 * the start and the sum of attributions at the end, for every rule (see attrib_trace_point). 0, or -1: no memory. Free
 * with alpha_curve_free. */
int alpha_curve_from_trace(const attrib_report *report, bool backwards, alpha_curve *curve);
void alpha_curve_free(alpha_curve *curve);

/* Writes PREFIX_alpha.csv and PREFIX_alpha.svg; title: SVG text, its markup escaped; axis: what alpha is. 0, or -1 with
 * one line in message (FILE_MESSAGE_CAPACITY bytes). */
int alpha_curve_write(const alpha_curve *curve, const char *title, const char *axis, const char *prefix, char *message);

/* The same up to the commit, which is the caller's; both are NULL on failure. */
int alpha_curve_begin(const alpha_curve *curve, const char *title, const char *axis, const char *prefix,
                      atomic_file **svg, atomic_file **csv, char *message);

#endif
