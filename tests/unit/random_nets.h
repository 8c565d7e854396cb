/* random_nets.h - random networks of all kinds of activations, evaluated in the model's own arithmetic, so that float
 * ones have the rounding of float networks. Include after fixture.h. */
#ifndef ATTRIB_TESTS_RANDOM_NETS_H
#define ATTRIB_TESTS_RANDOM_NETS_H

#include "fixture.h"

typedef enum activation { RELU, LEAKY, TANH, SIGMOID, SILU, SOFTPLUS, ACTIVATIONS } activation;

enum { NET_LAYERS = 4, NET_WIDTH = 24, NET_CLASSES = 5 };

/* Layers of `width[k]` units to the next; the last is one output, or the probability of the first of five classes. */
typedef struct random_net {
  activation kind;
  double steepness;   /* of SOFTPLUS */
  double temperature; /* logits are multiplied by it; 0 = no softmax: one output */
  uint32_t dtype;
  int layers, width[NET_LAYERS + 1];
  double weights[NET_LAYERS][NET_WIDTH * NET_WIDTH], bias[NET_LAYERS][NET_WIDTH];
} random_net;

/* A value in the net's arithmetic. */
static inline double in_type(const random_net *net, double value) {
  volatile float single = (float)value;
  return net->dtype == ATTRIB_F32 ? (double)single : value;
}

/* start + sum of weights[k * stride] * values[k]. */
static inline double net_sum(const random_net *net, double start, int n, const double *weights, int stride,
                             const double *values) {
  if (net->dtype == ATTRIB_F32) {
    float sum = (float)start;
    for (int k = 0; k < n; k++) sum += (float)weights[k * stride] * (float)values[k];
    return (double)sum;
  }
  double sum = start;
  for (int k = 0; k < n; k++) sum += weights[k * stride] * values[k];
  return sum;
}

static inline double activate(const random_net *net, double z, double *slope) {
  const double e = exp(-fabs(z)), k = net->steepness, s = z > 0 ? 1 / (1 + e) : e / (1 + e);
  switch (net->kind) {
    case RELU: *slope = z > 0 ? 1 : 0; return z > 0 ? z : 0;
    case LEAKY: *slope = z > 0 ? 1 : .1; return z > 0 ? z : .1 * z;
    case TANH: *slope = 1 - tanh(z) * tanh(z); return tanh(z);
    case SIGMOID: *slope = s * (1 - s); return s;
    case SILU: *slope = s * (1 + z * (1 - s)); return z * s;
    default: *slope = 1 / (1 + exp(-k * z)); return (z > 0 ? z : 0) + log1p(exp(-k * fabs(z))) / k;
  }
}

/* Normal enough: twelve uniforms. */
static inline double net_number(uint64_t *state) {
  double sum = 0;
  for (int k = 0; k < 12; k++) sum += random_number(state) / 2;
  return sum;
}

/* 2 to 4 layers; weights as networks are initialised, or half as large again. */
static inline void make_net(random_net *net, uint64_t seed, activation kind, double steepness, double temperature,
                            uint32_t dtype) {
  uint64_t state = seed * 7919 + 12345;
  *net = (random_net){
      .kind = kind, .steepness = steepness, .temperature = temperature, .dtype = dtype, .layers = 2 + (int)(seed % 3)};
  net->width[0] = (const int[]){3, 8, 20}[seed / 3 % 3];
  for (int l = 1; l < net->layers; l++) net->width[l] = seed / 9 % 2 == 0 ? NET_WIDTH : NET_WIDTH / 2;
  net->width[net->layers] = temperature > 0 ? NET_CLASSES : 1;
  for (int l = 0; l < net->layers; l++) {
    const double scale = sqrt(2.0 / net->width[l]) * (seed / 18 % 2 == 0 ? 1.5 : 1);
    for (int k = 0; k < net->width[l] * net->width[l + 1]; k++)
      net->weights[l][k] = in_type(net, scale * net_number(&state));
    for (int k = 0; k < net->width[l + 1]; k++) net->bias[l][k] = in_type(net, .3 * net_number(&state));
  }
}

/* The gradient with respect to the last layer's sums goes to `back`. */
static inline double net_output(const random_net *net, const double *logits, double *back) {
  if (net->temperature == 0) {
    back[0] = 1;
    return logits[0];
  }
  double most = logits[0], sum = 0, p[NET_CLASSES];
  for (int k = 1; k < NET_CLASSES; k++) most = fmax(most, logits[k]);
  for (int k = 0; k < NET_CLASSES; k++) sum += p[k] = exp(net->temperature * (logits[k] - most));
  for (int k = 0; k < NET_CLASSES; k++) back[k] = in_type(net, net->temperature * p[0] / sum * ((k == 0) - p[k] / sum));
  return in_type(net, p[0] / sum);
}

/* As an analytic_fn; parameters: the net. */
static inline double f_random_net(const double *x, int64_t n, double *g, const void *parameters) {
  const random_net *net = parameters;
  double values[NET_LAYERS + 1][NET_WIDTH], slopes[NET_LAYERS + 1][NET_WIDTH], back[NET_WIDTH] = {0};
  memcpy(values[0], x, (size_t)n * sizeof *x);
  for (int l = 0; l < net->layers; l++)
    for (int o = 0; o < net->width[l + 1]; o++) {
      const double sum =
          net_sum(net, net->bias[l][o], net->width[l], net->weights[l] + o * net->width[l], 1, values[l]);
      values[l + 1][o] = sum;
      if (l + 1 == net->layers) continue;
      values[l + 1][o] = in_type(net, activate(net, sum, &slopes[l + 1][o]));
      slopes[l + 1][o] = in_type(net, slopes[l + 1][o]);
    }
  const double f = net_output(net, values[net->layers], back);
  for (int l = net->layers - 1; l >= 0; l--) {
    double before[NET_WIDTH] = {0};
    for (int i = 0; i < net->width[l]; i++) {
      const double sum = net_sum(net, 0, net->width[l + 1], net->weights[l] + i, net->width[l], back);
      before[i] = l > 0 ? in_type(net, sum * slopes[l][i]) : sum;
    }
    memcpy(back, before, sizeof back);
  }
  if (g != NULL) memcpy(g, back, (size_t)n * sizeof *g);
  return f;
}

#endif
