/* test_opencv_model.cpp - the bundled network as ONNX, run by OpenCV: its scores are those of the C network, and the
 * callback around it keeps the rules of model.h. */
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <attrib/attrib.h>

#include "bundled.h"
#include "onnx_model.h"

#include <setjmp.h>
extern "C" {
#include <cmocka.h>
}

namespace {

constexpr int64_t N = SMALL_NET_INPUTS, K = SMALL_NET_CLASSES;
const char onnx_file[] = ATTRIB_EXAMPLES_DATA "/small_net.onnx";

/* Float round-off: the same sums in another order. Measured: 9 units in the last place of the row's largest score at
 * most; another processor may sum in yet another order. */
double round_off(double size) {
  return 32 * static_cast<double>(std::numeric_limits<float>::epsilon()) * std::fmax(size, 1);
}

std::unique_ptr<onnx_model> open_bundled() {
  return std::make_unique<onnx_model>(onnx_file, SMALL_NET_CHANNELS, SMALL_NET_HEIGHT, SMALL_NET_WIDTH);
}

std::vector<float> noise(int64_t rows, unsigned seed) {
  std::mt19937 bits(seed);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<float> values(static_cast<size_t>(rows * N));
  for (float &v : values) v = uniform(bits);
  return values;
}

/* All scores of `rows` rows that lie `stride` apart. */
std::vector<double> scores(onnx_model &net, const float *rows, int64_t count, int64_t stride) {
  const attrib_model model = net.model();
  std::vector<double> found(static_cast<size_t>(count * K));
  attrib_batch batch{};
  batch.struct_size = sizeof batch;
  batch.flags = ATTRIB_BATCH_OUTPUTS | ATTRIB_BATCH_ALL_OUTPUTS;
  batch.rows = count;
  batch.n_inputs = N;
  batch.n_outputs = K;
  batch.target = ATTRIB_NO_TARGET;
  batch.input_stride = stride;
  batch.output_stride = K;
  batch.inputs = rows;
  batch.outputs = found.data();
  batch.dtype = ATTRIB_F32;
  assert_int_equal(model.evaluate(&batch, model.user), 0);
  return found;
}

void expect_scores_of_c(onnx_model &net, small_net *c, const float *row, const char *name) {
  float logits[K];
  assert_int_equal(small_net_forward(c, 0, row, logits), 0);
  const std::vector<double> found = scores(net, row, 1, N);
  double size = 0;
  for (const float logit : logits) size = std::fmax(size, std::fabs(logit));
  for (int64_t k = 0; k < K; k++)
    if (!(std::fabs(found[static_cast<size_t>(k)] - logits[k]) <= round_off(size)))
      fail_msg("%s: score %d is %.9g, of the C network %.9g", name, static_cast<int>(k), found[static_cast<size_t>(k)],
               static_cast<double>(logits[k]));
}

void test_scores_are_those_of_the_c_network(void **state) {
  (void)state;
  auto net = open_bundled();
  assert_int_equal(net->outputs(), K);
  bundled b;
  bundled_open(&b);
  for (const bundled_picture &p : b.pictures) expect_scores_of_c(*net, b.net, p.image.pixels, p.name);
  const std::vector<float> rows = noise(50, 1);
  for (int64_t r = 0; r < 50; r++) expect_scores_of_c(*net, b.net, rows.data() + r * N, "noise");
  for (const float value : {0.0F, 1.0F, 0.5F})
    expect_scores_of_c(*net, b.net, std::vector<float>(static_cast<size_t>(N), value).data(), "one grey");
  bundled_close(&b);
}

/* What the header says of batches, bit for bit; and rows with gaps between them. */
void test_rows_do_not_depend_on_their_batch(void **state) {
  (void)state;
  auto net = open_bundled();
  const int64_t rows = 24, gap = 5;
  const std::vector<float> inputs = noise(rows, 2);
  std::vector<float> spread(static_cast<size_t>(rows * (N + gap)), std::nanf(""));
  for (int64_t r = 0; r < rows; r++)
    std::memcpy(spread.data() + r * (N + gap), inputs.data() + r * N, sizeof(float) * static_cast<size_t>(N));
  std::vector<double> alone;
  for (int64_t r = 0; r < rows; r++) {
    const std::vector<double> one = scores(*net, inputs.data() + r * N, 1, N);
    alone.insert(alone.end(), one.begin(), one.end());
  }
  for (const int64_t size : {2, 3, 8, 24}) {
    for (int64_t first = 0; first < rows; first += size) {
      const std::vector<double> found = scores(*net, inputs.data() + first * N, size, N);
      assert_memory_equal(found.data(), alone.data() + first * K, sizeof(double) * found.size());
      const std::vector<double> gaps = scores(*net, spread.data() + first * (N + gap), size, N + gap);
      assert_memory_equal(gaps.data(), alone.data() + first * K, sizeof(double) * gaps.size());
    }
  }
}

/* Through the library: one target, a weighted sum, and strides of its own choosing. */
void test_outputs_through_the_library(void **state) {
  (void)state;
  auto net = open_bundled();
  const attrib_model model = net->model();
  const int64_t rows = 5;
  const std::vector<float> inputs = noise(rows, 3);
  attrib_baselines set{};
  set.struct_size = sizeof set;
  set.count = rows;
  set.rows = inputs.data();
  double all[rows * K], one[rows], sum[rows];
  double weights[K];
  for (int64_t k = 0; k < K; k++) weights[k] = 0.25 * static_cast<double>(k) - 1;
  assert_int_equal(attrib_outputs(nullptr, &model, &set, ATTRIB_NO_TARGET, nullptr, all, nullptr), ATTRIB_OK);
  assert_int_equal(attrib_outputs(nullptr, &model, &set, 4, nullptr, one, nullptr), ATTRIB_OK);
  assert_int_equal(attrib_outputs(nullptr, &model, &set, ATTRIB_NO_TARGET, weights, sum, nullptr), ATTRIB_OK);
  for (int64_t r = 0; r < rows; r++) {
    double expected = 0;
    for (int64_t k = 0; k < K; k++) expected += weights[k] * all[r * K + k];
    assert_true(one[r] == all[r * K + 4]);
    assert_true(sum[r] == expected);
  }
  assert_int_equal(attrib_outputs(nullptr, &model, &set, K, nullptr, one, nullptr), ATTRIB_E_ARGUMENT);
}

void test_files_that_are_no_network(void **state) {
  (void)state;
  const struct {
    const char *path, *part;
  } cases[] = {{ATTRIB_EXAMPLES_DATA "/missing.onnx", "missing.onnx: cannot be opened: No such file"},
               {ATTRIB_EXAMPLES_DATA, "data: cannot be read: Is a directory"},
               {"/dev/null", "/dev/null: is empty"},
               {ATTRIB_EXAMPLES_DATA "/small_net.bin", "is no ONNX file that OpenCV"},
               {ATTRIB_EXAMPLES_DATA "/README.md", "is no ONNX file that OpenCV"}};
  for (const auto &c : cases) {
    std::string said;
    try {
      const onnx_model net(c.path, SMALL_NET_CHANNELS, SMALL_NET_HEIGHT, SMALL_NET_WIDTH);
    } catch (const std::runtime_error &e) {
      said = e.what();
    }
    if (said.find(c.part) == std::string::npos) fail_msg("%s: said '%s'", c.path, said.c_str());
    assert_true(said.find('\n') == std::string::npos);
  }
}

/* Pictures of another size or depth than the network was exported for. */
void test_pictures_of_another_size(void **state) {
  (void)state;
  const int shapes[][3] = {{3, 32, 32}, {1, 64, 64}, {3, 64, 63 + 65}};
  for (const auto &shape : shapes) {
    std::string said;
    try {
      const onnx_model net(onnx_file, shape[0], shape[1], shape[2]);
    } catch (const std::runtime_error &e) {
      said = e.what();
    }
    const std::string size =
        std::to_string(shape[0]) + " x " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]);
    if (said.find("does not take pictures of " + size) == std::string::npos) fail_msg("%s", said.c_str());
    assert_true(said.find('\n') == std::string::npos);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(test_scores_are_those_of_the_c_network),
      cmocka_unit_test(test_rows_do_not_depend_on_their_batch), cmocka_unit_test(test_outputs_through_the_library),
      cmocka_unit_test(test_files_that_are_no_network), cmocka_unit_test(test_pictures_of_another_size)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
