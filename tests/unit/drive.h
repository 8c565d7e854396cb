/* drive.h - a run of the pull form, driven to its end. */
#ifndef ATTRIB_TESTS_DRIVE_H
#define ATTRIB_TESTS_DRIVE_H

#include "fixture.h"

enum { MOST_OUT = 16 };

/* How a driver brings batches back. */
typedef enum order { IN_TURN, REVERSED, SHUFFLED } order;

/* Drives a run to its end, holding as many batches as it is given. */
static inline attrib_status drive_with(attrib_run *run, attrib_model_fn evaluate, void *user, order how, uint64_t seed,
                                       int64_t *most_out) {
  attrib_batch *out[MOST_OUT];
  int64_t count = 0;
  attrib_status status = ATTRIB_OK;
  *most_out = 0;
  while (!attrib_run_done(run)) {
    attrib_batch *batch;
    do {
      status = attrib_run_next(run, &batch);
      if (status < 0) return status;
      if (batch != NULL) out[count++] = batch;
    } while (batch != NULL && count < MOST_OUT);
    if (count > *most_out) *most_out = count;
    if (count == 0 && attrib_run_done(run)) return status; /* as only asking could find out */
    assert_true(count > 0);                                /* not done, so there is something to bring back */
    int64_t pick = how == IN_TURN ? 0 : count - 1;
    if (how == SHUFFLED) pick = (int64_t)((random_number(&seed) + 1) / 2 * (double)count);
    batch = out[pick];
    memmove(&out[pick], &out[pick + 1], (size_t)(count - pick - 1) * sizeof *out);
    count--;
    status = attrib_run_submit(run, batch, evaluate(batch, user));
    if (status < 0) return status;
  }
  return status;
}

#endif
