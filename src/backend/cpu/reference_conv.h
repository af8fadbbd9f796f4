#pragma once

#include "backend/kernels.h"

namespace hearth::cpu {

// Direct convolutions: every dtype, the oracle of the tests and what runs when oneDNN refuses.
void reference_conv(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params);
void reference_conv_backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params);
void reference_conv_backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                                    const ConvParams& params);

}  // namespace hearth::cpu
