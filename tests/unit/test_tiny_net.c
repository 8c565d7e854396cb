/* examples/support/tiny_net: its model against finite differences, its training against its loss. */
#include "fixture.h"

#include "failing_memory.h"
#include "shapes.h"
#include "tiny_net.h"

enum { INPUTS = 7, CLASSES = 3, SIZES = 3 };
static const int32_t hidden_sizes[SIZES] = {0, 1, 9};

static tiny_net random_net(int32_t hidden) {
  tiny_net net;
  assert_int_equal(tiny_net_create(&net, INPUTS, hidden, CLASSES), 0);
  tiny_net_init(&net, 4);
  uint64_t seed = 9;
  for (int64_t i = 0; i < net.count; i++) net.parameters[i] += (float)(0.2 * random_number(&seed)); /* biases, too */
  return net;
}

/* -- as a model */

static void logits_by_hand(void **state) {
  (void)state;
  /* Two inputs, two hidden, two classes: h = relu(x0 + 3 x1 + 1, 2 x0 - 4 x1), logits (h0 - h1, 5 h0 + 7 h1 + 2). */
  static const float parameters[] = {1, 2, 3, -4, 1, 0, 1, 5, -1, 7, 0, 2}, row[2] = {2, 0.5f}, other[2] = {0, 1};
  tiny_net net;
  double logits[2];
  assert_int_equal(tiny_net_create(&net, 2, 2, 2), 0);
  assert_int_equal(net.count, COUNT(parameters));
  memcpy(net.parameters, parameters, sizeof parameters);
  tiny_net_logits(&net, row, logits); /* h = (4.5, 2) */
  assert_true(logits[0] == 2.5 && logits[1] == 38.5);
  tiny_net_logits(&net, other, logits); /* h = (4, 0) */
  assert_true(logits[0] == 4 && logits[1] == 22);
  assert_int_equal(tiny_net_predict(&net, row), 1);
  static const int32_t zero = 0;
  assert_true(tiny_net_accuracy(&net, row, &zero, 1) == 0);
  assert_true(fabs(tiny_net_loss(&net, row, &zero, 1) - 36) < 1e-12); /* log(1 + e^-36) + 36 */
  tiny_net_free(&net);
}

static double value_at(attrib_model *model, const double *x, int64_t target, const double *weights) {
  const attrib_baselines rows = one_baseline(x);
  double value;
  assert_int_equal(attrib_outputs(NULL, model, &rows, target, weights, &value, NULL), ATTRIB_OK);
  return value;
}

static void gradients_are_those_of_finite_differences(void **state) {
  (void)state;
  static const double weights[CLASSES] = {0.5, -2, 0.25};
  for (int size = 0; size < SIZES; size++) {
    tiny_net net = random_net(hidden_sizes[size]);
    attrib_model model;
    tiny_net_model(&net, ATTRIB_F64, &model);
    for (int64_t target = ATTRIB_NO_TARGET; target < CLASSES; target++) {
      const attrib_ig_options options = {.struct_size = sizeof options,
                                         .target_weights = target == ATTRIB_NO_TARGET ? weights : NULL};
      double x[INPUTS], gradient[INPUTS];
      fill_random(31, x, INPUTS);
      assert_int_equal(attrib_gradient(NULL, &model, x, target, &options, gradient, NULL), ATTRIB_OK);
      for (int64_t i = 0; i < INPUTS; i++) { /* no kink within the step */
        double up[INPUTS], down[INPUTS];
        memcpy(up, x, sizeof x);
        memcpy(down, x, sizeof x);
        up[i] += 1e-4;
        down[i] -= 1e-4;
        const double slope = (value_at(&model, up, target, options.target_weights) -
                              value_at(&model, down, target, options.target_weights)) /
                             (up[i] - down[i]);
        assert_true(fabs(slope - gradient[i]) < 1e-9);
      }
    }
    tiny_net_free(&net);
  }
}

static void all_outputs_both_types_and_any_batch(void **state) {
  (void)state;
  enum { ROWS = 11 };
  tiny_net net = random_net(9);
  attrib_model model;
  double rows[ROWS * INPUTS], all[ROWS * CLASSES], other[ROWS * CLASSES], one[CLASSES];
  float small[ROWS * INPUTS];
  fill_random(5, rows, ROWS * INPUTS);
  for (int i = 0; i < ROWS * INPUTS; i++) small[i] = (float)rows[i], rows[i] = (double)small[i];
  attrib_baselines set = {.struct_size = sizeof set, .count = ROWS, .rows = small};
  tiny_net_model(&net, ATTRIB_F32, &model);
  attrib_context *context = new_context(2, 0);
  assert_int_equal(attrib_outputs(context, &model, &set, ATTRIB_NO_TARGET, NULL, all, NULL), ATTRIB_OK);
  attrib_context_destroy(context);
  model.max_rows = 3;
  assert_int_equal(attrib_outputs(NULL, &model, &set, ATTRIB_NO_TARGET, NULL, other, NULL), ATTRIB_OK);
  assert_memory_equal(all, other, sizeof all);
  for (int64_t i = 0; i < ROWS; i++) {
    tiny_net_logits(&net, small + i * INPUTS, one);
    assert_memory_equal(all + i * CLASSES, one, sizeof one);
  }
  tiny_net_model(&net, ATTRIB_F64, &model);
  set.rows = rows;
  assert_int_equal(attrib_outputs(NULL, &model, &set, ATTRIB_NO_TARGET, NULL, other, NULL), ATTRIB_OK);
  assert_memory_equal(all, other, sizeof all);
  model.dtype = ATTRIB_F32; /* not what the net was told */
  assert_int_equal(attrib_outputs(NULL, &model, &set, ATTRIB_NO_TARGET, NULL, other, NULL), ATTRIB_E_CALLBACK);
  tiny_net_free(&net);
}

/* -- training */

/* The first step of Adam takes off `rate` times the sign of each slope of the loss. */
static void a_step_goes_down_every_slope(void **state) {
  (void)state;
  enum { ROWS = 6 };
  static const int32_t labels[ROWS] = {0, 2, 1, 1, 0, 2};
  float rows[ROWS * INPUTS];
  uint64_t seed = 6;
  for (int i = 0; i < ROWS * INPUTS; i++) rows[i] = (float)random_number(&seed);
  for (int size = 0; size < SIZES; size++) {
    tiny_net before, after;
    assert_int_equal(tiny_net_create(&before, INPUTS, hidden_sizes[size], CLASSES), 0);
    assert_int_equal(tiny_net_create(&after, INPUTS, hidden_sizes[size], CLASSES), 0);
    tiny_net_init(&before, 12);
    double loss;
    const tiny_training training = {
        .rows = rows, .labels = labels, .count = ROWS, .epochs = 1, .batch = ROWS, .rate = 0.01, .seed = 12};
    assert_int_equal(tiny_net_train(&after, &training, &loss), 0);
    assert_true(fabs(loss - tiny_net_loss(&before, rows, labels, ROWS)) < 1e-5);
    int64_t moved = 0;
    for (int64_t i = 0; i < before.count; i++) {
      const float kept = before.parameters[i];
      double losses[2];
      for (int side = 0; side < 2; side++) {
        before.parameters[i] = kept + (side == 0 ? 0x1p-10f : -0x1p-10f);
        losses[side] = tiny_net_loss(&before, rows, labels, ROWS);
      }
      before.parameters[i] = kept;
      const double slope = (losses[0] - losses[1]) / 0x1p-9, change = (double)(after.parameters[i] - kept);
      if (fabs(slope) < 1e-3) continue;
      assert_true(fabs(change + (slope > 0 ? 0.01 : -0.01)) < 1e-5);
      moved++;
    }
    assert_true(2 * moved > before.count || hidden_sizes[size] == 1);
    tiny_net_free(&before);
    tiny_net_free(&after);
  }
}

static void learns_pictures_the_same_each_time(void **state) {
  (void)state;
  enum { TRAINING = 1500, TEST = 500 };
  const shapes_set set = {SHAPES_PLAIN, 2};
  float *rows = exact_block((TRAINING + TEST) * SHAPES_PIXELS * sizeof *rows);
  int32_t *labels = exact_block((TRAINING + TEST) * sizeof *labels);
  shapes_render_all(&set, 0, TRAINING + TEST, rows, labels);
  tiny_training training = {
      .rows = rows, .labels = labels, .count = TRAINING, .epochs = 10, .batch = 32, .rate = 0.003, .seed = 3};
  for (int32_t hidden = 0; hidden <= 24; hidden += 24) {
    tiny_net net, again;
    assert_int_equal(tiny_net_create(&net, SHAPES_PIXELS, hidden, SHAPES_CLASSES), 0);
    assert_int_equal(tiny_net_create(&again, SHAPES_PIXELS, hidden, SHAPES_CLASSES), 0);
    double loss, same;
    assert_int_equal(tiny_net_train(&net, &training, &loss), 0);
    assert_int_equal(tiny_net_train(&again, &training, &same), 0);
    assert_memory_equal(net.parameters, again.parameters, (size_t)net.count * sizeof(float));
    assert_true(loss == same && loss < 0.6);
    const double held_out = tiny_net_accuracy(&net, rows + TRAINING * SHAPES_PIXELS, labels + TRAINING, TEST);
    print_message("hidden %d: loss %.3f, accuracy %.3f on pictures it has not seen\n", (int)hidden, loss, held_out);
    assert_true(held_out > 0.8);
    training.seed++;
    assert_int_equal(tiny_net_train(&again, &training, NULL), 0);
    assert_memory_not_equal(net.parameters, again.parameters, (size_t)net.count * sizeof(float));
    tiny_net_free(&net);
    tiny_net_free(&again);
  }
  free(rows);
  free(labels);
}

static void sizes_and_memory(void **state) {
  (void)state;
  static const struct {
    int64_t inputs;
    int32_t hidden, classes;
  } wrong[] = {{0, 1, 1}, {INT64_C(1) << 25, 1, 1},        {1, -1, 1}, {1, TINY_NET_MAX_HIDDEN + 1, 1},
               {1, 1, 0}, {1, 1, TINY_NET_MAX_CLASSES + 1}};
  tiny_net net;
  for (int64_t i = 0; i < COUNT(wrong); i++) {
    assert_int_equal(tiny_net_create(&net, wrong[i].inputs, wrong[i].hidden, wrong[i].classes), -1);
    assert_null(net.parameters);
    tiny_net_free(&net);
  }
  allocations_left = 0;
  assert_int_equal(tiny_net_create(&net, 2, 2, 2), -1);
  allocations_left = -1;
  assert_int_equal(tiny_net_create(&net, 2, 2, 2), 0);
  static const float row[2] = {1, 2};
  static const int32_t label = 1;
  const tiny_training training = {.rows = row, .labels = &label, .count = 1, .epochs = 1, .batch = 1, .rate = 0.1};
  for (int64_t n = 0; n < 3; n++) {
    allocations_left = n;
    assert_int_equal(tiny_net_train(&net, &training, NULL), n < 2 ? -1 : 0);
  }
  allocations_left = -1;
  tiny_net_free(&net);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(logits_by_hand),
      cmocka_unit_test(gradients_are_those_of_finite_differences),
      cmocka_unit_test(all_outputs_both_types_and_any_batch),
      cmocka_unit_test(a_step_goes_down_every_slope),
      cmocka_unit_test(learns_pictures_the_same_each_time),
      cmocka_unit_test(sizes_and_memory),
  };
  return cmocka_run_group_tests_name("tiny_net", tests, NULL, NULL);
}
