/* kinks.h - whether the slopes of a function, taken at nodes along a path, account for how it changes between them.
 * Those of a piecewise linear model's gradient do not: they are 0 but at its kinks, where the gradient jumps. */
#ifndef ATTRIB_SRC_KINKS_H
#define ATTRIB_SRC_KINKS_H

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

#endif
