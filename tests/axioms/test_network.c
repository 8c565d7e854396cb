/* test_network.c - the axioms of integrated gradients, and the same bits, on the bundled network and pictures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <attrib/attrib.h>

#include "image_io.h"
#include "small_net.h"

enum { N = SMALL_NET_INPUTS, LANES = 8 };

static const char *const pictures[] = {"star_black",  "heart_red",   "cross_white",
                                       "arrow_green", "ring_yellow", "disc_blue"};
static const int64_t classes[] = {4, 6, 5, 8, 1, 0};
enum { PICTURES = sizeof pictures / sizeof pictures[0] };

static small_net *net;
static image_data loaded[PICTURES];

static int load(void **state) {
  (void)state;
  char message[FILE_MESSAGE_CAPACITY];
  if (small_net_load(ATTRIB_EXAMPLES_DATA "/small_net.bin", LANES, &net, message, sizeof message) != 0)
    fail_msg("%s", message);
  for (int i = 0; i < PICTURES; i++) {
    char path[512];
    snprintf(path, sizeof path, ATTRIB_EXAMPLES_DATA "/pictures/%s.png", pictures[i]);
    if (image_load(path, &loaded[i], message, sizeof message) != 0) fail_msg("%s", message);
  }
  return 0;
}

static int unload(void **state) {
  (void)state;
  for (int i = 0; i < PICTURES; i++) image_free(&loaded[i]);
  small_net_free(net);
  return 0;
}

static attrib_model model_of(uint32_t score) {
  attrib_model model;
  assert_int_equal(small_net_model(net, score, &model), 0);
  return model;
}

static double *explain(const attrib_model *model, const float *x, int64_t target, const float *baseline,
                       const attrib_ig_options *options, attrib_report *report) {
  double *attributions = malloc(N * sizeof *attributions);
  assert_non_null(attributions);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = baseline};
  *report = (attrib_report){.struct_size = sizeof *report};
  assert_int_equal(attrib_integrated_gradients(NULL, model, x, target, &set, options, attributions, report), ATTRIB_OK);
  return attributions;
}

/* The network is piecewise linear along the path, so the error falls as 1/points. Measured over these pictures: at most
 * 1.6e-2 at 50 points and 1.1e-3 at 500; the bounds are five times that. */
static void completeness(void **state) {
  (void)state;
  const attrib_model model = model_of(SMALL_NET_LOGIT);
  float *black = calloc(N, sizeof *black);
  for (int i = 0; i < PICTURES; i++) {
    attrib_report coarse, fine = {.completeness_relative = 0};
    attrib_ig_options options = {.struct_size = sizeof options, .rule = ATTRIB_RULE_MIDPOINT, .points = 50};
    free(explain(&model, loaded[i].pixels, classes[i], black, &options, &coarse));
    assert_true(coarse.completeness_relative < 0.08);
    options.points = 500;
    if (i % 3 == 0) free(explain(&model, loaded[i].pixels, classes[i], black, &options, &fine)); /* it takes its time */
    assert_true(fine.completeness_relative < 5.5e-3);
    /* The target is what the network itself says. */
    double at_input = 0, at_black = 0;
    assert_int_equal(small_net_gradient(net, 0, SMALL_NET_LOGIT, loaded[i].pixels, classes[i], NULL, &at_input, NULL),
                     0);
    assert_int_equal(small_net_gradient(net, 0, SMALL_NET_LOGIT, black, classes[i], NULL, &at_black, NULL), 0);
    assert_true(coarse.output == at_input && coarse.baseline_output == at_black);
    assert_true(coarse.completeness_target == at_input - at_black);
  }
  free(black);
}

/* A pixel that equals the baseline gets exactly 0, black pixels of a black baseline for example; and others do not. */
static void dummy(void **state) {
  (void)state;
  const attrib_model model = model_of(SMALL_NET_LOGIT);
  float *black = calloc(N, sizeof *black);
  attrib_report report;
  double *a = explain(&model, loaded[0].pixels, classes[0], black, NULL, &report);
  int64_t zeros = 0, others = 0;
  for (int64_t i = 0; i < N; i++) {
    if (loaded[0].pixels[i] == 0) {
      assert_true(a[i] == 0);
      zeros++;
    } else if (a[i] != 0) {
      others++;
    }
  }
  assert_true(zeros > 500 && others > 5000);
  free(a);
  free(black);
}

/* The logit of one class minus another, by weights, is the difference of the two maps; every node is the same, so what
 * is left is the network's own float arithmetic, 1e-6 of the largest attribution. */
static void linearity(void **state) {
  (void)state;
  const attrib_model model = model_of(SMALL_NET_LOGIT);
  float *grey = malloc(N * sizeof *grey);
  for (int64_t i = 0; i < N; i++) grey[i] = 0.5f;
  double weights[SMALL_NET_CLASSES] = {0};
  weights[6] = 2;
  weights[3] = -0.5;
  attrib_ig_options options = {.struct_size = sizeof options, .points = 20};
  attrib_report report;
  double *first = explain(&model, loaded[1].pixels, 6, grey, &options, &report);
  double *second = explain(&model, loaded[1].pixels, 3, grey, &options, &report);
  options.target_weights = weights;
  double *both = explain(&model, loaded[1].pixels, ATTRIB_NO_TARGET, grey, &options, &report);
  double scale = 0, worst = 0;
  for (int64_t i = 0; i < N; i++) scale = fmax(scale, fabs(both[i]));
  for (int64_t i = 0; i < N; i++) worst = fmax(worst, fabs(both[i] - (2 * first[i] - 0.5 * second[i])));
  assert_true(scale > 0.1);
  assert_true(worst <= 1e-6 * scale);
  free(first);
  free(second);
  free(both);
  free(grey);
}

/* Mirrored rows and columns of the input, undone inside a second model: the same function of mirrored features, so the
 * same attributions, mirrored (symmetry and implementation invariance at once), to the last bit. */
typedef struct mirrored {
  float inputs[64 * N], gradients[64 * N];
} mirrored;

static int64_t mirror(int64_t i) {
  return N - 1 - i;
}

static int32_t ATTRIB_CALL evaluate_mirrored(const attrib_batch *batch, void *user) {
  mirrored *m = user;
  attrib_batch inner = *batch;
  for (int64_t r = 0; r < batch->rows; r++)
    for (int64_t i = 0; i < N; i++)
      m->inputs[r * N + i] = ((const float *)batch->inputs)[r * batch->input_stride + mirror(i)];
  inner.inputs = m->inputs;
  inner.input_stride = inner.gradient_stride = N;
  inner.gradients = batch->gradients == NULL ? NULL : m->gradients;
  int32_t status = small_net_evaluate(&inner, net);
  for (int64_t r = 0; r < batch->rows && status == 0 && batch->gradients != NULL; r++)
    for (int64_t i = 0; i < N; i++)
      ((float *)batch->gradients)[r * batch->gradient_stride + mirror(i)] = m->gradients[r * N + i];
  return status;
}

static void invariance(void **state) {
  (void)state;
  const attrib_model model = model_of(SMALL_NET_LOGIT);
  mirrored *m = malloc(sizeof *m);
  float *x = malloc(N * sizeof *x), *white = malloc(N * sizeof *white);
  for (int64_t i = 0; i < N; i++) {
    x[i] = loaded[2].pixels[mirror(i)];
    white[i] = 1;
  }
  attrib_model turned = model;
  turned.evaluate = evaluate_mirrored;
  turned.user = m;
  turned.flags = 0;
  attrib_report report;
  double *a = explain(&model, loaded[2].pixels, classes[2], white, NULL, &report);
  double *b = explain(&turned, x, classes[2], white, NULL, &report);
  for (int64_t i = 0; i < N; i++) assert_true(a[i] == b[mirror(i)]);
  free(a);
  free(b);
  free(x);
  free(white);
  free(m);
}

/* Input and baseline that differ in one pixel and in the output: that pixel has all of it. */
static void sensitivity(void **state) {
  (void)state;
  const attrib_model model = model_of(SMALL_NET_LOGIT);
  float *baseline = malloc(N * sizeof *baseline);
  memcpy(baseline, loaded[3].pixels, N * sizeof *baseline);
  const int64_t pixel = 64 * 30 + 30;
  baseline[pixel] = loaded[3].pixels[pixel] > 0.5f ? 0 : 1;
  const attrib_ig_options options = {.struct_size = sizeof options, .points = 400};
  attrib_report report;
  double *a = explain(&model, loaded[3].pixels, classes[3], baseline, &options, &report);
  assert_true(report.completeness_target != 0 && a[pixel] != 0);
  for (int64_t i = 0; i < N; i++) assert_true(i == pixel || a[i] == 0);
  assert_true(report.completeness_relative < 0.01);
  free(a);
  free(baseline);
}

/* The same bits for every batch size and number of workers, over several random baselines. */
static void same_bits(void **state) {
  (void)state;
  static const uint32_t max_rows[] = {1, 3, 16, 64}, workers[] = {1, 2, 4};
  attrib_noise noise = {.struct_size = sizeof noise,
                        .dtype = ATTRIB_F32,
                        .kind = ATTRIB_NOISE_GAUSSIAN_TRUNCATED,
                        .n_inputs = N,
                        .seed = 11,
                        .low = 0,
                        .high = 1,
                        .sigma = 0.3,
                        .around = loaded[4].pixels};
  const attrib_baselines set = {
      .struct_size = sizeof set, .count = 3, .fetch = attrib_noise_fetch, .fetch_user = &noise};
  const attrib_ig_options options = {.struct_size = sizeof options, .points = 17};
  double *first = malloc(N * sizeof *first), *again = malloc(N * sizeof *again);
  attrib_model model = model_of(SMALL_NET_PROBABILITY);
  for (size_t i = 0; i < 4; i++)
    for (size_t j = 0; j < 3; j++) {
      const attrib_context_options wiring = {.struct_size = sizeof wiring, .workers = workers[j]};
      attrib_context *context;
      attrib_report report = {.struct_size = sizeof report};
      model.max_rows = max_rows[i];
      assert_int_equal(attrib_context_create(&wiring, &context), ATTRIB_OK);
      double *a = i == 0 && j == 0 ? first : again;
      assert_int_equal(
          attrib_integrated_gradients(context, &model, loaded[4].pixels, classes[4], &set, &options, a, &report),
          ATTRIB_OK);
      assert_int_equal(report.evaluations, 51);
      assert_memory_equal(first, a, N * sizeof *a);
      attrib_context_destroy(context);
    }
  free(first);
  free(again);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(completeness), cmocka_unit_test(dummy),
                                     cmocka_unit_test(linearity),    cmocka_unit_test(invariance),
                                     cmocka_unit_test(sensitivity),  cmocka_unit_test(same_bits)};
  return cmocka_run_group_tests(tests, load, unload);
}
