// Runs of the binary ops: floats by vector loops, the rest plainly.
#include <cmath>
#include <numeric>

#include "backend/cpu/binary.h"
#include "backend/cpu/special_functions.h"

namespace hearth::cpu {
namespace {

[[noreturn]] void refuse(BinaryOp op, ScalarType dtype) {
  throw DtypeError(fmt::format("[binary] kernel {} is not defined for {}; convert the tensors first",
                               static_cast<int>(op), toString(dtype)),
                   dtype);
}

template <class T, class Y, class F>
void zip(const T* a, const T* b, Y* y, int64_t n, OneValue one, F f) {
  if (one == OneValue::none) {
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Y>(f(a[i], b[i]));
  } else if (one == OneValue::b) {
    const T value = *b;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Y>(f(a[i], value));
  } else {
    const T value = *a;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<Y>(f(value, b[i]));
  }
}

template <class T>
T remainder_of(T a, T b) {  // the divisor's sign
  T r = std::fmod(a, b);
  if (r != 0 && (r < 0) != (b < 0)) r += b;
  return r;
}
/// floor(a / b) by way of the remainder, so that it fits remainder_of.
template <class T>
T floor_divide(T a, T b) {
  if (b == 0) return a / b;
  const T mod = std::fmod(a, b);
  T quotient = (a - mod) / b;
  if (mod != 0 && (b < 0) != (mod < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(T(0), a / b);
  const T whole = std::floor(quotient);
  return quotient - whole > T(0.5) ? whole + 1 : whole;
}

/// Float ops without a vector loop.
template <class T>
void rare_run(BinaryOp op, const T* a, const T* b, T* y, int64_t n, OneValue one) {
  switch (op) {
    case BinaryOp::div_floor: return zip(a, b, y, n, one, floor_divide<T>);
    case BinaryOp::remainder: return zip(a, b, y, n, one, remainder_of<T>);
    case BinaryOp::fmod: return zip(a, b, y, n, one, [](T u, T v) { return std::fmod(u, v); });
    case BinaryOp::nextafter: return zip(a, b, y, n, one, [](T u, T v) { return std::nextafter(u, v); });
    case BinaryOp::xlog1py:
      return zip(a, b, y, n, one, [](T u, T v) { return v != v ? v : u == 0 ? T(0) : u * std::log1p(v); });
    case BinaryOp::zeta: return zip(a, b, y, n, one, [](T u, T v) { return hurwitz_zeta(u, v); });
    case BinaryOp::gammainc: return zip(a, b, y, n, one, [](T u, T v) { return gammainc(u, v); });
    case BinaryOp::gammaincc: return zip(a, b, y, n, one, [](T u, T v) { return gammaincc(u, v); });
    case BinaryOp::chebyshev_polynomial_t: return zip(a, b, y, n, one, [](T u, T v) { return chebyshev_t(u, v); });
    case BinaryOp::chebyshev_polynomial_u: return zip(a, b, y, n, one, [](T u, T v) { return chebyshev_u(u, v); });
    case BinaryOp::chebyshev_polynomial_v: return zip(a, b, y, n, one, [](T u, T v) { return chebyshev_v(u, v); });
    case BinaryOp::chebyshev_polynomial_w: return zip(a, b, y, n, one, [](T u, T v) { return chebyshev_w(u, v); });
    case BinaryOp::hermite_polynomial_h: return zip(a, b, y, n, one, [](T u, T v) { return hermite_h(u, v); });
    case BinaryOp::hermite_polynomial_he: return zip(a, b, y, n, one, [](T u, T v) { return hermite_he(u, v); });
    case BinaryOp::laguerre_polynomial_l: return zip(a, b, y, n, one, [](T u, T v) { return laguerre_l(u, v); });
    case BinaryOp::legendre_polynomial_p: return zip(a, b, y, n, one, [](T u, T v) { return legendre_p(u, v); });
    default: refuse(op, scalar_type_of<T>());
  }
}

template <class T>
void float_run(BinaryOp op, const void* a, const void* b, void* y, int64_t n, OneValue one, const Numbers& numbers) {
  const auto *u = static_cast<const T*>(a), *v = static_cast<const T*>(b);
  auto* out = static_cast<T*>(y);
  if (!loops_of<T>().binary(op, u, v, out, n, one, numbers.d)) rare_run(op, u, v, out, n, one);
}

template <class T>
void test_run(BinaryOp op, const T* a, const T* b, uint8_t* y, int64_t n, OneValue one) {
  switch (op) {
    case BinaryOp::eq: return zip(a, b, y, n, one, [](T u, T v) { return u == v; });
    case BinaryOp::ne: return zip(a, b, y, n, one, [](T u, T v) { return u != v; });
    case BinaryOp::lt: return zip(a, b, y, n, one, [](T u, T v) { return u < v; });
    case BinaryOp::le: return zip(a, b, y, n, one, [](T u, T v) { return u <= v; });
    case BinaryOp::gt: return zip(a, b, y, n, one, [](T u, T v) { return u > v; });
    case BinaryOp::ge: return zip(a, b, y, n, one, [](T u, T v) { return u >= v; });
    case BinaryOp::logical_and: return zip(a, b, y, n, one, [](T u, T v) { return (u != 0) & (v != 0); });
    case BinaryOp::logical_or: return zip(a, b, y, n, one, [](T u, T v) { return (u != 0) | (v != 0); });
    case BinaryOp::logical_xor: return zip(a, b, y, n, one, [](T u, T v) { return (u != 0) != (v != 0); });
    default: refuse(op, scalar_type_of<T>());
  }
}
/// Comparisons and logic: out is bytes of 0 and 1.
template <class T>
void compare_run(BinaryOp op, const void* a, const void* b, void* y, int64_t n, OneValue one, const Numbers&) {
  const auto *u = static_cast<const T*>(a), *v = static_cast<const T*>(b);
  auto* out = static_cast<uint8_t*>(y);
  if constexpr (std::is_floating_point_v<T>) {
    if (loops_of<T>().compare(op, u, v, out, n, one)) return;
  }
  test_run(op, u, v, out, n, one);
}

/// Halves as floats, a piece at a time.
template <ScalarType dtype, bool test>
void half_run(BinaryOp op, const void* a, const void* b, void* y, int64_t n, OneValue one, const Numbers& numbers) {
  alignas(64) float left[kPiece], right[kPiece], result[kPiece];
  const auto *u = static_cast<const uint16_t*>(a), *v = static_cast<const uint16_t*>(b);
  if (one == OneValue::a) halves_to_float(dtype, u, left, 1);
  if (one == OneValue::b) halves_to_float(dtype, v, right, 1);
  for (int64_t i = 0; i < n; i += kPiece) {
    const int64_t m = std::min(kPiece, n - i);
    if (one != OneValue::a) halves_to_float(dtype, u + i, left, m);
    if (one != OneValue::b) halves_to_float(dtype, v + i, right, m);
    if constexpr (test) {
      compare_run<float>(op, left, right, static_cast<uint8_t*>(y) + i, m, one, numbers);
    } else {
      float_run<float>(op, left, right, result, m, one, numbers);
      float_to_halves(dtype, result, static_cast<uint16_t*>(y) + i, m);
    }
  }
}
/// The next value of the half itself, not of its float.
template <class T>
void half_nextafter(BinaryOp, const void* a, const void* b, void* y, int64_t n, OneValue one, const Numbers&) {
  zip(static_cast<const T*>(a), static_cast<const T*>(b), static_cast<T*>(y), n, one, [](T u, T v) {
    const auto from = static_cast<float>(u), to = static_cast<float>(v);
    if (from != from || to != to) return T(std::numeric_limits<float>::quiet_NaN());
    if (from == to) return v;
    T next;
    if (from == 0) {
      next.x = static_cast<uint16_t>(1 | (v.x & 0x8000));
    } else {
      next.x = static_cast<uint16_t>((from < to) == (from > 0) ? u.x + 1 : u.x - 1);
    }
    return next;
  });
}

// --- integers. Sums and products wrap; the divisor is not zero (checked before).
template <class T>
T int_div_trunc(T a, T b) {
  if (std::is_signed_v<T> && b == static_cast<T>(-1)) return static_cast<T>(0 - static_cast<uint64_t>(a));
  return static_cast<T>(a / b);
}
template <class T>
T int_mod(T a, T b) {
  return std::is_signed_v<T> && b == static_cast<T>(-1) ? T(0) : static_cast<T>(a % b);
}
template <class T>
T int_div_floor(T a, T b) {
  const T q = int_div_trunc(a, b);
  return int_mod(a, b) != 0 && (a < 0) != (b < 0) ? static_cast<T>(q - 1) : q;
}
template <class T>
T int_remainder(T a, T b) {
  const T r = int_mod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? static_cast<T>(r + b) : r;
}
template <class T>
T int_pow(T a, T b) {
  if (b < 0) {
    if (a == 1) return 1;
    if (a == static_cast<T>(-1)) return b % 2 == 0 ? T(1) : static_cast<T>(-1);
    return 0;
  }
  auto base = static_cast<uint64_t>(a);
  uint64_t result = 1;
  for (auto e = static_cast<uint64_t>(b); e != 0; e >>= 1) {
    if (e & 1) result *= base;
    base *= base;
  }
  return static_cast<T>(result);
}
template <class T>
T int_gcd(T a, T b) {
  uint64_t u = a < 0 ? 0 - static_cast<uint64_t>(a) : static_cast<uint64_t>(a);
  uint64_t v = b < 0 ? 0 - static_cast<uint64_t>(b) : static_cast<uint64_t>(b);
  while (v != 0) {
    const uint64_t r = u % v;
    u = v;
    v = r;
  }
  return static_cast<T>(u);
}
template <class T>
T int_lcm(T a, T b) {
  const T g = int_gcd(a, b);
  if (g == 0) return 0;
  const auto product = static_cast<int64_t>(static_cast<uint64_t>(a / g) * static_cast<uint64_t>(b));
  return static_cast<T>(product < 0 ? 0 - static_cast<uint64_t>(product) : static_cast<uint64_t>(product));
}
template <class T>
T shift_left(T a, T b) {
  constexpr int bits = sizeof(T) * 8;
  return b < 0 || b >= static_cast<T>(bits) ? T(0) : static_cast<T>(static_cast<uint64_t>(a) << b);
}
template <class T>
T shift_right(T a, T b) {
  constexpr int last = sizeof(T) * 8 - 1;
  if (b < 0 || b > static_cast<T>(last)) return a < 0 ? static_cast<T>(-1) : T(0);
  return static_cast<T>(a >> b);
}

template <class T>
void integer_run(BinaryOp op, const void* pa, const void* pb, void* py, int64_t n, OneValue one,
                 const Numbers& numbers) {
  const auto *a = static_cast<const T*>(pa), *b = static_cast<const T*>(pb);
  auto* y = static_cast<T*>(py);
  using U = std::make_unsigned_t<T>;
  const auto alpha = static_cast<U>(op == BinaryOp::add || op == BinaryOp::sub ? numbers.raw.s[1].toLong() : 0);
  switch (op) {
    case BinaryOp::add:
      return zip(a, b, y, n, one, [=](T u, T v) {
        return static_cast<U>(static_cast<U>(u) + static_cast<U>(alpha * static_cast<uint64_t>(v)));
      });
    case BinaryOp::sub:
      return zip(a, b, y, n, one, [=](T u, T v) {
        return static_cast<U>(static_cast<U>(u) - static_cast<U>(alpha * static_cast<uint64_t>(v)));
      });
    case BinaryOp::mul:
      return zip(a, b, y, n, one,
                 [](T u, T v) { return static_cast<U>(static_cast<uint64_t>(u) * static_cast<uint64_t>(v)); });
    case BinaryOp::div_floor: return zip(a, b, y, n, one, int_div_floor<T>);
    case BinaryOp::div_trunc: return zip(a, b, y, n, one, int_div_trunc<T>);
    case BinaryOp::remainder: return zip(a, b, y, n, one, int_remainder<T>);
    case BinaryOp::fmod: return zip(a, b, y, n, one, int_mod<T>);
    case BinaryOp::pow: return zip(a, b, y, n, one, int_pow<T>);
    case BinaryOp::maximum:
    case BinaryOp::fmax: return zip(a, b, y, n, one, [](T u, T v) { return u > v ? u : v; });
    case BinaryOp::minimum:
    case BinaryOp::fmin: return zip(a, b, y, n, one, [](T u, T v) { return u < v ? u : v; });
    case BinaryOp::heaviside: return zip(a, b, y, n, one, [](T u, T v) { return u == 0 ? v : T(u > 0); });
    case BinaryOp::bitwise_and: return zip(a, b, y, n, one, [](T u, T v) { return u & v; });
    case BinaryOp::bitwise_or: return zip(a, b, y, n, one, [](T u, T v) { return u | v; });
    case BinaryOp::bitwise_xor: return zip(a, b, y, n, one, [](T u, T v) { return u ^ v; });
    case BinaryOp::shift_left: return zip(a, b, y, n, one, shift_left<T>);
    case BinaryOp::shift_right: return zip(a, b, y, n, one, shift_right<T>);
    case BinaryOp::gcd: return zip(a, b, y, n, one, int_gcd<T>);
    case BinaryOp::lcm: return zip(a, b, y, n, one, int_lcm<T>);
    case BinaryOp::relu_backward: return zip(a, b, y, n, one, [](T u, T v) { return v > 0 ? u : T(0); });
    case BinaryOp::masked_zero: return zip(a, b, y, n, one, [](T u, T v) { return v == 0 ? T(0) : u; });
    case BinaryOp::mse:
      return zip(a, b, y, n, one, [](T u, T v) {
        const uint64_t d = static_cast<uint64_t>(u) - static_cast<uint64_t>(v);
        return static_cast<U>(d * d);
      });
    default: refuse(op, scalar_type_of<T>());
  }
}

void bool_run(BinaryOp op, const void* pa, const void* pb, void* py, int64_t n, OneValue one, const Numbers& numbers) {
  const auto *a = static_cast<const uint8_t*>(pa), *b = static_cast<const uint8_t*>(pb);
  auto* y = static_cast<uint8_t*>(py);
  using B = uint8_t;
  switch (op) {
    case BinaryOp::add: {
      const bool alpha = numbers.raw.s[1].toBool();
      return zip(a, b, y, n, one, [=](B u, B v) { return u | (v & B(alpha)); });
    }
    case BinaryOp::bitwise_or:
    case BinaryOp::maximum:
    case BinaryOp::fmax: return zip(a, b, y, n, one, [](B u, B v) { return u | v; });
    case BinaryOp::mul:
    case BinaryOp::bitwise_and:
    case BinaryOp::minimum:
    case BinaryOp::fmin: return zip(a, b, y, n, one, [](B u, B v) { return u & v; });
    case BinaryOp::sub:
    case BinaryOp::bitwise_xor: return zip(a, b, y, n, one, [](B u, B v) { return u ^ v; });
    case BinaryOp::pow: return zip(a, b, y, n, one, [](B u, B v) { return u | (v ^ 1); });
    case BinaryOp::heaviside: return zip(a, b, y, n, one, [](B u, B v) { return u | v; });
    case BinaryOp::masked_zero: return zip(a, b, y, n, one, [](B u, B v) { return u & v; });
    case BinaryOp::div_floor:  // the divisor is true
    case BinaryOp::div_trunc: return zip(a, b, y, n, one, [](B u, B) { return u; });
    case BinaryOp::remainder:
    case BinaryOp::fmod: return zip(a, b, y, n, one, [](B, B) { return B(0); });
    default: refuse(op, kBool);
  }
}

bool is_test(BinaryOp op) { return op >= BinaryOp::eq && op <= BinaryOp::logical_xor; }

}  // namespace

BinaryRun binary_run(BinaryOp op, ScalarType out, ScalarType in) {
  if (out == kBool && is_test(op)) {
    if (in == kHalf) return half_run<ScalarType::Half, true>;
    if (in == kBFloat16) return half_run<ScalarType::BFloat16, true>;
    if (in == kBool) return compare_run<uint8_t>;
    return visit_all("binary", in, [](auto tag) -> BinaryRun {
      using T = typename decltype(tag)::type;
      if constexpr (is_half<T> || std::is_same_v<T, bool>) {
        return nullptr;  // taken above
      } else {
        return compare_run<T>;
      }
    });
  }
  if (out != in) refuse(op, in);
  if (in == kFloat) return float_run<float>;
  if (in == kDouble) return float_run<double>;
  if (op == BinaryOp::nextafter && in == kHalf) return half_nextafter<Half>;
  if (op == BinaryOp::nextafter && in == kBFloat16) return half_nextafter<BFloat16>;
  if (in == kHalf) return half_run<ScalarType::Half, false>;
  if (in == kBFloat16) return half_run<ScalarType::BFloat16, false>;
  if (in == kBool) return bool_run;
  return visit_integral("binary", in, [](auto tag) -> BinaryRun { return integer_run<typename decltype(tag)::type>; });
}

}  // namespace hearth::cpu
