/* row.h - one row of a run, from the planner to the reducer. */
#ifndef ATTRIB_SRC_ROW_H
#define ATTRIB_SRC_ROW_H

#include <stdbool.h>

#include <attrib/context.h>

#include "sum.h"

/* What a row asks of the model. Rows of a batch share one object, which outlives them; what it says changes only while
 * the run is settled. */
typedef struct attrib__question {
  int64_t target;
  const double *target_weights; /* NULL = one-hot at target */
  bool gradients;
  bool all_outputs;  /* every output; gradients, if asked for, are still those of the target */
  bool second;       /* asked of the second of two models */
  bool untraced;     /* its gradient is not one that is summed up along the path */
  const char *moved; /* differences: what a row moves off its node, "group" or "input", for messages; NULL elsewhere */
} attrib__question;

/* One row of a run: where it lies and what it weighs. Written by the planner, completed by gather. */
typedef struct attrib__row {
  int64_t id;       /* set by the engine: rows are numbered as they are planned */
  int64_t baseline; /* or segment; without a path the sample, -1 = the input itself */
  double alpha;     /* NaN without a path */
  double weight;
  int64_t nth, of; /* the row is the nth (from 0) of `of` that a reducer takes together; 0 and 0 elsewhere */
  double mass;     /* sampling methods: weight of the draw in a running mean; adaptive rule: what the row stands for,
                      about: its share of alpha when it was chosen, times the line's weight */
  double share;    /* and that over the weights of all draws up to this one */
  double said,
      said_size; /* metrics, by place: what the scores say that f falls by at this row; the sum of their sizes */
  const void *from, *to; /* the row lies on this line and its displacement is to - from; from NULL = zeros */
  bool placed;           /* its point is written by gather or the method's place, and may lie elsewhere */
  attrib__sum slope;     /* sum of displacement * gradient, where the run is traced */
  int64_t group;         /* differences: what is moved, by `shift` steps along the displacement */
  double shift;
  double node_output; /* and of the last row of a node, by reduce: f at the node, for the trace */
  bool ends_node;
  const attrib__question *question;
} attrib__row;

/* Memory of a row that lives as long as its batch. */
typedef struct attrib__placing {
  void *point; /* the row's input, to be written */
  void *spare; /* one more row of dtype, where the run was started with spare rows; else NULL */
} attrib__placing;

/* What gather may use. */
typedef struct attrib__gathering {
  attrib_context *context;     /* for messages */
  const attrib__row *previous; /* the row before it in the same batch, or NULL */
  attrib__placing placing;
  int32_t callback_status; /* out: what a failing callback of the caller's returned */
} attrib__gathering;

#endif
