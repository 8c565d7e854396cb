/* graph.h - the graph of forward, and a walk through it. */
#ifndef ATTRIB_SRC_TORCH_GRAPH_H
#define ATTRIB_SRC_TORCH_GRAPH_H

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

namespace attrib__torch {

/* A copy with everything that forward calls, forks included. */
std::shared_ptr<torch::jit::Graph> inlined(const torch::jit::Module &module);

/* Visits every node, those of branches and loops included, until one is what is looked for. */
template <typename test>
bool any_node(torch::jit::Block &block, const test &is_it) {
  for (torch::jit::Node *node : block.nodes()) {
    if (is_it(*node)) return true;
    for (torch::jit::Block *inner : node->blocks())
      if (any_node(*inner, is_it)) return true;
  }
  return false;
}

}  // namespace attrib__torch
#endif
