/* graph.cpp - what is seen in, and done to, the graph of forward with everything that it calls. */
#include "graph.h"

#include <ATen/core/function_schema.h>
#include <torch/csrc/jit/passes/inline_fork_wait.h>
#include <torch/csrc/jit/passes/inliner.h>

#include "network.h"

namespace attrib__torch {

using torch::jit::Node;

std::shared_ptr<torch::jit::Graph> inlined(const torch::jit::Module &module) {
  const auto graph = module.get_method("forward").graph()->copy();
  torch::jit::Inline(*graph);
  torch::jit::InlineForkWait(graph);
  torch::jit::Inline(*graph); /* what was called by a fork */
  return graph;
}

bool cuts_gradients(const torch::jit::Module &module) {
  return any_node(*inlined(module)->block(), [](const Node &node) {
    const std::string kind = node.kind().toQualString();
    return kind.find("aten::detach") == 0 || kind == "prim::data" || kind == "prim::Enter" || kind == "prim::Exit" ||
           kind == "aten::set_grad_enabled" || kind == "aten::_set_grad_enabled";
  });
}

bool writes_in_place(const torch::jit::Module &module) {
  return any_node(*inlined(module)->block(), [](const Node &node) {
    const auto *schema = node.maybeSchema();
    return schema != nullptr && schema->is_mutable();
  });
}

bool quantises_by_batch(const torch::jit::Module &module) {
  return any_node(*inlined(module)->block(), [](const Node &node) {
    const std::string kind = node.kind().toQualString();
    const auto has = [&kind](const char *part) { return kind.find(part) != std::string::npos; };
    return (has("quant") && has("dynamic")) || has("choose_qparams") || has("quantized_lstm") || has("quantized_gru") ||
           has("fbgemm_linear_int8");
  });
}

void widen_constants(const torch::jit::Module &module) {
  const auto graph = module.get_method("forward").graph();
  torch::jit::Inline(*graph);
  any_node(*graph->block(), [](Node &node) {
    const auto value = c10::attr::value;
    if (node.kind() == c10::prim::Constant && node.hasAttribute(value) &&
        node.kindOf(value) == torch::jit::AttributeKind::t && node.t(value).scalar_type() == at::kFloat) {
      node.t_(value, node.t(value).to(at::kDouble));
      node.output()->setType(c10::TensorType::create(node.t(value)));
    }
    return false;
  });
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

static bool is_none(const Node &node, const char *argument) {
  const auto *schema = node.maybeSchema();
  const auto index = schema == nullptr ? c10::nullopt : schema->argumentIndexWithName(argument);
  return index && node.input((size_t)*index)->type()->kind() == c10::TypeKind::NoneType;
}

static bool trains(const Node &node, const std::string &kind) {
  const auto is = [&kind](const char *name) { return kind.find(name) == 0; };
  if (kind.find("dropout") != std::string::npos) return constant(node, "train", 0) == 1 && constant(node, "p", 1) > 0;
  if (is("aten::batch_norm") || is("aten::rrelu")) return constant(node, "training", 0) == 1;
  if (is("aten::instance_norm")) /* what it keeps is written over, else it does the same in both modes */
    return constant(node, "use_input_stats", 0) == 1 && !is_none(node, "running_mean");
  if (is("aten::_scaled_dot_product_attention")) return constant(node, "dropout_p", 0) > 0;
  if (is("aten::lstm") || is("aten::gru") || is("aten::rnn_tanh") || is("aten::rnn_relu")) /* between its layers */
    return constant(node, "train", 0) == 1 && constant(node, "dropout", 0) > 0 && constant(node, "num_layers", 2) > 1;
  return false;
}

void refuse_training(const torch::jit::Module &module) {
  any_node(*inlined(module)->block(), [](const Node &node) {
    const std::string kind = node.kind().toQualString();
    if (kind.find("aten::batch_norm") == 0 && constant(node, "training", 0) == 1 && is_none(node, "running_mean"))
      throw failure{ATTRIB_E_UNSUPPORTED,
                    format("the network has %s without running values (track_running_stats=False):"
                           " it normalises by the batch, so each row depends on the others",
                           kind.c_str())};
    if (trains(node, kind))
      throw failure{ATTRIB_E_UNSUPPORTED,
                    format("the network has %s in training mode, which is fixed in the file: trace or script it again "
                           "after model.eval()",
                           kind.c_str())};
    return false;
  });
}

}  // namespace attrib__torch
