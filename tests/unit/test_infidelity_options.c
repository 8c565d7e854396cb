/* test_infidelity_options.c - every argument of infidelity that is wrong, or of no use, is named, and nothing is asked.
 */
#include "faithful.h"

enum { MOST_ROWS = 1200, KINDS = 4 };
enum { G = ATTRIB_INFIDELITY_GAUSSIAN, N = ATTRIB_INFIDELITY_NOISY, Q = ATTRIB_INFIDELITY_SQUARES };
enum { S = ATTRIB_INFIDELITY_SUBSETS };

static const int32_t groups[FAITHFUL_N];
static const attrib_image small = {.struct_size = sizeof small, .width = 3, .height = 3, .channels = 2};

typedef struct wrong {
  uint32_t perturbation;
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
SPOILS(no_evaluate, f->model.evaluate = NULL)
SPOILS(unknown_flag, f->infidelity.flags = 1U << 20)
SPOILS(absolute, f->infidelity.flags = ATTRIB_METRIC_ABSOLUTE)
SPOILS(lowest_first, f->infidelity.flags = ATTRIB_METRIC_LOWEST_FIRST)
SPOILS(unit_scores, f->infidelity.flags = ATTRIB_METRIC_UNIT_SCORES)
SPOILS(local, f->infidelity.flags = ATTRIB_INFIDELITY_LOCAL)
SPOILS(local_units, f->infidelity.flags = ATTRIB_INFIDELITY_LOCAL | ATTRIB_METRIC_UNIT_SCORES)
SPOILS(unknown_kind, f->infidelity.perturbation = 4)
SPOILS(reserved, f->infidelity.reserved = f)
SPOILS(samples, f->infidelity.samples = -1)
SPOILS(side, f->infidelity.largest_side = 2)
SPOILS(n_groups, f->infidelity.n_groups = 2)
SPOILS(with_groups, f->infidelity.groups = groups)
SPOILS(many_groups, f->infidelity.groups = groups; f->infidelity.n_groups = 25)
SPOILS(sigma, f->infidelity.sigma = 1)
SPOILS(negative_sigma, f->infidelity.sigma = -1)
SPOILS(nan_sigma, f->infidelity.sigma = (double)NAN)
SPOILS(fraction, f->infidelity.fraction = .5)
SPOILS(large_fraction, f->infidelity.fraction = 1.5)
SPOILS(negative_fraction, f->infidelity.fraction = -.5)
SPOILS(nan_fraction, f->infidelity.fraction = (double)NAN)
SPOILS(low, f->infidelity.low = -1)
SPOILS(high, f->infidelity.high = 1)
SPOILS(range, f->infidelity.low = 3; f->infidelity.high = 1)
SPOILS(narrow, f->infidelity.low = -1e-3; f->infidelity.high = 1e-3)
SPOILS(shape, f->infidelity.shape = &faithful_shape)
SPOILS(no_shape, f->infidelity.shape = NULL)
SPOILS(small_shape, f->infidelity.shape = &small)
SPOILS(no_baselines, f->baselines.count = 0)
SPOILS(many_rows, f->baselines.count = INT64_MAX / 2; fetch_baselines(f))
SPOILS(large_memory, f->infidelity.samples = INT64_C(1) << 41)

static const wrong wrongs[] = {
    {G, no_input, ATTRIB_E_ARGUMENT, "input is NULL"},
    {S, no_scores, ATTRIB_E_ARGUMENT, "scores is NULL"},
    {G, nan_score, ATTRIB_E_NONFINITE, "scores[3] = "},
    {N, no_evaluate, ATTRIB_E_ARGUMENT, "model->evaluate"},
    {G, unknown_flag, ATTRIB_E_UNSUPPORTED, "options->flags = 0x100000"},
    {S, absolute, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_ABSOLUTE,"},
    {S, lowest_first, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_LOWEST_FIRST,"},
    {G, unit_scores, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_UNIT_SCORES,"},
    {N, unit_scores, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_UNIT_SCORES,"},
    {G, local, ATTRIB_E_ARGUMENT, "LOCAL, which scores always are"},
    {N, local, ATTRIB_E_ARGUMENT, "LOCAL, which scores always are"},
    {Q, local_units, ATTRIB_E_ARGUMENT, "LOCAL and UNIT_SCORES"},
    {G, unknown_kind, ATTRIB_E_ARGUMENT, "options->perturbation = 4"},
    {G, reserved, ATTRIB_E_UNSUPPORTED, "options->reserved"},
    {Q, samples, ATTRIB_E_ARGUMENT, "options->samples = -1"},
    {G, large_memory, ATTRIB_E_ARGUMENT, "options->samples = 2199023255552"},
    {G, side, ATTRIB_E_ARGUMENT, "options->largest_side = 2: must be 0"},
    {S, side, ATTRIB_E_ARGUMENT, "options->largest_side = 2: must be 0"},
    {Q, n_groups, ATTRIB_E_ARGUMENT, "options->n_groups = 2: must be 0"},
    {N, with_groups, ATTRIB_E_ARGUMENT, "options->groups: must be NULL"},
    {S, with_groups, ATTRIB_E_ARGUMENT, "groups"},
    {S, many_groups, ATTRIB_E_ARGUMENT, "options->n_groups = 25"},
    {Q, sigma, ATTRIB_E_ARGUMENT, "options->sigma = 1: must be 0"},
    {S, sigma, ATTRIB_E_ARGUMENT, "options->sigma = 1: must be 0"},
    {G, negative_sigma, ATTRIB_E_ARGUMENT, "options->sigma = -1"},
    {N, nan_sigma, ATTRIB_E_ARGUMENT, "options->sigma = nan"},
    {G, fraction, ATTRIB_E_ARGUMENT, "options->fraction = 0.5: must be 0"},
    {Q, fraction, ATTRIB_E_ARGUMENT, "options->fraction = 0.5: must be 0"},
    {S, large_fraction, ATTRIB_E_ARGUMENT, "options->fraction = 1.5"},
    {S, negative_fraction, ATTRIB_E_ARGUMENT, "options->fraction = -0.5"},
    {S, nan_fraction, ATTRIB_E_ARGUMENT, "options->fraction = nan"},
    {S, low, ATTRIB_E_ARGUMENT, "options->low = -1: must be 0"},
    {Q, high, ATTRIB_E_ARGUMENT, "options->high = 1: must be 0"},
    {G, range, ATTRIB_E_ARGUMENT, "options->low = 3, high = 1"},
    {N, narrow, ATTRIB_E_ARGUMENT, "the input runs from"},
    {G, shape, ATTRIB_E_ARGUMENT, "options->shape: must be NULL"},
    {Q, no_shape, ATTRIB_E_ARGUMENT, "options->shape is NULL"},
    {Q, small_shape, ATTRIB_E_ARGUMENT, "options->shape: 3 x 3 pixels"},
    {N, no_baselines, ATTRIB_E_ARGUMENT, "baselines->count = 0"},
    {Q, many_rows, ATTRIB_E_OVERFLOW, "20 squares and 4611686018427387903 baselines"},
};

static void open_kind(faithful *f, uint32_t perturbation) {
  open_faithful(f, ATTRIB_F64, FAITHFUL_N, f_waves, NULL, MOST_ROWS);
  f->infidelity.perturbation = perturbation;
  if (perturbation == Q) f->infidelity.shape = &faithful_shape;
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    faithful f;
    double *value = untouched(1);
    open_kind(&f, wrongs[k].perturbation);
    wrongs[k].spoil(&f);
    assert_status(call_infidelity(&f, context, value), wrongs[k].status, context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_true(is_untouched(value, 1) && f.recorder.rows == 0);
    free(value);
    close_faithful(&f);
  }
  for (uint32_t kind = 0; kind < KINDS; kind++) {
    faithful f;
    double *value = untouched(1);
    open_kind(&f, kind);
    assert_status(attrib_infidelity(context, &f.model, f.input, 0, f.scores, kind == G ? &f.baselines : NULL,
                                    &f.infidelity, value, NULL),
                  ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), kind == G ? "baselines: must be NULL" : "baselines is NULL");
    assert_status(attrib_infidelity(context, &f.model, f.input, 0, f.scores, kind == G ? NULL : &f.baselines,
                                    &f.infidelity, NULL, NULL),
                  ATTRIB_E_ARGUMENT, context);
    assert_names(attrib_context_error(context), "values is NULL");
    assert_true(is_untouched(value, 1) && f.recorder.rows == 0);
    free(value);
    close_faithful(&f);
  }
  attrib_context_destroy(context);
}

/* No options at all: gaussian, 1000 draws, sigma 0.2. */
static void defaults(void **state) {
  (void)state;
  faithful f;
  double spelled, value;
  attrib_report report = {.struct_size = sizeof report};
  open_kind(&f, G);
  f.infidelity.samples = 1000;
  f.infidelity.sigma = .2;
  assert_int_equal(call_infidelity(&f, NULL, &spelled), ATTRIB_OK);
  assert_int_equal(attrib_infidelity(NULL, &f.model, f.input, 0, f.scores, NULL, NULL, &value, &report), ATTRIB_OK);
  assert_true(value == spelled && report.sigma == .2);
  close_faithful(&f);
}

/* Noise beyond the numbers of the type stops at the last of them; what scores say of it does not fit a double. */
static void beyond_the_type(void **state) {
  (void)state;
  static const double none[FAITHFUL_N];
  for (int way = 0; way < 3; way++) {
    faithful f;
    double *value = untouched(1);
    open_faithful(&f, way == 0 ? ATTRIB_F32 : ATTRIB_F64, FAITHFUL_N, f_linear, none, MOST_ROWS);
    f.infidelity.samples = 20;
    f.infidelity.sigma = way == 0 ? 1e39 : .2;
    if (way == 1) f.scores[2] = DBL_MAX;
    if (way == 2) {
      f.infidelity.perturbation = S;
      f.infidelity.sigma = 0;
      f.infidelity.shape = &faithful_shape;
      f.scores[4] = f.scores[5] = DBL_MAX;
    }
    assert_int_equal(call_infidelity(&f, NULL, value), way == 0 ? ATTRIB_OK : ATTRIB_E_OVERFLOW);
    if (way > 0) assert_names(f.message, way == 1 ? "scores: sums of them" : "scores: their sum overflows");
    assert_true(is_untouched(value, 1) == (way > 0));
    assert_int_equal(f.recorder.rows, way == 2 ? 0 : 21);
    for (int64_t k = 0; k < 21 * f.n && way == 0; k++) assert_true(fabs(point_of(&f, 0)[k]) <= (double)FLT_MAX);
    free(value);
    close_faithful(&f);
  }
}

/* Scores so small that their squares vanish still have a scale. */
static void small_scores_have_a_scale(void **state) {
  (void)state;
  double weights[FAITHFUL_N], value;
  fill_random(3, weights, FAITHFUL_N);
  for (int exponent = -1000; exponent <= 900; exponent += 100) {
    faithful f;
    open_faithful(&f, ATTRIB_F64, FAITHFUL_N, f_linear, weights, MOST_ROWS);
    for (int64_t i = 0; i < f.n; i++) f.scores[i] = ldexp(weights[i], exponent);
    f.infidelity.flags = ATTRIB_INFIDELITY_SCALED;
    assert_int_equal(call_infidelity(&f, NULL, &value), ATTRIB_OK);
    assert_true(value <= 64 * ROUND_OFF * ROUND_OFF);
    close_faithful(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(defaults),
      cmocka_unit_test(beyond_the_type),
      cmocka_unit_test(small_scores_have_a_scale),
  };
  return cmocka_run_group_tests_name("infidelity options", tests, NULL, NULL);
}
