/* retraining.h - a call of attrib_retraining: its data set, and what train gave so far. */
#ifndef ATTRIB_SRC_RETRAINING_H
#define ATTRIB_SRC_RETRAINING_H

#include "../baselines/baselines.h"
#include "../rows/sum.h"
#include "ablate.h"

typedef struct attrib__retraining {
  attrib_context *context;
  attrib_retraining_options options; /* resolved */
  attrib__ablating ablating;
  attrib__baselines rows, scores, replacements; /* the latter two as far as they are given */
  bool random, mean;                            /* no scores; no replacements, but mean_row */
  void *mean_row;
  int64_t means;      /* numbers that make up the mean row: one per channel, or one per input */
  double *mean_first; /* each the first value, and the sum of what the others differ from it */
  attrib__sum *mean_shift;
  int64_t sides;         /* trainings per fraction and repeat: 2 of DIFF */
  double *accuracies[2]; /* by fraction and repeat; NaN = not there yet; the second NULL without one */

  attrib_retraining_set set; /* as the callback sees it */
  attrib_status row_status;  /* of the first row that could not be had; OK = none */
  int64_t failed_row;        /* and its index, or -1 */
  int32_t callback_status;   /* the last nonzero return of a callback */
  uint32_t stop_reason;
} attrib__retraining;

/* Reads all arguments but train (retraining_options.c). */
attrib_status attrib__retraining_read(attrib_context *context, uint32_t dtype, int64_t n, const attrib_baselines *rows,
                                      const attrib_baselines *scores, const attrib_retraining_options *given,
                                      attrib__retraining *self);

/* Carves all vectors, or counts them (retraining_rows.c). */
void attrib__retraining_layout(void *state, attrib__arena *arena);

/* The mean of the data set, into mean_row. CANCELLED where a fetch asks for it. */
attrib_status attrib__retraining_find_mean(attrib__retraining *self);

#endif
