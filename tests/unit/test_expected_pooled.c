/* Expected gradients from a pool: no draws, the same integral as that of integrated gradients over the set. */
#include "fixture.h"
#include "line_models.h"

enum { INPUTS = 7, MOST_BASELINES = 30 };

typedef struct scene {
  analytic model;
  attrib_model call;
  double *input, *rows, *weights;
} scene;

static void open_scene(scene *s) {
  static const analytic_fn waves = f_waves;
  s->call = single_model(&s->model, &waves, ATTRIB_F64, INPUTS, NULL);
  s->input = exact_block(INPUTS * sizeof(double));
  s->rows = exact_block(MOST_BASELINES * INPUTS * sizeof(double));
  s->weights = exact_block(MOST_BASELINES * sizeof(double));
  fill_random(1, s->input, INPUTS);
  fill_random(2, s->rows, MOST_BASELINES * INPUTS);
  for (int k = 0; k < MOST_BASELINES; k++) s->weights[k] = k % 4 == 2 ? 0 : 1 + k % 3;
}

static void close_scene(scene *s) {
  free(s->input);
  free(s->rows);
  free(s->weights);
}

/* Integrated gradients by a dense rule. */
static void dense(const scene *s, const attrib_baselines *set, uint32_t flags, double *expected) {
  attrib_ig_options options = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 40);
  options.flags = flags;
  assert_int_equal(attrib_integrated_gradients(NULL, &s->call, s->input, 0, set, &options, expected, NULL), ATTRIB_OK);
}

/* With the same tolerance, budget and rounds the same bits; the report is that of a sampler. */
static void a_pool_is_integrated_gradients(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  for (int64_t count = 1; count <= MOST_BASELINES; count = 2 * count + 1) {
    attrib_baselines set = rows_of(s.rows, count, s.weights);
    attrib_ig_options ig = to_tolerance(2e-3, 5000);
    ig.round_rows = 11;
    ig.max_vectors = 24;
    attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, 0, 99);
    eg.tolerance = 2e-3;
    eg.max_evaluations = 5000;
    eg.round_rows = 11;
    eg.max_vectors = 24;
    outcome pooled = expect_gradients(&s.call, s.input, &set, &eg),
            integrated = integrate_set(&s.call, s.input, &set, &ig);
    assert_outcome(pooled, ATTRIB_OK);
    check_adaptive_report(&pooled, &ig);
    assert_same_bits(pooled.phi, integrated.phi, INPUTS);
    assert_same_bits(pooled.errors, integrated.errors, INPUTS);
    assert_true(pooled.report.error_estimate == integrated.report.error_estimate);
    assert_int_equal(pooled.report.sampler, ATTRIB_SAMPLER_POOLED);
    assert_int_equal(pooled.report.samples, pooled.report.evaluations);
    assert_int_equal(pooled.report.evaluations, integrated.report.evaluations);
    assert_int_equal(pooled.report.seed, 99);
    assert_int_equal(integrated.report.sampler, 0);
    assert_int_equal(integrated.report.samples, 0);
    assert_int_equal(integrated.report.seed, 0);
    double expected[INPUTS];
    dense(&s, &set, 0, expected);
    assert_true(distance_to(pooled.phi, expected, INPUTS) <= 1.3 * 2e-3);
    free_outcome(&pooled);
    free_outcome(&integrated);
  }
  close_scene(&s);
}

/* A seed is nothing to a rule that draws nothing. */
static void seeds_do_not_matter(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_baselines set = rows_of(s.rows, 9, NULL);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, 100, 1);
  outcome one = expect_gradients(&s.call, s.input, &set, &eg);
  eg.seed = 2;
  outcome other = expect_gradients(&s.call, s.input, &set, &eg);
  assert_outcome(one, ATTRIB_OK);
  assert_same_bits(one.phi, other.phi, INPUTS);
  assert_int_equal(other.report.seed, 2);
  free_outcome(&one);
  free_outcome(&other);
  close_scene(&s);
}

/* With a number of samples: as many rows as whole rounds fit into, and the error comes as it comes. */
static void a_number_of_samples_is_spent(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  for (int64_t count = 4; count <= MOST_BASELINES; count += 13)
    for (uint32_t round = 1; round <= 16; round += 15)
      for (int64_t samples = 4 * count + 1; samples < 12 * count; samples += 5) {
        attrib_baselines set = rows_of(s.rows, count, NULL);
        attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, samples, 1);
        eg.round_rows = round;
        outcome o = expect_gradients(&s.call, s.input, &set, &eg);
        assert_outcome(o, ATTRIB_OK);
        assert_int_equal(o.report.stop_reason, ATTRIB_STOP_COMPLETE);
        assert_true(o.report.evaluations <= samples && o.report.evaluations + round > samples);
        assert_int_equal(o.report.samples, o.report.evaluations);
        assert_true(isnan(o.report.tolerance) && o.report.error_estimate > 0);
        double expected[INPUTS];
        dense(&s, &set, 0, expected);
        assert_true(distance_to(o.phi, expected, INPUTS) <= 1.3 * o.report.error_estimate);
        free_outcome(&o);
      }
  close_scene(&s);
}

/* A number of samples, too, gives the same bits in batches of every size and with any number of workers. */
static void samples_are_reproducible(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_baselines set = rows_of(s.rows, MOST_BASELINES, s.weights);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, 250, 1);
  eg.round_rows = 7;
  outcome first = expect_gradients(&s.call, s.input, &set, &eg);
  assert_outcome(first, ATTRIB_OK);
  for (uint32_t workers = 1; workers <= 4; workers++)
    for (uint32_t max_rows = 1; max_rows <= 64; max_rows *= 4) {
      attrib_context *context = new_context(workers, 0);
      outcome o;
      s.call.max_rows = max_rows;
      prepare_outcome(&o, INPUTS);
      o.status = attrib_expected_gradients(context, &s.call, s.input, 0, &set, &eg, o.phi, &o.report);
      assert_outcome(o, ATTRIB_OK);
      assert_same_bits(o.phi, first.phi, INPUTS);
      assert_same_bits(o.errors, first.errors, INPUTS);
      assert_same_bits(&o.report.error_estimate, &first.report.error_estimate, 1);
      assert_memory_equal(o.trace, first.trace, (size_t)first.report.trace_count * sizeof *o.trace);
      free_outcome(&o);
      attrib_context_destroy(context);
    }
  free_outcome(&first);
  close_scene(&s);
}

/* Four steps on every line and the input: below that there is no pool. */
static void too_few_samples(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  for (int with_tolerance = 0; with_tolerance < 2; with_tolerance++) {
    attrib_baselines set = rows_of(s.rows, 10, NULL);
    attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, with_tolerance ? 0 : 40, 1);
    eg.tolerance = with_tolerance ? 0.1 : 0;
    eg.max_evaluations = with_tolerance ? 40 : 0;
    outcome o = expect_gradients(&s.call, s.input, &set, &eg);
    assert_outcome(o, ATTRIB_E_ARGUMENT);
    assert_true(is_untouched(o.phi, INPUTS));
    assert_names(o.message, with_tolerance ? "options->max_evaluations = 40" : "options->samples = 40");
    assert_names(o.message, "41");
    free_outcome(&o);
  }
  close_scene(&s);
}

static void a_mean_gradient_from_a_pool(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_baselines set = rows_of(s.rows, 12, s.weights);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, 0, 1);
  eg.tolerance = 1e-3;
  eg.flags = ATTRIB_MEAN_GRADIENT;
  outcome o = expect_gradients(&s.call, s.input, &set, &eg);
  double expected[INPUTS];
  dense(&s, &set, ATTRIB_MEAN_GRADIENT, expected);
  assert_outcome(o, ATTRIB_OK);
  assert_true(distance_to(o.phi, expected, INPUTS) <= 1.3e-3);
  assert_true(isnan(o.report.completeness_error));
  free_outcome(&o);
  close_scene(&s);
}

/* An absolute tolerance alone is a tolerance, and attributions that cancel are done by it. */
static void an_absolute_tolerance(void **state) {
  (void)state;
  const profile profiles[] = {{PROFILE_WAVE, 0, 1, 1}, {PROFILE_WAVE, 0, 0.5, -2}};
  const analytic_fn function = f_profiles;
  analytic a;
  attrib_model model = single_model(&a, &function, ATTRIB_F64, 2, profiles);
  const double rows[] = {0, 0, 1, 0, 0, 1, -1, -1, -2, -1}, x[] = {2, 2};
  attrib_baselines set = rows_of(rows, 5, NULL);
  attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_POOLED, 0, 1);
  eg.absolute_tolerance = 0.01;
  eg.max_evaluations = 100000;
  outcome o = expect_gradients(&model, x, &set, &eg);
  assert_outcome(o, ATTRIB_OK);
  assert_int_equal(o.report.stop_reason, ATTRIB_STOP_TOLERANCE);
  assert_true(length_of(o.phi, 2) <= 0.01);
  free_outcome(&o);
}

/* Whatever the default chooses, it says so, and comes to the same. */
static void the_default_sampler(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_baselines set = rows_of(s.rows, 10, NULL);
  double expected[INPUTS];
  dense(&s, &set, 0, expected);
  for (int64_t budget = 20; budget <= 2000; budget *= 10)
    for (int with_tolerance = 0; with_tolerance < 2; with_tolerance++) {
      attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_DEFAULT, with_tolerance ? 0 : budget, 1);
      eg.tolerance = with_tolerance ? 0.02 : 0;
      eg.max_evaluations = with_tolerance ? budget : 0;
      outcome o = expect_gradients(&s.call, s.input, &set, &eg);
      assert_true(o.status == ATTRIB_OK || o.report.stop_reason == ATTRIB_STOP_BUDGET);
      assert_int_equal(o.report.sampler,
                       with_tolerance && budget >= 200 ? ATTRIB_SAMPLER_POOLED : ATTRIB_SAMPLER_LATTICE);
      if (budget == 2000) assert_outcome(o, ATTRIB_OK);
      if (budget == 2000) assert_true(distance_to(o.phi, expected, INPUTS) <= 0.03);
      free_outcome(&o);
    }
  close_scene(&s);
}

/* Of more than 128 baselines no pool by default: strata may do before each has had its turn. */
static int32_t ATTRIB_CALL fetch_cyclic(int64_t index, void *row, void *user) {
  memcpy(row, (const double *)user + index % MOST_BASELINES * INPUTS, INPUTS * sizeof(double));
  return 0;
}

static void the_default_sampler_of_many(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  for (int64_t count = 128; count <= 129; count++) {
    attrib_baselines set = {.struct_size = sizeof set, .count = count, .fetch = fetch_cyclic, .fetch_user = s.rows};
    attrib_eg_options eg = eg_options(ATTRIB_SAMPLER_DEFAULT, 0, 1);
    eg.tolerance = 0.05;
    outcome o = expect_gradients(&s.call, s.input, &set, &eg);
    assert_outcome(o, ATTRIB_OK);
    assert_int_equal(o.report.sampler == ATTRIB_SAMPLER_POOLED, count == 128);
    free_outcome(&o);
  }
  close_scene(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pool_is_integrated_gradients), cmocka_unit_test(seeds_do_not_matter),
      cmocka_unit_test(a_number_of_samples_is_spent),   cmocka_unit_test(too_few_samples),
      cmocka_unit_test(samples_are_reproducible),       cmocka_unit_test(a_mean_gradient_from_a_pool),
      cmocka_unit_test(an_absolute_tolerance),          cmocka_unit_test(the_default_sampler),
      cmocka_unit_test(the_default_sampler_of_many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
