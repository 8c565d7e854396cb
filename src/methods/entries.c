/* entries.c - see entries.h. */
#include "entries.h"

#include <string.h>

#include "../rows/rows.h"
#include "../rows/vectors.h"

void attrib__entries_layout(attrib__entries *entries, attrib__arena *arena) {
  if (entries->groups == NULL) return;
  entries->by_group = attrib__carve(arena, entries->count, sizeof *entries->by_group);
  entries->values = attrib__carve(arena, entries->count, sizeof *entries->values);
}

typedef struct forward {
  attrib__entries *entries;
  attrib__take_fn take;
  void *state;
} forward;

static void take_features(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n,
                          const double *contribution) {
  const forward *f = state;
  double squares[ATTRIB__BLOCK];
  if (f->entries->squared) {
    for (int64_t i = 0; i < n; i++) squares[i] = contribution[i] * contribution[i];
    contribution = squares;
  }
  f->take(f->state, row, r, begin, n, contribution);
}

static void take_groups(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n,
                        const double *contribution) {
  (void)row, (void)r;
  const attrib__entries *entries = state;
  const int32_t *groups = entries->groups + begin;
  for (int64_t i = 0; i < n; i++)
    attrib__sum_add(&entries->by_group[groups[i]],
                    entries->squared ? contribution[i] * contribution[i] : contribution[i]);
}

/* Row by row: each needs the sums by group for itself. */
static attrib__fault take_grouped(attrib__entries *entries, attrib__results *results, attrib__take_fn take,
                                  void *state) {
  for (int64_t r = 0; r < results->count; r++) {
    attrib__results one = attrib__results_row(results, entries->dtype, r);
    memset(entries->by_group, 0, (size_t)entries->count * sizeof *entries->by_group);
    attrib__fault fault =
        attrib__contributions(&one, entries->dtype, entries->n, entries->unit_displacement, NULL, take_groups, entries);
    fault.row = r;
    if (fault.status < 0) return fault;
    for (int64_t g = 0; g < entries->count; g++) entries->values[g] = attrib__sum_value(&entries->by_group[g]);
    if (entries->sums != NULL)
      attrib__vector_add(entries->count, results->rows[r].weight, entries->values, entries->sums);
    take(state, &results->rows[r], r, 0, entries->count, entries->values);
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

attrib__fault attrib__entries_take(attrib__entries *entries, attrib__results *results, attrib__take_fn take,
                                   void *state) {
  if (results->gradients == NULL) return (attrib__fault){.status = ATTRIB_OK};
  if (entries->groups != NULL) return take_grouped(entries, results, take, state);
  forward f = {entries, take, state};
  return attrib__contributions(results, entries->dtype, entries->n, entries->unit_displacement, entries->sums,
                               take_features, &f);
}
