/* Jumps of f that hide between nodes and cancel in f: what each of them says must not be lost in their sum. */
#include "fixture.h"
#include "line_models.h"

enum { INPUTS = 3 };

static double error_of(const outcome *o, const double *expected) {
  double square = 0, length = 0;
  for (int i = 0; i < INPUTS; i++) {
    square += (o->phi[i] - expected[i]) * (o->phi[i] - expected[i]);
    length += expected[i] * expected[i];
  }
  return sqrt(square / length);
}

static attrib_model model_of(analytic *a, const profile *profiles) {
  static const analytic_fn function = f_profiles;
  return single_model(a, &function, ATTRIB_F64, INPUTS, profiles);
}

/* Not certified, or right; and with rows enough it is. */
static void expect_no_false_claim(const profile *profiles, const double *x, const attrib_baselines *set,
                                  const double *expected) {
  static const int64_t budgets[] = {41, 60, 100, 256, 20000};
  analytic a;
  const attrib_model model = model_of(&a, profiles);
  for (int64_t k = 0; k < COUNT(budgets); k++) {
    const attrib_ig_options options = to_tolerance(0.05, budgets[k]);
    outcome o = integrate_set(&model, x, set, &options);
    if (o.status == ATTRIB_OK)
      assert_true(error_of(&o, expected) <= 0.06);
    else
      assert_outcome(o, ATTRIB_NOT_CONVERGED);
    if (budgets[k] == 20000) assert_outcome(o, ATTRIB_OK);
    free_outcome(&o);
  }
}

/* Up on one input in one gap of the start, down on another in another: all gradients of the start are those of the rest
 * of f, or 0. */
static void on_one_path(void **state) {
  (void)state;
  const double x[INPUTS] = {1, 1, 1}, zero[INPUTS] = {0};
  const attrib_baselines set = rows_of(zero, 1, NULL);
  for (int rest = 0; rest < 2; rest++)
    for (int k = 0; k < 8; k++) {
      const profile profiles[] = {{PROFILE_RAMP, (k + 0.4) / 16, 1e-3, 1},
                                  {PROFILE_RAMP, (k + 8.6) / 16, 1e-3, -1},
                                  {PROFILE_SQUARE, 0, 0, 0.2 * rest}};
      const double expected[INPUTS] = {1, -1, 0.1 * rest};
      expect_no_false_claim(profiles, x, &set, expected);
    }
}

/* Half of the baselines lie where the line to the input goes up a step, half where it goes down one. */
static void between_baselines(void **state) {
  (void)state;
  const double x[INPUTS] = {0.5, 0.5, 1};
  for (int64_t count = 2; count <= 10; count += 4) {
    double *rows = exact_block((size_t)(count * INPUTS) * sizeof *rows);
    for (int64_t k = 0; k < count; k++) {
      const double up[INPUTS] = {0, 0.5, 0}, down[INPUTS] = {0.5, 1, 0};
      memcpy(rows + k * INPUTS, k % 2 == 0 ? up : down, sizeof up);
    }
    const attrib_baselines set = rows_of(rows, count, NULL);
    const profile profiles[] = {{PROFILE_RAMP, 0.3, 1e-3, 1}, {PROFILE_RAMP, 0.7, 1e-3, 1}, {PROFILE_LINE, 0, 0, 0}};
    expect_no_false_claim(profiles, x, &set, (double[]){0.5, -0.5, 0});
    free(rows);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(on_one_path), cmocka_unit_test(between_baselines)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
