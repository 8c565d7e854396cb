/* test_network_paths.c - methods with paths of their own on the bundled network, against plain loops in double over its
 * own gradients.
 *
 * Gradients are the network's floats, for the library and for the loops at the same points: these are the same to the
 * bit, or are taken from the call once they are found to be the right ones, so that no ReLU is on for one and off for
 * the other. What differs is how sums and products round in double, far below 1e-6 of the largest attribution. Blurs
 * are attrib_image_blur's, which test_image_blur holds against its definition. */
#include "../unit/plain_guided.h"
#include "heart.h"

static image_data star;

static int load_both(void **state) {
  char message[FILE_MESSAGE_CAPACITY];
  if (image_load(ATTRIB_EXAMPLES_DATA "/pictures/star_white.png", &star, message, sizeof message) != 0)
    fail_msg("%s", message);
  return load(state);
}

static int unload_both(void **state) {
  image_free(&star);
  return unload(state);
}

/* f, and where gradient is not NULL its gradient. */
static double look(uint32_t score, const float *x, float *gradient) {
  double output = 0;
  assert_int_equal(small_net_gradient(net, 0, score, x, CLASS, NULL, &output, gradient), 0);
  return output;
}

/* 1e-6 of the largest attribution. */
static void assert_agree(const double *found, const double *expected) {
  double largest = 0;
  for (int64_t i = 0; i < N; i++) largest = fmax(largest, fabs(expected[i]));
  assert_true(largest > 1e-4);
  for (int64_t i = 0; i < N; i++)
    if (!(fabs(found[i] - expected[i]) <= 1e-6 * largest))
      fail_msg("[%d]: %.9g, not %.9g, of at most %.9g", (int)i, found[i], expected[i], largest);
}

static void recompute_idgi(uint32_t score, const float *baseline, int points, double *phi) {
  float *point = block(sizeof *point), *gradient = block(sizeof *gradient);
  for (int j = 0; j < points; j++) {
    double alpha = (j + 1) / (double)points, square = 0;
    for (int64_t i = 0; i < N; i++)
      point[i] = (float)((double)baseline[i] + alpha * ((double)heart.pixels[i] - (double)baseline[i]));
    double after = look(score, j + 1 == points ? heart.pixels : point, NULL);
    alpha = j / (double)points;
    for (int64_t i = 0; i < N; i++)
      point[i] = (float)((double)baseline[i] + alpha * ((double)heart.pixels[i] - (double)baseline[i]));
    double gain = after - look(score, point, gradient);
    for (int64_t i = 0; i < N; i++) square += (double)gradient[i] * (double)gradient[i];
    for (int64_t i = 0; i < N && square > 0; i++) phi[i] += gain * ((double)gradient[i] * (double)gradient[i] / square);
  }
  free(gradient);
  free(point);
}

/* From black, where whole regions do not move, and from grey. The identity holds to round-off of double. */
static void idgi(void **state) {
  (void)state;
  enum { POINTS = 12 };
  static const float greys[] = {0, 0.5F};
  float *baseline = block(sizeof *baseline);
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++)
    for (int k = 0; k < 2; k++) {
      attrib_model model;
      assert_int_equal(small_net_model(net, score, &model), 0);
      for (int64_t i = 0; i < N; i++) baseline[i] = greys[k];
      double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
      const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = baseline};
      const attrib_idgi_options options = {.struct_size = sizeof options, .points = POINTS};
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(attrib_idgi(NULL, &model, heart.pixels, CLASS, &set, &options, phi, &report), ATTRIB_OK);
      recompute_idgi(score, baseline, POINTS, expected);
      assert_agree(phi, expected);
      assert_true(fabs(report.completeness_target) > .1);
      assert_true(fabs(report.attribution_sum + report.unassigned - report.completeness_target) <=
                  1e-13 * (fabs(report.output) + fabs(report.baseline_output)));
      free(expected);
      free(phi);
    }
  free(baseline);
}

static const attrib_image planar = {.struct_size = sizeof planar,
                                    .width = SMALL_NET_WIDTH,
                                    .height = SMALL_NET_HEIGHT,
                                    .channels = SMALL_NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SMALL_NET_WIDTH,
                                    .channel_stride = SMALL_NET_WIDTH * SMALL_NET_HEIGHT};

/* L(sigma), the picture itself for 0. */
static float *blurred(double sigma) {
  float *row = block(sizeof *row);
  memcpy(row, heart.pixels, N * sizeof *row);
  if (sigma > 0) assert_int_equal(attrib_image_blur(NULL, ATTRIB_F32, &planar, row, sigma, row), ATTRIB_OK);
  return row;
}

static void recompute_blur(uint32_t score, double max_sigma, int steps, double *phi) {
  float *middle = block(sizeof *middle), *gradient = block(sizeof *gradient);
  for (int m = 0; m < steps; m++) {
    float *from = blurred(max_sigma * ((double)(steps - m) / steps) * ((double)(steps - m) / steps));
    float *to = blurred(max_sigma * ((double)(steps - m - 1) / steps) * ((double)(steps - m - 1) / steps));
    for (int64_t i = 0; i < N; i++) middle[i] = (float)(((double)from[i] + (double)to[i]) / 2);
    look(score, middle, gradient);
    for (int64_t i = 0; i < N; i++) phi[i] += ((double)to[i] - (double)from[i]) * (double)gradient[i];
    free(from);
    free(to);
  }
  free(gradient);
  free(middle);
}

static void blur_integrated_gradients(void **state) {
  (void)state;
  enum { STEPS = 9 };
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    attrib_model model;
    assert_int_equal(small_net_model(net, score, &model), 0);
    double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
    const attrib_blur_ig_options options = {
        .struct_size = sizeof options, .steps = STEPS, .max_sigma = 20, .shape = &planar};
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, heart.pixels, CLASS, &options, phi, &report),
                     ATTRIB_OK);
    recompute_blur(score, 20, STEPS, expected);
    assert_agree(phi, expected);
    float *start = blurred(20);
    assert_true(report.output == look(score, heart.pixels, NULL));
    assert_true(report.baseline_output == look(score, start, NULL));
    free(start);
    free(expected);
    free(phi);
  }
}

/* The error of the sum in 100 steps from 10 pixels, measured: 1.1e-2 of the target for either score; the bound is five
 * times that. */
static void blur_is_complete(void **state) {
  (void)state;
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
    attrib_model model;
    assert_int_equal(small_net_model(net, score, &model), 0);
    double *phi = block(sizeof *phi);
    const attrib_blur_ig_options options = {.struct_size = sizeof options, .max_sigma = 10, .shape = &planar};
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_blur_integrated_gradients(NULL, &model, heart.pixels, CLASS, &options, phi, &report),
                     ATTRIB_OK);
    assert_true(report.completeness_relative < .055 && report.completeness_target > .9);
    free(phi);
  }
}

/* Asks a model for a point: output `target` or by weights, with its gradient; or, with neither, all outputs. */
static double ask(const attrib_model *model, const float *point, int64_t target, const double *weights, double *outputs,
                  float *gradient) {
  double output = 0;
  const int64_t row = 0;
  const attrib_batch batch = {
      .struct_size = sizeof batch,
      .flags = ATTRIB_BATCH_OUTPUTS | (gradient != NULL ? ATTRIB_BATCH_GRADIENTS : 0U) |
               (outputs != NULL ? ATTRIB_BATCH_ALL_OUTPUTS : 0U),
      .rows = 1,
      .n_inputs = N,
      .n_outputs = model->n_outputs,
      .target = target,
      .input_stride = N,
      .gradient_stride = N,
      .output_stride = outputs != NULL ? model->n_outputs : 1,
      .row_ids = &row,
      .inputs = point,
      .outputs = outputs != NULL ? outputs : &output,
      .gradients = gradient,
      .target_weights = weights,
      .dtype = ATTRIB_F32,
  };
  assert_int_equal(model->evaluate(&batch, model->user), 0);
  return output;
}

/* Rows that a call asked a model for. */
enum { MOST_RECORDED = 64 };
typedef struct recorder {
  attrib_model inner;
  int count;
  uint32_t flags[MOST_RECORDED];
  float *points[MOST_RECORDED];
} recorder;

static int32_t ATTRIB_CALL record(const attrib_batch *batch, void *user) {
  recorder *r = user;
  assert_true(batch->rows == 1 && r->count < MOST_RECORDED);
  r->flags[r->count] = batch->flags;
  r->points[r->count] = memcpy(block(sizeof(float)), batch->inputs, N * sizeof(float));
  r->count++;
  return r->inner.evaluate(batch, r->inner.user);
}

static attrib_model recorded(recorder *r, attrib_model inner) {
  r->inner = inner;
  inner.evaluate = record;
  inner.user = r;
  return inner;
}

static void forget(recorder *r) {
  while (r->count > 0) free(r->points[--r->count]);
}

/* Up to the rounding of floats. */
static void assert_same_point(const float *point, const double *expected) {
  for (int64_t i = 0; i < N; i++)
    if (!(fabs((double)point[i] - expected[i]) <= 0x1p-22)) fail_msg("[%d]: %a, not %a", (int)i, point[i], expected[i]);
}

/* -- Guided IG ---------------------------------------------------------------------------------------------------- */

/* Gradients are taken where the call took them, once these points are found to be the right ones: rounded another way a
 * point has other gradients, and two that are as good as equal would change places in the order of moves. */
static void recompute_guided(const attrib_model *model, float *const *points, const float *baseline,
                             const attrib_guided_options *o, double *phi) {
  float *gradient = block(sizeof *gradient);
  double *way = block(sizeof *way), *part = block(sizeof *part), *sizes = block(sizeof *sizes);
  double *before = block(sizeof *before), *point = block(sizeof *point);
  const bool left = o->rule == ATTRIB_RULE_LEFT;
  for (int64_t i = 0; i < N; i++) way[i] = (double)heart.pixels[i] - (double)baseline[i];
  for (int64_t i = 0; i < N; i++) sizes[i] = 0;
  for (int64_t s = 0; s < o->steps + (left ? 0 : 1); s++) {
    for (int64_t i = 0; i < N; i++) point[i] = (double)baseline[i] + part[i] * way[i];
    assert_same_point(points[s], point);
    ask(model, points[s], CLASS, NULL, NULL, gradient);
    for (int64_t i = 0; i < N; i++) {
      if (!left) phi[i] += (part[i] - before[i]) * way[i] * (double)gradient[i] / 2;
      sizes[i] = fabs((double)gradient[i]);
      before[i] = part[i];
      point[i] = fabs(way[i]);
    }
    if (s < o->steps) plain_move(N, point, part, sizes, s + 1, o);
    for (int64_t i = 0; i < N; i++) phi[i] += (part[i] - before[i]) * way[i] * (double)gradient[i] * (left ? 1 : 0.5);
  }
  free(point);
  free(before);
  free(sizes);
  free(part);
  free(way);
  free(gradient);
}

static void guided(void **state) {
  (void)state;
  enum { STEPS = 30 };
  static const float greys[] = {0, 0.5F};
  static const uint32_t rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};
  static recorder asked;
  float *baseline = block(sizeof *baseline);
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++)
    for (int k = 0; k < 2; k++)
      for (int r = 0; r < 2; r++) {
        attrib_model model;
        assert_int_equal(small_net_model(net, score, &model), 0);
        const attrib_model watched = recorded(&asked, model);
        for (int64_t i = 0; i < N; i++) baseline[i] = greys[k];
        double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
        const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = baseline};
        const attrib_guided_options options = {
            .struct_size = sizeof options, .rule = rules[r], .steps = STEPS, .fraction = .25, .max_distance = .1};
        assert_int_equal(
            attrib_guided_integrated_gradients(NULL, &watched, heart.pixels, CLASS, &set, &options, phi, NULL),
            ATTRIB_OK);
        assert_int_equal(asked.count, STEPS + 1);
        recompute_guided(&model, asked.points + (r == 0), baseline, &options, expected);
        assert_agree(phi, expected);
        forget(&asked);
        free(expected);
        free(phi);
      }
  free(baseline);
}

/* -- AGI ---------------------------------------------------------------------------------------------------------- */

static int64_t predicted(const double *outputs, int64_t count) {
  int64_t best = 0;
  for (int64_t k = 1; k < count; k++)
    if (outputs[k] > outputs[best]) best = k;
  return best;
}

/* One path, and its share. */
static void recompute_agi(const attrib_model *model, int64_t q, double share, const attrib_agi_options *o,
                          double *phi) {
  float *point = block(sizeof *point), *next = block(sizeof *next), *climb = block(sizeof *climb);
  float *gradient = block(sizeof *gradient), *after = block(sizeof *after);
  double outputs[SMALL_NET_CLASSES];
  memcpy(point, heart.pixels, N * sizeof *point);
  for (int64_t m = 0; m < o->steps; m++) {
    ask(model, point, ATTRIB_NO_TARGET, NULL, outputs, NULL);
    if (predicted(outputs, SMALL_NET_CLASSES) == q) break;
    ask(model, point, q, NULL, NULL, climb);
    ask(model, point, CLASS, NULL, NULL, gradient);
    for (int64_t i = 0; i < N; i++) {
      const double sign = climb[i] > 0 ? 1 : climb[i] < 0 ? -1 : 0;
      next[i] = (float)fmin(fmax((double)point[i] + o->step * sign, o->low), o->high);
    }
    ask(model, next, CLASS, NULL, NULL, after);
    for (int64_t i = 0; i < N; i++)
      phi[i] += share * ((double)point[i] - (double)next[i]) *
                (o->rule == ATTRIB_RULE_LEFT ? (double)gradient[i] : ((double)gradient[i] + (double)after[i]) / 2);
    memcpy(point, next, N * sizeof *point);
  }
  free(after);
  free(gradient);
  free(climb);
  free(next);
  free(point);
}

/* The points are the same to the bit: a step and a sign leave nothing to rounding. Both paths end before all steps. */
static void agi(void **state) {
  (void)state;
  static const int64_t classes[] = {2, 9};
  static const uint32_t rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};
  for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++)
    for (int r = 0; r < 2; r++) {
      attrib_model model;
      assert_int_equal(small_net_model(net, score, &model), 0);
      double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
      const attrib_agi_options options = {.struct_size = sizeof options,
                                          .rule = rules[r],
                                          .steps = 60,
                                          .n_classes = 2,
                                          .step = 1.0 / 512,
                                          .low = 0,
                                          .high = 1,
                                          .classes = classes};
      assert_int_equal(attrib_agi(NULL, &model, heart.pixels, CLASS, &options, phi, NULL), ATTRIB_OK);
      for (int k = 0; k < 2; k++) recompute_agi(&model, classes[k], .5, &options, expected);
      assert_agree(phi, expected);
      free(expected);
      free(phi);
    }
}

/* -- IG2 ---------------------------------------------------------------------------------------------------------- */

static double length_of(const double *values, int64_t n) {
  double square = 0;
  for (int64_t i = 0; i < n; i++) square += values[i] * values[i];
  return sqrt(square);
}

/* Where a path goes from a point. */
static void next_point(const attrib_model *space, const double *goal, const float *point, double step,
                       const attrib_ig2_options *o, double *next) {
  float *gradient = block(sizeof *gradient);
  double *direction = calloc((size_t)space->n_outputs, sizeof *direction);
  assert_non_null(direction);
  ask(space, point, ATTRIB_NO_TARGET, NULL, direction, NULL);
  for (int64_t k = 0; k < space->n_outputs; k++) direction[k] -= goal[k];
  const double distance = length_of(direction, space->n_outputs);
  for (int64_t k = 0; k < space->n_outputs; k++) direction[k] /= distance;
  ask(space, point, ATTRIB_NO_TARGET, direction, NULL, gradient);
  for (int64_t i = 0; i < N; i++) next[i] = (double)gradient[i];
  const double slope = length_of(next, N);
  for (int64_t i = 0; i < N; i++)
    next[i] = fmin(fmax((double)point[i] - fmin(step, distance / slope) * next[i] / slope, o->low), o->high);
  free(direction);
  free(gradient);
}

/* Every step is taken from where the call's began, and found to lead where the call's did: near a kink of the network a
 * point that is rounded another way has another gradient. */
static void recompute_ig2(const attrib_model *model, const attrib_model *space, float *const *points,
                          const attrib_ig2_options *o, double *phi) {
  float *gradient = block(sizeof *gradient), *after = block(sizeof *after);
  double *goal = calloc((size_t)space->n_outputs, sizeof *goal), *next = block(sizeof *next);
  assert_non_null(goal);
  for (int64_t i = 0; i < N; i++) next[i] = (double)star.pixels[i] - (double)heart.pixels[i];
  const double step = 4 * length_of(next, N) / (3 * (double)o->steps);
  ask(space, star.pixels, ATTRIB_NO_TARGET, NULL, goal, NULL);
  assert_memory_equal(points[0], heart.pixels, N * sizeof *heart.pixels);
  for (int64_t m = 0; m < o->steps; m++) {
    next_point(space, goal, points[m], step, o, next);
    assert_same_point(points[m + 1], next);
    ask(model, points[m], CLASS, NULL, NULL, gradient);
    ask(model, points[m + 1], CLASS, NULL, NULL, after);
    for (int64_t i = 0; i < N; i++)
      phi[i] += ((double)points[m][i] - (double)points[m + 1][i]) *
                (o->rule == ATTRIB_RULE_LEFT ? (double)gradient[i] : ((double)gradient[i] + (double)after[i]) / 2);
  }
  free(next);
  free(goal);
  free(after);
  free(gradient);
}

/* The bodies up to two layers, and the ten outputs, towards another class. */
static void ig2(void **state) {
  (void)state;
  enum { STEPS = 12 };
  static const uint32_t rules[] = {ATTRIB_RULE_LEFT, ATTRIB_RULE_TRAPEZOID};
  static const int32_t cuts[] = {6, 15};
  static recorder asked;
  for (int layer = 0; layer < 3; layer++)
    for (int r = 0; r < 2; r++) {
      attrib_model model, space;
      small_net_split split;
      assert_int_equal(small_net_model(net, SMALL_NET_LOGIT, &model), 0);
      if (layer < 2)
        assert_int_equal(small_net_body(net, cuts[layer], &split, &space), 0);
      else
        space = model;
      const attrib_model watched = recorded(&asked, space);
      double *phi = block(sizeof *phi), *expected = block(sizeof *expected);
      const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = star.pixels};
      const attrib_ig2_options options = {
          .struct_size = sizeof options, .rule = rules[r], .steps = STEPS, .low = 0, .high = 1};
      assert_int_equal(attrib_ig2(NULL, &model, &watched, heart.pixels, CLASS, &set, &options, phi, NULL), ATTRIB_OK);
      float *points[STEPS + 1];
      int found = 0;
      for (int k = 1; k < asked.count; k++) /* the first is the reference */
        if (asked.flags[k] & ATTRIB_BATCH_ALL_OUTPUTS && found <= STEPS) points[found++] = asked.points[k];
      assert_int_equal(found, STEPS + 1);
      recompute_ig2(&model, &space, points, &options, expected);
      assert_agree(phi, expected);
      forget(&asked);
      free(expected);
      free(phi);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(idgi),
                                     cmocka_unit_test(blur_integrated_gradients),
                                     cmocka_unit_test(blur_is_complete),
                                     cmocka_unit_test(guided),
                                     cmocka_unit_test(agi),
                                     cmocka_unit_test(ig2)};
  return cmocka_run_group_tests(tests, load_both, unload_both);
}
