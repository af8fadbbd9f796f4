// Comparisons, logical and bitwise ops, and the choice by a mask. Results of comparisons are bool.
#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {
Tensor compare(BinaryOp op, const char* name, const Tensor& a, const Tensor& b) {
  return binary(op, name, a, b, NoRule(), NoRule());
}
Tensor compare(BinaryOp op, const char* name, const Tensor& a, const Scalar& b) {
  return binary_scalar(op, name, a, NoRule(), {{b}});
}
void check_integral(const char* op, const Tensor& t) {
  checked_impl(op, t);
  if (isFloatingType(t.scalar_type()))
    throw DtypeError(fmt::format("[{}] the input is {} but the op works on the bits of integers and bools; convert it "
                                 "with to(kLong) first",
                                 op, t.scalar_type()),
                     t.scalar_type(), kLong);
}
void check_integral(const char* op, const Tensor& a, const Tensor& b) {
  check_integral(op, a);
  check_integral(op, b);
}
void check_integral(const char* op, const Tensor& a, const Scalar& b) {
  check_integral(op, a);
  if (b.isFloatingPoint()) fail<DtypeError>("[{}] the number {} is not an integer; give one", op, b.toDouble());
}
}  // namespace

//: method inplace out
Tensor eq(const Tensor& self, const Tensor& other) { return compare(BinaryOp::eq, "eq", self, other); }
//: method inplace out
Tensor eq(const Tensor& self, const Scalar& other) { return compare(BinaryOp::eq, "eq", self, other); }
//: method inplace out
Tensor ne(const Tensor& self, const Tensor& other) { return compare(BinaryOp::ne, "ne", self, other); }
//: method inplace out
Tensor ne(const Tensor& self, const Scalar& other) { return compare(BinaryOp::ne, "ne", self, other); }
//: method inplace out
Tensor lt(const Tensor& self, const Tensor& other) { return compare(BinaryOp::lt, "lt", self, other); }
//: method inplace out
Tensor lt(const Tensor& self, const Scalar& other) { return compare(BinaryOp::lt, "lt", self, other); }
//: method inplace out
Tensor le(const Tensor& self, const Tensor& other) { return compare(BinaryOp::le, "le", self, other); }
//: method inplace out
Tensor le(const Tensor& self, const Scalar& other) { return compare(BinaryOp::le, "le", self, other); }
//: method inplace out
Tensor gt(const Tensor& self, const Tensor& other) { return compare(BinaryOp::gt, "gt", self, other); }
//: method inplace out
Tensor gt(const Tensor& self, const Scalar& other) { return compare(BinaryOp::gt, "gt", self, other); }
//: method inplace out
Tensor ge(const Tensor& self, const Tensor& other) { return compare(BinaryOp::ge, "ge", self, other); }
//: method inplace out
Tensor ge(const Tensor& self, const Scalar& other) { return compare(BinaryOp::ge, "ge", self, other); }

//: method inplace out
Tensor logical_and(const Tensor& self, const Tensor& other) {
  return compare(BinaryOp::logical_and, "logical_and", self, other);
}
//: method inplace out
Tensor logical_or(const Tensor& self, const Tensor& other) {
  return compare(BinaryOp::logical_or, "logical_or", self, other);
}
//: method inplace out
Tensor logical_xor(const Tensor& self, const Tensor& other) {
  return compare(BinaryOp::logical_xor, "logical_xor", self, other);
}
//: method inplace out
Tensor logical_not(const Tensor& self) { return unary(UnaryOp::logical_not, "logical_not", self, NoRule()); }

//: method inplace out
Tensor bitwise_and(const Tensor& self, const Tensor& other) {
  check_integral("bitwise_and", self, other);
  return compare(BinaryOp::bitwise_and, "bitwise_and", self, other);
}
//: method inplace out
Tensor bitwise_and(const Tensor& self, const Scalar& other) {
  check_integral("bitwise_and", self, other);
  return compare(BinaryOp::bitwise_and, "bitwise_and", self, other);
}
//: method inplace out
Tensor bitwise_or(const Tensor& self, const Tensor& other) {
  check_integral("bitwise_or", self, other);
  return compare(BinaryOp::bitwise_or, "bitwise_or", self, other);
}
//: method inplace out
Tensor bitwise_or(const Tensor& self, const Scalar& other) {
  check_integral("bitwise_or", self, other);
  return compare(BinaryOp::bitwise_or, "bitwise_or", self, other);
}
//: method inplace out
Tensor bitwise_xor(const Tensor& self, const Tensor& other) {
  check_integral("bitwise_xor", self, other);
  return compare(BinaryOp::bitwise_xor, "bitwise_xor", self, other);
}
//: method inplace out
Tensor bitwise_xor(const Tensor& self, const Scalar& other) {
  check_integral("bitwise_xor", self, other);
  return compare(BinaryOp::bitwise_xor, "bitwise_xor", self, other);
}
/// The complement of an integer's bits; `not` of a bool.
//: method inplace out
Tensor bitwise_not(const Tensor& self) {
  check_integral("bitwise_not", self);
  return unary(UnaryOp::bitwise_not, "bitwise_not", self, NoRule());
}
//: method inplace out
Tensor bitwise_left_shift(const Tensor& self, const Tensor& other) {
  check_integral("bitwise_left_shift", self, other);
  return compare(BinaryOp::shift_left, "bitwise_left_shift", self, other);
}
//: method inplace out
Tensor bitwise_right_shift(const Tensor& self, const Tensor& other) {
  check_integral("bitwise_right_shift", self, other);
  return compare(BinaryOp::shift_right, "bitwise_right_shift", self, other);
}

//: method out
Tensor isnan(const Tensor& self) { return unary(UnaryOp::isnan, "isnan", self, NoRule()); }
//: method out
Tensor isinf(const Tensor& self) { return unary(UnaryOp::isinf, "isinf", self, NoRule()); }
//: method
Tensor isfinite(const Tensor& self) { return unary(UnaryOp::isfinite, "isfinite", self, NoRule()); }
//: method out
Tensor isposinf(const Tensor& self) { return unary(UnaryOp::isposinf, "isposinf", self, NoRule()); }
//: method out
Tensor isneginf(const Tensor& self) { return unary(UnaryOp::isneginf, "isneginf", self, NoRule()); }
//: method out
Tensor signbit(const Tensor& self) { return unary(UnaryOp::signbit, "signbit", self, NoRule()); }

/// |self - other| <= atol + rtol * |other|, elementwise; equal infinities are close, NaNs where equal_nan.
//: method
Tensor isclose(const Tensor& self, const Tensor& other, double rtol /* = 1e-05 */, double atol /* = 1e-08 */,
               bool equal_nan /* = false */) {
  checked_impl("isclose", self);
  checked_impl("isclose", other);
  if (self.scalar_type() != other.scalar_type())
    throw DtypeError(fmt::format("[isclose] self is {} and other is {}; convert one of them", self.scalar_type(),
                                 other.scalar_type()),
                     other.scalar_type(), self.scalar_type());
  if (rtol < 0 || atol < 0) fail("[isclose] rtol {} and atol {} must not be negative", rtol, atol);
  const NoGradGuard no_grad;
  Tensor close = self.eq(other);
  if (self.is_floating_point() && equal_nan) close = logical_or(close, logical_and(self.isnan(), other.isnan()));
  if (rtol == 0 && atol == 0) return close;
  // Integers are compared as floats: their difference may not fit.
  const ScalarType dtype =
      isIntegralType(self.scalar_type(), true) ? get_default_dtype_as_scalartype() : self.scalar_type();
  const Tensor expected = cast(other, dtype);
  const Tensor allowed = (expected.abs() * rtol) + atol;
  const Tensor error = (cast(self, dtype) - expected).abs();
  return logical_or(close, logical_and(error.isfinite(), error.le(allowed)));
}
//: method
bool allclose(const Tensor& self, const Tensor& other, double rtol /* = 1e-05 */, double atol /* = 1e-08 */,
              bool equal_nan /* = false */) {
  return isclose(self, other, rtol, atol, equal_nan).all().item<bool>();
}
/// Whether two tensors have the same shape and elements.
//: method
bool equal(const Tensor& self, const Tensor& other) {
  checked_impl("equal", self);
  checked_impl("equal", other);
  if (names::concern({&self, &other}) && names::full(self) != names::full(other)) return false;
  return self.sizes() == other.sizes() && self.eq(other).all().item<bool>();
}

/// self where condition, else other; all broadcast.
//: out
Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  checked_impl("where", condition);
  checked_impl("where", self);
  checked_impl("where", other);
  if (condition.scalar_type() != kBool && condition.scalar_type() != kByte)
    throw DtypeError(
        fmt::format("[where] condition is {} but must be Bool; compare it with something, or use to(kBool)",
                    condition.scalar_type()),
        condition.scalar_type(), kBool);
  const ScalarType dtype = result_dtype(self, other);
  const DimVector sizes =
      broadcast_sizes("where", condition.sizes(), broadcast_sizes("where", self.sizes(), other.sizes()));
  const Tensor mask = cast(condition, kBool), a = cast(self, dtype), b = cast(other, dtype);
  const bool recording = autograd::should_record({&a, &b});
  const auto result = autograd::result_for("where", sizes, dtype, {&mask, &a, &b}, recording, false);
  kernels(kCPU).ternary(TernaryOp::where, result.out, mask, a, b, {});
  result.written("where");
  return autograd::record("where", result.out, {&a, &b}, [&] {
    return [mask = autograd::Saved(mask), sa = DimVector(a.sizes()), sb = DimVector(b.sizes())](const Tensor& g,
                                                                                                autograd::Needs needs) {
      const Tensor none = zeros({}, g.options());
      return autograd::Grads{needs[0] ? sum_to(where(*mask, g, none), sa) : Tensor(),
                             needs[1] ? sum_to(where(*mask, none, g), sb) : Tensor()};
    };
  });
}
namespace {
Tensor number(const Scalar& s) {
  return full({}, s, s.isFloatingPoint() ? get_default_dtype_as_scalartype() : s.isBoolean() ? kBool : kLong);
}
}  // namespace
//: out
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other) {
  return where(condition, number(self), other);
}
//: out
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other) {
  return where(condition, self, number(other));
}
//: out
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other) {
  return where(condition, number(self), number(other));
}

/// self where condition, else other.
//: method only
Tensor method_where(const Tensor& self, const Tensor& condition, const Tensor& other) {
  return hearth::where(condition, self, other);
}

/// Whether the one element is not zero.
//: method
bool is_nonzero(const Tensor& self) {
  checked_impl("is_nonzero", self);
  if (self.numel() != 1)
    fail<ShapeError>("[is_nonzero] one element has a truth value, but shape {} has {}; use any() or all()",
                     shape_text(self.sizes()), self.numel());
  return self.detach().ne(0).item<bool>();
}
//: method
bool is_same_size(const Tensor& self, const Tensor& other) {
  checked_impl("is_same_size", self);
  checked_impl("is_same_size", other);
  return self.sizes() == other.sizes();
}
/// Whether both are the same view of the same memory.
//: method only
bool method_is_set_to(const Tensor& self, const Tensor& tensor) {
  checked_impl("is_set_to", self);
  checked_impl("is_set_to", tensor);
  return impl(self)->storage == impl(tensor)->storage && self.storage_offset() == tensor.storage_offset() &&
         self.sizes() == tensor.sizes() && self.strides() == tensor.strides();
}

namespace {
void check_mask(const char* op, const Tensor& mask) {
  checked_impl(op, mask);
  if (mask.scalar_type() != kBool && mask.scalar_type() != kByte)
    throw DtypeError(fmt::format("[{}] mask is {} but must be Bool; compare it with something, or use to(kBool)", op,
                                 mask.scalar_type()),
                     mask.scalar_type(), kBool);
}
}  // namespace

/// self with `value` (0-dim) where mask is true; mask broadcasts with self.
//: method inplace
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  check_mask("masked_fill", mask);
  checked_impl("masked_fill", value);
  checked_impl("masked_fill", self);
  if (value.dim() != 0)
    fail<ShapeError>("[masked_fill] value must be 0-dim, but its shape is {}; use where() for elementwise values",
                     shape_text(value.sizes()));
  const Tensor v = cast(value, self.scalar_type()), m = cast(mask, kBool);
  const DimVector sizes = broadcast_sizes("masked_fill", self.sizes(), mask.sizes());
  const bool recording = autograd::should_record({&self, &v});
  const auto result = autograd::result_for("masked_fill", sizes, self.scalar_type(), {&self, &m, &v}, recording, false);
  kernels(kCPU).ternary(TernaryOp::where, result.out, m, v, self, {});
  result.written("masked_fill");
  return autograd::record("masked_fill", result.out, {&self, &v}, [&] {
    return [mask = autograd::Saved(m), shape = DimVector(self.sizes())](const Tensor& g, autograd::Needs needs) {
      const Tensor none = zeros({}, g.options());
      return autograd::Grads{needs[0] ? sum_to(where(*mask, none, g), shape) : Tensor(),
                             needs[1] ? where(*mask, g, none).sum() : Tensor()};
    };
  });
}
//: method inplace
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value) {
  checked_impl("masked_fill", self);
  return masked_fill(self, mask, full({}, value, self.options()));
}

/// start + weight * (end - start)
//: method inplace out
Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight) {
  return lerp(self, end, full({}, weight, self.options()));
}
//: method inplace out
Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight) {
  checked_impl("lerp", self);
  checked_impl("lerp", end);
  checked_impl("lerp", weight);
  check_floating("lerp", self);
  if (self.scalar_type() != end.scalar_type() || self.scalar_type() != weight.scalar_type())
    throw DtypeError(fmt::format("[lerp] self is {}, end {}, weight {}; give all the same dtype", self.scalar_type(),
                                 end.scalar_type(), weight.scalar_type()),
                     end.scalar_type(), self.scalar_type());
  const DimVector sizes = broadcast_sizes("lerp", self.sizes(), broadcast_sizes("lerp", end.sizes(), weight.sizes()));
  const bool recording = autograd::should_record({&self, &end, &weight});
  const auto result = autograd::result_for("lerp", sizes, self.scalar_type(), {&self, &end, &weight}, recording, true);
  kernels(kCPU).ternary(TernaryOp::lerp, result.out, self, end, weight, {});
  result.written("lerp");
  return autograd::record("lerp", result.out, {&self, &end, &weight}, [&] {
    return [a = autograd::Saved(self), b = autograd::Saved(end), w = autograd::Saved(weight)](const Tensor& g,
                                                                                              autograd::Needs needs) {
      const Tensor x = *a, y = *b, t = *w;
      return autograd::Grads{needs[0] ? sum_to(g * (1 - t), x.sizes()) : Tensor(),
                             needs[1] ? sum_to(g * t, y.sizes()) : Tensor(),
                             needs[2] ? sum_to(g * (y - x), t.sizes()) : Tensor()};
    };
  });
}

/// self + value * tensor1 * tensor2
//: method inplace out
Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value /* = 1 */) {
  return self + (value.equal(1) ? tensor1 * tensor2 : tensor1 * tensor2 * value);
}
/// self + value * tensor1 / tensor2
//: method inplace out
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value /* = 1 */) {
  checked_impl("addcdiv", tensor1);
  checked_impl("addcdiv", tensor2);
  if (!tensor1.is_floating_point() && !tensor2.is_floating_point())
    throw DtypeError("[addcdiv] integer division is not supported; convert tensor1 with to(kFloat)",
                     tensor1.scalar_type(), kFloat);
  return self + (value.equal(1) ? tensor1 / tensor2 : tensor1 / tensor2 * value);
}

}  // namespace hearth
