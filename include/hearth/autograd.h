#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hearth/grad_mode.h"
#include "hearth/tensor.h"

namespace hearth::autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

/// A counted handle on a graph node.
class HEARTH_API NodePtr {
 public:
  NodePtr() = default;
  NodePtr(std::nullptr_t) {}  // NOLINT: implicit, as for other pointers
  explicit NodePtr(Node* owned) : node_(owned) {}
  NodePtr(const NodePtr& other);
  NodePtr(NodePtr&& other) noexcept : node_(other.node_) { other.node_ = nullptr; }
  NodePtr& operator=(NodePtr other) noexcept {
    Node* mine = node_;
    node_ = other.node_;
    other.node_ = mine;
    return *this;
  }
  ~NodePtr();
  Node* get() const { return node_; }
  Node* operator->() const { return node_; }
  Node& operator*() const { return *node_; }
  explicit operator bool() const { return node_ != nullptr; }
  friend bool operator==(const NodePtr& a, const NodePtr& b) { return a.node_ == b.node_; }
  friend bool operator!=(const NodePtr& a, const NodePtr& b) { return a.node_ != b.node_; }
  friend bool operator==(const NodePtr& a, std::nullptr_t) { return !a.node_; }
  friend bool operator!=(const NodePtr& a, std::nullptr_t) { return a.node_; }

 private:
  Node* node_ = nullptr;
};

/// Where a gradient goes: input `input_nr` of a node.
struct Edge {
  NodePtr function;
  uint32_t input_nr = 0;
  bool is_valid() const { return function != nullptr; }
};

/// Sees, and may replace, the gradients that come into a node.
struct HEARTH_API FunctionPreHook {
  virtual ~FunctionPreHook();
  virtual variable_list operator()(const variable_list& grads) = 0;
};
/// Sees, and may replace, the gradients that a node gives (`outputs`, one for each of its edges), with those it got.
struct HEARTH_API FunctionPostHook {
  virtual ~FunctionPostHook();
  virtual variable_list operator()(const variable_list& outputs, const variable_list& inputs) = 0;
};

/// One recorded op in the graph, seen from backward: it takes the gradients of the op's outputs and gives those of its
/// inputs.
class HEARTH_API Node {
 public:
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// As LibTorch spells it: "MulBackward0".
  virtual std::string name() const = 0;
  /// Where the gradients go, one for each input of the op; invalid where no gradient is needed.
  virtual std::vector<Edge> next_edges() const = 0;
  virtual size_t num_inputs() const = 0;
  size_t num_outputs() const { return next_edges().size(); }
  /// Nodes made later have larger numbers and run earlier.
  virtual uint64_t sequence_nr() const = 0;

  /// Runs the hook before the node's rule, on the gradients of the op's outputs. Hooks run in the order they came in;
  /// what the hook returns takes the gradients' place, and must be as many. Returns a number for remove_hook.
  unsigned add_pre_hook(std::unique_ptr<FunctionPreHook> hook);
  /// The same after the rule, on the gradients of the op's inputs.
  unsigned add_post_hook(std::unique_ptr<FunctionPostHook> hook);
  void remove_hook(unsigned number);
  /// Any callable `variable_list or void (const variable_list& grads)` as a hook before the rule.
  template <class F>
  unsigned register_prehook(F hook) {
    struct Typed final : FunctionPreHook {
      explicit Typed(F f) : function(std::move(f)) {}
      variable_list operator()(const variable_list& grads) override {
        if constexpr (std::is_void_v<decltype(function(grads))>) {
          return function(grads), grads;
        } else {
          return function(grads);
        }
      }
      F function;
    };
    return add_pre_hook(std::make_unique<Typed>(std::move(hook)));
  }
  /// Any callable `variable_list or void (const variable_list& outputs, const variable_list& inputs)` after the rule.
  template <class F>
  unsigned register_hook(F hook) {
    struct Typed final : FunctionPostHook {
      explicit Typed(F f) : function(std::move(f)) {}
      variable_list operator()(const variable_list& outputs, const variable_list& inputs) override {
        if constexpr (std::is_void_v<decltype(function(outputs, inputs))>) {
          return function(outputs, inputs), outputs;
        } else {
          return function(outputs, inputs);
        }
      }
      F function;
    };
    return add_post_hook(std::make_unique<Typed>(std::move(hook)));
  }

  static void retain(Node* node) noexcept;
  static void release(Node* node) noexcept;

 protected:
  Node() = default;
  virtual ~Node();
  friend struct NodeAccess;
};

inline NodePtr::NodePtr(const NodePtr& other) : node_(other.node_) {
  if (node_) Node::retain(node_);
}
inline NodePtr::~NodePtr() {
  if (node_) Node::release(node_);
}

/// Sums the gradients of `tensors` into the leaves' grad. `grad_tensors` may be empty for one-element tensors.
/// retain_graph defaults to create_graph. With `inputs`, only these leaves get a gradient.
HEARTH_API void backward(const variable_list& tensors, const variable_list& grad_tensors = {},
                         std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                         const variable_list& inputs = {});
/// The gradients of `outputs` with respect to `inputs`, added to nothing. An input that no output depends on is an
/// error, or an undefined tensor with allow_unused.
HEARTH_API variable_list grad(const variable_list& outputs, const variable_list& inputs,
                              const variable_list& grad_outputs = {}, std::optional<bool> retain_graph = std::nullopt,
                              bool create_graph = false, bool allow_unused = false);

/// While it is on, ops remember where they were called, and a backward pass that throws, or makes a NaN, names the op
/// and the calls that led to it. A setting of the thread; slow, for debugging.
struct HEARTH_API AnomalyMode {
  static bool is_enabled();
  static bool should_check_nan();
  static void set_enabled(bool enabled, bool check_nan = true);
};
/// Sets anomaly mode for a scope.
class HEARTH_API DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true);
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;
  ~DetectAnomalyGuard();

 private:
  bool enabled_before_, check_before_;
};

}  // namespace hearth::autograd
