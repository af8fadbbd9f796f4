// Rows of src/ops/special.cpp, against the standard library's functions, sums and closed forms.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

double zeta_sum(double x, double q) {  // with the tail as an integral and half a term
  double sum = 0;
  const int n = 2000;
  for (int k = 0; k < n; ++k) sum += std::pow(k + q, -x);
  const double a = n + q;
  return sum + std::pow(a, 1 - x) / (x - 1) + std::pow(a, -x) / 2 + x * std::pow(a, -x - 1) / 12;
}
double polygamma_sum(int n, double x) { return (n % 2 ? 1 : -1) * std::tgamma(n + 1.0) * zeta_sum(n + 1, x); }
double gammainc_sum(double a, double x) {  // 8.7.1 of dlmf.nist.gov
  double sum = 0;
  for (int k = 0; k < 400; ++k) sum += std::exp((a + k) * std::log(x) - x - std::lgamma(a + k + 1));
  return sum;
}
double normal(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }
double normal_inverse(double p) {
  double low = -40, high = 40;
  for (int i = 0; i < 200; ++i) (normal((low + high) / 2) < p ? low : high) = (low + high) / 2;
  return low;
}
double second_kind(double x, int n) { return std::sin((n + 1) * std::acos(x)) / std::sin(std::acos(x)); }

/// hearth::special::op of one input; what follows changes the row.
#define SPECIAL(op, f, low, high, ...)                                                             \
  {                                                                                                \
    Row row;                                                                                       \
    row.name = "special_" #op;                                                                     \
    row.function = [](const In& in) { return special::op(in[0]); };                                \
    row.out = [](Tensor& out, const In& in) { return special::op##_out(out, in[0]); };             \
    row.reference = elementwise([](double x) -> double { return f; });                             \
    row.samples = unary_samples(low, high);                                                        \
    row.bad = {                                                                                    \
      ON(TypeError, "undefined", special::op(undefined)),                                          \
      ON(DtypeError, "out can't hold the result", Tensor o = empty({2}, kBool);                    \
         special::op##_out(o, ones({2}) * 0.5)),                                                   \
      ON(AutogradError, "nothing to differentiate", special::op(ones({2}) * 0.5).sum().backward()) \
    };                                                                                             \
    row.dtypes = {kFloat};                                                                         \
    row.loss_of_precision = 4;                                                                     \
    __VA_ARGS__;                                                                                   \
    rows.push_back(row);                                                                           \
  }

void add_gamma(Rows& rows) {
  Row row;
  row.name = "polygamma";
  row.function = [](const In& x) { return polygamma(2, x[0]); };
  row.method = [](const In& x) { return x[0].polygamma(2); };
  row.in_place = [](const In& x) { return x[0].polygamma_(2); };
  row.out = [](Tensor& out, const In& x) { return polygamma_out(out, 2, x[0]); };
  row.reference = elementwise([](double x) { return polygamma_sum(2, x); });
  row.samples = unary_samples(0.6, 4);
  row.tolerance = 1e-9;
  row.dtypes = {kFloat};
  row.loss_of_precision = 8;
  row.bad = {ON(ValueError, "order", polygamma(-1, ones({1}))), ON(TypeError, "undefined", polygamma(1, undefined)),
             ON(AutogradError, "leaf", ones({1}).requires_grad_().polygamma_(1))};
  rows.push_back(row);
  row.name = "special_polygamma";
  row.function = [](const In& x) { return special::polygamma(1, x[0]); };
  row.method = nullptr;
  row.in_place = nullptr;
  row.out = [](Tensor& out, const In& x) { return special::polygamma_out(out, 1, x[0]); };
  row.reference = elementwise([](double x) {
    return x < 0 ? M_PI * M_PI / std::pow(std::sin(M_PI * x), 2) - polygamma_sum(1, 1 - x) : polygamma_sum(1, x);
  });
  row.samples = {{numbers({5}, 0.6, 4)}, {numbers({4}, -0.9, -0.1)}};
  row.second = false;  // checked on the positive side above
  rows.push_back(row);
  row = Row();
  row.name = "mvlgamma";
  row.function = [](const In& x) { return mvlgamma(x[0], 3); };
  row.method = [](const In& x) { return x[0].mvlgamma(3); };
  row.in_place = [](const In& x) { return x[0].mvlgamma_(3); };
  row.out = [](Tensor& out, const In& x) { return mvlgamma_out(out, x[0], 3); };
  row.reference = elementwise(
      [](double x) { return 1.5 * std::log(M_PI) + std::lgamma(x) + std::lgamma(x - 0.5) + std::lgamma(x - 1); });
  row.samples = unary_samples(2.6, 5);
  row.dtypes = {kFloat};
  row.loss_of_precision = 4;
  row.bad = {ON(ValueError, "p", mvlgamma(ones({1}), 0)), ON(ValueError, "negative p", mvlgamma(ones({1}), -5)),
             ON(TypeError, "undefined", mvlgamma(undefined, 1))};
  rows.push_back(row);
  row.name = "special_multigammaln";
  row.function = [](const In& x) { return special::multigammaln(x[0], 3); };
  row.method = nullptr;
  row.in_place = nullptr;
  row.out = [](Tensor& out, const In& x) { return special::multigammaln_out(out, x[0], 3); };
  rows.push_back(row);
  for (const bool upper : {false, true}) {
    row = Row();
    row.name = upper ? "igammac" : "igamma";
    row.function = [upper](const In& x) { return upper ? igammac(x[0], x[1]) : igamma(x[0], x[1]); };
    row.method = [upper](const In& x) { return upper ? x[0].igammac(x[1]) : x[0].igamma(x[1]); };
    row.out = [upper](Tensor& out, const In& x) {
      return upper ? igammac_out(out, x[0], x[1]) : igamma_out(out, x[0], x[1]);
    };
    row.reference = upper ? elementwise([](double a, double x) { return 1 - gammainc_sum(a, x); })
                          : elementwise([](double a, double x) { return gammainc_sum(a, x); });
    row.samples = {{numbers({2, 3}, 0.6, 4), numbers({3}, 0.3, 6, 8)}, {numbers({2}, 0.6, 2), numbers({2}, 3, 9, 8)}};
    row.differentiable = {false, true};
    row.second = false;  // by the first argument's logarithm of gamma it would be there; the first has no derivative
    row.tolerance = 1e-8;
    row.dtypes = {kFloat};
    row.loss_of_precision = 8;
    row.bad = {
        ON(NotImplementedError, "derivative by a", igamma(ones({1}).requires_grad_(), ones({1})).sum().backward()),
        ON(ShapeError, "shapes", igamma(ones({2}), ones({3}))),
        ON(TypeError, "undefined", igammac(ones({2}), undefined))};
    rows.push_back(row);
    row.name = upper ? "special_gammaincc" : "special_gammainc";
    row.function = [upper](const In& x) {
      return upper ? special::gammaincc(x[0], x[1]) : special::gammainc(x[0], x[1]);
    };
    row.method = nullptr;
    row.in_place = nullptr;
    row.out = nullptr;
    rows.push_back(row);
  }
  row = Row();
  row.name = "special_zeta";
  row.function = [](const In& x) { return special::zeta(x[0], x[1]); };
  row.out = [](Tensor& out, const In& x) { return special::zeta_out(out, x[0], x[1]); };
  row.reference = elementwise(zeta_sum);
  row.samples = binary_samples(1.6, 5, 0.6, 4);
  row.differentiable = {false, true};
  row.tolerance = 1e-9;
  row.dtypes = {kFloat};
  row.loss_of_precision = 8;
  row.bad = {ON(NotImplementedError, "derivative by x",
                special::zeta(full({1}, 2.0).requires_grad_(), ones({1})).sum().backward()),
             ON(ShapeError, "shapes", special::zeta(ones({2}), ones({3}))),
             ON(TypeError, "undefined", special::zeta(ones({2}), undefined))};
  rows.push_back(row);
}

void add_bessel(Rows& rows) {
  Row row;
  row.name = "i0";
  HEARTH_UNARY_FORMS(i0);
  row.reference = elementwise([](double x) { return std::cyl_bessel_i(0, std::abs(x)); });
  row.samples = unary_samples(-4, 4);
  row.tolerance = 1e-10;
  row.loss_of_precision = 4;
  row.bad = {ON(TypeError, "undefined", i0(undefined)), ON(AutogradError, "leaf", ones({1}).requires_grad_().i0_()),
             ON(DtypeError, "integers in place", ones({1}, kLong).i0_())};
  rows.push_back(row);
}

void add_normal(Rows& rows) {
  Row row;
  row.name = "special_xlogy";
  row.function = [](const In& x) { return special::xlogy(x[0], x[1]); };
  row.out = [](Tensor& out, const In& x) { return special::xlogy_out(out, x[0], x[1]); };
  row.reference = elementwise([](double a, double b) { return a == 0 ? 0 : a * std::log(b); });
  row.samples = binary_samples(-2, 2, 0.3, 3);
  row.bad = {ON(ShapeError, "shapes", special::xlogy(ones({2}), ones({3}))),
             ON(TypeError, "undefined", special::xlogy(ones({2}), undefined)),
             ON(TypeError, "undefined first", special::xlogy(undefined, ones({2})))};
  rows.push_back(row);
  row.name = "special_xlog1py";
  row.function = [](const In& x) { return special::xlog1py(x[0], x[1]); };
  row.out = [](Tensor& out, const In& x) { return special::xlog1py_out(out, x[0], x[1]); };
  row.reference = elementwise([](double a, double b) { return a == 0 ? 0 : a * std::log1p(b); });
  row.loss_of_precision = 2;
  rows.push_back(row);
  const std::vector<Bad> dims = {ON(IndexError, "dim", special::softmax(ones({2}), 3)),
                                 ON(TypeError, "undefined", special::log_softmax(undefined, 0)),
                                 ON(IndexError, "dims", special::logsumexp(ones({2}), {4}))};
  row = Row();
  row.bad = dims;
  row.samples = {{numbers({3, 4})}};
  row.name = "special_softmax";
  row.function = [](const In& x) { return special::softmax(x[0], 1); };
  row.reference = [](const In& x) { return x[0].exp() / x[0].exp().sum(1, true); };
  rows.push_back(row);
  row.name = "special_log_softmax";
  row.function = [](const In& x) { return special::log_softmax(x[0], 1); };
  row.reference = [](const In& x) { return x[0] - x[0].exp().sum(1, true).log(); };
  rows.push_back(row);
  row.name = "special_logsumexp";
  row.function = [](const In& x) { return special::logsumexp(x[0], {1}); };
  row.reference = [](const In& x) { return x[0].exp().sum(1).log(); };
  rows.push_back(row);
}

void add_functions(Rows& rows) {
  SPECIAL(gammaln, std::lgamma(x), 0.6, 4);
  SPECIAL(digamma, (std::lgamma(x + 1e-5) - std::lgamma(x - 1e-5)) / 2e-5, 1.6, 4, row.tolerance = 1e-8);
  SPECIAL(psi, (std::lgamma(x + 1e-5) - std::lgamma(x - 1e-5)) / 2e-5, 1.6, 4, row.tolerance = 1e-8);
  SPECIAL(i0, std::cyl_bessel_i(0, std::abs(x)), -4, 4, row.tolerance = 1e-10);
  for (const ScalarType dtype : {kDouble, kHalf})  // rather than a step a degree
    rows.back().bad.push_back(bad<ValueError>("a degree without end", [dtype] {
      special::legendre_polynomial_p(ones({2}, dtype), full({}, INFINITY, dtype));
    }));
  SPECIAL(i0e, std::exp(-std::abs(x)) * std::cyl_bessel_i(0, std::abs(x)), -40, 40, row.tolerance = 1e-10);
  SPECIAL(i1, std::copysign(std::cyl_bessel_i(1, std::abs(x)), x), -4, 4, row.tolerance = 1e-10);
  SPECIAL(i1e, std::exp(-std::abs(x)) * std::copysign(std::cyl_bessel_i(1, std::abs(x)), x), -40, 40,
          row.tolerance = 1e-10);
  SPECIAL(modified_bessel_i0, std::cyl_bessel_i(0, std::abs(x)), -4, 4, row.tolerance = 1e-10);
  SPECIAL(modified_bessel_i1, std::copysign(std::cyl_bessel_i(1, std::abs(x)), x), -4, 4, row.tolerance = 1e-10);
  SPECIAL(modified_bessel_k0, std::cyl_bessel_k(0, x), 0.3, 4, row.tolerance = 1e-10);
  SPECIAL(modified_bessel_k1, std::cyl_bessel_k(1, x), 0.3, 4, row.tolerance = 1e-10);
  SPECIAL(scaled_modified_bessel_k0, std::exp(x) * std::cyl_bessel_k(0, x), 0.3, 40, row.tolerance = 1e-10);
  SPECIAL(scaled_modified_bessel_k1, std::exp(x) * std::cyl_bessel_k(1, x), 0.3, 40, row.tolerance = 1e-10);
  SPECIAL(bessel_j0, std::cyl_bessel_j(0, std::abs(x)), -9, 9, row.tolerance = 1e-10);
  SPECIAL(bessel_j1, (x < 0 ? -1 : 1) * std::cyl_bessel_j(1, std::abs(x)), -9, 9, row.tolerance = 1e-10);
  SPECIAL(bessel_y0, std::cyl_neumann(0, x), 0.3, 9, row.tolerance = 1e-10);
  SPECIAL(bessel_y1, std::cyl_neumann(1, x), 0.3, 9, row.tolerance = 1e-10);
  SPECIAL(spherical_bessel_j0, std::sin(x) / x, 0.3, 9);
  // Ai'' = x Ai, by differences of Ai itself, would be circular; the integral of 9.5.1 is not.
  SPECIAL(airy_ai,
          (x < 0 ? std::sqrt(-x) / 3 *
                       (std::cyl_bessel_j(1.0 / 3, 2.0 / 3 * std::pow(-x, 1.5)) * 1.5 -
                        std::sqrt(3.0) / 2 * std::cyl_neumann(1.0 / 3, 2.0 / 3 * std::pow(-x, 1.5)))
                 : std::sqrt(x / 3) / M_PI * std::cyl_bessel_k(1.0 / 3, 2.0 / 3 * std::pow(x, 1.5))),
          -4, 4, row.tolerance = 1e-10);
  SPECIAL(erf, std::erf(x), -2, 2);
  SPECIAL(erfc, std::erfc(x), -2, 2);
  SPECIAL(erfinv, normal_inverse((x + 1) / 2) / std::sqrt(2.0), -0.9, 0.9, row.tolerance = 1e-10);
  SPECIAL(erfcx, std::exp(x * x) * std::erfc(x), -1, 5);
  SPECIAL(ndtr, normal(x), -3, 3);
  SPECIAL(ndtri, normal_inverse(x), 0.02, 0.98, row.tolerance = 1e-10);
  SPECIAL(log_ndtr, std::log(normal(x)), -6, 3, row.tolerance = 1e-10);
  SPECIAL(entr, -x * std::log(x), 0.1, 3);
  SPECIAL(expit, 1 / (1 + std::exp(-x)), -3, 3);
  SPECIAL(exp2, std::exp2(x), -3, 3);
  SPECIAL(expm1, std::expm1(x), -3, 3);
  SPECIAL(log1p, std::log1p(x), -0.6, 3);
  SPECIAL(sinc, x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x), -2, 2);
  SPECIAL(round, std::nearbyint(x), -3, 3);
  SPECIAL(logit, std::log(x / (1 - x)), 0.1, 0.9);
}

/// A family at degrees 0 to 5 at once.
void add_polynomial(Rows& rows, const char* name, Tensor (*f)(const Tensor&, const Tensor&),
                    double (*reference)(double, double), bool gradient, double low = -0.95) {
  Row row;
  row.name = name;
  row.function = [f](const In& x) { return f(x[0], x[1]); };
  row.reference = elementwise(reference);
  row.samples = {{numbers({4, 1}, low, 0.95), arange(6, kLong).to(kDouble)}};
  row.differentiable = {gradient, false};
  row.gradient = gradient;
  row.dtypes = {kFloat};
  row.second =
      name == std::string("special_hermite_polynomial_h") || name == std::string("special_hermite_polynomial_he");
  row.loss_of_precision = 20;
  row.tolerance = 1e-10;
  row.bad = {bad<ShapeError>("shapes", [f] { f(ones({2}), ones({3})); }),
             bad<TypeError>("undefined", [f] { f(ones({2}), undefined); }),
             bad<NotImplementedError>("derivative by the degree",
                                      [f] { f(ones({1}), ones({1}).requires_grad_()).sum().backward(); })};
  rows.push_back(row);
}

unsigned whole(double n) { return static_cast<unsigned>(n); }
void add_polynomials(Rows& rows) {
  const auto t = [](double x, double n) { return std::cos(n * std::acos(x)); };
  const auto u = [](double x, double n) { return second_kind(x, static_cast<int>(n)); };
  const auto v = [](double x, double n) { return std::cos((n + 0.5) * std::acos(x)) / std::cos(std::acos(x) / 2); };
  const auto w = [](double x, double n) { return std::sin((n + 0.5) * std::acos(x)) / std::sin(std::acos(x) / 2); };
  add_polynomial(rows, "special_chebyshev_polynomial_t", &special::chebyshev_polynomial_t, t, true);
  add_polynomial(rows, "special_chebyshev_polynomial_u", &special::chebyshev_polynomial_u, u, false);
  add_polynomial(rows, "special_chebyshev_polynomial_v", &special::chebyshev_polynomial_v, v, false);
  add_polynomial(rows, "special_chebyshev_polynomial_w", &special::chebyshev_polynomial_w, w, false);
  add_polynomial(
      rows, "special_shifted_chebyshev_polynomial_t", &special::shifted_chebyshev_polynomial_t,
      [](double x, double n) { return std::cos(n * std::acos(2 * x - 1)); }, true, 0.05);
  add_polynomial(
      rows, "special_shifted_chebyshev_polynomial_u", &special::shifted_chebyshev_polynomial_u,
      [](double x, double n) { return second_kind(2 * x - 1, static_cast<int>(n)); }, false, 0.05);
  add_polynomial(
      rows, "special_shifted_chebyshev_polynomial_v", &special::shifted_chebyshev_polynomial_v,
      [](double x, double n) {
        return std::cos((n + 0.5) * std::acos(2 * x - 1)) / std::cos(std::acos(2 * x - 1) / 2);
      },
      false, 0.05);
  add_polynomial(
      rows, "special_shifted_chebyshev_polynomial_w", &special::shifted_chebyshev_polynomial_w,
      [](double x, double n) {
        return std::sin((n + 0.5) * std::acos(2 * x - 1)) / std::sin(std::acos(2 * x - 1) / 2);
      },
      false, 0.05);
  add_polynomial(
      rows, "special_hermite_polynomial_h", &special::hermite_polynomial_h,
      [](double x, double n) { return std::hermite(whole(n), x); }, true);
  add_polynomial(
      rows, "special_hermite_polynomial_he", &special::hermite_polynomial_he,
      [](double x, double n) { return std::pow(2, -n / 2) * std::hermite(whole(n), x / std::sqrt(2.0)); }, true);
  add_polynomial(
      rows, "special_laguerre_polynomial_l", &special::laguerre_polynomial_l,
      [](double x, double n) { return std::assoc_laguerre(whole(n), 0, x); }, false, 0.05);
  add_polynomial(
      rows, "special_legendre_polynomial_p", &special::legendre_polynomial_p,
      [](double x, double n) { return std::legendre(whole(n), x); }, false);
}

}  // namespace

void add_special_rows(Rows& rows) {
  add_gamma(rows);
  add_bessel(rows);
  add_normal(rows);
  add_functions(rows);
  add_polynomials(rows);
}

}  // namespace hearth::op_table
