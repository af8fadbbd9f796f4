// Softmax and layer norm of one row, which stays in the cache from the first pass to the last.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

/// y = f(x) over a run, one vector at a time.
template <class T, class Op>
HEARTH_INLINE void map(const T* x, T* y, int64_t n, Op op) {
  constexpr int64_t L = lanes<T>;
  int64_t i = 0;
  for (; i + L <= n; i += L) store(y + i, op(load(x + i)));
  if (i < n) store_part<T>(y + i, op(load_part<T>(x + i, n - i)), n - i);
}

/// The row's largest element; NaN wins.
template <class T>
HEARTH_INLINE T row_max(const T* x, int64_t n) {
  constexpr int64_t L = lanes<T>;
  const T worst = static_cast<T>(-__builtin_inf());
  Vec<T> a = splat(worst), b = a;
  int64_t i = 0;
  for (; i + 2 * L <= n; i += 2 * L) {
    a = max_nan(a, load(x + i));
    b = max_nan(b, load(x + i + L));
  }
  if (i + L <= n) {
    a = max_nan(a, load(x + i));
    i += L;
  }
  if (i < n) b = max_nan(b, load_part<T>(x + i, n - i, worst));
  a = a == a ? max_nan(b, a) : a;
  return max_lanes<T>(a);
}

/// Sum of f(i) in blocks of fixed length that go on in double.
template <class T, class Step>
HEARTH_INLINE double blocked_sum(int64_t n, Step step) {
  constexpr int64_t L = lanes<T>, block = 64 * L;
  double total = 0;
  int64_t i = 0;
  while (i + 2 * L <= n) {
    const int64_t end = i + block <= n ? i + block : n - (n - i) % (2 * L);
    Vec<T> a{}, b{};
    for (; i < end; i += 2 * L) {
      a += step(i, L);
      b += step(i + L, L);
    }
    total += static_cast<double>(add_lanes<T>(a + b));
  }
  for (; i < n; i += L) total += static_cast<double>(add_lanes<T>(step(i, n - i < L ? n - i : L)));
  return total;
}
/// A row that fits one vector: no loops.
template <class T>
HEARTH_INLINE void softmax_short(const T* x, T* y, int64_t n, bool log) {
  const Vec<T> v = load_n<T>(x, n, static_cast<T>(-__builtin_inf()));
  const Vec<T> d = v - splat(max_lanes<T>(v));
  const Vec<T> e = exp(d);
  const T total = add_lanes<T>(e);
  if (log) {
    store_n<T>(y, d - splat(static_cast<T>(__builtin_log(static_cast<double>(total)))), n);
  } else {
    store_n<T>(y, e * splat(T(1) / total), n);
  }
}

template <class T>
void softmax(const T* x, T* y, int64_t n, bool log) {
  if (n <= lanes<T>) return softmax_short(x, y, n, log);
  const T top = row_max(x, n);
  const Vec<T> center = splat(top);
  const T none = static_cast<T>(-__builtin_inf());
  if (log) {
    const double total =
        blocked_sum<T>(n, [=](int64_t i, int64_t m) { return exp(load_n<T>(x + i, m, none) - center); });
    const Vec<T> log_total = splat(static_cast<T>(__builtin_log(total)));
    map(x, y, n, [=](Vec<T> v) { return (v - center) - log_total; });
    return;
  }
  const double total = blocked_sum<T>(n, [=](int64_t i, int64_t m) {
    const Vec<T> e = exp(load_n<T>(x + i, m, none) - center);
    store_n<T>(y + i, e, m);
    return e;
  });
  const Vec<T> scale = splat(static_cast<T>(1.0 / total));
  map(static_cast<const T*>(y), y, n, [=](Vec<T> v) { return v * scale; });
}

/// softmax: gx = y (g - sum(g y)); log_softmax: gx = g - exp(y) sum(g).
template <class T>
void softmax_backward(const T* g, const T* y, T* gx, int64_t n, bool log) {
  constexpr int64_t L = lanes<T>;
  if (log) {
    const Vec<T> total =
        splat(static_cast<T>(blocked_sum<T>(n, [=](int64_t i, int64_t m) { return load_n(g + i, m); })));
    for (int64_t i = 0; i < n; i += L) {
      const int64_t m = n - i;
      store_n<T>(gx + i, load_n(g + i, m) - exp(load_n(y + i, m)) * total, m);
    }
    return;
  }
  const double inner = blocked_sum<T>(n, [=](int64_t i, int64_t m) { return load_n(g + i, m) * load_n(y + i, m); });
  const Vec<T> total = splat(static_cast<T>(inner));
  for (int64_t i = 0; i < n; i += L) {
    const int64_t m = n - i;
    store_n<T>(gx + i, load_n(y + i, m) * (load_n(g + i, m) - total), m);
  }
}

template <class T>
void layer_norm(const T* x, T* y, int64_t n, T mean, T invstd, const T* weight, const T* bias) {
  constexpr int64_t L = lanes<T>;
  const Vec<T> m = splat(mean), s = splat(invstd);
  for (int64_t i = 0; i < n; i += L) {
    const int64_t rest = n - i;
    Vec<T> v = (load_n(x + i, rest) - m) * s;
    if (weight) v = v * load_n(weight + i, rest);
    if (bias) v = v + load_n(bias + i, rest);
    store_n<T>(y + i, v, rest);
  }
}

/// gx = invstd (gw - mean(gw) - xhat mean(gw xhat)), gw = g weight.
template <class T>
void layer_norm_backward(const T* g, const T* x, T* gx, int64_t n, T mean, T invstd, const T* weight) {
  constexpr int64_t L = lanes<T>;
  const Vec<T> m = splat(mean), s = splat(invstd);
  const auto scaled = [=](int64_t i, int64_t rest) {
    const Vec<T> v = load_n(g + i, rest);
    return weight ? v * load_n(weight + i, rest) : v;
  };
  const double total = blocked_sum<T>(n, scaled);
  const double inner =
      blocked_sum<T>(n, [=](int64_t i, int64_t rest) { return scaled(i, rest) * (load_n<T>(x + i, rest, mean) - m); });
  const auto count = static_cast<double>(n);
  const Vec<T> a = splat(static_cast<T>(total / count));
  const Vec<T> b = splat(static_cast<T>(inner * static_cast<double>(invstd) * static_cast<double>(invstd) / count));
  for (int64_t i = 0; i < n; i += L) {
    const int64_t rest = n - i;
    store_n<T>(gx + i, s * (scaled(i, rest) - a - (load_n(x + i, rest) - m) * b), rest);
  }
}

template <class T>
void layer_norm_weights(const T* g, const T* x, int64_t n, T mean, T invstd, double* gweight, double* gbias) {
  if (gweight) {
    HEARTH_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) gweight[i] += static_cast<double>(g[i] * ((x[i] - mean) * invstd));
  }
  if (gbias) {
    HEARTH_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) gbias[i] += static_cast<double>(g[i]);
  }
}

template <class T>
void add(FloatLoops<T>& table) {
  table.softmax = softmax<T>;
  table.softmax_backward = softmax_backward<T>;
  table.layer_norm = layer_norm<T>;
  table.layer_norm_backward = layer_norm_backward<T>;
  table.layer_norm_weights = layer_norm_weights<T>;
}

}  // namespace

void add_rows(Loops& table) {
  add(table.f32);
  add(table.f64);
}

}  // namespace hearth::cpu::HEARTH_ISA
