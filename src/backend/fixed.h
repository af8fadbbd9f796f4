#pragma once

#include <cstddef>

namespace hearth {

/// N values in place, indexed by any integer, since loops over dimensions and operands count in several.
template <class T, int N>
struct Fixed {
  T values[N];

  template <class I>
  constexpr T& operator[](I i) {
    return values[i];
  }
  template <class I>
  constexpr const T& operator[](I i) const {
    return values[i];
  }
  constexpr T* data() { return values; }
  constexpr const T* data() const { return values; }
  constexpr T* begin() { return values; }
  constexpr T* end() { return values + N; }
  constexpr const T* begin() const { return values; }
  constexpr const T* end() const { return values + N; }
  bool operator==(const Fixed&) const = default;
};

}  // namespace hearth
