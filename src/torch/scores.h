/* scores.h - from a row of the network's outputs to what is explained, and its gradient by them; in double. */
#ifndef ATTRIB_SRC_TORCH_SCORES_H
#define ATTRIB_SRC_TORCH_SCORES_H

#include <cstdint>

namespace attrib__torch {

/* y: n outputs of the network. values: their n scores (ATTRIB_TORCH_RAW, ...). */
void all_scores(uint32_t score, const double *y, int64_t n, double *values);

/* The sum of weights[k] times score k; slopes, where not NULL, its n derivatives by the outputs. weights NULL: one for
 * `target`, 0 for the others. */
double weighted_score(uint32_t score, const double *y, int64_t n, int64_t target, const double *weights,
                      double *slopes);

}  // namespace attrib__torch
#endif
