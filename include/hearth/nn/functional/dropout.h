#pragma once

#include "hearth/nn/dropout.h"

namespace hearth::nn::functional {

struct DropoutFuncOptions {
  HEARTH_ARG(double, p) = 0.5;
  HEARTH_ARG(bool, training) = true;
  HEARTH_ARG(bool, inplace) = false;
};

inline Tensor dropout(Tensor input, const DropoutFuncOptions& options = {}) {
  return options.inplace() ? hearth::dropout_(input, options.p(), options.training())
                           : hearth::dropout(input, options.p(), options.training());
}

}  // namespace hearth::nn::functional
