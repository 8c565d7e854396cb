#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "nearest_names.h"

enum { NAMES_SHOWN = 10, NEAREST_SHOWN = 5 };

static int classify(subject *s, char *message) {
  s->probabilities = calloc((size_t)s->net->classes, sizeof *s->probabilities);
  if (s->probabilities == NULL) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for %lld classes", (long long)s->net->classes);
    return -1;
  }
  char remark[FILE_MESSAGE_CAPACITY]; /* on the picture: still wanted */
  snprintf(remark, sizeof remark, "%s", message);
  if (network_classify(s->net, s->input.pixels, s->probabilities, message) != 0) return -1;
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", remark);
  for (int64_t k = 1; k < s->net->classes; k++)
    if (s->probabilities[k] > s->probabilities[s->best]) s->best = k;
  return 0;
}

static int load_picture(subject *s, const char *picture, char *message) {
  char failure[FILE_MESSAGE_CAPACITY];
  const int32_t width = (int32_t)s->net->shape.width, height = (int32_t)s->net->shape.height;
  const file_report report = {picture, message, FILE_MESSAGE_CAPACITY};
  uint8_t *bytes;
  size_t size;
  if (image_read_file(&report, &bytes, &size) != IMAGE_OK) return -1;
  digest_bytes(bytes, size, s->digest);
  const int status = image_decode(bytes, size, &report, &s->original);
  free(bytes);
  if (status != IMAGE_OK) return -1;
  s->resized = s->original.width != width || s->original.height != height;
  if (image_resize(&s->original, width, height, &s->input, failure, sizeof failure) == 0) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "%s", failure); /* in the place of a remark on the picture */
  return -1;
}

static int load(subject *s, const char *picture, char *message) {
  s->model = s->net->model;
  return load_picture(s, picture, message) == 0 ? classify(s, message) : -1;
}

int subject_open_with(subject *s, const network *net, const char *picture, char *message) {
  *s = (subject){.net = net};
  message[0] = '\0';
  int status = load(s, picture, message);
  if (status != 0) subject_close(s);
  return status;
}

int subject_open(subject *s, const char *weights, const char *picture, uint32_t score, uint32_t workers,
                 char *message) {
  *s = (subject){.net = &s->own};
  message[0] = '\0';
  int status = network_open_bundled(&s->own, weights, score, workers, message);
  if (status == 0) status = load(s, picture, message);
  if (status != 0) subject_close(s);
  return status;
}

int subject_open_picture(subject *s, const network *net, const char *picture, char *message) {
  *s = (subject){.net = net};
  message[0] = '\0';
  int status = load_picture(s, picture, message);
  if (status != 0) subject_close(s);
  return status;
}

void subject_close(subject *s) {
  image_free(&s->input);
  image_free(&s->original);
  free(s->probabilities);
  network_close(&s->own);
  *s = (subject){.net = NULL};
}

/* "134, 517": the classes of that name, as many as there is room for. Returns how many there are. */
static int64_t find_all(const network *net, const char *name, int64_t *first, char *text, size_t capacity) {
  int64_t found = 0;
  size_t used = 0;
  text[0] = '\0';
  for (int64_t k = 0; k < net->classes; k++) {
    if (strcmp(name, network_class_name(net, k)) != 0) continue;
    if (found++ == 0) *first = k;
    if (used + 24 < capacity)
      used += (size_t)snprintf(text + used, capacity - used, "%s%lld", found == 1 ? "" : ", ", (long long)k);
  }
  return found;
}

static bool is_number(const char *text) {
  text += *text == '-' || *text == '+';
  return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* That there is no such class, and what may have been meant. */
static void no_class(const network *net, const char *text, char *message) {
  char near[FILE_MESSAGE_CAPACITY / 2];
  const char *const *names = (const char *const *)net->names;
  const bool few = net->classes <= NAMES_SHOWN;
  const long long last = net->classes - 1;
  if (is_number(text))
    snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.60s': must be 0 to %lld", text, last);
  else if (!net->named)
    snprintf(message, FILE_MESSAGE_CAPACITY,
             "target '%.60s' is not 0 to %lld, and classes have no names: no --labels were given", text, last);
  else if (few)
    snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.60s' is neither 0 to %lld nor one of %s", text, last,
             nearest_names(text, names, net->classes, NAMES_SHOWN, near, sizeof near));
  else if (near_names(text, names, net->classes, NEAREST_SHOWN, near, sizeof near)[0] != '\0')
    snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.60s' is neither 0 to %lld nor a name; near to it: %s", text,
             last, near);
  else
    snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.60s' is neither 0 to %lld nor a name, or near to one", text,
             last);
}

int64_t subject_find_class(const subject *s, const char *text, char *message) {
  const network *net = s->net;
  char all[128], *end;
  int64_t first = NO_CLASS;
  const int64_t found = find_all(net, text, &first, all, sizeof all);
  if (found == 1) return first;
  if (found > 1 && message != NULL)
    snprintf(message, FILE_MESSAGE_CAPACITY, "target '%.200s' is the name of %lld classes, %s%s: give a number", text,
             (long long)found, all, strlen(all) + 24 < sizeof all ? "" : ", ...");
  if (found > 1) return SEVERAL_CLASSES;
  const long long number = strtoll(text, &end, 10);
  if (*text >= '0' && *text <= '9' && *end == '\0' && number < net->classes) return number;
  if (message != NULL) no_class(net, text, message);
  return NO_CLASS;
}

int subject_most_probable(const subject *s, int64_t *classes) {
  int count = 0;
  for (; count < MOST_PROBABLE && count < s->net->classes; count++) {
    int64_t next = -1;
    for (int64_t k = 0; k < s->net->classes; k++) {
      bool is_taken = false;
      for (int i = 0; i < count; i++) is_taken = is_taken || classes[i] == k;
      if (!is_taken && (next < 0 || s->probabilities[k] > s->probabilities[next])) next = k;
    }
    classes[count] = next;
  }
  return count;
}

static void print_most_probable(const subject *s) {
  int64_t classes[MOST_PROBABLE];
  char name[256];
  const int count = subject_most_probable(s, classes);
  for (int i = 0; i < count; i++)
    printf("  %-10s %6.2f %%\n", shown_line(network_class_name(s->net, classes[i]), name, sizeof name),
           100 * s->probabilities[classes[i]]);
}

void subject_print(const subject *s, const char *picture) {
  char name[1024];
  const int width = (int)s->net->shape.width, height = (int)s->net->shape.height;
  picture = shown_line(picture, name, sizeof name);
  if (s->resized)
    printf("%s: %d x %d, resized to the network's %d x %d%s\n", picture, (int)s->original.width,
           (int)s->original.height, width, height,
           s->net->bundled != NULL ? ", which knows ten shapes and nothing else" : "");
  else
    printf("%s: %d x %d\n", picture, width, height);
  print_most_probable(s);
}
