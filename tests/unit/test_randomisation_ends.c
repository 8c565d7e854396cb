/* test_randomisation_ends.c - callbacks that fail, stop and lie at every call, cancelling, memory, wrong arguments: the
 * model is put back whatever happens. */
#include "randomisation_setting.h"

#include "meter.h"

/* -- callbacks ---------------------------------------------------------------------------------------------------- */

/* Rows of the table that are there after so many calls; explain and randomise come in turn, explain first. */
static void assert_prefix(const double *values, const double *whole, int64_t calls) {
  const int64_t rows = calls == 2 * LAYERS + 2 ? ROWS : calls <= 2 ? 0 : (calls - 1) / 2;
  assert_same_bits(values, whole, rows * COLUMNS);
  for (int64_t i = rows * COLUMNS; i < VALUES; i++) assert_true(isnan(values[i]));
}

static void callbacks_fail_and_stop_at_every_call(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (uint32_t order = 0; order < 2; order++)
    for (int bad_restore = 0; bad_restore < 2; bad_restore++)
      for (int32_t answer = -7; answer <= 7; answer += 14)
        for (int64_t at = 0; at < 2 * LAYERS + 2; at++) {
          subject s;
          double whole[VALUES], *values = untouched(VALUES);
          char message[200];
          set_up(&s, GRADIENT);
          assert_status(check(&s, context, order, whole, NULL), ATTRIB_OK, context);
          set_up(&s, GRADIENT);
          s.answer_at = at, s.answer = answer, s.bad_restore = bad_restore * 9;
          attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
          const attrib_status status = check(&s, context, order, values, &report);
          assert_in_order(&s);
          assert_string_equal(message, attrib_context_error(context));
          if (bad_restore && s.restores > 0) { /* outweighs what came before */
            assert_true(status == ATTRIB_E_CALLBACK && report.model_status == 9 && is_untouched(values, VALUES));
            assert_names(message, "returned 9 for ATTRIB_RANDOMISE_RESTORE");
          } else if (answer < 0) {
            assert_true(status == ATTRIB_E_CALLBACK && report.model_status == -7 && is_untouched(values, VALUES));
            assert_names(message, at == 0 || at % 2 == 0 || at == 5 ? "explain returned -7" : "randomise returned -7");
            if (at % 2 == 0) assert_names(message, ": so it is");
            assert_int_equal(report.stop_reason, ATTRIB_STOP_ERROR);
          } else {
            assert_true(status == ATTRIB_CANCELLED && report.model_status == 7 && message[0] == '\0');
            assert_int_equal(report.stop_reason, ATTRIB_STOP_CALLBACK);
            assert_prefix(values, whole, at);
            assert_int_equal(report.evaluations, at == 5 ? 3 : (at + 1) / 2);
          }
          free(values);
        }
  attrib_context_destroy(context);
}

static void maps_that_are_no_numbers(void **state) {
  (void)state;
  static const struct {
    which_map which;
    attrib_status status;
    const char *names;
  } cases[] = {{UNWRITTEN, ATTRIB_E_NONFINITE, "left attribution 0 of the map of the model as it is unwritten"},
               {INFINITE, ATTRIB_E_NONFINITE, "attribution 5 of the map of the model as it is is inf"},
               {HUGE_MAP, ATTRIB_E_OVERFLOW, "the difference to the map with layer 1 randomised overflows"}};
  attrib_context *context = new_context(1, 0);
  for (int k = 0; k < COUNT(cases); k++) {
    subject s;
    double *values = untouched(VALUES);
    set_up(&s, cases[k].which);
    assert_status(check(&s, context, 0, values, NULL), cases[k].status, context);
    assert_names(attrib_context_error(context), cases[k].names);
    assert_true(is_untouched(values, VALUES));
    assert_in_order(&s);
    free(values);
  }
  attrib_context_destroy(context);
}

/* A restore that fails outweighs what was found wrong with a map. */
static void a_failing_restore_outweighs_a_map(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double values[VALUES];
  set_up(&s, HUGE_MAP);
  s.bad_restore = -4;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_E_CALLBACK, context);
  assert_names(attrib_context_error(context), "returned -4 for ATTRIB_RANDOMISE_RESTORE");
  attrib_context_destroy(context);
}

/* The metric's context is in use while it explains. */
static void its_own_context_is_busy(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double values[VALUES];
  set_up(&s, GRADIENT);
  s.context = context;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_E_CALLBACK, context);
  assert_names(attrib_context_error(context), "explain returned -7");
  attrib_context_destroy(context);
}

/* -- cancelling --------------------------------------------------------------------------------------------------- */

typedef struct listener {
  int64_t calls, stop_at, rows;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  l->rows = progress->evaluations;
  return l->calls++ == l->stop_at;
}

static void cancelled_at_every_call(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double whole[VALUES], values[VALUES];
  subject s;
  set_up(&s, GRADIENT);
  assert_status(check(&s, context, 0, whole, NULL), ATTRIB_OK, context);
  attrib_report report = {.struct_size = sizeof report};
  attrib_context_cancel(context);
  assert_status(check(&s, context, 0, values, &report), ATTRIB_CANCELLED, context);
  assert_prefix(values, whole, 0);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_CANCEL);
  for (int64_t at = 0; at < 2 * LAYERS + 2; at++) {
    set_up(&s, GRADIENT);
    s.cancels = context, s.cancel_at = at;
    const attrib_status status = check(&s, context, 0, values, &report);
    assert_in_order(&s);
    if (at == 2 * LAYERS + 1) { /* too late */
      assert_status(status, ATTRIB_OK, context);
      assert_same_bits(values, whole, VALUES);
    } else {
      assert_status(status, ATTRIB_CANCELLED, context);
      assert_prefix(values, whole, at + 1);
    }
  }
  for (int64_t at = -1; at < LAYERS + 2; at++) {
    listener l = {.stop_at = at};
    set_up(&s, GRADIENT);
    assert_int_equal(attrib_context_set_progress(context, listen, &l), ATTRIB_OK);
    const attrib_status status = check(&s, context, 0, values, &report);
    assert_in_order(&s);
    const bool whole_way = at < 0 || at == LAYERS + 1;
    assert_status(status, whole_way ? ATTRIB_OK : ATTRIB_CANCELLED, context);
    assert_int_equal(l.calls, whole_way ? LAYERS + 2 : at + 1);
    assert_int_equal(l.rows, l.calls);
    assert_int_equal(report.stop_reason, whole_way ? ATTRIB_STOP_COMPLETE : ATTRIB_STOP_PROGRESS);
  }
  attrib_context_destroy(context);
}

/* -- memory, arguments -------------------------------------------------------------------------------------------- */

static void memory_runs_out(void **state) {
  (void)state;
  subject s;
  double *values = untouched(VALUES);
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  set_up(&s, GRADIENT);
  m.fail_at = m.allocations;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_E_MEMORY, context);
  assert_true(is_untouched(values, VALUES) && s.calls == 0);
  m.fail_at = -1;
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_OK, context);
  const int64_t made = m.allocations;
  assert_status(check(&s, context, 1, values, NULL), ATTRIB_OK, context);
  assert_int_equal(m.allocations, made);
  attrib_context_destroy(context);
  meter_finish(&m);
  free(values);
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double *values = untouched(VALUES);
  set_up(&s, EDGES);
  const attrib_randomisable good = randomisable(&s);
  attrib_randomisable bad[8];
  for (int k = 0; k < 8; k++) bad[k] = good;
  bad[0].flags = 1, bad[1].map_length = 0, bad[2].layers = 0, bad[3].explain = NULL, bad[4].randomise = NULL;
  bad[5].map_length = INT64_MAX / 16, bad[6].layers = INT64_MAX, bad[7].layers = INT64_MAX / 8;
  static const struct {
    attrib_status status;
    const char *names;
  } expected[] = {{ATTRIB_E_UNSUPPORTED, "subject->flags = 0x1"},
                  {ATTRIB_E_ARGUMENT, "subject->map_length = 0"},
                  {ATTRIB_E_ARGUMENT, "subject->layers = 0"},
                  {ATTRIB_E_ARGUMENT, "subject->explain is NULL"},
                  {ATTRIB_E_ARGUMENT, "subject->randomise is"},
                  {ATTRIB_E_OVERFLOW, "subject->map_length"},
                  {ATTRIB_E_OVERFLOW, "layers = "},
                  {ATTRIB_E_OVERFLOW, "layers = "}};
  for (int k = 0; k < 8; k++) {
    assert_status(attrib_randomisation_check(context, &bad[k], s.x, NULL, values, NULL), expected[k].status, context);
    assert_names(attrib_context_error(context), expected[k].names);
  }
  attrib_randomisation_options o = of_order(2, false);
  assert_status(attrib_randomisation_check(context, &good, s.x, &o, values, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->order = 2");
  o = of_order(0, false), o.reserved0 = 5;
  assert_status(attrib_randomisation_check(context, &good, s.x, &o, values, NULL), ATTRIB_E_UNSUPPORTED, context);
  assert_names(attrib_context_error(context), "reserved0 = 5");
  o = of_order(0, true);
  attrib_image small = picture;
  small.height = 10, o.shape = &small;
  assert_status(attrib_randomisation_check(context, &good, s.x, &o, values, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "options->shape: 11 x 10");
  assert_status(attrib_randomisation_check(context, NULL, s.x, NULL, values, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "subject is NULL");
  assert_status(attrib_randomisation_check(context, &good, s.x, NULL, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "values is NULL");
  assert_true(is_untouched(values, VALUES) && s.calls == 0);
  free(values);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(callbacks_fail_and_stop_at_every_call),
      cmocka_unit_test(maps_that_are_no_numbers),
      cmocka_unit_test(a_failing_restore_outweighs_a_map),
      cmocka_unit_test(its_own_context_is_busy),
      cmocka_unit_test(cancelled_at_every_call),
      cmocka_unit_test(memory_runs_out),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
