/* The mean of draws of baselines and its standard error: independent draws, and lattices in rounds. */
#include "fixture.h"
#include "statistics.h"

#include "methods/tally.h"

/* A tally in a block of its very size, and what the planner keeps for it. */
typedef struct bench {
  attrib__tally tally;
  void *memory;
  double planned;
} bench;

static void set_up(bench *b, bool lattice, bool halves, int64_t count) {
  *b = (bench){.tally = {.lattice = lattice, .halves = halves, .count = count}};
  attrib__arena arena = {0};
  attrib__tally_layout(&b->tally, &arena);
  size_t size = arena.used;
  b->memory = exact_block(size);
  memset(b->memory, 0xff, size); /* all NaN: nothing may be read before it is written */
  arena = (attrib__arena){.memory = b->memory};
  attrib__tally_layout(&b->tally, &arena);
  assert_true(arena.used == size && !arena.overflow);
  attrib__tally_clear(&b->tally);
}

/* One draw for all entries, in pieces of `piece` of them. */
static void take(bench *b, double mass, int64_t nth, int64_t of, const double *values, int64_t piece) {
  b->planned += mass;
  const attrib__row row = {.mass = mass, .share = mass / b->planned, .nth = nth, .of = of};
  int64_t count = b->tally.count;
  for (int64_t begin = 0; begin < count; begin += piece) {
    int64_t n = count - begin < piece ? count - begin : piece;
    double *part = exact_copy(values + begin, (size_t)n * sizeof *part);
    attrib__tally_take(&b->tally, &row, begin, n, part);
    free(part);
  }
  attrib__masses_add(&b->tally.masses, mass);
}

static void restart(bench *b) {
  attrib__tally_restart(&b->tally);
  b->planned = 0;
}

/* A baseline of a lattice with one entry. */
static void take_baseline(bench *b, double mass, int64_t m, const double *values) {
  for (int64_t k = 0; k < m; k++) take(b, mass, k, m, &values[k], 1);
}

static void independent_draws_have_the_error_of_a_mean(void **state) {
  (void)state;
  enum { ENTRIES = 5, DRAWS = 60 };
  double values[DRAWS][ENTRIES], column[DRAWS];
  fill_random(21, values[0], DRAWS * ENTRIES);
  for (int64_t piece = 1; piece <= ENTRIES; piece += 2) {
    bench b;
    set_up(&b, false, false, ENTRIES);
    for (int k = 0; k < DRAWS; k++) take(&b, 1, k % 4, 4, values[k], piece); /* nth and of mean nothing here */
    const double *mean = attrib__tally_conclude(&b.tally, false);
    for (int i = 0; i < ENTRIES; i++) assert_true(isnan(b.tally.errors[i])); /* a part of a round is no sample */
    mean = attrib__tally_conclude(&b.tally, true);
    for (int i = 0; i < ENTRIES; i++) {
      for (int k = 0; k < DRAWS; k++) column[k] = values[k][i];
      assert_near(mean[i], mean_of(column, DRAWS), sum_round_off(DRAWS), 1);
      assert_near(b.tally.errors[i], error_of(column, DRAWS), sum_round_off(DRAWS), 1);
    }
    free(b.memory);
  }
}

static void one_draw_has_no_error(void **state) {
  (void)state;
  const double values[] = {3, -1};
  bench b;
  set_up(&b, false, false, 2);
  take(&b, 1, 0, 1, values, 2);
  const double *mean = attrib__tally_conclude(&b.tally, true);
  assert_true(mean[0] == 3 && mean[1] == -1);
  assert_true(isnan(b.tally.errors[0]) && isnan(b.tally.errors[1]));
  free(b.memory);
}

/* One draw per baseline, of weights 1, 2, 5: test_spread.c has the numbers. */
static void a_lattice_of_one_draw_each(void **state) {
  (void)state;
  const double values[] = {1, 4, 2}, weights[] = {.125, .25, .625};
  bench b;
  set_up(&b, true, false, 1);
  for (int k = 0; k < 3; k++) take(&b, weights[k], 0, 1, &values[k], 1);
  assert_near(attrib__tally_conclude(&b.tally, false)[0], 19.0 / 8, ROUND_OFF, 1);
  assert_true(isnan(b.tally.errors[0]));
  assert_near(attrib__tally_conclude(&b.tally, true)[0], 19.0 / 8, ROUND_OFF, 1);
  assert_near(b.tally.errors[0], sqrt(504.0 / (8 * 34) * 30 / 64), ROUND_OFF, 1);
  restart(&b);
  assert_true(b.tally.masses.crossed == 0 && b.tally.masses.sum == 0 && b.tally.masses.of_squares == 0);
  free(b.memory);
}

/* sqrt(1.25^2 / 3 sum of w^2 ((A - B) / 2)^2), A and B the means of even and odd draws. */
static void expect_halves(int64_t m, const double *first, double a, double b, const double *second, double c, double d,
                          double mean) {
  bench h;
  set_up(&h, true, true, 1);
  take_baseline(&h, .25, m, first);
  take_baseline(&h, .75, m, second);
  double part = .25 * (a - b) / 2, other = .75 * (c - d) / 2;
  assert_near(attrib__tally_conclude(&h.tally, true)[0], mean, ROUND_OFF, 10);
  assert_near(h.tally.errors[0], sqrt(1.5625 / 3 * (part * part + other * other)), ROUND_OFF, 10);
  free(h.memory);
}

static void halves_of_a_lattice_by_hand(void **state) {
  (void)state;
  expect_halves(2, (double[]){1, 4}, 1, 4, (double[]){-2, 6}, -2, 6, .25 * 2.5 + .75 * 2);
  expect_halves(3, (double[]){1, 4, 2}, 1.5, 4, (double[]){3, -1, 7}, 5, -1, .25 * 7 / 3 + .75 * 3);
  expect_halves(4, (double[]){1, 4, 2, 9}, 1.5, 6.5, (double[]){0, 1, 0, 1}, 0, 1, .25 * 4 + .75 * .5);
  expect_halves(5, (double[]){1, 4, 2, 9, 6}, 3, 6.5, (double[]){1, 1, 1, 1, 1}, 1, 1, .25 * 4.4 + .75);
}

/* Entries do not mix, and pieces of them come in any size. Eight of them fill what is laid out for a vector. */
static void entries_keep_apart(void **state) {
  (void)state;
  enum { ENTRIES = 8, M = 4 };
  double values[2 * M][ENTRIES];
  fill_random(5, values[0], 2 * M * ENTRIES);
  for (int64_t piece = 1; piece <= ENTRIES; piece++) {
    bench b;
    set_up(&b, true, true, ENTRIES);
    for (int k = 0; k < 2 * M; k++) take(&b, .5, k % M, M, values[k], piece);
    const double *mean = attrib__tally_conclude(&b.tally, true);
    for (int i = 0; i < ENTRIES; i++) {
      double sum = 0, s = 0;
      for (int j = 0; j < 2; j++) {
        const double v[M] = {values[M * j][i], values[M * j + 1][i], values[M * j + 2][i], values[M * j + 3][i]};
        sum += (v[0] + v[1] + v[2] + v[3]) / 8;
        double half = ((v[0] + v[2]) / 2 - (v[1] + v[3]) / 2) / 2;
        s += half * half / 4;
      }
      assert_near(mean[i], sum, ROUND_OFF, 1);
      assert_near(b.tally.errors[i], sqrt(1.5625 / 3 * s), ROUND_OFF, 1);
    }
    free(b.memory);
  }
}

/* A slope of 1 is a jump of 1 where the circle closes. Over the shifts a lattice of m points is off by a uniform number
 * of standard deviation 1 / (m sqrt 12): the error is 1.25 of that, whatever the shift. */
static void the_error_of_a_slope(void **state) {
  (void)state;
  for (int64_t m = 2; m <= 64; m *= 2)
    for (double shift = .01; shift < 1; shift += .07) {
      double *values = exact_block((size_t)m * sizeof *values);
      for (int64_t k = 0; k < m; k++) values[k] = fmod(shift + (double)k / (double)m, 1);
      bench b;
      set_up(&b, true, true, 1);
      take_baseline(&b, 1, m, values);
      attrib__tally_conclude(&b.tally, true);
      assert_near(b.tally.errors[0], 1.25 / ((double)m * sqrt(12)), sum_round_off(m), 1);
      free(b.memory);
      free(values);
    }
}

/* Rounds of m, m, 2m draws of two baselines; expects the plain mean of all draws. */
static void take_rounds(bench *b, const double (*values)[2][4], int64_t m, int rounds) {
  double sums[2] = {0, 0};
  int64_t points = 0;
  for (int r = 0; r < rounds; r++) {
    int64_t size = r < 2 ? m : m << (r - 1);
    if (r > 0) restart(b);
    for (int j = 0; j < 2; j++) {
      take_baseline(b, j == 0 ? .25 : .75, size, values[r][j]);
      for (int64_t k = 0; k < size; k++) sums[j] += values[r][j][k];
    }
    points += size;
    attrib__tally_settle(&b->tally);
    double expected = (.25 * sums[0] + .75 * sums[1]) / (double)points;
    assert_near(attrib__tally_conclude(&b->tally, false)[0], expected, ROUND_OFF, 10);
  }
}

static void rounds_are_one_mean(void **state) {
  (void)state;
  static const double values[3][2][4] = {{{1, 4}, {2, 3}}, {{0, 7}, {5, 1}}, {{3, 1, 4, 1}, {5, 9, 2, 6}}};
  for (int rounds = 1; rounds <= 3; rounds++) {
    bench b;
    set_up(&b, true, true, 1);
    take_rounds(&b, values, 2, rounds);
    assert_int_equal(b.tally.rounds, rounds);
    free(b.memory);
  }
}

/* Two rounds of two draws, {0, 4} and {x, x + 4}: S of the second is ((0 - 4) / 2)^2 = 4, and the rounds' means, 2 and
 * x + 2, are x apart. (x / 2)^2 / 4 is what S is multiplied by for both rounds together, within 1 / 4 and 1. */
static void what_rounds_are_apart_by_says_the_error(void **state) {
  (void)state;
  const double shifts[] = {0, 1, 2, 2.5, 3, 3.999, 4, 5, 100},
               factors[] = {.25, .25, .25, 1.5625 / 4, 2.25 / 4, 3.999 * 3.999 / 16, 1, 1, 1};
  for (int64_t k = 0; k < COUNT(shifts); k++) {
    bench b;
    set_up(&b, true, true, 1);
    take_baseline(&b, 1, 2, (double[]){0, 4});
    attrib__tally_conclude(&b.tally, true);
    double alone = b.tally.errors[0];
    attrib__tally_settle(&b.tally);
    attrib__tally_conclude(&b.tally, true);
    assert_near(b.tally.errors[0], alone, 0, 1);
    assert_near(alone, sqrt(1.5625 / 3 * 4), ROUND_OFF, 1);
    restart(&b);
    take_baseline(&b, 1, 2, (double[]){shifts[k], shifts[k] + 4});
    attrib__tally_settle(&b.tally);
    assert_near(attrib__tally_conclude(&b.tally, true)[0], 2 + shifts[k] / 2, ROUND_OFF, 10);
    assert_near(b.tally.errors[0], sqrt(1.5625 / 3 * 4 * factors[k]), ROUND_OFF, 1);
    free(b.memory);
  }
}

/* The factor is one for all entries, of sums over them; the differences are those of the last round. */
static void one_factor_for_all_entries(void **state) {
  (void)state;
  const double first[2][2] = {{0, 1}, {2, 3}}, second[2][2] = {{1, 1}, {5, 1}},
               third[4][2] = {{1, 0}, {1, 9}, {3, 0}, {3, 9}};
  bench b;
  set_up(&b, true, true, 2);
  for (int k = 0; k < 2; k++) take(&b, 1, k, 2, first[k], 2);
  attrib__tally_settle(&b.tally); /* means 1, 2 */
  restart(&b);
  for (int k = 0; k < 2; k++) take(&b, 1, k, 2, second[k], 2);
  attrib__tally_settle(&b.tally); /* means 3, 1; S 4, 0; apart 1, 1/4 */
  attrib__tally_conclude(&b.tally, true);
  assert_near(b.tally.errors[0], sqrt(1.5625 / 3 * 4 * 1.25 / 4), ROUND_OFF, 1);
  assert_true(b.tally.errors[1] == 0);
  restart(&b);
  for (int k = 0; k < 4; k++) take(&b, 1, k, 4, third[k], 1);
  attrib__tally_settle(&b.tally); /* means 2, 4.5; settled so far 2, 1.5; S 0, 81 / 4; apart 0, 9 / 4 */
  const double *mean = attrib__tally_conclude(&b.tally, true);
  assert_near(mean[0], 2, ROUND_OFF, 1);
  assert_near(mean[1], 3, ROUND_OFF, 1);
  assert_near(b.tally.errors[0], 0, 0, 1);
  assert_near(b.tally.errors[1], sqrt(1.5625 / 3 * 81 / 4 / 4), ROUND_OFF, 1);
  free(b.memory);
}

/* What a stopped call has of a round is not used where there is a whole one, and has no error where there is none. */
static void part_of_a_round(void **state) {
  (void)state;
  bench b;
  set_up(&b, true, true, 1);
  take(&b, .5, 0, 2, &(double){1}, 1);
  assert_near(attrib__tally_conclude(&b.tally, false)[0], 1, ROUND_OFF, 1);
  assert_true(isnan(b.tally.errors[0]));
  take(&b, .5, 1, 2, &(double){5}, 1);
  take(&b, .125, 0, 2, &(double){3}, 1);
  assert_near(attrib__tally_conclude(&b.tally, false)[0], 3, ROUND_OFF, 1);
  assert_true(isnan(b.tally.errors[0]));
  take(&b, .125, 1, 2, &(double){8}, 1);
  attrib__tally_settle(&b.tally);
  double mean = attrib__tally_conclude(&b.tally, false)[0], error = b.tally.errors[0];
  assert_near(mean, (.5 * 6 + .125 * 11) / 1.25, ROUND_OFF, 10);
  restart(&b);
  take(&b, .5, 0, 2, &(double){1000}, 1);
  assert_true(attrib__tally_conclude(&b.tally, false)[0] == mean && b.tally.errors[0] == error);
  free(b.memory);
}

/* Vectors lie next to one another: what a round under way writes does not reach what is settled. */
static void settled_rounds_stay_as_they_are(void **state) {
  (void)state;
  enum { ENTRIES = 8 };
  double values[4][ENTRIES], mean[ENTRIES], errors[ENTRIES];
  fill_random(6, values[0], 4 * ENTRIES);
  bench b;
  set_up(&b, true, true, ENTRIES);
  for (int k = 0; k < 2; k++) take(&b, 1, k, 2, values[k], 3);
  attrib__tally_settle(&b.tally);
  for (int i = 0; i < ENTRIES; i++) {
    double half = (values[0][i] - values[1][i]) / 2;
    mean[i] = (values[0][i] + values[1][i]) / 2;
    errors[i] = sqrt(1.5625 / 3) * fabs(half);
  }
  restart(&b);
  for (int k = 0; k < 3; k++) {
    const double *settled = attrib__tally_conclude(&b.tally, false);
    for (int i = 0; i < ENTRIES; i++) {
      assert_near(settled[i], mean[i], ROUND_OFF, 1);
      assert_near(b.tally.errors[i], errors[i], ROUND_OFF, 1);
    }
    if (k < 2) take(&b, 1, k, 2, values[2 + k], 3);
  }
  free(b.memory);
}

static void values_that_are_all_equal_have_no_error(void **state) {
  (void)state;
  bench b;
  set_up(&b, true, true, 1);
  for (int round = 0; round < 3; round++) {
    if (round > 0) restart(&b);
    for (int j = 0; j < 3; j++) take_baseline(&b, .2, 4, (double[]){7, 7, 7, 7});
    attrib__tally_settle(&b.tally);
    assert_near(attrib__tally_conclude(&b.tally, true)[0], 7, 0, 1);
    assert_true(b.tally.errors[0] == 0);
  }
  free(b.memory);
}

/* Sums of values of 8e307 would overflow, their means do not. */
static void the_largest_values(void **state) {
  (void)state;
  const double large = 8e307;
  bench b;
  set_up(&b, true, true, 1);
  take_baseline(&b, 1e-160, 4, (double[]){large, -large, large, -large});
  assert_near(attrib__tally_conclude(&b.tally, true)[0], 0, ROUND_OFF, large);
  assert_near(b.tally.errors[0], 1.25 / sqrt(3) * 8e147, ROUND_OFF, 8e147);
  attrib__tally_settle(&b.tally);
  restart(&b);
  take_baseline(&b, 1e-160, 4, (double[]){large, large, large, large});
  assert_true(attrib__tally_conclude(&b.tally, true)[0] < large);
  attrib__tally_settle(&b.tally);
  assert_near(attrib__tally_conclude(&b.tally, true)[0], large / 2, ROUND_OFF, large);
  assert_true(b.tally.errors[0] == 0);
  free(b.memory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(independent_draws_have_the_error_of_a_mean),
      cmocka_unit_test(one_draw_has_no_error),
      cmocka_unit_test(a_lattice_of_one_draw_each),
      cmocka_unit_test(halves_of_a_lattice_by_hand),
      cmocka_unit_test(entries_keep_apart),
      cmocka_unit_test(the_error_of_a_slope),
      cmocka_unit_test(rounds_are_one_mean),
      cmocka_unit_test(what_rounds_are_apart_by_says_the_error),
      cmocka_unit_test(one_factor_for_all_entries),
      cmocka_unit_test(part_of_a_round),
      cmocka_unit_test(settled_rounds_stay_as_they_are),
      cmocka_unit_test(the_largest_values),
      cmocka_unit_test(values_that_are_all_equal_have_no_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
