#pragma once

#include "hearth/ops.h"

namespace hearth::nn::functional {

inline Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {}) {
  return hearth::linear(input, weight, bias);
}

/// input1 weight[o] input2^T + bias[o]; weight [O, M1, M2].
inline Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = {}) {
  return hearth::bilinear(input1, input2, weight, bias);
}

}  // namespace hearth::nn::functional
