/* Panels in numbers: what is known of all of them, the error estimate, and which is refined next. */
#include "fixture.h"

#include "quadrature/panels.h"

/* A panel of one gap, cut into `parts`, whose trapezoids miss `missed` of f. */
static attrib__panel panel_of(double width, int64_t parts, double square, double missed) {
  return (attrib__panel){.width = width,
                         .gaps = 1,
                         .parts = parts,
                         .square = square,
                         .slope = 0.5,
                         .norm = 2,
                         .slope_square = 0.125,
                         .rise = 0.5 + missed,
                         .missed = missed * missed};
}

static void sums_are_over_all_panels(void **state) {
  (void)state;
  const attrib__panel panels[] = {panel_of(0.25, 2, 3, 0.5), panel_of(0.5, 8, 5, -0.25), panel_of(0.25, 1, 0, 1)};
  attrib__panels_state known = attrib__panels_look(panels, 3, true);
  assert_true(known.squares == 8);
  assert_true(known.residual == 1.25);
  assert_true(known.parts == 11);
  assert_true(known.spread == 3 * 64.0 + 5 * 256.0);
  assert_true(known.kappa == 4); /* sqrt(2 / 0.125) */
  assert_false(known.pooled);
  known = attrib__panels_look(panels, 1, true);
  assert_true(known.squares == 3 && known.residual == 0.5 && known.parts == 2 && known.spread == 192);
}

/* One panel of several gaps is enough. */
static void a_pool_is_noticed(void **state) {
  (void)state;
  for (int k = 0; k < 3; k++) {
    attrib__panel panels[] = {panel_of(0.25, 2, 3, 0), panel_of(0.5, 8, 5, 0), panel_of(0.25, 1, 0, 1)};
    panels[k].gaps = 2;
    assert_true(attrib__panels_look(panels, 3, true).pooled);
  }
}

/* All gradients 0, or sums of them that are: a change of f must count even so. */
static void kappa_is_one_where_nothing_tells_it(void **state) {
  (void)state;
  for (int k = 0; k < 3; k++) {
    attrib__panel panel = panel_of(1, 1, 0, 0.75);
    if (k != 1) panel.norm = 0;
    if (k != 0) panel.slope_square = 0;
    attrib__panels_state known = attrib__panels_look(&panel, 1, true);
    assert_true(known.kappa == 1 && known.residual == 0.75);
    assert_near(attrib__panels_error(&known), 1.4 * 0.75, 1e-15, 1);
    assert_true(attrib__panels_priority(&known, &panel) == 0.75 * 0.75);
  }
}

/* The sum of the values is no derivative of f: no residual, neither in the error nor in the order. */
static void without_a_residual(void **state) {
  (void)state;
  const attrib__panel panel = panel_of(1, 1, 4, 1e9);
  attrib__panels_state known = attrib__panels_look(&panel, 1, false);
  assert_true(known.kappa == 0 && known.residual == 0);
  assert_near(attrib__panels_error(&known), 1.4 * 2, 1e-15, 1);
  assert_near(attrib__panels_priority(&known, &panel), 4, ROUND_OFF, 1);
}

static void the_larger_of_two_estimates_counts(void **state) {
  (void)state;
  attrib__panels_state known = {.squares = 9, .kappa = 2, .residual = 1};
  assert_near(attrib__panels_error(&known), 1.4 * 3, 1e-15, 1);
  known.residual = -4;
  assert_near(attrib__panels_error(&known), 1.4 * 8, 1e-15, 1);
  known.residual = 0; /* of two jumps of f that cancel */
  known.missed = 25;
  assert_near(attrib__panels_error(&known), 1.4 * 10, 1e-15, 1);
  known = (attrib__panels_state){.kappa = 1};
  assert_true(attrib__panels_error(&known) == 0);
}

/* Per new node: 99 % of the panel's own error and 1 % of what the others suggest, by width^3 / parts^2. */
static void priorities_of_gaps(void **state) {
  (void)state;
  const attrib__panel panels[] = {panel_of(0.25, 2, 3, 0.5), panel_of(0.5, 8, 5, -0.25), panel_of(0.25, 1, 0, 0)};
  const attrib__panels_state known = attrib__panels_look(panels, 3, true);
  const double spread = 3 * 64.0 + 5 * 256.0, missed[] = {4 * 0.5, 4 * -0.25, 0};
  for (int k = 0; k < 3; k++) {
    double parts = (double)panels[k].parts, width = panels[k].width;
    double expected =
        (0.99 * panels[k].square + 0.01 * width * width * width / (parts * parts) * spread + missed[k] * missed[k]) /
        parts;
    assert_near(attrib__panels_priority(&known, &panels[k]), expected, ROUND_OFF, expected);
  }
  assert_true(attrib__panels_priority(&known, &panels[2]) > 0); /* where no error has been seen, too */
}

/* Gaps of a pool have been put together by their errors: every part is as good as another. */
static void priorities_of_a_pool(void **state) {
  (void)state;
  attrib__panel panels[] = {panel_of(0.25, 6, 3, 0.5), panel_of(0.25, 10, 0, 0)};
  panels[0].gaps = 3;
  panels[1].gaps = 5;
  const attrib__panels_state known = attrib__panels_look(panels, 2, true);
  assert_near(attrib__panels_priority(&known, &panels[0]), (0.99 * 3 + 0.01 * 3 * 6 / 16 + 4) / 6, ROUND_OFF, 1);
  assert_near(attrib__panels_priority(&known, &panels[1]), 0.01 * 3 * 10 / 16 / 10, ROUND_OFF, 1);
}

/* Down to what tells two floats apart: the width of a part, of as many gaps as there are. */
static void parts_that_are_too_narrow(void **state) {
  (void)state;
  for (int64_t gaps = 1; gaps <= 6; gaps += 5) {
    attrib__panel panel = panel_of(0x1p-10, gaps << 12, 1, 0);
    panel.gaps = gaps;
    attrib__panels_state known = attrib__panels_look(&panel, 1, true);
    assert_true(attrib__panels_priority(&known, &panel) > 0);
    panel.parts *= 2; /* 2^-23 each */
    assert_true(attrib__panels_priority(&known, &panel) == 0);
    panel.parts *= 2;
    assert_true(attrib__panels_priority(&known, &panel) == 0);
  }
}

static void the_worst_panel_has_the_largest_error(void **state) {
  (void)state;
  attrib__panel panels[] = {panel_of(0.25, 1, 3, 9), panel_of(0.5, 8, 5, 0), panel_of(0.25, 1, 5, 0)};
  assert_ptr_equal(attrib__panels_worst(&(attrib__panels_state){0}, panels, 3), &panels[1]); /* the first of equals */
  assert_ptr_equal(attrib__panels_worst(&(attrib__panels_state){0}, panels, 1), &panels[0]);
  panels[2].square = 6;
  assert_ptr_equal(attrib__panels_worst(&(attrib__panels_state){0}, panels, 3), &panels[2]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_are_over_all_panels),
      cmocka_unit_test(a_pool_is_noticed),
      cmocka_unit_test(kappa_is_one_where_nothing_tells_it),
      cmocka_unit_test(without_a_residual),
      cmocka_unit_test(the_larger_of_two_estimates_counts),
      cmocka_unit_test(priorities_of_gaps),
      cmocka_unit_test(priorities_of_a_pool),
      cmocka_unit_test(parts_that_are_too_narrow),
      cmocka_unit_test(the_worst_panel_has_the_largest_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
