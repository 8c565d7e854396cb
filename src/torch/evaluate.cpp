/* evaluate.cpp - a batch of the library's, block by block. */
#include <cinttypes>

#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/autograd.h>

#include "layout.h"
#include "network.h"
#include "scores.h"

namespace attrib__torch {

static void check_batch(const attrib_torch &network, const attrib_batch &batch) {
  const settings &set = network.set;
  if (batch.dtype != set.dtype)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("model->dtype = %" PRIu32 ": the network was opened for %" PRIu32, batch.dtype, set.dtype)};
  if (batch.n_inputs != set.n_inputs)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("model->n_inputs = %" PRId64 ": the network takes %" PRId64, batch.n_inputs, set.n_inputs)};
  const bool counted = batch.target_weights != nullptr || (batch.flags & ATTRIB_BATCH_ALL_OUTPUTS);
  if (counted ? batch.n_outputs != network.n_outputs : batch.n_outputs > network.n_outputs)
    throw failure{ATTRIB_E_ARGUMENT, format("model->n_outputs = %" PRId64 ": the network has %" PRId64, batch.n_outputs,
                                            network.n_outputs)};
  const bool all_alone = (batch.flags & ATTRIB_BATCH_ALL_OUTPUTS) && !(batch.flags & ATTRIB_BATCH_GRADIENTS);
  const bool any_target = all_alone || batch.target_weights != nullptr;
  if (batch.target >= network.n_outputs || (batch.target < 0 && !any_target))
    throw failure{ATTRIB_E_ARGUMENT,
                  format("target = %" PRId64 ": the network has %" PRId64 " outputs", batch.target, network.n_outputs)};
}

/* Rows begin ... begin + count of the batch, as the network gets them. */
static at::Tensor input_of(const attrib_torch &network, const attrib_batch &batch, int64_t begin, int64_t count,
                           int64_t block) {
  const size_t element = batch.dtype == ATTRIB_F64 ? sizeof(double) : sizeof(float);
  const char *rows = static_cast<const char *>(batch.inputs) + (size_t)(begin * batch.input_stride) * element;
  if (network.set.plain && network.keeps_input && count == block && batch.input_stride == batch.n_inputs)
    return rows_as_tensor(network, rows, block);
  at::Tensor input = input_tensor(network, block);
  rows_to_network(network.set, rows, batch.input_stride, count, block, input.data_ptr());
  return input;
}

/* What the batch asks of one row; slopes: its derivatives by the outputs, or NULL. */
static void outputs_of(const attrib_torch &network, const attrib_batch &batch, int64_t row, const double *y,
                       double *slopes) {
  const uint32_t score = network.set.score;
  double *outputs = batch.outputs + row * batch.output_stride;
  const bool all = (batch.flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  if (all) all_scores(score, y, network.n_outputs, outputs);
  if (all && slopes == nullptr) return;
  const double f = weighted_score(score, y, network.n_outputs, batch.target, batch.target_weights, slopes);
  if (!all) *outputs = f;
}

static void gradients_of(const attrib_torch &network, const attrib_batch &batch, int64_t begin, int64_t count,
                         const at::Tensor &input, const at::Tensor &outputs, const at::Tensor &slopes) {
  if (!outputs.requires_grad()) throw failure{ATTRIB_E_ARGUMENT, "the network's output has no gradient on these rows"};
  const size_t element = batch.dtype == ATTRIB_F64 ? sizeof(double) : sizeof(float);
  char *rows = static_cast<char *>(batch.gradients) + (size_t)(begin * batch.gradient_stride) * element;
  at::Tensor gradients = torch::autograd::grad({outputs}, {input}, {slopes.to(outputs.scalar_type())}, false, false,
                                               /*allow_unused=*/true)[0];
  if (!gradients.defined()) gradients = at::zeros_like(input); /* no path from these rows to the output */
  gradients = gradients.contiguous();
  gradients_to_rows(network.set, gradients.data_ptr(), count, rows, batch.gradient_stride);
}

static void evaluate_block(const attrib_torch &network, const attrib_batch &batch, int64_t begin, int64_t count) {
  const bool wanted = (batch.flags & ATTRIB_BATCH_GRADIENTS) != 0;
  const int64_t block = network.set.flags & ATTRIB_TORCH_UNPADDED ? count : network.set.block_rows;
  const evaluation_scope scope(network.threads, wanted);
  at::Tensor input = input_of(network, batch, begin, count, block);
  if (wanted) input.requires_grad_(true);
  const at::Tensor outputs = forward(network, input);
  if (outputs.size(1) != network.n_outputs)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("the network gives %" PRId64 " outputs here, and gave %" PRId64 " when it was opened",
                         outputs.size(1), network.n_outputs)};
  const at::Tensor doubles = outputs.detach().to(at::kDouble);
  const double *y = doubles.data_ptr<double>();
  const int64_t n = network.n_outputs;
  at::Tensor slopes;
  if (wanted) slopes = at::zeros_like(doubles); /* repeated rows keep 0 */
  for (int64_t r = 0; r < count; r++)
    outputs_of(network, batch, begin + r, y + r * n, wanted ? slopes.data_ptr<double>() + r * n : nullptr);
  if (wanted) gradients_of(network, batch, begin, count, input, outputs, slopes);
}

int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user) {
  attrib_torch &network = *static_cast<attrib_torch *>(user);
  try {
    check_batch(network, *batch);
    const int64_t block = network.set.block_rows;
    for (int64_t begin = 0; begin < batch->rows; begin += block)
      evaluate_block(network, *batch, begin, batch->rows - begin < block ? batch->rows - begin : block);
    return 0;
  } catch (...) {
    try {
      attrib_status status;
      std::string line = handled_exception(ATTRIB_E_CALLBACK, &status);
      const std::lock_guard<std::mutex> hold(network.lock);
      network.error.swap(line);
    } catch (...) { /* no memory even for the line */
    }
    return ATTRIB_TORCH_FAILED;
  }
}

}  // namespace attrib__torch
