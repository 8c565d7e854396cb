/* The net as a model of the library: the callback over a batch of rows. */
#include "small_net.h"

#include <stddef.h>
#include <string.h>

/* Value of the explained sum of scores, and its derivative with respect to each logit in seeds. */
static double explain(uint32_t score, const float *logits, const double *weights, double *seeds) {
  double values[SMALL_NET_CLASSES], sum = 0.0;
  if (score == SMALL_NET_PROBABILITY) {
    small_net_softmax(logits, values);
  } else {
    for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
      values[k] = (double)logits[k];
    }
  }
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
  double value = explain(score, logits, weights, seeds);
  if (output != NULL) {
    *output = value;
  }
  return gradient == NULL ? 0 : small_net_backward(net, lane, seeds, gradient);
}

/* All ten scores of one picture. */
static int32_t all_scores(small_net *net, uint32_t lane, uint32_t score, const float *input, double *values) {
  float logits[SMALL_NET_CLASSES];
  int32_t status = small_net_forward(net, lane, input, logits);
  if (status != 0) {
    return status;
  }
  if (score == SMALL_NET_PROBABILITY) {
    small_net_softmax(logits, values);
    return 0;
  }
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    values[k] = (double)logits[k];
  }
  return 0;
}

/* Everything that can be wrong with a batch, before the first row is touched. */
static int32_t check(const attrib_batch *batch) {
  if (batch == NULL || batch->struct_size < offsetof(attrib_batch, worker) + sizeof batch->worker) {
    return SMALL_NET_E_ARGUMENT;
  }
  const int gradients = (batch->flags & ATTRIB_BATCH_GRADIENTS) != 0;
  const int all = (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  const uint32_t known = ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS | ATTRIB_BATCH_ALL_OUTPUTS;
  if (batch->dtype != ATTRIB_F32 || (batch->flags & ~known) != 0) {
    return SMALL_NET_E_UNSUPPORTED;
  }
  if (batch->n_inputs != SMALL_NET_INPUTS || batch->rows < 0 || (batch->flags & ATTRIB_BATCH_OUTPUTS) == 0 ||
      batch->inputs == NULL || batch->outputs == NULL || (gradients && batch->gradients == NULL)) {
    return SMALL_NET_E_ARGUMENT;
  }
  if ((all || batch->target_weights != NULL) && batch->n_outputs != SMALL_NET_CLASSES) {
    return SMALL_NET_E_ARGUMENT;
  }
  /* Rows that are written may not overlap; rows that are read may. */
  if (batch->rows > 1 && (batch->output_stride < (all ? SMALL_NET_CLASSES : 1) ||
                          (gradients && batch->gradient_stride < SMALL_NET_INPUTS))) {
    return SMALL_NET_E_UNSUPPORTED;
  }
  return 0;
}

static int32_t evaluate(const attrib_batch *batch, void *user, uint32_t score) {
  int32_t status = check(batch);
  if (status == 0 && user == NULL) {
    status = SMALL_NET_E_ARGUMENT;
  }
  for (int64_t row = 0; status == 0 && row < batch->rows; row++) {
    const float *input = (const float *)batch->inputs + row * batch->input_stride;
    double *output = batch->outputs + row * batch->output_stride;
    const int all = (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
    float *gradient =
        (batch->flags & ATTRIB_BATCH_GRADIENTS) != 0 ? (float *)batch->gradients + row * batch->gradient_stride : NULL;
    if (all) {
      status = all_scores(user, batch->worker, score, input, output);
    }
    if (status == 0 && (!all || gradient != NULL)) {
      status = small_net_gradient(user, batch->worker, score, input, batch->target, batch->target_weights,
                                  all ? NULL : output, gradient);
    }
  }
  return status;
}

int32_t ATTRIB_CALL small_net_evaluate(const attrib_batch *batch, void *user) {
  return evaluate(batch, user, SMALL_NET_LOGIT);
}

int32_t ATTRIB_CALL small_net_evaluate_probability(const attrib_batch *batch, void *user) {
  return evaluate(batch, user, SMALL_NET_PROBABILITY);
}

int32_t small_net_model(small_net *net, uint32_t score, attrib_model *model) {
  if (net == NULL || model == NULL || score > SMALL_NET_PROBABILITY) {
    return SMALL_NET_E_ARGUMENT;
  }
  memset(model, 0, sizeof *model);
  model->struct_size = (uint32_t)sizeof *model;
  model->flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS;
  model->dtype = ATTRIB_F32;
  model->n_inputs = SMALL_NET_INPUTS;
  model->n_outputs = SMALL_NET_CLASSES;
  model->evaluate = score == SMALL_NET_PROBABILITY ? small_net_evaluate_probability : small_net_evaluate;
  model->user = net;
  return 0;
}
