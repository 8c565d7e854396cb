/* test_baseline_report.c - what several baselines are: hand values, the definitions once more in plain loops, every
 * option, and what must hold of every run. */
#include "fixture.h"

#include "method_checks.h"

enum { N = 4, COUNT_B = 3, COLUMNS = 5, VALUES = COUNT_B * COLUMNS, ALL = VALUES + 2 * COUNT_B * COUNT_B };

static const double input_values[N] = {1, 2, -3, 0.5};
static const double row_values[COUNT_B * N] = {1, 2, -3, 0.5, 0, 2, 0, 0, 4, -2, -3, 0.75};
static const double parameters[N] = {1, 10, 100, 1000};
static const double maps[COUNT_B * N] = {1, 2, 3, 4, 4, 3, 2, 1, -1, 2, -3, 4};

typedef struct setting {
  analytic analytic;
  attrib_model model;
  void *input, *rows;
  attrib_baselines set;
  attrib_baseline_report_options options;
  double *maps;
  int64_t target;
} setting;

static const analytic_fn functions[] = {f_linear, f_waves};

static void set_up(setting *s, uint32_t dtype) {
  *s = (setting){
      .analytic = {.functions = functions, .n_outputs = 2, .n_inputs = N, .parameters = parameters, .dtype = dtype}};
  s->model = analytic_model(&s->analytic);
  s->input = as_row(dtype, input_values, N);
  s->rows = as_row(dtype, row_values, COUNT_B * N);
  s->maps = exact_copy(maps, sizeof maps);
  s->set = (attrib_baselines){.struct_size = sizeof s->set, .count = COUNT_B, .rows = s->rows};
  s->options.struct_size = sizeof s->options;
}

static void tear_down(setting *s) {
  free(s->input);
  free(s->rows);
  free(s->maps);
}

static attrib_status make(const setting *s, attrib_context *context, double *values, attrib_report *report) {
  return attrib_baseline_report(context, &s->model, s->input, s->target, &s->set, &s->options, values, report);
}

static void assert_row(const double *row, double output, double blind, double outside, double distance,
                       double largest) {
  assert_true(row[ATTRIB_BASELINE_OUTPUT] == output && row[ATTRIB_BASELINE_BLIND] == blind);
  if (isnan(outside))
    assert_true(isnan(row[ATTRIB_BASELINE_OUTSIDE]));
  else
    assert_true(row[ATTRIB_BASELINE_OUTSIDE] == outside);
  assert_near(row[ATTRIB_BASELINE_DISTANCE], distance, ROUND_OFF, 1);
  assert_true(row[ATTRIB_BASELINE_LARGEST] == largest);
}

/* The input itself; (0, 2, 0, 0): off by 1, 0, 3, 1/2; (4, -2, -3, 3/4): off by 3, 4, 0, 1/4. */
static void by_hand(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    setting s;
    set_up(&s, dtype);
    double *values = untouched(VALUES);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(make(&s, NULL, values, &report), ATTRIB_OK);
    assert_row(values, 221, 1, NAN, 0, 0);
    assert_row(values + COLUMNS, 20, 0.25, NAN, sqrt(10.25), 3);
    assert_row(values + 2 * COLUMNS, 434, 0.25, NAN, sqrt(25.0625), 4);
    assert_true(report.output == 221);
    assert_near(report.baseline_output, 225, ROUND_OFF, 225);
    assert_true(report.evaluations == 0 && report.output_evaluations == COUNT_B + 1);
    assert_int_equal(report.stop_reason, ATTRIB_STOP_COMPLETE);
    s.options.tolerance = 0.5;
    s.options.low = -3, s.options.high = 3; /* the ends are inside; 4 is not */
    s.set.weights = (const double[]){0, 1, 3};
    assert_int_equal(make(&s, NULL, values, &report), ATTRIB_OK);
    assert_row(values, 221, 1, 0, 0, 0);
    assert_row(values + COLUMNS, 20, 0.5, 0, sqrt(10.25), 3);
    assert_row(values + 2 * COLUMNS, 434, 0.5, 0.25, sqrt(25.0625), 4);
    assert_true(report.baseline_output == 330.5);
    free(values);
    tear_down(&s);
  }
}

/* 0.1 as a float is above 0.1: it is the end that floats have. */
static void ends_are_those_of_the_dtype(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F32);
  const float tenth[N] = {0.1F, 0.1F, 0, 0};
  double values[COLUMNS];
  s.set.rows = tenth, s.set.count = 1;
  s.options.high = 0.1;
  assert_int_equal(make(&s, NULL, values, NULL), ATTRIB_OK);
  assert_true(values[ATTRIB_BASELINE_OUTSIDE] == 0);
  s.options.high = 0.05;
  assert_int_equal(make(&s, NULL, values, NULL), ATTRIB_OK);
  assert_true(values[ATTRIB_BASELINE_OUTSIDE] == 0.5);
  tear_down(&s);
}

/* f as probabilities, as what is the largest, and as a weighted sum; against the functions themselves. */
static void responses(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  double values[VALUES], outputs[COUNT_B][2];
  const double weights[] = {0.25, -2};
  for (int b = 0; b < COUNT_B; b++)
    for (int k = 0; k < 2; k++) outputs[b][k] = functions[k](row_values + b * N, N, NULL, parameters);
  s.target = 1;
  s.options.flags = ATTRIB_METRIC_SOFTMAX;
  assert_int_equal(make(&s, NULL, values, NULL), ATTRIB_OK);
  for (int b = 0; b < COUNT_B; b++)
    assert_near(values[b * COLUMNS], 1 / (1 + exp(outputs[b][0] - outputs[b][1])), ROUND_OFF, 1);
  s.options.flags = ATTRIB_METRIC_ACCURACY;
  assert_int_equal(make(&s, NULL, values, NULL), ATTRIB_OK);
  for (int b = 0; b < COUNT_B; b++) assert_true(values[b * COLUMNS] == (outputs[b][1] > outputs[b][0]));
  s.options.flags = 0;
  s.options.target_weights = weights;
  s.target = ATTRIB_NO_TARGET;
  assert_int_equal(make(&s, NULL, values, NULL), ATTRIB_OK);
  for (int b = 0; b < COUNT_B; b++)
    assert_near(values[b * COLUMNS], 0.25 * outputs[b][0] - 2 * outputs[b][1], ROUND_OFF, 500);
  tear_down(&s);
}

/* Ranks 1 2 3 4, 4 3 2 1, and 2 3 1 4 of (-1, 2, -3, 4), whose sizes are 1 2 3 4. */
static void agreement_by_hand(void **state) {
  (void)state;
  static const double expected[] = {1, -1, 0.4, -1, 1, -0.4, 0.4, -0.4, 1, 1, -1, 1, -1, 1, -1, 1, -1, 1};
  setting s;
  set_up(&s, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  double *values = untouched(ALL), *first = untouched(VALUES);
  assert_status(make(&s, context, first, NULL), ATTRIB_OK, context);
  s.options.maps = s.maps;
  assert_status(make(&s, context, values, NULL), ATTRIB_OK, context);
  assert_same_bits(values, first, VALUES);
  for (int i = 0; i < 18; i++) assert_near(values[VALUES + i], expected[i], ROUND_OFF, 1);
  s.options.map_length = 2; /* six values: (1, 2), (3, 4), (4, 3) */
  assert_status(make(&s, context, values, NULL), ATTRIB_OK, context);
  assert_true(values[VALUES + 1] == 1 && values[VALUES + 2] == -1 && values[VALUES + 5] == -1);
  free(first);
  free(values);
  attrib_context_destroy(context);
  tear_down(&s);
}

static void flat_maps(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  double *values = untouched(ALL);
  s.options.maps = s.maps;
  for (int i = 0; i < N; i++) s.maps[2 * N + i] = i % 2 == 0 ? 3 : -3;
  assert_status(make(&s, context, values, NULL), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "map 2 is of one size everywhere");
  assert_true(isfinite(values[VALUES + 2]) && isnan(values[VALUES + 9 + 2]) && isnan(values[ALL - 1]));
  assert_true(values[VALUES + 9 + 1] == -1 && isfinite(values[0]));
  for (int i = 0; i < N; i++) s.maps[N + i] = 7;
  assert_status(make(&s, context, values, NULL), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "map 1 is the same everywhere");
  assert_true(isnan(values[VALUES + 1]) && isnan(values[VALUES + 3]) && isnan(values[VALUES + 4]));
  assert_true(values[VALUES] == 1 && isfinite(values[VALUES + 2]));
  for (int i = 0; i < N; i++) s.maps[N + i] = i % 2 == 0 ? 7 : -7, s.maps[2 * N + i] = 7;
  assert_status(make(&s, context, values, NULL), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "map 1 is of one size everywhere");
  attrib_run *run; /* nothing is judged before it is over */
  assert_status(attrib_baseline_report_start(context, &s.model, s.input, 0, &s.set, &s.options, &run), ATTRIB_OK,
                context);
  assert_int_equal(attrib_run_result(run, values, NULL), ATTRIB_OK);
  assert_string_equal(attrib_run_error(run), "");
  assert_true(isnan(values[0]) && isfinite(values[VALUES + 1]) && isnan(values[VALUES + 2]));
  attrib_run_destroy(run);
  free(values);
  attrib_context_destroy(context);
  tear_down(&s);
}

/* Distances whose squares leave the range of double, and one that does itself. */
static void far_and_near(void **state) {
  (void)state;
  setting s;
  set_up(&s, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  double zeros[N] = {0}, far[N] = {3e200, 4e200}, values[COLUMNS];
  const analytic_fn flat[] = {f_saturating};
  s.analytic = (analytic){.functions = flat, .n_outputs = 1, .n_inputs = N, .dtype = ATTRIB_F64};
  s.model = analytic_model(&s.analytic);
  free(s.input);
  s.input = exact_copy(zeros, sizeof zeros);
  s.set.rows = far, s.set.count = 1;
  assert_status(make(&s, context, values, NULL), ATTRIB_OK, context);
  assert_near(values[ATTRIB_BASELINE_DISTANCE], 5e200, ROUND_OFF, 1e200);
  far[0] = 3e-200, far[1] = -4e-200;
  assert_status(make(&s, context, values, NULL), ATTRIB_OK, context);
  assert_near(values[ATTRIB_BASELINE_DISTANCE], 5e-200, ROUND_OFF, 1e-200);
  far[0] = far[1] = DBL_MAX;
  assert_status(make(&s, context, values, NULL), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "row 0");
  attrib_context_destroy(context);
  tear_down(&s);
}

/* -- what is refused ---------------------------------------------------------------------------------------------- */

typedef struct wrong {
  void (*spoil)(setting *s);
  attrib_status status;
  const char *names;
} wrong;

#define SPOILS(name, ...)        \
  static void name(setting *s) { \
    __VA_ARGS__;                 \
  }

SPOILS(flags, s->options.flags = ATTRIB_METRIC_ABSOLUTE)
SPOILS(unknown, s->options.flags = 0x40)
SPOILS(both, s->options.flags = 3)
SPOILS(negative, s->options.map_length = -1)
SPOILS(without_maps, s->options.map_length = 2)
SPOILS(tolerance, s->options.tolerance = -1)
SPOILS(range, s->options.low = 1)
SPOILS(target, s->target = 2)
SPOILS(count, s->set.count = 0)
SPOILS(map, s->maps[7] = NAN; s->options.maps = s->maps)
SPOILS(outputs, s->model.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS; s->options.flags = ATTRIB_METRIC_SOFTMAX)
SPOILS(huge, s->set.count = INT64_MAX / 8; s->options.maps = s->maps; s->set.rows = NULL;
       s->set.fetch = attrib_noise_fetch)

static const wrong wrongs[] = {
    {flags, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_ABSOLUTE"},
    {unknown, ATTRIB_E_UNSUPPORTED, "options->flags = 0x40"},
    {both, ATTRIB_E_ARGUMENT, "SOFTMAX and ACCURACY"},
    {negative, ATTRIB_E_ARGUMENT, "options->map_length = -1: must not be negative"},
    {without_maps, ATTRIB_E_ARGUMENT, "options->map_length = 2: must be 0"},
    {tolerance, ATTRIB_E_ARGUMENT, "options->tolerance = -1"},
    {range, ATTRIB_E_ARGUMENT, "options->low = 1, high = 0"},
    {target, ATTRIB_E_ARGUMENT, "target = 2"},
    {count, ATTRIB_E_ARGUMENT, "baselines->count = 0"},
    {map, ATTRIB_E_NONFINITE, "options->maps[7] = "},
    {outputs, ATTRIB_E_UNSUPPORTED, "ATTRIB_MODEL_ALL_OUTPUTS"},
};

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double *values = untouched(ALL);
  setting s;
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    set_up(&s, ATTRIB_F64);
    wrongs[k].spoil(&s);
    assert_status(make(&s, context, values, NULL), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_int_equal(s.analytic.calls, 0);
    tear_down(&s);
  }
  set_up(&s, ATTRIB_F64);
  attrib_noise noise = {
      .struct_size = sizeof noise, .dtype = ATTRIB_F64, .kind = ATTRIB_NOISE_UNIFORM, .n_inputs = N, .high = 1};
  huge(&s);
  s.set.fetch_user = &noise;
  assert_status(make(&s, context, values, NULL), ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "baselines->count");
  tear_down(&s);
  set_up(&s, ATTRIB_F64);
  assert_true(is_untouched(values, ALL));
  assert_status(make(&s, context, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "values is NULL");
  ((double *)s.input)[1] = INFINITY;
  assert_status(make(&s, context, values, NULL), ATTRIB_E_NONFINITE, context);
  assert_names(attrib_context_error(context), "input");
  free(values);
  tear_down(&s);
  attrib_context_destroy(context);
}

/* -- what holds of every method ----------------------------------------------------------------------------------- */

static attrib_status make_checked(attrib_context *context, const attrib_model *models, void *values,
                                  attrib_report *report, void *user) {
  const setting *s = user;
  return attrib_baseline_report(context, &models[0], s->input, s->target, &s->set, &s->options, values, report);
}

static attrib_status start_checked(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const setting *s = user;
  return attrib_baseline_report_start(context, &models[0], s->input, s->target, &s->set, &s->options, run);
}

static int32_t ATTRIB_CALL fetch(int64_t index, void *row, void *user) {
  const setting *s = user;
  const size_t size = N * (s->model.dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
  memcpy(row, (const char *)s->rows + (size_t)(index % COUNT_B) * size, size);
  return 0;
}

static void what_holds_of_every_method(void **state) {
  (void)state;
  for (int way = 0; way < 3; way++) {
    setting s;
    set_up(&s, way == 0 ? ATTRIB_F32 : ATTRIB_F64);
    checked_method m = {.name = "baseline report",
                        .models = {s.model},
                        .model_count = 1,
                        .attributions = VALUES,
                        .nan_prefix = true,
                        .call = make_checked,
                        .start = start_checked,
                        .user = &s};
    if (way == 0) s.options.maps = s.maps, m.attributions = ALL;
    if (way == 1) {
      s.options.flags = ATTRIB_METRIC_SOFTMAX;
      s.set.rows = NULL, s.set.fetch = fetch, s.set.fetch_user = &s;
      s.set.count = 12;
      m.attributions = 12 * COLUMNS;
    }
    if (way == 2) { /* a map without ranks */
      s.options.maps = s.maps, m.attributions = ALL, m.expected = ATTRIB_UNDEFINED;
      for (int i = 0; i < N; i++) s.maps[i] = 5;
    }
    method_check_all(&m);
    tear_down(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),
      cmocka_unit_test(ends_are_those_of_the_dtype),
      cmocka_unit_test(responses),
      cmocka_unit_test(agreement_by_hand),
      cmocka_unit_test(flat_maps),
      cmocka_unit_test(far_and_near),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(what_holds_of_every_method),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
