// Arithmetic of one and two tensors.
#include <cmath>
#include <numbers>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {

Tensor through(const Tensor& g) { return g; }
Tensor zero(const Tensor& g) { return zeros_like(g); }
/// g where `keep`, else 0 (an infinite g times 0 would be NaN).
Tensor only_where(const Tensor& keep, const Tensor& g) { return g.masked_fill(keep.logical_not(), 0); }

void check_not_bool(const char* op, const Tensor& a, const char* instead) {
  if (a.defined() && a.scalar_type() == kBool)
    throw DtypeError(fmt::format("[{}] bool tensors have no {}; use {}", op, op, instead), kBool);
}

void check_integers(const char* op, const Tensor& a, const Tensor& b) {
  for (const Tensor* t : {&a, &b})
    if (!isIntegralType(checked_impl(op, *t)->dtype, false))
      throw DtypeError(fmt::format("[{}] the op works on integers, but an input is {}; convert it with to(kLong)", op,
                                   t->scalar_type()),
                       t->scalar_type(), kLong);
}

}  // namespace

/// self + alpha * other. Shapes broadcast; the result has the promoted dtype.
//: method inplace out
Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha /* = 1 */) {
  return binary(BinaryOp::add, "add", self, other, through,
                [alpha](const Tensor& g) { return alpha.equal(1) ? g : g * alpha; }, {{Scalar(), alpha}});
}
//: method inplace out
Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha /* = 1 */) {
  return binary_scalar(BinaryOp::add, "add", self, through, {{other, alpha}});
}

/// self - alpha * other. Shapes broadcast; bool tensors throw DtypeError.
//: method inplace out
Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha /* = 1 */) {
  if (self.defined() && other.defined() && self.scalar_type() == kBool && other.scalar_type() == kBool)
    check_not_bool("sub", self, "logical_xor");
  return binary(BinaryOp::sub, "sub", self, other, through, [alpha](const Tensor& g) { return g * -alpha; },
                {{Scalar(), alpha}});
}
//: method inplace out
Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha /* = 1 */) {
  if (other.isBoolean()) check_not_bool("sub", self, "logical_xor");
  return binary_scalar(BinaryOp::sub, "sub", self, through, {{other, alpha}});
}
//: method inplace out
Tensor subtract(const Tensor& self, const Tensor& other, const Scalar& alpha /* = 1 */) {
  return sub(self, other, alpha);
}

/// other - alpha * self.
//: method out
Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha /* = 1 */) { return sub(other, self, alpha); }
//: method out
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha /* = 1 */) {
  if (!alpha.equal(1)) return rsub(mul(self, alpha), other, 1);
  if (other.isBoolean()) check_not_bool("rsub", self, "logical_xor");
  return binary_scalar(
      BinaryOp::sub, "rsub", self, [](const Tensor& g) { return g.neg(); }, {{other, 1}}, /*reversed=*/true);
}

/// self * other. Shapes broadcast; the result has the promoted dtype.
//: method inplace out
Tensor mul(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::mul, "mul", self, other, [](const Tensor& g, B b) { return g * b; },
      [](const Tensor& g, A a) { return g * a; });
}
//: method inplace out
Tensor mul(const Tensor& self, const Scalar& other) {
  return binary_scalar(BinaryOp::mul, "mul", self, [other](const Tensor& g) { return g * other; }, {{other}});
}
//: method inplace out
Tensor multiply(const Tensor& self, const Tensor& other) { return mul(self, other); }

/// self / other; integers become the default dtype.
//: method inplace out
Tensor div(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::div, "div", self, other, [](const Tensor& g, B b) { return g / b; },
      [](const Tensor& g, A a, B b) { return -g * ((a / b) / b); });
}
//: method inplace out
Tensor div(const Tensor& self, const Scalar& other) {
  return binary_scalar(BinaryOp::div, "div", self, [other](const Tensor& g) { return g / other; }, {{other}});
}
/// self / other rounded to "floor" or towards zero ("trunc"), in the promoted dtype; without a mode, div.
//: method inplace out
Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode) {
  if (!rounding_mode) return div(self, other);
  if (*rounding_mode == "floor") return binary(BinaryOp::div_floor, "div", self, other, zero, zero);
  if (*rounding_mode == "trunc") return binary(BinaryOp::div_trunc, "div", self, other, zero, zero);
  fail("[div] rounding_mode is \"{}\"; use \"floor\", \"trunc\" or none", *rounding_mode);
}
//: method inplace out
Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode) {
  if (!rounding_mode) return div(self, other);
  if (*rounding_mode == "floor") return binary_scalar(BinaryOp::div_floor, "div", self, zero, {{other}});
  if (*rounding_mode == "trunc") return binary_scalar(BinaryOp::div_trunc, "div", self, zero, {{other}});
  fail("[div] rounding_mode is \"{}\"; use \"floor\", \"trunc\" or none", *rounding_mode);
}
//: method inplace out
Tensor divide(const Tensor& self, const Tensor& other) { return div(self, other); }
//: method inplace out
Tensor true_divide(const Tensor& self, const Tensor& other) { return div(self, other); }
/// self / other rounded down.
//: method inplace out
Tensor floor_divide(const Tensor& self, const Tensor& other) { return div(self, other, "floor"); }
//: method inplace
Tensor floor_divide(const Tensor& self, const Scalar& other) { return div(self, other, "floor"); }

/// Python's modulus: the result has the sign of other.
//: method inplace out
Tensor remainder(const Tensor& self, const Tensor& other) {
  return binary(BinaryOp::remainder, "remainder", self, other, through,
                [](const Tensor& g, A a, B b) { return -g * div(a, b, "floor"); });
}
//: method inplace out
Tensor remainder(const Tensor& self, const Scalar& other) {
  return binary_scalar(BinaryOp::remainder, "remainder", self, through, {{other}});
}
/// C's modulus: the result has the sign of self.
//: method inplace out
Tensor fmod(const Tensor& self, const Tensor& other) {
  return binary(BinaryOp::fmod, "fmod", self, other, through,
                [](const Tensor& g, A a, B b) { return -g * div(a, b, "trunc"); });
}
//: method inplace out
Tensor fmod(const Tensor& self, const Scalar& other) {
  return binary_scalar(BinaryOp::fmod, "fmod", self, through, {{other}});
}

/// self to the power of exponent, elementwise.
//: method inplace out
Tensor pow(const Tensor& self, const Tensor& exponent) {
  return binary(
      BinaryOp::pow, "pow", self, exponent,
      [](const Tensor& g, A a, B b) { return only_where(b.ne(0), g * (b * a.pow(b - 1))); },
      [](const Tensor& g, A a, B b, Y y) {
        return only_where(logical_and(a.eq(0), b.ge(0)).logical_not(), g * (y * a.log()));
      });
}
//: method inplace out
Tensor pow(const Tensor& self, const Scalar& exponent) {
  if (self.defined() && isIntegralType(self.scalar_type(), true) && exponent.isIntegral(true) && exponent.toLong() < 0)
    fail("[pow] integers to a negative integer power ({}) are not allowed; convert the tensor with to(kFloat)",
         exponent.toLong());
  return binary_scalar(
      BinaryOp::pow, "pow", self,
      [exponent](const Tensor& g, A a) {
        if (exponent.equal(0)) return zeros_like(g);
        const bool whole = exponent.isIntegral(true) && exponent.toLong() > INT64_MIN;
        return g * (a.pow(whole ? Scalar(exponent.toLong() - 1) : Scalar(exponent.toDouble() - 1)) * exponent);
      },
      {{exponent}});
}
//: out
Tensor pow(const Scalar& self, const Tensor& exponent) {
  return binary_scalar(
      BinaryOp::pow, "pow", exponent,
      [self](const Tensor& g, Y y) { return self.equal(0) ? zeros_like(g) : g * (y * std::log(self.toDouble())); },
      {{self}}, /*reversed=*/true);
}

/// The angle of the point (other, self).
//: method inplace out
Tensor atan2(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::atan2, "atan2", self, other, [](const Tensor& g, A a, B b) { return g * b / (a * a + b * b); },
      [](const Tensor& g, A a, B b) { return g * -a / (a * a + b * b); });
}
//: method inplace out
Tensor hypot(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::hypot, "hypot", self, other, [](const Tensor& g, A a, Y y) { return g * (a / y); },
      [](const Tensor& g, B b, Y y) { return g * (b / y); });
}

/// The larger of two; NaN wins. Equal elements share the gradient.
//: method out
Tensor maximum(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::maximum, "maximum", self, other,
      [](const Tensor& g, A a, B b) { return where(a.eq(b), g / 2, g).masked_fill(a.lt(b), 0); },
      [](const Tensor& g, A a, B b) { return where(a.eq(b), g / 2, g).masked_fill(a.gt(b), 0); });
}
//: method out
Tensor minimum(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::minimum, "minimum", self, other,
      [](const Tensor& g, A a, B b) { return where(a.eq(b), g / 2, g).masked_fill(a.gt(b), 0); },
      [](const Tensor& g, A a, B b) { return where(a.eq(b), g / 2, g).masked_fill(a.lt(b), 0); });
}
/// The larger of two; a number wins over NaN.
//: method out
Tensor fmax(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::fmax, "fmax", self, other,
      [](const Tensor& g, A a, B b) { return only_where(logical_or(a.ge(b), b.isnan()), g); },
      [](const Tensor& g, A a, B b) { return only_where(logical_or(a.ge(b), b.isnan()).logical_not(), g); });
}
//: method out
Tensor fmin(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::fmin, "fmin", self, other,
      [](const Tensor& g, A a, B b) { return only_where(logical_or(a.le(b), b.isnan()), g); },
      [](const Tensor& g, A a, B b) { return only_where(logical_or(a.le(b), b.isnan()).logical_not(), g); });
}

/// log(exp(self) + exp(other)) without overflow. Shapes broadcast.
//: method out
Tensor logaddexp(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::logaddexp, "logaddexp", self, other, [](const Tensor& g, A a, B b) { return g * sigmoid(a - b); },
      [](const Tensor& g, A a, B b) { return g * sigmoid(b - a); });
}
/// log2(2^self + 2^other) without overflow.
//: method out
Tensor logaddexp2(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::logaddexp2, "logaddexp2", self, other,
      [](const Tensor& g, A a, B b) { return g * sigmoid((a - b) * std::numbers::ln2); },
      [](const Tensor& g, A a, B b) { return g * sigmoid((b - a) * std::numbers::ln2); });
}
/// self * log(other), 0 where self is 0.
//: method inplace out
Tensor xlogy(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::xlogy, "xlogy", self, other,
      [](const Tensor& g, A a, B b) { return only_where(logical_and(a.eq(0), b.le(0)).logical_not(), g * b.log()); },
      [](const Tensor& g, A a, B b) { return g * (a / b); });
}
/// 0 where self < 0, values where self is 0, else 1.
//: method inplace out
Tensor heaviside(const Tensor& self, const Tensor& values) {
  return binary(BinaryOp::heaviside, "heaviside", self, values, NoRule(), NoRule());
}
/// The size of self with the sign of other.
//: method inplace out
Tensor copysign(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::copysign, "copysign", self, other,
      [](const Tensor& g, A a, Y y) { return (g * (y / a)).masked_fill(a.eq(0), 0); }, zero);
}
//: method inplace out
Tensor nextafter(const Tensor& self, const Tensor& other) {
  return binary(BinaryOp::nextafter, "nextafter", self, other, NoRule(), NoRule());
}
//: method inplace out
Tensor gcd(const Tensor& self, const Tensor& other) {
  check_integers("gcd", self, other);
  return binary(BinaryOp::gcd, "gcd", self, other, NoRule(), NoRule());
}
//: method inplace out
Tensor lcm(const Tensor& self, const Tensor& other) {
  check_integers("lcm", self, other);
  return binary(BinaryOp::lcm, "lcm", self, other, NoRule(), NoRule());
}

/// -self; bool tensors throw DtypeError.
//: method inplace out
Tensor neg(const Tensor& self) {
  check_not_bool("neg", self, "logical_not");
  return unary(UnaryOp::neg, "neg", self, [](const Tensor& g) { return g.neg(); });
}
//: method inplace out
Tensor negative(const Tensor& self) { return neg(self); }
//: method
Tensor positive(const Tensor& self) {
  check_not_bool("positive", self, "to(kInt)");
  return unary(UnaryOp::positive, "positive", self, through);
}
//: method inplace out
Tensor abs(const Tensor& self) {
  return unary(UnaryOp::abs, "abs", self, [](const Tensor& g, A a) { return g * a.sign(); });
}
//: method inplace out
Tensor absolute(const Tensor& self) { return abs(self); }
//: method inplace out
Tensor square(const Tensor& self) {
  checked_impl("square", self);
  if (self.scalar_type() == kBool) return self.to(kLong);
  return unary(UnaryOp::square, "square", self, [](const Tensor& g, A a) { return g * (a * 2); });
}
//: method inplace out
Tensor sign(const Tensor& self) { return unary(UnaryOp::sign, "sign", self, zero); }
//: method inplace out
Tensor sgn(const Tensor& self) { return unary(UnaryOp::sign, "sgn", self, zero); }
//: method inplace out
Tensor ceil(const Tensor& self) { return unary(UnaryOp::ceil, "ceil", self, zero); }
//: method inplace out
Tensor floor(const Tensor& self) { return unary(UnaryOp::floor, "floor", self, zero); }
//: method inplace out
Tensor trunc(const Tensor& self) { return unary(UnaryOp::trunc, "trunc", self, zero); }
//: method inplace out
Tensor fix(const Tensor& self) { return trunc(self); }
/// Rounds half to even.
//: method inplace out
Tensor round(const Tensor& self) { return unary(UnaryOp::round, "round", self, zero); }
/// Rounds half to even at `decimals` digits after the point (before it, if negative).
//: method inplace out
Tensor round(const Tensor& self, int64_t decimals) {
  return unary(UnaryOp::round_decimals, "round", self, zero, {{decimals}});
}
//: method inplace out
Tensor frac(const Tensor& self) {
  check_floating("frac", self);
  return unary(UnaryOp::frac, "frac", self, through);
}
//: method inplace out
Tensor reciprocal(const Tensor& self) {
  return unary(UnaryOp::reciprocal, "reciprocal", self, [](const Tensor& g, Y y) { return g * -(y * y); });
}
/// Replaces NaN by nan (0), and infinities by posinf and neginf (the dtype's limits).
//: method inplace out
Tensor nan_to_num(const Tensor& self, std::optional<double> nan /* = std::nullopt */,
                  std::optional<double> posinf /* = std::nullopt */,
                  std::optional<double> neginf /* = std::nullopt */) {
  checked_impl("nan_to_num", self);
  if (self.scalar_type() == kBool) return self.clone();
  const double limit = self.scalar_type() == kDouble     ? 1.7976931348623157e308
                       : self.scalar_type() == kHalf     ? 65504.0
                       : self.scalar_type() == kBFloat16 ? 3.3895313892515355e38
                                                         : 3.4028234663852886e38;
  return unary(UnaryOp::nan_to_num, "nan_to_num", self,
               [](const Tensor& g, A a) { return only_where(a.isfinite(), g); },
               {{nan.value_or(0), posinf.value_or(limit), neginf.value_or(-limit)}});
}

namespace {
Tensor within(const Tensor& g, const Tensor& a, const std::optional<Scalar>& low, const std::optional<Scalar>& high) {
  if (low && high) return only_where(logical_and(a.ge(*low), a.le(*high)), g);
  return only_where(low ? a.ge(*low) : a.le(*high), g);
}
}  // namespace

/// Elements below min become min, above max become max; NaN stays. At least one bound.
//: method inplace out
Tensor clamp(const Tensor& self, const std::optional<Scalar>& min /* = std::nullopt */,
             const std::optional<Scalar>& max /* = std::nullopt */) {
  checked_impl("clamp", self);
  if (!min && !max) fail("[clamp] neither min nor max is given; give at least one");
  ScalarType dtype = min ? result_dtype(self, *min) : self.scalar_type();
  if (max) dtype = promoteTypes(dtype, result_dtype(self, *max));
  const UnaryOp op = min && max ? UnaryOp::clamp : min ? UnaryOp::clamp_min : UnaryOp::clamp_max;
  const Args args = min && max ? Args{{*min, *max}} : Args{{min ? *min : *max}};
  return unary(
      op, "clamp", cast(self, dtype), [min, max](const Tensor& g, A a) { return within(g, a, min, max); }, args);
}
//: method inplace out
Tensor clip(const Tensor& self, const std::optional<Scalar>& min /* = std::nullopt */,
            const std::optional<Scalar>& max /* = std::nullopt */) {
  return clamp(self, min, max);
}
//: method inplace out
Tensor clamp_min(const Tensor& self, const Scalar& min) { return clamp(self, min, std::nullopt); }
//: method inplace out
Tensor clamp_max(const Tensor& self, const Scalar& max) { return clamp(self, std::nullopt, max); }

}  // namespace hearth
