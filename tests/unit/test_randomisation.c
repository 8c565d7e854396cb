/* test_randomisation.c - what the randomisation of layers finds for a gradient, an edge detector and a map of the first
 * layer alone, against plain loops. */
#include "randomisation_setting.h"

/* -- what is found ------------------------------------------------------------------------------------------------ */

static double plain_spearman(const double *a, const double *b, bool sizes) {
  double xy = 0, xx = 0, yy = 0;
  for (int i = 0; i < N; i++) {
    double x = 0, y = 0; /* twice the rank above the mean: how many are below less how many are above */
    for (int k = 0; k < N; k++) {
      const double da = sizes ? fabs(a[i]) - fabs(a[k]) : a[i] - a[k],
                   db = sizes ? fabs(b[i]) - fabs(b[k]) : b[i] - b[k];
      x += (da > 0) - (da < 0), y += (db > 0) - (db < 0);
    }
    xy += x * y, xx += x * x, yy += y * y;
  }
  return xy / sqrt(xx * yy);
}

static void plain_gradient(const parameters *p, const double *x, double *map) {
  for (int i = 0; i < N; i++) map[i] = 0;
  for (int j = 0; j < HIDDEN; j++) {
    double z = 0;
    for (int i = 0; i < N; i++) z += p->bottom[j * N + i] * x[i];
    for (int i = 0; i < N; i++) map[i] += p->top[j] / (cosh(z) * cosh(z)) * p->bottom[j * N + i];
  }
}

static void assert_row(const double *row, const double *a, const double *b) {
  double square = 0, distance = 0, most_a = 0, most_b = 0, shown_a[N], shown_b[N];
  for (int i = 0; i < N; i++) {
    square += a[i] * a[i], distance += (a[i] - b[i]) * (a[i] - b[i]);
    most_a = fmax(most_a, fabs(a[i])), most_b = fmax(most_b, fabs(b[i]));
  }
  for (int i = 0; i < N; i++) shown_a[i] = a[i] / most_a, shown_b[i] = b[i] / most_b;
  const attrib_comparison_options o = {.struct_size = sizeof o, .range = 2, .shape = &picture};
  attrib_comparison compared = {.struct_size = sizeof compared};
  assert_int_equal(attrib_compare_maps(NULL, N, shown_a, shown_b, &o, &compared), ATTRIB_OK);
  assert_near(row[ATTRIB_SANITY_RANKS], plain_spearman(a, b, false), ROUND_OFF, 1);
  assert_near(row[ATTRIB_SANITY_ABSOLUTE_RANKS], plain_spearman(a, b, true), ROUND_OFF, 1);
  assert_near(row[ATTRIB_SANITY_SSIM], compared.ssim, 64 * ROUND_OFF, 1);
  assert_near(row[ATTRIB_SANITY_DIFFERENCE], sqrt(distance / square), 64 * ROUND_OFF, 1);
}

static void assert_control(const double *row) {
  assert_true(row[0] == 1 && row[1] == 1 && row[2] == 1 && row[3] == 0);
}

/* A gradient against plain loops over the same parameters; both orders begin with the same row. */
static void gradients(void **state) {
  (void)state;
  double values[2][VALUES];
  subject s;
  for (uint32_t order = 0; order < 2; order++) {
    set_up(&s, GRADIENT);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(check(&s, NULL, order, values[order], &report), ATTRIB_OK);
    assert_in_order(&s);
    assert_int_equal(s.restores, order == ATTRIB_SANITY_CASCADING ? 1 : LAYERS);
    assert_true(s.explains == LAYERS + 2 && s.seeds[0] != s.seeds[1]);
    assert_true(report.evaluations == LAYERS + 2 && report.output_evaluations == 0 && report.model_calls == LAYERS + 2);
    assert_true(report.seed == UINT64_C(0x123456789abcdef) && report.stop_reason == ATTRIB_STOP_COMPLETE);
    assert_true(report.peak_bytes > 10 * N * (int64_t)sizeof(double) && report.failed_row == -1);
    double original[N], map[N];
    plain_gradient(&s.learnt, s.x, original);
    parameters p = s.learnt;
    for (int layer = 0; layer < LAYERS; layer++) {
      if (order == ATTRIB_SANITY_INDEPENDENT) p = s.learnt;
      draw_layer(&p, layer, s.seeds[layer]);
      plain_gradient(&p, s.x, map);
      assert_row(values[order] + layer * COLUMNS, original, map);
      assert_true(values[order][layer * COLUMNS + ATTRIB_SANITY_ABSOLUTE_RANKS] < 0.9);
    }
    assert_control(values[order] + LAYERS * COLUMNS);
  }
  assert_same_bits(values[0], values[1], COLUMNS);
  assert_true(values[0][COLUMNS] != values[1][COLUMNS]);
}

/* An edge detector knows no parameters: 1 at every layer. A map of the first layer changes with that alone. */
static void maps_that_do_not_depend_on_layers(void **state) {
  (void)state;
  for (uint32_t order = 0; order < 2; order++) {
    subject s;
    double values[VALUES];
    set_up(&s, EDGES);
    assert_int_equal(check(&s, NULL, order, values, NULL), ATTRIB_OK);
    for (int row = 0; row < ROWS; row++) assert_control(values + row * COLUMNS);
    set_up(&s, BOTTOM);
    assert_int_equal(check(&s, NULL, order, values, NULL), ATTRIB_OK);
    assert_control(values);
    assert_true(fabs(values[COLUMNS]) < 0.5 && values[COLUMNS + ATTRIB_SANITY_DIFFERENCE] > 0.5);
    assert_control(values + 2 * COLUMNS);
    assert_in_order(&s);
  }
}

static void without_a_shape_and_other_seeds(void **state) {
  (void)state;
  subject s;
  double values[VALUES], other[VALUES];
  set_up(&s, GRADIENT);
  const attrib_randomisable r = randomisable(&s);
  attrib_randomisation_options o = of_order(0, false);
  assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, &o, values, NULL), ATTRIB_OK);
  for (int row = 0; row < ROWS; row++) assert_true(isnan(values[row * COLUMNS + ATTRIB_SANITY_SSIM]));
  const uint64_t seed = s.seeds[0];
  o.seed++;
  assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, &o, other, NULL), ATTRIB_OK);
  assert_true(s.seeds[0] != seed && other[0] != values[0]);
  assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, NULL, other, NULL), ATTRIB_OK);
}

/* A control that is not 1: the map changes from call to call, which a check should know. */
static int32_t ATTRIB_CALL restless(const attrib_explanation *wanted, void *user) {
  fill_random((uint64_t)((subject *)user)->explains++, wanted->attributions, N);
  return 0;
}

static void the_control_tells(void **state) {
  (void)state;
  subject s;
  double values[VALUES];
  set_up(&s, EDGES);
  attrib_randomisable r = randomisable(&s);
  r.explain = restless;
  assert_int_equal(attrib_randomisation_check(NULL, &r, NULL, NULL, values, NULL), ATTRIB_OK);
  assert_true(fabs(values[LAYERS * COLUMNS]) < 0.9);
}

/* What an attribution call would have returned for the map of layer 1. */
static int32_t ATTRIB_CALL not_converged(const attrib_explanation *wanted, void *user) {
  const int32_t status = explain(wanted, user);
  return wanted->index == 2 ? ATTRIB_NOT_CONVERGED : status;
}
static int32_t ATTRIB_CALL undefined(const attrib_explanation *wanted, void *user) {
  return wanted->index == 2 ? ATTRIB_UNDEFINED : explain(wanted, user);
}

static void maps_that_are_rough_or_missing(void **state) {
  (void)state;
  for (int missing = 0; missing < 2; missing++) {
    char message[300];
    subject s;
    double values[VALUES], plain[VALUES];
    attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
    set_up(&s, BOTTOM);
    attrib_randomisable r = randomisable(&s);
    attrib_randomisation_options o = of_order(0, false);
    assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, &o, plain, NULL), ATTRIB_OK);
    s.explains = 0;
    r.explain = missing ? undefined : not_converged;
    assert_int_equal(attrib_randomisation_check(NULL, &r, s.x, &o, values, &report),
                     missing ? ATTRIB_UNDEFINED : ATTRIB_NOT_CONVERGED);
    assert_names(message, missing ? "explain has no attributions" : "did not converge");
    assert_names(message, "with layer 1 randomised");
    assert_int_equal(report.failed_row, -1);
    for (int i = 0; i < VALUES; i++) {
      const bool none = i % COLUMNS == ATTRIB_SANITY_SSIM || (missing && i / COLUMNS == 1);
      assert_true(none ? isnan(values[i]) : values[i] == plain[i]);
    }
  }
}

static void what_does_not_exist(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  subject s;
  double values[VALUES];
  set_up(&s, FLAT);
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "a map of one value everywhere has no rank correlation");
  assert_true(isnan(values[0]) && isnan(values[1]) && values[2] == 1 && values[3] == 0);
  set_up(&s, ZEROS);
  assert_status(check(&s, context, 0, values, NULL), ATTRIB_UNDEFINED, context);
  assert_true(isnan(values[0]) && isnan(values[1]) && values[2] == 1 && isnan(values[3]));
  set_up(&s, EDGES);
  const attrib_randomisable r = randomisable(&s);
  attrib_image line = picture;
  line.width = N, line.height = 1;
  attrib_randomisation_options o = of_order(0, true);
  o.shape = &line;
  attrib_report report = {.struct_size = sizeof report};
  assert_status(attrib_randomisation_check(context, &r, s.x, &o, values, &report), ATTRIB_UNDEFINED, context);
  assert_names(attrib_context_error(context), "11 x 11 pixels: seen first at the map with layer 0 randomised");
  assert_true(values[0] == 1 && isnan(values[2]) && report.stop_reason == ATTRIB_STOP_COMPLETE);
  assert_in_order(&s);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients),
      cmocka_unit_test(maps_that_do_not_depend_on_layers),
      cmocka_unit_test(without_a_shape_and_other_seeds),
      cmocka_unit_test(the_control_tells),
      cmocka_unit_test(maps_that_are_rough_or_missing),
      cmocka_unit_test(what_does_not_exist),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
