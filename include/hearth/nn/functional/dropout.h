#pragma once

#include "hearth/nn/dropout.h"

namespace hearth::nn::functional {

struct DropoutFuncOptions {
  HEARTH_ARG(double, p) = 0.5;
  HEARTH_ARG(bool, training) = true;
  HEARTH_ARG(bool, inplace) = false;
};
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;
struct AlphaDropoutFuncOptions {
  HEARTH_ARG(double, p) = 0.5;
  HEARTH_ARG(bool, training) = false;
  HEARTH_ARG(bool, inplace) = false;
};
using FeatureAlphaDropoutFuncOptions = AlphaDropoutFuncOptions;

HEARTH_API Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});
/// input [N, C, H, W]; any other is taken for one without N.
HEARTH_API Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& options = {});
/// input [N, C, D, H, W]; any other is taken for one without N.
HEARTH_API Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options = {});
HEARTH_API Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options = {});
HEARTH_API Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options = {});

}  // namespace hearth::nn::functional
