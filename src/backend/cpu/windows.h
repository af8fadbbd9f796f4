#pragma once

// Convolution and pooling over 1 to 3 spatial dimensions, seen as 3: missing leading ones have size 1.

#include <algorithm>
#include <vector>

#include "backend/cpu/cpu.h"
#include "backend/fixed.h"
#include "tensor/impl.h"

namespace hearth::cpu {

using Spatial = Fixed<int64_t, 3>;

/// The sizes behind the first two dimensions.
inline Spatial spatial_sizes(const Tensor& t) {
  Spatial s{1, 1, 1};
  const DimVector& sizes = impl(t)->sizes;
  const size_t n = sizes.size() - 2;
  for (size_t i = 0; i < n; ++i) s[3 - n + i] = sizes[2 + i];
  return s;
}
inline Spatial spatial(const std::vector<int64_t>& values, int64_t fallback) {
  Spatial s{fallback, fallback, fallback};
  const size_t n = std::min<size_t>(values.size(), 3);
  for (size_t i = 0; i < n; ++i) s[3 - n + i] = values[i];
  return s;
}
inline int64_t product(const Spatial& s) { return s[0] * s[1] * s[2]; }

/// The outputs o for which o * stride + offset lies in [0, size): [first, last).
struct Reach {
  Reach(int64_t outputs, int64_t stride, int64_t offset, int64_t size) {
    first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
    last = size - offset <= 0 ? 0 : (size - offset + stride - 1) / stride;
    last = std::min(last, outputs);
    first = std::min(first, std::max<int64_t>(last, 0));
  }
  int64_t first, last;
};

/// Adaptive pooling's cells: output o of a dimension covers floor(o * in / out) to ceil((o + 1) * in / out).
class AdaptiveCells {
 public:
  AdaptiveCells(const Spatial& in, const Spatial& out) {
    for (int i = 0; i < 3; ++i) {
      for (int64_t o = 0; o < out[i]; ++o) {
        begin_[i].push_back(o * in[i] / out[i]);
        end_[i].push_back(((o + 1) * in[i] + out[i] - 1) / out[i]);
      }
    }
  }
  void operator()(const Spatial& o, Spatial& begin, Spatial& end) const {
    for (int i = 0; i < 3; ++i) {
      begin[i] = begin_[i][static_cast<size_t>(o[i])];
      end[i] = end_[i][static_cast<size_t>(o[i])];
    }
  }

 private:
  std::vector<int64_t> begin_[3], end_[3];
};

/// f(place, output) for every cell of y in row-major order.
template <class F>
void each_cell(const Spatial& y, F&& f) {
  int64_t at = 0;
  for (int64_t d = 0; d < y[0]; ++d) {
    for (int64_t h = 0; h < y[1]; ++h) {
      for (int64_t w = 0; w < y[2]; ++w) f(Spatial{d, h, w}, at++);
    }
  }
}

}  // namespace hearth::cpu
