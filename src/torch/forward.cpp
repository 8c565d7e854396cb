/* forward.cpp - one evaluation: input to rows of outputs. */
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <cinttypes>

#include "network.h"

/* Of the OpenMP that libtorch itself is linked with: not linked here, so that there is never a second one. */
#if AT_PARALLEL_OPENMP && defined(__GNUC__)
extern "C" __attribute__((weak)) void omp_set_num_threads(int threads);
#else
static void (*const omp_set_num_threads)(int) = nullptr;
#endif

namespace attrib__torch {

int threads_of_libtorch() {
  return at::get_num_threads();
}

/* at::set_num_threads is for the whole process; the number of OpenMP, which is what counts within an operation, is the
 * calling thread's. Asking first makes libtorch set what it would set later. */
static void set_threads(int threads) {
  if (at::get_num_threads() == threads) return;
  if (omp_set_num_threads != nullptr)
    omp_set_num_threads(threads);
  else
    at::set_num_threads(threads);
}

/* The profiling executor compiles anew after the first calls, and then gives other bits. */
evaluation_scope::evaluation_scope(int threads, bool gradients)
    : threads_before_(at::get_num_threads()),
      gradients_before_(at::GradMode::is_enabled()),
      optimized_before_(torch::jit::getGraphExecutorOptimize()) {
  set_threads(threads);
  at::GradMode::set_enabled(gradients);
  torch::jit::setGraphExecutorOptimize(false);
}

evaluation_scope::~evaluation_scope() {
  torch::jit::setGraphExecutorOptimize(optimized_before_);
  at::GradMode::set_enabled(gradients_before_);
  set_threads(threads_before_);
}

static std::vector<int64_t> sizes_of(const attrib_torch &network, int64_t rows) {
  std::vector<int64_t> sizes = network.set.shape;
  sizes.insert(sizes.begin(), rows);
  return sizes;
}

static at::ScalarType type_of(const attrib_torch &network) {
  return network.set.dtype == ATTRIB_F64 ? at::kDouble : at::kFloat;
}

at::Tensor input_tensor(const attrib_torch &network, int64_t rows) {
  return at::empty(sizes_of(network, rows), type_of(network));
}

at::Tensor rows_as_tensor(const attrib_torch &network, const void *values, int64_t rows) {
  return at::from_blob(const_cast<void *>(values), sizes_of(network, rows), at::TensorOptions(type_of(network)));
}

static std::string keys_of(const c10::Dict<c10::IValue, c10::IValue> &dict) {
  std::string keys;
  for (const auto &entry : dict)
    keys += (keys.empty() ? "'" : ", '") + (entry.key().isString() ? entry.key().toStringRef() : "?") + "'";
  return keys;
}

static c10::IValue of_dict(const settings &set, const c10::Dict<c10::IValue, c10::IValue> &dict) {
  if (!set.named)
    throw failure{ATTRIB_E_ARGUMENT, format("options->output_name is NULL: the network returns a dict with the keys %s",
                                            keys_of(dict).c_str())};
  for (const auto &entry : dict)
    if (entry.key().isString() && entry.key().toStringRef() == set.output_name) return entry.value();
  throw failure{ATTRIB_E_ARGUMENT, format("options->output_name = '%s': the network returns a dict with the keys %s",
                                          set.output_name.c_str(), keys_of(dict).c_str())};
}

static c10::IValue of_sequence(const settings &set, const std::vector<c10::IValue> &elements) {
  if ((size_t)set.output >= elements.size())
    throw failure{ATTRIB_E_ARGUMENT, format("options->output = %" PRId64 ": the network returns %zu elements",
                                            set.output, elements.size())};
  return elements[(size_t)set.output];
}

static at::Tensor chosen(const settings &set, const c10::IValue &result) {
  if (result.isGenericDict()) {
    const c10::IValue value = of_dict(set, result.toGenericDict());
    if (value.isTensor()) return value.toTensor();
    throw failure{ATTRIB_E_ARGUMENT, format("options->output_name = '%s': is a %s, not a tensor",
                                            set.output_name.c_str(), value.tagKind().c_str())};
  }
  if (set.named)
    throw failure{ATTRIB_E_ARGUMENT, format("options->output_name = '%s': the network returns no dict but a %s",
                                            set.output_name.c_str(), result.tagKind().c_str())};
  if (result.isTuple() || result.isTensorList() || result.isList()) {
    const c10::IValue value = result.isTuple() ? of_sequence(set, result.toTupleRef().elements().vec())
                                               : of_sequence(set, result.toListRef().vec());
    if (value.isTensor()) return value.toTensor();
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->output = %" PRId64 ": is a %s, not a tensor", set.output, value.tagKind().c_str())};
  }
  if (!result.isTensor())
    throw failure{ATTRIB_E_ARGUMENT,
                  format("the network returns a %s: must be a tensor, or a tuple, list or dict of them",
                         result.tagKind().c_str())};
  if (set.output != 0)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->output = %" PRId64 ": must be 0, the network returns one tensor", set.output)};
  return result.toTensor();
}

static at::Tensor as_rows(const at::Tensor &output, int64_t rows) {
  if (!output.defined() || output.is_sparse() || output.is_quantized())
    throw failure{ATTRIB_E_ARGUMENT, "the network's output is no dense tensor"};
  const std::string sizes = dimensions(output.sizes().data(), output.sizes().size());
  if (!at::isFloatingType(output.scalar_type()))
    throw failure{ATTRIB_E_ARGUMENT, format("the network's output is of type %s: must be floating point",
                                            c10::toString(output.scalar_type()))};
  if (output.dim() == 0)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("the network gives one number for %" PRId64 " rows: must be a vector for each row", rows)};
  if (output.size(0) != rows)
    throw failure{ATTRIB_E_ARGUMENT, format("the network's output is %s for %" PRId64
                                            " rows of input: its first dimension must be the rows "
                                            "(a network of fixed batch size wants options->block_rows)",
                                            sizes.c_str(), rows)};
  int64_t longest = 1;
  for (int64_t d = 1; d < output.dim(); d++) longest = output.size(d) > longest ? output.size(d) : longest;
  if (output.numel() != rows * longest)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("the network's output is %s for %" PRId64 " rows of input: must be a vector for each row",
                         sizes.c_str(), rows)};
  return output.reshape({rows, longest}).contiguous();
}

at::Tensor forward(const attrib_torch &network, const at::Tensor &input) {
  std::vector<c10::IValue> arguments;
  arguments.emplace_back(network.copies_input ? input.clone() : input);
  torch::jit::Module module = network.module; /* shares everything; the call is not const */
  return as_rows(chosen(network.set, module.forward(std::move(arguments))), input.size(0));
}

}  // namespace attrib__torch
