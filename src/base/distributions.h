#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "base/rng.h"
#include "hearth/dtype.h"

namespace hearth {

// One number at a time, by the mappings that PyTorch uses, so that the same seed gives the same numbers. Products with
// a sum round once (std::fma), as PyTorch's do on every processor that can.

/// Bits of a float type's significand.
template <class T>
constexpr int kDigits = std::is_same_v<T, Half>       ? 11
                        : std::is_same_v<T, BFloat16> ? 8
                                                      : std::numeric_limits<T>::digits;

/// What a float type is computed in.
template <class T>
using Compute = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// In [0, 1): as many random bits as T's significand has.
template <class T>
Compute<T> unit_uniform(RandomStream& g) {
  constexpr uint64_t mask = (uint64_t{1} << kDigits<T>)-1;
  constexpr Compute<T> scale = Compute<T>{1} / static_cast<Compute<T>>(mask + 1);
  if constexpr (std::is_same_v<T, double>) {
    return static_cast<double>(static_cast<int64_t>(g.random64() & mask)) * scale;
  } else {
    return static_cast<float>(static_cast<int32_t>(g.random() & mask)) * scale;
  }
}

/// In [from, to).
template <class T>
T uniform(RandomStream& g, T from, T to) {
  const Compute<T> span = static_cast<T>(to - from);
  return static_cast<T>(std::fma(unit_uniform<T>(g), span, static_cast<Compute<T>>(from)));
}

/// Normal, by Box and Muller (1958): the second value of a pair is kept in the generator for the next call.
double normal(RandomStream& g, double mean, double std);
double log_normal(RandomStream& g, double mean, double std);
/// Density lambda * exp(-lambda * x).
double exponential(RandomStream& g, double lambda);
double cauchy(RandomStream& g, double median, double sigma);
/// The number of trials up to the first success, at least 1.
double geometric(RandomStream& g, double p);
/// Events in a unit of time where `rate` of them are expected: products of uniforms below a rate of 10, from there on
/// Hoermann's transformed rejection (The Poisson transformed rejection method, 1993).
double poisson(RandomStream& g, double rate);
/// Successes among `count` trials of probability p in [0, 1], computed in T: sums of geometric numbers where fewer than
/// 10 are expected, else Hoermann's transformed rejection (The generation of binomial random variates, 1993).
template <class T>
T binomial(RandomStream& g, T count, T p);
/// Compute is float where PyTorch's probabilities are a float tensor, double otherwise.
template <class P>
bool bernoulli(RandomStream& g, P p) {
  return unit_uniform<P>(g) < p;
}

/// An integer in [base, base + range), by modulo; range 0 stands for all 2^64. T is the tensor's element type: PyTorch
/// draws 64 bits for a range of 2^32 or more where T is int64, double, float or bfloat16, and 32 bits otherwise.
template <class T>
int64_t random_from_to(RandomStream& g, uint64_t range, int64_t base) {
  if (range == 0) return static_cast<int64_t>(g.random64());
  constexpr bool wide = std::is_same_v<T, int64_t> || std::is_same_v<T, double> || std::is_same_v<T, float> ||
                        std::is_same_v<T, BFloat16>;
  const uint64_t draw = wide && range >= uint64_t{1} << 32 ? g.random64() : g.random();
  return static_cast<int64_t>(draw % range + static_cast<uint64_t>(base));
}

/// What `random_()` without bounds gives: [0, max] for integers, [0, 2^digits] for float types.
template <class T>
T random_element(RandomStream& g) {
  if constexpr (std::is_same_v<T, bool>) {
    return (g.random() & 1U) != 0;
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return static_cast<int64_t>(g.random64() & static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(g.random() & static_cast<uint32_t>(std::numeric_limits<T>::max()));
  } else {
    constexpr uint64_t count = (uint64_t{1} << kDigits<T>)+1;
    return static_cast<T>(
        static_cast<Compute<T>>((std::is_same_v<T, double> ? g.random64() : uint64_t{g.random()}) % count));
  }
}

// Many at a time, with the numbers that PyTorch gives a contiguous tensor of n elements.

void uniform_fill(RandomStream& g, float* out, int64_t n, double from, double to);
void uniform_fill(RandomStream& g, double* out, int64_t n, double from, double to);
void uniform_fill(RandomStream& g, Half* out, int64_t n, double from, double to);
void uniform_fill(RandomStream& g, BFloat16* out, int64_t n, double from, double to);

/// Below 16 numbers as normal(); from 16 on pairs are 8 apart, and where n is no multiple of 16 the last 16 are drawn
/// anew. float32 agrees with PyTorch to 1e-6 relative, float64 to the last bits.
void normal_fill(RandomStream& g, float* out, int64_t n, double mean, double std);
void normal_fill(RandomStream& g, double* out, int64_t n, double mean, double std);
void normal_fill(RandomStream& g, Half* out, int64_t n, double mean, double std);
void normal_fill(RandomStream& g, BFloat16* out, int64_t n, double mean, double std);

}  // namespace hearth
