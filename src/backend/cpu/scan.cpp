#include <cmath>

#include "backend/cpu/cpu.h"
#include "backend/cpu/lines.h"

namespace hearth::cpu {
namespace {

/// log(e^a + e^b), also for infinities.
double log_add(double a, double b) {
  if (a != a || b != b) return a != a ? a : b;
  const double high = std::max(a, b), low = std::min(a, b);
  return high == low && std::isinf(high) ? high : high + std::log1p(std::exp(low - high));
}

/// Running results of one line, in double or uint64.
template <class T, class Acc, class Step>
void scan_lines(const Tensor& out, const Tensor& x, int64_t dim, Acc start, Step step) {
  const int64_t n = line_length(x, dim);
  const Lines<2> lines(impl(x)->sizes, dim, {&out, &x});
  lines.each(static_cast<double>(n) * 1.5, [&](const Fixed<char*, 2>& p) {
    Acc acc = start;
    for (int64_t i = 0; i < n; ++i) {
      acc = step(acc, static_cast<Acc>(static_cast<Math<T>>(element<T>(p[1], i, lines.step(1)))));
      element<T>(p[0], i, lines.step(0)) = static_cast<T>(static_cast<Math<T>>(acc));
    }
  });
}

template <class T>
void extremes(const Tensor& out, const Tensor& indices, const Tensor& x, int64_t dim, bool largest) {
  const int64_t n = line_length(x, dim);
  const Lines<3> lines(impl(x)->sizes, dim, {&out, &indices, &x});
  lines.each(static_cast<double>(n) * 1.5, [&](const Fixed<char*, 3>& p) {
    T best{};
    int64_t place = 0;
    for (int64_t i = 0; i < n; ++i) {
      const T v = element<T>(p[2], i, lines.step(2));
      const auto a = static_cast<Math<T>>(v), b = static_cast<Math<T>>(best);
      // The last of equals, as PyTorch's; once NaN, always NaN.
      if (i == 0 || a != a || (b == b && (largest ? a >= b : a <= b))) {
        best = v;
        place = i;
      }
      element<T>(p[0], i, lines.step(0)) = best;
      element<int64_t>(p[1], i, lines.step(1)) = place;
    }
  });
}

}  // namespace

void scan(ScanOp op, const Tensor& out, const Tensor& indices, const Tensor& x, int64_t dim) {
  if (impl(x)->numel == 0) return;
  visit_all("scan", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using Acc = std::conditional_t<is_float<T>, double, uint64_t>;
    switch (op) {
      case ScanOp::cumsum: return scan_lines<T>(out, x, dim, Acc{0}, [](Acc a, Acc v) { return a + v; });
      case ScanOp::cumprod: return scan_lines<T>(out, x, dim, Acc{1}, [](Acc a, Acc v) { return a * v; });
      case ScanOp::logcumsumexp:
        if constexpr (is_float<T>) {
          return scan_lines<T>(out, x, dim, -std::numeric_limits<double>::infinity(), log_add);
        }
        fail<DtypeError>("[logcumsumexp] takes floating dtypes, not {}; convert the tensor with .to(kFloat)",
                         toString(impl(x)->dtype));
      case ScanOp::cummax: return extremes<T>(out, indices, x, dim, true);
      case ScanOp::cummin: return extremes<T>(out, indices, x, dim, false);
    }
  });
}

}  // namespace hearth::cpu
