// Linear algebra on top of the decompositions: solving, inverses, determinants, norms, powers.
#include "ops/linalg.h"

#include "base/fail.h"

namespace hearth {

namespace linalg {

namespace {

/// a [B…, n, n] and b with their batch dimensions broadcast.
std::pair<Tensor, Tensor> broadcast_batches(const char* op, const Tensor& a, const Tensor& b) {
  const DimVector batch = broadcast_sizes(op, batch_sizes(a), batch_sizes(b));
  DimVector sa = batch, sb = batch;
  for (const int64_t d : {-2, -1}) {
    sa.push_back(a.size(d));
    sb.push_back(b.size(d));
  }
  return {a.expand(sa), b.expand(sb)};
}
void check_solvable(const char* op, const Tensor& a, const Tensor& b, bool left) {
  if (a.scalar_type() != b.scalar_type())
    throw DtypeError(fmt::format("[{}] A is {} but B is {}; convert one of them", op, a.scalar_type(), b.scalar_type()),
                     b.scalar_type(), a.scalar_type());
  if (b.size(left ? -2 : -1) != a.size(-1))
    throw ShapeError(fmt::format("[{}] A of shape {} and B of shape {} do not fit: {}", op, shape_text(a.sizes()),
                                 shape_text(b.sizes()), left ? "A X = B" : "X A = B"),
                     b.sizes().vec(), a.sizes().vec());
}
/// Whether b is a vector (or a batch of them), as NumPy decides.
bool is_vector(const Tensor& a, const Tensor& b) {
  return b.dim() == 1 || (a.dim() - 1 == b.dim() && b.sizes() == a.sizes().slice(0, a.sizes().size() - 1));
}
Tensor identity_like(const Tensor& x) { return eye(x.size(-1), x.detach().options()).expand(x.sizes()); }
/// The solution by a packed LU, without a gradient.
Tensor solve_by_lu(const Tensor& lu, const Tensor& pivots, const Tensor& b) {
  const auto [p, l, u] = hearth::lu_unpack(lu, pivots);
  const Tensor y = solve_triangular(l, mT(p).matmul(b), /*upper=*/false, true, /*unitriangular=*/true);
  return solve_triangular(u, y, /*upper=*/true);
}

}  // namespace

/// X of self X = B (left) or X self = B, for a triangular self; only its triangle is read.
//: linalg out
Tensor solve_triangular(const Tensor& self, const Tensor& B, bool upper, bool left /* = true */,
                        bool unitriangular /* = false */) {
  check_square("linalg_solve_triangular", self);
  check_matrix("linalg_solve_triangular", B);
  check_solvable("linalg_solve_triangular", self, B, left);
  if (!left) return mT(solve_triangular(mT(self), mT(B), !upper, true, unitriangular));
  const auto [a, b] = broadcast_batches("linalg_solve_triangular", self, B);
  Tensor x = make_tensor(b.sizes(), b.scalar_type());
  if (x.numel() > 0) kernels(a.device()).solve_triangular(x, a.contiguous(), b.contiguous(), upper, unitriangular);
  return autograd::record("linalg_solve_triangular", x, {&self, &B}, [&] {
    return [a = autograd::Saved(self), x = autograd::SavedOutput(x), upper, unitriangular,
            b_sizes = DimVector(B.sizes())](const Tensor& g, autograd::Needs needs) {
      const Tensor gb = solve_triangular(mT(*a), g, !upper, true, unitriangular);
      Tensor ga;
      if (needs[0]) {
        ga = -gb.matmul(mT(*x));
        ga = sum_to(upper ? ga.triu(unitriangular ? 1 : 0) : ga.tril(unitriangular ? -1 : 0), (*a).sizes());
      }
      return autograd::Grads{ga, needs[1] ? sum_to(gb, b_sizes) : Tensor()};
    };
  });
}

namespace {
/// X of a X = b for matrices with equal batches, and what each factorisation met; where it met a zero, that matrix's X
/// is not finite, and the others' are what they would be alone.
std::tuple<Tensor, Tensor> solved(const Tensor& a, const Tensor& b) {
  Tensor x, info;
  {
    const NoGradGuard no_grad;
    const auto [lu, pivots, failed] = lu_factor_ex(a.detach());
    info = failed;
    x = solve_by_lu(lu, pivots, b.detach()).contiguous();
  }
  x = autograd::record("linalg_solve", x, {&a, &b}, [&] {
    return [a = autograd::Saved(a), x = autograd::SavedOutput(x)](const Tensor& g, autograd::Needs needs) {
      const Tensor gb = solve(mT(*a), g);
      return autograd::Grads{needs[0] ? -gb.matmul(mT(*x)) : Tensor(), gb};
    };
  });
  return {x, info};
}
}  // namespace
/// X of A X = B (or X A = B without left) and 0 for each matrix that could be solved. B may be a vector.
//: linalg
std::tuple<Tensor, Tensor> solve_ex(const Tensor& A, const Tensor& B, bool left /* = true */,
                                    bool check_errors /* = false */) {
  check_square("linalg_solve", A);
  checked_impl("linalg_solve", B);
  const bool vector = is_vector(A, B);
  const Tensor right = vector ? B.unsqueeze(-1) : B;
  check_matrix("linalg_solve", right);
  check_solvable("linalg_solve", A, right, left || vector);
  const bool transposed = !left && !vector;
  const auto [a, b] = broadcast_batches("linalg_solve", transposed ? mT(A) : A, transposed ? mT(right) : right);
  const auto [x, info] = solved(a, b);
  if (check_errors) check_info("linalg_solve", info, "the matrix is singular: U has a zero at diagonal place");
  return {vector ? x.squeeze(-1) : transposed ? mT(x) : x, info};
}
//: linalg out
Tensor solve(const Tensor& A, const Tensor& B, bool left /* = true */) {
  return std::get<0>(solve_ex(A, B, left, true));
}
/// solve by what lu_factor gave.
//: linalg out
Tensor lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left /* = true */,
                bool adjoint /* = false */) {
  check_square("linalg_lu_solve", LU);
  check_matrix("linalg_lu_solve", B);
  check_solvable("linalg_lu_solve", LU, B, left);
  const auto [p, l, u] = hearth::lu_unpack(LU, pivots);
  const Tensor b = left ? B : mT(B);
  if (left == !adjoint)
    return left ? solve_triangular(u, solve_triangular(l, mT(p).matmul(b), false, true, true), true)
                : mT(solve_triangular(u, solve_triangular(l, mT(p).matmul(b), false, true, true), true));
  const Tensor x = p.matmul(solve_triangular(mT(l), solve_triangular(mT(u), b, false), true, true, true));
  return left ? x : mT(x);
}
/// The inverse, and 0 for each matrix that has one.
//: linalg
std::tuple<Tensor, Tensor> inv_ex(const Tensor& self, bool check_errors /* = false */) {
  check_square("linalg_inv", self);
  const auto [x, info] = solved(self, identity_like(self));
  if (check_errors) check_info("linalg_inv", info, "the matrix is singular: U has a zero at diagonal place");
  return {x, info};
}
//: linalg out
Tensor inv(const Tensor& self) { return std::get<0>(inv_ex(self, true)); }

namespace {
/// Signs, logarithms of the sizes, and determinants, [B…] each, from an LU.
struct Determinant {
  Tensor sign, log, value;
};
Determinant determinant(const Tensor& self) {
  const NoGradGuard no_grad;
  const auto [lu, pivots, info] = lu_factor_ex(self.detach());
  const Tensor diagonal = lu.diagonal(0, -2, -1);
  const Tensor swaps = pivots.ne(arange(1, self.size(-1) + 1, pivots.options())).sum(-1).remainder(2);
  const Tensor sign = (1 - swaps * 2).to(self.scalar_type());
  return {sign * diagonal.sgn().prod(-1), diagonal.abs().log().sum(-1), sign * diagonal.prod(-1)};
}
/// The transposed adjugate of a matrix of any rank, by its singular values: gradients of det where inv does not exist.
Tensor cofactors(const Tensor& self) {
  const auto [u, s, vh] = linalg::svd(self);
  const int64_t n = self.size(-1);
  // prod of the others, by running products from both ends
  const Tensor one = ones(batch_sizes(self, {1}), self.detach().options());
  const Tensor before = n > 1 ? cat({one, s.narrow(-1, 0, n - 1).cumprod(-1)}, -1) : one;
  const Tensor after = n > 1 ? cat({s.narrow(-1, 1, n - 1).flip({-1}).cumprod(-1).flip({-1}), one}, -1) : one;
  const Tensor orientation = determinant(u).value * determinant(vh).value;
  return (u * (before * after).unsqueeze(-2)).matmul(vh) * orientation.unsqueeze(-1).unsqueeze(-1);
}
}  // namespace
//: linalg out
Tensor det(const Tensor& self) {
  check_square("linalg_det", self);
  const Tensor y = determinant(self).value;
  return autograd::record("linalg_det", y, {&self}, [&] {
    return [x = autograd::Saved(self)](const Tensor& g) {
      const Tensor a = *x, scale = g.unsqueeze(-1).unsqueeze(-1);
      const auto [inverse, info] = inv_ex(a);
      if (info.ne(0).any().item<bool>()) return scale * cofactors(a);
      return scale * linalg::det(a).unsqueeze(-1).unsqueeze(-1) * mT(inverse);
    };
  });
}
/// The sign of the determinant (0 of a singular matrix) and the logarithm of its size.
//: linalg
std::tuple<Tensor, Tensor> slogdet(const Tensor& self) {
  check_square("linalg_slogdet", self);
  Determinant d = determinant(self);
  autograd::record("linalg_slogdet", {&d.sign, &d.log}, {&self}, [&] {
    return [x = autograd::Saved(self)](const autograd::Grads& g) {
      if (!g[1].defined()) return autograd::Grads(1);
      return autograd::Grads{g[1].unsqueeze(-1).unsqueeze(-1) * mT(inv(*x))};
    };
  });
  return {d.sign, d.log};
}

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

/// The ord-norm of vectors along dim, or of all elements.
//: linalg out
Tensor vector_norm(const Tensor& self, const Scalar& ord /* = 2 */, std::optional<IntArrayRef> dim /* = std::nullopt */,
                   bool keepdim /* = false */, std::optional<ScalarType> dtype /* = std::nullopt */) {
  check_floating("linalg_vector_norm", self);
  const Tensor x = dtype ? cast(self, *dtype) : self;
  if (dim) return x.norm(ord, *dim, keepdim);
  std::vector<int64_t> all;
  for (int64_t d = 0; d < x.dim(); ++d) all.push_back(d);
  return x.norm(ord, all, keepdim);
}
namespace {
/// x with the two dims of matrices last.
Tensor matrices_last(const char* op, const Tensor& x, IntArrayRef dim) {
  if (dim.size() != 2) fail("[{}] dim must name two dimensions, but has {}", op, dim.size());
  const int64_t a = wrap_dim(op, dim[0], x.dim()), b = wrap_dim(op, dim[1], x.dim());
  if (a == b) fail<IndexError>("[{}] dim names dimension {} twice", op, dim[0]);
  return x.movedim({a, b}, {-2, -1});
}
Tensor kept_dims(const Tensor& y, int64_t rank, IntArrayRef dim, bool keepdim) {
  if (!keepdim) return y;
  int64_t a = dim[0] < 0 ? dim[0] + rank : dim[0], b = dim[1] < 0 ? dim[1] + rank : dim[1];
  if (a > b) std::swap(a, b);
  return y.unsqueeze(a).unsqueeze(b);
}
}  // namespace
/// The norm of matrices: the largest (ord 2) or least (-2) singular value, the largest or least sum of a column (1, -1)
/// or row (inf, -inf).
//: linalg out
Tensor matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim /* = {-2, -1} */, bool keepdim /* = false */,
                   std::optional<ScalarType> dtype /* = std::nullopt */) {
  check_floating("linalg_matrix_norm", self);
  const Tensor x = matrices_last("linalg_matrix_norm", dtype ? cast(self, *dtype) : self, dim);
  const double p = ord.to<double>(), size = std::fabs(p);
  const bool largest = p > 0;
  Tensor y;
  if (size == 2) {
    const Tensor s = svdvals(x);
    y = s.select(-1, largest ? 0 : s.size(-1) - 1);
  } else if (size == 1 || std::isinf(p)) {
    const Tensor sums = x.abs().sum(size == 1 ? -2 : -1);
    y = largest ? sums.amax(-1) : sums.amin(-1);
  } else {
    fail("[linalg_matrix_norm] order must be 1, -1, 2, -2, inf, -inf, \"fro\" or \"nuc\", not {}", p);
  }
  return kept_dims(y, self.dim(), dim, keepdim);
}
/// "fro": the root of the sum of squares; "nuc": the sum of the singular values.
//: linalg
Tensor matrix_norm(const Tensor& self, std::string_view ord /* = "fro" */, IntArrayRef dim /* = {-2, -1} */,
                   bool keepdim /* = false */, std::optional<ScalarType> dtype /* = std::nullopt */) {
  check_floating("linalg_matrix_norm", self);
  if (ord != "fro" && ord != "nuc")
    fail("[linalg_matrix_norm] order must be a number, \"fro\" or \"nuc\", not \"{}\"", ord);
  const Tensor x = matrices_last("linalg_matrix_norm", dtype ? cast(self, *dtype) : self, dim);
  const Tensor y = ord == "nuc" ? svdvals(x).sum(-1) : x.norm(2, {-2, -1}, false);
  return kept_dims(y, self.dim(), dim, keepdim);
}
/// vector_norm, or matrix_norm where dim names two dimensions or is left out for a matrix with an ord.
//: linalg
Tensor norm(const Tensor& self, const std::optional<Scalar>& ord /* = std::nullopt */,
            std::optional<IntArrayRef> dim /* = std::nullopt */, bool keepdim /* = false */,
            std::optional<ScalarType> dtype /* = std::nullopt */) {
  checked_impl("linalg_norm", self);
  if (ord && (dim ? dim->size() == 2 : self.dim() == 2))
    return matrix_norm(self, *ord, dim.value_or(IntArrayRef({0, 1})), keepdim, dtype);
  if (ord && !dim && self.dim() > 2)
    fail<ShapeError>("[linalg_norm] with an ord and no dim, the input must be a vector or matrix, but its shape is {}",
                     shape_text(self.sizes()));
  return vector_norm(self, ord.value_or(2), dim, keepdim, dtype);
}
//: linalg
Tensor norm(const Tensor& self, std::string_view ord, std::optional<IntArrayRef> dim /* = std::nullopt */,
            bool keepdim /* = false */, std::optional<ScalarType> dtype /* = std::nullopt */) {
  checked_impl("linalg_norm", self);
  if (!dim && self.dim() != 2)
    fail<ShapeError>("[linalg_norm] order \"{}\" is of matrices, but the shape is {}", ord, shape_text(self.sizes()));
  return matrix_norm(self, ord, dim.value_or(IntArrayRef({0, 1})), keepdim, dtype);
}
/// norm(self) * norm(inverse of self); by singular values for 2 (the default) and -2.
//: linalg
Tensor cond(const Tensor& self, const std::optional<Scalar>& p /* = std::nullopt */) {
  check_matrix("linalg_cond", self);
  if (!p || std::fabs(p->to<double>()) == 2) {
    const Tensor s = svdvals(self);
    const int64_t k = s.size(-1);
    return !p || p->to<double>() > 0 ? s.select(-1, 0) / s.select(-1, k - 1) : s.select(-1, k - 1) / s.select(-1, 0);
  }
  check_square("linalg_cond", self);
  const auto [inverse, info] = inv_ex(self);
  return (matrix_norm(self, *p) * matrix_norm(inverse, *p)).masked_fill(info.ne(0), INFINITY);
}
//: linalg
Tensor cond(const Tensor& self, std::string_view p) {
  check_square("linalg_cond", self);
  const auto [inverse, info] = inv_ex(self);
  return (matrix_norm(self, p) * matrix_norm(inverse, p)).masked_fill(info.ne(0), INFINITY);
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

//: method
Tensor det(const Tensor& self) { return linalg::det(self); }
//: method
std::tuple<Tensor, Tensor> slogdet(const Tensor& self) { return linalg::slogdet(self); }
/// The logarithm of the determinant; NaN where it is negative.
//: method
Tensor logdet(const Tensor& self) {
  const auto [sign, log] = linalg::slogdet(self);
  return hearth::where(sign.eq(-1), NAN, log);
}
//: method out
Tensor inverse(const Tensor& self) { return linalg::inv(self); }
//: method
Tensor pinverse(const Tensor& self, double rcond /* = 1e-15 */) { return linalg::pinv(self, rcond, false); }
//: method
Tensor matrix_power(const Tensor& self, int64_t n) { return linalg::matrix_power(self, n); }
//: method
Tensor matrix_exp(const Tensor& self) { return linalg::matrix_exp(self); }
//: method
Tensor cholesky(const Tensor& self, bool upper /* = false */) { return linalg::cholesky(self, upper); }
/// The inverse of the matrix whose Cholesky factor self is.
//: method
Tensor cholesky_inverse(const Tensor& self, bool upper /* = false */) {
  check_square("cholesky_inverse", self);
  return eye(self.size(-1), self.detach().options()).expand(self.sizes()).cholesky_solve(self, upper);
}
/// X of A X = self, where input2 is A's Cholesky factor.
//: method
Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper /* = false */) {
  check_square("cholesky_solve", input2);
  check_matrix("cholesky_solve", self);
  const Tensor lower = upper ? mT(input2) : input2;
  return linalg::solve_triangular(mT(lower), linalg::solve_triangular(lower, self, false), true);
}
//: method
std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some /* = true */) {
  return linalg::qr(self, some ? "reduced" : "complete");
}
/// U, S and V (not its transpose) of self = U diag(S) V^T.
//: method
std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some /* = true */, bool compute_uv /* = true */) {
  check_matrix("svd", self);
  if (!compute_uv) {
    const int64_t m = self.size(-2), n = self.size(-1);
    return {zeros(batch_sizes(self, {m, m}), self.detach().options()), linalg::svdvals(self),
            zeros(batch_sizes(self, {n, n}), self.detach().options())};
  }
  const auto [u, s, vh] = linalg::svd(self, !some);
  return {u, s, mT(vh)};
}
/// X of A X = self for a triangular A, and a copy of A.
//: method
std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper /* = true */,
                                            bool transpose /* = false */, bool unitriangular /* = false */) {
  check_square("triangular_solve", A);
  check_matrix("triangular_solve", self);
  return {linalg::solve_triangular(transpose ? mT(A) : A, self, transpose ? !upper : upper, true, unitriangular),
          A.clone()};
}
//: method
Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots) {
  return linalg::lu_solve(LU_data, LU_pivots, self);
}
//: method
Tensor orgqr(const Tensor& self, const Tensor& input2) { return linalg::householder_product(self, input2); }
//:
Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim /* = false */) {
  return self.norm(2, dim, keepdim);
}
//:
Tensor nuclear_norm(const Tensor& self, bool keepdim /* = false */) {
  return linalg::matrix_norm(self, "nuc", {-2, -1}, keepdim);
}

}  // namespace hearth
