/* gauss_legendre.h - one node of a Gauss-Legendre rule, on demand. */
#ifndef ATTRIB_SRC_GAUSS_LEGENDRE_H
#define ATTRIB_SRC_GAUSS_LEGENDRE_H

#include <stdint.h>

/* Node j of n on [0, 1], in increasing order, and its weight, both rounded once from about twice the precision. Nodes j
 * and n - 1 - j are mirror images: 1 - alpha before rounding, and the same bits in the weight. 0 <= j < n. O(n) time,
 * O(1) memory. */
void attrib__gauss_legendre_node(int64_t n, int64_t j, double *alpha, double *weight);

#endif
