#pragma once

#include "hearth/nn/instancenorm.h"

namespace hearth::nn::functional {

struct InstanceNormFuncOptions {
  HEARTH_ARG(Tensor, running_mean);
  HEARTH_ARG(Tensor, running_var);
  HEARTH_ARG(Tensor, weight);
  HEARTH_ARG(Tensor, bias);
  HEARTH_ARG(bool, use_input_stats) = true;
  HEARTH_ARG(double, momentum) = 0.1;
  HEARTH_ARG(double, eps) = 1e-5;
};

inline Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& o = {}) {
  return hearth::instance_norm(input, o.weight(), o.bias(), o.running_mean(), o.running_var(), o.use_input_stats(),
                               o.momentum(), o.eps());
}

}  // namespace hearth::nn::functional
