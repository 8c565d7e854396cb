/* Wrong arguments and options of the sampling methods: the status, the option's name and value, nothing evaluated and
 * nothing written. */
#include "fixture.h"

enum { N = 3, OUTPUTS = 2, COUNT_ROWS = 2 };

typedef enum kind { EG = 1, SMOOTH = 2, BOTH = 3 } kind;

/* All arguments of both calls, right to begin with. */
typedef struct arguments {
  analytic analytic;
  attrib_model model;
  attrib_baselines baselines;
  attrib_eg_options eg;
  attrib_smoothgrad_options smooth;
  double input[N], rows[N * COUNT_ROWS], weights[COUNT_ROWS], target_weights[OUTPUTS];
  float input32[N], rows32[N * COUNT_ROWS];
  int32_t groups[N];
  int64_t target;
  const void *given_input;
  const attrib_model *given_model;
  const attrib_baselines *given_baselines;
} arguments;

typedef void (*spoil)(arguments *a);

typedef struct wrong {
  kind kinds; /* the calls it is wrong for */
  spoil spoil;
  attrib_status status;
  const char *names;
} wrong;

#define SPOILS(name, ...)          \
  static void name(arguments *a) { \
    __VA_ARGS__;                   \
  }

/* An option of both. */
#define SPOILS_BOTH(name, field, value) SPOILS(name, a->eg.field = a->smooth.field = value)

static void tolerant(arguments *a) {
  a->eg.tolerance = a->smooth.tolerance = .1;
}

SPOILS_BOTH(samples_negative, samples, -1)
SPOILS_BOTH(samples_huge, samples, INT64_C(1) << 60)
SPOILS_BOTH(samples_least, samples, INT64_MIN)
SPOILS(samples_with_tolerance, tolerant(a); a->eg.samples = a->smooth.samples = 64)
SPOILS_BOTH(budget_alone, max_evaluations, 100)
SPOILS(budget_with_samples, a->eg.samples = a->smooth.samples = 64;
       a->eg.max_evaluations = a->smooth.max_evaluations = 99)
SPOILS(budget_negative, tolerant(a); a->eg.max_evaluations = a->smooth.max_evaluations = -7)
SPOILS(budget_huge, tolerant(a); a->eg.max_evaluations = a->smooth.max_evaluations = INT64_C(1) << 60)
SPOILS_BOTH(tolerance_negative, tolerance, -1)
SPOILS_BOTH(tolerance_nan, tolerance, (double)NAN)
SPOILS_BOTH(tolerance_inf, tolerance, (double)INFINITY)
SPOILS_BOTH(absolute_negative, absolute_tolerance, -.5)
SPOILS_BOTH(absolute_nan, absolute_tolerance, (double)NAN)
SPOILS_BOTH(flags_2, flags, 2)
SPOILS_BOTH(flags_high, flags, 0x80000000)
SPOILS_BOTH(round_rows, round_rows, 8)
SPOILS_BOTH(deadline, deadline_seconds, -2.5)
SPOILS_BOTH(deadline_nan, deadline_seconds, (double)NAN)
SPOILS_BOTH(groups_negative, n_groups, -2)
SPOILS_BOTH(groups_missing, n_groups, 4)
SPOILS_BOTH(groups_alone, groups, a->groups)
static void grouped(arguments *a) {
  a->eg.groups = a->smooth.groups = a->groups;
  a->eg.n_groups = a->smooth.n_groups = 2;
}
SPOILS(group_beyond, grouped(a); a->groups[2] = 2)
SPOILS(group_negative, grouped(a); a->groups[1] = -9)
SPOILS(groups_huge, grouped(a); a->eg.n_groups = a->smooth.n_groups = INT64_MAX)
static void weigh_targets(arguments *a) {
  a->eg.target_weights = a->smooth.target_weights = a->target_weights;
}
SPOILS(weights_and_target, weigh_targets(a))
SPOILS(weights_nan, weigh_targets(a); a->target = ATTRIB_NO_TARGET; a->target_weights[1] = (double)NAN)
SPOILS(target_beyond, a->target = OUTPUTS)
SPOILS(target_none, a->target = ATTRIB_NO_TARGET)
SPOILS(model_null, a->given_model = NULL)
SPOILS(model_inputs_0, a->model.n_inputs = 0)
SPOILS(model_no_gradients, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS)
SPOILS(mean_without_gradients, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS; a->eg.flags = ATTRIB_MEAN_GRADIENT)
SPOILS(step_negative, a->model.flags |= ATTRIB_MODEL_NO_GRADIENTS; a->eg.difference_step = -0.01)
SPOILS(step_with_gradients, a->eg.difference_step = 0.01)
SPOILS(model_evaluate, a->model.evaluate = NULL)
SPOILS(input_null, a->given_input = NULL)
SPOILS(input_nan, a->input[1] = (double)NAN)
SPOILS_BOTH(struct_size_0, struct_size, 0)
SPOILS(struct_size_short, a->eg.struct_size = offsetof(attrib_eg_options, absolute_tolerance) - 8;
       a->smooth.struct_size = offsetof(attrib_smoothgrad_options, absolute_tolerance) - 8)

SPOILS(baselines_null, a->given_baselines = NULL)
SPOILS(baselines_count_0, a->baselines.count = 0)
static int32_t ATTRIB_CALL no_fetch(int64_t index, void *row, void *user) {
  (void)index, (void)row, (void)user;
  return -1;
}
static void baselines_endless(arguments *a) {
  a->baselines = (attrib_baselines){.struct_size = sizeof a->baselines, .count = INT64_MAX, .fetch = no_fetch};
}
SPOILS(baselines_weights_zero, a->weights[0] = a->weights[1] = 0)
SPOILS(baselines_weight_negative, a->weights[1] = -.5)
SPOILS(vectors, a->eg.max_vectors = 4)
SPOILS(sampler_4, a->eg.sampler = ATTRIB_SAMPLER_POOLED; a->eg.max_vectors = 19)
SPOILS(sampler_5, a->eg.sampler = 5)
SPOILS(sampler_99, a->eg.sampler = 99)
SPOILS(threshold_negative, a->eg.completeness_threshold = -.25)
SPOILS(threshold_nan, a->eg.completeness_threshold = (double)NAN)
SPOILS(threshold_inf, a->eg.completeness_threshold = (double)INFINITY)
SPOILS(threshold_mean, a->eg.completeness_threshold = .5; a->eg.flags = ATTRIB_MEAN_GRADIENT)
SPOILS(lattice_samples, a->eg.sampler = ATTRIB_SAMPLER_LATTICE; a->eg.samples = 1)
SPOILS(lattice_budget, tolerant(a); a->eg.sampler = ATTRIB_SAMPLER_LATTICE; a->eg.max_evaluations = 1)
SPOILS(iid_samples, a->eg.sampler = ATTRIB_SAMPLER_IID; a->eg.samples = (INT64_C(1) << 22) + 1)
SPOILS(strata_samples, a->eg.sampler = ATTRIB_SAMPLER_STRATIFIED; a->eg.samples = (INT64_C(1) << 22) + 1)

SPOILS(form_5, a->smooth.form = 5)
SPOILS(form_huge, a->smooth.form = UINT32_MAX)
SPOILS(sigma_negative, a->smooth.sigma = -1)
SPOILS(sigma_nan, a->smooth.sigma = (double)NAN)
SPOILS(sigma_inf, a->smooth.sigma = (double)INFINITY)
SPOILS(fraction_negative, a->smooth.sigma_fraction = -.5)
SPOILS(fraction_nan, a->smooth.sigma_fraction = (double)NAN)
SPOILS(fraction_inf, a->smooth.sigma_fraction = (double)INFINITY)
SPOILS(both_sigmas, a->smooth.sigma = .5; a->smooth.sigma_fraction = .25)
SPOILS(sigma_overflows, a->smooth.sigma = 1e308)
SPOILS(fraction_overflows, a->smooth.sigma_fraction = 1e308)
static void in_float(arguments *a) {
  a->analytic.dtype = a->model.dtype = ATTRIB_F32;
  a->given_input = a->input32;
  a->baselines.rows = a->rows32;
}
SPOILS(sigma_overflows_float, in_float(a); a->smooth.sigma = 1e38)
SPOILS(fraction_overflows_float, in_float(a); a->smooth.sigma_fraction = 5e37)
SPOILS(low_above_high, a->smooth.low = 4; a->smooth.high = -1)
SPOILS(low_is_high, a->smooth.low = a->smooth.high = 2)
SPOILS(low_nan, a->smooth.low = (double)NAN; a->smooth.high = 5)
SPOILS(high_nan, a->smooth.high = (double)NAN)
SPOILS(low_inf, a->smooth.low = -(double)INFINITY; a->smooth.high = 5)
SPOILS(high_inf, a->smooth.high = (double)INFINITY)
SPOILS(input_below, a->smooth.low = 1.5; a->smooth.high = 5)
SPOILS(input_above, a->smooth.low = -1; a->smooth.high = 2.5)
SPOILS(input_above_in_float, in_float(a); a->smooth.low = -1; a->smooth.high = 2.5)
SPOILS(budget_of_one, tolerant(a); a->smooth.max_evaluations = 1)

static const wrong wrongs[] = {
    {BOTH, samples_negative, ATTRIB_E_ARGUMENT, "options->samples = -1:"},
    {BOTH, samples_huge, ATTRIB_E_ARGUMENT, "options->samples = 1152921504606846976"},
    {BOTH, samples_least, ATTRIB_E_ARGUMENT, "options->samples = -9223372036854775808"},
    {BOTH, samples_with_tolerance, ATTRIB_E_ARGUMENT, "options->samples = 64: must be 0 with a tolerance"},
    {BOTH, budget_alone, ATTRIB_E_ARGUMENT, "options->max_evaluations = 100: must be 0 without a tolerance"},
    {BOTH, budget_with_samples, ATTRIB_E_ARGUMENT, "options->max_evaluations = 99"},
    {BOTH, budget_negative, ATTRIB_E_ARGUMENT, "options->max_evaluations = -7"},
    {BOTH, budget_huge, ATTRIB_E_ARGUMENT, "options->max_evaluations = 1152921504606846976"},
    {BOTH, tolerance_negative, ATTRIB_E_ARGUMENT, "options->tolerance = -1"},
    {BOTH, tolerance_nan, ATTRIB_E_ARGUMENT, "options->tolerance = nan"},
    {BOTH, tolerance_inf, ATTRIB_E_ARGUMENT, "options->tolerance = inf"},
    {BOTH, absolute_negative, ATTRIB_E_ARGUMENT, "options->absolute_tolerance = -0.5"},
    {BOTH, absolute_nan, ATTRIB_E_ARGUMENT, "options->absolute_tolerance = nan"},
    {BOTH, flags_2, ATTRIB_E_UNSUPPORTED, "options->flags = 0x2"},
    {BOTH, flags_high, ATTRIB_E_UNSUPPORTED, "options->flags = 0x80000000"},
    {BOTH, round_rows, ATTRIB_E_ARGUMENT, "options->round_rows = 8"},
    {BOTH, deadline, ATTRIB_E_ARGUMENT, "options->deadline_seconds = -2.5"},
    {BOTH, deadline_nan, ATTRIB_E_ARGUMENT, "options->deadline_seconds = nan"},
    {BOTH, groups_negative, ATTRIB_E_ARGUMENT, "options->n_groups = -2"},
    {BOTH, groups_missing, ATTRIB_E_ARGUMENT, "options->n_groups = 4 with groups NULL"},
    {BOTH, groups_alone, ATTRIB_E_ARGUMENT, "options->n_groups = 0 with groups given"},
    {BOTH, group_beyond, ATTRIB_E_ARGUMENT, "options->groups[2] = 2"},
    {BOTH, group_negative, ATTRIB_E_ARGUMENT, "options->groups[1] = -9"},
    {BOTH, groups_huge, ATTRIB_E_OVERFLOW, "9223372036854775807"},
    {BOTH, weights_and_target, ATTRIB_E_ARGUMENT, "target = 1"},
    {BOTH, weights_nan, ATTRIB_E_ARGUMENT, "target_weights[1] = nan"},
    {BOTH, target_beyond, ATTRIB_E_ARGUMENT, "target = 2"},
    {BOTH, target_none, ATTRIB_E_ARGUMENT, "target = -1"},
    {BOTH, model_null, ATTRIB_E_ARGUMENT, "model is NULL"},
    {BOTH, model_inputs_0, ATTRIB_E_ARGUMENT, "model->n_inputs = 0"},
    {SMOOTH, model_no_gradients, ATTRIB_E_UNSUPPORTED, "ATTRIB_MODEL_NO_GRADIENTS"},
    {EG, mean_without_gradients, ATTRIB_E_UNSUPPORTED, "options->flags has ATTRIB_MEAN_GRADIENT"},
    {EG, step_negative, ATTRIB_E_ARGUMENT, "options->difference_step = -0.01"},
    {EG, step_with_gradients, ATTRIB_E_ARGUMENT, "options->difference_step = 0.01"},
    {BOTH, model_evaluate, ATTRIB_E_ARGUMENT, "model->evaluate is NULL"},
    {BOTH, input_null, ATTRIB_E_ARGUMENT, "input is NULL"},
    {BOTH, input_nan, ATTRIB_E_NONFINITE, "input[1]"},
    {BOTH, struct_size_0, ATTRIB_E_STRUCT, "options->struct_size = 0"},
    {BOTH, struct_size_short, ATTRIB_E_STRUCT, "options->struct_size"},
    {EG, baselines_null, ATTRIB_E_ARGUMENT, "baselines is NULL"},
    {EG, baselines_count_0, ATTRIB_E_ARGUMENT, "baselines->count = 0"},
    {EG, baselines_endless, ATTRIB_E_ARGUMENT, "baselines->count = 9223372036854775807: must be at most"},
    {EG, baselines_weights_zero, ATTRIB_E_ARGUMENT, "baselines->weights: their sum is 0"},
    {EG, baselines_weight_negative, ATTRIB_E_ARGUMENT, "baselines->weights[1] = -0.5"},
    {EG, vectors, ATTRIB_E_ARGUMENT, "options->max_vectors = 4"},
    {EG, sampler_4, ATTRIB_E_ARGUMENT, "options->max_vectors = 19"},
    {EG, sampler_5, ATTRIB_E_ARGUMENT, "options->sampler = 5"},
    {EG, sampler_99, ATTRIB_E_ARGUMENT, "options->sampler = 99"},
    {EG, threshold_negative, ATTRIB_E_ARGUMENT, "options->completeness_threshold = -0.25"},
    {EG, threshold_nan, ATTRIB_E_ARGUMENT, "options->completeness_threshold = nan"},
    {EG, threshold_inf, ATTRIB_E_ARGUMENT, "options->completeness_threshold = inf"},
    {EG, threshold_mean, ATTRIB_E_ARGUMENT, "options->completeness_threshold = 0.5"},
    {EG, lattice_samples, ATTRIB_E_ARGUMENT, "options->samples = 1: ATTRIB_SAMPLER_LATTICE needs a row for each of 2"},
    {EG, lattice_budget, ATTRIB_E_ARGUMENT, "options->max_evaluations = 1: ATTRIB_SAMPLER_LATTICE needs a row"},
    {EG, iid_samples, ATTRIB_E_ARGUMENT, "options->samples = 4194305"},
    {EG, strata_samples, ATTRIB_E_ARGUMENT, "options->samples = 4194305"},
    {SMOOTH, form_5, ATTRIB_E_ARGUMENT, "options->form = 5"},
    {SMOOTH, form_huge, ATTRIB_E_ARGUMENT, "options->form = 4294967295"},
    {SMOOTH, sigma_negative, ATTRIB_E_ARGUMENT, "options->sigma = -1"},
    {SMOOTH, sigma_nan, ATTRIB_E_ARGUMENT, "options->sigma = nan"},
    {SMOOTH, sigma_inf, ATTRIB_E_ARGUMENT, "options->sigma = inf"},
    {SMOOTH, fraction_negative, ATTRIB_E_ARGUMENT, "options->sigma_fraction = -0.5"},
    {SMOOTH, fraction_nan, ATTRIB_E_ARGUMENT, "options->sigma_fraction = nan"},
    {SMOOTH, fraction_inf, ATTRIB_E_ARGUMENT, "options->sigma_fraction = inf"},
    {SMOOTH, both_sigmas, ATTRIB_E_ARGUMENT, "options->sigma_fraction = 0.25: must be 0 where sigma = 0.5"},
    {SMOOTH, sigma_overflows, ATTRIB_E_OVERFLOW, "sigma = 1e+308"},
    {SMOOTH, fraction_overflows, ATTRIB_E_OVERFLOW, "sigma = "},
    {SMOOTH, sigma_overflows_float, ATTRIB_E_OVERFLOW, "sigma = 1e+38 on inputs from 1 to 3"},
    {SMOOTH, fraction_overflows_float, ATTRIB_E_OVERFLOW, "sigma = 1e+38 on inputs from 1 to 3"},
    {SMOOTH, low_above_high, ATTRIB_E_ARGUMENT, "options->low = 4, high = -1"},
    {SMOOTH, low_is_high, ATTRIB_E_ARGUMENT, "options->low = 2, high = 2"},
    {SMOOTH, low_nan, ATTRIB_E_ARGUMENT, "options->low = nan, high = 5"},
    {SMOOTH, high_nan, ATTRIB_E_ARGUMENT, "options->low = 0, high = nan"},
    {SMOOTH, low_inf, ATTRIB_E_ARGUMENT, "options->low = -inf, high = 5"},
    {SMOOTH, high_inf, ATTRIB_E_ARGUMENT, "options->low = 0, high = inf"},
    {SMOOTH, input_below, ATTRIB_E_ARGUMENT, "options->low = 1.5, high = 5: the input runs from 1 to 3"},
    {SMOOTH, input_above, ATTRIB_E_ARGUMENT, "options->low = -1, high = 2.5: the input runs from 1 to 3"},
    {SMOOTH, input_above_in_float, ATTRIB_E_ARGUMENT, "options->low = -1, high = 2.5: the input runs from 1 to 3"},
    {SMOOTH, budget_of_one, ATTRIB_E_ARGUMENT, "options->max_evaluations = 1: a pair of samples takes 2 rows"},
};

static const analytic_fn functions[OUTPUTS] = {f_product, f_chain};

static void set_up(arguments *a) {
  *a = (arguments){.input = {1, 2, 3},
                   .rows = {0, 0, 0, 1, 1, 1},
                   .input32 = {1, 2, 3},
                   .rows32 = {0, 0, 0, 1, 1, 1},
                   .weights = {1, 2},
                   .target_weights = {1, -1},
                   .groups = {0, 1, 0},
                   .target = 1};
  a->analytic = (analytic){.functions = functions, .n_outputs = OUTPUTS, .n_inputs = N, .dtype = ATTRIB_F64};
  a->model = analytic_model(&a->analytic);
  a->baselines = (attrib_baselines){
      .struct_size = sizeof a->baselines, .count = COUNT_ROWS, .rows = a->rows, .weights = a->weights};
  a->eg = (attrib_eg_options){.struct_size = sizeof a->eg};
  a->smooth = (attrib_smoothgrad_options){.struct_size = sizeof a->smooth};
  a->given_input = a->input;
  a->given_model = &a->model;
  a->given_baselines = &a->baselines;
}

static attrib_status make(arguments *a, kind k, attrib_context *context, double *phi, attrib_report *report) {
  if (k == EG)
    return attrib_expected_gradients(context, a->given_model, a->given_input, a->target, a->given_baselines, &a->eg,
                                     phi, report);
  return attrib_smoothgrad(context, a->given_model, a->given_input, a->target, &a->smooth, phi, report);
}

static attrib_status start(arguments *a, kind k, attrib_context *context, attrib_run **run) {
  if (k == EG)
    return attrib_expected_gradients_start(context, a->given_model, a->given_input, a->target, a->given_baselines,
                                           &a->eg, run);
  return attrib_smoothgrad_start(context, a->given_model, a->given_input, a->target, &a->smooth, run);
}

static void expect_refused(const wrong *w, kind k, attrib_context *context) {
  arguments a;
  set_up(&a);
  double *phi = untouched(N), *errors = untouched(N);
  char message[600] = "";
  attrib_report report = {
      .struct_size = sizeof report, .standard_errors = errors, .message = message, .message_capacity = sizeof message};
  assert_status(make(&a, k, context, phi, &report), ATTRIB_OK, context); /* right before it is made wrong */
  long long calls = a.analytic.calls;
  free(phi);
  free(errors);
  phi = untouched(N);
  report.standard_errors = errors = untouched(N);
  w->spoil(&a);
  assert_status(make(&a, k, context, phi, &report), w->status, context);
  assert_names(message, w->names);
  assert_string_equal(message, attrib_context_error(context));
  assert_int_equal(report.stop_reason, ATTRIB_STOP_ERROR);
  assert_true(is_untouched(phi, N) && is_untouched(errors, N) && a.analytic.calls == calls);
  assert_int_equal(make(&a, k, NULL, phi, NULL), w->status);
  free(errors);
  free(phi);
}

static void every_wrong_option_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t i = 0; i < COUNT(wrongs); i++)
    for (int k = EG; k <= SMOOTH; k++)
      if (wrongs[i].kinds & k) expect_refused(&wrongs[i], (kind)k, context);
  attrib_context_destroy(context);
}

static void the_pull_form_refuses_the_same(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t i = 0; i < COUNT(wrongs); i++)
    for (int k = EG; k <= SMOOTH; k++) {
      if (!(wrongs[i].kinds & k) || wrongs[i].spoil == model_evaluate) continue;
      arguments a;
      set_up(&a);
      wrongs[i].spoil(&a);
      attrib_run *run = (attrib_run *)&a;
      assert_status(start(&a, (kind)k, context, &run), wrongs[i].status, context);
      assert_null(run);
      assert_names(attrib_context_error(context), wrongs[i].names);
    }
  attrib_context_destroy(context);
}

static void attributions_null(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int k = EG; k <= SMOOTH; k++) {
    arguments a;
    set_up(&a);
    assert_status(make(&a, (kind)k, context, NULL, NULL), ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), "attributions is NULL");
    assert_int_equal((int)a.analytic.calls, 0);
  }
  attrib_context_destroy(context);
}

/* The largest that are right. */
static void options_at_their_limits(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  attrib_run *run;
  arguments a;
  set_up(&a);
  a.eg.samples = a.smooth.samples = INT64_C(1) << 52;
  assert_status(start(&a, EG, context, &run), ATTRIB_OK, context);
  attrib_run_destroy(run);
  assert_status(start(&a, SMOOTH, context, &run), ATTRIB_OK, context);
  attrib_run_destroy(run);
  a.eg.samples++;
  assert_status(start(&a, EG, context, &run), ATTRIB_E_ARGUMENT, context);
  a.eg.sampler = ATTRIB_SAMPLER_STRATIFIED;
  a.eg.samples = INT64_C(1) << 22;
  assert_status(start(&a, EG, context, &run), ATTRIB_OK, context);
  attrib_run_destroy(run);
  a.eg.samples++;
  assert_status(start(&a, EG, context, &run), ATTRIB_E_ARGUMENT, context);
  set_up(&a);
  in_float(&a);
  a.smooth.sigma = 4e37; /* 8.3 sigmas are 3.3e38 */
  assert_status(start(&a, SMOOTH, context, &run), ATTRIB_OK, context);
  attrib_run_destroy(run);
  a.smooth.sigma = 4.2e37;
  assert_status(start(&a, SMOOTH, context, &run), ATTRIB_E_OVERFLOW, context);
  set_up(&a);
  a.smooth.low = 1;
  a.smooth.high = 3;
  assert_status(start(&a, SMOOTH, context, &run), ATTRIB_OK, context);
  attrib_run_destroy(run);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_wrong_option_is_named),
      cmocka_unit_test(the_pull_form_refuses_the_same),
      cmocka_unit_test(attributions_null),
      cmocka_unit_test(options_at_their_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
