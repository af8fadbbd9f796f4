// Second names of ops, NumPy's mostly, and what is one line of others.
#include <numbers>

#include "ops/executors.h"

namespace hearth {

//: method inplace out
Tensor arccos(const Tensor& self) { return self.acos(); }
//: method inplace out
Tensor arccosh(const Tensor& self) { return self.acosh(); }
//: method inplace out
Tensor arcsin(const Tensor& self) { return self.asin(); }
//: method inplace out
Tensor arcsinh(const Tensor& self) { return self.asinh(); }
//: method inplace out
Tensor arctan(const Tensor& self) { return self.atan(); }
//: method inplace out
Tensor arctanh(const Tensor& self) { return self.atanh(); }
//: method inplace out
Tensor arctan2(const Tensor& self, const Tensor& other) { return self.atan2(other); }
/// Degrees as radians.
//: method inplace out
Tensor deg2rad(const Tensor& self) { return self * (std::numbers::pi / 180); }
/// Radians as degrees.
//: method inplace out
Tensor rad2deg(const Tensor& self) { return self * (180 / std::numbers::pi); }

//: method inplace out
Tensor greater(const Tensor& self, const Tensor& other) { return self.gt(other); }
//: method inplace out
Tensor greater(const Tensor& self, const Scalar& other) { return self.gt(other); }
//: method inplace out
Tensor greater_equal(const Tensor& self, const Tensor& other) { return self.ge(other); }
//: method inplace out
Tensor greater_equal(const Tensor& self, const Scalar& other) { return self.ge(other); }
//: method inplace out
Tensor less(const Tensor& self, const Tensor& other) { return self.lt(other); }
//: method inplace out
Tensor less(const Tensor& self, const Scalar& other) { return self.lt(other); }
//: method inplace out
Tensor less_equal(const Tensor& self, const Tensor& other) { return self.le(other); }
//: method inplace out
Tensor less_equal(const Tensor& self, const Scalar& other) { return self.le(other); }
//: method inplace out
Tensor not_equal(const Tensor& self, const Tensor& other) { return self.ne(other); }
//: method inplace out
Tensor not_equal(const Tensor& self, const Scalar& other) { return self.ne(other); }

//: out
Tensor concatenate(TensorList tensors, int64_t dim /* = 0 */) { return cat(tensors, dim); }
//: method
Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  return self.movedim(source, destination);
}
//: method
Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination) { return self.movedim(source, destination); }

/// self ^ exponent in float64: the power of integers without overflow.
//: method inplace out
Tensor float_power(const Tensor& self, const Tensor& exponent) { return self.to(kDouble).pow(exponent.to(kDouble)); }
//: method inplace out
Tensor float_power(const Tensor& self, const Scalar& exponent) { return self.to(kDouble).pow(exponent.to<double>()); }
/// self * 2 ^ other
//: method inplace out
Tensor ldexp(const Tensor& self, const Tensor& other) {
  return self * full({}, 2, isFloatingType(self.scalar_type()) ? self.options() : TensorOptions()).pow(other);
}

// What complex numbers would make of these; all numbers here are real.

/// True everywhere.
//: method
Tensor isreal(const Tensor& self) {
  checked_impl("isreal", self);
  return ones(self.sizes(), kBool);
}
//:
Tensor real(const Tensor& self) {
  checked_impl("real", self);
  return self;
}
//: method
Tensor conj(const Tensor& self) {
  checked_impl("conj", self);
  return self;
}
//: method inplace out
Tensor conj_physical(const Tensor& self) { return self.clone(); }
//: method
Tensor resolve_conj(const Tensor& self) {
  checked_impl("resolve_conj", self);
  return self;
}
//: method
Tensor resolve_neg(const Tensor& self) {
  checked_impl("resolve_neg", self);
  return self;
}
/// pi below 0, else 0; NaN of NaN.
//: method out
Tensor angle(const Tensor& self) {
  checked_impl("angle", self);
  Tensor y;
  {
    const NoGradGuard no_grad;
    const Tensor x = self.is_floating_point() ? self.detach() : self.to(get_default_dtype_as_scalartype());
    y = hearth::where(x.isnan(), x, zeros_like(x).masked_fill(x.lt(0), std::numbers::pi));
  }
  return autograd::record("angle", y, {&self}, [] { return [](const Tensor& g) { return zeros_like(g); }; });
}

// Dtypes of results.

//:
ScalarType promote_types(ScalarType type1, ScalarType type2) { return promoteTypes(type1, type2); }
/// The dtype of an operation on both: 0-dim tensors and numbers only decide between bool, integer and floating.
//:
ScalarType result_type(const Tensor& tensor, const Tensor& other) {
  checked_impl("result_type", tensor);
  checked_impl("result_type", other);
  return result_dtype(tensor, other);
}
//:
ScalarType result_type(const Tensor& tensor, const Scalar& other) {
  checked_impl("result_type", tensor);
  return result_dtype(tensor, other);
}
//:
ScalarType result_type(const Scalar& scalar, const Tensor& tensor) { return result_type(tensor, scalar); }
//:
ScalarType result_type(const Scalar& scalar1, const Scalar& scalar2) {
  const auto natural = [](const Scalar& s) {
    return s.isFloatingPoint() ? get_default_dtype_as_scalartype() : s.isBoolean() ? kBool : kLong;
  };
  return promoteTypes(natural(scalar1), natural(scalar2));
}
/// Whether in-place operations may store results of dtype `from` in `to`: no floating ones in integers, no numbers in
/// bools.
//:
bool can_cast(ScalarType from, ScalarType to) {
  if (isFloatingType(from)) return isFloatingType(to);
  return from == kBool || to != kBool;
}

}  // namespace hearth
