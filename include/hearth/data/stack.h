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
  /// From now on what is put in is (sample - mean) / stddev, in one pass where samples are floats [C, H, W] and mean
  /// and stddev hold one number or C.
  void normalize_by(const Tensor& mean, const Tensor& stddev);
  void put(size_t k, Tensor sample);
  /// Row `index` of `rows`; `next` is the one that comes after it, if known. IndexError where there is no such row.
  void put_row(size_t k, const Tensor& rows, size_t index, const size_t* next);
  /// The stack [n, …]; places that nothing was put into are left out.
  Tensor finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hearth::data::detail
