/* attrib_run_extend: a run that goes on is one long run, bit for bit; and what cannot go on says why. */
#include "methods.h"

enum { N = 9, CAPACITY = 2000 };

/* What a run or call came to. */
typedef struct account {
  double phi[N], errors[N];
  attrib_trace_point trace[CAPACITY];
  attrib_report report;
} account;

/* Fields of the options that attrib_run_extend may change. */
static double *tolerance_of(method_case *c) {
  if (c->call.kind == CALL_EXPECTED) return &c->eg_options.tolerance;
  return c->call.kind == CALL_SMOOTHGRAD ? &c->smooth_options.tolerance : &c->options.tolerance;
}

static int64_t *budget_of(method_case *c) {
  if (c->call.kind == CALL_EXPECTED) return &c->eg_options.max_evaluations;
  return c->call.kind == CALL_SMOOTHGRAD ? &c->smooth_options.max_evaluations : &c->options.max_evaluations;
}

static attrib_status read_result(attrib_run *run, account *a) {
  a->report = (attrib_report){.struct_size = sizeof a->report, .standard_errors = a->errors};
  return attrib_run_result(run, a->phi, &a->report);
}

/* Undisturbed, with the values that the case has. */
static void run_at_once(attrib_context *context, method_case *c, account *a) {
  attrib_run *run;
  int64_t most_out;
  assert_status(start_call(context, &c->call, &run), ATTRIB_OK, context);
  assert_int_equal(attrib_run_set_trace(run, a->trace, CAPACITY, 0), ATTRIB_OK);
  assert_int_equal(drive(run, &c->model, SHUFFLED, 3, &most_out), ATTRIB_OK);
  assert_status(read_result(run, a), ATTRIB_OK, context);
  attrib_run_destroy(run);
}

/* Batches are cut anew where the run paused: all else is the same. */
static void expect_same_account(const method_case *c, const account *a, const account *b, bool same_batches) {
  attrib_report left = a->report, right = b->report;
  if (!same_batches) left.model_calls = right.model_calls = 0;
  assert_same_bits(a->phi, b->phi, c->attributions);
  assert_same_bits(a->errors, b->errors, c->attributions);
  expect_same_report(&left, &right);
  assert_memory_equal(a->trace, b->trace, (size_t)a->report.trace_count * sizeof *a->trace);
}

/* Continued from a looser tolerance, once it is met, to a tighter one and another; driven by as many batches. */
static void by_tolerance(attrib_context *context, method_case *c, account *a) {
  const double tolerance = *tolerance_of(c), loose[] = {60 * tolerance, 7 * tolerance, tolerance};
  attrib_run *run;
  int64_t most_out, before = 0;
  *tolerance_of(c) = loose[0];
  assert_status(start_call(context, &c->call, &run), ATTRIB_OK, context);
  assert_int_equal(attrib_run_set_trace(run, a->trace, CAPACITY, 0), ATTRIB_OK);
  for (int k = 0; k < 3; k++) {
    if (k > 0) assert_status(attrib_run_extend(run, loose[k], 0, 0), ATTRIB_OK, context);
    assert_int_equal(drive(run, &c->model, (order)k, 3, &most_out), ATTRIB_OK);
    assert_int_equal(attrib_run_done(run), 1);
    assert_status(read_result(run, a), ATTRIB_OK, context);
    assert_int_equal(a->report.stop_reason, ATTRIB_STOP_TOLERANCE);
    assert_true(a->report.tolerance == loose[k] && a->report.error_estimate <= loose[k]);
    assert_true(a->report.evaluations >= before);
    before = a->report.evaluations;
  }
  *tolerance_of(c) = tolerance;
  attrib_run_destroy(run);
}

/* For every form that has a tolerance, in batches of every size. */
static void a_tighter_tolerance(void **state) {
  (void)state;
  static const uint32_t max_rows[] = {1, 3, 16, 64}, in_flight[] = {1, 2, 4};
  static account expected, continued;
  for (int which = 0; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    for (int64_t m = 0; m < COUNT(max_rows); m++)
      for (int64_t f = 0; f < COUNT(in_flight); f++) {
        method_case c;
        make_method(&c, which, (m + f) % 2 ? ATTRIB_F32 : ATTRIB_F64, N);
        c.call.model.max_rows = max_rows[m];
        attrib_context *context = new_context(1 + (uint32_t)f, in_flight[f]);
        if (which == METHOD_ADAPTIVE_DEFAULT) c.options.tolerance = 1e-3;
        run_at_once(context, &c, &expected);
        by_tolerance(context, &c, &continued);
        expect_same_account(&c, &continued, &expected, true);
        attrib_context_destroy(context);
        free_method(&c);
      }
  }
}

/* From a budget that is used up to a larger one. A start that the first budget cuts short is another run. */
static void a_larger_budget(void **state) {
  (void)state;
  static account expected, continued;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which) || which == METHOD_ADAPTIVE_DEFAULT) continue;
    for (uint32_t max_rows = 1; max_rows <= 16; max_rows += 5) {
      method_case c;
      make_method(&c, which, ATTRIB_F64, N);
      c.call.model.max_rows = max_rows;
      attrib_context *context = new_context(2, 3);
      *budget_of(&c) = 4000;
      run_at_once(context, &c, &expected);
      int64_t total = expected.report.evaluations, most_out, step = total / 5 + 1,
              start = method_is_adaptive(which) ? 17 : 64;
      if (which == METHOD_ADAPTIVE_POOL_MANY) start = 161;
      if (which == METHOD_ADAPTIVE_KNOTS || which == METHOD_ADAPTIVE_POOLED) start = 27;
      if (which == METHOD_EG_LATTICE_ROUNDS) start = 96;
      if (which == METHOD_EG_CHANGED) start = 4000; /* a budget that pays for the lattice is what chooses it */
      *budget_of(&c) = start;
      attrib_run *run;
      assert_status(start_call(context, &c.call, &run), ATTRIB_OK, context);
      assert_int_equal(attrib_run_set_trace(run, continued.trace, CAPACITY, 0), ATTRIB_OK);
      assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
      for (int64_t budget = start + step; read_result(run, &continued) == ATTRIB_NOT_CONVERGED; budget += step) {
        assert_int_equal(continued.report.stop_reason, ATTRIB_STOP_BUDGET);
        assert_true(continued.report.evaluations <= budget - step);
        assert_status(attrib_run_extend(run, 0, budget, 0), ATTRIB_OK, context);
        assert_int_equal(drive(run, &c.model, SHUFFLED, 5, &most_out), ATTRIB_OK);
      }
      expect_same_account(&c, &continued, &expected, true);
      attrib_run_destroy(run);
      attrib_context_destroy(context);
      free_method(&c);
    }
  }
}

/* Drives until `submitted` batches are back, holding what else is out. */
static int64_t drive_some(attrib_run *run, method_case *c, int64_t submitted, attrib_batch **out) {
  int64_t count = 0;
  while (submitted > 0 && !attrib_run_done(run)) {
    attrib_batch *batch;
    do {
      assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
      if (batch != NULL) out[count++] = batch;
    } while (batch != NULL && count < 4);
    assert_true(count > 0);
    assert_int_equal(attrib_run_submit(run, out[0], analytic_evaluate(out[0], &c->model)), ATTRIB_OK);
    memmove(out, out + 1, (size_t)--count * sizeof *out);
    submitted--;
  }
  return count;
}

/* Before the first batch, and with batches out at any point: the values count from the next decision on. */
static void extended_under_way(void **state) {
  (void)state;
  static account expected, continued;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which)) continue;
    method_case c;
    make_method(&c, which, ATTRIB_F64, N);
    c.call.model.max_rows = 5;
    attrib_context *context = new_context(1, 4);
    const double tolerance = *tolerance_of(&c);
    run_at_once(context, &c, &expected);
    int64_t calls = expected.report.model_calls;
    for (int64_t at = 0; at<calls; at += calls> 30 ? 7 : 1) {
      attrib_run *run;
      attrib_batch *out[4];
      int64_t most_out;
      *tolerance_of(&c) = tolerance > 0 ? tolerance / 3 : 0; /* would go on for longer */
      assert_status(start_call(context, &c.call, &run), ATTRIB_OK, context);
      assert_int_equal(attrib_run_set_trace(run, continued.trace, CAPACITY, 0), ATTRIB_OK);
      int64_t count = drive_some(run, &c, at, out);
      assert_status(attrib_run_extend(run, tolerance, 0, 0), ATTRIB_OK, context);
      assert_int_equal(attrib_run_done(run), 0);
      while (count-- > 0)
        assert_int_equal(attrib_run_submit(run, out[count], analytic_evaluate(out[count], &c.model)), ATTRIB_OK);
      assert_int_equal(drive(run, &c.model, REVERSED, 0, &most_out), ATTRIB_OK);
      assert_status(read_result(run, &continued), ATTRIB_OK, context);
      if (tolerance > 0) expect_same_account(&c, &continued, &expected, false);
      attrib_run_destroy(run);
    }
    attrib_context_destroy(context);
    free_method(&c);
  }
}

/* What is asked for already has been met: nothing is done, and the result stays. */
static void nothing_more_to_do(void **state) {
  (void)state;
  static account before, after;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_COUNT; which++) {
    if (!method_has_tolerance(which) || which == METHOD_ADAPTIVE_DEFAULT) continue;
    method_case c;
    make_method(&c, which, ATTRIB_F64, N);
    attrib_run *run;
    int64_t most_out;
    assert_int_equal(start_call(NULL, &c.call, &run), ATTRIB_OK);
    assert_int_equal(drive(run, &c.model, IN_TURN, 0, &most_out), ATTRIB_OK);
    assert_int_equal(read_result(run, &before), ATTRIB_OK);
    for (int k = 0; k < 2; k++) {
      assert_int_equal(attrib_run_extend(run, k == 0 ? 0 : 2 * *tolerance_of(&c), 0, 0), ATTRIB_OK);
      attrib_batch *batch = (attrib_batch *)&c;
      assert_int_equal(attrib_run_done(run), 1);
      assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
      assert_null(batch);
      assert_int_equal(read_result(run, &after), ATTRIB_OK);
      assert_int_equal(after.report.stop_reason, ATTRIB_STOP_TOLERANCE);
      if (k == 1) after.report.tolerance = before.report.tolerance;
      assert_same_bits(after.phi, before.phi, c.attributions);
      expect_same_report(&after.report, &before.report);
    }
    attrib_run_destroy(run);
    free_method(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tighter_tolerance),
      cmocka_unit_test(a_larger_budget),
      cmocka_unit_test(extended_under_way),
      cmocka_unit_test(nothing_more_to_do),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
