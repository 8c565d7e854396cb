/* philox.h - random numbers by counter: every draw is a function of where it is wanted, and there is no state.
 *
 * Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). */
#ifndef ATTRIB_SRC_PHILOX_H
#define ATTRIB_SRC_PHILOX_H

#include <stdint.h>

/* Purposes that must not share numbers under one seed. A number is final: changing it changes published results. */
enum {
  ATTRIB__STREAM_BASELINE_NOISE = 1,
  ATTRIB__STREAM_BASELINE_ORDER = 2,       /* in which a sampler visits its baselines */
  ATTRIB__STREAM_BASELINE_DRAW = 3,        /* which of them it draws */
  ATTRIB__STREAM_ALPHA_STRATUM = 4,        /* which part of [0, 1] a draw's alpha lies in */
  ATTRIB__STREAM_ALPHA = 5,                /* and where in it */
  ATTRIB__STREAM_SMOOTHING = 6,            /* noise on the input */
  ATTRIB__STREAM_POINT_ALPHA = 7,          /* where on its line a point of recalibrated attributions lies */
  ATTRIB__STREAM_WINDOW_FILL = 8,          /* what a window of a picture is filled with */
  ATTRIB__STREAM_RANDOM_SCORES = 9,        /* of the units of a metric, as a control */
  ATTRIB__STREAM_LAYER_SEED = 10,          /* seeds that the layers of a model are randomised under */
  ATTRIB__STREAM_SENSITIVITY_N = 11,       /* which units are in a subset */
  ATTRIB__STREAM_INFIDELITY = 12,          /* what is taken from the input */
  ATTRIB__STREAM_INFIDELITY_BASELINE = 13, /* and which baseline takes its place */
  ATTRIB__STREAM_NEIGHBOUR = 14,           /* where near an input a point lies */
  ATTRIB__STREAM_SHOWN = 15,               /* pixels that are shown from the start */
  ATTRIB__STREAM_RETRAINING = 30,          /* the seed of a repeat */
  ATTRIB__STREAM_RETRAINING_RANK = 31,     /* the units of a row in an order by chance */
  ATTRIB__STREAM_CHECK = 40,               /* signs of a direction along which a model is checked */
  ATTRIB__STREAM_CHECK_POINT = 41          /* how far off the line it is checked at */
};

/* Elements of one draw are numbered from 0 to below this: two to a block, the block number has 32 bits. */
#define ATTRIB__RANDOM_ELEMENTS (INT64_C(1) << 33)

/* The bare bijection: ten rounds over `counter` under `key`. */
void attrib__philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* u[0..n) = elements [begin, begin + n) of draw `index` of `stream`: uniform on the open interval (0, 1), the odd
 * multiples of 2^-53, so that 1 - u is exact and again one of them. Element i has the same bits for every begin and n.
 * 0 <= begin, begin + n <= ATTRIB__RANDOM_ELEMENTS. */
void attrib__random_uniforms(uint64_t seed, uint32_t stream, uint64_t index, int64_t begin, int64_t n, double *u);

#endif
