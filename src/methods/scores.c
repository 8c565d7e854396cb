/* scores.c - see scores.h. */
#include "scores.h"

#include <math.h>

#include "../rows/sum.h"

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

/* ln of the sum of probabilities: they sum to 1 only up to the model's round-off. Not normalised, that round-off would
 * be taken for a divergence, and each derivative for a large one, of which the model would have to cancel the mean. */
static double log_total(int64_t count, const double *probabilities) {
  attrib__sum sum = {0};
  for (int64_t k = 0; k < count; k++) attrib__sum_add(&sum, fmax(probabilities[k], ATTRIB__LEAST_PROBABILITY));
  return log(attrib__sum_value(&sum));
}

attrib__flatness attrib__scores_flatness(int64_t count, const double *outputs, bool probabilities, double *weights) {
  const double all = probabilities ? log_total(count, outputs) : log_sum(count, outputs, -1);
  const double uniform = 1 / (double)count;
  attrib__sum divergence = {0}, entropy = {0};
  for (int64_t k = 0; k < count; k++) {
    const double given = probabilities ? fmax(outputs[k], ATTRIB__LEAST_PROBABILITY) : 1;
    const double log_p = (probabilities ? log(given) : outputs[k]) - all, p = exp(log_p);
    attrib__sum_add(&divergence, uniform * (log(uniform) - log_p));
    if (p > 0) attrib__sum_add(&entropy, -p * log_p);
    weights[k] = (p - uniform) / given;
  }
  return (attrib__flatness){attrib__sum_value(&divergence), attrib__sum_value(&entropy)};
}

double attrib__scores_margin(int64_t count, const double *outputs, bool probabilities, int64_t target,
                             double *weights) {
  if (probabilities) {
    attrib__sum others = {0};
    for (int64_t k = 0; k < count; k++)
      if (k != target) attrib__sum_add(&others, fmax(outputs[k], 0));
    const double rest = fmax(attrib__sum_value(&others), ATTRIB__LEAST_PROBABILITY);
    const double p = fmax(outputs[target], ATTRIB__LEAST_PROBABILITY);
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
