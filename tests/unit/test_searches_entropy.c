/* Maximum entropy baselines of random classifiers: uniform within the goal, within the range, and what the search says
 * where it does not get there. */
#include "classifier_models.h"

static classifier c;
static char message[300];

static attrib_report fresh_report(void) {
  return (attrib_report){.struct_size = sizeof(attrib_report), .message = message, .message_capacity = sizeof message};
}

static attrib_search_options within(double low, double high) {
  return (attrib_search_options){.struct_size = sizeof(attrib_search_options), .low = low, .high = high};
}

/* What the report says of the row is so. */
static double check_row(const void *row, const attrib_search_options *o, const attrib_report *report) {
  double x[CLASSIFIER_INPUTS], p[CLASSIFIER_CLASSES];
  row_values(c.dtype, row, c.n, x);
  classifier_probabilities(&c, x, p);
  const double entropy = entropy_of(p, c.classes);
  assert_near(report->objective, entropy, 1e-12, 1);
  for (int64_t i = 0; i < c.n && (o->low != 0 || o->high != 0); i++) assert_true(x[i] >= o->low && x[i] <= o->high);
  assert_true(report->evaluations + report->output_evaluations == c.rows);
  /* The start may lie on a bound as the dtype rounds it. */
  if (o->low != 0 || o->high != 0)
    assert_true(c.lowest >= o->low && c.highest <= fmax(o->high, (double)(float)o->high));
  return 1 - entropy / log((double)c.classes);
}

/* Bounds that floats do not hold; starts NULL, inside, and on a bound. Of the networks of ReLUs some end where no
 * gradient leads on, after all manners of stepping: measured 4 of 96. */
static void uniform_within_the_goal(void **state) {
  (void)state;
  int stuck = 0;
  static const int64_t classes[] = {2, 3, 10}, inputs[] = {16, 16, 40};
  for (uint64_t seed = 1; seed <= 12; seed++)
    for (int which = 0; which < 24; which++) {
      const classifier_kind kind = (classifier_kind)(which % CLASSIFIER_KINDS);
      const int size = which / 3 % 3, from = (int)(seed % 3);
      make_classifier(&c, kind, seed, inputs[size], classes[size], which % 2 ? ATTRIB_F32 : ATTRIB_F64);
      c.probabilities = which >= 12;
      attrib_search_options o = within(-1.3, 1.1);
      o.flags = c.probabilities ? ATTRIB_SEARCH_PROBABILITIES : 0;
      double values[CLASSIFIER_INPUTS];
      fill_random(seed + 77, values, c.n);
      for (int64_t i = 0; i < c.n && from == 2; i++) values[i] = c.dtype == ATTRIB_F32 ? (double)1.1f : 1.1;
      void *start = as_row(c.dtype, values, c.n), *row = exact_block(row_bytes(c.dtype, c.n));
      const attrib_model model = classifier_model(&c);
      attrib_report report = fresh_report();
      const attrib_status status =
          attrib_baseline_max_entropy(NULL, &model, from == 0 ? NULL : start, &o, row, &report);
      const bool may_be_stuck = kind == CLASSIFIER_RELU && status == ATTRIB_NOT_CONVERGED;
      if (status != ATTRIB_OK && !may_be_stuck) fail_msg("seed %d, %d: %s", (int)seed, which, message);
      if (may_be_stuck) {
        stuck++;
        assert_true(check_row(row, &o, &report) > 1e-3);
        assert_true(report.stop_reason == (c.rows < 1000 ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_BUDGET));
        free(start);
        free(row);
        continue;
      }
      if (report.points > 0 || from < 2) assert_true(check_row(row, &o, &report) <= 1e-3);
      assert_int_equal(report.stop_reason, ATTRIB_STOP_TOLERANCE);
      const int64_t ends = report.evaluations - report.points; /* where no gradient led on: begun anew */
      assert_true(ends >= 0 && ends <= 2 && report.tolerance == 1e-3);
      assert_true(isnan(report.completeness_error) && isnan(report.output));
      assert_string_equal(message, "");
      free(start);
      free(row);
    }
  assert_true(stuck <= 6);
}

/* A tight goal, and probabilities that sum to a little more or less than 1, as those of float networks do: a sum that
 * is off by a part in 10^5 says nothing of what is missing of the entropy. */
static double off_by;
static int32_t ATTRIB_CALL evaluate_off(const attrib_batch *b, void *user) {
  const int32_t status = classifier_evaluate(b, user);
  for (int64_t r = 0; r < b->rows; r++)
    for (int64_t k = 0; k < (b->flags & ATTRIB_BATCH_ALL_OUTPUTS ? c.classes : 1); k++)
      b->outputs[r * b->output_stride + k] *= 1 + off_by;
  return status;
}
static void probabilities_off_one(void **state) {
  (void)state;
  for (int side = -1; side <= 1; side++) {
    make_classifier(&c, CLASSIFIER_SOFTPLUS, 3, 30, 5, ATTRIB_F64);
    c.probabilities = true;
    off_by = side * 1e-5;
    attrib_model model = classifier_model(&c);
    model.evaluate = evaluate_off;
    attrib_search_options o = within(-1, 1);
    o.flags = ATTRIB_SEARCH_PROBABILITIES;
    o.goal = 1e-9;
    attrib_report report = fresh_report();
    double row[CLASSIFIER_INPUTS];
    assert_status(attrib_baseline_max_entropy(NULL, &model, NULL, &o, row, &report), ATTRIB_OK, NULL);
    assert_true(check_row(row, &o, &report) <= 1.01e-9);
  }
}

/* The same rows are found from logits and from probabilities, up to round-off: the same function is minimised. */
static void logits_or_probabilities(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 6; seed++) {
    double rows[2][CLASSIFIER_INPUTS];
    for (int which = 0; which < 2; which++) {
      make_classifier(&c, CLASSIFIER_SOFTPLUS, seed, 20, 4, ATTRIB_F64);
      c.probabilities = which == 1;
      const attrib_model model = classifier_model(&c);
      attrib_search_options o = within(-1, 1);
      o.flags = c.probabilities ? ATTRIB_SEARCH_PROBABILITIES : 0;
      assert_status(attrib_baseline_max_entropy(NULL, &model, NULL, &o, rows[which], NULL), ATTRIB_OK, NULL);
    }
    assert_near(row_distance(rows[0], rows[1], 20), 0, 1e-9, 1);
  }
}

/* Logits 500 apart: the entropy has no slope there, the divergence has. */
static void from_saturated_starts(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 10; seed++)
    for (int kind = 0; kind < 2; kind++) {
      make_classifier(&c, CLASSIFIER_LINEAR, seed, 24, 4, kind ? ATTRIB_F32 : ATTRIB_F64);
      double values[CLASSIFIER_INPUTS], logits[CLASSIFIER_CLASSES];
      for (int64_t i = 0; i < c.n; i++) values[i] = 60 * c.last[1][i] - 60 * c.last[2][i];
      classifier_logits(&c, values, logits, NULL, NULL);
      assert_true(logits[1] - logits[2] > 500);
      void *start = as_row(c.dtype, values, c.n), *row = exact_block(row_bytes(c.dtype, c.n));
      const attrib_model model = classifier_model(&c);
      const attrib_search_options o = within(-200, 200);
      attrib_report report = fresh_report();
      if (attrib_baseline_max_entropy(NULL, &model, start, &o, row, &report) != ATTRIB_OK) fail_msg("%s", message);
      assert_true(check_row(row, &o, &report) <= 1e-3);
      free(start);
      free(row);
    }
}

/* Gradients whose squares leave the range of double. */
static double wide_scale;
static double wide(const double *x, int64_t n, double *g, const void *p) {
  (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = i == 0 ? wide_scale : 0;
  return wide_scale * x[0];
}
static double zero(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return 0;
}
static void any_scale_of_gradients(void **state) {
  (void)state;
  static const analytic_fn functions[] = {wide, zero};
  for (int sign = -1; sign <= 1; sign += 2) {
    wide_scale = pow(10, 200. * sign);
    const double start[] = {3 / wide_scale, 7};
    analytic a = {.functions = functions, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
    const attrib_model model = analytic_model(&a);
    attrib_report report = fresh_report();
    double row[2];
    assert_status(attrib_baseline_max_entropy(NULL, &model, start, NULL, row, &report), ATTRIB_OK, NULL);
    assert_true(report.objective >= (1 - 1e-3) * log(2) && row[1] == 7);
  }
}

/* Nowhere to go: nothing that moves is asked for again and again. */
static void at_the_end_of_the_range(void **state) {
  (void)state;
  wide_scale = 1;
  static const analytic_fn functions[] = {wide, zero};
  analytic a = {.functions = functions, .n_outputs = 2, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  const attrib_search_options o = within(1, 3);
  attrib_report report = fresh_report();
  double row[2] = {1, 2};
  assert_status(attrib_baseline_max_entropy(NULL, &model, row, &o, row, &report), ATTRIB_NOT_CONVERGED, NULL);
  assert_true(row[0] == 1 && row[1] == 2);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
  assert_true(report.points == 0 && report.evaluations == 1 && report.output_evaluations <= 3);
  assert_names(message, "no step");
}

/* A flat model: no slope at all. */
static void without_a_slope(void **state) {
  (void)state;
  static const analytic_fn flat[] = {zero, zero, zero};
  double start[] = {.25, .5};
  analytic a = {.functions = flat, .n_outputs = 3, .n_inputs = 2, .dtype = ATTRIB_F64};
  const attrib_model model = analytic_model(&a);
  attrib_report report = fresh_report();
  assert_status(attrib_baseline_max_entropy(NULL, &model, start, NULL, start, &report), ATTRIB_OK, NULL);
  assert_true(start[0] == .25 && start[1] == .5); /* uniform as it is */
  assert_true(report.evaluations == 0 && report.output_evaluations == 1 && report.points == 0);
}

/* Row by row of the budget: never more than it, NOT_CONVERGED with figures, and a row that is none the worse. */
static void budgets(void **state) {
  (void)state;
  double before = 2;
  for (int64_t budget = 1; budget <= 7; budget++) {
    make_classifier(&c, CLASSIFIER_RELU, 5, 20, 6, ATTRIB_F32);
    const attrib_model model = classifier_model(&c);
    attrib_search_options o = within(-2, 2);
    o.goal = 1e-9;
    o.max_evaluations = budget;
    double values[CLASSIFIER_INPUTS];
    fill_random(9, values, c.n);
    void *start = as_row(c.dtype, values, c.n);
    float *row = exact_copy(start, row_bytes(c.dtype, c.n)); /* searched in place */
    attrib_report report = fresh_report();
    assert_status(attrib_baseline_max_entropy(NULL, &model, row, &o, row, &report), ATTRIB_NOT_CONVERGED, NULL);
    assert_int_equal(c.rows, budget);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_BUDGET);
    assert_names(message, "max_evaluations ended");
    assert_names(message, "the entropy is");
    if (budget < 3) assert_memory_equal(row, start, row_bytes(c.dtype, c.n));
    const double missing = check_row(row, &o, &report);
    assert_true(missing <= before);
    if (budget == 1) before = missing;
    /* In a row of its own the result is the same. */
    float *apart = exact_block(row_bytes(c.dtype, c.n));
    assert_status(attrib_baseline_max_entropy(NULL, &model, start, &o, apart, NULL), ATTRIB_NOT_CONVERGED, NULL);
    assert_memory_equal(row, apart, row_bytes(c.dtype, c.n));
    free(apart);
    free(row);
    free(start);
  }
}

static void memory_is_that_of_the_row(void **state) {
  (void)state;
  int64_t bytes[2];
  for (int k = 0; k < 2; k++) {
    make_classifier(&c, CLASSIFIER_RELU, 5, 20, 6, ATTRIB_F32);
    const attrib_model model = classifier_model(&c);
    attrib_search_options o = within(-2, 2);
    o.goal = 1e-12;
    o.max_evaluations = k == 0 ? 3 : 400;
    attrib_report report = fresh_report();
    float row[CLASSIFIER_INPUTS];
    assert_true(attrib_baseline_max_entropy(NULL, &model, NULL, &o, row, &report) >= 0);
    assert_true(report.points >= (k == 0 ? 1 : 20));
    bytes[k] = report.peak_bytes;
  }
  assert_int_equal(bytes[0], bytes[1]);
}

static void refuse(const attrib_model *model, const void *start, const attrib_search_options *o, attrib_status expected,
                   const char *named) {
  attrib_report report = fresh_report();
  double *row = untouched(CLASSIFIER_INPUTS);
  attrib_run *run;
  assert_status(attrib_baseline_max_entropy(NULL, model, start, o, row, &report), expected, NULL);
  assert_names(message, named);
  assert_true(is_untouched(row, CLASSIFIER_INPUTS));
  assert_status(attrib_baseline_max_entropy_start(NULL, model, start, o, &run), expected, NULL);
  assert_null(run);
  free(row);
}

static void refused(void **state) {
  (void)state;
  make_classifier(&c, CLASSIFIER_LINEAR, 1, 4, 3, ATTRIB_F64);
  const attrib_model model = classifier_model(&c);
  const attrib_search_options good = within(-1, 1);
  const double start[] = {0, .5, -1, 1}, outside[] = {0, .5, -1, 1.0000001}, rubbish[] = {0, (double)NAN, 0, 0};
  attrib_model wrong = model;
  wrong.n_outputs = 1;
  refuse(&wrong, start, &good, ATTRIB_E_ARGUMENT, "n_outputs = 1");
  wrong = model;
  wrong.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
  refuse(&wrong, start, &good, ATTRIB_E_UNSUPPORTED, "ALL_OUTPUTS");
  wrong = model;
  wrong.flags &= ~(uint32_t)ATTRIB_MODEL_TARGET_WEIGHTS;
  refuse(&wrong, start, &good, ATTRIB_E_UNSUPPORTED, "TARGET_WEIGHTS");
  wrong = model;
  wrong.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  refuse(&wrong, start, &good, ATTRIB_E_UNSUPPORTED, "NO_GRADIENTS");
  refuse(&model, outside, &good, ATTRIB_E_ARGUMENT, "start");
  refuse(&model, rubbish, &good, ATTRIB_E_NONFINITE, "start");
  refuse(&model, NULL, NULL, ATTRIB_E_ARGUMENT, "start is NULL");
  attrib_search_options o = good;
  o.low = 2;
  refuse(&model, start, &o, ATTRIB_E_ARGUMENT, "low");
  o = good;
  o.flags = 6;
  refuse(&model, start, &o, ATTRIB_E_UNSUPPORTED, "flags = 0x6");
  o = good;
  o.reserved = 1;
  refuse(&model, start, &o, ATTRIB_E_UNSUPPORTED, "reserved");
  static const double goals[] = {-1e-9, 1, (double)NAN, (double)INFINITY};
  for (int k = 0; k < 4; k++) {
    o = good;
    o.goal = goals[k];
    refuse(&model, start, &o, ATTRIB_E_ARGUMENT, "goal");
  }
  o = good;
  o.max_evaluations = -1;
  refuse(&model, start, &o, ATTRIB_E_ARGUMENT, "max_evaluations = -1");
  o.max_evaluations = INT64_MAX;
  refuse(&model, start, &o, ATTRIB_E_ARGUMENT, "max_evaluations");
  attrib_report report = fresh_report();
  assert_status(attrib_baseline_max_entropy(NULL, &model, start, &good, NULL, &report), ATTRIB_E_ARGUMENT, NULL);
  assert_names(message, "row is NULL");
}

/* Logits that are said to be probabilities. */
static void negative_probabilities(void **state) {
  (void)state;
  int64_t refused_rows = 0;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    make_classifier(&c, CLASSIFIER_LINEAR, seed, 4, 3, ATTRIB_F64);
    const attrib_model model = classifier_model(&c);
    const double start[] = {0, .5, -1, 1};
    double logits[CLASSIFIER_CLASSES], row[] = {7, 7, 7, 7};
    attrib_search_options o = within(-1, 1);
    o.flags = ATTRIB_SEARCH_PROBABILITIES;
    attrib_report report = fresh_report();
    const attrib_status status = attrib_baseline_max_entropy(NULL, &model, start, &o, row, &report);
    classifier_logits(&c, start, logits, NULL, NULL);
    int64_t first = 0;
    while (first < 3 && !(logits[first] < 0)) first++;
    if (first < 3) {
      char named[60];
      snprintf(named, sizeof named, "output %d is %g, but options->flags", (int)first, logits[first]);
      assert_status(status, ATTRIB_E_ARGUMENT, NULL);
      assert_names(message, named);
      assert_true(report.failed_row == 0 && c.rows == 1 && row[0] == 7 && row[3] == 7);
      refused_rows++;
    } else if (status < 0) { /* a later row */
      assert_status(status, ATTRIB_E_ARGUMENT, NULL);
      assert_names(message, "is -");
      assert_true(report.failed_row > 0);
    }
  }
  assert_true(refused_rows > 5 && refused_rows < 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(uniform_within_the_goal),   cmocka_unit_test(probabilities_off_one),
      cmocka_unit_test(logits_or_probabilities),   cmocka_unit_test(from_saturated_starts),
      cmocka_unit_test(any_scale_of_gradients),    cmocka_unit_test(at_the_end_of_the_range),
      cmocka_unit_test(without_a_slope),           cmocka_unit_test(budgets),
      cmocka_unit_test(memory_is_that_of_the_row), cmocka_unit_test(refused),
      cmocka_unit_test(negative_probabilities),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
