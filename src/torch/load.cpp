/* load.cpp - from a file to a frozen module. */
#include <filesystem>

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/import.h>

#include "network.h"

namespace attrib__torch {

static void check_file(const char *path) {
  std::error_code code;
  const auto kind = std::filesystem::status(path, code).type();
  if (code) throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': %s", path, code.message().c_str())};
  if (kind == std::filesystem::file_type::directory)
    throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': is a folder", path)};
  if (std::filesystem::file_size(path, code) == 0 && !code)
    throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': is empty", path)};
}

static torch::jit::Module load(const char *path) {
  check_file(path);
  try {
    return torch::jit::load(path, c10::Device(c10::DeviceType::CPU));
  } catch (...) {
    attrib_status status;
    const std::string line = handled_exception(ATTRIB_E_ARGUMENT, &status);
    if (status == ATTRIB_E_MEMORY) throw;
    throw failure{status, format("path = '%s': is no TorchScript file (torch.jit.save): %s", path, line.c_str())};
  }
}

static std::shared_ptr<torch::jit::Graph> inlined(const torch::jit::Module &module) {
  const auto graph = module.get_method("forward").graph()->copy();
  torch::jit::Inline(*graph);
  return graph;
}

/* Freezing drops detach (libtorch 1.13), and with it turns other gradients out: those of straight-through estimators,
 * say. */
static bool detaches(const torch::jit::Block &block) {
  for (const torch::jit::Node *node : block.nodes()) {
    if (std::string(node->kind().toQualString()).find("aten::detach") == 0) return true;
    for (const torch::jit::Block *inner : node->blocks())
      if (detaches(*inner)) return true;
  }
  return false;
}

/* Tensors that are constants of the graph: of a file that was frozen or traced. */
static void widen_constants(torch::jit::Block &block) {
  const auto value = c10::attr::value;
  for (torch::jit::Node *node : block.nodes()) {
    if (node->kind() == c10::prim::Constant && node->hasAttribute(value) &&
        node->kindOf(value) == torch::jit::AttributeKind::t && node->t(value).scalar_type() == at::kFloat) {
      node->t_(value, node->t(value).to(at::kDouble));
      node->output()->setType(c10::TensorType::create(node->t(value)));
    }
    for (torch::jit::Block *inner : node->blocks()) widen_constants(*inner);
  }
}

static torch::jit::Module frozen(torch::jit::Module &module, bool in_double) {
  for (at::Tensor parameter : module.parameters()) parameter.requires_grad_(false);
  if (in_double) module.to(at::kDouble);
  module.eval();
  torch::jit::Module result = detaches(*inlined(module)->block()) ? module : torch::jit::freeze(module);
  if (in_double) {
    const auto graph = result.get_method("forward").graph();
    torch::jit::Inline(*graph);
    widen_constants(*graph->block());
  }
  return result;
}

torch::jit::Module load_frozen(const char *path, const settings &set) {
  torch::jit::Module module = load(path);
  if (!module.find_method("forward"))
    throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': the module has no method forward", path)};
  try {
    return frozen(module, set.dtype == ATTRIB_F64);
  } catch (...) {
    attrib_status status;
    const std::string line = handled_exception(ATTRIB_E_ARGUMENT, &status);
    if (status == ATTRIB_E_MEMORY) throw;
    throw failure{status, format("path = '%s': cannot be frozen: %s", path, line.c_str())};
  }
}

/* The constant given for an argument of an operation, as a number; `unknown` where it is none. */
static double constant(const torch::jit::Node &node, const char *argument, double unknown) {
  const auto *schema = node.maybeSchema();
  if (schema == nullptr) return unknown;
  const auto index = schema->argumentIndexWithName(argument);
  if (!index) return unknown;
  const auto value = torch::jit::toIValue(node.input((size_t)*index));
  if (!value) return unknown;
  if (value->isBool()) return value->toBool() ? 1 : 0;
  return value->isDouble() ? value->toDouble() : value->isInt() ? (double)value->toInt() : unknown;
}

static void refuse_in(const torch::jit::Block &block) {
  for (const torch::jit::Node *node : block.nodes()) {
    const std::string kind = node->kind().toQualString();
    const bool dropout =
        kind.find("dropout") != std::string::npos && constant(*node, "train", 0) == 1 && constant(*node, "p", 1) > 0;
    const bool norm = kind.find("aten::batch_norm") == 0 && constant(*node, "training", 0) == 1;
    const bool rrelu = kind.find("aten::rrelu") == 0 && constant(*node, "training", 0) == 1;
    if (dropout || norm || rrelu)
      throw failure{ATTRIB_E_UNSUPPORTED,
                    format("the network has %s in training mode, which is fixed in the file: trace or script it again "
                           "after model.eval()",
                           kind.c_str())};
    for (const torch::jit::Block *inner : node->blocks()) refuse_in(*inner);
  }
}

void refuse_training(const torch::jit::Module &module) {
  refuse_in(*inlined(module)->block());
}

}  // namespace attrib__torch
