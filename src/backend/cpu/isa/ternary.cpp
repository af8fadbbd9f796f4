// y = f(a, b, c).
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

template <class T, class Op>
HEARTH_INLINE void map3(const T* a, const T* b, const T* c, T* y, int64_t n, Op op) {
  constexpr int64_t L = lanes<T>;
  int64_t i = 0;
  for (; i + L <= n; i += L) store(y + i, op(load(a + i), load(b + i), load(c + i)));
  if (i < n) {
    const int64_t m = n - i;
    store_part<T>(y + i, op(load_part<T>(a + i, m), load_part<T>(b + i, m), load_part<T>(c + i, m, T(1))), m);
  }
}

template <class T>
void ternary(TernaryOp op, const T* a, const T* b, const T* c, T* y, int64_t n, const double* s) {
  using V = Vec<T>;
  const V value = splat(static_cast<T>(s[0]));
  switch (op) {
    case TernaryOp::addcmul: return map3(a, b, c, y, n, [=](V u, V v, V w) { return u + value * v * w; });
    case TernaryOp::addcdiv: return map3(a, b, c, y, n, [=](V u, V v, V w) { return u + value * v / w; });
    case TernaryOp::lerp:
      return map3(a, b, c, y, n, [](V u, V v, V w) {
        V from_start = u + w * (v - u), from_end = v - (v - u) * (k<V>(1) - w);
        return abs(w) < k<V>(0.5) ? from_start : from_end;
      });
    case TernaryOp::clamp:
      return map3(a, b, c, y, n, [](V u, V v, V w) {
        V low = v == v ? max_nan(u, v) : v;
        return w == w ? min_nan(low, w) : w;
      });
    case TernaryOp::where:
    case TernaryOp::masked_scale: break;  // these have a bool operand and their own loops
  }
}

template <class T>
void where(const uint8_t* condition, const T* b, const T* c, T* y, int64_t n) {
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) {
    const T u = b[i], v = c[i];  // both are read, so that the choice is a blend
    y[i] = condition[i] ? u : v;
  }
}

/// Multiplies, as PyTorch does: a NaN shows through a zero mask.
template <class T>
void masked_scale(const T* a, const uint8_t* mask, T* y, int64_t n, T scale) {
  HEARTH_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) y[i] = a[i] * (mask[i] ? T(1) : T(0)) * scale;
}

}  // namespace

void add_ternary(Loops& table) {
  table.f32.ternary = ternary<float>;
  table.f64.ternary = ternary<double>;
  table.f32.where = where<float>;
  table.f64.where = where<double>;
  table.f32.masked_scale = masked_scale<float>;
  table.f64.masked_scale = masked_scale<double>;
}

}  // namespace hearth::cpu::HEARTH_ISA
