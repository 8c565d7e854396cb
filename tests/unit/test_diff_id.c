/* test_diff_id.c - DiffID: exact values, and random ones against plain loops. */
#include "ablation.h"

static const analytic_fn linear[] = {f_linear};

/* w = (5, 1, 2, 1) at (1, 2, 3, 4), scores w x = (5, 2, 6, 4), r = 1/2: DEL 27, INS 15, of 17. */
static void exact_values(void **state) {
  (void)state;
  const double w[] = {5, 1, 2, 1}, x[] = {1, 2, 3, 4}, scores[] = {5, 2, 6, 4};
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic a;
    const attrib_model model = single_model(&a, linear, dtype, 4, w);
    void *input = as_row(dtype, x, 4);
    double *values = untouched(3);
    attrib_report report = {.struct_size = sizeof report};
    const attrib_diff_id_options options = {.struct_size = sizeof options, .points = 1};
    assert_int_equal(attrib_diff_id(NULL, &model, input, 0, scores, &options, values, &report), ATTRIB_OK);
    assert_near(values[0], 15.0 / 17, ROUND_OFF, 1);
    assert_near(values[1], 27.0 / 17, ROUND_OFF, 1);
    assert_near(values[2], -12.0 / 17, ROUND_OFF, 1);
    assert_near(report.objective, -12.0 / 17, ROUND_OFF, 1);
    assert_true(report.output == 17 && report.points == 1 && report.output_evaluations == 3);
    free(values);
    free(input);
  }
}

/* Of equal scores the lower number goes first at both ends, so INS and DEL are the same rows. */
static void a_map_that_ranks_nothing(void **state) {
  (void)state;
  ablation_case c;
  double values[27];
  attrib_report report = {.struct_size = sizeof report};
  open_ablation(&c, 4, ATTRIB_F64);
  for (int64_t i = 0; i < N; i++) c.scores[i] = -2;
  assert_int_equal(attrib_diff_id(NULL, &c.model, c.input, 0, c.scores, NULL, values, &report), ATTRIB_OK);
  for (int i = 0; i < 9; i++) assert_true(values[18 + i] == 0 && values[i] == values[9 + i]);
  assert_true(report.objective == 0 && report.points == 9 && report.output_evaluations == 19);
  close_ablation(&c);
}

/* Of a constant input nothing changes, to the last bit. */
static void a_constant_input(void **state) {
  (void)state;
  ablation_case c;
  double values[27];
  open_ablation(&c, 5, ATTRIB_F64);
  for (int64_t i = 0; i < N; i++) ((double *)c.input)[i] = .1;
  assert_int_equal(attrib_diff_id(NULL, &c.model, c.input, 0, c.scores, NULL, values, NULL), ATTRIB_OK);
  for (int i = 0; i < 27; i++) assert_true(values[i] == (i < 18 ? 1 : 0));
  close_ablation(&c);
}

/* floor(r N) is 0 at every r: no row but the input. */
static void one_feature(void **state) {
  (void)state;
  const double w = 3, x = 2, score = -1;
  analytic a;
  const attrib_model model = single_model(&a, linear, ATTRIB_F64, 1, &w);
  double values[27];
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_diff_id(NULL, &model, &x, 0, &score, NULL, values, &report), ATTRIB_OK);
  for (int i = 0; i < 27; i++) assert_true(values[i] == (i < 18 ? 1 : 0));
  assert_true(report.output_evaluations == 1 && report.objective == 0);
}

/* -- against plain loops ------------------------------------------------------------------------------------------ */

/* f with the units that are first taken out. */
static double plain_f(const ablation_case *c, const double *sums, bool lowest, int64_t out) {
  const attrib_ablation_options *o = &c->options;
  double x[N], mean = 0;
  int64_t left = 0;
  bool taken[N];
  for (int64_t i = 0; i < N; i++) {
    taken[i] = plain_first(sums, c->units, lowest, plain_unit(o->shape, o->groups, i), out);
    if (taken[i]) continue;
    mean += c->x[i];
    left++;
  }
  if (left > 0) mean /= (double)left;
  if (c->analytic.dtype == ATTRIB_F32) {
    volatile float single = (float)mean;
    mean = (double)single;
  }
  for (int64_t i = 0; i < N; i++) x[i] = taken[i] ? mean : c->x[i];
  return plain_response(c, o->flags, c->target, o->target_weights, x);
}

static void expect_plain(const ablation_case *c) {
  const attrib_ablation_options *o = &c->options;
  const attrib_diff_id_options options = {.struct_size = sizeof options,
                                          .flags = o->flags,
                                          .points = o->points,
                                          .n_groups = o->n_groups,
                                          .target_weights = o->target_weights,
                                          .groups = o->groups,
                                          .shape = o->shape};
  double sums[N], sum = 0;
  double *values = untouched(3 * o->points);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(attrib_diff_id(NULL, &c->model, c->input, c->target, c->scores, &options, values, &report),
                   ATTRIB_OK);
  plain_scores(o->shape, o->groups, o->flags, c->scores, c->units, sums);
  const double output = plain_response(c, o->flags, c->target, o->target_weights, c->x);
  const double unit = o->flags & ATTRIB_METRIC_ACCURACY ? 1 : output, scale = 10 + 100 / fabs(unit);
  /* In float, the mean may be rounded to the one side or the other. */
  const double tolerance = c->analytic.dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
  for (int64_t i = 1; i <= o->points; i++) {
    const int64_t out = i * c->units / (o->points + 1);
    const double ins = plain_f(c, sums, true, out) / unit, del = plain_f(c, sums, false, out) / unit;
    assert_near(values[i - 1], ins, tolerance, scale);
    assert_near(values[o->points + i - 1], del, tolerance, scale);
    assert_true(values[2 * o->points + i - 1] == values[i - 1] - values[o->points + i - 1]);
    sum += ins - del;
  }
  assert_near(report.objective, sum / (double)o->points, tolerance, scale);
  assert_near(report.output, output, ROUND_OFF, 10);
  free(values);
}

static void random_cases(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 120; seed++) {
    ablation_case c;
    open_ablation(&c, seed, seed % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64);
    if (seed % 4 == 1) use_shape(&c, seed % 8 < 4 ? &hwc : &chw);
    if (seed % 4 == 2) use_unit_groups(&c);
    c.options.flags = (uint32_t)(seed / 4 % 3) | (seed % 5 == 0 ? ATTRIB_METRIC_ABSOLUTE : 0U) |
                      (seed % 7 == 0 ? ATTRIB_METRIC_UNIT_SCORES : 0U);
    c.options.points = 1 + (int64_t)(seed % 11);
    c.target = (int64_t)(seed % OUTPUTS);
    if (c.options.flags % 4 < 2 && seed % 3 == 0) {
      c.options.target_weights = c.target_weights;
      c.target = ATTRIB_NO_TARGET;
    }
    expect_plain(&c);
    close_ablation(&c);
  }
}

/* -- edges -------------------------------------------------------------------------------------------------------- */

static void undefined(void **state) {
  (void)state;
  const double w[] = {2, -1}, x[] = {1, 2}, scores[] = {1, 2};
  analytic a;
  const attrib_model model = single_model(&a, linear, ATTRIB_F64, 2, w);
  char message[200];
  double values[27];
  attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
  assert_int_equal(attrib_diff_id(NULL, &model, x, 0, scores, NULL, values, &report), ATTRIB_UNDEFINED);
  for (int i = 0; i < 27; i++) assert_true(isnan(values[i]));
  assert_true(isnan(report.objective) && report.output == 0);
  assert_names(message, "f(input) is 0");
}

/* A ratio to a small f(input), and a sum of differences, beyond the range of double. */
static void overflows(void **state) {
  (void)state;
  const double w[2][3] = {{1e308, -.5e308, 1e-5}, {1.5e308, -1.5e308, 1}}, x[2][3] = {{1, 2, 1}, {-1, -1, 1}};
  const double scores[] = {1, 2, 3};
  const char *texts[] = {"values at r = 1 / 3 overflow", "the sum of the differences overflows"};
  for (int k = 0; k < 2; k++) {
    analytic a;
    const attrib_model model = single_model(&a, linear, ATTRIB_F64, 3, w[k]);
    const attrib_diff_id_options options = {.struct_size = sizeof options, .points = k == 0 ? 2 : 5};
    attrib_context *context = new_context(1, 0);
    double *values = untouched(3 * options.points);
    assert_status(attrib_diff_id(context, &model, x[k], 0, scores, &options, values, NULL), ATTRIB_E_OVERFLOW, context);
    assert_names(attrib_context_error(context), texts[k]);
    assert_true(is_untouched(values, 3 * options.points));
    free(values);
    attrib_context_destroy(context);
  }
}

/* Groups 1 and 2 are empty; once group 0 is taken out nothing is left to take a mean of, and its elements are 0. */
static void nothing_left(void **state) {
  (void)state;
  const double w[] = {1, 2, 4}, x[] = {1, 1, 1}, scores[] = {1, 1, 1};
  const int32_t groups[] = {0, 0, 0};
  analytic a;
  const attrib_model model = single_model(&a, linear, ATTRIB_F64, 3, w);
  const attrib_diff_id_options options = {.struct_size = sizeof options, .points = 1, .n_groups = 3, .groups = groups};
  double values[3];
  assert_int_equal(attrib_diff_id(NULL, &model, x, 0, scores, &options, values, NULL), ATTRIB_OK);
  assert_true(values[0] == 1 && values[1] == 0 && values[2] == 1);
}

static void the_random_control(void **state) {
  (void)state;
  ablation_case c;
  double values[2][27];
  attrib_report report = {.struct_size = sizeof report};
  attrib_diff_id_options options = {.struct_size = sizeof options, .flags = ATTRIB_METRIC_RANDOM, .shape = &hwc};
  open_ablation(&c, 3, ATTRIB_F32);
  for (uint64_t seed = 5; seed < 7; seed++) {
    options.seed = seed;
    assert_int_equal(attrib_diff_id(NULL, &c.model, c.input, 0, NULL, &options, values[seed - 5], &report), ATTRIB_OK);
    assert_true(report.seed == seed);
  }
  assert_memory_not_equal(values[0], values[1], sizeof values[0]);
  close_ablation(&c);
}

typedef struct refusal {
  attrib_status status;
  const char *text;
  attrib_diff_id_options options;
} refusal;

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 1, ATTRIB_F64);
  const refusal refusals[] = {
      {ATTRIB_E_UNSUPPORTED, "options->flags = 0x80", {.flags = 128}},
      {ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_LOWEST_FIRST,", {.flags = ATTRIB_METRIC_LOWEST_FIRST}},
      {ATTRIB_E_ARGUMENT, "SOFTMAX and ACCURACY", {.flags = 3}},
      {ATTRIB_E_ARGUMENT, "scores: must be NULL", {.flags = ATTRIB_METRIC_RANDOM}},
      {ATTRIB_E_ARGUMENT, "options->seed = 3", {.seed = 3}},
      {ATTRIB_E_ARGUMENT, "options->points = -1", {.points = -1}},
      {ATTRIB_E_ARGUMENT, "options->points = 16777216", {.points = 16777216}},
      {ATTRIB_E_ARGUMENT, "options->shape is given", {.shape = &hwc, .groups = c.groups, .n_groups = GROUPS}},
      {ATTRIB_E_ARGUMENT, "n_groups = 7", {.n_groups = 7}},
      {ATTRIB_E_ARGUMENT, "must be ATTRIB_NO_TARGET", {.target_weights = c.target_weights}},
      {ATTRIB_E_UNSUPPORTED, "options->reserved", {.reserved = &c}},
  };
  attrib_context *context = new_context(1, 0);
  double *values = untouched(27);
  attrib_run *run;
  for (int64_t k = 0; k < COUNT(refusals); k++) {
    attrib_diff_id_options options = refusals[k].options;
    options.struct_size = sizeof options;
    assert_status(attrib_diff_id(context, &c.model, c.input, 0, c.scores, &options, values, NULL), refusals[k].status,
                  context);
    assert_names(attrib_context_error(context), refusals[k].text);
    assert_status(attrib_diff_id_start(context, &c.model, c.input, 0, c.scores, &options, &run), refusals[k].status,
                  context);
    assert_true(run == NULL);
  }
  c.scores[1] = (double)NAN;
  assert_status(attrib_diff_id(context, &c.model, c.input, 0, c.scores, NULL, values, NULL), ATTRIB_E_NONFINITE,
                context);
  assert_names(attrib_context_error(context), "scores[1]");
  c.scores[1] = 0;
  assert_status(attrib_diff_id(context, &c.model, c.input, 0, c.scores, NULL, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "values is NULL");
  ((double *)c.input)[0] = 1.5e308;
  ((double *)c.input)[1] = -1.5e308;
  assert_status(attrib_diff_id(context, &c.model, c.input, 0, c.scores, NULL, values, NULL), ATTRIB_E_OVERFLOW,
                context);
  assert_names(attrib_context_error(context), "input");
  assert_true(is_untouched(values, 27));
  free(values);
  attrib_context_destroy(context);
  close_ablation(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_values),       cmocka_unit_test(a_map_that_ranks_nothing),
      cmocka_unit_test(a_constant_input),   cmocka_unit_test(one_feature),
      cmocka_unit_test(random_cases),       cmocka_unit_test(undefined),
      cmocka_unit_test(nothing_left),       cmocka_unit_test(overflows),
      cmocka_unit_test(the_random_control), cmocka_unit_test(refuses_bad_arguments_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
