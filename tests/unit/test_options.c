/* Wrong arguments and options: the status, the argument's name and its value, and nothing written. */
#include "fixture.h"

enum { N = 3, OUTPUTS = 2, COUNT_ROWS = 2 };

/* All arguments of all calls, right to begin with. */
typedef struct arguments {
  call_kind kind;
  analytic analytic;
  attrib_model model;
  attrib_baselines baselines;
  attrib_path path;
  attrib_ig_options options;
  double input[N], rows[N * COUNT_ROWS], weights[COUNT_ROWS], target_weights[OUTPUTS];
  int32_t groups[N];
  int64_t target;
  const void *given_input;
  const attrib_model *given_model;
  const attrib_baselines *given_baselines;
  const attrib_path *given_path;
} arguments;

typedef void (*spoil)(arguments *a);

typedef struct wrong {
  unsigned kinds; /* bit set of 1 << call_kind: the calls it is wrong for */
  spoil spoil;
  attrib_status status;
  const char *names;
} wrong;

enum {
  GRAD = 1 << CALL_GRADIENT,
  IG = 1 << CALL_INTEGRATED,
  PATH = 1 << CALL_PATH,
  RULED = IG | PATH,
  ALL = GRAD | IG | PATH
};

static int32_t ATTRIB_CALL no_fetch(int64_t index, void *row, void *user) {
  (void)index, (void)row, (void)user;
  return -1;
}

static int32_t ATTRIB_CALL no_curve(double alpha, void *point, void *tangent, void *user) {
  (void)alpha, (void)point, (void)tangent, (void)user;
  return -1;
}

#define SPOILS(name, ...)          \
  static void name(arguments *a) { \
    __VA_ARGS__;                   \
  }

SPOILS(model_null, a->given_model = NULL)
SPOILS(model_flags, a->model.flags |= 64)
SPOILS(model_dtype_0, a->model.dtype = 0)
SPOILS(model_dtype_3, a->model.dtype = 3)
SPOILS(model_inputs_0, a->model.n_inputs = 0)
SPOILS(model_inputs_negative, a->model.n_inputs = -4)
SPOILS(model_inputs_huge, a->model.n_inputs = INT64_MAX)
SPOILS(model_outputs_negative, a->model.n_outputs = -1)
SPOILS(model_no_gradients, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS)
SPOILS(mean_without_gradients, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS; a->options.flags = ATTRIB_MEAN_GRADIENT)
SPOILS(step_too_small, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS; a->options.difference_step = 1e-10)
SPOILS(step_too_large, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS; a->options.difference_step = 0.5)
SPOILS(step_nan, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS; a->options.difference_step = (double)NAN)
SPOILS(step_with_gradients, a->options.difference_step = 0.01)
SPOILS(model_evaluate, a->model.evaluate = NULL)
SPOILS(target_negative, a->target = -2)
SPOILS(target_none, a->target = ATTRIB_NO_TARGET)
SPOILS(target_beyond, a->target = OUTPUTS)
SPOILS(weights_and_target, a->options.target_weights = a->target_weights)
static void weights(arguments *a) {
  a->options.target_weights = a->target_weights;
  a->target = ATTRIB_NO_TARGET;
}
SPOILS(weights_nan, weights(a); a->target_weights[1] = NAN)
SPOILS(weights_inf, weights(a); a->target_weights[0] = -INFINITY)
SPOILS(weights_unsupported, weights(a); a->model.flags &= ~(uint32_t)ATTRIB_MODEL_TARGET_WEIGHTS)
SPOILS(weights_unstated, weights(a); a->model.n_outputs = 0)
SPOILS(input_null, a->given_input = NULL)
SPOILS(input_nan, a->input[2] = NAN)
SPOILS(input_inf, a->input[0] = -INFINITY)
SPOILS(baselines_null, a->given_baselines = NULL)
SPOILS(baselines_flags, a->baselines.flags = 5)
SPOILS(baselines_count_0, a->baselines.count = 0)
SPOILS(baselines_count_negative, a->baselines.count = -7)
SPOILS(baselines_neither, a->baselines.rows = NULL)
SPOILS(baselines_both, a->baselines.fetch = no_fetch)
SPOILS(baselines_stride, a->baselines.stride = N - 1)
SPOILS(baselines_stride_negative, a->baselines.stride = -N)
SPOILS(baselines_huge, a->baselines.count = INT64_MAX / 2)
SPOILS(baselines_weight_negative, a->weights[1] = -.5)
SPOILS(baselines_weight_nan, a->weights[0] = NAN)
SPOILS(baselines_weight_inf, a->weights[1] = INFINITY)
SPOILS(baselines_weights_zero, a->weights[0] = a->weights[1] = 0)
SPOILS(baselines_weights_overflow, a->weights[0] = a->weights[1] = 1.5e308)
SPOILS(path_null, a->given_path = NULL)
SPOILS(path_flags, a->path.flags = 2)
SPOILS(path_reserved, a->path.reserved = a)
SPOILS(path_neither, a->path.rows = NULL)
SPOILS(path_both, a->path.at = no_curve)
SPOILS(path_one_knot, a->path.knots = 1)
SPOILS(path_negative, a->path.knots = -3)
SPOILS(path_stride, a->path.stride = 1)
SPOILS(path_huge, a->path.knots = INT64_MAX / 2)
SPOILS(path_nan, a->rows[N + 1] = NAN)
static void curve(arguments *a) {
  a->path.rows = NULL;
  a->path.knots = 0;
  a->path.at = no_curve;
}
SPOILS(curve_knots, curve(a); a->path.knots = 2)
SPOILS(curve_stride, curve(a); a->path.stride = N)
SPOILS(flags_unknown, a->options.flags = 128)
SPOILS(flags_times_input, a->options.flags = ATTRIB_TIMES_INPUT)
SPOILS(flags_mean, a->options.flags = ATTRIB_MEAN_GRADIENT)
SPOILS(rule_unknown, a->options.rule = 77)
SPOILS(rule_any, a->options.rule = ATTRIB_RULE_RIGHT)
SPOILS(points_negative, a->options.points = -1)
SPOILS(points_one, a->options.points = 1; a->options.rule = ATTRIB_RULE_TRAPEZOID)
SPOILS(points_huge, a->options.points = INT64_MAX)
SPOILS(points_any, a->options.points = 1)
/* What a fixed rule, and a gradient, have no use for. */
static void fixed(arguments *a) {
  if (a->kind != CALL_GRADIENT) a->options.rule = ATTRIB_RULE_MIDPOINT;
}
SPOILS(round_rows, fixed(a); a->options.round_rows = 8)
SPOILS(max_evaluations, fixed(a); a->options.max_evaluations = 1000)
SPOILS(max_vectors, fixed(a); a->options.max_vectors = 4)
SPOILS(tolerance, fixed(a); a->options.tolerance = .01)
SPOILS(absolute, fixed(a); a->options.absolute_tolerance = 1)
SPOILS(tolerance_nan, a->options.tolerance = NAN)
SPOILS(tolerance_negative, a->options.tolerance = -.5)
SPOILS(absolute_negative, a->options.absolute_tolerance = -2)
SPOILS(absolute_inf, a->options.absolute_tolerance = INFINITY)
SPOILS(deadline_negative, a->options.deadline_seconds = -1)
SPOILS(deadline_nan, a->options.deadline_seconds = NAN)
SPOILS(adaptive_points, a->options.points = 9; a->options.rule = ATTRIB_RULE_ADAPTIVE)
SPOILS(few_rows, a->options.round_rows = 1 << 21)
SPOILS(few_evaluations, a->options.max_evaluations = 2)
SPOILS(many_evaluations, a->options.max_evaluations = INT64_MAX)
SPOILS(few_for_many, a->options.max_evaluations = 8; a->baselines.weights = NULL; a->path.knots = 2)
SPOILS(few_vectors, a->options.max_vectors = 19)
SPOILS(many_vectors, a->options.max_vectors = INT64_MAX)
SPOILS(deadline, fixed(a); a->options.deadline_seconds = 2.5)
SPOILS(threshold_negative, a->options.completeness_threshold = -.25)
SPOILS(threshold_nan, a->options.completeness_threshold = NAN)
SPOILS(threshold_inf, a->options.completeness_threshold = INFINITY)
SPOILS(threshold_any, a->options.completeness_threshold = .5)
SPOILS(threshold_mean, a->options.completeness_threshold = .5; a->options.flags = ATTRIB_MEAN_GRADIENT)
SPOILS(groups_negative, a->options.n_groups = -2)
SPOILS(groups_alone, a->options.groups = a->groups)
SPOILS(groups_missing, a->options.n_groups = 4)
static void groups(arguments *a) {
  a->options.groups = a->groups;
  a->options.n_groups = 2;
}
SPOILS(group_beyond, groups(a); a->groups[2] = 2)
SPOILS(group_negative, groups(a); a->groups[1] = -9)
SPOILS(groups_huge, groups(a); a->options.n_groups = INT64_MAX)

static const wrong wrongs[] = {
    {ALL, model_null, ATTRIB_E_ARGUMENT, "model is NULL"},
    {ALL, model_flags, ATTRIB_E_UNSUPPORTED, "model->flags = 0x4"},
    {ALL, model_dtype_0, ATTRIB_E_ARGUMENT, "model->dtype = 0"},
    {ALL, model_dtype_3, ATTRIB_E_ARGUMENT, "model->dtype = 3"},
    {ALL, model_inputs_0, ATTRIB_E_ARGUMENT, "model->n_inputs = 0"},
    {ALL, model_inputs_negative, ATTRIB_E_ARGUMENT, "model->n_inputs = -4"},
    {ALL, model_inputs_huge, ATTRIB_E_OVERFLOW, "model->n_inputs = 9223372036854775807"},
    {ALL, model_outputs_negative, ATTRIB_E_ARGUMENT, "model->n_outputs = -1"},
    {GRAD, model_no_gradients, ATTRIB_E_UNSUPPORTED, "ATTRIB_MODEL_NO_GRADIENTS"},
    {IG | PATH, mean_without_gradients, ATTRIB_E_UNSUPPORTED, "options->flags has ATTRIB_MEAN_GRADIENT"},
    {IG | PATH, step_too_small, ATTRIB_E_ARGUMENT, "options->difference_step = 1e-10"},
    {IG | PATH, step_too_large, ATTRIB_E_ARGUMENT, "options->difference_step = 0.5"},
    {IG | PATH, step_nan, ATTRIB_E_ARGUMENT, "options->difference_step = "},
    {IG | PATH, step_with_gradients, ATTRIB_E_ARGUMENT, "options->difference_step = 0.01"},
    {GRAD, step_with_gradients, ATTRIB_E_ARGUMENT, "options->difference_step = 0.01"},
    {ALL, model_evaluate, ATTRIB_E_ARGUMENT, "model->evaluate is NULL"},
    {ALL, target_negative, ATTRIB_E_ARGUMENT, "target = -2"},
    {ALL, target_none, ATTRIB_E_ARGUMENT, "target = -1"},
    {ALL, target_beyond, ATTRIB_E_ARGUMENT, "target = 2"},
    {ALL, weights_and_target, ATTRIB_E_ARGUMENT, "target = 1"},
    {ALL, weights_nan, ATTRIB_E_ARGUMENT, "target_weights[1] = "},
    {ALL, weights_inf, ATTRIB_E_ARGUMENT, "target_weights[0] = -inf"},
    {ALL, weights_unsupported, ATTRIB_E_UNSUPPORTED, "ATTRIB_MODEL_TARGET_WEIGHTS"},
    {ALL, weights_unstated, ATTRIB_E_ARGUMENT, "n_outputs"},
    {GRAD | IG, input_null, ATTRIB_E_ARGUMENT, "input is NULL"},
    {GRAD | IG, input_nan, ATTRIB_E_NONFINITE, "input[2]"},
    {GRAD | IG, input_inf, ATTRIB_E_NONFINITE, "input[0] = -inf"},
    {IG, baselines_null, ATTRIB_E_ARGUMENT, "baselines is NULL"},
    {IG, baselines_flags, ATTRIB_E_UNSUPPORTED, "baselines->flags = 0x5"},
    {IG, baselines_count_0, ATTRIB_E_ARGUMENT, "baselines->count = 0"},
    {IG, baselines_count_negative, ATTRIB_E_ARGUMENT, "baselines->count = -7"},
    {IG, baselines_neither, ATTRIB_E_ARGUMENT, "not neither"},
    {IG, baselines_both, ATTRIB_E_ARGUMENT, "not both"},
    {IG, baselines_stride, ATTRIB_E_ARGUMENT, "baselines->stride = 2"},
    {IG, baselines_stride_negative, ATTRIB_E_ARGUMENT, "baselines->stride = -3"},
    {IG, baselines_huge, ATTRIB_E_OVERFLOW, "4611686018427387903"},
    {IG, baselines_weight_negative, ATTRIB_E_ARGUMENT, "baselines->weights[1] = -0.5"},
    {IG, baselines_weight_nan, ATTRIB_E_ARGUMENT, "baselines->weights[0] = "},
    {IG, baselines_weight_inf, ATTRIB_E_ARGUMENT, "baselines->weights[1] = inf"},
    {IG, baselines_weights_zero, ATTRIB_E_ARGUMENT, "baselines->weights: their sum is 0"},
    {IG, baselines_weights_overflow, ATTRIB_E_ARGUMENT, "baselines->weights: their sum is "},
    {PATH, path_null, ATTRIB_E_ARGUMENT, "path is NULL"},
    {PATH, path_flags, ATTRIB_E_UNSUPPORTED, "path->flags = 0x2"},
    {PATH, path_reserved, ATTRIB_E_UNSUPPORTED, "reserved"},
    {PATH, path_neither, ATTRIB_E_ARGUMENT, "not neither"},
    {PATH, path_both, ATTRIB_E_ARGUMENT, "not both"},
    {PATH, path_one_knot, ATTRIB_E_ARGUMENT, "path->knots = 1"},
    {PATH, path_negative, ATTRIB_E_ARGUMENT, "path->knots = -3"},
    {PATH, path_stride, ATTRIB_E_ARGUMENT, "path->stride = 1"},
    {PATH, path_huge, ATTRIB_E_OVERFLOW, "4611686018427387903"},
    {PATH, path_nan, ATTRIB_E_NONFINITE, "knot 1, element 1"},
    {PATH, curve_knots, ATTRIB_E_ARGUMENT, "path->knots = 2"},
    {PATH, curve_stride, ATTRIB_E_ARGUMENT, "stride = 3"},
    {ALL, flags_unknown, ATTRIB_E_UNSUPPORTED, "options->flags = 0x80"},
    {RULED, flags_times_input, ATTRIB_E_ARGUMENT, "options->flags = 0x2"},
    {GRAD, flags_mean, ATTRIB_E_ARGUMENT, "options->flags = 0x1"},
    {ALL, rule_unknown, ATTRIB_E_ARGUMENT, "options->rule = 77"},
    {GRAD, rule_any, ATTRIB_E_ARGUMENT, "options->rule = 2"},
    {ALL, points_negative, ATTRIB_E_ARGUMENT, "options->points = -1"},
    {RULED, points_one, ATTRIB_E_ARGUMENT, "options->points = 1"},
    {RULED, points_huge, ATTRIB_E_ARGUMENT, "options->points = 9223372036854775807"},
    {GRAD, points_any, ATTRIB_E_ARGUMENT, "options->points = 1"},
    {ALL, round_rows, ATTRIB_E_ARGUMENT, "options->round_rows = 8"},
    {ALL, max_evaluations, ATTRIB_E_ARGUMENT, "options->max_evaluations = 1000"},
    {ALL, max_vectors, ATTRIB_E_ARGUMENT, "options->max_vectors = 4"},
    {ALL, tolerance, ATTRIB_E_ARGUMENT, "options->tolerance = 0.01"},
    {ALL, absolute, ATTRIB_E_ARGUMENT, "options->absolute_tolerance = 1"},
    {RULED, tolerance_negative, ATTRIB_E_ARGUMENT, "options->tolerance = -0.5"},
    {RULED, absolute_negative, ATTRIB_E_ARGUMENT, "options->absolute_tolerance = -2"},
    {RULED, absolute_inf, ATTRIB_E_ARGUMENT, "options->absolute_tolerance = inf"},
    {RULED, deadline_negative, ATTRIB_E_ARGUMENT, "options->deadline_seconds = -1"},
    {RULED, deadline_nan, ATTRIB_E_ARGUMENT, "options->deadline_seconds = "},
    {RULED, adaptive_points, ATTRIB_E_ARGUMENT, "options->points = 9"},
    {RULED, few_rows, ATTRIB_E_ARGUMENT, "options->round_rows = 2097152"},
    {RULED, few_evaluations, ATTRIB_E_ARGUMENT, "options->max_evaluations = 2"},
    {RULED, many_evaluations, ATTRIB_E_ARGUMENT, "options->max_evaluations = 9223372036854775807"},
    {IG, few_for_many, ATTRIB_E_ARGUMENT, "options->max_evaluations = 8"},
    {RULED, few_vectors, ATTRIB_E_ARGUMENT, "options->max_vectors = 19"},
    {RULED, many_vectors, ATTRIB_E_ARGUMENT, "options->max_vectors = 9223372036854775807"},
    {ALL, tolerance_nan, ATTRIB_E_ARGUMENT, "options->tolerance = "},
    {ALL, deadline, ATTRIB_E_ARGUMENT, "options->deadline_seconds = 2.5"},
    {ALL, threshold_negative, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -0.25"},
    {ALL, threshold_nan, ATTRIB_E_ARGUMENT, "options->completeness_threshold = "},
    {ALL, threshold_inf, ATTRIB_E_ARGUMENT, "options->completeness_threshold = inf"},
    {GRAD, threshold_any, ATTRIB_E_ARGUMENT, "options->completeness_threshold = 0.5"},
    {RULED, threshold_mean, ATTRIB_E_ARGUMENT, "options->completeness_threshold = 0.5"},
    {ALL, groups_negative, ATTRIB_E_ARGUMENT, "options->n_groups = -2"},
    {ALL, groups_alone, ATTRIB_E_ARGUMENT, "options->n_groups = 0 with groups given"},
    {ALL, groups_missing, ATTRIB_E_ARGUMENT, "options->n_groups = 4 with groups NULL"},
    {ALL, group_beyond, ATTRIB_E_ARGUMENT, "options->groups[2] = 2"},
    {ALL, group_negative, ATTRIB_E_ARGUMENT, "options->groups[1] = -9"},
    {ALL, groups_huge, ATTRIB_E_OVERFLOW, "9223372036854775807"},
};

static const analytic_fn functions[OUTPUTS] = {f_product, f_chain};

static void set_up(arguments *a, call_kind kind) {
  *a = (arguments){.kind = kind,
                   .input = {1, 2, 3},
                   .rows = {0, 0, 0, 1, 1, 1},
                   .weights = {1, 2},
                   .target_weights = {1, -1},
                   .groups = {0, 1, 0},
                   .target = 1};
  a->analytic = (analytic){.functions = functions, .n_outputs = OUTPUTS, .n_inputs = N, .dtype = ATTRIB_F64};
  a->model = analytic_model(&a->analytic);
  a->baselines = (attrib_baselines){
      .struct_size = sizeof a->baselines, .count = COUNT_ROWS, .rows = a->rows, .weights = a->weights};
  a->path = (attrib_path){.struct_size = sizeof a->path, .knots = COUNT_ROWS, .rows = a->rows};
  a->options = (attrib_ig_options){.struct_size = sizeof a->options};
  a->given_input = a->input;
  a->given_model = &a->model;
  a->given_baselines = &a->baselines;
  a->given_path = &a->path;
}

static attrib_status make(arguments *a, attrib_context *context, double *phi, attrib_report *report) {
  switch (a->kind) {
    case CALL_GRADIENT:
      return attrib_gradient(context, a->given_model, a->given_input, a->target, &a->options, phi, report);
    case CALL_INTEGRATED:
      return attrib_integrated_gradients(context, a->given_model, a->given_input, a->target, a->given_baselines,
                                         &a->options, phi, report);
    default: return attrib_path_gradients(context, a->given_model, a->target, a->given_path, &a->options, phi, report);
  }
}

static attrib_status start(arguments *a, attrib_context *context, attrib_run **run) {
  switch (a->kind) {
    case CALL_GRADIENT:
      return attrib_gradient_start(context, a->given_model, a->given_input, a->target, &a->options, run);
    case CALL_INTEGRATED:
      return attrib_integrated_gradients_start(context, a->given_model, a->given_input, a->target, a->given_baselines,
                                               &a->options, run);
    default: return attrib_path_gradients_start(context, a->given_model, a->target, a->given_path, &a->options, run);
  }
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(wrongs); k++)
    for (int kind = CALL_GRADIENT; kind <= CALL_PATH; kind++) {
      if (!(wrongs[k].kinds & 1U << kind)) continue;
      arguments a;
      set_up(&a, (call_kind)kind);
      double *phi = untouched(N);
      char message[600] = "";
      attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
      assert_status(make(&a, context, phi, &report), ATTRIB_OK, context); /* right before it is made wrong */
      long long calls = a.analytic.calls;
      free(phi);
      phi = untouched(N);
      wrongs[k].spoil(&a);
      assert_status(make(&a, context, phi, &report), wrongs[k].status, context);
      assert_names(message, wrongs[k].names);
      assert_string_equal(message, attrib_context_error(context));
      assert_true(report.stop_reason == ATTRIB_STOP_ERROR || wrongs[k].spoil == model_null);
      /* A knot is looked at before anything is evaluated, like the input. */
      assert_true(is_untouched(phi, N) && a.analytic.calls == calls);
      assert_int_equal(make(&a, NULL, phi, NULL), wrongs[k].status);
      free(phi);
    }
  attrib_context_destroy(context);
}

/* The pull form asks the same of the same arguments, but for evaluate, which it does not call. */
static void the_pull_form_refuses_the_same(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(wrongs); k++)
    for (int kind = CALL_GRADIENT; kind <= CALL_PATH; kind++) {
      if (!(wrongs[k].kinds & 1U << kind)) continue;
      arguments a;
      set_up(&a, (call_kind)kind);
      wrongs[k].spoil(&a);
      attrib_run *run = (attrib_run *)&a;
      if (wrongs[k].spoil == model_evaluate) {
        assert_status(start(&a, context, &run), ATTRIB_OK, context);
        attrib_run_destroy(run);
        continue;
      }
      assert_status(start(&a, context, &run), wrongs[k].status, context);
      assert_null(run);
      assert_names(attrib_context_error(context), wrongs[k].names);
      run = (attrib_run *)&a;
      assert_int_equal(start(&a, NULL, &run), wrongs[k].status);
      assert_null(run);
      assert_int_equal(start(&a, NULL, NULL), ATTRIB_E_ARGUMENT);
    }
  attrib_context_destroy(context);
}

static void attributions_null(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int kind = CALL_GRADIENT; kind <= CALL_PATH; kind++) {
    arguments a;
    set_up(&a, (call_kind)kind);
    assert_status(make(&a, context, NULL, NULL), ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), "attributions is NULL");
    assert_int_equal(make(&a, NULL, NULL, NULL), ATTRIB_E_ARGUMENT);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(the_pull_form_refuses_the_same),
      cmocka_unit_test(attributions_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
