#pragma once

// The kernels that reduce_plan.h walks with: how a row and columns are reduced, how partial results merge.

#include <cmath>
#include <limits>

#include "backend/cpu/reduce_plan.h"

namespace hearth::cpu {

/// From one step per element: acc = step(acc, element).
template <class Element, class Accumulator, class Step, class Merge>
struct StepKernel {
  using T = Element;
  using Acc = Accumulator;
  Acc start;
  Step step;
  Merge combine;

  Acc identity() const { return start; }
  Acc row(const T* x, int64_t n, int64_t) const {
    Acc acc = start;
    for (int64_t i = 0; i < n; ++i) acc = step(acc, static_cast<Math<T>>(x[i]));
    return acc;
  }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t) const {
    for (int64_t r = 0; r < rows; ++r, x += stride) {
      for (int64_t c = 0; c < n; ++c) acc[c] = step(acc[c], static_cast<Math<T>>(x[c]));
    }
  }
  Acc merge(Acc a, Acc b) const { return combine(a, b); }
};
template <class T, class Acc, class Step, class Merge>
StepKernel<T, Acc, Step, Merge> step_kernel(Acc start, Step step, Merge merge) {
  return {start, step, merge};
}

/// A kernel of float applied to halves, a piece at a time.
template <class H, class K>
struct HalfKernel {
  using T = H;
  using Acc = typename K::Acc;
  K k;

  Acc identity() const { return k.identity(); }
  Acc merge(Acc a, Acc b) const { return k.merge(a, b); }
  Acc row(const T* x, int64_t n, int64_t output) const {
    alignas(64) float piece[1024];
    Acc acc = k.identity();
    for (int64_t i = 0; i < n; i += 1024) {
      const int64_t m = std::min<int64_t>(1024, n - i);
      halves_to_float(scalar_type_of<T>(), x + i, piece, m);
      acc = k.merge(acc, k.row(piece, m, output));
    }
    return acc;
  }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t output) const {
    alignas(64) float piece[kColumns];
    for (int64_t r = 0; r < rows; ++r, x += stride) {
      halves_to_float(scalar_type_of<T>(), x, piece, n);
      k.columns(piece, 1, 0, n, acc, output);
    }
  }
};

template <class F>
struct SumKernel {
  using T = F;
  using Acc = double;
  Acc identity() const { return 0; }
  Acc merge(Acc a, Acc b) const { return a + b; }
  Acc row(const T* x, int64_t n, int64_t) const { return loops_of<T>().sum(x, n); }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t) const {
    loops_of<T>().column_sum(x, rows, stride, n, acc);
  }
};

template <class F>
struct SquareKernel {
  using T = F;
  using Acc = double;
  Acc identity() const { return 0; }
  Acc merge(Acc a, Acc b) const { return a + b; }
  Acc row(const T* x, int64_t n, int64_t) const { return loops_of<T>().sum_square(x, n); }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t) const {
    loops_of<T>().column_sum_square(x, rows, stride, n, acc);
  }
};

/// Squares of the distance from a center per output.
template <class F>
struct CenteredKernel {
  using T = F;
  using Acc = double;
  const double* center;
  Acc identity() const { return 0; }
  Acc merge(Acc a, Acc b) const { return a + b; }
  Acc row(const T* x, int64_t n, int64_t output) const {
    return loops_of<T>().sum_centered_square(x, n, center[output]);
  }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t output) const {
    loops_of<T>().column_sum_centered_square(x, rows, stride, n, acc, center + output);
  }
};

/// Sum of e^(x - center).
template <class F>
struct ExpKernel {
  using T = F;
  using Acc = double;
  const double* center;
  Acc identity() const { return 0; }
  Acc merge(Acc a, Acc b) const { return a + b; }
  Acc row(const T* x, int64_t n, int64_t output) const {
    return loops_of<T>().sum_exp(x, n, static_cast<T>(center[output]));
  }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t output) const {
    for (int64_t r = 0; r < rows; ++r, x += stride) {
      for (int64_t c = 0; c < n; ++c) acc[c] += std::exp(static_cast<double>(x[c]) - center[output + c]);
    }
  }
};

/// Largest or smallest of floats; NaN wins.
template <class F, bool largest>
struct ExtremeKernel {
  using T = F;
  using Acc = F;
  Acc identity() const { return largest ? -std::numeric_limits<F>::infinity() : std::numeric_limits<F>::infinity(); }
  Acc merge(Acc a, Acc b) const {
    if (a != a) return a;
    if (b != b) return b;
    return largest ? std::max(a, b) : std::min(a, b);
  }
  Acc row(const T* x, int64_t n, int64_t) const { return largest ? loops_of<T>().max(x, n) : loops_of<T>().min(x, n); }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t n, Acc* acc, int64_t) const {
    (largest ? loops_of<T>().column_max : loops_of<T>().column_min)(x, rows, stride, n, acc);
  }
};

/// f(kernel) with K for floats, or K behind a HalfKernel.
template <class T, template <class> class K, class F, class... State>
decltype(auto) with_float_kernel(F&& f, State... state) {
  if constexpr (is_half<T>) {
    return f(HalfKernel<T, K<float>>{{state...}});
  } else {
    return f(K<T>{state...});
  }
}
template <class F>
using MaxKernel = ExtremeKernel<F, true>;
template <class F>
using MinKernel = ExtremeKernel<F, false>;

}  // namespace hearth::cpu
