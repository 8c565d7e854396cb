/* moments.h - mean of values, or of their squared deviations from the mean, with standard errors; of single values or
 * of pairs that count as one draw. For SmoothGrad and its forms, by entry. */
#ifndef ATTRIB_SRC_MOMENTS_H
#define ATTRIB_SRC_MOMENTS_H

#include <stdbool.h>

#include "../base/arena.h"

/* Of the variance: with d = value - pivot, a = d^2 and b = d (of pairs their means) the variance is mean a - mean(b)^2,
 * and its standard error that of the mean of h = a - 2 mean(b) b (delta method). The pivot is the first value, so that
 * a small variance about a large mean is not lost. */
typedef struct attrib__moments {
  bool variance;
  double widening;        /* standard errors are made larger by 1 + widening / draws, for skewed values */
  int64_t members;        /* values that make a draw: 1 or 2 */
  int64_t count;          /* entries; the vectors' length */
  double *held;           /* first value of the pair */
  double *mean, *squares; /* of the draws; of b for the variance */
  double *pivot;          /* variance only, and the rest */
  double *mean_a, *squares_a, *products;
  double *values, *errors; /* written by conclude */
} attrib__moments;

void attrib__moments_layout(attrib__moments *moments, attrib__arena *arena);
void attrib__moments_clear(attrib__moments *moments);

/* Entries [begin, begin + n) of value `index` (from 0; each in order). */
void attrib__moments_take(attrib__moments *moments, int64_t index, int64_t begin, int64_t n, const double *value);

/* What the first `draws` give, to moments->values and errors (NaN for fewer than two). */
void attrib__moments_conclude(attrib__moments *moments, int64_t draws);

#endif
