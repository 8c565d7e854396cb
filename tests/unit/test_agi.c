/* Adversarial gradient integration: a recomputation by plain loops, the identity, which classes, where paths end,
 * options, report and trace. Exact values: test_step_paths.c. */
#include "step_models.h"

#include "statistics.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64}, rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};

static attrib_agi_options with_steps(uint32_t rule, int64_t steps, double step) {
  return (attrib_agi_options){.struct_size = sizeof(attrib_agi_options), .rule = rule, .steps = steps, .step = step};
}

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report)};
}

/* -- recomputed --------------------------------------------------------------------------------------------------- */

/* What one call comes to. */
typedef struct plain {
  double *phi;
  double f_end;            /* mean of f at the paths' ends */
  int64_t towards, others; /* rows for gradients of classes; points where f counts */
} plain;

static int64_t largest_output(const sines *f, const double *x) {
  int64_t best = 0;
  double most = -(double)INFINITY;
  for (int64_t k = 0; k < f->n_outputs; k++) {
    const double output = sines_output(f, k, x, NULL);
    if (output > most) best = k;
    most = fmax(most, output);
  }
  return best;
}

/* The gradient as a model of that type hands it over. */
static double gradient_at(const sines *f, const double *weights, const double *x, double *g) {
  const double value = sines_at(f, weights, x, g);
  for (int64_t i = 0; i < f->n_inputs; i++) g[i] = attrib__rows_round(f->dtype, g[i]);
  return value;
}

static double clipped(const attrib_agi_options *o, double value) {
  return o->low == 0 && o->high == 0 ? value : fmin(fmax(value, o->low), o->high);
}

/* One path; adds weight times what it gives. */
static void plain_path(const sines *f, const double *target, int64_t q, bool known, const double *x, double weight,
                       const attrib_agi_options *o, plain *result) {
  const int64_t n = f->n_inputs;
  double *vectors = calloc((size_t)(5 * n + f->n_outputs), sizeof *vectors);
  assert_non_null(vectors);
  double *at = vectors, *next = at + n, *climb = next + n, *g = climb + n, *g_next = g + n, *one = g_next + n;
  one[q] = 1;
  memcpy(at, x, (size_t)n * sizeof *at);
  double f_at = gradient_at(f, target, at, g);
  result->others++;
  for (int64_t m = 0; m < o->steps; m++) {
    bool moved = false;
    result->towards++;
    gradient_at(f, one, at, climb);
    if (known && largest_output(f, at) == q) break;
    for (int64_t i = 0; i < n; i++) {
      const double sign = climb[i] > 0 ? 1 : climb[i] < 0 ? -1 : 0;
      next[i] = attrib__rows_round(f->dtype, clipped(o, at[i] + o->step * sign));
      moved |= next[i] != at[i];
    }
    if (!moved) break;
    f_at = gradient_at(f, target, next, g_next);
    result->others++;
    for (int64_t i = 0; i < n; i++)
      result->phi[i] += weight * (at[i] - next[i]) * (o->rule == ATTRIB_RULE_LEFT ? g[i] : (g[i] + g_next[i]) / 2);
    memcpy(at, next, (size_t)n * sizeof *at);
    memcpy(g, g_next, (size_t)n * sizeof *g);
  }
  result->f_end += weight * f_at;
  free(vectors);
}

/* Arguments in blocks of their size. */
typedef struct setting {
  sines f;
  attrib_model model;
  int64_t n, target; /* ATTRIB_NO_TARGET: weights */
  double *x;         /* as the model's type holds it */
  double *target_weights;
  void *input;
} setting;

static void set_up(setting *s, uint64_t seed, uint32_t dtype, int64_t n, int64_t n_outputs, int64_t target) {
  *s = (setting){.f = new_sines(seed, dtype, n, n_outputs), .n = n, .target = target};
  s->model = sines_model(&s->f);
  s->x = exact_block((size_t)n * sizeof *s->x);
  fill_random(seed + 100, s->x, n);
  s->input = rounded_row(dtype, s->x, n);
  s->target_weights = calloc((size_t)n_outputs, sizeof *s->target_weights);
  assert_non_null(s->target_weights);
  if (target == ATTRIB_NO_TARGET)
    fill_random(seed + 200, s->target_weights, n_outputs);
  else
    s->target_weights[target] = 1;
}

static void tear_down(setting *s) {
  free_sines(&s->f);
  free(s->x);
  free(s->input);
  free(s->target_weights);
}

/* To be freed by the caller. */
static double *explain(const setting *s, const attrib_agi_options *options, attrib_report *report) {
  double *phi = untouched(s->n);
  attrib_agi_options given = *options;
  if (s->target == ATTRIB_NO_TARGET) given.target_weights = s->target_weights;
  assert_int_equal(attrib_agi(NULL, &s->model, s->input, s->target, &given, phi, report), ATTRIB_OK);
  return phi;
}

/* Classes by a list; n_classes 0 = none, for all the others in turn. */
static void assert_recomputed(const setting *s, const attrib_agi_options *options, const int64_t *classes,
                              int64_t count) {
  plain expected = {.phi = calloc((size_t)s->n, sizeof(double))};
  assert_non_null(expected.phi);
  const bool known = (s->model.flags & ATTRIB_MODEL_ALL_OUTPUTS) != 0;
  for (int64_t k = 0; k < count; k++)
    plain_path(&s->f, s->target_weights, classes[k], known, s->x, 1 / (double)count, options, &expected);
  attrib_report report = fresh_report();
  double *phi = explain(s, options, &report);
  const double largest = largest_of(expected.phi, s->n);
  /* Not a matter of float: the points are the same to the bit. */
  for (int64_t i = 0; i < s->n; i++) assert_near(phi[i], expected.phi[i], sum_round_off(100), largest);
  const bool left = options->rule == ATTRIB_RULE_LEFT;
  assert_int_equal(report.evaluations, expected.towards + expected.others - (left ? count : 0));
  assert_int_equal(report.output_evaluations, left ? count : 0);
  assert_int_equal(report.points, options->steps);
  assert_int_equal(report.rule, left ? ATTRIB_RULE_LEFT : ATTRIB_RULE_TRAPEZOID);
  const double f_x = sines_at(&s->f, s->target_weights, s->x, NULL);
  assert_near(report.output, f_x, ROUND_OFF, (double)s->n);
  assert_near(report.baseline_output, expected.f_end, ROUND_OFF, (double)s->n);
  assert_near(report.completeness_target, f_x - expected.f_end, ROUND_OFF, (double)s->n);
  free(phi);
  free(expected.phi);
}

static void agrees_with_the_definition(void **state) {
  (void)state;
  static const int64_t classes[] = {3, 1, 3, 4};
  bool some_end_early = false, some_end_late = false;
  for (int64_t n = 1; n <= 40; n++)
    for (int t = 0; t < 2; t++)
      for (int k = 0; k < 8; k++) {
        setting s;
        set_up(&s, (uint64_t)n, dtypes[t], n, 5, n % 3 == 0 ? ATTRIB_NO_TARGET : n % 2 * 2);
        if (k & 1) s.model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
        attrib_agi_options options = with_steps(rules[k / 2 % 2], 1 + (n + k) % 20, .07);
        if (k & 4) {
          options.low = -1;
          options.high = 1.125;
        }
        options.classes = classes;
        options.n_classes = COUNT(classes);
        assert_recomputed(&s, &options, classes, COUNT(classes));
        attrib_report report = fresh_report();
        free(explain(&s, &options, &report));
        const int64_t most = COUNT(classes) * (2 * options.steps + (k / 2 % 2));
        *(report.evaluations < most ? &some_end_early : &some_end_late) = true;
        tear_down(&s);
      }
  assert_true(some_end_early && some_end_late);
}

/* -- which classes ------------------------------------------------------------------------------------------------ */

/* Number k of `count`, evenly over the outputs beside the target. */
static int64_t grid_class(int64_t n_outputs, int64_t target, int64_t count, int64_t k) {
  int64_t *others = exact_block((size_t)n_outputs * sizeof *others), found = 0;
  for (int64_t q = 0; q < n_outputs; q++)
    if (q != target) others[found++] = q;
  const int64_t q = others[k * found / count];
  free(others);
  return q;
}

static void without_a_list_classes_are_spread_evenly(void **state) {
  (void)state;
  static const int64_t outputs[] = {2, 3, 14, 15, 16, 17, 40}, asked[] = {0, 1, 2, 13};
  for (int64_t i = 0; i < COUNT(outputs); i++)
    for (int place = 0; place < 4; place++)
      for (int64_t j = 0; j < COUNT(asked); j++) {
        const int64_t targets[] = {0, outputs[i] / 2, outputs[i] - 1, ATTRIB_NO_TARGET};
        const int64_t others = outputs[i] - (targets[place] != ATTRIB_NO_TARGET);
        const int64_t count = asked[j] > 0 ? asked[j] : others < 15 ? others : 15;
        if (count > others) continue;
        static watcher w;
        setting s;
        set_up(&s, (uint64_t)outputs[i], ATTRIB_F64, 3, outputs[i], targets[place]);
        const attrib_model model = s.model;
        s.model = watch(&w, model, false);
        attrib_agi_options options = with_steps(ATTRIB_RULE_TRAPEZOID, 1, .1);
        options.n_classes = asked[j];
        double *phi = explain(&s, &options, NULL);
        int64_t *classes = exact_block((size_t)count * sizeof *classes), found = 0;
        for (int64_t r = 0; r < w.count; r++) /* of one step: one such row per path */
          if (w.rows[r].flags & ATTRIB_BATCH_ALL_OUTPUTS) {
            assert_true(found < count);
            classes[found++] = w.rows[r].target;
          }
        assert_int_equal(found, count);
        for (int64_t k = 0; k < count; k++) {
          assert_int_equal(classes[k], grid_class(outputs[i], targets[place], count, k));
          assert_true(classes[k] != targets[place] && (k == 0 || classes[k] > classes[k - 1]));
        }
        options.classes = classes;
        options.n_classes = count;
        s.model = model;
        double *listed = explain(&s, &options, NULL);
        assert_same_bits(listed, phi, 3);
        assert_recomputed(&s, &options, classes, count);
        free(listed);
        free(classes);
        free(phi);
        stop_watching(&w);
        tear_down(&s);
      }
}

static void many_classes_are_the_mean_of_single_ones(void **state) {
  (void)state;
  static const int64_t classes[] = {4, 0, 2};
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      setting s;
      set_up(&s, 3, dtypes[t], 11, 6, 1);
      attrib_agi_options options = with_steps(rules[r], 6, .1);
      options.classes = classes;
      options.n_classes = 3;
      attrib_report report = fresh_report(), one = fresh_report();
      double *phi = explain(&s, &options, &report), mean[11] = {0}, outputs = 0;
      for (int k = 0; k < 3; k++) {
        options.classes = &classes[k];
        options.n_classes = 1;
        double *single = explain(&s, &options, &one);
        for (int i = 0; i < 11; i++) mean[i] += single[i] / 3;
        outputs += one.baseline_output / 3;
        free(single);
      }
      for (int i = 0; i < 11; i++) assert_near(phi[i], mean[i], ROUND_OFF, 1);
      assert_near(report.baseline_output, outputs, ROUND_OFF, 10);
      free(phi);
      tear_down(&s);
    }
}

/* -- the identity ------------------------------------------------------------------------------------------------- */

/* Mean |sum - (f(x) - mean f(end))| over some models, for paths of the same length in steps of another. */
static double mean_gap(uint32_t rule, int64_t steps) {
  enum { MODELS = 12 };
  double sum = 0;
  for (uint64_t seed = 1; seed <= MODELS; seed++) {
    setting s;
    set_up(&s, seed, ATTRIB_F64, 10, 3, 0);
    const attrib_agi_options options = with_steps(rule, steps, .3 / (double)steps);
    attrib_report report = fresh_report();
    free(explain(&s, &options, &report));
    sum += fabs(report.completeness_error);
    tear_down(&s);
  }
  return sum / MODELS;
}

static void sums_tend_to_what_f_loses(void **state) {
  (void)state;
  for (int64_t steps = 20; steps <= 80; steps *= 2) {
    const double left = mean_gap(ATTRIB_RULE_LEFT, steps) / mean_gap(ATTRIB_RULE_LEFT, 4 * steps);
    const double trapezoid = mean_gap(ATTRIB_RULE_TRAPEZOID, steps) / mean_gap(ATTRIB_RULE_TRAPEZOID, 4 * steps);
    assert_true(left > 3.5 && left < 4.5);
    assert_true(trapezoid > 14 && trapezoid < 18);
  }
}

/* The official program takes every step from x, so that its path never leaves the box of one step about it, and counts
 * the same move again and again. */
static void unlike_the_official_code_steps_go_on_from_where_they_are(void **state) {
  (void)state;
  static watcher w;
  setting s;
  set_up(&s, 5, ATTRIB_F64, 4, 2, 0);
  s.model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
  s.model = watch(&w, s.model, false);
  enum { STEPS = 8 };
  const attrib_agi_options options = with_steps(ATTRIB_RULE_LEFT, STEPS, .01);
  double *phi = explain(&s, &options, NULL), restarted[4] = {0}, g[4], climb[4], way = 0;
  assert_int_equal(w.count, 2 * STEPS + 1);
  for (int64_t m = 1; m <= STEPS; m++) { /* rows: class, f, class, f... and f at the end */
    const double *last = w.rows[2 * m - 2].point, *at = w.rows[2 * m].point;
    for (int i = 0; i < 4; i++) assert_near(fabs(at[i] - last[i]), .01, ROUND_OFF, 1);
    way = fabs(at[0] - s.x[0]);
  }
  assert_near(way, .01 * STEPS, ROUND_OFF, 1);
  sines_output(&s.f, 0, s.x, g);
  sines_output(&s.f, 1, s.x, climb);
  for (int i = 0; i < 4; i++) restarted[i] = STEPS * -.01 * (climb[i] > 0 ? 1 : -1) * g[i];
  assert_true(distance_between(phi, restarted, 4) > .01 * distance_between(restarted, (double[4]){0}, 4));
  free(phi);
  stop_watching(&w);
  tear_down(&s);
}

/* -- where paths end ---------------------------------------------------------------------------------------------- */

/* x1 - 1, x2, and a class that nothing changes. */
static double f_first(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0;
  return x[0] - 1;
}
static double f_second(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 1;
  return x[1];
}
static double f_flat(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i % 2 == 0 ? -0.0 : 0;
  return -5;
}
static const analytic_fn corners[] = {f_first, f_second, f_flat};

/* From x towards class q, f being the second output (or the first where q is the second). */
static attrib_report end_of(uint32_t dtype, const double *x, int64_t q, bool known, attrib_agi_options options,
                            double *phi) {
  analytic a = {.functions = corners, .n_outputs = 3, .n_inputs = 2, .dtype = dtype};
  attrib_model model = analytic_model(&a);
  if (!known) model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
  void *input = as_row(dtype, x, 2);
  options.classes = &q;
  options.n_classes = 1;
  attrib_report report = fresh_report();
  assert_int_equal(attrib_agi(NULL, &model, input, q == 1 ? 0 : 1, &options, phi, &report), ATTRIB_OK);
  assert_int_equal(a.rows, report.evaluations + report.output_evaluations);
  free(input);
  return report;
}

/* Rows that a path of so many steps takes, the last of which found that it was to end there. */
static void expect_early_end(const attrib_report *report, bool left, int64_t steps) {
  assert_int_equal(report->evaluations, 2 * (steps + 1) - left);
  assert_int_equal(report->output_evaluations, left);
}

static void a_path_ends_where_its_class_is_the_largest(void **state) {
  (void)state;
  const double x[] = {.125, .25}, there[] = {2, .25};
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      double phi[2];
      const attrib_agi_options options = with_steps(rules[r], 30, .25);
      attrib_report report = end_of(dtypes[t], x, 0, true, options, phi); /* .25 below x1 - 1 after 5 steps */
      expect_early_end(&report, r == 0, 5);
      assert_true(phi[0] == 0 && phi[1] == 0 && report.baseline_output == .25);
      report = end_of(dtypes[t], x, 0, false, options, phi);
      assert_int_equal(report.evaluations, 60 + r);
      report = end_of(dtypes[t], there, 0, true, options, phi); /* it is from the start */
      expect_early_end(&report, r == 0, 0);
      assert_true(phi[0] == 0 && phi[1] == 0 && report.completeness_target == 0);
    }
}

/* Equal to another is not larger, wherever in the order the two are. */
static void a_tie_is_broken_by_the_first(void **state) {
  (void)state;
  const double x[] = {1, 0};
  double phi[2];
  const attrib_agi_options options = with_steps(ATTRIB_RULE_LEFT, 3, .25);
  attrib_report report = end_of(ATTRIB_F64, x, 0, true, options, phi);
  expect_early_end(&report, true, 0);
  report = end_of(ATTRIB_F64, x, 1, true, options, phi);
  expect_early_end(&report, true, 1);
}

/* A zero with a sign is no move either. */
static void a_path_ends_where_its_class_is_flat(void **state) {
  (void)state;
  static const double inputs[][2] = {{3, 4}, {0, -0.0}, {-0.0, 0}};
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++)
      for (int k = 0; k < 3; k++) {
        double phi[2] = {7, 7};
        attrib_report report = end_of(dtypes[t], inputs[k], 2, true, with_steps(rules[r], 30, .25), phi);
        expect_early_end(&report, r == 0, 0);
        assert_true(phi[0] == 0 && phi[1] == 0 && report.completeness_target == 0);
      }
}

static void a_path_ends_at_the_bounds(void **state) {
  (void)state;
  const double x[] = {1, .5}, near[] = {.4, .5};
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      double phi[2];
      attrib_agi_options options = with_steps(rules[r], 30, .25);
      options.low = -1;
      options.high = 1;
      attrib_report report = end_of(dtypes[t], x, 0, true, options, phi);
      expect_early_end(&report, r == 0, 0);
      report = end_of(dtypes[t], near, 0, true, options, phi); /* .65, .9, 1 */
      expect_early_end(&report, r == 0, 3);
    }
}

/* A bound that float does not hold is not passed. */
static void points_stay_within_the_bounds(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    static watcher w;
    setting s;
    set_up(&s, 9, dtypes[t], 12, 4, 2);
    for (int i = 0; i < 12; i++) s.x[i] /= 3;
    free(s.input);
    s.input = rounded_row(dtypes[t], s.x, 12);
    s.model = watch(&w, s.model, false);
    attrib_agi_options options = with_steps(0, 12, .05);
    options.low = -.4;
    options.high = .35;
    free(explain(&s, &options, NULL));
    double least = 1, most = -1;
    for (int64_t r = 0; r < w.count; r++)
      for (int i = 0; i < 12; i++) {
        least = fmin(least, w.rows[r].point[i]);
        most = fmax(most, w.rows[r].point[i]);
      }
    assert_true(least >= -.4 && least < -.4 + 1e-6 && most <= .35 && most > .35 - 1e-6);
    stop_watching(&w);
    tear_down(&s);
  }
}

/* -- numbers out of range ----------------------------------------------------------------------------------------- */

/* A point that the type does not hold is found before the model is asked there. */
static void a_step_out_of_range_is_an_overflow(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      static watcher w;
      const double unit = t == 0 ? 1e38 : 5e307, x[] = {1.5 * unit, 0};
      analytic a = {.functions = corners, .n_outputs = 3, .n_inputs = 2, .dtype = dtypes[t]};
      attrib_model model = watch(&w, analytic_model(&a), false);
      model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS; /* the path goes on and on */
      void *input = as_row(dtypes[t], x, 2);
      attrib_agi_options options = with_steps(rules[r], 9, unit);
      options.classes = (const int64_t[]){0};
      options.n_classes = 1;
      attrib_report report = fresh_report();
      double phi[2] = {7, 7};
      assert_status(attrib_agi(context, &model, input, 1, &options, phi, &report), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "displacement times the gradient of input 0 is ");
      assert_int_equal(report.failed_row, t == 0 ? 3 : 5);
      for (int64_t k = 0; k < w.count; k++) assert_true(isfinite(w.rows[k].point[0]));
      assert_true(phi[0] == 7 && phi[1] == 7);
      stop_watching(&w);
      free(input);
    }
  attrib_context_destroy(context);
}

/* Of a class all gradients count; of f those of features that move. */
static void gradients_must_be_finite_where_they_count(void **state) {
  (void)state;
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++)
      for (int64_t row = 0; row < 6 + r; row++)
        for (int64_t feature = 0; feature < 2; feature++) {
          const double x[] = {.125, .25};
          analytic a = {.functions = corners, .n_outputs = 3, .n_inputs = 2, .dtype = dtypes[t]};
          analytic_model(&a);
          spoiler s = {.inner = &a,
                       .output_row = -1,
                       .gradient_row = row,
                       .feature = feature,
                       .gradient = bad[row % 3],
                       .fail_from_row = -1};
          attrib_model model = spoiled_model(&s);
          void *input = as_row(dtypes[t], x, 2);
          attrib_agi_options options = with_steps(rules[r], 3, .25);
          options.classes = (const int64_t[]){0};
          options.n_classes = 1;
          double phi[2] = {7, 7};
          const attrib_status status = attrib_agi(context, &model, input, 1, &options, phi, NULL);
          const bool still = row % 2 == 1 || row == 6 ? feature == 1 : false; /* x2 never moves */
          assert_status(status, still ? ATTRIB_OK : ATTRIB_E_NONFINITE, context);
          if (!still) {
            char place[60];
            snprintf(place, sizeof place, "the gradient of input %d is", (int)feature);
            assert_names(attrib_context_error(context), place);
            snprintf(place, sizeof place, "row %d (baseline 0, alpha ", (int)row);
            assert_names(attrib_context_error(context), place);
            assert_true(phi[0] == 7 && phi[1] == 7);
          }
          free(input);
        }
  attrib_context_destroy(context);
}

/* -- report and trace --------------------------------------------------------------------------------------------- */

/* As report.h has it, from the end of the path, alpha 0 of a whole one, to the input at 1. Linear models. */
static void the_trace_is_the_curve_along_the_path(void **state) {
  (void)state;
  static const analytic_fn linear[] = {f_linear, f_first, f_second};
  const double w[] = {2, -3}, x[] = {.5, .5};
  enum { MOVES = 4 };
  for (int r = 0; r < 2; r++) {
    const int64_t rows = MOVES + r, classes[] = {1, 2};
    attrib_trace_point trace[2 * (MOVES + 1)];
    attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = 2 * rows};
    analytic a = {.functions = linear, .n_outputs = 3, .n_inputs = 2, .parameters = w, .dtype = ATTRIB_F64};
    attrib_model model = analytic_model(&a);
    model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
    attrib_agi_options options = with_steps(rules[r], MOVES, .125);
    options.classes = classes;
    options.n_classes = 2;
    double phi[2], total = 0;
    assert_int_equal(attrib_agi(NULL, &model, x, 0, &options, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, 2 * rows);
    for (int line = 0; line < 2; line++) {
      const double f_end = line == 0 ? .5 * (2 - 3) + .5 * 2 : .5 * (2 - 3) + .5 * -3;
      double edge = 0, curve = 0;
      for (int64_t j = 0; j < rows; j++) {
        const attrib_trace_point *p = &trace[line * rows + rows - 1 - j];
        assert_int_equal(p->baseline, line);
        assert_near(p->alpha, (double)(j + (r == 0)) / MOVES, ROUND_OFF, 1);
        assert_near(curve + .5 * (p->alpha - edge) * p->slope, .5 * (p->output - f_end), ROUND_OFF, 1);
        edge += p->weight / .5;
        curve += p->weight * p->slope;
      }
      assert_near(edge, 1, ROUND_OFF, 1);
      total += curve;
    }
    assert_near(total, report.attribution_sum, ROUND_OFF, 1);
    assert_near(total, report.completeness_target, ROUND_OFF, 1);
  }
}

/* Memory grows with the features alone: by what the header says, and input and gradient of the batch's row. */
static void memory_does_not_grow_with_steps(void **state) {
  (void)state;
  enum { MORE = 512 };
  for (int t = 0; t < 2; t++) {
    int64_t bytes[4];
    for (int k = 0; k < 4; k++) {
      setting s;
      set_up(&s, 3, dtypes[t], k == 3 ? MORE + 64 : 64, 20, 0);
      s.model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
      attrib_agi_options options = with_steps(rules[t], k == 2 ? 1000 : 10, .001);
      options.n_classes = k == 1 ? 19 : 2;
      attrib_report report = fresh_report();
      free(explain(&s, &options, &report));
      bytes[k] = report.peak_bytes;
      tear_down(&s);
    }
    assert_true(bytes[0] > 0 && bytes[0] == bytes[1] && bytes[0] == bytes[2]);
    assert_int_equal(bytes[3] - bytes[0], MORE * (int64_t)(sizeof(double) + (3 + 2) * attrib__element_size(dtypes[t])));
  }
}

static void groups_are_sums(void **state) {
  (void)state;
  setting s;
  set_up(&s, 8, ATTRIB_F32, 7, 4, 3);
  const int32_t groups[] = {3, 0, 1, 1, 0, 3, 0};
  attrib_agi_options options = with_steps(ATTRIB_RULE_TRAPEZOID, 9, .02);
  double *phi = explain(&s, &options, NULL), sums[4] = {0}, grouped[4];
  for (int i = 0; i < 7; i++) sums[groups[i]] += phi[i];
  options.groups = groups;
  options.n_groups = 4;
  assert_int_equal(attrib_agi(NULL, &s.model, s.input, 3, &options, grouped, NULL), ATTRIB_OK);
  for (int g = 0; g < 4; g++) assert_near(grouped[g], sums[g], ROUND_OFF, 1);
  assert_true(grouped[2] == 0 && grouped[3] != 0);
  free(phi);
  tear_down(&s);
}

static void a_threshold_on_completeness(void **state) {
  (void)state;
  setting s;
  set_up(&s, 2, ATTRIB_F64, 12, 3, 0);
  attrib_context *context = new_context(1, 0);
  attrib_agi_options options = with_steps(ATTRIB_RULE_LEFT, 5, 0);
  attrib_report report = fresh_report();
  double *phi = explain(&s, &options, &report), again[12];
  assert_true(report.completeness_relative > 1e-6);
  options.completeness_threshold = report.completeness_relative;
  assert_status(attrib_agi(context, &s.model, s.input, 0, &options, again, NULL), ATTRIB_OK, context);
  options.completeness_threshold *= .999;
  assert_status(attrib_agi(context, &s.model, s.input, 0, &options, again, NULL), ATTRIB_NOT_CONVERGED, context);
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
  set_up(&s, 9, ATTRIB_F32, 30, 40, 7);
  const attrib_agi_options zeros = {.struct_size = sizeof zeros};
  attrib_agi_options named = with_steps(ATTRIB_RULE_TRAPEZOID, 15, .05);
  named.n_classes = 15;
  const attrib_agi_options *const given[] = {&zeros, &named, NULL};
  double *first = explain(&s, &zeros, NULL);
  for (int k = 0; k < 3; k++) {
    attrib_report report = fresh_report();
    double *phi = untouched(30);
    assert_int_equal(attrib_agi(NULL, &s.model, s.input, 7, given[k], phi, &report), ATTRIB_OK);
    assert_same_bits(phi, first, 30);
    assert_int_equal(report.points, 15);
    free(phi);
  }
  free(first);
  tear_down(&s);
}

typedef struct wrong {
  attrib_agi_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

enum { TARGET = 1, OUTPUTS = 3 };
static const int32_t labels[] = {0, 1, 2};
static const int64_t good[] = {2, 0}, high_class[] = {0, 3}, negative[] = {0, 2, -1}, targeted[] = {0, TARGET};
static const double ones[] = {1, 1, 1};
static const wrong wrongs[] = {
    {{.flags = 8}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x8"},
    {{.mode = 5}, ATTRIB_E_ARGUMENT, "mode = 5"},
    {{.reserved = labels}, ATTRIB_E_UNSUPPORTED, "reserved = "},
    {{.rule = ATTRIB_RULE_RIGHT}, ATTRIB_E_ARGUMENT, "options->rule = 2: must be ATTRIB_RULE_LEFT (1), TRAPEZOID (4)"},
    {{.steps = -3}, ATTRIB_E_ARGUMENT, "options->steps = -3: must be 0 or from 1 to"},
    {{.steps = (INT64_C(1) << 40) + 1}, ATTRIB_E_ARGUMENT, "options->steps = 1099511627777"},
    {{.step = -.05}, ATTRIB_E_ARGUMENT, "options->step = -0.05: must be finite and not negative"},
    {{.step = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->step = inf"},
    {{.step = (double)NAN}, ATTRIB_E_ARGUMENT, "options->step = "},
    {{.low = 1, .high = -1}, ATTRIB_E_ARGUMENT, "options->low = 1, high = -1: must be finite, low below high"},
    {{.low = 1, .high = 1}, ATTRIB_E_ARGUMENT, "options->low = 1, high = 1"},
    {{.low = -1, .high = (double)INFINITY}, ATTRIB_E_ARGUMENT, "options->low = -1, high = inf"},
    {{.low = (double)NAN}, ATTRIB_E_ARGUMENT, "options->low = "},
    {{.low = 5, .high = 6}, ATTRIB_E_ARGUMENT, "options->low = 5, high = 6: the input runs from"},
    {{.n_classes = -3}, ATTRIB_E_ARGUMENT, "options->n_classes = -3"},
    {{.n_classes = 3}, ATTRIB_E_ARGUMENT, "options->n_classes = 3: the model has 2 outputs beside the target"},
    {{.classes = good}, ATTRIB_E_ARGUMENT, "options->n_classes = 0: classes are given"},
    {{.classes = good, .n_classes = -1}, ATTRIB_E_ARGUMENT, "options->n_classes = -1"},
    {{.classes = good, .n_classes = INT64_C(1) << 32}, ATTRIB_E_ARGUMENT, "options->n_classes = 4294967296"},
    {{.classes = high_class, .n_classes = 2}, ATTRIB_E_ARGUMENT, "options->classes[1] = 3: the model has 3 outputs"},
    {{.classes = negative, .n_classes = 3}, ATTRIB_E_ARGUMENT, "options->classes[2] = -1: must not be negative"},
    {{.classes = targeted, .n_classes = 2}, ATTRIB_E_ARGUMENT, "options->classes[1] = 1: that is the target"},
    {{.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {{.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {{.n_groups = 2, .groups = labels}, ATTRIB_E_ARGUMENT, "options->groups[2] = 2"},
    {{.completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {{.completeness_threshold = (double)NAN}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {{.target_weights = ones}, ATTRIB_E_ARGUMENT, "target = 1: must be ATTRIB_NO_TARGET"},
};

/* In both forms; nothing is evaluated or written. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  static watcher w;
  setting s;
  set_up(&s, 1, ATTRIB_F64, 3, OUTPUTS, TARGET);
  s.model = watch(&w, s.model, false);
  double *phi = untouched(3);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_agi_options options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_agi(context, &s.model, s.input, TARGET, &options, phi, NULL), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_agi_start(context, &s.model, s.input, TARGET, &options, &run), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  static const char *const missing[] = {"model is NULL", "input is NULL", "attributions is NULL"};
  for (int k = 0; k < 3; k++) {
    assert_status(
        attrib_agi(context, k == 0 ? NULL : &s.model, k == 1 ? NULL : s.input, TARGET, NULL, k == 2 ? NULL : phi, NULL),
        ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), missing[k]);
  }
  s.model.n_outputs = 1; /* nothing beside the target; and nothing known */
  assert_status(attrib_agi(context, &s.model, s.input, 0, NULL, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->n_classes = 0: the model has 0 outputs beside the target");
  s.model.n_outputs = 0;
  assert_status(attrib_agi(context, &s.model, s.input, 0, NULL, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->classes is NULL, and model->n_outputs is not stated (0)");
  s.model.flags = 0; /* as many classes as can be numbered */
  s.model.n_outputs = INT64_MAX;
  attrib_agi_options all = with_steps(0, 1, 0);
  all.n_classes = INT64_C(1) << 62;
  assert_status(attrib_agi(context, &s.model, s.input, 0, &all, phi, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->n_classes = 4611686018427387904: must be 0 or from 1 to");
  assert_true(is_untouched(phi, 3) && w.count == 0);
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* A model that does not state its outputs: given classes are asked for as they are, and paths take all steps. */
static void outputs_need_not_be_stated(void **state) {
  (void)state;
  setting s;
  set_up(&s, 4, ATTRIB_F64, 5, 3, 2);
  static const int64_t classes[] = {1, 0};
  attrib_agi_options options = with_steps(ATTRIB_RULE_TRAPEZOID, 7, .2);
  options.classes = classes;
  options.n_classes = 2;
  s.model.n_outputs = 0;
  attrib_report report = fresh_report();
  double *phi = explain(&s, &options, &report);
  assert_int_equal(report.evaluations, 2 * 15);
  s.model.n_outputs = 3;
  s.model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
  double *stated = explain(&s, &options, NULL);
  assert_same_bits(stated, phi, 5);
  free(stated);
  free(phi);
  tear_down(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(without_a_list_classes_are_spread_evenly),
      cmocka_unit_test(many_classes_are_the_mean_of_single_ones),
      cmocka_unit_test(sums_tend_to_what_f_loses),
      cmocka_unit_test(unlike_the_official_code_steps_go_on_from_where_they_are),
      cmocka_unit_test(a_path_ends_where_its_class_is_the_largest),
      cmocka_unit_test(a_tie_is_broken_by_the_first),
      cmocka_unit_test(a_path_ends_where_its_class_is_flat),
      cmocka_unit_test(a_path_ends_at_the_bounds),
      cmocka_unit_test(points_stay_within_the_bounds),
      cmocka_unit_test(a_step_out_of_range_is_an_overflow),
      cmocka_unit_test(gradients_must_be_finite_where_they_count),
      cmocka_unit_test(the_trace_is_the_curve_along_the_path),
      cmocka_unit_test(memory_does_not_grow_with_steps),
      cmocka_unit_test(groups_are_sums),
      cmocka_unit_test(a_threshold_on_completeness),
      cmocka_unit_test(zeros_are_defaults),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(outputs_need_not_be_stated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
