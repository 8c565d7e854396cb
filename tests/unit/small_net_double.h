/* small_net_double.h - the example network a second time, for tests: in double, on planes without borders, every sum a
 * plain loop over its definition. */
#ifndef ATTRIB_TESTS_SMALL_NET_DOUBLE_H
#define ATTRIB_TESTS_SMALL_NET_DOUBLE_H

#include <string.h>

#include "small_net.h"

enum { DOUBLE_NET_MOST = 8 * 64 * 64 /* values of the largest activations */ };

static inline double pixel_of(const double *map, const small_net_shape *shape, int channel, int y, int x) {
  if (y < 0 || y >= shape->height || x < 0 || x >= shape->width) return 0;
  return map[(channel * shape->height + y) * shape->width + x];
}

static inline double convolved_pixel(const small_net_layer *layer, const double *in, int o, int y, int x) {
  double sum = (double)layer->bias[o];
  for (int i = 0; i < layer->in.channels; i++)
    for (int tap = 0; tap < 9; tap++)
      sum += (double)layer->weights[(o * layer->in.channels + i) * 9 + tap] *
             pixel_of(in, &layer->in, i, y + tap / 3 - 1, x + tap % 3 - 1);
  return sum;
}

static inline double pooled_pixel(const small_net_layer *layer, const double *in, int channel, int y, int x) {
  double sum = 0, largest = pixel_of(in, &layer->in, channel, 2 * y, 2 * x);
  for (int k = 0; k < 4; k++) {
    double value = pixel_of(in, &layer->in, channel, 2 * y + k / 2, 2 * x + k % 2);
    sum += value;
    largest = value > largest ? value : largest;
  }
  return layer->kind == SMALL_NET_MAX_POOL ? largest : sum / 4;
}

static inline double dense_value(const small_net_layer *layer, const double *in, int o) {
  double sum = (double)layer->bias[o];
  for (int i = 0; i < layer->in.channels; i++) sum += (double)layer->weights[o * layer->in.channels + i] * in[i];
  return sum;
}

static inline double map_value(const small_net_layer *layer, const double *in, int channel, int y, int x) {
  return layer->kind == SMALL_NET_CONVOLUTION ? convolved_pixel(layer, in, channel, y, x)
                                              : pooled_pixel(layer, in, channel, y, x);
}

static inline void double_layer(const small_net_layer *layer, const double *in, double *out) {
  const int64_t count = small_net_shape_values(&layer->out);
  for (int64_t k = 0; k < count; k++) {
    const int plane = layer->out.height * layer->out.width, i = (int)k;
    switch (layer->kind) {
      case SMALL_NET_RELU: out[k] = in[k] > 0 ? in[k] : 0; break;
      case SMALL_NET_FLATTEN: out[k] = in[k]; break;
      case SMALL_NET_DENSE: out[k] = dense_value(layer, in, i); break;
      default: out[k] = map_value(layer, in, i / plane, i % plane / layer->out.width, i % layer->out.width);
    }
  }
}

/* Layers begin ... end - 1, from in to out. */
static inline void double_net(const small_net_layer *chain, int begin, int end, const double *in, double *out) {
  static double before[DOUBLE_NET_MOST], after[DOUBLE_NET_MOST];
  const small_net_shape *from = begin == 0 ? &chain[0].in : &chain[begin - 1].out;
  memcpy(after, in, (size_t)small_net_shape_values(from) * sizeof *in);
  for (int k = begin; k < end; k++) {
    memcpy(before, after, sizeof before);
    double_layer(&chain[k], before, after);
  }
  const small_net_shape *to = end == 0 ? &chain[0].in : &chain[end - 1].out;
  memcpy(out, after, (size_t)small_net_shape_values(to) * sizeof *out);
}

#endif
