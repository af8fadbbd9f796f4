#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "hearth/dtype.h"
#include "hearth/error.h"

namespace hearth {

/// Throws an E whose message is the formatted text: `fail("[op] got {}; do …", x)`, `fail<IndexError>(…)`.
template <class E = ValueError, class... Args>
[[noreturn, gnu::noinline, gnu::cold]] void fail(fmt::format_string<Args...> text, Args&&... args) {
  throw E(fmt::vformat(text, fmt::make_format_args(args...)));
}

/// "[2, 3]", as messages and printed tensors show sizes.
std::string shape_text(const int64_t* sizes, size_t n);

/// The same for anything with data() and size().
template <class Sizes>
std::string shape_text(const Sizes& sizes) {
  return shape_text(sizes.data(), sizes.size());
}

}  // namespace hearth

/// Dtypes in messages: `{}` gives "Float".
template <>
struct fmt::formatter<hearth::ScalarType> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(hearth::ScalarType type, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(hearth::toString(type), context);
  }
};
template <>
struct fmt::formatter<hearth::TypeMeta> : fmt::formatter<hearth::ScalarType> {};
