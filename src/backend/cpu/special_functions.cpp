// Formula numbers are those of the NIST Digital Library of Mathematical Functions (dlmf.nist.gov).
#include "backend/cpu/special_functions.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "backend/cpu/special.h"

namespace hearth::cpu {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = std::numbers::pi;

/// exp(-x^2) with the rounding of x^2 made good.
double exp_minus_square(double x) {
  const double square = x * x, rest = std::fma(x, x, -square);
  return std::exp(-square) * (1 - rest);
}

/// 1 + t1 + t1 t2 + … for the asymptotic series of e^-x I_n and e^x K_n (10.40.1, 10.40.2); sign is -1 for I.
double hankel_series(double order, double x, double sign) {
  const double mu = 4 * order * order;
  double term = 1, sum = 1;
  for (int k = 1; k < 60; ++k) {
    const double odd = 2 * k - 1;
    const double next = term * sign * (mu - odd * odd) / (8 * k * x);
    if (std::fabs(next) >= std::fabs(term)) break;  // it starts to diverge
    term = next;
    sum += term;
    if (std::fabs(term) < 1e-17 * std::fabs(sum)) break;
  }
  return sum;
}

/// I_n by its series (10.25.2), scaled by e^-x; x up to 30.
double bessel_i_series(int order, double x) {
  const double quarter = x * x / 4;
  double term = order == 0 ? 1 : x / 2, sum = term;
  for (int k = 1; k < 500; ++k) {
    term *= quarter / (k * (k + order));
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return sum * std::exp(-x);
}
double bessel_ie(int order, double x) {
  const double a = std::fabs(x);
  if (x != x) return x;
  const double value = a <= 30 ? bessel_i_series(order, a) : hankel_series(order, a, -1) / std::sqrt(2 * kPi * a);
  return order == 1 && x < 0 ? -value : value;
}
double bessel_k(double order, double x, bool scaled) {
  if (x != x || x < 0) return kNaN;
  if (x == 0) return kInf;
  if (x < 1e-9 && order == 0) return std::numbers::ln2 - std::log(x) - std::numbers::egamma;  // 10.31.2 and 10.30.2
  if (x < 1e-9) return std::tgamma(order) / 2 * std::pow(2 / x, order);
  if (x > 30) return std::sqrt(kPi / (2 * x)) * hankel_series(order, x, 1) * (scaled ? 1 : std::exp(-x));
  return std::cyl_bessel_k(order, x) * (scaled ? std::exp(x) : 1);
}

/// x^a e^-x / Gamma(a), for the incomplete gamma functions.
double gamma_prefix(double a, double x) { return std::exp(a * std::log(x) - x - log_gamma(a)); }

double gamma_series(double a, double x) {  // 8.11.4
  double term = 1 / a, sum = term;
  for (double k = a + 1; term > sum * 1e-17; k += 1) {
    term *= x / k;
    sum += term;
  }
  return gamma_prefix(a, x) * sum;
}
double gamma_fraction(double a, double x) {  // 8.9.2, by Lentz's method
  constexpr double tiny = 1e-300;
  double b = x + 1 - a, c = 1 / tiny, d = 1 / b, h = d;
  for (int i = 1; i < 100000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (std::fabs(d) < tiny) d = tiny;
    c = b + an / c;
    if (std::fabs(c) < tiny) c = tiny;
    d = 1 / d;
    const double step = d * c;
    h *= step;
    if (!(std::fabs(step - 1) > std::numeric_limits<double>::epsilon())) break;  // it may stay one rounding off 1
  }
  return gamma_prefix(a, x) * h;
}

/// The upper function for large a, by the first terms of Temme's uniform expansion (8.12.3, 8.12.4 and 8.12.10).
double gammaincc_of_large(double a, double x) {
  const double mu = (x - a) / a;
  const double half_square =
      std::fabs(mu) < 1e-3 ? mu * mu * (0.5 - mu * (1.0 / 3 - mu * (0.25 - mu / 5))) : mu - std::log1p(mu);
  const double eta = std::copysign(std::sqrt(2 * half_square), mu);
  const double first = std::fabs(mu) < 1e-4 ? -1.0 / 3 : 1 / mu - 1 / eta;
  return 0.5 * std::erfc(eta * std::sqrt(a / 2)) + std::exp(-a * half_square) / std::sqrt(2 * kPi * a) * first;
}
constexpr double kLargeGammaOrder = 1e8;  // beyond it the series takes too many terms

/// p_0 = 1, p_1 = first, p_{k + 1} = next(k, p_k, p_{k - 1}); 0 below degree 0.
template <class Next>
double polynomial(double n, double first, Next next) {
  if (n != n) return n;
  if (n < 0) return 0;
  const double degree = std::trunc(n);
  double before = 1, now = first;
  if (degree == 0) return before;
  for (double k = 1; k < degree; k += 1) {
    const double after = next(k, now, before);
    before = now;
    now = after;
    if (now != now) break;
  }
  return now;
}

}  // namespace

double hurwitz_zeta(double x, double q) {  // Euler and Maclaurin's sum, 25.11.28
  if (x != x || q != q) return kNaN;
  if (x == 1) return kInf;
  if (x < 1) return kNaN;
  if (q == kInf) return 0;
  if (q <= 0) {
    if (q == std::floor(q)) return kInf;
    if (x != std::floor(x)) return kNaN;  // q^-x is not real
  }
  constexpr double bernoulli[] = {1.0 / 6,       -1.0 / 30,       1.0 / 42,       -1.0 / 30,
                                  5.0 / 66,      -691.0 / 2730,   7.0 / 6,        -3617.0 / 510,
                                  43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};
  double sum = 0, a = q;
  for (int k = 0; k < 12 || a <= 12; ++k, a += 1) {
    const double term = std::pow(a, -x);
    sum += term;
    if (a > 0 && term < 1e-17 * sum) return sum;
  }
  const double power = std::pow(a, -x);
  sum += power * a / (x - 1) + power / 2;
  double factor = x * power / a / 2;  // x (x + 1) … a^(-x - 2k + 1) / (2k)!
  for (int k = 0; k < 12; ++k) {
    const double term = factor * bernoulli[k];
    sum += term;
    if (std::fabs(term) < 1e-17 * std::fabs(sum)) break;
    const double j = 2 * k + 2;
    factor *= (x + j - 1) * (x + j) / (a * a) / ((j + 1) * (j + 2));
  }
  return sum;
}

double polygamma(double order, double x) {
  if (x == -kInf && order == 1) return kNaN;
  if (order == 0) return digamma(x);
  if (order == 1 && x < 0.5) {  // reflection, 5.15.6
    if (x == std::floor(x)) return kInf;
    const double s = std::sin(kPi * x);
    return kPi * kPi / (s * s) - hurwitz_zeta(2, 1 - x);
  }
  const double size = std::exp(log_gamma(order + 1)) * hurwitz_zeta(order + 1, x);  // 5.15.1
  return std::fmod(order, 2) == 0 ? -size : size;
}

// At x = 0 the value is that of every a, so that of a NaN too.
double gammainc(double a, double x) {
  if (a != a && x == 0) return 0;
  if (!(a >= 0) || !(x >= 0)) return kNaN;
  if (a == 0) return x > 0 ? 1 : kNaN;
  if (x == 0) return 0;
  if (a == kInf) return x == kInf ? kNaN : 0;
  if (x == kInf) return 1;
  if (a > kLargeGammaOrder) return 1 - gammaincc_of_large(a, x);
  return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}
double gammaincc(double a, double x) {
  if (a != a && x == 0) return 1;
  if (!(a >= 0) || !(x >= 0)) return kNaN;
  if (a == 0) return x > 0 ? 0 : kNaN;
  if (x == 0) return 1;
  if (a == kInf) return x == kInf ? kNaN : 1;
  if (x == kInf) return 0;
  if (a > kLargeGammaOrder) return gammaincc_of_large(a, x);
  return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

double bessel_i0e(double x) { return bessel_ie(0, x); }
double bessel_i1e(double x) { return bessel_ie(1, x); }
double bessel_i0(double x) { return bessel_ie(0, x) * std::exp(std::fabs(x)); }
double bessel_i1(double x) { return bessel_ie(1, x) * std::exp(std::fabs(x)); }
double bessel_k0(double x) { return bessel_k(0, x, false); }
double bessel_k1(double x) { return bessel_k(1, x, false); }
double bessel_k0e(double x) { return bessel_k(0, x, true); }
double bessel_k1e(double x) { return bessel_k(1, x, true); }

double spherical_bessel_j0(double x) {
  if (std::isinf(x)) return 0;
  return std::fabs(x) < 1e-4 ? 1 - x * x / 6 : std::sin(x) / x;
}

double airy_ai(double x) {  // 9.6.2 and 9.6.6
  if (x != x) return x;
  if (std::isinf(x)) return 0;
  const double z = 2.0 / 3 * std::pow(std::fabs(x), 1.5);
  if (z < 1e-6) return 0.35502805388781723926 - 0.25881940379280679840 * x;  // 9.2.3, 9.2.4
  if (x > 0) return std::sqrt(x / 3) / kPi * bessel_k(1.0 / 3, z, false);
  // J_-v = cos(v pi) J_v - sin(v pi) Y_v
  const double j = std::cyl_bessel_j(1.0 / 3, z), y = std::cyl_neumann(1.0 / 3, z);
  return std::sqrt(-x) / 3 * (1.5 * j - std::sqrt(3.0) / 2 * y);
}

double airy_ai_prime(double x) {  // 9.6.3 and 9.6.7
  if (x != x || x == -kInf) return kNaN;
  if (x == kInf) return 0;
  const double z = 2.0 / 3 * std::pow(std::fabs(x), 1.5);
  if (z < 1e-6) return -0.25881940379280679840 + 0.35502805388781723926 / 2 * x * x;  // 9.2.3, 9.2.4
  if (x > 0) return -x / std::sqrt(3.0) / kPi * bessel_k(2.0 / 3, z, false);
  const double j = std::cyl_bessel_j(2.0 / 3, z), y = std::cyl_neumann(2.0 / 3, z);  // J_-v as above
  return -x / 3 * (1.5 * j + std::sqrt(3.0) / 2 * y);
}

double erfcx(double x) {
  if (x < -26.7) return x == x ? kInf : x;
  if (x < 20) return std::erfc(x) / exp_minus_square(x);
  if (x > 1e9) return 1 / (x * std::sqrt(kPi));
  double f = 0;  // 7.9.3 as a fraction from its far end
  for (int k = 30; k > 0; --k) f = k / 2.0 / (x + f);
  return 1 / (std::sqrt(kPi) * (x + f));
}

double ndtri(double p) {
  if (p == 0) return -kInf;
  if (p == 1) return kInf;
  if (!(p > 0 && p < 1)) return kNaN;
  // The smaller tail keeps its digits; a first guess of 26.2.23 of Abramowitz and Stegun, then Halley's steps.
  const double tail = p < 0.5 ? p : 1 - p;
  const double t = std::sqrt(-2 * std::log(tail));
  double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int step = 0; step < 3; ++step) {
    const double error = 0.5 * std::erfc(x / std::numbers::sqrt2) - tail;
    const double u = error * std::sqrt(2 * kPi) * std::exp(x * x / 2);
    x += u / (1 + x * u / 2);
  }
  return p < 0.5 ? -x : x;
}

double log_ndtr(double x) {
  const double t = x / std::numbers::sqrt2;
  return x < -1 ? std::log(erfcx(-t) / 2) - t * t : std::log1p(-std::erfc(t) / 2);
}

// Three-term recurrences, 18.9.1; where |x| is 1, the known values.
double chebyshev_t(double x, double n) {
  return polynomial(n, x, [x](double, double now, double before) { return 2 * x * now - before; });
}
double chebyshev_u(double x, double n) {
  return polynomial(n, 2 * x, [x](double, double now, double before) { return 2 * x * now - before; });
}
double chebyshev_v(double x, double n) {
  return polynomial(n, 2 * x - 1, [x](double, double now, double before) { return 2 * x * now - before; });
}
double chebyshev_w(double x, double n) {
  return polynomial(n, 2 * x + 1, [x](double, double now, double before) { return 2 * x * now - before; });
}
double hermite_h(double x, double n) {
  return polynomial(n, 2 * x, [x](double k, double now, double before) { return 2 * x * now - 2 * k * before; });
}
double hermite_he(double x, double n) {
  return polynomial(n, x, [x](double k, double now, double before) { return x * now - k * before; });
}
double laguerre_l(double x, double n) {
  return polynomial(
      n, 1 - x, [x](double k, double now, double before) { return ((2 * k + 1 - x) * now - k * before) / (k + 1); });
}
double legendre_p(double x, double n) {
  return polynomial(
      n, x, [x](double k, double now, double before) { return ((2 * k + 1) * x * now - k * before) / (k + 1); });
}

}  // namespace hearth::cpu
