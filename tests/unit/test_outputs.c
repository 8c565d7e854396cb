/* attrib_outputs: f for a set of rows, to pick a target before explaining it. */
#include "fixture.h"

enum { N = 3, OUTPUTS = 3, ROWS = 5 };

static const analytic_fn functions[OUTPUTS] = {f_product, f_chain, f_cube};

typedef struct setting {
  analytic analytic;
  attrib_model model;
  double values[N * ROWS], expected[ROWS * OUTPUTS];
  void *rows;
  attrib_baselines set;
} setting;

static void set_up(setting *s, uint32_t dtype) {
  *s = (setting){.analytic = {.functions = functions, .n_outputs = OUTPUTS, .n_inputs = N, .dtype = dtype}};
  s->model = analytic_model(&s->analytic);
  /* Eighths, so that products are exact in either type. */
  for (int i = 0; i < N * ROWS; i++) s->values[i] = (i * 5 % 11 - 4) / 8.0;
  for (int r = 0; r < ROWS; r++)
    for (int k = 0; k < OUTPUTS; k++) s->expected[r * OUTPUTS + k] = functions[k](s->values + r * N, N, NULL, NULL);
  s->rows = as_row(dtype, s->values, N * ROWS);
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = ROWS, .rows = s->rows};
}

static void one_all_or_weighted(void **state) {
  (void)state;
  static const uint32_t max_rows[] = {0, 1, 2, ROWS, 100};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (uint32_t workers = 1; workers <= 3; workers++)
      for (int64_t m = 0; m < COUNT(max_rows); m++) {
        setting s;
        set_up(&s, dtype);
        s.model.max_rows = max_rows[m];
        attrib_context *context = new_context(workers, 0);
        double *one = untouched(ROWS), *all = untouched(ROWS * OUTPUTS), *weighted = untouched(ROWS);
        double *weights = exact_copy((double[]){2, 0, -1}, OUTPUTS * sizeof(double));
        attrib_report report = {.struct_size = sizeof report};
        assert_status(attrib_outputs(context, &s.model, &s.set, 1, NULL, one, NULL), ATTRIB_OK, context);
        assert_status(attrib_outputs(context, &s.model, &s.set, ATTRIB_NO_TARGET, NULL, all, NULL), ATTRIB_OK, context);
        assert_status(attrib_outputs(context, &s.model, &s.set, ATTRIB_NO_TARGET, weights, weighted, &report),
                      ATTRIB_OK, context);
        assert_same_bits(all, s.expected, ROWS * OUTPUTS);
        for (int r = 0; r < ROWS; r++) {
          assert_true(one[r] == s.expected[r * OUTPUTS + 1]);
          assert_true(weighted[r] == 2 * s.expected[r * OUTPUTS] - s.expected[r * OUTPUTS + 2]);
        }
        assert_int_equal(report.evaluations, 0);
        assert_int_equal(report.output_evaluations, ROWS);
        assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
        assert_true(isnan(report.output) && isnan(report.attribution_sum) && report.rule == 0 && report.points == 0);
        assert_int_equal(s.analytic.rows, 3 * ROWS);
        assert_int_equal(s.analytic.gradient_rows, 0);
        free(weights);
        free(weighted);
        free(all);
        free(one);
        free(s.rows);
        attrib_context_destroy(context);
      }
}

/* No gradients are asked for, so a model without them will do; and an unstated number of outputs, for one target. */
static void a_model_without_gradients_will_do(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  s.model.flags = ATTRIB_MODEL_NO_GRADIENTS;
  s.model.n_outputs = 0;
  double *outputs = untouched(ROWS);
  assert_int_equal(attrib_outputs(NULL, &s.model, &s.set, 2, NULL, outputs, NULL), ATTRIB_OK);
  for (int r = 0; r < ROWS; r++) assert_true(outputs[r] == s.expected[r * OUTPUTS + 2]);
  free(outputs);
  free(s.rows);
}

static int32_t ATTRIB_CALL fetch_row(int64_t index, void *row, void *user) {
  const setting *s = user;
  memcpy(row, s->values + index * N, N * sizeof(double));
  return index == 3 ? -77 : 0;
}

/* Rows before the failure are there, the others NaN: nobody takes them for zeros. */
static void rows_not_reached_are_nan(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (uint32_t max_rows = 1; max_rows <= 6; max_rows++)
    for (int way = 0; way < 4; way++) {
      setting s;
      set_up(&s, ATTRIB_F64);
      spoiler bad = {.inner = &s.analytic, .output_row = -1, .gradient_row = -1, .fail_from_row = -1};
      attrib_status expected;
      switch (way) {
        case 0: bad.fail_from_row = 3, bad.fail_code = -5, expected = ATTRIB_E_CALLBACK; break;
        case 1: bad.fail_from_row = 3, bad.fail_code = 9, expected = ATTRIB_CANCELLED; break;
        case 2: bad.output_row = 3, bad.output = NAN, expected = ATTRIB_E_NONFINITE; break;
        default:
          s.set.rows = NULL;
          s.set.fetch = fetch_row;
          s.set.fetch_user = &s;
          expected = ATTRIB_E_CALLBACK;
      }
      attrib_model model = spoiled_model(&bad);
      model.max_rows = max_rows;
      attrib_report report = {.struct_size = sizeof report};
      double *outputs = untouched(ROWS);
      assert_status(attrib_outputs(context, &model, &s.set, 0, NULL, outputs, &report), expected, context);
      int64_t whole = 3 / max_rows * max_rows; /* rows in batches before the one that ended it */
      for (int r = 0; r < ROWS; r++) {
        if (r < whole) assert_true(outputs[r] == s.expected[r * OUTPUTS]);
        if (r >= 3) assert_true(isnan(outputs[r]));
      }
      assert_int_equal(report.model_status, way == 0 ? -5 : way == 1 ? 9 : way == 2 ? 0 : -77);
      assert_int_equal(report.failed_row, way < 2 ? whole : 3);
      if (way == 2) assert_names(attrib_context_error(context), "row 3");
      if (way == 3) assert_names(attrib_context_error(context), "rows->fetch returned -77 for row 3");
      free(outputs);
      free(s.rows);
    }
  attrib_context_destroy(context);
}

/* Of all outputs, the one that is not finite is named. */
static void the_output_is_named(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  double *rows = exact_copy(s.values, sizeof s.values), outputs[ROWS * OUTPUTS];
  rows[2 * N] = 1e200; /* its cube overflows: output 2 */
  s.set.rows = rows;
  assert_status(attrib_outputs(context, &s.model, &s.set, ATTRIB_NO_TARGET, NULL, outputs, NULL), ATTRIB_E_NONFINITE,
                context);
  assert_names(attrib_context_error(context), "row 2");
  assert_names(attrib_context_error(context), "output 2 is inf");
  free(rows);
  free(s.rows);
  attrib_context_destroy(context);
}

typedef struct wrong {
  void (*spoil)(setting *s);
  int64_t target;
  attrib_status status;
  const char *names;
} wrong;

static double none[ROWS], equal[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                          not_a_number[OUTPUTS] = {0, 0, NAN};

#define SPOILS(name, ...)        \
  static void name(setting *s) { \
    __VA_ARGS__;                 \
  }

SPOILS(nothing, (void)s)
SPOILS(count_0, s->set.count = 0)
SPOILS(weights_given, s->set.weights = equal)
SPOILS(flags, s->set.flags = 1)
SPOILS(no_rows, s->set.rows = NULL)
SPOILS(stride, s->set.stride = 2)
SPOILS(unstated, s->model.n_outputs = 0)
SPOILS(no_all_outputs, s->model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS)
SPOILS(no_evaluate, s->model.evaluate = NULL)
SPOILS(short_set, s->set.struct_size -= 1)
SPOILS(huge, s->set.count = INT64_MAX / 2; s->set.rows = NULL; s->set.fetch = fetch_row)

static const wrong wrongs[] = {
    {count_0, 0, ATTRIB_E_ARGUMENT, "rows->count = 0"},
    {weights_given, 0, ATTRIB_E_ARGUMENT, "rows->weights must be NULL"},
    {flags, 0, ATTRIB_E_UNSUPPORTED, "rows->flags = 0x1"},
    {no_rows, 0, ATTRIB_E_ARGUMENT, "rows: exactly one of"},
    {stride, 0, ATTRIB_E_ARGUMENT, "rows->stride = 2"},
    {nothing, 3, ATTRIB_E_ARGUMENT, "target = 3"},
    {nothing, -2, ATTRIB_E_ARGUMENT, "target = -2"},
    {unstated, ATTRIB_NO_TARGET, ATTRIB_E_ARGUMENT, "n_outputs"},
    {no_all_outputs, ATTRIB_NO_TARGET, ATTRIB_E_UNSUPPORTED, "ATTRIB_MODEL_ALL_OUTPUTS"},
    {no_evaluate, 0, ATTRIB_E_ARGUMENT, "model->evaluate"},
    {short_set, 0, ATTRIB_E_STRUCT, "rows->struct_size"},
    {huge, ATTRIB_NO_TARGET, ATTRIB_E_OVERFLOW, "rows->count = 4611686018427387903"},
};

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double *outputs = untouched(ROWS * OUTPUTS);
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    setting s;
    set_up(&s, ATTRIB_F64);
    wrongs[k].spoil(&s);
    assert_status(attrib_outputs(context, &s.model, &s.set, wrongs[k].target, NULL, outputs, NULL), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_int_equal(s.analytic.calls, 0);
    free(s.rows);
  }
  setting s;
  set_up(&s, ATTRIB_F64);
  assert_status(attrib_outputs(context, &s.model, &s.set, ATTRIB_NO_TARGET, not_a_number, outputs, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "target_weights[2] = ");
  assert_status(attrib_outputs(context, &s.model, &s.set, 0, none, outputs, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "target = 0");
  assert_status(attrib_outputs(context, NULL, &s.set, 0, NULL, outputs, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "model is NULL");
  assert_status(attrib_outputs(context, &s.model, NULL, 0, NULL, outputs, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "rows is NULL");
  assert_status(attrib_outputs(context, &s.model, &s.set, 0, NULL, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "outputs is NULL");
  assert_true(is_untouched(outputs, ROWS * OUTPUTS) && s.analytic.calls == 0);
  free(s.rows);
  free(outputs);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_all_or_weighted),           cmocka_unit_test(a_model_without_gradients_will_do),
      cmocka_unit_test(rows_not_reached_are_nan),      cmocka_unit_test(the_output_is_named),
      cmocka_unit_test(every_wrong_argument_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
