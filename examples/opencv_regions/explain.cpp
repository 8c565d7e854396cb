#include "explain.h"

#include <memory>
#include <stdexcept>

#include "progress_bar.h"

namespace {

using context_pointer = std::unique_ptr<attrib_context, void (*)(attrib_context *)>;

context_pointer make_context() {
  attrib_context *context = nullptr;
  const attrib_status status = attrib_context_create(nullptr, &context);
  if (status < 0) throw std::runtime_error(attrib_status_text(status));
  return {context, attrib_context_destroy};
}

[[noreturn]] void failed(const char *message, attrib_status status, const onnx_model *net) {
  std::string text = message[0] != '\0' ? message : attrib_status_text(status);
  if (status == ATTRIB_E_CALLBACK && net != nullptr && !net->error().empty()) text += ": " + net->error();
  throw std::runtime_error(text);
}

}  // namespace

explanation::explanation(int64_t regions)
    : attributions(static_cast<size_t>(regions), 0.0), message(FILE_MESSAGE_CAPACITY, '\0') {
  report.struct_size = sizeof report;
  report.message = message.data();
  report.message_capacity = static_cast<int64_t>(message.size());
}

std::vector<double> scores_of(onnx_model &net, const float *picture) {
  const context_pointer context = make_context();
  const attrib_model model = net.model();
  attrib_baselines row{};
  row.struct_size = sizeof row;
  row.count = 1;
  row.rows = picture;
  std::vector<double> scores(static_cast<size_t>(net.outputs()));
  const attrib_status status =
      attrib_outputs(context.get(), &model, &row, ATTRIB_NO_TARGET, nullptr, scores.data(), nullptr);
  if (status < 0) failed(attrib_context_error(context.get()), status, &net);
  return scores;
}

void explain(const attrib_model &model, const question &q, const onnx_model *net, explanation *e) {
  const context_pointer context = make_context();
  attrib_ig_options options{};
  options.struct_size = sizeof options;
  options.points = q.options->points;
  options.max_evaluations = q.options->max_evaluations;
  options.tolerance = q.options->tolerance;
  options.groups = q.grid->groups().data();
  options.n_groups = q.grid->count();
  if ((model.flags & ATTRIB_MODEL_NO_GRADIENTS) != 0) options.difference_step = q.options->step;
  e->status = attrib_context_set_progress(context.get(), progress_bar, nullptr);
  if (e->status == ATTRIB_OK)
    e->status = attrib_integrated_gradients(context.get(), &model, q.picture, q.target, q.baselines, &options,
                                            e->attributions.data(), &e->report);
  if (e->status < 0) failed(e->message.data(), e->status, net);
}
