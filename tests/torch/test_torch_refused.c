/* test_torch_refused.c - every file, shape and option that cannot work, and what is said of it: one line that names the
 * argument and its value. */
#include <math.h>

#include "networks.h"

static const int64_t no_shape[] = {2, 0, 3}, huge_shape[] = {INT64_C(1) << 31, INT64_C(1) << 31, 3},
                     other_shape[] = {2, 2, 4}, vector_shape[] = {12};

static void test_files(void **state) {
  const attrib_torch_options options = picture_options();
  const attrib_status argument = ATTRIB_E_ARGUMENT;
  const char *no_archive =
      "path = '%s': is no TorchScript file (torch.jit.save): PytorchStreamReader failed reading zip archive*";
  (void)state;
  refuses(NULL, &options, argument, "path is NULL");
  refuses(path_of("none.ts"), &options, argument, "path = '%s': No such file or directory");
  refuses("", &options, argument, "path = '': No such file or directory");
  refuses(ATTRIB_TORCH_NETWORKS, &options, argument, "path = '%s': is a folder");
  refuses(path_of("empty.ts"), &options, argument, "path = '%s': is empty");
  refuses(path_of("text_file.ts"), &options, argument, no_archive);
  refuses(path_of("cut.ts"), &options, argument, no_archive);
  refuses(path_of("state_dict.pt"), &options, argument,
          "path = '%s': is no TorchScript file (torch.jit.save): PytorchStreamReader failed locating file constants*");
  refuses(path_of("no_forward.ts"), &options, argument, "path = '%s': the module has no method forward");
}

static void test_networks(void **state) {
  attrib_torch_options options = picture_options();
  const attrib_status argument = ATTRIB_E_ARGUMENT;
  (void)state;
  options.block_rows = 4;
  refuses(path_of("sum.ts"), &options, argument,
          "the network gives one number for 4 rows: must be a vector for each row");
  refuses(path_of("integers.ts"), &options, argument, "the network's output is of type Long: must be floating point");
  refuses(path_of("squares.ts"), &options, argument,
          "the network's output is 4 x 3 x 3 for 4 rows of input: must be a vector for each row");
  refuses(path_of("fewer_rows.ts"), &options, argument,
          "the network's output is 3 x 3 for 4 rows of input: its first dimension must be the rows*");
  refuses(path_of("text.ts"), &options, argument,
          "the network returns a String: must be a tensor, or a tuple, list or dict of them");
  refuses(
      path_of("fixed_batch.ts"), &options, argument,
      "options->block_rows = 4: the network takes one row and not so many (its batch size is fixed in the file: set "
      "block_rows = 1): shape '[1, 12]' is invalid for input of size 48");
  refuses(path_of("traced_training.ts"), &options, ATTRIB_E_UNSUPPORTED,
          "the network has aten::batch_norm in training mode, which is fixed in the file*");
  refuses(
      path_of("two_inputs.ts"), &options, argument,
      "options->shape = 2 x 2 x 3: the network fails on 4 such rows: forward() is missing value for argument 'other'*");
  options.shape = other_shape;
  refuses(
      path_of("quadratic.ts"), &options, argument,
      "options->shape = 2 x 2 x 4: the network fails on 4 such rows: mat1 and mat2 shapes cannot be multiplied (4x16 "
      "and 12x3)");
  options.shape = picture_shape;
  refuses(path_of("deep.ts"), &options, argument,
          "options->shape = 2 x 2 x 3: the network fails on 4 such rows: Given groups=1, weight of size*");
}

/* A row of one is enough for a network that takes no more. */
static void test_fixed_batch(void **state) {
  attrib_torch_options options = picture_options();
  const float x[N] = {1, 2, 3};
  const attrib_baselines black = {.struct_size = sizeof black, .count = 1, .rows = (const float[N]){0}};
  double attributions[N];
  attrib_report report = {.struct_size = sizeof report};
  (void)state;
  options.block_rows = 1;
  attrib_torch *network = open_network("fixed_batch.ts", &options);
  attrib_model model = model_of(network);
  assert_int_equal(model.max_rows, 1);
  model.max_rows = 7;
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, 2, &black, NULL, attributions, &report), ATTRIB_OK);
  assert_true(report.completeness_relative < 1e-5);
  attrib_torch_close(network);
}

static void test_outputs(void **state) {
  attrib_torch_options options = picture_options();
  const attrib_status argument = ATTRIB_E_ARGUMENT;
  (void)state;
  options.output = 1;
  refuses(path_of("quadratic.ts"), &options, argument,
          "options->output = 1: must be 0, the network returns one tensor");
  options.output = 2;
  refuses(path_of("tuple.ts"), &options, argument, "options->output = 2: is a Int, not a tensor");
  refuses(path_of("list.ts"), &options, argument, "options->output = 2: the network returns 2 elements");
  options.output = 3;
  refuses(path_of("tuple.ts"), &options, argument, "options->output = 3: the network returns 3 elements");
  options.output = 0;
  refuses(path_of("dict.ts"), &options, argument,
          "options->output_name is NULL: the network returns a dict with the keys 'features', 'logits'");
  options.output_name = "logit";
  refuses(path_of("dict.ts"), &options, argument,
          "options->output_name = 'logit': the network returns a dict with the keys 'features', 'logits'");
  refuses(path_of("tuple.ts"), &options, argument,
          "options->output_name = 'logit': the network returns no dict but a Tuple");
  options.output = 1;
  refuses(path_of("dict.ts"), &options, argument, "options->output = 1: must be 0 where output_name is given");
  options = picture_options();
  options.score = ATTRIB_TORCH_SOFTMAX;
  refuses(path_of("scalar.ts"), &options, argument,
          "options->score = 1: the network has one output, whose softmax is 1 for every row");
}

#define REFUSES(member, value, status, text)                  \
  do {                                                        \
    attrib_torch_options options = picture_options();         \
    options.member = (value);                                 \
    refuses(path_of("quadratic.ts"), &options, status, text); \
  } while (0)

static void test_options(void **state) {
  static const double bad_mean[] = {0, INFINITY}, zero[] = {1, 0}, tiny[] = {1e-320, 1};
  const attrib_status argument = ATTRIB_E_ARGUMENT;
  (void)state;
  refuses(path_of("quadratic.ts"), NULL, argument, "options is NULL: the shape of the network's input must be given");
  REFUSES(flags, 2, ATTRIB_E_UNSUPPORTED, "options->flags = 0x2: this version knows 0x1");
  REFUSES(dtype, 3, argument, "options->dtype = 3: must be ATTRIB_F32 (1) or ATTRIB_F64 (2)");
  REFUSES(layout, 2, argument, "options->layout = 2: must be at most 1");
  REFUSES(score, 3, argument, "options->score = 3: must be at most 2");
  REFUSES(threads, 1025, argument, "options->threads = 1025: must be at most 1024");
  REFUSES(output, -1, argument, "options->output = -1: must be 0 to 2147483647");
  REFUSES(block_rows, -1, argument, "options->block_rows = -1: must be 0 to 65536");
  REFUSES(block_rows, 65537, argument, "options->block_rows = 65537: must be 0 to 65536");
  REFUSES(n_dimensions, 0, argument, "options->n_dimensions = 0: must be 1 to 8");
  REFUSES(n_dimensions, 9, argument, "options->n_dimensions = 9: must be 1 to 8");
  REFUSES(shape, NULL, argument, "options->shape is NULL");
  REFUSES(shape, no_shape, argument, "options->shape[1] = 0: must be at least 1");
  REFUSES(shape, huge_shape, ATTRIB_E_OVERFLOW,
          "options->shape = 2147483648 x 2147483648 x 3: does not fit the address space");
  REFUSES(low, 2, argument, "options->low = 2, high = 0: must be finite, low below high");
  REFUSES(high, NAN, argument, "options->low = 0, high = nan: must be finite, low below high");
  REFUSES(low, -INFINITY, argument, "options->low = -inf, high = 0: must be finite, low below high");
  REFUSES(mean, bad_mean, argument, "options->mean[1] = inf: must be finite");
  REFUSES(deviation, zero, argument, "options->deviation[1] = 0: must be finite and above 0");
  REFUSES(deviation, tiny, ATTRIB_E_OVERFLOW, "options->deviation[0] = 9.99989e-321: what the network gets overflows");
}

/* Sizes of other versions, on blocks of exactly that size. */
static void test_sizes(void **state) {
  const attrib_torch_options options = picture_options();
  char text[200];
  (void)state;
  for (uint32_t size = 4; size <= sizeof options + 16; size += 4) {
    unsigned char *given = block_of(size);
    memset(given, 0, size);
    memcpy(given, &options, size < sizeof options ? size : sizeof options);
    memcpy(given, &size, sizeof size);
    snprintf(text, sizeof text, "options->struct_size = %u: must be sizeof the struct, %zu", size, sizeof options);
    if (size < sizeof options) {
      refuses(path_of("quadratic.ts"), (attrib_torch_options *)(void *)given, ATTRIB_E_STRUCT, text);
    } else {
      attrib_torch_close(open_network("quadratic.ts", (attrib_torch_options *)(void *)given));
      given[size - 1] = 1;
      if (size > sizeof options)
        refuses(path_of("quadratic.ts"), (attrib_torch_options *)(void *)given, ATTRIB_E_UNSUPPORTED,
                "options->struct_size = *");
    }
    free(given);
  }
  attrib_torch_options endless = options;
  endless.struct_size = 4097;
  snprintf(text, sizeof text, "options->struct_size = 4097: must be sizeof the struct, %zu", sizeof options);
  refuses(path_of("quadratic.ts"), &endless, ATTRIB_E_STRUCT, text);
}

static void test_where_the_message_goes(void **state) {
  const attrib_torch_options options = picture_options();
  attrib_torch *network;
  char message[8] = "untoldX", *end = message + 7;
  (void)state;
  assert_int_equal(attrib_torch_open(NULL, &options, NULL, NULL, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_torch_open(NULL, &options, &network, NULL, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_torch_open(path_of("quadratic.ts"), &options, &network, NULL, 8), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_torch_open(path_of("quadratic.ts"), &options, &network, message, 0), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_torch_open(path_of("quadratic.ts"), &options, &network, message, -1), ATTRIB_E_ARGUMENT);
  assert_string_equal(message, "untoldX");
  *end = 'Y';
  assert_int_equal(attrib_torch_open(NULL, &options, &network, message, 7), ATTRIB_E_ARGUMENT);
  assert_string_equal(message, "path i");
  assert_int_equal(*end, 'Y');
  assert_int_equal(attrib_torch_open(NULL, &options, NULL, message, 7), ATTRIB_E_ARGUMENT);
  assert_string_equal(message, "networ");
  assert_int_equal(attrib_torch_open(path_of("quadratic.ts"), &options, &network, NULL, 0), ATTRIB_OK);
  assert_int_equal(attrib_torch_error(NULL, message, 7), 0);
  assert_string_equal(message, "");
  assert_int_equal(attrib_torch_error(network, NULL, 0), 1);
  attrib_torch_close(network);
  attrib_torch_close(NULL);
}

static void test_model_structs(void **state) {
  const attrib_torch_options options = picture_options();
  attrib_torch *network = open_network("quadratic.ts", &options);
  attrib_model model = {.struct_size = sizeof model};
  (void)state;
  assert_int_equal(attrib_torch_model(NULL, &model), ATTRIB_E_ARGUMENT);
  assert_int_equal(attrib_torch_model(network, NULL), ATTRIB_E_ARGUMENT);
  for (uint32_t size = 0; size < sizeof model; size += 4) {
    model.struct_size = size;
    assert_int_equal(attrib_torch_model(network, &model), ATTRIB_E_STRUCT);
  }
  struct {
    attrib_model model;
    uint64_t newer[2];
  } later = {.model = {.struct_size = sizeof later}, .newer = {5, 5}};
  assert_int_equal(attrib_torch_model(network, &later.model), ATTRIB_OK);
  assert_int_equal(later.model.struct_size, sizeof later);
  assert_true(later.newer[0] == 0 && later.newer[1] == 0);
  attrib_torch_close(network);
}

/* A table's features are its channels, and a shape of another number of elements is found. */
static void test_vectors(void **state) {
  attrib_torch_options options = picture_options();
  (void)state;
  options.n_dimensions = 1;
  options.shape = vector_shape;
  attrib_torch_close(open_network("quadratic.ts", &options));
  options.n_dimensions = 2;
  options.shape = other_shape; /* 2 x 2 */
  refuses(path_of("quadratic.ts"), &options, ATTRIB_E_ARGUMENT, "options->shape = 2 x 2: the network fails on*");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files),         cmocka_unit_test(test_networks),
      cmocka_unit_test(test_fixed_batch),   cmocka_unit_test(test_outputs),
      cmocka_unit_test(test_options),       cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_model_structs), cmocka_unit_test(test_where_the_message_goes),
      cmocka_unit_test(test_vectors)};
  skip_without_networks();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
