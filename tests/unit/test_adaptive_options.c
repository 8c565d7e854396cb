/* Options of the adaptive rule: what is refused by name, defaults, and structs of callers that know less of them. */
#include "fixture.h"
#include "line_models.h"

static void expect_refused(attrib_ig_options options, const char *named) {
  const profile profiles[] = {{PROFILE_SQUARE, 0, 0, 1}};
  outcome o = integrate_profiles(profiles, 1, &options);
  assert_outcome(o, ATTRIB_E_ARGUMENT);
  assert_names(o.message, named);
  assert_true(is_untouched(o.phi, 1) && is_untouched(o.errors, 1));
  assert_int_equal(o.report.evaluations, 0);
  free_outcome(&o);
}

static void limits_of_options(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_STEP, 0.3, 0, 1}, {PROFILE_SQUARE, 0, 0, 1}};
  attrib_ig_options options;
  for (int64_t budget = -1; budget <= 2; budget++)
    if (budget != 0) expect_refused(to_tolerance(0.1, budget), "options->max_evaluations");
  expect_refused(to_tolerance(0.1, (INT64_C(1) << 52) + 1), "options->max_evaluations");
  for (int k = 0; k < 6; k++) {
    static const int64_t vectors[] = {19, 1, -1, (1 << 20) + 1, 20, 1 << 20};
    options = to_tolerance(0.01, 400);
    options.max_vectors = vectors[k];
    if (k < 4) {
      expect_refused(options, "options->max_vectors");
      continue;
    }
    outcome o = integrate_profiles(profiles, 2, &options);
    assert_outcome(o, ATTRIB_OK);
    assert_true(profiles_error(profiles, &o) <= 0.013);
    free_outcome(&o);
  }
  for (int k = 0; k < 4; k++) {
    static const uint32_t rounds[] = {(1 << 20) + 1, UINT32_MAX, 1 << 20, 1};
    options = to_tolerance(0.01, k == 2 ? 3 << 20 : 400);
    options.round_rows = rounds[k];
    if (k < 2) {
      expect_refused(options, "options->round_rows");
      continue;
    }
    outcome o = integrate_profiles(profiles, 2, &options);
    assert_outcome(o, ATTRIB_OK);
    assert_true(profiles_error(profiles, &o) <= 0.013);
    free_outcome(&o);
  }
  for (int k = 0; k < 3; k++) {
    static const double bad[] = {-1, NAN, INFINITY};
    options = to_tolerance(bad[k], 0);
    expect_refused(options, "options->tolerance");
    options = to_tolerance(0.1, 0);
    options.absolute_tolerance = bad[k];
    expect_refused(options, "options->absolute_tolerance");
    options.absolute_tolerance = 0;
    options.deadline_seconds = bad[k];
    expect_refused(options, "options->deadline_seconds");
  }
  options = to_tolerance(0.1, 0);
  options.points = 50;
  expect_refused(options, "options->points");
}

/* Defaults are said in the report, and asking for them is asking for nothing. */
static void defaults(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_SPIKE, 0.4, 0.01, 1}, {PROFILE_STEP, 0.77, 0, 2}, {PROFILE_KINK, 0.3, 0, 2}};
  const attrib_ig_options none = {.struct_size = sizeof none}, rule = to_tolerance(0, 0);
  attrib_ig_options spelt = to_tolerance(0.05, 256);
  outcome outcomes[] = {integrate_profiles(profiles, 3, &none), integrate_profiles(profiles, 3, &rule), {0}};
  spelt.round_rows = outcomes[0].report.round_rows;
  spelt.max_vectors = 36;
  outcomes[2] = integrate_profiles(profiles, 3, &spelt);
  for (int k = 0; k < 3; k++) {
    assert_outcome(outcomes[k], ATTRIB_OK);
    check_adaptive_report(&outcomes[k], &spelt);
    assert_same_bits(outcomes[k].phi, outcomes[0].phi, 3);
    assert_int_equal(outcomes[k].report.evaluations, outcomes[0].report.evaluations);
  }
  for (int k = 0; k < 3; k++) free_outcome(&outcomes[k]);
}

/* First sizes, before absolute_tolerance was appended, in blocks of that very size. */
enum { FIRST_IG_OPTIONS = 88, FIRST_EG_OPTIONS = 96, FIRST_SMOOTHGRAD_OPTIONS = 112 };

static void *of_first_size(const void *options, uint32_t size) {
  void *block = exact_copy(options, size);
  memcpy(block, &size, sizeof size);
  return block;
}

/* An old caller gets what a new one gets who leaves the new field 0. */
static void structs_of_the_first_size(void **state) {
  (void)state;
  const analytic_fn waves = f_waves;
  enum { N = 5 };
  analytic a;
  attrib_model model = single_model(&a, &waves, ATTRIB_F64, N, NULL);
  double rows[4 * N];
  fill_random(11, rows, 4 * N);
  attrib_baselines set = rows_of(rows + N, 3, NULL);
  const attrib_ig_options ig = to_tolerance(1e-3, 0);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, 0, 1);
  eg.tolerance = 1e-3;
  attrib_smoothgrad_options sg = smooth_options(0, 0, 0, 1);
  sg.tolerance = 0.2;
  for (int extra = 0; extra < 8; extra += 4) { /* of half a field nothing is read */
    void *old_ig = of_first_size(&ig, FIRST_IG_OPTIONS + (uint32_t)extra);
    void *old_eg = of_first_size(&eg, FIRST_EG_OPTIONS + (uint32_t)extra);
    void *old_sg = of_first_size(&sg, FIRST_SMOOTHGRAD_OPTIONS + (uint32_t)extra);
    outcome now[] = {integrate_set(&model, rows, &set, &ig), expect_gradients(&model, rows, &set, &eg),
                     smooth(&model, rows, &sg)};
    outcome then[3];
    for (int k = 0; k < 3; k++) prepare_outcome(&then[k], N);
    then[0].status = attrib_integrated_gradients(NULL, &model, rows, 0, &set, old_ig, then[0].phi, &then[0].report);
    then[1].status = attrib_expected_gradients(NULL, &model, rows, 0, &set, old_eg, then[1].phi, &then[1].report);
    then[2].status = attrib_smoothgrad(NULL, &model, rows, 0, old_sg, then[2].phi, &then[2].report);
    for (int k = 0; k < 3; k++) {
      assert_outcome(now[k], ATTRIB_OK);
      assert_outcome(then[k], ATTRIB_OK);
      assert_same_bits(then[k].phi, now[k].phi, N);
      assert_same_bits(then[k].errors, now[k].errors, N);
      assert_int_equal(then[k].report.evaluations, now[k].report.evaluations);
      free_outcome(&then[k]);
      free_outcome(&now[k]);
    }
    free(old_ig);
    free(old_eg);
    free(old_sg);
  }
}

static void structs_below_the_first_size(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_SQUARE, 0, 0, 1}};
  const analytic_fn function = f_profiles;
  analytic a;
  attrib_model model = single_model(&a, &function, ATTRIB_F64, 1, profiles);
  const double x = 1, b = 0;
  double phi = 5;
  attrib_baselines set = one_baseline(&b);
  const attrib_ig_options ig = {0};
  const attrib_eg_options eg = {0};
  const attrib_smoothgrad_options sg = {0};
  for (uint32_t short_by = 1; short_by <= 84; short_by += 1) {
    void *block = of_first_size(&ig, FIRST_IG_OPTIONS - short_by);
    assert_int_equal(attrib_integrated_gradients(NULL, &model, &x, 0, &set, block, &phi, NULL), ATTRIB_E_STRUCT);
    free(block);
    block = of_first_size(&eg, FIRST_EG_OPTIONS - short_by);
    assert_int_equal(attrib_expected_gradients(NULL, &model, &x, 0, &set, block, &phi, NULL), ATTRIB_E_STRUCT);
    free(block);
    block = of_first_size(&sg, FIRST_SMOOTHGRAD_OPTIONS - short_by);
    assert_int_equal(attrib_smoothgrad(NULL, &model, &x, 0, block, &phi, NULL), ATTRIB_E_STRUCT);
    free(block);
  }
  assert_true(phi == 5);
}

/* Options that belong to the adaptive rule or to the pool, given to others. */
static void of_no_use_elsewhere(void **state) {
  (void)state;
  for (int k = 0; k < 6; k++) {
    attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 10);
    static const char *const names[] = {"round_rows", "max_evaluations",    "max_vectors",
                                        "tolerance",  "absolute_tolerance", "deadline_seconds"};
    if (k == 0) options.round_rows = 16;
    if (k == 1) options.max_evaluations = 100;
    if (k == 2) options.max_vectors = 36;
    if (k == 3) options.tolerance = 0.1;
    if (k == 4) options.absolute_tolerance = 0.1;
    if (k == 5) options.deadline_seconds = 10;
    expect_refused(options, names[k]);
    options.rule = 0; /* points say that it is midpoint */
    expect_refused(options, names[k]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(limits_of_options),         cmocka_unit_test(defaults),
      cmocka_unit_test(structs_of_the_first_size), cmocka_unit_test(structs_below_the_first_size),
      cmocka_unit_test(of_no_use_elsewhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
