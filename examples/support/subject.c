#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"

attrib_image subject_shape(void) {
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = SMALL_NET_WIDTH,
                        .height = SMALL_NET_HEIGHT,
                        .channels = SMALL_NET_CHANNELS,
                        .x_stride = 1,
                        .y_stride = SMALL_NET_WIDTH,
                        .channel_stride = (int64_t)SMALL_NET_WIDTH * SMALL_NET_HEIGHT};
}

static int classify(subject *s) {
  float logits[SMALL_NET_CLASSES];
  if (small_net_forward(s->net, 0, s->input.pixels, logits) != 0) return -1;
  small_net_softmax(logits, s->probabilities);
  for (int64_t k = 1; k < SMALL_NET_CLASSES; k++)
    if (s->probabilities[k] > s->probabilities[s->best]) s->best = k;
  return 0;
}

static int load_picture(subject *s, const char *picture, char *message) {
  if (image_load(picture, &s->original, message, FILE_MESSAGE_CAPACITY) != 0) return -1;
  s->resized = s->original.width != SMALL_NET_WIDTH || s->original.height != SMALL_NET_HEIGHT;
  return image_resize(&s->original, SMALL_NET_WIDTH, SMALL_NET_HEIGHT, &s->input, message, FILE_MESSAGE_CAPACITY) != 0
             ? -1
             : 0;
}

static int load(subject *s, const char *weights, const char *picture, uint32_t score, uint32_t workers, char *message) {
  if (weights == NULL) weights = ATTRIB_EXAMPLES_DATA "/small_net.bin";
  if (small_net_load(weights, workers, &s->net, message, FILE_MESSAGE_CAPACITY) != 0) return -1;
  if (load_picture(s, picture, message) != 0) return -1;
  if (small_net_model(s->net, score, &s->model) != 0 || classify(s) != 0) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the network cannot be evaluated");
    return -1;
  }
  return 0;
}

int subject_open(subject *s, const char *weights, const char *picture, uint32_t score, uint32_t workers,
                 char *message) {
  *s = (subject){.net = NULL};
  message[0] = '\0';
  int status = load(s, weights, picture, score, workers, message);
  if (status != 0) subject_close(s);
  return status;
}

int subject_open_picture(subject *s, const char *picture, char *message) {
  *s = (subject){.net = NULL};
  message[0] = '\0';
  int status = load_picture(s, picture, message);
  if (status != 0) subject_close(s);
  return status;
}

void subject_close(subject *s) {
  image_free(&s->input);
  image_free(&s->original);
  small_net_free(s->net);
  s->net = NULL;
}

int64_t subject_find_class(const subject *s, const char *text, char *message) {
  for (int64_t k = 0; k < SMALL_NET_CLASSES; k++)
    if (strcmp(text, small_net_class_name(s->net, k)) == 0) return k;
  char *end;
  long number = strtol(text, &end, 10);
  if (end != text && *end == '\0' && number >= 0 && number < SMALL_NET_CLASSES) return number;
  int used = snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.60s' is neither 0 to %d nor one of", text,
                      SMALL_NET_CLASSES - 1);
  for (int64_t k = 0; k < SMALL_NET_CLASSES && used > 0 && used < FILE_MESSAGE_CAPACITY; k++)
    used += snprintf(message + used, (size_t)(FILE_MESSAGE_CAPACITY - used), "%s %s", k == 0 ? "" : ",",
                     small_net_class_name(s->net, k));
  return -1;
}

void subject_print(const subject *s, const char *picture) {
  char name[1024];
  snprintf(name, sizeof name, "%s", picture);
  picture = one_line(name);
  if (s->resized)
    printf("%s: %d x %d, resized to the network's %d x %d, which knows ten shapes and nothing else\n", picture,
           (int)s->original.width, (int)s->original.height, SMALL_NET_WIDTH, SMALL_NET_HEIGHT);
  else
    printf("%s: %d x %d\n", picture, SMALL_NET_WIDTH, SMALL_NET_HEIGHT);
  bool printed[SMALL_NET_CLASSES] = {false};
  for (int rank = 0; rank < 3; rank++) {
    int64_t next = -1;
    for (int64_t k = 0; k < SMALL_NET_CLASSES; k++)
      if (!printed[k] && (next < 0 || s->probabilities[k] > s->probabilities[next])) next = k;
    printed[next] = true;
    printf("  %-10s %6.2f %%\n", small_net_class_name(s->net, next), 100 * s->probabilities[next]);
  }
}
