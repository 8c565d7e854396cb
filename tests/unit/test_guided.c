/* Guided integrated gradients: a recomputation by plain loops, the identity, both ends, numbers of every size. Exact
 * values: test_step_paths.c; calls and what they report: test_guided_calls.c. */
#include "guided_setting.h"
#include "plain_guided.h"

/* -- recomputed --------------------------------------------------------------------------------------------------- */

/* From b to x, all defaults resolved; phi += weight times the attributions. */
static void plain_guided(const sines *f, const double *target, const double *b, const double *x, double weight,
                         const attrib_guided_options *o, double *phi) {
  const int64_t n = f->n_inputs;
  double *vectors = exact_block(6 * (size_t)n * sizeof *vectors);
  double *way = vectors, *part = way + n, *before = part + n, *sizes = before + n, *point = sizes + n, *g = point + n;
  for (int64_t i = 0; i < n; i++) way[i] = fabs(x[i] - b[i]);
  for (int64_t i = 0; i < n; i++) part[i] = before[i] = 0;
  for (int64_t s = 0; s <= o->steps; s++) { /* before: at the start of the move to here */
    const bool left = o->rule == ATTRIB_RULE_LEFT;
    for (int64_t i = 0; i < n; i++)
      point[i] = attrib__rows_round(f->dtype, part[i] == 1 ? x[i] : b[i] + part[i] * (x[i] - b[i]));
    sines_at(f, target, point, g);
    for (int64_t i = 0; i < n; i++) {
      g[i] = attrib__rows_round(f->dtype, g[i]);
      sizes[i] = fabs(g[i]);
      if (!left) phi[i] += weight * (part[i] - before[i]) * (x[i] - b[i]) * g[i] / 2;
      before[i] = part[i];
    }
    if (s < o->steps) plain_move(n, way, part, sizes, s + 1, o);
    for (int64_t i = 0; i < n; i++) phi[i] += weight * (part[i] - before[i]) * (x[i] - b[i]) * g[i] * (left ? 1 : 0.5);
  }
  free(vectors);
}

/* Where the features are is the same up to a rounding error for each move; in float a point may round the other way for
 * it. */
static void assert_recomputed(const setting *s, const attrib_guided_options *options) {
  attrib_guided_options resolved = *options;
  if (resolved.steps == 0) resolved.steps = 200;
  if (resolved.fraction == 0) resolved.fraction = .25;
  if (resolved.max_distance == 0) resolved.max_distance = .02;
  const double *target = options->target_weights != NULL ? options->target_weights : one_hot;
  attrib_report report = fresh_report();
  double *phi = explain(s, options, &report), *expected = calloc((size_t)s->n, sizeof *expected);
  assert_non_null(expected);
  plain_guided(&s->f, target, s->b, s->x, .75, &resolved, expected);
  plain_guided(&s->f, target, s->b + 2 * s->n, s->x, .25, &resolved, expected);
  const double largest = largest_of(expected, s->n);
  const double tolerance = s->f.dtype == ATTRIB_F32 ? F32_ROUND_OFF : sum_round_off(2 * resolved.steps);
  assert_true(largest > 1e-3);
  for (int64_t i = 0; i < s->n; i++) assert_near(phi[i], expected[i], tolerance, largest);
  const bool left = options->rule == ATTRIB_RULE_LEFT;
  assert_int_equal(report.evaluations, 2 * (resolved.steps + !left));
  assert_int_equal(report.output_evaluations, left);
  assert_int_equal(report.points, resolved.steps);
  assert_int_equal(report.rule, left ? ATTRIB_RULE_LEFT : ATTRIB_RULE_TRAPEZOID);
  const double f_x = sines_at(&s->f, target, s->x, NULL);
  const double f_b = .75 * sines_at(&s->f, target, s->b, NULL) + .25 * sines_at(&s->f, target, s->b + 2 * s->n, NULL);
  assert_near(report.output, f_x, ROUND_OFF, (double)s->n);
  assert_near(report.baseline_output, f_b, ROUND_OFF, (double)s->n);
  assert_near(report.completeness_target, f_x - f_b, ROUND_OFF, (double)s->n);
  assert_true(isnan(report.error_estimate) && isnan(report.objective) && isnan(report.unassigned));
  free(expected);
  free(phi);
}

static void agrees_with_the_definition(void **state) {
  (void)state;
  static const int64_t steps[] = {1, 2, 7, 0};
  static const double fractions[] = {0, 1e-9, .5, 1}, distances[] = {0, .1, .35, 1};
  static const double target_weights[] = {.5, -1, 2};
  for (int64_t n = 1; n <= 40; n++)
    for (int t = 0; t < 2; t++)
      for (int k = 0; k < 16; k++) {
        setting s;
        set_up(&s, (uint64_t)n, dtypes[t], n);
        const int turn = (int)n + k; /* every step count meets every fraction, and over n every distance and rule */
        attrib_guided_options options =
            with_steps(rules[turn % 2], steps[k % 4], fractions[k / 4], distances[turn / 2 % 4]);
        if (n % 3 == 0) options.target_weights = target_weights;
        assert_recomputed(&s, &options);
        tear_down(&s);
      }
}

/* -- the identity ------------------------------------------------------------------------------------------------- */

/* Mean |sum - (f(x) - f(b))| over some models. */
static double mean_gap(uint32_t rule, int64_t steps) {
  enum { MODELS = 12 };
  double sum = 0;
  for (uint64_t seed = 1; seed <= MODELS; seed++) {
    setting s;
    set_up(&s, seed, ATTRIB_F64, 10);
    const attrib_guided_options options = with_steps(rule, steps, 0, .3);
    attrib_report report = fresh_report();
    free(explain(&s, &options, &report));
    sum += fabs(report.completeness_error);
    tear_down(&s);
  }
  return sum / MODELS;
}

/* Of the first order with LEFT, of the second with TRAPEZOID. */
static void sums_tend_to_the_change_of_f(void **state) {
  (void)state;
  for (int64_t steps = 50; steps <= 200; steps *= 2) {
    const double left = mean_gap(ATTRIB_RULE_LEFT, steps) / mean_gap(ATTRIB_RULE_LEFT, 4 * steps);
    const double trapezoid = mean_gap(ATTRIB_RULE_TRAPEZOID, steps) / mean_gap(ATTRIB_RULE_TRAPEZOID, 4 * steps);
    assert_true(left > 3.5 && left < 4.5);
    assert_true(trapezoid > 14 && trapezoid < 18);
  }
}

/* So near the straight line there is nothing to choose. */
static void close_to_the_line_it_is_integrated_gradients(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++)
      for (int64_t steps = 1; steps < 70; steps = 2 * steps + 3) {
        setting s;
        set_up(&s, 7, dtypes[t], 23);
        const attrib_guided_options options = with_steps(rules[r], steps, 0, 1e-300);
        const attrib_ig_options plain = with_rule(rules[r], steps + (rules[r] == ATTRIB_RULE_TRAPEZOID));
        attrib_report report = fresh_report();
        double *phi = explain(&s, &options, &report), *expected = untouched(s.n);
        assert_int_equal(attrib_integrated_gradients(NULL, &s.model, s.input, 0, &s.set, &plain, expected, NULL),
                         ATTRIB_OK);
        for (int64_t i = 0; i < s.n; i++) assert_near(phi[i], expected[i], ROUND_OFF, 1);
        free(expected);
        free(phi);
        tear_down(&s);
      }
}

/* -- one feature, and numbers of every size ----------------------------------------------------------------------- */

/* The path of a single feature is the line. */
static void one_feature(void **state) {
  (void)state;
  static const analytic_fn cube = f_cube;
  const double x = 1, b = 0;
  static const double distances[] = {0, 1e-300, 1};
  for (int k = 0; k < 3; k++)
    for (int r = 0; r < 2; r++) {
      analytic a;
      const attrib_model model = single_model(&a, &cube, ATTRIB_F64, 1, NULL);
      const attrib_baselines set = one_baseline(&b);
      const attrib_guided_options options = with_steps(rules[r], 25, 0, distances[k]);
      double phi;
      assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, &x, 0, &set, &options, &phi, NULL), ATTRIB_OK);
      assert_near(phi, rules[r] == ATTRIB_RULE_LEFT ? .9408 : 1 + .5 / 625, ROUND_OFF, 1);
    }
}

/* Powers of two. */
typedef struct units {
  double input, output;
} units;

static double f_scaled(const double *x, int64_t n, double *g, const void *parameters) {
  const units *u = parameters;
  double y[8] = {0};
  for (int64_t i = 0; i < n; i++) y[i] = x[i] / u->input;
  const double f = f_waves(y, n, g, NULL) * u->output;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] *= u->output / u->input;
  return f;
}

/* In other units the gradients are others, but neither their order nor what comes of them, to the last bit. Of the
 * longest ways the sum is beyond all numbers. */
static void units_do_not_matter(void **state) {
  (void)state;
  static const analytic_fn scaled = f_scaled;
  static const units all[] = {{1, 1},        {0x1p-996, 1},       {0x1p-1000, 1},       {0x1p996, 1},
                              {0x1p1000, 1}, {0x1p1022, 0x1p500}, {0x1p-990, 0x1p-500}, {1, 0x1p-900}};
  enum { N = 8 };
  for (int r = 0; r < 2; r++) {
    double first[N];
    for (int64_t k = 0; k < COUNT(all); k++) {
      double x[N], b[N], phi[N];
      fill_random(31, x, N);
      fill_random(32, b, N);
      b[5] = x[5];
      for (int i = 0; i < N; i++) {
        x[i] = ldexp(floor(ldexp(x[i], 20)), -20) * all[k].input;
        b[i] = ldexp(floor(ldexp(b[i], 20)), -20) * all[k].input;
      }
      analytic a;
      const attrib_model model = single_model(&a, &scaled, ATTRIB_F64, N, &all[k]);
      const attrib_baselines set = one_baseline(b);
      const attrib_guided_options options = with_steps(rules[r], 30, 0, .2);
      assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, x, 0, &set, &options, phi, NULL), ATTRIB_OK);
      for (int i = 0; i < N; i++) phi[i] /= all[k].output;
      if (k == 0) memcpy(first, phi, sizeof first);
      assert_same_bits(phi, first, N);
      assert_true(phi[5] == 0 && phi[4] != 0);
    }
  }
}

/* Ways of 1e300, 1 and 1e-300, whose sum is the first of them; what each gives is of the order of 1. A way that
 * vanishes beside the longest still ends at the input. */
static void ways_of_every_size_at_once(void **state) {
  (void)state;
  static const analytic_fn linear = f_linear;
  static const double x[] = {1e300, 1, -1e-300, 3, -5e307, 4e-310}, b[] = {0, 2, 1e-300, 3, 5e307, 0};
  static const double w[] = {2e-300, 3, 4e300, 1e300, -1e-307, 1e308};
  static const double expected[] = {2, -3, -8, 0, 10, .04};
  for (int r = 0; r < 2; r++)
    for (int64_t steps = 1; steps < 300; steps *= 7) {
      analytic a;
      const attrib_model model = single_model(&a, &linear, ATTRIB_F64, 6, w);
      const attrib_baselines set = one_baseline(b);
      const attrib_guided_options options = with_steps(rules[r], steps, 0, .3);
      double phi[6];
      assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, x, 0, &set, &options, phi, NULL), ATTRIB_OK);
      for (int i = 0; i < 6; i++) assert_near(phi[i], expected[i], sum_round_off(2 * steps), fabs(expected[i]));
    }
}

static void what_overflows(void **state) {
  (void)state;
  static const analytic_fn linear = f_linear;
  attrib_context *context = new_context(1, 0);
  const double x[] = {1.7e308, 1}, far[] = {-1.7e308, 0}, near[] = {0, 0}, w[] = {10, 1};
  const double *const starts[] = {far, near};
  static const char *const names[] = {"baseline 0: element 0 runs from -1.7e+308 to 1.7e+308, too far apart",
                                      "displacement times the gradient of input 0 is inf"};
  for (int k = 0; k < 2; k++) {
    analytic a;
    const attrib_model model = single_model(&a, &linear, ATTRIB_F64, 2, w);
    const attrib_baselines set = one_baseline(starts[k]);
    const attrib_guided_options options = with_steps(ATTRIB_RULE_TRAPEZOID, 4, 0, 0);
    double phi[2] = {7, 7};
    assert_status(attrib_guided_integrated_gradients(context, &model, x, 0, &set, &options, phi, NULL),
                  ATTRIB_E_OVERFLOW, context);
    assert_names(attrib_context_error(context), names[k]);
    assert_true(phi[0] == 7 && phi[1] == 7);
  }
  attrib_context_destroy(context);
}

/* -- baselines ---------------------------------------------------------------------------------------------------- */

/* Both ends of the path, zeros with a sign included. */
static void the_ends_are_bit_for_bit(void **state) {
  (void)state;
  static const analytic_fn waves = f_waves;
  static const double x[] = {.1, -0.0, 1e-30, -.3}, b[] = {-0.0, .7, -0.0, 1e30};
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      static watcher w;
      analytic a;
      const attrib_model model = watch(&w, single_model(&a, &waves, dtypes[t], 4, NULL), false);
      double x_held[4], b_held[4], phi[4];
      memcpy(x_held, x, sizeof x);
      memcpy(b_held, b, sizeof b);
      void *input = rounded_row(dtypes[t], x_held, 4), *start = rounded_row(dtypes[t], b_held, 4);
      const attrib_baselines set = one_baseline(start);
      const attrib_guided_options options = with_steps(rules[r], 5, 0, .3);
      assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, input, 0, &set, &options, phi, NULL),
                       ATTRIB_OK);
      assert_int_equal(w.count, 6);
      assert_same_bits(w.rows[r == 0 ? 0 : 5].point, x_held, 4);
      assert_same_bits(w.rows[r == 0 ? 1 : 0].point, b_held, 4);
      stop_watching(&w);
      free(start);
      free(input);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(sums_tend_to_the_change_of_f),
      cmocka_unit_test(close_to_the_line_it_is_integrated_gradients),
      cmocka_unit_test(one_feature),
      cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(ways_of_every_size_at_once),
      cmocka_unit_test(what_overflows),
      cmocka_unit_test(the_ends_are_bit_for_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
