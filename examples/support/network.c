#define _POSIX_C_SOURCE 200809L /* strdup */
#include "network.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

attrib_image network_bundled_shape(void) {
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = SMALL_NET_WIDTH,
                        .height = SMALL_NET_HEIGHT,
                        .channels = SMALL_NET_CHANNELS,
                        .x_stride = 1,
                        .y_stride = SMALL_NET_WIDTH,
                        .channel_stride = (int64_t)SMALL_NET_WIDTH * SMALL_NET_HEIGHT};
}

const char *network_bundled_weights(void) {
  return ATTRIB_EXAMPLES_DATA "/small_net.bin";
}

static void free_names(char **names, int64_t count) {
  for (int64_t k = 0; names != NULL && k < count; k++) free(names[k]);
  free((void *)names);
}

int network_number_classes(network *net) {
  net->names = calloc((size_t)net->classes, sizeof *net->names);
  for (int64_t k = 0; net->names != NULL && k < net->classes; k++) {
    char name[32];
    snprintf(name, sizeof name, "class %lld", (long long)k);
    net->names[k] = strdup(net->bundled != NULL ? small_net_class_name(net->bundled, k) : name);
    if (net->names[k] == NULL) return -1;
  }
  net->named = net->bundled != NULL;
  return net->names == NULL ? -1 : 0;
}

int network_open_bundled(network *net, const char *weights, uint32_t score, uint32_t workers, char *message) {
  *net = (network){
      .shape = network_bundled_shape(), .inputs = SMALL_NET_INPUTS, .classes = SMALL_NET_CLASSES, .score = score};
  message[0] = '\0';
  if (weights == NULL) weights = network_bundled_weights();
  if (small_net_load(weights, workers, &net->bundled, message, FILE_MESSAGE_CAPACITY) != 0) return -1;
  if (small_net_model(net->bundled, score, &net->model) == 0 &&
      small_net_model(net->bundled, SMALL_NET_LOGIT, &net->logits) == 0 && network_number_classes(net) == 0)
    return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the network");
  network_close(net);
  return -1;
}

void network_close(network *net) {
  free_names(net->names, net->classes);
  small_net_free(net->bundled);
  if (net->close != NULL) net->close(net->handle);
  *net = (network){.names = NULL};
}

const char *network_class_name(const network *net, int64_t k) {
  return k >= 0 && k < net->classes ? net->names[k] : "?";
}

/* In double, the largest exponent 0. */
static void softmax(double *values, int64_t count) {
  double largest = values[0], sum = 0;
  for (int64_t k = 1; k < count; k++) largest = values[k] > largest ? values[k] : largest;
  for (int64_t k = 0; k < count; k++) sum += values[k] = exp(values[k] - largest);
  for (int64_t k = 0; k < count; k++) values[k] /= sum;
}

int network_classify(const network *net, const float *pixels, double *probabilities, char *message) {
  const bool logits = net->score != SMALL_NET_PROBABILITY && net->logits.evaluate != NULL;
  const attrib_baselines row = {.struct_size = sizeof row, .count = 1, .rows = pixels};
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = FILE_MESSAGE_CAPACITY};
  attrib_status status =
      attrib_outputs(NULL, logits ? &net->logits : &net->model, &row, ATTRIB_NO_TARGET, NULL, probabilities, &report);
  if (status == ATTRIB_OK && logits) softmax(probabilities, net->classes);
  if (status == ATTRIB_OK) return 0;
  if (message[0] == '\0') snprintf(message, FILE_MESSAGE_CAPACITY, "the network cannot be evaluated");
  return -1;
}
