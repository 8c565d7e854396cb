/* baselines.h - an attrib_baselines set, checked at the door, and its rows one by one. */
#ifndef ATTRIB_SRC_BASELINES_H
#define ATTRIB_SRC_BASELINES_H

#include <attrib/baselines.h>

#include "../base/arena.h"
#include "../context/context.h"

typedef struct attrib__baselines {
  attrib_baselines set; /* stride resolved */
  const char *name;     /* the argument's, for messages */
  uint32_t dtype;
  int64_t n, used;     /* used: rows of positive weight */
  double total_weight; /* sum of weights; count where they are equal */
  void *cache;         /* one row, the last one fetched; NULL where rows are in memory */
  int64_t cached;      /* its index; -1 = none */
  int64_t checked;     /* the last row found to be finite; -1 = none */
} attrib__baselines;

/* Reads and checks everything but the rows. */
attrib_status attrib__baselines_read(attrib_context *context, const char *name, const attrib_baselines *given,
                                     const attrib_model *model, attrib__baselines *baselines);

/* Carves the cache, where the set is fetched; before the first row. */
void attrib__baselines_layout(attrib__baselines *baselines, attrib__arena *arena);

/* Weight of a row, normalised; 0 = left out. */
double attrib__baselines_weight(const attrib__baselines *baselines, int64_t index);

/* The next baseline of positive weight, from this one on; the count where there is none. */
int64_t attrib__baselines_used_from(const attrib__baselines *baselines, int64_t index);

/* The row, found to be finite: the caller's own, or the cache, which the next call overwrites. A nonzero return of
 * fetch goes to *callback_status, E_CALLBACK. */
attrib_status attrib__baselines_row(attrib_context *context, attrib__baselines *baselines, int64_t index,
                                    const void **row, int32_t *callback_status);

#endif
