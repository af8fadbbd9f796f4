#include <cmath>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// x [N, C, plane], contiguous.
struct Shape {
  explicit Shape(const Tensor& x) : n(impl(x)->sizes[0]), c(impl(x)->sizes[1]) {
    for (size_t d = 2; d < impl(x)->sizes.size(); ++d) plane *= impl(x)->sizes[d];
  }
  double count() const { return static_cast<double>(n * plane); }
  int64_t numel() const { return n * c * plane; }
  int64_t n, c, plane = 1;
};

/// A channel's elements are `parts` pieces of whole samples, fixed by the shape; f(channel, part, first n, last n) runs
/// over all of them in parallel. Many channels need no second cut.
struct Parts {
  explicit Parts(const Shape& s)
      : shape(s), count(s.c >= 8 || s.numel() < (1 << 16) ? 1 : std::min<int64_t>(s.n, (15 + s.c) / s.c)) {}
  template <class F>
  void each(double ns_per_element, F&& f) const {
    const double ns = ns_per_element * shape.count() / static_cast<double>(count);
    parallel_for(0, shape.c * count, grain_for(ns), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t part = i % count;
        f(i / count, part, part * shape.n / count, (part + 1) * shape.n / count);
      }
    });
  }
  /// The same where a result per channel is the sum of its parts' results, which f returns.
  template <class F>
  std::vector<double> sums(double ns_per_element, F&& f) const {
    std::vector<double> partial(static_cast<size_t>(shape.c * count));
    each(ns_per_element, [&](int64_t c, int64_t part, int64_t first, int64_t last) {
      partial[static_cast<size_t>(c * count + part)] = f(c, first, last);
    });
    std::vector<double> total(static_cast<size_t>(shape.c), 0.0);
    for (size_t i = 0; i < partial.size(); ++i) total[i / static_cast<size_t>(count)] += partial[i];
    return total;
  }
  const Shape& shape;
  int64_t count;
};

/// Mean and sum of squared distances from it, per channel.
struct Moments {
  std::vector<double> mean, squares;
};

template <class M>
double correct_squares(double squares, double mean, double count) {
  const double off = mean - static_cast<double>(static_cast<M>(mean));  // the loops subtract the rounded mean
  return std::max(squares - count * off * off, squares != squares ? squares : 0.0);
}

/// Planes: each channel's sums over runs of plane elements.
template <class M>
double plane_sum(const M* x, const Shape& s, int64_t c, int64_t first, int64_t last) {
  double sum = 0;
  for (int64_t n = first; n < last; ++n) sum += loops_of<M>().sum(x + (n * s.c + c) * s.plane, s.plane);
  return sum;
}
template <class M>
double plane_squares(const M* x, const Shape& s, int64_t c, int64_t first, int64_t last, double mean) {
  double sum = 0;
  for (int64_t n = first; n < last; ++n) {
    sum += loops_of<M>().sum_centered_square(x + (n * s.c + c) * s.plane, s.plane, mean);
  }
  return sum;
}
/// Rows [N, C]: all channels at once, in at most 16 pieces of rows that are added in order.
template <class F>
std::vector<double> row_sums(const Shape& s, F&& f) {
  const int64_t most = std::max<int64_t>(1, (s.n + 15) / 16);
  const Chunks chunks = cut(s.n, std::max(most, grain_for(static_cast<double>(s.c) * 0.3)));
  std::vector<double> partial(static_cast<size_t>(chunks.count * s.c), 0.0);
  parallel_chunks(chunks,
                  [&](int64_t chunk, int64_t first, int64_t last) { f(partial.data() + chunk * s.c, first, last); });
  for (int64_t chunk = 1; chunk < chunks.count; ++chunk) {
    for (int64_t c = 0; c < s.c; ++c) partial[static_cast<size_t>(c)] += partial[static_cast<size_t>(chunk * s.c + c)];
  }
  partial.resize(static_cast<size_t>(s.c), 0.0);
  return partial;
}

template <class M>
Moments moments(const M* x, const Shape& s, const Parts& parts) {
  Moments m;
  if (s.plane == 1) {
    m.mean = row_sums(s, [&](double* acc, int64_t first, int64_t last) {
      loops_of<M>().column_sum(x + first * s.c, last - first, s.c, s.c, acc);
    });
  } else {
    m.mean = parts.sums(0.15, [&](int64_t c, int64_t first, int64_t last) { return plane_sum(x, s, c, first, last); });
  }
  for (double& v : m.mean) v /= s.count();
  if (s.plane == 1) {
    m.squares = row_sums(s, [&](double* acc, int64_t first, int64_t last) {
      loops_of<M>().column_sum_centered_square(x + first * s.c, last - first, s.c, s.c, acc, m.mean.data());
    });
  } else {
    m.squares = parts.sums(0.15, [&](int64_t c, int64_t first, int64_t last) {
      return plane_squares(x, s, c, first, last, m.mean[static_cast<size_t>(c)]);
    });
  }
  for (size_t c = 0; c < m.mean.size(); ++c) m.squares[c] = correct_squares<M>(m.squares[c], m.mean[c], s.count());
  return m;
}

template <class M>
struct Scaling {
  std::vector<M> scale, shift;
};
template <class M>
void set_scaling(Scaling<M>& to, size_t c, double mean, double invstd, const M* weight, const M* bias) {
  const double scale = (weight ? static_cast<double>(weight[c]) : 1.0) * invstd;
  to.scale[c] = static_cast<M>(scale);
  to.shift[c] = static_cast<M>((bias ? static_cast<double>(bias[c]) : 0.0) - mean * scale);
}

template <class M>
void scale_rows(const M* x, M* y, const Shape& s, const Scaling<M>& by) {
  const double one[4] = {1, 0, 0, 0};
  parallel_for(0, s.n, grain_for(static_cast<double>(s.c) * 0.2 + 3), [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      loops_of<M>().ternary(TernaryOp::addcmul, by.shift.data(), x + n * s.c, by.scale.data(), y + n * s.c, s.c, one);
    }
  });
}
template <class M>
void scale_planes(const M* x, M* y, const Shape& s, const Scaling<M>& by, int64_t c, int64_t first, int64_t last) {
  const auto at = static_cast<size_t>(c);
  for (int64_t n = first; n < last; ++n) {
    const int64_t offset = (n * s.c + c) * s.plane;
    loops_of<M>().affine(x + offset, y + offset, s.plane, by.scale[at], by.shift[at]);
  }
}

/// Statistics of the call's channels, where they go.
template <class M>
struct Statistics {
  M *mean, *invstd, *running_mean, *running_var;
  double momentum, eps;
  /// Stores a channel's; returns its invstd.
  double store(size_t c, double m, double squares, double count) const {
    const double variance = squares / count, inverse = 1 / std::sqrt(variance + eps);
    mean[c] = static_cast<M>(m);
    invstd[c] = static_cast<M>(inverse);
    const auto move = [&](M& running, double to) {
      running = static_cast<M>((1 - momentum) * static_cast<double>(running) + momentum * to);
    };
    if (running_mean) move(running_mean[c], m);
    if (running_var) move(running_var[c], squares / (count - 1));
    return inverse;
  }
};

template <class M>
void forward(M* y, const M* x, const Shape& s, const Statistics<M>& statistics, const M* weight, const M* bias,
             bool training) {
  const Parts parts(s);
  const auto channels = static_cast<size_t>(s.c);
  Scaling<M> by{std::vector<M>(channels), std::vector<M>(channels)};
  const bool fused = training && s.plane > 1 && parts.count == 1;
  if (fused) {  // three passes over a channel that is still in the cache
    return parts.each(0.5, [&](int64_t c, int64_t, int64_t first, int64_t last) {
      const double mean = plane_sum(x, s, c, first, last) / s.count();
      const double squares = correct_squares<M>(plane_squares(x, s, c, first, last, mean), mean, s.count());
      const auto at = static_cast<size_t>(c);
      set_scaling(by, at, mean, statistics.store(at, mean, squares, s.count()), weight, bias);
      scale_planes(x, y, s, by, c, first, last);
    });
  }
  if (training) {
    const Moments m = moments(x, s, parts);
    for (size_t c = 0; c < channels; ++c) {
      set_scaling(by, c, m.mean[c], statistics.store(c, m.mean[c], m.squares[c], s.count()), weight, bias);
    }
  } else {
    for (size_t c = 0; c < channels; ++c) {
      set_scaling(by, c, static_cast<double>(statistics.mean[c]), static_cast<double>(statistics.invstd[c]), weight,
                  bias);
    }
  }
  if (s.plane == 1) return scale_rows(x, y, s, by);
  parts.each(0.2, [&](int64_t c, int64_t, int64_t first, int64_t last) { scale_planes(x, y, s, by, c, first, last); });
}

/// gx = g a + (x - mean) b + c of one channel.
template <class M>
struct Slope {
  M a, b, c;
  Slope(double weight, double invstd, double sum, double dot, double count, bool training) {
    const double scale = weight * invstd;
    a = static_cast<M>(scale);
    b = static_cast<M>(training ? -scale * invstd * invstd * dot / count : 0);
    c = static_cast<M>(training ? -scale * sum / count : 0);
  }
};

template <class M>
struct Backward {
  M *gx, *gweight, *gbias;
  const M *g, *x, *weight, *mean, *invstd;
  const Shape& s;
  bool training;

  Slope<M> finish(size_t c, double sum, double dot) const {
    const auto inverse = static_cast<double>(invstd[c]);
    if (gweight) gweight[c] = static_cast<M>(dot * inverse);
    if (gbias) gbias[c] = static_cast<M>(sum);
    return Slope<M>(weight ? static_cast<double>(weight[c]) : 1.0, inverse, sum, dot, s.count(), training);
  }
  void sums(int64_t c, int64_t first, int64_t last, double& sum, double& dot) const {
    for (int64_t n = first; n < last; ++n) {
      const int64_t at = (n * s.c + c) * s.plane;
      loops_of<M>().sum_and_dot(g + at, x + at, s.plane, mean[c], &sum, &dot);
    }
  }
  void spread(int64_t c, int64_t first, int64_t last, const Slope<M>& slope) const {
    for (int64_t n = first; gx && n < last; ++n) {
      const int64_t at = (n * s.c + c) * s.plane;
      loops_of<M>().batch_norm_backward(g + at, x + at, gx + at, s.plane, slope.a, slope.b, slope.c, mean[c]);
    }
  }

  void planes() const {
    const Parts parts(s);
    if (parts.count == 1) {
      return parts.each(0.5, [&](int64_t c, int64_t, int64_t first, int64_t last) {
        double sum = 0, dot = 0;
        sums(c, first, last, sum, dot);
        spread(c, first, last, finish(static_cast<size_t>(c), sum, dot));
      });
    }
    std::vector<double> dots(static_cast<size_t>(s.c * parts.count));
    std::vector<double> sum = dots;
    parts.each(0.3, [&](int64_t c, int64_t part, int64_t first, int64_t last) {
      const auto at = static_cast<size_t>(c * parts.count + part);
      sums(c, first, last, sum[at], dots[at]);
    });
    std::vector<Slope<M>> slopes;
    for (int64_t c = 0; c < s.c; ++c) {
      double total = 0, dot = 0;
      for (int64_t part = 0; part < parts.count; ++part) {
        total += sum[static_cast<size_t>(c * parts.count + part)];
        dot += dots[static_cast<size_t>(c * parts.count + part)];
      }
      slopes.push_back(finish(static_cast<size_t>(c), total, dot));
    }
    parts.each(0.3, [&](int64_t c, int64_t, int64_t first, int64_t last) {
      spread(c, first, last, slopes[static_cast<size_t>(c)]);
    });
  }

  void rows() const {
    const std::vector<double> sum = row_sums(s, [&](double* acc, int64_t first, int64_t last) {
      loops_of<M>().column_sum(g + first * s.c, last - first, s.c, s.c, acc);
    });
    const std::vector<double> dot = row_sums(s, [&](double* acc, int64_t first, int64_t last) {
      for (int64_t i = first * s.c; i < last * s.c; i += s.c) {
        for (int64_t c = 0; c < s.c; ++c) acc[c] += static_cast<double>(g[i + c] * (x[i + c] - mean[c]));
      }
    });
    std::vector<Slope<M>> slopes;
    for (size_t c = 0; c < sum.size(); ++c) slopes.push_back(finish(c, sum[c], dot[c]));
    if (gx == nullptr) return;
    parallel_for(0, s.n, grain_for(static_cast<double>(s.c) * 0.5), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * s.c; i < end * s.c; i += s.c) {
        for (int64_t c = 0; c < s.c; ++c) {
          const Slope<M>& k = slopes[static_cast<size_t>(c)];
          gx[i + c] = g[i + c] * k.a + ((x[i + c] - mean[c]) * k.b + k.c);
        }
      }
    });
  }
};

}  // namespace

void batch_norm(const Tensor& y, const Tensor& mean, const Tensor& invstd, const Tensor& running_mean,
                const Tensor& running_var, const Tensor& x, const Tensor& weight, const Tensor& bias, bool training,
                double momentum, double eps) {
  const Shape s(x);
  visit_floating("batch_norm", impl(x)->dtype, [&](auto tag) {
    using M = Math<typename decltype(tag)::type>;
    constexpr ScalarType type = scalar_type_of<M>();
    const Tensor in = dense_as(x, type), w = dense_as(weight, type), b = dense_as(bias, type);
    const DenseOut to(y, type), m(mean, type, true), i(invstd, type, true), rm(running_mean, type, true),
        rv(running_var, type, true);
    const Statistics<M> statistics{m.data<M>(), i.data<M>(), rm.data<M>(), rv.data<M>(), momentum, eps};
    if (s.numel() > 0) {
      forward(to.data<M>(), data_of<M>(in), s, statistics, data_of<M>(w), data_of<M>(b), training);
    }
    to.store();
    if (!training) return;
    m.store();
    i.store();
    rm.store();
    rv.store();
  });
}

void batch_norm_backward(const Tensor& gx, const Tensor& gweight, const Tensor& gbias, const Tensor& g, const Tensor& x,
                         const Tensor& weight, const Tensor& mean, const Tensor& invstd, bool training) {
  const Shape s(x);
  visit_floating("batch_norm_backward", impl(x)->dtype, [&](auto tag) {
    using M = Math<typename decltype(tag)::type>;
    constexpr ScalarType type = scalar_type_of<M>();
    const Tensor in = dense_as(x, type), out = dense_as(g, type), w = dense_as(weight, type), m = dense_as(mean, type),
                 i = dense_as(invstd, type);
    const DenseOut to(gx, type), gw(gweight, type), gb(gbias, type);
    const Backward<M> work{to.data<M>(),    gw.data<M>(),   gb.data<M>(),
                           data_of<M>(out), data_of<M>(in), data_of<M>(w),
                           data_of<M>(m),   data_of<M>(i),  s,
                           training};
    s.plane == 1 ? work.rows() : work.planes();
    to.store();
    gw.store();
    gb.store();
  });
}

}  // namespace hearth::cpu
