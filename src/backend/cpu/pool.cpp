#include <limits>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"
#include "backend/cpu/windows.h"

namespace hearth::cpu {
namespace {

struct Window {
  explicit Window(const PoolParams& params)
      : kernel(spatial(params.kernel, 1)),
        stride(spatial(params.stride.empty() ? params.kernel : params.stride, 1)),
        padding(spatial(params.padding, 0)),
        dilation(spatial(params.dilation, 1)) {}
  Spatial kernel, stride, padding, dilation;
};

/// The largest of one window; torch's order: row-major, the first of equals, the last NaN.
template <class T>
void max_plane(const T* x, const Spatial& in, T* y, int64_t* index, const Spatial& out, const Window& w) {
  using M = Math<T>;
  each_cell(out, [&](const Spatial& o, int64_t at) {
    Spatial begin, end;
    for (int i = 0; i < 3; ++i) {
      begin[i] = o[i] * w.stride[i] - w.padding[i];
      end[i] = std::min(begin[i] + (w.kernel[i] - 1) * w.dilation[i] + 1, in[i]);
      while (begin[i] < 0) begin[i] += w.dilation[i];
    }
    int64_t place = (begin[0] * in[1] + begin[1]) * in[2] + begin[2];
    M best;
    if constexpr (is_float<T>) {
      best = -std::numeric_limits<M>::infinity();
    } else {
      best = std::numeric_limits<M>::lowest();
    }
    for (int64_t d = begin[0]; d < end[0]; d += w.dilation[0]) {
      for (int64_t h = begin[1]; h < end[1]; h += w.dilation[1]) {
        const int64_t row = (d * in[1] + h) * in[2];
        for (int64_t v = begin[2]; v < end[2]; v += w.dilation[2]) {
          const auto value = static_cast<M>(x[row + v]);
          if (value > best || value != value) {
            best = value;
            place = row + v;
          }
        }
      }
    }
    y[at] = static_cast<T>(best);
    if (index) index[at] = place;
  });
}

/// The same for float and double, a row of outputs at a time: each cell of the window is a vector loop over the row.
template <class T>
void max_plane_rows(const T* x, const Spatial& in, T* y, int64_t* index, const Spatial& out, const Window& w) {
  std::vector<T> best(static_cast<size_t>(out[2]));
  std::vector<PlaneIndex<T>> place(best.size());
  const auto first_inside = [&](int64_t o, int i) {
    int64_t begin = o * w.stride[i] - w.padding[i];
    while (begin < 0) begin += w.dilation[i];
    return begin;
  };
  int64_t at = 0;
  for (int64_t row = 0; row < out[0] * out[1]; ++row, at += out[2]) {
    const int64_t d0 = row / out[1] * w.stride[0] - w.padding[0], h0 = row % out[1] * w.stride[1] - w.padding[1];
    const int64_t top = (first_inside(row / out[1], 0) * in[1] + first_inside(row % out[1], 1)) * in[2];
    std::fill(best.begin(), best.end(), -std::numeric_limits<T>::infinity());
    for (int64_t o = 0; o < out[2]; ++o) {
      place[static_cast<size_t>(o)] = static_cast<PlaneIndex<T>>(top + first_inside(o, 2));
    }
    for (int64_t d = 0; d < w.kernel[0]; ++d) {
      const int64_t id = d0 + d * w.dilation[0];
      if (id < 0 || id >= in[0]) continue;
      for (int64_t h = 0; h < w.kernel[1]; ++h) {
        const int64_t ih = h0 + h * w.dilation[1];
        if (ih < 0 || ih >= in[1]) continue;
        for (int64_t v = 0; v < w.kernel[2]; ++v) {
          const int64_t offset = v * w.dilation[2] - w.padding[2];
          const Reach reach(out[2], w.stride[2], offset, in[2]);
          if (reach.first >= reach.last) continue;
          const int64_t from = (id * in[1] + ih) * in[2] + reach.first * w.stride[2] + offset;
          loops_of<T>().max_pool_cell(x + from, w.stride[2], best.data() + reach.first, place.data() + reach.first,
                                      reach.last - reach.first, from);
        }
      }
    }
    std::copy(best.begin(), best.end(), y + at);
    if (index) std::copy(place.begin(), place.end(), index + at);
  }
}

/// Planes of 2x2 cells with stride 2 that lie wholly inside.
bool is_2x2(const Window& w, const Spatial& in, const Spatial& out) {
  return w.kernel == Spatial{1, 2, 2} && w.stride[1] == 2 && w.stride[2] == 2 && w.padding == Spatial{0, 0, 0} &&
         w.dilation[1] == 1 && w.dilation[2] == 1 && in[0] == 1 && out[0] == 1 && 2 * out[1] <= in[1] &&
         2 * out[2] <= in[2];
}
template <class T>
void max_plane_2x2(const T* x, const Spatial& in, T* y, int64_t* index, const Spatial& out) {
  for (int64_t h = 0; h < out[1]; ++h) {
    const int64_t at = 2 * h * in[2];
    loops_of<T>().max_pool_2x2(x + at, x + at + in[2], y + h * out[2], index ? index + h * out[2] : nullptr, out[2], at,
                               in[2]);
  }
}

/// Where an average's window lies: clipped to the input, and its divisor.
struct Average {
  Spatial begin, end;
  double divisor;
};
Average average_of(const Spatial& o, const Spatial& in, const Window& w, const PoolParams& params) {
  Average a;
  double padded = 1, inside = 1;
  for (int i = 0; i < 3; ++i) {
    const int64_t begin = o[i] * w.stride[i] - w.padding[i];
    const int64_t end = std::min(begin + w.kernel[i], in[i] + w.padding[i]);
    padded *= static_cast<double>(end - begin);
    a.begin[i] = std::max<int64_t>(begin, 0);
    a.end[i] = std::min(end, in[i]);
    inside *= static_cast<double>(std::max<int64_t>(a.end[i] - a.begin[i], 0));
  }
  a.divisor = params.divisor_override != 0 ? static_cast<double>(params.divisor_override)
              : params.count_include_pad   ? padded
                                           : inside;
  return a;
}
Average adaptive_of(const Spatial& o, const AdaptiveCells& cells) {
  Average a;
  cells(o, a.begin, a.end);
  a.divisor = static_cast<double>((a.end[0] - a.begin[0]) * (a.end[1] - a.begin[1]) * (a.end[2] - a.begin[2]));
  return a;
}

template <class T, class Where>
void average_plane(const T* x, const Spatial& in, T* y, const Spatial& out, Where where) {
  using Acc = std::conditional_t<is_float<T>, double, int64_t>;
  each_cell(out, [&](const Spatial& o, int64_t at) {
    const Average a = where(o);
    if (a.end[0] <= a.begin[0] || a.end[1] <= a.begin[1] || a.end[2] <= a.begin[2]) {
      y[at] = static_cast<T>(Math<T>(0));
      return;
    }
    Acc sum = 0;
    if constexpr (std::is_floating_point_v<T>) {
      if (out[2] == 1 && a.begin[2] == 0 && a.end[2] == in[2]) {  // whole rows: one run for each depth
        for (int64_t d = a.begin[0]; d < a.end[0]; ++d) {
          sum += loops_of<T>().sum(x + (d * in[1] + a.begin[1]) * in[2], (a.end[1] - a.begin[1]) * in[2]);
        }
        y[at] = static_cast<T>(sum / a.divisor);
        return;
      }
    }
    for (int64_t d = a.begin[0]; d < a.end[0]; ++d) {
      for (int64_t h = a.begin[1]; h < a.end[1]; ++h) {
        const T* row = x + (d * in[1] + h) * in[2];
        for (int64_t w = a.begin[2]; w < a.end[2]; ++w) sum += static_cast<Acc>(static_cast<Math<T>>(row[w]));
      }
    }
    y[at] = static_cast<T>(static_cast<Math<T>>(sum / static_cast<Acc>(a.divisor)));
  });
}
/// Adds each output's share to the cells of gx (a plane of zeros).
template <class M, class T, class Where>
void average_plane_backward(M* gx, const Spatial& in, const T* g, const Spatial& out, Where where) {
  each_cell(out, [&](const Spatial& o, int64_t at) {
    const Average a = where(o);
    const M share = static_cast<M>(static_cast<M>(g[at]) / static_cast<M>(a.divisor));
    for (int64_t d = a.begin[0]; d < a.end[0]; ++d) {
      for (int64_t h = a.begin[1]; h < a.end[1]; ++h) {
        M* row = gx + (d * in[1] + h) * in[2];
        for (int64_t w = a.begin[2]; w < a.end[2]; ++w) row[w] += share;
      }
    }
  });
}

/// f(plane number) for all N * C planes, in parallel.
template <class F>
void each_plane(const Tensor& t, double ns, F&& f) {
  const int64_t planes = impl(t)->sizes[0] * impl(t)->sizes[1];
  parallel_for(0, planes, grain_for(ns), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) f(plane);
  });
}

template <class Where>
void average(const char* op, const Tensor& y, const Tensor& x, double cells, Where where) {
  if (impl(y)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(y);
  const Spatial in = spatial_sizes(x), out = spatial_sizes(y);
  visit_numbers(op, impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    each_plane(y, static_cast<double>(product(out)) * (3 + cells), [&](int64_t plane) {
      average_plane(data_of<T>(from) + plane * product(in), in, to.data<T>() + plane * product(out), out, where);
    });
  });
  to.store();
}
/// Each plane of gx is summed by one thread, halves in float.
template <class Spread>
void spread_planes(const char* op, const Tensor& gx, const Tensor& g, double cells, Spread spread) {
  if (impl(gx)->numel == 0) return;
  const Tensor from = dense(g);
  const DenseOut to(gx);
  const int64_t in = product(spatial_sizes(gx)), out = product(spatial_sizes(g));
  visit_floating(op, impl(gx)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using M = Math<T>;
    each_plane(gx, static_cast<double>(in) * 0.3 + static_cast<double>(out) * (3 + cells), [&](int64_t plane) {
      const T* source = data_of<T>(from) + plane * out;
      T* target = to.data<T>() + plane * in;
      if constexpr (std::is_same_v<T, M>) {
        std::fill_n(target, in, T(0));
        spread(target, source, plane);
      } else {
        std::vector<M> sums(static_cast<size_t>(in));
        spread(sums.data(), source, plane);
        for (int64_t i = 0; i < in; ++i) target[i] = static_cast<T>(sums[static_cast<size_t>(i)]);
      }
    });
  });
  to.store();
}

}  // namespace

void max_pool(const Tensor& y, const Tensor& indices, const Tensor& x, const PoolParams& params) {
  if (impl(y)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(y), at(indices);
  const Window w(params);
  const Spatial in = spatial_sizes(x), out = spatial_sizes(y);
  const bool simple = is_2x2(w, in, out);
  const double cells = static_cast<double>(product(out));
  visit_numbers("max_pool", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const double ns = simple ? cells * 0.5 : cells * (4 + static_cast<double>(product(w.kernel)));
    each_plane(y, ns, [&](int64_t plane) {
      const T* source = data_of<T>(from) + plane * product(in);
      T* target = to.data<T>() + plane * product(out);
      int64_t* places = indices.defined() ? at.data<int64_t>() + plane * product(out) : nullptr;
      if constexpr (std::is_floating_point_v<T>) {
        if (simple) return max_plane_2x2(source, in, target, places, out);
        if (product(in) <= std::numeric_limits<PlaneIndex<T>>::max()) {
          return max_plane_rows(source, in, target, places, out, w);
        }
      }
      max_plane(source, in, target, places, out, w);
    });
  });
  to.store();
  at.store();
}

void max_pool_backward(const Tensor& gx, const Tensor& g, const Tensor& indices) {
  const Tensor places = dense(indices);
  const int64_t out = product(spatial_sizes(g));
  spread_planes("max_pool_backward", gx, g, 1, [&](auto* target, const auto* source, int64_t plane) {
    using M = std::remove_reference_t<decltype(*target)>;
    const int64_t* at = data_of<int64_t>(places) + plane * out;
    for (int64_t i = 0; i < out; ++i) target[at[i]] += static_cast<M>(source[i]);
  });
}

void avg_pool(const Tensor& y, const Tensor& x, const PoolParams& params) {
  const Window w(params);
  const Spatial in = spatial_sizes(x);
  average("avg_pool", y, x, static_cast<double>(product(w.kernel)),
          [&](const Spatial& o) { return average_of(o, in, w, params); });
}

void avg_pool_backward(const Tensor& gx, const Tensor& g, const PoolParams& params) {
  const Window w(params);
  const Spatial in = spatial_sizes(gx), out = spatial_sizes(g);
  spread_planes("avg_pool_backward", gx, g, static_cast<double>(product(w.kernel)),
                [&](auto* target, const auto* source, int64_t) {
                  average_plane_backward(target, in, source, out,
                                         [&](const Spatial& o) { return average_of(o, in, w, params); });
                });
}

void adaptive_avg_pool(const Tensor& y, const Tensor& x) {
  if (impl(y)->numel == 0) return;
  const Spatial in = spatial_sizes(x), out = spatial_sizes(y);
  const AdaptiveCells cells(in, out);
  average("adaptive_avg_pool", y, x, static_cast<double>(product(in) / std::max<int64_t>(product(out), 1)),
          [&](const Spatial& o) { return adaptive_of(o, cells); });
}

void adaptive_avg_pool_backward(const Tensor& gx, const Tensor& g) {
  const Spatial in = spatial_sizes(gx), out = spatial_sizes(g);
  const AdaptiveCells cells(in, out);
  const double size = static_cast<double>(product(in) / std::max<int64_t>(product(out), 1));
  spread_planes("adaptive_avg_pool_backward", gx, g, size, [&](auto* target, const auto* source, int64_t) {
    average_plane_backward(target, in, source, out, [&](const Spatial& o) { return adaptive_of(o, cells); });
  });
}

}  // namespace hearth::cpu
