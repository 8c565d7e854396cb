/* Guided integrated gradients: a recomputation by plain loops, the identity, features that stand still, numbers of
 * every size, baselines, options, report and trace. Exact values: test_step_paths.c. */
#include "step_models.h"

#include "statistics.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64}, rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};
static const double one_hot[] = {1, 0, 0};

static attrib_guided_options with_steps(uint32_t rule, int64_t steps, double fraction, double max_distance) {
  return (attrib_guided_options){.struct_size = sizeof(attrib_guided_options),
                                 .rule = rule,
                                 .steps = steps,
                                 .fraction = fraction,
                                 .max_distance = max_distance};
}

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report)};
}

/* -- recomputed --------------------------------------------------------------------------------------------------- */

/* The features with the smallest gradients move, by no more than the surplus, to `high`. False: that was all. */
static bool plain_turn(int64_t n, const double *way, double *part, double *sizes, double high, double surplus,
                       double fraction) {
  double room = 0, threshold;
  for (int64_t i = 0; i < n; i++)
    if (way[i] == 0 || part[i] >= high) sizes[i] = (double)INFINITY;
  double *sorted = sorted_copy(sizes, n);
  threshold = sorted[(int64_t)floor(fraction * (double)(n - 1))];
  free(sorted);
  for (int64_t i = 0; i < n; i++)
    if (!isinf(sizes[i]) && sizes[i] <= threshold) room += way[i] * (high - part[i]);
  if (room == 0) return false;
  const double gamma = surplus / room;
  for (int64_t i = 0; i < n; i++)
    if (!isinf(sizes[i]) && sizes[i] <= threshold) part[i] = gamma > 1 ? high : part[i] + gamma * (high - part[i]);
  return gamma > 1;
}

/* Where the features are after move s, from where they were; `sizes` are |gradient|, spoilt on the way. */
static void plain_move(int64_t n, const double *way, double *part, double *sizes, int64_t s,
                       const attrib_guided_options *o) {
  const double middle = (double)s / (double)o->steps;
  double whole = 0;
  for (int64_t i = 0; i < n; i++) whole += way[i];
  for (bool more = true; more;) {
    double left = 0;
    for (int64_t i = 0; i < n; i++) part[i] = fmax(part[i], middle - o->max_distance);
    for (int64_t i = 0; i < n; i++) left += way[i] * (1 - part[i]);
    const double surplus = left - whole * (1 - middle);
    more = surplus > 1e-9 * whole &&
           plain_turn(n, way, part, sizes, fmin(middle + o->max_distance, 1), surplus, o->fraction);
  }
  for (int64_t i = 0; i < n && s == o->steps; i++) part[i] = 1;
}

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

enum { LINES = 3 };

/* Arguments in blocks of their size. */
typedef struct setting {
  sines f;
  attrib_model model;
  int64_t n;
  double *x, *b; /* as the model's type holds them */
  void *input, *rows;
  double *weights;
  attrib_baselines set;
  int64_t fetched;
} setting;

/* Three baselines, of which the second has no weight; every fifth feature of the first, from the third on, is the
 * input's. */
static void set_up(setting *s, uint64_t seed, uint32_t dtype, int64_t n) {
  *s = (setting){.f = new_sines(seed, dtype, n, 3), .n = n};
  s->model = sines_model(&s->f);
  s->x = exact_block((size_t)n * sizeof *s->x);
  s->b = exact_block((size_t)(LINES * n) * sizeof *s->b);
  fill_random(seed + 100, s->x, n);
  fill_random(seed + 200, s->b, LINES * n);
  for (int64_t i = 2; i < n; i += 5) s->b[i] = s->x[i];
  s->input = rounded_row(dtype, s->x, n);
  s->rows = rounded_row(dtype, s->b, LINES * n);
  s->weights = exact_copy((double[]){3, 0, 1}, LINES * sizeof *s->weights);
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = LINES, .rows = s->rows, .weights = s->weights};
}

static void tear_down(setting *s) {
  free_sines(&s->f);
  free(s->x);
  free(s->b);
  free(s->input);
  free(s->rows);
  free(s->weights);
}

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  setting *s = user;
  const size_t size = (size_t)s->n * attrib__element_size(s->f.dtype);
  s->fetched++;
  memcpy(row, (const char *)s->rows + (size_t)index * size, size);
  return 0;
}

/* To be freed by the caller. */
static double *explain(const setting *s, const attrib_guided_options *options, attrib_report *report) {
  double *phi = untouched(s->n);
  assert_int_equal(attrib_guided_integrated_gradients(NULL, &s->model, s->input,
                                                      options->target_weights != NULL ? ATTRIB_NO_TARGET : 0, &s->set,
                                                      options, phi, report),
                   ATTRIB_OK);
  return phi;
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

/* -- features that stand still ------------------------------------------------------------------------------------ */

enum { STEPS = 6, STILL = 3, MOVING = 1 };

/* One gradient is not finite, in row `at`, of a feature that stands still or moves; phi gets the attributions. */
static attrib_status with_bad_gradient(attrib_context *context, uint32_t rule, uint32_t dtype, int64_t at,
                                       int64_t feature, double bad, double *phi, attrib_report *report) {
  static const double x[] = {.4, -.7, .9, .25, .1}, b[] = {0, 0, -.5, .25, .3};
  static const analytic_fn waves = f_waves;
  analytic a;
  single_model(&a, &waves, dtype, 5, NULL);
  spoiler s = {
      .inner = &a, .output_row = -1, .gradient_row = at, .feature = feature, .gradient = bad, .fail_from_row = -1};
  attrib_model model = spoiled_model(&s);
  void *input = as_row(dtype, x, 5), *start = as_row(dtype, b, 5);
  const attrib_baselines set = one_baseline(start);
  const attrib_guided_options options = with_steps(rule, STEPS, 0, .3);
  const attrib_status status =
      attrib_guided_integrated_gradients(context, &model, input, 0, &set, &options, phi, report);
  free(start);
  free(input);
  return status;
}

static void a_gradient_is_looked_at_where_the_feature_moves(void **state) {
  (void)state;
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++)
      for (int k = 0; k < 3; k++)
        for (int64_t at = 0; at <= STEPS; at++) { /* with LEFT f(x) is row 0: without a gradient */
          const bool no_gradient = r == 0 && at == 0;
          double whole[5], phi[5];
          attrib_report report = fresh_report();
          assert_int_equal(with_bad_gradient(context, rules[r], dtypes[t], -1, 0, 0, whole, NULL), ATTRIB_OK);
          assert_status(with_bad_gradient(context, rules[r], dtypes[t], at, STILL, bad[k], phi, NULL), ATTRIB_OK,
                        context);
          assert_same_bits(phi, whole, 5);
          assert_true(phi[STILL] == 0 && !signbit(phi[STILL]) && phi[MOVING] != 0);
          const attrib_status status =
              with_bad_gradient(context, rules[r], dtypes[t], at, MOVING, bad[k], phi, &report);
          assert_status(status, no_gradient ? ATTRIB_OK : ATTRIB_E_NONFINITE, context);
          if (no_gradient) continue;
          char place[80];
          snprintf(place, sizeof place, "row %d (baseline 0, alpha %.9g): the gradient of input 1 is", (int)at,
                   (double)(at - (r == 0)) / STEPS);
          assert_names(attrib_context_error(context), place);
          assert_int_equal(report.failed_row, at);
        }
  attrib_context_destroy(context);
}

static double f_broken(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = (double)NAN;
  return 3;
}

static void from_the_input_itself_nothing_is_given(void **state) {
  (void)state;
  static const analytic_fn broken = f_broken;
  const double x[] = {1, -2, .5};
  for (int r = 0; r < 2; r++) {
    analytic a;
    const attrib_model model = single_model(&a, &broken, ATTRIB_F64, 3, NULL);
    const attrib_baselines set = one_baseline(x);
    const attrib_guided_options options = with_steps(rules[r], STEPS, 0, 0);
    attrib_report report = fresh_report();
    double phi[3] = {7, 7, 7};
    assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, x, 0, &set, &options, phi, &report), ATTRIB_OK);
    for (int i = 0; i < 3; i++) assert_true(phi[i] == 0 && !signbit(phi[i]));
    assert_true(report.attribution_sum == 0 && report.completeness_target == 0 && report.output == 3);
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

/* f(x / scale), scale a power of two: parameters. */
static double f_scaled(const double *x, int64_t n, double *g, const void *parameters) {
  const double scale = *(const double *)parameters;
  double y[8] = {0};
  for (int64_t i = 0; i < n; i++) y[i] = x[i] / scale;
  const double f = f_waves(y, n, g, NULL);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] /= scale;
  return f;
}

/* In another unit the gradients are others, but neither their order nor any attribution, to the last bit. */
static void the_unit_does_not_matter(void **state) {
  (void)state;
  static const analytic_fn scaled = f_scaled;
  static const double units[] = {1, 0x1p-996, 0x1p-1000, 0x1p996, 0x1p1000};
  enum { N = 8 };
  for (int r = 0; r < 2; r++) {
    double first[N];
    for (int64_t k = 0; k < COUNT(units); k++) {
      double x[N], b[N], phi[N];
      fill_random(31, x, N);
      fill_random(32, b, N);
      b[5] = x[5];
      for (int i = 0; i < N; i++) {
        x[i] = ldexp(floor(ldexp(x[i], 20)), -20) * units[k];
        b[i] = ldexp(floor(ldexp(b[i], 20)), -20) * units[k];
      }
      analytic a;
      const attrib_model model = single_model(&a, &scaled, ATTRIB_F64, N, &units[k]);
      const attrib_baselines set = one_baseline(b);
      const attrib_guided_options options = with_steps(rules[r], 30, 0, .2);
      assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, x, 0, &set, &options, phi, NULL), ATTRIB_OK);
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

static void many_baselines_are_the_weighted_mean(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      setting s;
      set_up(&s, 5, dtypes[t], 17);
      const attrib_guided_options options = with_steps(rules[r], 40, 0, .2);
      attrib_report report = fresh_report(), one = fresh_report();
      double *phi = explain(&s, &options, &report), mean[17] = {0}, outputs = 0;
      const attrib_baselines all = s.set;
      for (int k = 0; k < LINES; k += 2) {
        s.set = one_baseline((const char *)s.rows + (size_t)(k * s.n) * attrib__element_size(dtypes[t]));
        double *single = explain(&s, &options, &one);
        for (int i = 0; i < 17; i++) mean[i] += (k == 0 ? .75 : .25) * single[i];
        outputs += (k == 0 ? .75 : .25) * one.baseline_output;
        free(single);
      }
      for (int i = 0; i < 17; i++) assert_near(phi[i], mean[i], ROUND_OFF, 1);
      assert_near(report.baseline_output, outputs, ROUND_OFF, 10);
      s.set = all;
      s.set.rows = NULL;
      s.set.fetch = fetch_row;
      s.set.fetch_user = &s;
      double *fetched = explain(&s, &options, &report);
      assert_same_bits(fetched, phi, 17);
      assert_int_equal(s.fetched, 2);
      free(fetched);
      free(phi);
      tear_down(&s);
    }
}

static void groups_are_sums(void **state) {
  (void)state;
  setting s;
  set_up(&s, 8, ATTRIB_F32, 7);
  const int32_t groups[] = {3, 0, 1, 1, 0, 3, 0};
  attrib_guided_options options = with_steps(ATTRIB_RULE_TRAPEZOID, 9, 0, .1);
  double *phi = explain(&s, &options, NULL), sums[4] = {0}, grouped[4];
  for (int i = 0; i < 7; i++) sums[groups[i]] += phi[i];
  options.groups = groups;
  options.n_groups = 4;
  assert_int_equal(attrib_guided_integrated_gradients(NULL, &s.model, s.input, 0, &s.set, &options, grouped, NULL),
                   ATTRIB_OK);
  for (int g = 0; g < 4; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 1);
  assert_true(grouped[2] == 0 && grouped[3] != 0);
  free(phi);
  tear_down(&s);
}

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

/* -- report and trace --------------------------------------------------------------------------------------------- */

/* Of a linear model every stretch of the path is exact: the curve is f along it. */
static void the_trace_is_the_curve_along_the_path(void **state) {
  (void)state;
  static const analytic_fn linear = f_linear;
  enum { N = 9, MOVES = 11 };
  double x[N], b[2 * N], w[N];
  fill_random(41, x, N);
  fill_random(42, b, 2 * N);
  fill_random(43, w, N);
  for (int r = 0; r < 2; r++) {
    const int64_t rows = MOVES + r;
    attrib_trace_point *trace = exact_block((size_t)(2 * rows) * sizeof *trace);
    attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = 2 * rows};
    const attrib_baselines set = {.struct_size = sizeof set, .count = 2, .rows = b, .weights = (const double[]){1, 4}};
    const attrib_guided_options options = with_steps(rules[r], MOVES, 0, .2);
    double phi[N], total = 0;
    analytic a;
    const attrib_model model = single_model(&a, &linear, ATTRIB_F64, N, w);
    assert_int_equal(attrib_guided_integrated_gradients(NULL, &model, x, 0, &set, &options, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, 2 * rows);
    for (int line = 0; line < 2; line++) {
      const double share = line == 0 ? .2 : .8;
      double edge = 0, curve = 0;
      for (int64_t j = 0; j < rows; j++) {
        const attrib_trace_point *p = &trace[line * rows + j];
        assert_int_equal(p->baseline, line);
        assert_int_equal(p->row_id, line * rows + j + (r == 0));
        assert_near(p->alpha, (double)j / MOVES, ROUND_OFF, 1);
        if (r == 0) assert_near(edge, p->alpha, ROUND_OFF, 1);
        if (r == 0) assert_near(curve, share * (p->output - trace[line * rows].output), ROUND_OFF, 1);
        edge += p->weight / share;
        curve += p->weight * p->slope;
        if (r == 1) /* up to half way to the next node */
          assert_near(curve,
                      share * ((p->output + (j + 1 < rows ? p[1].output : p->output)) / 2 - trace[line * rows].output),
                      ROUND_OFF, 1);
      }
      assert_near(edge, 1, ROUND_OFF, 1);
      total += curve;
    }
    assert_near(total, report.attribution_sum, ROUND_OFF, 1);
    assert_near(total, report.completeness_target, ROUND_OFF, 1);
    free(trace);
  }
}

/* Memory grows with the features alone: by what the header says, input and gradient of the batch's row, and for fetched
 * baselines that row twice. */
static void memory_does_not_grow_with_steps(void **state) {
  (void)state;
  enum { MORE = 512, BASELINES = 50 };
  for (int r = 0; r < 2; r++)
    for (int fetch = 0; fetch < 2; fetch++) {
      int64_t bytes[4];
      for (int k = 0; k < 4; k++) {
        setting s;
        set_up(&s, 3, ATTRIB_F64, k == 3 ? MORE + 64 : 64);
        double *rows = calloc((size_t)(BASELINES * s.n), sizeof *rows);
        s.set = (attrib_baselines){.struct_size = sizeof s.set, .count = k == 1 ? BASELINES : 2, .rows = rows};
        if (fetch) {
          s.set.count = k == 1 ? LINES : 2;
          s.set.rows = NULL;
          s.set.fetch = fetch_row;
          s.set.fetch_user = &s;
        }
        const attrib_guided_options options = with_steps(rules[r], k == 2 ? 1000 : 10, 0, 0);
        attrib_report report = fresh_report();
        free(explain(&s, &options, &report));
        bytes[k] = report.peak_bytes;
        free(rows);
        tear_down(&s);
      }
      assert_true(bytes[0] > 0 && bytes[0] == bytes[1] && bytes[0] == bytes[2]);
      assert_int_equal(bytes[3] - bytes[0], MORE * (int64_t)sizeof(double) * (7 + 2 + 2 * fetch));
    }
}

static void a_threshold_on_completeness(void **state) {
  (void)state;
  setting s;
  set_up(&s, 2, ATTRIB_F64, 12);
  attrib_context *context = new_context(1, 0);
  attrib_guided_options options = with_steps(ATTRIB_RULE_LEFT, 5, 0, 0);
  attrib_report report = fresh_report();
  double *phi = explain(&s, &options, &report), again[12];
  assert_true(report.completeness_relative > 1e-6);
  options.completeness_threshold = report.completeness_relative;
  assert_status(attrib_guided_integrated_gradients(context, &s.model, s.input, 0, &s.set, &options, again, NULL),
                ATTRIB_OK, context);
  options.completeness_threshold *= .999;
  assert_status(attrib_guided_integrated_gradients(context, &s.model, s.input, 0, &s.set, &options, again, NULL),
                ATTRIB_NOT_CONVERGED, context);
  assert_names(attrib_context_error(context), "options->completeness_threshold = ");
  assert_same_bits(again, phi, 12);
  free(phi);
  attrib_context_destroy(context);
  tear_down(&s);
}

/* -- arguments ---------------------------------------------------------------------------------------------------- */

static void zeros_are_defaults(void **state) {
  (void)state;
  setting s;
  set_up(&s, 9, ATTRIB_F32, 30);
  const attrib_guided_options zeros = {.struct_size = sizeof zeros};
  const attrib_guided_options named = with_steps(ATTRIB_RULE_TRAPEZOID, 200, .25, .02);
  const attrib_guided_options *const given[] = {&zeros, &named, NULL};
  double *first = explain(&s, &zeros, NULL);
  for (int k = 0; k < 3; k++) {
    attrib_report report = fresh_report();
    double *phi = untouched(30);
    assert_int_equal(attrib_guided_integrated_gradients(NULL, &s.model, s.input, 0, &s.set, given[k], phi, &report),
                     ATTRIB_OK);
    assert_same_bits(phi, first, 30);
    assert_int_equal(report.points, 200);
    free(phi);
  }
  free(first);
  tear_down(&s);
}

typedef struct wrong {
  attrib_guided_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

static const int32_t labels[] = {0, 1, 2};
static const wrong wrongs[] = {
    {{.flags = 8}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x8"},
    {{.reserved0 = 5}, ATTRIB_E_UNSUPPORTED, "reserved0 = 5"},
    {{.reserved1 = .5}, ATTRIB_E_UNSUPPORTED, "reserved1 = 0.5"},
    {{.reserved1 = (double)NAN}, ATTRIB_E_UNSUPPORTED, "reserved1 = "},
    {{.rule = ATTRIB_RULE_RIGHT}, ATTRIB_E_ARGUMENT, "options->rule = 2: must be ATTRIB_RULE_LEFT (1), TRAPEZOID (4)"},
    {{.rule = 77}, ATTRIB_E_ARGUMENT, "options->rule = 77"},
    {{.steps = -3}, ATTRIB_E_ARGUMENT, "options->steps = -3: must be 0 or from 1 to"},
    {{.steps = (INT64_C(1) << 40) + 1}, ATTRIB_E_ARGUMENT, "options->steps = 1099511627777"},
    {{.fraction = -.25}, ATTRIB_E_ARGUMENT, "options->fraction = -0.25: must be in (0, 1], or 0"},
    {{.fraction = 1.5}, ATTRIB_E_ARGUMENT, "options->fraction = 1.5"},
    {{.fraction = (double)NAN}, ATTRIB_E_ARGUMENT, "options->fraction = "},
    {{.max_distance = -1}, ATTRIB_E_ARGUMENT, "options->max_distance = -1: must be in (0, 1], or 0"},
    {{.max_distance = 1.01}, ATTRIB_E_ARGUMENT, "options->max_distance = 1.01"},
    {{.max_distance = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->max_distance = inf"},
    {{.max_distance = (double)NAN}, ATTRIB_E_ARGUMENT, "options->max_distance = "},
    {{.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {{.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {{.n_groups = 2, .groups = labels}, ATTRIB_E_ARGUMENT, "options->groups[2] = 2"},
    {{.groups = labels}, ATTRIB_E_ARGUMENT, "options->n_groups = 0"},
    {{.completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {{.completeness_threshold = (double)NAN}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {{.target_weights = one_hot}, ATTRIB_E_ARGUMENT, "target = 0: must be ATTRIB_NO_TARGET"},
};

/* In both forms; nothing is evaluated, fetched or written. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  static watcher w;
  setting s;
  set_up(&s, 1, ATTRIB_F64, 3);
  s.model = watch(&w, s.model, false);
  double *phi = untouched(3);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_guided_options options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_guided_integrated_gradients(context, &s.model, s.input, 0, &s.set, &options, phi, NULL),
                  wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_guided_integrated_gradients_start(context, &s.model, s.input, 0, &s.set, &options, &run),
                  wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  static const char *const missing[] = {"model is NULL", "input is NULL", "baselines is NULL", "attributions is NULL"};
  for (int k = 0; k < 4; k++) {
    assert_status(attrib_guided_integrated_gradients(context, k == 0 ? NULL : &s.model, k == 1 ? NULL : s.input, 0,
                                                     k == 2 ? NULL : &s.set, NULL, k == 3 ? NULL : phi, NULL),
                  ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), missing[k]);
  }
  attrib_guided_options many = with_steps(ATTRIB_RULE_LEFT, INT64_C(1) << 40, 0, 0);
  s.set =
      (attrib_baselines){.struct_size = sizeof s.set, .count = INT64_C(1) << 23, .fetch = fetch_row, .fetch_user = &s};
  assert_status(attrib_guided_integrated_gradients(context, &s.model, s.input, 0, &s.set, &many, phi, NULL),
                ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "options->steps = 1099511627776 for 8388608 baselines: too many rows");
  assert_true(is_untouched(phi, 3) && w.count == 0 && s.fetched == 0);
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(sums_tend_to_the_change_of_f),
      cmocka_unit_test(close_to_the_line_it_is_integrated_gradients),
      cmocka_unit_test(a_gradient_is_looked_at_where_the_feature_moves),
      cmocka_unit_test(from_the_input_itself_nothing_is_given),
      cmocka_unit_test(one_feature),
      cmocka_unit_test(the_unit_does_not_matter),
      cmocka_unit_test(ways_of_every_size_at_once),
      cmocka_unit_test(what_overflows),
      cmocka_unit_test(many_baselines_are_the_weighted_mean),
      cmocka_unit_test(groups_are_sums),
      cmocka_unit_test(the_ends_are_bit_for_bit),
      cmocka_unit_test(the_trace_is_the_curve_along_the_path),
      cmocka_unit_test(memory_does_not_grow_with_steps),
      cmocka_unit_test(a_threshold_on_completeness),
      cmocka_unit_test(zeros_are_defaults),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
