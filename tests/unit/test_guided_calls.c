/* Guided integrated gradients: features that stand still, baselines, report and trace, memory, options. The path
 * itself: test_guided.c. */
#include "guided_setting.h"

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

/* Seven features go in nine steps; twelve in five, which miss completeness. */
static attrib_status call_shared(attrib_context *context, const step_options *o, double *phi, attrib_report *report,
                                 void *user) {
  const setting *s = user;
  const bool few = s->n == 12;
  attrib_guided_options options = with_steps(o->rule, few ? 5 : 9, 0, few ? 0 : .1);
  options.groups = o->groups;
  options.n_groups = o->n_groups;
  options.completeness_threshold = o->threshold;
  return attrib_guided_integrated_gradients(context, &s->model, s->input, 0, &s->set, &options, phi, report);
}

static void groups_are_sums(void **state) {
  (void)state;
  setting s;
  set_up(&s, 8, ATTRIB_F32, 7);
  check_groups_are_sums(&(step_call){call_shared, &s, 7});
  tear_down(&s);
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
      assert_int_equal(bytes[3] - bytes[0], MORE * (int64_t)sizeof(double) * (9 + 2 + 2 * fetch));
    }
}

static void a_threshold_on_completeness(void **state) {
  (void)state;
  setting s;
  set_up(&s, 2, ATTRIB_F64, 12);
  check_threshold(&(step_call){call_shared, &s, 12});
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
      cmocka_unit_test(a_gradient_is_looked_at_where_the_feature_moves),
      cmocka_unit_test(from_the_input_itself_nothing_is_given),
      cmocka_unit_test(many_baselines_are_the_weighted_mean),
      cmocka_unit_test(groups_are_sums),
      cmocka_unit_test(the_trace_is_the_curve_along_the_path),
      cmocka_unit_test(memory_does_not_grow_with_steps),
      cmocka_unit_test(a_threshold_on_completeness),
      cmocka_unit_test(zeros_are_defaults),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
