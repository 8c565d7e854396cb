/* permutation.c - see permutation.h.
 *
 * A Feistel network (Luby, Rackoff 1988) over the smallest square power of two that holds the size, with Philox as
 * round function; values outside are sent through again until they fall inside (cycle walking: Black, Rogaway 2002). */
#include "permutation.h"

#include "philox.h"

enum { ROUNDS = 8, LEAST_HALF = 2, STREAM_BITS = 16 };

static uint64_t scramble(const uint32_t key[2], uint32_t stream, uint64_t number, int half, uint64_t value) {
  const uint64_t mask = (UINT64_C(1) << half) - 1;
  uint64_t left = value >> half, right = value & mask;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const uint32_t counter[4] = {(uint32_t)right, stream | round << STREAM_BITS, (uint32_t)number,
                                 (uint32_t)(number >> 32)};
    uint32_t words[4];
    attrib__philox(counter, key, words);
    uint64_t next = left ^ (words[0] & mask);
    left = right;
    right = next;
  }
  return left << half | right;
}

int64_t attrib__random_permutation(uint64_t seed, uint32_t stream, uint64_t number, int64_t size, int64_t index) {
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  int half = LEAST_HALF;
  while (half < 31 && (INT64_C(1) << 2 * half) < size) half++;
  uint64_t value = (uint64_t)index;
  do value = scramble(key, stream, number, half, value);
  while (value >= (uint64_t)size);
  return (int64_t)value;
}
