#pragma once

#include <functional>
#include <memory>

#include "autograd/state.h"
#include "base/small_vector.h"
#include "hearth/autograd.h"

namespace hearth::autograd {

using Grads = SmallVector<Tensor, 3>;

/// Which inputs want a gradient.
class Needs {
 public:
  explicit Needs(const SmallVector<Edge, 2>& edges) : edges_(edges) {}
  bool operator[](size_t i) const { return edges_[i].is_valid(); }

 private:
  const SmallVector<Edge, 2>& edges_;
};

/// Hooks on one output of a node's op, run on its gradient before the node's rule.
struct OutputHook {
  uint32_t output_nr;
  unsigned number;
  std::shared_ptr<detail::HookBase> hook;
};

/// Hooks on a node as a whole.
struct NodeHooks {
  unsigned next = 0;
  std::vector<std::pair<unsigned, std::shared_ptr<FunctionPreHook>>> before;
  std::vector<std::pair<unsigned, std::shared_ptr<FunctionPostHook>>> after;
};

/// Where a node was made: kept in anomaly mode.
struct Origin {
  std::vector<void*> frames;  // of the calls, innermost first
  NodePtr parent;             // the node whose rule made this one, under create_graph
};

/// The graph's own view of a node.
class GraphNode : public Node {
 public:
  static void* operator new(size_t bytes);
  static void operator delete(void* p, size_t bytes) noexcept;

  /// Gradients of the op's inputs from those of its outputs (undefined where unused); runs under the caller's grad
  /// mode.
  virtual Grads apply(Grads&& grads) = 0;
  /// Drops what was saved for backward.
  virtual void release_saved() {}

  std::string name() const override;
  std::vector<Edge> next_edges() const override { return {edges.begin(), edges.end()}; }
  size_t num_inputs() const override { return outputs; }
  uint64_t sequence_nr() const override { return sequence; }
  /// Runs the hooks of the gradients that came in.
  void run_hooks(Grads& grads) const;
  bool try_retain() noexcept;
  /// Adds the edge to the next input. Nodes always have larger numbers than those they point to, whatever thread made
  /// them.
  void add_edge(Edge edge) {
    if (edge.is_valid()) {
      const uint64_t target = static_cast<const GraphNode*>(edge.function.get())->sequence;
      if (target >= sequence && target != UINT64_MAX) t_state.next_sequence = (sequence = target + 1) + 1;
    }
    edges.push_back(std::move(edge));
  }

  SmallVector<Edge, 2> edges;  // one for each input of the op
  uint32_t outputs = 1;        // of the op
  const char* op = "";
  uint64_t sequence = t_state.next_sequence++;
  std::unique_ptr<std::vector<OutputHook>> hooks;
  std::unique_ptr<NodeHooks> node_hooks;
  std::unique_ptr<Origin> origin;

 private:
  friend class Node;
  uint32_t references_ = 1;
  GraphNode* next_dead_ = nullptr;
};

inline GraphNode* graph_node(const NodePtr& p) { return static_cast<GraphNode*>(p.get()); }

/// Adds the gradients of a leaf to its grad.
class AccumulateGrad final : public GraphNode {
 public:
  explicit AccumulateGrad(Tensor leaf);
  ~AccumulateGrad() override;
  Grads apply(Grads&& grads) override;
  std::string name() const override { return "torch::autograd::AccumulateGrad"; }
  const Tensor variable;
};

}  // namespace hearth::autograd
