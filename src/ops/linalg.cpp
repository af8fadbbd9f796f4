// Linear algebra on top of decompositions and solutions: pseudoinverses, least squares, powers, tensors.
#include "ops/linalg.h"

#include "base/fail.h"

namespace hearth {

namespace linalg {

namespace {
Tensor tolerance(const Tensor& sigma, const Tensor& self, const std::optional<Tensor>& atol,
                 const std::optional<Tensor>& rtol) {
  const double eps = self.scalar_type() == kDouble ? 2.220446049250313e-16 : 1.1920928955078125e-07;
  const bool has_atol = atol && atol->defined(), has_rtol = rtol && rtol->defined();
  const Tensor a = has_atol ? *atol : zeros({}, sigma.options());
  Tensor r =
      has_rtol ? *rtol : full({}, eps * static_cast<double>(std::max(self.size(-1), self.size(-2))), sigma.options());
  if (!has_rtol && has_atol) r = r.masked_fill(a.gt(0), 0);
  const Tensor largest = sigma.size(-1) > 0 ? std::get<0>(sigma.max(-1)) : zeros(batch_sizes(self), sigma.options());
  return a.maximum(r * largest);
}
std::optional<Tensor> as_tensor(const Tensor& like, std::optional<double> value) {
  if (!value) return std::nullopt;
  return full({}, *value, TensorOptions(like.scalar_type()));
}
}  // namespace
/// The Moore-Penrose inverse; singular values of at most max(atol, rtol * the largest) count as zero.
//: linalg out
Tensor pinv(const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol /* = {} */,
            bool hermitian /* = false */) {
  check_matrix("linalg_pinv", self);
  if (hermitian) check_square("linalg_pinv", self);
  Tensor y;
  if (self.numel() == 0) {
    y = make_tensor(batch_sizes(self, {self.size(-1), self.size(-2)}), self.scalar_type());
  } else {
    const NoGradGuard no_grad;
    if (hermitian) {
      const auto [values, vectors] = eigh(self.detach());
      const Tensor kept = values.abs().gt(tolerance(values.abs(), self, atol, rtol).unsqueeze(-1));
      const Tensor inverse = values.masked_fill(kept.logical_not(), INFINITY).reciprocal();
      y = (vectors * inverse.unsqueeze(-2)).matmul(mT(vectors));
    } else {
      const auto [u, s, vh] = linalg::svd(self.detach(), false);
      const Tensor kept = s.gt(tolerance(s, self, atol, rtol).unsqueeze(-1));
      const Tensor inverse = s.masked_fill(kept.logical_not(), INFINITY).reciprocal();
      y = (mT(vh) * inverse.unsqueeze(-2)).matmul(mT(u));
    }
  }
  // Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems" (1973)
  return autograd::record("linalg_pinv", y, {&self}, [&] {
    return [x = autograd::Saved(self), y = autograd::SavedOutput(y)](const Tensor& g) {
      const Tensor a = *x, p = *y, gt = mT(g), pt = mT(p);
      const Tensor through = pt.matmul(g).matmul(pt);
      const Tensor left = (gt - a.matmul(p).matmul(gt)).matmul(p).matmul(pt);
      const Tensor right = pt.matmul(p).matmul(gt - gt.matmul(p).matmul(a));
      return left + right - through;
    };
  });
}
//: linalg
Tensor pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian /* = false */) {
  checked_impl("linalg_pinv", self);
  return pinv(self, as_tensor(self, atol), as_tensor(self, rtol), hermitian);
}
//: linalg
Tensor pinv(const Tensor& self, double rcond /* = 1e-15 */, bool hermitian /* = false */) {
  checked_impl("linalg_pinv", self);
  return pinv(self, as_tensor(self, 0.0), as_tensor(self, rcond), hermitian);
}
/// How many singular values (or sizes of eigenvalues) exceed max(atol, rtol * the largest).
//: linalg
Tensor matrix_rank(const Tensor& self, std::optional<double> atol /* = std::nullopt */,
                   std::optional<double> rtol /* = std::nullopt */, bool hermitian /* = false */) {
  check_matrix("linalg_matrix_rank", self);
  const NoGradGuard no_grad;
  if (self.numel() == 0) return zeros(batch_sizes(self), kLong);
  const Tensor sigma = hermitian ? eigvalsh(self).abs() : svdvals(self);
  return sigma.gt(tolerance(sigma, self, as_tensor(self, atol), as_tensor(self, rtol)).unsqueeze(-1)).sum(-1);
}

/// The X that minimises |self X - B|, of least norm: X, the residuals (where self has full rank and more rows than
/// columns), the rank, and the singular values (drivers gelsd and gelss). Drivers gels and gelsy are by QR, which wants
/// full rank.
//: linalg
std::tuple<Tensor, Tensor, Tensor, Tensor> lstsq(const Tensor& self, const Tensor& b,
                                                 std::optional<double> rcond /* = std::nullopt */,
                                                 std::optional<std::string_view> driver /* = std::nullopt */) {
  check_matrix("linalg_lstsq", self);
  checked_impl("linalg_lstsq", b);
  const std::string_view how = driver.value_or("gelsy");
  if (how != "gels" && how != "gelsy" && how != "gelsd" && how != "gelss")
    fail("[linalg_lstsq] driver is gels, gelsy, gelsd or gelss, not \"{}\"", how);
  const bool vector = is_vector(self, b);
  const Tensor right = vector ? b.unsqueeze(-1) : b;
  check_matrix("linalg_lstsq", right);
  if (right.size(-2) != self.size(-2))
    throw ShapeError(fmt::format("[linalg_lstsq] A of shape {} and B of shape {} have different numbers of rows",
                                 shape_text(self.sizes()), shape_text(b.sizes())),
                     b.sizes().vec(), self.sizes().vec());
  if (self.scalar_type() != right.scalar_type())
    throw DtypeError(fmt::format("[linalg_lstsq] A is {} but B is {}", self.scalar_type(), right.scalar_type()),
                     right.scalar_type(), self.scalar_type());
  const auto [a, y] = broadcast_batches("linalg_lstsq", self, right);
  const int64_t m = a.size(-2), n = a.size(-1);
  const Tensor none = make_tensor({0}, a.scalar_type());
  Tensor x, rank = make_tensor({0}, kLong), sigma = none;
  if (how == "gels") {
    if (m >= n) {
      const auto [q, r] = linalg::qr(a);
      x = solve_triangular(r, mT(q).matmul(y), true);
    } else {
      const auto [q, r] = linalg::qr(mT(a));
      x = q.matmul(solve_triangular(mT(r), y, false));
    }
  } else {
    const double eps = a.scalar_type() == kDouble ? 2.220446049250313e-16 : 1.1920928955078125e-07;
    const double cut = rcond.value_or(eps * static_cast<double>(std::max(m, n)));
    x = pinv(a, std::optional<double>(0.0), std::optional<double>(cut)).matmul(y);
    rank = matrix_rank(a, 0.0, cut);
    if (how != "gelsy") sigma = svdvals(a.detach());
  }
  Tensor residuals = none;
  const bool full = how == "gels" || rank.eq(n).all().item<bool>();
  if (m > n && full) residuals = (a.matmul(x) - y).square().sum(-2);
  return {vector ? x.squeeze(-1) : x, residuals, rank, sigma};
}

/// self multiplied by itself n times, or its inverse -n times.
//: linalg out
Tensor matrix_power(const Tensor& self, int64_t n) {
  checked_impl("linalg_matrix_power", self);
  if (self.dim() < 2 || self.size(-1) != self.size(-2))
    throw ShapeError(fmt::format("[linalg_matrix_power] square matrices are expected, but the shape is {}",
                                 shape_text(self.sizes())),
                     self.sizes().vec());
  if (n == 0) return eye(self.size(-1), self.detach().options()).expand(self.sizes()).clone();
  Tensor power = n < 0 ? inv(self) : self, y;
  for (uint64_t left = n < 0 ? 0 - static_cast<uint64_t>(n) : static_cast<uint64_t>(n); left > 0; left >>= 1) {
    if (left & 1) y = y.defined() ? y.matmul(power) : power;
    if (left > 1) power = power.matmul(power);
  }
  return n == 1 ? self.clone() : y;
}
/// The exponential of square matrices, by scaling and squaring of the Padé approximant of degree 13 (Higham, "The
/// scaling and squaring method for the matrix exponential revisited", 2005).
//: linalg
Tensor matrix_exp(const Tensor& self) {
  check_square("linalg_matrix_exp", self);
  if (self.numel() == 0) return self.clone();
  constexpr double b[] = {64764752532480000,
                          32382376266240000,
                          7771770303897600,
                          1187353796428800,
                          129060195264000,
                          10559470521600,
                          670442572800,
                          33522128640,
                          1323241920,
                          40840800,
                          960960,
                          16380,
                          182,
                          1};
  const double size = self.detach().abs().sum(-2).max().item<double>();
  if (!std::isfinite(size))
    fail<LinAlgError>("[linalg_matrix_exp] the matrix (shape {}) has elements that are not finite",
                      shape_text(self.sizes()));
  const int squarings = size > 5.4 ? std::max(0, static_cast<int>(std::ceil(std::log2(size / 5.371920351148152)))) : 0;
  const Tensor a = self * std::ldexp(1.0, -squarings), one = identity_like(self);
  const Tensor a2 = a.matmul(a), a4 = a2.matmul(a2), a6 = a4.matmul(a2);
  const Tensor odd =
      a.matmul(a6.matmul(a6 * b[13] + a4 * b[11] + a2 * b[9]) + a6 * b[7] + a4 * b[5] + a2 * b[3] + one * b[1]);
  const Tensor even = a6.matmul(a6 * b[12] + a4 * b[10] + a2 * b[8]) + a6 * b[6] + a4 * b[4] + a2 * b[2] + one * b[0];
  Tensor y = solve(even - odd, even + odd);
  for (int i = 0; i < squarings; ++i) y = y.matmul(y);
  return y;
}

/// The inverse of self as a linear map from its last dimensions to its first `ind`.
//: linalg out
Tensor tensorinv(const Tensor& self, int64_t ind /* = 2 */) {
  checked_impl("linalg_tensorinv", self);
  if (ind < 1) fail("[linalg_tensorinv] ind must be positive, but is {}", ind);
  DimVector to, from;
  int64_t rows = 1, columns = 1;
  for (int64_t d = 0; d < self.dim(); ++d) {
    (d < ind ? from : to).push_back(self.size(d));
    (d < ind ? rows : columns) *= self.size(d);
  }
  if (rows != columns)
    throw ShapeError(fmt::format("[linalg_tensorinv] shape {} is no square map at ind {}: {} by {}",
                                 shape_text(self.sizes()), ind, rows, columns),
                     self.sizes().vec());
  to.append(from.begin(), from.end());
  return inv(self.reshape({rows, columns})).reshape(to);
}
/// X of tensordot(self, X, X.dim()) = other; `dims` of self are moved to its end first.
//: linalg out
Tensor tensorsolve(const Tensor& self, const Tensor& other, std::optional<IntArrayRef> dims /* = std::nullopt */) {
  checked_impl("linalg_tensorsolve", self);
  checked_impl("linalg_tensorsolve", other);
  Tensor a = self;
  if (dims) {
    std::vector<int64_t> to;
    for (size_t i = 0; i < dims->size(); ++i) to.push_back(self.dim() - static_cast<int64_t>(dims->size() - i));
    a = self.movedim(*dims, to);
  }
  DimVector sizes;
  int64_t n = 1;
  for (int64_t d = other.dim(); d < a.dim(); ++d) {
    sizes.push_back(a.size(d));
    n *= a.size(d);
  }
  if (n != other.numel() || a.numel() != n * n)
    throw ShapeError(fmt::format("[linalg_tensorsolve] self of shape {} is no square map onto other of shape {}",
                                 shape_text(self.sizes()), shape_text(other.sizes())),
                     self.sizes().vec(), other.sizes().vec());
  return solve(a.reshape({n, n}), other.reshape({n})).reshape(sizes);
}

/// The sum of products along dim.
//: linalg out
Tensor vecdot(const Tensor& x, const Tensor& y, int64_t dim /* = -1 */) {
  checked_impl("linalg_vecdot", x);
  checked_impl("linalg_vecdot", y);
  return (x * y).sum(dim);
}
//: linalg out
Tensor cross(const Tensor& self, const Tensor& other, int64_t dim /* = -1 */) {
  checked_impl("linalg_cross", self);
  return self.cross(other, dim);
}
//: linalg
Tensor diagonal(const Tensor& A, int64_t offset /* = 0 */, int64_t dim1 /* = -2 */, int64_t dim2 /* = -1 */) {
  return A.diagonal(offset, dim1, dim2);
}
//: linalg out
Tensor matmul(const Tensor& self, const Tensor& other) { return self.matmul(other); }
//: linalg
Tensor vander(const Tensor& x, std::optional<int64_t> N /* = std::nullopt */) {
  checked_impl("linalg_vander", x);
  const int64_t n = N.value_or(x.dim() ? x.size(-1) : 1);
  if (x.dim() == 0 || n < 2)
    fail("[linalg_vander] vectors and N of at least 2 are expected, but the shape is {} and N {}",
         shape_text(x.sizes()), n);
  return x.unsqueeze(-1).pow(arange(n, kLong));
}

}  // namespace linalg

}  // namespace hearth
