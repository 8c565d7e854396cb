/* state.cpp - networks that remember: what they store in themselves is there at the next call, on any thread. */
#include <ATen/core/function_schema.h>

#include <unordered_set>

#include "graph.h"
#include "network.h"

namespace attrib__torch {

using torch::jit::Node;
using torch::jit::Value;

namespace {
/* Whether a value may be, or be a part or a view of, what belongs to the network: an attribute or a constant. */
class owner {
 public:
  explicit owner(const torch::jit::Graph &graph) : self_(graph.inputs()[0]) {
  }

  bool owns(const Value *value) {
    if (value == self_) return true;
    if (!seen_.insert(value).second) return false;
    const Node &node = *value->node();
    if (node.kind() == c10::prim::Param) return of_block(value, node);
    if (node.kind() == c10::prim::Constant) return is_object(*value->type());
    if (node.kind() == c10::prim::CreateObject) return false;
    if (!node.blocks().empty()) return of_branches(value, node);
    return may_alias_inputs(value, node) && any_of(node.inputs());
  }

 private:
  const Value *self_;
  std::unordered_set<const Value *> seen_;

  static bool is_object(const c10::Type &type) {
    const auto kind = type.kind();
    return kind == c10::TypeKind::TensorType || kind == c10::TypeKind::ClassType || kind == c10::TypeKind::ListType ||
           kind == c10::TypeKind::DictType || kind == c10::TypeKind::TupleType || kind == c10::TypeKind::OptionalType;
  }

  bool any_of(at::ArrayRef<const Value *> values) {
    for (const Value *value : values)
      if (owns(value)) return true;
    return false;
  }

  /* Operations say which of their outputs are, or hold, what came in; structure (lists, casts) has no schema. */
  static bool may_alias_inputs(const Value *value, const Node &node) {
    const auto *schema = node.maybeSchema();
    if (schema == nullptr) return is_object(*value->type());
    const size_t output = value->offset();
    return output >= schema->returns().size() || schema->returns()[output].alias_info() != nullptr ||
           node.kind().is_prim();
  }

  /* The inputs of a loop's body: its counter, then what is carried. */
  bool of_block(const Value *value, const Node &parameters) {
    const torch::jit::Block *block = parameters.owningBlock();
    const Node *loop = block->owningNode();
    if (loop == nullptr || loop->kind() != c10::prim::Loop || value->offset() == 0) return false;
    const size_t carried = value->offset();
    return owns(loop->inputs()[carried + 1]) || owns(block->outputs()[carried]);
  }

  bool of_branches(const Value *value, const Node &node) {
    const bool loop = node.kind() == c10::prim::Loop;
    for (const torch::jit::Block *block : node.blocks()) {
      const size_t index = value->offset() + (loop ? 1 : 0);
      if (index < block->outputs().size() && owns(block->outputs()[index])) return true;
    }
    return loop && owns(node.inputs()[value->offset() + 2]);
  }
};
}  // namespace

/* The first of the values that the node writes into and that is the network's; NULL where there is none. */
static const Value *stores_into(const torch::jit::Graph &graph, const Node &node) {
  if (node.kind() == c10::prim::SetAttr) return owner(graph).owns(node.input(0)) ? node.input(0) : nullptr;
  const auto *schema = node.maybeSchema();
  if (schema == nullptr || !schema->is_mutable()) return nullptr;
  for (size_t i = 0; i < schema->arguments().size() && i < node.inputs().size(); i++) {
    const auto *alias = schema->arguments()[i].alias_info();
    if (alias != nullptr && alias->isWrite() && owner(graph).owns(node.input(i))) return node.input(i);
  }
  return nullptr;
}

/* "attribute 'k'", where that can be told. */
static std::string name_of(const Node &store, const Value &target) {
  const Node *named = store.kind() == c10::prim::SetAttr ? &store : target.node();
  while (named->kind() != c10::prim::SetAttr && named->kind() != c10::prim::GetAttr && !named->inputs().empty())
    named = named->input(0)->node();
  if (named->kind() == c10::prim::SetAttr || named->kind() == c10::prim::GetAttr)
    return "its attribute '" + named->s(c10::attr::name) + "'";
  return "what belongs to it";
}

void refuse_state(const torch::jit::Module &module) {
  const auto graph = inlined(module);
  any_node(*graph->block(), [&graph](const Node &node) {
    const Value *target = stores_into(*graph, node);
    if (target != nullptr)
      throw failure{ATTRIB_E_UNSUPPORTED,
                    format("the network stores to %s (%s) in forward: its results would depend on earlier calls",
                           name_of(node, *target).c_str(), node.kind().toQualString())};
    return false;
  });
}

}  // namespace attrib__torch
