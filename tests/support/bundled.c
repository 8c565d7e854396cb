#include "bundled.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_WORKERS = 16 };

static const char *const names[BUNDLED_PICTURES] = {
    "arrow_green",      "crescent_orange", "cross_white",  "disc_blue",  "heart_black", "heart_red",
    "hourglass_violet", "ring_yellow",     "square_black", "star_black", "star_white",  "triangle_white"};

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

void expect_status(attrib_status status, attrib_status wanted, const char *message) {
  if (status == wanted || status == ATTRIB_OK) return;
  fprintf(stderr, "%s: ", attrib_status_name(status));
  fail(message);
}

static void open_picture(bundled *b, bundled_picture *picture, const char *name) {
  char path[512], message[FILE_MESSAGE_CAPACITY];
  float logits[SMALL_NET_CLASSES];
  double probabilities[SMALL_NET_CLASSES];
  picture->name = name;
  snprintf(path, sizeof path, ATTRIB_EXAMPLES_DATA "/pictures/%s.png", name);
  if (image_load(path, &picture->image, message, sizeof message) != IMAGE_OK) fail(message);
  if (small_net_forward(b->net, 0, picture->image.pixels, logits) != 0) fail("small_net_forward");
  small_net_softmax(logits, probabilities);
  for (int64_t k = 0; k < SMALL_NET_CLASSES; k++)
    if (probabilities[k] > probabilities[picture->target]) picture->target = k;
  picture->probability = probabilities[picture->target];
}

void bundled_open(bundled *b) {
  char message[FILE_MESSAGE_CAPACITY];
  *b = (bundled){0};
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  b->workers = processors < 1 ? 1 : processors > MOST_WORKERS ? MOST_WORKERS : (uint32_t)processors;
  if (small_net_load(ATTRIB_EXAMPLES_DATA "/small_net.bin", b->workers, &b->net, message, sizeof message) != 0)
    fail(message);
  if (picture_bank_load(NULL, &b->bank, message) != 0) fail(message);
  for (int i = 0; i < BUNDLED_PICTURES; i++) open_picture(b, &b->pictures[i], names[i]);
  const attrib_context_options wiring = {.struct_size = sizeof wiring, .workers = b->workers};
  expect_status(attrib_context_create(&wiring, &b->context), ATTRIB_OK, "attrib_context_create");
}

void bundled_close(bundled *b) {
  attrib_context_destroy(b->context);
  for (int i = 0; i < BUNDLED_PICTURES; i++) image_free(&b->pictures[i].image);
  picture_bank_free(&b->bank);
  small_net_free(b->net);
}

attrib_model bundled_model(const bundled *b, uint32_t score) {
  attrib_model model;
  if (small_net_model(b->net, score, &model) != 0) fail("small_net_model");
  return model;
}

attrib_baselines bundled_baselines(const bundled *b, int64_t count) {
  if (count > b->bank.count) fail("too few training pictures");
  return (attrib_baselines){.struct_size = sizeof(attrib_baselines), .count = count, .rows = b->bank.rows};
}

void bundled_reference(const bundled *b, const attrib_model *model, const bundled_picture *picture,
                       const attrib_baselines *set, int64_t points, double *reference) {
  const attrib_ig_options options = {.struct_size = sizeof options, .rule = ATTRIB_RULE_MIDPOINT, .points = points};
  attrib_status status = attrib_integrated_gradients(b->context, model, picture->image.pixels, picture->target, set,
                                                     &options, reference, NULL);
  expect_status(status, ATTRIB_OK, attrib_context_error(b->context));
}

double *bundled_vector(void) {
  double *vector = malloc(BUNDLED_N * sizeof *vector);
  if (vector == NULL) fail("out of memory");
  return vector;
}

double sum_of_squares(const double *values) {
  double sum = 0;
  for (int64_t i = 0; i < BUNDLED_N; i++) sum += values[i] * values[i];
  return sum;
}

double squared_distance(const double *values, const double *others) {
  double sum = 0;
  for (int64_t i = 0; i < BUNDLED_N; i++) sum += (values[i] - others[i]) * (values[i] - others[i]);
  return sum;
}

double relative_error(const double *values, const double *reference) {
  return sqrt(squared_distance(values, reference) / sum_of_squares(reference));
}
