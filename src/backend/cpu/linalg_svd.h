#pragma once

// Singular values; the one decomposition that takes a compiler so long that each dtype has a file of its own.
#define HEARTH_EIGEN <Eigen/SVD>
#include "backend/cpu/linalg.h"

namespace hearth::cpu {

template <class T>
void svd_of(const Tensor& u, const Tensor& s, const Tensor& vh, const Tensor& x) {
  const Batch<T> left(u), right(vh), a(x);
  const int64_t k = std::min(a.rows, a.columns);
  auto* sigma = static_cast<T*>(impl(s)->data());
  unsigned options = 0;
  if (left.data) options |= left.columns > k ? Eigen::ComputeFullU : Eigen::ComputeThinU;
  if (right.data) options |= right.rows > k ? Eigen::ComputeFullV : Eigen::ComputeThinV;
  each(x, [&](int64_t b) {
    const Eigen::BDCSVD<Columns<T>> f(Columns<T>{a[b]}, options);
    Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>(sigma + b * k, k) = f.singularValues();
    if (left.data) left[b] = f.matrixU();
    if (right.data) right[b] = f.matrixV().transpose();
  });
}

extern template void svd_of<float>(const Tensor&, const Tensor&, const Tensor&, const Tensor&);

}  // namespace hearth::cpu
