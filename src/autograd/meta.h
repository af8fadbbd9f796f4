#pragma once

#include "autograd/node.h"
#include "tensor/impl.h"

namespace hearth::autograd {

/// How a view came to be, which decides whether it may be written in place.
enum class Creation : uint8_t { normal, no_grad, inference, multi_output };

/// Shared by a tensor that retains its gradient and the hook that stores it; `self` is null when the tensor is gone.
struct RetainSlot {
  TensorImpl* self;
};

/// The autograd part of a TensorImpl, made when first needed.
struct Meta {
  static void* operator new(size_t bytes);
  static void operator delete(void* p, size_t bytes) noexcept;

  Tensor grad;
  NodePtr grad_fn;
  uint32_t output_nr = 0;
  bool requires_grad = false;  // set by hand; only of leaves
  Creation creation = Creation::normal;
  uint32_t view_version = 0;  // the version that grad_fn belongs to
  unsigned next_hook = 0;
  AccumulateGrad* accumulator = nullptr;  // not counted; guarded by accumulator_mutex
  Tensor base;                            // of a view; never itself a view
  std::vector<OutputHook> leaf_hooks;
  std::shared_ptr<RetainSlot> retain;
  std::unique_ptr<std::vector<Dimname>> names;  // of the dimensions, if any has one

  ~Meta();
};

Meta& meta_of(const Tensor& t);  // makes it if need be

/// Whether a gradient flows to t.
bool requires_grad_slow(const TensorImpl& t);
inline bool needs_grad(const Tensor& t) {
  if (!t.defined()) return false;
  const TensorImpl& i = *impl(t);
  return i.meta && (i.meta->requires_grad || i.meta->grad_fn || (i.meta->base.defined() && requires_grad_slow(i)));
}
/// What made t, brought up to date if t is a view whose base was written since.
NodePtr current_grad_fn(const Tensor& t);
/// Where a gradient of t goes; invalid if it needs none.
Edge gradient_edge(const Tensor& t);
/// y is output `nr` of node.
void set_history(const Tensor& y, const NodePtr& node, uint32_t nr);
/// t was overwritten in place by node's op, as its output nr: its history, and its base's if t is a view, starts anew
/// from node.
void rebase_history(const Tensor& t, const NodePtr& node, uint32_t nr = 0);
/// Throws AutogradError if t must not be written in place by an op that is (or is not) recorded.
void check_in_place(const char* op, const Tensor& t, bool recording);
/// Counts a write by `op`.
void wrote_in_place(const char* op, const Tensor& t);
/// A view of x with this geometry, without history.
Tensor make_view(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset, bool multi_output = false);

/// The gradient of base.as_strided(sizes, strides, offset) laid out as base is.
struct AsStridedRule {
  DimVector base_sizes, base_strides, sizes, strides;
  int64_t offset;  // elements from the base's first
  Tensor operator()(const Tensor& g) const;
};
AsStridedRule as_strided_rule(const Tensor& base, IntArrayRef sizes, IntArrayRef strides, int64_t offset);

}  // namespace hearth::autograd
