#pragma once

#include <array>
#include <iosfwd>

#include "hearth/array_ref.h"

namespace hearth {

namespace detail {
[[noreturn]] HEARTH_API void throw_expanding_size(size_t wanted, size_t got);
}

/// D numbers that one number fills: `kernel_size(3)` is `kernel_size({3, 3})` in two dimensions.
template <size_t D, class T = int64_t>
class ExpandingArray {
 public:
  ExpandingArray(std::initializer_list<T> list) : ExpandingArray(ArrayRef<T>(list)) {}
  ExpandingArray(const std::vector<T>& v) : ExpandingArray(ArrayRef<T>(v)) {}  // NOLINT: implicit, as in LibTorch
  ExpandingArray(ArrayRef<T> values) {                                         // NOLINT
    if (values.size() != D) detail::throw_expanding_size(D, values.size());
    for (size_t i = 0; i < D; ++i) values_[i] = values[i];
  }
  ExpandingArray(T single) { values_.fill(single); }                   // NOLINT
  ExpandingArray(const std::array<T, D>& values) : values_(values) {}  // NOLINT
  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  operator ArrayRef<T>() const { return ArrayRef<T>(values_.data(), D); }  // NOLINT
  size_t size() const noexcept { return D; }

 private:
  std::array<T, D> values_;
};

template <size_t D, class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArray<D, T>& a) {
  if (D == 1) return out << (*a)[0];
  return out << static_cast<ArrayRef<T>>(a);
}

}  // namespace hearth
