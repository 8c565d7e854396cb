/* alpha_chart.h - the output along a path and the cumulative attribution, from a run's trace, as CSV and SVG. */
#ifndef EXAMPLES_ALPHA_CHART_H
#define EXAMPLES_ALPHA_CHART_H

#include <attrib/report.h>

typedef struct alpha_point {
  double alpha, weight; /* of the rule */
  double output;        /* f there; the weighted mean where there are several baselines */
  double slope;         /* d f / d alpha by the gradient, likewise */
  double cumulative;    /* attribution summed up to alpha, plus f(baseline) */
} alpha_point;

typedef struct alpha_curve {
  int64_t points;
  double start, end; /* f(baseline), f(input) */
  double sum;        /* f(baseline) plus the sum of attributions: where `cumulative` ends */
  alpha_point *at;   /* points, zeroed; the caller's */
} alpha_curve;

/* Fills the curve. The report is of a run with curve->points nodes on each baseline, all traced; for any rule the
 * cumulative attribution is 0 at alpha 0 and the sum of attributions at alpha 1 (see attrib_trace_point). */
void alpha_curve_from_trace(const attrib_report *report, alpha_curve *curve);

/* Writes PREFIX_alpha.csv and PREFIX_alpha.svg. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes). */
int alpha_curve_write(const alpha_curve *curve, const char *title, const char *prefix, char *message);

#endif
