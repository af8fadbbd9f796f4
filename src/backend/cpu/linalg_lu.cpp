// Factors by elimination.
#define HEARTH_EIGEN <Eigen/LU>
#include "backend/cpu/linalg.h"

namespace hearth::cpu {

namespace {

/// In place on lu, with partial pivoting by rows.
template <class T>
int32_t lu_one(MapOf<T> lu, int32_t* pivots) {
  const int64_t m = lu.rows(), n = lu.cols();
  int32_t failed = 0;
  if (m == n && m > 0) {  // Eigen's blocked form is of square matrices
    const Eigen::PartialPivLU<Columns<T>> f(Columns<T>{lu});
    lu = f.matrixLU();
    Eigen::VectorXi order = f.permutationP().indices();  // row i went to order[i]
    std::vector<int64_t> at(static_cast<size_t>(m));     // which row is at place i
    for (int64_t i = 0; i < m; ++i) at[static_cast<size_t>(i)] = i;
    std::vector<int64_t> wanted(static_cast<size_t>(m));
    for (int64_t i = 0; i < m; ++i) wanted[static_cast<size_t>(order[i])] = i;
    for (int64_t i = 0; i < m; ++i) {
      int64_t j = i;
      while (at[static_cast<size_t>(j)] != wanted[static_cast<size_t>(i)]) ++j;
      std::swap(at[static_cast<size_t>(i)], at[static_cast<size_t>(j)]);
      pivots[i] = static_cast<int32_t>(j + 1);
    }
  } else {
    for (int64_t k = 0; k < std::min(m, n); ++k) {
      Eigen::Index best = 0;
      lu.col(k).tail(m - k).cwiseAbs().maxCoeff(&best);
      best += k;
      pivots[k] = static_cast<int32_t>(best + 1);
      if (best != k) lu.row(k).swap(lu.row(best));
      if (lu(k, k) == 0) continue;
      lu.col(k).tail(m - k - 1) /= lu(k, k);
      lu.bottomRightCorner(m - k - 1, n - k - 1).noalias() -= lu.col(k).tail(m - k - 1) * lu.row(k).tail(n - k - 1);
    }
  }
  for (int64_t k = 0; k < std::min(m, n) && failed == 0; ++k)
    if (lu(k, k) == 0) failed = static_cast<int32_t>(k + 1);
  return failed;
}

}  // namespace

void lu_factor(const Tensor& lu, const Tensor& pivots, const Tensor& info, const Tensor& x) {
  visit_real("lu_factor", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> y(lu), a(x);
    const int64_t k = std::min(a.rows, a.columns);
    auto* swaps = static_cast<int32_t*>(impl(pivots)->data());
    auto* failed = static_cast<int32_t*>(impl(info)->data());
    each(x, [&](int64_t b) {
      y[b] = a[b];
      failed[b] = lu_one<T>(y[b], swaps + b * k);
    });
  });
}

}  // namespace hearth::cpu
