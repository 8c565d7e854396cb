/* test_small_net.c - the example net: against vectors from PyTorch and finite differences, and its loader against
 * damaged files. Formats of the weights and of the vectors: examples/data/README.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "small_net.h"

enum { N = SMALL_NET_INPUTS, K = SMALL_NET_CLASSES, NAME = 32, LOGIT_RECORD = NAME + 4 + 8 * K };
enum { GRADIENT_RECORD = NAME + 4 + 8 * K + 8 + 4 * N };
enum { HEADER = 36, RECORDS = HEADER + 16 * K, RECORD = 28 }; /* offsets in the weights file */

static uint8_t weights_file[1 << 20], golden[1 << 20];
static size_t weights_size;
static small_net *net;
static float picture[N], gradient[N], other[N];

/* ---- fixtures ---- */

static size_t read_all(const char *path, uint8_t *bytes, size_t capacity) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  size_t size = fread(bytes, 1, capacity, file);
  assert_int_equal(fclose(file), 0);
  return size;
}

static void load_picture(const char *name) {
  static const char header[] = "P6\n64 64\n255\n";
  static uint8_t bytes[sizeof header + N];
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/pictures/%s.ppm", ATTRIB_EXAMPLES_DATA, name);
  assert_int_equal(read_all(path, bytes, sizeof bytes), sizeof header - 1 + N);
  assert_memory_equal(bytes, header, sizeof header - 1);
  for (int i = 0; i < N; i++) {
    picture[i % 3 * (N / 3) + i / 3] = (float)bytes[sizeof header - 1 + (size_t)i] / 255.0f;
  }
}

static uint32_t u32_at(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_u32(uint8_t *p, uint32_t value) {
  for (int k = 0; k < 4; k++) {
    p[k] = (uint8_t)(value >> 8 * k);
  }
}

static float f32_at(const uint8_t *p) {
  uint32_t bits = u32_at(p);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static double f64_at(const uint8_t *p) {
  uint64_t bits = (uint64_t)u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static int set_up(void **state) {
  (void)state;
  char message[200];
  weights_size = read_all(ATTRIB_EXAMPLES_DATA "/small_net.bin", weights_file, sizeof weights_file);
  size_t size = read_all(ATTRIB_GOLDEN_DIR "/small_net_vectors.bin", golden, sizeof golden);
  assert_memory_equal(golden, "SNETGOLD\1\0\0", 12);
  assert_int_equal(size,
                   20 + u32_at(golden + 12) * (size_t)LOGIT_RECORD + u32_at(golden + 16) * (size_t)GRADIENT_RECORD + 4);
  assert_int_equal(u32_at(golden + size - 4), small_net_crc32(golden, size - 4));
  assert_int_equal(small_net_load(ATTRIB_EXAMPLES_DATA "/small_net.bin", 2, &net, message, sizeof message), 0);
  assert_string_equal(message, "");
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  small_net_free(net);
  return 0;
}

/* ---- against PyTorch ---- */

/* Error relative to the largest logit of the picture. */
static void test_logits_match(void **state) {
  (void)state;
  double worst = 0.0;
  uint32_t seen = 0;
  for (uint32_t v = 0; v < u32_at(golden + 12); v++) {
    const uint8_t *record = golden + 20 + v * (size_t)LOGIT_RECORD;
    float logits[K];
    double scale = 0.0, error = 0.0;
    int best = 0;
    load_picture((const char *)record);
    assert_int_equal(small_net_forward(net, 0, picture, logits), 0);
    for (int k = 0; k < K; k++) {
      double expected = f64_at(record + NAME + 4 + 8 * k);
      scale = fmax(scale, fabs(expected));
      error = fmax(error, fabs((double)logits[k] - expected));
      best = logits[k] > logits[best] ? k : best;
    }
    assert_int_equal(best, u32_at(record + NAME));
    /* Pictures are named after what they show. */
    const char *name = small_net_class_name(net, best);
    assert_int_equal(strncmp((const char *)record, name, strlen(name)), 0);
    seen |= 1u << best;
    worst = fmax(worst, error / scale);
  }
  print_message("largest error of a logit: %.1e of the picture's largest\n", worst);
  assert_true(worst <= 1e-5);
  assert_int_equal(seen, (1u << K) - 1); /* every class has a picture */
}

/* Error relative to the largest component of the gradient; value relative to itself or 1e-3, whichever is larger. The
 * derivative of a probability inherits the logits' absolute error as a relative one, so it may be five times that. */
static void test_gradients_match(void **state) {
  (void)state;
  const uint8_t *first = golden + 20 + u32_at(golden + 12) * (size_t)LOGIT_RECORD;
  for (uint32_t v = 0; v < u32_at(golden + 16); v++) {
    const uint8_t *record = first + v * (size_t)GRADIENT_RECORD;
    const uint8_t *numbers = record + NAME + 4;
    double weights[K], output, scale = 0.0, error = 0.0;
    for (int k = 0; k < K; k++) {
      weights[k] = f64_at(numbers + 8 * k);
    }
    load_picture((const char *)record);
    const uint32_t score = u32_at(record + NAME);
    assert_int_equal(small_net_gradient(net, 0, score, picture, -1, weights, &output, gradient), 0);
    double expected_output = f64_at(numbers + 8 * K);
    assert_true(fabs(output - expected_output) <= 1e-5 * fmax(fabs(expected_output), 1e-3));
    for (int i = 0; i < N; i++) {
      double expected = (double)f32_at(numbers + 8 * K + 8 + 4 * i);
      scale = fmax(scale, fabs(expected));
      error = fmax(error, fabs((double)gradient[i] - expected));
    }
    print_message("%s: largest error of the gradient: %.1e of its largest component\n", (const char *)record,
                  error / scale);
    assert_true(scale > 0.0);
    assert_true(error <= (score == SMALL_NET_PROBABILITY ? 5e-5 : 1e-5) * scale);
  }
}

/* ---- axioms of the gradient ---- */

/* The score at picture + step * direction. */
static double score_beside(uint32_t score, int64_t target, const float *direction, double step) {
  double value;
  for (int i = 0; i < N; i++) {
    other[i] = (float)((double)picture[i] + step * (double)direction[i]);
  }
  assert_int_equal(small_net_gradient(net, 0, score, other, target, NULL, &value, NULL), 0);
  return value;
}

/* Derivative along the gradient's own direction, central difference; returns the error relative to |gradient|. */
static double directional_error(uint32_t score, int64_t target, double step) {
  double norm = 0.0;
  assert_int_equal(small_net_gradient(net, 0, score, picture, target, NULL, NULL, gradient), 0);
  for (int i = 0; i < N; i++) {
    norm += (double)gradient[i] * (double)gradient[i];
  }
  norm = sqrt(norm);
  assert_true(norm > 0.0);
  double above = score_beside(score, target, gradient, step / norm);
  double below = score_beside(score, target, gradient, -step / norm);
  return fabs((above - below) / (2.0 * step) - norm) / norm;
}

/* Only pictures with grain everywhere: a flat black or white object ties all its pooling windows, and at a tie the
 * gradient is one of several one-sided ones. The short step crosses few kinks. */
static void test_finite_differences(void **state) {
  (void)state;
  static const char *const names[] = {"arrow_green", "heart_red", "disc_blue"};
  int probabilities = 0;
  for (size_t p = 0; p < 3; p++) {
    load_picture(names[p]);
    for (int64_t target = 0; target < K; target++) {
      double value;
      assert_true(directional_error(SMALL_NET_LOGIT, target, 0.001) < 0.03);
      assert_int_equal(small_net_gradient(net, 0, SMALL_NET_PROBABILITY, picture, target, NULL, &value, NULL), 0);
      if (value > 1e-25 && 1.0 - value > 1e-8) { /* else float cannot hold the gradient, or rounding drowns it */
        assert_true(directional_error(SMALL_NET_PROBABILITY, target, 0.001) < 0.03);
        probabilities++;
      }
    }
  }
  assert_true(probabilities >= 10);
}

static void test_weights_are_linear(void **state) {
  (void)state;
  const double weights[K] = {0.5, -1.0, 0.0, 2.0, 0.25, -0.75, 1.0, 0.0, 3.0, -2.0};
  static double sum[N];
  double output, expected = 0.0, scale = 0.0;
  load_picture("ring_yellow");
  for (int k = 0; k < K; k++) {
    assert_int_equal(small_net_gradient(net, 0, SMALL_NET_LOGIT, picture, k, NULL, &output, gradient), 0);
    expected += weights[k] * output;
    for (int i = 0; i < N; i++) {
      sum[i] += weights[k] * (double)gradient[i];
      scale = fmax(scale, fabs(sum[i]));
    }
  }
  assert_int_equal(small_net_gradient(net, 0, SMALL_NET_LOGIT, picture, -1, weights, &output, gradient), 0);
  assert_true(fabs(output - expected) <= 1e-12 * (1.0 + fabs(expected)));
  for (int i = 0; i < N; i++) {
    assert_true(fabs((double)gradient[i] - sum[i]) <= 1e-5 * scale);
  }
}

static void test_softmax(void **state) {
  (void)state;
  const float logits[K] = {1e4f, -1e4f, 0.0f, 1e4f, 1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f};
  double p[K];
  small_net_softmax(logits, p);
  assert_true(p[0] == 0.5 && p[3] == 0.5 && p[1] == 0.0 && p[9] == 0.0);
}

/* ---- kinks, as PyTorch resolves them ---- */

static void test_pooling_ties_and_relu_at_zero(void **state) {
  (void)state;
  small_net_layer layer = {.kind = SMALL_NET_MAX_POOL, .in = {1, 2, 2}, .out = {1, 1, 1}};
  /* One 2 x 2 map with its border, rows of four. */
  const float tie[16] = {0, 0, 0, 0, 0, 1, 3, 0, 0, 3, 3, 0, 0, 0, 0, 0};
  float seed[16] = {0}, back[16] = {0}, out[16] = {0};
  seed[4] = 5.0f; /* the middle of a 1 x 1 map with its border, rows of three */
  small_net_layer_forward(&layer, tie, out);
  assert_true(out[4] == 3.0f);
  small_net_layer_backward(&layer, tie, seed, back);
  assert_true(back[5] == 0.0f && back[6] == 5.0f && back[9] == 0.0f && back[10] == 0.0f);

  const small_net_layer relu = {.kind = SMALL_NET_RELU, .in = {8, 0, 0}, .out = {8, 0, 0}};
  const float in[8] = {0.0f, -0.0f, -1.0f, 1.0f, NAN, 2.0f, 0.0f, -2.0f};
  const float ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  small_net_layer_forward(&relu, in, out);
  assert_true(out[2] == 0.0f && out[3] == 1.0f && isnan(out[4])); /* a NaN is not hidden */
  small_net_layer_backward(&relu, in, ones, back);
  assert_true(back[0] == 0.0f && back[1] == 0.0f && back[2] == 0.0f && back[3] == 1.0f);
}

/* ---- as a model ---- */

enum { ROWS = 7, IN_STRIDE = N + 5, GRADIENT_STRIDE = N + 3, OUT_STRIDE = K + 2 };

static float row_inputs[ROWS * IN_STRIDE], row_gradients[ROWS * GRADIENT_STRIDE];
static double row_outputs[ROWS * OUT_STRIDE];

/* A picture fading in from black, and results full of a number that must survive between the rows. */
static attrib_batch make_batch(uint32_t flags) {
  load_picture("arrow_green");
  for (int r = 0; r < ROWS; r++) {
    for (int i = 0; i < N; i++) {
      row_inputs[r * IN_STRIDE + i] = picture[i] * (float)r / (float)(ROWS - 1);
    }
  }
  for (int i = 0; i < ROWS * GRADIENT_STRIDE; i++) {
    row_gradients[i] = -77.0f;
  }
  for (int i = 0; i < ROWS * OUT_STRIDE; i++) {
    row_outputs[i] = -77.0;
  }
  attrib_batch batch = {0};
  batch.struct_size = sizeof batch;
  batch.flags = flags;
  batch.rows = ROWS, batch.n_inputs = N, batch.n_outputs = K, batch.target = 8;
  batch.input_stride = IN_STRIDE, batch.gradient_stride = GRADIENT_STRIDE, batch.output_stride = OUT_STRIDE;
  batch.inputs = row_inputs, batch.outputs = row_outputs, batch.gradients = row_gradients;
  batch.dtype = ATTRIB_F32, batch.worker = 1;
  return batch;
}

static void test_batch_is_its_rows(void **state) {
  (void)state;
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    attrib_model model;
    assert_int_equal(small_net_model(net, score, &model), 0);
    assert_int_equal(model.struct_size, sizeof model);
    assert_true(model.n_inputs == N && model.n_outputs == K && model.dtype == ATTRIB_F32);
    attrib_batch batch = make_batch(ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS);
    assert_int_equal(model.evaluate(&batch, model.user), 0);
    for (int r = 0; r < ROWS; r++) {
      double output;
      const float *row = row_inputs + r * IN_STRIDE, *found = row_gradients + r * GRADIENT_STRIDE;
      assert_int_equal(small_net_gradient(net, 0, score, row, 8, NULL, &output, gradient), 0);
      assert_memory_equal(&output, &row_outputs[r * OUT_STRIDE], sizeof output);
      assert_memory_equal(gradient, found, N * sizeof(float));
      assert_true(row_outputs[r * OUT_STRIDE + 1] == -77.0); /* between rows nothing is written */
      assert_true(found[N] == -77.0f && found[N + 1] == -77.0f && found[N + 2] == -77.0f);
    }
  }
}

static void test_all_outputs(void **state) {
  (void)state;
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    attrib_batch batch = make_batch(ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_ALL_OUTPUTS);
    batch.target = ATTRIB_NO_TARGET;
    assert_int_equal((score == 0 ? small_net_evaluate : small_net_evaluate_probability)(&batch, net), 0);
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < K; k++) {
        double output;
        const float *row = row_inputs + r * IN_STRIDE;
        assert_int_equal(small_net_gradient(net, 0, score, row, k, NULL, &output, NULL), 0);
        assert_true(output == row_outputs[r * OUT_STRIDE + k]);
      }
      assert_true(row_outputs[r * OUT_STRIDE + K] == -77.0);
    }
    assert_true(row_gradients[0] == -77.0f);
  }
}

/* All outputs and a gradient in one call: each as it is alone. */
static void test_all_outputs_with_gradients(void **state) {
  (void)state;
  attrib_batch batch = make_batch(ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS | ATTRIB_BATCH_ALL_OUTPUTS);
  assert_int_equal(small_net_evaluate(&batch, net), 0);
  for (int r = 0; r < ROWS; r++) {
    const float *row = row_inputs + r * IN_STRIDE;
    for (int k = 0; k < K; k++) {
      double output;
      assert_int_equal(small_net_gradient(net, 0, SMALL_NET_LOGIT, row, k, NULL, &output, gradient), 0);
      assert_true(output == row_outputs[r * OUT_STRIDE + k]);
      if (k == batch.target) assert_memory_equal(gradient, row_gradients + r * GRADIENT_STRIDE, N * sizeof(float));
    }
  }
}

static void test_batches_it_cannot_serve(void **state) {
  (void)state;
  const uint32_t both = ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS;
  attrib_batch good = make_batch(both), bad;
#define REFUSES(change) \
  (bad = good, change, assert_true(small_net_evaluate(&bad, net) < 0), assert_true(row_outputs[0] == -77.0))
  REFUSES(bad.dtype = ATTRIB_F64);
  REFUSES(bad.flags = both | 16u);
  REFUSES(bad.flags = ATTRIB_BATCH_GRADIENTS);
  REFUSES(bad.worker = 2);
  REFUSES(bad.target = K);
  REFUSES(bad.target = ATTRIB_NO_TARGET);
  REFUSES(bad.n_inputs = N - 1);
  REFUSES(bad.rows = -1);
  REFUSES(bad.gradient_stride = N - 1);
  REFUSES(bad.output_stride = 0);
  REFUSES(bad.struct_size = 8);
  REFUSES(bad.inputs = NULL);
  REFUSES(bad.outputs = NULL);
  REFUSES(bad.gradients = NULL);
  REFUSES((bad.target_weights = row_outputs, bad.n_outputs = K - 1));
#undef REFUSES
  assert_true(small_net_evaluate(&good, NULL) < 0);
  assert_true(small_net_evaluate(NULL, net) < 0);
  attrib_model model;
  assert_int_equal(small_net_model(net, 2, &model), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_model(NULL, 0, &model), SMALL_NET_E_ARGUMENT);
}

static float lane_gradients[2][K][N];
static int lane_failures[2];

/* The same gradients in opposite order on two lanes: a shared buffer would show. */
static void *run_lane(void *argument) {
  const uint32_t lane = *(const uint32_t *)argument;
  for (int round = 0; round < 20; round++) {
    int target = lane == 0 ? round % K : K - 1 - round % K;
    lane_failures[lane] +=
        small_net_gradient(net, lane, SMALL_NET_LOGIT, picture, target, NULL, NULL, lane_gradients[lane][target]) != 0;
  }
  return NULL;
}

static void test_two_lanes_at_once(void **state) {
  (void)state;
  uint32_t lanes[2] = {0, 1};
  pthread_t threads[2];
  load_picture("cross_white");
  for (int k = 0; k < 2; k++) {
    assert_int_equal(pthread_create(&threads[k], NULL, run_lane, &lanes[k]), 0);
  }
  for (int k = 0; k < 2; k++) {
    assert_int_equal(pthread_join(threads[k], NULL), 0);
    assert_int_equal(lane_failures[k], 0);
  }
  assert_memory_equal(lane_gradients[0], lane_gradients[1], sizeof lane_gradients[0]);
}

/* ---- the loader ---- */

/* Parses a copy in a block of exactly the size, so that a reader past the end is caught; expects failure. */
static void expect_refused(const uint8_t *bytes, size_t size, const char *cause) {
  uint8_t *copy = malloc(size > 0 ? size : 1);
  char message[200] = "unset";
  small_net *made = net;
  assert_non_null(copy);
  memcpy(copy, bytes, size);
  int32_t status = small_net_parse(copy, size, 1, &made, message, sizeof message);
  free(copy);
  assert_int_equal(status, SMALL_NET_E_FORMAT);
  assert_null(made);
  if (strstr(message, cause) == NULL || strchr(message, '\n') != NULL) {
    fail_msg("expected \"%s\" in \"%s\"", cause, message);
  }
}

static void test_damaged_files(void **state) {
  (void)state;
  for (size_t size = 0; size < weights_size; size += size < 700 ? 1 : 997) {
    expect_refused(weights_file, size, "truncated");
  }
  expect_refused(weights_file, weights_size - 1, "truncated");
  for (size_t at = 0; at < weights_size; at += at < 520 ? 1 : 4999) {
    const char *cause = at < 8 ? "magic" : at < 12 ? "version" : at < 16 ? "header says" : "checksum";
    weights_file[at] ^= 0x10;
    expect_refused(weights_file, weights_size, cause);
    weights_file[at] ^= 0x10;
  }
}

/* Changes one word, makes the checksum right again, expects refusal. */
static void refuse_word(size_t at, uint32_t value, const char *cause) {
  uint32_t before = u32_at(weights_file + at), checksum = u32_at(weights_file + weights_size - 4);
  put_u32(weights_file + at, value);
  put_u32(weights_file + weights_size - 4, small_net_crc32(weights_file, weights_size - 4));
  expect_refused(weights_file, weights_size, cause);
  put_u32(weights_file + at, before);
  put_u32(weights_file + weights_size - 4, checksum);
}

static void test_wrong_contents(void **state) {
  (void)state;
  const uint32_t count = u32_at(weights_file + 32);
  const size_t parameters = RECORDS + count * (size_t)RECORD;
  refuse_word(8, 2, "version 2");
  refuse_word(16, 1, "shape 1 x 64 x 64");
  refuse_word(24, 0x7fffffff, "shape");
  refuse_word(28, 11, "to 11");
  refuse_word(32, 0, "0 layers");
  refuse_word(32, SMALL_NET_MAX_LAYERS + 1, "33 layers");
  refuse_word(32, 0xffffffffu, "layers");
  refuse_word(32, count - 1, "do not chain to a vector of 10");
  refuse_word(32, SMALL_NET_MAX_LAYERS, "");
  refuse_word(HEADER, 0, "class 1 has no proper name");
  refuse_word(RECORDS, 99, "unknown kind 99");
  refuse_word(RECORDS, SMALL_NET_DENSE, "layer conv1: kernel 3");
  refuse_word(RECORDS, SMALL_NET_RELU, "conv1");
  refuse_word(RECORDS + 4, 0, "layer conv1: 0 outputs");
  refuse_word(RECORDS + 4, 0xffffffffu, "outputs");
  refuse_word(RECORDS + 4, 4096, "too large");
  refuse_word(RECORDS + 4, 9, "bytes of parameters, the layers need");
  refuse_word(RECORDS + 8, 5, "kernel 5, expected 3");
  refuse_word(RECORDS + 12, 0, "layer 1 has no proper name");
  refuse_word(RECORDS + RECORD, SMALL_NET_FLATTEN, "does not chain: it gets a vector");
  refuse_word(RECORDS + 12 * RECORD, SMALL_NET_RELU, "does not chain: it gets a map"); /* in place of flatten */
  refuse_word(parameters, 0x7fc00000u, "layer conv1: a parameter is not finite");
  refuse_word(weights_size - 8, 0xff800000u, "not finite");
  expect_refused((const uint8_t *)"P6\n64 64\n255\n........................................", 50, "magic");
}

static void test_loading(void **state) {
  (void)state;
  char message[200];
  small_net *made = net;
  assert_int_equal(small_net_load(ATTRIB_EXAMPLES_DATA "/none.bin", 1, &made, message, sizeof message),
                   SMALL_NET_E_FILE);
  assert_null(made);
  assert_non_null(strstr(message, "none.bin: cannot be opened"));
  assert_int_equal(small_net_load(ATTRIB_EXAMPLES_DATA, 1, &made, message, sizeof message), SMALL_NET_E_FILE);
  assert_int_equal(small_net_load(NULL, 1, &made, message, sizeof message), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_parse(weights_file, weights_size, 0, &made, message, sizeof message),
                   SMALL_NET_E_ARGUMENT);
  assert_non_null(strstr(message, "lanes"));
  assert_int_equal(small_net_parse(weights_file, weights_size, SMALL_NET_MAX_LANES + 1, &made, NULL, 0),
                   SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_parse(weights_file, weights_size, 1, NULL, NULL, 0), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_parse(weights_file, 100, 1, &made, message, 5), SMALL_NET_E_FORMAT);
  assert_string_equal(message, "trun"); /* cut to the caller's buffer */
  assert_int_equal(small_net_parse(weights_file, weights_size, 1, &made, NULL, 0), 0);
  assert_string_equal(small_net_class_name(made, 4), "star");
  assert_null(small_net_class_name(made, -1));
  assert_null(small_net_class_name(made, K));
  assert_int_equal(small_net_forward(made, 1, picture, gradient), SMALL_NET_E_ARGUMENT);
  small_net_free(made);
  small_net_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_logits_match),
      cmocka_unit_test(test_gradients_match),
      cmocka_unit_test(test_finite_differences),
      cmocka_unit_test(test_weights_are_linear),
      cmocka_unit_test(test_softmax),
      cmocka_unit_test(test_pooling_ties_and_relu_at_zero),
      cmocka_unit_test(test_batch_is_its_rows),
      cmocka_unit_test(test_all_outputs),
      cmocka_unit_test(test_all_outputs_with_gradients),
      cmocka_unit_test(test_batches_it_cannot_serve),
      cmocka_unit_test(test_two_lanes_at_once),
      cmocka_unit_test(test_damaged_files),
      cmocka_unit_test(test_wrong_contents),
      cmocka_unit_test(test_loading),
  };
  return cmocka_run_group_tests_name("small_net", tests, set_up, tear_down);
}
