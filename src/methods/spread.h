/* spread.h - mean and spread of draws, updated draw by draw (Welford 1962; with weights West 1979), so that a small
 * spread about a large mean is not lost. By entry; draws of an entry come in order, pieces of entries in any. */
#ifndef ATTRIB_SRC_SPREAD_H
#define ATTRIB_SRC_SPREAD_H

#include <stdint.h>

/* Takes a draw of weight `mass` for n entries: share = mass over the weights of all draws so far, this one included.
 * squares becomes the sum of mass * (value - mean)^2; NULL = mean alone. */
void attrib__spread_add(double *mean, double *squares, double mass, double share, int64_t n, const double *value);

/* The weights of the draws taken. */
typedef struct attrib__masses {
  double sum, of_squares; /* sum of weights, and of their squares */
  double crossed;         /* sum over pairs of draws of the product of their weights */
} attrib__masses;

static inline void attrib__masses_add(attrib__masses *masses, double mass) {
  masses->crossed += mass * masses->sum;
  masses->sum += mass;
  masses->of_squares += mass * mass;
}

/* Standard error of the mean of independent draws: with equal weights sqrt(squares / (N (N - 1))). NaN where one draw
 * has all the weight. */
double attrib__spread_error(const attrib__masses *masses, double squares);

#endif
