// Interpolation of [N, C, …] to other spatial sizes.
#include <cmath>

#include "base/fail.h"
#include "ops/executors.h"
#include "ops/resample.h"

namespace hearth {

namespace {

using Scale = std::optional<double>;
enum class Mode { nearest, nearest_exact, linear, cubic, linear_aa, cubic_aa };

/// Sizes of one dimension, and the step between source places, in the precision T in which torch computes them.
template <class T>
struct Line {
  Line(int64_t in_size, int64_t out_size, bool align_corners, Scale scale)
      : in(in_size), out(out_size), align(align_corners) {
    if (align) {
      step = out > 1 ? static_cast<T>(in - 1) / static_cast<T>(out - 1) : T(0);
    } else {
      step = scale && *scale > 0 ? static_cast<T>(1.0 / *scale) : static_cast<T>(in) / static_cast<T>(out);
    }
  }
  /// Where output i's middle lies in the source.
  T source(int64_t i) const { return align ? step * static_cast<T>(i) : step * (static_cast<T>(i) + T(0.5)) - T(0.5); }
  int64_t in, out;
  bool align;
  T step;
};

struct Building {
  void place(int64_t index, double weight) {
    taps.index.push_back(index);
    taps.weight.push_back(weight);
  }
  void done() { taps.first.push_back(static_cast<int64_t>(taps.index.size())); }
  Taps taps{{0}, {}, {}};
};

Taps nearest_taps(const Line<float>& line, bool exact) {
  Building b;
  for (int64_t i = 0; i < line.out; ++i) {
    int64_t from = static_cast<int64_t>(std::floor((static_cast<float>(i) + (exact ? 0.5F : 0.0F)) * line.step));
    if (line.out == line.in) from = i;
    if (line.out == 2 * line.in) from = i / 2;
    b.place(std::min(from, line.in - 1), 1);
    b.done();
  }
  return b.taps;
}

template <class T>
Taps linear_taps(const Line<T>& line) {
  Building b;
  for (int64_t i = 0; i < line.out; ++i) {
    const T at = line.out == line.in ? static_cast<T>(i) : std::max(line.source(i), T(0));
    const int64_t first = std::min(static_cast<int64_t>(at), line.in - 1);
    const T part = std::min(std::max(at - static_cast<T>(first), T(0)), T(1));
    b.place(first, static_cast<double>(1 - part));
    b.place(std::min(first + 1, line.in - 1), static_cast<double>(part));
    b.done();
  }
  return b.taps;
}

/// Keys' cubic (1981): the weight of an element at distance x.
template <class T>
T cubic(T x, T a) {
  x = std::abs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : T(0);
}
template <class T>
Taps cubic_taps(const Line<T>& line) {
  Building b;
  for (int64_t i = 0; i < line.out; ++i) {
    const T at = line.source(i), base = std::floor(at), part = at - base;
    for (int64_t k = -1; k <= 2; ++k)
      b.place(std::clamp(static_cast<int64_t>(base) + k, int64_t{0}, line.in - 1),
              static_cast<double>(cubic(part - static_cast<T>(k), T(-0.75))));
    b.done();
  }
  return b.taps;
}
/// The same filters made as wide as a step, so that every source element counts when an image shrinks.
template <class T>
Taps wide_taps(const Line<T>& line, bool is_cubic) {
  Building b;
  const T wide = std::max(line.step, T(1)), support = (is_cubic ? T(2) : T(1)) * wide;
  for (int64_t i = 0; i < line.out; ++i) {
    const T center = line.step * (static_cast<T>(i) + T(0.5));
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(center - support + T(0.5)), 0);
    const int64_t last = std::min(static_cast<int64_t>(center + support + T(0.5)), line.in);
    double total = 0;
    const size_t from = b.taps.weight.size();
    for (int64_t j = first; j < last; ++j) {
      const T x = (static_cast<T>(j) - center + T(0.5)) / wide;
      const T w = is_cubic ? cubic(x, T(-0.5)) : std::max(T(1) - std::abs(x), T(0));
      total += static_cast<double>(w);
      b.place(j, static_cast<double>(w));
    }
    for (size_t k = from; k < b.taps.weight.size(); ++k)
      if (total != 0) b.taps.weight[k] /= total;
    b.done();
  }
  return b.taps;
}

template <class T>
Taps taps_of(Mode mode, int64_t in, int64_t out, bool align, Scale scale) {
  const Line<T> line(in, out, align, scale);
  switch (mode) {
    case Mode::nearest: return nearest_taps(Line<float>(in, out, false, scale), false);
    case Mode::nearest_exact: return nearest_taps(Line<float>(in, out, false, scale), true);
    case Mode::linear: return linear_taps(line);
    case Mode::cubic: return cubic_taps(line);
    case Mode::linear_aa: return wide_taps(line, false);
    case Mode::cubic_aa: break;
  }
  return wide_taps(line, true);
}

Tensor upsample(const char* op, size_t n, Mode mode, const Tensor& x, IntArrayRef output_size, bool align,
                std::initializer_list<Scale> scales) {
  checked_impl(op, x);
  check_floating(op, x);
  if (output_size.size() != n)
    fail("[{}] output_size {} must have {} entr{}", op, shape_text(output_size), n, n == 1 ? "y" : "ies");
  bool fits = static_cast<size_t>(x.dim()) == n + 2;
  for (size_t i = 0; fits && i < n + 1; ++i) fits = x.sizes()[i + 1] > 0;
  if (!fits)
    throw ShapeError(fmt::format("[{}] expected a {}-dimensional input [N, C, …] without empty channels or spatial "
                                 "dimensions, but got shape {}",
                                 op, n + 2, shape_text(x.sizes())),
                     x.sizes().vec());
  DimVector sizes(x.sizes());
  for (size_t i = 0; i < n; ++i) {
    sizes[i + 2] = output_size[i];
    if (output_size[i] < 1 || output_size[i] > (int64_t{1} << 31))
      fail("[{}] output_size {} must be positive (input of shape {})", op, shape_text(output_size),
           shape_text(x.sizes()));
  }
  checked_numel(op, sizes);
  make_tensor(sizes, x.scalar_type());  // refused here if it is too large, before its places are listed
  auto plan = std::make_shared<Resampling>();
  for (size_t i = 0; i < n; ++i) {
    const int64_t in = x.sizes()[i + 2], out = output_size[i];
    const Scale scale = scales.begin()[i];
    plan->emplace_back(static_cast<int64_t>(i) + 2, in,
                       x.scalar_type() == kDouble ? taps_of<double>(mode, in, out, align, scale)
                                                  : taps_of<float>(mode, in, out, align, scale));
  }
  return resample(op, x, plan);
}

}  // namespace

/// self [N, C, W] as [N, C, output_size]: each output takes the element whose cell holds its lower edge. A scale, where
/// given, is used in place of the sizes' ratio.
//:
Tensor upsample_nearest1d(const Tensor& self, IntArrayRef output_size,
                          std::optional<double> scales /* = std::nullopt */) {
  return upsample("upsample_nearest1d", 1, Mode::nearest, self, output_size, false, {scales});
}
//:
Tensor upsample_nearest2d(const Tensor& self, IntArrayRef output_size,
                          std::optional<double> scales_h /* = std::nullopt */,
                          std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("upsample_nearest2d", 2, Mode::nearest, self, output_size, false, {scales_h, scales_w});
}
//:
Tensor upsample_nearest3d(const Tensor& self, IntArrayRef output_size,
                          std::optional<double> scales_d /* = std::nullopt */,
                          std::optional<double> scales_h /* = std::nullopt */,
                          std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("upsample_nearest3d", 3, Mode::nearest, self, output_size, false, {scales_d, scales_h, scales_w});
}
/// The same by the output's middle, as other libraries have it.
//:
Tensor _upsample_nearest_exact1d(const Tensor& self, IntArrayRef output_size,
                                 std::optional<double> scales /* = std::nullopt */) {
  return upsample("_upsample_nearest_exact1d", 1, Mode::nearest_exact, self, output_size, false, {scales});
}
//:
Tensor _upsample_nearest_exact2d(const Tensor& self, IntArrayRef output_size,
                                 std::optional<double> scales_h /* = std::nullopt */,
                                 std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("_upsample_nearest_exact2d", 2, Mode::nearest_exact, self, output_size, false, {scales_h, scales_w});
}
//:
Tensor _upsample_nearest_exact3d(const Tensor& self, IntArrayRef output_size,
                                 std::optional<double> scales_d /* = std::nullopt */,
                                 std::optional<double> scales_h /* = std::nullopt */,
                                 std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("_upsample_nearest_exact3d", 3, Mode::nearest_exact, self, output_size, false,
                  {scales_d, scales_h, scales_w});
}
/// Linear between the two nearest elements; align_corners: the outermost elements fall on each other.
//:
Tensor upsample_linear1d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                         std::optional<double> scales /* = std::nullopt */) {
  return upsample("upsample_linear1d", 1, Mode::linear, self, output_size, align_corners, {scales});
}
//:
Tensor upsample_bilinear2d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                           std::optional<double> scales_h /* = std::nullopt */,
                           std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("upsample_bilinear2d", 2, Mode::linear, self, output_size, align_corners, {scales_h, scales_w});
}
//:
Tensor upsample_trilinear3d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                            std::optional<double> scales_d /* = std::nullopt */,
                            std::optional<double> scales_h /* = std::nullopt */,
                            std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("upsample_trilinear3d", 3, Mode::linear, self, output_size, align_corners,
                  {scales_d, scales_h, scales_w});
}
/// Cubic convolution over 4 elements of each dimension, a = -0.75 (Keys, 1981).
//:
Tensor upsample_bicubic2d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                          std::optional<double> scales_h /* = std::nullopt */,
                          std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("upsample_bicubic2d", 2, Mode::cubic, self, output_size, align_corners, {scales_h, scales_w});
}
/// With filters as wide as the step where the image shrinks, as Pillow does.
//:
Tensor _upsample_bilinear2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                               std::optional<double> scales_h /* = std::nullopt */,
                               std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("_upsample_bilinear2d_aa", 2, Mode::linear_aa, self, output_size, align_corners,
                  {scales_h, scales_w});
}
//:
Tensor _upsample_bicubic2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                              std::optional<double> scales_h /* = std::nullopt */,
                              std::optional<double> scales_w /* = std::nullopt */) {
  return upsample("_upsample_bicubic2d_aa", 2, Mode::cubic_aa, self, output_size, align_corners, {scales_h, scales_w});
}

}  // namespace hearth
