#pragma once

#include <type_traits>

namespace c10 {

/// The integers of [begin, end), for range-based loops; none where end <= begin.
template <class T>
class integer_range {
 public:
  class iterator {
   public:
    explicit iterator(T value) : value_(value) {}
    T operator*() const { return value_; }
    iterator& operator++() {
      ++value_;
      return *this;
    }
    bool operator!=(const iterator& other) const { return value_ != other.value_; }
    bool operator==(const iterator& other) const { return value_ == other.value_; }

   private:
    T value_;
  };
  integer_range(T begin, T end) : begin_(begin), end_(end < begin ? begin : end) {}
  iterator begin() const { return iterator(begin_); }
  iterator end() const { return iterator(end_); }

 private:
  T begin_, end_;
};

template <class A, class B>
integer_range<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}
template <class T>
integer_range<T> irange(T end) {
  return {T(), end};
}

}  // namespace c10
