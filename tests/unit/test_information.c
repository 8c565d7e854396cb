/* test_information.c - performance information curves, the picture they fill in, and the size of a picture. */
#include "fixture.h"

#include "image/picture_size.h"
#include "metrics/reveal.h"
#include "method_checks.h"
#include "random/permutation.h"
#include "random/philox.h"
#include "rows/rows.h"

enum { WIDTH = 7, HEIGHT = 5, CHANNELS = 2, PIXELS = WIDTH * HEIGHT, N = PIXELS * CHANNELS, THRESHOLDS = 4 };

/* -- filling in --------------------------------------------------------------------------------------------------- */

static attrib_image shape_of(int64_t width, int64_t height, int64_t channels) {
  return (attrib_image){.struct_size = sizeof(attrib_image),
                        .width = width,
                        .height = height,
                        .channels = channels,
                        .x_stride = channels,
                        .y_stride = width * channels,
                        .channel_stride = 1};
}

/* Through the library's parts, in a block of its own. */
static double *revealed(const attrib_image *shape, const unsigned char *marks, const double *picture) {
  attrib__arena arena = {0};
  attrib__reveal reveal;
  attrib__reveal_layout(&reveal, ATTRIB_F64, shape, &arena);
  void *memory = exact_block(arena.used);
  arena = (attrib__arena){.memory = memory};
  attrib__reveal_layout(&reveal, ATTRIB_F64, shape, &arena);
  const int64_t n = shape->width * shape->height * shape->channels;
  double *point = untouched(n);
  attrib__reveal_write(&reveal, marks, picture, point);
  free(memory);
  return point;
}

static void what_is_shown_is_the_picture(void **state) {
  (void)state;
  const attrib_image shape = shape_of(WIDTH, HEIGHT, CHANNELS);
  for (uint64_t seed = 0; seed < 50; seed++) {
    double picture[N];
    unsigned char marks[PIXELS];
    uint64_t draw = seed;
    fill_random(seed, picture, N);
    for (int p = 0; p < PIXELS; p++) marks[p] = random_number(&draw) > -.5 || p == 3;
    double *point = revealed(&shape, marks, picture), low = INFINITY, high = -INFINITY;
    for (int i = 0; i < N; i++) {
      low = fmin(low, picture[i]);
      high = fmax(high, picture[i]);
    }
    for (int i = 0; i < N; i++) {
      if (marks[i / CHANNELS]) assert_true(point[i] == picture[i]);
      assert_true(point[i] >= low && point[i] <= high);
    }
    free(point);
  }
}

/* One pixel fills everything; of a constant picture any part gives the whole. */
static void one_pixel_is_enough(void **state) {
  (void)state;
  for (int64_t width = 1; width <= 9; width++)
    for (int64_t height = 1; height <= 9; height += 2) {
      const attrib_image shape = shape_of(width, height, 1);
      double picture[81];
      unsigned char marks[81] = {0};
      fill_random(7, picture, width * height);
      const int64_t shown = (width * height) / 2;
      marks[shown] = 1;
      double *point = revealed(&shape, marks, picture);
      for (int64_t p = 0; p < width * height; p++) assert_near(point[p], picture[shown], ROUND_OFF, 1);
      free(point);
    }
}

/* 4 x 1 with both ends known, 0 and 8. Above are (0, 8), so that between them 2 and 6. */
static void between_two_pixels(void **state) {
  (void)state;
  const attrib_image shape = shape_of(4, 1, 1);
  const double picture[] = {0, 5, 5, 8};
  const unsigned char marks[] = {1, 0, 0, 1};
  double *point = revealed(&shape, marks, picture);
  assert_true(point[0] == 0 && point[1] == 2 && point[2] == 6 && point[3] == 8);
  free(point);
}

/* -- sizes -------------------------------------------------------------------------------------------------------- */

static double size_of(uint32_t dtype, const attrib_image *shape, const double *values, double low, double high) {
  void *picture = as_row(dtype, values, shape->width * shape->height * shape->channels);
  double bytes = -1;
  assert_int_equal(attrib_picture_size(NULL, dtype, shape, picture, low, high, &bytes), ATTRIB_OK);
  free(picture);
  return bytes;
}

static void sizes_by_hand(void **state) {
  (void)state;
  const attrib_image line = shape_of(5, 1, 1), square = shape_of(2, 2, 1), two = shape_of(3, 1, 2),
                     one = shape_of(1, 1, 1);
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    /* Residuals 1, 0, -1, 0: two bits of entropy for the halves and quarters, 4 * 1.5 bits. */
    assert_near(size_of(dtype, &line, (const double[]){0, 1, 1, 0, 0}, 0, 255), 6.0 / 8, ROUND_OFF, 1);
    assert_true(size_of(dtype, &line, (const double[]){3, 3, 3, 3, 3}, 0, 255) == 0);
    assert_true(size_of(dtype, &one, (const double[]){3}, 0, 255) == 0);
    /* A ramp: every step is the same residual. */
    assert_true(size_of(dtype, &line, (const double[]){0, 9, 18, 27, 36}, 0, 255) == 0);
    /* (0, 4; 2, x): from 0, 4 and 2 the median of 4, 2 and 6 is 4; residuals 4, 2, x - 4. */
    assert_near(size_of(dtype, &square, (const double[]){0, 4, 2, 6}, 0, 255), (2 * log2(1.5) + log2(3)) / 8, ROUND_OFF,
                1);
    assert_near(size_of(dtype, &square, (const double[]){0, 4, 2, 5}, 0, 255), 3 * log2(3) / 8, ROUND_OFF, 1);
    /* Two channels under one histogram: 1, 1 and 2, 2. */
    assert_near(size_of(dtype, &two, (const double[]){0, 0, 1, 2, 2, 4}, 0, 255), 4.0 / 8, ROUND_OFF, 1);
    /* Beyond the range all is one colour. */
    assert_true(size_of(dtype, &line, (const double[]){2, 7, 3, 9, 4}, -1, 1) == 0);
  }
  assert_true(size_of(ATTRIB_F64, &line, (const double[]){0, 1e308, 0, 1e308, 0}, -1.7e308, 1.7e308) > 0);
}

static void wrong_sizes(void **state) {
  (void)state;
  const attrib_image line = shape_of(2, 1, 1);
  const double fine[] = {1, 2}, nan[] = {1, NAN};
  double bytes = 7;
  attrib_context *context = new_context(1, 0);
  static const double ranges[][2] = {{0, 0}, {1, 0}, {NAN, 1}, {0, INFINITY}};
  for (int k = 0; k < 4; k++) {
    assert_int_equal(attrib_picture_size(context, ATTRIB_F64, &line, fine, ranges[k][0], ranges[k][1], &bytes),
                     ATTRIB_E_ARGUMENT);
    assert_names(attrib_context_error(context), "low");
  }
  assert_int_equal(attrib_picture_size(context, ATTRIB_F64, &line, nan, 0, 1, &bytes), ATTRIB_E_NONFINITE);
  assert_int_equal(attrib_picture_size(context, ATTRIB_F64, NULL, fine, 0, 1, &bytes), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_picture_size(context, ATTRIB_F64, &line, NULL, 0, 1, &bytes), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_picture_size(context, ATTRIB_F64, &line, fine, 0, 1, NULL), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_picture_size(context, 9, &line, fine, 0, 1, &bytes), ATTRIB_E_ARGUMENT);
  assert_true(bytes == 7);
  attrib_context_destroy(context);
}

/* -- curves ------------------------------------------------------------------------------------------------------- */

static const double thresholds[THRESHOLDS] = {.1, .29, .5, 1};

/* A model that is larger the more of the picture is there: minus the squared distance from it, and 1. */
static double likeness(const double *x, int64_t n, double *g, const void *p) {
  const double *picture = p;
  double f = 1;
  for (int64_t i = 0; i < n; i++) f -= (x[i] - picture[i]) * (x[i] - picture[i]) / 100;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = -(x[i] - picture[i]) / 50;
  return f;
}
static double minus_one(const double *x, int64_t n, double *g, const void *p) {
  (void)x, (void)p;
  for (int64_t i = 0; i < n && g != NULL; i++) g[i] = 0;
  return -1;
}
static const analytic_fn outputs[] = {likeness, minus_one};

typedef struct curve_case {
  analytic a;
  attrib_image shape;
  double picture[N], scores[N];
  void *input;
  attrib_information_options options;
  int64_t sizes, fail_at; /* calls of the size callback */
  int32_t code;
  uint32_t dtype;
  double offset;
} curve_case;

static attrib_model open_case(curve_case *c, uint32_t dtype, uint64_t seed) {
  *c = (curve_case){.shape = shape_of(WIDTH, HEIGHT, CHANNELS), .fail_at = -1, .dtype = dtype};
  fill_random(seed, c->picture, N);
  for (int i = 0; i < N; i++) c->picture[i] = attrib__rows_round(ATTRIB_F32, c->picture[i]);
  fill_random(seed + 100, c->scores, N);
  c->input = as_row(dtype, c->picture, N);
  c->a = (analytic){.functions = outputs, .n_outputs = 2, .n_inputs = N, .parameters = c->picture, .dtype = dtype};
  c->options = (attrib_information_options){.struct_size = sizeof c->options,
                                            .seed = seed,
                                            .n_thresholds = THRESHOLDS,
                                            .thresholds = thresholds,
                                            .shown = .1,
                                            .low = -1,
                                            .high = 1,
                                            .shape = &c->shape};
  return analytic_model(&c->a);
}

/* By loops: the marks by sorting all pairs, the curve by its definition. */
static void by_hand(const curve_case *c, double *x, double *y, double *area, bool monotone) {
  double f[THRESHOLDS + 2], sizes[THRESHOLDS + 2];
  for (int r = 0; r < THRESHOLDS + 2; r++) {
    unsigned char marks[PIXELS] = {0};
    for (int k = 0; k < 3; k++) /* floor(.1 * 35) */
      marks[attrib__random_permutation(c->options.seed, ATTRIB__STREAM_SHOWN, 0, PIXELS, k)] = 1;
    static const int counts[] = {3, 10, 17, 35}; /* .1, .29, .5 of 35 */
    for (int p = 0; p < PIXELS && r > 1; p++) {
      int before = 0;
      const double mine = c->scores[2 * p] + c->scores[2 * p + 1];
      for (int q = 0; q < PIXELS; q++) {
        const double other = c->scores[2 * q] + c->scores[2 * q + 1];
        before += other > mine || (other == mine && q < p);
      }
      if (before < counts[r - 2]) marks[p] = 1;
    }
    double *point = revealed(&c->shape, marks, c->picture);
    void *typed = as_row(c->dtype, r == 0 ? c->picture : point, N);
    attrib__rows_load(c->dtype, typed, 0, N, point);
    f[r] = likeness(point, N, NULL, c->picture);
    sizes[r] = attrib__picture_size(c->dtype, &c->shape, typed, -1, 1);
    free(typed);
    free(point);
  }
  double from_x = 0, from_y = 0, best = 0;
  *area = 0;
  for (int k = 0; k < THRESHOLDS; k++) {
    x[k] = fmin(fmax((sizes[k + 2] - sizes[1]) / (sizes[0] - sizes[1]), 0), 1);
    y[k] = fmin(fmax((f[k + 2] - f[1]) / (f[0] - f[1]), 0), 1);
    best = fmax(best, y[k]);
    if (monotone) y[k] = best;
  }
  /* In these cases x rises. */
  for (int k = 0; k < THRESHOLDS; k++) {
    assert_true(x[k] >= from_x);
    *area += (x[k] - from_x) * (y[k] + from_y) / 2;
    from_x = x[k];
    from_y = y[k];
  }
  *area += (1 - from_x) * (1 + from_y) / 2;
}

static void agrees_with_plain_loops(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (uint64_t seed = 1; seed < 7; seed++)
      for (int monotone = 0; monotone < 2; monotone++) {
        curve_case c;
        const attrib_model model = open_case(&c, dtype, seed);
        double *values = untouched(2 * THRESHOLDS), x[THRESHOLDS], y[THRESHOLDS], area;
        attrib_report report = {.struct_size = sizeof report};
        if (!monotone) c.options.flags = ATTRIB_INFORMATION_AS_IT_IS;
        assert_int_equal(attrib_information_curve(NULL, &model, c.input, 0, c.scores, &c.options, values, &report),
                         ATTRIB_OK);
        by_hand(&c, x, y, &area, monotone);
        for (int k = 0; k < THRESHOLDS; k++) {
          assert_near(values[k], x[k], 1e-12, 1);
          assert_near(values[THRESHOLDS + k], y[k], 1e-12, 1);
        }
        assert_near(report.objective, area, 1e-12, 1);
        assert_true(values[THRESHOLDS - 1] == 1 && values[2 * THRESHOLDS - 1] == 1);
        assert_true(report.output == 1 && report.points == THRESHOLDS && report.seed == seed);
        assert_true(report.output_evaluations == THRESHOLDS + 2 && report.evaluations == 0);
        free(values);
        free(c.input);
      }
}

/* Sizes handed out one after the other, so that a curve can be written down. */
typedef struct script {
  const double *sizes;
  int64_t calls, answer_at;
  int32_t answer;
} script;

static int32_t ATTRIB_CALL scripted(const void *picture, double *size, void *user) {
  script *s = user;
  (void)picture;
  if (s->calls == s->answer_at) return s->answer;
  *size = s->sizes[s->calls++];
  return 0;
}

/* And f likewise, by row. */
static int32_t ATTRIB_CALL told(const attrib_batch *batch, void *user) {
  const double *f = user;
  for (int64_t r = 0; r < batch->rows; r++) batch->outputs[r * batch->output_stride] = f[batch->row_ids[r]];
  return 0;
}

static attrib_status run_script(const double *sizes, double *f, uint32_t flags, double *values, attrib_report *report,
                                int64_t answer_at, int32_t answer) {
  curve_case c;
  open_case(&c, ATTRIB_F64, 1);
  script s = {.sizes = sizes, .answer_at = answer_at, .answer = answer};
  const attrib_model model = {
      .struct_size = sizeof model, .dtype = ATTRIB_F64, .n_inputs = N, .n_outputs = 1, .evaluate = told, .user = f};
  c.options.low = c.options.high = 0;
  c.options.size = scripted;
  c.options.size_user = &s;
  c.options.flags = flags;
  const attrib_status status = attrib_information_curve(NULL, &model, c.input, 0, c.scores, &c.options, values, report);
  free(c.input);
  return status;
}

/* Points out of order: by rising x, of equal ones by threshold. */
static void a_curve_by_hand(void **state) {
  (void)state;
  const double sizes[] = {110, 10, 30, 70, 30, 200};
  double f[] = {.9, .1, .3, .2, .7, .95};
  double *values = untouched(2 * THRESHOLDS);
  attrib_report report = {.struct_size = sizeof report};
  assert_int_equal(run_script(sizes, f, ATTRIB_INFORMATION_AS_IT_IS, values, &report, -1, 0), ATTRIB_OK);
  const double x[] = {.2, .6, .2, 1}, y[] = {.25, .125, .75, 1}, best[] = {.25, .25, .75, 1};
  for (int k = 0; k < THRESHOLDS; k++) {
    assert_near(values[k], x[k], ROUND_OFF, 1);
    assert_near(values[THRESHOLDS + k], y[k], ROUND_OFF, 1);
  }
  /* (0, 0) (.2, .25) (.2, .75) (.6, .125) (1, 1) */
  assert_near(report.objective, .2 * .125 + .4 * .4375 + .4 * .5625, ROUND_OFF, 1);
  assert_true(report.output == .9 && report.baseline_output == .1);
  assert_int_equal(run_script(sizes, f, 0, values, &report, -1, 0), ATTRIB_OK);
  for (int k = 0; k < THRESHOLDS; k++) assert_near(values[THRESHOLDS + k], best[k], ROUND_OFF, 1);
  assert_near(report.objective, .2 * .125 + .4 * .5 + .4 * .625, ROUND_OFF, 1);
  free(values);
}

static void curves_that_do_not_exist(void **state) {
  (void)state;
  static const struct {
    double f[6], sizes[6];
    const char *names;
  } cases[] = {{{.7, .1}, {110, 10}, "f(input) = 0.7 is less than options->least_output = 0.8"},
               {{.9, .9}, {110, 10}, "nothing to win"},
               {{.9, .1}, {10, 10}, "a size of 10"}};
  for (int k = 0; k < 3; k++) {
    char message[300];
    double f[6], values[2 * THRESHOLDS] = {0};
    attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
    memcpy(f, cases[k].f, sizeof f);
    assert_int_equal(run_script(cases[k].sizes, f, 0, values, &report, -1, 0), ATTRIB_UNDEFINED);
    assert_names(message, cases[k].names);
    for (int i = 0; i < 2 * THRESHOLDS; i++) assert_true(isnan(values[i]));
    assert_true(isnan(report.objective) && report.output_evaluations == 6);
  }
}

static void sizes_that_fail(void **state) {
  (void)state;
  static const double wrong[] = {NAN, INFINITY, -1};
  for (int at = 0; at < 6; at++) {
    double sizes[] = {110, 10, 30, 70, 30, 200}, f[] = {.9, .1, .3, .2, .7, .95};
    char message[300];
    double *values = untouched(2 * THRESHOLDS);
    attrib_report report = {.struct_size = sizeof report, .message = message, .message_capacity = sizeof message};
    assert_int_equal(run_script(sizes, f, 0, values, &report, at, -7), ATTRIB_E_CALLBACK);
    assert_names(message, "options->size returned -7 for picture");
    assert_true(is_untouched(values, 2 * THRESHOLDS) && report.model_status == -7);
    for (int k = 0; k < 3; k++) {
      const double kept = sizes[at];
      sizes[at] = wrong[k];
      assert_int_equal(run_script(sizes, f, 0, values, &report, -1, 0), ATTRIB_E_NONFINITE);
      assert_names(message, "options->size gave");
      assert_true(is_untouched(values, 2 * THRESHOLDS));
      sizes[at] = kept;
    }
    assert_int_equal(run_script(sizes, f, 0, values, &report, at, 4), ATTRIB_CANCELLED);
    assert_int_equal(report.output_evaluations, at);
    assert_true(isnan(report.objective));
    for (int k = 0; k < THRESHOLDS; k++) assert_int_equal(isnan(values[k]), k + 2 >= at);
    free(values);
  }
}

/* Of a flat map the lower numbers are shown first, not everything at once. */
static void a_flat_map(void **state) {
  (void)state;
  curve_case c;
  const attrib_model model = open_case(&c, ATTRIB_F64, 3);
  double flat[N] = {0}, falling[N], values[2 * THRESHOLDS], others[2 * THRESHOLDS];
  for (int i = 0; i < N; i++) falling[i] = -i / CHANNELS;
  assert_int_equal(attrib_information_curve(NULL, &model, c.input, 0, flat, &c.options, values, NULL), ATTRIB_OK);
  assert_int_equal(attrib_information_curve(NULL, &model, c.input, 0, falling, &c.options, others, NULL), ATTRIB_OK);
  assert_memory_equal(values, others, sizeof values);
  c.options.flags = ATTRIB_METRIC_RANDOM;
  assert_int_equal(attrib_information_curve(NULL, &model, c.input, 0, NULL, &c.options, others, NULL), ATTRIB_OK);
  assert_true(memcmp(values, others, sizeof values) != 0);
  free(c.input);
}

/* By default thirteen thresholds, one pixel of 35 shown, and f of 0.8. */
static void defaults(void **state) {
  (void)state;
  curve_case c;
  const attrib_model model = open_case(&c, ATTRIB_F32, 3);
  double *values = untouched(26), *others = untouched(26);
  attrib_report report = {.struct_size = sizeof report};
  const double published[] = {.005, .01, .02, .03, .04, .05, .07, .1, .13, .21, .34, .5, .75};
  attrib_information_options options = {
      .struct_size = sizeof options, .low = -1, .high = 1, .shape = &c.shape, .seed = 5};
  assert_int_equal(attrib_information_curve(NULL, &model, c.input, 0, c.scores, &options, values, &report), ATTRIB_OK);
  assert_int_equal(report.points, 13);
  options.thresholds = published;
  options.n_thresholds = 13;
  options.shown = 1.0 / 35;
  options.least_output = -INFINITY;
  assert_int_equal(attrib_information_curve(NULL, &model, c.input, 0, c.scores, &options, others, &report), ATTRIB_OK);
  assert_memory_equal(values, others, 26 * sizeof *values);
  free(values);
  free(others);
  free(c.input);
}

static void every_wrong_argument_is_named(void **state) {
  (void)state;
  curve_case c;
  const attrib_model model = open_case(&c, ATTRIB_F64, 3);
  attrib_context *context = new_context(1, 0);
  const double falling[] = {.5, .5}, beyond[] = {.5, 1.5}, none[] = {0, .5};
  attrib_image other = shape_of(WIDTH, HEIGHT, 1);
  attrib_information_options bad[16];
  for (int k = 0; k < COUNT(bad); k++) bad[k] = c.options;
  bad[0].thresholds = falling, bad[0].n_thresholds = 2;
  bad[1].thresholds = beyond, bad[1].n_thresholds = 2;
  bad[2].thresholds = none, bad[2].n_thresholds = 2;
  bad[3].thresholds = NULL;
  bad[4].n_thresholds = -1;
  bad[5].shown = 1.1;
  bad[6].shown = -.1;
  bad[7].least_output = NAN;
  bad[8].low = 1;
  bad[9].low = bad[9].high = 0;
  bad[10].size = scripted;
  bad[11].size_user = &c;
  bad[12].shape = NULL;
  bad[13].shape = &other;
  bad[14].flags = ATTRIB_METRIC_LOWEST_FIRST;
  bad[15].flags = ATTRIB_METRIC_SOFTMAX | ATTRIB_METRIC_ACCURACY;
  static const char *const names[] = {"thresholds[1] = 0.5",
                                      "thresholds[1] = 1.5",
                                      "thresholds[0] = 0",
                                      "n_thresholds = 4",
                                      "n_thresholds = -1",
                                      "shown = 1.1",
                                      "shown = -0.1",
                                      "least_output = nan",
                                      "low = 1",
                                      "low = 0, high = 0",
                                      "low = -1, high = 1: must be 0",
                                      "size_user",
                                      "shape is NULL",
                                      "options->shape",
                                      "flags has ATTRIB_METRIC_LOWEST_FIRST",
                                      "SOFTMAX and ACCURACY"};
  double *values = untouched(2 * THRESHOLDS);
  for (int k = 0; k < COUNT(bad); k++) {
    assert_int_equal(attrib_information_curve(context, &model, c.input, 0, c.scores, &bad[k], values, NULL),
                     ATTRIB_E_ARGUMENT);
    assert_names(attrib_context_error(context), names[k]);
  }
  assert_int_equal(attrib_information_curve(context, &model, c.input, 0, c.scores, NULL, values, NULL),
                   ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_information_curve(context, &model, c.input, 0, c.scores, &c.options, NULL, NULL),
                   ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_information_curve(context, &model, c.input, 0, NULL, &c.options, values, NULL),
                   ATTRIB_E_ARGUMENT);
  c.scores[7] = NAN;
  assert_int_equal(attrib_information_curve(context, &model, c.input, 0, c.scores, &c.options, values, NULL),
                   ATTRIB_E_NONFINITE);
  assert_names(attrib_context_error(context), "scores[7] = nan");
  assert_true(is_untouched(values, 2 * THRESHOLDS));
  free(values);
  attrib_context_destroy(context);
  free(c.input);
}

/* -- the generic checks ------------------------------------------------------------------------------------------- */

static attrib_status draw_curve(attrib_context *context, const attrib_model *models, void *values,
                                attrib_report *report, void *user) {
  const curve_case *c = user;
  return attrib_information_curve(context, &models[0], c->input, 0, c->scores, &c->options, values, report);
}
static attrib_status start_curve(attrib_context *context, const attrib_model *models, attrib_run **run, void *user) {
  const curve_case *c = user;
  return attrib_information_curve_start(context, &models[0], c->input, 0, c->scores, &c->options, run);
}

static void as_every_method(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
    curve_case c;
    checked_method checked = {.name = "information curve",
                              .models = {open_case(&c, dtype, 2)},
                              .model_count = 1,
                              .attributions = 2 * THRESHOLDS,
                              .expected = ATTRIB_OK,
                              .nan_prefix = true,
                              .call = draw_curve,
                              .start = start_curve,
                              .user = &c};
    if (dtype == ATTRIB_F64) c.options.flags = ATTRIB_METRIC_SOFTMAX;
    method_check_all(&checked);
    free(c.input);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_shown_is_the_picture),
      cmocka_unit_test(one_pixel_is_enough),
      cmocka_unit_test(between_two_pixels),
      cmocka_unit_test(sizes_by_hand),
      cmocka_unit_test(wrong_sizes),
      cmocka_unit_test(agrees_with_plain_loops),
      cmocka_unit_test(a_curve_by_hand),
      cmocka_unit_test(curves_that_do_not_exist),
      cmocka_unit_test(sizes_that_fail),
      cmocka_unit_test(a_flat_map),
      cmocka_unit_test(defaults),
      cmocka_unit_test(every_wrong_argument_is_named),
      cmocka_unit_test(as_every_method),
  };
  return cmocka_run_group_tests_name("information", tests, NULL, NULL);
}
