#include "tiny_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random_bits.h"
#include "tiny_net_layers.h"

tiny_net_layers tiny_net_lay_out(const tiny_net *net, float *parameters) {
  const int64_t last = net->hidden > 0 ? net->hidden : net->inputs;
  tiny_net_layers at = {.first = parameters, .last_inputs = last};
  at.first_bias = at.first + net->inputs * net->hidden;
  at.last = at.first_bias + net->hidden;
  at.last_bias = at.last + last * net->classes;
  return at;
}

int tiny_net_create(tiny_net *net, int64_t inputs, int32_t hidden, int32_t classes) {
  *net = (tiny_net){.inputs = inputs, .hidden = hidden, .classes = classes, .dtype = ATTRIB_F32};
  const int64_t most = INT64_C(1) << 24;
  if (inputs >= 1 && inputs <= most && hidden >= 0 && hidden <= TINY_NET_MAX_HIDDEN && classes >= 1 &&
      classes <= TINY_NET_MAX_CLASSES) {
    const int64_t last = hidden > 0 ? hidden : inputs;
    net->count = inputs * hidden + hidden + last * classes + classes;
    net->parameters = calloc((size_t)net->count, sizeof *net->parameters);
  }
  if (net->parameters != NULL) return 0;
  *net = (tiny_net){0};
  return -1;
}

void tiny_net_free(tiny_net *net) {
  free(net->parameters);
  *net = (tiny_net){0};
}

static void init_layer(uint64_t *random, float *weights, int64_t count, double variance) {
  const double bound = sqrt(3 * variance);
  for (int64_t i = 0; i < count; i++) weights[i] = (float)random_between(random, -bound, bound);
}

void tiny_net_init(tiny_net *net, uint64_t seed) {
  uint64_t random = random_start(seed, 0);
  const tiny_net_layers at = tiny_net_lay_out(net, net->parameters);
  memset(net->parameters, 0, (size_t)net->count * sizeof *net->parameters);
  init_layer(&random, at.first, net->inputs * net->hidden, 2.0 / (double)net->inputs);
  init_layer(&random, at.last, at.last_inputs * net->classes, 1.0 / (double)at.last_inputs);
}

static double element(uint32_t dtype, const void *row, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
}

/* Logits of a row, and the hidden layer behind its ReLUs, TINY_NET_MAX_HIDDEN values. */
static void forward(const tiny_net *net, uint32_t dtype, const void *row, double *hidden, double *logits) {
  const tiny_net_layers at = tiny_net_lay_out(net, net->parameters);
  for (int32_t j = 0; j < net->hidden; j++) hidden[j] = (double)at.first_bias[j];
  for (int64_t i = 0; i < net->inputs && net->hidden > 0; i++) {
    const double value = element(dtype, row, i);
    for (int32_t j = 0; j < net->hidden; j++) hidden[j] += value * (double)at.first[i * net->hidden + j];
  }
  for (int32_t j = 0; j < net->hidden; j++) hidden[j] = hidden[j] > 0 ? hidden[j] : 0;
  for (int32_t k = 0; k < net->classes; k++) logits[k] = (double)at.last_bias[k];
  for (int64_t j = 0; j < at.last_inputs; j++) {
    const double value = net->hidden > 0 ? hidden[j] : element(dtype, row, j);
    for (int32_t k = 0; k < net->classes; k++) logits[k] += value * (double)at.last[j * net->classes + k];
  }
}

/* Gradient of sum_k weights[k] * logit[k], element by element of the row. */
static double slope_at(const tiny_net *net, const tiny_net_layers *at, const double *back, int64_t i) {
  const float *row = net->hidden > 0 ? at->first + i * net->hidden : at->last + i * net->classes;
  const int32_t count = net->hidden > 0 ? net->hidden : net->classes;
  double sum = 0;
  for (int32_t j = 0; j < count; j++) sum += (double)row[j] * back[j];
  return sum;
}

static void backward(const tiny_net *net, const double *hidden, const double *weights, uint32_t dtype, void *gradient) {
  const tiny_net_layers at = tiny_net_lay_out(net, net->parameters);
  double back[TINY_NET_MAX_HIDDEN];
  for (int32_t j = 0; j < net->hidden; j++) {
    back[j] = 0;
    for (int32_t k = 0; k < net->classes && hidden[j] > 0; k++)
      back[j] += (double)at.last[j * net->classes + k] * weights[k];
  }
  for (int64_t i = 0; i < net->inputs; i++) {
    const double slope = slope_at(net, &at, net->hidden > 0 ? back : weights, i);
    if (dtype == ATTRIB_F32)
      ((float *)gradient)[i] = (float)slope;
    else
      ((double *)gradient)[i] = slope;
  }
}

void tiny_net_logits(const tiny_net *net, const float *row, double *logits) {
  double hidden[TINY_NET_MAX_HIDDEN];
  forward(net, ATTRIB_F32, row, hidden, logits);
}

static int32_t largest(int32_t count, const double *logits) {
  int32_t best = 0;
  for (int32_t k = 1; k < count; k++)
    if (logits[k] > logits[best]) best = k;
  return best;
}

int32_t tiny_net_predict(const tiny_net *net, const float *row) {
  double logits[TINY_NET_MAX_CLASSES];
  tiny_net_logits(net, row, logits);
  return largest(net->classes, logits);
}

double tiny_net_loss(const tiny_net *net, const float *rows, const int32_t *labels, int64_t count) {
  double total = 0, logits[TINY_NET_MAX_CLASSES];
  for (int64_t i = 0; i < count; i++) {
    double sum = 0;
    tiny_net_logits(net, rows + i * net->inputs, logits);
    const double most = logits[largest(net->classes, logits)];
    for (int32_t k = 0; k < net->classes; k++) sum += exp(logits[k] - most);
    total += log(sum) - (logits[labels[i]] - most);
  }
  return total / (double)count;
}

double tiny_net_accuracy(const tiny_net *net, const float *rows, const int32_t *labels, int64_t count) {
  int64_t right = 0;
  for (int64_t i = 0; i < count; i++) right += tiny_net_predict(net, rows + i * net->inputs) == labels[i];
  return (double)right / (double)count;
}

int32_t ATTRIB_CALL tiny_net_evaluate(const attrib_batch *batch, void *user) {
  const tiny_net *net = user;
  const size_t size = batch->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  double hidden[TINY_NET_MAX_HIDDEN], logits[TINY_NET_MAX_CLASSES], weights[TINY_NET_MAX_CLASSES] = {0};
  if (batch->dtype != net->dtype || batch->n_inputs != net->inputs || batch->target >= net->classes) return -1;
  if (batch->target >= 0) weights[batch->target] = 1;
  if (batch->target_weights != NULL) memcpy(weights, batch->target_weights, (size_t)net->classes * sizeof *weights);
  for (int64_t r = 0; r < batch->rows; r++) {
    double *out = batch->outputs + r * batch->output_stride;
    forward(net, batch->dtype, (const char *)batch->inputs + (size_t)(r * batch->input_stride) * size, hidden, logits);
    if ((batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0) {
      memcpy(out, logits, (size_t)net->classes * sizeof *out);
    } else {
      *out = 0;
      for (int32_t k = 0; k < net->classes; k++) *out += weights[k] * logits[k];
    }
    if ((batch->flags & ATTRIB_BATCH_GRADIENTS) != 0)
      backward(net, hidden, weights, batch->dtype,
               (char *)batch->gradients + (size_t)(r * batch->gradient_stride) * size);
  }
  return 0;
}

void tiny_net_model(tiny_net *net, uint32_t dtype, attrib_model *model) {
  net->dtype = dtype;
  *model = (attrib_model){.struct_size = sizeof *model,
                          .flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                          .dtype = dtype,
                          .n_inputs = net->inputs,
                          .n_outputs = net->classes,
                          .evaluate = tiny_net_evaluate,
                          .user = net};
}
