#pragma once

#include "hearth/enums.h"
#include "hearth/nn/plain.h"

namespace hearth::nn {

struct UpsampleOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                              enumtype::kTrilinear>;
  /// Of size and scale_factor one is given: one number for each spatial dimension.
  HEARTH_ARG(std::optional<std::vector<int64_t>>, size);
  HEARTH_ARG(std::optional<std::vector<double>>, scale_factor);
  HEARTH_ARG(mode_t, mode) = kNearest;
  HEARTH_ARG(std::optional<bool>, align_corners);
};

/// [N, C, …] at another spatial size.
class HEARTH_API UpsampleImpl : public Optioned<UpsampleImpl, UpsampleOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Upsample);

}  // namespace hearth::nn
