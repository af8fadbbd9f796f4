#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

/// An option that many activations have: whether the input is overwritten.
struct InplaceOptions {
  InplaceOptions(bool inplace = false) : inplace_(inplace) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(bool, inplace);
};
using ReLUOptions = InplaceOptions;

/// max(x, 0)
class HEARTH_API ReLUImpl : public Cloneable<ReLUImpl> {
 public:
  explicit ReLUImpl(const ReLUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input) { return options.inplace() ? input.relu_() : input.relu(); }

  ReLUOptions options;
};
HEARTH_MODULE(ReLU);

}  // namespace hearth::nn
