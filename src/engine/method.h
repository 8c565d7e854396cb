/* method.h - what a method tells the engine: a planner that emits rows, and a reducer that takes their results in row
 * order. Nothing else differs between methods. */
#ifndef ATTRIB_SRC_METHOD_H
#define ATTRIB_SRC_METHOD_H

#include <stdbool.h>

#include <attrib/report.h>

#include "../rows/row.h"

typedef enum attrib__plan {
  ATTRIB__PLAN_ROW,  /* *row describes the next row */
  ATTRIB__PLAN_WAIT, /* the next row depends on results that are not in */
  ATTRIB__PLAN_END   /* no further row */
} attrib__plan;

/* What was wrong with a row, for the one place that turns it into a message. */
typedef struct attrib__fault {
  attrib_status status; /* ATTRIB_OK = nothing */
  int64_t row;          /* index within the batch */
  int64_t index;        /* of the output or feature */
  double value;
  bool in_gradient, unwritten;
  bool product;        /* the gradient is finite, its product with the displacement is not */
  bool difference;     /* it is the difference of f over group (input) `index` that is not */
  const char *because; /* what the value does not go with; NULL = it is no finite number */
} attrib__fault;

/* The returned rows of one batch. */
typedef struct attrib__results {
  attrib__row *rows;
  int64_t count;
  const double *outputs;
  int64_t output_columns;
  const void *gradients; /* count rows, dtype; NULL for a batch of outputs alone */
  int64_t gradient_stride;
  bool traced; /* fill rows[].slope */
} attrib__results;

/* plan and gather are serialised. reduce is never called twice at once but may overlap with plan and place of later
 * rows: plan reads what reduce wrote only when `settled` (every planned row has been reduced), and returns WAIT until
 * then. */
typedef struct attrib__method {
  /* The next row in order. */
  attrib__plan (*plan)(void *state, bool settled, attrib__row *row);
  /* Runs those of the caller's callbacks that the row needs and completes it. A failure has its message set. */
  attrib_status (*gather)(void *state, attrib__row *row, attrib__gathering *gathering);
  /* Writes the point of a row that gather said is `placed`, but did not write; may change that of one that lies on its
   * line, which is there by now. May run on several threads at once. NULL: there are none. */
  void (*place)(const void *state, attrib__row *row, const attrib__placing *placing);
  /* Takes the results of a batch, row by row in order. */
  attrib__fault (*reduce)(void *state, attrib__results *results);
  /* Attributions (may be NULL) and the report's fields that the method knows, over the rows reduced so far. Returns
   * what the result is worth if these are all the rows: ATTRIB_OK, NOT_CONVERGED, or a failure with its message. */
  attrib_status (*result)(void *state, attrib_context *context, double *attributions, attrib_report *report);
  /* The relative error so far, for the progress callback: as the planner last found it. NULL: none. */
  double (*error_estimate)(const void *state);
  /* A tolerance and a budget (0 = as they are) for a run that has ended by its planner, or has not ended. NULL: the
   * method takes none. */
  attrib_status (*extend)(void *state, attrib_context *context, double tolerance, int64_t max_evaluations);
} attrib__method;

#endif
