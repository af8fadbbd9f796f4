#pragma once

#include "hearth/nn/activation.h"

namespace hearth::nn::functional {

using ELUFuncOptions = ELUOptions;
using SELUFuncOptions = SELUOptions;
using CELUFuncOptions = CELUOptions;
using GLUFuncOptions = GLUOptions;
using GELUFuncOptions = GELUOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using HardtanhFuncOptions = HardtanhOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using ReLUFuncOptions = ReLUOptions;
using ReLU6FuncOptions = ReLU6Options;
using SoftplusFuncOptions = SoftplusOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using ThresholdFuncOptions = ThresholdOptions;
struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(int64_t dim) : dim_(dim) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(int64_t, dim);
  /// The input is converted first.
  HEARTH_ARG(std::optional<ScalarType>, dtype);
};
using SoftmaxFuncOptions = LogSoftmaxFuncOptions;
using SoftminFuncOptions = LogSoftmaxFuncOptions;
struct RReLUFuncOptions {
  HEARTH_ARG(double, lower) = 1.0 / 8.0;
  HEARTH_ARG(double, upper) = 1.0 / 3.0;
  HEARTH_ARG(bool, training) = false;
  HEARTH_ARG(bool, inplace) = false;
};
struct GumbelSoftmaxFuncOptions {
  /// The temperature.
  HEARTH_ARG(double, tau) = 1.0;
  /// One-hot results, with the gradient of the soft ones.
  HEARTH_ARG(bool, hard) = false;
  HEARTH_ARG(int, dim) = -1;
};

inline Tensor relu(Tensor input, const ReLUFuncOptions& options = {}) {
  return options.inplace() ? input.relu_() : input.relu();
}
inline Tensor relu6(Tensor input, const ReLU6FuncOptions& options = {}) {
  return options.inplace() ? input.relu6_() : input.relu6();
}
inline Tensor elu(Tensor input, const ELUFuncOptions& options = {}) {
  return options.inplace() ? input.elu_(options.alpha()) : input.elu(options.alpha());
}
inline Tensor selu(Tensor input, const SELUFuncOptions& options = {}) {
  return options.inplace() ? input.selu_() : input.selu();
}
inline Tensor celu(Tensor input, const CELUFuncOptions& options = {}) {
  return options.inplace() ? input.celu_(options.alpha()) : input.celu(options.alpha());
}
inline Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options = {}) {
  return options.inplace() ? input.leaky_relu_(options.negative_slope()) : input.leaky_relu(options.negative_slope());
}
inline Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options = {}) {
  return options.inplace() ? input.hardtanh_(options.min_val(), options.max_val())
                           : input.hardtanh(options.min_val(), options.max_val());
}
inline Tensor threshold(Tensor input, const ThresholdFuncOptions& options) {
  return options.inplace() ? input.threshold_(options.threshold(), options.value())
                           : input.threshold(options.threshold(), options.value());
}
inline Tensor rrelu(Tensor input, const RReLUFuncOptions& options = {}) {
  return options.inplace() ? hearth::rrelu_(input, options.lower(), options.upper(), options.training())
                           : hearth::rrelu(input, options.lower(), options.upper(), options.training());
}
inline Tensor gelu(const Tensor& input, const GELUFuncOptions& options = {}) {
  return input.gelu(options.approximate());
}
inline Tensor glu(const Tensor& input, const GLUFuncOptions& options = {}) { return input.glu(options.dim()); }
inline Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options = {}) {
  return input.hardshrink(options.lambda());
}
inline Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options = {}) {
  return input.softshrink(options.lambda());
}
inline Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options = {}) {
  return input.softplus(options.beta(), options.threshold());
}
inline Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return input.log_softmax(options.dim(), options.dtype());
}
inline Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return input.softmax(options.dim(), options.dtype());
}
inline Tensor softmin(const Tensor& input, const SoftminFuncOptions& options) {
  return input.neg().softmax(options.dim(), options.dtype());
}
/// Samples of the Gumbel-softmax distribution (Jang et al., 2016): softmax of (logits + Gumbel noise) / tau.
HEARTH_API Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options = {});
inline Tensor prelu(const Tensor& input, const Tensor& weight) { return input.prelu(weight); }
inline Tensor logsigmoid(const Tensor& input) { return input.log_sigmoid(); }
inline Tensor silu(const Tensor& input) { return input.silu(); }
inline Tensor mish(const Tensor& input) { return input.mish(); }
inline Tensor softsign(const Tensor& input) { return input.softsign(); }
inline Tensor tanhshrink(const Tensor& input) { return input - input.tanh(); }
inline Tensor sigmoid(const Tensor& input) { return input.sigmoid(); }
inline Tensor tanh(const Tensor& input) { return input.tanh(); }
inline Tensor hardsigmoid(const Tensor& input) { return input.hardsigmoid(); }
inline Tensor hardswish(const Tensor& input) { return input.hardswish(); }

}  // namespace hearth::nn::functional
