/* ablate.h - which units of a row come first, and the row with these, or all but these, replaced. */
#ifndef ATTRIB_SRC_ABLATE_H
#define ATTRIB_SRC_ABLATE_H

#include <stdbool.h>

#include <attrib/retraining.h>

#include "units.h"

/* Units with what ranking them takes: four numbers per unit. */
typedef struct attrib__ablating {
  attrib__units units;
  double *sums; /* the units' scores; the caller's to set before rank */
  int64_t *ranks, *order, *scratch;
} attrib__ablating;

/* Carves the vectors; build fills the table of pixels in. */
void attrib__ablating_layout(attrib__ablating *self, attrib__arena *arena);

/* sums = the scores by unit, as flags say (ABSOLUTE, UNIT_SCORES); the scores have been checked. */
void attrib__ablating_scores(const attrib__ablating *self, uint32_t flags, const double *scores);

/* Ranks the units by sums, which may change (LOWEST_FIRST), and writes the row: input with the first `count` units, or
 * all but these, taken from the replacement. row may be input. */
void attrib__ablating_row(const attrib__ablating *self, uint32_t flags, uint32_t part, int64_t count, const void *input,
                          const void *replacement, void *row);

/* The largest m with m / units <= fraction in doubles, for a fraction in [0, 1]. */
int64_t attrib__fraction_count(double fraction, int64_t units);

/* E_ARGUMENT for a fraction that is NaN or outside [0, 1]; `name` is what it is called. */
attrib_status attrib__fraction_check(attrib_context *context, const char *name, double fraction);

#endif
