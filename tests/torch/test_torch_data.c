/* test_torch_data.c [DATA] - the networks of the shared data: two photographs on a MobileNet against maps computed
 * independently, and every small network to a tolerance. DATA: the folder with nets/ and mobilenet/ in it; default
 * $ATTRIB_SHARED_DATA, or shared/data beside the repository. Without it: exit status 77, and a line that says so. */
#include <math.h>

#include "image_io.h"
#include "networks.h"

enum { SIDE = 224, PIXELS = SIDE * SIDE, ELEMENTS = 3 * PIXELS };

static char folder[600];
static const int64_t photo_shape[] = {3, SIDE, SIDE}, digit_shape[] = {3, 32, 32}, bc_shape[] = {30},
                     diab_shape[] = {10};

static const char *in_data(const char *name) {
  static char path[1200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static attrib_torch *open_data(const char *name, const attrib_torch_options *options) {
  char message[400];
  attrib_torch *network;
  if (attrib_torch_open(in_data(name), options, &network, message, sizeof message) < 0) fail_msg("%s", message);
  return network;
}

/* The last `count` float32 of an .npy file, which is in C order. */
static float *load_npy(const char *name, size_t count) {
  FILE *file = fopen(in_data(name), "rb");
  float *values = block_of(count * sizeof *values);
  if (file == NULL) fail_msg("%s is not there", in_data(name));
  assert_int_equal(fseek(file, -(long)(count * sizeof *values), SEEK_END), 0);
  assert_true(ftell(file) >= 64 && ftell(file) <= 256); /* what is before them is the header */
  assert_int_equal(fread(values, sizeof *values, count, file), count);
  assert_int_equal(fclose(file), 0);
  return values;
}

/* The photograph as interleaved values of 0 to 255. */
static float *load_photo(const char *name) {
  image_data image;
  char message[FILE_MESSAGE_CAPACITY];
  if (image_load(in_data(name), &image, message, sizeof message) != 0) fail_msg("%s", message);
  assert_true(image.width == SIDE && image.height == SIDE);
  float *photo = block_of(ELEMENTS * sizeof *photo);
  for (int i = 0; i < PIXELS; i++)
    for (int c = 0; c < 3; c++) photo[i * 3 + c] = 255 * image.pixels[c * PIXELS + i];
  image_free(&image);
  return photo;
}

/* L2 distance of the interleaved map from the reference, which is CHW, relative to it. */
static double error_of(const double *map, const float *reference) {
  double distance = 0, size = 0;
  for (int i = 0; i < PIXELS; i++)
    for (int c = 0; c < 3; c++) {
      const double wanted = (double)reference[c * PIXELS + i], off = map[i * 3 + c] - wanted;
      distance += off * off;
      size += wanted * wanted;
    }
  return sqrt(distance / size);
}

typedef struct photo {
  const char *picture, *map;
  int64_t target;
  double output, rule_error; /* of 1000 midpoints in completeness, see tests/ffi/test_reference_maps.py */
} photo;

static const photo photos[] = {{"mobilenet/chelsea.png", "mobilenet/chelsea_ig_black.npy", 282, 19.392539613, 0.002397},
                               {"mobilenet/coffee.png", "mobilenet/coffee_ig_black.npy", 968, 17.605986055, 0.010669}};

/* The caller's pixels are interleaved, of 0 to 255, with black at 0; the network's are planes of 0 to 1. */
static attrib_torch *open_mobilenet(uint32_t dtype) {
  const attrib_torch_options options = {.struct_size = sizeof options,
                                        .dtype = dtype,
                                        .high = 255,
                                        .n_dimensions = 3,
                                        .layout = ATTRIB_TORCH_CHANNELS_LAST,
                                        .shape = photo_shape};
  return open_data("mobilenet/mobilenet_v1_025_224.pt", &options);
}

static void test_midpoints(void **state) {
  attrib_torch *network = open_mobilenet(ATTRIB_F32);
  const attrib_model model = model_of(network);
  double *map = block_of(ELEMENTS * sizeof *map);
  float *black = calloc(ELEMENTS, sizeof *black);
  const attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = black};
  const attrib_ig_options options = {.struct_size = sizeof options, .rule = ATTRIB_RULE_MIDPOINT, .points = 1000};
  (void)state;
  assert_int_equal(model.n_outputs, 1001);
  for (size_t i = 0; i < 2; i++) {
    const photo *p = &photos[i];
    float *x = load_photo(p->picture), *reference = load_npy(p->map, ELEMENTS);
    attrib_report report = {.struct_size = sizeof report};
    assert_int_equal(attrib_integrated_gradients(NULL, &model, x, p->target, &baselines, &options, map, &report),
                     ATTRIB_OK);
    const double error = error_of(map, reference), gap = report.completeness_error / report.completeness_target;
    print_message("%s: f %.9f, relative L2 error %.2e, completeness error %.4e (the rule's own: %.4e)\n", p->picture,
                  report.output, error, gap, p->rule_error);
    assert_true(error < 0.01);
    assert_true(fabs(gap - p->rule_error) < 0.0005);
    assert_true(fabs(report.output - p->output) < 1e-4);
    free(x);
    free(reference);
  }
  free(map);
  free(black);
  attrib_torch_close(network);
}

/* In double, the output is that of the reference to its last digit, and a tolerance is kept: 1 % and what the reference
 * itself may be off. */
static void test_double_to_a_tolerance(void **state) {
  attrib_torch *network = open_mobilenet(ATTRIB_F64);
  const attrib_model model = model_of(network);
  double *map = block_of(ELEMENTS * sizeof *map), *black = calloc(ELEMENTS, sizeof *black);
  double *x = block_of(ELEMENTS * sizeof *x);
  const attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = black};
  const attrib_ig_options options = {.struct_size = sizeof options, .tolerance = 0.02};
  const photo *p = &photos[0];
  float *pixels = load_photo(p->picture), *reference = load_npy(p->map, ELEMENTS);
  attrib_report report = {.struct_size = sizeof report};
  (void)state;
  for (int i = 0; i < ELEMENTS; i++) x[i] = round((double)pixels[i]);
  assert_int_equal(attrib_integrated_gradients(NULL, &model, x, p->target, &baselines, &options, map, &report),
                   ATTRIB_OK);
  const double error = error_of(map, reference);
  print_message("%s in double: f %.9f, relative L2 error %.2e, %lld rows\n", p->picture, report.output, error,
                (long long)report.evaluations);
  assert_true(fabs(report.output - p->output) < 2e-6); /* the reference's pixels were floats */
  assert_true(error < options.tolerance + 8.9e-4);
  free(map);
  free(black);
  free(x);
  free(pixels);
  free(reference);
  attrib_torch_close(network);
}

typedef struct table_or_digits {
  const char *file, *rows, *baseline; /* baseline NULL: black */
  const int64_t *shape;
  int64_t n_dimensions, n_inputs, n_outputs;
} net;

static const net nets[] = {
    {"nets/cnn_relu.ts", "nets/digits_16x3x32x32.npy", NULL, digit_shape, 3, 3072, 10},
    {"nets/cnn_gelu.ts", "nets/digits_16x3x32x32.npy", NULL, digit_shape, 3, 3072, 10},
    {"nets/vit.ts", "nets/digits_16x3x32x32.npy", NULL, digit_shape, 3, 3072, 10},
    {"nets/mlp_bc.ts", "nets/inputs_bc_16.npy", "nets/train_mean_bc.npy", bc_shape, 1, 30, 2},
    {"nets/mlp_diab.ts", "nets/inputs_diab_16.npy", "nets/train_mean_diab.npy", diab_shape, 1, 10, 1}};

static int64_t largest(const double *values, int64_t n) {
  int64_t k = 0;
  for (int64_t i = 1; i < n; i++)
    if (values[i] > values[k]) k = i;
  return k;
}

static double sum_of_sizes(const double *values, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += fabs(values[i]);
  return sum;
}

static double distance(const double *a, const double *b, size_t n) {
  double sum = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
    size += b[i] * b[i];
  }
  return sqrt(sum / size);
}

/* The output of the highest score, to 1 %: of the map, which dense midpoints tell, and in completeness, measured by
 * what adds up to it (f(x) and f(black) may be close). */
static void explain_one(const attrib_model *model, const float *x, int64_t target, const attrib_baselines *baselines,
                        double worst[2], int64_t *evaluations) {
  const attrib_ig_options rule = {.struct_size = sizeof rule, .tolerance = 0.01};
  const attrib_ig_options dense = {.struct_size = sizeof dense, .rule = ATTRIB_RULE_MIDPOINT, .points = 800};
  const size_t count = (size_t)model->n_inputs;
  double *map = block_of(count * sizeof *map), *reference = block_of(count * sizeof *reference);
  attrib_report report = {.struct_size = sizeof report}, other = report;
  assert_int_equal(attrib_integrated_gradients(NULL, model, x, target, baselines, &rule, map, &report), ATTRIB_OK);
  worst[0] = fmax(worst[0], fabs(report.completeness_error) / sum_of_sizes(map, count));
  *evaluations += report.evaluations;
  assert_int_equal(attrib_integrated_gradients(NULL, model, x, target, baselines, &dense, reference, &other),
                   ATTRIB_OK);
  worst[1] = fmax(worst[1], distance(map, reference, count));
  free(map);
  free(reference);
}

static void explain_all(const net *n) {
  const attrib_torch_options options = {
      .struct_size = sizeof options, .n_dimensions = n->n_dimensions, .shape = n->shape};
  attrib_torch *network = open_data(n->file, &options);
  const attrib_model model = model_of(network);
  const size_t count = (size_t)n->n_inputs;
  float *inputs = load_npy(n->rows, 16 * count);
  float *baseline = n->baseline != NULL ? load_npy(n->baseline, count) : calloc(count, sizeof *baseline);
  double *outputs = block_of(16 * 10 * sizeof *outputs), worst[2] = {0};
  const attrib_baselines rows = {.struct_size = sizeof rows, .count = 16, .rows = inputs};
  const attrib_baselines baselines = {.struct_size = sizeof baselines, .count = 1, .rows = baseline};
  attrib_report report = {.struct_size = sizeof report};
  int64_t evaluations = 0;
  assert_int_equal(model.n_inputs, n->n_inputs);
  assert_int_equal(model.n_outputs, n->n_outputs);
  assert_int_equal(attrib_outputs(NULL, &model, &rows, ATTRIB_NO_TARGET, NULL, outputs, &report), ATTRIB_OK);
  for (size_t i = 0; i < 16; i++)
    explain_one(&model, inputs + i * count, largest(outputs + i * (size_t)n->n_outputs, n->n_outputs), &baselines,
                worst, &evaluations);
  print_message("%s: completeness to %.1e, maps to %.1e, %lld rows for 16 inputs\n", n->file, worst[0], worst[1],
                (long long)evaluations);
  assert_true(worst[0] < 0.01 && worst[1] < 0.01);
  free(inputs);
  free(baseline);
  free(outputs);
  attrib_torch_close(network);
}

static void test_every_network(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) explain_all(&nets[i]);
}

int main(int count, char **arguments) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_network), cmocka_unit_test(test_midpoints),
                                     cmocka_unit_test(test_double_to_a_tolerance)};
  const char *given = count > 1 ? arguments[1] : getenv("ATTRIB_SHARED_DATA");
  snprintf(folder, sizeof folder, "%s", given != NULL ? given : ATTRIB_DEFAULT_DATA);
  FILE *file = fopen(in_data("mobilenet/mobilenet_v1_025_224.pt"), "rb");
  if (file == NULL) {
    printf("skipped: no networks in %s\n", folder);
    return SKIPPED;
  }
  fclose(file);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
