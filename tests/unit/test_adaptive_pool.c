/* Many baselines in one pool: the mean over all of them, to a tolerance that they share. */
#include "fixture.h"
#include "line_models.h"

enum { INPUTS = 12, MOST_BASELINES = 40 };

/* A model and points in [-1, 1]^INPUTS; row 0 is the input. */
typedef struct scene {
  analytic model;
  analytic_fn function;
  attrib_model call;
  relu_net net;
  uint32_t dtype;
  double *values;
  void *rows;
} scene;

static void open_scene(scene *s, bool rough, uint32_t dtype, int64_t baselines, uint64_t seed) {
  *s = (scene){.function = rough ? f_relu_net : f_waves, .net = new_relu_net(seed, INPUTS, 40), .dtype = dtype};
  s->call = single_model(&s->model, &s->function, dtype, INPUTS, &s->net);
  int64_t count = (baselines + 1) * INPUTS;
  s->values = exact_block((size_t)count * sizeof *s->values);
  fill_random(100 + seed, s->values, count);
  for (int64_t i = 0; i < count; i++) s->values[i] = (double)(float)s->values[i];
  s->rows = as_row(dtype, s->values, count);
}

static void close_scene(scene *s) {
  free_relu_net(&s->net);
  free(s->values);
  free(s->rows);
}

static attrib_baselines set_of(const scene *s, int64_t baselines, const double *weights) {
  size_t size = s->dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  return rows_of((const char *)s->rows + INPUTS * size, baselines, weights);
}

/* The mean over baselines: of ReLUs in closed form, else by a midpoint rule that is dense. */
static void expect_mean(const scene *s, int64_t baselines, const double *weights, double *expected) {
  double total = 0;
  for (int64_t k = 0; k < baselines; k++) total += weights == NULL ? 1 : weights[k];
  memset(expected, 0, INPUTS * sizeof *expected);
  for (int64_t k = 0; k < baselines; k++) {
    const double *from = s->values + (k + 1) * INPUTS, weight = (weights == NULL ? 1 : weights[k]) / total;
    double one[INPUTS] = {0}, point[INPUTS], gradient[INPUTS];
    enum { POINTS = 1000 };
    if (s->function == f_relu_net) relu_net_attributions(&s->net, INPUTS, from, s->values, one);
    for (int j = 0; j < POINTS && s->function != f_relu_net; j++) {
      for (int i = 0; i < INPUTS; i++) point[i] = from[i] + (j + 0.5) / POINTS * (s->values[i] - from[i]);
      s->function(point, INPUTS, gradient, NULL);
      for (int i = 0; i < INPUTS; i++) one[i] += (s->values[i] - from[i]) * gradient[i] / POINTS;
    }
    for (int i = 0; i < INPUTS; i++) expected[i] += weight * one[i];
  }
}

/* The mean of f over the baselines. */
static double mean_output(const scene *s, int64_t baselines, const double *weights) {
  double total = 0, sum = 0;
  for (int64_t k = 0; k < baselines; k++) {
    double weight = weights == NULL ? 1 : weights[k];
    total += weight;
    sum += weight * s->function(s->values + (k + 1) * INPUTS, INPUTS, NULL, &s->net);
  }
  return sum / total;
}

static void expect_pool(const scene *s, int64_t baselines, const double *weights, const attrib_ig_options *options) {
  double expected[INPUTS];
  attrib_baselines set = set_of(s, baselines, weights);
  outcome o = integrate_set(&s->call, s->rows, &set, options);
  assert_outcome(o, ATTRIB_OK);
  check_adaptive_report(&o, options);
  expect_mean(s, baselines, weights, expected);
  double error = distance_to(o.phi, expected, INPUTS);
  if (!(error <= 1.3 * options->tolerance)) fail_msg("%g for %g", error, options->tolerance);
  double round_off = s->dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
  assert_near(o.report.output, s->function(s->values, INPUTS, NULL, &s->net), round_off, 40);
  assert_near(o.report.baseline_output, mean_output(s, baselines, weights), round_off, 40);
  assert_true(isnan(o.report.error_from) && isnan(o.report.error_to)); /* no one path */
  for (int i = 0; i < INPUTS; i++) assert_true(o.errors[i] >= 0 && isfinite(o.errors[i]));
  assert_near(length_of(o.errors, INPUTS) / length_of(o.phi, INPUTS), o.report.error_estimate, 1e-9, 1);
  free_outcome(&o);
}

static void sets_of_every_size(void **state) {
  (void)state;
  static const int64_t counts[] = {2, 3, 4, 5, MOST_BASELINES};
  static const double tolerances[] = {0.05, 0.01, 2e-3};
  for (int64_t c = 0; c < COUNT(counts); c++)
    for (int rough = 0; rough < 2; rough++)
      for (int64_t t = 0; t < COUNT(tolerances); t++)
        for (int k = 0; k < 4; k++) {
          scene s;
          open_scene(&s, rough != 0, k % 2 ? ATTRIB_F32 : ATTRIB_F64, counts[c], (uint64_t)k);
          attrib_ig_options options = to_tolerance(tolerances[t], 100000);
          options.max_vectors = k < 2 ? 20 : 0;
          options.round_rows = k == 3 ? 5 : 0;
          expect_pool(&s, counts[c], NULL, &options);
          close_scene(&s);
        }
}

/* Weights, of which some are 0: those baselines are left out, and cost nothing. */
static void weighted_sets(void **state) {
  (void)state;
  for (int64_t count = 4; count <= MOST_BASELINES; count += count < 8 ? 1 : 16) {
    scene s;
    open_scene(&s, true, ATTRIB_F64, count, 9);
    double *weights = exact_block((size_t)count * sizeof *weights);
    for (int64_t k = 0; k < count; k++) weights[k] = k % 3 == 1 ? 0 : (double)(1 + k % 5);
    const attrib_ig_options options = to_tolerance(0.01, 100000);
    expect_pool(&s, count, weights, &options);
    weights[0] = 0; /* the first used is another */
    expect_pool(&s, count, weights, &options);
    free(weights);
    close_scene(&s);
  }
}

/* Of a set with one positive weight what is left is that baseline's integral, bit for bit. */
static void one_weight_is_one_baseline(void **state) {
  (void)state;
  scene s;
  open_scene(&s, true, ATTRIB_F64, 3, 2);
  const attrib_ig_options options = to_tolerance(0.01, 1000);
  for (int64_t k = 0; k < 3; k++) {
    double weights[3] = {0};
    weights[k] = 2.5;
    attrib_baselines all = set_of(&s, 3, weights), one = one_baseline(s.values + (k + 1) * INPUTS);
    outcome of_all = integrate_set(&s.call, s.rows, &all, &options),
            of_one = integrate_set(&s.call, s.rows, &one, &options);
    assert_outcome(of_all, ATTRIB_OK);
    assert_same_bits(of_all.phi, of_one.phi, INPUTS);
    assert_same_bits(of_all.errors, of_one.errors, INPUTS);
    assert_true(of_all.report.error_from == of_one.report.error_from);
    assert_int_equal(of_all.trace[0].baseline, k);
    free_outcome(&of_all);
    free_outcome(&of_one);
  }
  close_scene(&s);
}

/* A baseline twice is a baseline of twice the weight. */
static void repeated_baselines(void **state) {
  (void)state;
  for (int64_t count = 2; count <= 9; count++) {
    scene s;
    open_scene(&s, true, ATTRIB_F64, 1, 5);
    double *rows = exact_block((size_t)(count * INPUTS) * sizeof *rows);
    for (int64_t k = 0; k < count; k++) memcpy(rows + k * INPUTS, s.values + INPUTS, INPUTS * sizeof *rows);
    attrib_baselines set = rows_of(rows, count, NULL);
    const attrib_ig_options options = to_tolerance(0.005, 100000);
    outcome o = integrate_set(&s.call, s.rows, &set, &options);
    double expected[INPUTS];
    relu_net_attributions(&s.net, INPUTS, s.values + INPUTS, s.values, expected);
    assert_outcome(o, ATTRIB_OK);
    assert_true(distance_to(o.phi, expected, INPUTS) <= 1.3 * 0.005);
    free_outcome(&o);
    free(rows);
    close_scene(&s);
  }
}

/* Every line begins with its steps, the input's gradient is taken once; what follows lies inside the lines. */
static void the_start_of_a_pool(void **state) {
  (void)state;
  for (int64_t count = 2; count <= MOST_BASELINES; count += 7) {
    scene s;
    open_scene(&s, true, ATTRIB_F64, count, 7);
    double *weights = exact_block((size_t)count * sizeof *weights);
    for (int64_t k = 0; k < count; k++) weights[k] = k == 1 && count > 2 ? 0 : 1;
    attrib_baselines set = set_of(&s, count, weights);
    const attrib_ig_options options = to_tolerance(1e-3, 100000);
    outcome o = integrate_set(&s.call, s.rows, &set, &options);
    assert_outcome(o, ATTRIB_OK);
    int64_t ends = 0, *starts = exact_block((size_t)count * sizeof *starts), rows = 0;
    memset(starts, 0, (size_t)count * sizeof *starts);
    for (int64_t k = 0; k < o.report.trace_count; k++) {
      const attrib_trace_point *p = &o.trace[k];
      assert_in_range(p->baseline, 0, count - 1);
      assert_true(p->alpha >= 0 && p->alpha <= 1 && isnan(p->weight));
      assert_true(weights[p->baseline] > 0);
      ends += p->alpha == 1;
      starts[p->baseline] += p->alpha == 0;
      rows += p->alpha == 0;
    }
    assert_int_equal(ends, 1);
    assert_int_equal(rows, count > 2 ? count - 1 : count);
    for (int64_t k = 0; k < count; k++) assert_int_equal(starts[k], weights[k] > 0);
    free(starts);
    free_outcome(&o);
    free(weights);
    close_scene(&s);
  }
}

/* A budget below the start of all lines is refused; that of the start and no more is kept to. */
static void budgets_of_a_pool(void **state) {
  (void)state;
  for (int64_t count = 2; count <= MOST_BASELINES; count += count < 5 ? 1 : 15) {
    scene s;
    open_scene(&s, true, ATTRIB_F64, count, 3);
    attrib_baselines set = set_of(&s, count, NULL);
    int64_t accepted = 0;
    for (int64_t budget = 3; budget <= 20 * count && accepted < 40; budget++) {
      const attrib_ig_options options = to_tolerance(1e-9, budget);
      outcome o = integrate_set(&s.call, s.rows, &set, &options);
      if (o.status == ATTRIB_E_ARGUMENT) {
        assert_int_equal(accepted, 0);
        assert_true(budget < 8 * count + 1);
        assert_names(o.message, "options->max_evaluations");
      } else {
        check_adaptive_report(&o, &options);
        if (accepted++ == 0) assert_int_equal(o.report.evaluations, budget); /* the start whole */
      }
      free_outcome(&o);
    }
    assert_true(accepted > 0);
    close_scene(&s);
  }
}

/* 256, or 16 for every line where that is more. */
static void the_default_budget(void **state) {
  (void)state;
  for (int64_t count = 2; count <= MOST_BASELINES; count += 38) {
    scene s;
    open_scene(&s, true, ATTRIB_F64, count, 3);
    attrib_baselines set = set_of(&s, count, NULL);
    const attrib_ig_options options = to_tolerance(1e-12, 0);
    outcome o = integrate_set(&s.call, s.rows, &set, &options);
    assert_outcome(o, ATTRIB_NOT_CONVERGED);
    assert_names(o.message, count == 2 ? "options->max_evaluations = 256 " : "options->max_evaluations = 640 ");
    assert_true(o.report.evaluations > (count == 2 ? 256 : 640) - o.report.round_rows);
    free_outcome(&o);
    close_scene(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sets_of_every_size),         cmocka_unit_test(weighted_sets),
      cmocka_unit_test(one_weight_is_one_baseline), cmocka_unit_test(repeated_baselines),
      cmocka_unit_test(the_start_of_a_pool),        cmocka_unit_test(budgets_of_a_pool),
      cmocka_unit_test(the_default_budget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
