/* Ablation curves and DiffID on the bundled network, against plain loops over its own outputs. The network computes in
 * float, and both ask it about the same rows: only means that fill a row may be rounded to neighbouring floats, which
 * moves an output by far less than 1e-6 of it. */
#include "../unit/fixture.h"

#include "bundled_group.h"

enum { N = BUNDLED_N, CLASSES = SMALL_NET_CLASSES, SIDE = SMALL_NET_WIDTH, PIXELS = SIDE * SIDE, CHANNELS = 3 };

static const attrib_image planes = {.struct_size = sizeof planes,
                                    .width = SIDE,
                                    .height = SIDE,
                                    .channels = CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SIDE,
                                    .channel_stride = PIXELS};
static const double *sort_by;

/* Scores of a picture: gradient times input. */
static double *scores_of(const bundled_picture *picture) {
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_ig_options options = {.struct_size = sizeof options, .flags = ATTRIB_TIMES_INPUT};
  double *scores = bundled_vector();
  assert_int_equal(attrib_gradient(b.context, &model, picture->image.pixels, picture->target, &options, scores, NULL),
                   ATTRIB_OK);
  return scores;
}

static double probability(const float *x, int64_t target) {
  float logits[CLASSES];
  double p[CLASSES];
  assert_int_equal(small_net_forward(b.net, 0, x, logits), 0);
  small_net_softmax(logits, p);
  return p[target];
}

static double logit(const float *x, int64_t target) {
  float logits[CLASSES];
  assert_int_equal(small_net_forward(b.net, 0, x, logits), 0);
  return (double)logits[target];
}

static int highest_first(const void *left, const void *right) {
  const int32_t i = *(const int32_t *)left, j = *(const int32_t *)right;
  if (sort_by[i] != sort_by[j]) return sort_by[i] > sort_by[j] ? -1 : 1;
  return i < j ? -1 : 1;
}

static int lowest_first(const void *left, const void *right) {
  const int32_t i = *(const int32_t *)left, j = *(const int32_t *)right;
  if (sort_by[i] != sort_by[j]) return sort_by[i] < sort_by[j] ? -1 : 1;
  return i < j ? -1 : 1;
}

static int32_t *sorted(const double *values, int32_t count, int (*compare)(const void *, const void *)) {
  int32_t *order = exact_block((size_t)count * sizeof *order);
  for (int32_t i = 0; i < count; i++) order[i] = i;
  sort_by = values;
  qsort(order, (size_t)count, sizeof *order, compare);
  return order;
}

static void pixel_scores(const double *scores, double *sums) {
  for (int i = 0; i < PIXELS; i++) sums[i] = scores[i] + scores[PIXELS + i] + scores[2 * PIXELS + i];
}

static float *mean_picture(const float *x) {
  float *row = exact_block(N * sizeof *row), *filled = exact_block(N * sizeof *filled);
  for (int c = 0; c < CHANNELS; c++) {
    long double sum = 0;
    for (int i = 0; i < PIXELS; i++) sum += (long double)x[c * PIXELS + i];
    for (int i = 0; i < PIXELS; i++) row[c * PIXELS + i] = (float)(sum / PIXELS);
  }
  assert_int_equal(attrib_image_mean_fill(b.context, ATTRIB_F32, &planes, x, filled), ATTRIB_OK);
  for (int i = 0; i < N; i++) assert_near((double)filled[i], (double)row[i], F32_ROUND_OFF, 1);
  free(row);
  return filled;
}

static void ablate(const bundled_picture *picture, const double *scores, const float *replacement,
                   const attrib_ablation_options *options, double *values, attrib_report *report) {
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_baselines set = one_baseline(replacement);
  *report = (attrib_report){.struct_size = sizeof *report};
  assert_status(
      attrib_ablation(b.context, &model, picture->image.pixels, picture->target, scores, &set, options, values, report),
      ATTRIB_OK, b.context);
}

/* Top-k by the mean colour and by the blurred picture: p(k) / p(0). */
static void top_k(void **state) {
  (void)state;
  double sums[PIXELS];
  for (int k = 0; k < 8; k++) {
    const bundled_picture *picture = &b.pictures[k / 2];
    const float *x = picture->image.pixels;
    double *scores = scores_of(picture), values[11], area = 0, before = 1;
    float *row = mean_picture(x), *point = exact_copy(x, N * sizeof *point);
    if (k % 2 == 1) assert_int_equal(attrib_image_blur(b.context, ATTRIB_F32, &planes, x, 20, row), ATTRIB_OK);
    const attrib_ablation_options options = {
        .struct_size = sizeof options, .flags = ATTRIB_METRIC_SOFTMAX, .curve = ATTRIB_CURVE_RATIO, .shape = &planes};
    attrib_report report;
    ablate(picture, scores, row, &options, values, &report);
    pixel_scores(scores, sums);
    int32_t *order = sorted(sums, PIXELS, highest_first);
    const double whole = probability(x, picture->target);
    assert_near(report.output, whole, 1e-6, 1);
    assert_true(values[0] == 1);
    for (int i = 1; i <= 10; i++) {
      for (int j = (i - 1) * PIXELS / 10; j < i * PIXELS / 10; j++)
        for (int c = 0; c < CHANNELS; c++) point[c * PIXELS + order[j]] = row[c * PIXELS + order[j]];
      const double wanted = probability(point, picture->target) / whole;
      assert_near(values[i], wanted, 1e-6, 1);
      area += (double)(i * PIXELS / 10 - (i - 1) * PIXELS / 10) / PIXELS * (before + wanted) / 2;
      before = wanted;
    }
    assert_near(report.objective, area, 1e-6, 1);
    assert_int_equal(report.output_evaluations, 11);
    free(order);
    free(point);
    free(row);
    free(scores);
  }
}

/* A box about the mass centre of |sum over channels|. */
static void mass_centre(void **state) {
  (void)state;
  double sums[PIXELS];
  for (int k = 0; k < 4; k++) {
    const bundled_picture *picture = &b.pictures[k];
    const float *x = picture->image.pixels;
    double *scores = scores_of(picture), values[11], mass = 0, x_mass = 0, y_mass = 0;
    float *row = mean_picture(x), *point = exact_block(N * sizeof *point);
    const attrib_ablation_options options = {
        .struct_size = sizeof options, .selection = ATTRIB_SELECT_CENTRE_EDGE, .shape = &planes};
    attrib_report report;
    ablate(picture, scores, row, &options, values, &report);
    pixel_scores(scores, sums);
    for (int i = 0; i < PIXELS; i++) {
      mass += fabs(sums[i]);
      x_mass += fabs(sums[i]) * (i % SIDE);
      y_mass += fabs(sums[i]) * (i / SIDE);
    }
    const double cx = x_mass / mass, cy = y_mass / mass;
    for (int i = 0; i <= 10; i++) {
      const double part = i / 10.0;
      memcpy(point, x, N * sizeof *point);
      for (int y = (int)(cy * (1 - part)); y < (int)(cy + (SIDE - cy) * part); y++)
        for (int v = (int)(cx * (1 - part)); v < (int)(cx + (SIDE - cx) * part); v++)
          for (int c = 0; c < CHANNELS; c++) point[c * PIXELS + y * SIDE + v] = row[c * PIXELS + y * SIDE + v];
      assert_near(values[i], logit(point, picture->target), 1e-6, fabs(values[0]));
    }
    free(point);
    free(row);
    free(scores);
  }
}

/* Insertion of 100 pixels at a time, from a blurred picture; the last step is one of 96. */
static void insertion(void **state) {
  (void)state;
  enum { STEP = 100, POINTS = (PIXELS + STEP - 1) / STEP };
  double sums[PIXELS], values[POINTS + 1];
  const bundled_picture *picture = &b.pictures[1];
  const float *x = picture->image.pixels;
  double *scores = scores_of(picture);
  float *row = exact_block(N * sizeof *row);
  assert_int_equal(attrib_image_blur(b.context, ATTRIB_F32, &planes, x, 5, row), ATTRIB_OK);
  const attrib_ablation_options options = {.struct_size = sizeof options,
                                           .flags = ATTRIB_METRIC_SOFTMAX,
                                           .order = ATTRIB_ABLATION_INSERTION,
                                           .step = STEP,
                                           .shape = &planes};
  attrib_report report;
  ablate(picture, scores, row, &options, values, &report);
  assert_int_equal(report.points, POINTS);
  pixel_scores(scores, sums);
  int32_t *order = sorted(sums, PIXELS, highest_first);
  for (int i = 0; i <= POINTS; i++) {
    for (int j = (i - 1) * STEP; j < i * STEP && j < PIXELS && i > 0; j++)
      for (int c = 0; c < CHANNELS; c++) row[c * PIXELS + order[j]] = x[c * PIXELS + order[j]];
    assert_near(values[i], probability(row, picture->target), 1e-6, 1);
  }
  free(order);
  free(row);
  free(scores);
}

/* DiffID of all 3 x 64 x 64 elements, without the lowest and without the highest of them. */
static void diff_id(void **state) {
  (void)state;
  for (int k = 0; k < 4; k++) {
    const bundled_picture *picture = &b.pictures[k];
    const float *x = picture->image.pixels;
    const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
    double *scores = scores_of(picture), values[27], sum = 0;
    float *point = exact_block(N * sizeof *point);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_diff_id(b.context, &model, x, picture->target, scores, NULL, values, &report), ATTRIB_OK);
    int32_t *orders[] = {sorted(scores, N, lowest_first), sorted(scores, N, highest_first)};
    const double whole = logit(x, picture->target);
    for (int i = 1; i <= 9; i++)
      for (int kind = 0; kind < 2; kind++) {
        const int out = i * N / 10;
        long double mean = 0;
        for (int j = out; j < N; j++) mean += (long double)x[orders[kind][j]] / (N - out);
        memcpy(point, x, N * sizeof *point);
        for (int j = 0; j < out; j++) point[orders[kind][j]] = (float)mean;
        const double wanted = logit(point, picture->target) / whole;
        assert_near(values[kind * 9 + i - 1], wanted, 1e-6, fmax(1, fabs(wanted)));
        sum += kind == 0 ? wanted : -wanted;
      }
    assert_near(report.objective, sum / 9, 1e-6, 1);
    assert_int_equal(report.output_evaluations, 19);
    free(orders[0]);
    free(orders[1]);
    free(point);
    free(scores);
  }
}

/* With a baseline of maximum entropy for a replacement the curve ends where nothing is known of the class. */
static void maximum_entropy(void **state) {
  (void)state;
  const bundled_picture *picture = &b.pictures[0];
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_search_options search = {.struct_size = sizeof search, .high = 1};
  float *row = exact_block(N * sizeof *row);
  double *scores = scores_of(picture), values[11];
  assert_int_equal(attrib_baseline_max_entropy(b.context, &model, NULL, &search, row, NULL), ATTRIB_OK);
  attrib_ablation_options options = {.struct_size = sizeof options, .flags = ATTRIB_METRIC_SOFTMAX, .shape = &planes};
  attrib_report report;
  ablate(picture, scores, row, &options, values, &report);
  assert_near(values[10], 1.0 / CLASSES, .02, 1);
  assert_true(report.baseline_output == values[10]);
  options.flags = ATTRIB_METRIC_ACCURACY;
  ablate(picture, scores, row, &options, values, &report);
  for (int i = 0; i <= 10; i++) assert_true(values[i] == 0 || values[i] == 1);
  assert_true(values[0] == 1);
  free(scores);
  free(row);
}

/* Of what the network sees in a picture, the parts that integrated gradients from its mean colour point at tell more
 * than parts drawn at random: by the median of the areas, as curves of many pictures are put together. */
static int by_value(const void *left, const void *right) {
  const double x = *(const double *)left, y = *(const double *)right;
  return (x > y) - (x < y);
}

static void maps_tell_more_than_chance(void **state) {
  (void)state;
  double areas[2][BUNDLED_PICTURES];
  const attrib_model logits = bundled_model(&b, SMALL_NET_LOGIT), model = bundled_model(&b, SMALL_NET_PROBABILITY);
  for (int p = 0; p < BUNDLED_PICTURES; p++) {
    const bundled_picture *picture = &b.pictures[p];
    float *mean = mean_picture(picture->image.pixels);
    const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = mean};
    double *scores = bundled_vector(), *values = bundled_vector();
    attrib_report report = {.struct_size = sizeof report};
    assert_true(attrib_integrated_gradients(b.context, &logits, picture->image.pixels, picture->target, &set, NULL,
                                            scores, NULL) >= 0);
    for (int chance = 0; chance < 2; chance++) {
      const attrib_information_options options = {.struct_size = sizeof options,
                                                  .flags = chance ? ATTRIB_METRIC_RANDOM : ATTRIB_METRIC_ABSOLUTE,
                                                  .seed = 1,
                                                  .low = 0,
                                                  .high = 1,
                                                  .shape = &planes};
      assert_int_equal(attrib_information_curve(b.context, &model, picture->image.pixels, picture->target,
                                                chance ? NULL : scores, &options, values, &report),
                       ATTRIB_OK);
      assert_true(report.output_evaluations == 15 && report.output > .8);
      areas[chance][p] = report.objective;
    }
    free(values);
    free(scores);
    free(mean);
  }
  for (int chance = 0; chance < 2; chance++) qsort(areas[chance], BUNDLED_PICTURES, sizeof(double), by_value);
  assert_true(areas[0][BUNDLED_PICTURES / 2] > areas[1][BUNDLED_PICTURES / 2] + .05);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(top_k),   cmocka_unit_test(mass_centre),     cmocka_unit_test(insertion),
      cmocka_unit_test(diff_id), cmocka_unit_test(maximum_entropy), cmocka_unit_test(maps_tell_more_than_chance),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
