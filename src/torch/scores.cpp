/* scores.cpp - see scores.h. With m the largest output, p_k = e_k / (1 + rest), e_k = exp(y_k - y_m) and rest the sum
 * of e_k over k other than m: a probability close to 1 is never subtracted from 1. */
#include "scores.h"

#include <attrib/torch.h>

#include <cmath>

namespace attrib__torch {

namespace {
struct softmax {
  int64_t largest;
  double top, rest;
  softmax(const double *y, int64_t n) : largest(0), rest(0) {
    for (int64_t k = 1; k < n; k++)
      if (y[k] > y[largest]) largest = k;
    top = y[largest];
    for (int64_t k = 0; k < n; k++)
      if (k != largest) rest += std::exp(y[k] - top);
  }
  double probability(double y) const {
    return std::exp(y - top) / (1 + rest);
  }
  double log_probability(double y) const {
    return y - top - std::log1p(rest);
  }
  /* 1 - probability(top) */
  double others() const {
    return rest / (1 + rest);
  }
};
}  // namespace

static double weight_of(int64_t k, int64_t target, const double *weights) {
  return weights != nullptr ? weights[k] : k == target ? 1 : 0;
}

void all_scores(uint32_t score, const double *y, int64_t n, double *values) {
  if (score == ATTRIB_TORCH_RAW) {
    for (int64_t k = 0; k < n; k++) values[k] = y[k];
    return;
  }
  const softmax s(y, n);
  for (int64_t k = 0; k < n; k++)
    values[k] = score == ATTRIB_TORCH_SOFTMAX ? s.probability(y[k]) : s.log_probability(y[k]);
}

static double raw(const double *y, int64_t n, int64_t target, const double *weights, double *slopes) {
  double sum = 0;
  for (int64_t k = 0; k < n; k++) {
    const double w = weight_of(k, target, weights);
    if (w != 0) sum += w * y[k];
    if (slopes != nullptr) slopes[k] = w;
  }
  return sum;
}

/* f = sum w_k p_k and df/dy_j = p_j (w_j - f), both from v_k = w_k - w_m: f = w_m + g, df/dy_j = p_j (v_j - g) with
 * g = sum v_k p_k, in which the probability near 1 has the factor 0. */
static double probabilities(const double *y, int64_t n, int64_t target, const double *weights, double *slopes) {
  const softmax s(y, n);
  const double at_largest = weight_of(s.largest, target, weights);
  double g = 0;
  for (int64_t k = 0; k < n; k++) g += (weight_of(k, target, weights) - at_largest) * s.probability(y[k]);
  if (slopes != nullptr)
    for (int64_t k = 0; k < n; k++) slopes[k] = s.probability(y[k]) * (weight_of(k, target, weights) - at_largest - g);
  return weights == nullptr ? s.probability(y[target]) : at_largest + g;
}

/* df/dy_j = w_j - p_j W with W = sum w_k. */
static double log_probabilities(const double *y, int64_t n, int64_t target, const double *weights, double *slopes) {
  const softmax s(y, n);
  double sum = 0, total = 0, beside = 0; /* beside: W without the weight of the largest */
  for (int64_t k = 0; k < n; k++) {
    const double w = weight_of(k, target, weights);
    if (w != 0) sum += w * s.log_probability(y[k]);
    total += w;
    if (k != s.largest) beside += w;
  }
  if (slopes != nullptr)
    for (int64_t k = 0; k < n; k++)
      slopes[k] =
          k == s.largest ? total * s.others() - beside : weight_of(k, target, weights) - s.probability(y[k]) * total;
  return sum;
}

double weighted_score(uint32_t score, const double *y, int64_t n, int64_t target, const double *weights,
                      double *slopes) {
  if (score == ATTRIB_TORCH_SOFTMAX) return probabilities(y, n, target, weights, slopes);
  if (score == ATTRIB_TORCH_LOG_SOFTMAX) return log_probabilities(y, n, target, weights, slopes);
  return raw(y, n, target, weights, slopes);
}

}  // namespace attrib__torch
