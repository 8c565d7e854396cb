/* The net as a whole: lanes and their workspaces, one picture forward and backward. */
#include "small_net.h"

#include <math.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One lane's workspace holds, for each of the layer_count + 1 places between layers, the activation and its gradient,
 * at the same offset in two halves of activation_floats each. Borders of maps are zeroed once, at allocation. */
struct small_net {
  small_net_layer layers[SMALL_NET_MAX_LAYERS];
  size_t offsets[SMALL_NET_MAX_LAYERS + 1];
  size_t layer_count, activation_floats;
  char class_names[SMALL_NET_CLASSES][SMALL_NET_NAME_BYTES];
  uint32_t lanes;
  float *workspaces; /* lanes x 2 x activation_floats */
};

enum {
  GAP = 32, /* floats between lanes, so that two lanes never write to one cache line */
  MAX_FILE_BYTES = 1 << 20
};

static int32_t allocate_lanes(small_net *net) {
  size_t total = GAP;
  for (size_t k = 0; k < net->layer_count; k++) {
    net->offsets[k] = total;
    total += small_net_shape_floats(&net->layers[k].in);
  }
  net->offsets[net->layer_count] = total;
  total += small_net_shape_floats(&net->layers[net->layer_count - 1].out);
  net->activation_floats = total;
  /* The reader bounds the activations of a net, so this product does not overflow. */
  net->workspaces = calloc(net->lanes, 2 * total * sizeof(float));
  return net->workspaces == NULL ? SMALL_NET_E_MEMORY : 0;
}

int32_t small_net_parse(const void *bytes, size_t size, uint32_t lanes, small_net **net, char *message,
                        size_t message_size) {
  char unheard[1];
  if (message == NULL || message_size == 0) {
    message = unheard;
    message_size = sizeof unheard;
  }
  message[0] = '\0';
  if (net == NULL) {
    (void)snprintf(message, message_size, "net is NULL");
    return SMALL_NET_E_ARGUMENT;
  }
  *net = NULL;
  if (bytes == NULL || lanes < 1 || lanes > SMALL_NET_MAX_LANES) {
    (void)snprintf(message, message_size, bytes == NULL ? "bytes is NULL" : "lanes must be 1 to 256");
    return SMALL_NET_E_ARGUMENT;
  }
  small_net *made = calloc(1, sizeof *made);
  if (made == NULL) {
    (void)snprintf(message, message_size, "out of memory");
    return SMALL_NET_E_MEMORY;
  }
  made->lanes = lanes;
  int32_t status =
      small_net_read_layers(bytes, size, made->layers, &made->layer_count, made->class_names, message, message_size);
  if (status == 0) {
    status = allocate_lanes(made);
    if (status != 0) {
      (void)snprintf(message, message_size, "out of memory for %u lanes", (unsigned)lanes);
    }
  }
  if (status != 0) {
    small_net_free(made);
    return status;
  }
  *net = made;
  return 0;
}

/* Reads the whole file into a new block; without one on failure. */
static int32_t read_file(const char *path, uint8_t **bytes, size_t *size, char *message, size_t message_size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    (void)snprintf(message, message_size, "cannot be opened: %s", strerror(errno));
    return SMALL_NET_E_FILE;
  }
  int32_t status = 0;
  uint8_t *block = malloc(MAX_FILE_BYTES + 1);
  if (block == NULL) {
    (void)snprintf(message, message_size, "out of memory");
    status = SMALL_NET_E_MEMORY;
  } else {
    *size = fread(block, 1, MAX_FILE_BYTES + 1, file);
    if (ferror(file) != 0) {
      (void)snprintf(message, message_size, "cannot be read: %s", strerror(errno));
      status = SMALL_NET_E_FILE;
    } else if (*size > MAX_FILE_BYTES) {
      (void)snprintf(message, message_size, "larger than %d bytes", MAX_FILE_BYTES);
      status = SMALL_NET_E_FORMAT;
    }
  }
  (void)fclose(file);
  if (status != 0) {
    free(block);
    block = NULL;
  }
  *bytes = block;
  return status;
}

int32_t small_net_load(const char *path, uint32_t lanes, small_net **net, char *message, size_t message_size) {
  if (message == NULL) {
    message_size = 0;
  }
  if (net != NULL) {
    *net = NULL;
  }
  if (path == NULL || net == NULL) {
    (void)snprintf(message, message_size, "%s is NULL", path == NULL ? "path" : "net");
    return SMALL_NET_E_ARGUMENT;
  }
  uint8_t *bytes = NULL;
  size_t size = 0;
  char cause[256];
  int32_t status = read_file(path, &bytes, &size, cause, sizeof cause);
  if (status == 0) {
    status = small_net_parse(bytes, size, lanes, net, cause, sizeof cause);
  }
  if (status == 0) {
    (void)snprintf(message, message_size, "%s", "");
  } else {
    (void)snprintf(message, message_size, "%.200s: %s", path, cause);
  }
  free(bytes);
  return status;
}

void small_net_free(small_net *net) {
  if (net == NULL) {
    return;
  }
  for (size_t k = 0; k < net->layer_count; k++) {
    small_net_layer_release(&net->layers[k]);
  }
  free(net->workspaces);
  free(net);
}

const char *small_net_class_name(const small_net *net, int64_t index) {
  return net != NULL && index >= 0 && index < SMALL_NET_CLASSES ? net->class_names[index] : NULL;
}

static float *activation(const small_net *net, uint32_t lane, size_t place) {
  return net->workspaces + (size_t)lane * 2 * net->activation_floats + net->offsets[place];
}

/* Between the caller's planes without borders and the workspace's planes with them. */
static float *border_row(float *planes, int32_t channel, int32_t y) {
  const size_t stride = SMALL_NET_WIDTH + 2;
  return planes + ((size_t)channel * (SMALL_NET_HEIGHT + 2) + (size_t)y + 1) * stride + 1;
}

int32_t small_net_forward(small_net *net, uint32_t lane, const float *input, float *logits) {
  if (net == NULL || input == NULL || logits == NULL || lane >= net->lanes) {
    return SMALL_NET_E_ARGUMENT;
  }
  for (int32_t c = 0; c < SMALL_NET_CHANNELS; c++) {
    for (int32_t y = 0; y < SMALL_NET_HEIGHT; y++) {
      memcpy(border_row(activation(net, lane, 0), c, y), input, SMALL_NET_WIDTH * sizeof(float));
      input += SMALL_NET_WIDTH;
    }
  }
  for (size_t k = 0; k < net->layer_count; k++) {
    small_net_layer_forward(&net->layers[k], activation(net, lane, k), activation(net, lane, k + 1));
  }
  memcpy(logits, activation(net, lane, net->layer_count), SMALL_NET_CLASSES * sizeof(float));
  return 0;
}

/* Power of two next to the largest weight: seeds of a saturated softmax would otherwise be denormal floats, which are
 * slow and inexact. Scaling by it changes no other bit. */
static double seed_scale(const double *logit_weights) {
  double largest = 0.0;
  int exponent = 0;
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    largest = fabs(logit_weights[k]) > largest ? fabs(logit_weights[k]) : largest;
  }
  if (!(largest > 1e-300 && largest < 1e300)) {
    return 1.0;
  }
  (void)frexp(largest, &exponent);
  return ldexp(1.0, exponent);
}

int32_t small_net_backward(small_net *net, uint32_t lane, const double *logit_weights, float *gradient) {
  if (net == NULL || logit_weights == NULL || gradient == NULL || lane >= net->lanes) {
    return SMALL_NET_E_ARGUMENT;
  }
  const double scale = seed_scale(logit_weights);
  const size_t half = net->activation_floats;
  float *seed = activation(net, lane, net->layer_count) + half;
  for (int32_t k = 0; k < SMALL_NET_CLASSES; k++) {
    seed[k] = (float)(logit_weights[k] / scale);
  }
  for (size_t k = net->layer_count; k-- > 0;) {
    small_net_layer_backward(&net->layers[k], activation(net, lane, k), activation(net, lane, k + 1) + half,
                             activation(net, lane, k) + half);
  }
  for (int32_t c = 0; c < SMALL_NET_CHANNELS; c++) {
    for (int32_t y = 0; y < SMALL_NET_HEIGHT; y++) {
      const float *row = border_row(activation(net, lane, 0) + half, c, y);
      for (int32_t x = 0; x < SMALL_NET_WIDTH; x++) {
        gradient[x] = (float)((double)row[x] * scale);
      }
      gradient += SMALL_NET_WIDTH;
    }
  }
  return 0;
}

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
