/* test_image_regions.c - the order in which segments cover a picture: by hand, and against masks and plain loops. */
#include "fixture.h"
#include "ranked.h"

/* gains: of region 0, 1 ..; last of the pixels that no region covers, where there are any. */
static void expect(int64_t width, int64_t height, const double *map, const attrib_segments *segments, int64_t regions,
                   const int32_t *order, const double *gains) {
  ranked r = rank(NULL, width, height, map, segments);
  assert_int_equal(r.status, ATTRIB_OK);
  assert_int_equal(r.regions, regions);
  for (int64_t i = 0; i < r.pixels; i++) {
    if (r.order[i] != order[i]) fail_msg("pixel %d: %d, not %d", (int)i, (int)r.order[i], (int)order[i]);
    if (r.gains[i] != gains[order[i]]) fail_msg("pixel %d: gain %.17g, not %.17g", (int)i, r.gains[i], gains[order[i]]);
  }
  free_ranked(&r);
}

static void segments_of_one_map_go_by_their_means(void **state) {
  (void)state;
  const double map[6] = {1, 3, -1, /**/ 5, 0, -2}, gains[3] = {4, 0.5, -1.5};
  const int32_t labels[6] = {4, 9, 2, /**/ 9, 4, 2}, order[6] = {1, 0, 2, /**/ 0, 1, 2};
  const attrib_segments s = segments_of(1, labels, 0, 0);
  expect(3, 2, map, &s, 3, order, gains);
}

/* The middle comes first with 6. Of the rest the left half has 2, the right half 1, and the outer segment 3 / 2. */
static void means_are_over_what_is_left(void **state) {
  (void)state;
  const double map[4] = {2, 6, 6, 1}, gains[3] = {6, 2, 1}, two_gains[2] = {6, 1.5};
  const int32_t halves[8] = {0, 0, 1, 1, /**/ 0, 1, 1, 0}, order[4] = {1, 0, 0, 2};
  attrib_segments s = segments_of(2, halves, 0, 0);
  expect(4, 1, map, &s, 3, order, gains);
  const int32_t whole[8] = {0, 0, 0, 0, /**/ 0, 1, 1, 0}, two[4] = {1, 0, 0, 1};
  s = segments_of(2, whole, 0, 0);
  expect(4, 1, map, &s, 2, two, two_gains);
}

/* The second segment is better without what the first one took from it. */
static void gains_may_rise(void **state) {
  (void)state;
  const double map[3] = {5, -1, 4}, gains[2] = {2, 4};
  const int32_t labels[6] = {0, 0, -1, /**/ -1, 0, 0}, order[3] = {0, 0, 1};
  const attrib_segments s = segments_of(2, labels, 0, 0);
  expect(3, 1, map, &s, 2, order, gains);
}

static void ties_go_to_the_lower_map_then_label(void **state) {
  (void)state;
  const double map[4] = {0.1, 0.1, 0.1, 0.1}, gains[3] = {0.1, 0.1, 0.1};
  const int32_t labels[8] = {8, 3, 3, 5, /**/ 0, 0, 0, 0}, order[4] = {2, 0, 0, 1};
  attrib_segments s = segments_of(2, labels, 0, 0);
  expect(4, 1, map, &s, 3, order, gains);
  const int32_t swapped[8] = {0, 0, 0, 0, /**/ 8, 3, 3, 5}, at_once[4] = {0, 0, 0, 0};
  s = segments_of(2, swapped, 0, 0);
  expect(4, 1, map, &s, 1, at_once, gains);
}

/* Both means are 1/3; added up in doubles one would be 0, and the other a third as soon as 1e16 is taken away. */
static void means_are_not_rounded_before_they_are_compared(void **state) {
  (void)state;
  const double map[6] = {1e16, 1, -1e16, 0, 1, 0}, gains[2] = {1.0 / 3, 1.0 / 3};
  const int32_t labels[6] = {0, 0, 0, 1, 1, 1}, swapped[6] = {1, 1, 1, 0, 0, 0};
  attrib_segments s = segments_of(1, labels, 0, 0);
  expect(6, 1, map, &s, 2, labels, gains);
  s = segments_of(1, swapped, 0, 0);
  expect(6, 1, map, &s, 2, swapped, gains);
  const double huge[6] = {DBL_MAX, DBL_MAX, 5e-324, DBL_MAX, DBL_MAX, 0}, means[2] = {DBL_MAX / 3 * 2, DBL_MAX / 3 * 2};
  s = segments_of(1, swapped, 0, 0);
  const int32_t by_a_hair[6] = {0, 0, 0, 1, 1, 1};
  expect(6, 1, huge, &s, 2, by_a_hair, means);
}

static void dilation_grows_segments_into_each_other(void **state) {
  (void)state;
  const double line[7] = {1, 1, 1, 1, 2, 2, 2}, gains[3] = {1.6, 1, 2}, apart_gains[3] = {5.0 / 3, 1, 2};
  const int32_t labels[7] = {-1, 0, -1, -1, 1, -1, -1};
  const int32_t two_away[7] = {1, 1, 0, 0, 0, 0, 0}, one_away[7] = {1, 1, 1, 0, 0, 0, 2};
  attrib_segments s = segments_of(1, labels, 2, 0);
  expect(7, 1, line, &s, 2, two_away, gains);
  expect(1, 7, line, &s, 2, two_away, gains);
  s.dilation = 1;
  expect(7, 1, line, &s, 2, one_away, apart_gains);
  s.dilation = INT64_MAX; /* both are the picture: the first takes it all */
  const int32_t all[7] = {0};
  const double mean[1] = {10.0 / 7};
  expect(7, 1, line, &s, 1, all, mean);
}

/* A disc is one of true distances: at 2 the corners of its square are left out. */
static void dilation_is_round(void **state) {
  (void)state;
  double map[25];
  int32_t label[25];
  for (int i = 0; i < 25; i++) map[i] = i == 0 ? 7 : 1, label[i] = i == 12 ? 0 : -1;
  const int32_t order[25] = {1,      1, 0, 1, 1, /**/ 1, 0, 0, 0, 1, /**/ 0, 0, 0, 0, 0,
                             /**/ 1, 0, 0, 0, 1, /**/ 1, 1, 0, 1, 1};
  const double gains[2] = {1, 1.5};
  const attrib_segments s = segments_of(1, label, 2, 0);
  expect(5, 5, map, &s, 1, order, gains);
}

static void what_no_segment_has_comes_last_together(void **state) {
  (void)state;
  const double map[5] = {9, 1, 8, 2, 7}, gains[3] = {2, 1, 8}, mean[1] = {5.4};
  const int32_t labels[5] = {-1, 0, -1, 3, -1}, order[5] = {2, 1, 2, 0, 2};
  attrib_segments s = segments_of(1, labels, 0, 0);
  expect(5, 1, map, &s, 2, order, gains);
  const int32_t none[10] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, zeros[5] = {0};
  s = segments_of(2, none, 3, 0);
  expect(5, 1, map, &s, 0, zeros, mean);
}

/* Passed over by what it would add: a segment that had enough pixels may have too few once others are covered. */
static void small_additions_are_passed_over(void **state) {
  (void)state;
  const double map[5] = {3, 4, 4, 4, 9}, none_gains[1] = {4.8};
  const int32_t labels[10] = {0, 0, 1, 1, 1, /**/ -1, 2, 2, 2, -1}, order[5] = {1, 0, 0, 0, 1};
  attrib_segments s = segments_of(2, labels, 0, 2);
  const int32_t right_first[5] = {1, 1, 0, 0, 0};
  const double right_gains[2] = {17.0 / 3, 3.5};
  expect(5, 1, map, &s, 2, right_first, right_gains);
  const double flat[5] = {3, 6, 6, 6, 5}; /* the middle first, then one pixel would be left to each side */
  const double flat_gains[2] = {6, 4};
  expect(5, 1, flat, &s, 1, order, flat_gains);
  s.min_pixels = 1;
  const int32_t sides[5] = {2, 0, 0, 0, 1};
  const double sides_gains[3] = {6, 5, 3};
  expect(5, 1, flat, &s, 3, sides, sides_gains);
  s.min_pixels = 4;
  const int32_t zeros[5] = {0};
  expect(5, 1, map, &s, 0, zeros, none_gains);
  s.min_pixels = INT64_MAX;
  expect(5, 1, map, &s, 0, zeros, none_gains);
}

static void one_pixel_and_one_value(void **state) {
  (void)state;
  const double map[12] = {-3, -3, -3, -3, -3, -3, -3, -3, -3, -3, -3, -3}, gains[3] = {-3, -3, -3};
  const int32_t one[2] = {INT32_MAX, 0}, zeros[1] = {0};
  attrib_segments s = segments_of(2, one, 1, 0);
  expect(1, 1, map, &s, 1, zeros, gains);
  const int32_t labels[12] = {0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 2};
  s = segments_of(1, labels, 0, 0);
  expect(4, 3, map, &s, 3, labels, gains);
}

static void gains_are_optional(void **state) {
  (void)state;
  const double map[4] = {2, 6, 6, 1};
  const int32_t labels[8] = {0, 0, 1, 1, /**/ 0, 1, 1, 0}, expected[4] = {1, 0, 0, 2};
  const attrib_segments s = segments_of(2, labels, 0, 0);
  int32_t order[4];
  int64_t regions;
  assert_int_equal(attrib_image_regions(NULL, 4, 1, map, &s, order, NULL, &regions), ATTRIB_OK);
  assert_int_equal(regions, 3);
  assert_memory_equal(order, expected, sizeof order);
}

/* ---- the definition: a mask for every segment, and everything formed anew for each region ---- */

enum { MAPS = 3, LABELS = 7, PIXELS = 130 };

typedef struct reference {
  int64_t width, height, pixels;
  int64_t values[PIXELS]; /* the map in units of 2^-40, so that sums and their products with counts are exact */
  int32_t labels[MAPS * PIXELS];
  bool mask[MAPS * LABELS][PIXELS];
  int64_t regions;
  int32_t order[PIXELS];
  double gains[PIXELS];
} reference;

static void build_masks(reference *r, int64_t dilation) {
  memset(r->mask, 0, sizeof r->mask);
  for (int64_t map = 0; map < MAPS; map++)
    for (int64_t i = 0; i < r->pixels; i++)
      for (int64_t k = 0; k < r->pixels; k++) {
        int32_t label = r->labels[map * r->pixels + i];
        int64_t across = i % r->width - k % r->width, down = i / r->width - k / r->width;
        if (label >= 0 && across * across + down * down <= dilation * dilation) r->mask[map * LABELS + label][k] = true;
      }
}

/* The mean over the pixels of a mask (NULL = all) without a region, as a fraction. */
static void mean_left(const reference *r, const bool *mask, int64_t *sum, int64_t *count) {
  *sum = *count = 0;
  for (int64_t i = 0; i < r->pixels; i++)
    if (r->order[i] < 0 && (mask == NULL || mask[i])) *sum += r->values[i], ++*count;
}

static void give(reference *r, const bool *mask, int32_t region, int64_t sum, int64_t count) {
  for (int64_t i = 0; i < r->pixels; i++)
    if (r->order[i] < 0 && (mask == NULL || mask[i])) {
      r->order[i] = region;
      r->gains[i] = ldexp((double)sum / (double)count, -40); /* sum is below 2^53 */
    }
}

static void cover_plainly(reference *r, int64_t min_pixels) {
  int32_t region = 0;
  int64_t sum, count;
  for (int64_t i = 0; i < r->pixels; i++) r->order[i] = -1;
  for (int best = 0; best >= 0;) {
    int64_t best_sum = 0, best_count = 1;
    best = -1;
    for (int s = 0; s < MAPS * LABELS; s++) {
      mean_left(r, r->mask[s], &sum, &count);
      if (count < min_pixels || count == 0) continue;
      if (best >= 0 && sum * best_count <= best_sum * count) continue;
      best = s, best_sum = sum, best_count = count;
    }
    if (best >= 0) give(r, r->mask[best], region++, best_sum, best_count);
  }
  mean_left(r, NULL, &sum, &count);
  if (count > 0) give(r, NULL, region, sum, count);
  r->regions = region;
}

/* kind 0: labels anywhere; 1: in patches; 2: in patches, with holes. Values of few sizes, so that many means are equal,
 * or of 40 bits. */
static void draw(reference *r, uint64_t *seed, int kind, int64_t range) {
  for (int64_t i = 0; i < r->pixels; i++) r->values[i] = (int64_t)(random_number(seed) * (double)range);
  for (int64_t map = 0; map < MAPS; map++) {
    int64_t patch = 2 + map;
    int32_t names[PIXELS];
    for (int i = 0; i < PIXELS; i++) names[i] = (int32_t)(fabs(random_number(seed)) * LABELS);
    for (int64_t i = 0; i < r->pixels; i++) {
      int64_t place = i / r->width / patch * (r->width / patch + 1) + i % r->width / patch;
      bool hole = kind == 2 && random_number(seed) > 0.6;
      r->labels[map * r->pixels + i] = hole ? -1 : names[kind == 0 ? i : place];
    }
  }
}

static void agrees_with_the_definition(void **state) {
  (void)state;
  const int64_t sizes[][2] = {{1, 1}, {9, 1}, {1, 8}, {7, 6}, {13, 10}}, dilations[] = {0, 1, 2, 5, 100};
  static reference r;
  uint64_t seed = 11;
  int64_t passed_over = 0, covered = 0;
  for (int s = 0; s < COUNT(sizes); s++)
    for (int trial = 0; trial < 60; trial++) {
      int64_t dilation = dilations[trial % COUNT(dilations)], min_pixels = trial % 4 == 3 ? 4 : trial % 2;
      r.width = sizes[s][0], r.height = sizes[s][1], r.pixels = r.width * r.height;
      draw(&r, &seed, trial % 3, trial % 4 == 0 ? 3 : INT64_C(1) << 40);
      build_masks(&r, dilation);
      cover_plainly(&r, min_pixels);
      double map[PIXELS];
      for (int64_t i = 0; i < r.pixels; i++) map[i] = ldexp((double)r.values[i], -40);
      const attrib_segments segments = segments_of(MAPS, r.labels, dilation, min_pixels);
      ranked found = rank(NULL, r.width, r.height, map, &segments);
      assert_int_equal(found.status, ATTRIB_OK);
      assert_int_equal(found.regions, r.regions);
      assert_memory_equal(found.order, r.order, (size_t)r.pixels * sizeof *r.order);
      for (int64_t i = 0; i < r.pixels; i++) {
        assert_true(found.gains[i] == r.gains[i]);
        passed_over += r.order[i] == r.regions;
        covered += r.order[i] < r.regions;
      }
      free_ranked(&found);
    }
  assert_true(passed_over > 80 && covered > 10000); /* 98 and 11302 */
}

/* Nothing but means and names decides: not places, not the scale, not the numbering of labels. */
static void the_order_is_one_of_means_and_names(void **state) {
  (void)state;
  static reference r;
  uint64_t seed = 12;
  double map[PIXELS], turned_map[PIXELS], other[PIXELS];
  static int32_t turned[MAPS * PIXELS], renamed[MAPS * PIXELS];
  r.width = 13, r.height = 10, r.pixels = PIXELS;
  for (int trial = 0; trial < 12; trial++) {
    draw(&r, &seed, trial % 3, trial % 2 == 0 ? 4 : INT64_C(1) << 40);
    for (int64_t i = 0; i < PIXELS; i++) {
      int64_t there = i % 13 * 10 + i / 13; /* columns become rows */
      map[i] = turned_map[there] = (double)r.values[i];
      other[i] = ldexp(map[i], 500 * (trial % 3 - 1));
      for (int64_t m = 0; m < MAPS; m++) {
        int32_t label = r.labels[m * PIXELS + i];
        turned[m * PIXELS + there] = label;
        renamed[m * PIXELS + i] = label < 0 ? -1 : INT32_MAX - 1000 * (LABELS - label);
      }
    }
    attrib_segments s = segments_of(MAPS, r.labels, trial % 4, 0);
    ranked plain = rank(NULL, 13, 10, map, &s), scaled = rank(NULL, 13, 10, other, &s);
    s.labels = turned;
    ranked transposed = rank(NULL, 10, 13, turned_map, &s);
    s.labels = renamed;
    ranked named = rank(NULL, 13, 10, map, &s);
    assert_memory_equal(scaled.order, plain.order, PIXELS * sizeof *plain.order);
    assert_memory_equal(named.order, plain.order, PIXELS * sizeof *plain.order);
    for (int64_t i = 0; i < PIXELS; i++) {
      assert_int_equal(transposed.order[i % 13 * 10 + i / 13], plain.order[i]);
      assert_true(transposed.gains[i % 13 * 10 + i / 13] == plain.gains[i]);
      assert_true(scaled.gains[i] == ldexp(plain.gains[i], 500 * (trial % 3 - 1)));
    }
    free_ranked(&plain), free_ranked(&scaled), free_ranked(&transposed), free_ranked(&named);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(segments_of_one_map_go_by_their_means),
      cmocka_unit_test(means_are_over_what_is_left),
      cmocka_unit_test(gains_may_rise),
      cmocka_unit_test(ties_go_to_the_lower_map_then_label),
      cmocka_unit_test(means_are_not_rounded_before_they_are_compared),
      cmocka_unit_test(dilation_grows_segments_into_each_other),
      cmocka_unit_test(dilation_is_round),
      cmocka_unit_test(what_no_segment_has_comes_last_together),
      cmocka_unit_test(small_additions_are_passed_over),
      cmocka_unit_test(one_pixel_and_one_value),
      cmocka_unit_test(gains_are_optional),
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(the_order_is_one_of_means_and_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
