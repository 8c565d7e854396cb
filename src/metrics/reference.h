/* reference.h - maps held against one map, again and again. */
#ifndef ATTRIB_SRC_REFERENCE_H
#define ATTRIB_SRC_REFERENCE_H

#include <attrib/image.h>

#include "../base/arena.h"
#include "ranks.h"

typedef struct attrib__reference {
  int64_t count;
  attrib_image shape;                 /* of maps; width 0 = no pictures */
  double *map;                        /* the reference, to be written by the caller before it is taken */
  double *ranks, *sizes, *deviations; /* of its values, of their sizes; of another map's */
  double *shown, *shown_other;        /* over their largest size, for SSIM; NULL without shape */
  attrib__ranker ranker;
} attrib__reference;

/* How like the reference a map is; NaN where a quantity does not exist, or, for SSIM, is not asked for. */
typedef struct attrib__likeness {
  double ranks, absolute_ranks; /* Spearman's correlations */
  double ssim;                  /* of maps over their largest size, at range 2 */
  double difference;            /* relative to the reference; infinite where it does not fit */
  const char *missing;          /* what does not exist, the first of it; NULL = nothing */
} attrib__likeness;

/* count and shape are set. */
void attrib__reference_layout(attrib__reference *reference, attrib__arena *arena);
void attrib__reference_take(const attrib__reference *reference);
attrib__likeness attrib__reference_compare(const attrib__reference *reference, const double *map);

#endif
