/* permutation.h - a random order that takes no memory: every place of it is computed where it is wanted. */
#ifndef ATTRIB_SRC_PERMUTATION_H
#define ATTRIB_SRC_PERMUTATION_H

#include <stdint.h>

/* Element `index` of random permutation `number` of 0 .. size - 1, under seed and stream (philox.h).
 * 0 <= index < size <= 2^62. */
int64_t attrib__random_permutation(uint64_t seed, uint32_t stream, uint64_t number, int64_t size, int64_t index);

#endif
