/* philox.c - see philox.h. */
#include "philox.h"

/* Multipliers and Weyl increments of Philox4x32: section 4.3 of the paper. */
#define MULTIPLIER_0 UINT32_C(0xD2511F53)
#define MULTIPLIER_1 UINT32_C(0xCD9E8D57)
#define WEYL_0 UINT32_C(0x9E3779B9)
#define WEYL_1 UINT32_C(0xBB67AE85)

enum { ROUNDS = 10 };

void attrib__philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t product0 = (uint64_t)MULTIPLIER_0 * c0;
    uint64_t product1 = (uint64_t)MULTIPLIER_1 * c2;
    c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)product1;
    c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)product0;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/* The upper 52 bits of the word, then a one: (k + 1/2) 2^-52, which a double holds exactly for every k. With 53 bits,
 * k + 1/2 would not fit, and the largest k would round to 1. */
static double to_unit_interval(uint32_t low, uint32_t high) {
  uint64_t word = (uint64_t)high << 32 | low;
  return (double)(int64_t)(word >> 11 | 1) * 0x1p-53;
}

void attrib__random_uniforms(uint64_t seed, uint32_t stream, uint64_t index, int64_t begin, int64_t n, double *u) {
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  uint32_t counter[4] = {0, stream, (uint32_t)index, (uint32_t)(index >> 32)};
  uint32_t words[4];
  const int64_t end = begin + n;
  for (int64_t i = begin; i < end;) {
    counter[0] = (uint32_t)(i / 2);
    attrib__philox(counter, key, words);
    if (i % 2 == 0) {
      u[i - begin] = to_unit_interval(words[0], words[1]);
      i++;
    }
    if (i < end) {
      u[i - begin] = to_unit_interval(words[2], words[3]);
      i++;
    }
  }
}
