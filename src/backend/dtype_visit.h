#pragma once

#include <cstdint>
#include <type_traits>

#include "base/fail.h"
#include "hearth/dtype.h"

namespace hearth {

/// What a visitor gets instead of a value: `[&](auto tag) { using T = typename decltype(tag)::type; … }`.
template <class T>
struct Tag {
  using type = T;
};

/// The type in which T's arithmetic is done.
template <class T>
struct MathOf {
  using type = T;
};
template <>
struct MathOf<Half> {
  using type = float;
};
template <>
struct MathOf<BFloat16> {
  using type = float;
};
template <class T>
using Math = typename MathOf<T>::type;

template <class T>
constexpr bool is_half = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
template <class T>
constexpr bool is_float = std::is_floating_point_v<T> || is_half<T>;

/// f(Tag<T>) for float, double, Half or BFloat16; other dtypes throw DtypeError naming `op`.
template <class F>
decltype(auto) visit_floating(const char* op, ScalarType dtype, F&& f) {
  switch (dtype) {
    case ScalarType::Float: return f(Tag<float>{});
    case ScalarType::Double: return f(Tag<double>{});
    case ScalarType::Half: return f(Tag<Half>{});
    case ScalarType::BFloat16: return f(Tag<BFloat16>{});
    default: break;
  }
  throw DtypeError(
      fmt::format("[{}] takes floating dtypes, not {}; convert the tensor with .to(kFloat)", op, toString(dtype)),
      dtype);
}

/// f(Tag<T>) for the integer types, without bool.
template <class F>
decltype(auto) visit_integral(const char* op, ScalarType dtype, F&& f) {
  switch (dtype) {
    case ScalarType::Byte: return f(Tag<uint8_t>{});
    case ScalarType::Char: return f(Tag<int8_t>{});
    case ScalarType::Short: return f(Tag<int16_t>{});
    case ScalarType::UInt16: return f(Tag<uint16_t>{});
    case ScalarType::Int: return f(Tag<int32_t>{});
    case ScalarType::Long: return f(Tag<int64_t>{});
    default: break;
  }
  throw DtypeError(fmt::format("[{}] takes integer dtypes, not {}", op, toString(dtype)), dtype);
}

/// f(Tag<T>) for all but bool.
template <class F>
decltype(auto) visit_numbers(const char* op, ScalarType dtype, F&& f) {
  if (isFloatingType(dtype)) return visit_floating(op, dtype, static_cast<F&&>(f));
  return visit_integral(op, dtype, static_cast<F&&>(f));
}

/// f(Tag<T>) for all ten dtypes.
template <class F>
decltype(auto) visit_all(const char* op, ScalarType dtype, F&& f) {
  if (dtype == kBool) return f(Tag<bool>{});
  return visit_numbers(op, dtype, static_cast<F&&>(f));
}

/// f(Tag<T>) with an unsigned integer of the dtype's width: for kernels that only move elements.
template <class F>
decltype(auto) visit_width(ScalarType dtype, F&& f) {
  switch (elementSize(dtype)) {
    case 1: return f(Tag<uint8_t>{});
    case 2: return f(Tag<uint16_t>{});
    case 4: return f(Tag<uint32_t>{});
    default: return f(Tag<uint64_t>{});
  }
}

}  // namespace hearth
