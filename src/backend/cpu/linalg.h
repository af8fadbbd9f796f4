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

#include "backend/cpu/matrices.h"

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

}  // namespace hearth::cpu
