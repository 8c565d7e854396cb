/* test_sensitivity_n_options.c - every argument of sensitivity-n that is wrong is named, and nothing is asked. */
#include "faithful.h"

enum { MOST_ROWS = 400 };

static const int64_t good[] = {2, 5}, none[] = {0}, many[] = {3, 25}, twelve[] = {13};
static const double target_weights[] = {1};
static const int32_t groups[FAITHFUL_N], high_groups[FAITHFUL_N] = {[7] = 2};
static const attrib_image small = {.struct_size = sizeof small, .width = 3, .height = 3, .channels = 2};

typedef struct wrong {
  void (*spoil)(faithful *f);
  attrib_status status;
  const char *names;
} wrong;

#define SPOILS(name, ...)         \
  static void name(faithful *f) { \
    __VA_ARGS__;                  \
  }

SPOILS(no_input, free(f->input); f->input = NULL)
SPOILS(no_scores, free(f->scores); f->scores = NULL)
SPOILS(nan_score, f->scores[3] = (double)NAN)
SPOILS(infinite_score, f->scores[23] = -(double)INFINITY)
SPOILS(no_evaluate, f->model.evaluate = NULL)
SPOILS(dtype, f->model.dtype = 7)
SPOILS(unknown_flag, f->sizes.flags = 1U << 20)
SPOILS(lowest_first, f->sizes.flags = ATTRIB_METRIC_LOWEST_FIRST)
SPOILS(random_scores, f->sizes.flags = ATTRIB_METRIC_RANDOM)
SPOILS(both_responses, f->sizes.flags = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY)
SPOILS(one_subset, f->sizes.subsets = 1)
SPOILS(negative_subsets, f->sizes.subsets = -3)
SPOILS(sizes_alone, f->sizes.sizes = good)
SPOILS(count_alone, f->sizes.n_sizes = 2)
SPOILS(negative_count, f->sizes.sizes = good; f->sizes.n_sizes = -1)
SPOILS(size_0, f->sizes.sizes = none; f->sizes.n_sizes = 1)
SPOILS(size_25, f->sizes.sizes = many; f->sizes.n_sizes = 2)
SPOILS(size_13, f->sizes.sizes = twelve; f->sizes.n_sizes = 1; f->sizes.shape = &faithful_shape)
SPOILS(groups_alone, f->sizes.groups = groups)
SPOILS(n_groups_alone, f->sizes.n_groups = 2)
SPOILS(group_label, f->sizes.groups = high_groups; f->sizes.n_groups = 2)
SPOILS(many_groups, f->sizes.groups = groups; f->sizes.n_groups = 25)
SPOILS(small_shape, f->sizes.shape = &small)
SPOILS(no_baselines, f->baselines.count = 0)
SPOILS(weights, f->weights[0] = -1; f->baselines.weights = f->weights; f->baselines.count = 3)
SPOILS(many_rows, f->baselines.count = INT64_MAX / 2; fetch_baselines(f))
SPOILS(weighted_and_target, f->sizes.target_weights = target_weights)

static const wrong wrongs[] = {
    {no_input, ATTRIB_E_ARGUMENT, "input is NULL"},
    {no_scores, ATTRIB_E_ARGUMENT, "scores is NULL"},
    {nan_score, ATTRIB_E_NONFINITE, "scores[3] = "},
    {infinite_score, ATTRIB_E_NONFINITE, "scores[23] = -inf"},
    {no_evaluate, ATTRIB_E_ARGUMENT, "model->evaluate"},
    {dtype, ATTRIB_E_ARGUMENT, "model->dtype = 7"},
    {unknown_flag, ATTRIB_E_UNSUPPORTED, "options->flags = 0x100000"},
    {lowest_first, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_LOWEST_FIRST,"},
    {random_scores, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_RANDOM,"},
    {both_responses, ATTRIB_E_ARGUMENT, "SOFTMAX and ACCURACY"},
    {one_subset, ATTRIB_E_ARGUMENT, "options->subsets = 1: must be 0 or from 2"},
    {negative_subsets, ATTRIB_E_ARGUMENT, "options->subsets = -3"},
    {sizes_alone, ATTRIB_E_ARGUMENT, "options->n_sizes = 0: sizes is not NULL"},
    {count_alone, ATTRIB_E_ARGUMENT, "options->n_sizes = 2: sizes is NULL"},
    {negative_count, ATTRIB_E_ARGUMENT, "options->n_sizes = -1"},
    {size_0, ATTRIB_E_ARGUMENT, "options->sizes[0] = 0: must be from 1 to the number of units, 24"},
    {size_25, ATTRIB_E_ARGUMENT, "options->sizes[1] = 25"},
    {size_13, ATTRIB_E_ARGUMENT, "options->sizes[0] = 13: must be from 1 to the number of units, 12"},
    {groups_alone, ATTRIB_E_ARGUMENT, "n_groups"},
    {n_groups_alone, ATTRIB_E_ARGUMENT, "groups"},
    {group_label, ATTRIB_E_ARGUMENT, "groups[7] = 2"},
    {many_groups, ATTRIB_E_ARGUMENT, "options->n_groups = 25"},
    {small_shape, ATTRIB_E_ARGUMENT, "options->shape: 3 x 3 pixels"},
    {no_baselines, ATTRIB_E_ARGUMENT, "baselines->count = 0"},
    {weights, ATTRIB_E_ARGUMENT, "baselines->weights[0] = -1"},
    {many_rows, ATTRIB_E_OVERFLOW, "options->subsets = 100, n_sizes = 10"},
};

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    faithful f;
    double *values = untouched(10);
    open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
    wrongs[k].spoil(&f);
    assert_status(call_sensitivity_n(&f, context, values), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_true(is_untouched(values, 10) && f.recorder.rows == 0);
    assert_string_equal(f.message, attrib_context_error(context));
    free(values);
    close_faithful(&f);
  }
  faithful f;
  double *values = untouched(10);
  open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  assert_status(attrib_sensitivity_n(context, &f.model, f.input, 0, f.scores, &f.baselines, NULL, NULL, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "values is NULL");
  assert_status(attrib_sensitivity_n(context, &f.model, f.input, 0, f.scores, NULL, NULL, values, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "baselines is NULL");
  assert_status(attrib_sensitivity_n(context, NULL, f.input, 0, f.scores, &f.baselines, NULL, values, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "model is NULL");
  assert_status(attrib_sensitivity_n(context, &f.model, f.input, 1, f.scores, &f.baselines, NULL, values, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "target = 1");
  weighted_and_target(&f);
  assert_status(attrib_sensitivity_n(context, &f.model, f.input, 0, f.scores, &f.baselines, &f.sizes, values, NULL),
                ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "target = 0");
  assert_true(is_untouched(values, 10) && f.recorder.rows == 0);
  free(values);
  close_faithful(&f);
  attrib_context_destroy(context);
}

/* Sums of scores that leave double: of a unit, before anything is asked; of a subset. */
static void sums_beyond_double(void **state) {
  (void)state;
  for (int way = 0; way < 2; way++) {
    faithful f;
    double *values = untouched(10);
    open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, 1200);
    for (int64_t i = 0; i < f.n; i++) f.scores[i] = DBL_MAX / (way == 0 ? 1.5 : 4);
    if (way == 0) f.sizes.shape = &faithful_shape;
    assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_E_OVERFLOW);
    assert_names(f.message, way == 0 ? "scores: their sum overflows" : "scores: sums of them");
    assert_true(is_untouched(values, 10));
    if (way == 0) assert_int_equal(f.recorder.rows, 0);
    free(values);
    close_faithful(&f);
  }
}

static int32_t ATTRIB_CALL fetch_and_fail(int64_t index, void *row, void *user) {
  fetch_faithful(index, row, user);
  const faithful *f = user;
  if (index == 2) ((double *)row)[5] = f->n == 0 ? 0 : (double)NAN;
  return 0;
}

static int32_t ATTRIB_CALL fetch_and_end(int64_t index, void *row, void *user) {
  fetch_faithful(index, row, user);
  return index == 2 ? -8 : 0;
}

static void bad_baselines(void **state) {
  (void)state;
  faithful f;
  double *values = untouched(10);
  open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  fetch_baselines(&f);
  f.baselines.count = 3;
  f.baselines.fetch = fetch_and_fail;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_E_NONFINITE);
  assert_names(f.message, "baselines: row 2, element 5");
  f.baselines.fetch = fetch_and_end;
  assert_int_equal(call_sensitivity_n(&f, NULL, values), ATTRIB_E_CALLBACK);
  assert_names(f.message, "baselines->fetch returned -8 for row 2");
  assert_int_equal(f.report.failed_row, 3); /* the input, and the baselines 0 and 1 */
  assert_true(is_untouched(values, 10));
  free(values);
  close_faithful(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(sums_beyond_double),
      cmocka_unit_test(bad_baselines),
  };
  return cmocka_run_group_tests_name("sensitivity-n options", tests, NULL, NULL);
}
