#pragma once

// What the decompositions share. Only linalg_*.cpp include this and Eigen: several files, so that none compiles long.
// Matrices of a batch are shared out over the pool; one matrix stays on one thread.
#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_DEBUG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include HEARTH_EIGEN
#pragma GCC diagnostic pop

#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Columns = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using MapOf = Eigen::Map<Matrix<T>>;

/// The matrices of a contiguous [B…, rows, columns].
template <class T>
struct Batch {
  explicit Batch(const Tensor& t) {
    if (!t.defined()) return;
    const TensorImpl& i = *impl(t);
    data = static_cast<T*>(i.data());
    rows = i.sizes[i.sizes.size() - 2];
    columns = i.sizes[i.sizes.size() - 1];
  }
  MapOf<T> operator[](int64_t i) const { return MapOf<T>(data + i * rows * columns, rows, columns); }
  T* data = nullptr;
  int64_t rows = 0, columns = 0;
};
inline int64_t batch_size(const Tensor& t) {
  const TensorImpl& i = *impl(t);
  int64_t n = 1;
  for (size_t d = 0; d + 2 < i.sizes.size(); ++d) n *= i.sizes[d];
  return n;
}

template <class F>
void each(const Tensor& x, F&& f) {
  const TensorImpl& i = *impl(x);
  const auto m = static_cast<double>(i.sizes[i.sizes.size() - 2]), n = static_cast<double>(i.sizes[i.sizes.size() - 1]);
  parallel_for(0, batch_size(x), grain_for(100 + m * n * std::min(m, n)), [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) f(b);
  });
}

template <class F>
void visit_real(const char* op, ScalarType dtype, F&& f) {
  if (dtype == ScalarType::Float) return f(Tag<float>{});
  if (dtype == ScalarType::Double) return f(Tag<double>{});
  throw DtypeError(
      fmt::format("[{}] takes float and double matrices, not {}; convert with to(kFloat)", op, toString(dtype)), dtype);
}

}  // namespace hearth::cpu
