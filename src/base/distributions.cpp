#include "base/distributions.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/cpu_features.h"

namespace hearth {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int64_t kBlock = 1024;  // words at a time, on the stack

// Loops that are worth it are built twice: plainly, and with FMA and AVX2. Their bodies are inlined into both.
#if defined(__x86_64__)
#define HEARTH_FMA_TARGET [[gnu::target("avx2,fma")]]
bool use_fma_target() { return cpu_isa() >= Isa::v3; }
#else
#define HEARTH_FMA_TARGET
bool use_fma_target() { return false; }
#endif

[[gnu::always_inline]] inline void map_uniform(float* out, const uint32_t* words, int64_t n, float from, float span) {
  for (int64_t i = 0; i < n; ++i) {
    const float unit = static_cast<float>(static_cast<int32_t>(words[i] & 0xffffffU)) * 0x1p-24F;
    out[i] = std::fma(unit, span, from);
  }
}
void map_uniform_plain(float* out, const uint32_t* words, int64_t n, float from, float span) {
  map_uniform(out, words, n, from, span);
}
HEARTH_FMA_TARGET void map_uniform_fma(float* out, const uint32_t* words, int64_t n, float from, float span) {
  map_uniform(out, words, n, from, span);
}

/// Uniforms in [0, 1), where the general form's product and sum change nothing.
[[gnu::always_inline]] inline void map_unit(float* out, const uint32_t* words, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<float>(static_cast<int32_t>(words[i] & 0xffffffU)) * 0x1p-24F;
}

void unit_fill(RandomStream& g, float* out, int64_t n) {
  uint32_t words[kBlock];
  for (int64_t done = 0; done < n; done += kBlock) {
    const int64_t count = std::min(kBlock, n - done);
    g.fill(words, count);
    map_unit(out + done, words, count);
  }
}

/// ln(x) for x in (0, 1]: x = m * 2^e with m in [sqrt(1/2), sqrt(2)), and a minimax polynomial (Cephes' logf) in m - 1.
[[gnu::always_inline]] inline float log_unit(float x) {
  const auto bits = std::bit_cast<int32_t>(x);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;  // arithmetic: sqrt(1/2) is where the exponent changes
  const float m = std::bit_cast<float>(bits - exponent * (1 << 23)) - 1.0F;
  const auto e = static_cast<float>(exponent);
  const float z = m * m;
  float p = 7.0376836292e-2F;
  p = p * m - 1.1514610310e-1F;
  p = p * m + 1.1676998740e-1F;
  p = p * m - 1.2420140846e-1F;
  p = p * m + 1.4249322787e-1F;
  p = p * m - 1.6668057665e-1F;
  p = p * m + 2.0000714765e-1F;
  p = p * m - 2.4999993993e-1F;
  p = p * m + 3.3333331174e-1F;
  p = p * m * z + e * -2.12194440e-4F;
  return (p - 0.5F * z) + m + e * 0.693359375F;
}

/// sin and cos of x in [0, 2π], by the quarter turn that x lies in; the remainder is taken in double, so that values
/// near zero keep their relative precision.
[[gnu::always_inline]] inline void sin_cos(float x, float& sine, float& cosine) {
  const auto quarter = static_cast<int32_t>(x * static_cast<float>(2 / kPi) + 0.5F);
  const auto r = static_cast<float>(static_cast<double>(x) - static_cast<double>(quarter) * (kPi / 2));
  const float z = r * r;
  const float s = ((-1.9515295891e-4F * z + 8.3321608736e-3F) * z - 1.6666654611e-1F) * z * r + r;
  const float c =
      ((2.443315711809948e-5F * z - 1.388731625493765e-3F) * z + 4.166664568298827e-2F) * z * z + (1.0F - 0.5F * z);
  const bool swap = (quarter & 1) != 0;
  const float sine_part = swap ? c : s;
  const float cosine_part = swap ? s : c;
  sine = (quarter & 2) != 0 ? -sine_part : sine_part;
  cosine = ((quarter + 1) & 2) != 0 ? -cosine_part : cosine_part;
}

/// Uniforms in blocks of 16 become normals: u[j] and u[j + 8] make the pair at j and j + 8.
[[gnu::always_inline]] inline void box_muller(float* data, int64_t blocks, float mean, float std) {
  for (int64_t block = 0; block < blocks; ++block, data += 16) {
    float first[8], second[8];
    for (int j = 0; j < 8; ++j) {
      const float radius = std::sqrt(-2.0F * log_unit(1.0F - data[j]));
      float sine, cosine;
      sin_cos(static_cast<float>(2 * kPi) * data[j + 8], sine, cosine);
      first[j] = radius * cosine * std + mean;
      second[j] = radius * sine * std + mean;
    }
    std::copy(first, first + 8, data);
    std::copy(second, second + 8, data + 8);
  }
}
void box_muller_plain(float* data, int64_t blocks, float mean, float std) { box_muller(data, blocks, mean, std); }
HEARTH_FMA_TARGET void box_muller_fma(float* data, int64_t blocks, float mean, float std) {
  box_muller(data, blocks, mean, std);
}

void to_normals(float* data, int64_t blocks, float mean, float std) {
  use_fma_target() ? box_muller_fma(data, blocks, mean, std) : box_muller_plain(data, blocks, mean, std);
}

/// The same in another type, rounding where PyTorch does: its halves keep float between the named values, its bfloat16
/// rounds every step.
template <class T>
void to_normals(T* data, int64_t blocks, T mean, T std) {
  using C = Compute<T>;
  const auto step = [](C value) {
    if constexpr (std::is_same_v<T, BFloat16>) return static_cast<C>(static_cast<T>(value));
    return value;
  };
  for (int64_t block = 0; block < blocks; ++block, data += 16) {
    for (int j = 0; j < 8; ++j) {
      const T u1 = static_cast<T>(C{1} - static_cast<C>(data[j]));
      const T radius = static_cast<T>(std::sqrt(step(C{-2} * step(std::log(static_cast<C>(u1))))));
      const T theta = static_cast<T>(static_cast<C>(2 * kPi * static_cast<double>(data[j + 8])));
      const auto scale = [&](C wave) {
        const C product = step(static_cast<C>(radius) * step(wave));
        if constexpr (std::is_same_v<T, BFloat16>) return static_cast<T>(step(product * std) + mean);
        return static_cast<T>(std::fma(product, static_cast<C>(std), static_cast<C>(mean)));
      };
      data[j] = scale(std::cos(static_cast<C>(theta)));
      data[j + 8] = scale(std::sin(static_cast<C>(theta)));
    }
  }
}

template <class T>
void unit_fill(RandomStream& g, T* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(unit_uniform<T>(g));
}

template <class T>
void normals(RandomStream& g, T* out, int64_t n, double mean, double std) {
  if (n < 16) {
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(static_cast<Compute<T>>(normal(g, mean, std)));
    return;
  }
  const auto mean_t = static_cast<T>(static_cast<Compute<T>>(mean));
  const auto std_t = static_cast<T>(static_cast<Compute<T>>(std));
  unit_fill(g, out, n);
  to_normals(out, n / 16, mean_t, std_t);
  if (n % 16 == 0) return;
  unit_fill(g, out + n - 16, 16);
  to_normals(out + n - 16, 1, mean_t, std_t);
}

template <class T>
void uniforms(RandomStream& g, T* out, int64_t n, double from, double to) {
  const auto low = static_cast<T>(static_cast<Compute<T>>(from));
  const auto high = static_cast<T>(static_cast<Compute<T>>(to));
  for (int64_t i = 0; i < n; ++i) out[i] = uniform<T>(g, low, high);
}

}  // namespace

double normal(RandomStream& g, double mean, double std) {
  if (g.next_double_normal) {
    const double kept = *g.next_double_normal;
    g.next_double_normal.reset();
    return std::fma(kept, std, mean);
  }
  const double u1 = unit_uniform<double>(g);
  const double u2 = unit_uniform<double>(g);
  const double radius = std::sqrt(-2.0 * std::log(1.0 - u2));
  const double theta = 2.0 * kPi * u1;
  g.next_double_normal = radius * std::sin(theta);
  return std::fma(radius * std::cos(theta), std, mean);
}

double log_normal(RandomStream& g, double mean, double std) { return std::exp(normal(g, mean, std)); }

double exponential(RandomStream& g, double lambda) { return -1.0 / lambda * std::log(1.0 - unit_uniform<double>(g)); }

double cauchy(RandomStream& g, double median, double sigma) {
  return std::fma(sigma, std::tan(kPi * (unit_uniform<double>(g) - 0.5)), median);
}

double geometric(RandomStream& g, double p) { return std::ceil(std::log(unit_uniform<double>(g)) / std::log(1.0 - p)); }

double poisson(RandomStream& g, double rate) {
  if (rate == 0) return 0;
  if (rate < 10) {
    const double limit = std::exp(-rate);
    int64_t events = 0;
    for (double product = unit_uniform<double>(g); product > limit; product *= unit_uniform<double>(g)) ++events;
    return static_cast<double>(events);
  }
  const double root = std::sqrt(rate), log_rate = std::log(rate);
  const double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = unit_uniform<double>(g) - 0.5, v = unit_uniform<double>(g), us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double log_v = std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b);
    if (log_v <= -rate + k * log_rate - std::lgamma(k + 1)) return k;
  }
}

namespace {
/// log(k!) less its Stirling formula.
template <class T>
T stirling_rest(T k) {
  constexpr std::array<double, 10> exact = {
      0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,  0.01664469118982119,
      0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871};
  if (k < 10) return static_cast<T>(exact[static_cast<size_t>(k)]);
  const T square = (k + 1) * (k + 1);
  return (T(1.0 / 12) - (T(1.0 / 360) - T(1.0 / 1260) / square) / square) / (k + 1);
}

/// For p of at most 0.5.
template <class T>
T binomial_by_gaps(RandomStream& g, T count, T p) {
  const T log_q = std::log1p(-p);
  T trials = 0;
  for (T successes = 0;; ++successes) {
    trials += std::ceil(std::log(static_cast<T>(unit_uniform<double>(g))) / log_q);
    if (!(trials <= count)) return successes;
  }
}

/// For p of at most 0.5 and count * p of at least 10.
template <class T>
T binomial_by_rejection(RandomStream& g, T count, T p) {
  const T deviation = std::sqrt(count * p * (1 - p));
  const T b = T(1.15) + T(2.53) * deviation, a = T(-0.0873) + T(0.0248) * b + T(0.01) * p;
  const T c = count * p + T(0.5), v_r = T(0.92) - T(4.2) / b, odds = p / (1 - p);
  const T alpha = (T(2.83) + T(5.1) / b) * deviation, m = std::floor((count + 1) * p);
  while (true) {
    const T u = static_cast<T>(unit_uniform<double>(g)) - T(0.5);
    const T v = static_cast<T>(unit_uniform<double>(g));
    const T us = T(0.5) - std::fabs(u), k = std::floor((2 * a / us + b) * u + c);
    if (us >= T(0.07) && v <= v_r) return k;
    if (!(k >= 0 && k <= count)) continue;
    const T bound = (m + T(0.5)) * std::log((m + 1) / (odds * (count - m + 1))) +
                    (count + 1) * std::log((count - m + 1) / (count - k + 1)) +
                    (k + T(0.5)) * std::log(odds * (count - k + 1) / (k + 1)) + stirling_rest(m) +
                    stirling_rest(count - m) - stirling_rest(k) - stirling_rest(count - k);
    if (std::log(v * alpha / (a / (us * us) + b)) <= bound) return k;
  }
}
}  // namespace

template <class T>
T binomial(RandomStream& g, T count, T p) {
  if (!(count > 0) || !(p > 0)) return 0;
  if (p >= 1) return count;
  if (p > T(0.5)) return count - binomial(g, count, 1 - p);
  return count * p >= 10 ? binomial_by_rejection(g, count, p) : binomial_by_gaps(g, count, p);
}
template float binomial(RandomStream& g, float count, float p);
template double binomial(RandomStream& g, double count, double p);

void uniform_fill(RandomStream& g, float* out, int64_t n, double from, double to) {
  const auto low = static_cast<float>(from);
  const float span = static_cast<float>(to) - low;
  if (low == 0.0F && span == 1.0F) return unit_fill(g, out, n);
  const auto map = use_fma_target() ? map_uniform_fma : map_uniform_plain;
  uint32_t words[kBlock];
  for (int64_t done = 0; done < n; done += kBlock) {
    const int64_t count = std::min(kBlock, n - done);
    g.fill(words, count);
    map(out + done, words, count, low, span);
  }
}
void uniform_fill(RandomStream& g, double* out, int64_t n, double from, double to) { uniforms(g, out, n, from, to); }
void uniform_fill(RandomStream& g, Half* out, int64_t n, double from, double to) { uniforms(g, out, n, from, to); }
void uniform_fill(RandomStream& g, BFloat16* out, int64_t n, double from, double to) { uniforms(g, out, n, from, to); }

void normal_fill(RandomStream& g, float* out, int64_t n, double mean, double std) { normals(g, out, n, mean, std); }
void normal_fill(RandomStream& g, double* out, int64_t n, double mean, double std) { normals(g, out, n, mean, std); }
void normal_fill(RandomStream& g, Half* out, int64_t n, double mean, double std) { normals(g, out, n, mean, std); }
void normal_fill(RandomStream& g, BFloat16* out, int64_t n, double mean, double std) { normals(g, out, n, mean, std); }

}  // namespace hearth
