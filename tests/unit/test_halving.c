/* Panels that are halved as a whole: which, in what order their nodes come, and what their results come to. */
#include "fixture.h"

#include "quadrature/halving.h"

enum { MOST_PANELS = 4, MOST_GAPS = 8 };

/* Panels in blocks of the very size that a round of `wanted` nodes needs. */
typedef struct bench {
  attrib__halvings halvings;
  attrib__panels_state state;
  attrib__step *steps;
  int64_t wanted;
} bench;

static void open_bench(bench *b, int64_t panels, int64_t gaps, int64_t wanted) {
  *b = (bench){.wanted = wanted, .state = {.pooled = true, .parts = 1}}; /* priority: 0.99 square / parts */
  b->halvings.count = panels;
  b->halvings.panels = exact_block((size_t)panels * sizeof(attrib__panel));
  b->halvings.gaps = exact_block((size_t)gaps * sizeof(attrib__gap));
  b->halvings.queue = exact_block((size_t)(wanted + 1) * sizeof(attrib__halving));
  b->steps = exact_block((size_t)wanted * sizeof *b->steps);
}

static void close_bench(bench *b) {
  free(b->halvings.panels);
  free(b->halvings.gaps);
  free(b->halvings.queue);
  free(b->steps);
}

/* Panel k of one gap of width 1 that starts at k. */
static void one_gap_each(bench *b, const double *squares, const int64_t *parts) {
  for (int64_t k = 0; k < b->halvings.count; k++) {
    b->halvings.gaps[k] = (attrib__gap){.line = 7 + k, .start = (double)k, .next = -1};
    b->halvings.panels[k] =
        (attrib__panel){.start = (double)k, .width = 1, .first = k, .gaps = 1, .parts = parts[k], .square = squares[k]};
  }
}

static int64_t choose(bench *b) {
  return attrib__halvings_choose(&b->halvings, &b->state, b->wanted, b->steps);
}

/* All results of the round are in, each panel's change being `change2`. */
static void take_round(bench *b, int64_t count, double change2) {
  for (int64_t k = 0; k < count; k++) {
    attrib__halvings_take(&b->halvings, &b->steps[k], 0, 0);
    if (b->steps[k].last) attrib__halvings_finish(&b->halvings, &b->steps[k], change2);
  }
}

static void expect_steps(const bench *b, int64_t panel, int64_t from, int64_t count, const double *alphas,
                         double half) {
  for (int64_t k = 0; k < count; k++) {
    const attrib__step *step = &b->steps[from + k];
    assert_int_equal(step->panel, panel);
    if (step->alpha != alphas[k]) fail_msg("[%d]: %g instead of %g", (int)k, step->alpha, alphas[k]);
    assert_true(step->half == half);
  }
}

static void midpoints_of_the_best_panel(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 3, 3, 4);
  one_gap_each(&b, (double[]){8, 100, 1}, (int64_t[]){1, 4, 1});
  assert_int_equal(choose(&b), 4);
  expect_steps(&b, 1, 0, 4, (double[]){1.125, 1.375, 1.625, 1.875}, 0.125);
  for (int k = 0; k < 4; k++) {
    assert_int_equal(b.steps[k].line, 8);
    assert_int_equal(b.steps[k].first, k == 0);
    assert_int_equal(b.steps[k].last, k == 3);
  }
  assert_int_equal(b.halvings.panels[1].pending, 1);
  take_round(&b, 4, 0);
  assert_int_equal(b.halvings.panels[1].parts, 8);
  assert_int_equal(b.halvings.panels[1].pending, 0);
  assert_int_equal(b.halvings.queued, 0);
  close_bench(&b);
}

/* Gap by gap in the order of the list, each cut as finely as the others. */
static void gaps_of_a_panel_are_cut_alike(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 1, 4, 6);
  const int64_t order[] = {2, 0, 3};
  for (int k = 0; k < 3; k++)
    b.halvings.gaps[order[k]] = (attrib__gap){.line = 10 + k, .start = 0.25 * k, .next = k < 2 ? order[k + 1] : -1};
  b.halvings.panels[0] = (attrib__panel){.width = 0.25, .first = 2, .gaps = 3, .parts = 6, .square = 1};
  assert_int_equal(choose(&b), 6);
  expect_steps(&b, 0, 0, 6, (double[]){0.0625, 0.1875, 0.3125, 0.4375, 0.5625, 0.6875}, 0.0625);
  for (int k = 0; k < 6; k++) {
    assert_int_equal(b.steps[k].line, 10 + k / 2);
    assert_int_equal(b.steps[k].first, k == 0);
    assert_int_equal(b.steps[k].last, k == 5);
  }
  close_bench(&b);
}

/* By error^2 per node; every halving asked for already counts an eighth. */
static void halvings_queue_up(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 3, 3, 10);
  /* 64, 12 and 0.5; then 8 of the first, 1.5 of the second, 1 of the first again. */
  one_gap_each(&b, (double[]){64, 24, 0.5}, (int64_t[]){1, 2, 1});
  assert_int_equal(choose(&b), 10);
  expect_steps(&b, 0, 0, 1, (double[]){0.5}, 0.5);
  expect_steps(&b, 1, 1, 2, (double[]){1.25, 1.75}, 0.25);
  expect_steps(&b, 0, 3, 2, (double[]){0.25, 0.75}, 0.25);
  expect_steps(&b, 1, 5, 4, (double[]){1.125, 1.375, 1.625, 1.875}, 0.125);
  expect_steps(&b, 0, 9, 1, (double[]){0.125}, 0.125);
  assert_int_equal(b.halvings.panels[0].pending, 3);
  assert_int_equal(b.halvings.panels[1].pending, 2);
  assert_int_equal(b.halvings.panels[2].pending, 0);
  close_bench(&b);
}

/* Of all errors together, what is not the panel's own. */
static void steps_know_what_they_leave(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 2, 2, 3);
  one_gap_each(&b, (double[]){6, 2}, (int64_t[]){1, 2});
  b.state.squares = 8;
  b.state.pooled = false;
  assert_int_equal(choose(&b), 3);
  assert_true(b.steps[0].panel == 0 && b.steps[0].kept == 0.25);
  assert_true(b.steps[1].panel == 1 && b.steps[1].kept == 0.75 && b.steps[2].kept == 0.75);
  close_bench(&b);
}

/* A halving that does not fit the round goes on in the next ones, before all that was chosen later. */
static void a_halving_straddles_rounds(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 2, 2, 3);
  one_gap_each(&b, (double[]){80, 1}, (int64_t[]){8, 1});
  double alphas[8];
  for (int k = 0; k < 8; k++) alphas[k] = (k + 0.5) / 8;
  assert_int_equal(choose(&b), 3);
  expect_steps(&b, 0, 0, 3, alphas, 0.0625);
  assert_int_equal(b.halvings.queued, 1);
  assert_true(b.steps[0].first && !b.steps[2].last);
  take_round(&b, 3, 0);
  b.halvings.panels[1].square = 1e9; /* however bad the other turns out to be */
  assert_int_equal(choose(&b), 3);
  expect_steps(&b, 0, 0, 3, alphas + 3, 0.0625);
  assert_false(b.steps[0].first || b.steps[2].last);
  take_round(&b, 3, 0);
  assert_int_equal(b.halvings.panels[0].parts, 8); /* still */
  assert_int_equal(choose(&b), 3);
  expect_steps(&b, 0, 0, 2, alphas + 6, 0.0625);
  assert_true(b.steps[1].last && b.steps[2].first && b.steps[2].last);
  expect_steps(&b, 1, 2, 1, (double[]){1.5}, 0.5);
  take_round(&b, 3, 0);
  assert_int_equal(b.halvings.panels[0].parts, 16);
  assert_int_equal(b.halvings.panels[1].parts, 2);
  close_bench(&b);
}

/* As many halvings as a round has nodes, with one of an earlier round in front: the queue holds them. */
static void the_queue_is_long_enough(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 4, 4, 3);
  one_gap_each(&b, (double[]){20, 3, 2, 1}, (int64_t[]){4, 1, 1, 1});
  assert_int_equal(choose(&b), 3);
  take_round(&b, 3, 0);
  assert_int_equal(choose(&b), 3); /* the last of the old, and two new */
  expect_steps(&b, 0, 0, 1, (double[]){0.875}, 0.125);
  expect_steps(&b, 1, 1, 1, (double[]){1.5}, 0.5);
  expect_steps(&b, 2, 2, 1, (double[]){2.5}, 0.5);
  close_bench(&b);
}

/* The numbers of a panel: what was there halved, and the new nodes by their weights. */
static void results_make_a_finer_trapezoid(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 1, 1, 2);
  one_gap_each(&b, (double[]){48}, (int64_t[]){2});
  attrib__panel *panel = &b.halvings.panels[0];
  panel->slope = 4;
  panel->norm = 10;
  panel->slope_square = 6;
  panel->rise = 3;
  for (int again = 0; again < 2; again++) {
    const double slope = panel->slope, norm = panel->norm, slope_square = panel->slope_square;
    const int64_t nodes = panel->parts;
    for (int64_t done = 0; done < nodes; done += 2) {
      assert_int_equal(choose(&b), 2);
      for (int k = 0; k < 2; k++) attrib__halvings_take(&b.halvings, &b.steps[k], 3 + 4 * k, 5);
    }
    assert_true(b.steps[1].last);
    attrib__halvings_finish(&b.halvings, &b.steps[1], 12);
    assert_true(panel->slope == slope / 2 + 2.5);
    assert_true(panel->norm == norm / 2 + 2.5);
    assert_true(panel->slope_square == slope_square / 2 + 0.25 * (9 + 49));
    assert_true(panel->rise == 3 && panel->parts == 2 * nodes);
    assert_true(panel->square == 4); /* 12 / 3, no less than a sixteenth of 48 or 4 */
  }
  for (int64_t done = 0; done < 8; done += 2) {
    assert_int_equal(choose(&b), 2);
    for (int k = 0; k < 2; k++) attrib__halvings_take(&b.halvings, &b.steps[k], 0, 0);
  }
  attrib__halvings_finish(&b.halvings, &b.steps[1], 0);
  assert_true(panel->square == 0.25);
  close_bench(&b);
}

/* Where no panel can be halved any more, or no error is left, a round is shorter, and then there is none. */
static void there_is_an_end(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 2, 2, 5);
  one_gap_each(&b, (double[]){1, 1}, (int64_t[]){1, 1});
  b.halvings.panels[0].width = 0x1p-22; /* may be halved once */
  b.halvings.panels[1].width = 0x1p-23;
  assert_int_equal(choose(&b), 1);
  assert_int_equal(b.steps[0].panel, 0);
  assert_int_equal(b.halvings.panels[0].pending, 1);
  take_round(&b, 1, 12);
  assert_int_equal(choose(&b), 0);
  one_gap_each(&b, (double[]){0, 0}, (int64_t[]){1, 1});
  assert_int_equal(choose(&b), 0);
  close_bench(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(midpoints_of_the_best_panel),
      cmocka_unit_test(gaps_of_a_panel_are_cut_alike),
      cmocka_unit_test(halvings_queue_up),
      cmocka_unit_test(steps_know_what_they_leave),
      cmocka_unit_test(a_halving_straddles_rounds),
      cmocka_unit_test(the_queue_is_long_enough),
      cmocka_unit_test(results_make_a_finer_trapezoid),
      cmocka_unit_test(there_is_an_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
