#include "hearth/nn/pad.h"

#include <fmt/format.h>

#include "hearth/error.h"

namespace hearth::nn::detail {

namespace {
/// Which place each padded place takes its value from.
Tensor sources(int64_t size, int64_t before, int64_t after, const conv_padding_mode_t& mode) {
  const bool reflect = std::holds_alternative<enumtype::kReflect>(mode);
  const bool replicate = std::holds_alternative<enumtype::kReplicate>(mode);
  const int64_t most = reflect ? size - 1 : size;
  if (size == 0 || (!replicate && (before > most || after > most)))
    throw ShapeError(fmt::format("[pad] padding ({}, {}) is more than a border of size {} allows in this mode", before,
                                 after, size));
  const Tensor i = arange(-before, size + after, kLong);
  if (replicate) return i.clamp(0, size - 1);
  if (reflect) return (size - 1) - ((i.abs() - (size - 1)).abs());
  return i.remainder(size);
}
}  // namespace

Tensor pad_border(const Tensor& input, const std::vector<int64_t>& pad, const conv_padding_mode_t& mode) {
  if (std::holds_alternative<enumtype::kZeros>(mode)) return constant_pad_nd(input, pad, 0);
  Tensor x = input;
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    const int64_t d = input.dim() - 1 - static_cast<int64_t>(i);
    if (pad[2 * i] == 0 && pad[2 * i + 1] == 0) continue;
    x = x.index_select(d, sources(x.size(d), pad[2 * i], pad[2 * i + 1], mode));
  }
  return x;
}

}  // namespace hearth::nn::detail
