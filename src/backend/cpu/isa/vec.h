#pragma once

// Vectors of float (F) and double (D) as wide as the instruction set that this file is compiled for. Only files of
// this folder include it. Everything has internal linkage: a weak symbol compiled for a new processor must never be
// chosen by the linker for an old one.

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstddef>
#include <cstdint>

// The next loop's iterations do not depend on each other, though pointers may be equal.
#if defined(__clang__)
#define HEARTH_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HEARTH_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace hearth::cpu::HEARTH_ISA {
namespace {

#if defined(__AVX512F__)
using F = __m512;
using D = __m512d;
#elif defined(__AVX2__)
using F = __m256;
using D = __m256d;
#elif defined(__SSE4_1__)
using F = __m128;
using D = __m128d;
#else
typedef float F __attribute__((vector_size(16), may_alias));
typedef double D __attribute__((vector_size(16), may_alias));
#endif
typedef int32_t FI __attribute__((vector_size(sizeof(F)), may_alias));
typedef int64_t DI __attribute__((vector_size(sizeof(D)), may_alias));

template <class T>
struct VecOf;
template <>
struct VecOf<float> {
  typedef F type;
  typedef FI integer;
  static constexpr int lanes = sizeof(F) / sizeof(float);
};
template <>
struct VecOf<double> {
  typedef D type;
  typedef DI integer;
  static constexpr int lanes = sizeof(D) / sizeof(double);
};
template <class T>
constexpr int lanes = VecOf<T>::lanes;
template <class T>
using Vec = typename VecOf<T>::type;

#define HEARTH_INLINE [[gnu::always_inline]] inline

// --- making, loading, storing. x - 0 keeps every x, -0 too.
HEARTH_INLINE F splat(float x) { return x - F{}; }
HEARTH_INLINE D splat(double x) { return x - D{}; }
/// A constant of the vector type V.
template <class V>
HEARTH_INLINE V k(double x);
template <>
HEARTH_INLINE F k<F>(double x) {
  return splat(static_cast<float>(x));
}
template <>
HEARTH_INLINE D k<D>(double x) {
  return splat(x);
}
HEARTH_INLINE F load(const float* p) {
  F v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
HEARTH_INLINE D load(const double* p) {
  D v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
HEARTH_INLINE void store(float* p, F v) { __builtin_memcpy(p, &v, sizeof v); }
HEARTH_INLINE void store(double* p, D v) { __builtin_memcpy(p, &v, sizeof v); }

/// The first n lanes, n below the width; the others are `fill`.
template <class T>
HEARTH_INLINE Vec<T> load_part(const T* p, int64_t n, T fill = T(0)) {
  T lane[lanes<T>];
  for (int i = 0; i < lanes<T>; ++i) lane[i] = fill;
  for (int64_t i = 0; i < n; ++i) lane[i] = p[i];
  return load(lane);
}
template <class T>
HEARTH_INLINE void store_part(T* p, Vec<T> v, int64_t n) {
  T lane[lanes<T>];
  store(lane, v);
  for (int64_t i = 0; i < n; ++i) p[i] = lane[i];
}
#if defined(__AVX512F__)
template <>
HEARTH_INLINE F load_part<float>(const float* p, int64_t n, float fill) {
  return _mm512_mask_loadu_ps(splat(fill), static_cast<__mmask16>((1U << n) - 1U), p);
}
template <>
HEARTH_INLINE D load_part<double>(const double* p, int64_t n, double fill) {
  return _mm512_mask_loadu_pd(splat(fill), static_cast<__mmask8>((1U << n) - 1U), p);
}
template <>
HEARTH_INLINE void store_part<float>(float* p, F v, int64_t n) {
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1U << n) - 1U), v);
}
template <>
HEARTH_INLINE void store_part<double>(double* p, D v, int64_t n) {
  _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1U << n) - 1U), v);
}
#endif

/// A whole vector where n reaches its width, else the first n lanes.
template <class T>
HEARTH_INLINE Vec<T> load_n(const T* p, int64_t n, T fill = T(0)) {
  return n >= lanes<T> ? load(p) : load_part<T>(p, n, fill);
}
template <class T>
HEARTH_INLINE void store_n(T* p, Vec<T> v, int64_t n) {
  if (n >= lanes<T>) {
    store(p, v);
  } else {
    store_part<T>(p, v, n);
  }
}

// --- simple arithmetic
// (The masked intrinsics below are the plain ones without g++ 12's false warning of an uninitialised vector.)
/// a * b + c; rounded once where the processor can.
#if defined(__AVX512F__)
HEARTH_INLINE F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
HEARTH_INLINE D fma(D a, D b, D c) { return _mm512_fmadd_pd(a, b, c); }
HEARTH_INLINE F sqrt(F x) { return _mm512_maskz_sqrt_ps(0xffff, x); }
HEARTH_INLINE D sqrt(D x) { return _mm512_maskz_sqrt_pd(0xff, x); }
template <int mode>
HEARTH_INLINE F round_to(F x) {
  return _mm512_maskz_roundscale_ps(0xffff, x, mode);
}
template <int mode>
HEARTH_INLINE D round_to(D x) {
  return _mm512_maskz_roundscale_pd(0xff, x, mode);
}
#elif defined(__AVX2__)
HEARTH_INLINE F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
HEARTH_INLINE D fma(D a, D b, D c) { return _mm256_fmadd_pd(a, b, c); }
HEARTH_INLINE F sqrt(F x) { return _mm256_sqrt_ps(x); }
HEARTH_INLINE D sqrt(D x) { return _mm256_sqrt_pd(x); }
template <int mode>
HEARTH_INLINE F round_to(F x) {
  return _mm256_round_ps(x, mode);
}
template <int mode>
HEARTH_INLINE D round_to(D x) {
  return _mm256_round_pd(x, mode);
}
#elif defined(__SSE4_1__)
HEARTH_INLINE F fma(F a, F b, F c) { return a * b + c; }
HEARTH_INLINE D fma(D a, D b, D c) { return a * b + c; }
HEARTH_INLINE F sqrt(F x) { return _mm_sqrt_ps(x); }
HEARTH_INLINE D sqrt(D x) { return _mm_sqrt_pd(x); }
template <int mode>
HEARTH_INLINE F round_to(F x) {
  return _mm_round_ps(x, mode);
}
template <int mode>
HEARTH_INLINE D round_to(D x) {
  return _mm_round_pd(x, mode);
}
#else
template <class V, class Fn>
HEARTH_INLINE V lanewise(V x, Fn f) {
  for (size_t i = 0; i < sizeof(V) / sizeof(x[0]); ++i) x[i] = f(x[i]);
  return x;
}
HEARTH_INLINE F fma(F a, F b, F c) { return a * b + c; }
HEARTH_INLINE D fma(D a, D b, D c) { return a * b + c; }
HEARTH_INLINE F sqrt(F x) {
  return lanewise(x, [](float v) { return __builtin_sqrtf(v); });
}
HEARTH_INLINE D sqrt(D x) {
  return lanewise(x, [](double v) { return __builtin_sqrt(v); });
}
template <int mode>
HEARTH_INLINE F round_to(F x) {
  return lanewise(x, [](float v) {
    return mode == 0   ? __builtin_rintf(v)
           : mode == 1 ? __builtin_floorf(v)
           : mode == 2 ? __builtin_ceilf(v)
                       : __builtin_truncf(v);
  });
}
template <int mode>
HEARTH_INLINE D round_to(D x) {
  return lanewise(x, [](double v) {
    return mode == 0   ? __builtin_rint(v)
           : mode == 1 ? __builtin_floor(v)
           : mode == 2 ? __builtin_ceil(v)
                       : __builtin_trunc(v);
  });
}
#endif
// Modes of the rounding instructions; 8: raise no flags.
constexpr int kNearest = 0, kDown = 1, kUp = 2, kToZero = 3;
template <class V>
HEARTH_INLINE V rint(V x) {
  return round_to<kNearest>(x);
}
template <class V>
HEARTH_INLINE V floor(V x) {
  return round_to<kDown>(x);
}
template <class V>
HEARTH_INLINE V ceil(V x) {
  return round_to<kUp>(x);
}
template <class V>
HEARTH_INLINE V trunc(V x) {
  return round_to<kToZero>(x);
}

// --- bits
HEARTH_INLINE FI bits(F x) { return reinterpret_cast<FI>(x); }
HEARTH_INLINE DI bits(D x) { return reinterpret_cast<DI>(x); }
HEARTH_INLINE F from_bits(FI x) { return reinterpret_cast<F>(x); }
HEARTH_INLINE D from_bits(DI x) { return reinterpret_cast<D>(x); }
HEARTH_INLINE FI sign_bit(F x) { return bits(x) & bits(splat(-0.0F)); }
HEARTH_INLINE DI sign_bit(D x) { return bits(x) & bits(splat(-0.0)); }
template <class V>
HEARTH_INLINE V abs(V x) {
  return from_bits(bits(x) & ~sign_bit(k<V>(-0.0)));
}
template <class V>
HEARTH_INLINE V copysign(V magnitude, V sign) {
  return from_bits((bits(magnitude) & ~sign_bit(k<V>(-0.0))) | sign_bit(sign));
}

// --- larger and smaller; NaN in either wins
template <class V>
HEARTH_INLINE V max_nan(V a, V b) {
  V m = a > b ? a : b;  // b where either is NaN
  return a == a ? m : a;
}
template <class V>
HEARTH_INLINE V min_nan(V a, V b) {
  V m = a < b ? a : b;
  return a == a ? m : a;
}

/// op over a vector's lanes, halves with halves first.
template <class Op>
HEARTH_INLINE float fold(F v, Op op) {
#if defined(__AVX512F__)
  const auto low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
  const auto eight = op(low, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
#elif defined(__AVX2__)
  const auto eight = v;
#endif
#if defined(__AVX2__)
  const auto half = __builtin_shufflevector(eight, eight, 0, 1, 2, 3);
  const auto four = op(half, __builtin_shufflevector(eight, eight, 4, 5, 6, 7));
#else
  const auto four = v;
#endif
  const auto two = op(four, __builtin_shufflevector(four, four, 2, 3, 0, 1));
  return op(two, __builtin_shufflevector(two, two, 1, 0, 3, 2))[0];
}
template <class Op>
HEARTH_INLINE double fold(D v, Op op) {
#if defined(__AVX512F__)
  const auto low = __builtin_shufflevector(v, v, 0, 1, 2, 3);
  const auto four = op(low, __builtin_shufflevector(v, v, 4, 5, 6, 7));
#elif defined(__AVX2__)
  const auto four = v;
#endif
#if defined(__AVX2__)
  const auto half = __builtin_shufflevector(four, four, 0, 1);
  const auto two = op(half, __builtin_shufflevector(four, four, 2, 3));
#else
  const auto two = v;
#endif
  return op(two, __builtin_shufflevector(two, two, 1, 0))[0];
}
template <class T>
HEARTH_INLINE T add_lanes(Vec<T> v) {
  return fold(v, [](auto a, auto b) { return a + b; });
}
/// The largest lane; NaN wins.
template <class T>
HEARTH_INLINE T max_lanes(Vec<T> v) {
  return fold(v, [](auto a, auto b) {
    const auto m = a > b ? a : b;
    const auto n = a == a ? m : a;
    return b == b ? n : b;
  });
}

/// 1 / x within 1 ulp for x well inside the normal range.
HEARTH_INLINE F reciprocal(F x) {
#if defined(__AVX512F__)
  F y = _mm512_maskz_rcp14_ps(0xffff, x);
  return fma(y, fma(-x, y, splat(1.0F)), y);  // a step of Newton's: 14 bits become 24
#else
  return 1.0F / x;
#endif
}

/// The elements of two neighbouring vectors with even and with odd places.
HEARTH_INLINE void deinterleave(F a, F b, F& even, F& odd) {
#if defined(__AVX512F__)
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif defined(__AVX2__)
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7);
#endif
}
HEARTH_INLINE void deinterleave(D a, D b, D& even, D& odd) {
#if defined(__AVX512F__)
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#elif defined(__AVX2__)
  even = __builtin_shufflevector(a, b, 0, 2, 4, 6);
  odd = __builtin_shufflevector(a, b, 1, 3, 5, 7);
#else
  even = __builtin_shufflevector(a, b, 0, 2);
  odd = __builtin_shufflevector(a, b, 1, 3);
#endif
}

}  // namespace
}  // namespace hearth::cpu::HEARTH_ISA
