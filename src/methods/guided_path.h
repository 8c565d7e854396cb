/* guided_path.h - the path of guided integrated gradients: how far each feature is on its way, move by move. */
#ifndef ATTRIB_SRC_GUIDED_PATH_H
#define ATTRIB_SRC_GUIDED_PATH_H

#include "../base/arena.h"

typedef struct attrib__guided_path {
  int64_t n, steps;
  double fraction, max_distance;
  double *alphas;           /* of each feature, 0 at the baseline, 1 at the input */
  double *lengths;          /* |displacement|, over the largest: lengths count only against each other */
  double *sizes;            /* |gradient|; infinite where the feature may not move */
  double way;               /* sum of the lengths */
  double *sorted, *scratch; /* of a move: the sizes in order, */
  int64_t movable;          /* and how many of them are finite */
} attrib__guided_path;

/* Carves the vectors. */
void attrib__guided_layout(attrib__guided_path *path, attrib__arena *arena);

/* Back to the baseline; the lengths hold the displacements. */
void attrib__guided_begin(attrib__guided_path *path);

/* From point s - 1 to point s, 1 <= s <= steps; the sizes hold the gradient at the former, finite wherever there is a
 * displacement. */
void attrib__guided_advance(attrib__guided_path *path, int64_t s);

#endif
