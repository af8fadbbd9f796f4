#pragma once

// Functions of the vectors of vec.h: exp, tanh, sigmoid and the normal distribution by hand for float, the rest from
// SLEEF. Errors are tested in tests/backend/vector_math_test.cpp.

#include <sleef.h>

#include "backend/cpu/isa/vec.h"

#if defined(__AVX512F__)
#define HEARTH_SLEEF(name, accuracy) Sleef_##name##16_##accuracy##avx512f
#define HEARTH_SLEEF_D(name, accuracy) Sleef_##name##8_##accuracy##avx512f
#elif defined(__AVX2__)
#define HEARTH_SLEEF(name, accuracy) Sleef_##name##8_##accuracy##avx2
#define HEARTH_SLEEF_D(name, accuracy) Sleef_##name##4_##accuracy##avx2
#elif defined(__SSE4_1__)
#define HEARTH_SLEEF(name, accuracy) Sleef_##name##4_##accuracy##sse4
#define HEARTH_SLEEF_D(name, accuracy) Sleef_##name##2_##accuracy##sse4
#endif

namespace hearth::cpu::HEARTH_ISA {
namespace {

// --- exp and what is made of it

/// 2^n * x for a whole number n in [-153, 130]; the two steps let the result be subnormal or infinite.
HEARTH_INLINE F scale(F x, F n) {
#if defined(__AVX512F__)
  return _mm512_maskz_scalef_ps(0xffff, x, n);
#else
  FI i = __builtin_convertvector(n, FI);
  FI half = i >> 1;
  F a = from_bits((half + 127) << 23), b = from_bits((i - half + 127) << 23);
  return x * a * b;
#endif
}

/// e^r for |r| <= ln(2) / 2, and e^r - 1 (r + r^2 p(r); Cephes' polynomial).
HEARTH_INLINE F expm1_core(F r) {
  F p = splat(1.9875691500e-4F);
  p = fma(p, r, splat(1.3981999507e-3F));
  p = fma(p, r, splat(8.3334519073e-3F));
  p = fma(p, r, splat(4.1665795894e-2F));
  p = fma(p, r, splat(1.6666665459e-1F));
  p = fma(p, r, splat(5.0000001201e-1F));
  return fma(p, r * r, r);
}
/// x = n ln(2) + r; ln(2) in two parts, the first of which times n is exact.
HEARTH_INLINE F reduce_ln2(F x, F& n) {
  n = rint(x * 1.44269504F);
  F r = fma(n, splat(-0.693359375F), x);
  return fma(n, splat(2.12194440e-4F), r);
}
/// 1.2 ulp; x in [-104, 89] or NaN.
HEARTH_INLINE F exp_bounded(F x) {
  F n;
  F r = reduce_ln2(x, n);
  return scale(expm1_core(r) + 1.0F, n);
}
/// The same for any x. What underflows to 0 (-inf, in masked rows by the million) is set to it: a processor takes over
/// a hundred cycles to find that out by itself.
HEARTH_INLINE F exp(F x) {
  F bounded = x > 89.0F ? splat(89.0F) : x;  // NaN stays
  bounded = x < -104.0F ? F{} : bounded;
  F y = exp_bounded(bounded);
  return x < -104.0F ? F{} : y;
}

#if defined(HEARTH_SLEEF)
HEARTH_INLINE D exp(D x) { return HEARTH_SLEEF_D(expd, u10)(x); }

// Every function of the library for both widths: HEARTH_FUNCTION(log, u10) makes log(F) and log(D).
#define HEARTH_FUNCTION(name, accuracy)                                    \
  HEARTH_INLINE F name(F x) { return HEARTH_SLEEF(name##f, accuracy)(x); } \
  HEARTH_INLINE D name(D x) { return HEARTH_SLEEF_D(name##d, accuracy)(x); }
#define HEARTH_FUNCTION2(name, accuracy)                                           \
  HEARTH_INLINE F name(F x, F y) { return HEARTH_SLEEF(name##f, accuracy)(x, y); } \
  HEARTH_INLINE D name(D x, D y) { return HEARTH_SLEEF_D(name##d, accuracy)(x, y); }
#else
HEARTH_INLINE D exp(D x) {
  return lanewise(x, [](double v) { return __builtin_exp(v); });
}
#define HEARTH_FUNCTION(name, accuracy)                                                          \
  HEARTH_INLINE F name(F x) {                                                                    \
    return lanewise(x, [](float v) { return static_cast<float>(__builtin_##name(double{v})); }); \
  }                                                                                              \
  HEARTH_INLINE D name(D x) {                                                                    \
    return lanewise(x, [](double v) { return __builtin_##name(v); });                            \
  }
#define HEARTH_FUNCTION2(name, accuracy)                                                                            \
  HEARTH_INLINE F name(F x, F y) {                                                                                  \
    for (int i = 0; i < lanes<float>; ++i) x[i] = static_cast<float>(__builtin_##name(double{x[i]}, double{y[i]})); \
    return x;                                                                                                       \
  }                                                                                                                 \
  HEARTH_INLINE D name(D x, D y) {                                                                                  \
    for (int i = 0; i < lanes<double>; ++i) x[i] = __builtin_##name(x[i], y[i]);                                    \
    return x;                                                                                                       \
  }
#endif
HEARTH_FUNCTION(exp2, u10)
HEARTH_FUNCTION(expm1, u10)
HEARTH_FUNCTION(log, u10)
HEARTH_FUNCTION(log2, u10)
HEARTH_FUNCTION(log10, u10)
HEARTH_FUNCTION(log1p, u10)
HEARTH_FUNCTION(sin, u10)
HEARTH_FUNCTION(cos, u10)
HEARTH_FUNCTION(tan, u10)
HEARTH_FUNCTION(asin, u10)
HEARTH_FUNCTION(acos, u10)
HEARTH_FUNCTION(atan, u10)
HEARTH_FUNCTION(sinh, u10)
HEARTH_FUNCTION(cosh, u10)
HEARTH_FUNCTION(asinh, u10)
HEARTH_FUNCTION(acosh, u10)
HEARTH_FUNCTION(atanh, u10)
HEARTH_FUNCTION(erf, u10)
HEARTH_FUNCTION(erfc, u15)
HEARTH_FUNCTION(lgamma, u10)
HEARTH_FUNCTION2(pow, u10)
HEARTH_FUNCTION2(atan2, u10)
HEARTH_FUNCTION2(hypot, u05)
#undef HEARTH_FUNCTION
#undef HEARTH_FUNCTION2

/// e^x - 1 over e^x + 1 at 2 |x|, with the sign put back: exact at 0, 1 from 9.1 on.
HEARTH_INLINE F tanh(F x) {
  F a = abs(x) * 2.0F;
  a = a > 18.5F ? splat(18.5F) : a;  // NaN stays
  F n;
  F r = reduce_ln2(a, n);
  F two_n = scale(splat(1.0F), n);
  F e = fma(two_n, expm1_core(r), two_n - 1.0F);
  return copysign(e / (e + 2.0F), x);
}
#if defined(HEARTH_SLEEF)
HEARTH_INLINE D tanh(D x) { return HEARTH_SLEEF_D(tanhd, u10)(x); }
#else
HEARTH_INLINE D tanh(D x) {
  return lanewise(x, [](double v) { return __builtin_tanh(v); });
}
#endif

/// 1 / (1 + e^-x), by the side that keeps relative accuracy.
template <class V>
HEARTH_INLINE V sigmoid(V x) {
  V e = exp(-abs(x));
  V numerator = x < k<V>(0) ? e : k<V>(1);
  V y = numerator / (e + k<V>(1));
  return x == x ? y : x;
}

/// log(1 + e^x) without overflow.
template <class V>
HEARTH_INLINE V log1p_exp(V x) {
  V positive = x > k<V>(0) ? x : k<V>(0);
  V y = positive + log1p(exp(-abs(x)));
  return x == x ? y : x;
}

/// What a * b lost in rounding to `product`.
#if defined(__AVX2__)
template <class V>
HEARTH_INLINE V lost(V a, V b, V product) {
  return fma(a, b, -product);
}
#else
HEARTH_INLINE F upper_half(F x) { return from_bits(bits(x) & ~0xfff); }
HEARTH_INLINE D upper_half(D x) { return from_bits(bits(x) & ~0x7ffffff); }
template <class V>
HEARTH_INLINE V lost(V a, V b, V product) {  // Dekker's: the halves' products are exact
  V a1 = upper_half(a), b1 = upper_half(b);
  V a2 = a - a1, b2 = b - b1;
  return ((a1 * b1 - product) + (a1 * b2 + a2 * b1)) + a2 * b2;
}
#endif

/// The normal distribution's tail: e = exp(-x^2 / 2) and tail = 1 - Phi(|x|) = e * r(|x|), whose relative error is
/// below 4 ulp. Both are 0 from 13 on, where float would soon be subnormal.
HEARTH_INLINE void normal_tail(F x, F& e, F& tail) {
  F a = abs(x);
  a = a > 13.0F ? F{} : a;
  F h = a * a;
  F low = lost(a, a, h);
  e = exp_bounded(h * -0.5F);
  e = fma(e, low * -0.5F, e);
  e = abs(x) > 13.0F ? F{} : e;
  // r = erfcx(a / sqrt(2)) / 2 = s(t) / (a + 4), t = (a - 4) / (a + 4): Chebyshev fit, 1.3e-8 relative
  F inverse = reciprocal(a + 4.0F);
  F t = (a - 4.0F) * inverse;
  F s = splat(-0.000123515355911F);
  s = fma(s, t, splat(0.000193591070779F));
  s = fma(s, t, splat(0.00156878478174F));
  s = fma(s, t, splat(-0.0035230519075F));
  s = fma(s, t, splat(-0.00752683324628F));
  s = fma(s, t, splat(0.060406417596F));
  s = fma(s, t, splat(-0.186523067717F));
  s = fma(s, t, splat(0.387136679881F));
  s = fma(s, t, splat(-0.607896603661F));
  s = fma(s, t, splat(0.755285138535F));
  tail = e * s * inverse;
}
HEARTH_INLINE void normal_tail(D x, D& e, D& tail) {
  D a = abs(x);
  a = a > 40.0 ? splat(40.0) : a;
  D h = a * a;
  e = exp(h * -0.5);
  e = fma(e, lost(a, a, h) * -0.5, e);
  // erfc(a / sqrt(2)) / 2; what its argument lost, times the slope -2 / sqrt(pi) e
  D root = splat(0.70710678118654752440), z = a * root;
  D rest = lost(a, root, z) + a * -4.833646656726457e-17;
  tail = erfc(z) * 0.5 - e * rest * 0.56418958354775628695;
}

}  // namespace
}  // namespace hearth::cpu::HEARTH_ISA
