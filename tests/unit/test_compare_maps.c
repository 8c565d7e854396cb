/* test_compare_maps.c - two maps held against each other: hand values, the definitions once more in plain loops, ties,
 * thresholds, and everything that does not exist. */
#include "fixture.h"

#include "meter.h"

static attrib_comparison compare(int64_t count, const double *a, const double *b,
                                 const attrib_comparison_options *options, attrib_status expected) {
  attrib_context *context = new_context(1, 0);
  double *left = exact_copy(a, (size_t)count * sizeof *a), *right = exact_copy(b, (size_t)count * sizeof *b);
  attrib_comparison found = {.struct_size = sizeof found};
  assert_status(attrib_compare_maps(context, count, left, right, options, &found), expected, context);
  assert_int_equal(found.filled_size, sizeof found);
  assert_true((attrib_context_error(context)[0] == '\0') == (expected == ATTRIB_OK));
  free(left);
  free(right);
  attrib_context_destroy(context);
  return found;
}

static attrib_comparison_options defaults(void) {
  return (attrib_comparison_options){.struct_size = sizeof(attrib_comparison_options)};
}

/* -- ranks -------------------------------------------------------------------------------------------------------- */

/* Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / sqrt(4.5 x 5). 1 - 6 x 4 / (5 x 24). Opposite orders, whose sizes agree.
 */
static void ranks_by_hand(void **state) {
  (void)state;
  const double tied[] = {1, 2, 2, 4}, other[] = {1, 3, 2, 4};
  assert_near(compare(4, tied, other, NULL, ATTRIB_OK).rank_correlation, 0.94868329805051381, ROUND_OFF, 1);
  const double up[] = {1, 2, 3, 4, 5}, swapped[] = {2, 1, 4, 3, 5}, down[] = {-1, -2, -3, -4, -5};
  assert_near(compare(5, up, swapped, NULL, ATTRIB_OK).rank_correlation, 0.8, ROUND_OFF, 1);
  attrib_comparison found = compare(5, up, down, NULL, ATTRIB_OK);
  assert_true(found.rank_correlation == -1 && found.absolute_rank_correlation == 1 && found.sign_flips == 1);
  const double zeros[] = {0.0, 1, -0.0}, same[] = {5, 7, 5};
  assert_true(compare(3, zeros, same, NULL, ATTRIB_OK).rank_correlation == 1); /* 0 and -0 are one value */
}

/* Of maps: sizes in the same order and in the opposite one, and none. A quarter of one map is 1, and half of that
 * quarter in the other, too, with nothing else: average ranks make this Pearson's correlation of the two sets,
 * (1/8 - 1/4 1/8) / sqrt(1/4 3/4 1/8 7/8). */
static void ranks_of_maps(void **state) {
  (void)state;
  enum { N = 576 };
  double a[N], b[N], flat[N];
  fill_random(3, a, N);
  for (int i = 0; i < N; i++) {
    b[i] = -exp(fabs(a[i]));
    flat[i] = i % 2 == 0 ? 2 : -2;
  }
  assert_near(compare(N, a, b, NULL, ATTRIB_OK).absolute_rank_correlation, 1, 1e-12, 1);
  for (int i = 0; i < N; i++) b[i] = 1 / a[i];
  assert_near(compare(N, a, b, NULL, ATTRIB_OK).absolute_rank_correlation, -1, 1e-12, 1);
  assert_true(isnan(compare(N, a, flat, NULL, ATTRIB_UNDEFINED).absolute_rank_correlation));
  for (int i = 0; i < N; i++) {
    a[i] = i % 4 == 0;
    b[i] = i % 8 == 0;
  }
  assert_near(compare(N, a, b, NULL, ATTRIB_OK).absolute_rank_correlation, (0.125 - 0.03125) / sqrt(0.1875 * 0.109375),
              1e-12, 1);
}

static double plain_rank(int64_t n, const double *values, int64_t i) {
  double less = 0, equal = 0;
  for (int64_t k = 0; k < n; k++) {
    less += values[k] < values[i];
    equal += values[k] == values[i];
  }
  return less + (equal + 1) / 2;
}

static double plain_spearman(int64_t n, const double *a, const double *b) {
  long double xy = 0, xx = 0, yy = 0, mean = (long double)(n + 1) / 2;
  for (int64_t i = 0; i < n; i++) {
    const long double x = plain_rank(n, a, i) - mean, y = plain_rank(n, b, i) - mean;
    xy += x * y, xx += x * x, yy += y * y;
  }
  return (double)(xy / sqrtl(xx * yy));
}

/* Values on few levels, so that many are tied; and on many. A strictly increasing change of the values changes no bit.
 */
static void ranks_against_plain_loops(void **state) {
  (void)state;
  enum { N = 300 };
  double a[N], b[N], sizes_a[N], sizes_b[N], cubed[N];
  for (int levels = 2; levels <= 200; levels *= 10) {
    fill_random(7 + (uint64_t)levels, a, N);
    fill_random(77, b, N);
    for (int i = 0; i < N; i++) {
      b[i] = floor((0.7 * a[i] + 0.5 * b[i]) * levels);
      a[i] = floor(a[i] * levels);
      sizes_a[i] = fabs(a[i]), sizes_b[i] = fabs(b[i]), cubed[i] = a[i] * a[i] * a[i];
    }
    const attrib_comparison found = compare(N, a, b, NULL, ATTRIB_OK), again = compare(N, cubed, b, NULL, ATTRIB_OK);
    assert_near(found.rank_correlation, plain_spearman(N, a, b), ROUND_OFF, 1);
    assert_near(found.absolute_rank_correlation, plain_spearman(N, sizes_a, sizes_b), ROUND_OFF, 1);
    assert_same_bits(&again.rank_correlation, &found.rank_correlation, 2);
    assert_true(compare(N, a, a, NULL, ATTRIB_OK).rank_correlation == 1);
    assert_true(compare(N, a, a, NULL, ATTRIB_OK).top_overlap == 1);
  }
}

/* -- top, signs, distances ---------------------------------------------------------------------------------------- */

static void top_by_hand(void **state) {
  (void)state;
  const double a[] = {5, 1, 5, 5, -9, 0, 0, 0, 0, 0}, b[] = {5, 5, 0, 0, -9, 0, 0, 0, 0, 0};
  attrib_comparison_options o = defaults();
  attrib_comparison found = compare(10, a, b, NULL, ATTRIB_OK);
  assert_true(found.top_count == 1 && found.top_overlap == 1); /* of equal ones the first */
  o.top_fraction = 0.25;                                       /* 2.5 values: 3. {0, 2, 3} and {0, 1, 2} */
  found = compare(10, a, b, &o, ATTRIB_OK);
  assert_true(found.top_count == 3 && found.top_overlap == 2.0 / 3);
  o.flags = ATTRIB_METRIC_ABSOLUTE; /* {4, 0, 2} and {4, 0, 1} */
  assert_true(compare(10, a, b, &o, ATTRIB_OK).top_overlap == 2.0 / 3);
  o.flags = 0, o.top_fraction = 0, o.top_count = 2; /* {0, 2} and {0, 1} */
  assert_true(compare(10, a, b, &o, ATTRIB_OK).top_overlap == 0.5);
  o.top_count = 10;
  assert_true(compare(10, a, b, &o, ATTRIB_OK).top_overlap == 1);
  o.top_count = 0, o.top_fraction = 1e-9;
  assert_true(compare(10, a, b, &o, ATTRIB_OK).top_count == 1);
}

/* 0.05 is below a hundredth of 10, and 0 has no sign. */
static void signs_by_hand(void **state) {
  (void)state;
  const double a[] = {10, -5, 0.05, 0, 3}, b[] = {9, 5, -4, 2, 3};
  attrib_comparison_options o = defaults();
  attrib_comparison found = compare(5, a, b, NULL, ATTRIB_OK);
  assert_true(found.sign_count == 3 && found.sign_flips == 1.0 / 3);
  o.noise = 0.001;
  found = compare(5, a, b, &o, ATTRIB_OK);
  assert_true(found.sign_count == 4 && found.sign_flips == 0.5);
  o.noise = 1;
  found = compare(5, a, b, &o, ATTRIB_OK);
  assert_true(found.sign_count == 1 && found.sign_flips == 0);
}

/* A distance of 5 to a length of 5; the same at the ends of what doubles hold. */
static void distances_by_hand(void **state) {
  (void)state;
  static const double scales[] = {1, 0x1p1000, 0x1p-1060, 0x1p-1074};
  for (int k = 0; k < COUNT(scales); k++) {
    const double s = scales[k], a[] = {3 * s, 4 * s}, b[] = {3 * s, 9 * s};
    const attrib_comparison found = compare(2, a, b, NULL, ATTRIB_OK);
    assert_true(found.relative_difference == 1 && found.largest_difference == 5 * s && found.largest_index == 1);
  }
  const double a[] = {1, 2, 3}, b[] = {2, 3, 3};
  assert_int_equal(compare(3, a, b, NULL, ATTRIB_OK).largest_index, 0);
}

/* -- SSIM --------------------------------------------------------------------------------------------------------- */

static attrib_image picture(int64_t width, int64_t height) {
  return (attrib_image){.struct_size = sizeof(attrib_image), .width = width, .height = height, .channels = 1};
}

/* Wang et al. 2004, as it is written there, with weights formed along rows and columns and moments about 0. */
static double plain_ssim(const attrib_image *shape, int64_t sx, int64_t sy, int64_t sc, const double *a,
                         const double *b, double range) {
  long double line[11], total = 0, sum = 0;
  const long double c1 = 0.01L * range * (0.01L * range), c2 = 0.03L * range * (0.03L * range);
  for (int i = 0; i < 11; i++) total += line[i] = expl(-(i - 5) * (i - 5) / 4.5L);
  int64_t windows = 0;
  for (int64_t c = 0; c < shape->channels; c++)
    for (int64_t y = 5; y + 5 < shape->height; y++)
      for (int64_t x = 5; x + 5 < shape->width; x++, windows++) {
        long double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
        for (int64_t v = -5; v <= 5; v++)
          for (int64_t u = -5; u <= 5; u++) {
            const int64_t i = (x + u) * sx + (y + v) * sy + c * sc;
            const long double w = line[u + 5] * line[v + 5] / (total * total);
            ma += w * a[i], mb += w * b[i], aa += w * a[i] * a[i], bb += w * b[i] * b[i], ab += w * a[i] * b[i];
          }
        aa -= ma * ma, bb -= mb * mb, ab -= ma * mb;
        sum += (2 * ma * mb + c1) * (2 * ab + c2) / ((ma * ma + mb * mb + c1) * (aa + bb + c2));
      }
  return (double)(sum / windows);
}

static void ssim_against_plain_loops(void **state) {
  (void)state;
  enum { W = 17, H = 13, C = 2, N = W * H * C };
  double a[N], b[N], low = 1, high = -1;
  fill_random(3, a, N);
  fill_random(4, b, N);
  for (int i = 0; i < N; i++) {
    b[i] = a[i] + 0.6 * b[i];
    low = fmin(low, fmin(a[i], b[i])), high = fmax(high, fmax(a[i], b[i]));
  }
  attrib_image layouts[] = {picture(W, H), picture(W, H), picture(H, W)};
  layouts[0].channels = layouts[1].channels = layouts[2].channels = C;
  layouts[1].x_stride = 1, layouts[1].y_stride = W, layouts[1].channel_stride = W * H; /* CHW */
  for (int k = 0; k < COUNT(layouts); k++) {
    const attrib_image *s = &layouts[k];
    const int64_t sx = k == 1 ? 1 : C, sy = k == 1 ? W : s->width * C, sc = k == 1 ? W * H : 1;
    attrib_comparison_options o = defaults();
    o.shape = s;
    attrib_comparison found = compare(N, a, b, &o, ATTRIB_OK);
    assert_true(found.range == high - low);
    assert_near(found.ssim, plain_ssim(s, sx, sy, sc, a, b, high - low), ROUND_OFF, 1);
    o.range = 0.3;
    found = compare(N, a, b, &o, ATTRIB_OK);
    assert_near(found.ssim, plain_ssim(s, sx, sy, sc, a, b, 0.3), ROUND_OFF, 1);
    assert_true(found.range == 0.3);
    assert_true(compare(N, a, a, &o, ATTRIB_OK).ssim == 1);
    assert_true(compare(N, b, a, &o, ATTRIB_OK).ssim == found.ssim);
  }
}

/* Two flat pictures, 0 and 1, at a range of 100: C1 = 1, and 1 / (1 + 1). Of a map and its negative without a mean the
 * structure is opposite: (C2 - 2 s) / (C2 + 2 s) of one window. Far from 0 nothing is lost. */
static void ssim_by_hand(void **state) {
  (void)state;
  enum { N = 121 };
  const attrib_image shape = picture(11, 11);
  attrib_comparison_options o = defaults();
  double zeros[N] = {0}, ones[N], wave[N], negative[N], far[N], far_wave[N];
  o.shape = &shape, o.range = 100;
  for (int i = 0; i < N; i++) ones[i] = 1;
  attrib_comparison found = compare(N, zeros, ones, &o, ATTRIB_UNDEFINED);
  assert_near(found.ssim, 0.5, ROUND_OFF, 1);
  assert_int_equal(found.undefined, ATTRIB_COMPARE_RANKS | ATTRIB_COMPARE_ABSOLUTE_RANKS | ATTRIB_COMPARE_SIGNS |
                                        ATTRIB_COMPARE_RELATIVE);
  double variance = 0, total = 0;
  for (int y = 0; y < 11; y++) /* odd along x: no mean under any weights that are even */
    for (int x = 0; x < 11; x++) {
      const int i = y * 11 + x;
      const double w = exp(-((x - 5) * (x - 5) + (y - 5) * (y - 5)) / 4.5);
      wave[i] = x - 5, negative[i] = 5 - x, far[i] = 0x1p30, far_wave[i] = 0x1p30 + x - 5;
      total += w, variance += w * wave[i] * wave[i];
    }
  variance /= total;
  o.range = 10; /* C2 = 0.09 */
  found = compare(N, wave, negative, &o, ATTRIB_OK);
  assert_near(found.ssim, (0.09 - 2 * variance) / (0.09 + 2 * variance), ROUND_OFF, 1);
  found = compare(N, far, far_wave, &o, ATTRIB_UNDEFINED);
  assert_near(found.ssim, 0.09 / (0.09 + variance), 1e-6, 1);
}

static void ssim_that_does_not_exist(void **state) {
  (void)state;
  enum { N = 132 };
  double a[N], b[N], flat[N];
  fill_random(1, a, N);
  fill_random(2, b, N);
  for (int i = 0; i < N; i++) flat[i] = 3;
  attrib_image shape = picture(12, 11);
  attrib_comparison_options o = defaults();
  assert_true(isnan(compare(N, a, b, &o, ATTRIB_OK).ssim)); /* not asked for */
  o.shape = &shape;
  assert_true(isfinite(compare(N, a, b, &o, ATTRIB_OK).ssim));
  attrib_comparison found = compare(N, flat, flat, &o, ATTRIB_UNDEFINED);
  assert_true(isnan(found.ssim) && found.range == 0 && (found.undefined & ATTRIB_COMPARE_SSIM) != 0);
  o.range = 1;
  assert_true(compare(N, flat, flat, &o, ATTRIB_UNDEFINED).ssim == 1);
  o.range = 1e-300; /* its constants vanish beside 1, and a window of zeros leaves 0 / 0 */
  for (int i = 0; i < N; i++) flat[i] = i == 11;
  assert_int_equal(compare(N, flat, flat, &o, ATTRIB_UNDEFINED).undefined, ATTRIB_COMPARE_SSIM);
  o.range = 0;
  shape = picture(66, 2);
  found = compare(N, a, b, &o, ATTRIB_UNDEFINED);
  assert_true(isnan(found.ssim) && found.undefined == ATTRIB_COMPARE_SSIM && found.failed == 0);
  o.min_ssim = -1; /* no value meets no threshold */
  found = compare(N, a, b, &o, ATTRIB_DISAGREE);
  assert_true(found.undefined == ATTRIB_COMPARE_SSIM && found.failed == ATTRIB_COMPARE_SSIM);
}

/* -- thresholds --------------------------------------------------------------------------------------------------- */

typedef struct limit {
  uint32_t bit;
  size_t option, result;
  int sign;
  const char *name;
} limit;

#define LIMIT(bit, option, result, sign) \
  { bit, offsetof(attrib_comparison_options, option), offsetof(attrib_comparison, result), sign, "options->" #option }

static const limit limits[] = {
    LIMIT(ATTRIB_COMPARE_RANKS, min_rank_correlation, rank_correlation, 1),
    LIMIT(ATTRIB_COMPARE_ABSOLUTE_RANKS, min_absolute_rank_correlation, absolute_rank_correlation, 1),
    LIMIT(ATTRIB_COMPARE_TOP, min_top_overlap, top_overlap, 1),
    LIMIT(ATTRIB_COMPARE_SIGNS, max_sign_flips, sign_flips, -1),
    LIMIT(ATTRIB_COMPARE_SSIM, min_ssim, ssim, 1),
    LIMIT(ATTRIB_COMPARE_RELATIVE, max_relative_difference, relative_difference, -1),
    LIMIT(ATTRIB_COMPARE_LARGEST, max_difference, largest_difference, -1),
};

/* Each is met at the very value and not beyond; all together they are told by their bits, the first in the message. */
static void thresholds(void **state) {
  (void)state;
  enum { N = 144 };
  double a[N], b[N];
  fill_random(11, a, N);
  fill_random(12, b, N);
  for (int i = 0; i < N; i++) b[i] = a[i] + 0.5 * b[i];
  const attrib_image shape = picture(12, 12);
  attrib_comparison_options o = defaults(), all = defaults();
  attrib_context *context = new_context(1, 0);
  o.shape = all.shape = &shape;
  const attrib_comparison plain = compare(N, a, b, &o, ATTRIB_OK);
  uint32_t bits = 0;
  for (int k = 0; k < COUNT(limits); k++) {
    double value;
    memcpy(&value, (const char *)&plain + limits[k].result, sizeof value);
    assert_true(value > 0 && value < 10);
    const double beyond = nextafter(value, limits[k].sign * INFINITY);
    attrib_comparison_options met = o, missed = o;
    memcpy((char *)&met + limits[k].option, &value, sizeof value);
    memcpy((char *)&missed + limits[k].option, &beyond, sizeof beyond);
    memcpy((char *)&all + limits[k].option, &beyond, sizeof beyond);
    assert_int_equal(compare(N, a, b, &met, ATTRIB_OK).failed, 0);
    attrib_comparison found = {.struct_size = sizeof found};
    assert_status(attrib_compare_maps(context, N, a, b, &missed, &found), ATTRIB_DISAGREE, context);
    assert_int_equal(found.failed, limits[k].bit);
    assert_names(attrib_context_error(context), limits[k].name);
    assert_same_bits(&found.rank_correlation, &plain.rank_correlation, 8);
    bits |= limits[k].bit;
  }
  assert_int_equal(compare(N, a, b, &all, ATTRIB_DISAGREE).failed, bits);
  attrib_context_destroy(context);
}

/* -- what does not exist, what is refused ------------------------------------------------------------------------- */

static void constant_maps(void **state) {
  (void)state;
  const double flat[] = {2, 2, 2}, zeros[] = {0, 0, 0}, turned[] = {2, -2, 2}, map[] = {1, 2, 3};
  attrib_comparison found = compare(3, map, flat, NULL, ATTRIB_UNDEFINED);
  assert_true(isnan(found.rank_correlation) && isnan(found.absolute_rank_correlation));
  assert_int_equal(found.undefined, ATTRIB_COMPARE_RANKS | ATTRIB_COMPARE_ABSOLUTE_RANKS);
  assert_true(found.top_overlap == 0 && found.sign_flips == 0);
  found = compare(3, map, turned, NULL, ATTRIB_UNDEFINED);
  assert_int_equal(found.undefined, ATTRIB_COMPARE_ABSOLUTE_RANKS);
  assert_true(found.rank_correlation == 0);
  found = compare(3, map, zeros, NULL, ATTRIB_UNDEFINED);
  assert_true(isnan(found.sign_flips) && found.sign_count == 0 && found.relative_difference == 1);
  found = compare(3, zeros, map, NULL, ATTRIB_UNDEFINED);
  assert_true(isnan(found.relative_difference) && (found.undefined & ATTRIB_COMPARE_RELATIVE) != 0);
  found = compare(1, map, map, NULL, ATTRIB_UNDEFINED); /* one feature has no order */
  assert_true(isnan(found.rank_correlation) && found.top_overlap == 1 && found.relative_difference == 0);
  attrib_comparison_options o = defaults();
  o.min_rank_correlation = 0.9; /* equal, and yet there is nothing that a rank could say */
  assert_int_equal(compare(3, flat, flat, &o, ATTRIB_DISAGREE).failed, ATTRIB_COMPARE_RANKS);
}

typedef struct wrong {
  size_t option;
  double value;
  const char *names;
} wrong;

#define WRONG(option, value, names) \
  { offsetof(attrib_comparison_options, option), value, names }

static const wrong wrongs[] = {
    WRONG(top_fraction, -0.1, "options->top_fraction = -0.1"),
    WRONG(top_fraction, 1.5, "options->top_fraction = 1.5"),
    WRONG(noise, NAN, "options->noise = "),
    WRONG(noise, 2, "options->noise = 2"),
    WRONG(range, -1, "options->range = -1"),
    WRONG(min_rank_correlation, 1.5, "options->min_rank_correlation = 1.5"),
    WRONG(min_absolute_rank_correlation, -2, "options->min_absolute_rank_correlation = -2"),
    WRONG(min_top_overlap, -0.5, "options->min_top_overlap = -0.5"),
    WRONG(max_sign_flips, 1.25, "options->max_sign_flips = 1.25"),
    WRONG(min_ssim, 3, "options->min_ssim = 3"),
    WRONG(max_relative_difference, INFINITY, "options->max_relative_difference = inf"),
    WRONG(max_difference, -1, "options->max_difference = -1"),
};

static void refuse(attrib_context *context, int64_t count, const double *a, const double *b,
                   const attrib_comparison_options *o, attrib_status status, const char *names) {
  attrib_comparison found, before;
  memset(&found, 0x5a, sizeof found);
  found.struct_size = sizeof found;
  before = found;
  assert_status(attrib_compare_maps(context, count, a, b, o, &found), status, context);
  assert_names(attrib_context_error(context), names);
  assert_memory_equal(&found, &before, sizeof found);
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  enum { N = 121 };
  double a[N] = {1}, b[N] = {0, 1}, bad[N] = {0, 0, NAN}, huge[N] = {DBL_MAX}, low[N] = {-DBL_MAX};
  attrib_context *context = new_context(1, 0);
  const attrib_image shape = picture(11, 11), other = picture(11, 12);
  attrib_comparison_options o = defaults();
  for (int k = 0; k < COUNT(wrongs); k++) {
    attrib_comparison_options with = o;
    with.shape = &shape;
    memcpy((char *)&with + wrongs[k].option, &wrongs[k].value, sizeof(double));
    refuse(context, N, a, b, &with, ATTRIB_E_ARGUMENT, wrongs[k].names);
  }
  refuse(context, 0, a, b, &o, ATTRIB_E_ARGUMENT, "count = 0");
  refuse(context, INT64_MAX, a, b, &o, ATTRIB_E_OVERFLOW, "count = ");
  refuse(context, N, NULL, b, &o, ATTRIB_E_ARGUMENT, "a is NULL");
  refuse(context, N, a, NULL, &o, ATTRIB_E_ARGUMENT, "b is NULL");
  refuse(context, N, a, bad, &o, ATTRIB_E_NONFINITE, "b[2] = ");
  refuse(context, N, bad, b, &o, ATTRIB_E_NONFINITE, "a[2] = ");
  refuse(context, N, huge, low, &o, ATTRIB_E_OVERFLOW, "a[0] - b[0]");
  o.top_count = -1;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->top_count = -1");
  o.top_count = N + 1;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->top_count = 122");
  o.top_count = 3, o.top_fraction = 0.5;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->top_fraction = 0.5: must be 0");
  o = defaults(), o.min_ssim = 0.5;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->min_ssim = 0.5: must be 0");
  o = defaults(), o.range = 1;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->range = 1: must be 0");
  o = defaults(), o.shape = &other;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->shape: 11 x 12 pixels");
  o = defaults(), o.flags = ATTRIB_METRIC_SOFTMAX;
  refuse(context, N, a, b, &o, ATTRIB_E_ARGUMENT, "options->flags has ATTRIB_METRIC_SOFTMAX");
  o.flags = 0x80;
  refuse(context, N, a, b, &o, ATTRIB_E_UNSUPPORTED, "options->flags = 0x80");
  o = defaults(), o.reserved = a;
  refuse(context, N, a, b, &o, ATTRIB_E_UNSUPPORTED, "options->reserved");
  assert_status(attrib_compare_maps(context, N, a, b, NULL, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "comparison is NULL");
  attrib_context_destroy(context);
}

static void memory_runs_out(void **state) {
  (void)state;
  const double a[] = {1, 2, 3}, b[] = {3, 2, 1};
  attrib_comparison found = {.struct_size = sizeof found};
  meter m;
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  m.fail_at = m.allocations;
  assert_status(attrib_compare_maps(context, 3, a, b, NULL, &found), ATTRIB_E_MEMORY, context);
  assert_int_equal(found.filled_size, 0);
  m.fail_at = -1;
  assert_status(attrib_compare_maps(context, 3, a, b, NULL, &found), ATTRIB_OK, context);
  const int64_t made = m.allocations;
  assert_status(attrib_compare_maps(context, 3, a, b, NULL, &found), ATTRIB_OK, context);
  assert_int_equal(m.allocations, made);
  attrib_context_destroy(context);
  meter_finish(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ranks_by_hand),
      cmocka_unit_test(ranks_of_maps),
      cmocka_unit_test(ranks_against_plain_loops),
      cmocka_unit_test(top_by_hand),
      cmocka_unit_test(signs_by_hand),
      cmocka_unit_test(distances_by_hand),
      cmocka_unit_test(ssim_against_plain_loops),
      cmocka_unit_test(ssim_by_hand),
      cmocka_unit_test(ssim_that_does_not_exist),
      cmocka_unit_test(thresholds),
      cmocka_unit_test(constant_maps),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
