/* SmoothGrad and its forms of x'Ax / 2 and of a sum of cosines: the very numbers, worked out by hand. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "smooth_models.h"
#include "statistics.h"

static const double a_matrix[] = {2, 1, 1, 3};
static const analytic_fn quadratic = f_quadratic, cosines = f_cosines;

/* A x = (-0.25, -3.25) at x = (0.5, -1.25). With sigma^2 = 0.36 VarGrad is sigma^2 (2^2 + 1^2, 1^2 + 3^2) = 0.36 (5,
 * 10) and SmoothTaylor -sigma^2 (2, 3); SQUARED is (A x)^2 + VarGrad, TIMES_INPUT x A x - SmoothTaylor. */
static void forms_of_a_quadratic(void **state) {
  (void)state;
  static const struct {
    uint32_t form;
    double expected[2];
  } cases[] = {{ATTRIB_SMOOTH_MEAN, {-.25, -3.25}},
               {ATTRIB_SMOOTH_SQUARED, {1.8625, 14.1625}},
               {ATTRIB_SMOOTH_VARIANCE, {1.8, 3.6}},
               {ATTRIB_SMOOTH_TIMES_INPUT, {.595, 5.1425}},
               {ATTRIB_SMOOTH_TAYLOR, {-.72, -1.08}}};
  const double x[] = {.5, -1.25};
  analytic a;
  const attrib_model model = single_model(&a, &quadratic, ATTRIB_F64, 2, a_matrix);
  for (int64_t k = 0; k < COUNT(cases); k++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
      attrib_smoothgrad_options options = smooth_options(cases[k].form, flags, 40000, 12);
      options.sigma = .6;
      outcome o = smooth(&model, x, &options);
      assert_outcome(o, ATTRIB_OK);
      for (int i = 0; i < 2; i++) {
        const double expected = cases[k].expected[i];
        assert_near(o.phi[i], expected, 4 * o.errors[i] + ROUND_OFF, 1);
        assert_near(o.phi[i], expected, .03, fabs(expected)); /* whatever the errors say */
        if (cases[k].form == ATTRIB_SMOOTH_MEAN && flags == 0) assert_near(o.phi[i], expected, ROUND_OFF, 10);
      }
      if (cases[k].form == ATTRIB_SMOOTH_TAYLOR && flags == 0) { /* twice what f changes by, -1.8 and -0.9 */
        assert_near(o.report.attribution_sum, 2 * o.report.completeness_target, sum_round_off(40000), 20);
        assert_near(o.report.completeness_relative, 1, sum_round_off(40000), 20);
        assert_near(o.report.completeness_target, -.9, .03, .9);
      }
      free_outcome(&o);
    }
}

/* The pair e, -e with e = (1, 2): SmoothTaylor is -e (A e) = -(1 * 4, 2 * 7), at any x. Draws are what they are, so the
 * inputs are scaled by what makes (1, 2) of the first one: attributions do not change with units. VarGrad, in these
 * units, is the square of A e = (4, 7), the mean over two members. */
static void the_pair_one_two(void **state) {
  (void)state;
  static const double points[][2] = {{0, 0}, {.25, -.5}, {-3, 8}};
  for (uint64_t seed = 0; seed < 5; seed++)
    for (int64_t k = 0; k < COUNT(points); k++) {
      recorder r;
      attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_TAYLOR, 0, 2, seed);
      options.sigma = 1;
      attrib_model model = recorded_model(&r, f_quadratic, ATTRIB_F64, 2, a_matrix, 3);
      outcome drawn = smooth(&model, points[0], &options);
      assert_outcome(drawn, ATTRIB_OK);
      const double units[] = {1 / r.points[2], 2 / r.points[3]};
      double scaled[4], x[2];
      for (int i = 0; i < 4; i++) scaled[i] = units[i / 2] * a_matrix[i] * units[i % 2];
      for (int i = 0; i < 2; i++) x[i] = points[k][i] / units[i];
      free_outcome(&drawn);
      free_recorder(&r);
      analytic a;
      model = single_model(&a, &quadratic, ATTRIB_F64, 2, scaled);
      outcome o = smooth(&model, x, &options);
      assert_outcome(o, ATTRIB_OK);
      /* x + e is off by a rounding error of x, which in units of e is that of the point. */
      assert_near(o.phi[0], -4, ROUND_OFF, 1000);
      assert_near(o.phi[1], -14, ROUND_OFF, 1000);
      assert_near(o.report.attribution_sum, -18, ROUND_OFF, 1000);
      assert_near(o.report.completeness_target, -9, ROUND_OFF, 1000); /* f(x) - (f(x) + f(e)) */
      free_outcome(&o);
      options.form = ATTRIB_SMOOTH_VARIANCE;
      o = smooth(&model, x, &options);
      assert_outcome(o, ATTRIB_OK);
      assert_near(o.phi[0] / units[0] / units[0], 16, ROUND_OFF, 10000);
      assert_near(o.phi[1] / units[1] / units[1], 49, ROUND_OFF, 10000);
      free_outcome(&o);
    }
}

/* sigma = 0.7 at (0.4, 1): f is 1.4613632999 and E f(x + e) = exp(-0.245) f = 1.1438156868; SmoothTaylor is 0.49 times
 * that, by cosines 0.921060994 and 0.540302306. */
static void taylor_of_cosines(void **state) {
  (void)state;
  const double x[] = {.4, 1};
  analytic a;
  const attrib_model model = single_model(&a, &cosines, ATTRIB_F64, 2, NULL);
  attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_TAYLOR, 0, 40000, 5);
  options.sigma = .7;
  outcome o = smooth(&model, x, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_near(o.phi[0], .3532501238, .02, .3532501238);
  assert_near(o.phi[1], .2072195627, .02, .2072195627);
  assert_near(o.report.output, 1.4613632999, 1e-9, 1);
  assert_near(o.report.baseline_output, 1.1438156868, .01, 1);
  free_outcome(&o);
}

/* Sum of SmoothTaylor over sigma, integrated over sigma from 0 to s by Simpson's rule. At 0 it is 0. */
static double integrated_taylor(const attrib_model *model, const double *x, double s, double *error) {
  enum { STEPS = 8 };
  double integral = 0;
  *error = 0;
  for (int k = 1; k <= STEPS; k++) {
    const double sigma = s * k / STEPS, weight = s / STEPS / 3 * (k == STEPS ? 1 : k % 2 == 1 ? 4 : 2);
    attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_TAYLOR, 0, 20000, 3);
    options.sigma = sigma;
    outcome o = smooth(model, x, &options);
    assert_outcome(o, ATTRIB_OK);
    integral += weight * o.report.attribution_sum / sigma;
    for (int64_t i = 0; i < o.count; i++) *error += weight * o.errors[i] / sigma;
    free_outcome(&o);
  }
  return integral;
}

/* Expected gradients with normal noise around x sum to F(0) - F(s), and so does the integral of SmoothTaylor's sum over
 * sigma: -sigma^2 tr A / 2 = -0.9 for the quadratic, 1.4613632999 - 1.1438156868 for cosines. */
static void expected_gradients_are_an_integral_of_taylor(void **state) {
  (void)state;
  static const struct {
    const analytic_fn *f;
    double sigma, expected;
  } cases[] = {{&quadratic, .6, -.9}, {&cosines, .7, .3175476130}};
  const double x[] = {.4, 1};
  for (int k = 0; k < 2; k++) {
    analytic a;
    const attrib_model model = single_model(&a, cases[k].f, ATTRIB_F64, 2, k == 0 ? a_matrix : NULL);
    attrib_noise noise = {.struct_size = sizeof noise,
                          .dtype = ATTRIB_F64,
                          .kind = ATTRIB_NOISE_GAUSSIAN_CLIPPED,
                          .n_inputs = 2,
                          .seed = 4,
                          .low = -50,
                          .high = 50,
                          .sigma = cases[k].sigma,
                          .around = x};
    const attrib_baselines around = {
        .struct_size = sizeof around, .count = 1 << 30, .fetch = attrib_noise_fetch, .fetch_user = &noise};
    const attrib_eg_options options = eg_options(ATTRIB_SAMPLER_STRATIFIED, 20000, 6);
    outcome o = expect_gradients(&model, x, &around, &options);
    assert_outcome(o, ATTRIB_OK);
    double error, integral = integrated_taylor(&model, x, cases[k].sigma, &error), doubt = 0;
    for (int64_t i = 0; i < o.count; i++) doubt += o.errors[i];
    assert_true(doubt < .04 * fabs(cases[k].expected) && error < .04 * fabs(cases[k].expected));
    assert_near(o.report.attribution_sum, cases[k].expected, 4 * doubt, 1);
    assert_near(integral, cases[k].expected, 4 * error, 1);
    free_outcome(&o);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(forms_of_a_quadratic), cmocka_unit_test(the_pair_one_two),
                                     cmocka_unit_test(taylor_of_cosines),
                                     cmocka_unit_test(expected_gradients_are_an_integral_of_taylor)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
