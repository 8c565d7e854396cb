/* test_network_agreement.c - on the bundled network: a map in two number formats and two forms of a call, what several
 * baselines are, and the randomisation of its layers, each against plain loops. */
#include "../unit/fixture.h"

#include "bundled_group.h"
#include "small_net_lanes.h"

enum { N = BUNDLED_N, PIXELS = SMALL_NET_WIDTH * SMALL_NET_HEIGHT, CLASSES = SMALL_NET_CLASSES, BASELINES = 3 };
enum { STAR_BLACK = 9 };

static const attrib_image planes = {.struct_size = sizeof planes,
                                    .width = SMALL_NET_WIDTH,
                                    .height = SMALL_NET_HEIGHT,
                                    .channels = SMALL_NET_CHANNELS,
                                    .x_stride = 1,
                                    .y_stride = SMALL_NET_WIDTH,
                                    .channel_stride = PIXELS};

/* -- layers with parameters, from the top ---------------------------------------------------------------------------
 */

enum { MOST_LAYERS = SMALL_NET_MAX_LAYERS };

typedef struct layers {
  small_net_layer *at[MOST_LAYERS];
  float *learnt[MOST_LAYERS];
  int64_t count;
} layers;

static int64_t weights_of(const small_net_layer *layer) {
  return (int64_t)layer->in.channels * layer->out.channels * (layer->kind == SMALL_NET_CONVOLUTION ? 9 : 1);
}

static void open_layers(layers *l) {
  *l = (layers){0};
  for (size_t k = b.net->layer_count; k-- > 0;) {
    small_net_layer *layer = &b.net->layers[k];
    if (layer->kind != SMALL_NET_CONVOLUTION && layer->kind != SMALL_NET_DENSE) continue;
    l->at[l->count] = layer;
    l->learnt[l->count++] = exact_copy(layer->weights, (size_t)weights_of(layer) * sizeof(float));
  }
}

static int32_t put_back(const layers *l) {
  for (int64_t k = 0; k < l->count; k++) {
    memcpy(l->at[k]->weights, l->learnt[k], (size_t)weights_of(l->at[k]) * sizeof(float));
    if (small_net_layer_prepare(l->at[k]) != 0) return -1;
  }
  return 0;
}

static void close_layers(layers *l) {
  for (int64_t k = 0; k < l->count; k++) free(l->learnt[k]);
}

/* Weights rounded to the 2 levels + 1 multiples of the layer's largest over `levels`. */
static void quantise(const layers *l, double levels) {
  for (int64_t k = 0; k < l->count; k++) {
    double largest = 0;
    for (int64_t i = 0; i < weights_of(l->at[k]); i++) largest = fmax(largest, fabs((double)l->at[k]->weights[i]));
    for (int64_t i = 0; i < weights_of(l->at[k]); i++)
      l->at[k]->weights[i] = (float)(rint((double)l->at[k]->weights[i] * levels / largest) * largest / levels);
    assert_int_equal(small_net_layer_prepare(l->at[k]), 0);
  }
}

/* -- maps -----------------------------------------------------------------------------------------------------------
 */

static double *map_of(const bundled_picture *picture, const float *baseline) {
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_baselines set = one_baseline(baseline);
  const attrib_ig_options options = with_rule(ATTRIB_RULE_MIDPOINT, 8);
  double *map = bundled_vector();
  assert_int_equal(
      attrib_integrated_gradients(b.context, &model, picture->image.pixels, picture->target, &set, &options, map, NULL),
      ATTRIB_OK);
  return map;
}

static float *flat_row(float value) {
  float *row = exact_block(N * sizeof *row);
  for (int i = 0; i < N; i++) row[i] = value;
  return row;
}

static attrib_comparison_options asked(double least, double most) {
  return (attrib_comparison_options){.struct_size = sizeof(attrib_comparison_options),
                                     .min_rank_correlation = least,
                                     .min_absolute_rank_correlation = least,
                                     .min_top_overlap = least,
                                     .min_ssim = least,
                                     .max_sign_flips = most,
                                     .max_relative_difference = most,
                                     .shape = &planes};
}

/* The same map twice is the same; weights in 8 bits agree within what is asked, in 3 they do not. */
static void number_formats(void **state) {
  (void)state;
  layers l;
  float *grey = flat_row(0.5F);
  open_layers(&l);
  for (int k = 0; k < BUNDLED_PICTURES; k += 4) {
    double *exact = map_of(&b.pictures[k], grey), *again = map_of(&b.pictures[k], grey);
    const attrib_comparison_options same = asked(1, DBL_MIN), close = asked(0.8, 0.2);
    attrib_comparison found = {.struct_size = sizeof found};
    assert_status(attrib_compare_maps(b.context, N, exact, again, &same, &found), ATTRIB_OK, b.context);
    assert_true(found.largest_difference == 0 && found.sign_flips == 0);
    quantise(&l, 127);
    double *eight = map_of(&b.pictures[k], grey);
    assert_int_equal(put_back(&l), 0);
    quantise(&l, 3);
    double *three = map_of(&b.pictures[k], grey);
    assert_int_equal(put_back(&l), 0);
    assert_status(attrib_compare_maps(b.context, N, exact, eight, &close, &found), ATTRIB_OK, b.context);
    assert_near(found.relative_difference, relative_error(eight, exact), 1e-12, 1);
    assert_true(found.ssim < 1 && found.rank_correlation < 1);
    assert_status(attrib_compare_maps(b.context, N, exact, three, &close, &found), ATTRIB_DISAGREE, b.context);
    assert_true((found.failed & ATTRIB_COMPARE_RELATIVE) != 0);
    free(exact), free(again), free(eight), free(three);
  }
  close_layers(&l);
  free(grey);
}

/* -- baselines ------------------------------------------------------------------------------------------------------
 */

static double *report_of(const bundled_picture *picture, const float *rows, const double *maps) {
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  const attrib_baselines set = {.struct_size = sizeof set, .count = BASELINES, .rows = rows};
  const attrib_baseline_report_options o = {
      .struct_size = sizeof o, .flags = ATTRIB_METRIC_SOFTMAX, .tolerance = 1.0 / 512, .high = 1, .maps = maps};
  double *values = untouched(5 * BASELINES + 2 * BASELINES * BASELINES);
  attrib_report report = {.struct_size = sizeof report};
  assert_status(
      attrib_baseline_report(b.context, &model, picture->image.pixels, picture->target, &set, &o, values, &report),
      ATTRIB_OK, b.context);
  assert_near(report.output, picture->probability, 1e-12, 1);
  assert_int_equal(report.output_evaluations, BASELINES + 1);
  return values;
}

static void assert_baseline(const bundled_picture *picture, const float *row, const double *values) {
  const float *x = picture->image.pixels;
  float logits[CLASSES];
  double p[CLASSES], square = 0, largest = 0;
  int64_t blind = 0, outside = 0;
  assert_int_equal(small_net_forward(b.net, 0, row, logits), 0);
  small_net_softmax(logits, p);
  for (int i = 0; i < N; i++) {
    const double off = fabs((double)x[i] - (double)row[i]);
    square += off * off, largest = fmax(largest, off);
    blind += off <= 1.0 / 512, outside += row[i] < 0 || row[i] > 1;
  }
  assert_near(values[ATTRIB_BASELINE_OUTPUT], p[picture->target], 1e-12, 1);
  assert_near(values[ATTRIB_BASELINE_DISTANCE], sqrt(square), 1e-12, sqrt(square));
  assert_true(values[ATTRIB_BASELINE_BLIND] == (double)blind / N);
  assert_true(values[ATTRIB_BASELINE_OUTSIDE] == (double)outside / N);
  assert_true(values[ATTRIB_BASELINE_LARGEST] == largest);
}

/* Black, white, and a row of which half is out of range, for a black star: black is blind to it, and white is not. */
static void baselines(void **state) {
  (void)state;
  const bundled_picture *star = &b.pictures[STAR_BLACK];
  float *rows = exact_block(BASELINES * N * sizeof *rows);
  double *maps = exact_block(BASELINES * N * sizeof *maps);
  for (int i = 0; i < N; i++) rows[i] = 0, rows[N + i] = 1, rows[2 * N + i] = i % 2 == 0 ? 0.5F : 1.5F;
  for (int k = 0; k < BASELINES; k++) {
    double *map = map_of(star, rows + k * N);
    memcpy(maps + k * N, map, N * sizeof *map);
    free(map);
  }
  double *values = report_of(star, rows, maps);
  for (int k = 0; k < BASELINES; k++) assert_baseline(star, rows + k * N, values + 5 * k);
  assert_true(values[ATTRIB_BASELINE_BLIND] > 0.05 && values[5 + ATTRIB_BASELINE_BLIND] < 0.05);
  assert_true(values[10 + ATTRIB_BASELINE_OUTSIDE] == 0.5);
  for (int k = 0; k < BASELINES; k++)
    for (int m = 0; m < BASELINES; m++) {
      attrib_comparison found = {.struct_size = sizeof found};
      assert_int_equal(attrib_compare_maps(NULL, N, maps + k * N, maps + m * N, NULL, &found), ATTRIB_OK);
      assert_true(values[5 * BASELINES + k * BASELINES + m] == found.rank_correlation);
      assert_true(values[5 * BASELINES + BASELINES * BASELINES + k * BASELINES + m] == found.absolute_rank_correlation);
    }
  free(values), free(maps), free(rows);
}

/* -- randomisation --------------------------------------------------------------------------------------------------
 */

typedef struct subject {
  layers layers;
  const bundled_picture *picture;
  bool edges;
} subject;

static int32_t ATTRIB_CALL explain(const attrib_explanation *wanted, void *user) {
  const subject *s = user;
  const float *x = wanted->input;
  double *map = wanted->attributions;
  const attrib_model model = bundled_model(&b, SMALL_NET_LOGIT);
  if (!s->edges) return attrib_gradient(NULL, &model, x, s->picture->target, NULL, map, wanted->report);
  for (int i = 0; i < N; i++) map[i] = i % SMALL_NET_WIDTH == 0 ? 0 : (double)x[i] - (double)x[i - 1];
  return 0;
}

/* Uniform with the variance of what was learnt. */
static int32_t ATTRIB_CALL randomise(uint32_t action, int64_t layer, uint64_t seed, void *user) {
  const subject *s = user;
  if (action == ATTRIB_RANDOMISE_RESTORE) return put_back(&s->layers);
  const int64_t count = weights_of(s->layers.at[layer]);
  double square = 0, *fresh = exact_block((size_t)count * sizeof *fresh);
  fill_random(seed, fresh, count);
  for (int64_t i = 0; i < count; i++) square += (double)s->layers.learnt[layer][i] * (double)s->layers.learnt[layer][i];
  for (int64_t i = 0; i < count; i++)
    s->layers.at[layer]->weights[i] = (float)(fresh[i] * sqrt(3 * square / (double)count));
  free(fresh);
  return small_net_layer_prepare(s->layers.at[layer]);
}

/* A gradient forgets what it showed as soon as the top layer is random; an edge detector never knew. */
static void randomised_layers(void **state) {
  (void)state;
  subject s = {.picture = &b.pictures[STAR_BLACK]};
  open_layers(&s.layers);
  const int64_t rows = s.layers.count + 1;
  const attrib_randomisable r = {.struct_size = sizeof r,
                                 .map_length = N,
                                 .layers = s.layers.count,
                                 .explain = explain,
                                 .explain_user = &s,
                                 .randomise = randomise,
                                 .randomise_user = &s};
  assert_true(s.layers.count >= 4);
  for (uint32_t order = 0; order < 2; order++)
    for (int edges = 0; edges < 2; edges++) {
      const attrib_randomisation_options o = {.struct_size = sizeof o, .order = order, .seed = 1, .shape = &planes};
      double *values = untouched(4 * rows);
      attrib_report report = {.struct_size = sizeof report};
      s.edges = edges != 0;
      assert_status(attrib_randomisation_check(b.context, &r, s.picture->image.pixels, &o, values, &report), ATTRIB_OK,
                    b.context);
      assert_int_equal(report.evaluations, edges ? 0 : rows + 1);
      for (int64_t k = 0; k < rows; k++) {
        const double *row = values + 4 * k;
        const bool same = row[0] == 1 && row[1] == 1 && row[2] == 1 && row[3] == 0;
        assert_true(same == (s.edges || k == rows - 1));
        assert_true(same || fabs(row[ATTRIB_SANITY_RANKS]) < 0.7);
      }
      free(values);
    }
  close_layers(&s.layers);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(number_formats),
      cmocka_unit_test(baselines),
      cmocka_unit_test(randomised_layers),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
