#pragma once

#include <cstdint>

#include "hearth/tensor.h"

namespace hearth::cpu {

/// A product of plain memory: c = beta * c + alpha * (a @ b) + biases. Strides in elements; c's rows are contiguous.
template <class T>
struct MatmulTask {
  int64_t m, n, k;
  const T* a;
  int64_t a_row, a_col;
  const T* b;
  int64_t b_row, b_col;
  T* c;
  int64_t c_row;
  T beta, alpha;
  const T* bias;      // [n], or null
  const T* row_bias;  // [m], or null
};

/// Both sides packed into panels, in any layout; for double.
template <class T>
void packed_matmul(const MatmulTask<T>& task);

/// Rows of a times rows of b (a_col and b_row are 1), without packing: for few rows of a; for float and double.
template <class T>
void dot_matmul(const MatmulTask<T>& task);

/// Kernels::matmul where the functions above are the quickest: products of a few rows, and all but the small in double.
/// False, and nothing done, elsewhere.
bool own_matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha);

}  // namespace hearth::cpu
