#pragma once

#include "hearth/nn/activation.h"

namespace hearth::nn::functional {

using ReLUFuncOptions = ReLUOptions;
struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(int64_t dim) : dim_(dim) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(int64_t, dim);
  HEARTH_ARG(std::optional<ScalarType>, dtype);
};
using SoftmaxFuncOptions = LogSoftmaxFuncOptions;

inline Tensor relu(Tensor input, const ReLUFuncOptions& options = {}) {
  return options.inplace() ? input.relu_() : input.relu();
}
inline Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return input.log_softmax(options.dim(), options.dtype());
}
inline Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return input.softmax(options.dim(), options.dtype());
}

}  // namespace hearth::nn::functional
