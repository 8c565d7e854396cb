/* units.h - what a metric takes away or keeps as a whole: single inputs, the pixels of a picture over its channels, or
 * groups of inputs. */
#ifndef ATTRIB_SRC_UNITS_H
#define ATTRIB_SRC_UNITS_H

#include <stdbool.h>

#include <attrib/image.h>

#include "../base/arena.h"
#include "../context/context.h"
#include "../rows/sum.h"

typedef struct attrib__units {
  uint32_t dtype;
  int64_t n;             /* inputs */
  int64_t count;         /* units, at most n; a group may be empty */
  const int32_t *groups; /* the unit of each input; NULL = its own */
  bool pixels;           /* groups are the table: */
  int32_t *table;        /* n labels of the library's, to be laid out and built */
  attrib_image shape;    /* where it is known; else width 0 */
  attrib__sum *parts;    /* count, where units are of several inputs: scratch of their scores */
} attrib__units;

/* options->shape, n_groups and groups at the door. */
attrib_status attrib__units_read(attrib_context *context, uint32_t dtype, int64_t n, const attrib_image *shape,
                                 int64_t n_groups, const int32_t *groups, attrib__units *units);

/* Carves the table of pixels and scratch, where there are any; then fills the table in. */
void attrib__units_layout(attrib__units *units, attrib__arena *arena);
void attrib__units_build(const attrib__units *units);

/* The unit of an input, once built. */
static inline int64_t attrib__units_of(const attrib__units *units, int64_t i) {
  return units->groups != NULL ? units->groups[i] : i;
}

/* E_ARGUMENT for NULL; E_NONFINITE naming the first score that is NaN or infinite; E_OVERFLOW where a sum over a unit
 * might be. per_unit: units->count scores, else n of them. */
attrib_status attrib__units_check_scores(attrib_context *context, const attrib__units *units, bool per_unit,
                                         const double *scores);

/* One score per unit: the sum over its inputs, in the order of their indices, or the scores as they are, which have
 * been checked. absolute: its size. */
void attrib__units_scores(const attrib__units *units, bool per_unit, bool absolute, const double *scores, double *sums);

/* ranks[unit] = how many units come before it, the highest score first, of equal ones the lower number. order and
 * scratch: units->count indices; order is that of the units afterwards. */
void attrib__units_rank(const attrib__units *units, const double *sums, int64_t *ranks, int64_t *order,
                        int64_t *scratch);

/* Copies into the point, from a row of dtype, the inputs of units whose rank is in [from, to). */
void attrib__units_copy_ranked(const attrib__units *units, const int64_t *ranks, int64_t from, int64_t to,
                               const void *source, void *point);

/* And those of units that are marked with a byte other than 0. */
void attrib__units_copy_marked(const attrib__units *units, const unsigned char *marks, const void *source, void *point);

#endif
