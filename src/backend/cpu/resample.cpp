// One dimension resampled by a table of taps: interpolation in every mode, its gradient (the transposed table), and
// borders made up of a tensor's own elements.
#include <algorithm>
#include <vector>

#include "backend/cpu/dense.h"
#include "backend/cpu/runs.h"

namespace hearth::cpu {
namespace {

/// x [outer, in, inner] to y [outer, out, inner], inner > 1: whole rows, scaled and added.
template <class T>
void resample_rows(const T* x, T* y, int64_t outer, int64_t in, int64_t out, int64_t inner, const Taps& taps) {
  const double per_row = static_cast<double>(inner) * 0.3 * static_cast<double>(taps.index.size()) /
                         static_cast<double>(std::max<int64_t>(out, 1));
  parallel_for(0, outer * out, grain_for(per_row + 10), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const T* plane = x + r / out * in * inner;
      T* row = y + r * inner;
      const auto j = static_cast<size_t>(r % out);
      const int64_t first = taps.first[j], last = taps.first[j + 1];
      if (first == last) std::fill_n(row, inner, T(0));
      for (int64_t t = first; t < last; ++t) {
        const auto i = static_cast<size_t>(t);
        const T* source = plane + taps.index[i] * inner;
        const T weight = static_cast<T>(taps.weight[i]);
        if (t > first) {
          loops_of<T>().axpy(weight, source, row, inner);
        } else if (weight == T(1)) {
          std::copy_n(source, inner, row);
        } else {
          loops_of<T>().affine(source, row, inner, weight, T(0));
        }
      }
    }
  });
}

/// A table whose places all have K taps.
template <int K, class T>
void resample_line(const T* x, T* y, int64_t out, const int32_t* index, const T* weight) {
  for (int64_t j = 0; j < out; ++j) {
    T sum = x[index[j * K]] * weight[j * K];
    for (int k = 1; k < K; ++k) sum += x[index[j * K + k]] * weight[j * K + k];
    y[j] = sum;
  }
}

/// inner = 1: each place of a line gathers its taps.
template <class T>
void resample_lines(const T* x, T* y, int64_t outer, int64_t in, int64_t out, const Taps& taps) {
  const std::vector<int32_t> index(taps.index.begin(), taps.index.end());
  std::vector<T> weight(taps.weight.size());
  std::transform(taps.weight.begin(), taps.weight.end(), weight.begin(), [](double w) { return static_cast<T>(w); });
  int64_t each = out > 0 ? taps.first[1] : 0;
  for (size_t j = 0; j < static_cast<size_t>(out); ++j)
    if (taps.first[j + 1] - taps.first[j] != each) each = -1;
  const double per_line = static_cast<double>(taps.index.size()) * 0.7 + 5;
  parallel_for(0, outer, grain_for(per_line), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o) {
      const T* from = x + o * in;
      T* to = y + o * out;
      if (each == 1) {
        resample_line<1>(from, to, out, index.data(), weight.data());
      } else if (each == 2) {
        resample_line<2>(from, to, out, index.data(), weight.data());
      } else if (each == 4) {
        resample_line<4>(from, to, out, index.data(), weight.data());
      } else {
        for (int64_t j = 0; j < out; ++j) {
          T sum = 0;
          for (auto t = static_cast<size_t>(taps.first[static_cast<size_t>(j)]);
               t < static_cast<size_t>(taps.first[static_cast<size_t>(j) + 1]); ++t)
            sum += from[index[t]] * weight[t];
          to[j] = sum;
        }
      }
    }
  });
}

}  // namespace

void resample(const Tensor& out, const Tensor& x, int64_t dim, const Taps& taps) {
  if (impl(out)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(out);
  const DimVector& sizes = impl(x)->sizes;
  const auto d = static_cast<size_t>(dim);
  int64_t outer = 1, inner = 1;
  for (size_t i = 0; i < sizes.size(); ++i) (i < d ? outer : inner) *= i == d ? 1 : sizes[i];
  const int64_t in = sizes[d], places = impl(out)->sizes[d];
  const auto run = [&](auto tag) {
    using T = typename decltype(tag)::type;
    if (inner == 1) {
      resample_lines(data_of<T>(from), to.data<T>(), outer, in, places, taps);
    } else {
      resample_rows(data_of<T>(from), to.data<T>(), outer, in, places, inner, taps);
    }
  };
  if (impl(x)->dtype == kDouble) {
    run(Tag<double>{});
  } else {
    run(Tag<float>{});
  }
  to.store();
}

}  // namespace hearth::cpu
