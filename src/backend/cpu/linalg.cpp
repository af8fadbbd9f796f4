// Decompositions of matrices, by Eigen; the only file that includes it. Matrices of a batch are shared out over the
// pool; one matrix stays on one thread.
#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_DEBUG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <Eigen/Dense>
#pragma GCC diagnostic pop

#include "backend/cpu/cpu.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {

namespace {

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
int64_t batch_size(const Tensor& t) {
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

void cholesky(const Tensor& out, const Tensor& info, const Tensor& x, bool upper) {
  visit_real("cholesky", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> y(out), a(x);
    auto* failed = static_cast<int32_t*>(impl(info)->data());
    each(x, [&](int64_t b) { failed[b] = cholesky_one<T>(y[b], a[b], upper); });
  });
}

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

void qr(const Tensor& q, const Tensor& r, const Tensor& x) {
  visit_real("qr", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> orthogonal(q), upper(r), a(x);
    each(x, [&](int64_t b) {
      const Eigen::HouseholderQR<Columns<T>> f(Columns<T>{a[b]});
      auto to = upper[b];
      to.setZero();
      const int64_t k = std::min(upper.rows, std::min(a.rows, a.columns));
      to.topRows(k) = f.matrixQR().topRows(k).template triangularView<Eigen::Upper>();
      if (!orthogonal.data) return;
      orthogonal[b] = f.householderQ() * Columns<T>::Identity(a.rows, orthogonal.columns);
    });
  });
}

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

void svd(const Tensor& u, const Tensor& s, const Tensor& vh, const Tensor& x) {
  visit_real("svd", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
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
  });
}

}  // namespace hearth::cpu
