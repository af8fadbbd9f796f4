#include <cmath>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// x [N, C, …] as [N * groups, channels of a group, space].
struct Shape {
  Shape(const Tensor& x, int64_t groups) : channels(impl(x)->sizes[1]) {
    rows = impl(x)->sizes[0] * groups;
    per_group = channels / groups;
    cols = rows > 0 ? impl(x)->numel / rows : 0;
    space = per_group > 0 ? cols / per_group : 0;
  }
  /// The first channel of a row.
  int64_t channel(int64_t row) const { return row * per_group % channels; }
  int64_t channels, rows, per_group, cols, space;
};

template <class F>
void visit_math(ScalarType dtype, F&& f) {
  if (dtype == kDouble) return f(Tag<double>{});
  f(Tag<float>{});
}

}  // namespace

void group_norm(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& x, const Tensor& weight,
                const Tensor& bias, int64_t groups, double eps) {
  if (impl(x)->numel == 0) return;
  const Shape s(x, groups);
  visit_math(impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    constexpr ScalarType type = scalar_type_of<T>();
    const Tensor in = dense_as(x, type), w = dense_as(weight, type), b = dense_as(bias, type);
    const DenseOut to(y, type), m(mean, type), i(invstd, type);
    const auto n = static_cast<double>(s.cols);
    const T *scale_of = data_of<T>(w), *shift_of = data_of<T>(b);
    parallel_for(0, s.rows, grain_for(n * 0.6 + 20), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T* from = data_of<T>(in) + r * s.cols;
        T* row = to.data<T>() + r * s.cols;
        const double center = loops_of<T>().sum(from, s.cols) / n;
        const double off = center - static_cast<double>(static_cast<T>(center));
        const double squares = loops_of<T>().sum_centered_square(from, s.cols, center) - n * off * off;
        const double variance = squares > 0 || squares != squares ? squares / n : 0.0;
        const double inverse = 1 / std::sqrt(variance + eps);
        const T shift = static_cast<T>(center), scale = static_cast<T>(inverse);
        m.data<T>()[r] = shift;
        i.data<T>()[r] = scale;
        const int64_t first = s.channel(r);
        if (s.space == 1 || (!scale_of && !shift_of)) {
          loops_of<T>().layer_norm(from, row, s.cols, shift, scale, scale_of ? scale_of + first : nullptr,
                                   shift_of ? shift_of + first : nullptr);
          continue;
        }
        for (int64_t c = 0; c < s.per_group; ++c) {
          const double k = inverse * (scale_of ? static_cast<double>(scale_of[first + c]) : 1.0);
          const double add = (shift_of ? static_cast<double>(shift_of[first + c]) : 0.0) - center * k;
          loops_of<T>().affine(from + c * s.space, row + c * s.space, s.space, static_cast<T>(k), static_cast<T>(add));
        }
      }
    });
    to.store();
    m.store();
    i.store();
  });
}

void group_norm_backward(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g, const Tensor& x,
                         const Tensor& weight, const Tensor& mean, const Tensor& invstd, int64_t groups) {
  const Shape s(x, groups);
  visit_math(impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    constexpr ScalarType type = scalar_type_of<T>();
    const Tensor in = dense_as(x, type), out = dense_as(g, type), w = dense_as(weight, type), m = dense_as(mean, type),
                 i = dense_as(invstd, type);
    const DenseOut to(gx, type), gw(gweight, type), gb(gbias, type);
    // Of each row's channels: the sum of g, and of g * (x - mean).
    std::vector<double> sums(static_cast<size_t>(s.rows * s.per_group)), dots(sums.size());
    parallel_for(0, s.rows, grain_for(static_cast<double>(s.cols) * 0.8 + 20), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T *from = data_of<T>(in) + r * s.cols, *grad = data_of<T>(out) + r * s.cols;
        const T center = data_of<T>(m)[r];
        const auto scale = static_cast<double>(data_of<T>(i)[r]);
        const auto weight_of = [&](int64_t c) {
          return w.defined() ? static_cast<double>(data_of<T>(w)[s.channel(r) + c]) : 1.0;
        };
        double sum = 0, dot = 0;
        for (int64_t c = 0; c < s.per_group; ++c) {
          const auto at = static_cast<size_t>(r * s.per_group + c);
          if (s.space == 1) {
            sums[at] = static_cast<double>(grad[c]);
            dots[at] = sums[at] * static_cast<double>(from[c] - center);
          } else {
            loops_of<T>().sum_and_dot(grad + c * s.space, from + c * s.space, s.space, center, &sums[at], &dots[at]);
          }
          sum += weight_of(c) * sums[at];
          dot += weight_of(c) * dots[at];
        }
        if (!gx.defined()) continue;
        T* row = to.data<T>() + r * s.cols;
        const auto n = static_cast<double>(s.cols);
        const double b = -scale * scale * scale * dot / n, add = -scale * sum / n;
        for (int64_t c = 0; c < s.per_group; ++c) {
          const int64_t at = c * s.space;
          loops_of<T>().batch_norm_backward(grad + at, from + at, row + at, s.space,
                                            static_cast<T>(scale * weight_of(c)), static_cast<T>(b),
                                            static_cast<T>(add), center);
        }
      }
    });
    const auto images = static_cast<size_t>(s.channels > 0 ? s.rows * s.per_group / s.channels : 0);
    for (size_t c = 0; c < static_cast<size_t>(s.channels); ++c) {
      double dot = 0, sum = 0;
      for (size_t k = 0; k < images; ++k) {
        const size_t at = k * static_cast<size_t>(s.channels) + c;
        dot += dots[at] * static_cast<double>(data_of<T>(i)[at / static_cast<size_t>(s.per_group)]);
        sum += sums[at];
      }
      if (gweight.defined()) gw.data<T>()[c] = static_cast<T>(dot);
      if (gbias.defined()) gb.data<T>()[c] = static_cast<T>(sum);
    }
    to.store();
    gw.store();
    gb.store();
  });
}

}  // namespace hearth::cpu
