/* The length of a row, of elements of any size. */
#include "fixture.h"

#include "rows/length.h"

/* scale^2 times the sum of squares, in long double. */
static double squares(const double *values, int64_t n, double scale) {
  long double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += ((long double)values[i] * (long double)scale) * ((long double)values[i] * (long double)scale);
  return (double)sum;
}

static bool is_power_of_two(double scale) {
  int exponent;
  return scale > 0 && isfinite(scale) && frexp(scale, &exponent) == 0.5;
}

static void every_size_of_double(void **state) {
  (void)state;
  static const double sizes[] = {1,      3e5,     1e-7,     1e99,   1e-99,  1e101,  1e-101, 1e153,
                                 1e-160, 1.7e200, 1.7e-200, 4e-308, 1e-318, 5e-324, 1.7e308};
  static const int64_t lengths[] = {1, 2, 15, 16, 17, 511, 512, 513, 1537};
  for (int64_t s = 0; s < COUNT(sizes); s++)
    for (int64_t l = 0; l < COUNT(lengths); l++) {
      int64_t n = lengths[l];
      double *row = exact_block((size_t)n * sizeof *row), *sums = exact_block((size_t)n * sizeof *sums);
      fill_random((uint64_t)(s * 100 + l), row, n);
      for (int64_t i = 0; i < n; i++) row[i] *= sizes[s];
      row[n / 2] = -sizes[s];
      attrib__length length;
      assert_true(attrib__length_find(ATTRIB_F64, row, n, &length));
      assert_true(is_power_of_two(length.scale));
      assert_true(length.square >= (sizes[s] < DBL_MIN ? 0x1p-104 : 1) && length.square <= 16 * (double)n);
      assert_near(length.square, squares(row, n, length.scale), ROUND_OFF, length.square);
      for (int64_t i = 0; i < n; i++) sums[i] = 0.25;
      attrib__length_add_squares(ATTRIB_F64, row, n, &length, 3 / length.square, sums);
      long double total = 0;
      for (int64_t i = 0; i < n; i++) {
        double share = length.scale * row[i] * (length.scale * row[i]) / length.square;
        assert_near(sums[i], 0.25 + 3 * share, ROUND_OFF, 4);
        total += (long double)sums[i];
      }
      assert_near((double)total, 0.25 * (double)n + 3, ROUND_OFF, (double)n + 3);
      free(sums);
      free(row);
    }
}

static void every_size_of_float(void **state) {
  (void)state;
  static const float sizes[] = {1, 3e38f, 1e-38f, 1.4e-45f};
  for (int64_t s = 0; s < COUNT(sizes); s++) {
    float *row = exact_copy((const float[]){0, sizes[s], -sizes[s], 0}, 4 * sizeof *row);
    double *sums = exact_copy((const double[]){0, 0, 0, 0}, 4 * sizeof *sums);
    attrib__length length;
    assert_true(attrib__length_find(ATTRIB_F32, row, 4, &length));
    assert_true(is_power_of_two(length.scale) && length.square >= 1 && length.square < 4);
    attrib__length_add_squares(ATTRIB_F32, row, 4, &length, 1 / length.square, sums);
    assert_near(sums[1], .5, ROUND_OFF, 1);
    assert_near(sums[2], .5, ROUND_OFF, 1);
    assert_true(sums[0] == 0 && sums[3] == 0);
    free(sums);
    free(row);
  }
}

static void nothing_has_length_0(void **state) {
  (void)state;
  const double zeros[] = {0, -0.0, 0};
  const float none[] = {0, -0.0f};
  attrib__length length;
  assert_true(attrib__length_find(ATTRIB_F64, zeros, 3, &length) && length.square == 0);
  assert_true(attrib__length_find(ATTRIB_F32, none, 2, &length) && length.square == 0);
}

static void what_is_not_finite_is_found(void **state) {
  (void)state;
  enum { N = 700 };
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  static const double others[] = {0, 1, 1e200, 1e-320};
  for (int k = 0; k < 3; k++)
    for (int o = 0; o < 4; o++)
      for (int64_t at = 0; at < N; at += 233) {
        double row[N];
        float floats[N];
        for (int i = 0; i < N; i++) row[i] = others[o];
        row[at] = bad[k];
        for (int i = 0; i < N; i++) floats[i] = o == 2 && i != at ? 1e38f : (float)row[i];
        attrib__length length = {7, 7};
        assert_false(attrib__length_find(ATTRIB_F64, row, N, &length));
        assert_false(attrib__length_find(ATTRIB_F32, floats, N, &length));
        assert_true(length.scale == 7 && length.square == 7);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_size_of_double),
      cmocka_unit_test(every_size_of_float),
      cmocka_unit_test(nothing_has_length_0),
      cmocka_unit_test(what_is_not_finite_is_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
