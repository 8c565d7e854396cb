/* deadline_seconds: no batch is given out after it. A run pauses, says what it has, and goes on where it is let. */
#define _POSIX_C_SOURCE 199309L /* nanosleep */
#include <time.h>

#include "methods.h"

enum { N = 9, CAPACITY = 2000 };
static const double passed = 1e-12; /* has passed once anybody looks */

static void set_deadline(method_case *c, double seconds) {
  c->options.deadline_seconds = c->call.kind == CALL_EXPECTED || c->call.kind == CALL_SMOOTHGRAD ? 0 : seconds;
  c->eg_options.deadline_seconds = seconds;
  c->smooth_options.deadline_seconds = seconds;
}

/* Those that know of a deadline. */
static bool has_deadline(int which) {
  return which >= METHOD_FIRST_ADAPTIVE;
}

/* Before the first row: attributions of nothing. */
static void nothing_is_evaluated_after_it(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++)
    for (uint32_t workers = 1; workers <= 2; workers++) {
      method_case c;
      make_method(&c, which, ATTRIB_F64, N);
      set_deadline(&c, passed);
      attrib_context *context = new_context(workers, 0);
      double phi[N], errors[N];
      char message[200];
      attrib_report report = {.struct_size = sizeof report,
                              .standard_errors = errors,
                              .message = message,
                              .message_capacity = sizeof message};
      assert_status(make_call(context, &c.call, phi, &report), ATTRIB_NOT_CONVERGED, context);
      assert_int_equal(report.stop_reason, ATTRIB_STOP_DEADLINE);
      assert_int_equal(report.evaluations + report.output_evaluations, 0);
      assert_int_equal(atomic_load(&c.model.calls), 0);
      assert_names(message, "deadline_seconds");
      for (int64_t i = 0; i < c.attributions; i++) assert_true(phi[i] == 0 && isnan(errors[i]));
      attrib_context_destroy(context);
      free_method(&c);
    }
}

/* One that is far away changes nothing. */
static void a_distant_deadline(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    method_case c;
    make_method(&c, which, ATTRIB_F32, N);
    double phi[2][N];
    attrib_report reports[2] = {{.struct_size = sizeof *reports}, {.struct_size = sizeof *reports}};
    assert_int_equal(make_call(NULL, &c.call, phi[0], &reports[0]), ATTRIB_OK);
    set_deadline(&c, 1e6);
    assert_int_equal(make_call(NULL, &c.call, phi[1], &reports[1]), ATTRIB_OK);
    assert_same_bits(phi[0], phi[1], c.attributions);
    expect_same_report(&reports[0], &reports[1]);
    free_method(&c);
  }
}

typedef struct account {
  double phi[N], errors[N];
  attrib_trace_point trace[CAPACITY];
  attrib_report report;
} account;

static attrib_status read_result(attrib_run *run, account *a) {
  a->report = (attrib_report){.struct_size = sizeof a->report, .standard_errors = a->errors};
  return attrib_run_result(run, a->phi, &a->report);
}

/* The run has paused: done, and nothing given out; its result is that of the rows that are in. */
static void expect_paused(attrib_run *run, const account *before, int64_t attributions) {
  static account now;
  attrib_batch *batch = (attrib_batch *)run;
  assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
  assert_null(batch);
  assert_int_equal(attrib_run_done(run), 1);
  assert_int_equal(read_result(run, &now), ATTRIB_NOT_CONVERGED);
  assert_names(attrib_run_error(run), "deadline_seconds");
  assert_int_equal(now.report.stop_reason, ATTRIB_STOP_DEADLINE);
  assert_int_equal(now.report.evaluations, before->report.evaluations);
  assert_same_bits(now.phi, before->phi, attributions);
  assert_same_bits(now.errors, before->errors, attributions);
  assert_same_bits(&now.report.error_estimate, &before->report.error_estimate, 1);
}

/* Paused after every batch there is, again and again: the same bits as a run that nothing disturbs. */
static void paused_and_continued(void **state) {
  (void)state;
  static account expected, continued;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    for (uint32_t max_rows = 3; max_rows <= 16; max_rows += 13) {
      method_case c;
      attrib_run *run;
      attrib_batch *batch;
      int64_t most_out, pauses = 0;
      make_method(&c, which, ATTRIB_F64, N);
      c.call.model.max_rows = max_rows;
      assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
      assert_int_equal(attrib_run_set_trace(run, expected.trace, CAPACITY, 0), ATTRIB_OK);
      assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
      assert_int_equal(read_result(run, &expected), ATTRIB_OK);
      attrib_run_destroy(run);

      set_deadline(&c, passed);
      assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
      assert_int_equal(attrib_run_set_trace(run, continued.trace, CAPACITY, 0), ATTRIB_OK);
      for (;;) {
        assert_int_equal(read_result(run, &continued), ATTRIB_OK);
        if (continued.report.stop_reason != ATTRIB_STOP_NONE) break;
        expect_paused(run, &continued, c.attributions);
        pauses++;
        assert_int_equal(attrib_run_extend(run, 0, 0, 0), ATTRIB_OK);
        assert_int_equal(attrib_run_done(run), 0);
        assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
        assert_int_equal(attrib_run_extend(run, 0, 0, passed), ATTRIB_OK);
        assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &c.model)), ATTRIB_OK);
      }
      assert_int_equal(pauses, expected.report.model_calls);
      assert_same_bits(continued.phi, expected.phi, c.attributions);
      assert_same_bits(continued.errors, expected.errors, c.attributions);
      expect_same_report(&continued.report, &expected.report);
      assert_memory_equal(continued.trace, expected.trace,
                          (size_t)expected.report.trace_count * sizeof *expected.trace);
      attrib_run_destroy(run);
      free_method(&c);
    }
  }
}

/* Batches that are out when it passes still come back and count; the run is not done before. */
static void batches_that_are_out_count(void **state) {
  (void)state;
  for (int64_t out = 1; out <= 3; out++) {
    method_case c;
    make_method(&c, METHOD_ADAPTIVE_PANELS, ATTRIB_F64, N);
    c.call.model.max_rows = 4;
    attrib_context *context = new_context(1, 3);
    attrib_run *run;
    attrib_batch *batches[3], *none = (attrib_batch *)&c;
    assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
    for (int64_t k = 0; k < out; k++) assert_int_equal(attrib_run_next(run, &batches[k]), ATTRIB_OK);
    assert_int_equal(attrib_run_extend(run, 0, 0, passed), ATTRIB_OK);
    assert_int_equal(attrib_run_next(run, &none), ATTRIB_OK);
    assert_null(none);
    for (int64_t k = out - 1; k >= 0; k--) {
      assert_int_equal(attrib_run_done(run), 0);
      assert_int_equal(attrib_run_submit(run, batches[k], analytic_evaluate(batches[k], &c.model)), ATTRIB_OK);
    }
    attrib_report report = {.struct_size = sizeof report};
    if (out == 3) assert_int_equal(attrib_run_next(run, &none), ATTRIB_OK); /* no slot was free to find out */
    assert_int_equal(attrib_run_done(run), 1);
    assert_int_equal(attrib_run_result(run, NULL, &report), ATTRIB_NOT_CONVERGED);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_DEADLINE);
    assert_int_equal(report.evaluations, 4 * out);
    attrib_run_destroy(run);
    attrib_context_destroy(context);
    free_method(&c);
  }
}

/* Draws whose number was given pause all the same, but cannot be continued. */
static void without_a_tolerance_a_pause_is_the_end(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_SAMPLED; which < METHOD_COUNT; which++) {
    if (method_has_tolerance(which) || !has_deadline(which)) continue;
    method_case c;
    attrib_run *run;
    attrib_batch *batch;
    make_method(&c, which, ATTRIB_F64, N);
    set_deadline(&c, passed);
    assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_null(batch);
    assert_int_equal(attrib_run_done(run), 1);
    assert_int_equal(attrib_run_extend(run, 0, 0, 0), ATTRIB_E_UNSUPPORTED);
    assert_int_equal(attrib_run_result(run, NULL, NULL), ATTRIB_NOT_CONVERGED);
    attrib_run_destroy(run);
    free_method(&c);
  }
}

/* -- a slow model, called ----------------------------------------------------------------------------------------- */

static int32_t ATTRIB_CALL evaluate_slowly(const attrib_batch *batch, void *user) {
  nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  return analytic_evaluate(batch, user);
}

/* Some of the rows, whose number the machine decides: what they come to is what a run says that has as many. */
static void it_passes_under_way(void **state) {
  (void)state;
  method_case c;
  make_method(&c, METHOD_ADAPTIVE_PANELS, ATTRIB_F64, N);
  c.call.model.max_rows = 1;
  c.call.model.evaluate = evaluate_slowly;
  set_deadline(&c, 0.03);
  double phi[N], prefix[N];
  attrib_report report = {.struct_size = sizeof report};
  attrib_status status = make_call(NULL, &c.call, phi, &report);
  assert_int_equal(status, ATTRIB_NOT_CONVERGED);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_DEADLINE);
  assert_true(report.elapsed_seconds >= 0.03 && report.evaluations <= 16); /* of 2 ms and more each */
  set_deadline(&c, 0);
  attrib_run *run;
  assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
  for (int64_t k = 0; k < report.evaluations; k++) {
    attrib_batch *batch;
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &c.model)), ATTRIB_OK);
  }
  assert_int_equal(attrib_run_result(run, prefix, NULL), ATTRIB_OK);
  assert_same_bits(phi, prefix, N);
  attrib_run_destroy(run);
  free_method(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_evaluated_after_it),
      cmocka_unit_test(a_distant_deadline),
      cmocka_unit_test(paused_and_continued),
      cmocka_unit_test(batches_that_are_out_count),
      cmocka_unit_test(without_a_tolerance_a_pause_is_the_end),
      cmocka_unit_test(it_passes_under_way),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
