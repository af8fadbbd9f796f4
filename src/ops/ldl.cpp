// Factors of symmetric matrices, and reflections kept apart from what they make.
#include "base/fail.h"
#include "ops/linalg.h"

namespace hearth {

namespace {
/// The rule of an op without one.
auto no_gradient(const char* op) {
  return [op] {
    return [op](const autograd::Grads&) -> autograd::Grads {
      fail<AutogradError>("[{}] has no gradient; detach its input, or use another decomposition", op);
    };
  };
}

/// Whether pivots [..., n] are ones that ldl_factor can give: places from 1 to n, negative in equal pairs for blocks of
/// two. The kernel goes by them without looking.
bool are_pivots(const Tensor& pivots, int64_t n) {
  const Tensor all = pivots.contiguous();
  const int32_t* const p = all.data_ptr<int32_t>();
  for (int64_t begin = 0; begin < all.numel(); begin += n)
    for (int64_t k = begin; k < begin + n; ++k) {
      const int64_t place = p[k];
      if (place == 0 || place > n || place < -n) return false;
      if (place > 0) continue;
      if (k + 1 == begin + n || p[k + 1] != p[k]) return false;
      ++k;
    }
  return true;
}
}  // namespace

namespace linalg {

/// The factors of a symmetric self, packed as LAPACK's sytrf does (L below the diagonal, D of blocks of 1 and 2), the
/// pivots, and 0 or the place of the first block of D that is zero. Only the lower triangle is read.
//: linalg
std::tuple<Tensor, Tensor, Tensor> ldl_factor_ex(const Tensor& self, bool hermitian /* = false */,
                                                 bool check_errors /* = false */) {
  (void)hermitian;  // real matrices: the same
  check_square("linalg_ldl_factor", self);
  Tensor ld = make_tensor(self.sizes(), self.scalar_type()), info = make_tensor(batch_sizes(self), kInt);
  Tensor pivots = make_tensor(batch_sizes(self, {self.size(-1)}), kInt);
  kernels(self.device()).ldl_factor(ld, pivots, info, self.contiguous());
  if (check_errors) check_info("linalg_ldl_factor", info, "the factor D is singular: block");
  autograd::record("linalg_ldl_factor", {&ld, &pivots, &info}, {&self}, no_gradient("linalg_ldl_factor"));
  return {ld, pivots, info};
}
//: linalg
std::tuple<Tensor, Tensor> ldl_factor(const Tensor& self, bool hermitian /* = false */) {
  const auto [ld, pivots, info] = ldl_factor_ex(self, hermitian, /*check_errors=*/true);
  return {ld, pivots};
}
/// X of A X = B by what ldl_factor gave for A.
//: linalg out
Tensor ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian /* = false */) {
  (void)hermitian;
  check_square("linalg_ldl_solve", LD);
  check_matrix("linalg_ldl_solve", B);
  checked_impl("linalg_ldl_solve", pivots);
  if (B.scalar_type() != LD.scalar_type())
    throw DtypeError(
        fmt::format("[linalg_ldl_solve] LD is {} but B is {}; convert one of them", LD.scalar_type(), B.scalar_type()),
        B.scalar_type(), LD.scalar_type());
  if (B.size(-2) != LD.size(-1))
    throw ShapeError(fmt::format("[linalg_ldl_solve] LD of shape {} and B of shape {} do not fit: A X = B",
                                 shape_text(LD.sizes()), shape_text(B.sizes())),
                     B.sizes().vec(), LD.sizes().vec());
  const IntArrayRef rows = LD.sizes().slice(0, LD.sizes().size() - 1);
  if (pivots.scalar_type() != kInt || pivots.sizes() != rows)
    throw ShapeError(fmt::format("[linalg_ldl_solve] pivots are {} of shape {}, but ldl_factor gives {} of shape {}",
                                 pivots.scalar_type(), shape_text(pivots.sizes()), kInt, shape_text(rows)),
                     pivots.sizes().vec(), rows.vec());
  const auto n = LD.size(-1);
  if (!are_pivots(pivots, n))
    fail("[linalg_ldl_solve] the pivots are not those of {} rows; use what ldl_factor gave", n);
  const auto [a, b] = broadcast_batches("linalg_ldl_solve", LD, B);
  const Tensor swaps = pivots.expand(batch_sizes(a, {n})).contiguous();
  Tensor x = make_tensor(b.sizes(), b.scalar_type());
  kernels(LD.device()).ldl_solve(x, a.contiguous(), swaps, b.contiguous());
  autograd::record("linalg_ldl_solve", {&x}, {&LD, &B}, no_gradient("linalg_ldl_solve"));
  return x;
}

}  // namespace linalg

/// self = Q R with Q left as reflections: R on and above the diagonal, their vectors below it, and their factors tau.
/// linalg::householder_product makes Q of them, ormqr multiplies by it.
//: method
std::tuple<Tensor, Tensor> geqrf(const Tensor& self) {
  check_matrix("geqrf", self);
  Tensor packed = make_tensor(self.sizes(), self.scalar_type());
  Tensor tau = make_tensor(batch_sizes(self, {std::min(self.size(-2), self.size(-1))}), self.scalar_type());
  if (self.numel() > 0) kernels(self.device()).geqrf(packed, tau, self.contiguous());
  autograd::record("geqrf", {&packed, &tau}, {&self}, no_gradient("geqrf"));
  return {packed, tau};
}
/// Q input3 (or input3 Q without left) for the Q of geqrf's result self and input2, or its transpose.
//: method out
Tensor ormqr(const Tensor& self, const Tensor& input2, const Tensor& input3, bool left /* = true */,
             bool transpose /* = false */) {
  check_matrix("ormqr", self);
  checked_impl("ormqr", input2);
  check_matrix("ormqr", input3);
  const int64_t m = self.size(-2), k = input2.dim() > 0 ? input2.size(-1) : 0;
  if (input2.dim() != self.dim() - 1 || k > std::min(m, self.size(-1)))
    throw ShapeError(fmt::format("[ormqr] reflections [m, n] and their factors [k] with k <= n are expected, but the "
                                 "shapes are {} and {}",
                                 shape_text(self.sizes()), shape_text(input2.sizes())),
                     input2.sizes().vec(), self.sizes().vec());
  if (input3.size(left ? -2 : -1) != m)
    throw ShapeError(fmt::format("[ormqr] Q has {} rows, which the shape {} of the other factor does not fit", m,
                                 shape_text(input3.sizes())),
                     input3.sizes().vec(), self.sizes().vec());
  if (self.scalar_type() != input2.scalar_type() || self.scalar_type() != input3.scalar_type())
    throw DtypeError(fmt::format("[ormqr] the inputs are {}, {} and {}; convert them to one dtype", self.scalar_type(),
                                 input2.scalar_type(), input3.scalar_type()),
                     input3.scalar_type(), self.scalar_type());
  const Tensor below = self.tril(-1) + eye(m, self.size(-1), self.detach().options());
  Tensor y = left ? input3 : mT(input3);
  const bool forward = left == transpose;  // Q = H1 H2 ... Hk; y Q = (Q^T y^T)^T
  for (int64_t n = 0; n < k; ++n) {
    const int64_t i = forward ? n : k - 1 - n;
    const Tensor v = below.narrow(-1, i, 1);
    y = y - input2.narrow(-1, i, 1).unsqueeze(-1) * v.matmul(mT(v).matmul(y));
  }
  return left ? y : mT(y);
}

}  // namespace hearth
