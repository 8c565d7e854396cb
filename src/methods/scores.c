/* scores.c - see scores.h. */
#include "scores.h"

#include <math.h>

#include "../rows/sum.h"

static const double LEAST_PROBABILITY = 1e-30;

int64_t attrib__scores_predicted(int64_t count, const double *outputs) {
  int64_t best = 0;
  for (int64_t k = 1; k < count; k++)
    if (outputs[k] > outputs[best]) best = k;
  return best;
}

/* ln of the sum of exp(outputs) over all but `except` (-1 = none). */
static double log_sum(int64_t count, const double *outputs, int64_t except) {
  double largest = -(double)INFINITY;
  for (int64_t k = 0; k < count; k++)
    if (k != except) largest = fmax(largest, outputs[k]);
  attrib__sum sum = {0};
  for (int64_t k = 0; k < count; k++)
    if (k != except) attrib__sum_add(&sum, exp(outputs[k] - largest));
  return largest + log(attrib__sum_value(&sum));
}

attrib__flatness attrib__scores_flatness(int64_t count, const double *outputs, bool probabilities, double *weights) {
  const double all = probabilities ? 0 : log_sum(count, outputs, -1), uniform = 1 / (double)count;
  attrib__sum divergence = {0}, entropy = {0};
  for (int64_t k = 0; k < count; k++) {
    const double p = probabilities ? fmax(outputs[k], LEAST_PROBABILITY) : exp(outputs[k] - all);
    const double log_p = probabilities ? log(p) : outputs[k] - all;
    attrib__sum_add(&divergence, -uniform * (log_p - log(uniform)));
    if (p > 0) attrib__sum_add(&entropy, -p * log_p);
    weights[k] = probabilities ? -uniform / p : p - uniform;
  }
  return (attrib__flatness){attrib__sum_value(&divergence), attrib__sum_value(&entropy)};
}

double attrib__scores_margin(int64_t count, const double *outputs, bool probabilities, int64_t target,
                             double *weights) {
  if (probabilities) {
    attrib__sum others = {0};
    for (int64_t k = 0; k < count; k++)
      if (k != target) attrib__sum_add(&others, fmax(outputs[k], 0));
    const double rest = fmax(attrib__sum_value(&others), LEAST_PROBABILITY);
    const double p = fmax(outputs[target], LEAST_PROBABILITY);
    for (int64_t k = 0; k < count; k++) weights[k] = k == target ? 1 / p : -1 / rest;
    return log(p) - log(rest);
  }
  const double others = log_sum(count, outputs, target);
  for (int64_t k = 0; k < count; k++) weights[k] = k == target ? 1 : -exp(outputs[k] - others);
  return outputs[target] - others;
}

double attrib__scores_probability(double margin) {
  return margin > 0 ? 1 / (1 + exp(-margin)) : exp(margin) / (1 + exp(margin));
}
