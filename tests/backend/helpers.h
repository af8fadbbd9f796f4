#pragma once

// Tensors made and read without any op, so that kernels are tested by themselves.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "backend/dtype_visit.h"
#include "backend/kernels.h"
#include "hearth/threads.h"
#include "tensor/impl.h"

namespace hearth::test {

inline const Kernels& cpu() { return kernels(kCPU); }

inline const std::vector<ScalarType>& all_dtypes() {
  static const std::vector<ScalarType> all = {kByte, kChar, kShort, kUInt16, kInt,
                                              kLong, kHalf, kFloat, kDouble, kBFloat16};
  return all;
}
inline const std::vector<ScalarType>& float_dtypes() {
  static const std::vector<ScalarType> all = {kHalf, kFloat, kDouble, kBFloat16};
  return all;
}
/// Relative error that a value of this dtype may have after a few operations.
inline double tolerance(ScalarType dtype) {
  return dtype == kDouble ? 1e-12 : dtype == kFloat ? 2e-6 : dtype == kHalf ? 2e-3 : dtype == kBFloat16 ? 1.6e-2 : 0;
}

inline void set_at(const Tensor& t, int64_t offset, double value) {
  visit_all("set", impl(t)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    static_cast<T*>(impl(t)->storage->data())[offset] = static_cast<T>(static_cast<Math<T>>(value));
  });
}
inline double get_at(const Tensor& t, int64_t offset) {
  return visit_all("get", impl(t)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    return static_cast<double>(static_cast<Math<T>>(static_cast<const T*>(impl(t)->storage->data())[offset]));
  });
}
/// Storage offset of the i-th element in row-major order.
inline int64_t offset_of(const Tensor& t, int64_t i) {
  int64_t at = impl(t)->offset;
  for (size_t d = impl(t)->sizes.size(); d-- > 0;) {
    at += i % impl(t)->sizes[d] * impl(t)->strides[d];
    i /= impl(t)->sizes[d];
  }
  return at;
}
inline double get(const Tensor& t, int64_t i) { return get_at(t, offset_of(t, i)); }
inline std::vector<double> values(const Tensor& t) {
  std::vector<double> v;
  for (int64_t i = 0; i < impl(t)->numel; ++i) v.push_back(get(t, i));
  return v;
}
inline Tensor from_values(const std::vector<double>& v, IntArrayRef sizes, ScalarType dtype) {
  Tensor t = make_tensor(sizes, dtype);
  for (size_t i = 0; i < v.size(); ++i) set_at(t, static_cast<int64_t>(i), v[i]);
  return t;
}
inline Tensor tensor1(const std::vector<double>& v, ScalarType dtype = kFloat) {
  return from_values(v, {static_cast<int64_t>(v.size())}, dtype);
}

/// Random values: integers of [low, high] for integer dtypes, 0 or 1 for bool.
inline Tensor random_tensor(IntArrayRef sizes, ScalarType dtype, double low = -3, double high = 3, unsigned seed = 1) {
  Tensor t = make_tensor(sizes, dtype);
  std::mt19937 random(seed);
  if (low < 0 && !isSignedType(dtype)) low = 0;
  std::uniform_real_distribution<double> range(low, high);
  for (int64_t i = 0; i < impl(t)->numel; ++i) {
    const double v = range(random);
    set_at(t, i, isFloatingType(dtype) ? v : dtype == kBool ? (v > (low + high) / 2 ? 1.0 : 0.0) : std::floor(v + 0.5));
  }
  return t;
}
/// Large float tensors, quickly.
inline Tensor random_floats(IntArrayRef sizes, float low = -3, float high = 3, unsigned seed = 1) {
  Tensor t = make_tensor(sizes, kFloat);
  std::mt19937 random(seed);
  auto* p = static_cast<float*>(impl(t)->data());
  const float scale = (high - low) / 4294967296.0F;
  for (int64_t i = 0; i < impl(t)->numel; ++i) p[i] = low + static_cast<float>(random()) * scale;
  return t;
}

inline Tensor transposed(const Tensor& t, size_t a, size_t b) {
  DimVector sizes = impl(t)->sizes, strides = impl(t)->strides;
  std::swap(sizes[a], sizes[b]);
  std::swap(strides[a], strides[b]);
  return make_alias(t, sizes, strides, impl(t)->offset);
}
/// Every second element along dim, from the second on.
inline Tensor every_second(const Tensor& t, size_t dim) {
  DimVector sizes = impl(t)->sizes, strides = impl(t)->strides;
  const int64_t offset = impl(t)->offset + strides[dim];
  sizes[dim] /= 2;
  strides[dim] *= 2;
  return make_alias(t, sizes, strides, offset);
}
/// Broadcast by strides of 0.
inline Tensor expanded(const Tensor& t, IntArrayRef sizes) {
  DimVector strides(sizes.size(), 0);
  const DimVector& own = impl(t)->sizes;
  for (size_t i = 0; i < own.size(); ++i) {
    if (own[own.size() - 1 - i] != 1) strides[sizes.size() - 1 - i] = impl(t)->strides[own.size() - 1 - i];
  }
  return make_alias(t, sizes, strides, impl(t)->offset);
}

/// The element of t that a broadcast to `shape` shows at place i.
inline double broadcast_get(const Tensor& t, IntArrayRef shape, int64_t i) {
  int64_t at = impl(t)->offset;
  const DimVector& sizes = impl(t)->sizes;
  for (size_t back = 0; back < shape.size(); ++back) {
    const int64_t size = shape[shape.size() - 1 - back], index = i % size;
    i /= size;
    if (back >= sizes.size()) continue;
    const size_t d = sizes.size() - 1 - back;
    if (sizes[d] != 1) at += index * impl(t)->strides[d];
  }
  return get_at(t, at);
}

inline void expect_near(double got, double want, double relative, double absolute = 1e-7) {
  if (std::isnan(want)) {
    EXPECT_TRUE(std::isnan(got)) << got;
  } else if (std::isinf(want) || relative == 0) {
    EXPECT_EQ(got, want);
  } else {
    EXPECT_NEAR(got, want, relative * std::fabs(want) + (relative > 1e-9 ? absolute + relative * 1e-2 : 1e-13));
  }
}
inline void expect_values(const Tensor& t, const std::vector<double>& want, double relative = 0) {
  ASSERT_EQ(static_cast<size_t>(impl(t)->numel), want.size());
  for (size_t i = 0; i < want.size(); ++i) {
    SCOPED_TRACE("element " + std::to_string(i));
    expect_near(get(t, static_cast<int64_t>(i)), want[i], relative);
  }
}
inline bool same_bits(const Tensor& a, const Tensor& b) {
  return std::memcmp(impl(a)->data(), impl(b)->data(), a.nbytes()) == 0;
}

/// Runs f with 1, 2, 3 and 4 threads; it returns a contiguous tensor, whose bits must always be the same.
template <class F>
void expect_same_bits_for_any_threads(const char* what, F&& f) {
  const int before = get_num_threads();
  set_num_threads(1);
  const Tensor first = f();
  for (int threads = 2; threads <= 4; ++threads) {
    set_num_threads(threads);
    EXPECT_TRUE(same_bits(first, f())) << what << " with " << threads << " threads";
  }
  set_num_threads(before);
}

}  // namespace hearth::test
