// Linear algebra under the names that PyTorch had before torch::linalg.
#include "ops/linalg.h"

namespace hearth {

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
