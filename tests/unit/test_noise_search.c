/* test_noise_search.c - both searches as scalar code: on functions whose minimum is known, with one minimum and with
 * several, flat, monotone, and with values that are no numbers. */
#include "fixture.h"

#include "methods/noise_search.h"

typedef double (*objective_fn)(double sigma);

/* A search to its end. */
typedef struct walk {
  attrib__noise_search search;
  int64_t count;
  double sigmas[200], values[200];
} walk;

static void go(walk *w, objective_fn objective) {
  w->count = 0;
  while (w->search.sigma > 0) {
    const double sigma = w->search.sigma, value = objective(sigma), before = w->search.best_objective;
    assert_true(w->count < COUNT(w->sigmas));
    w->sigmas[w->count] = sigma;
    w->values[w->count++] = value;
    assert_int_equal(attrib__noise_search_take(&w->search, value), isfinite(value) && value < before);
    assert_int_equal(w->search.tried, w->count);
  }
}

static walk bracketed(objective_fn objective, double low, double high, int64_t most) {
  walk w;
  attrib__noise_search_bracketed(&w.search, low, high, most);
  go(&w, objective);
  assert_true(w.count <= most);
  for (int64_t k = 0; k < w.count; k++) assert_true(w.sigmas[k] >= low && w.sigmas[k] <= high);
  return w;
}

/* The first of the least values, which is what the search says, too. */
static int64_t best_of(const walk *w) {
  int64_t best = -1;
  for (int64_t k = 0; k < w->count; k++)
    if (isfinite(w->values[k]) && w->values[k] < (best < 0 ? (double)INFINITY : w->values[best])) best = k;
  assert_true(w->search.best_sigma == (best < 0 ? 0 : w->sigmas[best]));
  assert_true(w->search.best_objective == (best < 0 ? (double)INFINITY : w->values[best]));
  return best;
}

/* -- functions ---------------------------------------------------------------------------------------------------- */

static double minimum; /* where some of them have theirs */

static double parabola(double s) {
  return (s - 1) * (s - 1);
}
static double itself(double s) {
  return s;
}
static double bowl(double s) {
  return fabs(log(s / minimum));
}
static double flat(double s) {
  (void)s;
  return 2;
}
static double rising(double s) {
  return log(s);
}
static double falling(double s) {
  return -s;
}
static double nothing(double s) {
  (void)s;
  return NAN;
}
static double endless(double s) {
  (void)s;
  return INFINITY;
}
static double bottomless(double s) {
  return s > .3 ? -INFINITY : s;
}
/* A deep narrow valley at .02, as wide as the grid's places are apart, and a shallow wide one at .4. */
static double two_valleys(double s) {
  return fmin(fabs(log(s / .02)) / .6 - 1, fabs(log(s / .4)) / 3);
}
/* A bowl with a hole around .1. */
static double holed(double s) {
  return s > .09 && s < .12 ? (double)NAN : bowl(s);
}
/* A bowl around .8 with a gap on the way to it. */
static double gapped(double s) {
  return s > .6 && s < .66 ? (double)NAN : fabs(log(s / .8));
}
/* A number at the upper end alone. */
static double late(double s) {
  return s < 1 ? (double)NAN : 5;
}

/* -- published ---------------------------------------------------------------------------------------------------- */

/* The loop as it is written down, in a loop of this test. */
typedef struct literal {
  double best_sigma, best_objective;
  int64_t evaluations, accepted;
  double places[21];
} literal;

static double counted(literal *l, objective_fn objective, double s) {
  if (s == 0) return INFINITY;
  l->evaluations++;
  return objective(s);
}

static literal walk_literally(objective_fn objective, double start) {
  literal l = {0};
  double s = start, lr = .1, current = counted(&l, objective, s);
  int stop = 0;
  l.best_sigma = s;
  l.best_objective = current;
  l.places[l.accepted++] = s;
  for (int iteration = 0; iteration < 20; iteration++) {
    double candidate = fabs(s + lr), next = counted(&l, objective, candidate);
    if (next > current) {
      candidate = fabs(s - lr);
      next = counted(&l, objective, candidate);
    }
    s = candidate;
    l.places[l.accepted++] = s;
    if (next > current) {
      if (stop == 3) break;
      lr *= .9;
      stop++;
    } else {
      stop = 0;
      if (next < l.best_objective) {
        l.best_objective = next;
        l.best_sigma = s;
      }
    }
    current = next;
  }
  return l;
}

static void expect_literal(objective_fn objective, double start) {
  literal l = walk_literally(objective, start);
  walk w;
  attrib__noise_search_published(&w.search, start);
  go(&w, objective);
  assert_int_equal(w.count, l.evaluations);
  assert_true(w.search.best_sigma == (l.best_objective < (double)INFINITY ? l.best_sigma : 0));
  assert_true(w.search.best_objective == l.best_objective && w.search.place == l.places[l.accepted - 1]);
  best_of(&w);
}

/* J = (s - 1)^2 from .53: about the minimum to and fro, 29 evaluations, ended by the number of steps. */
static void the_published_walk_about_a_minimum(void **state) {
  (void)state;
  static const double places[] = {.53, .63, .73, .83, .93, 1.03, .93, 1.02, .93, 1.011, .93, 1.0029, .93, .99561};
  const literal l = walk_literally(parabola, .53);
  assert_int_equal(l.accepted, 21);
  for (int64_t k = 0; k < COUNT(places); k++) assert_near(l.places[k], places[k], ROUND_OFF, 1);
  walk w;
  attrib__noise_search_published(&w.search, .53);
  go(&w, parabola);
  assert_int_equal(w.count, 29);
  assert_near(w.search.best_sigma, 1.0029, ROUND_OFF, 1);
  expect_literal(parabola, .53);
}

/* J = s: down to 0, back at it, and all evaluations used. */
static void the_published_walk_folds_at_0(void **state) {
  (void)state;
  walk w;
  attrib__noise_search_published(&w.search, .53);
  go(&w, itself);
  assert_int_equal(w.count, 41);
  for (int64_t k = 0; k < w.count; k++) assert_true(w.sigmas[k] > 0);
  assert_true(w.search.best_sigma < .01);
  expect_literal(itself, .53);
}

static void the_published_walk_is_the_loop_as_written(void **state) {
  (void)state;
  static const objective_fn functions[] = {parabola, itself, bowl, flat, rising, falling, endless, two_valleys};
  for (int64_t f = 0; f < COUNT(functions); f++)
    for (int k = 1; k < 60; k++) {
      minimum = .05 * k;
      expect_literal(functions[f], .037 * (61 - k));
    }
}

/* Nothing but steps up ends it early: three shorten the next one, the fourth is the last. */
static double told[] = {1, 2, 2, 3, 3, 4, 4, 5, 5};
static int64_t tellings;
static double worse_and_worse(double s) {
  (void)s;
  assert_true(tellings < COUNT(told));
  return told[tellings++];
}

static void four_worse_steps_end_the_published_walk(void **state) {
  (void)state;
  walk w;
  tellings = 0;
  attrib__noise_search_published(&w.search, 5);
  go(&w, worse_and_worse);
  assert_int_equal(w.count, 9);
  static const double sigmas[] = {5, 5.1, 4.9, 4.99, 4.81, 4.891, 4.729, 4.8019, 4.6561};
  for (int64_t k = 0; k < w.count; k++) assert_near(w.sigmas[k], sigmas[k], ROUND_OFF, 5);
  assert_true(w.search.best_sigma == 5 && w.search.best_objective == 1);
}

/* The published program stops there; here it is as bad as can be, and costs nothing. */
static void sigma_0_is_not_tried(void **state) {
  (void)state;
  walk w;
  attrib__noise_search_published(&w.search, 0);
  assert_true(w.search.sigma == .1);
  go(&w, itself);
  for (int64_t k = 0; k < w.count; k++) assert_true(w.sigmas[k] > 0);
  assert_true(w.search.best_sigma > 0);
  expect_literal(falling, 0);
  /* From the length of a step: the first look to the left is at 0. */
  attrib__noise_search_published(&w.search, .1);
  go(&w, itself);
  assert_true(w.sigmas[0] == .1 && w.sigmas[1] == .2);
  assert_near(w.sigmas[2], .09, ROUND_OFF, 1); /* from 0, by the shortened step */
  assert_true(w.search.best_sigma > 0);
  expect_literal(itself, .1);
}

/* Twenty steps of a tenth. */
static void the_published_walk_ends_after_20_steps(void **state) {
  (void)state;
  walk w;
  attrib__noise_search_published(&w.search, 3);
  go(&w, falling);
  assert_int_equal(w.count, 21);
  assert_near(w.search.best_sigma, 5, ROUND_OFF, 5);
}

static void no_number_is_as_bad_as_can_be(void **state) {
  (void)state;
  walk w;
  attrib__noise_search_published(&w.search, .53);
  go(&w, nothing);
  assert_int_equal(best_of(&w), -1);
  attrib__noise_search_published(&w.search, .53);
  minimum = .7;
  go(&w, holed); /* the hole is not on the way */
  assert_near(w.search.best_sigma, .7, .02, 1);
  attrib__noise_search_published(&w.search, .53); /* turns at a gap, to where it is worse than at its start */
  go(&w, gapped);
  static const double sigmas[] = {.53, .63, .43, .52, .61, .43};
  for (int64_t k = 0; k < COUNT(sigmas); k++) assert_near(w.sigmas[k], sigmas[k], ROUND_OFF, 1);
  assert_true(isnan(w.values[1]) && isnan(w.values[4]));
  attrib__noise_search_published(&w.search, .1); /* begins in it */
  go(&w, holed);
  assert_near(w.search.best_sigma, .7, .02, 1);
  best_of(&w);
}

/* -- bracketed ---------------------------------------------------------------------------------------------------- */

/* Wherever the minimum is: at most 2 % off, in log sigma, where the evaluations suffice. */
static void the_bracketed_search_finds_a_minimum(void **state) {
  (void)state;
  for (int k = 0; k <= 100; k++) {
    minimum = .01 * pow(100, k / 100.0);
    walk w = bracketed(bowl, .01, 1, 20);
    best_of(&w);
    assert_true(fabs(log(w.search.best_sigma / minimum)) <= .02);
    w = bracketed(bowl, .01, 1, 60);
    best_of(&w);
    assert_true(fabs(log(w.search.best_sigma / minimum)) <= .02 && w.count < 45);
    w = bracketed(bowl, .01, 1, 10);
    assert_int_equal(w.count, 10);
    best_of(&w);
    assert_true(fabs(log(w.search.best_sigma / minimum)) <= .25);
  }
}

/* Half of the evaluations, the ends to the last bit, equal ratios. */
static void the_grid_spans_the_bracket(void **state) {
  (void)state;
  for (int64_t most = 1; most <= 60; most++) {
    const double low = .013 * (double)(most % 7 + 1), high = .27 * (double)(most + 3); /* few are exp of their log */
    minimum = .3;
    walk w = bracketed(bowl, low, high, most);
    const int64_t grid = (most + 1) / 2;
    assert_true(w.count >= grid);
    if (grid == 1) {
      assert_near(w.sigmas[0], sqrt(low * high), ROUND_OFF, 5);
      continue;
    }
    assert_true(w.sigmas[0] == low && w.sigmas[grid - 1] == high);
    for (int64_t k = 0; k < grid; k++)
      assert_near(w.sigmas[k], low * pow(high / low, (double)k / (double)(grid - 1)), ROUND_OFF, 20);
  }
}

static void the_best_valley_of_several_is_the_one_narrowed(void **state) {
  (void)state;
  walk w = bracketed(two_valleys, .01, 1, 20);
  best_of(&w);
  assert_true(fabs(log(w.search.best_sigma / .02)) <= .02);
  assert_true(w.search.best_objective < -.9);
}

/* The first of equal ones, and all around it is looked at. */
static void a_flat_function_gives_its_first_place(void **state) {
  (void)state;
  walk w = bracketed(flat, .01, 1, 20);
  assert_true(w.search.best_sigma == .01 && w.search.best_objective == 2);
  assert_true(w.count > 10 && w.search.right - w.search.left <= .02);
}

static void a_monotone_function_gives_an_end(void **state) {
  (void)state;
  walk w = bracketed(rising, .01, 1, 20);
  assert_true(w.search.best_sigma == .01);
  w = bracketed(falling, .01, 1, 20);
  assert_true(w.search.best_sigma == 1);
  for (int64_t k = 10; k < w.count; k++) assert_true(w.sigmas[k] > .5 && w.sigmas[k] < 1);
}

static void values_that_are_no_numbers(void **state) {
  (void)state;
  walk w = bracketed(nothing, .01, 1, 20);
  assert_int_equal(best_of(&w), -1);
  assert_int_equal(w.count, 10); /* there is nothing to narrow */
  w = bracketed(endless, .01, 1, 7);
  assert_int_equal(best_of(&w), -1);
  assert_int_equal(w.count, 4);
  w = bracketed(late, .01, 1, 20);
  assert_true(w.search.best_sigma == 1 && w.search.best_objective == 5);
  w = bracketed(bottomless, .01, 1, 20);
  assert_int_equal(best_of(&w), 0); /* what is infinite is bad, whatever its sign */
  minimum = .105;                   /* in the hole: its edge is the best there is */
  w = bracketed(holed, .01, 1, 20);
  best_of(&w);
  assert_true(w.search.best_objective < .25 && isfinite(w.search.best_objective));
}

/* What is found is a matter of the values in order: the same bits again. */
static void a_search_is_its_own_repeat(void **state) {
  (void)state;
  minimum = .0777;
  walk a = bracketed(bowl, .01, 1, 20), b = bracketed(bowl, .01, 1, 20);
  assert_int_equal(a.count, b.count);
  assert_same_bits(a.sigmas, b.sigmas, a.count);
}

static void brackets_of_any_size(void **state) {
  (void)state;
  static const double brackets[][2] = {{1e-300, 1e300}, {1, 1 + 1e-12}, {DBL_MIN, 2 * DBL_MIN}, {1e-3, 1.02e-3}};
  for (int64_t k = 0; k < COUNT(brackets); k++) {
    minimum = sqrt(brackets[k][0]) * sqrt(brackets[k][1]);
    walk w = bracketed(bowl, brackets[k][0], brackets[k][1], 400 / (k + 2));
    best_of(&w);
    assert_true(fabs(log(w.search.best_sigma / minimum)) <= .02);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_published_walk_about_a_minimum),
      cmocka_unit_test(the_published_walk_folds_at_0),
      cmocka_unit_test(the_published_walk_is_the_loop_as_written),
      cmocka_unit_test(four_worse_steps_end_the_published_walk),
      cmocka_unit_test(sigma_0_is_not_tried),
      cmocka_unit_test(the_published_walk_ends_after_20_steps),
      cmocka_unit_test(no_number_is_as_bad_as_can_be),
      cmocka_unit_test(the_bracketed_search_finds_a_minimum),
      cmocka_unit_test(the_grid_spans_the_bracket),
      cmocka_unit_test(the_best_valley_of_several_is_the_one_narrowed),
      cmocka_unit_test(a_flat_function_gives_its_first_place),
      cmocka_unit_test(a_monotone_function_gives_an_end),
      cmocka_unit_test(values_that_are_no_numbers),
      cmocka_unit_test(a_search_is_its_own_repeat),
      cmocka_unit_test(brackets_of_any_size),
  };
  return cmocka_run_group_tests_name("noise search", tests, NULL, NULL);
}
