/* The pull form: the same bits as the calls, whatever order batches come back in, and a protocol that bears mistakes.
 */
#include "methods.h"

static void every_method_gives_the_same_bits(void **state) {
  (void)state;
  enum { N = 9, CAPACITY = 60 };
  static attrib_trace_point traces[2][CAPACITY];
  for (int which = 0; which < METHOD_COUNT; which++)
    for (uint32_t in_flight = 0; in_flight <= 8; in_flight++) {
      method_case c;
      make_method(&c, which, which % 2 ? ATTRIB_F32 : ATTRIB_F64, N);
      c.call.model.max_rows = 1 + in_flight % 3;
      attrib_context *context = new_context(1, in_flight);
      double *called = untouched(c.attributions), *pulled = untouched(c.attributions);
      double *errors[2] = {untouched(c.attributions), untouched(c.attributions)};
      attrib_report reports[2] = {{.struct_size = sizeof *reports,
                                   .trace = traces[0],
                                   .trace_capacity = CAPACITY,
                                   .standard_errors = errors[0]},
                                  {.struct_size = sizeof *reports, .standard_errors = errors[1]}};
      assert_status(make_call(context, &c.call, called, &reports[0]), ATTRIB_OK, context);
      c.call.model.evaluate = NULL;
      for (int how = IN_TURN; how <= SHUFFLED; how++) {
        attrib_run *run;
        int64_t most_out;
        assert_status(start_call(context, &c.call, &run), ATTRIB_OK, context);
        assert_int_equal(attrib_run_set_trace(run, traces[1], CAPACITY, 0), ATTRIB_OK);
        assert_int_equal(drive(run, &c.model, (order)how, in_flight, &most_out), ATTRIB_OK);
        assert_true(most_out <= (in_flight == 0 ? 2 : in_flight));
        if (which == 7) assert_int_equal(most_out, in_flight == 0 ? 2 : in_flight); /* 52 rows: enough for all */
        assert_status(attrib_run_result(run, pulled, &reports[1]), ATTRIB_OK, context);
        assert_same_bits(pulled, called, c.attributions);
        assert_same_bits(errors[1], errors[0], c.attributions);
        expect_same_report(&reports[0], &reports[1]);
        assert_memory_equal(traces[0], traces[1], (size_t)reports[0].trace_count * sizeof **traces);
        attrib_run_destroy(run);
      }
      free(errors[1]);
      free(errors[0]);
      free(pulled);
      free(called);
      attrib_context_destroy(context);
      free_method(&c);
    }
}

/* What a call comes to whose model stops it at row `at`. */
static void stop_call(method_case *c, int64_t at, double *phi, attrib_report *report) {
  spoiler s = {.inner = &c->model, .output_row = -1, .gradient_row = -1, .fail_from_row = at, .fail_code = 3};
  call stopped = c->call;
  stopped.model = spoiled_model(&s);
  stopped.model.max_rows = 1;
  assert_int_equal(make_call(NULL, &stopped, phi, report), ATTRIB_CANCELLED);
}

/* Row by row: the result holds the rows that are in, and is that of a call that ends there. */
static void a_result_is_that_of_the_rows_in(void **state) {
  (void)state;
  enum { N = 9 };
  for (int which = 0; which < METHOD_COUNT; which++) {
    method_case c;
    make_method(&c, which, which % 2 ? ATTRIB_F64 : ATTRIB_F32, N);
    c.call.model.max_rows = 1;
    double *phi[2] = {untouched(c.attributions), untouched(c.attributions)};
    double *errors[2] = {untouched(c.attributions), untouched(c.attributions)};
    attrib_report reports[2];
    for (int k = 0; k < 2; k++) reports[k] = (attrib_report){.struct_size = sizeof *reports};
    for (int k = 0; k < 2; k++) reports[k].standard_errors = errors[k];
    attrib_run *run;
    assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
    int64_t rows = 0, before = 0;
    for (; !attrib_run_done(run); rows++) {
      assert_int_equal(attrib_run_result(run, phi[0], &reports[0]), ATTRIB_OK);
      assert_int_equal(reports[0].stop_reason, ATTRIB_STOP_NONE);
      assert_int_equal(reports[0].evaluations + reports[0].output_evaluations, rows);
      assert_true(reports[0].samples >= before && reports[0].samples <= reports[0].evaluations);
      for (int64_t i = 0; i < c.attributions; i++) assert_true(isfinite(phi[0][i]) && !(errors[0][i] < 0));
      before = reports[0].samples;
      if (rows < 20 || rows % 7 == 0) {
        stop_call(&c, rows, phi[1], &reports[1]);
        assert_same_bits(phi[0], phi[1], c.attributions);
        assert_same_bits(errors[0], errors[1], c.attributions);
        assert_int_equal(reports[1].samples, reports[0].samples);
        assert_same_bits(&reports[1].output, &reports[0].output, 1);
        assert_same_bits(&reports[1].baseline_output, &reports[0].baseline_output, 1);
        assert_same_bits(&reports[1].error_estimate, &reports[0].error_estimate, 1);
        assert_same_bits(&reports[1].completeness_error, &reports[0].completeness_error, 1);
      }
      attrib_batch *batch;
      assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
      assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &c.model)), ATTRIB_OK);
    }
    assert_int_equal(attrib_run_result(run, phi[0], &reports[0]), ATTRIB_OK);
    assert_int_equal(reports[0].evaluations + reports[0].output_evaluations, rows);
    if (which >= METHOD_FIRST_SAMPLED) /* of strata before a lattice the lattice's alone count */
      assert_int_equal(reports[0].samples, reports[0].evaluations - (which == METHOD_EG_CHANGED ? 128 : 0));
    attrib_run_destroy(run);
    for (int k = 0; k < 2; k++) free(phi[k]);
    for (int k = 0; k < 2; k++) free(errors[k]);
    free_method(&c);
  }
}

typedef struct hearing {
  int64_t calls, rows, planned;
} hearing;

static int32_t ATTRIB_CALL hear(const attrib_progress *progress, void *user) {
  hearing *t = user;
  if (t->calls++ > 0) assert_int_equal(progress->planned, t->planned);
  t->planned = progress->planned;
  t->rows = progress->evaluations;
  return 0;
}

/* Whoever says how many draws to make knows how many rows there are; a tolerance does not. */
static void all_planned_rows_are_told(void **state) {
  (void)state;
  for (int which = 0; which < METHOD_COUNT; which++)
    for (int pull = 0; pull < 2; pull++) {
      method_case c;
      make_method(&c, which, ATTRIB_F64, 9);
      c.call.model.max_rows = 5;
      attrib_context *context = new_context(1, 3);
      hearing t = {0};
      assert_int_equal(attrib_context_set_progress(context, hear, &t), ATTRIB_OK);
      double *phi = untouched(c.attributions);
      attrib_report report = {.struct_size = sizeof report};
      if (pull) {
        attrib_run *run;
        int64_t most_out;
        assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
        assert_int_equal(drive(run, &c.model, SHUFFLED, 5, &most_out), ATTRIB_OK);
        assert_int_equal(attrib_run_result(run, phi, &report), ATTRIB_OK);
        attrib_run_destroy(run);
      } else {
        assert_status(make_call(context, &c.call, phi, &report), ATTRIB_OK, context);
      }
      assert_int_equal(t.rows, report.evaluations + report.output_evaluations);
      assert_int_equal(t.planned, method_has_tolerance(which) ? 0 : t.rows);
      assert_int_equal(report.stop_reason, method_has_tolerance(which) ? ATTRIB_STOP_TOLERANCE : ATTRIB_STOP_COMPLETE);
      free(phi);
      attrib_context_destroy(context);
      free_method(&c);
    }
}

/* A run under way, with `count` batches out. */
typedef struct running {
  method_case method;
  attrib_context *context;
  attrib_run *run;
  attrib_batch *out[4];
} running;

static void start_running(running *r, uint32_t max_rows, uint32_t in_flight, int64_t count) {
  make_method(&r->method, 4, ATTRIB_F64, 3); /* midpoint: 2 rows of outputs, 9 of gradients */
  r->method.call.model.max_rows = max_rows;
  r->context = new_context(1, in_flight);
  assert_status(start_call(r->context, &r->method.call, &r->run), ATTRIB_OK, r->context);
  for (int64_t k = 0; k < count; k++) {
    assert_int_equal(attrib_run_next(r->run, &r->out[k]), ATTRIB_OK);
    assert_non_null(r->out[k]);
  }
}

static void stop_running(running *r) {
  attrib_run_destroy(r->run);
  attrib_context_destroy(r->context);
  free_method(&r->method);
}

static attrib_status bring_back(running *r, attrib_batch *batch) {
  return attrib_run_submit(r->run, batch, analytic_evaluate(batch, &r->method.model));
}

/* At any time, any number of times, and it is the sum over the rows in, in row order. */
static void a_result_in_the_middle_is_a_prefix(void **state) {
  (void)state;
  running r;
  start_running(&r, 1, 4, 4); /* f(x), f(b), two gradient rows */
  double *phi = untouched(3), *again = untouched(3);
  attrib_trace_point trace[9];
  for (int k = 0; k < 3; k++) phi[k] = 1;
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_OK);
  assert_true(phi[0] == 0 && phi[1] == 0 && phi[2] == 0);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_NONE);
  assert_true(isnan(report.output) && isnan(report.completeness_target) && report.model_calls == 0);

  assert_int_equal(bring_back(&r, r.out[2]), ATTRIB_OK); /* out of turn: waits for the rows before it */
  assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_OK);
  assert_true(report.evaluations == 0 && phi[0] == 0);
  assert_int_equal(bring_back(&r, r.out[0]), ATTRIB_OK);
  assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_OK);
  assert_false(isnan(report.output)); /* f(x) is in, f(b) is not: no mean over baselines yet */
  assert_true(isnan(report.baseline_output) && isnan(report.completeness_target) && isnan(report.completeness_error));
  assert_int_equal(bring_back(&r, r.out[1]), ATTRIB_OK);
  assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_OK);
  assert_true(report.evaluations == 1 && report.output_evaluations == 2 && report.model_calls == 3);
  assert_false(isnan(report.completeness_target));
  assert_int_equal(report.stop_reason, ATTRIB_STOP_NONE);
  assert_int_equal(attrib_run_result(r.run, again, NULL), ATTRIB_OK);
  assert_same_bits(phi, again, 3);
  assert_int_equal(attrib_run_result(r.run, NULL, &report), ATTRIB_OK);
  assert_int_equal(attrib_run_done(r.run), 0);

  /* The first node's share of the whole. */
  double *whole = untouched(3);
  attrib_report full = {.struct_size = sizeof full, .trace = trace, .trace_capacity = 9};
  assert_int_equal(make_call(NULL, &r.method.call, whole, &full), ATTRIB_OK);
  assert_near(phi[0] + phi[1] + phi[2], trace[0].weight * trace[0].slope, ROUND_OFF, 1);

  int64_t most_out;
  assert_int_equal(bring_back(&r, r.out[3]), ATTRIB_OK);
  assert_int_equal(drive(r.run, &r.method.model, REVERSED, 0, &most_out), ATTRIB_OK);
  assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_OK);
  assert_same_bits(phi, whole, 3);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
  attrib_batch *batch = r.out[0];
  assert_int_equal(attrib_run_next(r.run, &batch), ATTRIB_OK); /* done: nothing more, and no error */
  assert_null(batch);
  free(whole);
  free(again);
  free(phi);
  stop_running(&r);
}

/* After a failure every call repeats it, results are left alone, and batches that are out may still come back. */
static void a_failure_is_repeated(void **state) {
  (void)state;
  running r;
  start_running(&r, 1, 4, 4);
  attrib_batch *batch = r.out[0];
  char message[300] = "";
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  double *phi = untouched(3);
  assert_int_equal(bring_back(&r, r.out[0]), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(r.run, r.out[2], -9), ATTRIB_OK); /* not its turn */
  assert_int_equal(attrib_run_next(r.run, &batch), ATTRIB_OK);
  assert_null(batch); /* nothing after it is wanted */
  assert_int_equal(attrib_run_done(r.run), 0);
  assert_int_equal(bring_back(&r, r.out[1]), ATTRIB_E_CALLBACK);
  assert_int_equal(attrib_run_done(r.run), 1);
  assert_int_equal(attrib_run_next(r.run, &batch), ATTRIB_E_CALLBACK);
  assert_null(batch);
  assert_true(bring_back(&r, r.out[3]) != ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_submit(r.run, r.out[3], 0),
                   ATTRIB_E_ARGUMENT); /* a mistake that does not hide the cause */
  for (int k = 0; k < 2; k++) {
    assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_E_CALLBACK);
    assert_true(is_untouched(phi, 3));
    assert_int_equal(report.model_status, -9);
    assert_int_equal(report.failed_row, 2);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_ERROR);
    assert_names(message, "returned -9");
    assert_names(attrib_run_error(r.run), "returned -9");
  }
  free(phi);
  stop_running(&r);
}

/* The model asks to stop: the rows before that batch count, those after it do not, though they are in. */
static void a_stop_keeps_the_rows_before_it(void **state) {
  (void)state;
  running r;
  start_running(&r, 1, 4, 4);
  double phi[3];
  attrib_report report = {.struct_size = sizeof report};
  attrib_batch *batch;
  assert_int_equal(bring_back(&r, r.out[3]), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(r.run, r.out[2], 5), ATTRIB_OK);
  assert_int_equal(bring_back(&r, r.out[0]), ATTRIB_OK);
  assert_int_equal(bring_back(&r, r.out[1]), ATTRIB_CANCELLED);
  assert_int_equal(attrib_run_done(r.run), 1);
  assert_int_equal(attrib_run_next(r.run, &batch), ATTRIB_CANCELLED);
  assert_null(batch);
  assert_int_equal(attrib_run_result(r.run, phi, &report), ATTRIB_CANCELLED);
  assert_true(phi[0] == 0 && phi[1] == 0 && phi[2] == 0);
  assert_true(report.evaluations == 0 && report.output_evaluations == 2 && report.model_calls == 2);
  assert_true(report.model_status == 5 && report.stop_reason == ATTRIB_STOP_CALLBACK);
  stop_running(&r);
}

static int32_t ATTRIB_CALL stop_at_three(const attrib_progress *progress, void *user) {
  *(int64_t *)user = progress->evaluations;
  return progress->evaluations >= 3;
}

/* Progress is told as batches come back in turn, and may stop a run: the batches already out still count. */
static void progress_may_stop_a_run(void **state) {
  (void)state;
  running r;
  int64_t told = 0, most_out;
  make_method(&r.method, 4, ATTRIB_F64, 3);
  r.method.call.model.max_rows = 1;
  r.context = new_context(1, 4);
  assert_int_equal(attrib_context_set_progress(r.context, stop_at_three, &told), ATTRIB_OK);
  assert_int_equal(start_call(r.context, &r.method.call, &r.run), ATTRIB_OK);
  for (int k = 0; k < 4; k++) assert_int_equal(attrib_run_next(r.run, &r.out[k]), ATTRIB_OK);
  for (int k = 0; k < 2; k++) assert_int_equal(bring_back(&r, r.out[k]), ATTRIB_OK);
  assert_int_equal(told, 2);
  assert_int_equal(bring_back(&r, r.out[2]), ATTRIB_CANCELLED);
  assert_int_equal(attrib_run_done(r.run), 0);
  assert_int_equal(bring_back(&r, r.out[3]), ATTRIB_CANCELLED);
  assert_int_equal(drive(r.run, &r.method.model, IN_TURN, 0, &most_out), ATTRIB_OK); /* nothing left to drive */
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_run_result(r.run, NULL, &report), ATTRIB_CANCELLED);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_PROGRESS);
  assert_int_equal(report.evaluations + report.output_evaluations, 4);
  stop_running(&r);
}

/* A batch that is not out, or not of this run, is refused and the run goes on unharmed. */
static void foreign_and_stale_batches_are_refused(void **state) {
  (void)state;
  running r, other;
  start_running(&r, 2, 3, 2);
  start_running(&other, 2, 3, 2);
  attrib_batch copy = *r.out[0];
  attrib_batch *const wrong[] = {NULL, &copy, other.out[0], other.out[1], (attrib_batch *)((char *)r.out[0] + 8)};
  for (int64_t k = 0; k < COUNT(wrong); k++) {
    assert_int_equal(attrib_run_submit(r.run, wrong[k], 0), ATTRIB_E_ARGUMENT);
    assert_names(attrib_run_error(r.run), "batch");
  }
  attrib_batch *first = r.out[0];
  assert_int_equal(bring_back(&r, first), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(r.run, first, 0), ATTRIB_E_ARGUMENT); /* twice */
  assert_int_equal(bring_back(&r, r.out[1]), ATTRIB_OK);
  int64_t most_out;
  double phi[2][3];
  assert_int_equal(drive(r.run, &r.method.model, IN_TURN, 0, &most_out), ATTRIB_OK);
  assert_int_equal(attrib_run_result(r.run, phi[0], NULL), ATTRIB_OK);
  assert_int_equal(make_call(NULL, &r.method.call, phi[1], NULL), ATTRIB_OK);
  assert_same_bits(phi[0], phi[1], 3);
  stop_running(&other);
  stop_running(&r);
}

/* So that a caller can keep state per worker: no two batches out share one, and it stays below in_flight. */
static void workers_tell_batches_apart(void **state) {
  (void)state;
  running r;
  start_running(&r, 1, 4, 4);
  for (int64_t k = 0; k < 4; k++) {
    assert_in_range(r.out[k]->worker, 0, 3);
    for (int64_t j = 0; j < k; j++) assert_int_not_equal(r.out[k]->worker, r.out[j]->worker);
  }
  stop_running(&r);
}

/* Other calls on the context find it occupied, change nothing, and find it free after the run. */
static void a_run_occupies_its_context(void **state) {
  (void)state;
  running r;
  start_running(&r, 1, 2, 1);
  double phi[3], row[3] = {0};
  attrib_run *second = (attrib_run *)&r;
  assert_int_equal(make_call(r.context, &r.method.call, phi, NULL), ATTRIB_E_BUSY);
  assert_int_equal(start_call(r.context, &r.method.call, &second), ATTRIB_E_BUSY);
  assert_null(second);
  assert_int_equal(attrib_baseline_fill(r.context, ATTRIB_F64, 3, 1, row), ATTRIB_E_BUSY);
  assert_int_equal(attrib_baseline_mean(r.context, ATTRIB_F64, 3, &r.method.baselines, row), ATTRIB_E_BUSY);
  assert_int_equal(attrib_outputs(r.context, &r.method.call.model, &r.method.baselines, 0, NULL, phi, NULL),
                   ATTRIB_E_BUSY);
  assert_int_equal(attrib_context_set_progress(r.context, NULL, NULL), ATTRIB_E_BUSY);
  assert_true(row[0] == 0);
  int64_t most_out;
  assert_int_equal(bring_back(&r, r.out[0]), ATTRIB_OK);
  assert_int_equal(drive(r.run, &r.method.model, IN_TURN, 0, &most_out), ATTRIB_OK);
  assert_int_equal(make_call(r.context, &r.method.call, phi, NULL), ATTRIB_E_BUSY); /* done is not destroyed */
  attrib_run_destroy(r.run);
  r.run = NULL;
  assert_status(make_call(r.context, &r.method.call, phi, NULL), ATTRIB_OK, r.context);
  stop_running(&r);
}

/* With batches out, in either order, and with a private context: ASan knows whether all of it went. */
static void run_and_context_go_in_either_order(void **state) {
  (void)state;
  for (int way = 0; way < 2; way++)
    for (int64_t out = 0; out <= 3; out++) {
      running r;
      start_running(&r, 1, 3, out);
      if (way == 0) {
        attrib_run_destroy(r.run);
        attrib_context_destroy(r.context);
      } else {
        attrib_context_destroy(r.context);
        attrib_batch *batch; /* the run lives on */
        assert_int_equal(attrib_run_next(r.run, &batch), ATTRIB_OK);
        attrib_run_destroy(r.run);
      }
      assert_int_equal(start_call(NULL, &r.method.call, &r.run), ATTRIB_OK);
      int64_t most_out;
      double phi[3];
      if (out > 0) assert_int_equal(drive(r.run, &r.method.model, SHUFFLED, 1, &most_out), ATTRIB_OK);
      assert_int_equal(attrib_run_result(r.run, phi, NULL), ATTRIB_OK);
      attrib_run_destroy(r.run);
      free_method(&r.method);
    }
}

static void the_trace_is_set_before_the_first_batch(void **state) {
  (void)state;
  running r;
  attrib_trace_point points[2];
  start_running(&r, 3, 2, 0);
  attrib_report report = {.struct_size = sizeof report, .trace = points, .trace_capacity = 2};
  assert_int_equal(attrib_run_set_trace(r.run, points, -1, 0), ATTRIB_E_ARGUMENT);
  assert_names(attrib_run_error(r.run), "capacity = -1");
  assert_int_equal(attrib_run_set_trace(r.run, NULL, 3, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_set_trace(r.run, points, 2, 55), ATTRIB_E_ARGUMENT);
  assert_names(attrib_run_error(r.run), "stride = 55");
  assert_int_equal(attrib_run_set_trace(r.run, NULL, 0, 0), ATTRIB_OK);
  assert_int_equal(attrib_run_set_trace(r.run, points, 2, 0), ATTRIB_OK);
  int64_t most_out;
  assert_int_equal(attrib_run_next(r.run, &r.out[0]), ATTRIB_OK);
  assert_int_equal(attrib_run_set_trace(r.run, points, 2, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(bring_back(&r, r.out[0]), ATTRIB_OK);
  assert_int_equal(drive(r.run, &r.method.model, IN_TURN, 0, &most_out), ATTRIB_OK);
  assert_int_equal(attrib_run_result(r.run, NULL, &report), ATTRIB_E_ARGUMENT); /* not this way */
  assert_names(attrib_run_error(r.run), "report->trace");
  report.trace = NULL;
  assert_int_equal(attrib_run_result(r.run, NULL, &report), ATTRIB_OK);
  assert_int_equal(report.trace_count, 2);
  assert_int_equal(points[1].row_id, 3);
  stop_running(&r);
}

static void null_arguments(void **state) {
  (void)state;
  running r;
  attrib_batch *batch = (attrib_batch *)&r;
  attrib_trace_point point;
  double phi;
  start_running(&r, 1, 1, 0);
  assert_int_equal(attrib_run_next(NULL, &batch), ATTRIB_E_ARGUMENT);
  assert_null(batch);
  assert_int_equal(attrib_run_next(r.run, NULL), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_submit(NULL, NULL, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_result(NULL, &phi, NULL), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_result(r.run, NULL, NULL), ATTRIB_OK);
  assert_int_equal(attrib_run_set_trace(NULL, &point, 1, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_done(NULL), 1);
  assert_string_equal(attrib_run_error(NULL), "");
  assert_string_equal(attrib_run_error(r.run), "");
  attrib_run_destroy(NULL);
  stop_running(&r);
}

/* A fetch that turns round and enters the run it is fetched for. */
typedef struct intruder {
  attrib_run *run;
  attrib_batch *out;
  int busy, tries;
} intruder;

static int32_t ATTRIB_CALL enter_own_run(int64_t index, void *row, void *user) {
  intruder *i = user;
  *(double *)row = (double)index;
  if (i->run == NULL) return 0;
  attrib_batch *batch;
  double phi;
  i->tries += 4;
  i->busy += attrib_run_next(i->run, &batch) == ATTRIB_E_BUSY;
  i->busy += attrib_run_submit(i->run, i->out, 0) == ATTRIB_E_BUSY;
  i->busy += attrib_run_result(i->run, &phi, NULL) == ATTRIB_E_BUSY;
  i->busy += attrib_run_set_trace(i->run, NULL, 0, 0) == ATTRIB_E_BUSY;
  return 0;
}

static void a_run_is_not_entered_twice(void **state) {
  (void)state;
  const analytic_fn cube = f_cube;
  analytic a;
  attrib_model model = single_model(&a, &cube, ATTRIB_F64, 1, NULL);
  model.max_rows = 1;
  intruder i = {0};
  const double x = 4;
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .fetch = enter_own_run, .fetch_user = &i};
  attrib_run *run;
  assert_int_equal(attrib_integrated_gradients_start(NULL, &model, &x, 0, &set, NULL, &run), ATTRIB_OK);
  i.run = run;
  while (!attrib_run_done(run)) {
    assert_int_equal(attrib_run_next(run, &i.out), ATTRIB_OK);
    if (i.out != NULL) assert_int_equal(attrib_run_submit(run, i.out, analytic_evaluate(i.out, &a)), ATTRIB_OK);
  }
  assert_true(i.tries >= 12);
  assert_int_equal(i.busy, i.tries);
  attrib_run_destroy(run);
}

/* A mistake made on a run is forgotten by the next call that goes well, and never covers why the run failed. */
static void messages_are_of_the_last_failure(void **state) {
  (void)state;
  const analytic_fn cube = f_cube;
  analytic a;
  attrib_model model = single_model(&a, &cube, ATTRIB_F64, 1, NULL);
  const double x = 4, b = 1;
  attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = &b};
  attrib_run *run;
  attrib_batch *batch, nobodys;
  assert_int_equal(attrib_integrated_gradients_start(NULL, &model, &x, 0, &set, NULL, &run), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(run, &nobodys, 0), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_run_error(run), "batch"));
  assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
  assert_string_equal(attrib_run_error(run), "");
  assert_int_equal(attrib_run_submit(run, batch, -7), ATTRIB_E_CALLBACK);
  assert_non_null(strstr(attrib_run_error(run), "-7"));
  assert_int_equal(attrib_run_submit(run, &nobodys, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_run_next(run, &batch), ATTRIB_E_CALLBACK);
  assert_non_null(strstr(attrib_run_error(run), "-7"));
  attrib_run_destroy(run);
}

static int32_t ATTRIB_CALL fetch_one_row(int64_t index, void *row, void *user) {
  (void)user;
  *(double *)row = 1;
  return index == 0 ? 0 : -9;
}

/* A fetch that fails while an earlier batch is out waits for it, and so does its message. */
static void a_failure_waits_for_what_is_before_it(void **state) {
  (void)state;
  const analytic_fn cube = f_cube;
  analytic a;
  attrib_model model = single_model(&a, &cube, ATTRIB_F64, 1, NULL);
  model.max_rows = 1;
  const double x = 4;
  attrib_baselines set = {.struct_size = sizeof set, .count = 2, .fetch = fetch_one_row};
  attrib_ig_options options = with_rule(ATTRIB_RULE_TRAPEZOID, 2);
  attrib_context *context = new_context(1, 3);
  attrib_run *run;
  attrib_batch *first, *second, *third;
  assert_int_equal(attrib_integrated_gradients_start(context, &model, &x, 0, &set, &options, &run), ATTRIB_OK);
  assert_int_equal(attrib_run_next(run, &first), ATTRIB_OK);
  assert_int_equal(attrib_run_next(run, &second), ATTRIB_OK);
  assert_int_equal(attrib_run_next(run, &third), ATTRIB_OK); /* baseline 1 fails here */
  assert_true(first != NULL && second != NULL && third == NULL && attrib_run_done(run) == 0);
  assert_string_equal(attrib_run_error(run), "");
  assert_int_equal(attrib_run_submit(run, second, analytic_evaluate(second, &a)), ATTRIB_OK);
  assert_int_equal(attrib_run_submit(run, first, analytic_evaluate(first, &a)), ATTRIB_E_CALLBACK);
  assert_non_null(strstr(attrib_run_error(run), "returned -9 for row 1"));
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_run_result(run, NULL, &report), ATTRIB_E_CALLBACK);
  assert_true(report.model_status == -9 && report.failed_row == 2 && report.evaluations == 2);
  attrib_run_destroy(run);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_method_gives_the_same_bits),
      cmocka_unit_test(a_result_is_that_of_the_rows_in),
      cmocka_unit_test(all_planned_rows_are_told),
      cmocka_unit_test(a_result_in_the_middle_is_a_prefix),
      cmocka_unit_test(a_failure_is_repeated),
      cmocka_unit_test(a_stop_keeps_the_rows_before_it),
      cmocka_unit_test(progress_may_stop_a_run),
      cmocka_unit_test(foreign_and_stale_batches_are_refused),
      cmocka_unit_test(workers_tell_batches_apart),
      cmocka_unit_test(a_run_occupies_its_context),
      cmocka_unit_test(run_and_context_go_in_either_order),
      cmocka_unit_test(the_trace_is_set_before_the_first_batch),
      cmocka_unit_test(null_arguments),
      cmocka_unit_test(a_run_is_not_entered_twice),
      cmocka_unit_test(messages_are_of_the_last_failure),
      cmocka_unit_test(a_failure_waits_for_what_is_before_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
