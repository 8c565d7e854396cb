#include "table_net.h"

#include <math.h>
#include <stdbool.h>

/* Activations of one row: the input standardised, then what each layer made. */
typedef struct activations {
  double at[TABLE_NET_MAX_LAYERS + 1][TABLE_NET_MAX_WIDTH];
} activations;

/* The weights of a layer, with the bias behind them. */
static const double *layer_weights(const table_net *net, int32_t layer) {
  const double *p = net->parameters + (size_t)2 * (size_t)net->n_inputs;
  for (int32_t k = 0; k < layer; k++) p += (size_t)(net->widths[k] + 1) * (size_t)net->widths[k + 1];
  return p;
}

static const double *forward(const table_net *net, const double *input, activations *a) {
  const double *mean = net->parameters, *scale = mean + net->n_inputs;
  for (int32_t i = 0; i < net->widths[0]; i++) a->at[0][i] = (input[i] - mean[i]) / scale[i];
  for (int32_t k = 0; k < net->n_layers; k++) {
    const int32_t in = net->widths[k], out = net->widths[k + 1];
    const double *weights = layer_weights(net, k), *bias = weights + (size_t)in * (size_t)out;
    for (int32_t o = 0; o < out; o++) {
      double sum = bias[o];
      for (int32_t i = 0; i < in; i++) sum += weights[(size_t)o * (size_t)in + (size_t)i] * a->at[k][i];
      a->at[k + 1][o] = k + 1 < net->n_layers ? tanh(sum) : sum;
    }
  }
  return a->at[net->n_layers];
}

/* seeds: derivative by each logit; used up. The activations are those of the row. */
static void backward(const table_net *net, const activations *a, double *seeds, double *gradient) {
  double next[TABLE_NET_MAX_WIDTH];
  for (int32_t k = net->n_layers; k-- > 0;) {
    const int32_t in = net->widths[k], out = net->widths[k + 1];
    const double *weights = layer_weights(net, k);
    for (int32_t i = 0; i < in; i++) {
      double sum = 0;
      for (int32_t o = 0; o < out; o++) sum += weights[(size_t)o * (size_t)in + (size_t)i] * seeds[o];
      next[i] = k > 0 ? sum * (1 - a->at[k][i] * a->at[k][i]) : sum; /* tanh' = 1 - tanh^2 */
    }
    for (int32_t i = 0; i < in; i++) seeds[i] = next[i];
  }
  const double *scale = net->parameters + net->n_inputs;
  for (int32_t i = 0; i < net->n_inputs; i++) gradient[i] = seeds[i] / scale[i];
}

/* Softmax over the classes other than `without` (-1: over all). Returns the logarithm of the sum of exponentials. */
static double softmax(const double *logits, int32_t classes, int64_t without, double *p) {
  double largest = -INFINITY, sum = 0;
  for (int32_t k = 0; k < classes; k++)
    if (k != without && logits[k] > largest) largest = logits[k];
  for (int32_t k = 0; k < classes; k++) {
    p[k] = k == without ? 0 : exp(logits[k] - largest); /* at most 1: no overflow */
    sum += p[k];
  }
  for (int32_t k = 0; k < classes; k++) p[k] /= sum;
  return largest + log(sum);
}

/* The score of a class from the logits, and its derivative by each of them. */
static double score_of(const table_net *net, uint32_t score, int64_t target, const double *logits, double *seeds) {
  const int32_t classes = net->widths[net->n_layers];
  double p[TABLE_NET_MAX_CLASSES];
  if (score == TABLE_NET_LOGIT) {
    double others = softmax(logits, classes, target, p);
    for (int32_t k = 0; k < classes; k++) seeds[k] = k == target ? 1 : -p[k];
    return logits[target] - others;
  }
  softmax(logits, classes, -1, p);
  seeds[target] = 0;
  for (int32_t k = 0; k < classes; k++) {
    if (k == target) continue;
    seeds[k] = -p[target] * p[k];
    seeds[target] -= seeds[k]; /* p (1 - p), without the cancellation of 1 - p */
  }
  return p[target];
}

void table_net_logits(const table_net *net, const double *input, double *logits) {
  activations a;
  const double *last = forward(net, input, &a);
  for (int32_t k = 0; k < net->n_classes; k++) logits[k] = last[k];
}

void table_net_scores(const table_net *net, uint32_t score, const double *input, double *scores) {
  activations a;
  double seeds[TABLE_NET_MAX_CLASSES];
  const double *logits = forward(net, input, &a);
  for (int32_t k = 0; k < net->n_classes; k++) scores[k] = score_of(net, score, k, logits, seeds);
}

double table_net_score(const table_net *net, uint32_t score, int64_t target, const double *input, double *gradient) {
  activations a;
  double seeds[TABLE_NET_MAX_WIDTH];
  double value = score_of(net, score, target, forward(net, input, &a), seeds);
  if (gradient != NULL) backward(net, &a, seeds, gradient);
  return value;
}

static int32_t evaluate(const attrib_batch *batch, const table_net *net, uint32_t score) {
  const bool all = (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0, gradients = batch->gradients != NULL;
  if (batch->dtype != ATTRIB_F64 || batch->n_inputs != net->n_inputs || batch->target_weights != NULL) return -1;
  if ((!all || gradients) && (batch->target < 0 || batch->target >= net->n_classes)) return -1;
  for (int64_t r = 0; r < batch->rows; r++) {
    const double *input = (const double *)batch->inputs + r * batch->input_stride;
    double *output = batch->outputs + r * batch->output_stride;
    double *gradient = gradients ? (double *)batch->gradients + r * batch->gradient_stride : NULL;
    double value = 0;
    if (!all || gradients) value = table_net_score(net, score, batch->target, input, gradient);
    if (all)
      table_net_scores(net, score, input, output);
    else
      *output = value;
  }
  return 0;
}

static int32_t ATTRIB_CALL evaluate_logit(const attrib_batch *batch, void *net) {
  return evaluate(batch, net, TABLE_NET_LOGIT);
}

static int32_t ATTRIB_CALL evaluate_probability(const attrib_batch *batch, void *net) {
  return evaluate(batch, net, TABLE_NET_PROBABILITY);
}

attrib_model table_net_model(table_net *net, uint32_t score) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = ATTRIB_F64,
                        .n_inputs = net->n_inputs,
                        .n_outputs = net->n_classes,
                        .evaluate = score == TABLE_NET_PROBABILITY ? evaluate_probability : evaluate_logit,
                        .user = net};
}
