#!/usr/bin/env python3
"""Prints golden_sampling.h, the numbers that test_permutation.c and test_draws.c hold the library against.

An implementation of its own of what src/random/permutation.h and src/baselines/draws.h say, in exact arithmetic where C
rounds. Published results depend on these numbers: they never change.

    python3 tests/unit/golden_sampling.py | clang-format --assume-filename=tests/unit/x.h > tests/unit/golden_sampling.h
"""
import math
from fractions import Fraction

MASK = 2**32 - 1
ORDER, DRAW, STRATUM, ALPHA = 2, 3, 4, 5  # streams


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & MASK, a >> 32 ^ c[3] ^ k[1], a & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def halves(number):
    return number & MASK, number >> 32


def uniform(seed, stream, index, element):
    """An odd multiple of 2^-53."""
    words = philox((element // 2, stream, *halves(index)), halves(seed))
    word = words[element % 2 * 2] | words[element % 2 * 2 + 1] << 32
    return Fraction(2 * (word >> 12) + 1, 2**53)


def permuted(seed, stream, number, size, index):
    if size == 1:
        return 0
    half = 3
    while 4**half < size:
        half += 1
    mask = 2**half - 1

    def word(r, value):
        return philox((value, stream | r << 16, *halves(number)), halves(seed))[0]

    coin = word(8, 0) & 1
    while True:
        left, right = index >> half, index & mask
        for r in range(8):
            left, right = right, left ^ (word(r, right) & mask)
        index = left << half | right
        if index < 2:
            index ^= coin
        if index < size:
            return index


def targets(sampler, seed, r, size):
    """Where the draws of a round fall in the cumulated weights."""
    if sampler == "STRATIFIED":
        return [(k + uniform(seed, DRAW, 0, r)) / size for k in range(size)]
    spacings = [Fraction(-math.log(uniform(seed, DRAW, k, r))) for k in range(size + 1)]
    return [sum(spacings[: k + 1]) / sum(spacings) for k in range(size)]


def draws(sampler, seed, r, size, weights):
    """(baseline, alpha) of every draw of round r, in order."""
    count, total = len(weights), sum(weights)
    if sampler == "LATTICE":
        order = [permuted(seed, ORDER, 0, count, p) for p in range(count)]
        used = [b for b in order if weights[b] > 0]
        shifts = [(permuted(seed, STRATUM, 0, len(used), j) + uniform(seed, ALPHA, j, 0)) / len(used)
                  for j in range(len(used))]
        return [(b, (shifts[j] + (k + Fraction(r > 0, 2)) / size) % 1)
                for j, b in enumerate(used) for k in range(size)]
    order = [permuted(seed, ORDER, r, count, p) for p in range(count)]
    out = []
    for k, target in enumerate(targets(sampler, seed, r, size)):
        covered = Fraction(0)
        for b in order:
            covered += Fraction(weights[b]) / total
            if target < covered:
                break
        alpha = uniform(seed, ALPHA, k, r)
        if sampler == "STRATIFIED":
            alpha = (permuted(seed, STRATUM, r, size, k) + alpha) / size
        out.append((b, alpha))
    return out


PERMUTATIONS = ((0, 2, 0, 5), (1, 2, 0, 5), (0, 2, 1, 5), (0, 4, 0, 5), (42, 4, 0, 10),
                (0x123456789ABCDEF, 2, 0xFEDCBA9876543210, 16), (2**64 - 1, 4, 3, 17), (7, 2, 0, 64),
                (7, 4, 1, 256), (7, 2, 2, 1000), (7, 2, 0, 2**32 + 1), (7, 2, 0, 2**62))

HEAD = """/* golden_sampling.h - which baselines and alphas a seed draws; written by golden_sampling.py, which see. */
#ifndef ATTRIB_TESTS_GOLDEN_SAMPLING_H
#define ATTRIB_TESTS_GOLDEN_SAMPLING_H

#include <stdint.h>

#include <attrib/methods.h>

/* The first elements of a permutation. */
typedef struct golden_permutation {
  uint64_t seed;
  uint32_t stream;
  uint64_t number;
  int64_t size, shown, elements[8];
} golden_permutation;

static const golden_permutation golden_permutations[] = {"""

MIDDLE = """};

/* The draws of a round over four baselines, of equal weights or weighted 1, 0, 2.5, 0.5. */
#define GOLDEN_DRAWS_SEED UINT64_C(0xabcdef0123456789)

typedef struct golden_draw {
  int64_t baseline;
  double alpha;
} golden_draw;

typedef struct golden_round {
  uint32_t sampler;
  int weighted;
  int64_t round, size, count;
  golden_draw draws[24];
} golden_round;

static const golden_round golden_rounds[] = {"""


def main():
    print(HEAD)
    for seed, stream, number, size in PERMUTATIONS:
        places = [permuted(seed, stream, number, size, i) for i in range(min(size, 8))]
        print(f"UINT64_C({seed:#x}), {stream}, UINT64_C({number:#x}), {size}, {len(places)}".join(("{", ",")),
              f"{{{', '.join(map(str, places))}}}}},")
    print(MIDDLE)
    for sampler in ("IID", "STRATIFIED", "LATTICE"):
        for weights in ([1] * 4, [1, 0, 2.5, .5]):
            for r, size in ((0, 3), (1, 3), (2, 6)) if sampler == "LATTICE" else ((0, 5), (3, 2), (1, 9)):
                pairs = draws(sampler, 0xABCDEF0123456789, r, size, weights)
                text = ", ".join(f"{{{b}, {float(a)!r}}}" for b, a in pairs)
                print(f"{{ATTRIB_SAMPLER_{sampler}, {int(weights[1] == 0)}, {r}, {size}, {len(pairs)}, {{{text}}}}},")
    print("};\n\n#endif")


main()
