// y = f(a, b), where one of the two may be a single value, and comparisons into bytes.
#include "backend/cpu/isa/isa.h"

namespace hearth::cpu::HEARTH_ISA {
namespace {

/// Few operands in flight: the loop for the ops that training spends its time in.
template <class T, class Op, class LoadA, class LoadB>
HEARTH_INLINE void zip_with(T* y, int64_t n, Op op, LoadA a, LoadB b) {
  constexpr int64_t L = lanes<T>;
  int64_t i = 0;
  for (; i + 2 * L <= n; i += 2 * L) {
    const Vec<T> first = op(a(i), b(i)), second = op(a(i + L), b(i + L));
    store(y + i, first);
    store(y + i + L, second);
  }
  if (i + L <= n) {
    store(y + i, op(a(i), b(i)));
    i += L;
  }
  // The tail's idle lanes hold ones: nothing in them can trap or be slow.
  if (i < n) store_part<T>(y + i, op(a(i, n - i), b(i, n - i)), n - i);
}
template <class T>
struct Stream {
  const T* p;
  HEARTH_INLINE Vec<T> operator()(int64_t i) const { return load(p + i); }
  HEARTH_INLINE Vec<T> operator()(int64_t i, int64_t n) const { return load_part<T>(p + i, n, T(1)); }
};
template <class T>
struct Constant {
  Vec<T> v;
  HEARTH_INLINE Vec<T> operator()(int64_t) const { return v; }
  HEARTH_INLINE Vec<T> operator()(int64_t, int64_t) const { return v; }
};

template <class T, class Op>
HEARTH_INLINE bool zip(const T* a, const T* b, T* y, int64_t n, OneValue one, Op op) {
  if (one == OneValue::none) {
    zip_with(y, n, op, Stream<T>{a}, Stream<T>{b});
  } else if (one == OneValue::b) {
    zip_with(y, n, op, Stream<T>{a}, Constant<T>{splat(*b)});
  } else {
    zip_with(y, n, op, Constant<T>{splat(*a)}, Stream<T>{b});
  }
  return true;
}

/// The same for ops whose own cost hides that of a loop for both streams: one copy of the code.
template <class T, class Op>
HEARTH_INLINE bool zip_heavy(const T* a, const T* b, T* y, int64_t n, OneValue one, Op op) {
  constexpr int64_t L = lanes<T>;
  const int64_t step_a = one == OneValue::a ? 0 : 1, step_b = one == OneValue::b ? 0 : 1;
  const Vec<T> value = splat(one == OneValue::a ? *a : *b);
  for (int64_t i = 0; i < n; i += L) {
    const bool whole = i + L <= n;
    Vec<T> u = value, v = value;
    if (step_a) u = whole ? load(a + i) : load_part<T>(a + i, n - i, T(1));
    if (step_b) v = whole ? load(b + i) : load_part<T>(b + i, n - i, T(1));
    if (whole) {
      store(y + i, op(u, v));
    } else {
      store_part<T>(y + i, op(u, v), n - i);
    }
  }
  return true;
}

template <class V>
HEARTH_INLINE V both_nan(V a, V b, V y) {  // NaN where either is
  V t = a == a ? y : a;
  return b == b ? t : b;
}
template <class V>
HEARTH_INLINE V fmax(V a, V b) {
  V m = a >= b ? a : b;  // b where either is NaN
  return b == b ? m : a;
}
template <class V>
HEARTH_INLINE V fmin(V a, V b) {
  V m = a <= b ? a : b;
  return b == b ? m : a;
}
template <class V>
HEARTH_INLINE V logaddexp(V a, V b) {
  V high = a > b ? a : b, low = a > b ? b : a;
  V y = high + log1p(exp(low - high));
  y = a == b ? a + k<V>(0.693147180559945309) : y;  // equal infinities too
  return both_nan(a, b, y);
}
template <class V>
HEARTH_INLINE V logaddexp2(V a, V b) {
  V high = a > b ? a : b, low = a > b ? b : a;
  V y = high + log1p(exp2(low - high)) * k<V>(1.44269504088896340736);
  y = a == b ? a + k<V>(1) : y;
  return both_nan(a, b, y);
}
template <class V>
HEARTH_INLINE V xlogy(V a, V b) {
  V y = a * log(b);
  y = a == k<V>(0) ? k<V>(0) : y;
  return b == b ? y : b;
}
template <class V>
HEARTH_INLINE V heaviside(V a, V b) {
  V y = a > k<V>(0) ? k<V>(1) : k<V>(0);
  return a == k<V>(0) ? b : y;
}
template <class V>
HEARTH_INLINE V gelu_slope(V x) {  // Phi(x) + x phi(x)
  V e, tail;
  normal_tail(x, e, tail);
  V phi = x > k<V>(0) ? k<V>(1) - tail : tail;
  return fma(x * e, k<V>(0.39894228040143267794), phi);
}
template <class V>
HEARTH_INLINE V gelu_tanh_slope(V x) {
  V a = abs(x) < k<V>(30) ? x : copysign(k<V>(30), x);  // beyond, the slope is 0 or 1
  V square = a * a;
  V u = a * k<V>(1.5957691216057308) * fma(k<V>(0.044715), square, k<V>(1));
  V du = k<V>(1.5957691216057308) * fma(k<V>(0.134145), square, k<V>(1));
  V s = sigmoid(u);
  V y = s + a * s * sigmoid(-u) * du;
  return x == x ? y : x;
}
template <class V>
HEARTH_INLINE V silu_slope(V x) {  // s (1 + x (1 - s))
  V s = sigmoid(x);
  return fma(x * s, sigmoid(-x), s);
}
/// w = tanh(log(1 + e^x)) = n / (n + 2), n = e (e + 2): w + x (1 - w^2) sigmoid(x).
template <class V>
HEARTH_INLINE V mish_slope(V x) {
  V a = x < k<V>(20) ? x : k<V>(20);  // beyond, 1
  a = a > k<V>(-800) ? a : k<V>(-800);
  V e = exp(a);
  V n = e * (e + k<V>(2));
  V inverse = k<V>(1) / (n + k<V>(2));
  V w = n * inverse;
  V y = w + a * (k<V>(4) * (n + k<V>(1)) * inverse * inverse) * (e / (e + k<V>(1)));
  y = abs(x) > k<V>(20) ? x * k<V>(0) + (x > k<V>(0) ? k<V>(1) : y) : y;  // infinity gives NaN, as in PyTorch
  return x == x ? y : x;
}
template <class V>
HEARTH_INLINE V elu_slope(V x, V alpha, V scale, V input_scale) {
  V low = input_scale * alpha * scale * exp(x * input_scale);
  return x > k<V>(0) ? scale : low;
}
template <class V>
HEARTH_INLINE V smooth_l1(V a, V b, V beta) {
  V z = abs(a - b);
  V y = k<V>(0.5) * z * z / beta;
  return z < beta ? y : z - k<V>(0.5) * beta;
}
template <class V>
HEARTH_INLINE V huber(V a, V b, V delta) {
  V z = abs(a - b);
  V y = k<V>(0.5) * z * z;
  return z <= delta ? y : delta * (z - k<V>(0.5) * delta);
}
template <class V>
HEARTH_INLINE V bce(V a, V b) {  // (1 - b) a + max(-a, 0) + log(1 + e^-|a|)
  V high = a < k<V>(0) ? -a : k<V>(0);
  V y = (k<V>(1) - b) * a + high + log1p(exp(-abs(a)));
  return a == a ? y : a;
}

/// Whole exponents of a few kinds need no logarithm: a^2, a^3, sqrt(a) …
template <class T>
bool pow_value(const T* a, T exponent, T* y, int64_t n) {
  using V = Vec<T>;
  const Constant<T> none{V{}};
  const auto one = [&](auto op) {
    zip_with(y, n, op, Stream<T>{a}, none);
    return true;
  };
  if (exponent == T(2)) return one([](V v, V) { return v * v; });
  if (exponent == T(3)) return one([](V v, V) { return v * v * v; });
  if (exponent == T(1)) return one([](V v, V) { return v; });
  if (exponent == T(-1)) return one([](V v, V) { return k<V>(1) / v; });
  if (exponent == T(-2)) return one([](V v, V) { return k<V>(1) / (v * v); });
  if (exponent == T(0.5)) return one([](V v, V) { return sqrt(v); });
  if (exponent == T(-0.5)) return one([](V v, V) { return k<V>(1) / sqrt(v); });
  return zip_heavy(a, &exponent, y, n, OneValue::b, [](V v, V w) { return pow(v, w); });
}

template <class T>
bool binary(BinaryOp op, const T* a, const T* b, T* y, int64_t n, OneValue one, const double* s) {
  using V = Vec<T>;
  const auto light = [&](auto f) { return zip(a, b, y, n, one, f); };
  const auto heavy = [&](auto f) { return zip_heavy(a, b, y, n, one, f); };
  const V p = splat(static_cast<T>(s[1])), q = splat(static_cast<T>(s[2])), r = splat(static_cast<T>(s[3]));
  switch (op) {
    case BinaryOp::add:
      if (s[1] == 1) return light([](V u, V v) { return u + v; });
      return light([p](V u, V v) { return u + p * v; });
    case BinaryOp::sub:
      if (s[1] == 1) return light([](V u, V v) { return u - v; });
      return light([p](V u, V v) { return u - p * v; });
    case BinaryOp::mul: return light([](V u, V v) { return u * v; });
    case BinaryOp::div: return light([](V u, V v) { return u / v; });
    case BinaryOp::div_trunc: return heavy([](V u, V v) { return trunc(u / v); });
    case BinaryOp::pow:
      if (one == OneValue::b) return pow_value(a, *b, y, n);
      return heavy([](V u, V v) { return pow(u, v); });
    case BinaryOp::atan2: return heavy([](V u, V v) { return atan2(u, v); });
    case BinaryOp::hypot: return heavy([](V u, V v) { return hypot(u, v); });
    case BinaryOp::maximum: return light([](V u, V v) { return both_nan(u, v, max_nan(u, v)); });
    case BinaryOp::minimum: return light([](V u, V v) { return both_nan(u, v, min_nan(u, v)); });
    case BinaryOp::fmax: return heavy([](V u, V v) { return fmax(u, v); });
    case BinaryOp::fmin: return heavy([](V u, V v) { return fmin(u, v); });
    case BinaryOp::logaddexp: return heavy([](V u, V v) { return logaddexp(u, v); });
    case BinaryOp::logaddexp2: return heavy([](V u, V v) { return logaddexp2(u, v); });
    case BinaryOp::copysign: return heavy([](V u, V v) { return copysign(u, v); });
    case BinaryOp::xlogy: return heavy([](V u, V v) { return xlogy(u, v); });
    case BinaryOp::heaviside: return heavy([](V u, V v) { return heaviside(u, v); });
    case BinaryOp::prelu: return light([](V u, V v) { return u > k<V>(0) ? u : u * v; });
    case BinaryOp::relu_backward: return heavy([](V u, V v) { return v <= k<V>(0) ? k<V>(0) : u; });
    case BinaryOp::sigmoid_backward: return heavy([](V u, V v) { return u * (k<V>(1) - v) * v; });
    case BinaryOp::tanh_backward: return heavy([](V u, V v) { return u * (k<V>(1) - v * v); });
    case BinaryOp::gelu_backward: return heavy([](V u, V v) { return u * gelu_slope(v); });
    case BinaryOp::gelu_tanh_backward: return heavy([](V u, V v) { return u * gelu_tanh_slope(v); });
    case BinaryOp::silu_backward: return heavy([](V u, V v) { return u * silu_slope(v); });
    case BinaryOp::mish_backward: return heavy([](V u, V v) { return u * mish_slope(v); });
    case BinaryOp::elu_backward: return heavy([=](V u, V v) { return u * elu_slope(v, p, q, r); });
    case BinaryOp::leaky_relu_backward: return heavy([p](V u, V v) { return v > k<V>(0) ? u : u * p; });
    case BinaryOp::hardtanh_backward:
      return heavy([p, q](V u, V v) {
        V kept = v > p ? u : k<V>(0);
        return v < q ? kept : k<V>(0);
      });
    case BinaryOp::softplus_backward: return heavy([p, q](V u, V v) { return v * p > q ? u : u * sigmoid(v * p); });
    case BinaryOp::log_sigmoid_backward: return heavy([](V u, V v) { return u * sigmoid(-v); });
    case BinaryOp::threshold_backward: return heavy([p](V u, V v) { return v <= p ? k<V>(0) : u; });
    case BinaryOp::hardsigmoid_backward:
      return heavy([](V u, V v) { return abs(v) < k<V>(3) ? u * k<V>(1.0 / 6) : k<V>(0); });
    case BinaryOp::hardswish_backward:
      return heavy([](V u, V v) {
        V inside = v >= k<V>(-3) ? u * fma(v, k<V>(1.0 / 3), k<V>(0.5)) : k<V>(0);
        return v >= k<V>(3) ? u : inside;
      });
    case BinaryOp::shrink_backward: return heavy([p](V u, V v) { return abs(v) > p ? u : k<V>(0); });
    case BinaryOp::sqrt_backward: return heavy([](V u, V v) { return u / (v + v); });
    case BinaryOp::mse: return heavy([](V u, V v) { return (u - v) * (u - v); });
    case BinaryOp::smooth_l1: return heavy([p](V u, V v) { return smooth_l1(u, v, p); });
    case BinaryOp::huber: return heavy([p](V u, V v) { return huber(u, v, p); });
    case BinaryOp::bce_with_logits: return heavy([](V u, V v) { return bce(u, v); });
    case BinaryOp::bce_with_logits_backward: return heavy([](V u, V v) { return sigmoid(u) - v; });
    case BinaryOp::masked_zero: return heavy([](V u, V v) { return v == k<V>(0) ? k<V>(0) : u; });
    case BinaryOp::div_floor:
    case BinaryOp::remainder:
    case BinaryOp::fmod:
    case BinaryOp::nextafter:
    case BinaryOp::xlog1py:
    case BinaryOp::zeta:
    case BinaryOp::gammainc:
    case BinaryOp::gammaincc:
    case BinaryOp::chebyshev_polynomial_t:
    case BinaryOp::chebyshev_polynomial_u:
    case BinaryOp::chebyshev_polynomial_v:
    case BinaryOp::chebyshev_polynomial_w:
    case BinaryOp::hermite_polynomial_h:
    case BinaryOp::hermite_polynomial_he:
    case BinaryOp::laguerre_polynomial_l:
    case BinaryOp::legendre_polynomial_p:
    case BinaryOp::bitwise_and:
    case BinaryOp::bitwise_or:
    case BinaryOp::bitwise_xor:
    case BinaryOp::shift_left:
    case BinaryOp::shift_right:
    case BinaryOp::gcd:
    case BinaryOp::lcm:
    case BinaryOp::eq:
    case BinaryOp::ne:
    case BinaryOp::lt:
    case BinaryOp::le:
    case BinaryOp::gt:
    case BinaryOp::ge:
    case BinaryOp::logical_and:
    case BinaryOp::logical_or:
    case BinaryOp::logical_xor: break;
  }
  return false;
}

/// Plain loops: the compiler packs the masks into bytes.
template <class T, class Op>
HEARTH_INLINE bool compare_with(const T* a, const T* b, uint8_t* __restrict y, int64_t n, OneValue one, Op op) {
  if (one == OneValue::none) {
    for (int64_t i = 0; i < n; ++i) y[i] = op(a[i], b[i]);
  } else if (one == OneValue::b) {
    const T value = *b;
    for (int64_t i = 0; i < n; ++i) y[i] = op(a[i], value);
  } else {
    const T value = *a;
    for (int64_t i = 0; i < n; ++i) y[i] = op(value, b[i]);
  }
  return true;
}
template <class T>
bool compare(BinaryOp op, const T* a, const T* b, uint8_t* y, int64_t n, OneValue one) {
  switch (op) {
    case BinaryOp::eq: return compare_with(a, b, y, n, one, [](T u, T v) { return u == v; });
    case BinaryOp::ne: return compare_with(a, b, y, n, one, [](T u, T v) { return u != v; });
    case BinaryOp::lt: return compare_with(a, b, y, n, one, [](T u, T v) { return u < v; });
    case BinaryOp::le: return compare_with(a, b, y, n, one, [](T u, T v) { return u <= v; });
    case BinaryOp::gt: return compare_with(a, b, y, n, one, [](T u, T v) { return u > v; });
    case BinaryOp::ge: return compare_with(a, b, y, n, one, [](T u, T v) { return u >= v; });
    default: return false;
  }
}

}  // namespace

void add_binary(Loops& table) {
  table.f32.binary = binary<float>;
  table.f64.binary = binary<double>;
  table.f32.compare = compare<float>;
  table.f64.compare = compare<double>;
}

}  // namespace hearth::cpu::HEARTH_ISA
