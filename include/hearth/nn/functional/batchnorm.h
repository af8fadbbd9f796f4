#pragma once

#include "hearth/nn/batchnorm.h"

namespace hearth::nn::functional {

struct BatchNormFuncOptions {
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(Tensor, bias);
  /// By the batch's statistics, towards which the running ones move.
  HEARTH_ARG(bool, training) = false;
  HEARTH_ARG(std::optional<double>, momentum) = 0.1;
  HEARTH_ARG(double, eps) = 1e-5;
};

inline Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                         const BatchNormFuncOptions& o = {}) {
  return hearth::batch_norm(input, o.weight(), o.bias(), running_mean, running_var, o.training(),
                            o.momentum().value_or(0.0), o.eps());
}

}  // namespace hearth::nn::functional
