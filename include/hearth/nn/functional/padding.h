#pragma once

#include "hearth/enums.h"
#include "hearth/nn/module.h"

namespace hearth::nn::functional {

struct PadFuncOptions {
  using mode_t = std::variant<enumtype::kConstant, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
  PadFuncOptions(std::vector<int64_t> pad) : pad_(std::move(pad)) {}  // NOLINT: implicit, as in LibTorch
  /// Before and after of each of the last dimensions, last one first; negative numbers cut off.
  HEARTH_ARG(std::vector<int64_t>, pad);
  HEARTH_ARG(mode_t, mode) = kConstant;
  HEARTH_ARG(double, value) = 0;
};

HEARTH_API Tensor pad(const Tensor& input, const PadFuncOptions& options);

}  // namespace hearth::nn::functional
