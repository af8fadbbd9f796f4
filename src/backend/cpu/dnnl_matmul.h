#pragma once

#include "backend/kernels.h"

namespace hearth::cpu {

/// Kernels::matmul by oneDNN: float, and the halves (float16, and bfloat16 where the processor has none, through
/// float). False, and nothing done, for other dtypes and for empty products.
bool dnnl_matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha);

/// out = a @ b + bias [M] or undefined, added to each column; float, plain or transposed layouts, nothing empty.
void dnnl_matmul_rows(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias);

/// How products of [m, k] and [k, n], `batches` of them, are cut: tiles of rows x cols of the result, and pieces of k
/// whose partial results are added in order. Fixed by the sizes alone.
struct MatmulCut {
  int64_t rows, cols, depth;
};
/// b_columns: whether b is stored column after column (a transposed matrix).
MatmulCut cut_matmul(int64_t batches, int64_t m, int64_t n, int64_t k, bool b_columns);

/// Primitives that the calling thread keeps, for tests.
size_t dnnl_matmul_kept();

}  // namespace hearth::cpu
