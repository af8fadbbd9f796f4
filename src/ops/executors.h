#pragma once

// The frame of every pointwise op: broadcasting, promotion, the kernel's call, and the way back of the gradients. A
// rule is a lambda `(const Tensor& g, …)` that names what it needs, in this order: A the first input, B the second, Y
// the output. What no rule names is not kept.

#include "autograd/destination.h"
#include "backend/kernels.h"
#include "hearth/ops.h"

namespace hearth {

struct A : Tensor {
  explicit A(Tensor t) : Tensor(std::move(t)) {}
};
struct B : Tensor {
  explicit B(Tensor t) : Tensor(std::move(t)) {}
};
struct Y : Tensor {
  explicit Y(Tensor t) : Tensor(std::move(t)) {}
};
/// The rule of an input that has no gradient.
struct NoRule {};

namespace detail {

template <class R, class... Extra>
constexpr bool takes = std::is_invocable_v<const R&, const Tensor&, Extra...>;
template <class R>
constexpr bool uses_a = takes<R, A> || takes<R, A, B> || takes<R, A, Y> || takes<R, A, B, Y>;
template <class R>
constexpr bool uses_b = takes<R, B> || takes<R, A, B> || takes<R, B, Y> || takes<R, A, B, Y>;
template <class R>
constexpr bool uses_y = takes<R, Y> || takes<R, A, Y> || takes<R, B, Y> || takes<R, A, B, Y>;

template <class R>
Tensor call_rule(const R& rule, const Tensor& g, const autograd::Saved& a, const autograd::Saved& b,
                 const autograd::SavedOutput& y) {
  if constexpr (takes<R>) {
    return rule(g);
  } else if constexpr (takes<R, A>) {
    return rule(g, A(*a));
  } else if constexpr (takes<R, B>) {
    return rule(g, B(*b));
  } else if constexpr (takes<R, Y>) {
    return rule(g, Y(*y));
  } else if constexpr (takes<R, A, B>) {
    return rule(g, A(*a), B(*b));
  } else if constexpr (takes<R, A, Y>) {
    return rule(g, A(*a), Y(*y));
  } else if constexpr (takes<R, B, Y>) {
    return rule(g, B(*b), Y(*y));
  } else if constexpr (takes<R, A, B, Y>) {
    return rule(g, A(*a), B(*b), Y(*y));
  } else {
    static_assert(std::is_same_v<R, NoRule>, "a rule takes (const Tensor& g) and then some of A, B, Y, in this order");
    return Tensor();
  }
}

/// What an input was, so that its gradient becomes like it.
struct InputShape {
  InputShape() = default;
  InputShape(const Tensor& input, const Tensor& out);
  Tensor fit(Tensor g) const { return plain ? g : fit_slow(std::move(g)); }
  Tensor fit_slow(Tensor g) const;
  bool plain = true;  // as the output
  ScalarType dtype = ScalarType::Undefined;
  DimVector sizes;
};

template <class RA, class RB>
class PointwiseNode final : public autograd::GraphNode {
 public:
  PointwiseNode(RA ra, RB rb) : ra_(std::move(ra)), rb_(std::move(rb)) {}
  void save(const Tensor& a, const Tensor& b, const Tensor& y) {
    const bool da = edges[0].is_valid(), db = edges.size() > 1 && edges[1].is_valid();
    if ((uses_a<RA> && da) || (uses_a<RB> && db)) a_ = autograd::Saved(a);
    if ((uses_b<RA> && da) || (uses_b<RB> && db)) b_ = autograd::Saved(b);
    if ((uses_y<RA> && da) || (uses_y<RB> && db)) y_ = autograd::SavedOutput(y);
    shape_a_ = InputShape(a, y);
    if (b.defined()) shape_b_ = InputShape(b, y);
  }
  autograd::Grads apply(autograd::Grads&& grads) override {
    if (released_) autograd::throw_graph_freed(*this);
    const autograd::Scoped<GraphNode*> scope(autograd::t_state.evaluating, this);
    autograd::Grads out(edges.size());
    const Tensor& g = grads[0];
    if (!g.defined()) return out;
    if (edges[0].is_valid()) out[0] = shape_a_.fit(call_rule(ra_, g, a_, b_, y_));
    if (edges.size() > 1 && edges[1].is_valid()) out[1] = shape_b_.fit(call_rule(rb_, g, a_, b_, y_));
    return out;
  }
  void release_saved() override {
    if constexpr (uses_a<RA> || uses_a<RB> || uses_b<RA> || uses_b<RB> || uses_y<RA> || uses_y<RB>) {
      a_ = b_ = autograd::Saved();
      y_ = autograd::SavedOutput();
      released_ = true;
    }
  }

 private:
  RA ra_;
  RB rb_;
  autograd::Saved a_, b_;
  autograd::SavedOutput y_;
  InputShape shape_a_, shape_b_;
  bool released_ = false;
};

Tensor run_unary(UnaryOp op, const char* name, const Tensor& a, const Args& args, bool recording, bool saves_a);
Tensor run_binary(BinaryOp op, const char* name, const Tensor& a, const Tensor& b, const Args& args, bool recording,
                  bool saves_a, bool saves_b);
/// The second operand is args.s[0].
Tensor run_binary_scalar(BinaryOp op, const char* name, const Tensor& a, const Args& args, bool recording, bool saves_a,
                         bool reversed);

template <class RA, class RB>
void attach_pointwise(const char* name, const Tensor& a, const Tensor& b, const Tensor& y, RA&& ra, RB&& rb) {
  auto* node = new PointwiseNode<std::decay_t<RA>, std::decay_t<RB>>(std::forward<RA>(ra), std::forward<RB>(rb));
  const autograd::NodePtr owned(node);
  node->op = name;
  node->add_edge(autograd::gradient_edge(a));
  if (b.defined()) node->add_edge(autograd::gradient_edge(b));
  node->save(a, b, y);
  autograd::attach(owned, name, {&y});
}

}  // namespace detail

/// An op of one input. Integers become the default dtype where the op's results are no integers.
template <class RA>
Tensor unary(UnaryOp op, const char* name, const Tensor& a, RA&& rule, const Args& args = {}) {
  const bool recording = !std::is_same_v<std::decay_t<RA>, NoRule> && autograd::should_record({&a});
  Tensor y = detail::run_unary(op, name, a, args, recording, detail::uses_a<std::decay_t<RA>>);
  if (recording) detail::attach_pointwise(name, a, Tensor(), y, std::forward<RA>(rule), NoRule());
  return y;
}

/// An op of two tensors; rule_a and rule_b give the gradients of each in the result's shape.
template <class RA, class RB>
Tensor binary(BinaryOp op, const char* name, const Tensor& a, const Tensor& b, RA&& rule_a, RB&& rule_b,
              const Args& args = {}) {
  using Ra = std::decay_t<RA>;
  using Rb = std::decay_t<RB>;
  const bool recording = !std::is_same_v<Ra, NoRule> && autograd::should_record({&a, &b});
  Tensor y = detail::run_binary(op, name, a, b, args, recording, detail::uses_a<Ra> || detail::uses_a<Rb>,
                                detail::uses_b<Ra> || detail::uses_b<Rb>);
  if (recording) detail::attach_pointwise(name, a, b, y, std::forward<RA>(rule_a), std::forward<RB>(rule_b));
  return y;
}

/// An op of a tensor and a number, args.s[0]; the number comes first where reversed.
template <class RA>
Tensor binary_scalar(BinaryOp op, const char* name, const Tensor& a, RA&& rule, const Args& args,
                     bool reversed = false) {
  const bool recording = !std::is_same_v<std::decay_t<RA>, NoRule> && autograd::should_record({&a});
  Tensor y = detail::run_binary_scalar(op, name, a, args, recording, detail::uses_a<std::decay_t<RA>>, reversed);
  if (recording) detail::attach_pointwise(name, a, Tensor(), y, std::forward<RA>(rule), NoRule());
  return y;
}

/// Sums g over the dimensions along which a tensor of `sizes` was broadcast.
Tensor sum_to(const Tensor& g, IntArrayRef sizes);
/// The dtype of an op's result for these operands, by PyTorch's rules: 0-dim tensors and numbers only decide between
/// kinds (bool, integer, floating).
ScalarType result_dtype(const Tensor& a, const Tensor& b);
ScalarType result_dtype(const Tensor& a, const Scalar& b);
/// x as `dtype`, itself if it is so already; recorded.
inline Tensor cast(const Tensor& x, ScalarType dtype) { return x.scalar_type() == dtype ? x : x.to(dtype); }
/// Throws unless x is floating.
void check_floating(const char* op, const Tensor& x);

}  // namespace hearth
