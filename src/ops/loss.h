#pragma once

// What losses share.

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

inline Tensor apply_reduction(const char* op, const Tensor& loss, int64_t reduction) {
  switch (reduction) {
    case Reduction::None: return loss;
    case Reduction::Mean: return loss.mean();
    case Reduction::Sum: return loss.sum();
    default: fail("[{}] reduction {} is unknown; use Reduction::None, Mean or Sum", op, reduction);
  }
}

inline void check_pair(const char* op, const Tensor& input, const Tensor& target) {
  checked_impl(op, input);
  checked_impl(op, target);
  check_floating(op, input);
}

/// Throws unless the two have one shape.
inline void check_same_shape(const char* op, const char* what, const Tensor& t, const Tensor& input) {
  if (t.sizes() != input.sizes())
    throw ShapeError(fmt::format("[{}] {} of shape {} differs from input of shape {}; they must be equal", op, what,
                                 shape_text(t.sizes()), shape_text(input.sizes())),
                     t.sizes().vec(), input.sizes().vec());
}

}  // namespace hearth
