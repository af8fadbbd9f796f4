#pragma once

#include "hearth/nn/loss.h"

namespace hearth::nn::functional {

using MSELossFuncOptions = MSELossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;

inline Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options = {}) {
  return hearth::mse_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
inline Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options = {}) {
  return hearth::nll_loss(input, target, options.weight(), enumtype::reduction_get_enum(options.reduction()),
                          options.ignore_index());
}
inline Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options = {}) {
  return hearth::cross_entropy_loss(input, target, options.weight(), enumtype::reduction_get_enum(options.reduction()),
                                    options.ignore_index(), options.label_smoothing());
}
inline Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                               const BinaryCrossEntropyWithLogitsFuncOptions& options = {}) {
  return hearth::binary_cross_entropy_with_logits(input, target, options.weight(), options.pos_weight(),
                                                  enumtype::reduction_get_enum(options.reduction()));
}

}  // namespace hearth::nn::functional
