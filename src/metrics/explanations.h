/* explanations.h - maps that a metric asks a callback for: checked, and what they cost added up. */
#ifndef ATTRIB_SRC_EXPLANATIONS_H
#define ATTRIB_SRC_EXPLANATIONS_H

#include <attrib/explain.h>

#include "../context/context.h"

typedef struct attrib__explanations {
  attrib_context *context;
  const char *callback; /* its name, for messages */
  attrib_explain_fn explain;
  void *user;
  int64_t count; /* attributions of a map */
  uint64_t seed;
  /* Which map that is, as in "point 3"; text has `size` bytes to write it in. */
  const char *(*name)(const void *namer, int64_t index, char *text, size_t size);
  const void *namer;
  attrib_report *report;                  /* of the metric: rows, model_status and failed_row */
  int64_t inner_bytes;                    /* the most that an attribution call took */
  int64_t rough_index;                    /* of the first that did not converge; -1 = all of them did */
  char message[ATTRIB__MESSAGE_CAPACITY]; /* of an attribution call in the callback */
  char rough[ATTRIB__MESSAGE_CAPACITY];   /* the same of the first that did not converge */
} attrib__explanations;

/* Has input explained. OK: the map is whole and finite. CANCELLED and UNDEFINED: there is none. */
attrib_status attrib__explanations_ask(attrib__explanations *self, int64_t index, const void *input, double *map);

/* OK, or NOT_CONVERGED with a message about the first map that was not. */
attrib_status attrib__explanations_judge(const attrib__explanations *self);

#endif
