/* What attrib_run_extend does not do: runs that were stopped or have failed, methods without a tolerance, arguments
 * that make no sense. Each is named, and the run is unharmed. */
#include "methods.h"

enum { N = 9 };

/* Which run to extend. */
static attrib_run *start_method(method_case *c, int which, uint32_t max_rows) {
  attrib_run *run;
  make_method(c, which, ATTRIB_F64, N);
  c->call.model.max_rows = max_rows;
  assert_int_equal(start_call(NULL, &c->call, &run), ATTRIB_OK);
  return run;
}

/* Goes on to its end as if nothing had happened. */
static void expect_unharmed(attrib_run *run, method_case *c) {
  double pulled[N], called[N];
  int64_t most_out;
  assert_int_equal(drive(run, &c->model, IN_TURN, 0, &most_out), ATTRIB_OK);
  assert_int_equal(attrib_run_result(run, pulled, NULL), ATTRIB_OK);
  assert_int_equal(make_call(NULL, &c->call, called, NULL), ATTRIB_OK);
  assert_same_bits(pulled, called, c->attributions);
  attrib_run_destroy(run);
  free_method(c);
}

/* Before, under way and after the end. */
static void methods_without_a_tolerance(void **state) {
  (void)state;
  for (int which = 0; which < METHOD_COUNT; which++)
    for (int when = 0; when < 3; when++) {
      if (method_has_tolerance(which)) continue;
      method_case c;
      attrib_batch *batch;
      int64_t most_out;
      attrib_run *run = start_method(&c, which, 4);
      if (when == 1) {
        assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
        assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &c.model)), ATTRIB_OK);
      }
      if (when == 2) assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
      assert_int_equal(attrib_run_extend(run, 0.01, 1000, 0), ATTRIB_E_UNSUPPORTED);
      assert_names(attrib_run_error(run), "cannot be extended");
      expect_unharmed(run, &c);
    }
}

/* With all that there is to evaluate out, too: such a run was not stopped. */
static void all_batches_out(void **state) {
  (void)state;
  for (int which = 0; which < METHOD_FIRST_ADAPTIVE; which++) {
    method_case c;
    attrib_batch *out[16];
    int64_t count = 0;
    make_method(&c, which, ATTRIB_F64, N);
    c.call.model.max_rows = 64;
    attrib_context *context = new_context(1, 16);
    attrib_run *run;
    assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
    do assert_int_equal(attrib_run_next(run, &out[count]), ATTRIB_OK);
    while (out[count] != NULL && ++count < 16);
    assert_int_equal(attrib_run_extend(run, 0.01, 1000, 0), ATTRIB_E_UNSUPPORTED);
    assert_names(attrib_run_error(run), "cannot be extended");
    while (count-- > 0)
      assert_int_equal(attrib_run_submit(run, out[count], analytic_evaluate(out[count], &c.model)), ATTRIB_OK);
    expect_unharmed(run, &c);
    attrib_context_destroy(context);
  }
}

/* A pool that spends a number of samples, and a lattice whose budget pays for one draw each, which tell no error. */
static void samplers_without_an_error(void **state) {
  (void)state;
  for (int k = 0; k < 2; k++) {
    method_case c;
    make_method(&c, k == 0 ? METHOD_ADAPTIVE_POOLED : METHOD_EG_LATTICE_ROUNDS, ATTRIB_F64, N);
    c.eg_options.samples = k == 0 ? 60 : 0;
    c.eg_options.tolerance = k == 0 ? 0 : 0.1;
    c.eg_options.max_evaluations = k == 0 ? 0 : METHOD_BASELINES + 1;
    attrib_run *run;
    int64_t most_out;
    assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
    assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
    assert_int_equal(attrib_run_extend(run, 0.01, 1000, 0), ATTRIB_E_UNSUPPORTED);
    assert_names(attrib_run_error(run), "cannot be extended");
    assert_int_equal(attrib_run_done(run), 1);
    attrib_run_destroy(run);
    free_method(&c);
  }
}

static void arguments_that_make_no_sense(void **state) {
  (void)state;
  static const struct {
    double tolerance;
    int64_t budget;
    double deadline;
    const char *named;
  } wrong[] = {{-0.1, 0, 0, "tolerance = -0.1"},
               {NAN, 0, 0, "tolerance = "},
               {INFINITY, 0, 0, "tolerance = inf"},
               {0.1, -1, 0, "max_evaluations = -1"},
               {0.1, (INT64_C(1) << 52) + 1, 0, "max_evaluations = 4503599627370497"},
               {0.1, 100, -1, "deadline_seconds = -1"},
               {0.1, 100, NAN, "deadline_seconds = "},
               {0.1, 100, INFINITY, "deadline_seconds = inf"}};
  assert_int_equal(attrib_run_extend(NULL, 0.1, 100, 0), ATTRIB_E_ARGUMENT);
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    method_case c;
    attrib_run *run = start_method(&c, which, 16);
    for (int64_t k = 0; k < COUNT(wrong); k++) {
      assert_int_equal(attrib_run_extend(run, wrong[k].tolerance, wrong[k].budget, wrong[k].deadline),
                       ATTRIB_E_ARGUMENT);
      assert_names(attrib_run_error(run), wrong[k].named);
      assert_true(strncmp(attrib_run_error(run), "options->", 9) != 0); /* these are arguments of the call */
    }
    expect_unharmed(run, &c);
  }
}

/* Stopped by the model, by cancellation, by progress: what came of it stays, and it does not go on. */
static int32_t ATTRIB_CALL stop_at_second(const attrib_progress *progress, void *user) {
  (void)progress;
  return ++*(int *)user == 2;
}

static void a_run_that_was_stopped(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++)
    for (int way = 0; way < 3 && method_has_tolerance(which); way++) {
      method_case c;
      make_method(&c, which, ATTRIB_F64, N);
      c.call.model.max_rows = 3;
      int told = 0;
      attrib_context *context = new_context(1, 2);
      if (way == 2) assert_int_equal(attrib_context_set_progress(context, stop_at_second, &told), ATTRIB_OK);
      attrib_run *run;
      assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
      for (int k = 0; k < 2; k++) {
        attrib_batch *batch;
        assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
        assert_non_null(batch);
        int32_t status = analytic_evaluate(batch, &c.model);
        bool stops = k == 1 && way != 1;
        assert_int_equal(attrib_run_submit(run, batch, stops && way == 0 ? 4 : status),
                         stops ? ATTRIB_CANCELLED : ATTRIB_OK);
      }
      if (way == 1) {
        attrib_batch *none;
        attrib_context_cancel(context);
        assert_int_equal(attrib_run_next(run, &none), ATTRIB_CANCELLED);
      }
      double phi[2][N];
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(attrib_run_result(run, phi[0], &report), ATTRIB_CANCELLED);
      uint32_t reason = report.stop_reason;
      assert_int_equal(attrib_run_extend(run, 0.5, 100000, 0), ATTRIB_E_ARGUMENT);
      assert_names(attrib_run_error(run), "stopped");
      assert_int_equal(attrib_run_done(run), 1);
      assert_int_equal(attrib_run_result(run, phi[1], &report), ATTRIB_CANCELLED);
      assert_int_equal(report.stop_reason, reason);
      assert_same_bits(phi[0], phi[1], c.attributions);
      attrib_run_destroy(run);
      attrib_context_destroy(context);
      free_method(&c);
    }
}

/* Of a failure the run says again what it was. */
static void a_run_that_has_failed(void **state) {
  (void)state;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    method_case c;
    attrib_run *run = start_method(&c, which, 3);
    attrib_batch *batch;
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_int_equal(attrib_run_submit(run, batch, -8), ATTRIB_E_CALLBACK);
    for (int again = 0; again < 2; again++) {
      assert_int_equal(attrib_run_extend(run, 0.01, 100000, 0), ATTRIB_E_CALLBACK);
      assert_names(attrib_run_error(run), "returned -8");
    }
    double phi[N];
    assert_int_equal(attrib_run_result(run, phi, NULL), ATTRIB_E_CALLBACK);
    attrib_run_destroy(run);
    free_method(&c);
  }
}

/* A batch that came back with a stop or a failure, behind one that is still out: the run is about to end. */
static void a_run_that_is_about_to_end(void **state) {
  (void)state;
  for (int32_t code = -5; code <= 5; code += 10) {
    method_case c;
    make_method(&c, METHOD_ADAPTIVE_NODES, ATTRIB_F64, N);
    c.call.model.max_rows = 4;
    attrib_context *context = new_context(1, 2);
    attrib_run *run;
    attrib_batch *out[2];
    assert_int_equal(start_call(context, &c.call, &run), ATTRIB_OK);
    for (int k = 0; k < 2; k++) assert_int_equal(attrib_run_next(run, &out[k]), ATTRIB_OK);
    assert_int_equal(attrib_run_submit(run, out[1], code), ATTRIB_OK);
    assert_int_equal(attrib_run_extend(run, 0.5, 0, 0), ATTRIB_E_ARGUMENT);
    assert_names(attrib_run_error(run), "stopped");
    assert_int_equal(attrib_run_submit(run, out[0], analytic_evaluate(out[0], &c.model)),
                     code < 0 ? ATTRIB_E_CALLBACK : ATTRIB_CANCELLED);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_run_result(run, NULL, &report), code < 0 ? ATTRIB_E_CALLBACK : ATTRIB_CANCELLED);
    assert_int_equal(report.evaluations, 4);
    attrib_run_destroy(run);
    attrib_context_destroy(context);
    free_method(&c);
  }
}

/* A model that extends its own run. */
static attrib_run *own;
static int32_t ATTRIB_CALL fetch_and_extend(int64_t index, void *row, void *user) {
  *(double *)row = (double)index;
  if (own != NULL) *(int *)user += attrib_run_extend(own, 0.1, 0, 0) == ATTRIB_E_BUSY ? 1 : 100;
  return 0;
}

static void from_inside_a_call(void **state) {
  (void)state;
  const analytic_fn cube = f_cube;
  analytic a;
  attrib_model model = single_model(&a, &cube, ATTRIB_F64, 1, NULL);
  const double x = 9;
  int busy = 0;
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .fetch = fetch_and_extend, .fetch_user = &busy};
  attrib_run *run;
  int64_t most_out;
  assert_int_equal(attrib_integrated_gradients_start(NULL, &model, &x, 0, &set, NULL, &run), ATTRIB_OK);
  own = run;
  assert_int_equal(drive(run, &a, IN_TURN, 0, &most_out), ATTRIB_OK);
  own = NULL;
  assert_in_range(busy, 1, 99);
  attrib_run_destroy(run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(methods_without_a_tolerance), cmocka_unit_test(all_batches_out),
      cmocka_unit_test(samplers_without_an_error),   cmocka_unit_test(arguments_that_make_no_sense),
      cmocka_unit_test(a_run_that_was_stopped),      cmocka_unit_test(a_run_that_has_failed),
      cmocka_unit_test(a_run_that_is_about_to_end),  cmocka_unit_test(from_inside_a_call),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
