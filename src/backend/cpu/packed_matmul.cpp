// Matrix products of our own. All cuts follow from the sizes; an element's sum is taken in blocks of kDepth, in order.
#include "backend/cpu/packed_matmul.h"

#include <algorithm>

#include "backend/cpu/dense.h"
#include "backend/cpu/operand.h"
#include "backend/cpu/own_gemm.h"
#include "base/cpu_features.h"
#include "base/threads.h"

namespace hearth::cpu {
namespace {

GemmTable choose() {
#if defined(__x86_64__)
  switch (cpu_isa()) {
    case Isa::v4: return v4::gemm_table();
    case Isa::v3: return v3::gemm_table();
    case Isa::v2:
    case Isa::base: return v2::gemm_table();
  }
  return v2::gemm_table();
#else
  return base::gemm_table();
#endif
}

}  // namespace

template <class T>
const GemmLoops<T>& gemm_loops() {
  static const GemmTable table = choose();
  if constexpr (std::is_same_v<T, float>) {
    return table.f32;
  } else {
    return table.f64;
  }
}
template const GemmLoops<float>& gemm_loops<float>();
template const GemmLoops<double>& gemm_loops<double>();

namespace {

/// A panel of a (14 lines of it) stays in the L1 cache, a block of b in the L2 cache.
template <class T>
constexpr int64_t kDepth = 2048 / static_cast<int64_t>(sizeof(T));

/// Rows and columns of a tile. Each packs its own columns of b, so rows are cut last: a tile of few would pack much
/// for little.
template <class T>
void cut_tiles(const MatmulTask<T>& t, int64_t mr, int64_t nr, int64_t& rows, int64_t& cols) {
  constexpr int64_t kMostRows = 1024, kMostCols = 256, kLeastCols = 64, kLeastRows = 256;
  constexpr double kTileFlops = 3e7;
  rows = std::min(t.m, kMostRows);
  cols = std::min(t.n, kMostCols);
  const auto count = [&] { return ((t.m + rows - 1) / rows) * ((t.n + cols - 1) / cols); };
  const auto flops = [&] {
    return 2.0 * static_cast<double>(rows) * static_cast<double>(cols) * static_cast<double>(t.k);
  };
  while (count() < 16 && flops() >= 2 * kTileFlops) {
    if (cols >= 2 * kLeastCols) {
      cols = round_up(cols / 2, nr);
    } else if (rows >= 2 * kLeastRows) {
      rows = round_up(rows / 2, mr);
    } else {
      break;
    }
  }
  const auto even = [](int64_t size, int64_t part, int64_t unit) {
    const int64_t parts = (size + part - 1) / part;
    return round_up((size + parts - 1) / parts, unit);
  };
  rows = even(t.m, rows, mr);
  cols = even(t.n, cols, nr);
}

}  // namespace

template <class T>
void packed_matmul(const MatmulTask<T>& t) {
  const GemmLoops<T>& loops = gemm_loops<T>();
  const int64_t lines = round_up(t.m, loops.rows);
  int64_t rows = 0, cols = 0;
  cut_tiles(t, loops.rows, loops.cols, rows, cols);
  const Buffer<T> packed(lines * t.k);
  // All of a, a block of depth after the other.
  parallel_for(0, lines / loops.rows, grain_for(0.3 * static_cast<double>(loops.rows * t.k)),
               [&](int64_t from, int64_t to) {
                 const int64_t first = from * loops.rows, count = std::min(t.m, to * loops.rows) - first;
                 for (int64_t d = 0; d < t.k; d += kDepth<T>) {
                   const int64_t depth = std::min(kDepth<T>, t.k - d);
                   loops.pack(t.a + first * t.a_row + d * t.a_col, t.a_row, t.a_col, count, depth, loops.rows,
                              packed.data() + d * lines + first * depth);
                 }
               });
  const int64_t down = (t.m + rows - 1) / rows, tiles = down * ((t.n + cols - 1) / cols);
  parallel_for(0, tiles, 1, [&](int64_t from, int64_t to) {
    const Buffer<T> block(cols * std::min(kDepth<T>, t.k));
    for (int64_t tile = from; tile < to; ++tile) {
      const int64_t i = tile % down * rows, j = tile / down * cols;
      const int64_t m = std::min(rows, t.m - i), n = std::min(cols, t.n - j);
      for (int64_t d = 0; d < t.k; d += kDepth<T>) {
        const int64_t depth = std::min(kDepth<T>, t.k - d);
        loops.pack(t.b + d * t.b_row + j * t.b_col, t.b_col, t.b_row, n, depth, loops.cols, block.data());
        const bool first = d == 0;
        loops.multiply(packed.data() + d * lines + i * depth, block.data(), t.c + i * t.c_row + j, t.c_row, m, n, depth,
                       {first ? t.beta : T(1), t.alpha, first && t.bias ? t.bias + j : nullptr,
                        first && t.row_bias ? t.row_bias + i : nullptr});
      }
    }
  });
}

template <class T>
void dot_matmul(const MatmulTask<T>& t) {
  const GemmLoops<T>& loops = gemm_loops<T>();
  // Rows of b: a product of one is 2 m k operations at some 100 per ns, and reading it takes as long as 8 of them.
  const double ns = static_cast<double>(t.k) * (0.02 * static_cast<double>(t.m) + 0.05);
  parallel_for(0, t.n, std::max<int64_t>(8, round_up(grain_for(ns), 8)), [&](int64_t from, int64_t to) {
    loops.dot(t.a, t.a_row, t.b + from * t.b_col, t.b_col, t.c + from, t.c_row, t.m, to - from, t.k,
              {t.beta, t.alpha, t.bias ? t.bias + from : nullptr, t.row_bias});
  });
}

namespace {

/// What needs no packing; oneDNN packs.
bool few_rows(int64_t m, int64_t k) { return m <= 24 && k >= 64; }
/// oneDNN has no double, and for floats its tiles are the quicker ones.
template <class T>
bool by_panels(int64_t m, int64_t n, int64_t k) {
  return std::is_same_v<T, double> && m * n * k >= 1'000'000;
}

template <class T>
bool multiply(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  const DimVector& sizes = impl(out)->sizes;
  const size_t rank = sizes.size();
  const Operand oa(a), ob(b), oc(out);
  MatmulTask<T> t{sizes[rank - 2],
                  sizes[rank - 1],
                  impl(a)->sizes[rank - 1],
                  reinterpret_cast<const T*>(oa.data),
                  oa.row,
                  oa.col,
                  reinterpret_cast<const T*>(ob.data),
                  ob.row,
                  ob.col,
                  reinterpret_cast<T*>(oc.data),
                  oc.row,
                  static_cast<T>(beta),
                  static_cast<T>(alpha),
                  data_of<T>(bias),
                  nullptr};
  const bool column = t.n == 1 && oc.row == 1 && t.a_col == 1 && t.b_row == 1;  // a matrix times a vector
  if (column) {
    std::swap(t.m, t.n);
    std::swap(t.a, t.b);
    std::swap(t.a_row, t.b_col);
    t.a_row = t.k;
    t.c_row = t.n;
    t.row_bias = t.bias;
    t.bias = nullptr;
  }
  const bool dots = t.a_col == 1 && t.b_row == 1 && few_rows(t.m, t.k);
  const int64_t batches = impl(out)->numel / (t.m * t.n);
  if (dots ? batches > 1 && t.m * t.n * t.k < 1'000'000 : !by_panels<T>(t.m, t.n, t.k)) return false;
  const T *first_a = t.a, *first_b = t.b;
  T* first_c = t.c;
  for (int64_t i = 0; i < batches; ++i) {
    t.a = first_a + (column ? ob : oa).offset(i);
    t.b = first_b + (column ? oa : ob).offset(i);
    t.c = first_c + oc.offset(i);
    if (dots) {
      dot_matmul(t);
    } else if constexpr (std::is_same_v<T, double>) {
      packed_matmul(t);
    }
  }
  return true;
}

}  // namespace

bool own_matmul(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  const ScalarType dtype = impl(out)->dtype;
  if ((dtype != kFloat && dtype != kDouble) || impl(out)->numel == 0 || impl(a)->numel == 0) return false;
  const Operand target(out);
  if (target.col != 1) {
    if (target.row != 1 || bias.defined()) return false;
    return own_matmul(transposed_matrices(out), transposed_matrices(b), transposed_matrices(a), bias, beta, alpha);
  }
  const Tensor shift = dense(bias);
  return dtype == kFloat ? multiply<float>(out, a, b, shift, beta, alpha)
                         : multiply<double>(out, a, b, shift, beta, alpha);
}

template void packed_matmul<double>(const MatmulTask<double>& task);
template void dot_matmul<float>(const MatmulTask<float>& task);
template void dot_matmul<double>(const MatmulTask<double>& task);

}  // namespace hearth::cpu
