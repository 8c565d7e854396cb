/* vectors.h - arithmetic on blocks of doubles, for reducers. Sums run in sixteen lanes of a fixed order: fast, and the
 * same bits with every compiler. For the sums over blocks use attrib__sum. */
#ifndef ATTRIB_SRC_VECTORS_H
#define ATTRIB_SRC_VECTORS_H

#include <stdint.h>

double attrib__vector_sum(int64_t n, const double *x);
double attrib__vector_square(int64_t n, const double *x);
double attrib__vector_dot(int64_t n, const double *x, const double *y);

/* Size of the largest element that is a number. */
double attrib__vector_largest(int64_t n, const double *x);

/* y = weight * x. */
void attrib__vector_scale(int64_t n, double weight, const double *x, double *y);

/* y += weight * x; y += weight * x^2. */
void attrib__vector_add(int64_t n, double weight, const double *x, double *y);
void attrib__vector_add_square(int64_t n, double weight, const double *x, double *y);

/* difference = x - y; another vector than both. */
void attrib__vector_subtract(int64_t n, const double *x, const double *y, double *difference);

#endif
