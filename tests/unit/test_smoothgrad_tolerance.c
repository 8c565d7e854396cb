/* SmoothGrad with a tolerance and a budget, and inputs without a range, which need neither. */
#include "fixture.h"
#include "outcome.h"
#include "recorder.h"
#include "statistics.h"

enum { N = 3, FORMS = 5 };

static const double x[N] = {.4, -1.3, 2.1};

typedef struct subject {
  analytic a;
  analytic_fn f;
  attrib_model model;
} subject;

static void pose(subject *s, uint32_t dtype) {
  s->f = f_waves;
  s->model = single_model(&s->a, &s->f, dtype, N, NULL);
}

static outcome solve(subject *s, uint32_t form, uint32_t flags, double tolerance, int64_t budget) {
  attrib_smoothgrad_options options = smooth_options(form, flags, 0, 4);
  options.tolerance = tolerance;
  options.max_evaluations = budget;
  return smooth(&s->model, x, &options);
}

/* 32, 64, 128, ... as far as the budget goes; or the largest power of two in it. */
static int64_t doublings_within(int64_t budget) {
  int64_t samples = 1;
  while (2 * samples <= budget) samples *= 2;
  return samples;
}

static void no_budget_is_exceeded(void **state) {
  (void)state;
  for (uint32_t form = 0; form < FORMS; form++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++)
      for (int64_t budget = flags ? 1 : 2; budget <= 300; budget += 1 + budget / 70) {
        subject s;
        char text[80];
        pose(&s, ATTRIB_F64);
        outcome o = solve(&s, form, flags, 1e-9, budget);
        assert_outcome(o, ATTRIB_NOT_CONVERGED);
        assert_int_equal(o.report.evaluations, doublings_within(budget));
        assert_int_equal(s.a.gradient_rows, o.report.evaluations);
        assert_int_equal(s.a.rows, o.report.evaluations + 1);
        assert_int_equal(o.report.samples, o.report.evaluations);
        assert_int_equal(o.report.stop_reason, ATTRIB_STOP_BUDGET);
        assert_true(o.report.tolerance == 1e-9 && o.report.output_evaluations == 1 && !is_untouched(o.phi, N));
        assert_names(o.message, "options->tolerance = 1e-09");
        snprintf(text, sizeof text, "options->max_evaluations = %" PRId64, budget);
        assert_names(o.message, text);
        free_outcome(&o);
      }
}

static void the_default_budget_is_4096(void **state) {
  (void)state;
  subject s;
  pose(&s, ATTRIB_F64);
  outcome o = solve(&s, ATTRIB_SMOOTH_MEAN, 0, 1e-9, 0);
  assert_outcome(o, ATTRIB_NOT_CONVERGED);
  assert_int_equal(o.report.evaluations, 4096);
  assert_names(o.message, "options->max_evaluations = 4096");
  free_outcome(&o);
}

/* Samples are the same whatever the rounds: a call that ends with n is the call for n, to the last bit. */
static void it_stops_at_the_first_estimate_that_is_met(void **state) {
  (void)state;
  enum { DOUBLINGS = 6 };
  for (uint32_t form = 0; form < FORMS; form++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++) {
      subject s;
      double estimates[DOUBLINGS];
      pose(&s, ATTRIB_F32);
      float input[N] = {(float)x[0], (float)x[1], (float)x[2]};
      for (int k = 0; k < 2 * DOUBLINGS; k++) {
        attrib_smoothgrad_options options = smooth_options(form, flags, INT64_C(32) << k % DOUBLINGS, 4);
        outcome fixed = smooth(&s.model, input, &options);
        assert_outcome(fixed, ATTRIB_OK);
        if (k < DOUBLINGS) estimates[k] = fixed.report.error_estimate;
        options.samples = 0;
        options.tolerance = fixed.report.error_estimate;
        int stop = 0;
        while (k >= DOUBLINGS && !(estimates[stop] <= options.tolerance)) stop++;
        outcome o = smooth(&s.model, input, &options);
        assert_outcome(o, ATTRIB_OK);
        assert_true(o.report.stop_reason == ATTRIB_STOP_TOLERANCE && o.message[0] == '\0');
        if (k >= DOUBLINGS) assert_int_equal(o.report.evaluations, 32 << stop);
        if (o.report.evaluations == fixed.report.evaluations) {
          assert_same_bits(o.phi, fixed.phi, N);
          assert_same_bits(o.errors, fixed.errors, N);
          assert_same_bits(&o.report.baseline_output, &fixed.report.baseline_output, 1);
        }
        free_outcome(&o);
        free_outcome(&fixed);
      }
    }
}

/* A sample's weight is its share in its own doubling: what comes after it is not known. */
static void weights_are_shares_of_a_doubling(void **state) {
  (void)state;
  subject s;
  pose(&s, ATTRIB_F64);
  outcome o = solve(&s, ATTRIB_SMOOTH_MEAN, 0, 1e-9, 256);
  assert_int_equal(o.report.trace_count, 256);
  for (int k = 0; k < 256; k++) {
    assert_true(o.trace[k].weight == 1.0 / (k < 64 ? 32 : k < 128 ? 64 : 128));
    assert_int_equal(o.trace[k].baseline, k);
  }
  free_outcome(&o);
}

/* Two values are equally far from their mean: no standard error, and not one of 0. */
static void two_values_say_nothing_of_the_error_of_a_variance(void **state) {
  (void)state;
  for (int64_t budget = 2; budget <= 3; budget++) {
    subject s;
    pose(&s, ATTRIB_F64);
    outcome o = solve(&s, ATTRIB_SMOOTH_VARIANCE, ATTRIB_SMOOTH_INDEPENDENT, .01, budget);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    assert_true(isnan(o.errors[0]) && isnan(o.report.error_estimate));
    free_outcome(&o);
  }
}

/* All gradients of a linear model are the same. */
static void nothing_left_to_reduce_is_met_at_once(void **state) {
  (void)state;
  const double w[] = {1, -2, 3};
  analytic a;
  const analytic_fn f = f_linear;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, N, w);
  attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_MEAN, 0, 0, 1);
  options.tolerance = 1e-300;
  outcome o = smooth(&model, x, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_true(o.report.evaluations == 32 && o.report.error_estimate == 0);
  assert_int_equal(o.report.stop_reason, ATTRIB_STOP_TOLERANCE);
  free_outcome(&o);
}

/* -- calls that do not come to their end ----------------------------------------------------------------------------
 */

/* The call whose model spoils row `row`, or stops at it. */
static outcome spoiled_at(const double *input, const attrib_smoothgrad_options *options, int64_t row, bool stops) {
  subject s;
  pose(&s, ATTRIB_F64);
  spoiler spoil = {.inner = &s.a,
                   .output_row = -1,
                   .gradient = (double)NAN,
                   .gradient_row = stops ? -1 : row,
                   .fail_from_row = stops ? row : -1,
                   .fail_code = 1};
  attrib_model model = spoiled_model(&spoil);
  model.max_rows = 1;
  return smooth(&model, input, options);
}

/* Samples are in a random order by nature: what is in is a smaller call, of whole pairs. */
static void a_stopped_call_is_a_smaller_one(void **state) {
  (void)state;
  for (uint32_t form = 0; form < FORMS; form++)
    for (uint32_t flags = 0; flags <= ATTRIB_SMOOTH_INDEPENDENT; flags++)
      for (int64_t row = 1; row <= 70; row += 3) {
        attrib_smoothgrad_options options = smooth_options(form, flags, 0, 4);
        options.tolerance = 1e-9;
        outcome o = spoiled_at(x, &options, row, true);
        assert_outcome(o, ATTRIB_CANCELLED);
        assert_true(o.report.output_evaluations == 1 && o.report.evaluations == row - 1);
        int64_t samples = (row - 1) / (flags ? 1 : 2) * (flags ? 1 : 2);
        assert_int_equal(o.report.samples, samples);
        if (samples > 0) {
          subject s;
          pose(&s, ATTRIB_F64);
          options.tolerance = 0;
          options.samples = samples;
          outcome fixed = smooth(&s.model, x, &options);
          assert_same_bits(o.phi, fixed.phi, N);
          assert_same_bits(&o.report.baseline_output, &fixed.report.baseline_output, 1);
          for (int i = 0; i < N; i++)
            assert_true(isnan(fixed.errors[i]) ? isnan(o.errors[i]) : o.errors[i] == fixed.errors[i]);
          free_outcome(&fixed);
        }
        free_outcome(&o);
      }
}

/* Before there is anything nothing is known, of a constant input either. */
static void a_call_that_is_stopped_at_once(void **state) {
  (void)state;
  const double flat[N] = {.75, .75, .75};
  for (int constant = 0; constant < 2; constant++)
    for (int64_t row = 0; row < 2; row++) {
      attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_MEAN, 0, 0, 4);
      outcome o = spoiled_at(constant ? flat : x, &options, row, true);
      assert_outcome(o, ATTRIB_CANCELLED);
      for (int i = 0; i < N; i++) assert_true(isnan(o.errors[i]));
      assert_true(isnan(o.report.error_estimate) && isnan(o.report.baseline_output) && o.report.samples == 0);
      assert_true(row == 0 ? isnan(o.report.output) : isfinite(o.report.output));
      free_outcome(&o);
    }
}

/* The row that fails is not one that was used. */
static void a_call_that_fails(void **state) {
  (void)state;
  for (int64_t row = 1; row <= 40; row += 13) {
    attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_MEAN, ATTRIB_SMOOTH_INDEPENDENT, 50, 4);
    outcome o = spoiled_at(x, &options, row, false);
    assert_outcome(o, ATTRIB_E_NONFINITE);
    assert_true(o.report.failed_row == row && o.report.evaluations == row - 1 && o.report.samples == row - 1);
    assert_true(is_untouched(o.phi, N) && is_untouched(o.errors, N));
    free_outcome(&o);
  }
}

/* -- inputs whose elements are all equal -------------------------------------------------------------------------- */

/* What each form makes of the plain gradient g at x. */
static double plain(uint32_t form, double at, double g) {
  const double values[FORMS] = {g, g * g, 0, at * g, 0};
  return values[form];
}

static void expect_plain(const outcome *o, const recorder *r, const double *gradient, uint32_t form, double tolerance) {
  assert_outcome(*o, ATTRIB_OK);
  for (int i = 0; i < N; i++) {
    assert_true(o->phi[i] == plain(form, .75, gradient[i]));
    assert_true(o->errors[i] == 0);
    assert_true(r->points[i] == .75 && r->points[N + i] == .75);
  }
  assert_true(r->rows == 2 && r->with_gradient[1] && !r->with_gradient[0]);
  assert_true(o->report.evaluations == 1 && o->report.output_evaluations == 1 && o->report.samples == 1);
  assert_int_equal(o->report.notes, ATTRIB_NOTE_CONSTANT_INPUT);
  assert_true(o->report.sigma == 0 && o->report.error_estimate == 0);
  assert_true(o->report.output == o->report.baseline_output);
  assert_int_equal(o->report.stop_reason, tolerance == 0 ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_TOLERANCE);
  assert_true(tolerance == 0 ? isnan(o->report.tolerance) : o->report.tolerance == tolerance);
}

/* No range, no noise: the plain gradient from one row, with a note, whatever the number of samples or the tolerance. */
static void a_constant_input_is_its_plain_gradient(void **state) {
  (void)state;
  const double flat[N] = {.75, .75, .75}, tolerances[] = {0, .1, 1e-12};
  for (int t = 0; t < 2; t++)
    for (uint32_t form = 0; form < FORMS; form++)
      for (int k = 0; k < 12; k++) {
        recorder r;
        double gradient[N];
        uint32_t dtype = t == 0 ? ATTRIB_F64 : ATTRIB_F32;
        void *input = as_row(dtype, flat, N);
        attrib_model model = recorded_model(&r, f_waves, dtype, N, NULL, 2);
        assert_int_equal(attrib_gradient(NULL, &model, input, 0, NULL, gradient, NULL), ATTRIB_OK);
        forget_rows(&r);
        attrib_smoothgrad_options options = smooth_options(form, k & 1, 0, 3);
        options.tolerance = tolerances[k / 4];
        options.samples = k < 4 ? 17 * (k / 2) : 0;
        options.max_evaluations = k < 4 ? 0 : k & 2;
        options.sigma_fraction = k % 3 == 0 ? .3 : 0;
        outcome o = smooth(&model, input, &options);
        expect_plain(&o, &r, gradient, form, options.tolerance);
        free_outcome(&o);
        free_recorder(&r);
        free(input);
      }
}

static void groups_of_a_constant_input(void **state) {
  (void)state;
  const double flat[N] = {.75, .75, .75};
  const int32_t groups[N] = {1, 0, 1};
  for (uint32_t form = 0; form < FORMS; form++) {
    subject s;
    double gradient[N];
    pose(&s, ATTRIB_F64);
    assert_int_equal(attrib_gradient(NULL, &s.model, flat, 0, NULL, gradient, NULL), ATTRIB_OK);
    attrib_smoothgrad_options options = smooth_options(form, 0, 0, 3);
    options.groups = groups;
    options.n_groups = 2;
    outcome o = smooth(&s.model, flat, &options);
    assert_outcome(o, ATTRIB_OK);
    assert_true(o.phi[0] == plain(form, .75, gradient[1]));
    assert_near(o.phi[1], plain(form, .75, gradient[0]) + plain(form, .75, gradient[2]), ROUND_OFF, 4);
    assert_true(o.errors[0] == 0 && o.errors[1] == 0);
    free_outcome(&o);
  }
}

/* One that is given a sigma has noise like any other; so has one of a single element. */
static void a_sigma_makes_noise_without_a_range(void **state) {
  (void)state;
  const double flat[N] = {.75, .75, .75};
  subject s;
  pose(&s, ATTRIB_F64);
  attrib_smoothgrad_options options = smooth_options(ATTRIB_SMOOTH_MEAN, 0, 10, 3);
  options.sigma = .5;
  outcome o = smooth(&s.model, flat, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_true(o.report.evaluations == 10 && o.report.notes == 0 && o.report.sigma == .5 && o.errors[0] > 0);
  free_outcome(&o);
  options.sigma = 0;
  s.model = single_model(&s.a, &s.f, ATTRIB_F64, 1, NULL);
  o = smooth(&s.model, flat, &options);
  assert_outcome(o, ATTRIB_OK);
  assert_true(o.report.evaluations == 1 && o.report.notes == ATTRIB_NOTE_CONSTANT_INPUT);
  free_outcome(&o);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_budget_is_exceeded),
      cmocka_unit_test(the_default_budget_is_4096),
      cmocka_unit_test(it_stops_at_the_first_estimate_that_is_met),
      cmocka_unit_test(weights_are_shares_of_a_doubling),
      cmocka_unit_test(two_values_say_nothing_of_the_error_of_a_variance),
      cmocka_unit_test(nothing_left_to_reduce_is_met_at_once),
      cmocka_unit_test(a_stopped_call_is_a_smaller_one),
      cmocka_unit_test(a_call_that_is_stopped_at_once),
      cmocka_unit_test(a_call_that_fails),
      cmocka_unit_test(a_constant_input_is_its_plain_gradient),
      cmocka_unit_test(groups_of_a_constant_input),
      cmocka_unit_test(a_sigma_makes_noise_without_a_range),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
