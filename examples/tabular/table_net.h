/* table_net.h - a small classifier of table rows: dense layers with tanh between them, on columns that hold numbers or
 * categories, read from a file that examples/train/train_table_net.py wrote.
 *
 * A number is one input, a column of categories one input for each of them, 1 where it applies and 0 elsewhere. What a
 * column does is explained by summing over its inputs: `groups` is what the library wants for that. Numbers are in the
 * units of the table; the network standardises them itself.
 *
 * Evaluation reads the network and writes to the stack only, so any number of threads may share one. */
#ifndef TABULAR_TABLE_NET_H
#define TABULAR_TABLE_NET_H

#include <attrib/model.h>
#include <stddef.h>

enum {
  TABLE_NET_NAME = 32, /* bytes of a name, terminator included */
  TABLE_NET_MAX_CLASSES = 16,
  TABLE_NET_MAX_COLUMNS = 32,
  TABLE_NET_MAX_LAYERS = 4,
  TABLE_NET_MAX_WIDTH = 128 /* inputs, and values made by a layer */
};

/* Which number of a class is explained. */
enum {
  TABLE_NET_LOGIT = 0, /* ln p / (1 - p) of its probability p: 0 at one half, and never saturated */
  TABLE_NET_PROBABILITY = 1
};

typedef struct table_net {
  int32_t n_classes, n_columns, n_inputs, n_layers;
  char target[TABLE_NET_NAME]; /* the table's column that holds the class */
  char classes[TABLE_NET_MAX_CLASSES][TABLE_NET_NAME];
  char columns[TABLE_NET_MAX_COLUMNS][TABLE_NET_NAME];
  char categories[TABLE_NET_MAX_WIDTH][TABLE_NET_NAME]; /* what an input stands for; "" = a number */
  int32_t first[TABLE_NET_MAX_COLUMNS + 1];             /* column c has the inputs first[c] ... first[c + 1] - 1 */
  int32_t groups[TABLE_NET_MAX_WIDTH];                  /* the column of an input */
  int32_t widths[TABLE_NET_MAX_LAYERS + 1];             /* n_inputs, then what each layer makes */
  double *parameters; /* the network's one block: mean and scale of the inputs; weights [out][in] and bias by layer */
} table_net;

/* Reads a network. 0, or -1 with one line in message (FILE_MESSAGE_CAPACITY bytes) and a network that holds nothing. */
int table_net_load(const char *path, table_net *net, char *message);

/* The same from memory; name is what messages call it. */
int table_net_parse(const void *bytes, size_t size, const char *name, table_net *net, char *message);

void table_net_free(table_net *net);

/* The outputs of the last layer, n_classes of them. */
void table_net_logits(const table_net *net, const double *input, double *logits);

/* Score of every class: TABLE_NET_LOGIT or TABLE_NET_PROBABILITY. */
void table_net_scores(const table_net *net, uint32_t score, const double *input, double *scores);

/* Score of one class; its derivative by each input goes to gradient, where that is not NULL. */
double table_net_score(const table_net *net, uint32_t score, int64_t target, const double *input, double *gradient);

/* The network as a model of the library: ATTRIB_F64, CONCURRENT and ALL_OUTPUTS. It must outlive its use. */
attrib_model table_net_model(table_net *net, uint32_t score);

#endif
