/* random_bits.h - random numbers for pictures and training: the same on every machine, from a seed and a number. */
#ifndef EXAMPLES_RANDOM_BITS_H
#define EXAMPLES_RANDOM_BITS_H

#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t random_bits(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* The state to begin with for thing number `index` of a seed: unrelated to that of any other. */
static inline uint64_t random_start(uint64_t seed, int64_t index) {
  uint64_t state = seed;
  state = random_bits(&state) + (uint64_t)index * UINT64_C(0xd1342543de82ef95);
  return random_bits(&state);
}

/* Uniform on [low, high), in multiples of 2^-53 of its width. */
static inline double random_between(uint64_t *state, double low, double high) {
  return low + (high - low) * ((double)(int64_t)(random_bits(state) >> 11) * 0x1p-53);
}

/* One of 0 .. count - 1; count far below 2^32. */
static inline int32_t random_choice(uint64_t *state, int32_t count) {
  return (int32_t)((random_bits(state) >> 32) * (uint64_t)count >> 32);
}

#endif
