/* Scores of the net, and the net as a model of the library: the head of a cut at the picture. */
#include "small_net_lanes.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

void small_net_softmax(const float *logits, double *probabilities) {
  double largest = (double)logits[0], sum = 0.0;
  for (int32_t k = 1; k < SMALL_NET_CLASSES; k++) {
    largest = (double)logits[k] > largest ? (double)logits[k] : largest;
  }
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    probabilities[k] = exp((double)logits[k] - largest); /* at most 1: no overflow */
    sum += probabilities[k];
  }
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    probabilities[k] /= sum;
  }
}

void small_net_scores(uint32_t score, const float *logits, double *values) {
  if (score == SMALL_NET_PROBABILITY) {
    small_net_softmax(logits, values);
    return;
  }
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    values[k] = (double)logits[k];
  }
}

double small_net_explain(uint32_t score, const float *logits, const double *weights, double *seeds) {
  double values[SMALL_NET_CLASSES], sum = 0.0;
  small_net_scores(score, logits, values);
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    sum += weights[k] * values[k];
  }
  for (int32_t j = 0; j < SMALL_NET_CLASSES; j++) {
    if (score == SMALL_NET_PROBABILITY) {
      /* p_j (w_j - sum_k w_k p_k), written so that nothing cancels where the softmax is saturated. */
      double difference = 0.0;
      for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
        difference += values[k] * (weights[j] - weights[k]);
      }
      seeds[j] = values[j] * difference;
    } else {
      seeds[j] = weights[j];
    }
  }
  return sum;
}

int32_t small_net_gradient(small_net *net, uint32_t lane, uint32_t score, const float *input, int64_t target,
                           const double *weights, double *output, float *gradient) {
  double one_hot[SMALL_NET_CLASSES] = {0}, seeds[SMALL_NET_CLASSES];
  float logits[SMALL_NET_CLASSES];
  if (score > SMALL_NET_PROBABILITY || (weights == NULL && (target < 0 || target >= SMALL_NET_CLASSES))) {
    return SMALL_NET_E_ARGUMENT;
  }
  if (weights == NULL) {
    one_hot[target] = 1.0;
    weights = one_hot;
  }
  int32_t status = small_net_forward(net, lane, input, logits);
  if (status != 0) {
    return status;
  }
  double value = small_net_explain(score, logits, weights, seeds);
  if (output != NULL) {
    *output = value;
  }
  return gradient == NULL ? 0 : small_net_backward(net, lane, seeds, gradient);
}

int32_t ATTRIB_CALL small_net_evaluate(const attrib_batch *batch, void *user) {
  small_net_split whole = {user, 0, SMALL_NET_LOGIT};
  return small_net_evaluate_head(batch, &whole);
}

int32_t ATTRIB_CALL small_net_evaluate_probability(const attrib_batch *batch, void *user) {
  small_net_split whole = {user, 0, SMALL_NET_PROBABILITY};
  return small_net_evaluate_head(batch, &whole);
}

int32_t small_net_model(small_net *net, uint32_t score, attrib_model *model) {
  small_net_split whole;
  int32_t status = small_net_head(net, 0, score, &whole, model);
  if (status == 0) {
    model->evaluate = score == SMALL_NET_PROBABILITY ? small_net_evaluate_probability : small_net_evaluate;
    model->user = net;
  }
  return status;
}
