#pragma once

#include "hearth/nn/upsampling.h"

namespace hearth::nn::functional {

struct InterpolateFuncOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                              enumtype::kTrilinear, enumtype::kArea, enumtype::kNearestExact>;
  /// Of size and scale_factor one is given: one number for each spatial dimension.
  HEARTH_ARG(std::optional<std::vector<int64_t>>, size);
  HEARTH_ARG(std::optional<std::vector<double>>, scale_factor);
  HEARTH_ARG(mode_t, mode) = kNearest;
  /// Whether the outermost elements fall on each other; only for the linear and cubic modes, false by default.
  HEARTH_ARG(std::optional<bool>, align_corners);
  /// The ratio of the sizes is used in place of scale_factor.
  HEARTH_ARG(std::optional<bool>, recompute_scale_factor);
  /// Filters as wide as the step where an image shrinks; kBilinear and kBicubic of [N, C, H, W].
  HEARTH_ARG(bool, antialias) = false;
};

/// input [N, C, …] with 1 to 3 spatial dimensions at another size.
HEARTH_API Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options = {});

}  // namespace hearth::nn::functional
