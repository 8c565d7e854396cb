/* The noise that SmoothGrad adds: how it is distributed, what it depends on, how large it is, where it is clipped. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "statistics.h"

#include "random/normal.h"
#include "random/philox.h"

/* The noised points of a call, samples x n, in a block of the caller's to free. */
static double *points_of(uint32_t dtype, int64_t n, const double *x, const attrib_smoothgrad_options *options,
                         uint32_t max_rows, attrib_report *report) {
  recorder r;
  attrib_model model = recorded_model(&r, f_waves, dtype, n, NULL, 1 + options->samples);
  model.max_rows = max_rows;
  void *input = as_row(dtype, x, n);
  outcome o = smooth(&model, input, options);
  assert_outcome(o, ATTRIB_OK);
  assert_int_equal(r.rows, 1 + options->samples);
  double *points = exact_copy(r.points + n, (size_t)(n * options->samples) * sizeof *points);
  if (report != NULL) *report = o.report;
  free_outcome(&o);
  free_recorder(&r);
  free(input);
  return points;
}

static attrib_smoothgrad_options noise_options(uint32_t flags, int64_t samples, uint64_t seed, double sigma) {
  attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_MEAN, flags, samples, seed);
  options.sigma = sigma;
  return options;
}

static double *zeros(int64_t n) {
  double *x = exact_block((size_t)n * sizeof *x);
  for (int64_t i = 0; i < n; i++) x[i] = 0;
  return x;
}

/* Around zeros the points are the noise itself. */
static void noise_is_normal_and_independent(void **state) {
  (void)state;
  enum { N = 800, SAMPLES = 40 };
  double *x = zeros(N);
  attrib_smoothgrad_options options = noise_options(ATTRIB_SMOOTH_INDEPENDENT, SAMPLES, 6, .25);
  double *e = points_of(ATTRIB_F64, N, x, &options, 0, NULL), *other = zeros(N * SAMPLES);
  for (int64_t k = 0; k < N * SAMPLES; k++) e[k] /= .25;
  assert_true(kolmogorov(e, N * SAMPLES, normal_cdf) < KOLMOGOROV);
  assert_unbiased(e, N * SAMPLES, 0);
  for (int64_t k = 0; k < N * SAMPLES; k++) other[k] = e[k] * e[k];
  assert_unbiased(other, N * SAMPLES, 1);
  for (int64_t k = 0; k < N * SAMPLES; k++) other[k] = e[k] * e[(k + 1) % (N * SAMPLES)]; /* elements of a draw */
  assert_unbiased(other, N * SAMPLES, 0);
  for (int64_t k = 0; k < N * SAMPLES; k++) other[k] = e[k] * e[(k + N) % (N * SAMPLES)]; /* draws of an element */
  assert_unbiased(other, N * SAMPLES, 0);
  free(other);
  free(e);
  free(x);
}

static void pairs_are_mirror_images(void **state) {
  (void)state;
  enum { N = 515, SAMPLES = 6 };
  double *x = zeros(N);
  attrib_smoothgrad_options options = noise_options(0, SAMPLES, 6, .25);
  attrib_smoothgrad_options single = noise_options(ATTRIB_SMOOTH_INDEPENDENT, SAMPLES / 2, 6, .25);
  for (int t = 0; t < 2; t++) {
    uint32_t dtype = t == 0 ? ATTRIB_F64 : ATTRIB_F32;
    double *e = points_of(dtype, N, x, &options, 0, NULL), *drawn = points_of(dtype, N, x, &single, 0, NULL);
    for (int64_t k = 0; k < SAMPLES; k++)
      for (int64_t i = 0; i < N; i++) {
        double noise = drawn[k / 2 * N + i];
        assert_true(e[k * N + i] == (k % 2 == 0 ? noise : -noise) && noise != 0);
      }
    free(drawn);
    free(e);
  }
  free(x);
}

/* sigma times the normal quantile of the generator's number for (seed, draw, element): added in double, rounded once.
 */
static void element_i_of_draw_k_is_what_it_is(void **state) {
  (void)state;
  enum { SAMPLES = 4 };
  const int64_t sizes[] = {1, 2, 511, 512, 513, 1500};
  const uint64_t seed = UINT64_C(0xfedcba9876543210);
  for (int64_t s = 0; s < COUNT(sizes); s++)
    for (int t = 0; t < 2; t++)
      for (uint32_t max_rows = 1; max_rows <= 3; max_rows += 2) {
        uint32_t dtype = t == 0 ? ATTRIB_F64 : ATTRIB_F32;
        int64_t n = sizes[s];
        double *x = exact_block((size_t)n * sizeof *x), *uniforms = exact_block((size_t)n * sizeof *x);
        fill_random(3, x, n);
        void *row = as_row(dtype, x, n);
        attrib_smoothgrad_options options = noise_options(0, SAMPLES, seed, .7);
        double *z = points_of(dtype, n, x, &options, max_rows, NULL);
        for (int64_t k = 0; k < SAMPLES; k++) {
          attrib__random_uniforms(seed, ATTRIB__STREAM_SMOOTHING, (uint64_t)(k / 2), 0, n, uniforms);
          for (int64_t i = 0; i < n; i++) {
            double expected =
                element_of(dtype, row, i) + (k % 2 == 0 ? .7 : -.7) * attrib__normal_quantile(uniforms[i]);
            assert_true(z[k * n + i] == (dtype == ATTRIB_F32 ? (double)(float)expected : expected));
          }
        }
        free(z);
        free(row);
        free(uniforms);
        free(x);
      }
}

static void every_seed_has_noise_of_its_own(void **state) {
  (void)state;
  enum { N = 100 };
  double *x = zeros(N);
  const uint64_t seeds[] = {0, 1, 2, UINT64_C(1) << 32, UINT64_C(1) << 63};
  double *first[5];
  for (int k = 0; k < 5; k++) {
    attrib_smoothgrad_options options = noise_options(ATTRIB_SMOOTH_INDEPENDENT, 2, seeds[k], 1);
    first[k] = points_of(ATTRIB_F64, N, x, &options, 0, NULL);
    for (int i = 0; i < N; i++) assert_true(first[k][i] != first[k][N + i]);
    for (int j = 0; j < k; j++)
      for (int i = 0; i < 2 * N; i++) assert_true(first[k][i] != first[j][i]);
  }
  for (int k = 0; k < 5; k++) free(first[k]);
  free(x);
}

/* What sigma comes out at, and that the noise is as large. */
static void expect_sigma(uint32_t dtype, int64_t n, const double *x, double sigma, double fraction, double expected) {
  attrib_smoothgrad_options options = noise_options(ATTRIB_SMOOTH_INDEPENDENT, 1, 3, sigma);
  options.sigma_fraction = fraction;
  attrib_report report;
  double *z = points_of(dtype, n, x, &options, 0, &report), uniform;
  assert_near(report.sigma, expected, sigma > 0 ? 0 : 4 * DBL_EPSILON, expected);
  attrib__random_uniforms(3, ATTRIB__STREAM_SMOOTHING, 0, 0, 1, &uniform);
  double noised = x[0] + expected * attrib__normal_quantile(uniform);
  assert_near(z[0], noised, dtype == ATTRIB_F32 ? FLT_EPSILON : 8 * DBL_EPSILON, fabs(x[0]) + 3 * expected);
  free(z);
}

/* The least and the greatest element wherever they are, in every block. */
static void sigma_is_a_share_of_the_range(void **state) {
  (void)state;
  enum { N = 1030 };
  const int places[] = {0, 1, 511, 512, 1023, 1024, 1029};
  double *x = exact_block(N * sizeof *x);
  for (int64_t low = 0; low < COUNT(places); low++)
    for (int64_t high = 0; high < COUNT(places); high++) {
      if (low == high) continue;
      for (int i = 0; i < N; i++) x[i] = .5;
      x[places[low]] = -3;
      x[places[high]] = 1;
      expect_sigma(ATTRIB_F64, N, x, 0, 0, .15 * 4);
      expect_sigma(ATTRIB_F32, N, x, 0, .25, 1);
      expect_sigma(ATTRIB_F64, N, x, .0625, 0, .0625);
    }
  free(x);
  const double positive[] = {2, 5, 3}, negative[] = {-2, -7, -3};
  expect_sigma(ATTRIB_F64, 3, positive, 0, 0, .45);
  expect_sigma(ATTRIB_F64, 3, negative, 0, .1, .5);
  expect_sigma(ATTRIB_F32, 3, positive, 2, 0, 2);
}

/* A range of 1 about 1e15, and one that is wider than the type. */
static void ranges_of_any_size(void **state) {
  (void)state;
  const double far[] = {1e15, 1e15 + 1}, wide[] = {-1e308, 1e308}, tiny[] = {0, 1e-300};
  expect_sigma(ATTRIB_F64, 2, far, 0, 0, .15);
  expect_sigma(ATTRIB_F64, 2, wide, 0, .01, 2e306);
  expect_sigma(ATTRIB_F64, 2, tiny, 0, 0, .15e-300);
}

static double clamp(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

/* Clipped points are those without clipping, clamped; with room to spare they are the same. */
static void expect_clipped(uint32_t dtype, double low, double high, const double *x, int64_t n) {
  attrib_smoothgrad_options options = noise_options(0, 20, 9, .5);
  double *open = points_of(dtype, n, x, &options, 0, NULL);
  options.low = low;
  options.high = high;
  double *z = points_of(dtype, n, x, &options, 0, NULL);
  bool at_low = false, at_high = false, beyond = false;
  for (int64_t k = 0; k < 20 * n; k++) {
    assert_true(z[k] == clamp(open[k], low, high));
    at_low = at_low || z[k] == low;
    at_high = at_high || z[k] == high;
    beyond = beyond || open[k] < low || open[k] > high;
  }
  assert_true(at_low && at_high && beyond);
  free(z);
  free(open);
}

static void noise_is_clipped_on_request(void **state) {
  (void)state;
  enum { N = 520 };
  double *x = exact_block(N * sizeof *x);
  for (int t = 0; t < 2; t++) {
    uint32_t dtype = t == 0 ? ATTRIB_F64 : ATTRIB_F32;
    fill_random(4, x, N);
    x[0] = -1; /* on the ends is within them */
    x[N - 1] = 1;
    expect_clipped(dtype, -1, 1, x, N);
    for (int i = 0; i < N; i++) x[i] = fabs(x[i]);
    expect_clipped(dtype, 0, 1, x, N);
    for (int i = 0; i < N; i++) x[i] = -x[i];
    expect_clipped(dtype, -1, 0, x, N);
  }
  free(x);
}

/* Both members of a pair, each by itself: near the upper end one is cut and the other is not. */
static void each_member_is_clipped_by_itself(void **state) {
  (void)state;
  const double x[] = {.999, -.5};
  attrib_smoothgrad_options options = noise_options(0, 40, 2, .3);
  options.low = -1;
  options.high = 1;
  double *z = points_of(ATTRIB_F64, 2, x, &options, 0, NULL);
  int64_t cut[2] = {0, 0};
  for (int64_t k = 0; k < 40; k++) cut[k % 2] += z[2 * k] == 1;
  for (int64_t k = 0; k < 20; k++) assert_true((z[4 * k] == 1) != (z[4 * k + 2] == 1) || z[4 * k] > .995);
  assert_true(cut[0] > 0 && cut[1] > 0 && cut[0] + cut[1] >= 19);
  free(z);
}

/* 0.3 as a float is above 0.3, and -0.3 below -0.3: rounding to nearest would leave the range. */
static void clipped_points_never_leave_a_range_that_floats_cannot_hold(void **state) {
  (void)state;
  enum { N = 64, SAMPLES = 20 };
  double x[N];
  fill_random(4, x, N);
  for (int i = 0; i < N; i++) x[i] *= .25;
  x[0] = .3; /* as a float beyond the end, and yet on it */
  x[1] = -.3;
  attrib_smoothgrad_options options = noise_options(0, SAMPLES, 9, .5);
  options.low = -.3;
  options.high = .3;
  double *z = points_of(ATTRIB_F32, N, x, &options, 0, NULL);
  for (int k = 0; k < N * SAMPLES; k++) assert_true(z[k] >= -.3 && z[k] <= .3);
  free(z);
}

/* Two neighbours in double between two floats. */
static void a_range_without_a_float_is_refused(void **state) {
  (void)state;
  static const analytic_fn waves = f_waves;
  const double x[] = {.3};
  analytic a;
  const attrib_model model = single_model(&a, &waves, ATTRIB_F32, 1, NULL);
  attrib_smoothgrad_options options = noise_options(0, 4, 1, .5);
  options.low = .3;
  options.high = nextafter(.3, 1);
  void *input = as_row(ATTRIB_F32, x, 1);
  outcome o = smooth(&model, input, &options);
  assert_outcome(o, ATTRIB_E_ARGUMENT);
  assert_names(o.message, "no value in between");
  free_outcome(&o);
  free(input);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(noise_is_normal_and_independent),
      cmocka_unit_test(pairs_are_mirror_images),
      cmocka_unit_test(element_i_of_draw_k_is_what_it_is),
      cmocka_unit_test(every_seed_has_noise_of_its_own),
      cmocka_unit_test(sigma_is_a_share_of_the_range),
      cmocka_unit_test(ranges_of_any_size),
      cmocka_unit_test(noise_is_clipped_on_request),
      cmocka_unit_test(each_member_is_clipped_by_itself),
      cmocka_unit_test(clipped_points_never_leave_a_range_that_floats_cannot_hold),
      cmocka_unit_test(a_range_without_a_float_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
