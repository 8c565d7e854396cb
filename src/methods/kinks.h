/* kinks.h - whether the slopes of a function, taken at nodes along a path, account for how it changes between them.
 * Those of a piecewise linear model's gradient do not: they are 0 but at its kinks, where the gradient jumps. */
#ifndef ATTRIB_SRC_KINKS_H
#define ATTRIB_SRC_KINKS_H

#include <stdbool.h>
#include <stdint.h>

/* The function at a node. */
typedef struct attrib__kink_node {
  double value, slope;
  double value_rounding, slope_rounding; /* what rounding may have done to them */
} attrib__kink_node;

/* Sums over the pieces between nodes. */
typedef struct attrib__kinks {
  attrib__kink_node before;
  int64_t seen;                          /* nodes of the path under way */
  double changed;                        /* of |change of the function| */
  double unexplained;                    /* of |change - trapezoid of the slopes| */
  double slopes;                         /* of the trapezoid of |slope| */
  double value_rounding, slope_rounding; /* of what rounding may have added to the unexplained */
} attrib__kinks;

/* Another path: the next node has none before it. */
void attrib__kinks_begin(attrib__kinks *kinks);

/* The next node, `step` behind the one before; what is between them counts with `weight`. */
void attrib__kinks_add(attrib__kinks *kinks, double weight, double step, const attrib__kink_node *node);

/* Of the change, the part that the slopes miss and rounding does not explain: 0 of a linear function or one of second
 * degree, near 0 of smooth ones, 1 where the slopes say nothing, more where they mislead. */
double attrib__kinks_share(const attrib__kinks *kinks);

/* Whether second derivatives depend on the width that they are found with, which at nodes 0, 2, 4... of a path is twice
 * that at 1, 3, 5...: where the path lies on a kink, a difference of gradients is the jump across it, whatever the
 * width, and may cancel in every sum over features. Of their length nothing cancels: where all is jumps it is twice as
 * long at the odd nodes as at those beside them; and where the kinks are so far off the path that the wider difference
 * alone meets them, it is far less. */
typedef struct attrib__jump {
  double length, least; /* of second derivatives; less what rounding may be of it */
} attrib__jump;

typedef struct attrib__jumps {
  int64_t seen;              /* nodes of the path under way */
  int64_t compared;          /* odd nodes between even ones */
  attrib__jump odd, even;    /* the last of each */
  attrib__jump narrow, wide; /* sums: at odd nodes, and halfway between their neighbours' */
} attrib__jumps;

void attrib__jumps_begin(attrib__jumps *jumps);

/* The next node: the length of its vector of second derivatives, and of what rounding may be of that. */
void attrib__jumps_add(attrib__jumps *jumps, double weight, double length, double rounding);

/* Whether they are nearer to twice as long than to being as long, or less than half as long. Never for a path of fewer
 * than two odd nodes between even ones: lengths may well rise and fall once on their own. */
bool attrib__jumps_rule(const attrib__jumps *jumps);

#endif
