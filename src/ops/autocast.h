#pragma once

// What the ops that autocast concerns ask of it; off, each question is one branch.

#include <initializer_list>

#include "autograd/state.h"
#include "hearth/ops.h"

namespace hearth::autocast {

namespace detail {
bool any_float(std::initializer_list<const Tensor*> inputs);
}

/// Whether an op that runs in half precision is to convert these inputs (undefined ones count for nothing). Never for
/// an in-place or out form: its result has a dtype already.
inline bool lowers(std::initializer_list<const Tensor*> inputs) {
  return autograd::t_state.autocast != ScalarType::Undefined && autograd::t_state.destination.name == nullptr &&
         detail::any_float(inputs);
}
/// float32 in the autocast dtype; anything else as it is.
Tensor lowered(const Tensor& t);
std::vector<Tensor> lowered(TensorList tensors);

/// Whether an op that needs float32 is to convert this input.
inline bool raises(const Tensor& t) {
  return autograd::t_state.autocast != ScalarType::Undefined && autograd::t_state.destination.name == nullptr &&
         t.defined() && (t.scalar_type() == kHalf || t.scalar_type() == kBFloat16);
}
/// Halves as float32; anything else, undefined too, as it is.
Tensor raised(const Tensor& t);

}  // namespace hearth::autocast
