#pragma once

// How an op records its gradient: `return record("name", y, {&x}, [x = Saved(x)](const Tensor& g) { … });`

#include <type_traits>
#include <utility>

#include "autograd/meta.h"
#include "autograd/names.h"

namespace hearth::autograd {

/// An input kept for backward. Reading it checks that nobody wrote into it since.
class Saved {
 public:
  Saved() = default;
  explicit Saved(const Tensor& t);
  Tensor operator*() const;
  bool defined() const { return tensor_.defined(); }

 private:
  Tensor tensor_;
  uint32_t version_ = 0;
};

/// An output kept for backward, without a cycle; read only inside the rule of the node that made it.
class SavedOutput {
 public:
  SavedOutput() = default;
  explicit SavedOutput(const Tensor& y, uint32_t output_nr = 0);
  Tensor operator*() const;

 private:
  Tensor alias_;
  uint32_t version_ = 0;
  uint32_t output_nr_ = 0;
};

[[noreturn]] void throw_graph_freed(const GraphNode& node);

/// A node around a rule: `Grads rule(const Tensor& g)`, `(const Tensor& g, Needs)`, or with `const Grads&` in place of
/// `const Tensor&` for an op of several outputs. A rule of a one-input op may return a Tensor.
template <class Rule>
class RuleNode final : public GraphNode {
 public:
  explicit RuleNode(Rule rule) : rule_(std::move(rule)) {}
  Grads apply(Grads&& grads) override {
    if (!rule_) throw_graph_freed(*this);
    const Scoped<GraphNode*> scope(t_state.evaluating, this);
    if constexpr (std::is_invocable_v<Rule&, const Tensor&>) {
      return grads[0].defined() ? as_grads((*rule_)(grads[0])) : Grads(edges.size());
    } else if constexpr (std::is_invocable_v<Rule&, const Tensor&, Needs>) {
      return grads[0].defined() ? as_grads((*rule_)(grads[0], Needs(edges))) : Grads(edges.size());
    } else if constexpr (std::is_invocable_v<Rule&, const Grads&>) {
      return as_grads((*rule_)(grads));
    } else {
      return as_grads((*rule_)(grads, Needs(edges)));
    }
  }
  void release_saved() override {
    if constexpr (!std::is_trivially_destructible_v<Rule>) rule_.reset();
  }

 private:
  static Grads as_grads(Grads g) { return g; }
  static Grads as_grads(Tensor g) {
    Grads one;
    one.push_back(std::move(g));
    return one;
  }
  std::optional<Rule> rule_;
};

using Inputs = std::initializer_list<const Tensor*>;

inline bool should_record(Inputs inputs) {
  if (!t_state.grad_mode) return false;
  for (const Tensor* t : inputs)
    if (needs_grad(*t)) return true;
  return false;
}
bool should_record(TensorList inputs);

/// Ties outputs (floating ones that are defined) to node, whose edges are set.
void attach(const NodePtr& node, const char* name, std::initializer_list<const Tensor*> outputs);

template <class Rule>
NodePtr make_node(const char* name, Inputs inputs, Rule&& rule) {
  auto* node = new RuleNode<std::decay_t<Rule>>(std::forward<Rule>(rule));
  NodePtr owned(node);
  node->op = name;
  for (const Tensor* t : inputs) node->add_edge(gradient_edge(*t));
  return owned;
}

/// Records `rule` as the gradient of y = name(inputs), if any input wants one. `make_rule` forms put the saving off
/// until it is known that a gradient is wanted: pass a lambda that returns the rule.
template <class Rule>
Tensor record(const char* name, Tensor y, Inputs inputs, Rule&& make_rule) {
  if (names::on()) [[unlikely]]
    names::propagate(name, {&y}, inputs);
  if (!should_record(inputs)) return y;
  attach(make_node(name, inputs, make_rule()), name, {&y});
  return y;
}
template <class Rule>
void record(const char* name, std::initializer_list<const Tensor*> outputs, Inputs inputs, Rule&& make_rule) {
  if (names::on()) [[unlikely]]
    names::propagate(name, outputs, inputs);
  if (!should_record(inputs)) return;
  const NodePtr node = make_node(name, inputs, make_rule());
  graph_node(node)->outputs = static_cast<uint32_t>(outputs.size());
  attach(node, name, outputs);
}
/// The same for an op over a list of tensors (cat, stack); the rule returns one gradient for each.
template <class Rule>
Tensor record(const char* name, Tensor y, TensorList inputs, Rule&& make_rule) {
  if (names::on()) [[unlikely]]
    names::propagate(name, y, inputs);
  if (!t_state.grad_mode || !should_record(inputs)) return y;
  const NodePtr node = make_node(name, {}, make_rule());
  for (const Tensor& t : inputs) graph_node(node)->add_edge(gradient_edge(t));
  attach(node, name, {&y});
  return y;
}

}  // namespace hearth::autograd
