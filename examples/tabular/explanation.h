/* explanation.h - one row of a table explained, and what is shown of it. */
#ifndef TABULAR_EXPLANATION_H
#define TABULAR_EXPLANATION_H

#include <attrib/attrib.h>

#include "arguments.h"
#include "atomic_file.h"
#include "table.h"

typedef struct explanation {
  table_net net;
  table table;
  const char *table_name; /* without its folder */
  int64_t row, target;    /* from 0 */
  double probability;     /* of the target */
  double attributions[TABLE_NET_MAX_COLUMNS], standard_errors[TABLE_NET_MAX_COLUMNS];
  attrib_report report;
  char message[FILE_MESSAGE_CAPACITY];
} explanation;

/* What the row holds in a column: a number or a category. */
void explanation_value(const explanation *e, int32_t column, char *text, size_t size);

/* The numbers, to stdout. */
void explanation_print(const explanation *e, const arguments *a);

/* PREFIX_bars.svg and PREFIX_bars.csv. 0, or -1 with e->message. */
int explanation_draw(explanation *e, const arguments *a, const char *prefix);

#endif
