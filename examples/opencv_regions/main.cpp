/* opencv_regions - a picture explained by a runtime that gives no gradients: OpenCV, from an ONNX file. */
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <stdexcept>

#include "command_line.h"
#include "compare.h"
#include "explain.h"

namespace {

const char program[] = "opencv_regions";
const char bundled_network[] = ATTRIB_EXAMPLES_DATA "/small_net.onnx";
const char bundled_weights[] = ATTRIB_EXAMPLES_DATA "/small_net.bin"; /* the names of its classes; and for --compare */

/* The picture and, for the bundled network alone, its C form, which knows what its outputs are called. */
class opened {
 public:
  explicit opened(const arguments &a) : message_(FILE_MESSAGE_CAPACITY, '\0') {
    net_.shape = network_bundled_shape();
    net_.inputs = SMALL_NET_INPUTS;
    if (a.model == nullptr && network_open_bundled(&net_, bundled_weights, SMALL_NET_LOGIT, 1, message_.data()) != 0)
      throw std::runtime_error(message_.data());
    if (subject_open_picture(&subject_, &net_, a.picture, message_.data()) != 0) {
      network_close(&net_);
      throw std::runtime_error(message_.data());
    }
    if (message_[0] != '\0') std::printf("%s\n", message_.data()); /* a remark, such as on its transparency */
  }
  ~opened() {
    choose_baseline_free(&baseline_);
    subject_close(&subject_);
    network_close(&net_);
  }
  opened(const opened &) = delete;
  opened &operator=(const opened &) = delete;

  const subject &picture() const {
    return subject_;
  }
  const baseline_choice &choose(const char *name) {
    baseline_request request{};
    request.name = name;
    if (choose_baseline(&request, &subject_, &baseline_, message_.data()) != 0)
      throw std::runtime_error(message_.data());
    return baseline_;
  }
  /* "'star'", or "output 4" */
  std::string name(int64_t output) const {
    return net_.bundled != nullptr ? "'" + std::string(network_class_name(&net_, output)) + "'"
                                   : "output " + std::to_string(output);
  }

 private:
  std::vector<char> message_;
  network net_{};
  subject subject_{};
  baseline_choice baseline_{};
};

int64_t find_target(const arguments &a, const opened &o, const std::vector<double> &scores) {
  if (a.target == nullptr) return std::max_element(scores.begin(), scores.end()) - scores.begin();
  std::vector<char> message(FILE_MESSAGE_CAPACITY, '\0');
  if (o.picture().net->bundled != nullptr) {
    const int64_t found = subject_find_class(&o.picture(), a.target, message.data());
    if (found < 0) throw std::runtime_error(message.data());
    return found;
  }
  char *end = nullptr;
  const long number = std::strtol(a.target, &end, 10);
  if (end == a.target || *end != '\0' || number < 0 || number >= static_cast<long>(scores.size()))
    throw std::runtime_error("target '" + std::string(a.target).substr(0, 60) + "' is not 0 to " +
                             std::to_string(scores.size() - 1) + ", a number of one of the network's outputs");
  return number;
}

/* The three highest scores. */
void print_scores(const arguments &a, const opened &o, const std::vector<double> &scores) {
  std::string name(a.picture);
  const subject &s = o.picture();
  std::printf("%s: %d x %d", one_line(name.data()), static_cast<int>(s.original.width),
              static_cast<int>(s.original.height));
  if (s.resized) std::printf(", resized to the network's %d x %d", SMALL_NET_WIDTH, SMALL_NET_HEIGHT);
  std::printf("\n");
  std::vector<int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t k) {
    return scores[static_cast<size_t>(i)] > scores[static_cast<size_t>(k)];
  });
  for (size_t rank = 0; rank < std::min<size_t>(3, order.size()); rank++)
    std::printf("  %-12s %9.4f\n", o.name(order[rank]).c_str(), scores[static_cast<size_t>(order[rank])]);
}

void print_result(const arguments &a, const explanation &e, const region_grid &grid, const std::string &target,
                  const char *baseline) {
  const attrib_report &r = e.report;
  std::printf("Integrated gradients of the score of %s against %s, over %lld regions of %lld x %lld pixels\n",
              target.c_str(), baseline, static_cast<long long>(grid.count()), static_cast<long long>(a.grid),
              static_cast<long long>(a.grid));
  std::printf("  f(picture) %.4f, f(baseline) %.4f, sum of attributions %.4f\n", r.output, r.baseline_output,
              r.attribution_sum);
  std::printf("  completeness error %+.2e, %.2f %% of the difference\n", r.completeness_error,
              100 * r.completeness_relative);
  std::printf(
      "  differences over 1/%.0f of the way to either side: truncation error %.2f %% of the map, round-off %.3f %%\n",
      1 / r.difference_step, 100 * r.truncation_error, 100 * r.roundoff_error);
  if (!std::isnan(r.error_estimate))
    std::printf("  integral: error estimate %.2f %% of the map, %.3g %% asked for\n", 100 * r.error_estimate,
                100 * r.tolerance);
  grid.print(e.attributions);
  std::printf("  %lld nodes on the path; %lld rows of the network, none with a gradient\n",
              static_cast<long long>(r.difference_nodes), static_cast<long long>(r.evaluations + r.output_evaluations));
  if (e.status == ATTRIB_NOT_CONVERGED) std::printf("  ! Not converged: %s\n", e.message.data());
}

/* The exit code. */
int run(arguments *a) {
  onnx_model net(a->model != nullptr ? a->model : bundled_network, SMALL_NET_CHANNELS, SMALL_NET_HEIGHT,
                 SMALL_NET_WIDTH);
  opened o(*a);
  std::vector<char> prefix(1024, '\0'), message(FILE_MESSAGE_CAPACITY, '\0');
  default_prefix(a->picture, prefix.data(), prefix.size());
  if (a->prefix == nullptr) a->prefix = prefix.data();
  const std::vector<double> scores = scores_of(net, o.picture().input.pixels);
  const region_grid grid(a->grid);
  const baseline_choice &baseline = o.choose(a->baseline);
  const question q = {o.picture().input.pixels, find_target(*a, o, scores), &baseline.set, &grid, a};
  if (heat_map_check(a->prefix, message.data()) != 0) throw std::runtime_error(message.data());
  print_scores(*a, o, scores);
  std::fflush(stdout);

  explanation e(grid.count());
  watched_model watched(&net, o.picture().net->bundled);
  explain(a->compare ? watched.model() : net.model(), q, &net, &e);
  comparison exact{};
  if (a->compare) exact = compare(watched, o.picture().net->bundled, q, e);
  if (heat_map_write(&o.picture(), grid.spread(e.attributions).data(), &a->style, a->prefix, message.data()) != 0)
    throw std::runtime_error(message.data());
  print_result(*a, e, grid, o.name(q.target), baseline.text);
  if (a->compare) exact.print();
  std::printf("  %s_heat.png, %s_overlay.png, full colour at %.4g\n", a->prefix, a->prefix, a->style.scale);
  if (finish_output(message.data(), message.size()) != 0) throw std::runtime_error(message.data());
  return !a->compare || exact.distance <= exact.stated() ? EXIT_DONE : EXIT_FAILED;
}

}  // namespace

int main(int argc, char **argv) {
  arguments a;
  int code = EXIT_USAGE;
  if (!parse_arguments(argc, argv, &a, &code)) return code;
  try {
    return run(&a);
  } catch (const std::exception &e) {
    error_line(program, e.what());
  } catch (...) {
    error_line(program, "unknown failure");
  }
  return EXIT_FAILED;
}
