#pragma once

// How an op makes a view.

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

inline size_t at(int64_t i) { return static_cast<size_t>(i); }

/// A view of x; make_rule gives the rule of its gradient.
template <class MakeRule>
Tensor view_of(const char* name, const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset,
               MakeRule&& make_rule, bool multi_output = false) {
  Tensor v = autograd::make_view(x, sizes, strides, offset, multi_output);
  return autograd::record(name, std::move(v), {&x}, std::forward<MakeRule>(make_rule));
}

}  // namespace hearth
