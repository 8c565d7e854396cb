/* Adversarial gradient integration: a recomputation by plain loops, which classes, the identity, where paths end. Exact
 * values: test_step_paths.c; calls and what they report: test_agi_calls.c. */
#include "agi_setting.h"
#include "statistics.h"

/* -- recomputed --------------------------------------------------------------------------------------------------- */

/* What one call comes to. */
typedef struct plain {
  double *phi;
  double f_end;            /* mean of f at the paths' ends */
  int64_t towards, others; /* rows for gradients of classes; points where f counts */
  int64_t reached;         /* classes that were seen to be the largest */
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
    if (known && largest_output(f, at) == q) {
      result->reached++;
      break;
    }
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
  if (known)
    assert_near(report.objective, (double)expected.reached / (double)count, ROUND_OFF, 1);
  else
    assert_true(isnan(report.objective));
  assert_int_equal(report.notes, 0);
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
      assert_true(report.objective == 1 && report.notes == 0);
      report = end_of(dtypes[t], x, 0, false, options, phi);
      assert_int_equal(report.evaluations, 60 + r);
      assert_true(isnan(report.objective) && report.notes == 0);
      report = end_of(dtypes[t], there, 0, true, options, phi); /* it is from the start */
      expect_early_end(&report, r == 0, 0);
      assert_true(phi[0] == 0 && phi[1] == 0 && report.completeness_target == 0);
      assert_true(report.objective == 1 && report.notes == 0);
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
        assert_true(report.objective == 0 && report.notes == ATTRIB_NOTE_NO_STEP);
        report = end_of(dtypes[t], inputs[k], 2, false, with_steps(rules[r], 30, .25), phi);
        assert_true(isnan(report.objective) && report.notes == ATTRIB_NOTE_NO_STEP);
      }
}

/* One path of two stands still; recalibrated likewise. */
static void a_note_of_one_path(void **state) {
  (void)state;
  const double x[] = {.125, .25};
  const int64_t classes[] = {2, 0};
  for (uint32_t mode = 0; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode += mode == 0 ? ATTRIB_RECALIBRATE_VALID_REF : 1)
    for (int k = 1; k <= 2; k++) {
      analytic a = {.functions = corners, .n_outputs = 3, .n_inputs = 2, .dtype = ATTRIB_F64};
      const attrib_model model = analytic_model(&a);
      attrib_agi_options options = with_steps(0, 30, .25);
      options.mode = mode;
      options.classes = classes + 2 - k;
      options.n_classes = k;
      attrib_report report = fresh_report();
      double phi[2];
      assert_int_equal(attrib_agi(NULL, &model, x, 1, &options, phi, &report), ATTRIB_OK);
      assert_true(report.objective == 1. / k);
      assert_int_equal(report.notes, k == 2 ? ATTRIB_NOTE_NO_STEP : 0);
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
      assert_true(report.objective == 0 && report.notes == ATTRIB_NOTE_NO_STEP);
      report = end_of(dtypes[t], near, 0, true, options, phi); /* .65, .9, 1 */
      expect_early_end(&report, r == 0, 3);
      assert_true(report.objective == 0 && report.notes == 0);
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
      cmocka_unit_test(a_note_of_one_path),
      cmocka_unit_test(a_path_ends_at_the_bounds),
      cmocka_unit_test(points_stay_within_the_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
