#include <cmath>

#include "backend/cpu/cpu.h"
#include "backend/cpu/lines.h"

namespace hearth::cpu {
namespace {

/// Lines of n elements come as contiguous rows of C = float or double, whatever their dtype and step: straight from
/// memory where they are that already, else through a buffer. Neighbouring lines go through it together, so that
/// memory whose other dimension is contiguous is read by whole cache lines.
template <class T, int N, class Row>
void each_row(const Lines<N>& lines, int64_t n, double ns, Row&& row) {
  using C = Math<T>;
  constexpr int64_t kGroup = 16;
  const auto size = static_cast<int64_t>(sizeof(T));
  bool direct = std::is_same_v<T, C>;
  for (int j = 0; j < N; ++j) direct = direct && (lines.step(j) == size || n == 1);
  const Strided<N>& it = lines.strided();
  bool stream = it.numel * n * size >= kStreamBytes && n * size <= kStreamRowBytes;
  for (int j = 1; j < N; ++j) stream = stream && it.data[j] != it.data[0];
  parallel_runs(it, grain_for(ns * static_cast<double>(n) + 20), [&](const Fixed<char*, N>& p, int64_t count) {
    if (direct) {
      std::vector<C> streamed;
      for (int64_t i = 0; i < count; ++i) {
        Fixed<C*, N> rows;
        for (int j = 0; j < N; ++j) rows[j] = reinterpret_cast<C*>(p[j] + i * it.strides[j][0]);
        write_streamed(rows[0], n, stream, streamed, [&](C* to) {
          rows[0] = to;
          row(rows);
        });
      }
      return;
    }
    std::vector<C> buffer(static_cast<size_t>(N * kGroup * n));
    const auto place = [&](int j, int64_t g) { return buffer.data() + (j * kGroup + g) * n; };
    for (int64_t first = 0; first < count; first += kGroup) {
      const int64_t group = std::min(kGroup, count - first);
      for (int j = 1; j < N; ++j) {
        const int64_t across = it.strides[j][0];
        const char* base = p[j] + first * across;
        for (int64_t i = 0; i < n; ++i) {
          const char* from = base + i * lines.step(j);
          for (int64_t g = 0; g < group; ++g) {
            place(j, g)[i] = static_cast<C>(*reinterpret_cast<const T*>(from + g * across));
          }
        }
      }
      for (int64_t g = 0; g < group; ++g) {
        Fixed<C*, N> rows;
        for (int j = 0; j < N; ++j) rows[j] = place(j, g);
        row(rows);
      }
      const int64_t across = it.strides[0][0];
      char* base = p[0] + first * across;
      for (int64_t i = 0; i < n; ++i) {
        char* to = base + i * lines.step(0);
        for (int64_t g = 0; g < group; ++g) *reinterpret_cast<T*>(to + g * across) = static_cast<T>(place(0, g)[i]);
      }
    }
  });
}

/// Lines that lie side by side, as the columns of a matrix whose rows are contiguous: loops along the rows, over
/// blocks of columns that stay in the cache from the first pass to the last.
template <class T, int N>
struct Columns {
  const Lines<N>& lines;
  int64_t n;  // length of a line
  static constexpr int64_t kWide = 256;

  bool fits() const {
    const Strided<N>& it = lines.strided();
    bool yes = std::is_floating_point_v<T> && it.sizes[0] >= 8 && n > 1;
    for (int j = 0; j < N; ++j) yes = yes && it.strides[j][0] == static_cast<int64_t>(sizeof(T));
    return yes;
  }
  T* row(const Fixed<char*, N>& p, int j, int64_t i, int64_t column) const {
    return reinterpret_cast<T*>(p[j] + i * lines.step(j)) + column;
  }
  /// f(pointers, first column, last column, width of a block) for runs of columns; blocks have at most kWide of them
  /// and about a megabyte.
  template <class F>
  void each_block(double ns, F&& f) const {
    const int64_t width = std::clamp<int64_t>((1 << 20) / (n * static_cast<int64_t>(sizeof(T))), 16, kWide);
    parallel_runs(lines.strided(), std::max(width, grain_for(ns * static_cast<double>(n))),
                  [&](const Fixed<char*, N>& p, int64_t count) { f(p, int64_t{0}, count, width); });
  }
};

constexpr double kPlain[4] = {0, 1, 0, 0};
template <class T>
void combine(BinaryOp op, const T* a, const T* b, T* y, int64_t n) {
  loops_of<T>().binary(op, a, b, y, n, OneValue::none, kPlain);
}

template <class T>
void softmax_block(const Columns<T, 2>& m, const Fixed<char*, 2>& p, int64_t first, int64_t width, bool log) {
  Fixed<T, Columns<T, 2>::kWide> top, scale, work;
  Fixed<double, Columns<T, 2>::kWide> sum;
  std::fill_n(top.data(), width, -std::numeric_limits<T>::infinity());
  std::fill_n(sum.data(), width, 0.0);
  const int64_t row_stride = m.lines.step(1) / static_cast<int64_t>(sizeof(T));
  loops_of<T>().column_max(m.row(p, 1, 0, first), m.n, row_stride, width, top.data());
  for (int64_t i = 0; i < m.n; ++i) {
    T* e = log ? work.data() : m.row(p, 0, i, first);
    combine<T>(BinaryOp::sub, m.row(p, 1, i, first), top.data(), e, width);
    loops_of<T>().unary(UnaryOp::exp, e, e, width, kPlain);
    loops_of<T>().column_sum(e, 1, 0, width, sum.data());
  }
  for (int64_t c = 0; c < width; ++c) scale[c] = static_cast<T>(log ? std::log(sum[c]) : 1 / sum[c]);
  for (int64_t i = 0; i < m.n; ++i) {
    T* to = m.row(p, 0, i, first);
    if (log) combine<T>(BinaryOp::sub, m.row(p, 1, i, first), top.data(), to, width);
    combine<T>(log ? BinaryOp::sub : BinaryOp::mul, to, scale.data(), to, width);
  }
}
template <class T>
void softmax_columns(const Columns<T, 2>& m, bool log) {
  m.each_block(0.8, [&](const Fixed<char*, 2>& p, int64_t begin, int64_t end, int64_t width) {
    for (int64_t c = begin; c < end; c += width) softmax_block(m, p, c, std::min(width, end - c), log);
  });
}

template <class T>
void softmax_backward_columns(const Columns<T, 3>& m, bool log) {
  m.each_block(0.8, [&](const Fixed<char*, 3>& p, int64_t begin, int64_t end, int64_t block) {
    Fixed<T, Columns<T, 3>::kWide> total, work;
    Fixed<double, Columns<T, 3>::kWide> sum;
    for (int64_t first = begin; first < end; first += block) {
      const int64_t width = std::min(block, end - first);
      std::fill_n(sum.data(), width, 0.0);
      for (int64_t i = 0; i < m.n; ++i) {
        const T *g = m.row(p, 1, i, first), *y = m.row(p, 2, i, first);
        if (!log) combine(BinaryOp::mul, g, y, work.data(), width);
        loops_of<T>().column_sum(log ? g : work.data(), 1, 0, width, sum.data());
      }
      for (int64_t c = 0; c < width; ++c) total[c] = static_cast<T>(sum[c]);
      for (int64_t i = 0; i < m.n; ++i) {
        const T *g = m.row(p, 1, i, first), *y = m.row(p, 2, i, first);
        T* to = m.row(p, 0, i, first);
        if (log) {
          loops_of<T>().unary(UnaryOp::exp, y, work.data(), width, kPlain);
          combine<T>(BinaryOp::mul, work.data(), total.data(), work.data(), width);
          combine<T>(BinaryOp::sub, g, work.data(), to, width);
        } else {
          combine<T>(BinaryOp::sub, g, total.data(), work.data(), width);
          combine<T>(BinaryOp::mul, y, work.data(), to, width);
        }
      }
    }
  });
}

}  // namespace

void softmax(const Tensor& out, const Tensor& x, int64_t dim, bool log) {
  if (impl(out)->numel == 0) return;
  const int64_t n = line_length(x, dim);
  visit_floating(log ? "log_softmax" : "softmax", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto run = loops_of<Math<T>>().softmax;
    const Lines<2> lines(impl(x)->sizes, dim, {&out, &x});
    if constexpr (std::is_floating_point_v<T>) {
      const Columns<T, 2> columns{lines, n};
      if (columns.fits()) return softmax_columns(columns, log);
    }
    each_row<T>(lines, n, 0.6, [=](const auto& p) { run(p[1], p[0], n, log); });
  });
}

void softmax_backward(const Tensor& gx, const Tensor& g, const Tensor& y, int64_t dim, bool log) {
  if (impl(gx)->numel == 0) return;
  const int64_t n = line_length(y, dim);
  visit_floating(log ? "log_softmax_backward" : "softmax_backward", impl(y)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto run = loops_of<Math<T>>().softmax_backward;
    const Lines<3> lines(impl(y)->sizes, dim, {&gx, &g, &y});
    if constexpr (std::is_floating_point_v<T>) {
      const Columns<T, 3> columns{lines, n};
      if (columns.fits()) return softmax_backward_columns(columns, log);
    }
    each_row<T>(lines, n, 0.6, [=](const auto& p) { run(p[1], p[2], p[0], n, log); });
  });
}

}  // namespace hearth::cpu
