#pragma once

#include "hearth/nn/pixelshuffle.h"

namespace hearth::nn::functional {

using PixelShuffleFuncOptions = PixelShuffleOptions;
using PixelUnshuffleFuncOptions = PixelUnshuffleOptions;
using ChannelShuffleFuncOptions = ChannelShuffleOptions;

inline Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options) {
  return hearth::pixel_shuffle(input, options.upscale_factor());
}
inline Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options) {
  return hearth::pixel_unshuffle(input, options.downscale_factor());
}
inline Tensor channel_shuffle(const Tensor& input, const ChannelShuffleFuncOptions& options) {
  return hearth::channel_shuffle(input, options.groups());
}

}  // namespace hearth::nn::functional
