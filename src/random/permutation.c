/* permutation.c - see permutation.h.
 *
 * A Feistel network (Luby, Rackoff 1988) over the smallest square power of two that holds the size, with Philox as
 * round function; values outside are sent through again until they fall inside (cycle walking: Black, Rogaway 2002).
 * A network is an even permutation of its square, which a small part of it would show: a coin makes it odd or even. */
#include "permutation.h"

#include "philox.h"

/* Over 16 values eight rounds do not mix; over 64 they do. */
enum { ROUNDS = 8, LEAST_HALF = 3, STREAM_BITS = 16 };

typedef struct order {
  uint32_t key[2], stream;
  uint64_t number;
} order;

static uint32_t random_word(const order *o, uint32_t round, uint64_t value) {
  const uint32_t counter[4] = {(uint32_t)value, o->stream | round << STREAM_BITS, (uint32_t)o->number,
                               (uint32_t)(o->number >> 32)};
  uint32_t words[4];
  attrib__philox(counter, o->key, words);
  return words[0];
}

static uint64_t scramble(const order *o, int half, uint64_t value) {
  const uint64_t mask = (UINT64_C(1) << half) - 1;
  uint64_t left = value >> half, right = value & mask;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    uint64_t next = left ^ (random_word(o, round, right) & mask);
    left = right;
    right = next;
  }
  return left << half | right;
}

int64_t attrib__random_permutation(uint64_t seed, uint32_t stream, uint64_t number, int64_t size, int64_t index) {
  if (size == 1) return 0;
  const order o = {{(uint32_t)seed, (uint32_t)(seed >> 32)}, stream, number};
  int half = LEAST_HALF;
  while (half < 31 && (INT64_C(1) << 2 * half) < size) half++;
  uint64_t coin = random_word(&o, ROUNDS, 0) & 1, value = (uint64_t)index;
  do {
    value = scramble(&o, half, value);
    if (value < 2) value ^= coin;
  } while (value >= (uint64_t)size);
  return (int64_t)value;
}
