#include "backend/cpu/reference_matmul.h"

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

constexpr int64_t kRows = 64, kCols = 256, kDepth = 256;

/// A matrix of a batch: strides in elements.
struct Matrix {
  const Tensor& t;
  int64_t row, col;
  explicit Matrix(const Tensor& tensor) : t(tensor) {
    const size_t rank = impl(t)->sizes.size();
    row = impl(t)->strides[rank - 2];
    col = impl(t)->strides[rank - 1];
  }
  /// Element offset of the matrix number `batch` in row-major order of the leading dimensions.
  int64_t offset(int64_t batch) const {
    int64_t at = 0;
    for (size_t d = impl(t)->sizes.size() - 2; d-- > 0;) {
      at += batch % impl(t)->sizes[d] * impl(t)->strides[d];
      batch /= impl(t)->sizes[d];
    }
    return at;
  }
};

/// c [rows, cols] (contiguous, kCols apart) = a @ b, in blocks of kDepth whose sums are added in order.
template <class T>
void multiply_tile(const T* a, int64_t a_row, int64_t a_col, const T* b, int64_t b_row, T* c, int64_t rows,
                   int64_t cols, int64_t depth) {
  alignas(64) T part[kRows * kCols];
  std::fill_n(c, kRows * kCols, T(0));
  for (int64_t d = 0; d < depth; d += kDepth) {
    const int64_t n = std::min(kDepth, depth - d);
    if constexpr (std::is_floating_point_v<T>) {
      std::fill_n(part, kRows * kCols, T(0));
      loops_of<T>().gemm_block(a + d * a_col, a_row, a_col, b + d * b_row, b_row, part, kCols, rows, cols, n);
      for (int64_t i = 0; i < rows * kCols; ++i) c[i] += part[i];
    } else {
      for (int64_t r = 0; r < rows; ++r) {
        for (int64_t k = d; k < d + n; ++k) {
          const auto v = static_cast<uint64_t>(a[r * a_row + k * a_col]);
          const T* line = b + k * b_row;
          T* sum = c + r * kCols;
          for (int64_t j = 0; j < cols; ++j) {
            sum[j] = static_cast<T>(static_cast<uint64_t>(sum[j]) + v * static_cast<uint64_t>(line[j]));
          }
        }
      }
    }
  }
}

/// Writes a tile: beta * out + alpha * c + bias.
template <class T, class M>
struct Finish {
  T* out;
  int64_t row, col;
  const M* bias;
  M beta, alpha;
  void operator()(const M* c, int64_t r0, int64_t c0, int64_t rows, int64_t cols, int64_t offset) const {
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t j = 0; j < cols; ++j) {
        T& y = out[offset + (r0 + r) * row + (c0 + j) * col];
        M v = static_cast<M>(alpha * c[r * kCols + j]);
        if (beta != M(0)) v = static_cast<M>(v + beta * static_cast<M>(y));
        if (bias) v = static_cast<M>(v + bias[c0 + j]);
        y = static_cast<T>(v);
      }
    }
  }
};

template <class T>
void multiply(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  using M = Math<T>;
  constexpr ScalarType type = scalar_type_of<M>();
  const size_t rank = impl(out)->sizes.size();
  const int64_t m = impl(out)->sizes[rank - 2], n = impl(out)->sizes[rank - 1], depth = impl(a)->sizes[rank - 1];
  const Tensor left = impl(a)->dtype == type ? a : dense_as(a, type);
  // Rows of b must be contiguous for vectors.
  const bool ready = impl(b)->dtype == type && impl(b)->strides[rank - 1] == 1;
  const Tensor right = ready ? b : dense_as(impl(b)->dtype == type ? b : dense_as(b, type), type);
  const Tensor added = dense_as(bias, type);
  const Matrix ma(left), mb(right), mo(out);
  const Finish<T, M> finish{data_of<T>(out),      mo.row, mo.col, data_of<M>(added), static_cast<M>(beta),
                            static_cast<M>(alpha)};
  const int64_t row_tiles = (m + kRows - 1) / kRows, col_tiles = (n + kCols - 1) / kCols;
  const int64_t tiles = impl(out)->numel / (m * n) * row_tiles * col_tiles;
  const double flops =
      static_cast<double>(std::min(m, kRows)) * static_cast<double>(std::min(n, kCols)) * static_cast<double>(depth);
  parallel_for(0, tiles, grain_for(flops * 0.1 + 1000), [&](int64_t begin, int64_t end) {
    std::vector<M> c(static_cast<size_t>(kRows * kCols));
    for (int64_t tile = begin; tile < end; ++tile) {
      const int64_t j = tile % col_tiles * kCols, i = tile / col_tiles % row_tiles * kRows;
      const int64_t batch = tile / (col_tiles * row_tiles), rows = std::min(kRows, m - i),
                    cols = std::min(kCols, n - j);
      multiply_tile(data_of<M>(left) + ma.offset(batch) + i * ma.row, ma.row, ma.col,
                    data_of<M>(right) + mb.offset(batch) + j, mb.row, c.data(), rows, cols, depth);
      finish(c.data(), i, j, rows, cols, mo.offset(batch));
    }
  });
}

}  // namespace

void reference_matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta,
                      double alpha) {
  if (impl(out)->numel == 0) return;
  visit_numbers("matmul", impl(out)->dtype,
                [&](auto tag) { multiply<typename decltype(tag)::type>(out, a, b, bias, beta, alpha); });
}

}  // namespace hearth::cpu
