/* test_image_exact_sum.c - sums without rounding: by hand, over the whole range of doubles, and in any order. */
#include "fixture.h"

#include "image/exact_sum.h"

enum { WORDS = 67 };

typedef struct sum {
  attrib__exact format;
  uint32_t words[WORDS];
  int64_t count;
} sum;

/* The sum of values, in the format of a set that they are in. */
static sum sum_in(const double *set, int64_t set_count, const double *values, int64_t count) {
  sum s = {.format = attrib__exact_format(set, set_count), .count = count};
  assert_true(s.format.words >= 1 && s.format.words <= WORDS);
  for (int64_t i = 0; i < count; i++) attrib__exact_add(&s.format, s.words, values[i]);
  return s;
}

static double mean_of(const double *values, int64_t count) {
  sum s = sum_in(values, count, values, count);
  return attrib__exact_mean(&s.format, s.words, count);
}

static void means_by_hand(void **state) {
  (void)state;
  const double least = 5e-324, two[] = {1, 2}, third[] = {DBL_MAX, 1, -DBL_MAX}, deep[] = {1e300, -1e300, 1e-300};
  const double largest[] = {DBL_MAX, DBL_MAX, DBL_MAX}, half[] = {least, 0}, two_thirds[] = {least, least, 0};
  const double one_and_half[] = {3 * least, 0}, just_over[] = {least, least, 0, 0, 0, least}, zeros[] = {0, -0.0};
  const double quarter[] = {least, 0, 0, 0}, edge[] = {DBL_MIN, DBL_MIN - least};
  assert_true(mean_of(two, 2) == 1.5);
  assert_true(mean_of(third, 3) == 1.0 / 3);
  assert_true(mean_of(deep, 3) == 1e-300 / 3);
  assert_true(mean_of(largest, 3) == DBL_MAX);
  assert_true(mean_of(half, 2) == 0); /* of two equally near the even one */
  assert_true(mean_of(one_and_half, 2) == 2 * least);
  assert_true(mean_of(two_thirds, 3) == least);
  assert_true(mean_of(just_over, 6) == 0);
  assert_true(mean_of(quarter, 4) == 0);
  assert_true(mean_of(edge, 2) == DBL_MIN); /* again half way */
  assert_true(mean_of(zeros, 2) == 0 && !signbit(mean_of(zeros, 2)));
  for (int64_t n = 1; n <= 1000; n++) {
    double *values = exact_block((size_t)n * sizeof *values);
    for (int64_t i = 0; i < n; i++) values[i] = -0.1;
    assert_true(mean_of(values, n) == -0.1);
    free(values);
  }
}

/* A mean is nearest where no neighbour leaves less of sum - count * mean, which is exact in a fused product here. */
static void means_are_the_nearest_doubles(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (int trial = 0; trial < 20000; trial++) {
    const double total = trunc(random_number(&seed) * ldexp(1, 1 + trial % 50));
    int64_t count = 1 + (int64_t)(fabs(random_number(&seed)) * (trial % 3 == 0 ? 8 : 1e6));
    sum s = sum_in(&total, 1, &total, 1);
    double mean = attrib__exact_mean(&s.format, s.words, count), n = (double)count;
    double below = nextafter(mean, -INFINITY), above = nextafter(mean, INFINITY), left = fabs(fma(mean, n, -total));
    assert_true(left <= fabs(fma(below, n, -total)) && left <= fabs(fma(above, n, -total)));
  }
}

/* One unit over many: a quotient whose bits beyond 66 are left in the remainder alone. */
static void the_last_remainder_counts(void **state) {
  (void)state;
  const double set[] = {1 + DBL_EPSILON, -1};
  const sum unit = sum_in(set, 2, set, 2);
  for (int64_t count = INT32_MAX; count > INT32_MAX - 200000; count--)
    assert_true(attrib__exact_mean(&unit.format, unit.words, count) == DBL_EPSILON / (double)count);
}

/* k + 1/2 and a 2^32nd of the smallest number: rounded to 53 bits first it would be a tie and go down to an even k. */
static void tiny_means_are_rounded_once(void **state) {
  (void)state;
  const int64_t n = INT32_MAX, k = INT64_C(1) << 25, total = (n * (2 * k + 1) + 1) / 2, low = total % 1024;
  const double parts[] = {ldexp((double)(total - low), -1074), ldexp((double)low, -1074)};
  const sum s = sum_in(parts, 2, parts, 2);
  assert_true(attrib__exact_mean(&s.format, s.words, n) == ldexp((double)(k + 1), -1074));
}

static void means_compare_as_fractions(void **state) {
  (void)state;
  uint64_t seed = 4;
  int signs[3] = {0, 0, 0};
  for (int trial = 0; trial < 20000; trial++) {
    int64_t range = trial % 2 == 0 ? 6 : 1000000;
    double values[2];
    int64_t count[2];
    for (int k = 0; k < 2; k++) {
      values[k] = trunc(random_number(&seed) * (double)range);
      count[k] = 1 + (int64_t)(fabs(random_number(&seed)) * (double)range);
    }
    sum a = sum_in(values, 2, &values[0], 1), b = sum_in(values, 2, &values[1], 1);
    int64_t left = (int64_t)values[0] * count[1], right = (int64_t)values[1] * count[0];
    int sign = (left > right) - (left < right);
    int found = attrib__exact_compare_means(&a.format, a.words, count[0], b.words, count[1]);
    assert_int_equal((found > 0) - (found < 0), sign);
    signs[sign + 1]++;
  }
  assert_true(signs[0] > 100 && signs[1] > 100 && signs[2] > 100);
}

/* The last bit of the smallest decides beside the largest, and counts near 2^31 overflow nothing. */
static void nothing_is_too_large_or_too_small(void **state) {
  (void)state;
  const double set[] = {DBL_MAX, -DBL_MAX, 5e-324, -5e-324};
  sum plus = sum_in(set, 4, set, 1), minus = sum_in(set, 4, &set[1], 1);
  sum more = plus, less = minus, none = sum_in(set, 4, set, 4);
  const attrib__exact *format = &plus.format;
  const int64_t most = INT32_MAX;
  attrib__exact_add(format, more.words, set[2]);
  attrib__exact_add(format, less.words, set[3]);
  assert_int_equal(format->words, WORDS);
  assert_true(attrib__exact_compare_means(format, more.words, most, plus.words, most) > 0);
  assert_true(attrib__exact_compare_means(format, less.words, most, minus.words, most) < 0);
  assert_true(attrib__exact_compare_means(format, plus.words, most, plus.words, most - 1) < 0);
  assert_true(attrib__exact_compare_means(format, minus.words, most, minus.words, most - 1) > 0);
  assert_true(attrib__exact_compare_means(format, minus.words, 1, plus.words, most) < 0);
  assert_true(attrib__exact_compare_means(format, plus.words, most, minus.words, 1) > 0);
  assert_true(attrib__exact_compare_means(format, minus.words, most, minus.words, most) == 0);
  for (int k = 0; k < WORDS; k++) assert_int_equal(none.words[k], 0);
  assert_true(attrib__exact_mean(format, plus.words, most) == DBL_MAX / (double)most);
  assert_true(attrib__exact_mean(format, less.words, 1) == -DBL_MAX);
}

/* 2^31 - 1 of the largest number fit, of both signs. Doubling stands for adding them one by one. */
static void the_most_of_the_largest_fit(void **state) {
  (void)state;
  for (int sign = -1; sign <= 1; sign += 2) {
    const double set[] = {sign * DBL_MAX, 1};
    sum s = sum_in(set, 2, set, 1);
    for (int k = 0; k < 30; k++) { /* s = 2 s + DBL_MAX */
      for (int w = s.format.words - 1; w >= 0; w--) s.words[w] = s.words[w] << 1 | (w > 0 ? s.words[w - 1] >> 31 : 0);
      attrib__exact_add(&s.format, s.words, set[0]);
    }
    assert_true(attrib__exact_mean(&s.format, s.words, INT32_MAX) == set[0]);
  }
}

/* Numbers of all magnitudes, zeros among them. */
static double wild(uint64_t *seed) {
  int exponent = (int)(random_number(seed) * 1074);
  double value = ldexp(random_number(seed), exponent < 1024 ? exponent : 1023);
  return random_number(seed) > 0.9 ? 0 : value;
}

static void sums_forget_the_order_and_what_was_taken_away(void **state) {
  (void)state;
  enum { N = 200 };
  uint64_t seed = 5;
  for (int trial = 0; trial < 50; trial++) {
    double values[N];
    for (int i = 0; i < N; i++) values[i] = trial % 2 == 0 ? wild(&seed) : random_number(&seed);
    sum forward = sum_in(values, N, values, N), some = sum_in(values, N, values, N / 4);
    sum backward = {.format = forward.format}, taken = forward;
    for (int i = N - 1; i >= 0; i--) attrib__exact_add(&backward.format, backward.words, values[i]);
    for (int i = N / 4; i < N; i++) attrib__exact_add(&taken.format, taken.words, -values[i]);
    assert_memory_equal(forward.words, backward.words, sizeof forward.words);
    assert_memory_equal(taken.words, some.words, sizeof some.words);
    double mean = attrib__exact_mean(&some.format, some.words, N / 4);
    for (int i = 0; i < N / 4; i++) attrib__exact_add(&taken.format, taken.words, -values[i]);
    for (int k = 0; k < taken.format.words; k++) assert_int_equal(taken.words[k], 0);
    for (int i = 0; i < N / 4; i++) attrib__exact_add(&taken.format, taken.words, -values[i]);
    assert_true(attrib__exact_mean(&taken.format, taken.words, N / 4) == -mean);
    assert_int_equal(attrib__exact_compare_means(&some.format, some.words, 7, taken.words, 7) > 0, mean > 0);
  }
}

static void formats_are_no_longer_than_the_range_asks_for(void **state) {
  (void)state;
  const double zeros[] = {0, -0.0}, one[] = {1}, least[] = {5e-324, 0}, range[] = {1, 0x1p-40}, wide[] = {1, 0x1p-80};
  assert_int_equal(attrib__exact_format(NULL, 0).words, 1);
  assert_int_equal(attrib__exact_format(zeros, 2).words, 1);
  assert_int_equal(attrib__exact_format(one, 1).words, 3); /* 53 bits, 31 for the count, a sign */
  assert_int_equal(attrib__exact_format(range, 2).words, 4);
  assert_int_equal(attrib__exact_format(wide, 2).words, 6);
  assert_int_equal(attrib__exact_format(least, 2).exponent, -1074);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(means_by_hand),
      cmocka_unit_test(means_are_the_nearest_doubles),
      cmocka_unit_test(the_last_remainder_counts),
      cmocka_unit_test(tiny_means_are_rounded_once),
      cmocka_unit_test(means_compare_as_fractions),
      cmocka_unit_test(nothing_is_too_large_or_too_small),
      cmocka_unit_test(the_most_of_the_largest_fit),
      cmocka_unit_test(sums_forget_the_order_and_what_was_taken_away),
      cmocka_unit_test(formats_are_no_longer_than_the_range_asks_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
