/* test_network_regions.c - regions of a picture by what the bundled network looks at (XRAI), against the method's own
 * words in plain loops: a map from two constant baselines, and the greedy choice among segments of several scales.
 *
 * The maps' gradients are the network's floats at the same points to the bit, their sums in double, so 1e-6 of the
 * largest is far above what rounding leaves. Which region comes when is compared exactly: means of different sets of
 * pixels are further apart than rounding, and of the same set (a segment that two scales have alike) are the same to
 * the bit, since pixels are added in one order. */
#include "../unit/fixture.h"

#include "bundled_group.h"
#include "regions.h"

enum { SIDE = SMALL_NET_WIDTH, PIXELS = SIDE * SIDE, CHANNELS = SMALL_NET_CHANNELS, POINTS = 8 };

/* Integrated gradients by midpoints from black and from white, averaged, summed over channels. */
static void recompute_map(const bundled_picture *picture, double *map) {
  float *point = exact_block(BUNDLED_N * sizeof *point), *g = exact_block(BUNDLED_N * sizeof *g);
  memset(map, 0, PIXELS * sizeof *map);
  for (int white = 0; white < 2; white++)
    for (int j = 0; j < POINTS; j++) {
      for (int64_t i = 0; i < BUNDLED_N; i++)
        point[i] = (float)(white + (j + .5) / POINTS * ((double)picture->image.pixels[i] - white));
      assert_int_equal(small_net_gradient(b.net, 0, SMALL_NET_LOGIT, point, picture->target, NULL, NULL, g), 0);
      for (int64_t i = 0; i < BUNDLED_N; i++)
        map[i % PIXELS] += ((double)picture->image.pixels[i] - white) * (double)g[i] / POINTS / 2;
    }
  free(point);
  free(g);
}

static void library_map(const bundled_picture *picture, double *map) {
  float *ends = exact_block(2 * BUNDLED_N * sizeof *ends);
  int32_t *pixel_of = exact_block(BUNDLED_N * sizeof *pixel_of);
  for (int64_t i = 0; i < BUNDLED_N; i++) {
    ends[i] = 0;
    ends[BUNDLED_N + i] = 1;
    pixel_of[i] = (int32_t)(i % PIXELS);
  }
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 2, .rows = ends};
  const attrib_ig_options o = {
      .struct_size = sizeof o, .rule = ATTRIB_RULE_MIDPOINT, .points = POINTS, .n_groups = PIXELS, .groups = pixel_of};
  assert_status(
      attrib_integrated_gradients(b.context, &model, picture->image.pixels, picture->target, &set, &o, map, NULL),
      ATTRIB_OK, b.context);
  free(pixel_of);
  free(ends);
}

/* Segments as sets of pixels, by map and then by label; those without a pixel are left out. */
typedef struct plain_segments {
  int64_t count;
  bool *holds; /* count x PIXELS */
} plain_segments;

static plain_segments grow(const attrib_segments *s) {
  int32_t most = -1;
  for (int64_t i = 0; i < s->count * PIXELS; i++) most = s->labels[i] > most ? s->labels[i] : most;
  plain_segments plain = {0, calloc((size_t)(s->count * (most + 1)) * PIXELS, sizeof *plain.holds)};
  assert_non_null(plain.holds);
  for (int64_t m = 0; m < s->count; m++)
    for (int32_t label = 0; label <= most; label++) {
      bool *holds = plain.holds + plain.count * PIXELS, any = false;
      for (int64_t k = 0; k < PIXELS; k++) {
        if (s->labels[m * PIXELS + k] != label) continue;
        any = true;
        for (int64_t at = 0; at < PIXELS; at++) {
          const int64_t dx = at % SIDE - k % SIDE, dy = at / SIDE - k / SIDE;
          if (dx * dx + dy * dy <= s->dilation * s->dilation) holds[at] = true;
        }
      }
      plain.count += any;
    }
  return plain;
}

/* Again and again the segment of the largest mean over what is uncovered of it. Returns how many. */
static int64_t cover(const plain_segments *s, const double *map, int64_t min_pixels, int32_t *order, double *gains) {
  int64_t regions = 0, rest = 0;
  double sum_of_rest = 0;
  for (int64_t i = 0; i < PIXELS; i++) order[i] = -1;
  for (;; regions++) {
    int64_t best = -1;
    double largest = 0;
    for (int64_t k = 0; k < s->count; k++) {
      const bool *holds = s->holds + k * PIXELS;
      int64_t pixels = 0;
      double sum = 0;
      for (int64_t i = 0; i < PIXELS; i++) {
        if (!holds[i] || order[i] >= 0) continue;
        sum += map[i];
        pixels++;
      }
      if (pixels < min_pixels || pixels == 0 || (best >= 0 && sum / (double)pixels <= largest)) continue;
      largest = sum / (double)pixels;
      best = k;
    }
    if (best < 0) break;
    for (int64_t i = 0; i < PIXELS; i++) {
      if (!s->holds[best * PIXELS + i] || order[i] >= 0) continue;
      order[i] = (int32_t)regions;
      gains[i] = largest;
    }
  }
  for (int64_t i = 0; i < PIXELS; i++)
    if (order[i] < 0) {
      sum_of_rest += map[i];
      rest++;
    }
  for (int64_t i = 0; i < PIXELS; i++)
    if (order[i] < 0) {
      order[i] = (int32_t)regions;
      gains[i] = sum_of_rest / (double)rest;
    }
  return regions;
}

/* Segments as the examples cut them (dilated by 1, additions of 4 pixels and more); grown by more, and only large
 * additions, which leaves a rest; the finest map alone, as it is. */
static void regions(void **state) {
  (void)state;
  static const struct { int64_t maps, dilation, min_pixels; } cases[] = {{0, 0, 0}, {0, 3, 40}, {1, 0, 8}};
  static int32_t labels[REGIONS_MAPS * PIXELS], order[PIXELS], expected_order[PIXELS];
  static double map[PIXELS], expected_map[PIXELS], gains[PIXELS], expected_gains[PIXELS];
  char message[FILE_MESSAGE_CAPACITY];
  int64_t rests = 0;
  for (int which = 0; which < COUNT(cases); which++) {
    const bundled_picture *picture = &b.pictures[4 * which + 1];
    double largest = 0;
    recompute_map(picture, expected_map);
    library_map(picture, map);
    for (int64_t i = 0; i < PIXELS; i++) largest = fmax(largest, fabs(expected_map[i]));
    assert_true(largest > 1e-3);
    for (int64_t i = 0; i < PIXELS; i++) assert_near(map[i], expected_map[i], 1e-6, largest);

    attrib_segments segments;
    assert_int_equal(regions_segment(NULL, picture->image.pixels, SIDE, SIDE, labels, &segments, message), ATTRIB_OK);
    if (cases[which].maps > 0) segments.count = cases[which].maps;
    if (which > 0) segments.dilation = cases[which].dilation;
    if (which > 0) segments.min_pixels = cases[which].min_pixels;
    plain_segments plain = grow(&segments);
    int64_t found, expected = cover(&plain, map, segments.min_pixels, expected_order, expected_gains);
    assert_int_equal(attrib_image_regions(NULL, SIDE, SIDE, map, &segments, order, gains, &found), ATTRIB_OK);
    assert_int_equal(found, expected);
    assert_true(found >= 5);
    assert_memory_equal(order, expected_order, sizeof order);
    for (int64_t i = 0; i < PIXELS; i++) {
      assert_near(gains[i], expected_gains[i], 1e-12, largest);
      rests += order[i] == found;
    }
    free(plain.holds);
  }
  assert_true(rests > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(regions)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
