/* The axioms of Sundararajan, Taly and Yan (2017), on models where each can be told apart from round-off. */
#include "../unit/fixture.h"

static const int64_t sizes[] = {1, 2, 7, 511, 512, 513, 1025}; /* around the borders of blocks */

enum { SEEDS = 3 };

/* One problem in every size, type and seed. */
typedef struct problem {
  int64_t n;
  uint32_t dtype, rule;
  double *x, *b; /* values before they are rounded to the type */
} problem;

typedef void (*axiom)(const problem *p);

static void for_all(axiom holds) {
  for (int64_t k = 0; k < COUNT(sizes); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
      for (uint64_t seed = 0; seed < SEEDS; seed++) {
        problem p = {.n = sizes[k], .dtype = dtype, .rule = ATTRIB_RULE_LEFT + (uint32_t)(k + (int64_t)seed) % 5};
        p.x = exact_block((size_t)p.n * sizeof *p.x);
        p.b = exact_block((size_t)p.n * sizeof *p.b);
        fill_random(1000 + 2 * seed, p.x, p.n);
        fill_random(1001 + 2 * seed, p.b, p.n);
        holds(&p);
        free(p.b);
        free(p.x);
      }
}

/* Attributions of target `target` of some functions, or of their weighted sum. */
static double *attribute(const problem *p, const analytic_fn *functions, int64_t outputs, const void *parameters,
                         int64_t target, const double *weights) {
  analytic a = {
      .functions = functions, .n_outputs = outputs, .n_inputs = p->n, .parameters = parameters, .dtype = p->dtype};
  attrib_model model = analytic_model(&a);
  void *input = as_row(p->dtype, p->x, p->n), *start = as_row(p->dtype, p->b, p->n);
  attrib_baselines set = one_baseline(start);
  attrib_ig_options options = with_rule(p->rule, 6);
  options.target_weights = weights;
  double *phi = untouched(p->n);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, input, target, &set, &options, phi, NULL), ATTRIB_OK);
  free(start);
  free(input);
  return phi;
}

static double tolerance(const problem *p) {
  return p->dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF;
}

static bool ignored(int64_t i) {
  return i % 3 == 1;
}

/* Cubes of all features but every third, joined by the product of the first and the last that counts. */
static double with_dummies(const double *x, int64_t n, double *g, const void *parameters) {
  (void)parameters;
  double f = 0;
  for (int64_t i = 0; i < n; i++) {
    if (!ignored(i)) f += x[i] * x[i] * x[i];
    if (g != NULL) g[i] = ignored(i) ? 0 : 3 * x[i] * x[i];
  }
  int64_t last = ignored(n - 1) ? n - 2 : n - 1;
  if (g != NULL) {
    g[0] += x[last];
    g[last] += x[0];
  }
  return f + x[0] * x[last];
}

/* Sensitivity(b): what the model ignores gets exactly 0. And only that. */
static void dummies_get_nothing(const problem *p) {
  const analytic_fn f = with_dummies;
  double *phi = attribute(p, &f, 1, NULL, 0, NULL);
  for (int64_t i = 0; i < p->n; i++) assert_true((phi[i] == 0) == ignored(i));
  free(phi);
}

/* One feature differs and the output with it: that feature gets all of it, the others exactly 0. */
static void the_one_that_differs_gets_it_all(const problem *p) {
  const analytic_fn f = f_waves;
  problem one = *p;
  int64_t feature = p->n / 2;
  one.rule = ATTRIB_RULE_GAUSS_LEGENDRE;
  for (int64_t i = 0; i < p->n; i++)
    if (i != feature) p->b[i] = p->x[i];
  double *phi = attribute(&one, &f, 1, NULL, 0, NULL);
  void *x = as_row(p->dtype, p->x, p->n), *b = as_row(p->dtype, p->b, p->n);
  /* Differences of f in doubles at the rounded points. */
  double *at_x = exact_block((size_t)p->n * sizeof *at_x), *at_b = exact_block((size_t)p->n * sizeof *at_b);
  for (int64_t i = 0; i < p->n; i++) {
    at_x[i] = p->dtype == ATTRIB_F32 ? (double)((float *)x)[i] : ((double *)x)[i];
    at_b[i] = p->dtype == ATTRIB_F32 ? (double)((float *)b)[i] : ((double *)b)[i];
  }
  double difference = f_waves(at_x, p->n, NULL, NULL) - f_waves(at_b, p->n, NULL, NULL);
  assert_true(difference != 0 && phi[feature] != 0);
  /* 6 points are exact to degree 11 of waves over at most 2: better than a float's rounding. */
  assert_near(phi[feature], difference, F32_ROUND_OFF, 2);
  for (int64_t i = 0; i < p->n; i++)
    if (i != feature) assert_true(phi[i] == 0);
  free(at_b);
  free(at_x);
  free(b);
  free(x);
  free(phi);
}

static void weighted_targets_are_linear(const problem *p) {
  const analytic_fn functions[] = {f_waves, with_dummies, f_linear};
  const double weights[] = {.75, -2, 3};
  double *slopes = exact_block((size_t)p->n * sizeof *slopes);
  fill_random(5, slopes, p->n);
  double *combined = attribute(p, functions, 3, slopes, ATTRIB_NO_TARGET, weights), *each[3];
  for (int k = 0; k < 3; k++) each[k] = attribute(p, functions, 3, slopes, k, NULL);
  for (int64_t i = 0; i < p->n; i++)
    assert_near(combined[i], .75 * each[0][i] - 2 * each[1][i] + 3 * each[2][i], tolerance(p), 30);
  for (int k = 0; k < 3; k++) free(each[k]);
  free(combined);
  free(slopes);
}

/* The square of the sum of squares: any two features may be swapped. */
static double symmetric(const double *x, int64_t n, double *g, const void *parameters) {
  (void)parameters;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += x[i] * x[i];
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 4 * sum * x[i];
  return sum * sum;
}

/* Features that play the same part get the same bits, wherever in the row they are. */
static void twins_get_the_same(const problem *p) {
  const analytic_fn f = symmetric;
  for (int64_t i = 0; i < p->n; i++) {
    p->x[i] = p->x[i % 5 < p->n ? i % 5 : 0];
    p->b[i] = p->b[i % 5 < p->n ? i % 5 : 0];
  }
  double *phi = attribute(p, &f, 1, NULL, 0, NULL);
  for (int64_t i = 5; i < p->n; i++) assert_same_bits(&phi[i], &phi[i % 5], 1);
  free(phi);
}

static double square_of_the_sum(const double *x, int64_t n, double *g, const void *parameters) {
  (void)parameters;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += x[i];
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = sum;
  return sum * sum / 2;
}

/* The same from the other end, in pieces. */
static double sum_of_the_products(const double *x, int64_t n, double *g, const void *parameters) {
  (void)parameters;
  double f = 0, before = 0;
  for (int64_t i = n - 1; i >= 0; i--) {
    f += x[i] * (before + x[i] / 2);
    before += x[i];
  }
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = before;
  return f;
}

static void how_it_is_computed_does_not_matter(const problem *p) {
  const analytic_fn one = square_of_the_sum, other = sum_of_the_products;
  double *a = attribute(p, &one, 1, NULL, 0, NULL), *b = attribute(p, &other, 1, NULL, 0, NULL);
  for (int64_t i = 0; i < p->n; i++) assert_near(a[i], b[i], tolerance(p), 2 * (double)p->n);
  free(b);
  free(a);
}

/* waves(scale x + shift) */
typedef struct affine {
  const double *scale, *shift;
} affine;

static double rescaled_waves(const double *y, int64_t n, double *g, const void *parameters) {
  const affine *map = parameters;
  double *x = exact_copy(y, (size_t)n * sizeof *x);
  for (int64_t i = 0; i < n; i++) x[i] = map->scale[i] * x[i] + map->shift[i];
  double f = f_waves(x, n, g, NULL);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] *= map->scale[i];
  free(x);
  return f;
}

/* In other units, feature by feature, the attributions are the same: the same bits where the units are powers of two.
 */
static void units_do_not_matter(const problem *p) {
  const analytic_fn plain = f_waves, rescaled = rescaled_waves;
  for (int exact = 0; exact < 2; exact++) {
    problem q = *p;
    double *scale = exact_block((size_t)p->n * sizeof *scale), *shift = exact_block((size_t)p->n * sizeof *shift);
    double *x = exact_block((size_t)p->n * sizeof *x), *b = exact_block((size_t)p->n * sizeof *b);
    fill_random(6, scale, p->n);
    fill_random(7, shift, p->n);
    for (int64_t i = 0; i < p->n; i++) {
      scale[i] = exact ? ldexp(i % 2 ? 1 : -1, (int)(i % 9) - 4) : 2 + scale[i];
      if (exact) shift[i] = 0;
      x[i] = (p->x[i] - shift[i]) / scale[i];
      b[i] = (p->b[i] - shift[i]) / scale[i];
    }
    q.x = x;
    q.b = b;
    const affine map = {scale, shift};
    double *expected = attribute(p, &plain, 1, NULL, 0, NULL), *phi = attribute(&q, &rescaled, 1, &map, 0, NULL);
    for (int64_t i = 0; i < p->n; i++) {
      if (exact) assert_same_bits(&phi[i], &expected[i], 1);
      assert_near(phi[i], expected[i], tolerance(p), 8);
    }
    free(phi);
    free(expected);
    free(b);
    free(x);
    free(shift);
    free(scale);
  }
}

#define TEST(axiom_name)                        \
  static void test_##axiom_name(void **state) { \
    (void)state;                                \
    for_all(axiom_name);                        \
  }

TEST(dummies_get_nothing)
TEST(the_one_that_differs_gets_it_all)
TEST(weighted_targets_are_linear)
TEST(twins_get_the_same)
TEST(how_it_is_computed_does_not_matter)
TEST(units_do_not_matter)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_dummies_get_nothing),
      cmocka_unit_test(test_the_one_that_differs_gets_it_all),
      cmocka_unit_test(test_weighted_targets_are_linear),
      cmocka_unit_test(test_twins_get_the_same),
      cmocka_unit_test(test_how_it_is_computed_does_not_matter),
      cmocka_unit_test(test_units_do_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
