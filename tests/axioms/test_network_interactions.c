/* test_network_interactions.c - interactions of the pixels of a picture on the bundled network, against plain loops in
 * double over its own outputs and gradients; and that it is told what it is, a network of ReLUs. */
#include "heart.h"

enum { POINTS = 10 };
static const int64_t features[] = {3183, 4719, 9327};

static float *grey(void) {
  float *row = block(sizeof *row);
  for (int64_t i = 0; i < N; i++) row[i] = 0.5F;
  return row;
}

/* Integral of -c^power ln c times the rising (or else falling) line over [a, b], from antiderivatives. */
static double line_weight(int power, double a, double b, int rising) {
  double moments[2];
  for (int k = 0; k < 2; k++) {
    const double p = power + k + 1;
    moments[k] = pow(b, p) * (1 - p * log(b)) / (p * p) - (a == 0 ? 0 : pow(a, p) * (1 - p * log(a)) / (p * p));
  }
  return (rising ? moments[1] - a * moments[0] : b * moments[0] - moments[1]) / (b - a);
}

static double hat_weight(int power, int k) {
  const double before = (k - 1) / (double)POINTS, node = k / (double)POINTS, after = (k + 1) / (double)POINTS;
  return (k > 0 ? line_weight(power, before, node, 1) : 0) + (k < POINTS ? line_weight(power, node, after, 0) : 0);
}

static void recompute(uint32_t score, const float *baseline, int64_t feature, double h, double *row) {
  float *p = block(sizeof *p), *above = block(sizeof *above), *below = block(sizeof *below);
  const double way = (double)heart.pixels[feature] - (double)baseline[feature];
  for (int k = 0; k <= POINTS; k++) {
    const double c = k / (double)POINTS;
    for (int64_t i = 0; i < N; i++)
      p[i] = k == POINTS ? heart.pixels[i]
                         : (float)((double)baseline[i] + c * ((double)heart.pixels[i] - (double)baseline[i]));
    const double node = (double)p[feature];
    double f_above = 0, f_below = 0;
    p[feature] = (float)(node + h);
    const double up = (double)p[feature];
    assert_int_equal(small_net_gradient(net, 0, score, p, CLASS, NULL, &f_above, above), 0);
    p[feature] = (float)(node - h);
    const double down = (double)p[feature];
    assert_int_equal(small_net_gradient(net, 0, score, p, CLASS, NULL, &f_below, below), 0);
    for (int64_t j = 0; j < N; j++)
      row[j] += hat_weight(1, k) * way * ((double)heart.pixels[j] - (double)baseline[j]) *
                ((double)above[j] - (double)below[j]) / (up - down);
    row[feature] += hat_weight(0, k) * way * (f_above - f_below) / (up - down);
  }
  free(below);
  free(above);
  free(p);
}

static attrib_status explain(uint32_t score, const float *baseline, int64_t feature,
                             const attrib_interactions_options *options, double *row, attrib_report *report) {
  attrib_model model;
  assert_int_equal(small_net_model(net, score, &model), 0);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = baseline};
  return attrib_interactions(NULL, &model, heart.pixels, CLASS, feature, &set, options, row, report);
}

/* 1e-6 of the largest. */
static void with_a_width(void **state) {
  (void)state;
  float *baseline = grey();
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++)
    for (int f = 0; f < 3; f++) {
      double *row = block(sizeof *row), *expected = block(sizeof *expected), largest = 0, sum = 0;
      const attrib_interactions_options options = {.struct_size = sizeof options, .points = POINTS, .width = .05};
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(explain(score, baseline, features[f], &options, row, &report), ATTRIB_OK);
      recompute(score, baseline, features[f], .05, expected);
      for (int64_t i = 0; i < N; i++) largest = fmax(largest, fabs(expected[i]));
      for (int64_t i = 0; i < N; i++) sum += expected[i];
      assert_true(largest > 1e-6);
      for (int64_t i = 0; i < N; i++)
        if (!(fabs(row[i] - expected[i]) <= 1e-6 * largest))
          fail_msg("[%d]: %.9g, not %.9g, of at most %.9g", (int)i, row[i], expected[i], largest);
      assert_true(fabs(report.attribution_sum - sum) <= 1e-6 * largest);
      free(expected);
      free(row);
    }
  free(baseline);
}

/* The logit: pieces of a linear function. */
static void without_one_they_are_undefined(void **state) {
  (void)state;
  float *baseline = grey();
  double *row = block(sizeof *row);
  const attrib_interactions_options options = {.struct_size = sizeof options, .points = POINTS};
  for (int f = 0; f < 3; f++) {
    char message[400] = "";
    attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
    assert_int_equal(explain(SMALL_NET_LOGIT, baseline, features[f], &options, row, &report), ATTRIB_UNDEFINED);
    for (int64_t i = 0; i < N; i++) assert_true(isnan(row[i]));
    assert_non_null(strstr(message, "give options->width"));
  }
  free(row);
  free(baseline);
}

/* What all rows are for: a pixel and the region that it is seen with. Rows of groups are sums of rows of pixels. */
static void by_region(void **state) {
  (void)state;
  enum { REGIONS = 16 };
  float *baseline = grey();
  int32_t *regions = block(sizeof *regions);
  for (int64_t i = 0; i < N; i++) regions[i] = (int32_t)(i * REGIONS / N);
  attrib_interactions_options options = {.struct_size = sizeof options, .points = POINTS, .width = .2};
  double *row = block(sizeof *row), sums[REGIONS] = {0}, grouped[REGIONS], largest = 0;
  assert_int_equal(explain(SMALL_NET_LOGIT, baseline, features[2], &options, row, NULL), ATTRIB_OK);
  options.n_groups = REGIONS;
  options.groups = regions;
  assert_int_equal(explain(SMALL_NET_LOGIT, baseline, features[2], &options, grouped, NULL), ATTRIB_OK);
  for (int64_t i = 0; i < N; i++) sums[regions[i]] += row[i];
  for (int g = 0; g < REGIONS; g++) largest = fmax(largest, fabs(sums[g]));
  assert_true(largest > 1e-4);
  for (int g = 0; g < REGIONS; g++) assert_true(fabs(grouped[g] - sums[g]) <= 1e-12 * largest);
  free(row);
  free(regions);
  free(baseline);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(with_a_width),
      cmocka_unit_test(without_one_they_are_undefined),
      cmocka_unit_test(by_region),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
