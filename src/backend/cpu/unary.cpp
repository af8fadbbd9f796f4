#include <cmath>

#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"
#include "backend/cpu/special.h"
#include "backend/cpu/special_functions.h"

namespace hearth::cpu {
namespace {

/// y = op(x) over a contiguous run; x and y of the kernel's dtypes.
using UnaryRun = void (*)(UnaryOp op, const void* x, void* y, int64_t n, const Numbers& numbers);

[[noreturn]] void refuse(UnaryOp op, ScalarType dtype) {
  throw DtypeError(fmt::format("[unary] kernel {} is not defined for {}; convert the tensor to a floating dtype first",
                               static_cast<int>(op), toString(dtype)),
                   dtype);
}

template <class T, class F>
void each(const T* x, T* y, int64_t n, F f) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(f(x[i]));
}

double round_decimals(double x, double decimals) {
  const double ten = std::pow(10.0, std::fabs(decimals));
  const double y = decimals < 0 ? std::nearbyint(x / ten) * ten : std::nearbyint(x * ten) / ten;
  return std::isfinite(y) || !std::isfinite(x) ? y : x;  // the scaling overflowed: x has no such decimals
}

/// Mantissa and exponent; of an infinity or NaN itself and 0.
std::pair<double, int> binary_parts(double x) {
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  return {mantissa, std::isfinite(x) ? exponent : 0};
}

/// Ops without a vector loop.
template <class T>
void rare_run(UnaryOp op, const T* x, T* y, int64_t n, const Numbers& numbers) {
  switch (op) {
    case UnaryOp::erfinv: return each(x, y, n, [](T v) { return erfinv(v); });
    case UnaryOp::lgamma: return each(x, y, n, [](T v) { return log_gamma(v); });
    case UnaryOp::digamma: return each(x, y, n, [](T v) { return digamma(v); });
    case UnaryOp::polygamma: return each(x, y, n, [&](T v) { return polygamma(numbers.d[0], v); });
    case UnaryOp::i0: return each(x, y, n, [](T v) { return bessel_i0(v); });
    case UnaryOp::i0e: return each(x, y, n, [](T v) { return bessel_i0e(v); });
    case UnaryOp::i1: return each(x, y, n, [](T v) { return bessel_i1(v); });
    case UnaryOp::i1e: return each(x, y, n, [](T v) { return bessel_i1e(v); });
    case UnaryOp::erfcx: return each(x, y, n, [](T v) { return erfcx(v); });
    case UnaryOp::ndtri: return each(x, y, n, [](T v) { return ndtri(v); });
    case UnaryOp::log_ndtr: return each(x, y, n, [](T v) { return log_ndtr(v); });
    case UnaryOp::bessel_j0: return each(x, y, n, [](T v) { return ::j0(v); });
    case UnaryOp::bessel_j1: return each(x, y, n, [](T v) { return ::j1(v); });
    case UnaryOp::bessel_y0: return each(x, y, n, [](T v) { return ::y0(v); });
    case UnaryOp::bessel_y1: return each(x, y, n, [](T v) { return ::y1(v); });
    case UnaryOp::modified_bessel_k0: return each(x, y, n, [](T v) { return bessel_k0(v); });
    case UnaryOp::modified_bessel_k1: return each(x, y, n, [](T v) { return bessel_k1(v); });
    case UnaryOp::scaled_modified_bessel_k0: return each(x, y, n, [](T v) { return bessel_k0e(v); });
    case UnaryOp::scaled_modified_bessel_k1: return each(x, y, n, [](T v) { return bessel_k1e(v); });
    case UnaryOp::spherical_bessel_j0: return each(x, y, n, [](T v) { return spherical_bessel_j0(v); });
    case UnaryOp::airy_ai: return each(x, y, n, [](T v) { return airy_ai(v); });
    case UnaryOp::airy_ai_prime: return each(x, y, n, [](T v) { return airy_ai_prime(v); });
    case UnaryOp::frexp_mantissa: return each(x, y, n, [](T v) { return binary_parts(v).first; });
    case UnaryOp::frexp_exponent: return each(x, y, n, [](T v) { return binary_parts(v).second; });
    case UnaryOp::round_decimals: return each(x, y, n, [&](T v) { return round_decimals(v, numbers.d[0]); });
    case UnaryOp::logical_not: return each(x, y, n, [](T v) { return v == 0 ? T(1) : T(0); });
    default: refuse(op, scalar_type_of<T>());
  }
}

template <class T>
void float_run(UnaryOp op, const void* x, void* y, int64_t n, const Numbers& numbers) {
  const auto* in = static_cast<const T*>(x);
  auto* out = static_cast<T*>(y);
  if (!loops_of<T>().unary(op, in, out, n, numbers.d)) rare_run(op, in, out, n, numbers);
}

template <ScalarType dtype>
void half_run(UnaryOp op, const void* x, void* y, int64_t n, const Numbers& numbers) {
  alignas(64) float piece[kPiece];
  for (int64_t i = 0; i < n; i += kPiece) {
    const int64_t m = std::min(kPiece, n - i);
    halves_to_float(dtype, static_cast<const uint16_t*>(x) + i, piece, m);
    float_run<float>(op, piece, piece, m, numbers);
    float_to_halves(dtype, piece, static_cast<uint16_t*>(y) + i, m);
  }
}

template <class T>
void integer_run(UnaryOp op, const void* px, void* py, int64_t n, const Numbers& numbers) {
  const auto* x = static_cast<const T*>(px);
  auto* y = static_cast<T*>(py);
  using U = std::make_unsigned_t<T>;
  const auto number = [&](int i) { return numbers.raw.s[i].template to<T>(); };
  switch (op) {
    case UnaryOp::abs: return each(x, y, n, [](T v) { return v < 0 ? static_cast<T>(U(0) - static_cast<U>(v)) : v; });
    case UnaryOp::neg: return each(x, y, n, [](T v) { return static_cast<T>(U(0) - static_cast<U>(v)); });
    case UnaryOp::sign: return each(x, y, n, [](T v) { return (v > 0) - (v < 0); });
    case UnaryOp::square:
      return each(x, y, n, [](T v) { return static_cast<T>(static_cast<uint64_t>(v) * static_cast<uint64_t>(v)); });
    case UnaryOp::relu: return each(x, y, n, [](T v) { return v > 0 ? v : T(0); });
    case UnaryOp::bitwise_not: return each(x, y, n, [](T v) { return ~v; });
    case UnaryOp::logical_not: return each(x, y, n, [](T v) { return v == 0; });
    case UnaryOp::positive:
    case UnaryOp::ceil:
    case UnaryOp::floor:
    case UnaryOp::trunc:
    case UnaryOp::round:
    case UnaryOp::nan_to_num: return each(x, y, n, [](T v) { return v; });
    case UnaryOp::frac: return each(x, y, n, [](T) { return T(0); });
    case UnaryOp::hardtanh:
    case UnaryOp::clamp:
      return each(x, y, n, [low = number(0), high = number(1)](T v) { return std::min(std::max(v, low), high); });
    case UnaryOp::clamp_min: return each(x, y, n, [low = number(0)](T v) { return std::max(v, low); });
    case UnaryOp::clamp_max: return each(x, y, n, [high = number(0)](T v) { return std::min(v, high); });
    case UnaryOp::threshold:
      return each(x, y, n, [limit = number(0), value = number(1)](T v) { return v <= limit ? value : v; });
    default: refuse(op, scalar_type_of<T>());
  }
}

void bool_run(UnaryOp op, const void* px, void* py, int64_t n, const Numbers&) {
  const auto* x = static_cast<const uint8_t*>(px);
  auto* y = static_cast<uint8_t*>(py);
  switch (op) {
    case UnaryOp::bitwise_not:
    case UnaryOp::logical_not: return each(x, y, n, [](uint8_t v) { return v == 0; });
    case UnaryOp::abs:
    case UnaryOp::sign:
    case UnaryOp::square:
    case UnaryOp::relu:
    case UnaryOp::positive: return each(x, y, n, [](uint8_t v) { return v != 0; });
    default: refuse(op, kBool);
  }
}

/// The sign bit; of halves in place, since g++ 12 fails to compile the loop by way of float.
template <class T>
bool is_negative(T v) {
  if constexpr (is_half<T>) {
    return (v.x & 0x8000) != 0;
  } else if constexpr (is_float<T>) {
    return std::signbit(v);
  } else {
    return std::is_signed_v<T> && v < T(0);
  }
}

/// Predicates, and logical_not of any dtype: bytes of 0 and 1.
template <class T>
void predicate_run(UnaryOp op, const void* px, void* py, int64_t n, const Numbers&) {
  const auto* x = static_cast<const T*>(px);
  auto* y = static_cast<uint8_t*>(py);
  const auto test = [&](auto f) {
    for (int64_t i = 0; i < n; ++i) y[i] = f(static_cast<Math<T>>(x[i])) ? 1 : 0;
  };
  if (op == UnaryOp::logical_not) return test([](Math<T> v) { return v == 0; });
  if (op == UnaryOp::signbit) {
    for (int64_t i = 0; i < n; ++i) y[i] = is_negative(x[i]) ? 1 : 0;
    return;
  }
  if constexpr (is_float<T>) {
    constexpr auto infinity = std::numeric_limits<Math<T>>::infinity();
    switch (op) {
      case UnaryOp::isnan: return test([](Math<T> v) { return v != v; });
      case UnaryOp::isinf: return test([](Math<T> v) { return v == infinity || v == -infinity; });
      case UnaryOp::isfinite: return test([](Math<T> v) { return (v > -infinity) & (v < infinity); });
      case UnaryOp::isposinf: return test([](Math<T> v) { return v == infinity; });
      case UnaryOp::isneginf: return test([](Math<T> v) { return v == -infinity; });
      default: refuse(op, scalar_type_of<T>());
    }
  } else {
    switch (op) {
      case UnaryOp::isnan:
      case UnaryOp::isinf:
      case UnaryOp::isposinf:
      case UnaryOp::isneginf: return test([](T) { return false; });
      case UnaryOp::isfinite: return test([](T) { return true; });
      default: refuse(op, scalar_type_of<T>());
    }
  }
}

bool is_predicate(UnaryOp op) { return op == UnaryOp::logical_not || (op >= UnaryOp::isnan && op <= UnaryOp::signbit); }

UnaryRun run_for(UnaryOp op, ScalarType out, ScalarType in) {
  if (in == kFloat && out == kFloat) return float_run<float>;
  if (out == kBool && is_predicate(op)) {
    return visit_all("unary", in, [](auto tag) -> UnaryRun { return predicate_run<typename decltype(tag)::type>; });
  }
  if (out != in) refuse(op, in);
  if (in == kDouble) return float_run<double>;
  if (in == kHalf) return half_run<ScalarType::Half>;
  if (in == kBFloat16) return half_run<ScalarType::BFloat16>;
  if (in == kBool) return bool_run;
  return visit_integral("unary", in, [](auto tag) -> UnaryRun { return integer_run<typename decltype(tag)::type>; });
}

/// Nanoseconds that one float takes.
double cost(UnaryOp op) {
  switch (op) {
    case UnaryOp::abs:
    case UnaryOp::neg:
    case UnaryOp::sign:
    case UnaryOp::square:
    case UnaryOp::relu:
    case UnaryOp::positive:
    case UnaryOp::sqrt:
    case UnaryOp::ceil:
    case UnaryOp::floor:
    case UnaryOp::trunc:
    case UnaryOp::round:
    case UnaryOp::leaky_relu:
    case UnaryOp::clamp:
    case UnaryOp::clamp_min:
    case UnaryOp::clamp_max:
    case UnaryOp::hardtanh: return 0.12;
    case UnaryOp::erfinv:
    case UnaryOp::digamma:
    case UnaryOp::lgamma: return 30;
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
    case UnaryOp::airy_ai_prime: return 100;
    default: return 0.4;
  }
}

}  // namespace

void unary(UnaryOp op, const Tensor& out, const Tensor& x, const Args& args) {
  const TensorImpl &o = *impl(out), &in = *impl(x);
  const UnaryRun run = run_for(op, o.dtype, in.dtype);
  const Numbers numbers(args);
  auto* to = static_cast<char*>(o.data());
  auto* from = static_cast<char*>(in.data());
  const bool plain = o.contiguous && in.contiguous && o.numel == in.numel;
  if (plain && o.numel <= kTiny) {
    if (o.numel > 0) run(op, from, to, o.numel, numbers);
    return;
  }
  const auto out_size = static_cast<int64_t>(elementSize(o.dtype)),
             in_size = static_cast<int64_t>(elementSize(in.dtype));
  const int64_t grain = grain_for(cost(op) * dtype_cost(in.dtype));
  if (plain) {
    const bool stream = o.numel * out_size >= kStreamBytes && to != from;
    return parallel_for(0, o.numel, grain, [&](int64_t begin, int64_t end) {
      write_run(to, out_size, begin, end, stream,
                [&](char* y, int64_t first, int64_t n) { run(op, from + first * in_size, y, n, numbers); });
    });
  }
  const Strided<2> it({Operand(out), Operand(x)});
  const int64_t to_step = it.strides[0][0], from_step = it.strides[1][0];
  parallel_runs(it, grain, [&](const Fixed<char*, 2>& p, int64_t n) {
    if (to_step == out_size && from_step == in_size) return run(op, p[1], p[0], n, numbers);
    Piece a, y;
    for (int64_t i = 0; i < n; i += kPiece) {
      const int64_t m = std::min(kPiece, n - i);
      const char* input = gathered(p[1] + i * from_step, from_step, in_size, m, a);
      run(op, input, y.bytes.data(), m, numbers);
      scattered(y, p[0] + i * to_step, to_step, out_size, m);
    }
  });
}

}  // namespace hearth::cpu
