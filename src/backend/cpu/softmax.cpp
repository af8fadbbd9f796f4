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
  parallel_runs(it, grain_for(ns * static_cast<double>(n) + 20), [&](const std::array<char*, N>& p, int64_t count) {
    if (direct) {
      std::vector<C> streamed;
      for (int64_t i = 0; i < count; ++i) {
        std::array<C*, N> rows;
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
        std::array<C*, N> rows;
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

}  // namespace

void softmax(const Tensor& out, const Tensor& x, int64_t dim, bool log) {
  if (impl(out)->numel == 0) return;
  const int64_t n = line_length(x, dim);
  visit_floating(log ? "log_softmax" : "softmax", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto run = loops_of<Math<T>>().softmax;
    each_row<T>(Lines<2>(impl(x)->sizes, dim, {&out, &x}), n, 0.6, [=](const auto& p) { run(p[1], p[0], n, log); });
  });
}

void softmax_backward(const Tensor& gx, const Tensor& g, const Tensor& y, int64_t dim, bool log) {
  if (impl(gx)->numel == 0) return;
  const int64_t n = line_length(y, dim);
  visit_floating(log ? "log_softmax_backward" : "softmax_backward", impl(y)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto run = loops_of<Math<T>>().softmax_backward;
    each_row<T>(Lines<3>(impl(y)->sizes, dim, {&gx, &g, &y}), n, 0.6,
                [=](const auto& p) { run(p[1], p[2], p[0], n, log); });
  });
}

}  // namespace hearth::cpu
