#pragma once

#include "hearth/nn/pooling.h"

namespace hearth::nn::functional {

using MaxPool1dFuncOptions = MaxPool1dOptions;
using MaxPool2dFuncOptions = MaxPool2dOptions;
using MaxPool3dFuncOptions = MaxPool3dOptions;

inline Tensor max_pool2d(const Tensor& input, const MaxPool2dFuncOptions& options) {
  return hearth::max_pool2d(input, options.kernel_size(), options.stride(), options.padding(), options.dilation(),
                            options.ceil_mode());
}

}  // namespace hearth::nn::functional
