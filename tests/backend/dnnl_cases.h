#pragma once

// What the tests of matrix products and convolutions share: tensors of random numbers in any layout, comparison with
// a result in double.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "backend/cpu/cpu.h"
#include "backend/cpu/dense.h"
#include "hearth/threads.h"
#include "tensor/impl.h"

namespace hearth::dnnl_test {

using Engine = std::mt19937;

inline int64_t pick(Engine& engine, int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(engine);
}

/// Contiguous, uniform in [-1, 1], as the dtype holds it.
inline Tensor random_tensor(Engine& engine, const std::vector<int64_t>& sizes, ScalarType dtype = kFloat) {
  Tensor values = make_tensor(sizes, kDouble);
  std::uniform_real_distribution<double> draw(-1, 1);
  auto* p = cpu::data_of<double>(values);
  for (int64_t i = 0; i < impl(values)->numel; ++i) p[i] = draw(engine);
  Tensor out = make_tensor(sizes, dtype);
  cpu::copy(out, values);
  return out;
}

/// The same values with the strides that a permutation of the dimensions (`order`: from slowest to fastest) and gaps
/// between elements give.
inline Tensor laid_out(const Tensor& t, const std::vector<size_t>& order, int64_t gap = 1) {
  const DimVector& sizes = impl(t)->sizes;
  std::vector<int64_t> strides(sizes.size());
  int64_t step = gap;
  for (size_t i = order.size(); i-- > 0;) {
    strides[order[i]] = step;
    step *= std::max<int64_t>(1, sizes[order[i]]);
  }
  Tensor out = make_strided(sizes, strides, impl(t)->dtype);
  cpu::copy(out, t);
  return out;
}

inline std::vector<double> values_of(const Tensor& t) {
  const Tensor wide = cpu::dense_as(t, kDouble);
  const auto* p = cpu::data_of<double>(wide);
  return {p, p + impl(wide)->numel};
}
inline Tensor wide(const Tensor& t) { return t.defined() ? cpu::dense_as(t, kDouble) : t; }

inline std::vector<char> bytes_of(const Tensor& t) {
  const Tensor d = cpu::dense(t);
  const auto* p = static_cast<const char*>(impl(d)->data());
  return {p, p + impl(d)->numel * static_cast<int64_t>(elementSize(impl(d)->dtype))};
}

/// The worst difference over the root mean square of `expected`.
inline double worst_error(const Tensor& got, const Tensor& expected) {
  const std::vector<double> a = values_of(got), b = values_of(expected);
  double worst = 0, square = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) && std::isfinite(b[i])) return INFINITY;
    worst = std::max(worst, std::abs(a[i] - b[i]));
    square += b[i] * b[i];
  }
  return a.empty() || square == 0 ? worst : worst / std::sqrt(square / static_cast<double>(a.size()));
}

/// Restores the number of threads.
struct Threads {
  explicit Threads(int n) : before(get_num_threads()) { set_num_threads(n); }
  ~Threads() { set_num_threads(before); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  int before;
};

}  // namespace hearth::dnnl_test
