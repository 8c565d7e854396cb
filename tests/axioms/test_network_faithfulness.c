/* test_network_faithfulness.c - sensitivity-n, infidelity and maximum sensitivity on the bundled network, against plain
 * loops over its own outputs and gradients, at the points that it was asked for. */
#include <inttypes.h>
#include <stdbool.h>

#include "heart.h"

enum { SIDE = SMALL_NET_WIDTH, PIXELS = SIDE * SIDE, MOST = 100 };

static const attrib_image planes = {.struct_size = sizeof planes,
                                    .width = SIDE,
                                    .height = SIDE,
                                    .channels = SMALL_NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SIDE,
                                    .channel_stride = PIXELS};

static attrib_model inner;
static float points[MOST][N], zeros[N];
static double local[N], shares[N]; /* gradient; gradient times input */

static double look(const float *point, double *gradient) {
  static float g[N];
  double output = 0;
  assert_int_equal(
      small_net_gradient(net, 0, SMALL_NET_LOGIT, point, CLASS, NULL, &output, gradient == NULL ? NULL : g), 0);
  for (int64_t i = 0; i < N && gradient != NULL; i++) gradient[i] = (double)g[i];
  return output;
}

static int load_and_look(void **state) {
  load(state);
  assert_int_equal(small_net_model(net, SMALL_NET_LOGIT, &inner), 0);
  look(heart.pixels, local);
  for (int64_t i = 0; i < N; i++) shares[i] = local[i] * (double)heart.pixels[i];
  return 0;
}

static int32_t ATTRIB_CALL record(const attrib_batch *b, void *user) {
  (void)user;
  for (int64_t r = 0; r < b->rows; r++) {
    if (b->row_ids[r] >= MOST) return -77;
    memcpy(points[b->row_ids[r]], (const float *)b->inputs + r * b->input_stride, sizeof *points);
  }
  return inner.evaluate(b, inner.user);
}

static attrib_model recorded(void) {
  attrib_model model = inner;
  model.evaluate = record;
  model.flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
  return model;
}

static const attrib_baselines black = {.struct_size = sizeof black, .count = 1, .rows = zeros};

/* Pixels that have become black with all their channels; of those that were not. */
static bool is_gone(const float *point, int64_t pixel) {
  bool all = true, any = false;
  for (int64_t c = 0; c < SMALL_NET_CHANNELS; c++) {
    const int64_t i = c * PIXELS + pixel;
    assert_true(point[i] == heart.pixels[i] || point[i] == 0);
    all = all && point[i] == 0;
    any = any || point[i] != heart.pixels[i];
  }
  assert_true(!any || all);
  return any;
}

/* Sum over the pixels that are gone. */
static double say_shares(const float *point) {
  double sum = 0;
  for (int64_t p = 0; p < PIXELS; p++)
    for (int64_t c = 0; c < SMALL_NET_CHANNELS && is_gone(point, p); c++) sum += shares[c * PIXELS + p];
  return sum;
}

static double say_local(const float *point) {
  double sum = 0;
  for (int64_t i = 0; i < N; i++) sum += ((double)heart.pixels[i] - (double)point[i]) * local[i];
  return sum;
}

static double pearson(const double *x, const double *y, int64_t n) {
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
  for (int64_t k = 0; k < n; k++) mx += x[k] / (double)n, my += y[k] / (double)n;
  for (int64_t k = 0; k < n; k++) {
    xx += (x[k] - mx) * (x[k] - mx);
    xy += (x[k] - mx) * (y[k] - my);
    yy += (y[k] - my) * (y[k] - my);
  }
  return xy / sqrt(xx * yy);
}

static void sensitivity_n(void **state) {
  (void)state;
  enum { SUBSETS = 12 };
  static const int64_t sizes[] = {PIXELS / 50, PIXELS / 8, PIXELS / 2};
  const attrib_sensitivity_n_options options = {
      .struct_size = sizeof options, .seed = 2, .subsets = SUBSETS, .n_sizes = 3, .sizes = sizes, .shape = &planes};
  const attrib_model model = recorded();
  double values[3], said[SUBSETS], fell[SUBSETS];
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_sensitivity_n(NULL, &model, heart.pixels, CLASS, shares, &black, &options, values, &report),
                   ATTRIB_OK);
  const double f = look(heart.pixels, NULL);
  for (int64_t i = 0; i < 3; i++) {
    for (int64_t k = 0; k < SUBSETS; k++) {
      const float *point = points[1 + i * SUBSETS + k];
      int64_t gone = 0, dark = 0;
      for (int64_t p = 0; p < PIXELS; p++) {
        gone += is_gone(point, p);
        dark += heart.pixels[p] == 0 && heart.pixels[PIXELS + p] == 0 && heart.pixels[2 * PIXELS + p] == 0;
      }
      assert_true(gone <= sizes[i] && gone + dark >= sizes[i]);
      said[k] = say_shares(point);
      fell[k] = f - look(point, NULL);
    }
    assert_true(fabs(values[i] - pearson(said, fell, SUBSETS)) <= 1e-6);
    assert_true(fabs(values[i]) < .9999);
  }
  assert_true(fabs(report.output - f) <= 1e-6 * fabs(f));
  assert_int_equal(report.output_evaluations, 1 + 3 * SUBSETS);
}

static void expect_infidelity(const attrib_infidelity_options *options, const double *scores,
                              double (*say)(const float *point)) {
  const attrib_model model = recorded();
  double value, said[MOST], fell[MOST], products = 0, squares = 0, mean = 0, beta = 1;
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(
      attrib_infidelity(NULL, &model, heart.pixels, CLASS, scores,
                        options->perturbation == ATTRIB_INFIDELITY_GAUSSIAN ? NULL : &black, options, &value, &report),
      ATTRIB_OK);
  const double f = look(heart.pixels, NULL);
  for (int64_t k = 0; k < options->samples; k++) {
    said[k] = say(points[1 + k]);
    fell[k] = f - look(points[1 + k], NULL);
    products += said[k] * fell[k];
    squares += said[k] * said[k];
  }
  if (options->flags & ATTRIB_INFIDELITY_SCALED) beta = products / squares;
  for (int64_t k = 0; k < options->samples; k++)
    mean += (beta * said[k] - fell[k]) * (beta * said[k] - fell[k]) / (double)options->samples;
  assert_true(mean > 1e-9);
  if (!(fabs(value - mean) <= 1e-6 * mean)) fail_msg("%.9g, not %.9g", value, mean);
}

static void infidelity(void **state) {
  (void)state;
  for (uint32_t scaled = 0; scaled <= ATTRIB_INFIDELITY_SCALED; scaled += ATTRIB_INFIDELITY_SCALED) {
    attrib_infidelity_options options = {
        .struct_size = sizeof options, .flags = scaled, .samples = 10, .perturbation = ATTRIB_INFIDELITY_GAUSSIAN};
    expect_infidelity(&options, local, say_local);
    options.perturbation = ATTRIB_INFIDELITY_NOISY;
    options.high = 1;
    expect_infidelity(&options, local, say_local);
    options = (attrib_infidelity_options){.struct_size = sizeof options,
                                          .flags = scaled,
                                          .samples = 20,
                                          .perturbation = ATTRIB_INFIDELITY_SQUARES,
                                          .shape = &planes};
    expect_infidelity(&options, shares, say_shares);
    options.perturbation = ATTRIB_INFIDELITY_SUBSETS;
    options.fraction = .1;
    expect_infidelity(&options, shares, say_shares);
  }
}

static int64_t explained;

static int32_t ATTRIB_CALL explain(const attrib_explanation *wanted, void *user) {
  (void)user;
  memcpy(points[explained++], wanted->input, sizeof *points);
  return attrib_gradient(NULL, &inner, wanted->input, CLASS, NULL, wanted->attributions, wanted->report);
}

static void sensitivity_max(void **state) {
  (void)state;
  static double map[N];
  const attrib_sensitivity_max_options options = {.struct_size = sizeof options, .high = 1};
  double value, most = 0, length = 0;
  attrib_report report = {.struct_size = sizeof report};
  explained = 0;
  assert_int_equal(
      attrib_sensitivity_max(NULL, ATTRIB_F32, N, heart.pixels, N, explain, NULL, &options, &value, &report),
      ATTRIB_OK);
  for (int64_t i = 0; i < N; i++) length += local[i] * local[i];
  for (int64_t k = 1; k <= 10; k++) {
    double moved = 0;
    look(points[k], map);
    for (int64_t i = 0; i < N; i++) {
      moved += (map[i] - local[i]) * (map[i] - local[i]);
      assert_true(points[k][i] >= 0 && points[k][i] <= 1);
      assert_true(fabs((double)points[k][i] - (double)heart.pixels[i]) <= .02);
    }
    most = fmax(most, sqrt(moved / length));
  }
  assert_true(most > 1e-3 && fabs(value - most) <= 1e-6 * most);
  assert_int_equal(report.evaluations, 11);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sensitivity_n),
      cmocka_unit_test(infidelity),
      cmocka_unit_test(sensitivity_max),
  };
  return cmocka_run_group_tests_name("network, faithfulness", tests, load_and_look, unload);
}
