#include "compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <stdexcept>

attrib_model watched_model::model() {
  attrib_model model = model_;
  model.flags &= ~static_cast<uint32_t>(ATTRIB_MODEL_ALL_OUTPUTS | ATTRIB_MODEL_TARGET_WEIGHTS);
  model.evaluate = evaluate;
  model.user = this;
  return model;
}

int32_t ATTRIB_CALL watched_model::evaluate(const attrib_batch *batch, void *user) {
  auto *self = static_cast<watched_model *>(user);
  const int32_t status = self->model_.evaluate(batch, self->model_.user);
  if (status != 0) return status;
  const auto *inputs = static_cast<const float *>(batch->inputs);
  for (int64_t r = 0; r < batch->rows; r++) {
    float scores[SMALL_NET_CLASSES];
    const int32_t failed = small_net_forward(self->reference_, 0, inputs + r * batch->input_stride, scores);
    if (failed != 0) return failed;
    const double difference = std::fabs(batch->outputs[r * batch->output_stride] - scores[batch->target]);
    self->squares_ += difference * difference;
    self->largest_ = std::max(self->largest_, difference);
    self->rows_++;
  }
  return 0;
}

double watched_model::root_mean_square() const {
  return rows_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(rows_));
}

namespace {

double length(const std::vector<double> &values) {
  double squares = 0;
  for (const double v : values) squares += v * v;
  return std::sqrt(squares);
}

/* Regions in which picture and baseline differ: the others have no difference to be wrong. */
int64_t moving(const question &q) {
  const auto *baseline = static_cast<const float *>(q.baselines->rows);
  std::set<int32_t> regions;
  for (int64_t i = 0; i < SMALL_NET_INPUTS; i++)
    if (q.picture[i] != baseline[i]) regions.insert(q.grid->groups()[static_cast<size_t>(i)]);
  return static_cast<int64_t>(regions.size());
}

}  // namespace

comparison compare(const watched_model &watched, small_net *reference, const question &q, const explanation &e) {
  attrib_model model;
  if (small_net_model(reference, SMALL_NET_LOGIT, &model) != 0)
    throw std::runtime_error("the C network cannot be evaluated");
  explanation exact(q.grid->count());
  explain(model, q, nullptr, &exact);
  comparison c{};
  std::vector<double> apart;
  for (size_t g = 0; g < e.attributions.size(); g++) {
    apart.push_back(e.attributions[g] - exact.attributions[g]);
    c.largest = std::max(c.largest, std::fabs(apart.back()));
  }
  c.length = length(exact.attributions);
  c.distance = length(apart);
  c.truncation = e.report.truncation_error * length(e.attributions);
  c.roundoff = e.report.roundoff_error * length(e.attributions);
  c.f_rms = watched.root_mean_square();
  c.f_largest = watched.largest();
  /* As round-off: f off by d at random puts d / (sqrt(2) h) on a difference; nodes of weight 1 / points are averaged.
   */
  const double nodes = static_cast<double>(q.options->points);
  c.runtime = c.f_rms / (std::sqrt(2.0) * e.report.difference_step) * std::sqrt(static_cast<double>(moving(q)) / nodes);
  return c;
}

void comparison::print() const {
  std::printf("  against the network's own backward pass, in C, on the same nodes: map of length %.4g\n", length);
  std::printf("    distance %.2e (%.3f %%), of one region at most %.2e\n", distance, 100 * distance / length, largest);
  std::printf("    stated   %.2e (%.3f %%) = %.2e truncation + %.2e round-off + %.2e runtimes\n", stated(),
              100 * stated() / length, truncation, roundoff, runtime);
  std::printf("    the two runtimes differ in f by %.1e (root mean square), %.1e at most\n", f_rms, f_largest);
  std::printf(distance <= stated() ? "    within what is stated\n" : "    ! beyond what is stated\n");
}
