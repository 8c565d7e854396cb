/* Forward and backward step of each kind of layer.
 *
 * The inner loops run over a block of neighbouring outputs, and each output adds its terms in one fixed order:
 * such loops vectorise at plain -O2 without reordering any sum. */
#include "small_net.h"

#include <stdlib.h>
#include <string.h>

enum { TAPS = 9 };

static size_t round_up(size_t count) {
  return (count + SMALL_NET_BLOCK - 1) / SMALL_NET_BLOCK * SMALL_NET_BLOCK;
}

static size_t plane_floats(const small_net_shape *shape) {
  return ((size_t)shape->height + 2) * ((size_t)shape->width + 2);
}

size_t small_net_shape_floats(const small_net_shape *shape) {
  size_t planes = shape->height > 0 ? plane_floats(shape) : 1;
  return round_up((size_t)shape->channels * planes);
}

int64_t small_net_shape_values(const small_net_shape *shape) {
  const int64_t plane = shape->height > 0 ? (int64_t)shape->height * shape->width : 1;
  return shape->channels * plane;
}

/* ---- derived weights ---- */

static void prepare_convolution(small_net_layer *layer) {
  size_t n_in = (size_t)layer->in.channels, n_out = (size_t)layer->out.channels;
  memcpy(layer->forward_weights, layer->weights, n_in * n_out * TAPS * sizeof(float));
  memcpy(layer->forward_bias, layer->bias, n_out * sizeof(float));
  /* The gradient is a convolution too: channels swapped, kernel turned by half a turn. */
  for (size_t o = 0; o < n_out; o++) {
    for (size_t i = 0; i < n_in; i++) {
      for (size_t t = 0; t < TAPS; t++) {
        layer->backward_weights[(i * n_out + o) * TAPS + t] = layer->weights[(o * n_in + i) * TAPS + TAPS - 1 - t];
      }
    }
  }
}

static void prepare_dense(small_net_layer *layer) {
  size_t n_in = (size_t)layer->in.channels, n_out = (size_t)layer->out.channels;
  size_t in_stride = round_up(n_in), out_stride = round_up(n_out);
  memcpy(layer->forward_bias, layer->bias, n_out * sizeof(float));
  for (size_t o = 0; o < n_out; o++) {
    for (size_t i = 0; i < n_in; i++) {
      layer->forward_weights[i * out_stride + o] = layer->weights[o * n_in + i];
      layer->backward_weights[o * in_stride + i] = layer->weights[o * n_in + i];
    }
  }
}

int32_t small_net_layer_prepare(small_net_layer *layer) {
  if (layer->kind != SMALL_NET_CONVOLUTION && layer->kind != SMALL_NET_DENSE) {
    return 0;
  }
  size_t n_in = (size_t)layer->in.channels, n_out = (size_t)layer->out.channels;
  size_t forward = n_in * n_out * TAPS, backward = forward;
  if (layer->kind == SMALL_NET_DENSE) {
    forward = n_in * round_up(n_out);
    backward = n_out * round_up(n_in);
  }
  if (layer->forward_weights == NULL) {
    layer->forward_weights = calloc(forward + backward + round_up(n_out), sizeof(float));
    if (layer->forward_weights == NULL) {
      return SMALL_NET_E_MEMORY;
    }
    layer->backward_weights = layer->forward_weights + forward;
    layer->forward_bias = layer->backward_weights + backward;
  }
  if (layer->kind == SMALL_NET_CONVOLUTION) {
    prepare_convolution(layer);
  } else {
    prepare_dense(layer);
  }
  return 0;
}

void small_net_layer_release(small_net_layer *layer) {
  free(layer->weights);
  free(layer->forward_weights);
  layer->weights = layer->bias = NULL;
  layer->forward_weights = layer->forward_bias = layer->backward_weights = NULL;
}

/* ---- convolution ---- */

/* out += kernel * in for one pair of planes. out: first pixel; in: the border pixel up and left of it. */
static void accumulate_plane(float *restrict out, const float *restrict in, const float *restrict kernel,
                             int32_t height, int32_t width) {
  const ptrdiff_t stride = (ptrdiff_t)width + 2;
  const float k0 = kernel[0], k1 = kernel[1], k2 = kernel[2], k3 = kernel[3], k4 = kernel[4];
  const float k5 = kernel[5], k6 = kernel[6], k7 = kernel[7], k8 = kernel[8];
  for (int32_t y = 0; y < height; y++) {
    const float *restrict above = in + y * stride;
    const float *restrict here = above + stride;
    const float *restrict below = here + stride;
    float *restrict row = out + y * stride;
    for (int32_t x = 0; x < width; x += SMALL_NET_BLOCK) {
      for (int32_t i = x; i < x + SMALL_NET_BLOCK; i++) {
        row[i] = row[i] + k0 * above[i] + k1 * above[i + 1] + k2 * above[i + 2] + k3 * here[i] + k4 * here[i + 1] +
                 k5 * here[i + 2] + k6 * below[i] + k7 * below[i + 1] + k8 * below[i + 2];
      }
    }
  }
}

/* bias NULL: start from zero. The borders of out are left alone. */
static void convolve(const small_net_shape *in_shape, const float *in, const small_net_shape *out_shape, float *out,
                     const float *weights, const float *bias) {
  const size_t plane = plane_floats(in_shape), stride = (size_t)in_shape->width + 2;
  for (int32_t o = 0; o < out_shape->channels; o++) {
    float *first = out + (size_t)o * plane + stride + 1;
    const float start = bias == NULL ? 0.0f : bias[o];
    for (int32_t y = 0; y < in_shape->height; y++) {
      for (int32_t x = 0; x < in_shape->width; x++) {
        first[(size_t)y * stride + (size_t)x] = start;
      }
    }
    for (int32_t i = 0; i < in_shape->channels; i++) {
      accumulate_plane(first, in + (size_t)i * plane, weights, in_shape->height, in_shape->width);
      weights += TAPS;
    }
  }
}

/* ---- dense ---- */

/* out = bias + sum_i in[i] * weights[i][...]; n_out as stored, a multiple of the block; bias NULL: zero. */
static void multiply(const float *restrict in, int32_t n_in, float *restrict out, int32_t n_out,
                     const float *restrict weights, const float *bias) {
  for (int32_t o = 0; o < n_out; o++) {
    out[o] = bias == NULL ? 0.0f : bias[o];
  }
  for (int32_t i = 0; i < n_in; i++) {
    const float value = in[i];
    for (int32_t o = 0; o < n_out; o += SMALL_NET_BLOCK) {
      for (int32_t j = o; j < o + SMALL_NET_BLOCK; j++) {
        out[j] = out[j] + value * weights[j];
      }
    }
    weights += n_out;
  }
}

/* ---- ReLU ---- */

static void rectify(const float *restrict in, float *restrict out, size_t count) {
  for (size_t x = 0; x < count; x += SMALL_NET_BLOCK) {
    for (size_t i = x; i < x + SMALL_NET_BLOCK; i++) {
      out[i] = in[i] <= 0.0f ? 0.0f : in[i]; /* keeps NaN */
    }
  }
}

static void rectify_backward(const float *restrict in, const float *restrict out_gradient, float *restrict in_gradient,
                             size_t count) {
  for (size_t x = 0; x < count; x += SMALL_NET_BLOCK) {
    for (size_t i = x; i < x + SMALL_NET_BLOCK; i++) {
      in_gradient[i] = in[i] <= 0.0f ? 0.0f : out_gradient[i];
    }
  }
}

/* ---- pooling over 2 x 2 windows ---- */

/* Offset of the largest value of a window, the first one at a tie; a NaN counts as largest. */
static size_t largest(const float *window, size_t stride) {
  size_t best = 0;
  float value = window[0];
  const size_t offsets[3] = {1, stride, stride + 1};
  for (int k = 0; k < 3; k++) {
    float other = window[offsets[k]];
    int better = (other > value) | (other != other);
    best = better ? offsets[k] : best;
    value = better ? other : value;
  }
  return best;
}

static void pool(const small_net_layer *layer, const float *in, float *out) {
  const size_t in_stride = (size_t)layer->in.width + 2, out_stride = (size_t)layer->out.width + 2;
  for (size_t c = 0; c < (size_t)layer->in.channels; c++) {
    for (size_t y = 0; y < (size_t)layer->out.height; y++) {
      const float *window = in + c * plane_floats(&layer->in) + (2 * y + 1) * in_stride + 1;
      float *row = out + c * plane_floats(&layer->out) + (y + 1) * out_stride + 1;
      if (layer->kind == SMALL_NET_MAX_POOL) {
        for (size_t x = 0; x < (size_t)layer->out.width; x++) {
          row[x] = window[2 * x + largest(window + 2 * x, in_stride)];
        }
      } else {
        for (size_t x = 0; x < (size_t)layer->out.width; x++) {
          const float *w = window + 2 * x;
          row[x] = 0.25f * (w[0] + w[1] + w[in_stride] + w[in_stride + 1]);
        }
      }
    }
  }
}

static void pool_backward(const small_net_layer *layer, const float *in, const float *out_gradient,
                          float *in_gradient) {
  const size_t in_stride = (size_t)layer->in.width + 2, out_stride = (size_t)layer->out.width + 2;
  for (size_t c = 0; c < (size_t)layer->in.channels; c++) {
    for (size_t y = 0; y < (size_t)layer->out.height; y++) {
      const size_t start = c * plane_floats(&layer->in) + (2 * y + 1) * in_stride + 1;
      const float *row = out_gradient + c * plane_floats(&layer->out) + (y + 1) * out_stride + 1;
      for (size_t x = 0; x < (size_t)layer->out.width; x++) {
        float *w = in_gradient + start + 2 * x;
        const int is_max = layer->kind == SMALL_NET_MAX_POOL;
        w[0] = w[1] = w[in_stride] = w[in_stride + 1] = is_max ? 0.0f : 0.25f * row[x];
        if (is_max) {
          w[largest(in + start + 2 * x, in_stride)] = row[x];
        }
      }
    }
  }
}

/* ---- flattening: drops the borders ---- */

static void flatten(const small_net_shape *map, const float *planes, float *vector) {
  const size_t stride = (size_t)map->width + 2;
  for (int32_t c = 0; c < map->channels; c++) {
    const float *row = planes + (size_t)c * plane_floats(map) + stride + 1;
    for (int32_t y = 0; y < map->height; y++) {
      memcpy(vector, row, (size_t)map->width * sizeof(float));
      vector += map->width;
      row += stride;
    }
  }
}

static void unflatten(const small_net_shape *map, const float *vector, float *planes) {
  const size_t stride = (size_t)map->width + 2;
  for (int32_t c = 0; c < map->channels; c++) {
    float *row = planes + (size_t)c * plane_floats(map) + stride + 1;
    for (int32_t y = 0; y < map->height; y++) {
      memcpy(row, vector, (size_t)map->width * sizeof(float));
      vector += map->width;
      row += stride;
    }
  }
}

/* ---- any layer ---- */

void small_net_layer_forward(const small_net_layer *layer, const float *in, float *out) {
  switch (layer->kind) {
    case SMALL_NET_CONVOLUTION:
      convolve(&layer->in, in, &layer->out, out, layer->forward_weights, layer->forward_bias);
      break;
    case SMALL_NET_RELU: rectify(in, out, small_net_shape_floats(&layer->in)); break;
    case SMALL_NET_MAX_POOL:
    case SMALL_NET_AVERAGE_POOL: pool(layer, in, out); break;
    case SMALL_NET_FLATTEN: flatten(&layer->in, in, out); break;
    case SMALL_NET_DENSE:
      multiply(in, layer->in.channels, out, (int32_t)small_net_shape_floats(&layer->out), layer->forward_weights,
               layer->forward_bias);
      break;
    default: /* the reader lets no other kind through */ break;
  }
}

void small_net_layer_backward(const small_net_layer *layer, const float *in, const float *out_gradient,
                              float *in_gradient) {
  switch (layer->kind) {
    case SMALL_NET_CONVOLUTION:
      convolve(&layer->out, out_gradient, &layer->in, in_gradient, layer->backward_weights, NULL);
      break;
    case SMALL_NET_RELU: rectify_backward(in, out_gradient, in_gradient, small_net_shape_floats(&layer->in)); break;
    case SMALL_NET_MAX_POOL:
    case SMALL_NET_AVERAGE_POOL: pool_backward(layer, in, out_gradient, in_gradient); break;
    case SMALL_NET_FLATTEN: unflatten(&layer->in, out_gradient, in_gradient); break;
    case SMALL_NET_DENSE:
      multiply(out_gradient, layer->out.channels, in_gradient, (int32_t)small_net_shape_floats(&layer->in),
               layer->backward_weights, NULL);
      break;
    default: break;
  }
}
