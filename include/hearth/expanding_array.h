#pragma once

#include <array>
#include <iosfwd>
#include <optional>

#include "hearth/array_ref.h"

namespace hearth {

namespace detail {
[[noreturn]] HEARTH_API void throw_expanding_size(size_t wanted, size_t got);
HEARTH_API std::ostream& print_optional(std::ostream& out, const std::optional<int64_t>* values, size_t n);
}  // namespace detail

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

/// D numbers of which each may be left open (`{std::nullopt, 3}`): adaptive pooling takes the input's size there.
template <size_t D>
class ExpandingArrayWithOptionalElem : public ExpandingArray<D, std::optional<int64_t>> {
  using Base = ExpandingArray<D, std::optional<int64_t>>;
  static std::array<std::optional<int64_t>, D> copied(ArrayRef<int64_t> values) {
    if (values.size() != D) detail::throw_expanding_size(D, values.size());
    std::array<std::optional<int64_t>, D> out;
    for (size_t i = 0; i < D; ++i) out[i] = values[i];
    return out;
  }

 public:
  using Base::Base;
  ExpandingArrayWithOptionalElem(std::initializer_list<int64_t> list) : Base(copied(ArrayRef<int64_t>(list))) {}
  ExpandingArrayWithOptionalElem(const std::vector<int64_t>& values) : Base(copied(values)) {}  // NOLINT: as LibTorch
  ExpandingArrayWithOptionalElem(ArrayRef<int64_t> values) : Base(copied(values)) {}            // NOLINT
  ExpandingArrayWithOptionalElem(int64_t single) : Base(std::optional<int64_t>(single)) {}      // NOLINT
};

template <size_t D>
std::ostream& operator<<(std::ostream& out, const ExpandingArrayWithOptionalElem<D>& a) {
  return detail::print_optional(out, a->data(), D);
}

}  // namespace hearth
