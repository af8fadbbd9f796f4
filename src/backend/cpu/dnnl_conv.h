#pragma once

#include "backend/kernels.h"

namespace hearth::cpu {

// The convolutions of Kernels by oneDNN: float, and the halves (float16, and bfloat16 where the processor has none,
// through float). Plain layouts outside, blocked ones inside. False, and nothing done, for other dtypes, for empty
// tensors, and for what oneDNN refuses.
bool dnnl_conv(const Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& params);
bool dnnl_conv_backward_input(const Tensor& gx, const Tensor& g, const Tensor& w, const ConvParams& params);
bool dnnl_conv_backward_weight(const Tensor& gw, const Tensor& gbias, const Tensor& g, const Tensor& x,
                               const ConvParams& params);

/// fastest: Winograd's F(4x4, 3x3) for 3x3 kernels of stride 1 where it is quicker (error about 1e-6 of the output's
/// root mean square, worst 1e-5); direct: never (2e-7). HEARTH_CONV=direct sets it at the start.
enum class ConvAlgorithm { fastest, direct };
void set_conv_algorithm(ConvAlgorithm algorithm);
ConvAlgorithm conv_algorithm();

/// Plans that the calling thread keeps, for tests.
size_t dnnl_conv_kept();

}  // namespace hearth::cpu
