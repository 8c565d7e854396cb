/* test_ablation_options.c - every wrong argument of an ablation is named, and nothing is written. */
#include "ablation.h"

typedef struct refusal {
  attrib_status status;
  const char *text;
  attrib_ablation_options options;
} refusal;

static void expect_refused(const ablation_case *c, const attrib_model *model, const double *scores,
                           const attrib_baselines *set, const attrib_ablation_options *options, attrib_status status,
                           const char *text) {
  attrib_context *context = new_context(1, 0);
  double *values = untouched(N + 1);
  attrib_report report = {.struct_size = sizeof report};
  attrib_run *run;
  assert_status(attrib_ablation(context, model, c->input, c->target, scores, set, options, values, &report), status,
                context);
  assert_names(attrib_context_error(context), text);
  assert_true(report.stop_reason == ATTRIB_STOP_ERROR && report.output_evaluations == 0);
  assert_status(attrib_ablation_start(context, model, c->input, c->target, scores, set, options, &run), status,
                context);
  assert_true(run == NULL && is_untouched(values, N + 1));
  free(values);
  attrib_context_destroy(context);
}

static void options_by_name(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 1, ATTRIB_F64);
  const attrib_image wrong = {.struct_size = sizeof wrong, .width = 5, .height = 2, .channels = 2};
  const uint32_t box = ATTRIB_SELECT_CENTRE_AREA;
  const refusal refusals[] = {
      {ATTRIB_E_UNSUPPORTED, "options->flags = 0x40", {.flags = 64}},
      {ATTRIB_E_ARGUMENT, "SOFTMAX and ACCURACY", {.flags = 3}},
      {ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_ABSOLUTE,", {.flags = 4, .selection = box, .shape = &hwc}},
      {ATTRIB_E_ARGUMENT,
       "options->flags has ATTRIB_METRIC_LOWEST_FIRST,",
       {.flags = 16, .selection = box, .shape = &hwc}},
      {ATTRIB_E_ARGUMENT, "options->order = 2", {.order = 2}},
      {ATTRIB_E_ARGUMENT, "options->selection = 3", {.selection = 3}},
      {ATTRIB_E_ARGUMENT, "options->curve = 3", {.curve = 3}},
      {ATTRIB_E_ARGUMENT, "options->summary = 2", {.summary = 2}},
      {ATTRIB_E_ARGUMENT, "options->seed = 9", {.seed = 9}},
      {ATTRIB_E_ARGUMENT, "scores: must be NULL", {.flags = 32}},
      {ATTRIB_E_ARGUMENT, "options->step = -1", {.step = -1}},
      {ATTRIB_E_ARGUMENT, "options->step = 25: must be 0 or from 1 to 24", {.step = 25}},
      {ATTRIB_E_ARGUMENT, "options->step = 13: must be 0 or from 1 to 12", {.step = 13, .shape = &hwc}},
      {ATTRIB_E_ARGUMENT, "options->points = -1", {.points = -1}},
      {ATTRIB_E_ARGUMENT, "options->points = -1", {.points = -1, .step = 1}},
      {ATTRIB_E_ARGUMENT, "options->points = 6: must be 0 or from 1 to 5", {.points = 6, .step = 5}},
      {ATTRIB_E_ARGUMENT, "options->points = 16777217", {.points = 16777217}},
      {ATTRIB_E_ARGUMENT, "options->step = 2: must be 0", {.step = 2, .selection = 1, .shape = &hwc}},
      {ATTRIB_E_ARGUMENT, "options->shape is NULL", {.selection = 1}},
      {ATTRIB_E_ARGUMENT, "options->groups is given", {.selection = 1, .groups = c.groups, .n_groups = GROUPS}},
      {ATTRIB_E_ARGUMENT, "options->shape is given", {.shape = &hwc, .groups = c.groups, .n_groups = GROUPS}},
      {ATTRIB_E_ARGUMENT, "options->groups[2] = 4", {.groups = c.groups, .n_groups = 4}},
      {ATTRIB_E_ARGUMENT, "n_groups = 7", {.n_groups = 7}},
      {ATTRIB_E_ARGUMENT, "5 x 2 pixels of 2", {.shape = &wrong}},
      {ATTRIB_E_ARGUMENT, "must be ATTRIB_NO_TARGET", {.target_weights = c.target_weights}},
      {ATTRIB_E_UNSUPPORTED, "options->reserved", {.reserved = c.groups}},
  };
  for (int64_t k = 0; k < COUNT(refusals); k++) {
    attrib_ablation_options options = refusals[k].options;
    options.struct_size = sizeof options;
    expect_refused(&c, &c.model, c.scores, &c.set, &options, refusals[k].status, refusals[k].text);
  }
  close_ablation(&c);
}

static void other_arguments_by_name(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 1, ATTRIB_F64);
  const attrib_ablation_options *o = &c.options;
  expect_refused(&c, NULL, c.scores, &c.set, o, ATTRIB_E_ARGUMENT, "model is NULL");
  expect_refused(&c, &c.model, NULL, &c.set, o, ATTRIB_E_ARGUMENT, "scores is NULL");
  expect_refused(&c, &c.model, c.scores, NULL, o, ATTRIB_E_ARGUMENT, "replacements is NULL");
  attrib_baselines none = c.set;
  none.count = 0;
  expect_refused(&c, &c.model, c.scores, &none, o, ATTRIB_E_ARGUMENT, "replacements->count = 0");
  double bad[N];
  memcpy(bad, c.scores, sizeof bad);
  bad[5] = (double)NAN;
  bad[9] = (double)INFINITY;
  expect_refused(&c, &c.model, bad, &c.set, o, ATTRIB_E_NONFINITE, "scores[5] = ");
  attrib_model blind = c.model;
  blind.flags &= ~(uint32_t)ATTRIB_MODEL_ALL_OUTPUTS;
  attrib_ablation_options softmax = *o;
  softmax.flags = ATTRIB_METRIC_SOFTMAX;
  expect_refused(&c, &blind, c.scores, &c.set, &softmax, ATTRIB_E_UNSUPPORTED, "ALL_OUTPUTS");
  c.target = OUTPUTS;
  expect_refused(&c, &c.model, c.scores, &c.set, o, ATTRIB_E_ARGUMENT, "target = 3");
  c.target = 0;
  ((double *)c.input)[2] = -(double)INFINITY;
  expect_refused(&c, &c.model, c.scores, &c.set, o, ATTRIB_E_NONFINITE, "input");
  attrib_context *context = new_context(1, 0);
  ((double *)c.input)[2] = 0;
  assert_status(attrib_ablation(context, &c.model, c.input, 0, c.scores, &c.set, NULL, NULL, NULL), ATTRIB_E_ARGUMENT,
                context);
  assert_names(attrib_context_error(context), "values is NULL");
  attrib_context_destroy(context);
  close_ablation(&c);
}

/* A row that is not finite is found where its turn comes, and nothing is written. */
static void bad_replacements(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 2, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  double *values = untouched(11);
  ((double *)c.memory)[N + 3] = (double)NAN;
  c.set.count = 2;
  assert_status(attrib_ablation(context, &c.model, c.input, 0, c.scores, &c.set, &c.options, values, NULL),
                ATTRIB_E_NONFINITE, context);
  assert_names(attrib_context_error(context), "replacements: row 1, element 3");
  assert_true(is_untouched(values, 11));
  free(values);
  attrib_context_destroy(context);
  close_ablation(&c);
}

static int32_t ATTRIB_CALL fetch_and_stop(int64_t index, void *row, void *user) {
  return index == 1 ? 4 : fetch_row(index, row, user);
}

static int32_t ATTRIB_CALL fetch_and_fail(int64_t index, void *row, void *user) {
  return index == 1 ? -4 : fetch_row(index, row, user);
}

static void fetches_that_stop_or_fail(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 2, ATTRIB_F32);
  double values[11];
  attrib_report report = {.struct_size = sizeof report};
  c.set = (attrib_baselines){.struct_size = sizeof c.set, .count = ROWS, .fetch = fetch_and_stop, .fetch_user = &c};
  assert_int_equal(attrib_ablation(NULL, &c.model, c.input, 0, c.scores, &c.set, &c.options, values, &report),
                   ATTRIB_CANCELLED);
  assert_true(isfinite(values[0]) && report.output_evaluations == 11 && report.model_status == 4);
  for (int i = 1; i < 11; i++) assert_true(isnan(values[i])); /* means over all that are not known */
  assert_true(isnan(report.objective));
  c.set.fetch = fetch_and_fail;
  assert_int_equal(attrib_ablation(NULL, &c.model, c.input, 0, c.scores, &c.set, &c.options, values, &report),
                   ATTRIB_E_CALLBACK);
  close_ablation(&c);
}

static void too_many_rows(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 2, ATTRIB_F32);
  attrib_context *context = new_context(1, 0);
  double values[11];
  c.set = (attrib_baselines){
      .struct_size = sizeof c.set, .count = INT64_MAX / 10 + 1, .fetch = fetch_row, .fetch_user = &c};
  assert_status(attrib_ablation(context, &c.model, c.input, 0, c.scores, &c.set, &c.options, values, NULL),
                ATTRIB_E_OVERFLOW, context);
  assert_names(attrib_context_error(context), "replacements: too many rows");
  attrib_context_destroy(context);
  close_ablation(&c);
}

/* NULL options, a NULL context and no report. */
static void nothing_but_what_is_needed(void **state) {
  (void)state;
  ablation_case c;
  double values[11];
  open_ablation(&c, 2, ATTRIB_F32);
  assert_int_equal(attrib_ablation(NULL, &c.model, c.input, 0, c.scores, &c.set, NULL, values, NULL), ATTRIB_OK);
  for (int i = 0; i < 11; i++) assert_true(isfinite(values[i]));
  close_ablation(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_by_name),  cmocka_unit_test(other_arguments_by_name),
      cmocka_unit_test(bad_replacements), cmocka_unit_test(fetches_that_stop_or_fail),
      cmocka_unit_test(too_many_rows),    cmocka_unit_test(nothing_but_what_is_needed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
