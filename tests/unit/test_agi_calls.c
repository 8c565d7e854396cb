/* Adversarial gradient integration: report and trace, memory, options, failures. The path itself: test_agi.c. */
#include "agi_setting.h"

/* -- numbers out of range ----------------------------------------------------------------------------------------- */

/* A point that the type does not hold is found before the model is asked there. */
static void a_step_out_of_range_is_an_overflow(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 3; r++) { /* LEFT, TRAPEZOID, recalibrated */
      static watcher w;
      const double unit = t == 0 ? 1e38 : 5e307, x[] = {1.5 * unit, 0};
      analytic a = {.functions = corners, .n_outputs = 3, .n_inputs = 2, .dtype = dtypes[t]};
      attrib_model model = watch(&w, analytic_model(&a), false);
      model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS; /* the path goes on and on */
      void *input = as_row(dtypes[t], x, 2);
      attrib_agi_options options = with_steps(r < 2 ? rules[r] : 0, 9, unit);
      if (r == 2) options.mode = ATTRIB_RECALIBRATE_VALID_IP;
      options.classes = (const int64_t[]){0};
      options.n_classes = 1;
      attrib_report report = fresh_report();
      double phi[2] = {7, 7};
      assert_status(attrib_agi(context, &model, input, 1, &options, phi, &report), ATTRIB_E_OVERFLOW, context);
      assert_names(attrib_context_error(context), "displacement times the gradient of input 0 is ");
      assert_int_equal(report.failed_row, (t == 0 ? 2 : 4) - (r == 2)); /* the row of the class at the last point */
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

/* Seven features go in nine steps; twelve in five, which miss completeness. */
static attrib_status call_shared(attrib_context *context, const step_options *o, double *phi, attrib_report *report,
                                 void *user) {
  const setting *s = user;
  const bool few = s->n == 12;
  attrib_agi_options options = with_steps(o->rule, few ? 5 : 9, few ? 0 : .02);
  options.groups = o->groups;
  options.n_groups = o->n_groups;
  options.completeness_threshold = o->threshold;
  return attrib_agi(context, &s->model, s->input, s->target, &options, phi, report);
}

static void groups_are_sums(void **state) {
  (void)state;
  setting s;
  set_up(&s, 8, ATTRIB_F32, 7, 4, 3);
  check_groups_are_sums(&(step_call){call_shared, &s, 7});
  tear_down(&s);
}

static void a_threshold_on_completeness(void **state) {
  (void)state;
  setting s;
  set_up(&s, 2, ATTRIB_F64, 12, 3, 0);
  check_threshold(&(step_call){call_shared, &s, 12});
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
