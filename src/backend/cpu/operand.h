#pragma once

// Matrices of a stack [B…, rows, cols], as products see them.

#include <algorithm>

#include "tensor/impl.h"

namespace hearth::cpu {

/// A matrix of a stack: strides in elements, the sizes are the product's.
struct Operand {
  char* data = nullptr;
  int64_t row = 0, col = 0;
  const Tensor* t = nullptr;

  explicit Operand(const Tensor& tensor) : data(static_cast<char*>(impl(tensor)->data())), t(&tensor) {
    const DimVector& strides = impl(tensor)->strides;
    row = strides[strides.size() - 2];
    col = strides[strides.size() - 1];
    // A stride that nothing steps over must not spoil a plain layout.
    const DimVector& sizes = impl(tensor)->sizes;
    const int64_t rows = sizes[sizes.size() - 2], cols = sizes[sizes.size() - 1];
    if (cols == 1) col = 1;
    if (rows == 1) row = col == 1 ? cols : 1;
  }
  /// Elements from the start to the matrix of this number, in row-major order of the leading dimensions.
  int64_t offset(int64_t batch) const {
    const TensorImpl* i = impl(*t);
    int64_t at = 0;
    for (size_t d = i->sizes.size() - 2; d-- > 0;) {
      at += batch % i->sizes[d] * i->strides[d];
      batch /= i->sizes[d];
    }
    return at;
  }
  /// The one step between all matrices of the stack, or -1.
  int64_t step() const {
    const TensorImpl* i = impl(*t);
    int64_t step = -1, covered = 1;
    for (size_t d = i->sizes.size() - 2; d-- > 0;) {
      if (i->sizes[d] == 1) continue;
      if (step < 0) {
        step = i->strides[d];
      } else if (i->strides[d] != step * covered) {
        return -1;
      }
      covered *= i->sizes[d];
    }
    return std::max<int64_t>(step, 0);
  }
  bool plain(int64_t rows, int64_t cols) const { return (col == 1 && row >= cols) || (row == 1 && col >= rows); }
};

/// Whether rows or columns are contiguous.
inline bool has_plain_matrices(const Tensor& t) {
  const size_t rank = impl(t)->sizes.size();
  return Operand(t).plain(impl(t)->sizes[rank - 2], impl(t)->sizes[rank - 1]);
}

inline Tensor transposed_matrices(const Tensor& t) {
  DimVector sizes = impl(t)->sizes, strides = impl(t)->strides;
  const size_t rank = sizes.size();
  std::swap(sizes[rank - 1], sizes[rank - 2]);
  std::swap(strides[rank - 1], strides[rank - 2]);
  return make_alias(t, sizes, strides, impl(t)->offset);
}

}  // namespace hearth::cpu
