#pragma once

#include "hearth/ops.h"

namespace hearth::nn::functional {

inline Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {}) {
  return hearth::linear(input, weight, bias);
}

}  // namespace hearth::nn::functional
