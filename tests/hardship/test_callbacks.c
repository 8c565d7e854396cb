/* Callbacks that fail, stop, or return rubbish, at every row, in every method, for every way of working. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hardship.h"

static const uint32_t worker_counts[] = {1, 2, 4}, row_counts[] = {1, 3, 0};
enum { WAYS = 3 };

/* The bits of the results of prefixes and of their standard errors, by their length: the same for every way of working.
 */
enum { MOST_ROWS = 520, MANY_ROWS = 200, FEW_ROWS = 16, MOST_RESULTS = 8 };
typedef struct prefixes {
  bool known[MOST_ROWS];
  double results[MOST_ROWS][MOST_RESULTS], errors[MOST_ROWS][MOST_RESULTS];
} prefixes;

typedef struct trial {
  stage *s;
  scene which;
  attrib_context *context;
  prefixes *prefixes;
  const char *name; /* of the trial, for failures */
} trial;

/* Where a scene does not say what the standard errors are, they are numbers all the same. */
static void check_errors(const trial *t, int64_t rows, const double *errors) {
  int64_t length = scene_results(t->s, t->which);
  double expected[MOST_RESULTS];
  bool said = scene_expect_errors(t->s, t->which, rows, expected);
  for (int64_t i = 0; i < length && !said; i++) {
    assert_true(isfinite(errors[i]) && errors[i] >= 0);
    expected[i] = errors[i];
  }
  assert_close(errors, expected, length, t->name);
}

static void check_prefix(const trial *t, const attrib_report *report, const double *results) {
  int64_t length = scene_results(t->s, t->which), rows = report->evaluations + report->output_evaluations;
  double expected[MOST_RESULTS];
  scene_expect(t->s, t->which, rows, expected);
  assert_close(results, expected, length, t->name);
  assert_int_equal(report->samples, scene_held(t->s, t->which, rows));
  if (scene_is_sampled(t->which)) assert_int_equal(report->points, scene_points(t->s, t->which, rows));
  if (t->which < SCENE_RUNS) check_errors(t, rows, report->standard_errors);
  size_t bytes = (size_t)length * sizeof *results;
  if (!t->prefixes->known[rows]) {
    memcpy(t->prefixes->results[rows], results, bytes);
    memcpy(t->prefixes->errors[rows], report->standard_errors, bytes);
  }
  t->prefixes->known[rows] = true;
  assert_memory_equal(t->prefixes->results[rows], results, bytes);
  assert_memory_equal(t->prefixes->errors[rows], report->standard_errors, bytes);
}

/* Outputs: the rows used are right, those from the failing one on are NaN, those between in its batch either; other
 * methods write nothing. */
static void check_failed_results(const trial *t, int64_t used, int64_t failed_row, const double *results) {
  int64_t length = scene_results(t->s, t->which);
  if (t->which < SCENE_RUNS) {
    assert_true(is_untouched(results, length));
    return;
  }
  double expected[MOST_RESULTS];
  scene_expect(t->s, t->which, failed_row, expected);
  for (int64_t i = used * (length / t->s->count); i < length; i++)
    if (isnan(results[i])) expected[i] = results[i];
  assert_close(results, expected, length, t->name);
}

static void check_stopped(const trial *t, attrib_status status, const attrib_report *report, const double *results) {
  int64_t row = atomic_load(&t->s->first_row), used = report->evaluations + report->output_evaluations;
  assert_int_equal(status, ATTRIB_CANCELLED);
  assert_int_equal(report->stop_reason, ATTRIB_STOP_CALLBACK);
  assert_int_equal(report->model_status, 1000 + row);
  assert_int_equal(report->failed_row, row);
  assert_int_equal(used, row);
  assert_string_equal(report->message, "");
  assert_string_equal(attrib_context_error(t->context), "");
  check_prefix(t, report, results);
}

static void check_failed(const trial *t, attrib_status status, const attrib_report *report, const double *results) {
  const stage *s = t->s;
  int64_t first = atomic_load(&t->s->first_row), used = report->evaluations + report->output_evaluations;
  bool failed = s->fault == FAULT_FAIL;
  assert_int_equal(status, failed ? ATTRIB_E_CALLBACK : ATTRIB_E_NONFINITE);
  assert_int_equal(report->stop_reason, ATTRIB_STOP_ERROR);
  assert_int_equal(report->model_status, failed ? -(1000 + first) : 0);
  /* The callback fails for a batch, whose first row stands for it; rubbish is found where it lies. */
  assert_int_equal(report->failed_row, failed || s->fault == FAULT_IDLE ? first : s->at);
  assert_true(first <= s->at);
  assert_int_equal(used, first);
  char row[40];
  snprintf(row, sizeof row, "row %" PRId64, report->failed_row);
  assert_non_null(strstr(report->message, row));
  assert_string_equal(report->message, attrib_context_error(t->context));
  if (s->fault == FAULT_INFINITE) {
    snprintf(row, sizeof row, "input %" PRId64, s->n - 1);
    assert_non_null(strstr(report->message, row));
  }
  if (s->fault == FAULT_NO_OUTPUT || s->fault == FAULT_NO_GRADIENT || s->fault == FAULT_IDLE)
    assert_non_null(strstr(report->message, "unwritten"));
  check_failed_results(t, used, report->failed_row, results);
  assert_true(is_untouched(report->standard_errors, scene_results(s, t->which)));
}

static void try_fault(const trial *t, bool pull) {
  stage *s = t->s;
  int64_t length = scene_results(s, t->which);
  double *results = untouched(length), *errors = untouched(length);
  attrib_report *report = report_open(300);
  report->standard_errors = errors;
  attrib_status status = pull ? scene_pull(s, t->which, t->context, 3, results, report)
                              : scene_play(s, t->which, t->context, results, report);
  bool needs_gradient = s->fault == FAULT_NO_GRADIENT || s->fault == FAULT_INFINITE;
  int64_t rows = scene_rows(s, t->which);
  bool strikes = s->fault != FAULT_NONE && s->at < rows;
  if (needs_gradient && strikes && !s->onwards) strikes = scene_row_has_gradient(s, t->which, s->at);
  if (!strikes) {
    assert_int_equal(status, scene_status(s, t->which));
    assert_int_equal(report->stop_reason, scene_stop_reason(s, t->which));
    assert_int_equal(report->evaluations + report->output_evaluations, rows);
    assert_int_equal(report->failed_row, -1);
    check_prefix(t, report, results);
  } else if (s->fault == FAULT_STOP) {
    check_stopped(t, status, report, results);
  } else {
    check_failed(t, status, report, results);
  }
  free(errors);
  free(results);
  report_close(report);
}

/* At every row; of the long scenes, a fault that stops at every row and the others at every row in turn; of the longest
 * both at every 17th only, and that where draws begin and end. */
static bool is_tried(const trial *t, int kind, int64_t at) {
  int64_t rows = scene_rows(t->s, t->which);
  if (rows <= FEW_ROWS || kind == FAULT_NONE) return true;
  if (kind != FAULT_STOP) return at % (FAULT_IDLE + 1) == kind && (rows <= MANY_ROWS || at % 17 == 0);
  if (rows <= MANY_ROWS || at % 17 == 0 || at == 0 || at == rows) return true;
  return scene_row_has_gradient(t->s, t->which, at) != scene_row_has_gradient(t->s, t->which, at - 1);
}

static void try_all_faults(trial *t, bool pull) {
  stage *s = t->s;
  int64_t rows = scene_rows(s, t->which);
  assert_true(rows < MOST_ROWS);
  for (int kind = FAULT_NONE; kind <= FAULT_IDLE; kind++)
    for (int64_t at = 0; at <= (kind == FAULT_NONE ? 0 : rows); at++)
      for (int onwards = 0; onwards <= (kind == FAULT_FAIL || kind == FAULT_STOP || kind == FAULT_NAN); onwards++) {
        if (!is_tried(t, kind, at)) continue;
        char name[120];
        snprintf(name, sizeof name, "%s, fault %d at row %" PRId64 "%s, %s", scene_names[t->which], kind, at,
                 onwards ? " onwards" : "", pull ? "pulled" : "called");
        t->name = name;
        stage_fault(s, (fault)kind, at, onwards != 0);
        try_fault(t, pull);
      }
  stage_fault(s, FAULT_NONE, 0, false);
}

static void every_fault(uint32_t dtype, bool concurrent) {
  stage s;
  stage_open(&s, dtype, 5, 3, 3);
  s.shuffled = true;
  if (!concurrent) s.model.flags &= ~(uint32_t)ATTRIB_MODEL_CONCURRENT;
  for (int which = 0; which < SCENE_METHODS; which++) {
    prefixes known = {0};
    for (int w = 0; w < WAYS; w++) {
      meter m;
      meter_start(&m);
      attrib_context *context = meter_context(&m, worker_counts[w], 0, NULL);
      for (int r = 0; r < WAYS; r++) {
        int64_t rows = scene_rows(&s, (scene)which);
        if (rows > FEW_ROWS && (r != w || (rows > MANY_ROWS && dtype == ATTRIB_F32))) continue;
        s.model.max_rows = row_counts[r];
        trial t = {.s = &s, .which = (scene)which, .context = context, .prefixes = &known};
        try_all_faults(&t, false);
        if (which < SCENE_RUNS && w == 0) try_all_faults(&t, true);
      }
      attrib_context_destroy(context);
      meter_finish(&m);
    }
  }
  assert_int_equal(atomic_load(&s.inner.busy), 0);
  stage_close(&s);
}

static void every_fault_in_double(void **state) {
  (void)state;
  every_fault(ATTRIB_F64, true);
}

static void every_fault_in_float_one_at_a_time(void **state) {
  (void)state;
  every_fault(ATTRIB_F32, false);
}

/* The call that fetches with the k-th callback failing; false where it has fewer. *last: the row of the failure, which
 * grows with k. */
static bool fetch_fails_at(trial *t, int k, int32_t code, int64_t *last) {
  stage *s = t->s;
  bool evaluates = t->which<SCENE_METHODS, stops = code> 0 && evaluates;
  int64_t length = scene_results(s, t->which), rows = evaluates ? scene_rows(s, t->which) : 0;
  double *results = untouched(length), *errors = untouched(length);
  attrib_report *report = report_open(300);
  char name[120];
  snprintf(name, sizeof name, "%s, fetch %d returns %d", scene_names[t->which], k, code);
  t->name = name;
  report->standard_errors = errors;
  s->fail_fetch_at = k;
  s->fetch_code = code;
  atomic_store(&s->fetches, 0);
  attrib_status status = scene_play(s, t->which, t->context, results, report);
  bool failed = atomic_load(&s->fetches) > k;
  s->fail_fetch_at = -1;
  if (failed) {
    assert_int_equal(status, stops ? ATTRIB_CANCELLED : ATTRIB_E_CALLBACK);
    assert_true((attrib_context_error(t->context)[0] == '\0') == stops);
    if (code < 0) assert_non_null(strstr(attrib_context_error(t->context), "-77"));
    assert_int_equal(atomic_load(&s->fetches), k + 1); /* none after the failure */
    if (status < 0 && t->which != SCENE_OUTPUTS_ALL) assert_true(is_untouched(results, length));
  } else {
    assert_int_equal(status, scene_status(s, t->which));
  }
  if (failed && evaluates) {
    assert_int_equal(report->model_status, code);
    assert_int_equal(report->stop_reason, stops ? ATTRIB_STOP_CALLBACK : ATTRIB_STOP_ERROR);
    assert_true(report->failed_row >= *last && report->failed_row < rows);
    *last = report->failed_row;
    assert_true(report->evaluations + report->output_evaluations <= report->failed_row);
  }
  if (failed && stops) {
    assert_int_equal(report->evaluations + report->output_evaluations, report->failed_row);
    check_prefix(t, report, results);
  }
  free(errors);
  free(results);
  report_close(report);
  return failed;
}

/* fetch and path callbacks that fail or stop at call k, for every k; only a mean has no use for a prefix. How many
 * calls there are is the library's affair, so k runs until the call succeeds. */
static void fetch_fails(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.shuffled = true;
  for (int which = 0; which < SCENE_END; which++) {
    if (!scene_fetches((scene)which)) continue;
    prefixes known = {0};
    for (int w = 0; w < WAYS; w++)
      for (int r = 0; r < WAYS; r++)
        for (int32_t code = -77; code <= 77; code += 154) {
          bool many = (scene)which < SCENE_METHODS && scene_rows(&s, (scene)which) > MANY_ROWS;
          if (many && r != w) continue;
          s.model.max_rows = row_counts[r];
          meter m;
          meter_start(&m);
          trial t = {.s = &s, .which = (scene)which, .prefixes = &known};
          t.context = meter_context(&m, worker_counts[w], 0, NULL);
          int64_t last = -1;
          int k = 0;
          for (; fetch_fails_at(&t, k, code, &last); k += many ? 31 : 1) assert_true(k < 1000);
          assert_true(k > 0);
          attrib_context_destroy(t.context);
          meter_finish(&m);
        }
  }
  assert_int_equal(atomic_load(&s.most_fetching), 1);
  stage_close(&s);
}

/* A fetch that fails and a model that misbehaves in a row before it: the row decides, whatever was noticed first. */
static void first_in_row_order_is_reported(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.shuffled = true;
  s.model.max_rows = 1;
  for (int kind = FAULT_FAIL; kind <= FAULT_NAN; kind++)
    for (int w = 0; w < WAYS; w++)
      for (int round = 0; round < 20; round++) {
        meter m;
        meter_start(&m);
        attrib_context *context = meter_context(&m, worker_counts[w], 0, NULL);
        attrib_report *report = report_open(300);
        double *results = untouched(s.n);
        stage_fault(&s, (fault)kind, 3, false);
        s.fail_fetch_at = 4; /* the curve: one call for each row */
        s.fetch_code = -5;
        atomic_store(&s.fetches, 0);
        attrib_status status = scene_play(&s, SCENE_PATH_CURVE, context, results, report);
        assert_int_equal(status, kind == FAULT_FAIL   ? ATTRIB_E_CALLBACK
                                 : kind == FAULT_STOP ? ATTRIB_CANCELLED
                                                      : ATTRIB_E_NONFINITE);
        assert_int_equal(report->failed_row, 3);
        assert_int_equal(report->model_status, kind == FAULT_FAIL ? -1003 : kind == FAULT_STOP ? 1003 : 0);
        if (kind == FAULT_STOP) assert_string_equal(attrib_context_error(context), "");
        if (kind != FAULT_STOP) assert_non_null(strstr(report->message, "row 3"));
        free(results);
        report_close(report);
        attrib_context_destroy(context);
        meter_finish(&m);
      }
  stage_close(&s);
}

/* Two faults of different kinds in one batch. */
static int32_t ATTRIB_CALL spoil_two(const attrib_batch *b, void *user) {
  stage *s = user;
  int32_t status = analytic_evaluate(b, &s->inner);
  for (int64_t r = 0; r < b->rows; r++) {
    if (b->gradients != NULL && b->row_ids[r] == 3) ((double *)b->gradients)[r * b->gradient_stride] = (double)NAN;
    if (b->row_ids[r] == 5) b->outputs[r * b->output_stride] = (double)NAN;
  }
  return status;
}

static void smaller_row_of_a_batch_is_reported(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 2, 8);
  s.model.evaluate = spoil_two;
  double *results = untouched(s.n);
  for (uint32_t rows = 1; rows < 9; rows++) {
    attrib_report *report = report_open(300);
    s.model.max_rows = rows;
    assert_int_equal(scene_play(&s, SCENE_IG_FETCHED, NULL, results, report), ATTRIB_E_NONFINITE);
    assert_int_equal(report->failed_row, 3);
    report_close(report);
  }
  free(results);
  stage_close(&s);
}

/* Messages into buffers of every size, none of them overrun. */
static void messages_are_cut(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  stage_fault(&s, FAULT_NAN, 2, false);
  double *results = untouched(s.n);
  attrib_report *whole = report_open(600);
  assert_int_equal(scene_play(&s, SCENE_IG_ROWS, NULL, results, whole), ATTRIB_E_NONFINITE);
  int64_t length = (int64_t)strlen(whole->message);
  assert_true(length > 10);
  for (int64_t capacity = 1; capacity < length + 3; capacity++) {
    attrib_report *report = report_open(capacity);
    assert_int_equal(scene_play(&s, SCENE_IG_ROWS, NULL, results, report), ATTRIB_E_NONFINITE);
    assert_int_equal(strlen(report->message), capacity - 1 < length ? capacity - 1 : length);
    assert_memory_equal(report->message, whole->message, strlen(report->message));
    report_close(report);
  }
  attrib_report *none = report_open(1);
  none->message_capacity = 0;
  assert_int_equal(scene_play(&s, SCENE_IG_ROWS, NULL, results, none), ATTRIB_E_NONFINITE);
  assert_int_equal(none->message[0], '#');
  report_close(none);
  report_close(whole);
  free(results);
  stage_close(&s);
}

/* The pull form: batches brought back twice, to the wrong run, after the end. */
static void wrong_submissions(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 1;
  attrib_run *run, *other;
  assert_int_equal(scene_start(&s, SCENE_IG_ROWS, NULL, &run), ATTRIB_OK);
  assert_int_equal(scene_start(&s, SCENE_IG_ROWS, NULL, &other), ATTRIB_OK);
  attrib_batch *batch, *foreign, made_up = {0};
  assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
  assert_int_equal(attrib_run_next(other, &foreign), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(run, foreign, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_submit(run, &made_up, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_submit(run, NULL, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_submit(NULL, batch, 0), ATTRIB_E_ARGUMENT);
  assert_true(strlen(attrib_run_error(run)) > 0);
  assert_int_equal(attrib_run_submit(run, batch, s.model.evaluate(batch, &s)), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(run, batch, 0), ATTRIB_E_ARGUMENT); /* it is back already */
  while (!attrib_run_done(run)) {
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    if (batch != NULL) assert_int_equal(attrib_run_submit(run, batch, s.model.evaluate(batch, &s)), ATTRIB_OK);
  }
  assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
  assert_null(batch);
  double *results = untouched(s.n), expected[8];
  assert_int_equal(attrib_run_result(run, results, NULL), ATTRIB_OK);
  scene_expect(&s, SCENE_IG_ROWS, scene_rows(&s, SCENE_IG_ROWS), expected);
  assert_close(results, expected, s.n, "after wrong submissions");
  free(results);
  attrib_run_destroy(run);
  attrib_run_destroy(other);
  stage_close(&s);
}

/* A run that failed keeps saying so, takes what is still out, and writes nothing. */
static void failed_run_repeats_itself(void **state) {
  (void)state;
  stage s;
  stage_open(&s, ATTRIB_F64, 5, 3, 3);
  s.model.max_rows = 1;
  for (int32_t code = -7; code <= 7; code += 14) {
    attrib_status end = code < 0 ? ATTRIB_E_CALLBACK : ATTRIB_CANCELLED;
    attrib_run *run;
    attrib_batch *first, *second, *none = (attrib_batch *)&s;
    assert_int_equal(scene_start(&s, SCENE_IG_ROWS, NULL, &run), ATTRIB_OK);
    assert_int_equal(attrib_run_next(run, &first), ATTRIB_OK);
    assert_int_equal(attrib_run_next(run, &second), ATTRIB_OK);
    assert_non_null(second);
    assert_int_equal(attrib_run_submit(run, first, code), end);
    assert_int_equal(attrib_run_done(run), 1);
    assert_int_equal(attrib_run_next(run, &none), end);
    assert_null(none);
    assert_int_equal(attrib_run_submit(run, second, s.model.evaluate(second, &s)), end);
    double *results = untouched(s.n);
    attrib_report *report = report_open(100);
    for (int again = 0; again < 2; again++) {
      assert_int_equal(attrib_run_result(run, results, report), end);
      assert_true(is_untouched(results, s.n) == (end < 0));
      assert_int_equal(report->model_status, code);
      assert_int_equal(report->failed_row, 0);
      assert_string_equal(report->message, end < 0 ? attrib_run_error(run) : "");
      assert_int_equal(report->evaluations, 0);
    }
    free(results);
    report_close(report);
    attrib_run_destroy(run);
  }
  stage_close(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_fault_in_double),
      cmocka_unit_test(every_fault_in_float_one_at_a_time),
      cmocka_unit_test(fetch_fails),
      cmocka_unit_test(first_in_row_order_is_reported),
      cmocka_unit_test(smaller_row_of_a_batch_is_reported),
      cmocka_unit_test(messages_are_cut),
      cmocka_unit_test(wrong_submissions),
      cmocka_unit_test(failed_run_repeats_itself),
  };
  return cmocka_run_group_tests_name("hardship: callbacks", tests, NULL, NULL);
}
