/* test_torch_values.c - outputs and gradients of every kind of network and option against closed forms. */
#include <math.h>

#include "networks.h"

enum { ROWS = 5, INPUT_STRIDE = N + 3, GRADIENT_STRIDE = N + 2 };

/* What stands between the caller's row and the quadratic: z = (x - shift[c]) * scale[c], in the network's order. */
typedef struct setting {
  const char *file;
  attrib_torch_options options;
  double shift[CHANNELS], scale[CHANNELS];
  const double *weights;
  int64_t target;
  int64_t n_outputs; /* K, or 1 */
} setting;

static setting plain(const char *file) {
  return (setting){.file = file, .options = picture_options(), .scale = {1, 1}, .target = 1, .n_outputs = K};
}

static double linear(int k, int i) {
  return ((7 * k + 3 * i) % 11 - 5) / 4.0;
}

static double square(int k, int i) {
  return ((5 * k + 2 * i) % 7 - 3) / 8.0;
}

/* Where element i of the network's input is in the caller's row. */
static int place(const setting *s, int i) {
  return s->options.layout == ATTRIB_TORCH_CHANNELS_LAST ? i % 6 * CHANNELS + i / 6 : i;
}

static void network_outputs(const setting *s, const double *x, double y[K], double slopes[K][N]) {
  for (int k = 0; k < K; k++) {
    y[k] = 0;
    for (int i = 0; i < N; i++) {
      const double z = (x[place(s, i)] - s->shift[i / 6]) * s->scale[i / 6];
      y[k] += linear(k, i) * z + square(k, i) * z * z / 2;
      slopes[k][place(s, i)] = (linear(k, i) + square(k, i) * z) * s->scale[i / 6];
    }
  }
}

/* Scores and their derivatives by the outputs, by the textbook. */
static void score_of(uint32_t score, const double y[K], double values[K], double slopes[K][K]) {
  double sum = 0;
  for (int k = 0; k < K; k++) sum += exp(y[k]);
  for (int k = 0; k < K; k++) {
    const double p = exp(y[k]) / sum;
    values[k] = score == ATTRIB_TORCH_RAW ? y[k] : score == ATTRIB_TORCH_SOFTMAX ? p : log(p);
    for (int j = 0; j < K; j++) {
      const double same = j == k, q = exp(y[j]) / sum;
      slopes[k][j] = score == ATTRIB_TORCH_RAW ? same : score == ATTRIB_TORCH_SOFTMAX ? p * (same - q) : same - q;
    }
  }
}

static void expected(const setting *s, const double *x, double values[K], double gradient[N]) {
  double y[K], by_input[K][N], by_output[K][K];
  network_outputs(s, x, y, by_input);
  if (s->n_outputs == 1) { /* output 1 alone */
    values[0] = y[1];
    memcpy(gradient, by_input[1], sizeof by_input[1]);
    return;
  }
  score_of(s->options.score, y, values, by_output);
  for (int i = 0; i < N; i++) {
    gradient[i] = 0;
    for (int k = 0; k < K; k++)
      for (int j = 0; j < K; j++)
        gradient[i] += (s->weights != NULL ? s->weights[k] : k == s->target) * by_output[k][j] * by_input[j][i];
  }
}

static double load(const void *values, int64_t i, uint32_t dtype) {
  return dtype == ATTRIB_F64 ? ((const double *)values)[i] : (double)((const float *)values)[i];
}

static void store(void *values, int64_t i, uint32_t dtype, double value) {
  if (dtype == ATTRIB_F64)
    ((double *)values)[i] = value;
  else
    ((float *)values)[i] = (float)value;
}

static void near_to(double value, double wanted, double scale, uint32_t dtype, const char *what) {
  const double bound = (dtype == ATTRIB_F64 ? 1e-13 : 2e-6) * scale;
  if (!(fabs(value - wanted) <= bound)) fail_msg("%s: %.17g instead of %.17g", what, value, wanted);
}

/* Rows of the caller's with room between them, values in the middle of the range and around it. */
static void *make_rows(const setting *s, uint32_t dtype) {
  void *rows = block_of(((ROWS - 1) * INPUT_STRIDE + N) * (dtype == ATTRIB_F64 ? 8 : 4));
  const double low = s->options.low, high = s->options.high > low ? s->options.high : 1;
  for (int r = 0; r < ROWS; r++)
    for (int i = 0; i < N; i++)
      store(rows, r * INPUT_STRIDE + i, dtype, low + (high - low) * ((r * 31 + i * 17) % 23 / 16.0 - 0.2));
  return rows;
}

/* flags of the batch; checks every value, and that nothing between rows was touched. */
static void check_batch(const setting *s, const attrib_model *model, uint32_t flags) {
  const uint32_t dtype = model->dtype;
  const size_t element = dtype == ATTRIB_F64 ? 8 : 4;
  const int all = (flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0, gradients = (flags & ATTRIB_BATCH_GRADIENTS) != 0;
  const int64_t output_stride = all ? s->n_outputs + 1 : 2;
  const size_t gradient_count = (ROWS - 1) * GRADIENT_STRIDE + N;
  const size_t output_count = (size_t)((ROWS - 1) * output_stride + (all ? s->n_outputs : 1));
  void *rows = make_rows(s, dtype), *slopes = gradients ? block_of(gradient_count * element) : NULL;
  double *outputs = block_of(output_count * sizeof *outputs);
  for (size_t i = 0; i < gradient_count && gradients; i++) store(slopes, (int64_t)i, dtype, 77);
  for (size_t i = 0; i < output_count; i++) outputs[i] = 77;
  const attrib_batch batch = {.struct_size = sizeof batch,
                              .flags = flags,
                              .rows = ROWS,
                              .n_inputs = N,
                              .n_outputs = s->n_outputs,
                              .target = s->weights != NULL ? ATTRIB_NO_TARGET : s->target,
                              .input_stride = INPUT_STRIDE,
                              .gradient_stride = GRADIENT_STRIDE,
                              .output_stride = output_stride,
                              .inputs = rows,
                              .outputs = outputs,
                              .gradients = slopes,
                              .target_weights = s->weights,
                              .dtype = dtype};
  assert_int_equal(model->evaluate(&batch, model->user), 0);
  for (int r = 0; r < ROWS; r++) {
    double x[N], values[K], gradient[N], f = 0;
    for (int i = 0; i < N; i++) x[i] = load(rows, r * INPUT_STRIDE + i, dtype);
    expected(s, x, values, gradient);
    for (int k = 0; k < s->n_outputs; k++) {
      f += (s->weights != NULL ? s->weights[k] : k == s->target) * values[k];
      if (all) near_to(outputs[r * output_stride + k], values[k], 20, dtype, s->file);
    }
    if (!all) near_to(outputs[r * output_stride], f, 20, dtype, s->file);
    for (int i = 0; i < N && gradients; i++)
      near_to(load(slopes, r * GRADIENT_STRIDE + i, dtype), gradient[i], 10 * s->scale[0], dtype, s->file);
    if (r == ROWS - 1) break;
    for (int64_t i = all ? s->n_outputs : 1; i < output_stride; i++) assert_true(outputs[r * output_stride + i] == 77);
    for (int i = N; i < GRADIENT_STRIDE && gradients; i++)
      assert_true(load(slopes, r * GRADIENT_STRIDE + i, dtype) == 77);
  }
  free(rows);
  free(slopes);
  free(outputs);
}

static void check(setting s) {
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int64_t block = 0; block <= ROWS + 1; block += 2) {
      s.options.dtype = dtype;
      s.options.block_rows = block;
      attrib_torch *network = open_network(s.file, &s.options);
      const attrib_model model = model_of(network);
      assert_int_equal(model.n_inputs, N);
      assert_int_equal(model.n_outputs, s.n_outputs);
      assert_int_equal(model.dtype, dtype);
      assert_int_equal(model.flags, ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS);
      for (uint32_t flags = ATTRIB_BATCH_OUTPUTS; flags < 8; flags += 2) check_batch(&s, &model, flags);
      attrib_torch_close(network);
    }
}

static void test_kinds_of_network(void **state) {
  const char *alike[] = {"quadratic.ts",  "maps.ts",      "frozen.ts",  "works.ts",
                         "attributes.ts", "of_double.ts", "of_half.ts", "of_bfloat16.ts"};
  (void)state;
  for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) check(plain(alike[i]));
  setting s = plain("scalar.ts");
  s.n_outputs = 1;
  s.target = 0;
  check(s);
  s = plain("in_place.ts"); /* z = (x + 0.5) 2 */
  for (int c = 0; c < CHANNELS; c++) {
    s.shift[c] = -0.5;
    s.scale[c] = 2;
  }
  check(s);
}

/* Dropout is off and batch normalisation uses its running values, whatever mode the file was saved in. */
static void test_evaluation_mode(void **state) {
  const char *files[] = {"training.ts", "traced.ts"};
  (void)state;
  for (int i = 0; i < 2; i++) {
    setting s = plain(files[i]);
    s.shift[0] = 0.5, s.scale[0] = 0.5;
    s.shift[1] = -1, s.scale[1] = 2;
    check(s);
  }
}

static void test_which_output(void **state) {
  (void)state;
  setting s = plain("tuple.ts");
  s.options.output = 1;
  check(s);
  s.file = "list.ts";
  check(s);
  s = plain("dict.ts");
  s.options.output_name = "logits";
  check(s);
}

static void test_pixel_space(void **state) {
  static const double mean[] = {0.5, -0.25}, deviation[] = {0.25, 0.5};
  (void)state;
  for (uint32_t layout = ATTRIB_TORCH_CHANNELS_FIRST; layout <= ATTRIB_TORCH_CHANNELS_LAST; layout++)
    for (int range = 0; range < 3; range++) {
      const double lows[] = {0, 0, -2}, highs[] = {0, 255, 6};
      setting s = plain("quadratic.ts");
      s.options.layout = layout;
      s.options.low = lows[range];
      s.options.high = highs[range];
      check((setting){.file = s.file,
                      .options = s.options,
                      .target = 2,
                      .n_outputs = K,
                      .shift = {lows[range], lows[range]},
                      .scale = {range == 0 ? 1 : 1 / (highs[range] - lows[range]),
                                range == 0 ? 1 : 1 / (highs[range] - lows[range])}});
      s.options.mean = mean;
      s.options.deviation = deviation;
      const double width = range == 0 ? 1 : highs[range] - lows[range];
      for (int c = 0; c < CHANNELS; c++) {
        s.shift[c] = lows[range] + width * mean[c];
        s.scale[c] = 1 / (width * deviation[c]);
      }
      check(s);
    }
}

static void test_scores_and_weights(void **state) {
  static const double weights[K] = {0.5, -1, 0.25}, difference[K] = {1, 0, -1};
  (void)state;
  for (uint32_t score = ATTRIB_TORCH_RAW; score <= ATTRIB_TORCH_LOG_SOFTMAX; score++)
    for (int which = 0; which < K + 2; which++) {
      setting s = plain("quadratic.ts");
      s.options.score = score;
      if (which < K)
        s.target = which;
      else
        s.weights = which == K ? weights : difference;
      check(s);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds_of_network), cmocka_unit_test(test_evaluation_mode),
                                     cmocka_unit_test(test_which_output), cmocka_unit_test(test_pixel_space),
                                     cmocka_unit_test(test_scores_and_weights)};
  skip_without_networks();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
