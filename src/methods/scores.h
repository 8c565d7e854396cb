/* scores.h - class probabilities from a model's outputs, and how what is wanted of them changes with the outputs. */
#ifndef ATTRIB_SRC_SCORES_H
#define ATTRIB_SRC_SCORES_H

#include <stdbool.h>
#include <stdint.h>

/* The first of the largest. */
int64_t attrib__scores_predicted(int64_t count, const double *outputs);

/* Probabilities below this count as it: their inverses stay within the range of float. */
#define ATTRIB__LEAST_PROBABILITY 1e-30

/* Of logits, or of probabilities, normalised (count >= 2, finite): KL(uniform || p) and the entropy of p, in nats.
 * weights: derivatives of the divergence with respect to the outputs. */
typedef struct attrib__flatness {
  double divergence, entropy;
} attrib__flatness;
attrib__flatness attrib__scores_flatness(int64_t count, const double *outputs, bool probabilities, double *weights);

/* ln(p / (1 - p)) of the target, and its derivatives with respect to the outputs. */
double attrib__scores_margin(int64_t count, const double *outputs, bool probabilities, int64_t target, double *weights);

/* p of a margin. */
double attrib__scores_probability(double margin);

#endif
