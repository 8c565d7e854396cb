/* test_small_net_split.c - the example net cut in two at every layer: the parts together are the net, to the bit, and
 * each of them is what the network written once more in double says. */
#include "small_net_parts.h"

#include "small_net_double.h"

/* -- names and shapes --------------------------------------------------------------------------------------------- */

static void cuts_have_names_and_shapes(void **state) {
  (void)state;
  static const struct {
    int32_t cut;
    const char *name;
    small_net_shape shape;
  } known[] = {{0, "picture", {3, 64, 64}}, {1, "conv1", {8, 64, 64}}, {3, NULL, {8, 32, 32}},
               {4, "conv2", {16, 32, 32}},  {9, NULL, {24, 8, 8}},     {10, "conv4", {32, 8, 8}},
               {12, NULL, {32, 4, 4}},      {13, NULL, {512, 0, 0}},   {14, "dense1", {64, 0, 0}},
               {16, "dense2", {10, 0, 0}}};
  assert_int_equal(small_net_layer_count(net), LAYERS);
  for (int i = 0; i < COUNT(known); i++) {
    const char *name;
    small_net_shape shape;
    assert_int_equal(small_net_layer_info(net, known[i].cut, &name, &shape), 0);
    assert_memory_equal(&shape, &known[i].shape, sizeof shape);
    if (known[i].name != NULL) assert_string_equal(name, known[i].name);
    assert_true(name[0] != '\0');
  }
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    part body, head;
    make_body(cut, &body);
    make_head(cut, SMALL_NET_LOGIT, &head);
    const uint32_t flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS;
    assert_true(body.model.n_inputs == N && body.model.n_outputs == activations_at(cut));
    assert_true(head.model.n_inputs == activations_at(cut) && head.model.n_outputs == K);
    assert_true(body.model.flags == flags && head.model.flags == flags);
    assert_true(body.model.dtype == ATTRIB_F32 && head.model.dtype == ATTRIB_F32);
    assert_true(body.model.struct_size == sizeof(attrib_model) && head.model.struct_size == sizeof(attrib_model));
  }
}

/* -- together they are the net ------------------------------------------------------------------------------------ */

static void scores_of_net(uint32_t score, const float *input, double *scores) {
  float logits[K];
  assert_int_equal(small_net_forward(net, 1, input, logits), 0);
  for (int k = 0; k < K; k++) scores[k] = (double)logits[k];
  if (score == SMALL_NET_PROBABILITY) small_net_softmax(logits, scores);
}

static void head_of_body_is_the_net(void **state) {
  (void)state;
  for (int i = 0; i < INPUTS; i++) {
    for (int32_t cut = 0; cut <= LAYERS; cut++) {
      float *a = activations_of(cut, inputs[i]);
      for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
        part head;
        double expected[K], found[K], one;
        make_head(cut, score, &head);
        scores_of_net(score, inputs[i], expected);
        evaluate(&head, ALL, a, ATTRIB_NO_TARGET, NULL, found, NULL);
        assert_same_bits(found, expected, K);
        evaluate(&head, OUTPUTS, a, i, NULL, &one, NULL);
        assert_same_bits(&one, &expected[i], 1);
      }
      free(a);
    }
  }
}

/* The gradient of the net, and that of the head pushed through the body. */
static void chain_gradients(int32_t cut, uint32_t score, const float *input, int64_t target, const double *weights,
                            float *whole, float *chained) {
  const int64_t n = activations_at(cut);
  part body, head;
  make_body(cut, &body);
  make_head(cut, score, &head);
  float *a = activations_of(cut, input), *gradient = floats(n);
  double value, product, expected, sum = 0;
  evaluate(&head, BOTH, a, target, weights, &value, gradient);
  double *pushed = as_doubles(gradient, n);
  evaluate(&body, BOTH, input, ATTRIB_NO_TARGET, pushed, &product, chained);
  assert_int_equal(small_net_gradient(net, 1, score, input, target, weights, &expected, whole), 0);
  assert_same_bits(&value, &expected, 1);
  for (int64_t k = 0; k < n; k++) sum += pushed[k] * (double)a[k];
  assert_same_bits(&product, &sum, 1);
  free(a);
  free(gradient);
  free(pushed);
}

static void gradients_chain_to_that_of_the_net(void **state) {
  (void)state;
  const double weights[K] = {0.5, -1, 0, 2, 0.25, -0.75, 1e-3, 0, 3, -2};
  static const int64_t shown[INPUTS] = {4, 6, 8, 0};
  float *whole = floats(N), *chained = floats(N);
  for (int i = 0; i < INPUTS; i++) {
    for (int32_t cut = 0; cut <= LAYERS; cut++) {
      for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
        chain_gradients(cut, score, inputs[i], shown[i], NULL, whole, chained);
        assert_memory_equal(chained, whole, N * sizeof *whole);
        chain_gradients(cut, score, inputs[i], ATTRIB_NO_TARGET, weights, whole, chained);
        assert_memory_equal(chained, whole, N * sizeof *whole);
      }
    }
  }
  free(whole);
  free(chained);
}

/* A picture six times too bright leaves the softmax no doubt: its gradient reaches below the normal
 * floats. */
static void a_saturated_softmax_chains_to_round_off(void **state) {
  (void)state;
  float *bright = floats(N), *whole = floats(N), *chained = floats(N);
  for (int i = 0; i < N; i++) bright[i] = 6 * inputs[1][i];
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    chain_gradients(cut, SMALL_NET_LOGIT, bright, 6, NULL, whole, chained);
    assert_memory_equal(chained, whole, N * sizeof *whole);
    chain_gradients(cut, SMALL_NET_PROBABILITY, bright, 6, NULL, whole, chained);
    double size = 0;
    for (int i = 0; i < N; i++) size = fmax(size, fabs((double)whole[i]));
    assert_true(size > 0 && size < 1e-30);
    for (int i = 0; i < N; i++) assert_near((double)chained[i], (double)whole[i], F32_ROUND_OFF, size);
  }
  free(bright);
  free(whole);
  free(chained);
}

/* A lane that NaN went through, forward and backward, is as good as new. */
static void nothing_is_left_of_an_earlier_row(void **state) {
  (void)state;
  double expected[K], found[K], value;
  float *whole = floats(N), *chained = floats(N);
  scores_of_net(SMALL_NET_LOGIT, inputs[2], expected);
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    const int64_t n = activations_at(cut);
    part body, head;
    make_body(cut, &body);
    make_head(cut, SMALL_NET_LOGIT, &head);
    float *spoilt = floats(n > N ? n : N), *a = activations_of(cut, inputs[2]), *gradient = floats(n > N ? n : N);
    for (int64_t i = 0; i < (n > N ? n : N); i++) spoilt[i] = NAN;
    double *weights = as_doubles(spoilt, n);
    evaluate(&body, BOTH, spoilt, ATTRIB_NO_TARGET, weights, &value, gradient);
    assert_true(isnan(value));
    evaluate(&head, BOTH, spoilt, 8, NULL, &value, gradient);
    assert_true(isnan(value));
    evaluate(&head, ALL, a, ATTRIB_NO_TARGET, NULL, found, NULL);
    assert_same_bits(found, expected, K);
    chain_gradients(cut, SMALL_NET_LOGIT, inputs[2], 8, NULL, whole, chained);
    assert_memory_equal(chained, whole, N * sizeof *whole);
    free(spoilt);
    free(a);
    free(gradient);
    free(weights);
  }
  free(whole);
  free(chained);
}

/* -- each is what its definition says ----------------------------------------------------------------------------- */

static void bodies_match_double(void **state) {
  (void)state;
  double *input = as_doubles(inputs[NOISE], N);
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    const int64_t n = activations_at(cut);
    float *a = activations_of(cut, inputs[NOISE]);
    double *expected = doubles(n), largest = 0;
    double_net(layers, 0, cut, input, expected);
    for (int64_t k = 0; k < n; k++) largest = fmax(largest, fabs(expected[k]));
    assert_true(largest > 0.1);
    for (int64_t k = 0; k < n; k++) assert_near((double)a[k], expected[k], cut == 0 ? 0 : 2e-6, largest);
    free(a);
    free(expected);
  }
  free(input);
}

/* The derivative along a direction, from a gradient in float and from the function in double. */
typedef double (*double_fn)(const double *input, const void *about);

static void assert_slope(double_fn f, const void *about, int64_t n, const float *at, const float *gradient,
                         double tolerance) {
  double *direction = doubles(n), *point = doubles(n), slope = 0, length = 0;
  fill_random(77, direction, n);
  for (int64_t i = 0; i < n; i++) {
    slope += direction[i] * (double)gradient[i];
    length += (double)gradient[i] * (double)gradient[i];
  }
  const double step = 1e-8;
  double difference = 0;
  for (int side = -1; side <= 1; side += 2) {
    for (int64_t i = 0; i < n; i++) point[i] = (double)at[i] + side * step * direction[i];
    difference += side * f(point, about) / (2 * step);
  }
  assert_true(length > 0);
  assert_near(slope, difference, tolerance, sqrt(length));
  free(direction);
  free(point);
}

typedef struct summed {
  int32_t begin, end;
  uint32_t score;
  const double *weights;
} summed;

static double double_sum(const double *input, const void *about) {
  const summed *s = about;
  static double values[DOUBLE_NET_MOST];
  double_net(layers, s->begin, s->end, input, values);
  double sum = 0, total = 0;
  for (int64_t k = 0; k < activations_at(s->end); k++) {
    double value = s->score == SMALL_NET_PROBABILITY ? exp(values[k]) : values[k];
    sum += s->weights[k] * value;
    total += value;
  }
  return s->score == SMALL_NET_PROBABILITY ? sum / total : sum;
}

/* At a point near the activations, where no two values of a pooling window tie. A probability's derivative inherits the
 * logits' absolute error as a relative one, so it may be five times that. */
static void heads_have_the_slopes_of_double(void **state) {
  (void)state;
  const double weights[K] = {0.5, -1, 0, 2, 0.25, -0.75, 1, 0, 3, -2};
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    const int64_t n = activations_at(cut);
    uint64_t random = 9;
    float *a = activations_of(cut, inputs[NOISE]), *gradient = floats(n);
    double value, *wide;
    for (int64_t k = 0; k < n; k++) a[k] += 0.01f * (float)random_number(&random);
    wide = as_doubles(a, n);
    for (uint32_t score = SMALL_NET_LOGIT; score <= SMALL_NET_PROBABILITY; score++) {
      part head;
      const summed about = {cut, LAYERS, score, weights};
      make_head(cut, score, &head);
      evaluate(&head, BOTH, a, ATTRIB_NO_TARGET, weights, &value, gradient);
      assert_near(value, double_sum(wide, &about), 1e-5, 1 + fabs(value));
      assert_slope(double_sum, &about, n, a, gradient, score == SMALL_NET_LOGIT ? 2e-6 : 1e-5);
    }
    free(a);
    free(wide);
    free(gradient);
  }
}

static void bodies_have_the_slopes_of_double(void **state) {
  (void)state;
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    const int64_t n = activations_at(cut);
    part body;
    float *gradient = floats(N);
    double *weights = doubles(n), value;
    make_body(cut, &body);
    fill_random((uint64_t)cut, weights, n);
    const summed about = {0, cut, SMALL_NET_LOGIT, weights};
    evaluate(&body, BOTH, inputs[NOISE], ATTRIB_NO_TARGET, weights, &value, gradient);
    assert_slope(double_sum, &about, N, inputs[NOISE], gradient, 2e-6);
    free(gradient);
    free(weights);
  }
}

/* One activation is the weights that are 1 there and 0 elsewhere. */
static void a_target_is_its_one_hot_weights(void **state) {
  (void)state;
  for (int32_t cut = 0; cut <= LAYERS; cut++) {
    const int64_t n = activations_at(cut);
    part body;
    float *a = activations_of(cut, inputs[2]), *one = floats(N), *other = floats(N);
    double *weights = doubles(n), value, weighted;
    make_body(cut, &body);
    memset(weights, 0, (size_t)n * sizeof *weights);
    for (int64_t target = n - 1; target >= 0; target -= 1 + n / 3) {
      weights[target] = 1;
      evaluate(&body, BOTH, inputs[2], target, NULL, &value, one);
      evaluate(&body, BOTH, inputs[2], ATTRIB_NO_TARGET, weights, &weighted, other);
      assert_true(value == (double)a[target] && weighted == value);
      assert_memory_equal(one, other, N * sizeof *one);
      weights[target] = 0;
    }
    free(a);
    free(one);
    free(other);
    free(weights);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cuts_have_names_and_shapes),         cmocka_unit_test(head_of_body_is_the_net),
      cmocka_unit_test(gradients_chain_to_that_of_the_net), cmocka_unit_test(a_saturated_softmax_chains_to_round_off),
      cmocka_unit_test(nothing_is_left_of_an_earlier_row),  cmocka_unit_test(bodies_match_double),
      cmocka_unit_test(heads_have_the_slopes_of_double),    cmocka_unit_test(bodies_have_the_slopes_of_double),
      cmocka_unit_test(a_target_is_its_one_hot_weights),
  };
  return cmocka_run_group_tests_name("small_net_split", tests, set_up, tear_down);
}
