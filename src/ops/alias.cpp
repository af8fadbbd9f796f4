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

}  // namespace hearth
