/* test_network_layers.c - layer attributions of the bundled network, all forms, against plain loops in double over rows
 * that its two halves are asked for one by one.
 *
 * Activations and gradients are the network's own floats, on both sides and at the same points to the bit, so that no
 * ReLU is on for one and off for the other. What differs is how sums round in double, and of the blur what one rounding
 * to float in each direction leaves: 1e-6 of the largest attribution is far above both. */
#include "heart.h"

enum { LINE_POINTS = 20, PATH_STEPS = 10 };

static float black[N];

typedef struct halves {
  small_net_split body_split, head_split;
  attrib_model body, head;
  int64_t n; /* activations */
} halves;

static void cut_at(halves *h, int32_t layer, uint32_t score) {
  assert_int_equal(small_net_body(net, layer, &h->body_split, &h->body), 0);
  assert_int_equal(small_net_head(net, layer, score, &h->head_split, &h->head), 0);
  h->n = h->head.n_inputs;
}

/* One row, its gradient where that is not NULL. */
static void ask(const attrib_model *model, uint32_t flags, const float *row, double *outputs, float *gradient) {
  const int64_t id = 0;
  const attrib_batch batch = {.struct_size = sizeof batch,
                              .flags = ATTRIB_BATCH_OUTPUTS | flags | (gradient != NULL ? ATTRIB_BATCH_GRADIENTS : 0U),
                              .rows = 1,
                              .n_inputs = model->n_inputs,
                              .n_outputs = model->n_outputs,
                              .target = flags == ATTRIB_BATCH_ALL_OUTPUTS ? ATTRIB_NO_TARGET : CLASS,
                              .input_stride = model->n_inputs,
                              .gradient_stride = model->n_inputs,
                              .output_stride = model->n_outputs,
                              .row_ids = &id,
                              .inputs = row,
                              .outputs = outputs,
                              .gradients = gradient,
                              .dtype = ATTRIB_F32};
  assert_int_equal(model->evaluate(&batch, model->user), 0);
}

/* The activations at black + t (heart - black). */
static float *image_at(const halves *h, double t) {
  float *point = block(sizeof *point), *a = blocks(h->n, sizeof *a);
  double *outputs = blocks(h->n, sizeof *outputs);
  for (int64_t i = 0; i < N; i++)
    point[i] = (float)((double)black[i] + t * ((double)heart.pixels[i] - (double)black[i]));
  ask(&h->body, ATTRIB_BATCH_ALL_OUTPUTS, t == 1 ? heart.pixels : point, outputs, NULL);
  for (int64_t i = 0; i < h->n; i++) a[i] = (float)outputs[i];
  free(outputs);
  free(point);
  return a;
}

static void add_chord(const halves *h, const float *from, const float *to, double t, double share, double *phi) {
  float *point = blocks(h->n, sizeof *point), *gradient = blocks(h->n, sizeof *gradient);
  double output;
  for (int64_t i = 0; i < h->n; i++) point[i] = (float)((double)from[i] + t * ((double)to[i] - (double)from[i]));
  ask(&h->head, 0, point, &output, gradient);
  for (int64_t i = 0; i < h->n; i++) phi[i] += share * ((double)to[i] - (double)from[i]) * (double)gradient[i];
  free(gradient);
  free(point);
}

static double *recompute(const halves *h, uint32_t form) {
  double *phi = blocks(h->n, sizeof *phi);
  const int steps = form == ATTRIB_LAYER_LINE ? 1 : PATH_STEPS, points = form == ATTRIB_LAYER_LINE ? LINE_POINTS : 1;
  for (int k = 0; k < steps; k++) {
    float *from = image_at(h, (double)k / steps), *to = image_at(h, (double)(k + 1) / steps);
    for (int j = 0; j < points; j++) add_chord(h, from, to, (j + .5) / points, 1. / points, phi);
    free(from);
    free(to);
  }
  return phi;
}

/* One coordinate of a pixel, reflected (c b a | a b c | c b a) until it lies within [0, n). */
static int64_t reflected(int64_t i, int64_t n) {
  while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
  return i;
}

/* Planes smoothed by a Gaussian, cut off at 4 sigma: one sum over a square for each pixel. */
static double *smoothed(const attrib_image *shape, double sigma, const float *planes) {
  const int64_t reach = (int64_t)(4 * sigma + .5), plane = shape->width * shape->height;
  double *blurred = blocks(shape->channels * plane, sizeof *blurred);
  for (int64_t k = 0; k < shape->channels * plane; k++) {
    const int64_t first = k / plane * plane, y = k % plane / shape->width, x = k % plane % shape->width;
    double sum = 0, weights = 0;
    for (int64_t dy = -reach; dy <= reach; dy++)
      for (int64_t dx = -reach; dx <= reach; dx++) {
        const double weight = exp(-(double)(dx * dx + dy * dy) / (2 * sigma * sigma));
        const int64_t at = reflected(y + dy, shape->height) * shape->width + reflected(x + dx, shape->width);
        weights += weight;
        sum += weight * (double)planes[first + at];
      }
    blurred[k] = sum / weights;
  }
  return blurred;
}

/* The forms of one point, from the gradient there. */
static double *recompute_point(const halves *h, const attrib_layer_options *o) {
  float *from = image_at(h, 0), *to = image_at(h, 1), *gradient = blocks(h->n, sizeof *gradient);
  double *phi = blocks(h->n, sizeof *phi), *blurred = NULL, output;
  ask(&h->head, 0, o->form == ATTRIB_LAYER_TAYLOR ? from : to, &output, gradient);
  if (o->form == ATTRIB_LAYER_ODAM) blurred = smoothed(o->shape, o->sigma == 0 ? 1 : o->sigma, gradient);
  for (int64_t i = 0; i < h->n; i++) {
    const double a = (double)to[i], moved = a - (double)from[i], g = (double)gradient[i];
    switch (o->form) {
      case ATTRIB_LAYER_TIMES_ACTIVATION: phi[i] = a * g; break;
      case ATTRIB_LAYER_TAYLOR: phi[i] = moved * g; break;
      case ATTRIB_LAYER_GRADIENT: phi[i] = g; break;
      case ATTRIB_LAYER_CAM: phi[i] = g > 0 ? a * g : 0; break;
      case ATTRIB_LAYER_ODAM: phi[i] = a * blurred[i]; break;
      case ATTRIB_LAYER_DIFFERENCE: phi[i] = moved; break;
      default: fail_msg("form %d", (int)o->form);
    }
  }
  free(blurred);
  free(gradient);
  free(to);
  free(from);
  return phi;
}

/* 1e-6 of the largest attribution. Where a probability is nearly 1 that is some 1e-7. */
static void assert_agree(const double *found, const double *expected, int64_t n) {
  double largest = 0;
  for (int64_t i = 0; i < n; i++) largest = fmax(largest, fabs(expected[i]));
  assert_true(largest > 1e-9);
  for (int64_t i = 0; i < n; i++)
    if (!(fabs(found[i] - expected[i]) <= 1e-6 * largest))
      fail_msg("[%d]: %.9g, not %.9g, of at most %.9g", (int)i, found[i], expected[i], largest);
}

/* Behind the first pooling, the third ReLU and the first dense layer; T is the same number at all of them. */
static void check(uint32_t score) {
  static const char *const names[] = {"max_pool1", "relu3", "dense1"};
  static const int32_t layers[] = {3, 8, 14};
  double outputs[2];
  for (int k = 0; k < 2; k++)
    assert_int_equal(small_net_gradient(net, 0, score, k == 0 ? black : heart.pixels, CLASS, NULL, &outputs[k], NULL),
                     0);
  for (int which = 0; which < 6; which++) {
    const uint32_t form = which % 2 == 0 ? ATTRIB_LAYER_LINE : ATTRIB_LAYER_PATH;
    const attrib_layer_options options = {.struct_size = sizeof options,
                                          .form = form,
                                          .rule = form == ATTRIB_LAYER_LINE ? ATTRIB_RULE_MIDPOINT : 0,
                                          .points = form == ATTRIB_LAYER_LINE ? LINE_POINTS : PATH_STEPS};
    const char *name;
    halves h;
    cut_at(&h, layers[which / 2], score);
    assert_int_equal(small_net_layer_info(net, layers[which / 2], &name, NULL), 0);
    assert_string_equal(name, names[which / 2]);
    double *phi = blocks(h.n, sizeof *phi), *expected = recompute(&h, form);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(
        attrib_layer_attributions(NULL, &h.body, &h.head, heart.pixels, CLASS, black, &options, phi, &report),
        ATTRIB_OK);
    assert_agree(phi, expected, h.n);
    assert_true(report.output == outputs[1] && report.baseline_output == outputs[0]);
    assert_true(report.completeness_target == outputs[1] - outputs[0] && fabs(report.completeness_target) > .5);
    free(expected);
    free(phi);
  }
}

/* At the picture itself, and behind the first pooling, the third ReLU and the first dense layer: planes, and a vector,
 * which is a row of pixels. ODAM by its own width and by another one, which is wider than the smallest planes. */
static void check_points(uint32_t score) {
  static const int32_t layers[] = {0, 3, 8, 14};
  for (int k = 0; k < 4; k++) {
    halves h;
    small_net_shape size;
    cut_at(&h, layers[k], score);
    assert_int_equal(small_net_layer_info(net, layers[k], NULL, &size), 0);
    const attrib_image shape = {.struct_size = sizeof shape,
                                .width = size.height > 0 ? size.width : h.n,
                                .height = size.height > 0 ? size.height : 1,
                                .channels = size.height > 0 ? size.channels : 1,
                                .x_stride = 1,
                                .y_stride = size.height > 0 ? size.width : h.n,
                                .channel_stride = size.height > 0 ? (int64_t)size.width * size.height : h.n};
    for (int which = 0; which < 7; which++) {
      const uint32_t form = which == 6 ? ATTRIB_LAYER_ODAM : ATTRIB_LAYER_TIMES_ACTIVATION + (uint32_t)which;
      const attrib_layer_options options = {.struct_size = sizeof options,
                                            .form = form,
                                            .sigma = which == 6 ? 2.5 : 0,
                                            .shape = form == ATTRIB_LAYER_ODAM ? &shape : NULL};
      double *phi = blocks(h.n, sizeof *phi), *expected = recompute_point(&h, &options), sum = 0, sizes = 0;
      attrib_report report = {.struct_size = sizeof report};
      assert_int_equal(
          attrib_layer_attributions(NULL, &h.body, &h.head, heart.pixels, CLASS, black, &options, phi, &report),
          ATTRIB_OK);
      assert_agree(phi, expected, h.n);
      for (int64_t i = 0; i < h.n; i++) {
        sum += expected[i];
        sizes += fabs(expected[i]);
      }
      assert_true(fabs(report.completeness_error - (sum - report.completeness_target)) <= 1e-6 * sizes);
      free(expected);
      free(phi);
    }
  }
}

static void one_point_of_the_logit(void **state) {
  (void)state;
  check_points(SMALL_NET_LOGIT);
}

static void one_point_of_the_probability(void **state) {
  (void)state;
  check_points(SMALL_NET_PROBABILITY);
}

static void line_and_path_of_the_logit(void **state) {
  (void)state;
  check(SMALL_NET_LOGIT);
}

static void line_and_path_of_the_probability(void **state) {
  (void)state;
  check(SMALL_NET_PROBABILITY);
}

/* A line takes the memory of integrated gradients of the head, two vectors of activations, and room for two rows: their
 * activations, and, since a run's rows may all be in one batch, their points and gradients. Not for the activations of
 * as many rows as a batch may have. */
static void memory_of_a_line(void **state) {
  (void)state;
  halves h;
  cut_at(&h, 3, SMALL_NET_LOGIT);
  float *from = image_at(&h, 0), *to = image_at(&h, 1);
  double *phi = blocks(h.n, sizeof *phi);
  const attrib_baselines set = {.struct_size = sizeof set, .count = 1, .rows = from};
  const attrib_ig_options of_head = {.struct_size = sizeof of_head, .points = LINE_POINTS};
  const attrib_layer_options line = {.struct_size = sizeof line, .points = LINE_POINTS};
  attrib_report head = {.struct_size = sizeof head}, cut = head;
  assert_int_equal(attrib_integrated_gradients(NULL, &h.head, to, CLASS, &set, &of_head, phi, &head), ATTRIB_OK);
  assert_int_equal(attrib_layer_attributions(NULL, &h.body, &h.head, heart.pixels, CLASS, black, &line, phi, &cut),
                   ATTRIB_OK);
  const int64_t vectors = 2 * h.n * (int64_t)sizeof(float),
                rows = 2 * h.n * (int64_t)(sizeof(double) + 2 * sizeof(float));
  assert_true(cut.peak_bytes >= head.peak_bytes + vectors);
  assert_true(cut.peak_bytes <= head.peak_bytes + vectors + rows + 8192);
  free(phi);
  free(to);
  free(from);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(line_and_path_of_the_logit), cmocka_unit_test(line_and_path_of_the_probability),
      cmocka_unit_test(one_point_of_the_logit), cmocka_unit_test(one_point_of_the_probability),
      cmocka_unit_test(memory_of_a_line)};
  return cmocka_run_group_tests(tests, load, unload);
}
