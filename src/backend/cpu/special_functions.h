#pragma once

// Scalar special functions beyond the C library's, in double; special_functions.cpp says where each comes from.

namespace hearth::cpu {

double polygamma(double order, double x);
/// The sum of (k + q)^-x over k = 0, 1, …
double hurwitz_zeta(double x, double q);
/// The regularised incomplete gamma functions, lower and upper.
double gammainc(double a, double x);
double gammaincc(double a, double x);
double bessel_i0(double x);
double bessel_i1(double x);
/// exp(-|x|) times them.
double bessel_i0e(double x);
double bessel_i1e(double x);
double bessel_k0(double x);
double bessel_k1(double x);
/// exp(x) times them.
double bessel_k0e(double x);
double bessel_k1e(double x);
double spherical_bessel_j0(double x);
double airy_ai(double x);
/// Its derivative.
double airy_ai_prime(double x);
/// exp(x^2) erfc(x)
double erfcx(double x);
/// The inverse of the normal distribution function.
double ndtri(double p);
/// The logarithm of the normal distribution function.
double log_ndtr(double x);

double chebyshev_t(double x, double n);
double chebyshev_u(double x, double n);
double chebyshev_v(double x, double n);
double chebyshev_w(double x, double n);
double hermite_h(double x, double n);
double hermite_he(double x, double n);
double laguerre_l(double x, double n);
double legendre_p(double x, double n);

}  // namespace hearth::cpu
