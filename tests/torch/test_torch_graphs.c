/* test_torch_graphs.c - what is in the graph of a network: stores, blocks without gradients, layers in training mode,
 * quantisation, other precisions. */
#include <math.h>

#include "networks.h"

/* What is stored would be there at the next call. */
static void test_state(void **state) {
  static const struct {
    const char *file, *what;
  } cases[] = {{"stores_last.ts", "its attribute 'last' (prim::SetAttr)"},
               {"stores_calls.ts", "its attribute 'calls' (prim::SetAttr)"},
               {"stores_counter.ts", "its attribute 'counts' (aten::add_)"},
               {"stores_view.ts", "its attribute 'counts' (aten::fill_)"},
               {"stores_rows.ts", "its attribute 'rows' (aten::append)"},
               {"stores_loop.ts", "*"}};
  const attrib_torch_options options = picture_options();
  char text[CAPACITY];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const int open_end = cases[i].what[0] == '*';
    snprintf(text, sizeof text, "the network stores to %s%s", cases[i].what,
             open_end ? "" : " in forward: its results would depend on earlier calls");
    refuses(path_of(cases[i].file), &options, ATTRIB_E_UNSUPPORTED, text);
  }
}

/* y_k = sum_i W[k,i] z_i + V[k,i] z_i^2 / 2; see make_networks.py. */
static double quadratic(const double z[N], int k, double slopes[N]) {
  double y = 0;
  for (int i = 0; i < N; i++) {
    const double w = ((7 * k + 3 * i) % 11 - 5) / 4.0, v = ((5 * k + 2 * i) % 7 - 3) / 8.0;
    y += w * z[i] + v * z[i] * z[i] / 2;
    slopes[i] = w + v * z[i];
  }
  return y;
}

static void near_to(double value, double wanted, double bound) {
  if (!(fabs(value - wanted) <= bound)) fail_msg("%.17g instead of %.17g", value, wanted);
}

/* Gradients are those of PyTorch without a script: s counts as a constant. */
static void check_no_grad(const char *file, uint32_t dtype) {
  attrib_torch_options options = picture_options();
  double z[N], wanted[N], others[N], attributions[N], s = 0;
  float singles[N];
  attrib_report report = {.struct_size = sizeof report};
  options.dtype = dtype;
  attrib_torch *network = open_network(file, &options);
  const attrib_model model = model_of(network);
  for (int i = 0; i < N; i++) singles[i] = (float)(z[i] = i * 37 % 16 / 16.0);
  for (int k = 0; k < K; k++) s += quadratic(z, k, others);
  const int beside = strstr(file, "beside") != NULL;
  const double y = quadratic(z, 1, wanted);
  for (int i = 0; i < N; i++) wanted[i] = beside ? wanted[i] + (i == 1 ? s : 0) : wanted[i] * (1 + s);
  const void *x = dtype == ATTRIB_F64 ? (const void *)z : singles;
  assert_int_equal(attrib_gradient(NULL, &model, x, 1, NULL, attributions, &report), ATTRIB_OK);
  const double bound = dtype == ATTRIB_F64 ? 1e-12 : 1e-4;
  near_to(report.output, beside ? y + s * z[1] : y * (1 + s), bound);
  for (int i = 0; i < N; i++) near_to(attributions[i], wanted[i], bound);
  attrib_torch_close(network);
}

static void test_no_grad(void **state) {
  const char *files[] = {"no_grad.ts", "no_grad_beside.ts", "of_data.ts"};
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) check_no_grad(files[i], dtype);
}

static void test_traced_in_training(void **state) {
  static const char *layers[] = {"lstm", "gru", "rnn_tanh", "instance_norm"};
  const attrib_torch_options options = picture_options();
  char file[60], text[CAPACITY];
  (void)state;
  for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
    snprintf(text, sizeof text, "the network has aten::%s in training mode, which is fixed in the file*", layers[i]);
    snprintf(file, sizeof file, "training_%s.ts", layers[i]);
    refuses(path_of(file), &options, ATTRIB_E_UNSUPPORTED, text);
    if (i == 3) break;
    snprintf(file, sizeof file, "evaluation_%s.ts", layers[i]);
    attrib_torch_close(open_network(file, &options));
    snprintf(file, sizeof file, "one_layer_%s.ts", layers[i]); /* nothing is dropped */
    attrib_torch_close(open_network(file, &options));
  }
  attrib_torch_close(open_network("instance_norm.ts", &options));
}

/* Scales of dynamic quantisation are those of one row, whatever comes beside it; rows differ much in size. */
static void test_quantised(void **state) {
  const attrib_torch_options options = {
      .struct_size = sizeof options, .block_rows = 8, .n_dimensions = 3, .shape = picture_shape};
  enum { ROWS = 7 };
  float rows[ROWS * N];
  double together[ROWS * K], alone[K];
  (void)state;
  FILE *file = fopen(path_of("quantised.ts"), "rb");
  if (file == NULL) {
    print_message("not tried: PyTorch could not quantise here\n");
    return;
  }
  fclose(file);
  for (int i = 0; i < ROWS * N; i++) rows[i] = (float)((i * 29 % 31 - 11) * pow(3, i / N));
  attrib_torch *network = open_network("quantised.ts", &options);
  const attrib_model model = model_of(network);
  assert_int_equal(model.max_rows, 1);
  assert_true(model.flags & ATTRIB_MODEL_NO_GRADIENTS);
  attrib_batch batch = {.struct_size = sizeof batch,
                        .flags = ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_ALL_OUTPUTS,
                        .rows = ROWS,
                        .n_inputs = N,
                        .n_outputs = K,
                        .input_stride = N,
                        .output_stride = K,
                        .inputs = rows,
                        .outputs = together,
                        .dtype = ATTRIB_F32};
  assert_int_equal(model.evaluate(&batch, model.user), 0);
  batch.rows = 1;
  batch.outputs = alone;
  for (int r = 0; r < ROWS; r++) {
    batch.inputs = rows + r * N;
    assert_int_equal(model.evaluate(&batch, model.user), 0);
    assert_memory_equal(alone, together + r * K, sizeof alone);
  }
  attrib_torch_close(network);
}

static void test_other_refusals(void **state) {
  const attrib_torch_options options = picture_options();
  (void)state;
  refuses(path_of("by_batch.ts"), &options, ATTRIB_E_UNSUPPORTED,
          "the network has aten::batch_norm without running values (track_running_stats=False): it normalises by*");
  refuses(path_of("differentiates.ts"), &options, ATTRIB_E_UNSUPPORTED,
          "the network fails where no gradients are asked for (torch.autograd.grad in forward?): *");
  refuses("/dev/null", &options, ATTRIB_E_ARGUMENT, "path = '%s': is no regular file");
}

/* Of the callback alone: the library itself asks for nothing of the kind. */
static void test_targets(void **state) {
  const attrib_torch_options options = picture_options();
  const float row[N] = {0};
  double outputs[K];
  (void)state;
  attrib_torch *network = open_network("quadratic.ts", &options);
  const attrib_model model = model_of(network);
  attrib_batch batch = {.struct_size = sizeof batch,
                        .flags = ATTRIB_BATCH_OUTPUTS,
                        .rows = 1,
                        .n_inputs = N,
                        .n_outputs = K,
                        .target = -1,
                        .input_stride = N,
                        .output_stride = K,
                        .inputs = row,
                        .outputs = outputs,
                        .dtype = ATTRIB_F32};
  char message[CAPACITY];
  assert_int_equal(model.evaluate(&batch, model.user), ATTRIB_TORCH_FAILED);
  attrib_torch_error(network, message, sizeof message);
  assert_string_equal(message, "target = -1: the network has 3 outputs");
  batch.flags |= ATTRIB_BATCH_ALL_OUTPUTS;
  assert_int_equal(model.evaluate(&batch, model.user), 0);
  attrib_torch_close(network);
}

static void test_one_line(void **state) {
  attrib_torch_options options = picture_options();
  (void)state;
  refuses(path_of("odd_key.ts"), &options, ATTRIB_E_ARGUMENT,
          "options->output_name is NULL: the network returns a dict with the keys 'a?b?[31m?'");
  options.output_name = "a\r\nb\t";
  refuses(path_of("odd_key.ts"), &options, ATTRIB_E_ARGUMENT,
          "options->output_name = 'a??b?': the network returns a dict with the keys 'a?b?[31m?'");
  refuses("no\n\x01such", &options, ATTRIB_E_ARGUMENT, "path = 'no??such': No such file or directory");
  options.output_name = "a\nb\x1b[31m\x7f";
  attrib_torch_close(open_network("odd_key.ts", &options));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_state),    cmocka_unit_test(test_no_grad),
                                     cmocka_unit_test(test_one_line), cmocka_unit_test(test_other_refusals),
                                     cmocka_unit_test(test_targets),  cmocka_unit_test(test_traced_in_training),
                                     cmocka_unit_test(test_quantised)};
  skip_without_networks();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
