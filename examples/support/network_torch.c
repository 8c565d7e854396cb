#include "network_torch.h"

#include <stdio.h>

void torch_source_deviation(const torch_source *source, double *deviation) {
  for (int i = 0; i < 3; i++) deviation[i] = source->deviation[0] > 0 ? source->deviation[i] : 1;
}

#ifdef ATTRIB_EXAMPLES_TORCH
#  include <string.h>

#  include <attrib/torch.h>

#  include "option_words.h"

bool network_has_torch(void) {
  return true;
}

const char *network_torch_version(void) {
  return ATTRIB_EXAMPLES_TORCH_VERSION;
}

static void close_torch(void *handle) {
  attrib_torch_close(handle);
}

static int64_t tell_torch(const void *handle, char *message, int64_t capacity) {
  return attrib_torch_error(handle, message, capacity);
}

/* In the words of who typed the options: the file, the size, or another of them. */
static void say_options(const torch_source *source, char *message) {
  static const char of_path[] = "path = ", of_size[] = "options->shape = ";
  char own[FILE_MESSAGE_CAPACITY];
  const char *colon = strstr(message, ": ");
  snprintf(own, sizeof own, "%s", message);
  if (strncmp(message, of_path, strlen(of_path)) == 0)
    snprintf(own, sizeof own, "--model %s", message + strlen(of_path));
  else if (strncmp(message, of_size, strlen(of_size)) == 0 && colon != NULL)
    snprintf(own, sizeof own, "--size is %lldx%lld: %s", (long long)source->width, (long long)source->height,
             colon + 2);
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", option_words(own));
}

int network_open_torch(network *net, const torch_source *source, uint32_t score, char *message) {
  const int64_t shape[3] = {3, source->height, source->width};
  double deviation[3];
  torch_source_deviation(source, deviation);
  const attrib_torch_options options = {
      .struct_size = sizeof options,
      .dtype = ATTRIB_F32,
      .score = score == SMALL_NET_PROBABILITY ? ATTRIB_TORCH_SOFTMAX : ATTRIB_TORCH_RAW,
      .threads = 1,
      .n_dimensions = 3,
      .low = 0,
      .high = 1,
      .shape = shape,
      .mean = source->mean,
      .deviation = deviation};
  attrib_torch *handle;
  *net = (network){.shape = {.struct_size = sizeof(attrib_image),
                             .width = source->width,
                             .height = source->height,
                             .channels = 3,
                             .x_stride = 1,
                             .y_stride = source->width,
                             .channel_stride = source->width * source->height},
                   .inputs = 3 * source->width * source->height,
                   .score = score,
                   .model = {.struct_size = sizeof(attrib_model)}};
  if (attrib_torch_open(source->path, &options, &handle, message, FILE_MESSAGE_CAPACITY) != ATTRIB_OK) {
    say_options(source, message);
    return -1;
  }
  net->handle = handle;
  net->close = close_torch;
  net->error = tell_torch;
  const attrib_status status = attrib_torch_model(handle, &net->model);
  net->classes = net->model.n_outputs;
  if (status == ATTRIB_OK && score != SMALL_NET_PROBABILITY) net->logits = net->model;
  if (status == ATTRIB_OK && net->classes > 0 && network_number_classes(net) == 0) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the network's classes");
  network_close(net);
  return -1;
}

#else

bool network_has_torch(void) {
  return false;
}

const char *network_torch_version(void) {
  return "";
}

int network_open_torch(network *net, const torch_source *source, uint32_t score, char *message) {
  (void)source;
  (void)score;
  *net = (network){.names = NULL};
  snprintf(
      message, FILE_MESSAGE_CAPACITY,
      "--model: this program was built without attrib_torch: configure with -DATTRIB_TORCH=ON (package libtorch-dev)");
  return -1;
}
#endif
