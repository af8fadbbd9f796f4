#pragma once

#include <cstdint>

#include "hearth/fused_step.h"

// The words that a device's generic kernels switch over, without default, so that the compiler keeps the lists.

namespace hearth {

enum class UnaryOp {
  // any dtype but bool where it makes no sense
  abs,
  neg,
  sign,
  square,
  relu,
  positive,
  bitwise_not,
  logical_not,
  // floating only
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
  sin,
  cos,
  tan,
  sinc,  // sin(pi x) / (pi x), 1 at 0
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  sigmoid,
  logit,
  erf,
  erfc,
  erfinv,
  lgamma,
  digamma,
  polygamma,  // s[0] the order
  i0,
  i0e,
  i1,
  i1e,
  erfcx,
  ndtri,
  log_ndtr,
  bessel_j0,
  bessel_j1,
  bessel_y0,
  bessel_y1,
  modified_bessel_k0,
  modified_bessel_k1,
  scaled_modified_bessel_k0,
  scaled_modified_bessel_k1,
  spherical_bessel_j0,
  airy_ai,
  airy_ai_prime,  // its derivative
  frexp_mantissa,
  frexp_exponent,  // x = mantissa * 2 ^ exponent, the mantissa of [0.5, 1)
  ceil,
  floor,
  trunc,
  round,
  frac,
  gelu,       // exact: x / 2 * erfc(-x / sqrt(2))
  gelu_tanh,  // the tanh approximation
  silu,
  mish,
  softplus,    // softplus: s[0] beta, s[1] threshold
  elu,         // s[0] alpha, s[1] scale, s[2] input scale
  leaky_relu,  // s[0] negative slope
  hardtanh,    // s[0] low, s[1] high; also integers
  hardsigmoid,
  hardswish,
  softsign,
  log_sigmoid,
  hardshrink,
  softshrink,  // s[0] lambda
  threshold,   // s[0] threshold, s[1] value
  clamp,       // s[0] low, s[1] high (also integers); clamp_min and clamp_max with one each
  clamp_min,
  clamp_max,
  round_decimals,  // s[0] decimals
  nan_to_num,      // s[0] nan, s[1] +inf, s[2] -inf
  // predicates: out is bool
  isnan,
  isinf,
  isfinite,
  isposinf,
  isneginf,
  signbit,
};

enum class BinaryOp {
  add,
  sub,
  mul,
  div,  // add and sub: a + s[1] * b; div: floating only
  div_floor,
  div_trunc,
  remainder,
  fmod,  // integers too; remainder has the divisor's sign
  pow,
  atan2,
  hypot,
  maximum,
  minimum,
  fmax,
  fmin,
  logaddexp,
  logaddexp2,
  copysign,
  nextafter,
  xlogy,
  xlog1py,
  zeta,
  gammainc,
  gammaincc,
  // polynomials of degree b in a
  chebyshev_polynomial_t,
  chebyshev_polynomial_u,
  chebyshev_polynomial_v,
  chebyshev_polynomial_w,
  hermite_polynomial_h,
  hermite_polynomial_he,
  laguerre_polynomial_l,
  legendre_polynomial_p,
  heaviside,
  prelu,  // a where a > 0, else a * b
  bitwise_and,
  bitwise_or,
  bitwise_xor,
  shift_left,
  shift_right,
  gcd,
  lcm,
  // out is bool
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logical_and,
  logical_or,
  logical_xor,
  // gradients fused into one pass: a is the gradient of the output
  relu_backward,     // b is the output: a where b > 0
  sigmoid_backward,  // b is the output: a * b * (1 - b)
  tanh_backward,     // b is the output: a * (1 - b * b)
  gelu_backward,
  gelu_tanh_backward,
  silu_backward,
  mish_backward,         // b is the input
  elu_backward,          // b is the input; s[1] alpha, s[2] scale, s[3] input scale
  leaky_relu_backward,   // b is the input; s[1] negative slope
  hardtanh_backward,     // b is the input; s[1] low, s[2] high
  softplus_backward,     // b is the input; s[1] beta, s[2] threshold
  log_sigmoid_backward,  // b is the input
  threshold_backward,    // b is the input; s[1] threshold: a where b > threshold
  hardsigmoid_backward,  // b is the input: a / 6 within (-3, 3)
  hardswish_backward,    // b is the input
  shrink_backward,       // b is the input; s[1] lambda: a where |b| > lambda
  sqrt_backward,         // b is the output: a / (2 * b)
  mse,                   // (a - b)^2
  smooth_l1,
  huber,                     // s[1] beta or delta
  bce_with_logits,           // a the input, b the target: max(a, 0) - a * b + log1p(exp(-|a|))
  bce_with_logits_backward,  // a the input, b the target: sigmoid(a) - b
  masked_zero,               // a where b (of a's dtype) is not zero, else 0
};

enum class TernaryOp {
  where,         // a ? b : c
  addcmul,       // a + s[0] * b * c
  addcdiv,       // a + s[0] * b / c
  lerp,          // a + c * (b - a), PyTorch's two-sided form
  clamp,         // min(max(a, b), c); NaN stays
  masked_scale,  // a * b * s[0]; b is bool here (dropout's backward)
};

enum class ReduceOp { sum, prod, mean, max, min, any, all, var, std, norm, logsumexp, count_nonzero, nansum };

enum class ScanOp { cumsum, cumprod, logcumsumexp, cummax, cummin };

enum class ScatterOp { set, add, multiply, amax, amin };

/// Distributions of one or two parameters, a and b.
enum class DrawOp {
  exponential,  // rate a
  cauchy,       // median a, scale b
  log_normal,   // e to the normal numbers of mean a and standard deviation b
  geometric,    // trials up to the first success, of probability a
  poisson,      // rate a
  binomial,     // successes among a trials of probability b
};

/// Gates in LibTorch's order: lstm i f g o, gru r z n.
enum class RecurrentOp { rnn_tanh, rnn_relu, lstm, gru };

}  // namespace hearth
