#pragma once

#include "hearth/nn/conv.h"

namespace hearth::nn::detail {

/// input with a border made up of itself; pad holds two numbers for each of the last dimensions, last one first.
HEARTH_API Tensor pad_border(const Tensor& input, const std::vector<int64_t>& pad, const conv_padding_mode_t& mode);

}  // namespace hearth::nn::detail
