/* torch.cpp - what C sees. */
#include <cinttypes>
#include <cstring>
#include <memory>

#include <c10/core/GradMode.h>

#include "network.h"

using namespace attrib__torch;

/* Rows of the middle of the range, with gradients. */
static at::Tensor middle_rows(const attrib_torch &network, int64_t rows) {
  const settings &set = network.set;
  at::Tensor input = input_tensor(network, rows);
  for (int64_t c = 0; c < set.channels; c++)
    input.view({rows, set.channels, -1}).select(1, c).fill_(set.scale[(size_t)c] * set.middle + set.offset[(size_t)c]);
  return input.requires_grad_(true);
}

/* Outputs for that many rows; undefined, and *line, where libtorch says no. */
static at::Tensor attempt(const attrib_torch &network, int64_t rows, std::string *line) {
  attrib_status status = ATTRIB_OK;
  try {
    return forward(network, middle_rows(network, rows));
  } catch (const failure &) {
    throw;
  } catch (...) {
    *line = handled_exception(ATTRIB_E_ARGUMENT, &status);
  }
  if (status == ATTRIB_E_MEMORY) throw failure{status, *line};
  return at::Tensor();
}

/* With the input as it is or, where that fails, with a copy: a network may write into its input, which a leaf of a
 * graph of gradients does not let it do. */
static at::Tensor try_out(attrib_torch &network) {
  const settings &set = network.set;
  const evaluation_scope scope(network.threads, true);
  std::string line, other;
  at::Tensor outputs = attempt(network, set.block_rows, &line);
  if (outputs.defined()) return outputs;
  network.copies_input = true;
  outputs = attempt(network, set.block_rows, &line);
  if (outputs.defined()) return outputs;
  if (set.block_rows > 1 && attempt(network, 1, &other).defined())
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->block_rows = %" PRId64
                         ": the network takes one row and not so many (its batch size is fixed in the "
                         "file: set block_rows = 1): %s",
                         set.block_rows, line.c_str())};
  throw failure{ATTRIB_E_ARGUMENT, format("options->shape = %s: the network fails on %" PRId64 " such rows%s: %s",
                                          dimensions(set.shape.data(), set.shape.size()).c_str(), set.block_rows,
                                          set.dtype == ATTRIB_F64 ? " in double" : "", line.c_str())};
}

/* Outputs alone are computed without gradients, which a network that differentiates by itself may not stand. */
static void try_without_gradients(const attrib_torch &network) {
  const evaluation_scope scope(network.threads, false);
  attrib_status status = ATTRIB_OK;
  try {
    forward(network, middle_rows(network, network.set.block_rows).requires_grad_(false));
    return;
  } catch (...) {
    const std::string line = handled_exception(ATTRIB_E_ARGUMENT, &status);
    if (status == ATTRIB_E_MEMORY) throw failure{status, line};
    throw failure{ATTRIB_E_UNSUPPORTED,
                  format("the network fails where no gradients are asked for (torch.autograd.grad in forward?): %s",
                         line.c_str())};
  }
}

static std::unique_ptr<attrib_torch> open_network(const char *path, const attrib_torch_options *options) {
  if (path == nullptr) throw failure{ATTRIB_E_ARGUMENT, "path is NULL"};
  auto network = std::make_unique<attrib_torch>();
  network->set = read_options(options);
  network->threads = network->set.threads > 0 ? (int)network->set.threads : threads_of_libtorch();
  if (network->set.block_rows == 0) network->set.block_rows = network->threads == 1 ? 16 : 8;
  const loaded file = load_frozen(path, network->set);
  network->module = file.used;
  refuse_training(file.frozen);
  refuse_state(file.frozen);
  if (quantises_by_batch(file.frozen)) network->set.block_rows = 1;
  network->keeps_input = !writes_in_place(file.frozen);
  const at::Tensor outputs = try_out(*network);
  try_without_gradients(*network);
  network->n_outputs = outputs.size(1);
  network->differentiable = outputs.requires_grad();
  if (network->n_outputs == 1 && network->set.score != ATTRIB_TORCH_RAW)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->score = %" PRIu32 ": the network has one output, whose softmax is 1 for every row",
                         network->set.score)};
  return network;
}

attrib_status attrib_torch_open(const char *path, const attrib_torch_options *options, attrib_torch **network,
                                char *message, int64_t message_capacity) {
  try {
    copy_line("", message, message_capacity);
    if (network == nullptr) throw failure{ATTRIB_E_ARGUMENT, "network is NULL"};
    *network = nullptr;
    if (message == nullptr ? message_capacity != 0 : message_capacity < 1)
      throw failure{ATTRIB_E_ARGUMENT, format("message_capacity = %" PRId64 ": must be the bytes at message%s",
                                              message_capacity, message == nullptr ? ", which is NULL" : "")};
    *network = open_network(path, options).release();
    return ATTRIB_OK;
  } catch (...) {
    attrib_status status = ATTRIB_E_MEMORY;
    try {
      copy_line(handled_exception(ATTRIB_E_ARGUMENT, &status), message, message_capacity);
    } catch (...) {
      copy_line(std::string(), message, message_capacity);
    }
    return status;
  }
}

attrib_status attrib_torch_model(const attrib_torch *network, attrib_model *model) {
  if (network == nullptr || model == nullptr) return ATTRIB_E_ARGUMENT;
  const uint32_t size = model->struct_size;
  const size_t first = offsetof(attrib_model, user) + sizeof(void *);
  if (size < first || size > 4096) return ATTRIB_E_STRUCT;
  attrib_model filled;
  memset(&filled, 0, sizeof filled);
  filled.struct_size = size;
  filled.flags = ATTRIB_MODEL_CONCURRENT | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS;
  if (!network->differentiable) filled.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  filled.dtype = network->set.dtype;
  filled.max_rows = (uint32_t)network->set.block_rows;
  filled.n_inputs = network->set.n_inputs;
  filled.n_outputs = network->n_outputs;
  filled.evaluate = evaluate;
  filled.user = const_cast<attrib_torch *>(network);
  memset(model, 0, size);
  memcpy(model, &filled, size < sizeof filled ? size : sizeof filled);
  return ATTRIB_OK;
}

int64_t attrib_torch_error(const attrib_torch *network, char *message, int64_t capacity) {
  if (message != nullptr && capacity > 0) *message = 0;
  if (network == nullptr) return 0;
  const std::lock_guard<std::mutex> hold(network->lock);
  copy_line(network->error, message, capacity);
  return (int64_t)network->error.size() + 1;
}

void attrib_torch_close(attrib_torch *network) {
  delete network;
}
