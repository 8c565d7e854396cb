/* test_felzenszwalb.c - the segmentation of the examples: by hand, and against the definition in plain loops. */
#include "fixture.h"
#include "meter.h"

#include "felzenszwalb.h"
#include "image_io.h"

enum { MOST = 32 * 32, CHANNELS = 3 };

static char message[FILE_MESSAGE_CAPACITY];

/* The linker puts this in the place of malloc (--wrap): the call of this number fails; -1 = none. */
static long failing = -1, calls;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
  return calls++ == failing ? NULL : __real_malloc(size);
}

static felzenszwalb_options plain(double scale, int64_t min_size) {
  return (felzenszwalb_options){.scale = scale, .min_size = min_size};
}

/* Segments from blocks of their very size into labels; returns how many. */
static int64_t segmented(const float *pixels, int32_t width, int32_t height, const felzenszwalb_options *options,
                         int32_t *labels) {
  size_t count = (size_t)width * (size_t)height;
  float *its_pixels = exact_copy(pixels, CHANNELS * count * sizeof *pixels);
  int32_t *its_labels = exact_block(count * sizeof *labels);
  int64_t segments = -1;
  attrib_status status = felzenszwalb(NULL, its_pixels, width, height, options, its_labels, &segments, message);
  if (status != ATTRIB_OK) fail_msg("%d: %s", (int)status, message);
  assert_string_equal(message, "");
  memcpy(labels, its_labels, count * sizeof *labels);
  free(its_pixels);
  free(its_labels);
  return segments;
}

static void paint(float *pixels, int64_t count, int64_t pixel, double red, double green, double blue) {
  pixels[pixel] = (float)red;
  pixels[count + pixel] = (float)green;
  pixels[2 * count + pixel] = (float)blue;
}

/* Both halves flat, cut along a column, a row, and a slanted line; smoothed too, where the blurred seam is merged. */
static void two_halves_are_two_segments(void **state) {
  (void)state;
  enum { W = 12, H = 10, N = W * H };
  const felzenszwalb_options sharp = plain(100, 0), smooth = {.sigma = 0.8, .scale = 100, .min_size = 40};
  for (int cut = 0; cut < 3; cut++) {
    float pixels[CHANNELS * N];
    int32_t labels[N], expected[N];
    for (int i = 0; i < N; i++) {
      int x = i % W, y = i / W;
      expected[i] = cut == 0 ? x >= 5 : cut == 1 ? y >= 5 : x + y >= 11;
      paint(pixels, N, i, 0.25, expected[i] ? 0.75 : 0.25, 0.5);
    }
    assert_int_equal(segmented(pixels, W, H, &sharp, labels), 2);
    assert_memory_equal(labels, expected, sizeof labels);
    assert_int_equal(segmented(pixels, W, H, &smooth, labels), 2);
    if (cut < 2) assert_memory_equal(labels, expected, sizeof labels);
  }
}

/* Corners join: the fields of one colour are one segment, and the two lie through each other. */
static void a_chequerboard_is_two_segments(void **state) {
  (void)state;
  enum { W = 8, H = 6, N = W * H };
  for (int side = 1; side <= 2; side++) {
    float pixels[CHANNELS * N];
    int32_t labels[N], expected[N];
    for (int i = 0; i < N; i++) {
      expected[i] = (i % W / side + i / W / side) % 2;
      paint(pixels, N, i, 0.25 + 0.5 * expected[i], 0.5, 0.5);
    }
    /* The difference is 127.5, each colour has 24 pixels: they merge from k = 24 * 127.5 on. */
    const felzenszwalb_options apart = plain(24 * 127.5 - 0.01, 24), merged = plain(24 * 127.5 + 0.01, 0);
    const felzenszwalb_options small = plain(0, 25);
    assert_int_equal(segmented(pixels, W, H, &apart, labels), 2);
    assert_memory_equal(labels, expected, sizeof labels);
    assert_int_equal(segmented(pixels, W, H, &merged, labels), 1);
    assert_int_equal(segmented(pixels, W, H, &small, labels), 1);
    for (int i = 0; i < N; i++) assert_int_equal(labels[i], 0);
  }
}

/* Differences 10, 20 and 1 in a row. Pairs merge first, to bounds of 10 + k / 2 and 1 + k / 2. */
static void a_row_by_hand(void **state) {
  (void)state;
  float pixels[CHANNELS * 4] = {0, 10 / 255.0F, 30 / 255.0F, 31 / 255.0F};
  const struct {
    double scale;
    int64_t min_size;
    int32_t labels[4];
  } cases[] = {{0, 0, {0, 1, 2, 3}},    {0.9, 1, {0, 1, 2, 3}},  {1.1, 0, {0, 1, 2, 2}},  {9.9, 0, {0, 1, 2, 2}},
               {10.1, 0, {0, 0, 1, 1}}, {37.9, 0, {0, 0, 1, 1}}, {38.1, 0, {0, 0, 0, 0}}, {0, 2, {0, 0, 1, 1}},
               {0, 3, {0, 0, 0, 0}},    {1.1, 2, {0, 0, 1, 1}}};
  for (int i = 0; i < COUNT(cases); i++) {
    int32_t labels[4];
    const felzenszwalb_options options = plain(cases[i].scale, cases[i].min_size);
    assert_int_equal(segmented(pixels, 4, 1, &options, labels), cases[i].labels[3] + 1);
    assert_memory_equal(labels, cases[i].labels, sizeof labels);
    assert_int_equal(segmented(pixels, 1, 4, &options, labels), cases[i].labels[3] + 1);
    assert_memory_equal(labels, cases[i].labels, sizeof labels);
  }
}

/* The length of the colours' difference, not of one channel or their sum. */
static void differences_are_those_of_colours(void **state) {
  (void)state;
  const float pixels[CHANNELS * 2] = {0, 0.25F, 0.5F, 0, 1, 0.25F}; /* 0.25, -0.5, -0.75 */
  double difference = 255 * sqrt(0.875);
  int32_t labels[2];
  const felzenszwalb_options below = plain(difference * 0.999, 0), above = plain(difference * 1.001, 0);
  assert_int_equal(segmented(pixels, 2, 1, &below, labels), 2);
  assert_int_equal(segmented(pixels, 2, 1, &above, labels), 1);
}

static void one_pixel_and_one_colour(void **state) {
  (void)state;
  float pixels[CHANNELS * MOST];
  int32_t labels[MOST];
  const felzenszwalb_options options = {.sigma = 0.8, .scale = 100, .min_size = 20};
  for (int i = 0; i < CHANNELS * MOST; i++) pixels[i] = 0.3F;
  assert_int_equal(segmented(pixels, 1, 1, &options, labels), 1);
  assert_int_equal(labels[0], 0);
  assert_int_equal(segmented(pixels, 32, 32, &options, labels), 1);
  assert_int_equal(segmented(pixels, 32, 1, &options, labels), 1);
}

/* ---- the definition: the smallest edge that is left, and segments relabelled pixel by pixel ---- */

static double difference_of(const float *pixels, int64_t count, int64_t a, int64_t b) {
  double sum = 0;
  for (int64_t c = 0; c < CHANNELS; c++) {
    double d = 255 * ((double)pixels[c * count + a] - (double)pixels[c * count + b]);
    sum += d * d;
  }
  return (float)sqrt(sum);
}

static bool are_neighbours(int64_t width, int64_t a, int64_t b) {
  return a != b && llabs(a % width - b % width) <= 1 && llabs(a / width - b / width) <= 1;
}

static int64_t size_of(const int32_t *labels, int64_t count, int32_t label) {
  int64_t size = 0;
  for (int64_t i = 0; i < count; i++) size += labels[i] == label;
  return size;
}

static void relabel(int32_t *labels, int64_t count, int32_t from, int32_t to) {
  for (int64_t i = 0; i < count; i++)
    if (labels[i] == from) labels[i] = to;
}

typedef struct pair {
  double difference;
  int64_t a, b;
} pair;

/* Insertion sort: stable. */
static int64_t list_pairs(const float *pixels, int64_t width, int64_t count, pair *pairs) {
  int64_t n = 0;
  for (int64_t a = 0; a < count; a++)
    for (int64_t b = a + 1; b < count; b++)
      if (are_neighbours(width, a, b)) {
        const pair new = {difference_of(pixels, count, a, b), a, b};
        int64_t place = n++;
        for (; place > 0 && pairs[place - 1].difference > new.difference; place--) pairs[place] = pairs[place - 1];
        pairs[place] = new;
      }
  return n;
}

static void segment_plainly(const float *pixels, int64_t width, int64_t height, const felzenszwalb_options *options,
                            int32_t *labels) {
  const int64_t count = width * height;
  static pair pairs[4 * MOST];
  static double within[MOST];
  int64_t n = list_pairs(pixels, width, count, pairs);
  for (int64_t i = 0; i < count; i++) labels[i] = (int32_t)i, within[i] = 0;
  for (int64_t i = 0; i < n; i++) {
    int32_t a = labels[pairs[i].a], b = labels[pairs[i].b];
    double bound_a = within[a] + options->scale / (double)size_of(labels, count, a);
    double bound_b = within[b] + options->scale / (double)size_of(labels, count, b);
    if (a == b || pairs[i].difference > (float)bound_a || pairs[i].difference > (float)bound_b) continue;
    relabel(labels, count, b, a);
    within[a] = pairs[i].difference;
  }
  for (int64_t i = 0; i < n; i++) {
    int32_t a = labels[pairs[i].a], b = labels[pairs[i].b];
    bool small = size_of(labels, count, a) < options->min_size || size_of(labels, count, b) < options->min_size;
    if (a != b && small) relabel(labels, count, b, a);
  }
}

/* The same partition, whatever the names. */
static void assert_same_partition(const int32_t *a, const int32_t *b, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    for (int64_t k = 0; k < i; k++) assert_int_equal(a[i] == a[k], b[i] == b[k]);
}

/* Few levels give many ties, many levels none. */
static void draw(float *pixels, int64_t count, uint64_t *seed, double levels) {
  for (int64_t i = 0; i < CHANNELS * count; i++)
    pixels[i] = (float)(floor((random_number(seed) + 1) / 2 * levels) / levels);
}

static void agrees_with_the_definition(void **state) {
  (void)state;
  const int32_t sizes[][2] = {{1, 7}, {9, 1}, {2, 2}, {5, 8}, {12, 9}};
  const double levels[] = {2, 4, 65536}, scales[] = {0, 40, 150, 600};
  uint64_t seed = 31;
  int64_t several = 0;
  for (int s = 0; s < COUNT(sizes); s++)
    for (int trial = 0; trial < 24; trial++) {
      float pixels[CHANNELS * 108];
      int32_t labels[108], expected[108];
      int64_t count = (int64_t)sizes[s][0] * sizes[s][1];
      const felzenszwalb_options options = plain(scales[trial / 3 % 4], trial / 12 * 5);
      draw(pixels, count, &seed, levels[trial % 3]);
      int64_t segments = segmented(pixels, sizes[s][0], sizes[s][1], &options, labels);
      segment_plainly(pixels, sizes[s][0], sizes[s][1], &options, expected);
      assert_same_partition(labels, expected, count);
      several += segments > 1 && segments < count;
    }
  assert_true(several >= 50); /* 54 of 120 are neither whole nor in pixels */
}

/* ---- properties ---- */

/* Whether all pixels of a label hang together, by spreading from its first one. */
static bool is_connected(const int32_t *labels, int64_t width, int64_t count, int32_t label) {
  static bool reached[MOST];
  int64_t total = 0, found = 0;
  for (int64_t i = 0; i < count; i++) {
    reached[i] = labels[i] == label && total == 0;
    total += labels[i] == label;
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (int64_t i = 0; i < count; i++)
      for (int64_t k = 0; k < count && reached[i]; k++)
        if (!reached[k] && labels[k] == label && are_neighbours(width, i, k)) reached[k] = grown = true;
  }
  for (int64_t i = 0; i < count; i++) found += reached[i];
  return found == total;
}

static void segments_are_numbered_whole_and_not_small(void **state) {
  (void)state;
  enum { W = 20, H = 15, N = W * H };
  uint64_t seed = 32;
  for (int trial = 0; trial < 20; trial++) {
    float pixels[CHANNELS * N];
    int32_t labels[N], next = 0;
    draw(pixels, N, &seed, trial % 2 == 0 ? 3 : 65536);
    const felzenszwalb_options options = {
        .sigma = trial % 4 * 0.4, .scale = 50 * (trial % 7), .min_size = trial % 5 * 4};
    int64_t segments = segmented(pixels, W, H, &options, labels);
    for (int i = 0; i < N; i++) {
      assert_true(labels[i] >= 0 && labels[i] <= next);
      next += labels[i] == next;
    }
    assert_int_equal(next, segments);
    for (int32_t k = 0; k < segments; k++) {
      assert_true(is_connected(labels, W, N, k));
      assert_true(segments == 1 || size_of(labels, N, k) >= options.min_size);
    }
  }
}

/* Steps of an eighth are exact, so lengths of differences do not depend on the order or the signs of channels. */
static void channels_and_negatives_do_not_matter(void **state) {
  (void)state;
  enum { W = 16, H = 12, N = W * H };
  const int orders[][3] = {{0, 2, 1}, {1, 0, 2}, {2, 1, 0}, {1, 2, 0}};
  uint64_t seed = 33;
  for (int trial = 0; trial < 12; trial++) {
    float pixels[CHANNELS * N], other[CHANNELS * N];
    int32_t labels[N], others[N];
    draw(pixels, N, &seed, 8);
    const felzenszwalb_options options = plain(40 + 40 * trial, trial);
    int64_t segments = segmented(pixels, W, H, &options, labels);
    for (int k = 0; k < COUNT(orders); k++) {
      for (int c = 0; c < CHANNELS; c++)
        for (int i = 0; i < N; i++) {
          float value = pixels[orders[k][c] * N + i];
          other[c * N + i] = k % 2 == 0 ? value : 1 - value;
        }
      assert_int_equal(segmented(other, W, H, &options, others), segments);
      assert_memory_equal(others, labels, sizeof labels);
    }
  }
}

/* Painted in colours that lie far apart, the segments are found again. */
static void a_painted_segmentation_is_kept(void **state) {
  (void)state;
  enum { W = 32, H = 32, N = W * H };
  uint64_t seed = 34;
  for (int trial = 0; trial < 6; trial++) {
    float pixels[CHANNELS * N], painted[CHANNELS * N];
    int32_t labels[N], again[N], colour[N];
    const felzenszwalb_options options = {.sigma = 1, .scale = 60, .min_size = 10}, sharp = plain(60, 10);
    draw(pixels, N, &seed, 65536);
    int64_t segments = segmented(pixels, W, H, &options, labels);
    assert_true(segments >= 10);
    for (int32_t k = 0; k < segments; k++) { /* the first of 27 colours that no neighbour has yet: 0, 1/2, 1 each */
      bool taken[27] = {false};
      for (int i = 0; i < N; i++)
        for (int j = 0; j < N && labels[i] == k; j++)
          if (labels[j] < k && are_neighbours(W, i, j)) taken[colour[labels[j]]] = true;
      colour[k] = 0;
      while (colour[k] < 27 && taken[colour[k]]) colour[k]++;
      assert_true(colour[k] < 27);
    }
    for (int i = 0; i < N; i++) {
      int32_t c = colour[labels[i]];
      paint(painted, N, i, c % 3 / 2.0, c / 3 % 3 / 2.0, c / 9 / 2.0);
    }
    assert_int_equal(segmented(painted, W, H, &sharp, again), segments);
    assert_memory_equal(again, labels, sizeof labels);
  }
}

/* ---- what is refused, and memory ---- */

static void expect_refused(attrib_context *context, const float *pixels, int32_t width, int32_t height,
                           felzenszwalb_options options, attrib_status expected, const char *part) {
  int32_t labels[4] = {-7, -7, -7, -7};
  int64_t segments = -7;
  attrib_status status = felzenszwalb(context, pixels, width, height, &options, labels, &segments, message);
  assert_int_equal(status, expected);
  assert_names(message, part);
  assert_true(segments == -7 && labels[0] == -7 && labels[3] == -7);
}

static void bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  float pixels[CHANNELS * 4] = {0};
  const felzenszwalb_options good = plain(1, 1);
  expect_refused(context, pixels, 0, 2, good, ATTRIB_E_ARGUMENT, "0 x 2 pixels");
  expect_refused(context, pixels, 2, -1, good, ATTRIB_E_ARGUMENT, "2 x -1 pixels");
  expect_refused(context, pixels, INT32_MAX, INT32_MAX, good, ATTRIB_E_ARGUMENT, "2147483647 x 2147483647 pixels");
  expect_refused(context, pixels, 2, 2, plain(-1, 0), ATTRIB_E_ARGUMENT, "scale -1");
  expect_refused(context, pixels, 2, 2, plain(NAN, 0), ATTRIB_E_ARGUMENT, "scale nan");
  expect_refused(context, pixels, 2, 2, plain(INFINITY, 0), ATTRIB_E_ARGUMENT, "scale inf");
  expect_refused(context, pixels, 2, 2, plain(1, -3), ATTRIB_E_ARGUMENT, "min_size -3");
  felzenszwalb_options blurred = good;
  blurred.sigma = -2;
  expect_refused(context, pixels, 2, 2, blurred, ATTRIB_E_ARGUMENT, "sigma = -2");
  expect_refused(NULL, pixels, 2, 2, blurred, ATTRIB_E_ARGUMENT, "segmentation: ");
  pixels[6] = NAN;
  expect_refused(context, pixels, 2, 2, good, ATTRIB_E_NONFINITE, "x = 0, y = 1, channel 1");
  attrib_context_destroy(context);
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  float pixels[CHANNELS * 4] = {0, 1, 0.5F, 0.25F};
  int32_t labels[4];
  const felzenszwalb_options options = {.sigma = 0.8, .scale = 10};
  int64_t refused = 0;
  calls = 0;
  for (long n = 0; calls >= n; n++) {
    int64_t segments = -7;
    assert_true(n < 100);
    calls = 0, failing = n, labels[0] = -7;
    attrib_status status = felzenszwalb(NULL, pixels, 2, 2, &options, labels, &segments, message);
    failing = -1;
    if (status == ATTRIB_OK) continue;
    assert_int_equal(status, ATTRIB_E_MEMORY);
    assert_names(message, "out of memory for a picture of 2 x 2");
    assert_true(segments == -7 && labels[0] == -7);
    refused++;
  }
  assert_int_equal(refused, 5);
  meter m; /* and the context's, for smoothing */
  meter_start(&m);
  attrib_context *context = meter_context(&m, 1, 0, NULL);
  m.fail_at = m.allocations;
  expect_refused(context, pixels, 2, 2, options, ATTRIB_E_MEMORY, "out of memory");
  attrib_context_destroy(context);
  meter_finish(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_halves_are_two_segments),
      cmocka_unit_test(a_chequerboard_is_two_segments),
      cmocka_unit_test(a_row_by_hand),
      cmocka_unit_test(differences_are_those_of_colours),
      cmocka_unit_test(one_pixel_and_one_colour),
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(segments_are_numbered_whole_and_not_small),
      cmocka_unit_test(channels_and_negatives_do_not_matter),
      cmocka_unit_test(a_painted_segmentation_is_kept),
      cmocka_unit_test(bad_arguments_by_name),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
