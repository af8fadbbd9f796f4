// Linear systems, inverses and determinants.
#include "base/fail.h"
#include "ops/linalg.h"

namespace hearth {

namespace linalg {

std::pair<Tensor, Tensor> broadcast_batches(const char* op, const Tensor& a, const Tensor& b) {
  const DimVector batch = broadcast_sizes(op, batch_sizes(a), batch_sizes(b));
  DimVector sa = batch, sb = batch;
  for (const int64_t d : {-2, -1}) {
    sa.push_back(a.size(d));
    sb.push_back(b.size(d));
  }
  return {a.expand(sa), b.expand(sb)};
}
bool is_vector(const Tensor& a, const Tensor& b) {
  return b.dim() == 1 || (a.dim() - 1 == b.dim() && b.sizes() == a.sizes().slice(0, a.sizes().size() - 1));
}

namespace {

void check_solvable(const char* op, const Tensor& a, const Tensor& b, bool left) {
  if (a.scalar_type() != b.scalar_type())
    throw DtypeError(fmt::format("[{}] A is {} but B is {}; convert one of them", op, a.scalar_type(), b.scalar_type()),
                     b.scalar_type(), a.scalar_type());
  if (b.size(left ? -2 : -1) != a.size(-1))
    throw ShapeError(fmt::format("[{}] A of shape {} and B of shape {} do not fit: {}", op, shape_text(a.sizes()),
                                 shape_text(b.sizes()), left ? "A X = B" : "X A = B"),
                     b.sizes().vec(), a.sizes().vec());
}
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

}  // namespace linalg
}  // namespace hearth
