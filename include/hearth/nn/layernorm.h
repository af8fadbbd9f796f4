#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

struct LayerNormOptions {
  LayerNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}  // NOLINT
  /// The last dimensions' sizes, over which the input is normalised.
  HEARTH_ARG(std::vector<int64_t>, normalized_shape);
  HEARTH_ARG(double, eps) = 1e-5;
  /// Weight and bias for each element of normalized_shape.
  HEARTH_ARG(bool, elementwise_affine) = true;
};

/// Normalises over the last dimensions (Ba, Kiros and Hinton, 2016).
class HEARTH_API LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  LayerNormImpl(std::vector<int64_t> normalized_shape) : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
  explicit LayerNormImpl(LayerNormOptions options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LayerNormOptions options;
  Tensor weight, bias;
};
HEARTH_LIBRARY_MODULE(LayerNorm);

}  // namespace hearth::nn
