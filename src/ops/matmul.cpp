// Matrix products.
#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"

namespace hearth {

namespace {

Tensor transposed(const Tensor& t) {  // of the last two dimensions, without history
  const auto n = static_cast<size_t>(t.dim());
  DimVector sizes(t.sizes()), strides(t.strides());
  std::swap(sizes[n - 1], sizes[n - 2]);
  std::swap(strides[n - 1], strides[n - 2]);
  return make_alias(t, sizes, strides, t.storage_offset());
}

void check_same(const char* op, const Tensor& a, const Tensor& b) {
  checked_impl(op, a);
  checked_impl(op, b);
  if (a.scalar_type() != b.scalar_type())
    throw DtypeError(fmt::format("[{}] expected both inputs to have the same dtype, but got {} and {}; convert one of "
                                 "them",
                                 op, a.scalar_type(), b.scalar_type()),
                     b.scalar_type(), a.scalar_type());
  if (a.scalar_type() == kBool)
    throw DtypeError(fmt::format("[{}] bool matrices have no product; use to(kInt)", op), kBool);
}

/// a [B…, M, K] times b [B…, K, N], equal leading dimensions.
Tensor product(const char* name, const Tensor& a, const Tensor& b) {
  if (autocast::lowers({&a, &b})) return product(name, autocast::lowered(a), autocast::lowered(b));
  check_same(name, a, b);
  DimVector sizes(a.sizes());
  sizes[sizes.size() - 1] = b.size(-1);
  const bool recording = autograd::should_record({&a, &b});
  const auto result = autograd::result_for(name, sizes, a.scalar_type(), {&a, &b}, recording, true);
  kernels(a.device()).matmul(result.out, a, b, Tensor(), 0, 1);
  result.written(name);
  return autograd::record(name, result.out, {&a, &b}, [&] {
    using autograd::Saved;
    const bool da = autograd::needs_grad(a), db = autograd::needs_grad(b);
    return [name, a = db ? Saved(a) : Saved(), b = da ? Saved(b) : Saved()](const Tensor& g, autograd::Needs needs) {
      return autograd::Grads{needs[0] ? product(name, g, (*b).transpose(-1, -2)) : Tensor(),
                             needs[1] ? product(name, (*a).transpose(-1, -2), g) : Tensor()};
    };
  });
}

void check_dims(const char* op, const Tensor& t, int64_t rank, const char* which) {
  checked_impl(op, t);
  if (t.dim() != rank)
    throw ShapeError(
        fmt::format("[{}] {} must be {}-dimensional, but its shape is {}", op, which, rank, shape_text(t.sizes())),
        t.sizes().vec());
}
void check_inner(const char* op, const Tensor& a, const Tensor& b) {
  if (a.size(-1) != b.size(b.dim() == 1 ? 0 : -2))
    throw ShapeError(
        fmt::format("[{}] shapes cannot be multiplied: {} and {}; the last size of the first must equal the "
                    "{} of the second",
                    op, shape_text(a.sizes()), shape_text(b.sizes()), b.dim() == 1 ? "length" : "last size but one"),
        b.sizes().vec(), a.sizes().vec());
}

/// op(a, b) with the names of a product, where either has names.
template <class Op>
std::optional<Tensor> with_names(const char* name, const Tensor& a, const Tensor& b, Op op) {
  if (!names::concern({&a, &b})) return std::nullopt;
  return names::ran(
      name, [&] { return names::of_product(name, a, b); }, [&] { return op(a, b); });
}

}  // namespace

/// The product of two matrices.
//: method out
Tensor mm(const Tensor& self, const Tensor& mat2) {
  check_dims("mm", self, 2, "self");
  check_dims("mm", mat2, 2, "mat2");
  check_inner("mm", self, mat2);
  if (auto y = with_names("mm", self, mat2, mm)) return *y;
  return product("mm", self, mat2);
}
/// The products of two stacks of matrices, [B, M, K] and [B, K, N].
//: method out
Tensor bmm(const Tensor& self, const Tensor& mat2) {
  check_dims("bmm", self, 3, "self");
  check_dims("bmm", mat2, 3, "mat2");
  check_inner("bmm", self, mat2);
  if (self.size(0) != mat2.size(0))
    throw ShapeError(fmt::format("[bmm] batch sizes {} and {} differ (shapes {} and {})", self.size(0), mat2.size(0),
                                 shape_text(self.sizes()), shape_text(mat2.sizes())),
                     mat2.sizes().vec(), self.sizes().vec());
  if (auto y = with_names("bmm", self, mat2, bmm)) return *y;
  return product("bmm", self, mat2);
}
/// A matrix times a vector.
//: method out
Tensor mv(const Tensor& self, const Tensor& vec) {
  check_dims("mv", self, 2, "self");
  check_dims("mv", vec, 1, "vec");
  check_inner("mv", self, vec);
  if (auto y = with_names("mv", self, vec, mv)) return *y;
  return product("mv", self, vec.unsqueeze(1)).squeeze(1);
}
/// The sum of the products of two vectors' elements.
//: method out
Tensor dot(const Tensor& self, const Tensor& tensor) {
  check_dims("dot", self, 1, "self");
  check_dims("dot", tensor, 1, "tensor");
  check_inner("dot", self, tensor);
  if (auto y = with_names("dot", self, tensor, dot)) return *y;
  return product("dot", self.unsqueeze(0), tensor.unsqueeze(1)).reshape({});
}
//: method out
Tensor vdot(const Tensor& self, const Tensor& other) { return dot(self, other); }
/// All products of two vectors' elements, as a matrix.
//: method out
Tensor outer(const Tensor& self, const Tensor& vec2) {
  check_dims("outer", self, 1, "self");
  check_dims("outer", vec2, 1, "vec2");
  return self.unsqueeze(1) * vec2.unsqueeze(0);
}
//: method out
Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }

/// Products over the last two dimensions, with the leading ones broadcast; vectors count as a row on the left and as a
/// column on the right, and that dimension is dropped again.
//: method out
Tensor matmul(const Tensor& self, const Tensor& other) {
  checked_impl("matmul", self);
  checked_impl("matmul", other);
  if (self.dim() == 0 || other.dim() == 0)
    fail<ShapeError>("[matmul] both inputs need at least 1 dimension, but their shapes are {} and {}; use mul",
                     shape_text(self.sizes()), shape_text(other.sizes()));
  check_inner("matmul", self, other);
  if (auto y = with_names("matmul", self, other, [](const auto& a, const auto& b) { return matmul(a, b); })) return *y;
  if (self.dim() == 1 && other.dim() == 1) return dot(self, other);
  if (self.dim() == 1) return matmul(self.unsqueeze(0), other).squeeze(-2);
  if (other.dim() == 1) return matmul(self, other.unsqueeze(1)).squeeze(-1);
  if (self.dim() == 2 && other.dim() == 2) return product("mm", self, other);
  if (other.dim() == 2) {  // one tall matrix
    DimVector sizes(self.sizes());
    sizes[sizes.size() - 1] = other.size(1);
    return product("mm", self.flatten(0, -2), other).view(sizes);
  }
  const IntArrayRef a = self.sizes(), b = other.sizes();
  DimVector lead = broadcast_sizes("matmul", a.slice(0, a.size() - 2), b.slice(0, b.size() - 2));
  DimVector left = lead, right = lead;
  left.append(a.end() - 2, a.end());
  right.append(b.end() - 2, b.end());
  return product("bmm", self.expand(left), other.expand(right));
}

/// beta * self + alpha * (mat1 @ mat2); self broadcasts.
//: method inplace out
Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta /* = 1 */,
             const Scalar& alpha /* = 1 */) {
  checked_impl("addmm", self);
  const Tensor p = mm(mat1, mat2);
  const Tensor scaled = alpha.equal(1) ? p : p * alpha;
  return beta.equal(0) ? scaled : add(scaled, self, beta);
}
//: method inplace out
Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta /* = 1 */,
             const Scalar& alpha /* = 1 */) {
  checked_impl("addmv", self);
  const Tensor p = mv(mat, vec) * alpha;
  return beta.equal(0) ? p : add(p, self, beta);
}
//: method inplace out
Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta /* = 1 */,
              const Scalar& alpha /* = 1 */) {
  checked_impl("addbmm", self);
  const Tensor p = bmm(batch1, batch2).sum(0) * alpha;
  return beta.equal(0) ? p : add(p, self, beta);
}
//: method inplace out
Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta /* = 1 */,
               const Scalar& alpha /* = 1 */) {
  checked_impl("baddbmm", self);
  const Tensor p = bmm(batch1, batch2) * alpha;
  return beta.equal(0) ? p : add(p, self, beta);
}

namespace {
/// x [rows, in] times the transpose of weight [out, in], plus bias [out] or nothing.
Tensor linear_rows(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  Tensor y = make_tensor({x.size(0), weight.size(0)}, x.scalar_type());
  kernels(x.device()).matmul(y, x, transposed(weight), bias, 0, 1);
  return autograd::record("addmm", y, {&x, &weight, &bias}, [&] {
    using autograd::Saved;
    const bool dx = autograd::needs_grad(x), dw = autograd::needs_grad(weight);
    return [x = dw ? Saved(x) : Saved(), w = dx ? Saved(weight) : Saved()](const Tensor& g, autograd::Needs needs) {
      return autograd::Grads{needs[0] ? g.mm(*w) : Tensor(), needs[1] ? g.t().mm(*x) : Tensor(),
                             needs[2] ? g.sum(0) : Tensor()};
    };
  });
}
}  // namespace
/// input [*, in] times weight [out, in] transposed, plus bias [out] if it is defined.
//: out
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias /* = {} */) {
  if (autocast::lowers({&input, &weight, &bias}))
    return linear(autocast::lowered(input), autocast::lowered(weight), autocast::lowered(bias));
  check_same("linear", input, weight);
  check_dims("linear", weight, 2, "weight");
  if (input.dim() == 0 || input.size(-1) != weight.size(1))
    throw ShapeError(fmt::format("[linear] input has {} features (shape {}) but the weight takes {} (shape {}); check "
                                 "the layer before it, or in_features",
                                 input.dim() ? input.size(-1) : 0, shape_text(input.sizes()), weight.size(1),
                                 shape_text(weight.sizes())),
                     input.sizes().vec(), weight.sizes().vec());
  if (bias.defined()) {
    check_same("linear", input, bias);
    if (bias.dim() != 1 || bias.size(0) != weight.size(0))
      throw ShapeError(fmt::format("[linear] bias has shape {} but the weight gives {} features; it must be [{}]",
                                   shape_text(bias.sizes()), weight.size(0), weight.size(0)),
                       bias.sizes().vec(), {weight.size(0)});
  }
  if (names::concern({&input, &weight, &bias}))
    return names::ran(
        "linear", [&] { return names::of_product("linear", input, weight.t()); },
        [&] { return linear(input, weight, bias); });
  if (input.dim() == 2) return linear_rows(input, weight, bias);
  DimVector sizes(input.sizes());
  sizes[sizes.size() - 1] = weight.size(0);
  return linear_rows(input.flatten(0, -2), weight, bias).view(sizes);
}

}  // namespace hearth
