/* load.cpp - from a file to a frozen module. */
#include <filesystem>

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include "network.h"

namespace attrib__torch {

static void check_file(const char *path) {
  std::error_code code;
  const auto kind = std::filesystem::status(path, code).type();
  if (code) throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': %s", path, code.message().c_str())};
  if (kind == std::filesystem::file_type::directory)
    throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': is a folder", path)};
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found)
    throw failure{ATTRIB_E_ARGUMENT, format("path = '%s': is no regular file", path)}; /* a pipe would be waited for */
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

/* Every tensor that a module has, parameter, buffer or plain attribute (which Module::to leaves out), lists included.
 */
static c10::IValue converted(const c10::IValue &value, at::ScalarType type) {
  if (value.isTensor() && value.toTensor().defined() && at::isFloatingType(value.toTensor().scalar_type()))
    return value.toTensor().to(type);
  if (value.isTensorList()) {
    c10::List<at::Tensor> list;
    for (const at::Tensor &tensor : value.toTensorVector()) list.push_back(converted(tensor, type).toTensor());
    return list;
  }
  return value;
}

static void convert(torch::jit::Module &module, at::ScalarType type) {
  for (const torch::jit::Module &part : module.modules()) {
    const auto object = part._ivalue();
    for (size_t slot = 0; slot < object->type()->numAttributes(); slot++)
      object->setSlot(slot, converted(object->getSlot(slot), type));
  }
}

/* Whether the network is meant for other than single precision: it has half or bfloat16 parameters, or has only double
 * ones. */
static bool of_other_precision(const torch::jit::Module &module) {
  bool any_single = false, any_double = false;
  for (const at::Tensor &parameter : module.parameters()) {
    const auto type = parameter.scalar_type();
    if (type == at::kHalf || type == at::kBFloat16) return true;
    any_single |= type == at::kFloat;
    any_double |= type == at::kDouble;
  }
  return any_double && !any_single;
}

static loaded frozen(torch::jit::Module &module, bool in_double) {
  for (at::Tensor parameter : module.parameters()) parameter.requires_grad_(false);
  if (in_double || of_other_precision(module)) convert(module, in_double ? at::kDouble : at::kFloat);
  module.eval();
  const torch::jit::Module result = torch::jit::freeze(module);
  const loaded both = {cuts_gradients(module) ? module : result, result};
  if (in_double) widen_constants(both.used);
  return both;
}

loaded load_frozen(const char *path, const settings &set) {
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

}  // namespace attrib__torch
