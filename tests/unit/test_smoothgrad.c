/* SmoothGrad and its forms where they are known in closed form. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "smooth_models.h"
#include "statistics.h"

static const double quadratic[] = {2, 1, 1, 3};

static outcome solve(analytic_fn f, const void *parameters, uint32_t dtype, int64_t n, const double *x,
                     const attrib_smoothgrad_options *options) {
  analytic a;
  attrib_model model = single_model(&a, &f, dtype, n, parameters);
  void *input = as_row(dtype, x, n);
  outcome o = smooth(&model, input, options);
  free(input);
  return o;
}

static attrib_smoothgrad_options with_sigma(uint32_t form, uint32_t flags, int64_t samples, uint64_t seed,
                                            double sigma) {
  attrib_smoothgrad_options options = smooth_options(form, flags, samples, seed);
  options.sigma = sigma;
  return options;
}

static void expect_limit(const outcome *o, const double *limit) {
  for (int64_t i = 0; i < o->count; i++) {
    assert_true(o->errors[i] > 0 && o->errors[i] < .2 * fabs(limit[i]));
    assert_near(o->phi[i], limit[i], 4 * o->errors[i], 1);
  }
}

/* The gradient is linear: pairs give A x, whatever the noise, with no doubt about it. */
static void pairs_are_exact_on_a_quadratic(void **state) {
  (void)state;
  const double x[] = {.5, -1.25};
  for (int64_t samples = 2; samples <= 100; samples += 14)
    for (uint64_t seed = 0; seed < 5; seed++) {
      attrib_smoothgrad_options options = with_sigma(ATTRIB_SMOOTH_MEAN, 0, samples, seed, 2);
      outcome o = solve(f_quadratic, quadratic, ATTRIB_F64, 2, x, &options);
      assert_outcome(o, ATTRIB_OK);
      assert_near(o.phi[0], 2 * .5 - 1.25, ROUND_OFF, 10);
      assert_near(o.phi[1], .5 - 3 * 1.25, ROUND_OFF, 10);
      for (int i = 0; i < 2 && samples > 2; i++) assert_near(o.errors[i], 0, ROUND_OFF, 10);
      free_outcome(&o);
    }
}

/* One pair e, -e: SmoothTaylor is -e .* (A e), the mean output f(x) + f(e). */
static void one_pair_on_a_quadratic(void **state) {
  (void)state;
  const double x[] = {.25, -.5};
  for (uint64_t seed = 0; seed < 20; seed++) {
    recorder r;
    attrib_model model = recorded_model(&r, f_quadratic, ATTRIB_F64, 2, quadratic, 3);
    attrib_smoothgrad_options options = with_sigma(ATTRIB_SMOOTH_TAYLOR, 0, 2, seed, 1);
    outcome o = smooth(&model, x, &options);
    assert_outcome(o, ATTRIB_OK);
    double e[] = {r.points[2] - x[0], r.points[3] - x[1]};
    assert_near(o.phi[0], -e[0] * (2 * e[0] + e[1]), ROUND_OFF, 20);
    assert_near(o.phi[1], -e[1] * (e[0] + 3 * e[1]), ROUND_OFF, 20);
    double f_e = f_quadratic(e, 2, NULL, quadratic), f_x = f_quadratic(x, 2, NULL, quadratic);
    assert_near(o.report.baseline_output, f_x + f_e, ROUND_OFF, 20);
    free_outcome(&o);
    free_recorder(&r);
  }
}

static void forms_of_cosines(void **state) {
  (void)state;
  const double x[] = {.4, 1, -2.2, 2.6}, s = .7;
  for (uint32_t form = ATTRIB_SMOOTH_MEAN; form <= ATTRIB_SMOOTH_TAYLOR; form++)
    for (int t = 0; t < 2; t++) {
      attrib_smoothgrad_options options = with_sigma(form, (uint32_t)t, 8000, 5, s);
      outcome o = solve(f_cosines, NULL, t == 0 ? ATTRIB_F64 : ATTRIB_F32, 4, x, &options);
      assert_outcome(o, ATTRIB_OK);
      double limit[4], cosines = 0;
      for (int i = 0; i < 4; i++) {
        limit[i] = limit_of_cosines(form, x[i], s);
        cosines += cos(x[i]);
      }
      expect_limit(&o, limit);
      assert_near(o.report.baseline_output, exp(-s * s / 2) * cosines, .06, 1); /* 4 / sqrt(8000) * 1.3 */
      free_outcome(&o);
    }
}

/* On the same samples SQUARED is MEAN^2 + VARIANCE, and TIMES_INPUT is x MEAN - TAYLOR. */
static void forms_go_together(void **state) {
  (void)state;
  enum { N = 9 };
  double x[N];
  fill_random(6, x, N);
  for (int t = 0; t < 2; t++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
      uint32_t dtype = t == 0 ? ATTRIB_F64 : ATTRIB_F32;
      outcome o[5];
      for (uint32_t form = 0; form < 5; form++) {
        attrib_smoothgrad_options options = with_sigma(form, flags, 60, 3, .5);
        o[form] = solve(f_waves, NULL, dtype, N, x, &options);
        assert_outcome(o[form], ATTRIB_OK);
      }
      for (int i = 0; i < N; i++) {
        double mean = o[ATTRIB_SMOOTH_MEAN].phi[i], at = t == 0 ? x[i] : (double)(float)x[i];
        double square = mean * mean + o[ATTRIB_SMOOTH_VARIANCE].phi[i];
        assert_near(o[ATTRIB_SMOOTH_SQUARED].phi[i], square, sum_round_off(60), 2);
        double times = at * mean - o[ATTRIB_SMOOTH_TAYLOR].phi[i];
        assert_near(o[ATTRIB_SMOOTH_TIMES_INPUT].phi[i], times, sum_round_off(60), 4);
      }
      for (int form = 0; form < 5; form++) free_outcome(&o[form]);
    }
}

/* Around zeros the members of a pair are exact opposites; elsewhere they are to the rounding of the points. */
static void a_linear_model_has_nothing_to_smooth(void **state) {
  (void)state;
  const double w[] = {3, -.1, 1e3}, zero[] = {0, 0, 0}, x[] = {.3, -2, 7};
  for (uint32_t form = 0; form < 5; form++)
    for (int at_zero = 0; at_zero < 2; at_zero++) {
      attrib_smoothgrad_options options = with_sigma(form, 0, 50, 1, .5);
      outcome o = solve(f_linear, w, ATTRIB_F64, 3, at_zero ? zero : x, &options);
      assert_outcome(o, ATTRIB_OK);
      for (int i = 0; i < 3; i++) {
        double place = at_zero ? 0 : x[i];
        const double limits[] = {w[i], w[i] * w[i], 0, place * w[i], 0};
        bool exact = form <= ATTRIB_SMOOTH_VARIANCE || at_zero;
        assert_near(o.phi[i], limits[form], exact ? 0 : ROUND_OFF, fabs(w[i]) * 8);
        assert_near(o.errors[i], 0, exact ? 0 : ROUND_OFF, fabs(w[i]) * 8);
      }
      free_outcome(&o);
    }
}

/* Each draw by itself is noise of sigma |w| / sqrt N, and says so. */
static void independent_noise_on_a_linear_model(void **state) {
  (void)state;
  const double w[] = {3, -.1}, x[] = {.3, -2};
  attrib_smoothgrad_options options = with_sigma(ATTRIB_SMOOTH_TAYLOR, ATTRIB_SMOOTH_INDEPENDENT, 1000, 1, .5);
  outcome o = solve(f_linear, w, ATTRIB_F64, 2, x, &options);
  assert_outcome(o, ATTRIB_OK);
  for (int i = 0; i < 2; i++) {
    double error = .5 * fabs(w[i]) / sqrt(1000);
    assert_true(o.phi[i] != 0);
    assert_near(o.phi[i], 0, 4 * error, 1);
    assert_near(o.errors[i], error, MOST_SIGMAS / sqrt(2 * 1000), error);
  }
  free_outcome(&o);
}

/* f = sum of 1e4 x_i + c x_i^2 / 2. */
static double steep(const double *x, int64_t n, double *g, const void *parameters) {
  double f = 0;
  (void)parameters;
  for (int64_t i = 0; i < n; i++) {
    f += 1e4 * x[i] + x[i] * x[i] / 2;
    if (g != NULL) g[i] = 1e4 + x[i];
  }
  return f;
}

/* Gradients about 1e4 with a standard deviation of 0.1: as the mean of squares less the square of the mean, in float, a
 * peer makes 8.9 of this 0.01. Floats at 1e4 are 0.001 apart, which adds 1e-7 to the variance. */
static void a_small_variance_of_large_gradients(void **state) {
  (void)state;
  const double x[] = {.2, -.4, 0};
  for (int t = 0; t < 2; t++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
      attrib_smoothgrad_options options = with_sigma(ATTRIB_SMOOTH_VARIANCE, flags, 10000, 2, .1);
      outcome o = solve(steep, NULL, t == 0 ? ATTRIB_F64 : ATTRIB_F32, 3, x, &options);
      assert_outcome(o, ATTRIB_OK);
      for (int i = 0; i < 3; i++) {
        assert_near(o.phi[i], .01, 4 * o.errors[i] + 2e-7, 1);
        assert_near(o.errors[i], .01 * sqrt(2.0 / (flags ? 10000 : 5000)), .1, o.errors[i]);
        assert_near(o.phi[i], .01, .08, .01); /* two digits, as far as 10000 samples have them */
      }
      free_outcome(&o);
    }
}

/* The same seed the same bits, another one another result as far as the errors say. */
static void a_seed_says_it_all(void **state) {
  (void)state;
  const double x[] = {.4, 1, -2.2, 2.6};
  double first[4];
  for (int k = 0; k < 3; k++) {
    attrib_smoothgrad_options options = with_sigma(ATTRIB_SMOOTH_MEAN, 0, 20, k == 2 ? 8 : 7, .5);
    outcome o = solve(f_cosines, NULL, ATTRIB_F64, 4, x, &options);
    if (k == 1) assert_same_bits(o.phi, first, 4);
    for (int i = 0; i < 4 && k == 2; i++)
      assert_true(o.phi[i] != first[i] && fabs(o.phi[i] - first[i]) < 6 * o.errors[i]);
    memcpy(first, o.phi, sizeof first);
    free_outcome(&o);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pairs_are_exact_on_a_quadratic),
      cmocka_unit_test(one_pair_on_a_quadratic),
      cmocka_unit_test(forms_of_cosines),
      cmocka_unit_test(forms_go_together),
      cmocka_unit_test(a_linear_model_has_nothing_to_smooth),
      cmocka_unit_test(independent_noise_on_a_linear_model),
      cmocka_unit_test(a_small_variance_of_large_gradients),
      cmocka_unit_test(a_seed_says_it_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
