// Windows of planes as columns, and columns summed back into planes.
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"
#include "backend/cpu/windows.h"

namespace hearth::cpu {
namespace {

struct Geometry {
  Geometry(const Tensor& x, const PoolParams& p)
      : kernel(spatial(p.kernel, 1)),
        stride(spatial(p.stride, 1)),
        padding(spatial(p.padding, 0)),
        dilation(spatial(p.dilation, 1)),
        in(spatial_sizes(x)) {
    for (int i = 1; i < 3; ++i) out[i] = (in[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1;
  }
  int64_t cells() const { return kernel[1] * kernel[2]; }
  int64_t windows() const { return out[1] * out[2]; }
  Spatial kernel, stride, padding, dilation, in, out{1, 1, 1};
};

/// One row of `columns`, that of a cell of the windows: f(at, place, n) where n outputs from `at` on meet the plane
/// from `place` on, a stride apart; outside(first, last) for outputs that meet the padding.
template <class F, class Outside>
void each_row(const Geometry& g, int64_t cell, F&& f, Outside&& outside) {
  const int64_t kh = cell / g.kernel[2], kw = cell % g.kernel[2];
  const int64_t offset = kw * g.dilation[2] - g.padding[2];
  const Reach reach(g.out[2], g.stride[2], offset, g.in[2]);
  for (int64_t h = 0; h < g.out[1]; ++h) {
    const int64_t ih = h * g.stride[1] - g.padding[1] + kh * g.dilation[1], row = h * g.out[2];
    if (ih < 0 || ih >= g.in[1] || reach.first >= reach.last) {
      outside(row, row + g.out[2]);
      continue;
    }
    outside(row, row + reach.first);
    f(row + reach.first, ih * g.in[2] + reach.first * g.stride[2] + offset, reach.last - reach.first);
    outside(row + reach.last, row + g.out[2]);
  }
}

}  // namespace

void im2col(const Tensor& columns, const Tensor& x, const PoolParams& params) {
  if (impl(columns)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(columns);
  const Geometry g(x, params);
  const int64_t plane = product(g.in), rows = impl(x)->sizes[0] * impl(x)->sizes[1] * g.cells();
  visit_width(impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_for(0, rows, grain_for(static_cast<double>(g.windows()) * 0.3 + 20), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T* source = data_of<T>(from) + r / g.cells() * plane;
        T* target = to.data<T>() + r * g.windows();
        const int64_t step = g.stride[2];
        each_row(
            g, r % g.cells(),
            [&](int64_t at, int64_t place, int64_t n) {
              for (int64_t i = 0; i < n; ++i) target[at + i] = source[place + i * step];
            },
            [&](int64_t first, int64_t last) { std::fill(target + first, target + last, T(0)); });
      }
    });
  });
  to.store();
}

void col2im(const Tensor& x, const Tensor& columns, const PoolParams& params) {
  if (impl(x)->numel == 0) return;
  visit_floating("col2im", impl(x)->dtype, [&](auto tag) {
    using T = Math<typename decltype(tag)::type>;
    constexpr ScalarType type = scalar_type_of<T>();
    const Tensor from = dense_as(columns, type);
    const DenseOut to(x, type);
    const Geometry g(x, params);
    const int64_t plane = product(g.in), planes = impl(x)->sizes[0] * impl(x)->sizes[1], step = g.stride[2];
    const auto work = static_cast<double>(plane + g.windows() * g.cells());
    parallel_for(0, planes, grain_for(work * 0.4), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) {
        T* target = to.data<T>() + p * plane;
        std::fill_n(target, plane, T(0));
        for (int64_t cell = 0; cell < g.cells(); ++cell) {
          const T* source = data_of<T>(from) + (p * g.cells() + cell) * g.windows();
          each_row(
              g, cell,
              [&](int64_t at, int64_t place, int64_t n) {
                if (step == 1) return loops_of<T>().axpy(T(1), source + at, target + place, n);
                for (int64_t i = 0; i < n; ++i) target[place + i * step] += source[at + i];
              },
              [](int64_t, int64_t) {});
        }
      }
    });
    to.store();
  });
}

}  // namespace hearth::cpu
