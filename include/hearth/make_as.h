#pragma once

#include <memory>
#include <utility>

namespace hearth::detail {

/// make_unique<T>, as a pointer to its base: a unique_ptr<T> for each T is 25 functions that a program's compiler makes
/// for nothing.
template <class Base, class T, class... Args>
std::unique_ptr<Base> make_as(Args&&... args) {
  return std::unique_ptr<Base>(new T(std::forward<Args>(args)...));
}

}  // namespace hearth::detail
