/* test_table_net.c - the network of the table example: against vectors from PyTorch, against finite differences, as a
 * model of the library, and its loader against damaged files. Format: examples/data/penguins/README.md. */
#include "fixture.h"

#include "atomic_file.h"
#include "small_net.h" /* the checksum */
#include "table.h"
#include "table_net.h"

enum { WIDTH = TABLE_NET_MAX_WIDTH, NAME = TABLE_NET_NAME, HEADER = 28 };

static table_net net;
static table penguins;
static uint8_t file[1 << 16];
static size_t file_size;
static char message[FILE_MESSAGE_CAPACITY];

static int set_up(void **state) {
  (void)state;
  FILE *stream = fopen(ATTRIB_EXAMPLES_DATA "/penguins/table_net.bin", "rb");
  assert_non_null(stream);
  file_size = fread(file, 1, sizeof file, stream);
  fclose(stream);
  if (table_net_load(ATTRIB_EXAMPLES_DATA "/penguins/table_net.bin", &net, message) != 0) fail_msg("%s", message);
  if (table_load(ATTRIB_EXAMPLES_DATA "/penguins/penguins.csv", &net, &penguins, message) != 0) fail_msg("%s", message);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  table_free(&penguins);
  table_net_free(&net);
  return 0;
}

static const double *row_at(int64_t row) {
  return penguins.inputs + row * net.n_inputs;
}

/* ---- against PyTorch ---- */

/* A line of the golden vectors: what it holds, for which row (from 0), class and score. */
typedef struct golden {
  char kind[16];
  int64_t row, target;
  uint32_t score;
  double values[WIDTH];
  int count;
} golden;

static bool next_golden(FILE *stream, golden *g) {
  char line[8192], score[16];
  int used, row, target = 0;
  do {
    if (fgets(line, sizeof line, stream) == NULL) return false;
  } while (line[0] == '#');
  assert_int_equal(sscanf(line, "%15s %d%n", g->kind, &row, &used), 2);
  char *at = line + used;
  if (strcmp(g->kind, "logits") != 0) {
    assert_int_equal(sscanf(at, "%d %15s%n", &target, score, &used), 2);
    at += used;
    g->score = strcmp(score, "logit") == 0 ? TABLE_NET_LOGIT : TABLE_NET_PROBABILITY;
  }
  g->row = row - 1;
  g->target = target;
  g->count = 0;
  for (char *end;; at = end) {
    double value = strtod(at, &end);
    if (end == at) break;
    assert_true(g->count < WIDTH);
    g->values[g->count++] = value;
  }
  return true;
}

/* Largest difference from the vector, relative to its largest element. */
static double deviation(const golden *g, const double *values) {
  double scale = 0, worst = 0;
  for (int i = 0; i < g->count; i++) {
    scale = fmax(scale, fabs(g->values[i]));
    worst = fmax(worst, fabs(values[i] - g->values[i]));
  }
  assert_true(scale > 0);
  return worst / scale;
}

/* Both compute in double; a probability's gradient inherits the logits' absolute error as a relative one. */
static void test_vectors(void **state) {
  (void)state;
  double values[WIDTH], worst[3] = {0};
  int seen[3] = {0};
  FILE *stream = fopen(ATTRIB_GOLDEN_DIR "/table_net_vectors.txt", "r");
  assert_non_null(stream);
  for (golden g; next_golden(stream, &g);) {
    if (strcmp(g.kind, "expected") == 0) continue;
    const bool logits = strcmp(g.kind, "logits") == 0;
    const int which = logits ? 0 : g.score == TABLE_NET_LOGIT ? 1 : 2;
    assert_int_equal(g.count, logits ? net.n_classes : net.n_inputs);
    if (logits)
      table_net_logits(&net, row_at(g.row), values);
    else
      table_net_score(&net, g.score, g.target, row_at(g.row), values);
    worst[which] = fmax(worst[which], deviation(&g, values));
    seen[which]++;
  }
  fclose(stream);
  print_message("largest deviation from PyTorch: logits %.1e, gradients %.1e and of probabilities %.1e\n", worst[0],
                worst[1], worst[2]);
  assert_true(seen[0] >= 10 && seen[1] >= 10 && seen[2] >= 10);
  assert_true(worst[0] <= 1e-13 && worst[1] <= 1e-13 && worst[2] <= 1e-12);
}

/* The limit of expected gradients, by columns: every training row, 64 Gauss-Legendre nodes each, as in PyTorch. */
static void test_attributions(void **state) {
  (void)state;
  int seen = 0;
  double worst = 0;
  FILE *stream = fopen(ATTRIB_GOLDEN_DIR "/table_net_vectors.txt", "r");
  assert_non_null(stream);
  attrib_context *context = new_context(2, 0);
  for (golden g; next_golden(stream, &g);) {
    if (strcmp(g.kind, "expected") != 0) continue;
    const attrib_model model = table_net_model(&net, g.score);
    const attrib_baselines rows = {
        .struct_size = sizeof rows, .count = penguins.training_count, .rows = penguins.training};
    const attrib_ig_options options = {.struct_size = sizeof options,
                                       .rule = ATTRIB_RULE_GAUSS_LEGENDRE,
                                       .points = 64,
                                       .n_groups = net.n_columns,
                                       .groups = net.groups};
    double values[TABLE_NET_MAX_COLUMNS];
    assert_int_equal(g.count, net.n_columns);
    assert_status(attrib_integrated_gradients(context, &model, row_at(g.row), g.target, &rows, &options, values, NULL),
                  ATTRIB_OK, context);
    worst = fmax(worst, deviation(&g, values));
    seen++;
  }
  fclose(stream);
  attrib_context_destroy(context);
  print_message("largest deviation of attributions: %.1e\n", worst);
  assert_true(seen >= 6 && worst <= 1e-12);
}

/* Expected gradients lie about their standard errors from that limit, and close the difference as far. */
static void test_expected_gradients(void **state) {
  (void)state;
  FILE *stream = fopen(ATTRIB_GOLDEN_DIR "/table_net_vectors.txt", "r");
  assert_non_null(stream);
  for (golden g; next_golden(stream, &g);) {
    if (strcmp(g.kind, "expected") != 0) continue;
    const attrib_model model = table_net_model(&net, g.score);
    const attrib_baselines rows = {
        .struct_size = sizeof rows, .count = penguins.training_count, .rows = penguins.training};
    const attrib_eg_options options = {
        .struct_size = sizeof options, .tolerance = 0.02, .n_groups = net.n_columns, .groups = net.groups};
    double values[TABLE_NET_MAX_COLUMNS], errors[TABLE_NET_MAX_COLUMNS], sum = 0;
    attrib_report report = {.struct_size = sizeof report, .standard_errors = errors};
    assert_status(attrib_expected_gradients(NULL, &model, row_at(g.row), g.target, &rows, &options, values, &report),
                  ATTRIB_OK, NULL);
    assert_true(report.error_estimate <= 0.02);
    for (int c = 0; c < g.count; c++) {
      assert_near(values[c], g.values[c], 4, errors[c]);
      sum += 2 * errors[c];
    }
    assert_near(report.attribution_sum, report.output - report.baseline_output, 1, sum);
  }
  fclose(stream);
}

/* ---- the gradient is that of the score ---- */

/* A network made here: columns of a number and of three categories by turns, `layers` layers, random parameters. */
typedef struct writer {
  uint8_t bytes[1 << 16];
  size_t size;
} writer;

static void put_u32(writer *to, uint32_t value) {
  for (int k = 0; k < 4; k++) to->bytes[to->size++] = (uint8_t)(value >> 8 * k);
}

static void put_f64(writer *to, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  put_u32(to, (uint32_t)bits);
  put_u32(to, (uint32_t)(bits >> 32));
}

static void put_name(writer *to, const char *prefix, int number) {
  memset(to->bytes + to->size, 0, NAME);
  (void)snprintf((char *)to->bytes + to->size, NAME, "%s%d", prefix, number);
  to->size += NAME;
}

static void set_u32(uint8_t *at, uint32_t value) {
  for (int k = 0; k < 4; k++) at[k] = (uint8_t)(value >> 8 * k);
}

static void make_net(uint32_t classes, uint32_t columns, uint32_t layers, table_net *made) {
  static writer to;
  uint32_t inputs = 0, in;
  uint64_t random = 77;
  to.size = 0;
  memcpy(to.bytes, "TABLENET", 8);
  to.size = 8;
  put_u32(&to, 1);
  put_u32(&to, 0); /* the size, below */
  put_u32(&to, classes);
  put_u32(&to, columns);
  put_u32(&to, layers);
  put_name(&to, "target", 0);
  for (uint32_t k = 0; k < classes; k++) put_name(&to, "class", (int)k);
  for (uint32_t c = 0; c < columns; c++) {
    put_name(&to, "column", (int)c);
    put_u32(&to, c % 2 == 0 ? 0 : 3);
    for (int k = 0; k < 3 && c % 2 != 0; k++) put_name(&to, "category", k);
    inputs += c % 2 == 0 ? 1 : 3;
  }
  for (uint32_t k = 1; k <= layers; k++) put_u32(&to, k < layers ? 5 + k : classes);
  for (uint32_t i = 0; i < 2 * inputs; i++) put_f64(&to, i < inputs ? random_number(&random) : 0.5 + i % 3);
  in = inputs;
  for (uint32_t k = 1; k <= layers; k++) {
    const uint32_t out = k < layers ? 5 + k : classes;
    for (uint32_t i = 0; i < (in + 1) * out; i++) put_f64(&to, random_number(&random));
    in = out;
  }
  set_u32(to.bytes + 12, (uint32_t)to.size + 4);
  put_u32(&to, small_net_crc32(to.bytes, to.size));
  if (table_net_parse(to.bytes, to.size, "made", made, message) != 0) fail_msg("%s", message);
}

/* Central differences against the gradient, relative to its largest component. */
static void check_gradient(const table_net *of, uint32_t score, int64_t target, const double *input,
                           const double *unit) {
  double at[WIDTH], gradient[WIDTH], scale = 0;
  table_net_score(of, score, target, input, gradient);
  for (int32_t i = 0; i < of->n_inputs; i++) scale = fmax(scale, fabs(gradient[i]) * unit[i]);
  assert_true(scale > 0);
  for (int32_t i = 0; i < of->n_inputs; i++) {
    const double step = 1e-5 * unit[i];
    memcpy(at, input, (size_t)of->n_inputs * sizeof *at);
    at[i] = input[i] + step;
    double above = table_net_score(of, score, target, at, NULL);
    at[i] = input[i] - step;
    double below = table_net_score(of, score, target, at, NULL);
    assert_near((above - below) / 2e-5, gradient[i] * unit[i], 1e-8, fmax(scale, 1e-3));
  }
}

static void test_finite_differences(void **state) {
  (void)state;
  double input[WIDTH], ones[WIDTH];
  for (int i = 0; i < WIDTH; i++) ones[i] = 1;
  for (int64_t r = 0; r < penguins.count; r += 7)
    for (int64_t target = 0; target < net.n_classes; target++)
      for (uint32_t score = 0; score < 2; score++)
        check_gradient(&net, score, target, row_at(r), net.parameters + net.n_inputs);
  for (uint32_t layers = 1; layers <= TABLE_NET_MAX_LAYERS; layers++) {
    table_net made;
    make_net(2 + layers, 3, layers, &made);
    assert_true(made.n_inputs == 5 && made.n_classes == (int32_t)(2 + layers));
    fill_random(layers, input, made.n_inputs);
    for (int64_t target = 0; target < made.n_classes; target++)
      for (uint32_t score = 0; score < 2; score++) check_gradient(&made, score, target, input, ones);
    table_net_free(&made);
  }
}

/* Scores of one row agree with each other: the logit is that of the probability, and probabilities sum to 1. */
static void test_scores(void **state) {
  (void)state;
  table_net made;
  double input[WIDTH], p[TABLE_NET_MAX_CLASSES], l[TABLE_NET_MAX_CLASSES], logits[TABLE_NET_MAX_CLASSES], sum = 0;
  make_net(5, 4, 2, &made);
  fill_random(5, input, made.n_inputs);
  table_net_scores(&made, TABLE_NET_PROBABILITY, input, p);
  table_net_scores(&made, TABLE_NET_LOGIT, input, l);
  table_net_logits(&made, input, logits);
  for (int k = 0; k < 5; k++) {
    sum += p[k];
    assert_near(l[k], log(p[k] / (1 - p[k])), 1e-14, 1);
    assert_near(log(p[k] / p[0]), logits[k] - logits[0], 1e-14, 1);
    assert_true(table_net_score(&made, TABLE_NET_LOGIT, k, input, NULL) == l[k]);
    assert_true(table_net_score(&made, TABLE_NET_PROBABILITY, k, input, NULL) == p[k]);
  }
  assert_near(sum, 1, ROUND_OFF, 1);
  table_net_free(&made);
}

/* Where the softmax is saturated neither score nor gradient overflows, cancels or is lost. */
static void test_saturation(void **state) {
  (void)state;
  table_net made;
  double input[3] = {0}, gradient[WIDTH];
  make_net(2, 1, 1, &made);
  made.parameters[0] = 0, made.parameters[1] = 1;  /* mean, scale */
  made.parameters[2] = 1, made.parameters[3] = -1; /* weights */
  made.parameters[4] = 0, made.parameters[5] = 0;  /* bias */
  input[0] = 300;                                  /* logits 300, -300 */
  assert_true(table_net_score(&made, TABLE_NET_LOGIT, 0, input, gradient) == 600 && gradient[0] == 2);
  assert_true(table_net_score(&made, TABLE_NET_LOGIT, 1, input, gradient) == -600 && gradient[0] == -2);
  assert_true(table_net_score(&made, TABLE_NET_PROBABILITY, 0, input, gradient) == 1);
  assert_near(gradient[0], 2 * exp(-600), 1e-12, exp(-600));
  assert_near(table_net_score(&made, TABLE_NET_PROBABILITY, 1, input, gradient), exp(-600), 1e-12, exp(-600));
  input[0] = 1e300;
  assert_true(table_net_score(&made, TABLE_NET_PROBABILITY, 0, input, gradient) == 1 && gradient[0] == 0);
  table_net_free(&made);
}

/* ---- as a model ---- */

enum { ROWS = 9, GAP = 3 };

static void test_batch_is_its_rows(void **state) {
  (void)state;
  const int32_t n = net.n_inputs, k = net.n_classes;
  double *inputs = untouched(ROWS * (n + GAP)), *gradients = untouched(ROWS * (n + GAP));
  double *outputs = untouched(ROWS * (k + GAP)), expected[WIDTH];
  for (int r = 0; r < ROWS; r++) memcpy(inputs + r * (n + GAP), row_at(r), (size_t)n * sizeof *inputs);
  for (uint32_t score = 0; score < 2; score++) {
    for (uint32_t all = 0; all < 2; all++) {
      const attrib_model model = table_net_model(&net, score);
      attrib_batch batch = {.struct_size = sizeof batch, .rows = ROWS, .n_inputs = n, .n_outputs = k, .target = 1};
      batch.flags = ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_GRADIENTS | (all != 0 ? ATTRIB_BATCH_ALL_OUTPUTS : 0u);
      batch.input_stride = batch.gradient_stride = n + GAP, batch.output_stride = k + GAP;
      batch.inputs = inputs, batch.outputs = outputs, batch.gradients = gradients, batch.dtype = ATTRIB_F64;
      assert_int_equal(model.evaluate(&batch, model.user), 0);
      for (int r = 0; r < ROWS; r++) {
        double value = table_net_score(&net, score, 1, row_at(r), expected);
        assert_same_bits(gradients + r * (n + GAP), expected, n);
        assert_true(is_untouched(gradients + r * (n + GAP) + n, GAP));
        assert_same_bits(outputs + r * (k + GAP) + (all != 0 ? 1 : 0), &value, 1);
        assert_true(is_untouched(outputs + r * (k + GAP) + k, GAP));
      }
    }
  }
  free(inputs);
  free(gradients);
  free(outputs);
}

static void test_batches_it_cannot_serve(void **state) {
  (void)state;
  const attrib_model model = table_net_model(&net, TABLE_NET_LOGIT);
  double output = -12345.5, weights[TABLE_NET_MAX_CLASSES] = {1};
  const attrib_batch good = {.struct_size = sizeof good,
                             .flags = ATTRIB_BATCH_OUTPUTS,
                             .rows = 1,
                             .n_inputs = net.n_inputs,
                             .n_outputs = net.n_classes,
                             .inputs = row_at(0),
                             .outputs = &output,
                             .dtype = ATTRIB_F64};
  attrib_batch bad;
#define REFUSES(change) (bad = good, (change), assert_true(model.evaluate(&bad, model.user) < 0))
  REFUSES(bad.dtype = ATTRIB_F32);
  REFUSES(bad.n_inputs++);
  REFUSES(bad.target = ATTRIB_NO_TARGET);
  REFUSES(bad.target = net.n_classes);
  REFUSES(bad.target_weights = weights);
#undef REFUSES
  assert_true(output == -12345.5);
}

/* Any number of threads on one network, and the same bits. */
static void test_workers(void **state) {
  (void)state;
  const attrib_model model = table_net_model(&net, TABLE_NET_PROBABILITY);
  const attrib_baselines rows = {
      .struct_size = sizeof rows, .count = penguins.training_count, .rows = penguins.training};
  double one[WIDTH], many[WIDTH];
  assert_true((model.flags & ATTRIB_MODEL_CONCURRENT) != 0);
  assert_status(attrib_integrated_gradients(NULL, &model, row_at(2), 0, &rows, NULL, one, NULL), ATTRIB_OK, NULL);
  for (uint32_t workers = 2; workers <= 4; workers++) {
    attrib_context *context = new_context(workers, 0);
    assert_status(attrib_integrated_gradients(context, &model, row_at(2), 0, &rows, NULL, many, NULL), ATTRIB_OK,
                  context);
    attrib_context_destroy(context);
    assert_same_bits(many, one, net.n_inputs);
  }
}

/* ---- the loader ---- */

/* Parses a copy of exactly the size, so that a reader past the end is caught; expects one line that names the cause. */
static void expect_refused(const uint8_t *bytes, size_t size, const char *cause) {
  uint8_t *copy = exact_block(size > 0 ? size : 1);
  table_net made = {.n_inputs = 99};
  memcpy(copy, bytes, size);
  int status = table_net_parse(copy, size, "bad.bin", &made, message);
  free(copy);
  assert_int_equal(status, -1);
  assert_true(made.n_inputs == 0 && made.parameters == NULL);
  assert_int_equal(strncmp(message, "bad.bin: ", 9), 0);
  assert_null(strchr(message, '\n'));
  assert_names(message, cause);
}

static void test_damaged_files(void **state) {
  (void)state;
  for (size_t size = 0; size < file_size; size++) expect_refused(file, size, "truncated");
  for (size_t at = 0; at < file_size; at++) {
    const char *cause = at < 8 ? "magic" : at < 12 ? "version" : at < 16 ? "header says" : "checksum";
    file[at] ^= 0x10;
    expect_refused(file, file_size, cause);
    file[at] ^= 0x10;
  }
  file[file_size] = 0;
  expect_refused(file, file_size + 1, "too long");
}

/* Changes bytes, makes the checksum right again, expects refusal; puts everything back. */
static void refuse_change(size_t at, const void *bytes, size_t size, const char *cause) {
  uint8_t before[sizeof file];
  memcpy(before, file, file_size);
  memcpy(file + at, bytes, size);
  set_u32(file + file_size - 4, small_net_crc32(file, file_size - 4));
  expect_refused(file, file_size, cause);
  memcpy(file, before, file_size);
}

static void refuse_word(size_t at, uint32_t value, const char *cause) {
  uint8_t bytes[4];
  set_u32(bytes, value);
  refuse_change(at, bytes, sizeof bytes, cause);
}

/* Offsets in the bundled file: sex of two classes; species of 3, island of 3, four numbers; layers of 16, 8 and 2. */
static void test_wrong_contents(void **state) {
  (void)state;
  enum { TARGET = HEADER, CLASSES = TARGET + NAME, COLUMNS = CLASSES + 2 * NAME, CATEGORICAL = NAME + 4 + 3 * NAME };
  enum { WIDTHS = COLUMNS + 2 * CATEGORICAL + 4 * (NAME + 4), PARAMETERS = WIDTHS + 3 * 4 };
  static const uint8_t nan_bytes[8] = {0, 0, 0, 0, 0, 0, 0xf8, 0x7f}, zero[8] = {0};
  char text[NAME];
  assert_string_equal((char *)file + TARGET, "sex");
  refuse_word(8, 2, "version 2");
  refuse_word(16, 1, "1 classes, allowed are 2 to 16");
  refuse_word(16, 17, "17 classes");
  refuse_word(16, 0xffffffffu, "4294967295 classes");
  refuse_word(20, 0, "0 columns");
  refuse_word(20, 33, "33 columns");
  refuse_word(20, 32, ""); /* what follows is read as columns */
  refuse_word(24, 0, "0 layers");
  refuse_word(24, 5, "5 layers");
  refuse_word(24, 2, "the last layer makes 8 outputs for 2 classes");
  refuse_change(TARGET, zero, 1, "target 1 has no proper name");
  memset(text, 'x', sizeof text);
  refuse_change(TARGET, text, NAME, "target 1 has no proper name");
  refuse_change(CLASSES, "\nemale", 6, "class 1 has no proper name");
  refuse_change(CLASSES, "male\0\0", 6, "two times class 'male'");
  refuse_change(COLUMNS, "sex\0", 4, "column 'sex' is what it predicts");
  refuse_change(COLUMNS, "island\0", 7, "two times column 'island'");
  refuse_word(COLUMNS + NAME, 1, "column 'species' has a single category");
  refuse_word(COLUMNS + NAME, TABLE_NET_MAX_WIDTH, "category 5 has no proper name");
  refuse_word(COLUMNS + NAME, TABLE_NET_MAX_WIDTH + 1, "129 categories");
  refuse_word(COLUMNS + NAME, 0xffffffffu, "4294967295 categories");
  refuse_change(COLUMNS + NAME + 4, "Gentoo\0", 7, "two times category 'Gentoo'");
  refuse_word(WIDTHS, 0, "0 outputs of a layer");
  refuse_word(WIDTHS, TABLE_NET_MAX_WIDTH + 1, "129 outputs of a layer");
  refuse_word(WIDTHS, 17, "bytes of parameters, the layers need");
  refuse_word(WIDTHS + 8, 3, "the last layer makes 3 outputs for 2 classes");
  refuse_change(PARAMETERS, nan_bytes, 8, "parameter 1 is not finite");
  refuse_change(PARAMETERS + (size_t)net.n_inputs * 8, zero, 8, "the scale of input 1 is not above 0");
  refuse_change(file_size - 12, nan_bytes, 8, "is not finite");
}

/* Files that end early and say so, with the right checksum. */
static void test_cut_descriptions(void **state) {
  (void)state;
  uint8_t cut[sizeof file];
  for (size_t size = HEADER; size < file_size - 4; size++) {
    memcpy(cut, file, size);
    set_u32(cut + 12, (uint32_t)size + 4);
    set_u32(cut + size, small_net_crc32(cut, size));
    const char *cause = size < HEADER + NAME           ? "ends within the name of a target"
                        : size < HEADER + 3 * NAME     ? "ends within the name of a class"
                        : size < HEADER + 4 * NAME     ? "ends within the name of a column"
                        : size < HEADER + 4 * NAME + 4 ? "ends before the number of categories"
                                                       : "";
    expect_refused(cut, size + 4, cause);
  }
}

static void test_loading(void **state) {
  (void)state;
  table_net made;
  assert_int_equal(table_net_load(ATTRIB_EXAMPLES_DATA "/none.bin", &made, message), -1);
  assert_names(message, "none.bin: cannot be opened: No such file");
  assert_int_equal(table_net_load(ATTRIB_EXAMPLES_DATA, &made, message), -1);
  assert_names(message, "cannot be read: Is a directory");
  assert_int_equal(table_net_load("/dev/zero", &made, message), -1);
  assert_names(message, "/dev/zero: cannot be opened: it is no regular file");
  assert_true(made.parameters == NULL);
  assert_string_equal(net.target, "sex");
  assert_string_equal(net.categories[net.first[1]], "Biscoe");
  assert_true(net.groups[5] == 1 && net.groups[6] == 2 && net.first[net.n_columns] == net.n_inputs);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_attributions),
      cmocka_unit_test(test_expected_gradients),
      cmocka_unit_test(test_finite_differences),
      cmocka_unit_test(test_scores),
      cmocka_unit_test(test_saturation),
      cmocka_unit_test(test_batch_is_its_rows),
      cmocka_unit_test(test_batches_it_cannot_serve),
      cmocka_unit_test(test_workers),
      cmocka_unit_test(test_damaged_files),
      cmocka_unit_test(test_wrong_contents),
      cmocka_unit_test(test_cut_descriptions),
      cmocka_unit_test(test_loading),
  };
  return cmocka_run_group_tests_name("table_net", tests, set_up, tear_down);
}
