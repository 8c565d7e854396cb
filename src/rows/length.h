/* length.h - the Euclidean length of a row in the model's element type, as large or small as it may be. */
#ifndef ATTRIB_SRC_LENGTH_H
#define ATTRIB_SRC_LENGTH_H

#include <stdbool.h>
#include <stdint.h>

/* The length is sqrt(square) / scale, scale a power of two: with it no square that counts overflows or vanishes. square
 * is 0 where every element is 0, and else 1 or more (2^-104 of a row without a normal number). */
typedef struct attrib__length {
  double scale, square;
} attrib__length;

/* False, with *length as it was, where an element is not finite. */
bool attrib__length_find(uint32_t dtype, const void *row, int64_t n, attrib__length *length);

/* sums += weight (scale x)^2, element by element: with weight = w / square the shares of w by squares. */
void attrib__length_add_squares(uint32_t dtype, const void *row, int64_t n, const attrib__length *length, double weight,
                                double *sums);

#endif
