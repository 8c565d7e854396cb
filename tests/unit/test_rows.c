/* Vectors in the model's element type: ranges, rounding, the ends of a line, and what is not finite or not written. */
#include "fixture.h"

#include "engine/points.h"
#include "rows/rows.h"

static const uint32_t dtypes[] = {ATTRIB_F32, ATTRIB_F64};
static const int64_t sizes[] = {1, 2, 7, 8, 9, 511, 512, 513, 1025};

static size_t bytes(uint32_t dtype, int64_t n) {
  return (size_t)n * (dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
}

static void *random_row(uint32_t dtype, uint64_t seed, int64_t n) {
  double *values = exact_block((size_t)n * sizeof *values);
  fill_random(seed, values, n);
  void *row = as_row(dtype, values, n);
  free(values);
  return row;
}

static double at(uint32_t dtype, const void *row, int64_t i) {
  double value;
  attrib__rows_load(dtype, row, i, 1, &value);
  return value;
}

static void element_sizes_and_addresses(void **state) {
  (void)state;
  assert_int_equal(attrib__element_size(ATTRIB_F32), 4);
  assert_int_equal(attrib__element_size(ATTRIB_F64), 8);
  assert_int_equal(attrib__element_size(0), 0);
  assert_int_equal(attrib__element_size(3), 0);
  double row[4];
  assert_ptr_equal(attrib__element(ATTRIB_F64, row, 3), row + 3);
  assert_ptr_equal(attrib__const_element(ATTRIB_F32, row, 3), (const float *)(const void *)row + 3);
  assert_ptr_equal(attrib__element(ATTRIB_F64, row + 2, -1), row + 1);
}

/* There and back is the identity; only the range is written; a double is rounded to the nearest float. */
static void load_and_store_a_range(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int64_t k = 0; k < COUNT(sizes); k++) {
      int64_t n = sizes[k], begin = n / 3, count = n - begin - n / 4;
      void *row = random_row(dtypes[t], 41, n), *other = random_row(dtypes[t], 42, n),
           *kept = exact_copy(other, bytes(dtypes[t], n));
      double *values = untouched(count);
      attrib__rows_load(dtypes[t], row, begin, count, values);
      attrib__rows_store(dtypes[t], other, begin, count, values);
      for (int64_t i = 0; i < n; i++)
        assert_true(at(dtypes[t], other, i) == at(dtypes[t], i >= begin && i < begin + count ? row : kept, i));
      free(values);
      free(kept);
      free(other);
      free(row);
    }
  float rounded;
  attrib__rows_store(ATTRIB_F32, &rounded, 0, 1, (const double[]){.1});
  assert_true(rounded == .1F);
}

static void fill_point(uint32_t dtype, const void *from, const void *to, double alpha, int64_t n, void *point) {
  const attrib__row row = {.from = from, .to = to, .alpha = alpha};
  attrib__points_fill(&row, 1, dtype, n, point);
}

/* Both ends bit for bit, -0 included, though from + 1 (to - from) would round; in between formed in double, rounded
 * once. */
static void lines_reach_their_ends(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    void *from = as_row(dtypes[t], (const double[]){1e17, .1, -0.0, 3e38, -1}, 5);
    void *to = as_row(dtypes[t], (const double[]){1, .3, 0, -3e38, -1}, 5);
    void *point = exact_block(bytes(dtypes[t], 5));
    fill_point(dtypes[t], from, to, 0, 5, point);
    assert_memory_equal(point, from, bytes(dtypes[t], 5));
    fill_point(dtypes[t], from, to, 1, 5, point);
    assert_memory_equal(point, to, bytes(dtypes[t], 5));
    fill_point(dtypes[t], from, to, .25, 5, point);
    for (int i = 0; i < 5; i++) {
      double expected = at(dtypes[t], from, i) + .25 * (at(dtypes[t], to, i) - at(dtypes[t], from, i));
      if (dtypes[t] == ATTRIB_F32) expected = (double)(float)expected; /* 3e38 to -3e38 overflows a float on the way */
      assert_true(at(dtypes[t], point, i) == expected);
    }
    assert_true(at(dtypes[t], point, 4) == -1); /* where the ends agree, so does what lies between */
    free(point);
    free(to);
    free(from);
  }
}

static void displacements(void **state) {
  (void)state;
  enum { N = 600 };
  for (int t = 0; t < 2; t++) {
    void *from = random_row(dtypes[t], 43, N), *to = random_row(dtypes[t], 44, N);
    double *d = untouched(100);
    attrib__rows_displacement(dtypes[t], to, from, 500, 100, d);
    for (int i = 0; i < 100; i++) assert_true(d[i] == at(dtypes[t], to, 500 + i) - at(dtypes[t], from, 500 + i));
    attrib__rows_displacement(dtypes[t], to, NULL, 500, 100, d);
    for (int i = 0; i < 100; i++) assert_true(d[i] == at(dtypes[t], to, 500 + i));
    free(d);
    free(to);
    free(from);
  }
}

static void contributions_of_finite_gradients(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++)
    for (int64_t k = 0; k < COUNT(sizes); k++) {
      int64_t n = sizes[k];
      void *gradient = random_row(dtypes[t], 45, n + 3);
      double *d = exact_block((size_t)n * sizeof *d), *c = untouched(n);
      fill_random(46, d, n);
      assert_int_equal(attrib__rows_contribution(dtypes[t], gradient, 3, n, d, c), n);
      for (int64_t i = 0; i < n; i++) assert_true(c[i] == d[i] * at(dtypes[t], gradient, 3 + i));
      free(c);
      free(d);
      free(gradient);
    }
}

/* At every place of a row that is as long as vectors of the machine make interesting. */
static void what_is_not_finite_is_found_where_it_counts(void **state) {
  (void)state;
  enum { N = 67 };
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  for (int t = 0; t < 2; t++)
    for (int v = 0; v < 3; v++)
      for (int64_t place = 0; place < N; place++) {
        double *values = exact_block(N * sizeof *values), *d = exact_block(N * sizeof *d), *c = untouched(N);
        fill_random(47, values, N);
        fill_random(48, d, N);
        values[place] = bad[v];
        void *gradient = as_row(dtypes[t], values, N);
        assert_int_equal(attrib__rows_find_nonfinite(dtypes[t], gradient, N), place);
        assert_int_equal(attrib__rows_find_nonfinite(dtypes[t], gradient, place), -1);
        assert_int_equal(attrib__rows_contribution(dtypes[t], gradient, 0, N, d, c), place);
        d[place] = place % 2 ? 0.0 : -0.0;
        assert_int_equal(attrib__rows_contribution(dtypes[t], gradient, 0, N, d, c), N);
        for (int64_t i = 0; i < N; i++) assert_true(c[i] == (i == place ? 0 : d[i] * at(dtypes[t], gradient, i)));
        free(gradient);
        free(c);
        free(d);
        free(values);
      }
}

/* The largest doubles are numbers; only a product beyond them is not. */
static void products_at_the_edge(void **state) {
  (void)state;
  const double g[2] = {DBL_MAX, 1e200}, d[2] = {-1, 1e108}, over[2] = {1, 1e109};
  double c[2];
  assert_int_equal(attrib__rows_contribution(ATTRIB_F64, g, 0, 2, d, c), 2);
  assert_true(c[0] == -DBL_MAX && c[1] == 1e200 * 1e108);
  assert_int_equal(attrib__rows_contribution(ATTRIB_F64, g, 0, 2, over, c), 1);
}

/* A mark is a NaN that no arithmetic makes. */
static void marks(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) {
    enum { N = 20 };
    void *row = random_row(dtypes[t], 49, N);
    assert_int_equal(attrib__rows_find_mark(dtypes[t], row, 0, N), -1);
    attrib__rows_mark(dtypes[t], row, 7, 2);
    assert_true(isnan(at(dtypes[t], row, 7)));
    assert_int_equal(attrib__rows_find_nonfinite(dtypes[t], row, N), 7);
    assert_int_equal(attrib__rows_find_mark(dtypes[t], row, 0, N), 7);
    assert_int_equal(attrib__rows_find_mark(dtypes[t], row, 8, N - 8), 8);
    assert_int_equal(attrib__rows_find_mark(dtypes[t], row, 9, N - 9), -1);
    attrib__rows_store(dtypes[t], row, 7, 2, (const double[]){NAN, -NAN});
    assert_int_equal(attrib__rows_find_mark(dtypes[t], row, 0, N), -1);
    free(row);
  }
  volatile double zero = 0, infinite = INFINITY;
  double made[3] = {zero / zero, infinite - infinite, sqrt(-1 + zero)};
  assert_int_equal(attrib__rows_find_mark(ATTRIB_F64, made, 0, 3), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(element_sizes_and_addresses),
      cmocka_unit_test(load_and_store_a_range),
      cmocka_unit_test(lines_reach_their_ends),
      cmocka_unit_test(displacements),
      cmocka_unit_test(contributions_of_finite_gradients),
      cmocka_unit_test(what_is_not_finite_is_found_where_it_counts),
      cmocka_unit_test(products_at_the_edge),
      cmocka_unit_test(marks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
