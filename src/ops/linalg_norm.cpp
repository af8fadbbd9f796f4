// Norms of vectors and matrices, and condition numbers.
#include "base/fail.h"
#include "ops/linalg.h"

namespace hearth {

namespace linalg {

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

}  // namespace linalg
}  // namespace hearth
