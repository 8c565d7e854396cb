/* small_net_parts.h - for tests of the example net cut in two: inputs, and one row through a body or a head. */
#ifndef ATTRIB_TESTS_SMALL_NET_PARTS_H
#define ATTRIB_TESTS_SMALL_NET_PARTS_H

#include "fixture.h"

#include "image_io.h"
#include "small_net.h"

enum { N = SMALL_NET_INPUTS, K = SMALL_NET_CLASSES, LAYERS = 16, OUTPUTS = ATTRIB_BATCH_OUTPUTS };
enum { BOTH = OUTPUTS | ATTRIB_BATCH_GRADIENTS, ALL = OUTPUTS | ATTRIB_BATCH_ALL_OUTPUTS };

static const char *const pictures[] = {"star_black", "heart_red", "arrow_green"};
enum { PICTURES = sizeof pictures / sizeof pictures[0], NOISE = PICTURES, INPUTS = PICTURES + 1 };

static small_net *net;
static small_net_layer layers[SMALL_NET_MAX_LAYERS]; /* once more, for the test's own arithmetic */
static float inputs[INPUTS][N];                      /* the pictures, and noise of both signs */

static inline int set_up(void **state) {
  (void)state;
  static uint8_t bytes[1 << 20];
  static char names[K][SMALL_NET_NAME_BYTES];
  char message[FILE_MESSAGE_CAPACITY];
  size_t count;
  FILE *file = fopen(ATTRIB_EXAMPLES_DATA "/small_net.bin", "rb");
  assert_non_null(file);
  size_t size = fread(bytes, 1, sizeof bytes, file);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(small_net_read_layers(bytes, size, layers, &count, names, message, sizeof message), 0);
  assert_int_equal(count, LAYERS);
  assert_int_equal(small_net_parse(bytes, size, 2, &net, message, sizeof message), 0);
  for (int i = 0; i < PICTURES; i++) {
    char path[512];
    image_data picture;
    snprintf(path, sizeof path, ATTRIB_EXAMPLES_DATA "/pictures/%s.png", pictures[i]);
    if (image_load(path, &picture, message, sizeof message) != 0) fail_msg("%s", message);
    memcpy(inputs[i], picture.pixels, sizeof inputs[i]);
    image_free(&picture);
  }
  uint64_t random = 5;
  for (int i = 0; i < N; i++) inputs[NOISE][i] = (float)random_number(&random);
  return 0;
}

static inline int tear_down(void **state) {
  (void)state;
  small_net_free(net);
  for (int k = 0; k < SMALL_NET_MAX_LAYERS; k++) small_net_layer_release(&layers[k]);
  return 0;
}

/* -- parts and how they are called -------------------------------------------------------------------------------- */

typedef struct part {
  small_net_split split;
  attrib_model model;
} part;

static inline void make_body(int32_t cut, part *body) {
  assert_int_equal(small_net_body(net, cut, &body->split, &body->model), 0);
}

static inline void make_head(int32_t cut, uint32_t score, part *head) {
  assert_int_equal(small_net_head(net, cut, score, &head->split, &head->model), 0);
}

static inline int64_t activations_at(int32_t cut) {
  return small_net_shape_values(cut == 0 ? &layers[0].in : &layers[cut - 1].out);
}

/* One row on a lane; target is ATTRIB_NO_TARGET with weights. */
static inline void evaluate_on(uint32_t lane, const part *p, uint32_t flags, const float *input, int64_t target,
                               const double *weights, double *outputs, float *gradient) {
  const attrib_model *model = &p->model;
  const attrib_batch batch = {.struct_size = sizeof batch,
                              .flags = flags,
                              .rows = 1,
                              .n_inputs = model->n_inputs,
                              .n_outputs = model->n_outputs,
                              .target = target,
                              .inputs = input,
                              .outputs = outputs,
                              .gradients = gradient,
                              .target_weights = weights,
                              .dtype = model->dtype,
                              .worker = lane};
  assert_int_equal(model->evaluate(&batch, model->user), 0);
}

static inline void evaluate(const part *p, uint32_t flags, const float *input, int64_t target, const double *weights,
                            double *outputs, float *gradient) {
  evaluate_on(0, p, flags, input, target, weights, outputs, gradient);
}

static inline double *doubles(int64_t count) {
  return exact_block((size_t)count * sizeof(double));
}

static inline float *floats(int64_t count) {
  return exact_block((size_t)count * sizeof(float));
}

static inline float *as_floats(const double *values, int64_t count) {
  float *narrow = floats(count);
  for (int64_t i = 0; i < count; i++) {
    narrow[i] = (float)values[i];
    assert_true((double)narrow[i] == values[i]); /* activations are floats: nothing is lost */
  }
  return narrow;
}

static inline double *as_doubles(const float *values, int64_t count) {
  double *wide = doubles(count);
  for (int64_t i = 0; i < count; i++) wide[i] = (double)values[i];
  return wide;
}

/* The activations of input at a cut, from the body. */
static inline float *activations_of(int32_t cut, const float *input) {
  part body;
  make_body(cut, &body);
  double *values = doubles(activations_at(cut));
  evaluate(&body, ALL, input, ATTRIB_NO_TARGET, NULL, values, NULL);
  float *narrow = as_floats(values, activations_at(cut));
  free(values);
  return narrow;
}

#endif
