/* The adaptive rule, in every form and in every phase of it, with models that fail, stop or return rubbish. */
#include "adaptive_history.h"

static void a_model_fails_or_stops(void **state) {
  (void)state;
  static history h;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_FIRST_SAMPLED; which++) {
    method_case c;
    open_method(&c, which, &h);
    spoiler s = {.inner = &c.model, .output_row = -1, .gradient_row = -1};
    const attrib_model sane = c.call.model;
    for (int64_t w = 0; w < COUNT(ways); w++) {
      attrib_context *context = new_context(ways[w].workers, 0);
      for (int64_t row = 0; row < h.rows; row = next_row(row))
        for (int32_t code = -70; code <= 70; code += 140) {
          c.call.model = spoiled_model(&s);
          c.call.model.max_rows = ways[w].max_rows;
          s.fail_from_row = row;
          s.fail_code = code;
          result r = call_method(context, &c);
          assert_int_equal(r.status, code < 0 ? ATTRIB_E_CALLBACK : ATTRIB_CANCELLED);
          assert_int_equal(r.report.stop_reason, code < 0 ? ATTRIB_STOP_ERROR : ATTRIB_STOP_CALLBACK);
          assert_int_equal(r.report.model_status, code);
          assert_in_range(r.report.failed_row, row < 64 ? 0 : row - 64, row);
          assert_int_equal(r.report.evaluations, r.report.failed_row);
          if (code < 0) {
            char named[30];
            snprintf(named, sizeof named, "from row %" PRId64, r.report.failed_row);
            assert_names(r.message, named);
            expect_nothing_written(&c, &r);
          } else {
            assert_string_equal(r.message, "");
            expect_prefix(&c, &h, &r);
          }
          free_result(&r);
        }
      c.call.model = sane;
      result r = call_method(context, &c); /* as if nothing had been */
      assert_int_equal(r.status, ATTRIB_OK);
      expect_prefix(&c, &h, &r);
      free_result(&r);
      attrib_context_destroy(context);
    }
    free_method(&c);
  }
}

/* What is wrong with a row. */
typedef enum rubbish { OUTPUT_NAN, OUTPUT_INFINITE, GRADIENT_NAN, GRADIENT_INFINITE, NO_GRADIENT, RUBBISH } rubbish;

static spoiler spoil(analytic *inner, rubbish kind, int64_t row) {
  spoiler s = {.inner = inner, .output_row = -1, .gradient_row = -1, .fail_from_row = -1, .feature = N - 1};
  if (kind == OUTPUT_NAN || kind == OUTPUT_INFINITE)
    s.output_row = row;
  else
    s.gradient_row = row;
  s.output = s.gradient = kind == OUTPUT_NAN || kind == GRADIENT_NAN ? NAN : -INFINITY;
  s.forget_gradient = kind == NO_GRADIENT;
  return s;
}

/* In the start, the first nodes, cuts and panels, in a pilot and at the end that its lines share: the message says
 * which row it was, and where on which line. */
static void a_model_returns_rubbish(void **state) {
  (void)state;
  static history h;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_FIRST_SAMPLED; which++) {
    method_case c;
    open_method(&c, which, &h);
    for (int64_t w = 0; w < COUNT(ways); w++) {
      attrib_context *context = new_context(ways[w].workers, 0);
      for (int kind = 0; kind < RUBBISH; kind++)
        for (int64_t row = 0; row < h.rows; row = next_row(row)) {
          if (row > 20 && row % RUBBISH != kind) continue;
          spoiler s = spoil(&c.model, (rubbish)kind, row);
          c.call.model = spoiled_model(&s);
          c.call.model.max_rows = ways[w].max_rows;
          result r = call_method(context, &c);
          assert_int_equal(r.status, ATTRIB_E_NONFINITE);
          expect_nothing_written(&c, &r);
          char place[100];
          snprintf(place, sizeof place, "row %" PRId64 " (baseline %" PRId64 ", alpha %.9g)", row,
                   h.trace[row].baseline, h.trace[row].alpha);
          assert_names(r.message, place);
          if (kind >= GRADIENT_NAN) assert_names(r.message, "the gradient of input 4");
          if (kind == NO_GRADIENT) assert_names(r.message, "unwritten");
          assert_int_equal(r.report.failed_row, row);
          free_result(&r);
        }
      attrib_context_destroy(context);
    }
    free_method(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_fails_or_stops),
      cmocka_unit_test(a_model_returns_rubbish),
  };
  return cmocka_run_group_tests_name("hardship: adaptive", tests, NULL, NULL);
}
