// Factors by reflections.
#define HEARTH_EIGEN <Eigen/QR>
#include "backend/cpu/linalg.h"

namespace hearth::cpu {

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

void geqrf(const Tensor& packed, const Tensor& tau, const Tensor& x) {
  visit_real("geqrf", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Batch<T> out(packed), a(x);
    const int64_t k = std::min(a.rows, a.columns);
    auto* factors = static_cast<T*>(impl(tau)->data());
    each(x, [&](int64_t b) {
      const Eigen::HouseholderQR<Columns<T>> f(Columns<T>{a[b]});
      out[b] = f.matrixQR();
      Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>(factors + b * k, k) = f.hCoeffs();
    });
  });
}

}  // namespace hearth::cpu
