#pragma once

// Walking over all lines of some tensors along one dimension.

#include "backend/cpu/runs.h"

namespace hearth::cpu {

/// N operands walked together over all dimensions but `dim`. Operand 0 leads; the shape is that of `shape` with dim
/// taken out, and operands whose own sizes are larger (gather's) are walked over that part of them.
template <int N>
class Lines {
 public:
  Lines(IntArrayRef shape, int64_t dim, const Fixed<const Tensor*, N>& tensors)
      : sizes_(shape), it_(build(shape, dim, tensors)) {}

  int64_t count() const { return it_.numel; }
  int64_t step(int i) const { return step_[i]; }  // bytes along dim

  /// f(pointers to the lines' starts) for every line, in parallel; a line takes about `ns`.
  template <class F>
  void each(double ns, F&& f) const {
    parallel_runs(it_, grain_for(ns), [&](const Fixed<char*, N>& p, int64_t n) {
      Fixed<char*, N> at = p;
      for (int64_t i = 0; i < n; ++i) {
        f(at);
        for (int j = 0; j < N; ++j) at[j] += it_.strides[j][0];
      }
    });
  }
  const Strided<N>& strided() const { return it_; }

 private:
  Strided<N> build(IntArrayRef shape, int64_t dim, const Fixed<const Tensor*, N>& tensors) {
    if (shape.size() > 0) sizes_[static_cast<size_t>(dim)] = 1;
    Fixed<Operand, N> operands;
    for (int i = 0; i < N; ++i) {
      operands[i] = Operand(*tensors[i]);
      operands[i].sizes = sizes_;
      const IntArrayRef strides = impl(*tensors[i])->strides;
      step_[i] = (shape.size() > 0 ? strides[static_cast<size_t>(dim)] : 1) * operands[i].itemsize;
    }
    return Strided<N>(operands);
  }
  DimVector sizes_;
  Fixed<int64_t, N> step_;
  Strided<N> it_;
};

/// The length along dim; a 0-dim tensor is one line of one element.
inline int64_t line_length(const Tensor& x, int64_t dim) {
  const TensorImpl& in = *impl(x);
  return in.sizes.size() == 0 ? 1 : in.sizes[static_cast<size_t>(dim)];
}

template <class T>
T& element(char* p, int64_t i, int64_t step) {
  return *reinterpret_cast<T*>(p + i * step);
}

}  // namespace hearth::cpu
