#pragma once

// The inner loops of matrix products, compiled for each instruction set like those of loops.h.

#include <cstdint>

namespace hearth::cpu {

/// How a block of sums goes into the result: c = beta * c + alpha * sum + bias; c is not read when beta is 0.
template <class T>
struct GemmFinish {
  T beta, alpha;
  const T* bias;      // [cols], or null
  const T* row_bias;  // [rows], or null
};

/// For T = float and double.
template <class T>
struct GemmLoops {
  int64_t rows, cols;  // of a tile that stays in registers; panels of a are `rows` wide, those of b `cols`

  /// Panels of `width` lines, zeros after the last line: to[p][d][i] = x[(p * width + i) * line + d * step], lines
  /// [0, count), d in [0, depth).
  void (*pack)(const T* x, int64_t line, int64_t step, int64_t count, int64_t depth, int64_t width, T* to);
  /// c [m, n] from panels of a and of b of this depth; c's rows are contiguous.
  void (*multiply)(const T* a, const T* b, T* c, int64_t c_row, int64_t m, int64_t n, int64_t depth,
                   const GemmFinish<T>& finish);
  /// c [m, n] = a b for few rows of a, which stay as they are (contiguous), and packed panels of b.
  void (*multiply_rows)(const T* a, int64_t a_row, const T* b, T* c, int64_t c_row, int64_t m, int64_t n,
                        int64_t depth);
  /// c[i][j] from the products of row i of a with row j of b, both contiguous: nothing is packed.
  void (*dot)(const T* a, int64_t a_row, const T* b, int64_t b_row, T* c, int64_t c_row, int64_t m, int64_t n,
              int64_t depth, const GemmFinish<T>& finish);
};

struct GemmTable {
  GemmLoops<float> f32;
  GemmLoops<double> f64;
};

namespace v2 {
GemmTable gemm_table();
}
namespace v3 {
GemmTable gemm_table();
}
namespace v4 {
GemmTable gemm_table();
}
namespace base {
GemmTable gemm_table();
}

}  // namespace hearth::cpu
