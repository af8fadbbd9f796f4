#pragma once

// Scalar functions that no vector library has. float goes through double.

#include <cmath>
#include <cstdint>
#include <limits>

namespace hearth::cpu {

/// Inverse of erf (Giles, "Approximating the erfinv function", 2010, then two steps of Newton's method).
inline double erfinv(double y) {
  if (!(std::fabs(y) < 1)) {
    if (std::fabs(y) == 1) return std::copysign(std::numeric_limits<double>::infinity(), y);
    return std::numeric_limits<double>::quiet_NaN();
  }
  double w = -std::log((1 - y) * (1 + y)), p;
  if (w < 5) {
    w -= 2.5;
    p = 2.81022636e-08;
    for (const double c : {3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
                           -0.00417768164, 0.246640727, 1.50140941}) {
      p = c + p * w;
    }
  } else {
    w = std::sqrt(w) - 3;
    p = -0.000200214257;
    for (const double c : {0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
                           1.00167406, 2.83297682}) {
      p = c + p * w;
    }
  }
  double x = p * y;
  constexpr double two_over_root_pi = 1.12837916709551257390;
  for (int step = 0; step < 2; ++step) {
    // erfc keeps digits near 1, where erf(x) - y would lose them.
    const double near_one = (1 - std::fabs(y)) - std::erfc(std::fabs(x));
    const double error = std::fabs(y) < 0.5 ? std::erf(x) - y : y > 0 ? near_one : -near_one;
    const double slope = two_over_root_pi * std::exp(-x * x);
    x -= error / (slope + x * error);  // Halley's correction
  }
  return x;
}

/// The logarithmic derivative of gamma: recurrence up to 10, then the asymptotic series (Abramowitz, Stegun 6.3.18).
inline double digamma(double x) {
  constexpr double pi = 3.14159265358979323846;
  if (x == 0) return std::copysign(std::numeric_limits<double>::infinity(), -x);
  double result = 0;
  if (x < 0) {
    if (x == std::floor(x)) return std::numeric_limits<double>::quiet_NaN();
    double whole;
    result = -pi / std::tan(pi * std::modf(x, &whole));
    x = 1 - x;
  }
  while (x < 10) {
    result -= 1 / x;
    x += 1;
  }
  if (x == 10) return result + 2.25175258906672110764;
  double series = 0;
  if (x < 1e17) {
    const double z = 1 / (x * x);
    series = 8.33333333333333333333e-2;
    series = series * z - 2.10927960927960927961e-2;
    series = series * z + 7.57575757575757575758e-3;
    series = series * z - 4.16666666666666666667e-3;
    series = series * z + 3.96825396825396825397e-3;
    series = series * z - 8.33333333333333333333e-3;
    series = series * z + 8.33333333333333333333e-2;
    series *= z;
  }
  return result + std::log(x) - 0.5 / x - series;
}

/// lgamma without the C library's global sign, which threads would race for.
inline double log_gamma(double x) {
  int sign;
  return ::lgamma_r(x, &sign);
}

}  // namespace hearth::cpu
