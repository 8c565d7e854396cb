// A C++ program: a lambda as the model, and exceptions that stop at the C frame and go on behind it.
#include <attrib/attrib.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct ContextDeleter {
  void operator()(attrib_context *context) const {
    attrib_context_destroy(context);
  }
};
using Context = std::unique_ptr<attrib_context, ContextDeleter>;

// f(x, gradient): gradient is empty where it is not wanted.
using Function = std::function<double(const std::vector<double> &x, std::vector<double> &gradient)>;

struct Call {
  Function function;
  std::exception_ptr thrown;
};

void evaluate_row(const Call &call, const attrib_batch &batch, int64_t row) {
  const auto *x = static_cast<const double *>(batch.inputs) + row * batch.input_stride;
  const auto n = static_cast<size_t>(batch.n_inputs);
  std::vector<double> gradient((batch.flags & ATTRIB_BATCH_GRADIENTS) != 0 ? n : 0);
  batch.outputs[row * batch.output_stride] = call.function(std::vector<double>(x, x + n), gradient);
  if (batch.gradients == nullptr) return;
  auto *out = static_cast<double *>(batch.gradients) + row * batch.gradient_stride;
  for (size_t i = 0; i < n; i++) out[i] = gradient[i];
}

// Nothing may be thrown through the library's frames.
extern "C" int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  auto *call = static_cast<Call *>(user);
  try {
    for (int64_t row = 0; row < batch->rows; row++) evaluate_row(*call, *batch, row);
    return 0;
  } catch (...) {
    call->thrown = std::current_exception();
    return -1;
  }
}

std::vector<double> explain(attrib_context *context, Function function, const std::vector<double> &input,
                            const std::vector<double> &reference) {
  Call call = {std::move(function), nullptr};
  attrib_model model = {};
  model.struct_size = sizeof model;
  model.dtype = ATTRIB_F64;
  model.n_inputs = static_cast<int64_t>(input.size());
  model.evaluate = evaluate;
  model.user = &call;
  attrib_baselines baselines = {};
  baselines.struct_size = sizeof baselines;
  baselines.count = 1;
  baselines.rows = reference.data();
  std::vector<double> attributions(input.size());
  const attrib_status status =
      attrib_integrated_gradients(context, &model, input.data(), 0, &baselines, nullptr, attributions.data(), nullptr);
  if (call.thrown) std::rethrow_exception(call.thrown);
  if (status < 0) throw std::runtime_error(attrib_context_error(context));
  return attributions;
}

Context make_context() {
  attrib_context *context = nullptr;
  if (attrib_context_create(nullptr, &context) < 0) throw std::bad_alloc();
  return Context(context);
}

bool right_answer(attrib_context *context) {
  double scale = 1;  // captured
  const auto product = [&scale](const std::vector<double> &x, std::vector<double> &gradient) {
    if (!gradient.empty()) gradient = {scale * x[1], scale * x[0]};
    return scale * x[0] * x[1];
  };
  const auto a = explain(context, product, {1, 1}, {0, 0});
  return std::fabs(a[0] - 0.5) < 1e-12 && std::fabs(a[1] - 0.5) < 1e-12;
}

bool exceptions_come_through(attrib_context *context) {
  try {
    explain(
        context,
        [](const std::vector<double> &, std::vector<double> &) -> double { throw std::out_of_range("from the model"); },
        {1, 1}, {0, 0});
  } catch (const std::out_of_range &error) {
    return error.what() == std::string("from the model");
  }
  return false;
}

bool failures_become_exceptions(attrib_context *context) {
  try {
    explain(context, [](const std::vector<double> &, std::vector<double> &) { return 0.0; }, {NAN, 1}, {0, 0});
  } catch (const std::runtime_error &error) {
    return std::string(error.what()).find("input") != std::string::npos;
  }
  return false;
}

}  // namespace

int main() {
  const Context context = make_context();
  if (!right_answer(context.get()))
    std::fprintf(stderr, "not (1/2, 1/2)\n");
  else if (!exceptions_come_through(context.get()))
    std::fprintf(stderr, "an exception was lost\n");
  else if (!failures_become_exceptions(context.get()))
    std::fprintf(stderr, "a failure was lost\n");
  else if (!right_answer(context.get()))
    std::fprintf(stderr, "the context did not survive a failure\n");
  else
    return 0;
  return 1;
}
