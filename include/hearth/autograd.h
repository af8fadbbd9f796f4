#pragma once

#include <cstdint>
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

}  // namespace hearth::autograd
