/* test_ablation_checks.c - what holds of every attribution method holds of ablation and DiffID. */
#include "ablation.h"

#include "method_checks.h"

static attrib_status ablate(attrib_context *context, const attrib_model *models, void *values, attrib_report *report,
                            void *user) {
  const ablation_case *c = user;
  const double *scores = c->options.flags & ATTRIB_METRIC_RANDOM ? NULL : c->scores;
  return attrib_ablation(context, models, c->input, c->target, scores, &c->set, &c->options, values, report);
}

static attrib_status start_ablation(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const ablation_case *c = user;
  const double *scores = c->options.flags & ATTRIB_METRIC_RANDOM ? NULL : c->scores;
  return attrib_ablation_start(context, models, c->input, c->target, scores, &c->set, &c->options, run);
}

static attrib_diff_id_options diff_id_options(const ablation_case *c) {
  return (attrib_diff_id_options){.struct_size = sizeof(attrib_diff_id_options),
                                  .flags = c->options.flags,
                                  .points = c->options.points,
                                  .n_groups = c->options.n_groups,
                                  .target_weights = c->options.target_weights,
                                  .groups = c->options.groups,
                                  .shape = c->options.shape};
}

static attrib_status diff_id(attrib_context *context, const attrib_model *models, void *values, attrib_report *report,
                             void *user) {
  const ablation_case *c = user;
  const attrib_diff_id_options options = diff_id_options(c);
  return attrib_diff_id(context, models, c->input, c->target, c->scores, &options, values, report);
}

static attrib_status start_diff_id(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const ablation_case *c = user;
  const attrib_diff_id_options options = diff_id_options(c);
  return attrib_diff_id_start(context, models, c->input, c->target, c->scores, &options, run);
}

static void check(ablation_case *c, const char *name, bool curves, attrib_status expected) {
  const checked_method method = {.name = name,
                                 .models = {c->model},
                                 .model_count = 1,
                                 .attributions = curves ? c->options.points + 1 : 3 * c->options.points,
                                 .expected = expected,
                                 .nan_prefix = true,
                                 .call = curves ? ablate : diff_id,
                                 .start = curves ? start_ablation : start_diff_id,
                                 .user = c};
  method_check_all(&method);
  close_ablation(c);
}

/* Three replacements, one of them of weight 0; MINMAX asks for the whole ones, too. */
static void ranked(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    ablation_case c;
    open_ablation(&c, 7, dtype);
    use_shape(&c, &hwc);
    c.options.curve = ATTRIB_CURVE_MINMAX;
    c.options.step = 2;
    c.options.points = 5;
    c.set.count = ROWS;
    c.set.weights = c.weights;
    check(&c, "ablation, ranked", true, ATTRIB_OK);
  }
}

static void fetched(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 8, ATTRIB_F32);
  use_unit_groups(&c);
  c.options.order = ATTRIB_ABLATION_INSERTION;
  c.options.flags = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_RANDOM;
  c.options.summary = ATTRIB_SUMMARY_AOPC;
  c.options.seed = 4;
  c.options.points = 9;
  c.set = (attrib_baselines){.struct_size = sizeof c.set, .count = ROWS, .fetch = fetch_row, .fetch_user = &c};
  check(&c, "ablation, fetched", true, ATTRIB_OK);
}

static void boxes(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 9, ATTRIB_F64);
  use_shape(&c, &chw);
  c.options.selection = ATTRIB_SELECT_CENTRE_AREA;
  c.options.curve = ATTRIB_CURVE_RATIO;
  c.options.points = 6;
  c.options.target_weights = c.target_weights;
  c.target = ATTRIB_NO_TARGET;
  c.set.count = 2;
  check(&c, "ablation, boxes", true, ATTRIB_OK);
}

/* The target is not the largest output: f(input) = 0. */
static void undefined(void **state) {
  (void)state;
  ablation_case c;
  open_ablation(&c, 10, ATTRIB_F64);
  c.options.flags = ATTRIB_METRIC_ACCURACY;
  c.options.curve = ATTRIB_CURVE_RATIO;
  c.options.points = 5;
  while (plain_response(&c, ATTRIB_METRIC_ACCURACY, c.target, NULL, c.x) == 1) c.target++;
  check(&c, "ablation, undefined", true, ATTRIB_UNDEFINED);
}

static void differences(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    ablation_case c;
    open_ablation(&c, 11, dtype);
    c.options.points = 5;
    c.options.flags = dtype == ATTRIB_F32 ? ATTRIB_METRIC_SOFTMAX : ATTRIB_METRIC_ABSOLUTE;
    if (dtype == ATTRIB_F64) use_unit_groups(&c);
    check(&c, "DiffID", false, ATTRIB_OK);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ranked),    cmocka_unit_test(fetched),     cmocka_unit_test(boxes),
      cmocka_unit_test(undefined), cmocka_unit_test(differences),
  };
  return cmocka_run_group_tests_name("ablation checks", tests, NULL, NULL);
}
