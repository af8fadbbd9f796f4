// Maxima over cells that are given one by one: adaptive and fractional pooling.
#include <limits>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/windows.h"
#include "backend/dtype_visit.h"
#include "base/threads.h"

namespace hearth::cpu {
namespace {

/// Torch's order: row-major, the first of equals, the last NaN.
template <class T>
void max_of_cell(const T* x, const Spatial& in, const Spatial& begin, const Spatial& end, T* best_value,
                 int64_t* best_place) {
  using M = Math<T>;
  M best = std::numeric_limits<M>::lowest();
  if constexpr (is_float<T>) best = -std::numeric_limits<M>::infinity();
  int64_t place = (begin[0] * in[1] + begin[1]) * in[2] + begin[2];
  for (int64_t d = begin[0]; d < end[0]; ++d) {
    for (int64_t h = begin[1]; h < end[1]; ++h) {
      const int64_t row = (d * in[1] + h) * in[2];
      for (int64_t w = begin[2]; w < end[2]; ++w) {
        const auto value = static_cast<M>(x[row + w]);
        if (value > best || value != value) {
          best = value;
          place = row + w;
        }
      }
    }
  }
  *best_value = static_cast<T>(best);
  *best_place = place;
}

/// cell_of(plane) gives a function from an output's place to the begin and end of its cell.
template <class CellOf>
void max_by_cells(const char* op, const Tensor& y, const Tensor& indices, const Tensor& x, double cells,
                  CellOf&& cell_of) {
  if (impl(y)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(y), at(indices);
  const Spatial in = spatial_sizes(x), out = spatial_sizes(y);
  const int64_t planes = impl(x)->sizes[0] * impl(x)->sizes[1];
  visit_numbers(op, impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const double ns = static_cast<double>(product(out)) * (4 + cells);
    parallel_for(0, planes, grain_for(ns), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        const auto cell = cell_of(plane);
        each_cell(out, [&](const Spatial& o, int64_t i) {
          Spatial begin, end;
          cell(o, begin, end);
          const int64_t place = plane * product(out) + i;
          max_of_cell(data_of<T>(from) + plane * product(in), in, begin, end, to.data<T>() + place,
                      at.data<int64_t>() + place);
        });
      }
    });
  });
  to.store();
  at.store();
}

}  // namespace

void adaptive_max_pool(const Tensor& y, const Tensor& indices, const Tensor& x) {
  const Spatial in = spatial_sizes(x), out = spatial_sizes(y);
  const double cells = static_cast<double>(product(in)) / static_cast<double>(std::max<int64_t>(product(out), 1));
  const AdaptiveCells cell(in, out);
  max_by_cells("adaptive_max_pool", y, indices, x, cells,
               [&](int64_t) { return [&](const Spatial& o, Spatial& begin, Spatial& end) { cell(o, begin, end); }; });
}

void fractional_max_pool(const Tensor& y, const Tensor& indices, const Tensor& x, const Tensor& samples,
                         const std::vector<int64_t>& kernel) {
  const Spatial in = spatial_sizes(x), out = spatial_sizes(y), k = spatial(kernel, 1);
  const auto n = static_cast<int64_t>(kernel.size());
  const bool in_double = impl(samples)->dtype == kDouble;  // torch moves the cells in the samples' own precision
  const Tensor moves = in_double ? dense(samples) : dense_as(samples, kFloat);
  max_by_cells("fractional_max_pool", y, indices, x, static_cast<double>(product(k)), [&](int64_t plane) {
    std::vector<int64_t> starts[3];
    for (int i = 0; i < 3; ++i) {
      starts[i].assign(static_cast<size_t>(out[i]), in[i] - k[i]);
      if (i < 3 - n) continue;
      const int64_t spatial_dim = i - (3 - n);
      // In two dimensions the first sample is the width's.
      const int64_t at = plane * n + (n == 2 ? 1 - spatial_dim : spatial_dim);
      const auto fill = [&](auto sample) {
        using S = decltype(sample);
        if (out[i] < 2) return;
        const S alpha = static_cast<S>(in[i] - k[i]) / static_cast<S>(out[i] - 1);
        for (int64_t o = 0; o + 1 < out[i]; ++o)
          starts[i][static_cast<size_t>(o)] =
              static_cast<int64_t>((static_cast<S>(o) + sample) * alpha) - static_cast<int64_t>(sample * alpha);
      };
      if (in_double) {
        fill(data_of<double>(moves)[at]);
      } else {
        fill(data_of<float>(moves)[at]);
      }
    }
    return [&k, starts = std::vector<std::vector<int64_t>>(starts, starts + 3)](const Spatial& o, Spatial& begin,
                                                                                Spatial& end) {
      for (int i = 0; i < 3; ++i) {
        begin[i] = starts[static_cast<size_t>(i)][static_cast<size_t>(o[i])];
        end[i] = begin[i] + k[i];
      }
    };
  });
}

}  // namespace hearth::cpu
