/* search.h - what searches for a row share: arguments, questions to the model, and how the row is handed out. */
#ifndef ATTRIB_SRC_SEARCH_H
#define ATTRIB_SRC_SEARCH_H

#include <attrib/searches.h>

#include "../engine/engine.h"
#include "../model/range.h"

typedef struct attrib__search_request {
  const attrib_model *model;
  const void *start;
  int64_t target;
  const attrib_search_options *options;
  const void *row; /* callback form: must not be NULL */
} attrib__search_request;

/* The same, read and checked. */
typedef struct attrib__search {
  attrib_search_options options; /* resolved */
  attrib__range range;
  uint32_t dtype;
  int64_t n, n_outputs, target;
  const void *start;
  bool pull; /* the row is handed out as doubles */
} attrib__search;

/* Reads the arguments of a search over all outputs, whose start may be missing where `middle`; and the model, into
 * `start`. */
attrib_status attrib__search_read(attrib_context *context, const attrib__search_request *request, bool pull,
                                  bool middle, double goal, attrib__start *start, attrib__search *search);

/* A search as it goes on, row by row, each of them for the outputs or for the gradient of what is sought for. The
 * derivatives of that by the outputs are the weights of the gradient's question. */
typedef struct attrib__trials {
  attrib__search search;
  attrib__question ask_outputs, ask_gradient;
  double *weights, *trial_weights; /* n_outputs: at the current row, and at the one that is being tried */
  int64_t steps, rows;             /* taken, planned */
  bool started;                    /* the outputs at the start are in */
  uint32_t stop_reason;
} attrib__trials;

/* Carves the weights; begin: the questions of a state that is zero but for what was laid out. */
void attrib__trials_layout(attrib__trials *trials, attrib__arena *arena);
void attrib__trials_begin(attrib__trials *trials);

/* The next row, for the gradient or for outputs, until the search has a reason to stop; the budget is one. */
attrib__plan attrib__trials_plan(attrib__trials *trials, bool settled, bool gradient, attrib__row *row);

/* Writes the point that a row is for. */
void attrib__trials_place(const attrib__trials *trials, const void *at, const attrib__placing *placing);

/* E_ARGUMENT where the outputs of a row should be probabilities and one is negative. */
attrib__fault attrib__trials_check(const attrib__trials *trials, const attrib__results *results);

/* The trial row has become the current one. */
void attrib__trials_accept(attrib__trials *trials);

/* The report's fields and the row found; objective: of the rows so far. */
void attrib__trials_write(const attrib__trials *trials, double objective, const void *found, double *attributions,
                          attrib_report *report);

/* A row of dtype to what the caller gave for it: such a row, or doubles in the pull form. to NULL: nothing. */
void attrib__search_write(uint32_t dtype, int64_t n, bool pull, const void *row, double *to);

#endif
