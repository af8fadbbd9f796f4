// Factors of positive definite matrices, and triangular systems.
#define HEARTH_EIGEN <Eigen/Cholesky>
#include "backend/cpu/linalg.h"

namespace hearth::cpu {

namespace {

/// The first pivot that is not positive, from 1; 0 if all are.
template <class T>
int32_t cholesky_one(MapOf<T> out, MapOf<T> x, bool upper) {
  const int64_t n = x.rows();
  Columns<T> lower(n, n);
  lower.setZero();
  for (int64_t j = 0; j < n; ++j)
    for (int64_t i = j; i < n; ++i) lower(i, j) = upper ? x(j, i) : x(i, j);
  const Eigen::LLT<Eigen::Ref<Columns<T>>, Eigen::Lower> factor(lower);
  int32_t failed = 0;
  if (factor.info() != Eigen::Success)
    for (int64_t j = 0; j < n && failed == 0; ++j)  // what was done in place before it stopped
      if (!(lower(j, j) > 0) || j + 1 == n) failed = static_cast<int32_t>(j + 1);
  lower.template triangularView<Eigen::StrictlyUpper>().setZero();
  if (upper) {
    out = lower.transpose();
  } else {
    out = lower;
  }
  return failed;
}

}  // namespace

void cholesky(const Tensor& out, const Tensor& info, const Tensor& x, bool upper) {
  visit_real("cholesky", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> y(out), a(x);
    auto* failed = static_cast<int32_t*>(impl(info)->data());
    each(x, [&](int64_t b) { failed[b] = cholesky_one<T>(y[b], a[b], upper); });
  });
}

void solve_triangular(const Tensor& out, const Tensor& a, const Tensor& b, bool upper, bool unit) {
  visit_real("solve_triangular", impl(a)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> y(out), matrix(a), right(b);
    each(a, [&](int64_t i) {
      Columns<T> x = right[i];
      const auto m = matrix[i];
      if (upper && unit) {
        m.template triangularView<Eigen::UnitUpper>().solveInPlace(x);
      } else if (upper) {
        m.template triangularView<Eigen::Upper>().solveInPlace(x);
      } else if (unit) {
        m.template triangularView<Eigen::UnitLower>().solveInPlace(x);
      } else {
        m.template triangularView<Eigen::Lower>().solveInPlace(x);
      }
      y[i] = x;
    });
  });
}

}  // namespace hearth::cpu
