#pragma once

#include <memory>

#include "hearth/tensor.h"

namespace hearth::data::detail {

/// A stack of n tensors, each written into its place as it comes, from any thread: the first one decides shape and
/// dtype of the block. Whatever can't be written there (another shape or dtype, a tensor that wants a gradient) is
/// kept, and finish() does what stack() does, with its errors.
class HEARTH_API StackInto {
 public:
  explicit StackInto(size_t n);
  StackInto(StackInto&&) noexcept;
  ~StackInto();
  void put(size_t k, Tensor sample);
  /// (sample - mean) / stddev, in one pass over floats where mean and stddev hold one number or one a channel.
  void put_normalized(size_t k, const Tensor& sample, const Tensor& mean, const Tensor& stddev);
  /// Row `index` of `rows`, normalized unless mean is null. IndexError where there is no such row.
  void put_row(size_t k, const Tensor& rows, size_t index, const Tensor* mean, const Tensor* stddev);
  /// The stack [n, …]; places that nothing was put into are left out.
  Tensor finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hearth::data::detail
