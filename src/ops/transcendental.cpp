// Exponentials, logarithms, roots, trigonometry and the error function: one input, floating results.
#include <cmath>
#include <numbers>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

//: method inplace out
Tensor exp(const Tensor& self) {
  return unary(UnaryOp::exp, "exp", self, [](const Tensor& g, Y y) { return g * y; });
}
//: method inplace out
Tensor exp2(const Tensor& self) {
  return unary(UnaryOp::exp2, "exp2", self, [](const Tensor& g, Y y) { return g * y * std::numbers::ln2; });
}
//: method inplace out
Tensor expm1(const Tensor& self) {
  return unary(UnaryOp::expm1, "expm1", self, [](const Tensor& g, Y y) { return g * (y + 1); });
}
//: method inplace out
Tensor log(const Tensor& self) {
  return unary(UnaryOp::log, "log", self, [](const Tensor& g, A a) { return g / a; });
}
//: method inplace out
Tensor log2(const Tensor& self) {
  return unary(UnaryOp::log2, "log2", self, [](const Tensor& g, A a) { return g / (a * std::numbers::ln2); });
}
//: method inplace out
Tensor log10(const Tensor& self) {
  return unary(UnaryOp::log10, "log10", self, [](const Tensor& g, A a) { return g / (a * std::numbers::ln10); });
}
//: method inplace out
Tensor log1p(const Tensor& self) {
  return unary(UnaryOp::log1p, "log1p", self, [](const Tensor& g, A a) { return g / (a + 1); });
}
//: method inplace out
Tensor sqrt(const Tensor& self) {
  return unary(UnaryOp::sqrt, "sqrt", self, [](const Tensor& g, Y y) { return g / (y * 2); });
}
//: method inplace out
Tensor rsqrt(const Tensor& self) {
  return unary(UnaryOp::rsqrt, "rsqrt", self, [](const Tensor& g, Y y) { return g * (y * y * y) * -0.5; });
}
//: method inplace out
Tensor sin(const Tensor& self) {
  return unary(UnaryOp::sin, "sin", self, [](const Tensor& g, A a) { return g * a.cos(); });
}
//: method inplace out
Tensor cos(const Tensor& self) {
  return unary(UnaryOp::cos, "cos", self, [](const Tensor& g, A a) { return g * -a.sin(); });
}
//: method inplace out
Tensor tan(const Tensor& self) {
  return unary(UnaryOp::tan, "tan", self, [](const Tensor& g, Y y) { return g * (y * y + 1); });
}
/// sin(pi self) / (pi self), 1 at 0.
//: method inplace out
Tensor sinc(const Tensor& self) {
  return unary(UnaryOp::sinc, "sinc", self, [](const Tensor& g, A a, Y y) {
    return g * ((a * std::numbers::pi).cos() - y).div(a).masked_fill(a.eq(0), 0);
  });
}
//: method inplace out
Tensor asin(const Tensor& self) {
  return unary(UnaryOp::asin, "asin", self, [](const Tensor& g, A a) { return g * (1 - a * a).rsqrt(); });
}
//: method inplace out
Tensor acos(const Tensor& self) {
  return unary(UnaryOp::acos, "acos", self, [](const Tensor& g, A a) { return g * -(1 - a * a).rsqrt(); });
}
//: method inplace out
Tensor atan(const Tensor& self) {
  return unary(UnaryOp::atan, "atan", self, [](const Tensor& g, A a) { return g / (a * a + 1); });
}
//: method inplace out
Tensor sinh(const Tensor& self) {
  return unary(UnaryOp::sinh, "sinh", self, [](const Tensor& g, A a) { return g * a.cosh(); });
}
//: method inplace out
Tensor cosh(const Tensor& self) {
  return unary(UnaryOp::cosh, "cosh", self, [](const Tensor& g, A a) { return g * a.sinh(); });
}
//: method inplace out
Tensor asinh(const Tensor& self) {
  return unary(UnaryOp::asinh, "asinh", self, [](const Tensor& g, A a) { return g * (a * a + 1).rsqrt(); });
}
//: method inplace out
Tensor acosh(const Tensor& self) {
  return unary(UnaryOp::acosh, "acosh", self, [](const Tensor& g, A a) { return g * (a * a - 1).rsqrt(); });
}
//: method inplace out
Tensor atanh(const Tensor& self) {
  return unary(UnaryOp::atanh, "atanh", self, [](const Tensor& g, A a) { return g / (1 - a * a); });
}
//: method inplace out
Tensor erf(const Tensor& self) {
  return unary(UnaryOp::erf, "erf", self,
               [](const Tensor& g, A a) { return g * (-(a * a)).exp() * (2 * std::numbers::inv_sqrtpi); });
}
//: method inplace out
Tensor erfc(const Tensor& self) {
  return unary(UnaryOp::erfc, "erfc", self,
               [](const Tensor& g, A a) { return g * (-(a * a)).exp() * (-2 * std::numbers::inv_sqrtpi); });
}
//: method inplace out
Tensor erfinv(const Tensor& self) {
  return unary(UnaryOp::erfinv, "erfinv", self,
               [](const Tensor& g, Y y) { return g * (y * y).exp() * (0.5 / std::numbers::inv_sqrtpi); });
}
/// The logarithm of |gamma(self)|
//: method inplace out
Tensor lgamma(const Tensor& self) {
  return unary(UnaryOp::lgamma, "lgamma", self, [](const Tensor& g, A a) { return g * a.digamma(); });
}
/// The logarithmic derivative of gamma.
//: method inplace out
Tensor digamma(const Tensor& self) {
  return unary(UnaryOp::digamma, "digamma", self, [](const Tensor& g, A a) { return g * polygamma(1, a); });
}
/// log(x / (1 - x)); with eps, x is clamped to [eps, 1 - eps] first.
//: method inplace out
Tensor logit(const Tensor& self, std::optional<double> eps /* = std::nullopt */) {
  if (eps) return logit(clamp(self, *eps, 1 - *eps), std::nullopt);
  return unary(UnaryOp::logit, "logit", self, [](const Tensor& g, A a) { return g / (a * (1 - a)); });
}

/// Mantissas of [0.5, 1), with self's signs, and exponents (Int) whose powers of 2 times them are self.
//: method
std::tuple<Tensor, Tensor> frexp(const Tensor& self) {
  checked_impl("frexp", self);
  check_floating("frexp", self);
  const Tensor powers = unary(UnaryOp::frexp_exponent, "frexp", self, NoRule());
  const Tensor mantissa =
      unary(UnaryOp::frexp_mantissa, "frexp", self, [powers](const Tensor& g) { return g / powers.exp2(); });
  return {mantissa, powers.to(kInt)};
}

}  // namespace hearth
