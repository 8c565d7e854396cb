/* bar_chart.h - signed bars with error bars, as SVG and as CSV. */
#ifndef TABULAR_BAR_CHART_H
#define TABULAR_BAR_CHART_H

#include <stdint.h>

/* Texts are UTF-8 of any content; they are escaped on the way out. */
typedef struct bar {
  char name[64], value[64]; /* the column, and what the row holds there */
  char typical[64];         /* the same of the training rows, to hold it against */
  double size, error;       /* error: standard error; NaN = not known, drawn without whisker */
  int32_t place;            /* in the table */
} bar;

enum { BAR_CHART_LINES = 3 };

typedef struct bar_chart {
  const char *title;
  const char *heads[2];               /* lines under the title */
  const char *positive, *negative;    /* what the two colours mean */
  const char *notes[BAR_CHART_LINES]; /* what axis, bar and whisker mean */
  const bar *bars;                    /* from top to bottom */
  int32_t count;
} bar_chart;

/* Writes PREFIX_bars.svg and PREFIX_bars.csv, both or neither. 0, or -1 with one line in message
 * (FILE_MESSAGE_CAPACITY bytes). */
int bar_chart_write(const bar_chart *chart, const char *prefix, char *message);

#endif
