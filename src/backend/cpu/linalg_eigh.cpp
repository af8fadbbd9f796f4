// Eigenvalues of symmetric matrices.
#define HEARTH_EIGEN <Eigen/Eigenvalues>
#include "backend/cpu/linalg.h"

namespace hearth::cpu {

void eigh(const Tensor& values, const Tensor& vectors, const Tensor& x, bool upper) {
  visit_real("eigh", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> v(vectors), a(x);
    auto* lambda = static_cast<T*>(impl(values)->data());
    each(x, [&](int64_t b) {
      Columns<T> lower = a[b];
      if (upper) lower.transposeInPlace();
      const Eigen::SelfAdjointEigenSolver<Columns<T>> f(lower,
                                                        v.data ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
      if (f.info() != Eigen::Success)
        fail<LinAlgError>("[eigh] matrix {} of the batch: the algorithm did not converge", b);
      Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>(lambda + b * a.rows, a.rows) = f.eigenvalues();
      if (v.data) v[b] = f.eigenvectors();
    });
  });
}

}  // namespace hearth::cpu
