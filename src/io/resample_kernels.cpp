// Resizing with Pillow's filters.
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cmath>
#include <cstring>
#include <memory>
#include <numbers>

#include "base/threads.h"
#include "hearth/ops.h"
#include "io/image.h"

namespace hearth::io {

namespace {

double bilinear(double x) { return std::max(0.0, 1 - std::abs(x)); }
double bicubic(double x) {  // Keys' with a = -1/2
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
double sinc(double x) { return x == 0 ? 1 : std::sin(x * std::numbers::pi) / (x * std::numbers::pi); }
double lanczos(double x) { return std::abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0; }

struct Filter {
  double (*weight)(double);
  double support;
};
Filter filter_of(Interpolation i) {
  switch (i) {
    case Interpolation::kBicubic: return {bicubic, 2};
    case Interpolation::kLanczos: return {lanczos, 3};
    case Interpolation::kBilinear:
    case Interpolation::kNearest: break;
  }
  return {bilinear, 1};
}

/// For each output pixel the input pixels that count, and how much.
struct Taps {
  int64_t most = 0;     // a pixel's weights begin at its index times this, and end in zeros
  int32_t longest = 1;  // the largest count
  std::vector<int32_t> first, count;
  std::vector<float> weight;

  /// Input pixels from `low` to `high`; [in0, in1) of them become `out` pixels.
  Taps(int64_t low, int64_t high, double in0, double in1, int64_t out, Interpolation interpolation) {
    const double scale = (in1 - in0) / static_cast<double>(out);
    const auto n = static_cast<size_t>(out);
    first.resize(n);
    count.resize(n, 1);
    if (interpolation == Interpolation::kNearest) {
      most = 1;
      weight.resize(n, 1);
      double at = in0 + scale * 0.5;  // summed up, as Pillow does it
      for (size_t i = 0; i < n; ++i, at += scale)
        first[i] = static_cast<int32_t>(std::clamp(static_cast<int64_t>(at), low, high - 1));
      return;
    }
    const Filter filter = filter_of(interpolation);
    const double wide = std::max(scale, 1.0), support = filter.support * wide;
    most = static_cast<int64_t>(std::ceil(support)) * 2 + 1;
    weight.resize(n * static_cast<size_t>(most));
    std::vector<double> w(static_cast<size_t>(most));
    for (size_t i = 0; i < n; ++i) {
      const double centre = in0 + (static_cast<double>(i) + 0.5) * scale;
      const int64_t begin = std::max(static_cast<int64_t>(centre - support + 0.5), low);
      const int64_t end = std::min(static_cast<int64_t>(centre + support + 0.5), high);
      double sum = 0;
      for (int64_t x = begin; x < end; ++x)
        sum += w[static_cast<size_t>(x - begin)] = filter.weight((static_cast<double>(x) - centre + 0.5) / wide);
      first[i] = static_cast<int32_t>(begin);
      count[i] = static_cast<int32_t>(end - begin);
      longest = std::max(longest, count[i]);
      for (int64_t x = begin; x < end; ++x)
        weight[i * static_cast<size_t>(most) + static_cast<size_t>(x - begin)] =
            static_cast<float>(w[static_cast<size_t>(x - begin)] / (sum != 0 ? sum : 1));
    }
  }
};

using Four [[gnu::vector_size(16)]] = float;

/// Within 0 to 255. By value: the compiler makes two instructions of it.
inline float in_range(float x) {
  x = x > 0.F ? x : 0.F;
  return x < 255.F ? x : 255.F;
}

/// Whole grey levels, as bytes hold them between the two passes.
void to_levels(float* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) x[i] = static_cast<float>(static_cast<int32_t>(in_range(x[i] + 0.5F)));
}

/// One row across: from in [W, C] to out [width, C]. `taps.longest` pixels beyond the row may be read, and 3 floats
/// beyond `out` written. All pixels take equally many steps, the last ones with weights of 0: branches are foreseen.
void across(const float* in, const Taps& taps, int64_t width, int64_t channels, float* out) {
  const int32_t* const first = taps.first.data();
  for (int64_t x = 0; x < width; ++x) {
    const float* const w = taps.weight.data() + x * taps.most;
    const float* from = in + first[x] * channels;
    if (channels == 1) {
      float sum = 0;
      for (int32_t k = 0; k < taps.longest; ++k) sum += w[k] * from[k];
      out[x] = sum;
      continue;
    }
    Four sum = {0, 0, 0, 0};
    for (int32_t k = 0; k < taps.longest; ++k, from += channels) {
      Four pixel;
      std::memcpy(&pixel, from, sizeof pixel);
      sum += pixel * w[k];
    }
    std::memcpy(out + x * channels, &sum, sizeof sum);
  }
}

template <class T>
void convert(const T* from, int64_t n, float* to) {
  for (int64_t i = 0; i < n; ++i) to[i] = static_cast<float>(from[i]);
}

inline Four load(const float* p) {
  Four x;
  std::memcpy(&x, p, sizeof x);
  return x;
}

/// Sixteen columns of `taps` rows, `stride` apart, in one, rounded.
inline void down16(const float* from, const float* w, int32_t taps, int64_t stride, uint8_t* to) {
  Four a = {0.5F, 0.5F, 0.5F, 0.5F}, b = a, c = a, d = a;
  for (int32_t k = 0; k < taps; ++k, from += stride) {
    a += load(from) * w[k];
    b += load(from + 4) * w[k];
    c += load(from + 8) * w[k];
    d += load(from + 12) * w[k];
  }
#if defined(__SSE2__)
  const auto whole = [](Four x) { return _mm_cvttps_epi32(reinterpret_cast<__m128>(x)); };
  const __m128i low = _mm_packs_epi32(whole(a), whole(b)), high = _mm_packs_epi32(whole(c), whole(d));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(low, high));  // within 0 to 255
#else
  const Four all[] = {a, b, c, d};
  for (int i = 0; i < 16; ++i) to[i] = static_cast<uint8_t>(static_cast<int32_t>(in_range(all[i / 4][i % 4])));
#endif
}

/// One output row of `stride` floats or bytes out of `taps` rows.
template <class T>
void down(const float* from, const float* w, int32_t taps, int64_t stride, T* to) {
  int64_t j = 0;
  if constexpr (std::is_same_v<T, uint8_t>)
    for (; j + 16 <= stride; j += 16) down16(from + j, w, taps, stride, to + j);
  for (; j < stride; ++j) {
    float sum = std::is_same_v<T, uint8_t> ? 0.5F : 0.F;
    for (int32_t k = 0; k < taps; ++k) sum += w[k] * from[k * stride + j];
    if constexpr (std::is_same_v<T, uint8_t>)
      to[j] = static_cast<uint8_t>(static_cast<int32_t>(in_range(sum)));
    else
      to[j] = sum;
  }
}

/// Rows [begin, end) of the output.
template <class T>
void resample_rows(const T* in, int64_t in_width, int64_t channels, const Taps& x, const Taps& y, int64_t width,
                   int64_t begin, int64_t end, bool overshoots, T* out) {
  const auto last = static_cast<size_t>(end - 1);
  const int64_t first_row = y.first[static_cast<size_t>(begin)];
  const int64_t rows = y.first[last] + y.count[last] - first_row, stride = width * channels;
  std::vector<float> line(static_cast<size_t>((in_width + x.longest) * channels + 4));
  const auto narrow = std::make_unique_for_overwrite<float[]>(static_cast<size_t>(rows * stride + 4));  // scaled across
  for (int64_t r = 0; r < rows; ++r) {
    convert(in + (first_row + r) * in_width * channels, in_width * channels, line.data());
    across(line.data(), x, width, channels, narrow.get() + r * stride);
  }
  // Pillow rounds here. A filter that only averages stays within one level without that; others must be cut off.
  if (std::is_same_v<T, uint8_t> && overshoots) to_levels(narrow.get(), rows * stride);
  for (int64_t i = begin; i < end; ++i) {
    const auto at = static_cast<size_t>(i);
    down(narrow.get() + (y.first[at] - first_row) * stride, y.weight.data() + i * y.most, y.count[at], stride,
         out + i * stride);
  }
}

template <class T>
void resample_as(const Tensor& pixels, const Taps& x, const Taps& y, bool overshoots, Tensor& out) {
  const int64_t height = out.size(0), width = out.size(1), channels = out.size(2);
  const double ns = 0.3 * static_cast<double>(width * channels * (x.most + y.most));
  parallel_for(0, height, std::max<int64_t>(grain_for(ns), 32), [&](int64_t begin, int64_t end) {
    resample_rows(pixels.data_ptr<T>(), pixels.size(1), channels, x, y, width, begin, end, overshoots,
                  out.data_ptr<T>());
  });
}

}  // namespace

Tensor resample(const Tensor& pixels, double x0, double y0, double x1, double y1, int64_t height, int64_t width,
                Interpolation interpolation) {
  const auto low = [](double v) { return static_cast<int64_t>(v); };
  const auto high = [](double v, int64_t most) { return std::min(static_cast<int64_t>(std::ceil(v)), most); };
  const Taps x(low(x0), high(x1, pixels.size(1)), x0, x1, width, interpolation);
  const Taps y(low(y0), high(y1, pixels.size(0)), y0, y1, height, interpolation);
  const bool overshoots = interpolation == Interpolation::kBicubic || interpolation == Interpolation::kLanczos;
  Tensor out = empty({height, width, pixels.size(2)}, pixels.scalar_type());
  if (pixels.scalar_type() == kByte)
    resample_as<uint8_t>(pixels, x, y, overshoots, out);
  else
    resample_as<float>(pixels, x, y, overshoots, out);
  return out;
}

}  // namespace hearth::io
