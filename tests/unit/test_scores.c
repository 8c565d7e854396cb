/* Class scores: against plain sums in long double, derivatives against differences, and extremes. */
#include "fixture.h"

#include "methods/scores.h"

enum { MOST = 1000 };

typedef struct truth {
  long double p[MOST], divergence, entropy, margin;
} truth;

/* Of logits, or of probabilities made to sum to 1. */
static void find_truth(truth *t, int64_t count, const double *outputs, bool probabilities, int64_t target) {
  long double largest = outputs[0], sum = 0, others = 0;
  for (int64_t k = 1; k < count; k++) largest = fmaxl(largest, outputs[k]);
  for (int64_t k = 0; k < count; k++) {
    t->p[k] = probabilities ? (long double)outputs[k] : expl((long double)outputs[k] - largest);
    sum += t->p[k];
    if (k != target) others += t->p[k];
  }
  t->margin = logl(t->p[target]) - logl(others);
  t->divergence = t->entropy = 0;
  for (int64_t k = 0; k < count; k++) {
    t->p[k] /= sum;
    t->divergence -= logl((long double)count * t->p[k]) / (long double)count;
    t->entropy -= t->p[k] > 0 ? t->p[k] * logl(t->p[k]) : 0;
  }
}

static double divergence_of(int64_t count, const double *outputs, bool probabilities) {
  double *weights = exact_block((size_t)count * sizeof *weights);
  const double found = attrib__scores_flatness(count, outputs, probabilities, weights).divergence;
  free(weights);
  return found;
}

static double margin_of(int64_t count, const double *outputs, bool probabilities, int64_t target) {
  double *weights = exact_block((size_t)count * sizeof *weights);
  const double found = attrib__scores_margin(count, outputs, probabilities, target, weights);
  free(weights);
  return found;
}

/* Logits of the stated size, or their softmax times `total`. */
static double *some_outputs(uint64_t seed, int64_t count, double size, bool probabilities, double total) {
  double *values = exact_block((size_t)count * sizeof *values), sum = 0;
  fill_random(seed, values, count);
  for (int64_t k = 0; k < count; k++) values[k] *= size;
  for (int64_t k = 0; k < count; k++) sum += exp(values[k]);
  for (int64_t k = 0; k < count && probabilities; k++) values[k] = exp(values[k]) / sum * total;
  return values;
}

static void against_plain_sums(void **state) {
  (void)state;
  static const int64_t counts[] = {2, 3, 10, MOST};
  static truth t;
  for (int c = 0; c < 4; c++)
    for (uint64_t seed = 1; seed <= 10; seed++)
      for (int kind = 0; kind < 4; kind++) {
        static const double totals[] = {1, 1, 1 + 1e-6, 1 - 1e-3};
        const bool probabilities = kind > 0;
        const int64_t count = counts[c], target = (int64_t)seed % count;
        double *values = some_outputs(seed, count, 5, probabilities, totals[kind]);
        double *weights = exact_block((size_t)count * sizeof *weights);
        find_truth(&t, count, values, probabilities, target);
        const attrib__flatness f = attrib__scores_flatness(count, values, probabilities, weights);
        assert_near(f.divergence, (double)t.divergence, ROUND_OFF, 10);
        assert_near(f.entropy, (double)t.entropy, ROUND_OFF, log((double)count));
        for (int64_t k = 0; k < count; k++) {
          const double by_logit = (double)(t.p[k] - 1 / (long double)count);
          assert_near(weights[k], probabilities ? by_logit / values[k] : by_logit, ROUND_OFF,
                      probabilities ? 1 / values[k] : 1);
        }
        const double margin = attrib__scores_margin(count, values, probabilities, target, weights);
        assert_near(margin, (double)t.margin, ROUND_OFF, 20);
        assert_near(attrib__scores_probability(margin), (double)t.p[target], ROUND_OFF, 20 * (double)t.p[target]);
        free(values);
        free(weights);
      }
}

/* Of logits the derivatives sum to 0: a shift of all changes nothing. */
static void derivatives_are_those_of_the_values(void **state) {
  (void)state;
  const int64_t count = 7;
  for (uint64_t seed = 1; seed <= 20; seed++)
    for (int which = 0; which < 4; which++) {
      const bool probabilities = which % 2 == 1, margin = which > 1;
      const int64_t target = (int64_t)seed % count;
      double *values = some_outputs(seed, count, 2, probabilities, 1), weights[7], sum = 0;
      if (margin)
        (void)attrib__scores_margin(count, values, probabilities, target, weights);
      else
        (void)attrib__scores_flatness(count, values, probabilities, weights);
      for (int64_t k = 0; k < count; k++) {
        const double at = values[k], h = 1e-5 * (probabilities ? at : 1);
        double ends[2];
        for (int side = 0; side < 2; side++) {
          values[k] = side == 0 ? at - h : at + h;
          ends[side] =
              margin ? margin_of(count, values, probabilities, target) : divergence_of(count, values, probabilities);
        }
        values[k] = at;
        assert_near(weights[k], (ends[1] - ends[0]) / (2 * h), 1e-8, probabilities ? 1 / at : 1);
        sum += weights[k];
      }
      if (!probabilities) assert_near(sum, 0, ROUND_OFF, 1);
      free(values);
    }
}

/* dD/dz_k = p_k - 1/K, from ALGORITHMS: z = (.3, -1, 2); there dH/dz = -p (ln p + H) = (.196669733, ...). */
static void by_hand(void **state) {
  (void)state;
  static const double z[] = {.3, -1, 2}, expected[] = {.196669733, .106113752, -.302783485};
  double weights[3];
  const attrib__flatness f = attrib__scores_flatness(3, z, false, weights);
  for (int k = 0; k < 3; k++) {
    const double p = weights[k] + 1. / 3;
    assert_near(-p * (log(p) + f.entropy), expected[k], 1e-9, 1);
  }
  static const double even[] = {4, 4, 4, 4};
  double none[4];
  const attrib__flatness flat = attrib__scores_flatness(4, even, false, none);
  assert_true(flat.divergence == 0 || fabs(flat.divergence) < ROUND_OFF);
  assert_near(flat.entropy, log(4), ROUND_OFF, 1);
  for (int k = 0; k < 4; k++) assert_near(none[k], 0, ROUND_OFF, 1);
}

static void extremes(void **state) {
  (void)state;
  static const double sizes[] = {1e3, 1e300};
  for (int s = 0; s < 2; s++) {
    const double z[] = {sizes[s], -sizes[s], 0};
    double weights[3];
    const attrib__flatness f = attrib__scores_flatness(3, z, false, weights);
    assert_true(f.entropy == 0);
    assert_near(f.divergence, sizes[s], 1e-2, sizes[s]); /* ((0 + 2 + 1) size) / 3 - ln 3 */
    assert_true(weights[0] == 1 - 1. / 3 && weights[1] == -1. / 3 && weights[2] == -1. / 3);
    double margin = attrib__scores_margin(3, z, false, 0, weights);
    assert_near(margin, sizes[s], ROUND_OFF, sizes[s]);
    assert_true(weights[0] == 1 && weights[1] == 0 && weights[2] == -1);
    assert_true(attrib__scores_probability(margin) == 1);
    margin = attrib__scores_margin(3, z, false, 1, weights);
    assert_near(margin, -2 * sizes[s], ROUND_OFF, sizes[s]);
    assert_true(attrib__scores_probability(margin) == 0);
  }
  for (double m = -700; m <= 700; m += 10) {
    const double p = attrib__scores_probability(m);
    assert_near(p, (double)(1 / (1 + expl(-(long double)m))), ROUND_OFF, p);
  }
}

/* Exact zeros, and what rounding puts below: no infinity, no NaN, and a slope that leads up. */
static void probabilities_of_nothing(void **state) {
  (void)state;
  const double p[] = {1, 0, -1e-17, 0};
  double weights[4];
  const attrib__flatness f = attrib__scores_flatness(4, p, true, weights);
  assert_near(f.divergence, .75 * -log(1e-30) - log(4), ROUND_OFF, 100);
  assert_near(f.entropy, 0, 1e-26, 1);
  assert_near(weights[0], .75, ROUND_OFF, 1);
  for (int k = 1; k < 4; k++) assert_near(weights[k], -.25e30, ROUND_OFF, 1e30);
  const double none = attrib__scores_margin(4, p, true, 1, weights);
  assert_near(none, log(1e-30), ROUND_OFF, 100);
  assert_true(weights[1] == 1 / 1e-30 && weights[0] == -1);
  const double all = attrib__scores_margin(4, p, true, 0, weights);
  assert_near(all, -log(1e-30), ROUND_OFF, 100);
}

static void predicted(void **state) {
  (void)state;
  static const double tie[] = {-3, 2, 2, -1}, last[] = {-1e300, 0, 1e-300}, one[] = {-5};
  assert_int_equal(attrib__scores_predicted(4, tie), 1);
  assert_int_equal(attrib__scores_predicted(3, last), 2);
  assert_int_equal(attrib__scores_predicted(1, one), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(against_plain_sums),
      cmocka_unit_test(derivatives_are_those_of_the_values),
      cmocka_unit_test(by_hand),
      cmocka_unit_test(extremes),
      cmocka_unit_test(probabilities_of_nothing),
      cmocka_unit_test(predicted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
