#pragma once

#include "hearth/nn/activation.h"
#include "hearth/nn/dropout.h"
#include "hearth/nn/loss.h"
#include "hearth/nn/pooling.h"

/// The modules' work as functions: `functional::cross_entropy(x, y, CrossEntropyFuncOptions().label_smoothing(0.1))`.
namespace hearth::nn::functional {

using ReLUFuncOptions = ReLUOptions;
using MSELossFuncOptions = MSELossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using MaxPool1dFuncOptions = MaxPool1dOptions;
using MaxPool2dFuncOptions = MaxPool2dOptions;
using MaxPool3dFuncOptions = MaxPool3dOptions;

struct DropoutFuncOptions {
  HEARTH_ARG(double, p) = 0.5;
  HEARTH_ARG(bool, training) = true;
  HEARTH_ARG(bool, inplace) = false;
};
struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(int64_t dim) : dim_(dim) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(int64_t, dim);
  HEARTH_ARG(std::optional<ScalarType>, dtype);
};
using SoftmaxFuncOptions = LogSoftmaxFuncOptions;

inline Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {}) {
  return hearth::linear(input, weight, bias);
}
inline Tensor relu(Tensor input, const ReLUFuncOptions& options = {}) {
  return options.inplace() ? input.relu_() : input.relu();
}
inline Tensor dropout(Tensor input, const DropoutFuncOptions& options = {}) {
  return options.inplace() ? hearth::dropout_(input, options.p(), options.training())
                           : hearth::dropout(input, options.p(), options.training());
}
inline Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return input.log_softmax(options.dim(), options.dtype());
}
inline Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return input.softmax(options.dim(), options.dtype());
}
inline Tensor max_pool2d(const Tensor& input, const MaxPool2dFuncOptions& options) {
  return hearth::max_pool2d(input, options.kernel_size(), options.stride(), options.padding(), options.dilation(),
                            options.ceil_mode());
}
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
