/* Lanes and their workspaces: from one place of the net to another, forward and backward. */
#include "small_net_lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 32 /* floats between lanes, so that two lanes never write to one cache line */ };

int32_t small_net_allocate_lanes(small_net *net) {
  size_t total = GAP;
  for (size_t k = 0; k <= net->layer_count; k++) {
    net->offsets[k] = total;
    total += small_net_shape_floats(small_net_place_shape(net, k));
  }
  net->activation_floats = total;
  /* The reader bounds the activations of a net, so this product does not overflow. */
  net->workspaces = calloc(net->lanes, 2 * total * sizeof(float));
  return net->workspaces == NULL ? SMALL_NET_E_MEMORY : 0;
}

const small_net_shape *small_net_place_shape(const small_net *net, size_t place) {
  return place == 0 ? &net->layers[0].in : &net->layers[place - 1].out;
}

static float *activation(const small_net *net, uint32_t lane, size_t place) {
  return net->workspaces + (size_t)lane * 2 * net->activation_floats + net->offsets[place];
}

static float *activation_gradient(const small_net *net, uint32_t lane, size_t place) {
  return activation(net, lane, place) + net->activation_floats;
}

/* ---- between the caller's values without borders and the workspace's storage ---- */

/* Storage seen as lines that have no border within: the rows of a map, or a vector as one line. */
typedef struct lines {
  float *storage;
  const small_net_shape *shape;
  int32_t count, length;
} lines;

static lines lines_of(float *storage, const small_net_shape *shape) {
  lines all = {storage, shape, 1, shape->channels};
  if (shape->height > 0) {
    all.count = shape->channels * shape->height;
    all.length = shape->width;
  }
  return all;
}

static float *line(const lines *all, int32_t index) {
  const small_net_shape *shape = all->shape;
  if (shape->height == 0) {
    return all->storage;
  }
  const size_t plane = (size_t)(index / shape->height), row = (size_t)(index % shape->height);
  return all->storage + (plane * ((size_t)shape->height + 2) + row + 1) * ((size_t)shape->width + 2) + 1;
}

static lines activation_lines(const small_net *net, uint32_t lane, size_t place) {
  return lines_of(activation(net, lane, place), small_net_place_shape(net, place));
}

static lines gradient_lines(const small_net *net, uint32_t lane, size_t place) {
  return lines_of(activation_gradient(net, lane, place), small_net_place_shape(net, place));
}

void small_net_read_all(const small_net *net, uint32_t lane, size_t place, double *values) {
  const lines all = activation_lines(net, lane, place);
  for (int32_t i = 0; i < all.count; i++) {
    const float *from = line(&all, i);
    for (int32_t x = 0; x < all.length; x++) {
      values[x] = (double)from[x];
    }
    values += all.length;
  }
}

double small_net_read_one(const small_net *net, uint32_t lane, size_t place, int64_t index) {
  const lines all = activation_lines(net, lane, place);
  return (double)line(&all, (int32_t)(index / all.length))[index % all.length];
}

double small_net_read_sum(const small_net *net, uint32_t lane, size_t place, const double *weights) {
  const lines all = activation_lines(net, lane, place);
  double sum = 0.0;
  for (int32_t i = 0; i < all.count; i++) {
    const float *from = line(&all, i);
    for (int32_t x = 0; x < all.length; x++) {
      sum += weights[x] * (double)from[x];
    }
    weights += all.length;
  }
  return sum;
}

void small_net_read_logits(const small_net *net, uint32_t lane, float *logits) {
  memcpy(logits, activation(net, lane, net->layer_count), SMALL_NET_CLASSES * sizeof(float));
}

/* ---- forward ---- */

void small_net_run_forward(small_net *net, uint32_t lane, size_t begin, size_t end, const float *values) {
  const lines all = activation_lines(net, lane, begin);
  for (int32_t i = 0; i < all.count; i++) {
    memcpy(line(&all, i), values, (size_t)all.length * sizeof(float));
    values += all.length;
  }
  for (size_t k = begin; k < end; k++) {
    small_net_layer_forward(&net->layers[k], activation(net, lane, k), activation(net, lane, k + 1));
  }
}

int32_t small_net_forward(small_net *net, uint32_t lane, const float *input, float *logits) {
  if (net == NULL || input == NULL || logits == NULL || lane >= net->lanes) {
    return SMALL_NET_E_ARGUMENT;
  }
  small_net_run_forward(net, lane, 0, net->layer_count, input);
  small_net_read_logits(net, lane, logits);
  return 0;
}

/* ---- backward ---- */

/* Power of two next to the largest weight: seeds of a saturated softmax would otherwise be denormal floats, which are
 * slow and inexact. Scaling by it changes no other bit. */
static double seed_scale(const double *weights, int64_t count) {
  double largest = 0.0;
  int exponent = 0;
  for (int64_t k = 0; k < count; k++) {
    largest = fabs(weights[k]) > largest ? fabs(weights[k]) : largest;
  }
  if (!(largest > 1e-300 && largest < 1e300)) {
    return 1.0;
  }
  (void)frexp(largest, &exponent);
  return ldexp(1.0, exponent);
}

/* Returns the scale the gradients are to be multiplied by. */
static double seed(const lines *all, const double *weights, int64_t target) {
  const double scale = weights == NULL ? 1.0 : seed_scale(weights, small_net_shape_values(all->shape));
  for (int32_t i = 0; i < all->count; i++) {
    float *to = line(all, i);
    for (int32_t x = 0; x < all->length; x++) {
      const int64_t index = (int64_t)i * all->length + x;
      to[x] = weights != NULL ? (float)(weights[index] / scale) : index == target ? 1.0f : 0.0f;
    }
  }
  return scale;
}

void small_net_run_backward(small_net *net, uint32_t lane, size_t begin, size_t end, const double *weights,
                            int64_t target, float *gradient) {
  const lines seeds = gradient_lines(net, lane, end), wanted = gradient_lines(net, lane, begin);
  const double scale = seed(&seeds, weights, target);
  for (size_t k = end; k-- > begin;) {
    small_net_layer_backward(&net->layers[k], activation(net, lane, k), activation_gradient(net, lane, k + 1),
                             activation_gradient(net, lane, k));
  }
  for (int32_t i = 0; i < wanted.count; i++) {
    const float *from = line(&wanted, i);
    for (int32_t x = 0; x < wanted.length; x++) {
      gradient[x] = (float)((double)from[x] * scale);
    }
    gradient += wanted.length;
  }
}

int32_t small_net_backward(small_net *net, uint32_t lane, const double *logit_weights, float *gradient) {
  if (net == NULL || logit_weights == NULL || gradient == NULL || lane >= net->lanes) {
    return SMALL_NET_E_ARGUMENT;
  }
  small_net_run_backward(net, lane, 0, net->layer_count, logit_weights, -1, gradient);
  return 0;
}
