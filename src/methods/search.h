/* search.h - what searches for a row share: their arguments, the row under way, and how it is handed out. */
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

/* A row of dtype to what the caller gave for it: such a row, or doubles in the pull form. to NULL: nothing. */
void attrib__search_write(uint32_t dtype, int64_t n, bool pull, const void *row, double *to);

#endif
