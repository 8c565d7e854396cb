/* test_picture_regions.c - XRAI of the examples: its settings, its parts put together by hand, and what it says of the
 * bundled pictures. */
#include "fixture.h"
#include "meter.h"

#include "felzenszwalb.h"
#include "regions.h"
#include "subject.h"

enum { CHANNELS = 3, SIDE = 64, PIXELS = SIDE * SIDE };

static char message[FILE_MESSAGE_CAPACITY];

/* The linker puts these in the place of malloc and calloc (--wrap; compilers make one of the other and memset): the
 * call of this number fails; -1 = none. */
static long failing = -1, calls;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
  return calls++ == failing ? NULL : __real_malloc(size);
}
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size) {
  return calls++ == failing ? NULL : __real_calloc(count, size);
}

/* ---- the bundled pictures ---- */

static const char *const pictures[] = {"arrow_green",  "crescent_orange", "cross_white",      "disc_blue",
                                       "heart_black",  "heart_red",       "hourglass_violet", "ring_yellow",
                                       "square_black", "star_black",      "star_white",       "triangle_white"};

/* A picture's subject, and its mask at the same size. */
static void open_picture(const char *name, uint32_t workers, subject *s, image_data *mask) {
  char path[400];
  (void)snprintf(path, sizeof path, ATTRIB_EXAMPLES_DATA "/pictures/%s.png", name);
  if (subject_open(s, NULL, path, SMALL_NET_LOGIT, workers, message) != 0) fail_msg("%s", message);
  (void)snprintf(path, sizeof path, ATTRIB_EXAMPLES_DATA "/pictures/%s_mask.pgm", name);
  if (image_load(path, mask, message, sizeof message) != 0) fail_msg("%s", message);
  assert_true(mask->width == SIDE && mask->height == SIDE && !s->resized);
}

typedef struct share {
  int64_t inside, pixels;
} share;

static int more_inside_first(const void *left, const void *right) {
  const share *a = left, *b = right;
  int64_t difference = b->inside * a->pixels - a->inside * b->pixels;
  return (difference > 0) - (difference < 0);
}

/* The best intersection over union of the mask with a union of at most `most` segments of one map: taken by how much of
 * each is inside, which is the best order there is for unions of any number. */
static double best_union(const int32_t *labels, const image_data *mask, int64_t most) {
  static share shares[PIXELS];
  int64_t object = 0, inside = 0, pixels = 0;
  double best = 0;
  memset(shares, 0, sizeof shares);
  for (int i = 0; i < PIXELS; i++) {
    bool in = mask->pixels[i] >= 0.5F;
    object += in;
    shares[labels[i]].inside += in;
    shares[labels[i]].pixels++;
  }
  int64_t segments = 0;
  while (segments < PIXELS && shares[segments].pixels > 0) segments++;
  qsort(shares, (size_t)segments, sizeof *shares, more_inside_first);
  for (int64_t k = 0; k < segments && k < most; k++) {
    inside += shares[k].inside;
    pixels += shares[k].pixels;
    best = fmax(best, (double)inside / (double)(object + pixels - inside));
  }
  return best;
}

/* At some scale five segments or fewer of each picture are its object: the figures are 0.942 (hourglass, ring) to
 * 0.988.
 */
static void objects_are_unions_of_few_segments(void **state) {
  (void)state;
  static int32_t labels[REGIONS_MAPS * PIXELS];
  for (int p = 0; p < COUNT(pictures); p++) {
    subject s;
    image_data mask;
    attrib_segments segments;
    double best = 0;
    open_picture(pictures[p], 1, &s, &mask);
    assert_int_equal(regions_segment(NULL, s.input.pixels, SIDE, SIDE, labels, &segments, message), ATTRIB_OK);
    for (int i = 0; i < REGIONS_MAPS; i++) best = fmax(best, best_union(labels + i * PIXELS, &mask, 5));
    if (!(best >= 0.8)) fail_msg("%s: %.3f", pictures[p], best);
    image_free(&mask);
    subject_close(&s);
  }
}

/* ---- the parts ---- */

/* A picture of a gentle slope, patches and noise. */
static float *patches(int32_t width, int32_t height, uint64_t seed) {
  const int64_t count = (int64_t)width * height;
  float *pixels = exact_block(CHANNELS * (size_t)count * sizeof *pixels);
  for (int64_t c = 0; c < CHANNELS; c++)
    for (int64_t i = 0; i < count; i++) {
      double slope = 0.3 * (double)(i % width) / width, patch = 0.2 * (double)((i % width / 9 + i / width / 7 + c) % 3);
      pixels[c * count + i] = (float)(0.1 + slope + patch + 0.05 * random_number(&seed));
    }
  return pixels;
}

/* What the header says of 224 x 224 pictures, and of ones whose s is 2 / 7 and near 0.99. */
static void settings_follow_the_size(void **state) {
  (void)state;
  const double scales[REGIONS_MAPS] = {50, 100, 150, 250, 500, 1200};
  const struct {
    int32_t width, height;
    double size;
    int64_t smallest, dilation, addition;
  } cases[] = {{224, 224, 1, 150, 5, 50},
               {64, 64, 2.0 / 7, 12, 1, 4},
               {128, 32, 2.0 / 7, 12, 1, 4},
               {256, 192, 0.98974331861078702, 147, 5, 49}};
  for (int k = 0; k < COUNT(cases); k++) {
    const int64_t count = (int64_t)cases[k].width * cases[k].height;
    float *pixels = patches(cases[k].width, cases[k].height, 41);
    int32_t *labels = exact_block(REGIONS_MAPS * (size_t)count * sizeof *labels);
    int32_t *expected = exact_block((size_t)count * sizeof *expected);
    attrib_segments s;
    assert_int_equal(regions_segment(NULL, pixels, cases[k].width, cases[k].height, labels, &s, message), ATTRIB_OK);
    assert_int_equal(s.struct_size, sizeof s);
    assert_true(s.flags == 0 && s.count == REGIONS_MAPS && s.labels == labels && s.reserved == NULL);
    assert_int_equal(s.dilation, cases[k].dilation);
    assert_int_equal(s.min_pixels, cases[k].addition);
    for (int i = 0; i < REGIONS_MAPS; i++) {
      const felzenszwalb_options options = {
          .sigma = 0.8 * cases[k].size, .scale = scales[i] * cases[k].size, .min_size = cases[k].smallest};
      int64_t segments;
      assert_int_equal(
          felzenszwalb(NULL, pixels, cases[k].width, cases[k].height, &options, expected, &segments, message),
          ATTRIB_OK);
      assert_memory_equal(labels + i * count, expected, (size_t)count * sizeof *expected);
      assert_true(i > 1 || segments > 3); /* the finer ones have something to compare */
    }
    free(pixels);
    free(labels);
    free(expected);
  }
}

enum { W = 24, H = 16, N = W * H, INPUTS = CHANNELS * N };

/* f = sum of w_i x_i, so that integrated gradients are w_i (x_i - 1/2). */
typedef struct scene {
  double weights[INPUTS];
  float *pixels;
  attrib_model model;
} scene;

/* Without memory of its own, so that it never fails. */
static int32_t ATTRIB_CALL evaluate_linear(const attrib_batch *batch, void *user) {
  const double *weights = user;
  for (int64_t r = 0; r < batch->rows; r++) {
    const float *input = (const float *)batch->inputs + r * batch->input_stride;
    double sum = 0;
    for (int64_t i = 0; i < INPUTS; i++) {
      sum += weights[i] * (double)input[i];
      if (batch->gradients != NULL) ((float *)batch->gradients)[r * batch->gradient_stride + i] = (float)weights[i];
    }
    batch->outputs[r * batch->output_stride] = sum;
  }
  return 0;
}

static void open_scene(scene *s) {
  uint64_t seed = 42;
  for (int i = 0; i < INPUTS; i++) s->weights[i] = (float)(random_number(&seed) + (i % W < 12 ? 0.4 : -0.2));
  s->pixels = patches(W, H, 43);
  s->model = (attrib_model){.struct_size = sizeof s->model,
                            .dtype = ATTRIB_F32,
                            .n_inputs = INPUTS,
                            .n_outputs = 1,
                            .evaluate = evaluate_linear,
                            .user = s->weights};
}

static attrib_status rank_scene(attrib_context *context, const scene *s, double *map, attrib_report *report) {
  return regions_rank(context, &s->model, s->pixels, W, H, 0, NULL, map, report, message);
}

/* Ranks by their definition, from the order that the library gives for the sums known in closed form. */
static void ranks_are_shares_covered_before(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_context *context = new_context(1, 0);
  double sums[N], *map = untouched(N);
  static int32_t labels[REGIONS_MAPS * N];
  int32_t order[N];
  int64_t regions, last = 0, outside_last = 0;
  attrib_segments segments;
  attrib_report report = {.struct_size = sizeof report};
  assert_status(rank_scene(context, &s, map, &report), ATTRIB_OK, context);
  assert_string_equal(message, "");
  assert_true(report.evaluations > 2 && report.attribution_sum != 0);
  for (int i = 0; i < N; i++) {
    sums[i] = 0;
    for (int c = 0; c < CHANNELS; c++) sums[i] += s.weights[c * N + i] * ((double)s.pixels[c * N + i] - 0.5);
  }
  assert_int_equal(regions_segment(NULL, s.pixels, W, H, labels, &segments, message), ATTRIB_OK);
  assert_int_equal(attrib_image_regions(NULL, W, H, sums, &segments, order, NULL, &regions), ATTRIB_OK);
  assert_true(regions >= 5);
  for (int i = 0; i < N; i++) last = order[i] > last ? order[i] : last;
  for (int i = 0; i < N; i++) outside_last += order[i] < last;
  for (int i = 0; i < N; i++) {
    int64_t before = 0;
    for (int k = 0; k < N; k++) before += order[k] < order[i];
    assert_near(map[i], 1 - (double)before / (double)outside_last, ROUND_OFF, 1);
    if (order[i] == 0) assert_true(map[i] == 1);
    if (order[i] == last) assert_true(map[i] == 0);
  }
  free(map);
  free(s.pixels);
  attrib_context_destroy(context);
}

static void one_region_is_all_1(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  for (int i = 0; i < INPUTS; i++) s.pixels[i] = 0.7F;
  attrib_context *context = new_context(1, 0);
  double *map = untouched(N);
  assert_status(rank_scene(context, &s, map, NULL), ATTRIB_OK, context);
  for (int i = 0; i < N; i++) assert_true(map[i] == 1);
  free(map);
  free(s.pixels);
  attrib_context_destroy(context);
}

/* How often a pixel of the object is above one that is not; ties count half. */
static double area_under_curve(const double *map, const image_data *mask) {
  double above = 0, pairs = 0;
  for (int i = 0; i < PIXELS; i++)
    for (int k = 0; k < PIXELS && mask->pixels[i] >= 0.5F; k++) {
      if (mask->pixels[k] >= 0.5F) continue;
      pairs++;
      above += map[i] > map[k] ? 1 : map[i] == map[k] ? 0.5 : 0;
    }
  return above / pairs;
}

/* Regions find the inside of an object where gradients find its edges: 0.97, 0.95 and 0.81 of these three, where the
 * sums of integrated gradients have 0.72, 0.70 and 0.59. Any number of workers gives the same bits. */
static void objects_come_before_their_ground(void **state) {
  (void)state;
  const char *const names[] = {"star_black", "ring_yellow", "crescent_orange"};
  const double least[] = {0.95, 0.9, 0.75};
  for (int p = 0; p < COUNT(names); p++) {
    subject s;
    image_data mask;
    double map[PIXELS], again[PIXELS];
    open_picture(names[p], 1, &s, &mask);
    attrib_context *context = new_context(1, 0), *crew = new_context(3, 0);
    attrib_status status =
        regions_rank(context, &s.model, s.input.pixels, SIDE, SIDE, s.best, NULL, map, NULL, message);
    assert_status(status, ATTRIB_OK, context);
    double found = area_under_curve(map, &mask);
    if (!(found >= least[p])) fail_msg("%s: %.3f", names[p], found);
    image_free(&mask);
    subject_close(&s);
    open_picture(names[p], 3, &s, &mask);
    status = regions_rank(crew, &s.model, s.input.pixels, SIDE, SIDE, s.best, NULL, again, NULL, message);
    assert_status(status, ATTRIB_OK, crew);
    assert_same_bits(map, again, PIXELS);
    attrib_context_destroy(context);
    attrib_context_destroy(crew);
    image_free(&mask);
    subject_close(&s);
  }
}

/* ---- what ends otherwise ---- */

static int32_t ATTRIB_CALL stop_or_fail(const attrib_batch *batch, void *user) {
  (void)batch;
  return *(const int32_t *)user;
}

static void a_model_that_stops_or_fails(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_context *context = new_context(1, 0);
  double *map = untouched(N);
  int32_t code = 5;
  s.model.evaluate = stop_or_fail;
  s.model.user = &code;
  assert_status(rank_scene(context, &s, map, NULL), ATTRIB_CANCELLED, context);
  code = -5;
  assert_status(rank_scene(context, &s, map, NULL), ATTRIB_E_CALLBACK, context);
  assert_names(message, "-5");
  assert_true(is_untouched(map, N));
  free(map);
  free(s.pixels);
  attrib_context_destroy(context);
}

/* A budget too small: the map is that of the gradients there are, with the reason. */
static void gradients_that_do_not_converge(void **state) {
  (void)state;
  subject s;
  image_data mask;
  double *map = untouched(PIXELS), low = 2, high = -1;
  open_picture("star_black", 1, &s, &mask);
  attrib_context *context = new_context(1, 0);
  const attrib_ig_options options = {.struct_size = sizeof options, .tolerance = 1e-6, .max_evaluations = 40};
  attrib_status status =
      regions_rank(context, &s.model, s.input.pixels, SIDE, SIDE, s.best, &options, map, NULL, message);
  assert_status(status, ATTRIB_NOT_CONVERGED, context);
  assert_names(message, "1e-06");
  for (int i = 0; i < PIXELS; i++) low = fmin(low, map[i]), high = fmax(high, map[i]);
  assert_true(low == 0 && high == 1);
  free(map);
  image_free(&mask);
  subject_close(&s);
  attrib_context_destroy(context);
}

static void bad_arguments_by_name(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  attrib_context *context = new_context(1, 0);
  double *map = untouched(N);
  const int32_t sizes[][2] = {{W + 1, H}, {W, H - 1}, {0, H}, {W, -H}, {INT32_MAX, INT32_MAX}};
  for (int k = 0; k < COUNT(sizes); k++) {
    attrib_status status =
        regions_rank(context, &s.model, s.pixels, sizes[k][0], sizes[k][1], 0, NULL, map, NULL, message);
    assert_int_equal(status, ATTRIB_E_ARGUMENT);
    assert_names(message, "pixels are not what the model takes");
  }
  attrib_model doubles = s.model;
  doubles.dtype = ATTRIB_F64;
  assert_int_equal(regions_rank(context, &doubles, s.pixels, W, H, 0, NULL, map, NULL, message), ATTRIB_E_ARGUMENT);
  assert_int_equal(regions_rank(context, &s.model, s.pixels, W, H, 1, NULL, map, NULL, message), ATTRIB_E_ARGUMENT);
  assert_names(message, "target = 1");
  s.pixels[5] = INFINITY;
  assert_int_equal(rank_scene(context, &s, map, NULL), ATTRIB_E_NONFINITE);
  assert_names(message, "x = 5, y = 0, channel 0");
  assert_true(is_untouched(map, N));
  free(map);
  free(s.pixels);
  attrib_context_destroy(context);
}

/* Ours by malloc, the library's through the context. */
static void every_allocation_may_fail(void **state) {
  (void)state;
  scene s;
  open_scene(&s);
  int64_t refused = 0;
  for (int of_the_context = 0; of_the_context < 2; of_the_context++)
    for (int64_t n = of_the_context, done = 0; !done; n++) { /* without the context itself */
      meter m;
      double *map = untouched(N);
      meter_start(&m);
      attrib_context *context = meter_context(&m, 1, 0, NULL);
      assert_true(n < 300);
      if (of_the_context) m.fail_at = n;
      calls = 0, failing = of_the_context ? -1 : n;
      attrib_status status = rank_scene(context, &s, map, NULL);
      failing = -1;
      done = status == ATTRIB_OK;
      assert_true(done || status == ATTRIB_E_MEMORY);
      if (!done) {
        refused++;
        assert_names(message, "out of memory");
      }
      assert_int_equal(is_untouched(map, N), !done);
      free(map);
      attrib_context_destroy(context);
      meter_finish(&m);
    }
  assert_true(refused >= 6 + 5 * REGIONS_MAPS + 2);
  free(s.pixels);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(objects_are_unions_of_few_segments), cmocka_unit_test(settings_follow_the_size),
      cmocka_unit_test(ranks_are_shares_covered_before),    cmocka_unit_test(one_region_is_all_1),
      cmocka_unit_test(objects_come_before_their_ground),   cmocka_unit_test(a_model_that_stops_or_fails),
      cmocka_unit_test(gradients_that_do_not_converge),     cmocka_unit_test(bad_arguments_by_name),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
