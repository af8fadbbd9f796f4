// Special functions: gamma and its relatives, Bessel functions, the normal distribution, orthogonal polynomials.
#include <numbers>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

namespace {
[[noreturn]] void no_derivative(const char* op, const char* argument) {
  fail<NotImplementedError>("[{}] has no derivative with respect to {} here; detach it", op, argument);
}
/// 1 / x times y, and `at_zero` where x is 0.
Tensor over(const Tensor& y, const Tensor& x, double at_zero) {
  const Tensor zero = x.eq(0);
  return (y / x.masked_fill(zero, 1)).masked_fill(zero, at_zero);
}
}  // namespace

/// The n-th derivative of digamma, for n of at least 0.
//: out
Tensor polygamma(int64_t n, const Tensor& self) {
  if (n < 0) fail("[polygamma] the order must not be negative, but is {}", n);
  return unary(UnaryOp::polygamma, "polygamma", self, [n](const Tensor& g, A a) { return g * polygamma(n + 1, a); },
               {{n}});
}
//: method inplace only
Tensor method_polygamma(const Tensor& self, int64_t n) { return polygamma(n, self); }
/// The multivariate log-gamma function of dimension p, defined where every element exceeds (p - 1) / 2.
//: method inplace out
Tensor mvlgamma(const Tensor& self, int64_t p) {
  checked_impl("mvlgamma", self);
  if (p < 1) fail("[mvlgamma] p must be at least 1, but is {}", p);
  const Tensor x = self.is_floating_point() ? self : self.to(get_default_dtype_as_scalartype());
  const Tensor steps = arange(0, p, x.options().requires_grad(false)) / -2;
  return (x.unsqueeze(-1) + steps).lgamma().sum(-1) + static_cast<double>(p * (p - 1)) / 4 * std::log(std::numbers::pi);
}
/// The modified Bessel function of the first kind, order 0.
//: method inplace out
Tensor i0(const Tensor& self) {
  return unary(UnaryOp::i0, "i0", self, [](const Tensor& g, A a) { return g * special::i1(a); });
}
/// The regularised lower incomplete gamma function P(self, other).
//: method inplace out
Tensor igamma(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::gammainc, "igamma", self, other,
      [](const Tensor&, A) -> Tensor { no_derivative("igamma", "its first argument"); },
      [](const Tensor& g, A a, B x) { return g * ((a - 1) * x.log() - x - a.lgamma()).exp(); });
}
/// The upper one, 1 - igamma.
//: method inplace out
Tensor igammac(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::gammaincc, "igammac", self, other,
      [](const Tensor&, A) -> Tensor { no_derivative("igammac", "its first argument"); },
      [](const Tensor& g, A a, B x) { return g * -((a - 1) * x.log() - x - a.lgamma()).exp(); });
}

namespace special {

//: special out
Tensor gammaln(const Tensor& self) { return self.lgamma(); }
//: special out
Tensor digamma(const Tensor& self) { return self.digamma(); }
//: special out
Tensor psi(const Tensor& self) { return self.digamma(); }
//: special out
Tensor polygamma(int64_t n, const Tensor& self) { return hearth::polygamma(n, self); }
//: special out
Tensor multigammaln(const Tensor& self, int64_t p) { return self.mvlgamma(p); }
//: special out
Tensor gammainc(const Tensor& self, const Tensor& other) { return self.igamma(other); }
//: special out
Tensor gammaincc(const Tensor& self, const Tensor& other) { return self.igammac(other); }
/// The sum of (k + other)^-self over k = 0, 1, …
//: special out
Tensor zeta(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::zeta, "special_zeta", self, other,
      [](const Tensor&, A) -> Tensor { no_derivative("special_zeta", "its first argument"); },
      [](const Tensor& g, A x, B q) { return g * -x * zeta(x + 1, q); });
}
//: special out
Tensor zeta(const Tensor& self, const Scalar& other) {
  return zeta(self, scalar_tensor(other, self.options().requires_grad(false)));
}
//: special out
Tensor zeta(const Scalar& self, const Tensor& other) {
  return zeta(scalar_tensor(self, other.options().requires_grad(false)), other);
}

//: special out
Tensor i0(const Tensor& self) { return self.i0(); }
/// exp(-|self|) i0(self)
//: special out
Tensor i0e(const Tensor& self) {
  return unary(UnaryOp::i0e, "special_i0e", self,
               [](const Tensor& g, A a, Y y) { return g * (special::i1e(a) - a.sgn() * y); });
}
//: special out
Tensor i1(const Tensor& self) {
  return unary(UnaryOp::i1, "special_i1", self,
               [](const Tensor& g, A a, Y y) { return g * (a.i0() - over(y, a, 0.5)); });
}
/// exp(-|self|) i1(self)
//: special out
Tensor i1e(const Tensor& self) {
  return unary(UnaryOp::i1e, "special_i1e", self,
               [](const Tensor& g, A a, Y y) { return g * (special::i0e(a) - y * a.sgn() - over(y, a, 0.5)); });
}
//: special out
Tensor bessel_j0(const Tensor& self) {
  return unary(UnaryOp::bessel_j0, "special_bessel_j0", self,
               [](const Tensor& g, A a) { return g * -special::bessel_j1(a); });
}
//: special out
Tensor bessel_j1(const Tensor& self) {
  return unary(UnaryOp::bessel_j1, "special_bessel_j1", self,
               [](const Tensor& g, A a, Y y) { return g * (special::bessel_j0(a) - over(y, a, 0.5)); });
}
//: special out
Tensor bessel_y0(const Tensor& self) {
  return unary(UnaryOp::bessel_y0, "special_bessel_y0", self,
               [](const Tensor& g, A a) { return g * -special::bessel_y1(a); });
}
//: special out
Tensor bessel_y1(const Tensor& self) {
  return unary(UnaryOp::bessel_y1, "special_bessel_y1", self,
               [](const Tensor& g, A a, Y y) { return g * (special::bessel_y0(a) - y / a); });
}
//: special out
Tensor modified_bessel_i0(const Tensor& self) { return self.i0(); }
//: special out
Tensor modified_bessel_i1(const Tensor& self) { return special::i1(self); }
//: special out
Tensor modified_bessel_k0(const Tensor& self) {
  return unary(UnaryOp::modified_bessel_k0, "special_modified_bessel_k0", self,
               [](const Tensor& g, A a) { return g * -special::modified_bessel_k1(a); });
}
//: special out
Tensor modified_bessel_k1(const Tensor& self) {
  return unary(UnaryOp::modified_bessel_k1, "special_modified_bessel_k1", self,
               [](const Tensor& g, A a, Y y) { return g * -(special::modified_bessel_k0(a) + y / a); });
}
/// exp(self) k0(self)
//: special out
Tensor scaled_modified_bessel_k0(const Tensor& self) {
  return unary(UnaryOp::scaled_modified_bessel_k0, "special_scaled_modified_bessel_k0", self,
               [](const Tensor& g, A a, Y y) { return g * (y - special::scaled_modified_bessel_k1(a)); });
}
/// exp(self) k1(self)
//: special out
Tensor scaled_modified_bessel_k1(const Tensor& self) {
  return unary(UnaryOp::scaled_modified_bessel_k1, "special_scaled_modified_bessel_k1", self,
               [](const Tensor& g, A a, Y y) { return g * (y - special::scaled_modified_bessel_k0(a) - y / a); });
}
/// sin(self) / self
//: special out
Tensor spherical_bessel_j0(const Tensor& self) {
  return unary(UnaryOp::spherical_bessel_j0, "special_spherical_bessel_j0", self,
               [](const Tensor& g, A a, Y y) { return g * over(a.cos() - y, a, 0); });
}
namespace {
/// Ai' of a; Ai'' = x Ai.
Tensor airy_ai_prime(const Tensor& self) {
  return unary(UnaryOp::airy_ai_prime, "airy_ai_prime", self,
               [](const Tensor& g, A a) { return g * a * special::airy_ai(a); });
}
}  // namespace
//: special out
Tensor airy_ai(const Tensor& self) {
  return unary(UnaryOp::airy_ai, "special_airy_ai", self, [](const Tensor& g, A a) { return g * airy_ai_prime(a); });
}

//: special out
Tensor erf(const Tensor& self) { return self.erf(); }
//: special out
Tensor erfc(const Tensor& self) { return self.erfc(); }
//: special out
Tensor erfinv(const Tensor& self) { return self.erfinv(); }
/// exp(self^2) erfc(self)
//: special out
Tensor erfcx(const Tensor& self) {
  return unary(UnaryOp::erfcx, "special_erfcx", self,
               [](const Tensor& g, A a, Y y) { return g * (a * y * 2 - 2 * std::numbers::inv_sqrtpi); });
}
/// The normal distribution function.
//: special out
Tensor ndtr(const Tensor& self) { return (self * (-1 / std::numbers::sqrt2)).erfc() * 0.5; }
/// Its inverse.
//: special out
Tensor ndtri(const Tensor& self) {
  return unary(UnaryOp::ndtri, "special_ndtri", self,
               [](const Tensor& g, Y y) { return g * (y * y / 2).exp() * std::sqrt(2 * std::numbers::pi); });
}
/// Its logarithm, exact far to the left.
//: special out
Tensor log_ndtr(const Tensor& self) {
  return unary(UnaryOp::log_ndtr, "special_log_ndtr", self, [](const Tensor& g, A a) {
    return g * std::sqrt(2 / std::numbers::pi) / special::erfcx(a * (-1 / std::numbers::sqrt2));
  });
}
/// -self log(self); 0 at 0, -inf below.
//: special out
Tensor entr(const Tensor& self) {
  checked_impl("special_entr", self);
  const Tensor x = self.is_floating_point() ? self : self.to(get_default_dtype_as_scalartype());
  const Tensor plain = x.detach();
  const Tensor y = -hearth::xlogy(plain, plain.masked_fill(plain.lt(0), 1)).masked_fill(plain.lt(0), INFINITY);
  return autograd::record("special_entr", y, {&x},
                          [&] { return [x = autograd::Saved(x)](const Tensor& g) { return g * (-(*x).log() - 1); }; });
}
//: special out
Tensor expit(const Tensor& self) { return self.sigmoid(); }
//: special out
Tensor exp2(const Tensor& self) { return self.exp2(); }
//: special out
Tensor expm1(const Tensor& self) { return self.expm1(); }
//: special out
Tensor log1p(const Tensor& self) { return self.log1p(); }
//: special out
Tensor logit(const Tensor& self, std::optional<double> eps /* = std::nullopt */) { return self.logit(eps); }
//: special out
Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim /* = false */) {
  return self.logsumexp(dim, keepdim);
}
//: special
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return hearth::log_softmax(self, dim, dtype);
}
//: special
Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype /* = std::nullopt */) {
  return hearth::softmax(self, dim, dtype);
}
//: special out
Tensor round(const Tensor& self, int64_t decimals /* = 0 */) {
  return decimals == 0 ? self.round() : self.round(decimals);
}
//: special out
Tensor sinc(const Tensor& self) { return self.sinc(); }
//: special out
Tensor xlogy(const Tensor& self, const Tensor& other) { return hearth::xlogy(self, other); }
//: special out
Tensor xlogy(const Tensor& self, const Scalar& other) {
  return hearth::xlogy(self, scalar_tensor(other, self.options().requires_grad(false)));
}
//: special out
Tensor xlogy(const Scalar& self, const Tensor& other) {
  return hearth::xlogy(scalar_tensor(self, other.options().requires_grad(false)), other);
}
/// self * log(1 + other), 0 where self is 0 and other no NaN.
//: special out
Tensor xlog1py(const Tensor& self, const Tensor& other) {
  return binary(
      BinaryOp::xlog1py, "special_xlog1py", self, other,
      [](const Tensor& g, A a, B b) { return g * b.log1p().masked_fill(a.eq(0).logical_and(b.le(-1)), 0); },
      [](const Tensor& g, A a, B b) { return g * a / (b + 1); });
}
//: special out
Tensor xlog1py(const Tensor& self, const Scalar& other) {
  return special::xlog1py(self, scalar_tensor(other, self.options().requires_grad(false)));
}
//: special out
Tensor xlog1py(const Scalar& self, const Tensor& other) {
  return special::xlog1py(scalar_tensor(self, other.options().requires_grad(false)), other);
}

namespace {
constexpr int64_t kLargestDegree = int64_t{1} << 20;  // the recurrences take a step a degree
template <class Slope>
Tensor polynomial(BinaryOp op, const char* name, const Tensor& x, const Tensor& n, Slope slope) {
  checked_impl(name, n);
  const Tensor degrees = n.detach().to(kDouble);  // halves don't hold the limit
  if (degrees.gt(kLargestDegree).any().item<bool>())
    fail("[{}] a degree is {}, but at most {} is computed; lower it", name, degrees.max().item<double>(),
         kLargestDegree);
  return binary(op, name, x, n, slope, [name](const Tensor&, A, B) -> Tensor { no_derivative(name, "the degree"); });
}
Tensor polynomial(BinaryOp op, const char* name, const Tensor& x, const Tensor& n) {
  return polynomial(op, name, x, n, [name](const Tensor&, A, B) -> Tensor { no_derivative(name, "x"); });
}
Tensor degree(const Tensor& x, const Scalar& n) { return scalar_tensor(n, x.options().requires_grad(false)); }
}  // namespace
/// The polynomial of degree n at x; other families alike.
//: special out
Tensor chebyshev_polynomial_t(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::chebyshev_polynomial_t, "special_chebyshev_polynomial_t", x, n,
                    [](const Tensor& g, A a, B b) { return g * b * special::chebyshev_polynomial_u(a, b - 1); });
}
//: special
Tensor chebyshev_polynomial_t(const Tensor& x, const Scalar& n) {
  return special::chebyshev_polynomial_t(x, degree(x, n));
}
//: special out
Tensor chebyshev_polynomial_u(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::chebyshev_polynomial_u, "special_chebyshev_polynomial_u", x, n);
}
//: special
Tensor chebyshev_polynomial_u(const Tensor& x, const Scalar& n) {
  return special::chebyshev_polynomial_u(x, degree(x, n));
}
//: special out
Tensor chebyshev_polynomial_v(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::chebyshev_polynomial_v, "special_chebyshev_polynomial_v", x, n);
}
//: special
Tensor chebyshev_polynomial_v(const Tensor& x, const Scalar& n) {
  return special::chebyshev_polynomial_v(x, degree(x, n));
}
//: special out
Tensor chebyshev_polynomial_w(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::chebyshev_polynomial_w, "special_chebyshev_polynomial_w", x, n);
}
//: special
Tensor chebyshev_polynomial_w(const Tensor& x, const Scalar& n) {
  return special::chebyshev_polynomial_w(x, degree(x, n));
}
//: special out
Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Tensor& n) {
  return special::chebyshev_polynomial_t(x * 2 - 1, n);
}
//: special out
Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Tensor& n) {
  return special::chebyshev_polynomial_u(x * 2 - 1, n);
}
//: special out
Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Tensor& n) {
  return special::chebyshev_polynomial_v(x * 2 - 1, n);
}
//: special out
Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Tensor& n) {
  return special::chebyshev_polynomial_w(x * 2 - 1, n);
}
/// Hermite polynomials, the physicists'.
//: special out
Tensor hermite_polynomial_h(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::hermite_polynomial_h, "special_hermite_polynomial_h", x, n,
                    [](const Tensor& g, A a, B b) { return g * b * 2 * special::hermite_polynomial_h(a, b - 1); });
}
//: special
Tensor hermite_polynomial_h(const Tensor& x, const Scalar& n) { return special::hermite_polynomial_h(x, degree(x, n)); }
/// Hermite polynomials, the probabilists'.
//: special out
Tensor hermite_polynomial_he(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::hermite_polynomial_he, "special_hermite_polynomial_he", x, n,
                    [](const Tensor& g, A a, B b) { return g * b * special::hermite_polynomial_he(a, b - 1); });
}
//: special
Tensor hermite_polynomial_he(const Tensor& x, const Scalar& n) {
  return special::hermite_polynomial_he(x, degree(x, n));
}
//: special out
Tensor laguerre_polynomial_l(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::laguerre_polynomial_l, "special_laguerre_polynomial_l", x, n);
}
//: special
Tensor laguerre_polynomial_l(const Tensor& x, const Scalar& n) {
  return special::laguerre_polynomial_l(x, degree(x, n));
}
//: special out
Tensor legendre_polynomial_p(const Tensor& x, const Tensor& n) {
  return polynomial(BinaryOp::legendre_polynomial_p, "special_legendre_polynomial_p", x, n);
}
//: special
Tensor legendre_polynomial_p(const Tensor& x, const Scalar& n) {
  return special::legendre_polynomial_p(x, degree(x, n));
}

}  // namespace special

}  // namespace hearth
