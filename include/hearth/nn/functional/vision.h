#pragma once

#include "hearth/enums.h"
#include "hearth/nn/module.h"

namespace hearth::nn::functional {

struct GridSampleFuncOptions {
  using mode_t = std::variant<enumtype::kBilinear, enumtype::kNearest, enumtype::kBicubic>;
  using padding_mode_t = std::variant<enumtype::kZeros, enumtype::kBorder, enumtype::kReflection>;
  HEARTH_ARG(mode_t, mode) = kBilinear;
  /// What points outside see.
  HEARTH_ARG(padding_mode_t, padding_mode) = kZeros;
  /// Whether -1 and 1 are the outermost elements (or their outer edges, the default).
  HEARTH_ARG(std::optional<bool>, align_corners);
};

/// input [N, C, H, W] at grid [N, h, w, 2]; with a depth [N, C, D, H, W] at [N, d, h, w, 3].
inline Tensor grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& options = {}) {
  return grid_sampler(input, grid, static_cast<int64_t>(options.mode().index()),
                      static_cast<int64_t>(options.padding_mode().index()), options.align_corners().value_or(false));
}
/// The grid that theta [N, 2, 3] (or [N, 3, 4]) makes for outputs of `size`, [N, C, H, W] (or [N, C, D, H, W]).
inline Tensor affine_grid(const Tensor& theta, const IntArrayRef& size, bool align_corners = false) {
  return affine_grid_generator(theta, size, align_corners);
}

}  // namespace hearth::nn::functional
