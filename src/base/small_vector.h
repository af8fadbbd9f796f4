#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <new>
#include <utility>

#include "hearth/array_ref.h"

namespace hearth {

/// A vector whose first N elements need no heap block.
template <class T, size_t N>
class SmallVector {
 public:
  SmallVector() = default;
  explicit SmallVector(size_t n, const T& value = T()) { resize(n, value); }
  SmallVector(std::initializer_list<T> list) { append(list.begin(), list.end()); }
  SmallVector(ArrayRef<T> list) { append(list.begin(), list.end()); }  // NOLINT: implicit
  SmallVector(const SmallVector& other) { append(other.begin(), other.end()); }
  SmallVector(SmallVector&& other) noexcept { take(other); }
  SmallVector& operator=(const SmallVector& other) {
    if (this != &other) {
      clear();
      append(other.begin(), other.end());
    }
    return *this;
  }
  SmallVector& operator=(SmallVector&& other) noexcept {
    if (this != &other) {
      release();
      take(other);
    }
    return *this;
  }
  ~SmallVector() { release(); }

  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  const T& back() const { return data_[size_ - 1]; }

  void push_back(T value) {
    reserve(size_ + 1);
    new (data_ + size_) T(std::move(value));
    ++size_;
  }
  void pop_back() { data_[--size_].~T(); }
  void insert(size_t at, T value) {
    push_back(std::move(value));
    std::rotate(data_ + at, data_ + size_ - 1, data_ + size_);
  }
  void erase(size_t at) {
    std::move(data_ + at + 1, data_ + size_, data_ + at);
    pop_back();
  }
  void append(const T* first, const T* last) {
    reserve(size_ + static_cast<size_t>(last - first));
    std::uninitialized_copy(first, last, data_ + size_);
    size_ += static_cast<size_t>(last - first);
  }
  void resize(size_t n, const T& value = T()) {
    while (size_ > n) pop_back();
    reserve(n);
    while (size_ < n) new (data_ + size_++) T(value);
  }
  void clear() {
    std::destroy(begin(), end());
    size_ = 0;
  }
  void reserve(size_t n) {
    if (n > capacity_) grow(std::max(n, 2 * capacity_));
  }
  operator ArrayRef<T>() const { return ArrayRef<T>(data_, size_); }  // NOLINT: implicit

 private:
  T* inline_data() { return reinterpret_cast<T*>(inline_); }
  void grow(size_t n) {
    T* block = std::allocator<T>().allocate(n);
    std::uninitialized_move(begin(), end(), block);
    std::destroy(begin(), end());
    if (data_ != inline_data()) std::allocator<T>().deallocate(data_, capacity_);
    data_ = block;
    capacity_ = n;
  }
  void release() {
    clear();
    if (data_ != inline_data()) std::allocator<T>().deallocate(data_, capacity_);
    data_ = inline_data();
    capacity_ = N;
  }
  void take(SmallVector& other) {
    if (other.data_ != other.inline_data()) {
      data_ = std::exchange(other.data_, other.inline_data());
      size_ = std::exchange(other.size_, 0);
      capacity_ = std::exchange(other.capacity_, N);
    } else {
      std::uninitialized_move(other.begin(), other.end(), data_);
      size_ = other.size_;
      other.clear();
    }
  }

  alignas(T) unsigned char inline_[N * sizeof(T)];
  T* data_ = inline_data();
  size_t size_ = 0;
  size_t capacity_ = N;
};

/// Sizes or strides: no heap block up to five dimensions.
using DimVector = SmallVector<int64_t, 5>;

}  // namespace hearth
