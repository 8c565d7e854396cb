/* torch.cpp NETWORK PICTURE POINTS THREADS [pixels] - one picture explained through attrib_torch with POINTS midpoints
 * from black, in the network's layout and range or, with "pixels", in interleaved pixels of 0 to 255; prints, in
 * seconds and bytes,
 *
 *   total  work  core  conversion  peak  rows
 *
 * of the second of two calls: all of it; of the calling thread's processor time all of it, what passes outside the
 * callback, and what rows and gradients take on their way between the caller's layout and the network's, measured
 * beside it on blocks of the same size in fresh memory; the increase of the process' high-water mark since the network
 * was opened, its weights and activations included; gradient rows. */
#include <attrib/attrib.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

extern "C" {
#include "image_io.h"
}
#include "torch/layout.h"
#include "torch/scores.h"

using seconds = std::chrono::duration<double>;
static seconds now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

/* Of the calling thread, which does all of the library's own work: what else the machine does is not counted. */
static seconds worked() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return seconds((double)time.tv_sec + 1e-9 * (double)time.tv_nsec);
}

[[noreturn]] static void end(const char *what) {
  fprintf(stderr, "bench_torch: %s\n", what);
  exit(2);
}

/* The network's callback with a clock around it. */
struct timed {
  attrib_model inner;
  seconds inside;
};

static int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  timed *self = static_cast<timed *>(user);
  const seconds begin = worked();
  const int32_t status = self->inner.evaluate(batch, self->inner.user);
  self->inside += worked() - begin;
  return status;
}

/* Bytes of the process' largest resident set so far. */
static double high_water() {
  char line[200];
  double kilobytes = 0;
  FILE *file = fopen("/proc/self/status", "r");
  if (file == nullptr) end("no /proc/self/status");
  while (fgets(line, sizeof line, file) != nullptr)
    if (sscanf(line, "VmHWM: %lf", &kilobytes) == 1) break;
  fclose(file);
  return 1024 * kilobytes;
}

static std::vector<float> load(const char *path, bool pixels_wanted, int64_t *width, int64_t *height) {
  image_data image;
  char message[FILE_MESSAGE_CAPACITY];
  if (image_load(path, &image, message, sizeof message) != 0) end(message);
  const size_t pixels = (size_t)image.width * (size_t)image.height;
  std::vector<float> values(3 * pixels);
  for (size_t i = 0; i < pixels; i++)
    for (size_t c = 0; c < 3; c++)
      (pixels_wanted ? values[3 * i + c] : values[c * pixels + i]) =
          (pixels_wanted ? 255 : 1) * image.pixels[c * pixels + i];
  *width = image.width;
  *height = image.height;
  image_free(&image);
  return values;
}

/* What the callback does beside the network, for that many rows. */
static seconds convert(const attrib_torch_options *options, const attrib_model &model, const float *x, int64_t rows) {
  const attrib__torch::settings set = attrib__torch::read_options(options);
  const size_t block = model.max_rows, n = (size_t)model.n_inputs;
  std::vector<float> batch(block * n), gradients(block * n);
  std::vector<double> outputs((size_t)model.n_outputs), slopes((size_t)model.n_outputs);
  for (size_t r = 0; r < block; r++) memcpy(batch.data() + r * n, x, n * sizeof *x);
  const seconds begin = worked();
  for (int64_t row = 0; row < rows; row += (int64_t)block) {
    float *z = static_cast<float *>(malloc(block * n * sizeof *z));
    if (!set.plain) /* else the network reads the batch */
      attrib__torch::rows_to_network(set, batch.data(), (int64_t)n, (int64_t)block, (int64_t)block, z);
    for (size_t r = 0; r < block; r++)
      attrib__torch::weighted_score(set.score, outputs.data(), model.n_outputs, 0, nullptr, slopes.data());
    attrib__torch::gradients_to_rows(set, z, (int64_t)block, gradients.data(), (int64_t)n);
    free(z);
  }
  return worked() - begin;
}

static attrib_status explain(const attrib_model &model, const float *x, const float *black, int64_t points,
                             std::vector<double> &map, attrib_report *report) {
  attrib_baselines baselines = {};
  baselines.struct_size = sizeof baselines;
  baselines.count = 1;
  baselines.rows = black;
  attrib_ig_options rule = {};
  rule.struct_size = sizeof rule;
  rule.rule = ATTRIB_RULE_MIDPOINT;
  rule.points = points;
  return attrib_integrated_gradients(nullptr, &model, x, 282, &baselines, &rule, map.data(), report);
}

int main(int count, char **arguments) {
  const bool pixels = count == 6 && strcmp(arguments[5], "pixels") == 0;
  if (count != 5 && !pixels) end("NETWORK PICTURE POINTS THREADS [pixels]");
  int64_t shape[3] = {3, 0, 0};
  const std::vector<float> x = load(arguments[2], pixels, &shape[2], &shape[1]), black(x.size());
  char message[400];
  attrib_torch_options options = {};
  options.struct_size = sizeof options;
  options.n_dimensions = 3;
  options.shape = shape;
  if (pixels) {
    options.high = 255;
    options.layout = ATTRIB_TORCH_CHANNELS_LAST;
  }
  options.threads = (uint32_t)atoi(arguments[4]);
  attrib_torch *network;
  const double before = high_water();
  if (attrib_torch_open(arguments[1], &options, &network, message, sizeof message) < 0) end(message);
  timed clock = {};
  clock.inner.struct_size = sizeof clock.inner;
  if (attrib_torch_model(network, &clock.inner) < 0) end("no model");
  attrib_model model = clock.inner;
  model.evaluate = evaluate;
  model.user = &clock;
  std::vector<double> map(x.size());
  attrib_report report = {};
  report.struct_size = sizeof report;
  report.message = message;
  report.message_capacity = sizeof message;
  seconds total = {}, work = {};
  for (int turn = 0; turn < 2; turn++) {
    clock.inside = {};
    const seconds begin = now(), work_begin = worked();
    if (explain(model, x.data(), black.data(), atoi(arguments[3]), map, &report) < 0) end(message);
    total = now() - begin;
    work = worked() - work_begin;
  }
  const double peak = high_water() - before;
  convert(&options, model, x.data(), model.max_rows); /* memory is at hand, as it is in a second call */
  const seconds conversion = convert(&options, model, x.data(), report.evaluations);
  printf("%.6f %.6f %.6f %.6f %.0f %lld\n", total.count(), work.count(), (work - clock.inside).count(),
         conversion.count(), peak, (long long)report.evaluations);
  attrib_torch_close(network);
  return 0;
}
