/* rule.h - the fixed quadrature rules on [0, 1], one node at a time: no table, so memory does not depend on points. */
#ifndef ATTRIB_SRC_RULE_H
#define ATTRIB_SRC_RULE_H

#include <stdint.h>

/* Node j of the rule (LEFT to GAUSS_LEGENDRE of methods.h) with that many points: 0 <= alpha <= 1, strictly increasing
 * in j, and its weight. Nodes and weights are correctly rounded (Gauss-Legendre: but for rare ties), so a node at an
 * end is 0 or 1 exactly and the weights sum to 1 within 4 eps. 0 <= j < points <= 2^52, points >= 2 for TRAPEZOID.
 * O(1), Gauss-Legendre O(points). */
void attrib__rule_node(uint32_t rule, int64_t points, int64_t j, double *alpha, double *weight);

#endif
