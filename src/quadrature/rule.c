/* rule.c - see rule.h. */
#include "rule.h"

#include <attrib/methods.h>

#include "gauss_legendre.h"

/* One division of two integers that a double holds: correctly rounded, where j * (1 / n) would not be. */
static double quotient(int64_t numerator, int64_t denominator) {
  return (double)numerator / (double)denominator;
}

void attrib__rule_node(uint32_t rule, int64_t points, int64_t j, double *alpha, double *weight) {
  *weight = quotient(1, points);
  switch (rule) {
    case ATTRIB_RULE_LEFT: *alpha = quotient(j, points); break;
    case ATTRIB_RULE_RIGHT: *alpha = quotient(j + 1, points); break;
    case ATTRIB_RULE_TRAPEZOID:
      *alpha = quotient(j, points - 1);
      *weight = j == 0 || j == points - 1 ? 0.5 * quotient(1, points - 1) : quotient(1, points - 1);
      break;
    case ATTRIB_RULE_GAUSS_LEGENDRE: attrib__gauss_legendre_node(points, j, alpha, weight); break;
    default: *alpha = quotient(2 * j + 1, 2 * points); break; /* MIDPOINT */
  }
}
