/* entries.h - what attributions are given for: every feature, or groups of features. Statistics of sampling methods are
 * kept by entry. */
#ifndef ATTRIB_SRC_ENTRIES_H
#define ATTRIB_SRC_ENTRIES_H

#include "../base/arena.h"
#include "../engine/contributions.h"

typedef struct attrib__entries {
  uint32_t dtype;
  bool unit_displacement, squared; /* squared: the square of each feature's contribution instead */
  int64_t n, count;                /* features, entries */
  double *sums;                    /* of weight times value, over the rows; NULL = not kept, as where squared */
  const int32_t *groups;           /* label of each feature; NULL = the entries are the features */
  attrib__sum *by_group;           /* count, of one row; and their values */
  double *values;
} attrib__entries;

/* Carves what the entries need (counting: entries are unfinished, memory NULL). */
void attrib__entries_layout(attrib__entries *entries, attrib__arena *arena);

/* As attrib__contributions, with [begin, begin + n) a range of entries. With groups a row comes in one piece, else in
 * blocks; the rows of a piece come in order. */
attrib__fault attrib__entries_take(attrib__entries *entries, attrib__results *results, attrib__take_fn take,
                                   void *state);

#endif
