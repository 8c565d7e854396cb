/* Path gradients over knots and curves, and what every source of lines says about itself. */
#include "fixture.h"

#include "path/lines.h"

static const double pi = 3.14159265358979323846;

static attrib_path knots(const double *rows, int64_t count) {
  return (attrib_path){.struct_size = sizeof(attrib_path), .knots = count, .rows = rows};
}

/* A gradient that depends on the corner: (0,0) -> (1,0) -> (1,1) gives all of x1 x2 to x2, the other way round all to
 * x1. */
static void a_corner_decides_who_gets_the_product(void **state) {
  (void)state;
  static const double rows[2][6] = {{0, 0, 1, 0, 1, 1}, {0, 0, 0, 1, 1, 1}};
  const analytic_fn f = f_product;
  for (int way = 0; way < 2; way++)
    for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++) {
      analytic a;
      attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
      attrib_path path = knots(rows[way], 3);
      attrib_ig_options options = with_rule(rule, 4);
      double phi[2];
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, phi, &report), ATTRIB_OK);
      assert_near(phi[way], 0, ROUND_OFF, 1);
      assert_near(phi[1 - way], 1, ROUND_OFF, 1);
      assert_near(report.completeness_error, 0, ROUND_OFF, 1);
      assert_true(report.output == 1 && report.baseline_output == 0);
    }
}

/* Two knots are integrated gradients, and a knot in the middle of a line changes nothing but the number of nodes. */
static void two_knots_are_integrated_gradients(void **state) {
  (void)state;
  enum { N = 513 };
  const analytic_fn f = f_waves;
  double *rows = exact_block(3 * N * sizeof *rows), phi[3][N];
  fill_random(21, rows, N);
  fill_random(22, rows + 2 * N, N);
  for (int i = 0; i < N; i++) rows[N + i] = .5 * rows[i] + .5 * rows[2 * N + i];
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, N, NULL);
  attrib_path straight = knots(rows, 2), broken = knots(rows, 3);
  straight.stride = 2 * N; /* the first and the last */
  attrib_baselines baselines = one_baseline(rows);
  attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 10), half = with_rule(ATTRIB_RULE_MIDPOINT, 5);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, rows + 2 * N, 0, &baselines, &options, phi[0], NULL),
                   ATTRIB_OK);
  assert_int_equal(attrib_path_gradients(NULL, &model, 0, &straight, &options, phi[1], NULL), ATTRIB_OK);
  assert_int_equal(attrib_path_gradients(NULL, &model, 0, &broken, &half, phi[2], NULL), ATTRIB_OK);
  assert_same_bits(phi[0], phi[1], N);
  for (int i = 0; i < N; i++) assert_near(phi[2][i], phi[0][i], ROUND_OFF, 4);
  free(rows);
}

/* Every knot's output but the first and last cancels: the sum is f(end) - f(start) however the path wanders. */
static void the_sum_telescopes_over_many_knots(void **state) {
  (void)state;
  enum { N = 7, KNOTS = 9 };
  const analytic_fn f = f_waves;
  double *rows = exact_block(N * KNOTS * sizeof *rows), phi[N];
  fill_random(23, rows, N * KNOTS);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    analytic a;
    attrib_model model = single_model(&a, &f, dtype, N, NULL);
    void *elements = as_row(dtype, rows, N * KNOTS);
    attrib_path path = knots(elements, KNOTS);
    attrib_ig_options options = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 12);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, phi, &report), ATTRIB_OK);
    assert_near(report.attribution_sum, report.output - report.baseline_output,
                dtype == ATTRIB_F32 ? F32_ROUND_OFF : ROUND_OFF, N * KNOTS);
    assert_int_equal(report.evaluations, 12 * (KNOTS - 1));
    assert_int_equal(report.output_evaluations, 2);
    free(elements);
  }
  free(rows);
}

static void knots_are_read_through_their_stride(void **state) {
  (void)state;
  const analytic_fn f = f_product;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
  /* Gaps hold NaN: reading one of them is an error. The last knot ends the block. */
  double *rows = exact_copy((double[]){0, 0, NAN, 1, 0, NAN, 1, 1}, 8 * sizeof(double)), phi[2];
  attrib_path path = knots(rows, 3);
  path.stride = 3;
  assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, NULL, phi, NULL), ATTRIB_OK);
  assert_near(phi[0], 0, ROUND_OFF, 1);
  assert_near(phi[1], 1, ROUND_OFF, 1);
  free(rows);
}

typedef struct circle {
  int64_t points, tangents;
  bool ends[2]; /* asked for without tangent */
} circle;

/* (sin, 1 - cos) of a quarter turn: from (0, 0) to (1, 1). */
static int32_t ATTRIB_CALL quarter_circle(double alpha, void *point, void *tangent, void *user) {
  circle *c = user;
  double turn = pi / 2 * alpha, *p = point, *t = tangent;
  p[0] = alpha == 1 ? 1 : sin(turn);
  p[1] = alpha == 1 ? 1 : 1 - cos(turn);
  c->points++;
  if (t == NULL) {
    if (alpha == 0 || alpha == 1) c->ends[(int)alpha] = true;
    return 0;
  }
  c->tangents++;
  t[0] = pi / 2 * cos(turn);
  t[1] = pi / 2 * sin(turn);
  return 0;
}

/* x1 x2: phi_1 = integral of (1 - cos t) cos t dt = 1 - pi/4, phi_2 = integral of sin^2 = pi/4, t from 0 to pi/2. */
static void a_quarter_circle_has_its_closed_form(void **state) {
  (void)state;
  const analytic_fn f = f_product;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
  circle c = {0};
  attrib_path path = {.struct_size = sizeof path, .at = quarter_circle, .user = &c};
  attrib_ig_options options = with_rule(ATTRIB_RULE_GAUSS_LEGENDRE, 14);
  attrib_report report = {.struct_size = sizeof report};
  double *phi = untouched(2);
  assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, phi, &report), ATTRIB_OK);
  assert_near(phi[0], 1 - pi / 4, ROUND_OFF, 1);
  assert_near(phi[1], pi / 4, ROUND_OFF, 1);
  assert_true(report.output == 1 && report.baseline_output == 0);
  assert_int_equal(report.evaluations, 14);
  assert_int_equal(c.tangents, 14);
  assert_int_equal(c.points, 16);
  assert_true(c.ends[0] && c.ends[1]);

  c = (circle){0};
  options = with_rule(ATTRIB_RULE_TRAPEZOID, 101);
  assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, phi, &report), ATTRIB_OK);
  assert_near(phi[0], 1 - pi / 4, 1e-4, 1);
  assert_near(phi[0] + phi[1], 1, 1e-4, 1);
  assert_int_equal(c.points, 101); /* the rule's own nodes give the ends */
  assert_int_equal(c.tangents, 101);
  free(phi);
}

/* A straight curve in its own words is integrated gradients. */
static int32_t ATTRIB_CALL straight(double alpha, void *point, void *tangent, void *user) {
  const double *ends = user;
  for (int i = 0; i < 3; i++) {
    ((double *)point)[i] = ends[i] + alpha * (ends[3 + i] - ends[i]);
    if (tangent != NULL) ((double *)tangent)[i] = ends[3 + i] - ends[i];
  }
  return 0;
}

static void a_straight_curve_is_integrated_gradients(void **state) {
  (void)state;
  const analytic_fn f = f_chain;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 3, NULL);
  double ends[6] = {0, 0, 0, 1, 2, 3}, phi[2][3];
  attrib_path path = {.struct_size = sizeof path, .at = straight, .user = ends};
  attrib_baselines baselines = one_baseline(ends);
  for (uint32_t rule = ATTRIB_RULE_LEFT; rule <= ATTRIB_RULE_GAUSS_LEGENDRE; rule++) {
    attrib_ig_options options = with_rule(rule, 5);
    assert_int_equal(attrib_path_gradients(NULL, &model, 0, &path, &options, phi[0], NULL), ATTRIB_OK);
    assert_int_equal(attrib_integrated_gradients(NULL, &model, ends + 3, 0, &baselines, &options, phi[1], NULL),
                     ATTRIB_OK);
    assert_same_bits(phi[0], phi[1], 3);
  }
}

static void sources_say_their_lines_starts_and_weights(void **state) {
  (void)state;
  const attrib_model model = {.struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = 1};
  const double x = 2, rows[4] = {0, 1, 2, 3}, weights[4] = {0, 3, 0, 1};
  attrib__lines lines;
  assert_int_equal(attrib__lines_from_point(NULL, &model, &x, &lines), ATTRIB_OK);
  assert_true(attrib__lines_used(&lines) == 1 && attrib__lines_starts(&lines) == 0 && attrib__lines_last(&lines) == 0);
  assert_true(attrib__lines_start_weight(&lines, 0) == 0 && !attrib__lines_need_spare(&lines));

  attrib_baselines set = {.struct_size = sizeof set, .count = 4, .rows = rows, .weights = weights};
  assert_int_equal(attrib__lines_from_baselines(NULL, &model, &x, &set, &lines), ATTRIB_OK);
  assert_true(lines.count == 4 && attrib__lines_used(&lines) == 2 && attrib__lines_starts(&lines) == 2);
  assert_true(attrib__lines_last(&lines) == 1 && attrib__lines_weight(&lines, 1) == .75);
  assert_true(attrib__lines_weight(&lines, 2) == 0 && attrib__lines_start_weight(&lines, 3) == .25);

  attrib_path path = knots(rows, 4);
  assert_int_equal(attrib__lines_from_path(NULL, &model, &path, &lines), ATTRIB_OK);
  assert_true(attrib__lines_used(&lines) == 3 && attrib__lines_starts(&lines) == 1 && attrib__lines_last(&lines) == 2);
  assert_true(attrib__lines_start_weight(&lines, 0) == 1 && attrib__lines_start_weight(&lines, 1) == 0);
  assert_false(attrib__lines_need_spare(&lines));

  attrib_path curve = {.struct_size = sizeof curve, .at = straight};
  assert_int_equal(attrib__lines_from_path(NULL, &model, &curve, &lines), ATTRIB_OK);
  assert_true(attrib__lines_used(&lines) == 1 && attrib__lines_starts(&lines) == 1 && attrib__lines_need_spare(&lines));
}

/* Doubles may be so far apart that their difference is infinite: an error that names the place, not a NaN. */
static void ends_too_far_apart_are_an_overflow(void **state) {
  (void)state;
  const analytic_fn f = f_product;
  analytic a;
  attrib_model model = single_model(&a, &f, ATTRIB_F64, 2, NULL);
  const double rows[6] = {0, 0, 1, -1.5e308, 1, 1.5e308};
  attrib_context *context = new_context(1, 0);
  attrib_path path = knots(rows, 3);
  attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 2, .rows = rows};
  double *phi = untouched(2);
  assert_int_equal(attrib_path_gradients(context, &model, 0, &path, NULL, phi, NULL), ATTRIB_E_OVERFLOW);
  assert_names(attrib_context_error(context), "segment 1");
  assert_names(attrib_context_error(context), "element 1");
  assert_int_equal(a.rows, 0);
  assert_int_equal(attrib_integrated_gradients(context, &model, rows + 4, 0, &baselines, NULL, phi, NULL),
                   ATTRIB_E_OVERFLOW);
  assert_names(attrib_context_error(context), "baseline 1");
  assert_names(attrib_context_error(context), "element 1");
  assert_true(is_untouched(phi, 2));
  free(phi);
  attrib_context_destroy(context);
}

/* A curve that writes something else than finite numbers, or nothing, at call k, into its point or its tangent. */
typedef struct bad_curve {
  int64_t calls, bad_call;
  bool in_tangent, forgets;
} bad_curve;

static int32_t ATTRIB_CALL misbehaving(double alpha, void *point, void *tangent, void *user) {
  bad_curve *b = user;
  bool now = b->calls++ == b->bad_call;
  for (int i = 0; i < 2; i++) {
    bool here = now && i == 1;
    if (!(here && !b->in_tangent && b->forgets)) ((double *)point)[i] = here && !b->in_tangent ? (double)NAN : alpha;
    if (tangent == NULL || (here && b->in_tangent && b->forgets)) continue;
    ((double *)tangent)[i] = here && b->in_tangent ? (double)INFINITY : 1;
  }
  return 0;
}

static void curves_that_misbehave_are_named(void **state) {
  (void)state;
  const analytic_fn product = f_product;
  for (int kind = 0; kind < 4; kind++)
    for (int64_t k = 0; k < 7; k++) {
      analytic a;
      attrib_model model = single_model(&a, &product, ATTRIB_F64, 2, NULL);
      bad_curve b = {.bad_call = k, .in_tangent = kind % 2 == 1, .forgets = kind >= 2};
      attrib_path path = {.struct_size = sizeof path, .at = misbehaving, .user = &b};
      attrib_ig_options options = {.struct_size = sizeof options, .rule = ATTRIB_RULE_MIDPOINT, .points = 5};
      attrib_context *context = new_context(1, 0);
      double phi[2];
      attrib_status status = attrib_path_gradients(context, &model, 0, &path, &options, phi, NULL);
      if (b.in_tangent && k < 2) { /* the two ends have no tangent to spoil */
        assert_int_equal(status, ATTRIB_OK);
      } else {
        assert_int_equal(status, ATTRIB_E_NONFINITE);
        const char *message = attrib_context_error(context);
        assert_non_null(strstr(message, b.in_tangent ? "element 1 of the tangent" : "element 1 of the point"));
        assert_non_null(strstr(message, b.forgets ? "left unwritten" : "not finite"));
      }
      attrib_context_destroy(context);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_corner_decides_who_gets_the_product),
      cmocka_unit_test(two_knots_are_integrated_gradients),
      cmocka_unit_test(the_sum_telescopes_over_many_knots),
      cmocka_unit_test(knots_are_read_through_their_stride),
      cmocka_unit_test(a_quarter_circle_has_its_closed_form),
      cmocka_unit_test(a_straight_curve_is_integrated_gradients),
      cmocka_unit_test(sources_say_their_lines_starts_and_weights),
      cmocka_unit_test(ends_too_far_apart_are_an_overflow),
      cmocka_unit_test(curves_that_misbehave_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
