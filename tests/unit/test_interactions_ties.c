/* test_interactions_ties.c - paths that lie on a kink as a whole, as where inputs that a maximum is taken of are equal
 * all along: what differences find there is the jump over the kink, divided by their width, and cancels in every sum.
 */
#include "interactions.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};

/* Of the first four, times the fifth. */
static double largest_times_last(const double *x, int64_t n, double *g, const void *p) {
  int first = 0;
  (void)p;
  for (int i = 1; i < 4; i++)
    if (x[i] > x[first]) first = i;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  if (g != NULL) g[first] = x[4];
  if (g != NULL) g[4] = x[first];
  return x[first] * x[4];
}

static double distance(const double *x, int64_t n, double *g, const void *p) {
  const double side = x[0] < x[1] ? -1 : 1;
  (void)n, (void)p;
  if (g != NULL) g[0] = side;
  if (g != NULL) g[1] = -side;
  return side * (x[0] - x[1]);
}

/* Smooth, though of what is equal all along. */
static double squared_distance(const double *x, int64_t n, double *g, const void *p) {
  const double apart = x[0] - x[1];
  (void)n, (void)p;
  if (g != NULL) g[0] = 2 * apart;
  if (g != NULL) g[1] = -2 * apart;
  return apart * apart;
}

static double log_sum_exp(const double *x, int64_t n, double *g, const void *p) {
  double sum = 0;
  (void)p;
  for (int64_t i = 0; i < n; i++) sum += exp(20 * x[i]);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = exp(20 * x[i]) / sum;
  return log(sum) / 20;
}

/* f_max here and there, and x2^2 / 2 beside it. */
static double some_of_the_way(const double *x, int64_t n, double *g, const void *p) {
  const double from = *(const double *)p, value = x[2] > from ? f_max(x, 2, g, NULL) : x[0];
  (void)n;
  if (g != NULL && !(x[2] > from)) g[0] = 1, g[1] = 0;
  if (g != NULL) g[2] = x[2];
  return value + x[2] * x[2] / 2;
}

/* The distance beyond a dead zone, which only the wider differences of float leave; and the product beside it. */
static double far_apart(const double *x, int64_t n, double *g, const void *p) {
  const double zone = .0036, share = *(const double *)p, apart = x[0] - x[1];
  const double side = apart > zone ? 1 : apart < -zone ? -1 : 0;
  (void)n;
  if (g != NULL) g[0] = side + share * x[1];
  if (g != NULL) g[1] = -side + share * x[0];
  return side * apart - side * side * zone + share * x[0] * x[1];
}

/* f_max, and the product, times any number. */
static double scaled_max(const double *x, int64_t n, double *g, const void *p) {
  const double scale = *(const double *)p, f = f_max(x, n, g, NULL);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] *= scale;
  return scale * f;
}
static double scaled_product(const double *x, int64_t n, double *g, const void *p) {
  const double scale = *(const double *)p, f = f_product(x, n, g, NULL);
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] *= scale;
  return scale * f;
}

static const double from_black[5] = {0}, flat[5] = {1, 1, 1, 1, 1}, grey[5] = {.3, .3, .3, .3, .3},
                    other[5] = {.9, .9, .9, .9, -.2};

static void a_path_on_a_kink_is_undefined(void **state) {
  (void)state;
  static const struct tie {
    analytic_fn f;
    int64_t n, features, least_points;
  } ties[] = {{f_max, 2, 2, 4}, {distance, 2, 2, 4}, {largest_times_last, 5, 4, 12}}; /* whose jumps may change */
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 3; k++)
      for (int64_t i = 0; i < ties[k].features; i++)
        for (int64_t points = ties[k].least_points; points <= 52; points += points < 16 ? 1 : 12)
          for (int w = 0; w < 2; w++) {
            attrib_report report;
            const question q = {
                ties[k].f, NULL, dtypes[t], ties[k].n, w == 0 ? from_black : grey, w == 0 ? flat : other};
            double *row = row_of(&q, i, points, 0, ATTRIB_UNDEFINED, &report);
            for (int64_t j = 0; j < ties[k].n; j++) assert_true(isnan(row[j]));
            assert_true(isnan(report.attribution_sum) && isfinite(report.completeness_target));
            free(row);
          }
}

static void kinks_beside_the_path_are_met_or_not(void **state) {
  (void)state;
  attrib_report report;
  for (double share = 0; share < 1; share += .5) {
    const question in_float = {far_apart, &share, ATTRIB_F32, 2, from_black, flat};
    const question in_double = {far_apart, &share, ATTRIB_F64, 2, from_black, flat};
    free(row_of(&in_float, 0, 50, 0, ATTRIB_UNDEFINED, &report));
    double *row = row_of(&in_double, 0, 50, 0, ATTRIB_OK, &report); /* whose differences stay in the zone */
    assert_near(row[1], share / 4, 1e-3, 1);
    free(row);
  }
}

/* Squares of which leave double. */
static void large_and_small_outputs(void **state) {
  (void)state;
  attrib_report report;
  for (double scale = 1e-290; scale < 1e300; scale *= 1e20) {
    const question tie = {scaled_max, &scale, ATTRIB_F64, 2, from_black, flat};
    const question product = {scaled_product, &scale, ATTRIB_F64, 2, from_black, flat};
    free(row_of(&tie, 0, 50, 0, ATTRIB_UNDEFINED, &report));
    double *row = row_of(&product, 0, 50, 0, ATTRIB_OK, &report);
    assert_near(row[0] / scale, .25, 1e-3, 1);
    assert_near(row[1] / scale, .25, 1e-3, 1);
    free(row);
  }
}

/* The product's other factor is not on the kink. Its interactions are those with the largest, whichever that is. */
static void who_is_beside_the_kink_is_well(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    attrib_report report;
    const question q = {largest_times_last, NULL, dtypes[t], 5, from_black, flat};
    double *row = row_of(&q, 4, 50, 0, ATTRIB_OK, &report);
    assert_near(row[0], .25, 1e-3, 1);
    assert_near(row[4], .25, 1e-3, 1);
    free(row);
  }
}

static void a_width_sees_over_it(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    attrib_report report;
    const question q = {f_max, NULL, dtypes[t], 2, from_black, flat};
    double *row = row_of(&q, 0, 200, .1, ATTRIB_OK, &report);
    /* Over the window the gradient of either is 1/2, and the jump 1 over 2h: 1/2 * 2 from all own, -c ln c sums to 1/4
     */
    assert_near(row[0] + row[1], .5, 1e-4, 1);
    assert_near(row[1], -.25 / .2, 1e-3, 1);
    free(row);
  }
}

static void what_is_smooth_is_not_taken_for_a_kink(void **state) {
  (void)state;
  static const analytic_fn smooth[] = {squared_distance, log_sum_exp};
  for (int t = 0; t < 2; t++)
    for (int k = 0; k < 2; k++)
      for (int64_t points = 4; points <= 50; points++) {
        attrib_report report;
        const question q = {smooth[k], NULL, dtypes[t], 2, grey, other};
        double *row = row_of(&q, 0, points, 0, ATTRIB_OK, &report);
        /* (d0, d0) and (d0, d1) of the second derivatives 2 and -2, or 20/4 and -20/4, by the integral of -c ln c; of
         * the first, 1/2 at all nodes, that of -ln c. */
        const double second = (k == 0 ? 2 : 5) * .6 * .6 / 4, own = k == 0 ? 0 : .5 * .6;
        assert_near(row[1], -second, t == 0 ? 2e-3 : 1e-5, 1);
        assert_near(row[0], second + own, t == 0 ? 2e-3 : 1e-5, 1);
        free(row);
      }
}

/* A path that is on the kink for a part only. What goes unnoticed is what jumps beside little else. */
static void a_part_of_the_way_is_enough(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (double from = 0; from < .9; from += .1) {
      attrib_report report;
      const question q = {some_of_the_way, &from, dtypes[t], 3, from_black, flat};
      free(row_of(&q, 0, 50, 0, ATTRIB_UNDEFINED, &report));
      free(row_of(&q, 1, 50, 0, ATTRIB_UNDEFINED, &report));
      free(row_of(&q, 2, 50, 0, ATTRIB_OK, &report));
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_path_on_a_kink_is_undefined), cmocka_unit_test(kinks_beside_the_path_are_met_or_not),
      cmocka_unit_test(large_and_small_outputs),       cmocka_unit_test(who_is_beside_the_kink_is_well),
      cmocka_unit_test(a_width_sees_over_it),          cmocka_unit_test(what_is_smooth_is_not_taken_for_a_kink),
      cmocka_unit_test(a_part_of_the_way_is_enough),
  };
  return cmocka_run_group_tests_name("interactions_ties", tests, NULL, NULL);
}
