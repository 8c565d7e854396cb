/* table.h - a CSV table as a network of table_net.h sees it.
 *
 * The first line names the columns. Those the network knows must be there, in any order, and so must its target and
 * `split`, which says of each row whether it is for "training" or "held-out"; others are not looked at. Fields may be
 * quoted as in RFC 4180, but not hold line breaks; lines end with LF or CR LF, the last one perhaps with neither. */
#ifndef TABULAR_TABLE_H
#define TABULAR_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "table_net.h"

enum { TABLE_MAX_FIELDS = 256 /* of a line */ };

typedef struct table {
  int64_t count, training_count;
  double *inputs;   /* count x n_inputs, one block with what follows */
  double *training; /* training_count x n_inputs: the training rows again, one after another */
  int32_t *classes; /* count: what the table says of each row */
  bool *is_training;
} table;

/* Reads a table of at least one row for training. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes), that
 * names the line and the column, and a table that holds nothing. */
int table_load(const char *path, const table_net *net, table *t, char *message);

/* The same from text, which is changed; text[size] is 0. name is what messages call it. */
int table_parse(char *text, size_t size, const char *name, const table_net *net, table *t, char *message);

void table_free(table *t);

#endif
