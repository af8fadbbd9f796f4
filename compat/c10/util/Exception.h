#pragma once

#include <sstream>
#include <string>

#include "hearth/error.h"
#include "hearth/nn/any.h"
#include "hearth/warning.h"

namespace hearth::detail {
/// The arguments of TORCH_CHECK and TORCH_WARN as one text.
template <class... Args>
std::string joined_text(const Args&... args) {
  std::ostringstream out;
  static_cast<void>((out << ... << args));
  return out.str();
}
}  // namespace hearth::detail

#define TORCH_CHECK_WITH(error, condition, ...)                                                                    \
  if (!(condition)) {                                                                                              \
    const std::string torch_text = ::hearth::detail::joined_text(__VA_ARGS__);                                     \
    throw ::hearth::error(torch_text.empty() ? "Expected " #condition " to be true, but got false." : torch_text); \
  } else                                                                                                           \
    static_cast<void>(0)
#define TORCH_CHECK(condition, ...) TORCH_CHECK_WITH(Error, condition, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TORCH_CHECK_WITH(IndexError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TORCH_CHECK_WITH(ValueError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TORCH_CHECK_WITH(TypeError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) TORCH_CHECK_WITH(NotImplementedError, condition, ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT(condition, ...) TORCH_CHECK_WITH(Error, condition, ##__VA_ARGS__)
#define AT_ASSERT(condition, ...) TORCH_CHECK_WITH(Error, condition, ##__VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_CHECK_WITH(Error, condition, ##__VA_ARGS__)
#define AT_ERROR(...) throw ::hearth::Error(::hearth::detail::joined_text(__VA_ARGS__))
#define TORCH_WARN(...) ::hearth::warn(::hearth::detail::joined_text(__VA_ARGS__), __FILE__, __LINE__)
#define TORCH_WARN_ONCE(...)                                                           \
  do {                                                                                 \
    [[maybe_unused]] static const bool torch_warned = (TORCH_WARN(__VA_ARGS__), true); \
  } while (false)
#define TORCH_MODULE(Name) HEARTH_MODULE(Name)
#define TORCH_MODULE_IMPL(Name, ImplType) HEARTH_MODULE_IMPL(Name, ImplType)
#define TORCH_ARG(T, name) HEARTH_ARG(T, name)
#define FORWARD_HAS_DEFAULT_ARGS(...) HEARTH_FORWARD_HAS_DEFAULT_ARGS(__VA_ARGS__)
#ifndef TORCH_API
#define TORCH_API
#endif
