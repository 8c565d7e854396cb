/* What a call says it cost and how far to trust it, and how the caller's buffers are treated. */
#include "methods.h"

static const double from_0[] = {0, 0, 0}, to_123[] = {1, 2, 3};
static const analytic_fn chain = f_chain;

typedef struct cost {
  uint32_t rule;
  int64_t outputs_one, outputs_three; /* rows without gradient over one and three baselines, as methods.h says */
} cost;

static const cost costs[] = {{ATTRIB_RULE_LEFT, 1, 1},
                             {ATTRIB_RULE_RIGHT, 1, 3},
                             {ATTRIB_RULE_MIDPOINT, 2, 4},
                             {ATTRIB_RULE_TRAPEZOID, 0, 0},
                             {ATTRIB_RULE_GAUSS_LEGENDRE, 2, 4}};

static int64_t calls_of(int64_t rows, int64_t max_rows) {
  return (rows + max_rows - 1) / max_rows;
}

static int32_t ATTRIB_CALL remember(const attrib_progress *progress, void *user) {
  attrib_progress *last = user;
  if (progress->struct_size != sizeof *progress || progress->phase != 0) return 1;
  if (progress->evaluations <= last->evaluations) return 1; /* only told when there is news */
  *last = *progress;
  return 0;
}

/* Rows counted by the model are the rows reported, planned and promised. */
static void every_rule_costs_what_it_says(void **state) {
  (void)state;
  enum { POINTS = 7, MAX_ROWS = 3 };
  for (int64_t k = 0; k < COUNT(costs); k++)
    for (int64_t count = 1; count <= 3; count += 2) {
      analytic a;
      attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
      model.max_rows = MAX_ROWS;
      double rows[9];
      fill_random(3, rows, 9);
      attrib_baselines set = {.struct_size = sizeof set, .count = count, .rows = rows};
      attrib_ig_options options = with_rule(costs[k].rule, POINTS);
      attrib_report report = {.struct_size = sizeof report};
      attrib_context *context = new_context(1, 0);
      attrib_progress told = {0};
      assert_int_equal(attrib_context_set_progress(context, remember, &told), ATTRIB_OK);
      double phi[3];
      assert_status(attrib_integrated_gradients(context, &model, to_123, 0, &set, &options, phi, &report), ATTRIB_OK,
                    context);
      int64_t outputs = count == 1 ? costs[k].outputs_one : costs[k].outputs_three;
      assert_int_equal(report.evaluations, count * POINTS);
      assert_int_equal(report.output_evaluations, outputs);
      assert_int_equal(report.model_calls, calls_of(count * POINTS, MAX_ROWS) + calls_of(outputs, MAX_ROWS));
      assert_int_equal(report.points, POINTS);
      assert_int_equal(report.rule, costs[k].rule);
      assert_int_equal(a.gradient_rows, report.evaluations);
      assert_int_equal(a.rows, report.evaluations + report.output_evaluations);
      assert_int_equal(a.calls, report.model_calls);
      assert_int_equal(told.planned, a.rows);
      assert_int_equal(told.evaluations, a.rows);
      assert_true(isnan(told.error_estimate));
      attrib_context_destroy(context);
    }
}

static void every_rule_costs_what_it_says_on_paths(void **state) {
  (void)state;
  enum { POINTS = 4 };
  const double rows[12] = {0, 0, 0, 1, 0, 0, 1, 1, 1, 2, 0, 1};
  for (int64_t k = 0; k < COUNT(costs); k++) {
    analytic a;
    attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
    attrib_path path = {.struct_size = sizeof path, .knots = 4, .rows = rows};
    attrib_ig_options options = with_rule(costs[k].rule, POINTS);
    attrib_report report = {.struct_size = sizeof report};
    double phi[3];
    assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, phi, &report), ATTRIB_OK);
    assert_int_equal(report.evaluations, 3 * POINTS);
    assert_int_equal(report.output_evaluations, costs[k].outputs_one); /* both ends of the path, once */
    assert_int_equal(a.rows, report.evaluations + report.output_evaluations);
    assert_true(report.output == 0 && report.baseline_output == 0); /* 2*0 + 0*1 and 0 */
  }
}

/* Zero, or NaN, where a field says nothing; the buffers' fields stay the caller's. */
static void every_field(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_baselines set = one_baseline(from_0);
  attrib_ig_options options = with_rule(ATTRIB_RULE_LEFT, 10);
  attrib_context *context = new_context(1, 0);
  attrib_report *report = exact_block(sizeof *report); /* exactly the struct, filled with rubbish but for the inputs */
  memset(report, 0x5a, sizeof *report);
  char message[8] = "rubbish";
  report->struct_size = sizeof *report;
  report->trace = NULL;
  report->standard_errors = NULL;
  report->message = message;
  report->message_capacity = sizeof message;
  report->reserved = NULL;
  double phi[3];
  assert_status(attrib_integrated_gradients(context, &model, to_123, 0, &set, &options, phi, report), ATTRIB_OK,
                context);
  /* LEFT of 2 * 8 * alpha over 10 nodes is 8 * 9 / 10. */
  assert_int_equal(report->struct_size, sizeof *report);
  assert_int_equal(report->filled_size, sizeof *report);
  assert_int_equal(report->model_status, 0);
  assert_int_equal(report->stop_reason, ATTRIB_STOP_COMPLETE);
  assert_int_equal(report->round_rows, 0);
  assert_int_equal(report->failed_row, -1);
  assert_int_equal(report->samples, 0);
  assert_int_equal(report->seed, 0);
  assert_int_equal(report->peak_bytes, attrib_context_memory(context));
  assert_true(report->output == 8 && report->baseline_output == 0 && report->completeness_target == 8);
  assert_near(report->attribution_sum, 7.2, ROUND_OFF, 8);
  assert_near(report->attribution_sum, phi[0] + phi[1] + phi[2], ROUND_OFF, 8);
  assert_near(report->completeness_error, -.8, ROUND_OFF, 8);
  assert_near(report->completeness_relative, .1, ROUND_OFF, 8);
  const double nothing[] = {report->error_estimate, report->error_from, report->error_to, report->tolerance,
                            report->sigma};
  for (int64_t i = 0; i < COUNT(nothing); i++) assert_true(isnan(nothing[i]));
  assert_true(report->elapsed_seconds >= 0 && report->elapsed_seconds < 60);
  assert_int_equal(report->trace_count, 0);
  assert_true(report->message == message && report->message_capacity == sizeof message && message[0] == '\0');
  free(report);
  attrib_context_destroy(context);
}

static void a_gradient_has_no_identity(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_report report = {.struct_size = sizeof report};
  double phi[3];
  assert_int_equal(attrib_gradient(NULL, &model, to_123, 0, NULL, phi, &report), ATTRIB_OK);
  assert_int_equal(report.evaluations, 1);
  assert_int_equal(report.output_evaluations, 0);
  assert_int_equal(report.model_calls, 1);
  assert_int_equal(report.rule, 0);
  assert_true(report.output == 8 && report.attribution_sum == 8);
  assert_true(isnan(report.baseline_output) && isnan(report.completeness_target) && isnan(report.completeness_error) &&
              isnan(report.completeness_relative));
}

/* A target of 0 has no relative size: DBL_MIN stands in, and the quotient stays a number. */
static void a_target_of_zero(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_baselines set = one_baseline(to_123);
  attrib_report report = {.struct_size = sizeof report};
  double phi[3];
  assert_int_equal(attrib_integrated_gradients(NULL, &model, to_123, 0, &set, NULL, phi, &report), ATTRIB_OK);
  assert_true(phi[0] == 0 && phi[1] == 0 && phi[2] == 0);
  assert_true(report.completeness_target == 0 && report.completeness_error == 0 && report.completeness_relative == 0);
}

static void a_threshold_judges_but_changes_nothing(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_baselines set = one_baseline(from_0);
  attrib_ig_options options = with_rule(ATTRIB_RULE_LEFT, 10); /* 10 % off */
  static const double thresholds[] = {0, .11, .09, 1e-300};
  static const attrib_status expected[] = {ATTRIB_OK, ATTRIB_OK, ATTRIB_NOT_CONVERGED, ATTRIB_NOT_CONVERGED};
  double phi[4][3];
  for (int k = 0; k < 4; k++) {
    char message[200] = "no";
    attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
    options.completeness_threshold = thresholds[k];
    assert_int_equal(attrib_integrated_gradients(NULL, &model, to_123, 0, &set, &options, phi[k], &report),
                     expected[k]);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
    if (expected[k] == ATTRIB_OK) assert_string_equal(message, "");
    if (expected[k] != ATTRIB_OK) assert_non_null(strstr(message, "options->completeness_threshold = "));
    assert_same_bits(phi[k], phi[0], 3);
  }
}

/* What an older caller's struct has no room for is not written; this being the first version, anything shorter is
 * refused. */
/* Up to the member that was the last in the first version. */
enum { FIRST_SIZE = offsetof(attrib_report, reserved) + sizeof(void *) };

static void a_report_of_another_size(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  static const uint32_t short_sizes[] = {0, 4, 8, FIRST_SIZE - 8, FIRST_SIZE - 1};
  attrib_context *context = new_context(1, 0);
  double *phi = untouched(3);
  for (int64_t k = 0; k < COUNT(short_sizes); k++) {
    size_t size = short_sizes[k] < 4 ? 4 : short_sizes[k];
    unsigned char *block = exact_block(size), *kept;
    memset(block, 0x77, size);
    memcpy(block, &short_sizes[k], 4);
    kept = exact_copy(block, size);
    attrib_status status = attrib_gradient(context, &model, to_123, 0, NULL, phi, (attrib_report *)(void *)block);
    assert_status(status, ATTRIB_E_STRUCT, context);
    assert_names(attrib_context_error(context), "report->struct_size");
    char size_text[16];
    snprintf(size_text, sizeof size_text, "= %u", short_sizes[k]);
    assert_names(attrib_context_error(context), size_text);
    assert_memory_equal(block, kept, size);
    free(kept);
    free(block);
  }
  assert_true(is_untouched(phi, 3) && a.calls == 0);

  size_t longer = sizeof(attrib_report) + 24; /* a newer caller's: its tail is not ours to touch */
  unsigned char *block = exact_block(longer);
  attrib_report known = {.struct_size = (uint32_t)longer};
  memset(block, 0x77, longer);
  memcpy(block, &known, sizeof known);
  assert_status(attrib_gradient(context, &model, to_123, 0, NULL, phi, (attrib_report *)(void *)block), ATTRIB_OK,
                context);
  memcpy(&known, block, sizeof known);
  assert_int_equal(known.struct_size, longer);
  assert_int_equal(known.filled_size, sizeof known);
  for (size_t i = sizeof known; i < longer; i++) assert_int_equal(block[i], 0x77);
  free(block);
  free(phi);
  attrib_context_destroy(context);
}

/* The message fits the buffer whatever its size, and ends in a zero. */
static void a_message_is_cut_at_its_capacity(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_context *context = new_context(1, 0);
  double phi[3];
  char whole[600] = "";
  attrib_report report = {.struct_size = sizeof report, .message = whole, .message_capacity = sizeof whole};
  assert_status(attrib_gradient(context, &model, to_123, 7, NULL, phi, &report), ATTRIB_E_ARGUMENT, context);
  assert_string_equal(whole, attrib_context_error(context));
  assert_names(whole, "target = 7");
  assert_null(strchr(whole, '\n'));
  for (int64_t capacity = 0; capacity <= (int64_t)strlen(whole) + 2; capacity++) {
    char *message = exact_block((size_t)capacity + (capacity == 0));
    message[0] = '#';
    report.message = message;
    report.message_capacity = capacity;
    assert_int_equal(attrib_gradient(NULL, &model, to_123, 7, NULL, phi, &report), ATTRIB_E_ARGUMENT);
    if (capacity == 0) {
      assert_int_equal(message[0], '#');
    } else {
      size_t kept = strlen(whole) < (size_t)capacity ? strlen(whole) : (size_t)capacity - 1;
      assert_int_equal(strlen(message), kept);
      assert_memory_equal(message, whole, kept);
    }
    free(message);
  }
  attrib_context_destroy(context);
}

static void wrong_buffers_are_named(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_context *context = new_context(1, 0);
  attrib_trace_point point;
  char message[200];
  const attrib_report good = {.struct_size = sizeof good,
                              .trace = &point,
                              .trace_capacity = 1,
                              .message = message,
                              .message_capacity = sizeof message};
  attrib_report wrong[] = {good, good, good, good, good};
  wrong[0].trace_capacity = -1;
  wrong[1].trace_stride = (int64_t)sizeof point - 1;
  wrong[2].trace_stride = -8;
  wrong[3].message_capacity = -2;
  wrong[4].reserved = message;
  static const char *const names[] = {"report->trace_capacity = -1", "report->trace_stride = 55",
                                      "report->trace_stride = -8", "report->message_capacity = -2", "report->reserved"};
  double *phi = untouched(3);
  for (int64_t k = 0; k < COUNT(wrong); k++) {
    message[0] = '\0';
    assert_status(attrib_gradient(context, &model, to_123, 0, NULL, phi, &wrong[k]),
                  k == 4 ? ATTRIB_E_UNSUPPORTED : ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), names[k]);
    if (k != 3) assert_names(message, names[k]);
    assert_int_equal(wrong[k].stop_reason, ATTRIB_STOP_ERROR);
  }
  assert_true(a.calls == 0 && is_untouched(phi, 3));
  free(phi);
  attrib_context_destroy(context);
}

/* A call that fails at the door has done nothing, and says so. */
static void a_failed_call_fills_its_report(void **state) {
  (void)state;
  analytic a;
  attrib_model model = single_model(&a, &chain, ATTRIB_F64, 3, NULL);
  attrib_report report;
  memset(&report, 0x5a, sizeof report);
  report.struct_size = sizeof report;
  report.trace = report.message = NULL;
  report.reserved = NULL;
  double phi[3];
  assert_int_equal(attrib_gradient(NULL, &model, NULL, 0, NULL, phi, &report), ATTRIB_E_ARGUMENT);
  assert_int_equal(report.filled_size, sizeof report);
  assert_int_equal(report.stop_reason, ATTRIB_STOP_ERROR);
  assert_int_equal(report.failed_row, -1);
  assert_true(report.evaluations == 0 && report.output_evaluations == 0 && report.model_calls == 0);
  assert_true(isnan(report.output) && isnan(report.attribution_sum) && isnan(report.completeness_target));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_rule_costs_what_it_says),
      cmocka_unit_test(every_rule_costs_what_it_says_on_paths),
      cmocka_unit_test(every_field),
      cmocka_unit_test(a_gradient_has_no_identity),
      cmocka_unit_test(a_target_of_zero),
      cmocka_unit_test(a_threshold_judges_but_changes_nothing),
      cmocka_unit_test(a_report_of_another_size),
      cmocka_unit_test(a_message_is_cut_at_its_capacity),
      cmocka_unit_test(wrong_buffers_are_named),
      cmocka_unit_test(a_failed_call_fills_its_report),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
