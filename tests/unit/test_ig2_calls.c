/* IG2: references, representations, report and trace, memory, options, failures. The path itself: test_ig2.c. */
#include "ig2_setting.h"
#include "drive.h"

/* -- gradients that are not finite -------------------------------------------------------------------------------- */

typedef struct spoilt_model {
  attrib_model inner;
  uint32_t asks;     /* a row that asks for this is the one, */
  int64_t nth, seen; /* if it is the nth */
  int64_t feature;   /* of the gradient, or output */
  double value;
} spoilt_model;

static int32_t ATTRIB_CALL spoilt_evaluate(const attrib_batch *b, void *user) {
  spoilt_model *s = user;
  const int32_t status = s->inner.evaluate(b, s->inner.user);
  if ((b->flags & s->asks) != s->asks || s->seen++ != s->nth) return status;
  if (s->asks & ATTRIB_BATCH_GRADIENTS)
    attrib__rows_store(b->dtype, b->gradients, s->feature, 1, &s->value);
  else
    b->outputs[s->feature] = s->value;
  return status;
}

/* Of the distance all gradients count; of f those of features that move. And every output. */
static void what_must_be_finite(void **state) {
  (void)state;
  enum { STEPS = 4 };
  attrib_context *context = new_context(1, 0);
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  for (int t = 0; t < 2; t++)
    for (int rule = 0; rule < 2; rule++)
      for (int64_t nth = 0; nth < STEPS + 2; nth++)
        for (int what = 0; what < 4; what++) { /* h; the slope; f's gradient, of a feature that moves; that does not */
          if (what == 1 && nth >= STEPS) continue;
          if (what >= 2 && nth >= STEPS + rule) continue;
          setting s;
          set_up(&s, 11, dtypes[t], 7);
          s.set.count = 1;
          static const double rows[] = {1, 2, 0, -1, .5, .25, 1}; /* the third feature never moves */
          matrix a = {.n_inputs = 7, .n_outputs = 1, .rows = rows, .unit = 1, .dtype = dtypes[t]};
          spoilt_model spoilt = {.nth = nth,
                                 .feature = what == 0   ? 0
                                            : what == 1 ? nth % 7
                                            : what == 2 ? 1
                                                        : 2,
                                 .value = bad[nth % 3]};
          spoilt.asks = what == 0 ? ATTRIB_BATCH_ALL_OUTPUTS : ATTRIB_BATCH_GRADIENTS;
          attrib_model space = matrix_model(&a);
          attrib_model *bent = what < 2 ? &space : &s.model;
          spoilt.inner = *bent;
          bent->evaluate = spoilt_evaluate;
          bent->user = &spoilt;
          const attrib_ig2_options options = with_steps(rules[rule], STEPS, .01);
          double phi[7] = {7, 7, 7, 7, 7, 7, 7};
          const attrib_status status = attrib_ig2(context, &s.model, &space, s.input, 0, &s.set, &options, phi, NULL);
          assert_status(status, what == 3 ? ATTRIB_OK : ATTRIB_E_NONFINITE, context);
          assert_true(spoilt.seen > nth);
          if (what == 3) assert_true(phi[2] == 0 && phi[1] != 0);
          if (what != 3) {
            assert_names(attrib_context_error(context), what == 0 ? "output 0 is" : "the gradient of input ");
            assert_names(attrib_context_error(context), what < 2 ? "(second model, baseline 0" : "(baseline 0");
            assert_true(phi[0] == 7 && phi[6] == 7);
          }
          tear_down(&s);
        }
  attrib_context_destroy(context);
}

/* -- references --------------------------------------------------------------------------------------------------- */

static void many_references_are_the_weighted_mean(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      setting s;
      set_up(&s, 5, dtypes[t], 17);
      const attrib_ig2_options options = with_steps(rules[r], 8, .03);
      attrib_report report = fresh_report(), one = fresh_report();
      double *phi = explain(&s, &options, &report), mean[17] = {0}, outputs = 0, objective = 0;
      const attrib_baselines all = s.set;
      for (int k = 0; k < LINES; k += 2) {
        const double share = k == 0 ? .75 : .25;
        s.set = one_baseline((const char *)s.rows + (size_t)(k * s.n) * attrib__element_size(dtypes[t]));
        double *single = explain(&s, &options, &one);
        for (int i = 0; i < 17; i++) mean[i] += share * single[i];
        outputs += share * one.baseline_output;
        objective += share * one.objective;
        free(single);
      }
      for (int i = 0; i < 17; i++) assert_near(phi[i], mean[i], ROUND_OFF, 1);
      assert_near(report.baseline_output, outputs, ROUND_OFF, 10);
      assert_near(report.objective, objective, ROUND_OFF, 10);
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

/* -- the representation ------------------------------------------------------------------------------------------- */

/* Of a representation that answers as the model does, the same bits as of the model itself. */
static void the_model_can_be_its_own_representation(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++) {
      setting s;
      set_up(&s, 6, dtypes[t], 9);
      const attrib_ig2_options options = with_steps(rules[r], 9, 0);
      attrib_report report = fresh_report(), twin = fresh_report();
      s.representation = NULL;
      double *phi = explain(&s, &options, &report);
      s.representation = &s.model;
      double *same = explain(&s, &options, &twin);
      assert_same_bits(same, phi, 9);
      assert_true(report.objective == twin.objective && report.evaluations == twin.evaluations);
      free(same);
      free(phi);
      tear_down(&s);
    }
}

typedef struct pulled {
  setting *s;
  int64_t rows[8]; /* by the flags beside OUTPUTS, over 2 */
} pulled;

static int32_t ATTRIB_CALL evaluate_pulled(const attrib_batch *b, void *user) {
  pulled *p = user;
  const bool second = (b->flags & ATTRIB_BATCH_SECOND_MODEL) != 0;
  if (b->rows != 1 || !(b->flags & ATTRIB_BATCH_OUTPUTS) || b->n_outputs != (second ? 4 : 3)) return -98;
  p->rows[b->flags / 2]++;
  return sines_evaluate(b, second ? &p->s->h : &p->s->f);
}

/* h(r) and h: all outputs of the second; its slope: a gradient by weights; f: of the first, which may lack the flags.
 */
static void batches_in_the_pull_form_say_which_model(void **state) {
  (void)state;
  enum {
    ALL = ATTRIB_BATCH_ALL_OUTPUTS / 2,
    GRADIENT = ATTRIB_BATCH_GRADIENTS / 2,
    SECOND = ATTRIB_BATCH_SECOND_MODEL / 2
  };
  for (int t = 0; t < 2; t++)
    for (int r = 0; r < 2; r++)
      for (int self = 0; self < 2; self++) {
        setting s;
        set_up(&s, 12, dtypes[t], 6);
        const attrib_ig2_options options = with_steps(rules[r], 5, .01);
        if (self) s.representation = NULL;
        attrib_report report = fresh_report();
        double *called = explain(&s, &options, &report), pulled_phi[6];
        pulled p = {.s = &s};
        attrib_model model = s.model, space = s.space;
        model.evaluate = space.evaluate = NULL;
        if (!self) model.flags = 0;
        attrib_run *run;
        int64_t most_out;
        assert_int_equal(attrib_ig2_start(NULL, &model, self ? NULL : &space, s.input, 0, &s.set, &options, &run),
                         ATTRIB_OK);
        assert_int_equal(drive_with(run, evaluate_pulled, &p, IN_TURN, 0, &most_out), ATTRIB_OK);
        assert_int_equal(attrib_run_result(run, pulled_phi, NULL), ATTRIB_OK);
        attrib_run_destroy(run);
        assert_same_bits(pulled_phi, called, 6);
        assert_int_equal(most_out, 1);
        const int second = self ? 0 : SECOND;
        assert_int_equal(p.rows[ALL | second], 2 * 7);
        assert_int_equal(p.rows[GRADIENT | SECOND], self ? 0 : 2 * 5);
        assert_int_equal(p.rows[GRADIENT], 2 * (5 + r) + (self ? 2 * 5 : 0));
        assert_int_equal(p.rows[0], 2 * !r);
        free(called);
        tear_down(&s);
      }
}

static void representations_that_do_not_fit_are_named(void **state) {
  (void)state;
  typedef struct misfit {
    uint32_t flags, dtype;
    int64_t n_inputs, n_outputs;
    bool silent; /* no evaluate */
    attrib_status status;
    const char *names;
  } misfit;
  enum { BOTH = ATTRIB_MODEL_ALL_OUTPUTS | ATTRIB_MODEL_TARGET_WEIGHTS };
  static const misfit misfits[] = {
      {BOTH, ATTRIB_F64, 4, 4, false, ATTRIB_E_ARGUMENT, "representation->n_inputs = 4, dtype = 2"},
      {BOTH, ATTRIB_F32, 3, 4, false, ATTRIB_E_ARGUMENT,
       "representation->n_inputs = 3, dtype = 1: the model has 3 inputs of dtype 2"},
      {BOTH, 7, 3, 4, false, ATTRIB_E_ARGUMENT, "representation->dtype = 7"},
      {BOTH, ATTRIB_F64, 0, 4, false, ATTRIB_E_ARGUMENT, "representation->n_inputs = 0"},
      {BOTH, ATTRIB_F64, 3, -1, false, ATTRIB_E_ARGUMENT, "representation->n_outputs = -1"},
      {BOTH, ATTRIB_F64, 3, 0, false, ATTRIB_E_ARGUMENT, "representation->n_outputs is not stated"},
      {BOTH, ATTRIB_F64, 3, 4, true, ATTRIB_E_ARGUMENT, "representation->evaluate is NULL"},
      {ATTRIB_MODEL_ALL_OUTPUTS, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED,
       "representation->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS"},
      {ATTRIB_MODEL_TARGET_WEIGHTS, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED,
       "representation->flags lacks ATTRIB_MODEL_ALL_OUTPUTS"},
      {BOTH | ATTRIB_MODEL_NO_GRADIENTS, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED,
       "representation->flags has ATTRIB_MODEL_NO_GRADIENTS"},
      {BOTH | 0x4000, ATTRIB_F64, 3, 4, false, ATTRIB_E_UNSUPPORTED, "representation->flags = 0x4006"},
  };
  attrib_context *context = new_context(1, 0);
  setting s;
  set_up(&s, 1, ATTRIB_F64, 3);
  double *phi = untouched(3);
  for (int64_t k = 0; k < COUNT(misfits); k++) {
    attrib_model space = s.space;
    space.flags = misfits[k].flags;
    space.dtype = misfits[k].dtype;
    space.n_inputs = misfits[k].n_inputs;
    space.n_outputs = misfits[k].n_outputs;
    if (misfits[k].silent) space.evaluate = NULL;
    assert_status(attrib_ig2(context, &s.model, &space, s.input, 0, &s.set, NULL, phi, NULL), misfits[k].status,
                  context);
    assert_names(attrib_context_error(context), misfits[k].names);
  }
  for (int missing = 0; missing < 2; missing++) { /* the model itself, then, must have both flags */
    attrib_model model = s.model;
    model.flags = missing == 0 ? ATTRIB_MODEL_ALL_OUTPUTS : ATTRIB_MODEL_TARGET_WEIGHTS;
    assert_status(attrib_ig2(context, &model, NULL, s.input, 0, &s.set, NULL, phi, NULL), ATTRIB_E_UNSUPPORTED,
                  context);
    assert_names(attrib_context_error(context), missing == 0 ? "model->flags lacks ATTRIB_MODEL_TARGET_WEIGHTS"
                                                             : "model->flags lacks ATTRIB_MODEL_ALL_OUTPUTS");
    assert_null(strstr(attrib_context_error(context), "representation"));
  }
  assert_true(is_untouched(phi, 3));
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* -- report and trace --------------------------------------------------------------------------------------------- */

/* As report.h has it, from the end of the path to the input at alpha 1. The identity leads along the line, a linear f
 * is exact on it, and the path, of 4 steps that are enough for 5 1/3, ends at alpha 1/4. */
static void the_trace_is_the_curve_along_the_path(void **state) {
  (void)state;
  static const double identity[] = {1, 0, 0, 1}, weights[] = {2, -3}, x[] = {3, 4}, r[] = {0, 0};
  static const analytic_fn linear = f_linear;
  enum { STEPS = 4, MOVES = 3 };
  for (int rule = 0; rule < 2; rule++) {
    const int64_t rows = MOVES + rule;
    attrib_trace_point trace[STEPS + 1];
    attrib_report report = {.struct_size = sizeof report, .trace = trace, .trace_capacity = STEPS + 1};
    analytic f;
    matrix a = {.n_inputs = 2, .n_outputs = 2, .rows = identity, .unit = 1, .dtype = ATTRIB_F64};
    const attrib_model model = single_model(&f, &linear, ATTRIB_F64, 2, weights), space = matrix_model(&a);
    const attrib_baselines set = one_baseline(r);
    const attrib_ig2_options options = with_steps(rules[rule], STEPS, 5.0 / 3);
    double phi[2];
    assert_int_equal(attrib_ig2(NULL, &model, &space, x, 0, &set, &options, phi, &report), ATTRIB_OK);
    assert_int_equal(report.trace_count, rows);
    double edge = .25, curve = 0;
    for (int64_t j = 0; j < rows; j++) {
      const attrib_trace_point *p = &trace[rows - 1 - j];
      assert_int_equal(p->baseline, 0);
      assert_near(p->alpha, .25 + (double)(j + !rule) / STEPS, ROUND_OFF, 1);
      assert_near(curve + (p->alpha - edge) * p->slope, p->output, ROUND_OFF, 10);
      edge += p->weight;
      curve += p->weight * p->slope;
    }
    assert_near(edge, 1, ROUND_OFF, 1);
    assert_near(curve, report.attribution_sum, ROUND_OFF, 10);
    assert_near(curve, 2 * 3 - 3 * 4, ROUND_OFF, 10);
  }
}

/* Memory grows with the features alone, of model and representation: by what the header says, input and gradient of the
 * batch's row, its outputs, and for fetched references a row. */
static void memory_does_not_grow_with_steps(void **state) {
  (void)state;
  enum { MORE = 512, REFERENCES = 50 };
  for (int t = 0; t < 2; t++)
    for (int fetch = 0; fetch < 2; fetch++) {
      int64_t bytes[5];
      for (int k = 0; k < 5; k++) {
        setting s;
        set_up(&s, 3, dtypes[t], k == 3 ? MORE + 64 : 64);
        if (k == 4) {
          free_sines(&s.h);
          s.h = new_sines(4, dtypes[t], s.n, 4 + MORE);
          s.space = sines_model(&s.h);
        }
        void *rows = calloc((size_t)(REFERENCES * s.n), attrib__element_size(dtypes[t]));
        s.set = (attrib_baselines){.struct_size = sizeof s.set, .count = k == 1 ? REFERENCES : 2, .rows = rows};
        if (fetch) {
          s.set.count = k == 1 ? LINES : 2;
          s.set.rows = NULL;
          s.set.fetch = fetch_row;
          s.set.fetch_user = &s;
        }
        const attrib_ig2_options options = with_steps(rules[t], k == 2 ? 1000 : 3, 1e-6);
        attrib_report report = fresh_report();
        free(explain(&s, &options, &report));
        bytes[k] = report.peak_bytes;
        free(rows);
        tear_down(&s);
      }
      const int64_t element = (int64_t)attrib__element_size(dtypes[t]), number = sizeof(double);
      assert_true(bytes[0] > 0 && bytes[0] == bytes[1] && bytes[0] == bytes[2]);
      assert_int_equal(bytes[3] - bytes[0], MORE * (2 * number + (3 + 2 + fetch) * element));
      assert_int_equal(bytes[4] - bytes[0], MORE * (2 + 1) * number);
    }
}

/* Seven features go in nine steps; twelve in five, which miss completeness. */
static attrib_status call_shared(attrib_context *context, const step_options *o, double *phi, attrib_report *report,
                                 void *user) {
  const setting *s = user;
  const bool few = s->n == 12;
  attrib_ig2_options options = with_steps(o->rule, few ? 5 : 9, few ? .1 : .02);
  options.groups = o->groups;
  options.n_groups = o->n_groups;
  options.completeness_threshold = o->threshold;
  return attrib_ig2(context, &s->model, s->representation, s->input, 0, &s->set, &options, phi, report);
}

static void groups_are_sums(void **state) {
  (void)state;
  setting s;
  set_up(&s, 8, ATTRIB_F32, 7);
  check_groups_are_sums(&(step_call){call_shared, &s, 7});
  tear_down(&s);
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
  set_up(&s, 9, ATTRIB_F64, 8);
  s.set.count = 1;
  const attrib_ig2_options zeros = {.struct_size = sizeof zeros};
  const attrib_ig2_options named =
      with_steps(ATTRIB_RULE_TRAPEZOID, 201, 4.0 / 3 * distance_between(s.x, s.r, 8) / 201);
  const attrib_ig2_options *const given[] = {&zeros, NULL, &named};
  double *first = explain(&s, &zeros, NULL);
  for (int k = 0; k < 3; k++) {
    attrib_report report = fresh_report();
    double *phi = untouched(8);
    assert_int_equal(attrib_ig2(NULL, &s.model, &s.space, s.input, 0, &s.set, given[k], phi, &report), ATTRIB_OK);
    if (k < 2) assert_same_bits(phi, first, 8);
    for (int i = 0; i < 8; i++) assert_near(phi[i], first[i], 1e-12, 1); /* the length rounds */
    assert_int_equal(report.points, 201);
    free(phi);
  }
  free(first);
  tear_down(&s);
}

typedef struct wrong {
  attrib_ig2_options options; /* struct_size is filled in */
  attrib_status status;
  const char *names;
} wrong;

static const int32_t labels[] = {0, 1, 2};
static const double ones[] = {1, 1, 1};
static const wrong wrongs[] = {
    {{.flags = 8}, ATTRIB_E_UNSUPPORTED, "options->flags = 0x8"},
    {{.reserved0 = 5}, ATTRIB_E_UNSUPPORTED, "reserved0 = 5"},
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
    {{.n_groups = -1}, ATTRIB_E_ARGUMENT, "options->n_groups = -1"},
    {{.n_groups = 2}, ATTRIB_E_ARGUMENT, "options->n_groups = 2 with groups NULL"},
    {{.n_groups = 2, .groups = labels}, ATTRIB_E_ARGUMENT, "options->groups[2] = 2"},
    {{.completeness_threshold = -1}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -1"},
    {{.completeness_threshold = (double)NAN}, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {{.target_weights = ones}, ATTRIB_E_ARGUMENT, "target = 0: must be ATTRIB_NO_TARGET"},
};

/* In both forms; nothing is evaluated, fetched or written. */
static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  static watcher w, w_space;
  setting s;
  set_up(&s, 1, ATTRIB_F64, 3);
  s.model = watch(&w, s.model, false);
  s.space = watch(&w_space, s.space, true);
  double *phi = untouched(3);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    attrib_ig2_options options = wrongs[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &s.set, &options, phi, NULL), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_status(attrib_ig2_start(context, &s.model, &s.space, s.input, 0, &s.set, &options, &run), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_null(run);
  }
  static const char *const missing[] = {"model is NULL", "input is NULL", "references is NULL", "attributions is NULL"};
  for (int k = 0; k < 4; k++) {
    assert_status(attrib_ig2(context, k == 0 ? NULL : &s.model, &s.space, k == 1 ? NULL : s.input, 0,
                             k == 2 ? NULL : &s.set, NULL, k == 3 ? NULL : phi, NULL),
                  ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), missing[k]);
  }
  attrib_baselines none = s.set;
  none.count = 0;
  assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &none, NULL, phi, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "references->count = 0");
  assert_true(is_untouched(phi, 3) && w.count == 0 && w_space.count == 0);
  free(phi);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* A reference that is not finite is found when its turn comes, and named as what it is. */
static void a_reference_must_be_finite(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int fetch = 0; fetch < 2; fetch++) {
    setting s;
    set_up(&s, 1, ATTRIB_F64, 3);
    ((double *)s.rows)[2 * 3 + 1] = (double)NAN;
    if (fetch) {
      s.set.rows = NULL;
      s.set.fetch = fetch_row;
      s.set.fetch_user = &s;
    }
    double *phi = untouched(3);
    const attrib_ig2_options options = with_steps(0, 2, .1);
    assert_status(attrib_ig2(context, &s.model, &s.space, s.input, 0, &s.set, &options, phi, NULL), ATTRIB_E_NONFINITE,
                  context);
    assert_names(attrib_context_error(context), "references: row 2, element 1 is nan: must be finite");
    assert_true(is_untouched(phi, 3));
    free(phi);
    tear_down(&s);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_must_be_finite),
      cmocka_unit_test(many_references_are_the_weighted_mean),
      cmocka_unit_test(the_model_can_be_its_own_representation),
      cmocka_unit_test(batches_in_the_pull_form_say_which_model),
      cmocka_unit_test(representations_that_do_not_fit_are_named),
      cmocka_unit_test(the_trace_is_the_curve_along_the_path),
      cmocka_unit_test(memory_does_not_grow_with_steps),
      cmocka_unit_test(groups_are_sums),
      cmocka_unit_test(a_threshold_on_completeness),
      cmocka_unit_test(zeros_are_defaults),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(a_reference_must_be_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
