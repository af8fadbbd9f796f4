#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "hearth/export.h"

namespace hearth {

namespace detail {
[[noreturn]] HEARTH_API void throw_array_index(size_t index, size_t size);
}

/// A view of somebody else's contiguous values; never owns them, so it must not outlive them.
template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using iterator = const T*;
  using const_iterator = const T*;
  using size_type = size_t;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T* data, size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* begin, const T* end) : data_(begin), size_(static_cast<size_t>(end - begin)) {}
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}  // NOLINT: implicit, as in LibTorch
  template <class A>
  ArrayRef(const std::vector<T, A>& v) : data_(v.data()), size_(v.size()) {}  // NOLINT
  template <size_t N>
  constexpr ArrayRef(const T (&a)[N]) : data_(a), size_(N) {}  // NOLINT
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(const std::initializer_list<T>& list)  // NOLINT
      : data_(list.begin() == list.end() ? nullptr : list.begin()), size_(list.size()) {}
#pragma GCC diagnostic pop

  constexpr iterator begin() const { return data_; }
  constexpr iterator end() const { return data_ + size_; }
  constexpr std::reverse_iterator<iterator> rbegin() const { return std::reverse_iterator<iterator>(end()); }
  constexpr std::reverse_iterator<iterator> rend() const { return std::reverse_iterator<iterator>(begin()); }
  constexpr const T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t i) const { return data_[i]; }
  const T& at(size_t i) const {
    if (i >= size_) detail::throw_array_index(i, size_);
    return data_[i];
  }
  const T& front() const { return at(0); }
  const T& back() const { return at(size_ - 1); }
  /// n values from position start.
  ArrayRef slice(size_t start, size_t n) const {
    if (start > size_ || n > size_ - start) detail::throw_array_index(start + n, size_);
    return ArrayRef(data_ + start, n);
  }
  ArrayRef slice(size_t start) const { return slice(start, size_ < start ? 0 : size_ - start); }
  bool equals(ArrayRef other) const {
    if (size_ != other.size_) return false;
    for (size_t i = 0; i < size_; ++i)
      if (!(data_[i] == other.data_[i])) return false;
    return true;
  }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }

 private:
  const T* data_ = nullptr;
  size_t size_ = 0;
};

template <class T>
bool operator==(ArrayRef<T> a, ArrayRef<T> b) {
  return a.equals(b);
}
template <class T>
bool operator!=(ArrayRef<T> a, ArrayRef<T> b) {
  return !a.equals(b);
}
template <class T>
bool operator==(const std::vector<T>& a, ArrayRef<T> b) {
  return ArrayRef<T>(a).equals(b);
}
template <class T>
bool operator!=(const std::vector<T>& a, ArrayRef<T> b) {
  return !(a == b);
}
template <class T>
bool operator==(ArrayRef<T> a, const std::vector<T>& b) {
  return a.equals(ArrayRef<T>(b));
}
template <class T>
bool operator!=(ArrayRef<T> a, const std::vector<T>& b) {
  return !(a == b);
}

/// Sizes, strides, dims. Prints as "[2, 3]".
using IntArrayRef = ArrayRef<int64_t>;
HEARTH_API std::ostream& operator<<(std::ostream& out, IntArrayRef values);
/// "[2, 3]"
HEARTH_API std::string to_string(IntArrayRef values);

/// An optional IntArrayRef that braces can fill: `sum(x, {0, 1})`.
class OptionalIntArrayRef {
 public:
  OptionalIntArrayRef() = default;
  OptionalIntArrayRef(IntArrayRef v) : ref_(v), has_(true) {}                            // NOLINT
  OptionalIntArrayRef(const std::vector<int64_t>& v) : ref_(v), has_(true) {}            // NOLINT
  OptionalIntArrayRef(const std::initializer_list<int64_t>& v) : ref_(v), has_(true) {}  // NOLINT
  OptionalIntArrayRef(const int64_t& one) : ref_(one), has_(true) {}                     // NOLINT
  OptionalIntArrayRef(const std::optional<int64_t>& one)                                 // NOLINT
      : ref_(one ? IntArrayRef(*one) : IntArrayRef()), has_(one.has_value()) {}
  OptionalIntArrayRef(std::nullopt_t) {}  // NOLINT
  OptionalIntArrayRef(const std::optional<IntArrayRef>& v)
      : ref_(v.value_or(IntArrayRef())), has_(v.has_value()) {}  // NOLINT
  bool has_value() const { return has_; }
  explicit operator bool() const { return has_; }
  const IntArrayRef& operator*() const { return ref_; }
  const IntArrayRef* operator->() const { return &ref_; }
  const IntArrayRef& value() const { return ref_; }

 private:
  IntArrayRef ref_;
  bool has_ = false;
};

}  // namespace hearth
