/* The adaptive rule ended from outside, in every round: by fetches and curves that fail or stop, and by cancellation.
 */
#include "adaptive_history.h"

/* -- fetches and curves ------------------------------------------------------------------------------------------- */

typedef struct faulty_fetch {
  method_case *c;
  int64_t calls, fail_at;
  int32_t code;
} faulty_fetch;

static int32_t ATTRIB_CALL fetch_faultily(int64_t index, void *row, void *user) {
  faulty_fetch *f = user;
  return f->calls++ == f->fail_at ? f->code : fetch_from_case(index % METHOD_BASELINES, row, f->c);
}

static int32_t ATTRIB_CALL curve_faultily(double alpha, void *point, void *tangent, void *user) {
  faulty_fetch *f = user;
  return f->calls++ == f->fail_at ? f->code : parabola(alpha, point, tangent, f->c);
}

static void a_fetch_fails_or_stops(void **state) {
  (void)state;
  static history h;
  static const int fetching[] = {METHOD_ADAPTIVE_FETCHED, METHOD_ADAPTIVE_CURVE, METHOD_ADAPTIVE_POOL};
  for (int64_t k = 0; k < COUNT(fetching); k++)
    for (int64_t w = 0; w < COUNT(ways); w++) {
      method_case c;
      faulty_fetch f = {.c = &c, .fail_at = -1};
      make_method(&c, fetching[k], ATTRIB_F64, N);
      c.call.model.max_rows = ways[w].max_rows;
      if (fetching[k] == METHOD_ADAPTIVE_CURVE) {
        c.path.at = curve_faultily;
        c.path.user = &f;
      } else {
        use_fetch(&c, fetch_faultily, &f);
      }
      record(&c, &h);
      attrib_context *context = new_context(ways[w].workers, 0);
      bool failed = true;
      for (int64_t at = 0; failed; at = next_row(at))
        for (int32_t code = -6; code <= 6 && failed; code += 12) {
          f.calls = 0;
          f.fail_at = at;
          f.code = code;
          result r = call_method(context, &c);
          failed = f.calls > at;
          if (!failed) {
            assert_int_equal(r.status, ATTRIB_OK);
          } else {
            assert_int_equal(r.status, code < 0 ? ATTRIB_E_CALLBACK : ATTRIB_CANCELLED);
            assert_int_equal(r.report.model_status, code);
            assert_int_equal(r.report.evaluations, r.report.failed_row); /* all before it are in */
          }
          if (r.status >= 0) expect_prefix(&c, &h, &r);
          if (r.status < 0) expect_nothing_written(&c, &r);
          if (r.status < 0) assert_names(r.message, "returned -6");
          free_result(&r);
        }
      attrib_context_destroy(context);
      free_method(&c);
    }
}

/* -- cancellation ------------------------------------------------------------------------------------------------- */

typedef struct listener {
  attrib_context *context; /* cancelled where not NULL; else the callback asks for the end */
  int64_t stop_at, calls, rows;
} listener;

static int32_t ATTRIB_CALL listen(const attrib_progress *progress, void *user) {
  listener *l = user;
  assert_true(progress->evaluations > l->rows && progress->planned == 0);
  l->rows = progress->evaluations;
  if (l->calls++ != l->stop_at) return 0;
  if (l->context != NULL) attrib_context_cancel(l->context);
  return l->context == NULL;
}

/* After every batch of every round. */
static void cancelled_in_every_round(void **state) {
  (void)state;
  static history h;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_FIRST_SAMPLED; which++)
    for (int64_t w = 0; w < COUNT(ways); w++)
      for (int by_cancel = 0; by_cancel < 2; by_cancel++) {
        method_case c;
        open_method(&c, which, &h);
        c.call.model.max_rows = ways[w].max_rows;
        attrib_context *context = new_context(ways[w].workers, 0);
        attrib_status status = ATTRIB_CANCELLED;
        for (int64_t at = 0; status == ATTRIB_CANCELLED; at = next_row(at)) {
          listener l = {.context = by_cancel ? context : NULL, .stop_at = at};
          assert_int_equal(attrib_context_set_progress(context, listen, &l), ATTRIB_OK);
          result r = call_method(context, &c);
          status = r.status;
          assert_true(status == ATTRIB_CANCELLED || status == ATTRIB_OK);
          if (status == ATTRIB_CANCELLED) {
            assert_int_equal(r.report.stop_reason, by_cancel ? ATTRIB_STOP_CANCEL : ATTRIB_STOP_PROGRESS);
            assert_true(l.calls > at && r.report.evaluations >= at);
          }
          expect_prefix(&c, &h, &r);
          free_result(&r);
        }
        assert_int_equal(attrib_context_set_progress(context, NULL, NULL), ATTRIB_OK);
        result r = call_method(context, &c);
        assert_int_equal(r.status, ATTRIB_OK);
        expect_prefix(&c, &h, &r);
        free_result(&r);
        attrib_context_destroy(context);
        free_method(&c);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fetch_fails_or_stops),
      cmocka_unit_test(cancelled_in_every_round),
  };
  return cmocka_run_group_tests_name("hardship: ends of the adaptive rule", tests, NULL, NULL);
}
