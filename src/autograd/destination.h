#pragma once

// In-place and out forms. `x.add_(y)` runs add(x, y) with x as the destination; the executor of "add" writes straight
// into it where dtype, shape and memory allow, and otherwise its result is copied over. Composed ops need no care: only
// an executor of the op's own name takes the destination.

#include "autograd/record.h"

namespace hearth::autograd {

/// A result for op `name` to write: the destination where it fits, else a new tensor.
struct Result {
  Tensor out;
  bool taken = false;         // out is the destination
  bool ends_history = false;  // it had a history, and the op that overwrites it has no gradient
  /// To be called when the kernel has written.
  void written(const char* name) const {
    if (taken) wrote_in_place(name, out);
    if (ends_history) rebase_history(out, make_node(name, {&out}, [](const Tensor&) { return Tensor(); }));
  }
};
/// `saves_destination`: the gradient's rule will keep an input that is the destination.
Result result_for(const char* name, IntArrayRef sizes, ScalarType dtype, Inputs inputs, bool recording,
                  bool saves_destination);

namespace detail {
Tensor& finish_in_place(const char* name, const Tensor& self, const Tensor& result);
Tensor& finish_out(const char* name, Tensor& out, const Tensor& result);
}  // namespace detail

template <class Op>
Tensor& in_place(const char* name, const Tensor& self, Op&& op) {
  const Scoped<Destination> scope(t_state.destination, {name, checked_impl(name, self), true});
  return detail::finish_in_place(name, self, op());
}

template <class Op>
Tensor& into(const char* name, Tensor& out, Op&& op) {
  if (!out.defined()) return out = op();
  const Scoped<Destination> scope(t_state.destination, {name, impl(out), false});
  return detail::finish_out(name, out, op());
}

}  // namespace hearth::autograd
