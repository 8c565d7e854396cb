/* Recalibrated attributions that are known in closed form, identities that hold for every model, and what published
 * code gets wrong. */
#include "recalibrated.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

/* x^2 and x^2 / 2 of one input. */
static double f_square(const double *x, int64_t n, double *g, const void *p) {
  (void)n, (void)p;
  if (g != NULL) g[0] = 2 * x[0];
  return x[0] * x[0];
}

static double f_half_square(const double *x, int64_t n, double *g, const void *p) {
  (void)n, (void)p;
  if (g != NULL) g[0] = x[0];
  return x[0] * x[0] / 2;
}

static double f_identity(const double *x, int64_t n, double *g, const void *p) {
  (void)n, (void)p;
  if (g != NULL) g[0] = 1;
  return x[0];
}

/* What one entry should come to. */
typedef struct expected {
  double phi, positive, negative, share;
  int64_t kept;
} expected;

/* All numbers in these tests are exact in both element types but for sums of thirds and fifths, of as many terms as
 * there are rows. */
static void expect(analytic_fn f, int64_t n, const double *x, int64_t count, const double *references,
                   attrib_recalibration_options options, const expected *values) {
  for (int t = 0; t < 2; t++) {
    analytic a;
    attrib_model model = single_model(&a, &f, dtypes[t], n, NULL);
    void *input = as_row(dtypes[t], x, n), *rows = as_row(dtypes[t], references, n * count);
    const attrib_baselines set = {.struct_size = sizeof set, .count = count, .rows = rows};
    const double round_off = (double)(count * options.points + 16) * DBL_EPSILON;
    const double tolerance = dtypes[t] == ATTRIB_F32 ? F32_ROUND_OFF : round_off;
    recalibrated r = recalibrate(&model, input, &set, &options);
    assert_recalibrated(r);
    for (int64_t i = 0; i < n; i++) {
      assert_near(r.phi[i], values[i].phi, tolerance, 10);
      assert_near(r.positive[i], values[i].positive, tolerance, 10);
      assert_near(r.negative[i], values[i].negative, tolerance, 10);
      assert_near(r.share[i], values[i].share, round_off, 1);
      assert_int_equal(r.kept[i], values[i].kept);
      assert_true(isnan(r.errors[i]));
    }
    free_recalibrated(&r);
    free(input);
    free(rows);
  }
}

#define EXPECT(f, n, x, count, references, options, ...) \
  expect(f, n, x, count, references, options, (const expected[]){__VA_ARGS__})

/* Reference (2, 0) speaks against feature 1 and for feature 2, (0, 2) the other way round, at every point. */
static void a_product_and_three_references(void **state) {
  (void)state;
  const double x[] = {1, 1}, references[] = {0, 0, 2, 0, 0, 2};
  for (uint32_t rule = ATTRIB_RULE_MIDPOINT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++) {
    attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, rule, 4);
    EXPECT(f_product, 2, x, 3, references, o, {.5, .5, 0, 1, 12}, {.5, .5, 0, 1, 12});
    o.mode = ATTRIB_RECALIBRATE_VALID_REF;
    EXPECT(f_product, 2, x, 3, references, o, {1, 2.0 / 3, -.5 / 3, 2.0 / 3, 2}, {1, 2.0 / 3, -.5 / 3, 2.0 / 3, 2});
    if (rule == ATTRIB_RULE_TRAPEZOID) continue; /* has a node where the contribution is 0 */
    o.mode = ATTRIB_RECALIBRATE_VALID_IP;
    EXPECT(f_product, 2, x, 3, references, o, {1, 2.0 / 3, -.5 / 3, 2.0 / 3, 8}, {1, 2.0 / 3, -.5 / 3, 2.0 / 3, 8});
  }
}

static void a_square_and_four_references(void **state) {
  (void)state;
  const double x[] = {.5}, references[] = {-1, 1, 0, 2};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, ATTRIB_RULE_MIDPOINT, 8);
  EXPECT(f_square, 1, x, 4, references, o, {-1.25, -1.25, 0, 1, 32});
  o.mode = ATTRIB_RECALIBRATE_VALID_REF;
  EXPECT(f_square, 1, x, 4, references, o, {.25, .0625, -1.3125, .25, 1});
  o.flags = ATTRIB_RECALIBRATE_NORM_ALL;
  EXPECT(f_square, 1, x, 4, references, o, {.0625, .0625, -1.3125, .25, 1});
}

/* Contributions -0.75, 0.75 and 2.25; and in the limit of many points, where a third of the path falls and two thirds
 * rise: from 0 to 1 by 1 on two thirds, which is 1.5. */
static void the_part_of_a_path_that_rises(void **state) {
  (void)state;
  const double x[] = {1}, reference[] = {-.5};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, ATTRIB_RULE_MIDPOINT, 3);
  EXPECT(f_square, 1, x, 1, reference, o, {.75, .75, 0, 1, 3});
  o.mode = ATTRIB_RECALIBRATE_DEFAULT;
  EXPECT(f_square, 1, x, 1, reference, o, {1.5, 1, -.25, 2.0 / 3, 2});
  o.flags = ATTRIB_RECALIBRATE_NORM_ALL;
  EXPECT(f_square, 1, x, 1, reference, o, {1, 1, -.25, 2.0 / 3, 2});
  o = recalibration(ATTRIB_RECALIBRATE_VALID_IP, 0, 0, 3000);
  EXPECT(f_square, 1, x, 1, reference, o, {1.5, 1, -.25, 2.0 / 3, 2000});
  o.mode = ATTRIB_RECALIBRATE_VALID_REF; /* the only reference, as a whole */
  EXPECT(f_square, 1, x, 1, reference, o, {.75, .75, 0, 1, 1});
}

/* Zeros are valid and dilute the mean: of a reference that equals the input, and at its own points. */
static void strict_leaves_zeros_out(void **state) {
  (void)state;
  const double x[] = {.5}, references[] = {-1, 1, 0, .5};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VALID_REF, 0, 0, 2);
  EXPECT(f_square, 1, x, 4, references, o, {.125, .0625, -.375, .5, 2});
  o.flags = ATTRIB_RECALIBRATE_STRICT;
  EXPECT(f_square, 1, x, 4, references, o, {.25, .0625, -.375, .25, 1});
  /* Contributions at a quarter and three quarters: -1.875, 0.375; -0.875, -0.625; 0.125, 0.375; 0, 0. */
  o = recalibration(ATTRIB_RECALIBRATE_VALID_IP, 0, 0, 2);
  EXPECT(f_square, 1, x, 4, references, o, {.175, .109375, -.421875, .625, 5});
  o.flags = ATTRIB_RECALIBRATE_STRICT;
  EXPECT(f_square, 1, x, 4, references, o, {.875 / 3, .109375, -.421875, .375, 3});
  o.flags |= ATTRIB_RECALIBRATE_NORM_ALL;
  EXPECT(f_square, 1, x, 4, references, o, {.109375, .109375, -.421875, .375, 3});
  o.flags = 0;
  o.mode = ATTRIB_RECALIBRATE_VANILLA;
  EXPECT(f_square, 1, x, 4, references, o, {-.3125, -.3125, 0, 1, 8});
}

/* From 0: 1; from 3: C = -8. VANILLA averages 1 * 1^2 and -2 * 4^2, the others the squares of C or of c. */
static void squares(void **state) {
  (void)state;
  const double x[] = {1}, references[] = {0, 3};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, ATTRIB_RECALIBRATE_SQUARED, 0, 2);
  EXPECT(f_square, 1, x, 2, references, o, {-15.5, -15.5, 0, 1, 4});
  o.mode = ATTRIB_RECALIBRATE_VALID_REF;
  EXPECT(f_square, 1, x, 2, references, o, {1, .5, 32, .5, 1});
  o.mode = ATTRIB_RECALIBRATE_VALID_IP; /* contributions 0.5 and 1.5 from 0, -10 and -6 from 3 */
  EXPECT(f_square, 1, x, 2, references, o, {1.25, .625, 34, .5, 2});
  o.flags |= ATTRIB_RECALIBRATE_NORM_ALL;
  EXPECT(f_square, 1, x, 2, references, o, {.625, .625, 34, .5, 2});
}

/* Nothing agrees: 0, whatever the norm, and the whole of it was dropped. */
static void nothing_kept(void **state) {
  (void)state;
  const double x[] = {0}, references[] = {1, -1, 2};
  for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags < 4; flags++) {
      attrib_recalibration_options o = recalibration(mode, flags, ATTRIB_RULE_LEFT, 4);
      /* Gradients 2 r (1 - alpha), displacement -r: -2 r^2 (1 + 3/4 + 2/4 + 1/4) / 4 for each. */
      EXPECT(f_square, 1, x, 3, references, o, {0, 0, -2.5, 0, 0});
    }
}

/* Attributions that are 0 are not -0, which a division or a picture would show. */
static void zeros_have_no_sign(void **state) {
  (void)state;
  const double x[] = {0, -.5}, references[] = {1, -.5};
  const analytic_fn f = f_product;
  for (uint32_t mode = ATTRIB_RECALIBRATE_VANILLA; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
    for (uint32_t flags = 0; flags <= ATTRIB_RECALIBRATE_SQUARED; flags += ATTRIB_RECALIBRATE_SQUARED)
      for (uint32_t factor = 0; factor < 3; factor++) {
        analytic a;
        attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
        attrib_baselines set = one_baseline(references);
        attrib_recalibration_options o = recalibration(mode, flags, ATTRIB_RULE_TRAPEZOID, 3);
        if (mode == ATTRIB_RECALIBRATE_VANILLA && flags != 0 && factor > 0) continue;
        o.point_factor = factor;
        recalibrated r = recalibrate(&model, x, &set, &o);
        assert_recalibrated(r);
        assert_true(r.phi[1] == 0 && !signbit(r.phi[1]) && !signbit(r.positive[1]) && !signbit(r.negative[1]));
        assert_true(r.phi[0] != 0 || mode != ATTRIB_RECALIBRATE_VANILLA);
        free_recalibrated(&r);
      }
}

/* -- unlike the published code ------------------------------------------------------------------------------------ */

/* It evaluates every reference at one alpha alone, and displaces gradients by other references: 0 here. */
static void unlike_peer_references_and_points_are_paired(void **state) {
  (void)state;
  const double x[] = {0}, references[] = {1, -1};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, 0, 2);
  EXPECT(f_half_square, 1, x, 2, references, o, {-.5, -.5, 0, 1, 4});
  o.mode = ATTRIB_RECALIBRATE_VALID_REF;
  EXPECT(f_half_square, 1, x, 2, references, o, {0, 0, -.5, 0, 0});
}

/* It displaces by x - p, and divides once more by the points: 1/32 here. A path integral takes x - r, which gives what
 * rises, 0.5 over two thirds of the path; x - p at the same points is a factor, to compare with. */
static void unlike_peer_the_weight_is_that_of_the_path(void **state) {
  (void)state;
  const double x[] = {1}, reference[] = {-.5};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VALID_IP, 0, 0, 3);
  EXPECT(f_half_square, 1, x, 1, reference, o, {.75, .5, -.125, 2.0 / 3, 2});
  o.point_factor = ATTRIB_POINT_FACTOR_TO_INPUT;
  EXPECT(f_half_square, 1, x, 1, reference, o, {.1875, .125, -.3125 / 3, 2.0 / 3, 2});
  o.point_factor = ATTRIB_POINT_FACTOR_FROM_REFERENCE;
  EXPECT(f_half_square, 1, x, 1, reference, o, {.5625, .375, -.0625 / 3, 2.0 / 3, 2});
}

/* Its integrated gradients sum weights that are not divided by their number: 2.5 here. */
static void unlike_peer_weights_sum_to_1(void **state) {
  (void)state;
  const double x[] = {1}, reference[] = {0};
  attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, 0, 5);
  EXPECT(f_identity, 1, x, 1, reference, o, {1, 1, 0, 1, 5});
  o.mode = ATTRIB_RECALIBRATE_VALID_IP;
  EXPECT(f_identity, 1, x, 1, reference, o, {1, 1, 0, 1, 5});
  for (uint32_t factor = 1; factor < 3; factor++) { /* half of it: why these are no path integrals */
    o.point_factor = factor;
    EXPECT(f_identity, 1, x, 1, reference, o, {.5, .5, 0, 1, 5});
  }
}

/* -- identities --------------------------------------------------------------------------------------------------- */

enum { N = 29, REFERENCES = 6 };

typedef struct scene {
  analytic a;
  analytic_fn f;
  attrib_model model;
  double parameters[N * N], weights[REFERENCES];
  int32_t groups[N];
  void *input, *rows;
  attrib_baselines set;
} scene;

static void make_scene(scene *s, analytic_fn f, uint32_t dtype, uint64_t seed) {
  double x[N], references[REFERENCES * N];
  memset(references, 0, sizeof references);
  fill_random(seed, x, N);
  fill_random(seed + 1000, references, REFERENCES * N);
  fill_random(seed + 2000, s->weights, REFERENCES);
  fill_random(seed + 3000, s->parameters, N * N);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < i; j++) s->parameters[i * N + j] = s->parameters[j * N + i];
  for (int b = 0; b < REFERENCES; b++) s->weights[b] = b == 2 ? 0 : s->weights[b] + 1.01;
  for (int64_t i = 0; i < N; i++) s->groups[i] = (int32_t)(i * 7 % 5);
  for (int b = 0; b < REFERENCES; b++) references[b * N + 3] = x[3]; /* does not move */
  s->f = f;
  s->model = single_model(&s->a, &s->f, dtype, N, s->parameters);
  s->input = as_row(dtype, x, N);
  s->rows = as_row(dtype, references, REFERENCES * N);
  s->set = (attrib_baselines){
      .struct_size = sizeof s->set, .count = REFERENCES, .rows = s->rows, .weights = seed % 2 ? s->weights : NULL};
}

static void free_scene(scene *s) {
  free(s->input);
  free(s->rows);
}

static attrib_recalibration_options some_options(const scene *s, uint64_t seed) {
  attrib_recalibration_options o = recalibration(0, 0, 1 + (uint32_t)(seed % 5), 3 + (int64_t)(seed % 4));
  o.groups = seed % 3 == 0 ? s->groups : NULL;
  o.n_groups = seed % 3 == 0 ? 5 : 0;
  return o;
}

/* What holds instead of completeness. */
static void parts_make_the_whole(void **state) {
  (void)state;
  int64_t dropped = 0, several = 0;
  for (uint64_t seed = 1; seed <= 40; seed++)
    for (int t = 0; t < 2; t++) {
      scene s;
      make_scene(&s, seed % 4 < 2 ? f_waves : f_quadratic, dtypes[t], seed);
      attrib_recalibration_options o = some_options(&s, seed);
      o.mode = ATTRIB_RECALIBRATE_VANILLA;
      recalibrated vanilla = recalibrate(&s.model, s.input, &s.set, &o);
      assert_recalibrated(vanilla);
      for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
        for (uint32_t flags = 0; flags < 4; flags++) {
          o.mode = mode;
          o.flags = flags;
          recalibrated r = recalibrate(&s.model, s.input, &s.set, &o);
          assert_recalibrated(r);
          for (int64_t e = 0; e < r.count; e++) {
            double scale = r.positive[e] - r.negative[e], mean = r.share[e] > 0 ? r.positive[e] / r.share[e] : 0;
            assert_near(r.positive[e] + r.negative[e], vanilla.phi[e], ROUND_OFF, scale);
            assert_true(r.positive[e] >= vanilla.phi[e] - ROUND_OFF * scale && r.positive[e] >= 0);
            assert_true(r.negative[e] <= 0 && r.phi[e] >= 0);
            assert_true(r.share[e] >= 0 && r.share[e] <= 1);
            assert_true(r.phi[e] == (flags & ATTRIB_RECALIBRATE_NORM_ALL ? r.positive[e] : mean));
            dropped += r.negative[e] < 0;
            several += r.share[e] > 0 && r.share[e] < 1;
          }
          free_recalibrated(&r);
        }
      free_recalibrated(&vanilla);
      free_scene(&s);
    }
  assert_true(dropped > 1000 && several > 1000);
}

/* With the same bits, by feature and by group, and one baseline or several: a plain path integral. */
static void vanilla_is_integrated_gradients(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 30; seed++) {
    scene s;
    double phi[N];
    make_scene(&s, seed % 4 < 2 ? f_waves : f_quadratic, dtypes[seed % 2], seed);
    if (seed % 5 == 0) s.set.count = 1;
    attrib_recalibration_options o = some_options(&s, seed);
    o.mode = ATTRIB_RECALIBRATE_VANILLA;
    attrib_ig_options ig = with_rule(o.rule, o.points);
    ig.groups = o.groups;
    ig.n_groups = o.n_groups;
    recalibrated r = recalibrate(&s.model, s.input, &s.set, &o);
    assert_recalibrated(r);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_integrated_gradients(NULL, &s.model, s.input, 0, &s.set, &ig, phi, &report), ATTRIB_OK);
    assert_same_bits(r.phi, phi, r.count);
    assert_same_bits(r.positive, phi, r.count);
    assert_same_bits(&r.report.attribution_sum, &report.attribution_sum, 1);
    for (int64_t e = 0; e < r.count; e++)
      assert_true(r.negative[e] == 0 && r.share[e] == 1 && r.kept[e] == r.report.evaluations);
    assert_true(isnan(r.report.completeness_target) && isnan(r.report.completeness_error) &&
                isnan(r.report.completeness_relative));
    assert_true(isnan(r.report.output) && isnan(r.report.baseline_output) && isnan(r.report.error_estimate));
    assert_int_equal(r.report.output_evaluations, 0);
    assert_int_equal(r.report.rule, o.rule);
    assert_int_equal(r.report.points, o.points);
    assert_int_equal(r.report.samples, 0);
    free_recalibrated(&r);
    free_scene(&s);
  }
}

/* A function that rises in every input, and references below it: everything is kept, for all modes the same. */
static void where_everything_agrees_completeness_is_back(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    double x[N], references[REFERENCES * N], weights[N], ends = 0;
    fill_random(5, x, N);
    fill_random(6, references, REFERENCES * N);
    fill_random(7, weights, N);
    for (int64_t i = 0; i < N; i++) weights[i] = fabs(weights[i]) + .1;
    for (int64_t k = 0; k < REFERENCES * N; k++) references[k] = x[k % N] - 1 - references[k];
    const analytic_fn f = f_linear;
    analytic a;
    attrib_model model = single_model(&a, &f, dtypes[t], N, weights);
    void *input = as_row(dtypes[t], x, N), *rows = as_row(dtypes[t], references, REFERENCES * N);
    const attrib_baselines set = {.struct_size = sizeof set, .count = REFERENCES, .rows = rows};
    for (int64_t k = 0; k < REFERENCES * N; k++) ends += weights[k % N] * (x[k % N] - references[k]) / REFERENCES;
    attrib_recalibration_options o = recalibration(ATTRIB_RECALIBRATE_VANILLA, 0, ATTRIB_RULE_GAUSS_LEGENDRE, 7);
    recalibrated vanilla = recalibrate(&model, input, &set, &o);
    assert_near(vanilla.report.attribution_sum, ends, dtypes[t] == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF, ends);
    for (uint32_t mode = ATTRIB_RECALIBRATE_VALID_REF; mode <= ATTRIB_RECALIBRATE_VALID_IP; mode++)
      for (uint32_t flags = 0; flags < 4; flags++) {
        o.mode = mode;
        o.flags = flags;
        recalibrated r = recalibrate(&model, input, &set, &o);
        assert_recalibrated(r);
        for (int64_t i = 0; i < N; i++) {
          assert_near(r.phi[i], vanilla.phi[i], ROUND_OFF, vanilla.phi[i]);
          assert_true(r.share[i] == 1 && r.negative[i] == 0);
          assert_int_equal(r.kept[i], mode == ATTRIB_RECALIBRATE_VALID_REF ? REFERENCES : REFERENCES * 7);
        }
        if (mode == ATTRIB_RECALIBRATE_VALID_IP) assert_same_bits(r.phi, vanilla.phi, N);
        free_recalibrated(&r);
      }
    free_recalibrated(&vanilla);
    free(input);
    free(rows);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_product_and_three_references),
      cmocka_unit_test(a_square_and_four_references),
      cmocka_unit_test(the_part_of_a_path_that_rises),
      cmocka_unit_test(strict_leaves_zeros_out),
      cmocka_unit_test(squares),
      cmocka_unit_test(nothing_kept),
      cmocka_unit_test(zeros_have_no_sign),
      cmocka_unit_test(unlike_peer_references_and_points_are_paired),
      cmocka_unit_test(unlike_peer_the_weight_is_that_of_the_path),
      cmocka_unit_test(unlike_peer_weights_sum_to_1),
      cmocka_unit_test(parts_make_the_whole),
      cmocka_unit_test(vanilla_is_integrated_gradients),
      cmocka_unit_test(where_everything_agrees_completeness_is_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
