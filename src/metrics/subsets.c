/* subsets.c - see subsets.h. */
#include "subsets.h"

#include "../random/philox.h"
#include "../rows/rows.h"

/* Selection sampling (Fan, Muller, Rezucha 1962): unit after unit, with the probability that what is still wanted is of
 * what is left. A uniform number is above 0 and at most 1 - 2^-53, and left * u rounds to less than left: when as many
 * are wanted as are left all are taken, when none is wanted none is, so that the subset has its size. */
void attrib__subset_of_size(uint64_t seed, uint32_t stream, uint64_t number, int64_t count, int64_t size,
                            unsigned char *kept) {
  double u[ATTRIB__BLOCK];
  int64_t wanted = size;
  for (int64_t begin = 0; begin < count; begin += ATTRIB__BLOCK) {
    const int64_t n = count - begin < ATTRIB__BLOCK ? count - begin : ATTRIB__BLOCK;
    attrib__random_uniforms(seed, stream, number, begin, n, u);
    for (int64_t i = 0; i < n; i++) {
      const bool taken = (double)(count - begin - i) * u[i] < (double)wanted;
      kept[begin + i] = taken ? 0 : 1;
      wanted -= taken;
    }
  }
}

void attrib__subset_by_coins(uint64_t seed, uint32_t stream, uint64_t number, int64_t count, double probability,
                             unsigned char *kept) {
  double u[ATTRIB__BLOCK];
  for (int64_t begin = 0; begin < count; begin += ATTRIB__BLOCK) {
    const int64_t n = count - begin < ATTRIB__BLOCK ? count - begin : ATTRIB__BLOCK;
    attrib__random_uniforms(seed, stream, number, begin, n, u);
    for (int64_t i = 0; i < n; i++) kept[begin + i] = u[i] < probability ? 0 : 1;
  }
}
