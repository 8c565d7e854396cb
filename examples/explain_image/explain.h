/* explain.h - one map: a method, a baseline and a target on a picture. */
#ifndef EXPLAIN_IMAGE_EXPLAIN_H
#define EXPLAIN_IMAGE_EXPLAIN_H

#include "npy.h"
#include "pairs.h"
#include "progress.h"
#include "targets.h"

typedef struct explanation {
  int64_t shape[NPY_DIMENSIONS]; /* of values: channels, rows, columns; of groups 1, rows and columns of squares */
  double *values;                /* the attributions */
  char digest[DIGEST_TEXT];      /* of them */
  double *inputs;                /* the same as a row of inputs, to be drawn; groups as regions in the first channel */
  double *positive, *negative, *kept_weight; /* of methods that keep a part, else NULL */
  int64_t feature;                           /* of interactions: whose */
  baseline_choice baseline;
  char target[512]; /* what is explained, for people */
  attrib_trace_point *trace;
  bool traced; /* the trace holds every row, and can be drawn as a curve */
  attrib_status status;
  attrib_report report;
  char remark[FILE_MESSAGE_CAPACITY]; /* why the result is not what was asked for; "" = it is */
  method_job job;                     /* that it came from; its subject outlives the explanation */
} explanation;

enum { EXPLAIN_DONE = 0, EXPLAIN_FAILED = -1, EXPLAIN_INTERRUPTED = 1 };

/* Fills e, anew; free with explanation_free whatever is returned. EXPLAIN_FAILED with one line in message
 * (FILE_MESSAGE_CAPACITY bytes). The pair and the subject must outlive e. */
int explain(const pair *p, const settings *s, const subject *of, const target_choice *target, progress *bar,
            explanation *e, char *message);
void explanation_free(explanation *e); /* one that is all zero is fine */

#endif
