/* test_sensitivity_max.c - maximum sensitivity: values, points, and callbacks that fail, stop and return rubbish. */
#include "faithful.h"
#include "meter.h"

enum { N = 2, MOST = 4000 };

/* A map of the caller's, which writes down what it was asked for and misbehaves on demand. */
typedef struct explainer {
  uint32_t dtype;
  int64_t n;
  double matrix[N]; /* diagonal */
  int64_t calls;
  double points[MOST][N];
  uint64_t seeds[MOST];
  int64_t at; /* the call that returns the code, and whose first attribution is spoilt; < 0 = none */
  int32_t code;
  bool forgets, spoils;
  double spoilt;
  attrib_context *cancels; /* at that call */
  const char *says;        /* into the report's message */
  bool wrong;
} explainer;

static int32_t ATTRIB_CALL explain(const attrib_explanation *wanted, void *user) {
  explainer *e = user;
  const int64_t k = e->calls++;
  e->wrong |= wanted->struct_size != sizeof *wanted || wanted->flags != 0 || wanted->reserved != NULL;
  e->wrong |= wanted->index != k || wanted->report == NULL || wanted->report->struct_size != sizeof *wanted->report;
  e->wrong |= wanted->report->message == NULL || wanted->report->message_capacity < 200;
  e->seeds[k] = wanted->seed;
  for (int64_t i = 0; i < e->n; i++) {
    e->points[k][i] = element_of(e->dtype, wanted->input, i);
    if (k == e->at && e->forgets && i == e->n - 1) continue;
    wanted->attributions[i] = k == e->at && e->spoils && i == 0 ? e->spoilt : e->matrix[i] * e->points[k][i];
  }
  if (k == e->at && e->cancels != NULL) attrib_context_cancel(e->cancels);
  if (k == e->at && e->says != NULL)
    snprintf(wanted->report->message, (size_t)wanted->report->message_capacity, "%s", e->says);
  return k == e->at ? e->code : 0;
}

static explainer new_explainer(uint32_t dtype) {
  return (explainer){.dtype = dtype, .n = N, .matrix = {1, 2}, .at = -1};
}

static const double ones[N] = {1, 1};

static attrib_report new_report(char *message, int64_t capacity) {
  return (attrib_report){.struct_size = sizeof(attrib_report), .message = message, .message_capacity = capacity};
}

/* phi = A x at (1, 1), A = diag(1, 2), r = 0.02: 0.02 at a corner, from below. */
static void exact_values(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    void *input = as_row(dtype, ones, N);
    explainer e = new_explainer(dtype);
    attrib_report report = new_report(NULL, 0);
    double value, before = 0, errors[1] = {0};
    report.standard_errors = errors;
    assert_int_equal(attrib_sensitivity_max(NULL, dtype, N, input, N, explain, &e, NULL, &value, &report), ATTRIB_OK);
    assert_int_equal(e.calls, 11);
    assert_true(report.samples == 10 && report.sigma == .02 && report.objective == value && report.seed == 0);
    assert_true(report.stop_reason == ATTRIB_STOP_COMPLETE && report.failed_row == -1 && isnan(errors[0]));
    assert_true(report.evaluations == 0 && report.output_evaluations == 0 && report.peak_bytes > 0);
    for (int64_t samples = 10; samples <= 2560; samples *= 4) {
      e = new_explainer(dtype);
      const attrib_sensitivity_max_options options = {.struct_size = sizeof options, .samples = samples};
      assert_int_equal(attrib_sensitivity_max(NULL, dtype, N, input, N, explain, &e, &options, &value, NULL),
                       ATTRIB_OK);
      assert_true(value >= before && value <= .02); /* the points of fewer samples, and more */
      double plain = 0;
      for (int64_t k = 1; k <= samples; k++) {
        const double a = e.points[k][0] - e.points[0][0], b = 2 * (e.points[k][1] - e.points[0][1]);
        plain = fmax(plain, sqrt((a * a + b * b) / 5));
      }
      assert_near(value, plain, ROUND_OFF, plain);
      assert_false(e.wrong);
      before = value;
    }
    assert_true(value > .0195);
    free(input);
  }
}

/* Within the radius and the range, to the last bit; element by element and point by point independent of the others. */
static void points_lie_in_the_box(void **state) {
  (void)state;
  static const double x[N] = {1000.1, -.01};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int way = 0; way < 3; way++) {
      void *input = as_row(dtype, x, N);
      explainer e = new_explainer(dtype);
      const double radius = way == 1 ? 2e-4 : .02;
      attrib_sensitivity_max_options options = {
          .struct_size = sizeof options, .samples = 2000, .radius = way == 0 ? 0 : radius, .seed = 7};
      if (way == 2) options.low = -.02, options.high = 1000.105;
      double value, low[N] = {1e9, 1e9}, high[N] = {-1e9, -1e9};
      assert_int_equal(attrib_sensitivity_max(NULL, dtype, N, input, N, explain, &e, &options, &value, NULL),
                       ATTRIB_OK);
      for (int64_t k = 1; k <= 2000; k++)
        for (int i = 0; i < N; i++) {
          const double y = e.points[k][i], off = y - e.points[0][i];
          assert_true(fabs(off) <= radius);
          if (way == 2) assert_true(y >= -.02 && y <= 1000.105);
          low[i] = fmin(low[i], off), high[i] = fmax(high[i], off);
          assert_true(e.seeds[k] == 7);
        }
      for (int i = 0; i < N; i++) { /* it comes near to the ends that there are */
        assert_true(low[i] < -.8 * (way == 2 && i == 1 ? .01 : radius));
        assert_true(high[i] > .8 * (way == 2 && i == 0 ? .004 : radius));
      }
      free(input);
    }
  /* A radius that the type does not resolve: the point is the input. */
  const float far = 1e6F;
  explainer e = new_explainer(ATTRIB_F32);
  e.n = 1;
  double value;
  assert_int_equal(attrib_sensitivity_max(NULL, ATTRIB_F32, 1, &far, 1, explain, &e, NULL, &value, NULL), ATTRIB_OK);
  assert_true(value == 0);
}

/* -- explanations by this library --------------------------------------------------------------------------------- */

typedef struct library_explainer {
  attrib_model model;
  attrib_context *context;
  bool anew;    /* noise of its own for every point */
  bool taylor;  /* SmoothTaylor, else integrated gradients from zeros */
  double least; /* completeness_threshold */
  int64_t target;
} library_explainer;

static int32_t ATTRIB_CALL explain_by_library(const attrib_explanation *wanted, void *user) {
  static const double zeros[FAITHFUL_N];
  const library_explainer *e = user;
  if (e->taylor) {
    const attrib_smoothgrad_options options = {.struct_size = sizeof options,
                                               .flags = ATTRIB_SMOOTH_INDEPENDENT,
                                               .form = ATTRIB_SMOOTH_TAYLOR,
                                               .samples = 5,
                                               .sigma = .5,
                                               .seed = wanted->seed + (e->anew ? (uint64_t)wanted->index : 0)};
    return attrib_smoothgrad(e->context, &e->model, wanted->input, e->target, &options, wanted->attributions,
                             wanted->report);
  }
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 4);
  options.completeness_threshold = e->least;
  const attrib_baselines baselines = one_baseline(zeros);
  return attrib_integrated_gradients(e->context, &e->model, wanted->input, e->target, &baselines, &options,
                                     wanted->attributions, wanted->report);
}

/* The SmoothTaylor map of a linear f is noise alone: with common random numbers it does not move. */
static void noise_alone_is_no_sensitivity(void **state) {
  (void)state;
  static const double weights[FAITHFUL_N] = {1, 2, 3, 4, 5, 6, 7, 8};
  static const analytic_fn linear[] = {f_linear};
  analytic a;
  double x[FAITHFUL_N], value;
  fill_random(5, x, FAITHFUL_N);
  library_explainer e = {.model = single_model(&a, linear, ATTRIB_F64, FAITHFUL_N, weights), .taylor = true};
  const attrib_sensitivity_max_options options = {.struct_size = sizeof options, .seed = 99};
  assert_int_equal(attrib_sensitivity_max(NULL, ATTRIB_F64, FAITHFUL_N, x, FAITHFUL_N, explain_by_library, &e, &options,
                                          &value, NULL),
                   ATTRIB_OK);
  assert_true(value <= 64 * ROUND_OFF);
  e.anew = true;
  assert_int_equal(attrib_sensitivity_max(NULL, ATTRIB_F64, FAITHFUL_N, x, FAITHFUL_N, explain_by_library, &e, &options,
                                          &value, NULL),
                   ATTRIB_OK);
  assert_true(value > .5);
}

/* The report handed on brings rows, calls, memory and messages. */
static void rows_are_counted(void **state) {
  (void)state;
  static const analytic_fn waves[] = {f_waves};
  analytic a;
  double x[FAITHFUL_N], value;
  char message[400];
  fill_random(6, x, FAITHFUL_N);
  attrib_context *mine = new_context(2, 0), *outer = new_context(1, 0);
  for (int way = 0; way < 2; way++) {
    library_explainer e = {.model = single_model(&a, waves, ATTRIB_F64, FAITHFUL_N, NULL),
                           .context = way == 0 ? mine : NULL};
    attrib_report report = new_report(message, sizeof message);
    assert_int_equal(attrib_sensitivity_max(outer, ATTRIB_F64, FAITHFUL_N, x, FAITHFUL_N, explain_by_library, &e, NULL,
                                            &value, &report),
                     ATTRIB_OK);
    assert_int_equal(report.evaluations, 11 * 4);
    assert_int_equal(report.output_evaluations, 11 * 2);
    assert_true(report.model_calls >= 11 && report.peak_bytes > attrib_context_memory(outer));
    assert_true(value > 0 && message[0] == '\0');
    e.least = 1e-12; /* does not converge */
    assert_int_equal(attrib_sensitivity_max(outer, ATTRIB_F64, FAITHFUL_N, x, FAITHFUL_N, explain_by_library, &e, NULL,
                                            &value, &report),
                     ATTRIB_NOT_CONVERGED);
    assert_names(message, "explain did not converge for point 0: ");
    assert_names(message, "completeness_threshold");
    assert_true(value == report.objective && report.samples == 10 && report.model_status == ATTRIB_NOT_CONVERGED);
    e.target = 7;
    assert_int_equal(attrib_sensitivity_max(outer, ATTRIB_F64, FAITHFUL_N, x, FAITHFUL_N, explain_by_library, &e, NULL,
                                            &value, &report),
                     ATTRIB_E_CALLBACK);
    assert_names(message, "explain returned -1 for point 0: target = 7");
    assert_true(report.model_status == ATTRIB_E_ARGUMENT && report.failed_row == 0);
  }
  /* The metric's own context is in use. */
  library_explainer e = {.model = single_model(&a, waves, ATTRIB_F64, FAITHFUL_N, NULL), .context = outer};
  attrib_report report = new_report(message, sizeof message);
  assert_int_equal(attrib_sensitivity_max(outer, ATTRIB_F64, FAITHFUL_N, x, FAITHFUL_N, explain_by_library, &e, NULL,
                                          &value, &report),
                   ATTRIB_E_CALLBACK);
  assert_names(message, "explain returned -7 for point 0: ");
  assert_names(message, attrib_status_text(ATTRIB_E_BUSY));
  attrib_context_destroy(mine);
  attrib_context_destroy(outer);
}

/* -- ends --------------------------------------------------------------------------------------------------------- */

enum { SAMPLES = 4 };
static const attrib_sensitivity_max_options few = {.struct_size = sizeof few, .samples = SAMPLES};

/* A call whose explanation `at` ends it. prefix: the value after that many points. */
static attrib_status end_at(attrib_context *context, explainer *e, double *value, attrib_report *report,
                            char *message) {
  *report = new_report(message, 400);
  *value = -12345.5;
  e->calls = 0;
  return attrib_sensitivity_max(context, ATTRIB_F64, N, ones, N, explain, e, &few, value, report);
}

static void expect_prefix(const double *prefixes, int64_t points, double value) {
  if (points == 0)
    assert_true(isnan(value));
  else
    assert_true(value == prefixes[points]);
}

static void every_callback_may_end_it(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double prefixes[SAMPLES + 1], value;
  char message[400];
  attrib_report report;
  for (int64_t k = 1; k <= SAMPLES; k++) {
    explainer e = new_explainer(ATTRIB_F64);
    attrib_sensitivity_max_options options = few;
    options.samples = k;
    assert_int_equal(attrib_sensitivity_max(context, ATTRIB_F64, N, ones, N, explain, &e, &options, &prefixes[k], NULL),
                     ATTRIB_OK);
  }
  for (int64_t at = 0; at <= SAMPLES; at++) {
    const int64_t points = at == 0 ? 0 : at - 1;
    explainer e = new_explainer(ATTRIB_F64);
    e.at = at;
    e.code = -33;
    e.says = "it was like this";
    assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_E_CALLBACK);
    assert_true(value == -12345.5 && report.model_status == -33 && report.failed_row == at);
    assert_true(report.stop_reason == ATTRIB_STOP_ERROR && e.calls == at + 1 && report.samples == points);
    assert_names(message, "explain returned -33 for point ");
    assert_names(message, ": it was like this");
    assert_string_equal(message, attrib_context_error(context));
    for (int32_t code = 1; code <= 4; code += 3) { /* CANCELLED, and any other number */
      e.code = code;
      assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_CANCELLED);
      assert_true(report.stop_reason == ATTRIB_STOP_CALLBACK && report.model_status == code);
      assert_true(report.failed_row == at && e.calls == at + 1 && report.samples == points && message[0] == '\0');
      expect_prefix(prefixes, points, value);
    }
    e.code = ATTRIB_UNDEFINED;
    assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_UNDEFINED);
    assert_true(isnan(value) && isnan(report.objective) && e.calls == at + 1);
    assert_names(message, "explain has no attributions for point ");
    e.code = ATTRIB_NOT_CONVERGED;
    assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_NOT_CONVERGED);
    assert_true(value == prefixes[SAMPLES] && e.calls == SAMPLES + 1 && report.failed_row == -1);
    assert_names(message, "explain did not converge for point ");
    e.code = 0;
    for (int way = 0; way < 3; way++) { /* NaN, infinite, unwritten */
      e.spoils = way < 2;
      e.forgets = way == 2;
      e.spoilt = way == 0 ? (double)NAN : (double)INFINITY;
      assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_E_NONFINITE);
      assert_true(value == -12345.5 && report.failed_row == at && e.calls == at + 1);
      char names[60];
      snprintf(names, sizeof names, way == 2 ? "attribution 1 of point %d unwritten" : "attribution 0 of point %d is ",
               (int)at);
      assert_names(message, names);
    }
    e.forgets = false;
    e.cancels = context;
    assert_int_equal(end_at(context, &e, &value, &report, message), at == SAMPLES ? ATTRIB_OK : ATTRIB_CANCELLED);
    assert_true(report.failed_row == -1 && e.calls == at + 1 && report.samples == at);
    expect_prefix(prefixes, at, value);
    assert_int_equal(report.stop_reason, at < SAMPLES ? ATTRIB_STOP_CANCEL : ATTRIB_STOP_COMPLETE);
    e = new_explainer(ATTRIB_F64); /* and the context is in order again */
    assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_OK);
    assert_true(value == prefixes[SAMPLES]);
  }
  explainer e = new_explainer(ATTRIB_F64);
  attrib_context_cancel(context);
  assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_CANCELLED);
  assert_true(e.calls == 0 && isnan(value) && report.stop_reason == ATTRIB_STOP_CANCEL);
  attrib_context_destroy(context);
}

typedef struct listener {
  int64_t calls, stop_at;
  bool wrong;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  l->wrong |= progress->evaluations != l->calls + 1 || progress->planned != SAMPLES + 1;
  return l->calls++ == l->stop_at ? 1 : 0;
}

static void progress_is_told(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double value;
  char message[400];
  attrib_report report;
  for (int64_t at = -1; at <= SAMPLES; at++) {
    listener l = {.stop_at = at};
    explainer e = new_explainer(ATTRIB_F64);
    assert_int_equal(attrib_context_set_progress(context, listen, &l), ATTRIB_OK);
    const bool cut = at >= 0 && at < SAMPLES;
    assert_int_equal(end_at(context, &e, &value, &report, message), cut ? ATTRIB_CANCELLED : ATTRIB_OK);
    assert_int_equal(report.stop_reason, cut ? ATTRIB_STOP_PROGRESS : ATTRIB_STOP_COMPLETE);
    assert_int_equal(e.calls, cut ? at + 1 : SAMPLES + 1);
    assert_true(l.calls == e.calls && !l.wrong);
    assert_int_equal(report.samples, e.calls - 1);
  }
  attrib_context_destroy(context);
}

static void memory_runs_out(void **state) {
  (void)state;
  double value;
  char message[400];
  attrib_report report;
  for (int64_t n = 0;; n++) {
    meter m;
    meter_start(&m);
    attrib_context *context = meter_context(&m, 1, 0, NULL);
    explainer e = new_explainer(ATTRIB_F64);
    m.fail_at = m.allocations + n;
    const attrib_status status = end_at(context, &e, &value, &report, message);
    const bool failed = m.allocations > m.fail_at;
    assert_int_equal(status, failed ? ATTRIB_E_MEMORY : ATTRIB_OK);
    if (failed) assert_true(e.calls == 0 && value == -12345.5 && strstr(message, "memory") != NULL);
    if (!failed) assert_int_equal(report.peak_bytes, (int64_t)m.live);
    m.fail_at = -1;
    assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_OK);
    const int64_t allocations = m.allocations;
    assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_OK);
    assert_int_equal(m.allocations, allocations); /* a repeat asks for nothing */
    attrib_context_destroy(context);
    meter_finish(&m);
    if (!failed) {
      assert_true(n > 0);
      return;
    }
  }
}

/* -- what does not exist, and what is wrong -------------------------------------------------------------------------
 */

static void no_length_no_value(void **state) {
  (void)state;
  explainer e = new_explainer(ATTRIB_F64);
  double value;
  char message[400];
  attrib_report report;
  e.matrix[0] = e.matrix[1] = 0;
  assert_int_equal(end_at(NULL, &e, &value, &report, message), ATTRIB_UNDEFINED);
  assert_true(isnan(value) && isnan(report.objective) && e.calls == 1);
  assert_names(message, "all attributions of the input are 0");
  /* As small and as large as they come. */
  double plain;
  e = new_explainer(ATTRIB_F64);
  assert_int_equal(end_at(NULL, &e, &plain, &report, message), ATTRIB_OK);
  for (int way = 0; way < 2; way++) {
    e.matrix[0] = ldexp(1, way ? 1020 : -960);
    e.matrix[1] = 2 * e.matrix[0];
    assert_int_equal(end_at(NULL, &e, &value, &report, message), ATTRIB_OK);
    assert_near(value, plain, ROUND_OFF, plain);
  }
  e.at = 2;
  e.spoils = true;
  e.spoilt = -DBL_MAX;
  e.matrix[0] = DBL_MAX / 2;
  e.matrix[1] = 0;
  assert_int_equal(end_at(NULL, &e, &value, &report, message), ATTRIB_E_OVERFLOW);
  assert_names(message, "farther than a double can say");
}

/* A context that an open run has. */
static void busy(void **state) {
  (void)state;
  static const analytic_fn waves[] = {f_waves};
  analytic a;
  const attrib_model model = single_model(&a, waves, ATTRIB_F64, N, NULL);
  attrib_context *context = new_context(1, 0);
  attrib_run *run;
  explainer e = new_explainer(ATTRIB_F64);
  double value;
  char message[400];
  attrib_report report;
  assert_int_equal(attrib_gradient_start(context, &model, ones, 0, NULL, &run), ATTRIB_OK);
  assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_E_BUSY);
  assert_string_equal(message, attrib_status_text(ATTRIB_E_BUSY));
  assert_true(value == -12345.5 && e.calls == 0 && report.stop_reason == ATTRIB_STOP_ERROR);
  attrib_run_destroy(run);
  assert_int_equal(end_at(context, &e, &value, &report, message), ATTRIB_OK);
  attrib_context_destroy(context);
}

static void wrong_arguments(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  explainer e = new_explainer(ATTRIB_F64);
  double value = 3, bad[N] = {1, (double)NAN};
  const struct {
    attrib_sensitivity_max_options options;
    uint32_t dtype;
    int64_t n, count;
    const void *input;
    attrib_explain_fn explain;
    double *value;
    attrib_status status;
    const char *names;
  } cases[] = {
      {{.flags = 1}, 2, N, N, ones, explain, &value, ATTRIB_E_UNSUPPORTED, "options->flags = 0x1"},
      {{.samples = -1}, 2, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "options->samples = -1"},
      {{.radius = -1}, 2, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "options->radius = -1"},
      {{.radius = (double)NAN}, 2, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "options->radius = nan"},
      {{.radius = (double)INFINITY}, 2, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "options->radius = inf"},
      {{.low = 2, .high = 1}, 2, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "options->low = 2, high = 1"},
      {{.low = 2, .high = 3}, 2, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "the input runs from 1"},
      {{0}, 3, N, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "dtype = 3"},
      {{0}, 2, 0, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "n_inputs = 0"},
      {{0}, 2, INT64_MAX, N, ones, explain, &value, ATTRIB_E_ARGUMENT, "n_inputs = 9223372036854775807"},
      {{0}, 2, N, 0, ones, explain, &value, ATTRIB_E_ARGUMENT, "n_attributions = 0"},
      {{0}, 2, N, INT64_MAX, ones, explain, &value, ATTRIB_E_OVERFLOW, "n_attributions = 9223372036854775807"},
      {{0}, 2, N, N, NULL, explain, &value, ATTRIB_E_ARGUMENT, "input is NULL"},
      {{0}, 2, N, N, bad, explain, &value, ATTRIB_E_NONFINITE, "input"},
      {{0}, 2, N, N, ones, NULL, &value, ATTRIB_E_ARGUMENT, "explain is NULL"},
      {{0}, 2, N, N, ones, explain, NULL, ATTRIB_E_ARGUMENT, "value is NULL"},
  };
  for (int64_t k = 0; k < COUNT(cases); k++) {
    attrib_sensitivity_max_options options = cases[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_sensitivity_max(context, cases[k].dtype, cases[k].n, cases[k].input, cases[k].count,
                                         cases[k].explain, &e, &options, cases[k].value, NULL),
                  cases[k].status, context);
    assert_names(attrib_context_error(context), cases[k].names);
    assert_true(value == 3 && e.calls == 0);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_values),
      cmocka_unit_test(points_lie_in_the_box),
      cmocka_unit_test(noise_alone_is_no_sensitivity),
      cmocka_unit_test(rows_are_counted),
      cmocka_unit_test(every_callback_may_end_it),
      cmocka_unit_test(progress_is_told),
      cmocka_unit_test(memory_runs_out),
      cmocka_unit_test(no_length_no_value),
      cmocka_unit_test(busy),
      cmocka_unit_test(wrong_arguments),
  };
  return cmocka_run_group_tests_name("sensitivity max", tests, NULL, NULL);
}
