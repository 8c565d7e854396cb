/* difference_errors.h - how far attributions are off that were put together from central differences. Formulas of our
 * own, of vectors over groups; S(h) = f(p + h) + f(p - h) - 2 f(p). At every node f itself is known, too, and so
 *
 *   s = S(h) / (2h)   half the distance of the one-sided differences
 *
 * Where that comes of a kink of f within reach, it is how far D(h) is from the derivative at the node; where it comes
 * of curvature, D(h) is far better. At some nodes, the check nodes, all is taken at twice the step as well:
 *
 *   k = (2 S(h) - S(2h) / 2) / (2h)   s without what curvature adds to it
 *   d = D(2h) - D(h)                  three times the h^2 f''' / 6 that D(h) has too much
 *
 * The truncation error is the sum, in squares, of two.
 *
 * Bent: a third of the mean of d over the check nodes, and of what that is uncertain by three standard deviations.
 *
 * Kinked, group by group: of r s its mean, as kinks at the nodes themselves add up (inputs of a maximum that are the
 * same all along the path: a gradient is that of one side, D the mean of both); and two standard deviations of its sum
 * with random signs, as kinks off the nodes do. r^2 = k^2 / s^2 + (d^2 / s^2)^2 over the check nodes, where a kink
 * leaves k or d or both, and curvature neither; 1 at most, and where these nodes saw no s a fifth as large as the
 * largest elsewhere. What noise puts into s is taken off before.
 *
 * The round-off error: noise of standard deviation sigma in f puts sigma / (sqrt(2) h) on every difference.
 *
 * Nodes count by weights w. Of the adaptive rule and of samples these are in proportion only: `total` is what all nodes
 * weigh together. */
#ifndef ATTRIB_SRC_DIFFERENCE_ERRORS_H
#define ATTRIB_SRC_DIFFERENCE_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arena.h"

/* Of some nodes: sums of w^2, of w^2 for every group that moves, and of w. */
typedef struct attrib__difference_squares {
  double one, moved, weights;
  int64_t nodes;
} attrib__difference_squares;

typedef struct attrib__difference_group {
  double bends, squares; /* sums of w s and of w^2 s^2 */
  double largest, seen;  /* largest |s| of all nodes, of the check nodes */
  double drifts;         /* of the check nodes: sum of w d */
  double s, k, d;        /* and of w^2 times s^2, k^2, d^2 */
} attrib__difference_group;

typedef struct attrib__difference_errors {
  int64_t count; /* groups */
  int scale;     /* s, k and d are summed up times 2^-scale: about the size of f */
  double total;  /* 0 = the weights so far */
  attrib__difference_squares all, checked;
  attrib__difference_group *groups;
} attrib__difference_errors;

void attrib__difference_errors_layout(attrib__difference_errors *errors, attrib__arena *arena);
void attrib__difference_errors_clear(attrib__difference_errors *errors);

/* A group that moves at a node of weight w; d and k of a check node alone. Then the node, at which `moving` did. */
void attrib__difference_errors_take(attrib__difference_errors *errors, double w, int64_t group, double s);
void attrib__difference_errors_check(attrib__difference_errors *errors, double w, int64_t group, double s, double k,
                                     double d);
void attrib__difference_errors_end(attrib__difference_errors *errors, double w, int64_t moving, bool check);

/* Lengths of the two error vectors, for noise of f and the step; NaN before there is a (check) node. used: nodes that
 * the attributions hold; 0 = all that came in. */
double attrib__difference_errors_truncation(const attrib__difference_errors *errors, int64_t used, double noise,
                                            double step);
double attrib__difference_errors_roundoff(const attrib__difference_errors *errors, int64_t used, double noise,
                                          double step);

#endif
