// Decompositions of matrices and their gradients. Gradients follow Giles, "An extended collection of matrix derivative
// results for forward and reverse mode algorithmic differentiation" (2008), and, for qr and svd, the lines of Walter
// and Lehmann (2018) and Townsend (2016).
#include "base/fail.h"
#include "ops/linalg.h"

namespace hearth {

void check_matrix(const char* op, const Tensor& x) {
  checked_impl(op, x);
  if (x.dim() < 2)
    throw ShapeError(
        fmt::format("[{}] a matrix or a batch of matrices is expected, but the shape is {}", op, shape_text(x.sizes())),
        x.sizes().vec());
  if (x.scalar_type() != kFloat && x.scalar_type() != kDouble)
    throw DtypeError(
        fmt::format("[{}] float or double matrices are expected, not {}; convert with to(kFloat)", op, x.scalar_type()),
        x.scalar_type(), kFloat);
}
void check_square(const char* op, const Tensor& x) {
  check_matrix(op, x);
  if (x.size(-1) != x.size(-2))
    throw ShapeError(fmt::format("[{}] square matrices are expected, but the shape is {}", op, shape_text(x.sizes())),
                     x.sizes().vec());
}
void check_finite(const char* op, const Tensor& x) {
  if (!x.detach().isfinite().all().item<bool>())
    fail<LinAlgError>("[{}] the matrix (shape {}) has elements that are not finite", op, shape_text(x.sizes()));
}
DimVector batch_sizes(const Tensor& x, std::initializer_list<int64_t> more) {
  DimVector sizes;
  for (int64_t d = 0; d + 2 < x.dim(); ++d) sizes.push_back(x.size(d));
  for (const int64_t size : more) sizes.push_back(size);
  return sizes;
}
void check_info(const char* op, const Tensor& info, const char* what) {
  if (info.numel() == 0 || !info.ne(0).any().item<bool>()) return;
  const Tensor flat = info.reshape({-1});
  const auto at = flat.ne(0).nonzero()[0][0].item<int64_t>();
  const std::string where = info.dim() == 0 ? std::string() : fmt::format(" (matrix {} of the batch)", at);
  fail<LinAlgError>("[{}]{} {} {}", op, where, what, flat[at].item<int>());
}
Tensor half_lower(const Tensor& x) { return x.tril() - (x.diagonal(0, -2, -1) / 2).diag_embed(); }

namespace linalg {

/// The factor L of self = L L^T (or U of U^T U) and, for each matrix, 0 or the order of the leading minor that is not
/// positive definite. check_errors throws LinAlgError in place of the latter.
//: linalg
std::tuple<Tensor, Tensor> cholesky_ex(const Tensor& self, bool upper /* = false */, bool check_errors /* = false */) {
  check_square("linalg_cholesky", self);
  Tensor factor = make_tensor(self.sizes(), self.scalar_type()), info = make_tensor(batch_sizes(self), kInt);
  kernels(self.device()).cholesky(factor, info, self.contiguous(), upper);
  if (check_errors) check_info("linalg_cholesky", info, "the matrix is not positive definite: leading minor");
  autograd::record("linalg_cholesky", {&factor, &info}, {&self}, [&] {
    return [y = autograd::SavedOutput(factor), upper](const autograd::Grads& grads) {
      if (!grads[0].defined()) return autograd::Grads(1);
      const Tensor lower = upper ? mT(*y) : *y, g = upper ? mT(grads[0]) : grads[0];
      const Tensor phi = half_lower(mT(lower).matmul(g));
      const Tensor half = solve_triangular(mT(lower), phi, /*upper=*/true);             // L^-T phi
      const Tensor s = solve_triangular(lower, half, /*upper=*/false, /*left=*/false);  // L^-T phi L^-1
      return autograd::Grads{(s + mT(s)) / 2};
    };
  });
  return {factor, info};
}
/// The factor L of a positive definite self = L L^T, or U of U^T U. LinAlgError where self is not.
//: linalg out
Tensor cholesky(const Tensor& self, bool upper /* = false */) { return std::get<0>(cholesky_ex(self, upper, true)); }

namespace {
Tensor unpack_lower(const Tensor& lu, int64_t k) {
  const Tensor l = lu.narrow(-1, 0, k).tril(-1);
  return l + eye(l.size(-2), k, l.options().requires_grad(false));
}
/// Row i of the matrix is row order[i] of P^T of it: the swaps as a permutation [B…, m].
Tensor permutation_of(const Tensor& pivots, int64_t m) {
  const Tensor swaps = pivots.to(kLong).contiguous();
  const int64_t k = pivots.size(-1), batch = k ? pivots.numel() / k : 1;
  DimVector sizes(pivots.sizes());
  sizes.back() = m;
  Tensor order = arange(m, kLong).expand(sizes).contiguous();
  auto* rows = order.data_ptr<int64_t>();
  const auto* swap = swaps.data_ptr<int64_t>();
  for (int64_t b = 0; b < batch && m > 0; ++b)
    for (int64_t i = 0; i < k; ++i) {
      const int64_t other = swap[b * k + i] - 1;
      if (other < 0 || other >= m) fail<IndexError>("[linalg_lu] pivot {} is not among 1 to {}", other + 1, m);
      std::swap(rows[b * m + i], rows[b * m + other]);
    }
  return order;
}
Tensor permutation_matrix(const Tensor& order, const TensorOptions& options) {
  DimVector sizes(order.sizes());
  sizes.push_back(order.size(-1));
  // column order[i]… row order[i] of P has its one at column i
  return zeros(sizes, options).scatter(-2, order.unsqueeze(-2), 1);
}
/// The gradient of A = P L U from those of L and U.
Tensor lu_gradient(const Tensor& gl, const Tensor& gu, const Tensor& p, const Tensor& l, const Tensor& u) {
  const int64_t m = l.size(-2), n = u.size(-1), k = std::min(m, n);
  const Tensor zero = zeros({1}, l.options().requires_grad(false));
  const Tensor g_l = gl.defined() ? gl : zero.expand(l.sizes()), g_u = gu.defined() ? gu : zero.expand(u.sizes());
  if (m == n) {
    const Tensor inner = mT(l).matmul(g_l).tril(-1) + g_u.matmul(mT(u)).triu();
    const Tensor left = solve_triangular(mT(l), inner, /*upper=*/true, true, /*unitriangular=*/true);
    return p.matmul(solve_triangular(mT(u), left, /*upper=*/false, /*left=*/false));
  }
  if (m < n) {  // wide: U = [U1 U2]
    const Tensor u1 = u.narrow(-1, 0, k), u2 = u.narrow(-1, k, n - k);
    const Tensor gu1 = g_u.narrow(-1, 0, k), gu2 = g_u.narrow(-1, k, n - k);
    const Tensor inner = (mT(l).matmul(g_l) - gu2.matmul(mT(u2))).tril(-1) + gu1.matmul(mT(u1)).triu();
    const Tensor a1 = solve_triangular(mT(u1), inner, false, false);
    const Tensor g = cat({a1, gu2}, -1);
    return p.matmul(solve_triangular(mT(l), g, true, true, true));
  }
  const Tensor l1 = l.narrow(-2, 0, k), l2 = l.narrow(-2, k, m - k);
  const Tensor gl1 = g_l.narrow(-2, 0, k), gl2 = g_l.narrow(-2, k, m - k);
  const Tensor inner = mT(l1).matmul(gl1).tril(-1) + (g_u.matmul(mT(u)) - mT(l2).matmul(gl2)).triu();
  const Tensor a1 = solve_triangular(mT(l1), inner, true, true, true);
  return p.matmul(solve_triangular(mT(u), cat({a1, gl2}, -2), false, false));
}
}  // namespace

/// P L U packed: L below the diagonal (its own is 1), U on and above it; the row swaps, from 1; and for each matrix 0
/// or the place of the first zero on U's diagonal.
//: linalg
std::tuple<Tensor, Tensor, Tensor> lu_factor_ex(const Tensor& self, bool pivot /* = true */,
                                                bool check_errors /* = false */) {
  check_matrix("linalg_lu_factor", self);
  if (!pivot) fail<NotImplementedError>("[linalg_lu_factor] LU without pivoting is not supported; leave pivot true");
  const int64_t m = self.size(-2), n = self.size(-1), k = std::min(m, n);
  Tensor lu = make_tensor(self.sizes(), self.scalar_type()), pivots = make_tensor(batch_sizes(self, {k}), kInt);
  Tensor info = make_tensor(batch_sizes(self), kInt);
  kernels(self.device()).lu_factor(lu, pivots, info, self.contiguous());
  if (check_errors) check_info("linalg_lu_factor", info, "the matrix is singular: U has a zero at diagonal place");
  autograd::record("linalg_lu_factor", {&lu, &pivots, &info}, {&self}, [&] {
    return [y = autograd::SavedOutput(lu), pivots = pivots.detach(), m, n, k](const autograd::Grads& grads) {
      if (!grads[0].defined()) return autograd::Grads(1);
      const Tensor packed = *y, g = grads[0];
      const Tensor p = permutation_matrix(permutation_of(pivots, m), g.detach().options());
      return autograd::Grads{lu_gradient(g.narrow(-1, 0, k).tril(-1), g.narrow(-2, 0, k).triu(), p,
                                         unpack_lower(packed, k), packed.narrow(-2, 0, std::min(m, n)).triu())};
    };
  });
  return {lu, pivots, info};
}
//: linalg
std::tuple<Tensor, Tensor> lu_factor(const Tensor& self, bool pivot /* = true */) {
  const auto [lu, pivots, info] = lu_factor_ex(self, pivot, true);
  return {lu, pivots};
}
/// P, L and U of self = P L U.
//: linalg
std::tuple<Tensor, Tensor, Tensor> lu(const Tensor& self, bool pivot /* = true */) {
  const auto [packed, pivots, info] = lu_factor_ex(self, pivot, false);
  return hearth::lu_unpack(packed, pivots);
}

namespace {
/// Of q [m, n] and r [n, n], m >= n; either gradient may be undefined.
Tensor qr_gradient(const Tensor& gq, const Tensor& gr, const Tensor& q, const Tensor& r) {
  Tensor inner = gr.defined() ? r.matmul(mT(gr)) : Tensor();
  if (gq.defined()) inner = inner.defined() ? inner - mT(gq).matmul(q) : -mT(gq).matmul(q);
  Tensor a = q.matmul(inner.tril() + mT(inner.tril(-1)));
  if (gq.defined()) a = gq + a;
  return solve_triangular(mT(r), a, /*upper=*/false, /*left=*/false);
}
}  // namespace

/// self = Q R. mode: "reduced" (Q [m, k], R [k, n]), "complete" (Q [m, m], R [m, n]), or "r" (Q empty).
//: linalg
std::tuple<Tensor, Tensor> qr(const Tensor& self, std::string_view mode /* = "reduced" */) {
  check_matrix("linalg_qr", self);
  if (mode != "reduced" && mode != "complete" && mode != "r")
    fail("[linalg_qr] mode is reduced, complete or r, not \"{}\"", mode);
  const int64_t m = self.size(-2), n = self.size(-1);
  const bool complete = mode == "complete";
  const int64_t k = complete ? m : std::min(m, n);
  Tensor r = make_tensor(batch_sizes(self, {k, n}), self.scalar_type());
  Tensor q = mode == "r" ? Tensor() : make_tensor(batch_sizes(self, {m, k}), self.scalar_type());
  if (self.numel() > 0) {
    kernels(self.device()).qr(q, r, self.contiguous());
  } else {
    r.zero_();
    if (q.defined()) q.copy_(eye(m, k, self.detach().options()));
  }
  if (!q.defined()) {
    if (autograd::should_record({&self}))
      r = autograd::record("linalg_qr", r, {&self}, [&] {
        return [](const Tensor&) -> Tensor {
          fail<AutogradError>("[linalg_qr] mode \"r\" keeps no Q, so it has no gradient; use mode \"reduced\"");
        };
      });
    return {make_tensor({0}, self.scalar_type()), r};
  }
  autograd::record("linalg_qr", {&q, &r}, {&self}, [&] {
    return
        [q = autograd::SavedOutput(q, 0), r = autograd::SavedOutput(r, 1), m, n, complete](const autograd::Grads& g) {
          if (complete && m > n)
            fail<AutogradError>("[linalg_qr] mode \"complete\" has a gradient only where m <= n (here {} x {})", m, n);
          if (!g[0].defined() && !g[1].defined()) return autograd::Grads(1);
          const Tensor orthogonal = *q, upper = *r;
          if (m >= n) return autograd::Grads{qr_gradient(g[0], g[1], orthogonal, upper)};
          // Wide: [X Y] = Q [U V] with V = Q^T Y, so Q has a gradient by way of V too.
          const auto part = [&](const Tensor& t, int64_t from, int64_t size) {
            return t.defined() ? t.narrow(-1, from, size) : t;
          };
          const Tensor gv = part(g[1], m, n - m), u = part(upper, 0, m), v = part(upper, m, n - m);
          const Tensor by_v = gv.defined() ? orthogonal.matmul(v).matmul(mT(gv)) : Tensor();
          const Tensor gq = !by_v.defined() ? g[0] : g[0].defined() ? g[0] + by_v : by_v;
          const Tensor gx = qr_gradient(gq, part(g[1], 0, m), orthogonal, u);
          const Tensor gy = gv.defined() ? orthogonal.matmul(gv) : v.new_zeros(v.sizes());
          return autograd::Grads{cat({gx, gy}, -1)};
        };
  });
  return {q, r};
}

namespace {
bool is_upper(const char* op, std::string_view uplo) {
  if (uplo != "L" && uplo != "U" && uplo != "l" && uplo != "u") fail("[{}] UPLO is L or U, not \"{}\"", op, uplo);
  return uplo == "U" || uplo == "u";
}
Tensor gaps(const Tensor& values) {  // [B…, n, n]: values[j] - values[i], infinite on the diagonal
  Tensor e = values.unsqueeze(-2) - values.unsqueeze(-1);
  return e + full({values.size(-1)}, INFINITY, values.detach().options()).diag();
}
}  // namespace
/// Eigenvalues, rising, and eigenvectors (columns) of a symmetric matrix, of which one triangle is read. The gradient
/// of the vectors is finite only where all values differ.
//: linalg
std::tuple<Tensor, Tensor> eigh(const Tensor& self, std::string_view UPLO /* = "L" */) {
  check_square("linalg_eigh", self);
  const bool upper = is_upper("linalg_eigh", UPLO);
  check_finite("linalg_eigh", self);
  Tensor values = make_tensor(batch_sizes(self, {self.size(-1)}), self.scalar_type());
  Tensor vectors = make_tensor(self.sizes(), self.scalar_type());
  if (self.numel() > 0) kernels(self.device()).eigh(values, vectors, self.contiguous(), upper);
  autograd::record("linalg_eigh", {&values, &vectors}, {&self}, [&] {
    return [values = autograd::SavedOutput(values, 0),
            vectors = autograd::SavedOutput(vectors, 1)](const autograd::Grads& g) {
      const Tensor v = *vectors;
      Tensor inner;
      if (g[0].defined()) inner = g[0].diag_embed();
      if (g[1].defined()) {
        const Tensor part = mT(v).matmul(g[1]) / gaps(*values);
        inner = inner.defined() ? inner + part : part;
      }
      if (!inner.defined()) return autograd::Grads(1);
      const Tensor a = v.matmul(inner).matmul(mT(v));
      return autograd::Grads{(a + mT(a)) / 2};
    };
  });
  return {values, vectors};
}
/// The eigenvalues alone; their gradient is always finite.
//: linalg out
Tensor eigvalsh(const Tensor& self, std::string_view UPLO /* = "L" */) { return std::get<0>(eigh(self, UPLO)); }
/// Out of scope: eigenvalues of a matrix that is not symmetric are complex.
//: linalg
std::tuple<Tensor, Tensor> eig(const Tensor& self) {
  check_square("linalg_eig", self);
  fail<NotImplementedError>(
      "[linalg_eig] its results are complex, which hearth has not; use linalg::eigh where the "
      "matrix is symmetric");
}
//: linalg
Tensor eigvals(const Tensor& self) { return std::get<0>(eig(self)); }

namespace {
/// The gradient of U, S, Vh (thin, all square or tall by U and V alike).
Tensor svd_gradient(const Tensor& gu, const Tensor& gs, const Tensor& gvh, const Tensor& u, const Tensor& s,
                    const Tensor& vh) {
  const Tensor v = mT(vh);
  const int64_t m = u.size(-2), n = v.size(-2), k = s.size(-1);
  Tensor inner = gs.defined() ? gs.diag_embed() : Tensor();
  const auto add = [&](const Tensor& part) { inner = inner.defined() ? inner + part : part; };
  const Tensor e = gu.defined() || gvh.defined() ? gaps(s * s) : Tensor();
  const auto skew = [](const Tensor& x) { return x - mT(x); };
  if (gu.defined()) add(skew(mT(u).matmul(gu)) / e * s.unsqueeze(-2));
  if (gvh.defined()) add(s.unsqueeze(-1) * (skew(mT(v).matmul(mT(gvh))) / e));
  Tensor a = u.matmul(inner).matmul(vh);
  if (gu.defined() && m > k) {
    const Tensor scaled = gu / s.unsqueeze(-2);
    a = a + (scaled - u.matmul(mT(u).matmul(scaled))).matmul(vh);
  }
  if (gvh.defined() && n > k) {
    const Tensor scaled = gvh / s.unsqueeze(-1);
    a = a + u.matmul(scaled - scaled.matmul(v).matmul(vh));
  }
  return a;
}
}  // namespace
/// self = U diag(S) Vh with S falling; full_matrices makes U and Vh square. Gradients of U and Vh are finite only where
/// all singular values differ (and are not zero), and only of the first min(m, n) vectors.
//: linalg
std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool full_matrices /* = true */,
                                       std::optional<std::string_view> driver /* = std::nullopt */) {
  check_matrix("linalg_svd", self);
  if (driver) fail<NotImplementedError>("[linalg_svd] drivers are for CUDA matrices; leave driver out");
  check_finite("linalg_svd", self);
  const int64_t m = self.size(-2), n = self.size(-1), k = std::min(m, n);
  Tensor u = make_tensor(batch_sizes(self, {m, full_matrices ? m : k}), self.scalar_type());
  Tensor s = make_tensor(batch_sizes(self, {k}), self.scalar_type());
  Tensor vh = make_tensor(batch_sizes(self, {full_matrices ? n : k, n}), self.scalar_type());
  if (self.numel() > 0) {
    kernels(self.device()).svd(u, s, vh, self.contiguous());
  } else {
    u.copy_(eye(m, u.size(-1), self.detach().options()));
    vh.copy_(eye(vh.size(-2), n, self.detach().options()));
  }
  autograd::record("linalg_svd", {&u, &s, &vh}, {&self}, [&] {
    return [u = autograd::SavedOutput(u, 0), s = autograd::SavedOutput(s, 1), vh = autograd::SavedOutput(vh, 2),
            k](const autograd::Grads& g) {
      if (!g[0].defined() && !g[1].defined() && !g[2].defined()) return autograd::Grads(1);
      const auto columns = [&](const Tensor& t) { return t.defined() ? t.narrow(-1, 0, k) : t; };
      const auto rows = [&](const Tensor& t) { return t.defined() ? t.narrow(-2, 0, k) : t; };
      return autograd::Grads{svd_gradient(columns(g[0]), g[1], rows(g[2]), columns(*u), *s, rows(*vh))};
    };
  });
  return {u, s, vh};
}
/// The singular values alone, falling; their gradient is always finite.
//: linalg out
Tensor svdvals(const Tensor& self, std::optional<std::string_view> driver /* = std::nullopt */) {
  return std::get<1>(svd(self, false, driver));
}

/// The product of Householder reflections 1 - tau v v^T, v in the columns of input below its diagonal: [m, n].
//: linalg out
Tensor householder_product(const Tensor& input, const Tensor& tau) {
  check_matrix("linalg_householder_product", input);
  checked_impl("linalg_householder_product", tau);
  const int64_t m = input.size(-2), n = input.size(-1);
  if (m < n || tau.dim() != input.dim() - 1 || tau.size(-1) > n)
    throw ShapeError(fmt::format("[linalg_householder_product] input [m, n] with m >= n and tau [k] with k <= n are "
                                 "expected, but the shapes are {} and {}",
                                 shape_text(input.sizes()), shape_text(tau.sizes())),
                     input.sizes().vec(), tau.sizes().vec());
  const Tensor below = input.tril(-1) + eye(m, n, input.detach().options());
  Tensor q = eye(m, n, input.detach().options()).expand(input.sizes());
  for (int64_t i = tau.size(-1) - 1; i >= 0; --i) {
    const Tensor v = below.narrow(-1, i, 1);
    q = q - tau.narrow(-1, i, 1).unsqueeze(-1) * v.matmul(mT(v).matmul(q));
  }
  return q;
}

}  // namespace linalg

/// P, L and U from a packed LU and its pivots.
//:
std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots,
                                             bool unpack_data /* = true */, bool unpack_pivots /* = true */) {
  check_matrix("lu_unpack", LU_data);
  checked_impl("lu_unpack", LU_pivots);
  const int64_t m = LU_data.size(-2), n = LU_data.size(-1), k = std::min(m, n);
  if (LU_pivots.scalar_type() != kInt || LU_pivots.dim() != LU_data.dim() - 1 || LU_pivots.size(-1) != k)
    throw ShapeError(
        fmt::format("[lu_unpack] pivots must be Int of shape {}, but are {} of shape {}",
                    shape_text(batch_sizes(LU_data, {k})), LU_pivots.scalar_type(), shape_text(LU_pivots.sizes())),
        LU_pivots.sizes().vec(), LU_data.sizes().vec());
  const Tensor none = make_tensor({0}, LU_data.scalar_type());
  const Tensor p = unpack_pivots
                       ? linalg::permutation_matrix(linalg::permutation_of(LU_pivots, m), LU_data.detach().options())
                       : none;
  if (!unpack_data) return {p, none, none};
  return {p, linalg::unpack_lower(LU_data, k), LU_data.narrow(-2, 0, k).triu()};
}

}  // namespace hearth
