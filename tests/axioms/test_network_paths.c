/* test_network_paths.c - methods with paths of their own on the bundled network, against plain loops in double over its
 * own gradients. */
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

enum { N = SMALL_NET_INPUTS, CLASS = 6 };

static small_net *net;
static image_data heart;

static int load(void **state) {
  (void)state;
  char message[FILE_MESSAGE_CAPACITY];
  if (small_net_load(ATTRIB_EXAMPLES_DATA "/small_net.bin", 1, &net, message, sizeof message) != 0)
    fail_msg("%s", message);
  if (image_load(ATTRIB_EXAMPLES_DATA "/pictures/heart_red.png", &heart, message, sizeof message) != 0)
    fail_msg("%s", message);
  return 0;
}

static int unload(void **state) {
  (void)state;
  image_free(&heart);
  small_net_free(net);
  return 0;
}

static void *block(size_t size) {
  void *memory = calloc(N, size);
  assert_non_null(memory);
  return memory;
}

/* f, and where gradient is not NULL its gradient. */
static double look(uint32_t score, const float *x, float *gradient) {
  double output = 0;
  assert_int_equal(small_net_gradient(net, 0, score, x, CLASS, NULL, &output, gradient), 0);
  return output;
}

/* 1e-6 of the largest attribution. */
static void assert_agree(const double *found, const double *expected) {
  double largest = 0;
  for (int64_t i = 0; i < N; i++) largest = fmax(largest, fabs(expected[i]));
  assert_true(largest > 1e-4);
  for (int64_t i = 0; i < N; i++)
    if (!(fabs(found[i] - expected[i]) <= 1e-6 * largest))
      fail_msg("[%d]: %.9g, not %.9g, of at most %.9g", (int)i, found[i], expected[i], largest);
}

static void recompute_idgi(uint32_t score, const float *baseline, int points, double *phi) {
  float *point = block(sizeof *point), *gradient = block(sizeof *gradient);
  for (int j = 0; j < points; j++) {
    double alpha = (j + 1) / (double)points, square = 0;
    for (int64_t i = 0; i < N; i++)
      point[i] = (float)((double)baseline[i] + alpha * ((double)heart.pixels[i] - (double)baseline[i]));
    double after = look(score, j + 1 == points ? heart.pixels : point, NULL);
    alpha = j / (double)points;
    for (int64_t i = 0; i < N; i++)
      point[i] = (float)((double)baseline[i] + alpha * ((double)heart.pixels[i] - (double)baseline[i]));
    double gain = after - look(score, point, gradient);
    for (int64_t i = 0; i < N; i++) square += (double)gradient[i] * (double)gradient[i];
    for (int64_t i = 0; i < N && square > 0; i++) phi[i] += gain * ((double)gradient[i] * (double)gradient[i] / square);
  }
  free(gradient);
  free(point);
}

/* From black, where whole regions do not move, and from grey. The identity holds to round-off of double. */
static void idgi(void **state) {
  (void)state;
  enum { POINTS = 12 };
  static const float greys[] = {0, 0.5F};
  float *baseline = block(sizeof *baseline);
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++)
    for (int k = 0; k < 2; k++) {
      attrib_model model;
      assert_int_equal(small_net_model(net, score, &model), 0);
      for (int64_t i = 0; i < N; i++) baseline[i] = greys[k];
      double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
      const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = baseline};
      const attrib_idgi_options options = {.struct_size = sizeof options, .points = POINTS};
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(attrib_idgi(NULL, &model, heart.pixels, CLASS, &set, &options, phi, &report), ATTRIB_OK);
      recompute_idgi(score, baseline, POINTS, expected);
      assert_agree(phi, expected);
      assert_true(fabs(report.completeness_target) > .1);
      assert_true(fabs(report.attribution_sum + report.unassigned - report.completeness_target) <=
                  1e-13 * (fabs(report.output) + fabs(report.baseline_output)));
      free(expected);
      free(phi);
    }
  free(baseline);
}

static const attrib_image planar = {.struct_size = sizeof planar,
                                    .width = SMALL_NET_WIDTH,
                                    .height = SMALL_NET_HEIGHT,
                                    .channels = SMALL_NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SMALL_NET_WIDTH,
                                    .channel_stride = SMALL_NET_WIDTH * SMALL_NET_HEIGHT};

/* L(sigma), the picture itself for 0. */
static float *blurred(double sigma) {
  float *row = block(sizeof *row);
  memcpy(row, heart.pixels, N * sizeof *row);
  if (sigma > 0) assert_int_equal(attrib_image_blur(NULL, ATTRIB_F32, &planar, row, sigma, row), ATTRIB_OK);
  return row;
}

static void recompute_blur(uint32_t score, double max_sigma, int steps, double *phi) {
  float *middle = block(sizeof *middle), *gradient = block(sizeof *gradient);
  for (int m = 0; m < steps; m++) {
    float *from = blurred(max_sigma * ((double)(steps - m) / steps) * ((double)(steps - m) / steps));
    float *to = blurred(max_sigma * ((double)(steps - m - 1) / steps) * ((double)(steps - m - 1) / steps));
    for (int64_t i = 0; i < N; i++) middle[i] = (float)(((double)from[i] + (double)to[i]) / 2);
    look(score, middle, gradient);
    for (int64_t i = 0; i < N; i++) phi[i] += ((double)to[i] - (double)from[i]) * (double)gradient[i];
    free(from);
    free(to);
  }
  free(gradient);
  free(middle);
}

static void blur_integrated_gradients(void **state) {
  (void)state;
  enum { STEPS = 9 };
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    attrib_model model;
    assert_int_equal(small_net_model(net, score, &model), 0);
    double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
    const attrib_blur_ig_options options = {
        .struct_size = sizeof options, .steps = STEPS, .max_sigma = 20, .shape = &planar};
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, heart.pixels, CLASS, &options, phi, &report),
                     ATTRIB_OK);
    recompute_blur(score, 20, STEPS, expected);
    assert_agree(phi, expected);
    float *start = blurred(20);
    assert_true(report.output == look(score, heart.pixels, NULL));
    assert_true(report.baseline_output == look(score, start, NULL));
    free(start);
    free(expected);
    free(phi);
  }
}

/* The error of the sum in 100 steps from 10 pixels, measured: 1.1e-2 of the target for either score; the bound is five
 * times that. */
static void blur_is_complete(void **state) {
  (void)state;
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    attrib_model model;
    assert_int_equal(small_net_model(net, score, &model), 0);
    double *phi = block(sizeof *phi);
    const attrib_blur_ig_options options = {.struct_size = sizeof options, .max_sigma = 10, .shape = &planar};
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, heart.pixels, CLASS, &options, phi, &report),
                     ATTRIB_OK);
    assert_true(report.completeness_relative < .055 && report.completeness_target > .9);
    free(phi);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(idgi), cmocka_unit_test(blur_integrated_gradients),
                                     cmocka_unit_test(blur_is_complete)};
  return cmocka_run_group_tests(tests, load, unload);
}
