/* test_network_noising.c - adaptive noising on the bundled network, against plain loops over its own gradients.
 *
 * Gradients and outputs are the network's floats at the same points to the bit (the same sigmas, draws and fills), sums
 * are in double: 1e-6 is far above their rounding. */
#include "heart.h"
#include "plain_noising.h"

enum { SIDE = SMALL_NET_WIDTH };

static const attrib_image planes = {.struct_size = sizeof planes,
                                    .width = SIDE,
                                    .height = SIDE,
                                    .channels = SMALL_NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SIDE,
                                    .channel_stride = (int64_t)SIDE * SIDE};

static double look(void *score, const double *x, double *gradient) {
  float *point = block(sizeof *point), *g = block(sizeof *g);
  double output = 0;
  for (int64_t i = 0; i < N; i++) point[i] = (float)x[i];
  assert_int_equal(
      small_net_gradient(net, 0, *(uint32_t *)score, point, CLASS, NULL, &output, gradient == NULL ? NULL : g), 0);
  for (int64_t i = 0; i < N && gradient != NULL; i++) gradient[i] = (double)g[i];
  free(g);
  free(point);
  return output;
}

/* 1e-6 of the largest attribution, and of the objective; the same sigma. */
static void expect_plain(uint32_t score, const attrib_noising_options *options) {
  double *phi = block(sizeof *phi), *best = block(sizeof *best), *input = block(sizeof *input), largest = 0;
  attrib_model model;
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(small_net_model(net, score, &model), 0);
  assert_int_equal(attrib_adaptive_noising(NULL, &model, heart.pixels, CLASS, options, phi, &report), ATTRIB_OK);
  for (int64_t i = 0; i < N; i++) input[i] = (double)heart.pixels[i];
  plain_noising p = {.dtype = ATTRIB_F32,
                     .n = N,
                     .input = input,
                     .look = look,
                     .user = &score,
                     .options = *options,
                     .shape = planes,
                     .best = best};
  plain_noising_search(&p, 0);
  assert_true(fabs(report.sigma - p.best_sigma) <= 1e-14 * p.best_sigma);
  assert_true(fabs(report.objective - p.best_objective) <= 1e-6 * fabs(p.best_objective));
  assert_true(fabs(report.baseline_output - p.best_mean) <= 1e-6 * fabs(p.best_mean));
  for (int64_t i = 0; i < N; i++) largest = fmax(largest, fabs(best[i]));
  assert_true(largest > 1e-6);
  for (int64_t i = 0; i < N; i++)
    if (!(fabs(phi[i] - best[i]) <= 1e-6 * largest))
      fail_msg("[%d]: %.9g, not %.9g, of at most %.9g", (int)i, phi[i], best[i], largest);
  assert_int_equal(report.evaluations, p.sigmas * options->samples);
  assert_int_equal(report.output_evaluations, 1 + p.windows * options->fills);
  free(input);
  free(best);
  free(phi);
}

static void aupc(void **state) {
  (void)state;
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    const attrib_noising_options options = {.struct_size = sizeof options,
                                            .seed = 5,
                                            .samples = 4,
                                            .max_sigmas = 4,
                                            .windows = 4,
                                            .window_side = 15,
                                            .fills = 4,
                                            .sigma_low = .02,
                                            .sigma_high = .7,
                                            .low = 0,
                                            .high = 1,
                                            .shape = &planes};
    expect_plain(score, &options);
  }
}

static void autvc(void **state) {
  (void)state;
  for (uint32_t flags = 0; flags < 4; flags += 3) {
    const attrib_noising_options options = {.struct_size = sizeof options,
                                            .flags = flags,
                                            .objective = ATTRIB_NOISING_AUTVC,
                                            .samples = 4,
                                            .max_sigmas = 6,
                                            .sigma_low = .02,
                                            .sigma_high = .7,
                                            .high = flags & ATTRIB_NOISING_CLIP ? 1 : 0,
                                            .shape = &planes};
    expect_plain(SMALL_NET_LOGIT, &options);
  }
}

static void published(void **state) {
  (void)state;
  const attrib_noising_options options = {.struct_size = sizeof options,
                                          .flags = ATTRIB_SMOOTH_INDEPENDENT,
                                          .search = ATTRIB_NOISING_PUBLISHED,
                                          .samples = 2,
                                          .windows = 2,
                                          .window_side = 15,
                                          .fills = 1,
                                          .high = 1,
                                          .shape = &planes};
  expect_plain(SMALL_NET_LOGIT, &options);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(aupc), cmocka_unit_test(autvc), cmocka_unit_test(published)};
  return cmocka_run_group_tests(tests, load, unload);
}
