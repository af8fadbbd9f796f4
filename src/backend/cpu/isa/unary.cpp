// y = f(x) for every f that is worth a vector loop.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

template <class T, class Op>
HEARTH_INLINE bool map(const T* x, T* y, int64_t n, Op op) {
  constexpr int64_t L = lanes<T>;
  int64_t i = 0;
  for (; i + 2 * L <= n; i += 2 * L) {  // two at a time: independent chains fill the pipeline
    const Vec<T> a = op(load(x + i)), b = op(load(x + i + L));
    store(y + i, a);
    store(y + i + L, b);
  }
  if (i + L <= n) {
    store(y + i, op(load(x + i)));
    i += L;
  }
  if (i < n) store_part<T>(y + i, op(load_part<T>(x + i, n - i)), n - i);
  return true;
}

template <class V>
HEARTH_INLINE V select_positive(V x, V positive, V other) {
  return x > k<V>(0) ? positive : other;
}
/// NaN stays; a NaN bound makes NaN.
template <class V>
HEARTH_INLINE V clamp_to(V x, V low, V high) {
  return min_nan(max_nan(x, low), high);
}

template <class V>
HEARTH_INLINE V sign(V x) {
  V y = x > k<V>(0) ? k<V>(1) : k<V>(0);
  return x < k<V>(0) ? k<V>(-1) : y;
}
/// x * Phi(x); Phi from the tail of its own side, so that small results keep their digits. -inf gives NaN.
template <class V>
HEARTH_INLINE V gelu(V x) {
  V e, tail;
  normal_tail(x, e, tail);
  V cut = abs(x) * tail;
  V y = x < k<V>(0) ? -cut : x - cut;
  return x > k<V>(40) ? x : y;
}
template <class V>
HEARTH_INLINE V gelu_tanh(V x) {
  V u = x * k<V>(1.5957691216057308) * fma(k<V>(0.044715) * x, x, k<V>(1));  // 2 sqrt(2 / pi) (x + 0.044715 x^3)
  return x * sigmoid(u);
}
/// x tanh(log(1 + e^x)), with tanh(log(1 + e)) = n / (n + 2), n = e (e + 2).
template <class V>
HEARTH_INLINE V mish(V x) {
  V e = exp(x < k<V>(40) ? x : k<V>(40));
  V n = e * (e + k<V>(2));
  V y = x * (n / (n + k<V>(2)));
  y = x > k<V>(20) ? x : y;
  return x == x ? y : x;
}
template <class V>
HEARTH_INLINE V softplus(V x, V beta, V threshold) {
  V scaled = x * beta;
  return scaled > threshold ? x : log1p_exp(scaled) / beta;
}
template <class V>
HEARTH_INLINE V log_sigmoid(V x) {
  V y = (x < k<V>(0) ? x : k<V>(0)) - log1p(exp(-abs(x)));
  return x == x ? y : x;
}
template <class V>
HEARTH_INLINE V hard_gate(V x) {  // min(max(x + 3, 0), 6) / 6
  return clamp_to(x + k<V>(3), k<V>(0), k<V>(6)) / k<V>(6);
}
template <class V>
HEARTH_INLINE V elu(V x, V alpha, V scale, V input_scale) {
  V low = alpha * scale * expm1(x * input_scale);
  return x <= k<V>(0) ? low : x * scale;
}
template <class V>
HEARTH_INLINE V soft_shrink(V x, V lambda) {
  V y = x < -lambda ? x + lambda : k<V>(0);
  return x > lambda ? x - lambda : y;
}
template <class V>
HEARTH_INLINE V nan_to_num(V x, V nan, V high, V low) {
  V infinite = x > k<V>(0) ? high : low;
  V y = abs(x) == k<V>(__builtin_inf()) ? infinite : x;
  return x == x ? y : nan;
}

template <class T>
bool unary(UnaryOp op, const T* x, T* y, int64_t n, const double* s) {
  using V = Vec<T>;
  const V p = splat(static_cast<T>(s[0])), q = splat(static_cast<T>(s[1])), r = splat(static_cast<T>(s[2]));
  switch (op) {
    case UnaryOp::abs: return map(x, y, n, [](V v) { return abs(v); });
    case UnaryOp::neg: return map(x, y, n, [](V v) { return -v; });
    case UnaryOp::sign: return map(x, y, n, [](V v) { return sign(v); });
    case UnaryOp::square: return map(x, y, n, [](V v) { return v * v; });
    case UnaryOp::relu: return map(x, y, n, [](V v) { return v < k<V>(0) ? k<V>(0) : v; });
    case UnaryOp::positive: return map(x, y, n, [](V v) { return v; });
    case UnaryOp::exp: return map(x, y, n, [](V v) { return exp(v); });
    case UnaryOp::exp2: return map(x, y, n, [](V v) { return exp2(v); });
    case UnaryOp::expm1: return map(x, y, n, [](V v) { return expm1(v); });
    case UnaryOp::log: return map(x, y, n, [](V v) { return log(v); });
    case UnaryOp::log2: return map(x, y, n, [](V v) { return log2(v); });
    case UnaryOp::log10: return map(x, y, n, [](V v) { return log10(v); });
    case UnaryOp::log1p: return map(x, y, n, [](V v) { return log1p(v); });
    case UnaryOp::sqrt: return map(x, y, n, [](V v) { return sqrt(v); });
    case UnaryOp::rsqrt: return map(x, y, n, [](V v) { return k<V>(1) / sqrt(v); });
    case UnaryOp::reciprocal: return map(x, y, n, [](V v) { return k<V>(1) / v; });
    case UnaryOp::sin: return map(x, y, n, [](V v) { return sin(v); });
    case UnaryOp::cos: return map(x, y, n, [](V v) { return cos(v); });
    case UnaryOp::tan: return map(x, y, n, [](V v) { return tan(v); });
    case UnaryOp::sinc:
      return map(x, y, n, [](V v) {
        return v == k<V>(0) ? k<V>(1) : sin(v * k<V>(3.14159265358979323846)) / (v * k<V>(3.14159265358979323846));
      });
    case UnaryOp::asin: return map(x, y, n, [](V v) { return asin(v); });
    case UnaryOp::acos: return map(x, y, n, [](V v) { return acos(v); });
    case UnaryOp::atan: return map(x, y, n, [](V v) { return atan(v); });
    case UnaryOp::sinh: return map(x, y, n, [](V v) { return sinh(v); });
    case UnaryOp::cosh: return map(x, y, n, [](V v) { return cosh(v); });
    case UnaryOp::tanh: return map(x, y, n, [](V v) { return tanh(v); });
    case UnaryOp::asinh: return map(x, y, n, [](V v) { return asinh(v); });
    case UnaryOp::acosh: return map(x, y, n, [](V v) { return acosh(v); });
    case UnaryOp::atanh: return map(x, y, n, [](V v) { return atanh(v); });
    case UnaryOp::sigmoid: return map(x, y, n, [](V v) { return sigmoid(v); });
    case UnaryOp::logit: return map(x, y, n, [](V v) { return log(v / (k<V>(1) - v)); });
    case UnaryOp::erf: return map(x, y, n, [](V v) { return erf(v); });
    case UnaryOp::erfc: return map(x, y, n, [](V v) { return erfc(v); });
    case UnaryOp::ceil: return map(x, y, n, [](V v) { return ceil(v); });
    case UnaryOp::floor: return map(x, y, n, [](V v) { return floor(v); });
    case UnaryOp::trunc: return map(x, y, n, [](V v) { return trunc(v); });
    case UnaryOp::round: return map(x, y, n, [](V v) { return rint(v); });
    case UnaryOp::frac: return map(x, y, n, [](V v) { return v - trunc(v); });
    case UnaryOp::gelu: return map(x, y, n, [](V v) { return gelu(v); });
    case UnaryOp::gelu_tanh: return map(x, y, n, [](V v) { return gelu_tanh(v); });
    case UnaryOp::silu: return map(x, y, n, [](V v) { return v * sigmoid(v); });
    case UnaryOp::mish: return map(x, y, n, [](V v) { return mish(v); });
    case UnaryOp::softplus: return map(x, y, n, [=](V v) { return softplus(v, p, q); });
    case UnaryOp::elu: return map(x, y, n, [=](V v) { return elu(v, p, q, r); });
    case UnaryOp::leaky_relu: return map(x, y, n, [=](V v) { return select_positive(v, v, v * p); });
    case UnaryOp::hardtanh:
    case UnaryOp::clamp: return map(x, y, n, [=](V v) { return clamp_to(v, p, q); });
    case UnaryOp::clamp_min: return map(x, y, n, [=](V v) { return max_nan(v, p); });
    case UnaryOp::clamp_max: return map(x, y, n, [=](V v) { return min_nan(v, p); });
    case UnaryOp::hardsigmoid: return map(x, y, n, [](V v) { return hard_gate(v); });
    case UnaryOp::hardswish: return map(x, y, n, [](V v) { return v * hard_gate(v); });
    case UnaryOp::softsign: return map(x, y, n, [](V v) { return v / (k<V>(1) + abs(v)); });
    case UnaryOp::log_sigmoid: return map(x, y, n, [](V v) { return log_sigmoid(v); });
    case UnaryOp::hardshrink: return map(x, y, n, [=](V v) { return abs(v) <= p ? k<V>(0) : v; });
    case UnaryOp::softshrink: return map(x, y, n, [=](V v) { return soft_shrink(v, p); });
    case UnaryOp::threshold: return map(x, y, n, [=](V v) { return v <= p ? q : v; });
    case UnaryOp::nan_to_num: return map(x, y, n, [=](V v) { return nan_to_num(v, p, q, r); });
    case UnaryOp::bitwise_not:
    case UnaryOp::logical_not:
    case UnaryOp::erfinv:
    case UnaryOp::lgamma:
    case UnaryOp::digamma:
    case UnaryOp::polygamma:
    case UnaryOp::i0:
    case UnaryOp::i0e:
    case UnaryOp::i1:
    case UnaryOp::i1e:
    case UnaryOp::erfcx:
    case UnaryOp::ndtri:
    case UnaryOp::log_ndtr:
    case UnaryOp::bessel_j0:
    case UnaryOp::bessel_j1:
    case UnaryOp::bessel_y0:
    case UnaryOp::bessel_y1:
    case UnaryOp::modified_bessel_k0:
    case UnaryOp::modified_bessel_k1:
    case UnaryOp::scaled_modified_bessel_k0:
    case UnaryOp::scaled_modified_bessel_k1:
    case UnaryOp::spherical_bessel_j0:
    case UnaryOp::airy_ai:
    case UnaryOp::airy_ai_prime:
    case UnaryOp::frexp_mantissa:
    case UnaryOp::frexp_exponent:
    case UnaryOp::round_decimals:
    case UnaryOp::isnan:
    case UnaryOp::isinf:
    case UnaryOp::isfinite:
    case UnaryOp::isposinf:
    case UnaryOp::isneginf:
    case UnaryOp::signbit: break;
  }
  return false;
}

}  // namespace

void add_unary(Loops& table) {
  table.f32.unary = unary<float>;
  table.f64.unary = unary<double>;
}

}  // namespace hearth::cpu::HEARTH_ISA
