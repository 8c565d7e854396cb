/* kinks.c - see kinks.h. */
#include "kinks.h"

#include <math.h>

void attrib__kinks_begin(attrib__kinks *kinks) {
  kinks->seen = 0;
}

void attrib__kinks_add(attrib__kinks *kinks, double weight, double step, const attrib__kink_node *node) {
  const attrib__kink_node *before = &kinks->before;
  if (kinks->seen++ > 0) {
    const double half = step / 2, change = node->value - before->value;
    kinks->changed += weight * fabs(change);
    kinks->unexplained += weight * fabs(change - half * (before->slope + node->slope));
    kinks->slopes += weight * half * (fabs(before->slope) + fabs(node->slope));
    kinks->value_rounding += weight * (before->value_rounding + node->value_rounding);
    kinks->slope_rounding += weight * half * (before->slope_rounding + node->slope_rounding);
  }
  kinks->before = *node;
}

/* Rounding of slopes cannot have added more than the slopes themselves are. */
double attrib__kinks_share(const attrib__kinks *kinks) {
  const double rounding = kinks->value_rounding + fmin(kinks->slope_rounding, kinks->slopes);
  if (!(kinks->unexplained > rounding)) return 0;
  return kinks->changed > 0 ? (kinks->unexplained - rounding) / kinks->changed : (double)INFINITY;
}

void attrib__jumps_begin(attrib__jumps *jumps) {
  jumps->seen = 0;
}

void attrib__jumps_add(attrib__jumps *jumps, double weight, double length, double rounding) {
  const int64_t node = jumps->seen++;
  const attrib__jump here = {length, fmax(length - rounding, 0)};
  if (node % 2 == 1) {
    jumps->odd = here;
    return;
  }
  if (node > 0) {
    jumps->compared++;
    jumps->narrow.length += weight * jumps->odd.length;
    jumps->narrow.least += weight * jumps->odd.least;
    jumps->wide.length += weight * (jumps->even.length + here.length) / 2;
    jumps->wide.least += weight * (jumps->even.least + here.least) / 2;
  }
  jumps->even = here;
}

bool attrib__jumps_rule(const attrib__jumps *jumps) {
  return jumps->compared > 1 &&
         (jumps->narrow.least > 1.5 * jumps->wide.length || jumps->wide.least > 2 * jumps->narrow.length);
}
