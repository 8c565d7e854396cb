/* Recalibrated attributions against their definition in plain loops: every mode, flag, factor and rule, by feature and
 * by group, weighted and not, in both element types, whole and stopped anywhere. */
#include "recalibrated.h"

enum { MOST_GROUPS = 700 };

/* A model of two outputs with the gradient that a definition asks for. */
typedef struct problem {
  analytic a;
  attrib_model model;
  int64_t n, count;
  double *x, *references, *parameters; /* values as the dtype holds them */
  void *input, *rows;
  double weights[8], target_weights[2];
  int32_t *groups;
  attrib_baselines set;
  definition definition;
  const double *weigh; /* NULL, or of the outputs */
} problem;

static const analytic_fn functions[] = {f_waves, f_linear};

static void gradient_of(const double *point, double *gradient, void *user) {
  const problem *p = user;
  double *other = exact_block((size_t)p->n * sizeof *other);
  f_waves(point, p->n, gradient, NULL);
  f_linear(point, p->n, other, p->parameters);
  for (int64_t i = 0; i < p->n && p->weigh != NULL; i++)
    gradient[i] = p->weigh[0] * gradient[i] + p->weigh[1] * other[i];
  free(other);
}

/* Every fifth feature does not move on its way from every second reference. */
static void make_problem(problem *p, uint32_t dtype, int64_t n, int64_t count, uint64_t seed) {
  *p = (problem){.n = n, .count = count, .target_weights = {-.75, 1.5}};
  size_t size = (size_t)n * sizeof(double);
  p->x = exact_block(size);
  p->parameters = exact_block(size);
  p->references = exact_block((size_t)count * size);
  p->groups = exact_block((size_t)n * sizeof *p->groups);
  fill_random(seed, p->x, n);
  fill_random(seed + 100, p->references, count * n);
  fill_random(seed + 200, p->parameters, n);
  fill_random(seed + 300, p->weights, 8);
  for (int64_t b = 0; b < count; b++) p->weights[b] = b == 1 && count > 1 ? 0 : p->weights[b] + 1.5;
  for (int64_t k = 0; k < count * n; k++)
    p->references[k] = k / n % 2 == 0 && k % n % 5 == 2 ? p->x[k % n] : 2 * p->references[k];
  for (int64_t i = 0; i < n; i++) p->x[i] = as_held(dtype, p->x[i]);
  for (int64_t k = 0; k < count * n; k++) p->references[k] = as_held(dtype, p->references[k]);
  p->a = (analytic){.functions = functions, .n_outputs = 2, .n_inputs = n, .parameters = p->parameters, .dtype = dtype};
  p->model = analytic_model(&p->a);
  p->input = as_row(dtype, p->x, n);
  p->rows = as_row(dtype, p->references, count * n);
  p->set = (attrib_baselines){.struct_size = sizeof p->set, .count = count, .rows = p->rows};
  p->definition = (definition){.dtype = dtype,
                               .n = n,
                               .count = count,
                               .input = p->x,
                               .references = p->references,
                               .gradient = gradient_of,
                               .user = p,
                               .rows = -1};
}

static void free_problem(problem *p) {
  free(p->x);
  free(p->references);
  free(p->parameters);
  free(p->input);
  free(p->rows);
  free(p->groups);
}

static void use_weights(problem *p) {
  p->set.weights = p->definition.weights = p->weights;
}

static void use_groups(problem *p, attrib_recalibration_options *o, int32_t count) {
  for (int64_t i = 0; i < p->n; i++) p->groups[i] = (int32_t)(i * 7 % count);
  o->groups = p->groups;
  o->n_groups = count;
}

static bool is_allowed(const attrib_recalibration_options *o) {
  if (o->mode != ATTRIB_RECALIBRATE_VANILLA) return true;
  if (o->flags & (ATTRIB_RECALIBRATE_STRICT | ATTRIB_RECALIBRATE_NORM_ALL)) return false;
  return o->point_factor == 0 || !(o->flags & ATTRIB_RECALIBRATE_SQUARED);
}

static void compare(problem *p, const attrib_recalibration_options *o) {
  if (!is_allowed(o)) return;
  recalibrated r = recalibrate(&p->model, p->input, &p->set, o);
  assert_recalibrated(r);
  recalibrated d = by_definition(&p->definition, o);
  assert_same_recalibrated(r, d, ROUND_OFF);
  int64_t used = 0;
  for (int64_t b = 0; b < p->count; b++) used += p->set.weights == NULL || p->weights[b] > 0;
  assert_int_equal(r.report.evaluations, used * o->points);
  assert_int_equal(r.report.output_evaluations, 0);
  bool random = (o->flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA) != 0;
  assert_int_equal(r.report.samples, random ? used * o->points : 0);
  assert_true(r.report.seed == o->seed && r.report.rule == o->rule);
  free_recalibrated(&r);
  free_recalibrated(&d);
}

static attrib_recalibration_options options_of(uint32_t mode, uint32_t flags, uint32_t factor, uint64_t seed) {
  attrib_recalibration_options o = recalibration(mode, flags, ATTRIB_RULE_LEFT + (uint32_t)(seed % 5), 3);
  if (o.rule != ATTRIB_RULE_GAUSS_LEGENDRE) o.points = 2 + (int64_t)(seed % 6);
  if (flags & ATTRIB_RECALIBRATE_RANDOM_ALPHA) {
    o.rule = 0;
    o.seed = seed;
  }
  o.point_factor = factor;
  return o;
}

static void every_mode_flag_and_factor(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (uint32_t mode = 0; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags < 16; flags++)
      for (uint32_t factor = 0; factor <= ATTRIB_POINT_FACTOR_FROM_REFERENCE; factor++)
        for (int variant = 0; variant < 8; variant++, seed++) {
          problem p;
          make_problem(&p, variant % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64, 11 + variant, 1 + (int64_t)(seed % 5), seed);
          attrib_recalibration_options o = options_of(mode, flags, factor, seed);
          if (variant / 2 % 2 == 1) use_weights(&p);
          if (variant / 4 % 2 == 1) use_groups(&p, &o, 3);
          compare(&p, &o);
          free_problem(&p);
        }
}

/* Inputs of several blocks, and more groups than a block has features. */
static void many_features_and_groups(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags < 8; flags++)
      for (int variant = 0; variant < 4; variant++, seed++) {
        problem p;
        make_problem(&p, variant % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64, 1300, 3, seed);
        attrib_recalibration_options o = options_of(mode, flags, 0, seed);
        if (variant >= 2) use_groups(&p, &o, MOST_GROUPS);
        compare(&p, &o);
        free_problem(&p);
      }
}

static void weighted_targets(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 24; seed++) {
    problem p;
    make_problem(&p, seed % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64, 13, 4, seed);
    attrib_recalibration_options o = options_of(1 + (uint32_t)(seed % 3), 0, 0, seed);
    o.target_weights = p.weigh = p.target_weights;
    compare(&p, &o);
    free_problem(&p);
  }
}

/* Results of a run under way are those of the rows so far: of each count of them. */
static void of_any_prefix(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 32; seed++) {
    problem p;
    attrib_run *run;
    attrib_batch *batch;
    make_problem(&p, seed % 2 == 0 ? ATTRIB_F32 : ATTRIB_F64, 12, 3, seed);
    p.model.max_rows = 1;
    attrib_recalibration_options o = options_of(1 + (uint32_t)(seed % 3), seed % 8 < 4 ? 0 : 4, 0, seed);
    if (o.mode != ATTRIB_RECALIBRATE_VANILLA) o.flags |= (uint32_t)(seed / 8);
    if (seed % 3 == 0) use_weights(&p);
    if (seed % 5 == 0) use_groups(&p, &o, 4);
    assert_int_equal(attrib_recalibrated_gradients_start(NULL, &p.model, p.input, 0, &p.set, &o, &run), ATTRIB_OK);
    for (p.definition.rows = 0; !attrib_run_done(run); p.definition.rows++) {
      recalibrated r, d = by_definition(&p.definition, &o);
      prepare_recalibrated(&r, d.count);
      assert_int_equal(attrib_run_result(run, r.phi, &r.report), ATTRIB_OK);
      assert_int_equal(r.report.stop_reason, ATTRIB_STOP_NONE);
      assert_same_recalibrated(r, d, ROUND_OFF);
      free_recalibrated(&r);
      free_recalibrated(&d);
      assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
      assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &p.a)), ATTRIB_OK);
    }
    assert_int_equal(p.definition.rows, (p.set.weights == NULL ? 3 : 2) * o.points);
    attrib_run_destroy(run);
    free_problem(&p);
  }
}

/* A gradient that is not looked at may be anything: that of a feature that does not move, in all modes. */
static void features_that_do_not_move(void **state) {
  (void)state;
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags <= ATTRIB_RECALIBRATE_SQUARED; flags += ATTRIB_RECALIBRATE_SQUARED) {
      problem p;
      make_problem(&p, ATTRIB_F64, 9, 1, 77);
      attrib_recalibration_options o = options_of(mode, flags, 0, 2);
      recalibrated d = by_definition(&p.definition, &o);
      spoiler s = {.inner = &p.a, .output_row = -1, .gradient_row = 1, .feature = 2, .fail_from_row = -1};
      const double values[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
      attrib_model model = spoiled_model(&s);
      for (int v = 0; v < 3; v++) {
        s.gradient = values[v];
        recalibrated r = recalibrate(&model, p.input, &p.set, &o);
        assert_recalibrated(r);
        assert_same_recalibrated(r, d, ROUND_OFF);
        assert_true(r.phi[2] == 0);
        free_recalibrated(&r);
      }
      s.feature = 3; /* this one moves */
      recalibrated r = recalibrate(&model, p.input, &p.set, &o);
      assert_int_equal(r.status, ATTRIB_E_NONFINITE);
      assert_names(r.message, "row 1");
      assert_names(r.message, "input 3");
      assert_true(is_untouched(r.phi, 9) && is_untouched(r.positive, 9) && is_untouched(r.negative, 9));
      assert_true(is_untouched(r.share, 9) && is_untouched(r.errors, 9) && r.kept[0] == -777);
      free_recalibrated(&r);
      free_recalibrated(&d);
      free_problem(&p);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_mode_flag_and_factor), cmocka_unit_test(many_features_and_groups),
      cmocka_unit_test(weighted_targets),           cmocka_unit_test(of_any_prefix),
      cmocka_unit_test(features_that_do_not_move),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
