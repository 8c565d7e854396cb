/* log_rule.h - integrals over [0, 1] with the weights -ln c and -c ln c. -ln c is the density of the product c of two
 * independent uniform numbers: what depends on the product alone takes one integral instead of two. */
#ifndef ATTRIB_SRC_LOG_RULE_H
#define ATTRIB_SRC_LOG_RULE_H

#include <stdint.h>

/* Weights of node k / points: the integrals of -ln c and of -c ln c times the hat function of the node, so that either
 * rule is exact for what is linear between the nodes. Positive, right to a few roundings whatever the points; they sum
 * to 1 and to 1/4. 0 <= k <= points, 1 <= points <= 2^52. O(1). */
void attrib__log_rule(int64_t points, int64_t k, double *plain, double *times_c);

#endif
