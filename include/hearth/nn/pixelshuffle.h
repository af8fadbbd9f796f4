#pragma once

#include "hearth/nn/plain.h"

namespace hearth::nn {

struct PixelShuffleOptions {
  PixelShuffleOptions(int64_t upscale_factor) : upscale_factor_(upscale_factor) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(int64_t, upscale_factor);
};
struct PixelUnshuffleOptions {
  PixelUnshuffleOptions(int64_t downscale_factor) : downscale_factor_(downscale_factor) {}  // NOLINT
  HEARTH_ARG(int64_t, downscale_factor);
};
struct ChannelShuffleOptions {
  ChannelShuffleOptions(int64_t groups) : groups_(groups) {}  // NOLINT
  HEARTH_ARG(int64_t, groups);
};

/// [*, C * r^2, H, W] as [*, C, H * r, W * r] (Shi et al., 2016).
class HEARTH_API PixelShuffleImpl : public Optioned<PixelShuffleImpl, PixelShuffleOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input) { return pixel_shuffle(input, options.upscale_factor()); }
};
HEARTH_LIBRARY_MODULE(PixelShuffle);
/// Its inverse.
class HEARTH_API PixelUnshuffleImpl : public Optioned<PixelUnshuffleImpl, PixelUnshuffleOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input) { return pixel_unshuffle(input, options.downscale_factor()); }
};
HEARTH_LIBRARY_MODULE(PixelUnshuffle);
/// Channels reordered so that neighbours come of different groups (Zhang et al., 2018).
class HEARTH_API ChannelShuffleImpl : public Optioned<ChannelShuffleImpl, ChannelShuffleOptions> {
 public:
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input) { return channel_shuffle(input, options.groups()); }
};
HEARTH_LIBRARY_MODULE(ChannelShuffle);

}  // namespace hearth::nn
